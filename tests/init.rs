//! `init`: the policy that it writes is green today, and no longer once a skew is added.

mod support;

#[path = "init/builds.rs"]
mod builds;
#[path = "init/folders.rs"]
mod folders;
#[path = "init/schema.rs"]
mod schema;

use std::fs;

use camino::Utf8Path;
use support::cargo::{fetch, refusal};
use support::expect;
use support::sandbox::Sandbox;
use support::shared::shared_dir;
use support::tool::{Run, command};

/// The day of all tests here, as seconds: 2026-11-21.
const TODAY: &str = "1795219200";

fn on_the_day(sandbox: &Sandbox, arguments: &[&str]) -> Run {
    let mut command = command(sandbox, arguments);
    command.env("SOURCE_DATE_EPOCH", TODAY);
    // Whose name git knows is no matter of these tests.
    command.env("GIT_CONFIG_GLOBAL", sandbox.root().join("gitconfig"));
    command.env("GIT_CONFIG_SYSTEM", "/dev/null");
    command.env("GIT_CEILING_DIRECTORIES", sandbox.root().parent().unwrap());
    let output = command.output().unwrap();
    Run {
        code: output.status.code().unwrap(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// Flags with which cargo needs no network; none where it would.
fn flags(root: &Utf8Path) -> Option<Vec<&'static str>> {
    let ready = match root.join("Cargo.lock").is_file() {
        true => fetch(root).map(|()| vec!["--locked", "--offline"]),
        false => refusal(root).map(<[_]>::to_vec),
    };
    ready.map_err(|reason| eprintln!("skipped: {reason}")).ok()
}

fn with(arguments: &[&'static str], flags: &[&'static str]) -> Vec<&'static str> {
    [arguments, flags].concat()
}

/// What is not as it must be with a workspace.
fn green(sandbox: &Sandbox) -> Vec<String> {
    let Some(flags) = flags(sandbox.root()) else {
        return Vec::new();
    };
    let mut wrong = Vec::new();
    let init = on_the_day(sandbox, &with(&["init"], &flags));
    if init.code != 0 {
        return vec![format!("init: {} {}", init.code, init.stderr)];
    }
    let policy = fs::read_to_string(sandbox.root().join("otel-check.toml")).unwrap();
    for asked in [&["check"][..], &["check", "--full"]] {
        let check = on_the_day(sandbox, &with(asked, &flags));
        if check.code != 0 {
            wrong.push(format!(
                "{asked:?}: {}\n{}{policy}",
                check.code,
                [&*check.stdout, &check.stderr].concat()
            ));
        }
        for code in ["unmatched-exception", "expired-exception"] {
            if check.stdout.contains(code) {
                wrong.push(format!("{code} in\n{}", check.stdout));
            }
        }
    }
    // The same again gives the same bytes.
    let again = on_the_day(sandbox, &with(&["init", "--dry-run"], &flags));
    if again.stdout != policy {
        wrong.push(format!("another policy the second time:\n{}", again.stdout));
    }
    // After its days it is red again, where anything was let through.
    let mut later = command(sandbox, &with(&["check"], &flags));
    later.env("SOURCE_DATE_EPOCH", "1803340800");
    let code = later.output().unwrap().status.code().unwrap();
    let excepted = policy.contains("\n[[exception]]");
    if (code == 100) != excepted {
        wrong.push(format!("exit code {code} after the exceptions' last day"));
    }
    wrong
}

#[test]
fn green_on_every_fixture() {
    let mut wrong = Vec::new();
    for name in expect::all() {
        let problems = green(&Sandbox::fixture(&name)).into_iter();
        wrong.extend(problems.map(|problem| format!("{name}: {problem}")));
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn green_on_every_reported_skew() {
    let Some(shared) = shared_dir() else {
        skip!("../shared absent");
    };
    let repro = shared.join("repro");
    let mut seen = 0;
    let mut wrong = Vec::new();
    for entry in repro.read_dir_utf8().unwrap() {
        let path = entry.unwrap().into_path();
        if path.is_dir() {
            seen += 1;
            let problems = green(&Sandbox::copy(&path)).into_iter();
            wrong.extend(
                problems.map(|problem| format!("{}: {problem}", path.file_name().unwrap())),
            );
        }
    }
    assert!(seen >= 13, "only {seen} folders");
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// The clean fixture with a requirement changed: `tracing-opentelemetry` of another line.
#[test]
fn a_skew_that_is_added_is_denied() {
    let sandbox = Sandbox::fixture("edge-agent");
    if flags(sandbox.root()).is_none() {
        return;
    }
    // At first the story without its library, and with one line alone.
    let manifest = sandbox.root().join("agent/Cargo.toml");
    let story = fs::read_to_string(&manifest).unwrap();
    let main = sandbox.root().join("agent/src/main.rs");
    let code = fs::read_to_string(&main).unwrap();
    let without = |text: &str, word: &str| {
        let lines = text.lines().filter(|line| !line.contains(word));
        lines.map(|line| format!("{line}\n")).collect::<String>()
    };
    fs::write(&manifest, without(&story, "uplink")).unwrap();
    fs::write(&main, without(&code, "uplink")).unwrap();
    let init = on_the_day(&sandbox, &with(&["init"], &["--offline"]));
    assert_eq!(init.code, 0, "{}", init.stderr);
    let check = on_the_day(&sandbox, &with(&["check"], &["--offline"]));
    assert_eq!(check.code, 0, "{}", check.stdout);
    // Now somebody adds the library.
    fs::write(&manifest, &story).unwrap();
    fs::write(&main, &code).unwrap();
    let check = on_the_day(&sandbox, &with(&["check"], &["--offline"]));
    assert_eq!(check.code, 100, "{}", check.stdout);
    assert!(check.stdout.contains("telemetry of uplink@1.4.0 is lost"));
}

fn bare() -> Sandbox {
    let sandbox = Sandbox::empty();
    sandbox.write(
        "Cargo.toml",
        "[package]\nname = \"bare\"\nversion = \"1.0.0\"\nedition = \"2024\"\n[workspace]\n",
    );
    sandbox.write("src/main.rs", "fn main() {}\n");
    sandbox
}

#[test]
fn what_is_there_is_not_written_over() {
    let sandbox = bare();
    let path = sandbox.root().join("otel-check.toml");
    sandbox.write("otel-check.toml", "no policy at all [");
    let refused = on_the_day(&sandbox, &["init", "--offline"]);
    assert_eq!(refused.code, 101, "{}", refused.stderr);
    assert!(refused.stderr.contains("--force"), "{}", refused.stderr);
    assert_eq!(fs::read_to_string(&path).unwrap(), "no policy at all [");
    // Looking is free.
    let shown = on_the_day(&sandbox, &["init", "--offline", "--dry-run"]);
    assert_eq!(shown.code, 0, "{}", shown.stderr);
    let forced = on_the_day(&sandbox, &["init", "--offline", "--force"]);
    assert_eq!(forced.code, 0, "{}", forced.stderr);
    assert_eq!(fs::read_to_string(&path).unwrap(), shown.stdout);
    assert_eq!(on_the_day(&sandbox, &["check", "--offline"]).code, 0);
    // A second one beside the manifest's own would be an error.
    fs::remove_file(&path).unwrap();
    let manifest = fs::read_to_string(sandbox.root().join("Cargo.toml")).unwrap();
    sandbox.write(
        "Cargo.toml",
        &format!("{manifest}metadata.otel-check = {{}}\n"),
    );
    let refused = on_the_day(&sandbox, &["init", "--offline", "--force"]);
    assert_eq!(refused.code, 101, "{}", refused.stderr);
    assert!(!path.exists());
}

#[test]
fn wrong_usage_and_places_that_cannot_be_written() {
    let sandbox = bare();
    for wrong in [
        &["init", "--format", "json"][..],
        &["init", "--output", "x.toml"],
        &["init", "--format", "human=x.toml"],
        &["init", "--metadata-path", "x.json"],
    ] {
        assert_eq!(on_the_day(&sandbox, wrong).code, 2, "{wrong:?}");
    }
    let elsewhere = ["init", "--dry-run", "--offline", "--output", "x.toml"];
    assert_eq!(on_the_day(&sandbox, &elsewhere).code, 0);
    assert!(sandbox.root().join("x.toml").is_file());
    assert!(!sandbox.root().join("otel-check.toml").exists());
    let nowhere = Sandbox::empty();
    fs::create_dir(sandbox.root().join("otel-check.toml")).unwrap();
    let folder = on_the_day(&sandbox, &["init", "--offline", "--force"]);
    assert_eq!(folder.code, 101, "{}", folder.stderr);
    assert_eq!(
        on_the_day(&nowhere, &["init", "--manifest-path", "Cargo.toml"]).code,
        101
    );
}

#[test]
fn the_owner_is_whom_git_knows() {
    let sandbox = bare();
    let owner = |config: &str| {
        sandbox.write("gitconfig", config);
        let run = on_the_day(&sandbox, &["init", "--dry-run", "--offline"]);
        let line = run.stdout.lines().find(|line| line.starts_with("# owner"));
        line.unwrap().to_owned()
    };
    assert_eq!(owner(""), "# owner = \"nobody yet\"");
    assert_eq!(owner("[user]\nemail = a@b.c\n"), "# owner = \"a@b.c\"");
    assert_eq!(owner("[user]\nname = A \\\"B\\\"\n"), "# owner = 'A \"B\"'");
    assert_eq!(
        owner("[user]\nname = \u{202e}evil\n"),
        "# owner = \"nobody yet\""
    );
}
