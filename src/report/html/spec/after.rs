//! What behaves differently, what has ended, and what to do, in order.

use crate::report::html::parts::{commands, table};
use crate::report::html::write::Writer;
use crate::spec::Spec;
use crate::spec::model::{Basis, Command, Migration};

pub fn behaviour(spec: &Spec, w: &mut Writer) {
    w.element("h3", &[], "What behaves differently, although it compiles");
    if spec.manifest.basis == Basis::Missing {
        w.paragraph("Unknown, without its manifest.");
    } else if spec.behaviour.is_empty() {
        w.paragraph("Nothing is known to.");
    }
    if spec.behaviour.is_empty() {
        return;
    }
    w.within("ul", &[], |w| {
        for one in &spec.behaviour {
            w.within("li", &[], |w| {
                w.code(&one.name);
                w.text(&format!(" {}: ", one.since));
                w.prose(&one.summary);
                w.text(" ");
                w.prose(&one.advice);
                w.element("cite", &[], &format!(" ({})", one.source));
            });
        }
    });
}

pub fn migrations(migrations: &[Migration], w: &mut Writer) {
    if migrations.is_empty() {
        return;
    }
    w.element("h3", &[], "Crates that have ended");
    for one in migrations {
        w.within("p", &[], |w| {
            w.code(&one.name);
            w.text(" gives way to ");
            w.code(&one.successor);
            w.text(match one.needed {
                true => ". ",
                false => "; this line can be reached without. ",
            });
            w.prose(one.advice.as_deref().unwrap_or_default());
            w.element("cite", &[], &format!(" ({})", one.source));
        });
        settings(one, w);
    }
}

fn settings(migration: &Migration, w: &mut Writer) {
    if migration.settings.is_empty() {
        return;
    }
    let caption = format!("What deployments change for {}", migration.name);
    let heads = ["what", "today", "then", "note"].map(str::to_owned);
    table(w, "plain", &caption, &heads, |w| {
        for one in &migration.settings {
            w.within("tr", &[], |w| {
                w.element("th", &[("scope", "row")], &one.what);
                for text in [&one.before, &one.after] {
                    w.within("td", &[], |w| match text {
                        Some(text) => w.code(text),
                        None => w.text("nothing"),
                    });
                }
                w.within("td", &[], |w| {
                    w.prose(one.note.as_deref().unwrap_or("–"));
                });
            });
        }
    });
}

pub fn steps(spec: &Spec, w: &mut Writer) {
    if !spec.steps.is_empty() {
        w.element("h3", &[], "Steps");
        w.within("ol", &[("class", "steps")], |w| {
            for step in &spec.steps {
                w.within("li", &[], |w| {
                    w.paragraph(&step.text);
                    if !step.commands.is_empty() {
                        commands(w, step.commands.iter().map(String::as_str));
                    }
                });
            }
        });
    }
    explained("Tests", &spec.tests, w);
    if !spec.repeat.is_empty() {
        w.element("h3", &[], "How to see it again");
        let heads = ["claim", "command"].map(str::to_owned);
        table(w, "plain", "How to see it again", &heads, |w| {
            for one in &spec.repeat {
                w.within("tr", &[], |w| {
                    w.within("th", &[("scope", "row")], |w| w.prose(&one.claim));
                    w.within("td", &[], |w| w.code(&one.command));
                });
            }
        });
    }
    explained("Rollback", &spec.rollback, w);
    if !spec.notes.is_empty() {
        w.element("h3", &[], "Notes");
        w.list(spec.notes.iter().map(String::as_str));
    }
}

fn explained(title: &str, commands: &[Command], w: &mut Writer) {
    if commands.is_empty() {
        return;
    }
    w.element("h3", &[], title);
    w.within("ul", &[], |w| {
        for one in commands {
            w.within("li", &[], |w| {
                w.code(&one.command);
                w.text(" ");
                w.prose(&one.what);
            });
        }
    });
}
