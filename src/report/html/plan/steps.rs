//! What to do, step by step, and the change that it amounts to.

use crate::plan::{PlanOption, Step};
use crate::report::plan::words;

use super::super::parts::{codes, commands, diff, term};
use super::super::write::Writer;

pub fn render(option: &PlanOption, w: &mut Writer) {
    // With one change alone, the whole below is that change.
    let own = option.steps.iter().filter(|step| !step.diff.is_empty());
    let own = own.count() > 1 || option.diff.is_empty();
    if !option.steps.is_empty() {
        w.element("h4", &[], "Steps");
        w.within("ol", &[("class", "steps")], |w| {
            for step in &option.steps {
                w.within("li", &[], |w| one(step, own, w));
            }
        });
    }
    if !option.diff.is_empty() {
        w.element("h4", &[], "Change");
        diff(w, &option.diff);
    }
}

fn one(step: &Step, with_diff: bool, w: &mut Writer) {
    w.within("p", &[("class", "step")], |w| {
        w.within("strong", &[], |w| {
            w.text(&format!("{} ", words::action(step.action)));
            w.code(&step.package);
        });
        w.text(&format!(
            " · wave {} · {}",
            step.wave,
            words::owner(step.owner)
        ));
        if !step.depends_on.is_empty() {
            w.text(&format!(" · after {}", words::after(&step.depends_on)));
        }
    });
    w.paragraph(&step.issue);
    w.paragraph(&step.change);
    if with_diff && !step.diff.is_empty() {
        diff(w, &step.diff);
    }
    if !step.commands.is_empty() {
        commands(w, step.commands.iter().map(String::as_str));
    }
    w.within("dl", &[], |w| facts(step, w));
}

fn facts(step: &Step, w: &mut Writer) {
    for risk in &step.risks {
        term(w, "risk", |w| {
            w.prose(&risk.text);
            w.element("cite", &[], &format!(" ({})", risk.source));
        });
    }
    let coded = [
        ("uses", &step.uses),
        ("tests", &step.tests),
        ("undo", &step.rollback),
    ];
    for (name, texts) in coded {
        if !texts.is_empty() {
            term(w, name, |w| codes(w, texts.iter().map(String::as_str)));
        }
    }
    if !step.done_when.is_empty() {
        // A sentence quotes names; a command is quoted as a whole.
        term(w, "done", |w| match step.done_when.contains('`') {
            true => w.prose(&step.done_when),
            false => w.code(&step.done_when),
        });
    }
}
