//! A finding in full: the requirement where it stands, the way, the evidence, what to do next.

use crate::report::group::artifacts;
use crate::report::{Culprit, Evidence, EvidenceKind, Finding, Report};

use super::super::excerpt::excerpt;
use super::super::parts::{codes, term, verbatim};
use super::super::write::Writer;
use super::{Numbered, badge, id};

pub fn render(
    report: &Report,
    numbered: &Numbered<'_>,
    number: usize,
    group: &[&Finding],
    w: &mut Writer,
) {
    let finding = group[0];
    w.within("h3", &[("id", &format!("{}-title", id(number)))], |w| {
        badge(finding, w);
        w.text(" ");
        w.element("code", &[("class", "name")], &finding.code);
        w.text(" ");
        w.prose(&finding.message);
    });
    if let Some(consequence) = &finding.consequence {
        w.within("p", &[("class", "so")], |w| w.prose(consequence));
    }
    if let Some(culprit) = &finding.culprit {
        requirement(report, culprit, w);
    }
    w.within("dl", &[], |w| {
        cause(numbered, number, finding, w);
        places(group, w);
        for culprit in &finding.also_through {
            term(w, "also through", |w| place(culprit, w));
        }
        path(finding, w);
        seen(finding, w);
        if !finding.help.is_empty() {
            term(w, "next", |w| {
                w.list(finding.help.iter().map(String::as_str))
            });
        }
        passes(finding, w);
        term(w, "more", |w| {
            w.code(&format!("cargo otel-check explain {}", finding.code));
        });
    });
}

/// The finding that explains this one.
fn cause(numbered: &Numbered<'_>, number: usize, finding: &Finding, w: &mut Writer) {
    let Some(code) = &finding.consequence_of else {
        return;
    };
    let at = |one: &Finding| one.culprit.as_ref().map(|one| (one.file.clone(), one.span));
    let same = |one: &Finding| one.code == *code && at(one) == at(finding);
    let target = numbered.first(same).filter(|found| *found != id(number));
    term(w, "follows from", |w| match target {
        Some(target) => w.within("a", &[("href", &format!("#{target}"))], |w| w.code(code)),
        None => w.code(code),
    });
}

fn places(group: &[&Finding], w: &mut Writer) {
    let names = artifacts(group);
    if names.is_empty() {
        return;
    }
    term(w, "in", |w| {
        w.within("ul", &[("class", "plain")], |w| {
            for name in names {
                w.within("li", &[], |w| {
                    w.code(name);
                    let of = group
                        .iter()
                        .filter(|one| one.artifact.as_deref() == Some(name));
                    let mut builds: Vec<&str> =
                        of.flat_map(|one| &one.builds).map(String::as_str).collect();
                    builds.sort_unstable();
                    builds.dedup();
                    if !builds.is_empty() {
                        w.text(" by ");
                        let commands: Vec<String> = builds
                            .iter()
                            .map(|one| format!("cargo build {one}"))
                            .collect();
                        codes(w, commands.iter().map(String::as_str));
                    }
                });
            }
        });
    });
}

/// Where it stands, and the text around it where that is at hand.
fn requirement(report: &Report, culprit: &Culprit, w: &mut Writer) {
    w.within("figure", &[], |w| {
        w.within("figcaption", &[], |w| place(culprit, w));
        let text = report.texts.get(&culprit.file);
        if let Some(text) = text.filter(|_| culprit.line.is_some()) {
            excerpt(text, culprit.span, w);
        }
    });
}

fn place(culprit: &Culprit, w: &mut Writer) {
    let place = match (culprit.line, culprit.column) {
        (Some(line), Some(column)) => format!("{}:{line}:{column}", culprit.file),
        _ => culprit.file.clone(),
    };
    w.element("code", &[("class", "place")], &place);
    w.text(" ");
    w.code(&culprit.requirement);
    if let Some(by) = &culprit.inherited_by {
        w.text(", inherited at ");
        w.element("code", &[("class", "place")], by);
    }
}

fn path(finding: &Finding, w: &mut Writer) {
    if finding.path.len() < 2 {
        return;
    }
    term(w, "path", |w| {
        w.within("ol", &[("class", "path")], |w| {
            for step in &finding.path {
                w.within("li", &[], |w| {
                    if let Some(requirement) = &step.requirement {
                        w.text("by ");
                        w.code(requirement);
                        w.text(" to ");
                    }
                    w.element("strong", &[], &step.package);
                });
            }
        });
    });
}

fn seen(finding: &Finding, w: &mut Writer) {
    if finding.evidence.is_empty() {
        return;
    }
    term(w, "evidence", |w| {
        w.within("ul", &[("class", "evidence")], |w| {
            for one in &finding.evidence {
                w.within("li", &[], |w| evidence(one, w));
            }
        });
    });
}

fn evidence(evidence: &Evidence, w: &mut Writer) {
    let kind = match evidence.kind {
        EvidenceKind::Source => "source",
        EvidenceKind::Rule => "rule",
        EvidenceKind::Graph => "graph",
        EvidenceKind::Missing => "not looked at",
    };
    w.element("span", &[("class", "kind")], kind);
    w.text(" ");
    if let (Some(package), Some(file)) = (&evidence.package, &evidence.file) {
        let mut place = format!("{package} {file}");
        for number in [evidence.line, evidence.column].into_iter().flatten() {
            place.push_str(&format!(":{number}"));
        }
        w.element("code", &[("class", "place")], &place);
        w.text(" ");
    }
    let mut lines = evidence.text.lines();
    w.prose(lines.next().unwrap_or_default());
    if let Some(source) = &evidence.source {
        match evidence.kind {
            EvidenceKind::Rule => w.element("cite", &[], &format!(" ({source})")),
            EvidenceKind::Graph | EvidenceKind::Source | EvidenceKind::Missing => {
                w.text(" (see ");
                w.code(source);
                w.text(")");
            }
        }
    }
    if lines.next().is_some() {
        // What another program said, as it said it.
        verbatim(w, &evidence.text);
    }
}

fn passes(finding: &Finding, w: &mut Writer) {
    if let Some(excepted) = &finding.excepted {
        term(w, "let through", |w| {
            w.text(&excepted.reason);
            w.text(&format!(" ({}, until {})", excepted.owner, excepted.until));
        });
    } else if finding.known {
        term(w, "let through", |w| w.text("it stands in the baseline"));
    }
}
