//! In which folder commands run, and which files are read.

use super::builds::{builds, of, proposed, workspace};

const AGENT: &str = "packages = [\"agent\"]";
const CLI: &str = "packages = [\"cli\"]";

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

#[test]
fn entries_of_a_matrix_extend_its_own_combinations() {
    let workflow = "jobs:\n  a:\n    strategy:\n      matrix:\n        package: [agent]\n        include:\n          - {package: cli, feature: ''}\n          - {feature: --features=otlp}\n    steps:\n      - run: cargo build --release -p ${{ matrix.package }} ${{ matrix.feature }}\n";
    builds(
        &of(".github/workflows/a.yml", workflow),
        &[&format!("{AGENT}; features = [\"otlp\"]"), CLI],
    );
}

#[cfg(unix)]
#[test]
fn links_are_not_followed() {
    use std::os::unix::fs::symlink;
    let sandbox = workspace();
    let at = |path: &str| sandbox.root().join(path);
    sandbox.write(
        ".github/elsewhere",
        "jobs:\n  a:\n    steps:\n      - run: cargo build --release -p agent\n",
    );
    sandbox.write(
        ".github/workflows/b.yml",
        "jobs:\n  a:\n    steps:\n      - run: cargo build --release -p cli\n",
    );
    sandbox.write(
        "pipeline",
        "a:\n  script: cargo build --release -p core-lib\n",
    );
    symlink("../elsewhere", at(".github/workflows/a.yml")).unwrap();
    symlink("pipeline", at(".gitlab-ci.yml")).unwrap();
    builds(&proposed(&sandbox), &[CLI]);
}

/// One that nothing fills would be waited for without end.
#[cfg(target_os = "linux")]
#[test]
fn what_never_ends_is_not_read() {
    let sandbox = workspace();
    sandbox.write(".github/workflows/b.yml", "");
    let workflows = sandbox.root().join(".github/workflows");
    std::os::unix::fs::symlink("/dev/zero", workflows.join("a.yml")).unwrap();
    let made = std::process::Command::new("mkfifo")
        .args([workflows.join("c.yml"), sandbox.root().join("Dockerfile")])
        .status();
    assert!(made.unwrap().success());
    let text = proposed(&sandbox);
    assert!(text.starts_with("# [[build]]"), "{text}");
}

#[test]
fn one_byte_that_is_no_text() {
    let sandbox = workspace();
    let text = b"FROM rust\n# caf\xe9\nRUN cargo build -p agent\n";
    std::fs::write(sandbox.root().join("Dockerfile"), text).unwrap();
    builds(&proposed(&sandbox), &[AGENT]);
}
