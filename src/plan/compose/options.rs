//! Which lines come into question, and the options among which to choose.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use crate::plan::facts::Facts;
use crate::plan::model::{
    Blocker, Cost, OptionId, Outcome, PLAN_SCHEMA_VERSION, PlanOption, PlanReport, TargetReason,
    TargetRow,
};
use crate::plan::search::Question;
use crate::report::Tool;
use crate::skew::Line;

use super::assemble::title;
use super::refusals::Refusals;
use super::{Base, PlanError, Planned, Planner, Plans};

impl Planner<'_> {
    /// Compares the lines and works the options out.
    pub(super) fn options(&self, base: &Base, resolves: bool) -> Result<Plans, PlanError> {
        let clean = resolves && base.is_clean();
        let (targets, order) = self.targets(base)?;
        let mut report = self.blank(base, resolves, targets);
        if clean && self.wish.target.is_none() {
            report.because = "no artifact links two lines that harm each other".into();
            report.recommended = Some(OptionId::A);
            let mut planned = vec![self.nothing_to_do(base)];
            if self.wish.options {
                planned.extend(self.agreed(base, &report)?);
            }
            report.cost_as_proven(&planned);
            report.options = planned.iter().map(|one| one.option.clone()).collect();
            return Ok(Plans { report, planned });
        }
        let Some(&first) = order.first() else {
            report.because = "no line is known to which everything could be brought".into();
            return Ok(Plans {
                report,
                planned: Vec::new(),
            });
        };
        let a = self.way(base, first, false)?;
        let a_works = matches!(a.outcome, Outcome::Proven { .. });
        let mut planned = vec![self.planned(OptionId::A, base, a)];
        if self.wish.options || !a_works {
            if resolves {
                let b = self.way(base, first, true)?;
                let mut b = self.planned(OptionId::B, base, b);
                b.says_if_same(&planned[0]);
                planned.push(b);
            }
            planned.extend(self.agreed(base, &report)?);
        }
        report.cost_as_proven(&planned);
        report.options = planned.iter().map(|one| one.option.clone()).collect();
        report.recommend();
        Ok(Plans { report, planned })
    }

    /// The way to the newest line that everything in use serves, where one is proven.
    fn agreed(&self, base: &Base, report: &PlanReport) -> Result<Option<Planned>, PlanError> {
        let agreed = report.targets.iter().rev().filter(|row| row.cost.is_some());
        for line in agreed.filter_map(|row| row.line.parse().ok()) {
            let c = self.way(base, line, false)?;
            if matches!(c.outcome, Outcome::Proven { .. }) {
                return Ok(Some(self.planned(OptionId::C, base, c)));
            }
        }
        Ok(None)
    }

    /// The candidate lines from old to new with what each costs, and the order in which to try them.
    pub(super) fn targets(&self, base: &Base) -> Result<(Vec<TargetRow>, Vec<Line>), PlanError> {
        let lines: Vec<Line> = base.facts.matrix.lines.iter().map(|row| row.line).collect();
        let newest = lines.iter().max().copied();
        if let Some(asked) = self.wish.target
            && !lines.contains(&asked)
        {
            let known: Vec<String> = lines.iter().map(ToString::to_string).collect();
            return Err(PlanError::NoSuchLine {
                line: asked,
                title: self.family.title.clone(),
                known: known.join(", "),
            });
        }
        let oldest = base.facts.lines.iter().min().copied().or(newest);
        // With a line that was asked for, the others matter for the options beside it only.
        let alone = self.wish.target.filter(|_| !self.wish.options);
        let candidates = lines.into_iter().filter(|line| match alone {
            Some(asked) => *line == asked,
            None => Some(*line) >= oldest || Some(*line) == self.wish.target,
        });
        let candidates: Vec<Line> = candidates.collect();
        // No line needs what another finds.
        let estimated = candidates.par_iter();
        let estimated = estimated.filter_map(|line| Some((*line, self.estimated(base, *line)?)));
        let estimated: Vec<(Line, (Cost, Vec<Blocker>))> = estimated.collect();
        let all = estimated.iter().map(|(line, (cost, _))| (*line, *cost));
        let all: Vec<(Line, Cost)> = all.collect();
        let free = |cost: &Cost| cost.blocked == 0;
        let agreed = all.iter().copied().filter(|(_, cost)| free(cost));
        let agreed: Vec<(Line, Cost)> = agreed.collect();
        let rows = estimated.into_iter();
        let rows = rows.map(|(line, (cost, blockers))| TargetRow {
            line: line.to_string(),
            because: Vec::new(),
            cost: free(&cost).then_some(cost),
            blockers,
        });
        let mut rows: Vec<TargetRow> = rows.collect();
        let live = base.facts.live;
        let common = agreed.iter().map(|(line, _)| *line).max();
        let fewest = agreed
            .iter()
            .min_by_key(|(line, cost)| (*cost, std::cmp::Reverse(*line)));
        let fewest = fewest.map(|(line, _)| *line);
        let reasons = [
            (self.wish.target, TargetReason::Asked),
            (live, TargetReason::Live),
            (common, TargetReason::NewestCommon),
            (newest, TargetReason::Newest),
            (fewest, TargetReason::FewestEdits),
        ];
        for row in &mut rows {
            let of_row = reasons
                .iter()
                .filter(|(line, _)| line.is_some_and(|l| l.to_string() == row.line));
            row.because = of_row.map(|(_, reason)| *reason).collect();
        }
        // The live line, unless something on it is blocked; then what all agree on.
        let is_agreed = |line: &Line| agreed.iter().any(|(agreed, _)| agreed == line);
        let mut order: Vec<Line> = self.wish.target.into_iter().collect();
        order.extend(live.filter(is_agreed));
        if self.wish.target.is_none() {
            order.extend(common.into_iter().chain(fewest).chain(live).chain(newest));
        }
        let mut seen = BTreeSet::new();
        order.retain(|line| seen.insert(*line));
        Ok((rows, order))
    }

    /// What a line costs, and who holds it back.
    fn estimated(&self, base: &Base, line: Line) -> Option<(Cost, Vec<Blocker>)> {
        let (answer, requirements) = self.estimate(base, line)?;
        let refused = Refusals::default();
        let question = Question {
            toolchains: Some(&base.facts.toolchains),
            ..self.question(base, line, &requirements, &refused)
        };
        let blockers = self.blockers(base, &question, &answer, line);
        Some((answer.cost, blockers))
    }

    pub(super) fn blank(&self, base: &Base, resolves: bool, targets: Vec<TargetRow>) -> PlanReport {
        PlanReport {
            schema_version: PLAN_SCHEMA_VERSION,
            tool: Tool {
                name: env!("CARGO_PKG_NAME").into(),
                version: env!("CARGO_PKG_VERSION").into(),
            },
            family: self.family.title.clone(),
            resolves,
            lines_today: base.facts.lines.iter().map(ToString::to_string).collect(),
            live: base.facts.live.map(|line| line.to_string()),
            targets,
            options: Vec::new(),
            recommended: None,
            because: String::new(),
            notes: base.facts.matrix.notes.clone(),
        }
    }

    pub(super) fn nothing_to_do(&self, base: &Base) -> Planned {
        Planned {
            option: PlanOption {
                id: OptionId::A,
                title: title(OptionId::A).into(),
                target: base.facts.live.map(|line| line.to_string()),
                outcome: Outcome::NothingToDo,
                cost: Some(Cost::default()),
                loses: Vec::new(),
                remains: Vec::new(),
                waits_for: Vec::new(),
                steps: Vec::new(),
                diff: String::new(),
            },
            changed: BTreeMap::new(),
            lock: None,
            parts: Vec::new(),
            left: BTreeSet::new(),
        }
    }
}

impl PlanReport {
    /// What was proven may cost more than what was estimated.
    fn cost_as_proven(&mut self, planned: &[Planned]) {
        let proven = planned.iter().map(|one| &one.option);
        let proven = proven.filter(|one| match one.outcome {
            Outcome::Proven { .. } | Outcome::NothingToDo => true,
            Outcome::Unproven { .. } | Outcome::None { .. } => false,
        });
        // Switching off is no way for everything to come to a line.
        for option in proven.filter(|one| one.id != OptionId::B) {
            let of = |row: &&mut TargetRow| Some(&row.line) == option.target.as_ref();
            if let Some(row) = self.targets.iter_mut().find(of) {
                row.cost = option.cost;
            }
        }
    }
}

impl Planned {
    /// Takes a title that says so, where option A comes to the same changes.
    fn says_if_same(&mut self, other: &Planned) {
        let proven = |one: &Planned| matches!(one.option.outcome, Outcome::Proven { .. });
        let same = self.changed == other.changed && self.lock == other.lock;
        if same && proven(self) && proven(other) {
            self.option.title = "the same as A: nothing blocks".into();
        }
    }
}

pub(super) fn newest(facts: &Facts) -> Option<Line> {
    facts.matrix.lines.iter().map(|row| row.line).max()
}
