//! `--template FILE`.

use crate::assert_failure;
use crate::story::story;

#[test]
fn of_ones_own() {
    let lab = story("edge-agent");
    let template = "{{ package.name }} {{ from|join('+') }} to {{ family }} {{ to }}\n\
                    {% for step in steps %}\n{{ step.number }}) {{ step.text }}\n{% endfor %}\n\
                    {{ package.origin.path }} {{ '<b>' }} {{ schema_version }} {{ tool.name }}\n";
    lab.sandbox.write("mine.md", template);
    let run = lab.run(&["spec", "--template", "mine.md"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let lines: Vec<&str> = run.stdout.lines().collect();
    assert_eq!(lines[0], "uplink 0.21 to OpenTelemetry 0.27");
    assert_eq!(lines[1], "1) Change the manifest as the diff shows.");
    assert_eq!(
        lines[lines.len() - 1],
        "crates/uplink \\<b\\> 1 cargo-otel-check"
    );
}

#[test]
fn with_mistakes() {
    let lab = story("edge-agent");
    for (template, words) in [
        ("a\n{{ packge.name }}\n", "mine.md:2: undefined value"),
        ("a\n\n{% for x in steps %}\n", "mine.md:3: syntax error"),
        ("{{ to|shout }}", "mine.md:1: unknown filter"),
    ] {
        lab.sandbox.write("mine.md", template);
        let run = lab.run(&["spec", "--template", "mine.md"]);
        assert_failure(&run, 2, &[words]);
        let run = lab.run(&["spec", "--template", "mine.md", "--output", "specs"]);
        assert_failure(&run, 2, &[words]);
        assert!(!lab.root().join("specs").exists());
    }
    let run = lab.run(&["spec", "--template", "not-there.md"]);
    assert_failure(&run, 2, &["not-there.md"]);
    std::fs::write(lab.root().join("mine.md"), b"\xff\xfe").unwrap();
    let run = lab.run(&["spec", "--template", "mine.md"]);
    assert_failure(&run, 2, &["is not UTF-8"]);
}
