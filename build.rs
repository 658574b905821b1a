//! Embeds the data below `rules/`, so that a new file or family needs no code. Each table is a file of
//! code with `FILES`, pairs of a path below the package and the text.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=rules");
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").ok_or(io::ErrorKind::NotFound)?);
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or(io::ErrorKind::NotFound)?);
    let families = entries(&root.join("rules"))?;
    // Code to write, folder below that of a family, extension.
    let tables = [
        ("shipped_rules.rs", "", "toml"),
        ("shipped_recipes.rs", "recipes", "toml"),
        ("shipped_public_api.rs", "public-api", "txt"),
    ];
    for (code, below, extension) in tables {
        fs::write(out.join(code), table(&root, &families, below, extension)?)?;
    }
    Ok(())
}

/// The files of one kind of all families as a static.
fn table(root: &Path, families: &[PathBuf], below: &str, extension: &str) -> io::Result<String> {
    let mut code = String::from("static FILES: &[(&str, &str)] = &[\n");
    for folder in families.iter().map(|family| family.join(below)) {
        if !folder.is_dir() {
            continue;
        }
        println!("cargo::rerun-if-changed={}", folder.display());
        for file in entries(&folder)? {
            if file.extension().is_some_and(|found| found == extension) {
                let relative = file.strip_prefix(root).unwrap_or(&file);
                let shown = relative.to_string_lossy().replace('\\', "/");
                let path = file.to_string_lossy();
                writeln!(code, "    ({shown:?}, include_str!({path:?})),")
                    .map_err(io::Error::other)?;
            }
        }
    }
    code.push_str("];\n");
    Ok(code)
}

/// What is in a folder, in the order of names.
fn entries(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths = fs::read_dir(folder)?
        .map(|entry| Ok(entry?.path()))
        .collect::<io::Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}
