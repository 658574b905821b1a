//! Which option to take, and why.

use std::collections::BTreeSet;

use crate::plan::model::{OptionId, Outcome, PlanOption, PlanReport, TargetReason};

impl PlanReport {
    /// Chooses among the options that are proven: the first, since they stand in the order of what
    /// one would want.
    pub(super) fn recommend(&mut self) {
        let holds = |option: &&PlanOption| match option.outcome {
            Outcome::Proven { .. } | Outcome::NothingToDo => true,
            Outcome::Unproven { .. } | Outcome::None { .. } => false,
        };
        let proven = |id| {
            self.options
                .iter()
                .filter(holds)
                .find(|option| option.id == id)
        };
        let choice = [OptionId::A, OptionId::C, OptionId::B]
            .into_iter()
            .find_map(proven);
        (self.recommended, self.because) = match choice {
            Some(option) => (Some(option.id), self.reason(option)),
            None => (None, self.no_reason()),
        };
    }

    fn reason(&self, option: &PlanOption) -> String {
        let target = option.target.clone().unwrap_or_default();
        let rows = self.targets.iter().filter(|row| row.line == target);
        let reasons: BTreeSet<TargetReason> = rows.flat_map(|row| row.because.clone()).collect();
        let line = match reasons.first() {
            Some(TargetReason::Asked) => format!("{target} was asked for"),
            Some(TargetReason::Live) => {
                format!("{target} is the line of which providers are installed")
            }
            Some(TargetReason::NewestCommon) => {
                format!("{target} is the newest line that everything in use serves")
            }
            Some(TargetReason::Newest) => format!("{target} is the newest line"),
            Some(TargetReason::FewestEdits) => format!("{target} needs the fewest edits"),
            None => format!("{target} is what cargo could prove"),
        };
        match option.id {
            OptionId::A => line,
            OptionId::B => format!("nothing else is proven; {line}"),
            OptionId::C => format!("what was aimed at first is held back; {line}"),
        }
    }

    fn no_reason(&self) -> String {
        let because = self
            .options
            .iter()
            .find_map(|option| match &option.outcome {
                Outcome::None { because } | Outcome::Unproven { because } => Some(because.clone()),
                Outcome::Proven { .. } | Outcome::NothingToDo => None,
            });
        because.unwrap_or_else(|| "no plan was found".into())
    }
}
