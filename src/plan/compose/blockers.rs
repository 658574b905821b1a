//! Who keeps a line from being reached, and why.

use crate::plan::model::Blocker;
use crate::plan::search::{self, Answer, Move, Question};
use crate::plan::{lag, order};
use crate::skew::Line;

use super::{Base, Planner};

impl Planner<'_> {
    pub(super) fn blockers(
        &self,
        base: &Base,
        question: &Question<'_>,
        answer: &Answer,
        target: Line,
    ) -> Vec<Blocker> {
        let mut blockers = Vec::new();
        for (number, choice) in answer.moves.iter().enumerate() {
            match choice {
                // What is switched off waits for the same release.
                Move::Block | Move::Disable | Move::Drop { .. } => {}
                Move::Keep | Move::Release { .. } | Move::Replace { .. } => continue,
            }
            let requirement = &question.requirements[number];
            let why = search::obstacle(question, number);
            let companions = base.facts.matrix.companions.iter();
            let mut companions = companions.filter(|one| one.name == requirement.package);
            let outlook = self
                .wish
                .now
                .zip(companions.next())
                .map(|(now, companion)| lag::outlook(&base.facts.matrix, companion, target, now));
            blockers.push(Blocker {
                package: requirement.package.clone(),
                version: requirement.locked.as_ref().map(ToString::to_string),
                because: why.unwrap_or_else(|| {
                    format!(
                        "`{}` does not get along with the rest on line {target}",
                        requirement.package
                    )
                }),
                culprit: Some(requirement.place(&base.tree.root)),
                outlook: outlook.as_ref().and_then(order::outlook_in_words),
            });
        }
        blockers.sort();
        blockers.dedup();
        blockers
    }
}

/// Because … and …, ….
pub(super) fn because(blockers: &[Blocker], target: Line) -> String {
    let mut reasons: Vec<&str> = blockers.iter().map(|one| one.because.as_str()).collect();
    reasons.dedup();
    if reasons.is_empty() {
        return format!(
            "because the requirements exclude each other on line {target}, there is no plan"
        );
    }
    format!(
        "because {}, not everything can be brought to line {target}",
        reasons.join(" and ")
    )
}
