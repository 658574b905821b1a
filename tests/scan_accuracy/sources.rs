//! Published crates, through cargo.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::cases::Case;

/// The unpacked sources, downloaded where they are not there yet. What is wrong, where they cannot be
/// had.
pub fn sources(case: &Case) -> Result<PathBuf, String> {
    if let Some(found) = unpacked(case) {
        return Ok(found);
    }
    let scratch = tempfile::tempdir().map_err(|error| error.to_string())?;
    // Unpacks what it tells of, and nothing else.
    let output = Command::new(env!("CARGO"))
        .args([
            "info",
            "--quiet",
            &format!("{}@{}", case.krate, case.version),
        ])
        .current_dir(scratch.path())
        .stdin(Stdio::null())
        .output()
        .map_err(|error| error.to_string())?;
    if !output.status.success() {
        return Err(format!(
            "cargo cannot download {} {}: {}",
            case.krate,
            case.version,
            String::from_utf8_lossy(&output.stderr)
        ));
    }
    unpacked(case).ok_or_else(|| format!("cargo did not unpack {} {}", case.krate, case.version))
}

fn unpacked(case: &Case) -> Option<PathBuf> {
    let folder = home::cargo_home().ok()?.join("registry/src");
    let name = format!("{}-{}", case.krate, case.version);
    let registries = fs::read_dir(folder).ok()?.flatten();
    registries
        .map(|registry| registry.path().join(&name))
        .find(|found| found.join("Cargo.toml").is_file())
}

/// Copies a folder.
pub fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
