//! Requirements that are written in odd ways: over several lines, behind other alphabets, with the
//! line ends of another system.

use super::Ready;
use super::readers::annotations;
use super::sarif::{covered, log, place, results};

const PLAIN: &str = "opentelemetry = { version = \"0.21\"";

/// The story with one manifest rewritten, and the region of the first finding in it.
fn region(from: &str, to: &str) -> Option<(Ready, String)> {
    let ready = Ready::changed("edge-agent", |sandbox| {
        let path = "crates/uplink/Cargo.toml";
        let text = std::fs::read_to_string(sandbox.root().join(path)).unwrap();
        assert!(text.contains(from), "{text}");
        sandbox.write(path, &text.replacen(from, to, 1));
        sandbox.write(".git/HEAD", "");
    })?;
    let log = log(&ready, &[]);
    let main = place(&results(&log)[0]);
    assert_eq!(main["artifactLocation"]["uri"], "crates/uplink/Cargo.toml");
    let text = ready.read("crates/uplink/Cargo.toml");
    let covered = covered(&text, &main["region"]).to_owned();
    Some((ready, covered))
}

#[test]
fn over_several_lines() {
    let written = "\"\"\"\n0.\\\n   21\"\"\"";
    let to = PLAIN.replace("\"0.21\"", written);
    let Some((ready, covered)) = region(PLAIN, &to) else {
        return;
    };
    assert_eq!(covered, written);
    let all = annotations(&ready.run(&["--format", "github"]).stdout);
    let first = &all[0];
    assert_eq!(first.properties["file"], "crates/uplink/Cargo.toml");
    assert_eq!(
        first.number("endLine"),
        first.number("line").map(|line| line + 2)
    );
    assert_eq!(first.number("col"), None);
    // The others have one line each, and columns.
    assert!(all[1..].iter().all(|one| one.number("col").is_some()));
    let gitlab = ready.run(&["--format", "gitlab"]).stdout;
    let issues: serde_json::Value = serde_json::from_str(&gitlab).unwrap();
    let lines = &issues[0]["location"]["lines"];
    assert_eq!(
        lines["end"].as_u64(),
        lines["begin"].as_u64().map(|line| line + 2)
    );
}

#[test]
fn behind_characters_of_several_bytes() {
    let to = format!(
        "# größe 漢字 😀\n{}",
        PLAIN.replace("version", "optional = false, version")
    );
    let Some((_, covered)) = region(PLAIN, &to) else {
        return;
    };
    assert_eq!(covered, "\"0.21\"");
    let to = PLAIN.replace("{ ", "{ \"package\" = \"opentelemetry\", ");
    let to = to.replacen("opentelemetry", "\"opentelemetry\"", 1);
    let Some((_, covered)) = region(PLAIN, &to) else {
        return;
    };
    assert_eq!(covered, "\"0.21\"");
}

#[test]
fn with_other_line_ends() {
    let ready = Ready::changed("edge-agent", |sandbox| {
        for path in ["Cargo.toml", "crates/uplink/Cargo.toml", "agent/Cargo.toml"] {
            let text = std::fs::read_to_string(sandbox.root().join(path)).unwrap();
            sandbox.write(path, &text.replace('\n', "\r\n"));
        }
        sandbox.write(".git/HEAD", "");
    });
    let Some(ready) = ready else { return };
    let log = log(&ready, &[]);
    for result in results(&log) {
        let file = place(result)["artifactLocation"]["uri"].as_str().unwrap();
        let text = ready.read(file);
        let covered = covered(&text, &place(result)["region"]);
        assert!(covered.starts_with("\"0.2"), "{covered}");
    }
}

/// An exception of the policy, which is a table of several lines.
#[test]
fn exceptions_of_the_policy() {
    let policy = "# ü\n\n[[exception]]\ncode = \"type-clash\"\nreason = \"r\"\nowner = \"o\"\n\
                  expires = 2999-12-31\n\n[levels]\n";
    let ready = Ready::changed("edge-agent", |sandbox| {
        sandbox.write("otel-check.toml", policy);
        sandbox.write(".git/HEAD", "");
    });
    let Some(ready) = ready else { return };
    let log = log(&ready, &[]);
    let unmatched = results(&log)
        .iter()
        .find(|one| one["ruleId"] == "unmatched-exception");
    let main = place(unmatched.unwrap());
    assert_eq!(main["artifactLocation"]["uri"], "otel-check.toml");
    assert!(covered(policy, &main["region"]).starts_with("[[exception]]"));
    annotations(&ready.run(&["--format", "github"]).stdout);
}
