//! Names, paths, descriptions and reasons that try to be more than text.

use std::sync::LazyLock;

use otel_check::report::place::View;
use otel_check::report::{self, Excepted, Report};
use serde_json::Value;

use super::Ready;
use super::readers::{
    annotations, assert_dot, assert_inert_markdown, assert_mermaid, assert_plain, assert_svg,
    cases, rows, texts,
};
use super::sarif::validated;

const ATTACKS: [&str; 14] = [
    "\u{1b}[31mred\u{1b}[0m\u{1b}]8;;http://x\u{7}",
    "a|b\\|c`d``e```",
    "</text><script>alert(1)</script>&amp;<!--",
    "<img src=x onerror=alert(1)>",
    "=cmd|'/c calc'!A1",
    "@SUM(A1)+1",
    "-2+3, \"quoted\"; 'x'",
    "\u{202e}gnp.exe\u{2066}\u{200b}\u{feff}",
    "a\n::error file=x::b\r\n%0A::warning::c%",
    "```\n</details>\n# head\n- [x](http://x) ![i](http://x)",
    "\"] ; click n0 \"javascript:alert(1)\" %% {{0}} {1}",
    "[text](sarif:/runs/0) ]]> <?xml?> \u{fffe}\u{1}",
    "\\N \\G\\\" -> x [label=\"y\"",
    "@octocat #1 $x$ www.x.y https://x.y [^1]: z",
];

/// Values of closed lists, and what the program itself decides: no workspace can choose them.
const DECIDED: [&str; 9] = [
    "level", "code", "verdict", "kind", "class", "live", "basis", "until", "version",
];

/// The story's report; none where its crates cannot be had.
static REPORT: LazyLock<Option<Value>> = LazyLock::new(|| {
    let run = Ready::new("edge-agent")?.run(&["--format", "json"]);
    serde_json::from_str(&run.stdout).unwrap()
});

/// The same with every text of the workspace replaced.
fn hostile(attack: &str) -> Option<Report> {
    let mut json = REPORT.clone()?;
    spoil(&mut json, attack);
    let mut report: Report = serde_json::from_value(json).unwrap();
    let finding = &mut report.findings[1];
    finding.excepted = Some(Excepted {
        reason: attack.to_owned(),
        owner: attack.to_owned(),
        until: "2999-12-31".into(),
    });
    report.findings[2].known = true;
    report.notes.push(attack.to_owned());
    report.comparison = Some(report::Comparison {
        base: attack.to_owned(),
        introduced: 1,
        worsened: 0,
        unchanged: 0,
        cured: vec![report.findings[0].clone()],
    });
    for step in report.findings.iter().flat_map(|finding| &finding.path) {
        let folder = format!("members/{attack}");
        report.folders.insert(step.package.clone(), folder);
    }
    Some(report)
}

/// The attack at the start, in the middle and alone, by turns; the old text tells names apart.
fn spoil(value: &mut Value, attack: &str) {
    match value {
        Value::String(text) => {
            *text = match text.len() % 3 {
                0 => format!("{attack}{text}"),
                1 => format!("{text}{attack}"),
                _ => format!("{attack} {text} {attack}"),
            };
        }
        Value::Array(list) => list.iter_mut().for_each(|one| spoil(one, attack)),
        Value::Object(fields) => {
            let decided = |key: &str| DECIDED.contains(&key) || key == "schema_version";
            let open = fields.iter_mut().filter(|(key, _)| !decided(key));
            open.for_each(|(_, one)| spoil(one, attack));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Runs a test on the report of each attack.
pub fn attacked(test: impl Fn(&Report, &View)) {
    for attack in ATTACKS {
        let Some(report) = hostile(attack) else {
            return;
        };
        test(&report, &View::default());
        let view = View::new("/r/w".into(), format!("/r/{attack}").into());
        test(&report, &view);
    }
}

#[test]
fn short_keeps_to_its_lines() {
    attacked(|report, view| {
        let text = report::short::render(report, view);
        assert_plain(&text);
        assert_eq!(text.lines().count(), report.findings.len());
    });
}

#[test]
fn sarif_stays_data() {
    attacked(|report, view| {
        let text = report::sarif::render(report, view, &[]);
        let log = validated(&text);
        let run = &log["runs"][0];
        for text in texts(&run["results"])
            .iter()
            .chain(&texts(&run["invocations"]))
        {
            assert_plain(text);
        }
        let mut messages = Vec::new();
        collect(&run["results"], "message", &mut messages);
        for message in messages {
            let text = message["text"].as_str().unwrap();
            assert!(!text.contains("]("), "{text}");
            let rest = text.replace("{{", "").replace("}}", "");
            assert!(!rest.contains(['{', '}']), "{text}");
        }
        let mut places = Vec::new();
        collect(&run["results"], "artifactLocation", &mut places);
        assert!(!places.is_empty());
        for place in places {
            let uri = place["uri"].as_str().unwrap();
            assert!(
                uri.chars()
                    .all(|c| c.is_ascii_alphanumeric() || "-._~/%:".contains(c))
            );
        }
    });
}

fn collect<'a>(value: &'a Value, key: &str, into: &mut Vec<&'a Value>) {
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                if name == key {
                    into.push(field);
                }
                collect(field, key, into);
            }
        }
        Value::Array(list) => list.iter().for_each(|one| collect(one, key, into)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[test]
fn annotations_start_no_command() {
    attacked(|report, view| {
        let all = annotations(&report::github::render(report, view));
        // What is let through is not among them.
        assert_eq!(all.len(), report.findings.len() - 2);
        for one in all {
            assert!(one.properties["title"].starts_with("otel-check: "));
        }
    });
}

#[test]
fn issues_of_gitlab_stay_text() {
    attacked(|report, view| {
        let issues: Value = serde_json::from_str(&report::gitlab::render(report, view)).unwrap();
        texts(&issues).into_iter().for_each(assert_plain);
        assert_eq!(issues.as_array().unwrap().len(), report.findings.len());
    });
}

#[test]
fn junit_holds_its_own_elements_alone() {
    attacked(|report, view| {
        let text = report::junit::render(report, view);
        assert!(!cases(&text).is_empty());
        let document = roxmltree::Document::parse(&text).unwrap();
        let known = [
            "testsuites",
            "testsuite",
            "testcase",
            "failure",
            "skipped",
            "system-out",
        ];
        for element in document.descendants().filter(roxmltree::Node::is_element) {
            assert!(known.contains(&element.tag_name().name()));
        }
    });
}

#[test]
fn markdown_starts_no_markup() {
    attacked(|report, view| {
        let text = report::markdown::render(report, view);
        assert_inert_markdown(&text);
        assert_mermaid(&text);
        let mut columns = 0;
        for line in text.lines() {
            let bars = line.replace("\\|", "").matches('|').count();
            columns = if line.starts_with('|') { columns } else { 0 };
            assert!(columns == 0 || bars == columns, "{line}");
            columns = if line.starts_with('|') { bars } else { 0 };
        }
    });
}

#[test]
fn csv_holds_no_formula() {
    attacked(|report, view| {
        let rows = rows(&report::csv::render(report, view));
        let lines: usize = report.artifacts.iter().map(|one| one.lines.len()).sum();
        assert_eq!(rows.len(), report.findings.len() + lines);
    });
}

#[test]
fn graphs_hold_labels_alone() {
    attacked(|report, _| {
        assert_dot(&report::dot::render(report));
        assert_svg(&report::svg::render(report));
    });
}

/// A folder's name, and a reason of the policy.
#[cfg(unix)]
pub fn spoiled_files() -> Option<Ready> {
    let folder = "crates/u`|<b>\u{202e}x,=1%0A]";
    let policy = "[[exception]]\ncode = \"lost-telemetry\"\nline = \"0.25\"\n\
                  reason = \"=1 <script>alert(1)</script> `|` @octocat\"\nowner = \"a|b\"\n\
                  expires = 2999-12-31\n";
    Ready::changed("edge-agent", |sandbox| {
        let root = sandbox.root();
        std::fs::rename(root.join("crates/uplink"), root.join(folder)).unwrap();
        let manifest = std::fs::read_to_string(root.join("Cargo.toml")).unwrap();
        // Quoted for TOML; in the list of members a bracket is a pattern.
        let path = folder.replace(']', "[]]");
        let manifest = manifest.replacen("crates/uplink", &path, 1);
        sandbox.write("Cargo.toml", &manifest.replace("crates/uplink", folder));
        sandbox.write("otel-check.toml", policy);
        sandbox.write(".git/HEAD", "");
    })
}

#[cfg(not(unix))]
pub fn spoiled_files() -> Option<Ready> {
    None
}

/// From the file system to the screen.
#[test]
#[cfg(unix)]
fn hostile_files() {
    let Some(ready) = spoiled_files() else { return };
    let print = |format: &str| ready.run(&["--format", format]).stdout;
    let sarif = validated(&print("sarif"));
    let mut places = Vec::new();
    collect(&sarif["runs"][0]["results"], "uri", &mut places);
    let encoded = "crates/u%60%7C%3Cb%3E%E2%80%AEx%2C%3D1%250A%5D/Cargo.toml";
    assert!(places.iter().any(|uri| *uri == encoded), "{places:?}");
    let annotations = annotations(&print("github"));
    let file = "crates/u`|<b>\\u{202e}x,=1%0A]/Cargo.toml";
    assert!(annotations.iter().any(|one| one.properties["file"] == file));
    assert_inert_markdown(&print("markdown"));
    assert!(rows(&print("csv")).iter().any(|row| row["file"] == file));
    assert!(
        cases(&print("junit"))
            .iter()
            .any(|(_, _, state)| *state == "failure")
    );
    assert_svg(&print("svg"));
    assert_dot(&print("dot"));
    assert_plain(&print("short"));
}
