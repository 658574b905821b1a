//! The cheapest way to one line, and its proof; what the proof refuses goes back into the search.

use std::collections::{BTreeMap, BTreeSet};

use camino::Utf8PathBuf;

use crate::plan::edit::{Edit, apply_all};
use crate::plan::edits::{self, Off};
use crate::plan::local::Requirement;
use crate::plan::model::{Blocker, Outcome};
use crate::plan::prove::{ProofError, Trial, Tried};
use crate::plan::search::{self, Answer, Move, Question};
use crate::plan::{lag, order, refusal};
use crate::skew::Line;

use super::refusals::Refusals;
use super::{Base, LockMove, PlanError, Planner, names};

/// How often a refused proof goes back into the search.
const ROUNDS: usize = 12;

/// A way to a line, tried or given up.
pub(super) struct Way {
    pub(super) target: Line,
    pub(super) answer: Option<Answer>,
    pub(super) requirements: Vec<Requirement>,
    pub(super) outcome: Outcome,
    pub(super) blockers: Vec<Blocker>,
    pub(super) changed: BTreeMap<Utf8PathBuf, String>,
    pub(super) lock: Option<String>,
}

impl Planner<'_> {
    /// What a line costs, without proof.
    pub(super) fn estimate(&self, base: &Base, target: Line) -> Option<(Answer, Vec<Requirement>)> {
        let requirements = self.requirements(base, &BTreeSet::new());
        let refused = Refusals::default();
        let rust = order::toolchain(&base.tree);
        let question = Question {
            may_block: true,
            rust: rust.as_ref(),
            ..self.question(base, Some(target), &requirements, &refused)?
        };
        let answer = search::search(&question)?;
        Some((answer, requirements))
    }

    /// The cheapest way to a line, proven if cargo lets it be.
    pub(super) fn way(
        &self,
        base: &Base,
        target: Line,
        may_disable: bool,
    ) -> Result<Way, PlanError> {
        let mut refused = Refusals::default();
        let rust = order::toolchain(&base.tree);
        let mut last = None;
        for _ in 0..ROUNDS {
            let known = refused.affected.clone();
            let requirements = self.requirements(base, &known);
            let question = self.question(base, Some(target), &requirements, &refused);
            let Some(question) = question else { break };
            let question = Question {
                may_disable,
                // What can be switched off need not be left as it is.
                may_block: !may_disable,
                rust: rust.as_ref(),
                ..question
            };
            let found = search::search(&question);
            let blockers = found.as_ref().map_or_else(Vec::new, |answer| {
                self.blockers(base, &question, answer, target)
            });
            let way = |answer, outcome, changed, lock| Way {
                target,
                answer,
                requirements: requirements.clone(),
                outcome,
                blockers: blockers.clone(),
                changed,
                lock,
            };
            let nothing = BTreeMap::new;
            let Some(answer) = found.filter(|answer| answer.cost.blocked == 0) else {
                let because = last.unwrap_or_else(|| because(&blockers, target));
                return Ok(way(None, Outcome::None { because }, nothing(), None));
            };
            let root = base.tree.root.join("Cargo.toml");
            let edits = self.edits(base, &question, &answer);
            let mut changed = base.changed.clone();
            match apply_all(&self.texts(&base.changed), &root, &edits) {
                Ok(more) => changed.extend(more),
                Err(error) => {
                    let because = format!("the manifests cannot be edited: {error}");
                    return Ok(way(
                        Some(answer),
                        Outcome::Unproven { because },
                        nothing(),
                        None,
                    ));
                }
            }
            let (because, again) = match self.attempt(base, &changed, &answer.locks)? {
                Trial::Resolved(tried) => {
                    let wrong = self.wrong(base, &tried, target);
                    let Some(because) = wrong else {
                        let outcome = Outcome::Proven {
                            command: format!("cargo otel-check plan{}", self.wish.flags),
                        };
                        return Ok(way(Some(answer), outcome, changed, tried.lock));
                    };
                    (
                        because,
                        refused.learn(&requirements, &answer, &self.scope(base, &known), &tried),
                    )
                }
                Trial::Refused(stderr) => (
                    format!("cargo refuses it: {}", refusal::in_words(&stderr)),
                    refused.learn_from_cargo(&requirements, &answer, &stderr),
                ),
            };
            if !again {
                return Ok(way(
                    Some(answer),
                    Outcome::Unproven { because },
                    changed,
                    None,
                ));
            }
            last = Some(because);
        }
        Ok(Way {
            target,
            answer: None,
            requirements: Vec::new(),
            outcome: Outcome::Unproven {
                because: last.unwrap_or_else(|| "the search came to no end".into()),
            },
            blockers: Vec::new(),
            changed: BTreeMap::new(),
            lock: None,
        })
    }

    pub(super) fn attempt(
        &self,
        base: &Base,
        changed: &BTreeMap<Utf8PathBuf, String>,
        locks: &[LockMove],
    ) -> Result<Trial, ProofError> {
        self.prover.attempt(changed, &names(&base.patches), locks)
    }

    pub(super) fn edits(&self, base: &Base, question: &Question<'_>, answer: &Answer) -> Vec<Edit> {
        let mut edits: Vec<Edit> = Vec::new();
        for (requirement, choice) in question.requirements.iter().zip(&answer.moves) {
            for edit in edits::of(question, &base.tree, requirement, choice, Off::Optional) {
                // Two requirements may have moved the same feature to the same place.
                if !edits.contains(&edit) {
                    edits.push(edit);
                }
            }
        }
        edits
    }

    /// What keeps a result from being clean.
    pub(super) fn wrong(&self, base: &Base, tried: &Tried, target: Line) -> Option<String> {
        if let Some(finding) = tried.denied().first() {
            return Some(format!("the result is not clean: {}", finding.message));
        }
        // Where a line was asked for, one artifact on another line is not what was asked for.
        self.wish.target?;
        let rows = tried.report.artifacts.iter();
        let mut shipped = rows.filter(|row| {
            use crate::report::ArtifactClass;
            matches!(row.class, ArtifactClass::Linked | ArtifactClass::Library)
        });
        let name = target.to_string();
        shipped.find_map(|row| {
            let harmless = |line: &crate::report::ArtifactLine| {
                let parsed = line.line.parse::<Line>().ok();
                line.introducers.iter().all(|label| {
                    crate::plan::facts::package(label).zip(parsed).is_some_and(
                        |((name, version), line)| {
                            base.facts.harmless.contains(&(name, version, line))
                        },
                    )
                })
            };
            let line = row
                .lines
                .iter()
                .find(|line| line.line != name && !harmless(line))?;
            Some(format!("{} would still link line {}", row.id, line.line))
        })
    }

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
fn because(blockers: &[Blocker], target: Line) -> String {
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
