//! Specifications to render.

use serde_json::{Value, json};

use crate::spec::SpecReport;

fn report(spec: &Value) -> SpecReport {
    let report = json!({
        "schema_version": crate::spec::SPEC_SCHEMA_VERSION,
        "tool": { "name": "t", "version": "1.0.0" },
        "family": "Telemetry",
        "specs": [spec],
        "notes": [],
    });
    serde_json::from_value(report).unwrap()
}

/// Nothing but what there must be.
fn least() -> Value {
    json!({
        "package": {
            "name": "client", "version": "2.1.0",
            "origin": { "kind": "path", "path": "client" }, "own": true,
            "description": null, "authors": [], "repository": null, "homepage": null, "issues": null,
        },
        "from": [], "to": "0.4", "outcome": { "kind": "unproven" },
        "why": { "reason": "own", "because": [], "through": [], "outlook": null },
        "affected": [], "losses": [],
        "manifest": { "basis": "file", "files": [], "diff": "", "changes": [], "problems": [] },
        "companions": [], "features": [],
        "toolchain": { "declared": null, "needed": null, "by": [], "verdict": "unknown" },
        "code": {
            "kind": "scanned", "files": 1, "lines": 20, "hits": [], "not_hit": [], "notes": [],
        },
        "trial": { "kind": "not-tried", "because": "`--trial` was not asked for" },
        "recipes": [], "behaviour": [], "migrations": [], "steps": [], "tests": [], "repeat": [], "rollback": [],
        "effort": {
            "requirements": 0, "files": 0, "sites": 0, "certain": 0, "mechanical": 0, "by_hand": 0,
            "errors": null,
        },
        "notes": [],
    })
}

/// With nothing to say.
pub fn bare() -> SpecReport {
    report(&least())
}

/// Of which nothing is at hand.
pub fn unknown() -> SpecReport {
    let because =
        "the sources of `client` 2.1.0 are not on this machine: `cargo fetch` brings them";
    let mut spec = least();
    spec["package"]["origin"] =
        json!({ "kind": "git", "repository": "https://a.b/c", "commit": null });
    spec["outcome"] = json!({ "kind": "unknown", "because": because });
    spec["manifest"]["basis"] = "missing".into();
    spec["manifest"]["problems"] = json!([because]);
    spec["code"] = json!({ "kind": "not-scanned", "because": because });
    spec["effort"] = json!({
        "requirements": 0, "files": null, "sites": null, "certain": null, "mechanical": null,
        "by_hand": null, "errors": null,
    });
    report(&spec)
}

const DIFF: &str = "\
--- a/Cargo.toml
+++ b/Cargo.toml
@@ -9,3 +9,3 @@
 [dependencies]
-api = \"0.3\"
+api = \"0.4\"
 log = \"0.4\"
";

/// With everything.
pub fn full() -> SpecReport {
    let mut spec = least();
    let mut set = |key: &str, value: Value| spec[key] = value;
    set(
        "package",
        json!({
            "name": "client", "version": "2.1.0", "own": false,
            "origin": { "kind": "registry", "registry": "sparse+https://index.example/" },
            "description": "Talks to *servers*", "authors": ["A <a@b.c>", "B"],
            "repository": "https://github.com/a/client", "homepage": "https://client.example",
            "issues": "https://github.com/a/client/issues",
        }),
    );
    set("from", json!(["0.2", "0.3"]));
    set(
        "outcome",
        json!({ "kind": "waits", "on": ["no release of `bridge` serves line 0.4"] }),
    );
    set(
        "why",
        json!({
            "reason": "blocks", "because": ["`client` brings in line 0.3"],
            "through": ["agent/Cargo.toml:12: client = \"2\""],
            "outlook": "it took 5 to 40 days for 6 lines, and this one is 12 days old",
        }),
    );
    set(
        "affected",
        json!([{
            "artifact": "agent/bin/agent", "builds": ["-p agent", "--workspace"], "target": "t",
            "lines": ["0.3", "0.4"], "verdict": "lost",
        }]),
    );
    set(
        "losses",
        json!([{
            "code": "lost-telemetry", "verdict": "lost", "artifact": "agent/bin/agent",
            "message": "telemetry of client@2.1.0 is lost", "consequence": "its spans vanish",
            "path": ["agent@1.0.0", "client@2.1.0"],
            "evidence": [
                { "kind": "source", "package": "client@2.1.0", "file": "src/lib.rs", "line": 9,
                  "column": 20, "text": "asks: `api::global::tracer`", "source": null },
                { "kind": "graph", "package": null, "file": null, "line": null, "column": null,
                  "text": "no SDK is linked", "source": "cargo tree -i api@0.3.0" },
                { "kind": "rule", "package": null, "file": null, "line": null, "column": null,
                  "text": "it reads globals", "source": "client CHANGELOG" },
            ],
        }]),
    );
    set(
        "manifest",
        json!({
            "basis": "original", "files": ["Cargo.toml"], "diff": DIFF,
            "changes": [{ "package": "api", "place": "Cargo.toml:10", "before": "api = \"0.3\"",
                          "change": "require `api` \"0.4\" instead of \"0.3\"" }],
            "problems": ["`shared` is shared"],
        }),
    );
    let companion = |package: &str, at: Value| {
        json!({ "package": package, "table": "dependencies", "requirement": "0.3", "today": "0.3.1",
                "optional": package == "bridge", "at_target": at })
    };
    set(
        "companions",
        json!([
            companion(
                "api",
                json!({ "kind": "release", "version": "0.4.1", "features": ["line_0_4"],
            "rust_version": "1.75", "published": "2026-01-02T03:04:05Z", "admitted": true })
            ),
            companion(
                "bridge",
                json!({ "kind": "nothing", "because": "no release serves line 0.4" })
            ),
            companion("names", json!({ "kind": "free" })),
            companion(
                "old",
                json!({ "kind": "replaced", "successor": "new", "version": "0.4.0",
            "rust_version": null })
            ),
        ]),
    );
    let fate = |fate: Value| {
        json!({ "package": "api", "feature": "rt", "gone_in": "0.4.0", "fate": fate,
                "advice": "Write `runtime`.", "source": "api CHANGELOG, 0.4.0" })
    };
    set(
        "features",
        json!([
            fate(json!({ "kind": "renamed", "to": "runtime" })),
            fate(json!({ "kind": "moved", "package": "sdk", "to": "rt" })),
            fate(json!({ "kind": "removed" })),
            fate(json!({ "kind": "switched", "to": "line_0_4" })),
            fate(json!({ "kind": "unknown" })),
        ]),
    );
    set(
        "toolchain",
        json!({
            "declared": "1.70", "needed": "1.75", "by": ["api 0.4.1", "sdk 0.4.0"], "verdict": "raise",
        }),
    );
    set(
        "code",
        json!({
            "kind": "scanned", "files": 3, "lines": 1200,
            "hits": [{
                "item": "api::trace::Builder::start", "change": "the declaration of this method has changed",
                "before": "(&self) -> Span", "after": "(&self, Context) -> Span",
                "moved_to": ["api::span::start"],
                "sites": [
                    { "file": "src/lib.rs", "line": 3, "column": 5, "target": "client", "certain": true,
                      "cfg": null },
                    { "file": "src/lib.rs", "line": 9, "column": 7, "target": "client", "certain": false,
                      "cfg": "feature = \"otel\"" },
                ],
                "recipes": ["start"], "mechanical": true,
        }],
        "not_hit": [{ "crate": "api", "items": 40, "recipes": ["Shut down by hand"] }],
            "notes": ["`build.rs` writes code that was not read"],
        }),
    );
    set(
        "recipes",
        json!([{
            "id": "start", "title": "Start with a context", "why": "It is not taken implicitly.",
            "by": "machine", "before": "fn a() {\n    b.start();\n}\n",
            "after": "fn a() {\n    b.start(c);\n}\n", "rename": [["api::trace", "api::span"]],
        "needs": [{ "package": "sdk", "features": ["rt"], "without": ["old"] }],
            "source": "api CHANGELOG, 0.4.0",
        }]),
    );
    set(
        "trial",
        json!({
            "kind": "tried", "command": "cargo check --all-targets", "compiled_before": true, "rounds": 2,
            "found": [], "errors": [{ "code": "E0061", "message": "this method takes 1 argument",
                "place": "src/lib.rs:9:7", "item": "api::trace::Builder::start", "recipes": ["start"] }],
            "applied": [{ "place": "src/lib.rs:3:5", "before": "api::trace", "after": "api::span",
                          "because": "by the recipe `start`" }],
            "patch": DIFF, "notes": ["There may be more."],
        }),
    );
    set(
        "behaviour",
        json!([{
            "crate": "sdk", "since": "0.4.0", "summary": "It exports on a thread of its own.",
            "advice": "Hand in a blocking client.", "source": "sdk CHANGELOG, 0.4.0",
        }]),
    );
    set(
        "migrations",
        json!([{
            "crate": "old", "successor": "new", "needed": true, "advice": "Export over the new one.",
            "settings": [
                { "what": "environment variable", "before": "OLD_HOST", "after": "NEW_ENDPOINT",
                  "note": "with a scheme", "source": "new README" },
                { "what": "port", "before": "6831", "after": null, "note": null, "source": "new README" },
            ],
            "source": "old README",
        }]),
    );
    set(
        "steps",
        json!([
            { "number": 1, "text": "Change the manifest as the diff shows.", "commands": [] },
            { "number": 2, "text": "Run the tests.", "commands": ["cargo test"] },
        ]),
    );
    set(
        "tests",
        json!([{ "command": "cargo test", "what": "runs its own tests" }]),
    );
    set(
        "repeat",
        json!([{ "claim": "`api` 0.4.1 is there", "command": "cargo info api@0.4.1" }]),
    );
    set(
        "rollback",
        json!([{ "command": "git revert HEAD", "what": "takes it back" }]),
    );
    set(
        "effort",
        json!({
            "requirements": 1, "files": 1, "sites": 2, "certain": 1, "mechanical": 1, "by_hand": 1,
            "errors": 1,
        }),
    );
    set("notes", json!(["the index was read from the cache alone"]));
    report(&spec)
}

/// The same, with every text that comes from outside attacking what shows it.
pub fn hostile() -> SpecReport {
    let mut json = serde_json::to_value(full()).unwrap();
    let mut number = 0;
    attack(&mut json["specs"][0], "", &mut number);
    serde_json::from_value(json).unwrap()
}

/// Words of the shape, which no text from outside can be.
const WORDS: [&str; 7] = [
    "kind",
    "basis",
    "verdict",
    "by",
    "reason",
    "published",
    "fate",
];

fn attack(value: &mut Value, key: &str, number: &mut usize) {
    match value {
        Value::String(text) if !WORDS.contains(&key) => {
            *number += 1;
            *text = match *number % 5 {
                0 => "\u{1b}[2J|a|\n# b",
                1 => "`` ` ``` x\r\n- [y](http://z)",
                2 => "\u{202e}desrever <script>",
                3 => "`a|b`\n```\n<img>",
                _ => "```\n+++ \u{7}\u{1b}]8;;http://x\u{7}",
            }
            .to_owned();
        }
        Value::Array(all) => all.iter_mut().for_each(|one| attack(one, key, number)),
        Value::Object(all) => all
            .iter_mut()
            .for_each(|(key, one)| attack(one, key, number)),
        Value::String(_) | Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
