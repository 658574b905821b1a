//! What there is to say of a package, for people.

use std::collections::BTreeSet;

use unicode_width::UnicodeWidthStr;

use crate::explain::{Asked, Explained, Explanation, Linked, Move, Told, Way};
use crate::report::escape::terminal;
use crate::report::human::{Options, Paint};
use crate::report::plain::counted;
use crate::report::{Culprit, Liveness};

/// How many of a kind are shown where not everything is asked for.
const SHOWN: usize = 6;

/// Renders an explanation.
pub fn render(explanation: &Explanation, options: &Options) -> String {
    let paint = Paint::new(options);
    let mut out = String::new();
    for note in &explanation.notes {
        out.push_str(&format!("{}\n", paint.dim(&terminal(note))));
    }
    for (number, package) in explanation.packages.iter().enumerate() {
        if number > 0 || !explanation.notes.is_empty() {
            out.push('\n');
        }
        one(package, paint, options, &mut out);
    }
    out
}

fn one(package: &Explained, paint: Paint, options: &Options, out: &mut String) {
    out.push_str(&format!(
        "{}  {}\n",
        paint.bold(&terminal(&package.package)),
        paint.dim(&about(package))
    ));
    let targets: BTreeSet<&String> = package.artifacts.iter().map(|one| &one.target).collect();
    let linked = package
        .artifacts
        .iter()
        .map(|one| linked(one, targets.len() > 1))
        .collect();
    let none = "nothing that these builds link".to_owned();
    section("linked by", linked, Some(none), paint, options, out);
    let ways = package.ways.iter().map(|one| way(one, paint)).collect();
    let none = package
        .member
        .then(|| "it is of the workspace itself".to_owned());
    section("comes in through", ways, none, paint, options, out);
    let facts = package.facts.iter();
    let facts = facts.map(|fact| {
        let source = paint.dim(&format!("({})", terminal(&fact.source)));
        vec![format!("{} {source}", terminal(&fact.text))]
    });
    section("known of it", facts.collect(), None, paint, options, out);
    let findings = package.findings.iter().map(told).collect();
    section("findings", findings, None, paint, options, out);
    let moves = package.moves.iter().map(moved).collect();
    let none = package
        .unknown_releases
        .as_ref()
        .map(|why| format!("its releases are not known: {}", terminal(why)));
    section("what would move it", moves, none, paint, options, out);
}

/// A heading with its items, each of one or more lines; what is said where there are none.
fn section(
    title: &str,
    items: Vec<Vec<String>>,
    none: Option<String>,
    paint: Paint,
    options: &Options,
    out: &mut String,
) {
    if items.is_empty() && none.is_none() {
        return;
    }
    out.push_str(&format!("\n{}\n", paint.bold(title)));
    if let Some(none) = none.filter(|_| items.is_empty()) {
        out.push_str(&format!("  {none}\n"));
    }
    let more = match options.verbose {
        true => 0,
        false => items.len().saturating_sub(SHOWN),
    };
    for item in &items[..items.len() - more] {
        let lines = item
            .iter()
            .flat_map(|line| wrapped(line, options.width.saturating_sub(4)));
        for (number, line) in lines.enumerate() {
            let indent = if number == 0 { "  " } else { "    " };
            out.push_str(&format!("{indent}{line}\n"));
        }
    }
    if more > 0 {
        out.push_str(&format!("  … and {more} more; `-v` shows them\n"));
    }
}

/// A line broken between its words, where it is longer than so many columns.
fn wrapped(line: &str, columns: usize) -> Vec<String> {
    let width = |text: &str| anstream::adapter::strip_str(text).to_string().width();
    let mut lines = vec![String::new()];
    for word in line.split(' ') {
        let Some(last) = lines.last_mut() else {
            break;
        };
        if last.is_empty() {
            last.push_str(word);
        } else if width(last) + 1 + width(word) <= columns {
            last.push(' ');
            last.push_str(word);
        } else {
            lines.push(word.to_owned());
        }
    }
    lines
}

fn about(package: &Explained) -> String {
    let mut parts = Vec::new();
    parts.push(match package.member {
        true => "member of the workspace".to_owned(),
        false => format!("from {}", terminal(&package.source)),
    });
    match (&package.family, package.lines.is_empty()) {
        (None, _) => parts.push("links nothing of any family".to_owned()),
        (Some(family), true) => parts.push(format!("links no line of {family} here")),
        (Some(family), false) => {
            let plural = if package.lines.len() > 1 {
                "lines"
            } else {
                "line"
            };
            parts.push(format!("{family} {plural} {}", package.lines.join(", ")));
        }
    }
    parts.join(" · ")
}

/// The target is named where there are several.
fn linked(one: &Linked, several_targets: bool) -> Vec<String> {
    let lines = one.lines.iter();
    let lines: Vec<String> = lines
        .map(|line| format!("{} {}", terminal(&line.line), live(line.live)))
        .collect();
    let lines = match lines.is_empty() {
        true => String::new(),
        false => format!(": line {}", lines.join(", line ")),
    };
    let builds: Vec<String> = one
        .builds
        .iter()
        .map(|build| terminal(build).into_owned())
        .collect();
    let mut text = vec![
        format!("{}{lines}", terminal(&one.artifact)),
        match several_targets {
            true => format!("in {} for {}", builds.join(", "), terminal(&one.target)),
            false => format!("in {}", builds.join(", ")),
        },
    ];
    if !one.features.is_empty() {
        text.push(format!("with {}", terminal(&one.features.join(", "))));
    }
    text
}

fn live(live: Liveness) -> &'static str {
    match live {
        Liveness::Set => "live",
        Liveness::Assumed => "assumed live",
        Liveness::Dead => "set up by nobody",
        Liveness::Unknown => "not looked at",
    }
}

fn way(way: &Way, paint: Paint) -> Vec<String> {
    let mut text: Vec<String> = Vec::new();
    let steps: Vec<String> = way
        .steps
        .iter()
        .map(|step| match &step.requirement {
            Some(requirement) => {
                format!(
                    "{} {}",
                    paint.dim(&format!("→ `{}`", terminal(requirement))),
                    terminal(&step.package)
                )
            }
            None => terminal(&step.package).into_owned(),
        })
        .collect();
    text.push(steps.join(" "));
    text.extend(
        way.culprit
            .as_ref()
            .map(|culprit| format!("by {}", place(culprit))),
    );
    let artifacts: Vec<String> = way
        .artifacts
        .iter()
        .map(|one| terminal(one).into_owned())
        .collect();
    text.push(match artifacts.is_empty() {
        true => "in nothing that these builds link".to_owned(),
        false if artifacts.len() > 3 => {
            format!(
                "in {} and {} more",
                artifacts[..3].join(", "),
                artifacts.len() - 3
            )
        }
        false => format!("in {}", artifacts.join(", ")),
    });
    text
}

fn place(culprit: &Culprit) -> String {
    let mut text = format!(
        "`{}` at {}",
        terminal(&culprit.requirement),
        terminal(&culprit.file)
    );
    if let Some(line) = culprit.line {
        text.push_str(&format!(":{line}"));
    }
    if let Some(column) = culprit.column {
        text.push_str(&format!(":{column}"));
    }
    if let Some(by) = &culprit.inherited_by {
        text.push_str(&format!(", inherited at {}", terminal(by)));
    }
    text
}

fn told(told: &Told) -> Vec<String> {
    let mut text = vec![format!(
        "{} {}: {}",
        told.level.name(),
        told.code,
        terminal(&told.message)
    )];
    text.extend(
        told.artifact
            .as_ref()
            .map(|artifact| format!("in {}", terminal(artifact))),
    );
    text
}

fn moved(one: &Move) -> Vec<String> {
    let features = match one.features.is_empty() {
        true => String::new(),
        false => format!(" with {}", terminal(&one.features.join(" or "))),
    };
    let mut text = vec![format!(
        "line {}{}: release {}{features}",
        terminal(&one.line),
        if one.live {
            ", which is live there"
        } else {
            ""
        },
        terminal(&one.release)
    )];
    if let Some(command) = &one.command {
        text.push(format!("`{}`", terminal(command)));
    }
    let here = one
        .in_the_way
        .iter()
        .filter_map(|asked| asked.declared.as_ref());
    text.extend(here.map(|culprit| format!("change {}", place(culprit))));
    let (_, others): (Vec<&Asked>, Vec<&Asked>) = one
        .in_the_way
        .iter()
        .partition(|asked| asked.declared.is_some());
    for asked in others.iter().take(3) {
        text.push(format!(
            "{} asks for `{}`",
            terminal(&asked.by),
            terminal(&asked.requirement)
        ));
    }
    if others.len() > 3 {
        text.push(format!(
            "and {}",
            counted(others.len() - 3, "other requirement")
        ));
    }
    text
}

#[cfg(test)]
pub mod testing {
    use super::*;
    use crate::explain::{Fact, OnLine, explanation};
    use crate::report::{ArtifactClass, Level, PathStep};

    /// An explanation with everything in it, every text of it hostile.
    pub fn sample() -> Explanation {
        let evil = |text: &str| format!("{text}\u{1b}[31m\u{202e}\n|`<b>");
        let culprit = Culprit {
            file: evil("Cargo.toml"),
            line: Some(3),
            column: Some(7),
            requirement: evil("a = \"1\""),
            span: (0, 1),
            inherited_by: Some(evil("b/Cargo.toml:3")),
        };
        let asked = |declared: Option<Culprit>| Asked {
            by: evil("b@1.0.0"),
            requirement: evil("^1"),
            declared,
        };
        let package = Explained {
            package: evil("a@1.0.0"),
            source: evil("git"),
            member: false,
            family: Some("Family".into()),
            role: None,
            lines: vec!["1".into()],
            artifacts: vec![Linked {
                artifact: evil("b/bin/b"),
                class: ArtifactClass::Linked,
                target: evil("t"),
                builds: vec![evil("-p b")],
                lines: vec![OnLine {
                    line: "1".into(),
                    live: Liveness::Set,
                }],
                features: vec![evil("f")],
            }],
            ways: vec![Way {
                steps: vec![
                    PathStep {
                        package: evil("b@1.0.0"),
                        requirement: None,
                    },
                    PathStep {
                        package: evil("a@1.0.0"),
                        requirement: Some(evil("^1")),
                    },
                ],
                culprit: Some(culprit.clone()),
                artifacts: vec![evil("b/bin/b")],
            }],
            facts: vec![Fact {
                text: evil("t"),
                source: evil("s"),
            }],
            findings: vec![Told {
                level: Level::Deny,
                code: "c".into(),
                verdict: None,
                message: evil("m"),
                artifact: Some(evil("b/bin/b")),
            }],
            moves: vec![Move {
                line: "2".into(),
                live: true,
                release: evil("2.0.0"),
                features: vec![evil("f")],
                in_the_way: vec![asked(Some(culprit)), asked(None)],
                command: Some(evil("cargo update")),
            }],
            unknown_releases: None,
        };
        let mut explanation = explanation(&evil("a"));
        explanation.notes.push(evil("n"));
        explanation.packages.push(package);
        explanation
    }

    #[test]
    fn hostile_texts_are_inert() {
        let options = Options {
            colours: false,
            width: 80,
            verbose: true,
        };
        let text = render(&sample(), &options);
        assert!(!text.contains(['\u{1b}', '\u{202e}']), "{text}");
        // A break in a name would make two lines of one.
        assert_eq!(
            text.lines().filter(|line| line.starts_with('|')).count(),
            0,
            "{text}"
        );
    }
}
