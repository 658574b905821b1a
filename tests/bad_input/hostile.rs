//! Names that would do something to the reader's terminal, spreadsheet or page.

use crate::lab::Lab;
use crate::loopback::Package;
use crate::support::graph_json::{Node, metadata};
use crate::{assert_plain, finish};

const RED: &str = "\u{1b}[31mred\u{1b}]0;title\u{7}";
const REVERSED: &str = "rev\u{202e}desrever";
const LINES: &str = "one\ntwo\rthree";
const FOLDERS: &str = "../../x";
const FORMULA: &str = "=HYPERLINK(\"x\")";
const MARKUP: &str = "<img src=x>|`";

/// Two lines in one binary, everything of it named so.
fn hostile(name: &str) -> String {
    let mut nodes = [
        Node::new(name, "0.1.0", &[1, 2, 4])
            .member()
            .bin()
            .target(name),
        Node::new("opentelemetry", "0.27.1", &[]),
        Node::new(&format!("{name}-lib"), "1.0.0", &[3]),
        Node::new("opentelemetry", "0.21.0", &[]),
        Node::new("opentelemetry_sdk", "0.27.1", &[1]),
    ];
    nodes[1].features.push(name.to_owned());
    metadata(&nodes).to_string()
}

fn lab() -> Lab {
    Lab::new([
        Package::new("opentelemetry", "0.21.0"),
        Package::new("opentelemetry", "0.27.1"),
        Package::new("opentelemetry_sdk", "0.27.1"),
    ])
}

#[test]
fn hostile_names_stay_text() {
    let lab = lab();
    for name in [RED, REVERSED, LINES, FOLDERS, FORMULA, MARKUP] {
        lab.sandbox.write("m.json", &hostile(name));
        let commands: [&[&str]; 9] = [
            &["check"],
            &["check", "-v"],
            &["check", "--color", "never", "-v"],
            &["inventory"],
            &["inventory", "--format", "csv"],
            &["matrix"],
            &["matrix", "--format", "markdown"],
            &["matrix", "--format", "csv"],
            &["check", "--format", "json"],
        ];
        let mut seen = false;
        for command in commands {
            let arguments = [command, &["--metadata-path", "m.json"]].concat();
            let run = finish(lab.command(&arguments), "");
            assert!(
                [0, 100, 101].contains(&run.code),
                "{name:?} {command:?}: {}",
                run.stderr
            );
            assert_plain(&run.stderr);
            if command.contains(&"json") {
                // Its consumers unescape it; no byte of it moves a terminal's cursor.
                assert!(!run.stdout.contains(['\u{1b}', '\u{7}', '\r']));
            } else {
                assert_plain(&run.stdout);
            }
            if command.contains(&"csv") {
                let starts = run.stdout.lines().flat_map(|line| line.split(','));
                let formula = starts
                    .into_iter()
                    .find(|field| field.starts_with(['=', '@']));
                assert_eq!(formula, None);
            }
            if command.contains(&"markdown") {
                // In a code span, which the backtick among it does not end.
                let mut lines = run.stdout.lines().filter(|line| line.contains("<img"));
                assert!(lines.all(|line| line.contains("``<img src=x>\\|`-lib``")));
            }
            seen |= run.code != 101;
        }
        assert!(seen, "every command refused {name:?}");
    }
}

/// A command prints the features and names that it could not find.
#[test]
fn hostile_names_in_the_errors_about_a_graph() {
    let lab = lab();
    lab.sandbox.write(
        "m.json",
        &hostile(RED).replace("\"nodes\":[", "\"nodes\":[ "),
    );
    for options in [["-p", RED], ["--features", REVERSED], ["--features", LINES]] {
        let arguments = [&["--metadata-path", "m.json"][..], &options].concat();
        let run = finish(lab.command(&arguments), "");
        assert_plain(&run.stderr);
        assert_plain(&run.stdout);
    }
}
