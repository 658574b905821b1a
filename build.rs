//! Embeds every file `rules/FAMILY/*.toml`, so that a new file or family needs no code.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=rules");
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").ok_or(io::ErrorKind::NotFound)?);
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or(io::ErrorKind::NotFound)?);
    let mut code = String::from("static FILES: &[(&str, &str)] = &[\n");
    for family in entries(&root.join("rules"))? {
        if !family.is_dir() {
            continue;
        }
        println!("cargo::rerun-if-changed={}", family.display());
        for file in entries(&family)? {
            if file
                .extension()
                .is_some_and(|extension| extension == "toml")
            {
                let relative = file.strip_prefix(&root).unwrap_or(&file);
                let name = relative.to_string_lossy().replace('\\', "/");
                let path = file.to_string_lossy();
                writeln!(code, "    ({name:?}, include_str!({path:?})),")
                    .map_err(io::Error::other)?;
            }
        }
    }
    code.push_str("];\n");
    fs::write(out.join("shipped_rules.rs"), code)
}

/// What is in a folder, in the order of names.
fn entries(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths = fs::read_dir(folder)?
        .map(|entry| Ok(entry?.path()))
        .collect::<io::Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}
