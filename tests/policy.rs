//! The policy: what it changes, what it lets through, and what is wrong with it.

mod support;

use support::sandbox::Sandbox;
use support::tool::{Run, run};

/// The story's workspace with a policy; none where its crates cannot be had.
fn with(policy: &str) -> Option<Sandbox> {
    let sandbox = Sandbox::fetched("edge-agent")?;
    sandbox.write("otel-check.toml", policy);
    Some(sandbox)
}

fn checked(sandbox: &Sandbox, flags: &[&str]) -> Run {
    let mut arguments = vec!["check", "--locked", "--format", "json"];
    arguments.extend(flags);
    run(sandbox, &arguments)
}

/// Codes with levels.
fn found(run: &Run) -> Vec<(String, String)> {
    let findings = run.report().findings.into_iter();
    findings.map(|one| (one.code, one.level)).collect()
}

fn level<'a>(found: &'a [(String, String)], code: &str) -> Vec<&'a str> {
    let of_code = found.iter().filter(|(found, _)| found == code);
    of_code.map(|(_, level)| level.as_str()).collect()
}

const LET_THROUGH: &str = "\
[levels]
advisory = \"allow\"

[[exception]]
code = \"lost-telemetry\"
package = \"uplink\"
line = \"0.21\"
reason = \"waits for its owner\"
owner = \"platform\"
expires = 2999-12-31

[[exception]]
package = \"tracing-opentelemetry@0.26.0\"
artifact = \"edge-agent/bin/edge-agent\"
reason = \"is being replaced\"
owner = \"platform\"
expires = \"2999-12-31\"
";

#[test]
fn what_is_let_through_is_told_and_fails_nothing() {
    let Some(sandbox) = with(LET_THROUGH) else {
        return;
    };
    let run = checked(&sandbox, &[]);
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    let codes = found(&run);
    assert_eq!(level(&codes, "lost-telemetry"), ["note", "note"]);
    assert!(level(&codes, "advisory").is_empty());
    assert!(level(&codes, "unmatched-exception").is_empty());
    for text in ["waits for its owner", "is being replaced", "2999-12-31"] {
        assert!(run.stdout.contains(text), "{text}");
    }
    let human = support::tool::run(&sandbox, &["check", "--locked"]);
    let told = "let through until 2999-12-31: waits for its owner (platform)";
    assert!(human.stdout.contains(told), "{}", human.stdout);
    assert!(human.stdout.starts_with("let through: 1 of 2"));
    // A second loss beside it is no exception.
    sandbox.write(
        "otel-check.toml",
        &LET_THROUGH.replace("@0.26.0", "@0.25.0"),
    );
    let run = checked(&sandbox, &[]);
    assert_eq!(run.code, 100);
    let codes = found(&run);
    assert_eq!(level(&codes, "lost-telemetry"), ["deny", "note"]);
    assert_eq!(level(&codes, "unmatched-exception"), ["warn"]);
}

#[test]
fn a_part_says_nothing_of_exceptions_for_the_rest() {
    let Some(sandbox) = with(LET_THROUGH) else {
        return;
    };
    let run = checked(&sandbox, &["-p", "uplink"]);
    assert_eq!(run.code, 0, "{}", run.stdout);
    assert!(level(&found(&run), "unmatched-exception").is_empty());
}

#[test]
fn what_has_expired_counts_again() {
    let Some(sandbox) = with(&LET_THROUGH.replacen("2999", "2020", 1)) else {
        return;
    };
    let run = checked(&sandbox, &[]);
    assert_eq!(run.code, 100);
    let codes = found(&run);
    assert_eq!(level(&codes, "lost-telemetry"), ["deny", "note"]);
    assert_eq!(level(&codes, "expired-exception"), ["warn"]);
    // On its last day it holds; the day is that of the build, where one is set.
    let mut command = support::tool::command(&sandbox, &["check", "--locked"]);
    command.env("SOURCE_DATE_EPOCH", "1609459199");
    assert_eq!(command.status().unwrap().code(), Some(0));
    let mut command = support::tool::command(&sandbox, &["check", "--locked"]);
    command.env("SOURCE_DATE_EPOCH", "1609459200");
    assert_eq!(command.status().unwrap().code(), Some(100));
}

#[test]
fn flags_go_before_levels_unless_forbidden() {
    let Some(sandbox) = with("[levels]\nlost-telemetry = \"warn\"\nadvisory = \"deny\"\n") else {
        return;
    };
    let run = checked(&sandbox, &["--allow", "advisory"]);
    assert_eq!(run.code, 0, "{}", run.stdout);
    assert_eq!(level(&found(&run), "lost-telemetry"), ["warn", "warn"]);
    let run = checked(&sandbox, &["--deny", "lost-telemetry"]);
    assert_eq!(run.code, 100);
    sandbox.write("otel-check.toml", "[levels]\nadvisory = \"forbid\"\n");
    let run = checked(
        &sandbox,
        &["--allow", "advisory", "--warn", "lost-telemetry"],
    );
    assert_eq!(run.code, 100);
    let codes = found(&run);
    assert!(
        level(&codes, "advisory")
            .iter()
            .all(|level| *level == "deny")
    );
    assert_eq!(level(&codes, "lost-telemetry"), ["warn", "warn"]);
}

#[test]
fn builds_that_ship_are_judged_and_no_others() {
    let build = "[[build]]\npackages = [\"uplink\"]\n";
    let Some(sandbox) = with(build) else {
        return;
    };
    let run = checked(&sandbox, &[]);
    assert_eq!(run.code, 0, "{}", run.stdout);
    let rows = run.report().artifacts;
    assert!(rows.iter().all(|row| row.package == "uplink"), "{rows:?}");
    assert!(!rows.is_empty());
    // What is asked for goes before.
    assert_eq!(checked(&sandbox, &["-p", "edge-agent"]).code, 100);
    sandbox.write("otel-check.toml", "[[build]]\npackages = [\"nobody\"]\n");
    let run = checked(&sandbox, &[]);
    assert_eq!(run.code, 101);
    assert!(run.stderr.contains("nobody"), "{}", run.stderr);
}

#[test]
fn plans_aim_at_the_line() {
    let Some(sandbox) = with("target-line = \"0.31\"\n") else {
        return;
    };
    let Some(run) = support::tool::asked(&sandbox, &["plan", "--format", "json"]) else {
        return;
    };
    assert!(
        run.stdout.contains("\"target\": \"0.31\""),
        "{}",
        run.stdout
    );
    let given = ["plan", "--target-line", "0.27", "--format", "json"];
    let run = support::tool::run(&sandbox, &given);
    assert!(
        run.stdout.contains("\"target\": \"0.27\""),
        "{}",
        run.stdout
    );
}

#[test]
fn the_manifest_may_hold_it() {
    let Some(sandbox) = with("") else {
        return;
    };
    let manifest = sandbox.root().join("Cargo.toml");
    let text = std::fs::read_to_string(&manifest).unwrap();
    let policy = "\n[workspace.metadata.otel-check.levels]\nlost-telemetry = \"warn\"\n";
    std::fs::write(&manifest, text + policy).unwrap();
    let two = checked(&sandbox, &[]);
    assert_eq!(two.code, 101);
    assert!(two.stderr.contains("two policies"), "{}", two.stderr);
    std::fs::remove_file(sandbox.root().join("otel-check.toml")).unwrap();
    let run = checked(&sandbox, &[]);
    assert_eq!(run.code, 0, "{}", run.stdout);
}

/// What the policy's line alone makes a finding can be let through as any other.
#[test]
fn being_elsewhere_can_be_let_through() {
    let policy = "target-line = \"0.31\"\n[levels]\noff-target = \"deny\"\nadvisory = \"allow\"\n\
                  lost-telemetry = \"allow\"\nmismatched-companion = \"allow\"\n";
    let Some(sandbox) = with(policy) else {
        return;
    };
    let run = checked(&sandbox, &[]);
    assert_eq!(run.code, 100, "{}", run.stderr);
    let before = found(&run);
    assert!(level(&before, "off-target").contains(&"deny"), "{before:?}");
    let exception = "[[exception]]\ncode = \"off-target\"\nreason = \"moves next quarter\"\n\
                     owner = \"platform\"\nexpires = 2999-12-31\n";
    sandbox.write("otel-check.toml", &format!("{policy}{exception}"));
    let run = checked(&sandbox, &[]);
    let after = found(&run);
    let levels = level(&after, "off-target");
    assert_eq!(levels.len(), level(&before, "off-target").len());
    assert!(levels.iter().all(|level| *level == "note"), "{after:?}");
    assert!(level(&after, "unmatched-exception").is_empty(), "{after:?}");
    assert_eq!(run.code, 0, "{after:?}");
}

/// All at once, each with its place, and nothing of the text reaches the terminal as it is.
#[test]
fn mistakes_are_told_together() {
    let sandbox = Sandbox::fixture("edge-agent");
    let policy = "target-line = \"x\"\n[levels]\nfoo = \"deny\"\nadvisory = \"loud\"\n\
                  lost-telemetry = \"forbid\"\n[[exception]]\nreason = \"a\"\nexpires = \"2020-02-30\"\n\
                  bogus = 1\n[[exception]]\ncode = \"lost-telemetry\"\nreason = \"a\"\nowner = \"b\"\n\
                  expires = 2030-01-01\n[[build]]\npackages = [\"a\\u001b[2Jb\"]\n";
    sandbox.write("otel-check.toml", policy);
    let run = checked(&sandbox, &[]);
    assert_eq!(run.code, 101);
    assert!(run.stdout.is_empty());
    let places = [
        ":1:15:", ":3:1:", ":4:12:", ":6:1:", ":8:11:", ":9:1:", ":10:1:", ":16:13:",
    ];
    for place in places {
        let place = format!("otel-check.toml{place}");
        assert!(run.stderr.contains(&place), "{place}\n{}", run.stderr);
    }
    assert!(!run.stderr.contains('\u{1b}'), "{:?}", run.stderr);
}

/// As editors of other systems leave it, and as nobody can read it.
#[test]
fn files_as_they_come() {
    let sandbox = Sandbox::fixture("clean");
    let path = sandbox.root().join("otel-check.toml");
    let told = |words: &str| {
        let run = run(&sandbox, &["check"]);
        assert_eq!(run.code, 101, "{}", run.stdout);
        assert!(run.stderr.contains(words), "{words}: {}", run.stderr);
        assert_eq!(run.stdout, "");
    };
    sandbox.write(
        "otel-check.toml",
        "\u{feff}[levels]\r\nlost-telemetry = \"warn\"\r\n",
    );
    assert_eq!(run(&sandbox, &["check"]).code, 0);
    std::fs::write(&path, b"[levels]\nadvisory = \"\xff\"\n").unwrap();
    told("it is not UTF-8");
    std::fs::remove_file(&path).unwrap();
    std::fs::create_dir(&path).unwrap();
    told("cannot read");
    std::fs::remove_dir(&path).unwrap();
    #[cfg(unix)]
    {
        // A team that links its policy and loses it has none, and must hear of it.
        std::os::unix::fs::symlink("../shared/otel-check.toml", &path).unwrap();
        told("it is a link that leads nowhere");
    }
}
