//! In which folder commands run, and which files are read.

use super::builds::workspace;

#[cfg(unix)]
#[test]
fn a_workspace_behind_a_link() {
    let outer = crate::support::sandbox::Sandbox::empty();
    let inner = workspace();
    inner.write(
        "Dockerfile",
        "FROM rust\nRUN cd agent && cargo build --release\nRUN cargo build --release\n",
    );
    std::os::unix::fs::symlink(inner.root(), outer.root().join("link")).unwrap();
    let run = super::on_the_day(
        &outer,
        &[
            "init",
            "--dry-run",
            "--offline",
            "--manifest-path",
            "link/Cargo.toml",
        ],
    );
    assert_eq!(run.code, 0, "{}", run.stderr);
    for told in [
        "# Dockerfile:2: cargo build --release\n[[build]]\npackages = [\"agent\"]",
        "# Dockerfile:3: cargo build --release\n[[build]]\n\n",
    ] {
        assert!(run.stdout.contains(told), "{}", run.stdout);
    }
}
