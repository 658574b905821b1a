//! In which folder commands run, and which files are read.

use super::builds::{builds, dockerfile, of, proposed, workspace};

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
fn shells_that_go_on() {
    let pipeline = "build:\n  before_script:\n    - cd agent\n  script:\n    - (cd ../core)\n    - cargo build --release\n  after_script:\n    - cd tools/cli\n    - cargo build --release\n";
    builds(&of(".gitlab-ci.yml", pipeline), &[AGENT, CLI]);
    for before in [
        "before_script: [cd agent]\n",
        "default: {before_script: [cd agent]}\n",
    ] {
        let jobs = "a:\n  script: cargo build --release\nb:\n  before_script: [cd tools]\n  script:\n    - cd cli\n    - cargo build --release\n";
        let text = of(".gitlab-ci.yml", &format!("{before}{jobs}"));
        builds(&text, &[AGENT, CLI]);
    }
    // Jobs that take their parts from others.
    for taken in ["extends: .shared", "extends: [.other, .shared]", "<<: *it"] {
        let pipeline = format!(
            ".other:\n  before_script: [cd core]\n.shared: &it\n  before_script: [cd agent]\na:\n  {taken}\n  script: cargo build --release\n"
        );
        builds(&of(".gitlab-ci.yml", &pipeline), &[AGENT]);
    }
    let pipeline = ".shared:\n  script: cargo build --release\na:\n  extends: .shared\n  before_script: [cd agent]\n";
    builds(&of(".gitlab-ci.yml", pipeline), &[AGENT]);
    // Each step and each line of a Makefile has a shell of its own.
    let workflow = "jobs:\n  a:\n    steps:\n      - run: cd core\n      - run: cargo build --release -p agent && cd agent\n      - run: cargo install --path agent\n";
    builds(&of(".github/workflows/a.yml", workflow), &[AGENT]);
    let makefile = "all:\n\tcd core\n\tcd agent && cargo build --release\n";
    builds(&of("Makefile", makefile), &[AGENT]);
}

#[test]
fn folders_that_are_left_again() {
    let both = [AGENT, CLI];
    let back =
        "pushd agent && cargo build && popd && pushd tools && pushd cli && cargo build; popd; popd";
    builds(&dockerfile(back), &both);
    let back = format!("{back}; cd agent && cargo build --features otlp");
    builds(
        &dockerfile(&back),
        &[AGENT, CLI, &format!("{AGENT}; features = [\"otlp\"]")],
    );
    // What a subshell pushes is gone behind it.
    builds(
        &dockerfile("pushd agent; (pushd ../core); cargo build; popd; cd tools/cli; cargo build"),
        &both,
    );
    for command in ["popd && cargo build", "pushd && cargo build"] {
        let text = dockerfile(command);
        builds(&text, &[]);
        assert!(text.contains("the folder in which it runs"), "{text}");
    }
}

#[test]
fn folders_of_an_image() {
    let image = |text: &str| of("Dockerfile", text);
    let build = "RUN cargo build --release\n";
    for agent in [
        "FROM rust\nWORKDIR /app\nCOPY . .\nWORKDIR /app/agent\n",
        "FROM rust\nWORKDIR /app\nCOPY . .\nWORKDIR agent\n",
        "FROM rust\nCOPY . /app\nWORKDIR /app/agent/src/..\n",
        "FROM rust\nCOPY --chown=a:b [\".\", \"/app/\"]\nWORKDIR \"/app/agent\"\n",
        "FROM rust\nWORKDIR $HOME/app\nADD ./ ./\nWORKDIR agent\n",
        "FROM rust\nWORKDIR /app\nCOPY Cargo.toml Cargo.lock ./\nCOPY agent agent\nWORKDIR agent\n",
        "FROM rust\nWORKDIR /app\nCOPY agent .\n",
        "FROM rust AS base\nWORKDIR /app\nCOPY . .\nFROM base\nWORKDIR agent\n",
        "FROM rust\nCOPY . .\nFROM rust\nCOPY scripts/a.sh /a.sh\nWORKDIR /x\nCOPY \\\n  # all of it\n  . .\nWORKDIR agent\n",
    ] {
        builds(&image(&format!("{agent}{build}")), &[AGENT]);
    }
    for root in [
        "FROM rust\nWORKDIR /app\nCOPY . .\n",
        "FROM rust\nCOPY . /app\nWORKDIR /app\n",
        "FROM rust\nWORKDIR /app\nCOPY --from=planner /agent .\n",
        "FROM rust\nWORKDIR $APP\nCOPY Cargo.* ./\n",
        "FROM rust\nWORKDIR /app\n",
    ] {
        let text = image(&format!("{root}{build}"));
        assert!(
            text.ends_with("cargo build --release\n[[build]]\n\n"),
            "{root}{text}"
        );
    }
    for unknown in [
        "FROM rust\nWORKDIR /app\nCOPY . .\nWORKDIR /other\n",
        "FROM rust\nWORKDIR /app\nCOPY . .\nWORKDIR $PART\n",
    ] {
        let text = image(&format!("{unknown}{build}"));
        builds(&text, &[]);
        assert!(text.contains("the folder in which it runs"), "{text}");
    }
}

#[test]
fn an_image_of_another_workspace() {
    let sandbox = workspace();
    sandbox.write(
        "other/Cargo.toml",
        "[package]\nname = \"other\"\nversion = \"1.0.0\"\n[workspace]\n",
    );
    sandbox.write("other/src/main.rs", "fn main() {}\n");
    sandbox.write(
        "other/Dockerfile",
        "FROM rust\nCOPY . .\nRUN cargo build --release\n",
    );
    // A member's own stands for the whole, as its context does.
    sandbox.write(
        "agent/Dockerfile",
        "FROM rust\nCOPY . .\nRUN cargo build --release -p agent\n",
    );
    let text = proposed(&sandbox);
    builds(&text, &[AGENT]);
    assert!(!text.contains("other/Dockerfile"), "{text}");
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
