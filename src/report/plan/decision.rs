//! Several options side by side, as texts that are still to be escaped.

use crate::plan::{Blocker, PlanOption, PlanReport};

use super::{is_marked, waves, words};

/// A table with a column for each option.
pub struct Decision {
    /// Letters of the options, and whether the option is the recommended one.
    pub heads: Vec<(&'static str, bool)>,
    /// What is compared, and the texts of each option.
    pub rows: Vec<(&'static str, Vec<String>)>,
}

/// None where there is nothing to compare.
pub fn decision(report: &PlanReport) -> Option<Decision> {
    if report.options.len() < 2 {
        return None;
    }
    let options = || report.options.iter();
    let row = |name, text: fn(&PlanOption) -> String| (name, options().map(text).collect());
    Some(Decision {
        heads: options()
            .map(|option| (words::id(option.id), is_marked(report, option)))
            .collect(),
        rows: vec![
            row("what", |option| option.title.clone()),
            row("target", |option| or_dash(option.target.clone())),
            row("outcome", |option| {
                words::outcome(&option.outcome).to_owned()
            }),
            row("cost", |option| {
                or_dash(option.cost.as_ref().map(words::cost))
            }),
            row("loses", |option| match option.loses.is_empty() {
                true => "nothing".to_owned(),
                false => option.loses.join("; "),
            }),
            row("waits for", |option| match names(&option.waits_for) {
                names if names.is_empty() => "nothing".to_owned(),
                names => names,
            }),
            row("steps", |option| {
                words::steps(option.steps.len(), waves(&option.steps).len())
            }),
        ],
    })
}

fn or_dash(text: Option<String>) -> String {
    text.unwrap_or_else(|| "–".to_owned())
}

/// Who, each once, without why.
pub fn names(blockers: &[Blocker]) -> String {
    let mut names: Vec<String> = blockers.iter().map(name).collect();
    names.dedup();
    names.join(", ")
}

/// `name@version`.
pub fn name(blocker: &Blocker) -> String {
    match &blocker.version {
        Some(version) => format!("{}@{version}", blocker.package),
        None => blocker.package.clone(),
    }
}
