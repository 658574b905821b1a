//! Specifications: what the owner of each package has to do, one part of the page for each.

mod after;
mod change;
mod code;

use crate::report::cells::word;
use crate::report::spec::affected::{foremost, has_several};
use crate::report::spec::style::Style;
use crate::report::spec::words;
use crate::spec::model::{Affected, Loss, Outcome, Why};
use crate::spec::{Spec, SpecReport, address};

use super::parts::{codes, table, term};
use super::write::Writer;

/// As words are written here.
const H: Style = Style::Html;

/// What the page is about.
pub fn headline(reports: &[SpecReport]) -> String {
    let mut all = reports.iter().flat_map(|report| &report.specs);
    match (all.next(), all.count()) {
        (None, _) => "Nothing to ask of anybody".to_owned(),
        // What is to be done stands right below.
        (Some(spec), 0) => format!(
            "Specification for {} {}",
            spec.package.name, spec.package.version
        ),
        (Some(_), others) => format!("{} specifications", others + 1),
    }
}

pub fn title(report: &SpecReport, spec: &Spec) -> String {
    format!(
        "Bring {} {} to {} {}",
        spec.package.name, spec.package.version, report.family, spec.to
    )
}

pub fn render(spec: &Spec, w: &mut Writer) {
    w.within("p", &[], |w| {
        let class = format!("badge {}", class(&spec.outcome));
        w.element("span", &[("class", &class)], state(&spec.outcome));
        w.text(" ");
        w.trusted(&words::summary(H, &spec.outcome));
    });
    facts(spec, w);
    why(&spec.why, w);
    affected(&spec.package.name, &spec.affected, w);
    losses(&spec.losses, w);
    change::manifest(spec, w);
    change::releases(spec, w);
    change::features(spec, w);
    w.element("h3", &[], "Toolchain");
    w.within("p", &[], |w| {
        w.trusted(&words::toolchain(H, &spec.toolchain));
    });
    code::hits(&spec.code, w);
    code::compiler(spec, w);
    code::recipes(&spec.recipes, w);
    after::behaviour(spec, w);
    after::migrations(&spec.migrations, w);
    after::steps(spec, w);
}

fn state(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::BumpOnly => "compiles",
        Outcome::Changes => "code changes",
        Outcome::Perhaps => "code may change",
        Outcome::Unproven => "not compiled",
        Outcome::Waits { .. } => "waits",
        Outcome::Unknown { .. } => "unknown",
    }
}

fn class(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::BumpOnly => "good",
        Outcome::Changes | Outcome::Perhaps | Outcome::Unproven => "warn",
        Outcome::Waits { .. } | Outcome::Unknown { .. } => "deny",
    }
}

fn facts(spec: &Spec, w: &mut Writer) {
    let package = &spec.package;
    w.within("dl", &[], |w| {
        term(w, "package", |w| {
            w.code(&package.name);
            w.text(&format!(" {}, ", package.version));
            w.trusted(&words::origin(H, &package.origin));
        });
        term(w, "lines", |w| {
            let from = match spec.from.is_empty() {
                true => "unknown".to_owned(),
                false => spec.from.join(", "),
            };
            w.text(&format!("{from} → {}", spec.to));
        });
        term(w, "effort", |w| w.text(&words::effort(&spec.effort)));
        if let Some(text) = &package.description {
            term(w, "description", |w| w.text(text));
        }
        if !package.authors.is_empty() {
            term(w, "authors", |w| w.text(&package.authors.join(", ")));
        }
        let addresses = [
            ("repository", &package.repository),
            ("issues", &package.issues),
        ];
        for (name, text) in addresses {
            if let Some(text) = text {
                term(w, name, |w| link(text, w));
            }
        }
    });
}

/// An address that a reader may follow; else its text.
fn link(text: &str, w: &mut Writer) {
    match address(text) {
        Some(address) => {
            let attributes = [("href", address.as_str()), ("rel", "noreferrer noopener")];
            w.element("a", &attributes, &address);
        }
        None => w.code(text),
    }
}

fn why(why: &Why, w: &mut Writer) {
    w.element("h3", &[], "Why");
    w.within("ul", &[], |w| {
        for sentence in &why.because {
            w.within("li", &[], |w| w.prose(sentence));
        }
        if why.because.is_empty() {
            w.within("li", &[], |w| w.prose(words::reason(why.reason)));
        }
        for place in &why.through {
            w.within("li", &[], |w| {
                w.text("It comes in through ");
                w.code(place);
            });
        }
        if let Some(outlook) = &why.outlook {
            w.within("li", &[], |w| w.prose(outlook));
        }
    });
}

fn affected(package: &str, affected: &[Affected], w: &mut Writer) {
    if affected.is_empty() {
        return;
    }
    let caption = "Artifacts that link it";
    let several = has_several(affected);
    let (shown, left) = foremost(affected);
    let heads = ["artifact", "lines", "verdict", "builds", "targets"].map(str::to_owned);
    let heads = if several { &heads[..] } else { &heads[..4] };
    table(w, "plain", caption, heads, |w| {
        for one in shown {
            w.within("tr", &[], |w| {
                w.within("th", &[("scope", "row")], |w| w.code(&one.artifact));
                w.element("td", &[], &one.lines.join(", "));
                w.element("td", &[], one.verdict.map_or("none", word));
                w.within("td", &[], |w| {
                    codes(w, one.builds.iter().map(String::as_str));
                });
                if several {
                    w.within("td", &[], |w| {
                        codes(w, one.targets.iter().map(String::as_str));
                    });
                }
            });
        }
    });
    if left > 0 {
        w.within("p", &[], |w| {
            w.text(&format!("{left} more are named by "));
            w.code(&format!("cargo otel-check explain {package}"));
            w.text(".");
        });
    }
}

fn losses(losses: &[Loss], w: &mut Writer) {
    w.element("h3", &[], "What goes wrong today");
    if losses.is_empty() {
        w.paragraph("Nothing was found to.");
    }
    for loss in losses {
        w.within("article", &[], |w| {
            w.within("h4", &[], |w| {
                match loss.verdict {
                    Some(verdict) => w.element("strong", &[], word(verdict)),
                    None => w.element("strong", &[], &loss.code),
                }
                if let Some(artifact) = &loss.artifact {
                    w.text(" in ");
                    w.code(artifact);
                }
            });
            w.paragraph(&loss.message);
            if let Some(consequence) = &loss.consequence {
                w.within("p", &[("class", "so")], |w| w.prose(consequence));
            }
            w.within("dl", &[], |w| {
                if !loss.path.is_empty() {
                    term(w, "on the way", |w| {
                        for (number, step) in loss.path.iter().enumerate() {
                            if number > 0 {
                                w.text(" → ");
                            }
                            w.code(step);
                        }
                    });
                }
                if !loss.evidence.is_empty() {
                    term(w, "seen", |w| {
                        items(w, loss.evidence.iter().map(|one| words::evidence(H, one)));
                    });
                }
            });
        });
    }
}

/// A list of what is written already; nothing where there is nothing.
fn items(w: &mut Writer, all: impl Iterator<Item = String>) {
    let mut all = all.peekable();
    if all.peek().is_none() {
        return;
    }
    w.within("ul", &[], |w| {
        all.for_each(|one| w.within("li", &[], |w| w.trusted(&one)));
    });
}
