//! The cheapest way to one line, and its proof; what the proof refuses goes back into the search.

use std::collections::{BTreeMap, BTreeSet};

use camino::Utf8PathBuf;
use semver::Version;

use crate::plan::edit::{Edit, apply_all};
use crate::plan::edits::{self, Off};
use crate::plan::local::Requirement;
use crate::plan::model::{Blocker, Outcome};
use crate::plan::prove::{ProofError, Trial, Tried};
use crate::plan::refusal;
use crate::plan::search::{self, Answer, Question};
use crate::report::{Finding, Identity};
use crate::skew::Line;

use super::blockers::because;
use super::refusals::Refusals;
use super::{Base, LockMove, PlanError, Planner, names};

/// How often a refused proof goes back into the search.
const ROUNDS: usize = 12;

/// What the rules say of releases.
pub(super) type Flaws = BTreeMap<(String, Version), String>;

/// A way to a line, tried or given up.
pub(super) struct Way {
    pub(super) target: Line,
    pub(super) answer: Option<Answer>,
    pub(super) requirements: Vec<Requirement>,
    pub(super) outcome: Outcome,
    pub(super) blockers: Vec<Blocker>,
    pub(super) changed: BTreeMap<Utf8PathBuf, String>,
    pub(super) lock: Option<String>,
    /// The findings of the result.
    pub(super) left: BTreeSet<Identity>,
    /// What the result is warned of that is not warned of today.
    pub(super) remains: Vec<String>,
    /// Broken releases that it leaves in place, with what the rules say of them.
    pub(super) flaws: Flaws,
    /// Broken releases that it keeps out.
    pub(super) avoids: Flaws,
}

/// What the rounds of search and proof have come to.
struct Rounds {
    target: Line,
    may_disable: bool,
    refused: Refusals,
    /// Why the last way did not do.
    last: Option<String>,
    /// A proven way that rests on a broken release.
    flawed: Option<Way>,
    /// The broken releases that were met.
    avoids: Flaws,
}

impl Rounds {
    fn given_up(&mut self, blockers: &[Blocker]) -> Outcome {
        let last = self.last.take();
        Outcome::None {
            because: last.unwrap_or_else(|| because(blockers, self.target)),
        }
    }
}

impl Way {
    /// Nothing was found.
    fn none(target: Line, outcome: Outcome) -> Self {
        Self {
            target,
            answer: None,
            requirements: Vec::new(),
            outcome,
            blockers: Vec::new(),
            changed: BTreeMap::new(),
            lock: None,
            left: BTreeSet::new(),
            remains: Vec::new(),
            flaws: Flaws::new(),
            avoids: Flaws::new(),
        }
    }

    fn is_proven(&self) -> bool {
        matches!(self.outcome, Outcome::Proven { .. })
    }
}

impl Planner<'_> {
    /// What a line costs, without proof.
    pub(super) fn estimate(&self, base: &Base, target: Line) -> Option<(Answer, Vec<Requirement>)> {
        let requirements = self.requirements(base, &BTreeSet::new());
        let refused = Refusals::default();
        let question = Question {
            may_block: true,
            toolchains: Some(&base.facts.toolchains),
            ..self.question(base, target, &requirements, &refused)
        };
        let answer = search::search(&question)?;
        Some((answer, requirements))
    }

    /// The cheapest way to a line, proven if cargo lets it be. Releases that the rules call broken
    /// are kept out of it where another way is proven, too.
    pub(super) fn way(
        &self,
        base: &Base,
        target: Line,
        may_disable: bool,
    ) -> Result<Way, PlanError> {
        let mut rounds = Rounds {
            target,
            may_disable,
            refused: Refusals::default(),
            last: None,
            flawed: None,
            avoids: Flaws::new(),
        };
        for _ in 0..ROUNDS {
            if let Some(way) = self.round(base, &mut rounds)? {
                return Ok(match rounds.flawed {
                    Some(flawed) if !way.is_proven() => flawed,
                    _ => way,
                });
            }
        }
        let because = rounds.last;
        let because = because.unwrap_or_else(|| "the search came to no end".into());
        let outcome = Outcome::Unproven { because };
        Ok(rounds.flawed.unwrap_or_else(|| Way::none(target, outcome)))
    }

    /// Searches and tries once; none where the next round can do better.
    fn round(&self, base: &Base, rounds: &mut Rounds) -> Result<Option<Way>, PlanError> {
        let target = rounds.target;
        let known = rounds.refused.affected.clone();
        let requirements = self.requirements(base, &known);
        let question = Question {
            may_disable: rounds.may_disable,
            // What can be switched off need not be left as it is.
            may_block: !rounds.may_disable,
            toolchains: Some(&base.facts.toolchains),
            ..self.question(base, target, &requirements, &rounds.refused)
        };
        let found = search::search(&question);
        let blockers = found.as_ref().map_or_else(Vec::new, |answer| {
            self.blockers(base, &question, answer, target)
        });
        let edits = found.as_ref().filter(|answer| answer.cost.blocked == 0);
        let edits = edits.map(|answer| self.edits(base, &question, answer));
        let Some((answer, edits)) = found.zip(edits) else {
            let outcome = rounds.given_up(&blockers);
            let way = Way::none(target, outcome);
            let way = Way {
                requirements,
                blockers,
                ..way
            };
            return Ok(Some(way));
        };
        let mut way = Way {
            requirements,
            blockers,
            ..Way::none(target, Outcome::NothingToDo)
        };
        let root = base.tree.root.join("Cargo.toml");
        let mut changed = base.changed.clone();
        match apply_all(&self.texts(&base.changed), &root, &edits) {
            Ok(more) => changed.extend(more),
            Err(error) => {
                let because = format!("the manifests cannot be edited: {error}");
                way.outcome = Outcome::Unproven { because };
                way.answer = Some(answer);
                return Ok(Some(way));
            }
        }
        let trial = self.attempt(base, &changed, &answer.locks)?;
        way.changed = changed;
        way.answer = Some(answer);
        Ok(self.concluded(base, way, &trial, &known, rounds))
    }

    /// What a trial means for the way that was tried; none where something was learnt from it.
    fn concluded(
        &self,
        base: &Base,
        mut way: Way,
        trial: &Trial,
        known: &BTreeSet<String>,
        rounds: &mut Rounds,
    ) -> Option<Way> {
        let answer = way.answer.as_ref()?;
        let (because, again) = match trial {
            Trial::Resolved(tried) => match self.wrong(base, tried, way.target) {
                None => {
                    let options = if self.wish.options { " --options" } else { "" };
                    let command = format!("cargo otel-check plan{}{options}", self.wish.flags);
                    way.outcome = Outcome::Proven { command };
                    way.lock = tried.lock.clone();
                    let left = tried.report.findings.iter();
                    way.left = left.map(Finding::identity).collect();
                    way.remains = tried.warned_anew(&base.facts.warned);
                    return self.unless_flawed(base, way, tried, rounds);
                }
                Some(because) => {
                    let scope = self.scope(base, known);
                    let refused = &mut rounds.refused;
                    let again = refused.learn(&way.requirements, answer, &scope, tried);
                    (because, again)
                }
            },
            Trial::Refused(stderr) => {
                let refused = &mut rounds.refused;
                let again = refused.learn_from_cargo(&way.requirements, answer, stderr);
                let because = refusal::in_words(stderr);
                (format!("cargo refuses it: {because}"), again)
            }
        };
        if again {
            rounds.last = Some(because);
            return None;
        }
        way.outcome = Outcome::Unproven { because };
        Some(way)
    }

    /// A proven way, or none where it rests on a broken release that the search can keep out.
    fn unless_flawed(
        &self,
        base: &Base,
        mut way: Way,
        tried: &Tried,
        rounds: &mut Rounds,
    ) -> Option<Way> {
        let reached = |name: &str| self.family.knows(name) || base.facts.reaching.contains(name);
        way.flaws = tried.flawed();
        way.flaws.retain(|(name, _), _| reached(name));
        if !rounds.refused.refuse(way.flaws.keys().cloned()) {
            way.avoids = std::mem::take(&mut rounds.avoids);
            return Some(way);
        }
        rounds.avoids.extend(way.flaws.clone());
        rounds.flawed.get_or_insert(way);
        None
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
        let mut shipped = rows.filter(|row| row.class.is_shipped());
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
}
