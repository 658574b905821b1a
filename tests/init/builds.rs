//! The builds that `init` proposes, from the files by which a team builds.

use crate::support::sandbox::Sandbox;

use super::on_the_day;

/// A workspace of two programs and a library, without any dependency.
pub fn workspace() -> Sandbox {
    let sandbox = Sandbox::empty();
    sandbox.write(
        "Cargo.toml",
        "[workspace]\nresolver = \"3\"\nmembers = [\"agent\", \"tools/cli\", \"core\"]\n",
    );
    let package = |name: &str, rest: &str| {
        format!("[package]\nname = \"{name}\"\nversion = \"1.0.0\"\nedition = \"2024\"\n{rest}")
    };
    let features = "[features]\notlp = []\ntls = []\n";
    sandbox.write("agent/Cargo.toml", &package("agent", features));
    sandbox.write("agent/src/main.rs", "fn main() {}\n");
    sandbox.write("tools/cli/Cargo.toml", &package("cli", ""));
    sandbox.write("tools/cli/src/main.rs", "fn main() {}\n");
    sandbox.write("core/Cargo.toml", &package("core-lib", ""));
    sandbox.write("core/src/lib.rs", "");
    sandbox
}

pub fn proposed(sandbox: &Sandbox) -> String {
    let run = on_the_day(sandbox, &["init", "--dry-run", "--offline"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let start = run.stdout.find("# The builds that ship").unwrap();
    let end = run.stdout.find("# What is let through").unwrap();
    let section = &run.stdout[start..end];
    section
        .lines()
        .skip(1)
        .map(|line| format!("{line}\n"))
        .collect()
}

/// What is proposed where one file says so much.
pub fn of(path: &str, text: &str) -> String {
    let sandbox = workspace();
    sandbox.write(path, text);
    proposed(&sandbox)
}

pub fn dockerfile(command: &str) -> String {
    of("Dockerfile", &format!("FROM rust\nRUN {command}\n"))
}

#[track_caller]
pub fn builds(text: &str, expected: &[&str]) {
    let tables: Vec<String> = text
        .split("\n\n")
        .map(|part| part.lines().filter(|line| !line.starts_with('#')))
        .map(|lines| lines.map(|line| format!("{line}; ")).collect::<String>())
        .map(|table| {
            table
                .trim_start_matches("[[build]]; ")
                .trim_end_matches("; ")
                .to_owned()
        })
        .filter(|table| !table.is_empty())
        .collect();
    assert_eq!(tables, expected, "{text}");
}

#[test]
fn flags_of_commands() {
    let cases = [
        ("cargo build -p agent", "packages = [\"agent\"]"),
        (
            "cargo build --package=agent --features otlp,tls",
            "packages = [\"agent\"]; features = [\"otlp\", \"tls\"]",
        ),
        (
            "cargo b -pagent -F 'otlp tls'",
            "packages = [\"agent\"]; features = [\"otlp\", \"tls\"]",
        ),
        (
            "cargo build \\\n  -p agent \\\n  # with all\n  --all-features",
            "packages = [\"agent\"]; all-features = true",
        ),
        (
            "RUSTFLAGS='-C x' cargo +nightly build -p agent --no-default-features",
            "packages = [\"agent\"]; no-default-features = true",
        ),
        (
            "cargo install --locked --path agent",
            "packages = [\"agent\"]",
        ),
        (
            "cargo build --manifest-path tools/cli/Cargo.toml",
            "packages = [\"cli\"]",
        ),
        ("cd tools/cli && cargo build", "packages = [\"cli\"]"),
        (
            "cargo zigbuild -p cli --target x86_64-unknown-linux-gnu.2.17",
            "packages = [\"cli\"]; targets = [\"x86_64-unknown-linux-gnu\"]",
        ),
        ("cargo auditable build -p cli", "packages = [\"cli\"]"),
        (
            "cross build -p cli --target aarch64-unknown-linux-gnu",
            "packages = [\"cli\"]; targets = [\"aarch64-unknown-linux-gnu\"]",
        ),
        (
            "cargo run -p cli -- --features otlp",
            "packages = [\"cli\"]",
        ),
        (
            "cargo build -p agent@1.0.0 -p 'core-*'",
            "packages = [\"agent\", \"core-lib\"]",
        ),
        (
            "cargo build --workspace --exclude core-lib",
            "packages = [\"agent\", \"cli\"]",
        ),
    ];
    for (command, expected) in cases {
        builds(&dockerfile(command), &[expected]);
    }
    // All of them.
    let whole = dockerfile("cargo build --workspace");
    assert!(
        whole.ends_with("# Dockerfile:2: cargo build --workspace\n[[build]]\n\n"),
        "{whole}"
    );
    let bin = dockerfile("cargo build --bin agent");
    assert!(
        bin.ends_with("# Dockerfile:2: cargo build --bin agent\n[[build]]\n\n"),
        "{bin}"
    );
}

#[test]
fn several_commands_and_files() {
    let sandbox = workspace();
    sandbox.write(
        "Dockerfile",
        "FROM rust\nRUN cargo chef cook --release -p agent && cargo build --release -p agent; cargo build -p cli\n",
    );
    sandbox.write(
        "deploy/agent.Dockerfile",
        "RUN cargo build -p agent --features otlp\n",
    );
    sandbox.write(
        ".github/workflows/release.yml",
        "jobs:\n  a:\n    strategy:\n      matrix: {target: [x86_64-unknown-linux-gnu, aarch64-unknown-linux-gnu]}\n    steps:\n      - run: |\n          echo cargo build -p x\n          cargo build --release -p agent --target ${{ matrix.target }}\n",
    );
    let text = proposed(&sandbox);
    builds(
        &text,
        &[
            "packages = [\"agent\"]",
            "packages = [\"cli\"]",
            "packages = [\"agent\"]; features = [\"otlp\"]",
            "packages = [\"agent\"]; targets = [\"aarch64-unknown-linux-gnu\", \"x86_64-unknown-linux-gnu\"]",
        ],
    );
    assert!(!text.contains("chef"), "{text}");
    assert!(!text.contains("-p x"), "{text}");
    let place =
        "# .github/workflows/release.yml:8: cargo build --release -p agent --target aarch64";
    assert!(text.contains(place), "{text}");
}

#[test]
fn what_is_not_known_is_not_guessed() {
    let cases = [
        (
            "cargo build -p $NAME",
            "what `$NAME` stands for is not known here",
        ),
        (
            "cargo build -p agent $FLAGS",
            "what `$FLAGS` stands for is not known here",
        ),
        (
            "cargo build -p agent --target \"$(uname -m)-linux\"",
            "stands for is not known here",
        ),
        (
            "cargo build -p other",
            "this workspace has no package `other`",
        ),
        ("cargo build -p agent --features nope", "`nope`"),
        (
            "cargo build -p agent --target mars-unknown-none",
            "mars-unknown-none",
        ),
        (
            "cargo build -p agent --bin cli",
            "none of these packages has a binary `cli`",
        ),
        (
            "cd /somewhere && cargo build",
            "the folder in which it runs is not known here",
        ),
        (
            "cargo build --$(MODE) -p agent",
            "what `--$(MODE)` stands for is not known here",
        ),
    ];
    for (command, because) in cases {
        let text = dockerfile(command);
        builds(&text, &[]);
        assert!(text.contains(because), "{command}: {text}");
        assert!(text.contains("# Dockerfile:2: cargo build"), "{text}");
    }
    for nothing in [
        "cargo install cargo-chef",
        "echo cargo build",
        "cargo test -p agent",
        "cargo fetch",
    ] {
        let text = dockerfile(nothing);
        assert!(text.starts_with("# [[build]]"), "{nothing}: {text}");
    }
}

#[test]
fn builds_that_do_not_ship_are_comments() {
    let workflow = "jobs:\n  a:\n    steps:\n      - run: cargo build -p agent\n";
    let text = of(".github/workflows/ci.yml", workflow);
    builds(&text, &[]);
    let expected = "# .github/workflows/ci.yml:4: cargo build -p agent\n#   it is not built for release\n# [[build]]\n# packages = [\"agent\"]\n";
    assert!(text.contains(expected), "{text}");
    let makefile = "CARGO ?= cargo\nall:\n\t@$(CARGO) build --release \\\n\t  -p agent\n\tcargo build -p cli --profile dist\n";
    builds(
        &of("Makefile", makefile),
        &["packages = [\"agent\"]", "packages = [\"cli\"]"],
    );
    let justfile = "ship:\n    cargo build -r -p agent --features {{features}}\n    cargo install --path tools/cli\n";
    let text = of("justfile", justfile);
    builds(&text, &["packages = [\"cli\"]"]);
    assert!(text.contains("what `{{features}}` stands for"), "{text}");
    for (flags, because) in [
        ("--profile $PROFILE", "what `$PROFILE` stands for"),
        ("--$(MODE)", "what `--$(MODE)` stands for"),
    ] {
        let makefile = format!("all:\n\tcargo build {flags} -p agent\n");
        let text = of("Makefile", &makefile);
        builds(&text, &[]);
        assert!(text.contains(because), "{text}");
        assert!(!text.contains("not built for release"), "{text}");
    }
    // Whatever is built in a container ships.
    builds(
        &dockerfile("cargo build --profile $PROFILE -p agent"),
        &["packages = [\"agent\"]"],
    );
    let pipeline = "build:\n  script:\n    - (cd core; cargo build --release); (cd agent && cargo build --release)\n";
    builds(
        &of(".gitlab-ci.yml", pipeline),
        &["packages = [\"core-lib\"]", "packages = [\"agent\"]"],
    );
}

#[test]
fn hostile_files_stay_in_their_comments() {
    let evil = "cargo build -p \"a\u{1b}[31m\u{202e}\n[[exception]]\ncode = 'x'\n\" -p agent";
    let text = dockerfile(evil);
    builds(&text, &[]);
    assert!(
        !text.contains('\u{1b}') && !text.contains('\u{202e}'),
        "{text}"
    );
    for (path, text) in [
        ("Dockerfile", "RUN cargo build -p agent \\"),
        (".github/workflows/a.yml", "jobs: [[[[{"),
        ("Makefile", "\tcargo build -p \"agent"),
    ] {
        of(path, text);
    }
}

#[test]
fn only_this_workspace_is_looked_at() {
    let sandbox = Sandbox::empty();
    let inner = workspace();
    crate::support::sandbox::copy(inner.root(), &sandbox.root().join("rust"));
    sandbox.write(".git/HEAD", "");
    let workflow = "jobs:\n  a:\n    steps:\n      - run: cargo build --release\n      - run: cargo build --release\n        working-directory: rust/agent\n      - run: cargo install --path rust/tools/cli\n";
    sandbox.write(".github/workflows/a.yml", workflow);
    sandbox.write(
        "Cargo.toml",
        "[package]\nname = \"top\"\nversion = \"1.0.0\"\n[workspace]\n",
    );
    let run = on_the_day(
        &sandbox,
        &[
            "init",
            "--dry-run",
            "--offline",
            "--manifest-path",
            "rust/Cargo.toml",
        ],
    );
    assert_eq!(run.code, 0, "{}", run.stderr);
    let commands: Vec<&str> = run
        .stdout
        .lines()
        .filter(|line| line.contains("a.yml:"))
        .collect();
    assert_eq!(commands.len(), 2, "{commands:?}");
    for command in commands {
        assert!(
            command.starts_with("# .github/workflows/a.yml:"),
            "{command}"
        );
    }
    for package in ["packages = [\"agent\"]", "packages = [\"cli\"]"] {
        assert!(run.stdout.contains(package), "{}", run.stdout);
    }
}
