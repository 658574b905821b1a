//! Sentences about steps and plans.

use std::collections::BTreeSet;

use crate::plan::compose::Chosen;
use crate::plan::lag::{Lag, Outlook};
use crate::plan::local::Requirement;
use crate::plan::model::Action;
use crate::plan::search::Move;

use super::Plan;

impl Plan<'_> {
    /// What is lost by the plan.
    pub fn loses(&self) -> Vec<String> {
        let mut lost = BTreeSet::new();
        for Chosen {
            requirement,
            choice,
            ..
        } in self.moves
        {
            let name = &requirement.package;
            match choice {
                Move::Disable => {
                    let users: BTreeSet<&str> = requirement
                        .uses
                        .iter()
                        .map(|one| one.local.as_str())
                        .collect();
                    let users: Vec<&str> = users.into_iter().collect();
                    lost.insert(format!("`{name}` is switched off in {}", users.join(", ")));
                }
                Move::Drop { features } => {
                    lost.insert(format!("`{name}` goes without {}", features.join(", ")));
                }
                Move::Replace { package, .. } => {
                    lost.insert(format!(
                        "`{name}` gives way to `{package}`: code that names it has to be rewritten"
                    ));
                }
                Move::Keep | Move::Release { .. } | Move::Block => {}
            }
        }
        lost.into_iter().collect()
    }

    /// What is wrong with a requirement that is changed.
    pub(super) fn issue(&self, action: Action, requirement: &Requirement) -> String {
        let target = self.target;
        let name = &requirement.package;
        let today = match &requirement.locked {
            Some(version) => format!("`{name}` {version}"),
            None => format!("`{name}` \"{}\"", requirement.text),
        };
        let locked = requirement.locked.clone();
        let flaw = locked.and_then(|locked| self.avoids.get(&(name.clone(), locked)));
        if let Some(flaw) = flaw {
            return format!("{today} is a broken release: {flaw}");
        }
        match action {
            Action::Disable => format!("{today} is not of line {target}, and no release of it is."),
            Action::DropFeature => {
                format!("features of {today} bring another line than {target} in.")
            }
            Action::Replace => format!("{today} has ended, and has no release for line {target}."),
            Action::MoveFeature => format!("a feature asked of {today} is not there."),
            Action::SwitchFeature => {
                format!("the chosen feature of {today} is not of line {target}.")
            }
            Action::Lock
            | Action::Bump
            | Action::Downgrade
            | Action::Inherit
            | Action::Patch
            | Action::Wait
            | Action::Ask => format!("{today} is not of line {target}."),
        }
    }
}

/// What the past says about waiting, in one sentence; none where it says nothing.
pub fn outlook_in_words(outlook: &Outlook) -> Option<String> {
    let usual = |lag: &Lag| {
        format!(
            "{} days after a line as a rule (from {} to {}, over {} lines)",
            lag.median, lag.lowest, lag.highest, lag.lines
        )
    };
    match outlook {
        Outlook::Served => None,
        Outlook::Wait {
            usual_days,
            today_days,
        } => Some(format!(
            "wait: its releases come {}, and it is day {today_days}",
            usual(usual_days)
        )),
        Outlook::Escalate {
            usual_days,
            today_days,
            ..
        } => {
            let days = today_days
                .map(|days| format!("; it is day {days}"))
                .unwrap_or_default();
            Some(match usual_days {
                Some(lag) => format!("ask its owner: its releases came {}{days}", usual(lag)),
                None => format!("ask its owner: nothing says that a release is on its way{days}"),
            })
        }
        Outlook::Unknown { measured, .. } => Some(format!(
            "how long its releases take is not known ({measured} lines measured)"
        )),
    }
}
