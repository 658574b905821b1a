//! Puts plans together: which lines come into question, the cheapest way to each, the proof, and the
//! options among which to choose.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use camino::Utf8PathBuf;
use semver::Version;

use crate::registry::{Index, IndexError, Timestamp};
use crate::report::{Report, Tool};
use crate::rules::Family;
use crate::skew::Line;
use crate::workspace::{Workspace, WorkspaceError};

use super::edit::{Change, Edit, EditError, PatchSource, apply_all};
use super::edits::{self, Off};
use super::facts::{Facts, FactsError};
use super::lag;
use super::local::{Requirement, Tree};
use super::model::{
    Blocker, Cost, OptionId, Outcome, PLAN_SCHEMA_VERSION, PlanOption, PlanReport, TargetReason,
    TargetRow,
};
use super::order;
use super::prove::{ProofError, Prover, Trial, Tried};
use super::refusal;
use super::search::{self, Answer, Move, Question};

/// What is asked for.
#[derive(Debug, Clone, Default)]
pub struct Wish {
    pub target: Option<Line>,
    /// All options, not only the one to take.
    pub options: bool,
    pub patches: Vec<(String, PatchSource)>,
    /// The flags given, as they are to be typed again.
    pub flags: String,
    /// For how long a release has been due; nothing is said of waiting where it is not given.
    pub now: Option<Timestamp>,
}

/// A plan with what it writes.
#[derive(Debug, Clone)]
pub struct Planned {
    pub option: PlanOption,
    /// New texts of manifests, by path.
    pub changed: BTreeMap<Utf8PathBuf, String>,
    /// The lock that goes with them, as cargo wrote it.
    pub lock: Option<String>,
    /// What it consists of.
    pub parts: Vec<Part>,
}

/// What a plan does to one package.
#[derive(Debug, Clone)]
pub struct Part {
    pub package: String,
    pub edits: Vec<Edit>,
    pub lock: Option<(String, Option<Version>, Version)>,
}

/// The answer, with what `fix` needs of it.
pub struct Plans {
    pub report: PlanReport,
    pub planned: Vec<Planned>,
}

/// Why no plan could be worked on.
#[derive(Debug, thiserror::Error)]
pub enum PlanError {
    #[error(transparent)]
    Workspace(#[from] WorkspaceError),
    #[error(transparent)]
    Proof(#[from] ProofError),
    #[error("cannot read the registry index: {0}")]
    Index(#[from] IndexError),
    #[error("cannot edit the manifests: {0}")]
    Edit(#[from] EditError),
    #[error("line {line} of {title} has no release: the lines are {known}")]
    NoSuchLine {
        line: Line,
        title: String,
        known: String,
    },
    #[error("cargo does not resolve the workspace with the patches asked for: {message}")]
    Patch { message: String },
}

impl From<FactsError> for PlanError {
    fn from(error: FactsError) -> Self {
        match error {
            FactsError::Workspace(error) => Self::Workspace(error),
            FactsError::Index(error) => Self::Index(error),
        }
    }
}

/// How often a refused proof goes back into the search.
const ROUNDS: usize = 12;

/// Plans for one family.
pub struct Planner<'a> {
    pub prover: Prover<'a>,
    pub index: &'a dyn Index,
    pub family: &'a Family,
    pub wish: &'a Wish,
}

/// Where planning starts: the workspace as it is, or as the first edits leave it.
struct Base {
    changed: BTreeMap<Utf8PathBuf, String>,
    tree: Tree,
    facts: Facts,
    /// What was switched off to get here.
    first: Vec<(Requirement, Move, Vec<Edit>)>,
    /// What was patched to get here.
    patches: Vec<(String, Edit)>,
}

/// A way to a line, tried or given up.
struct Way {
    target: Line,
    answer: Option<Answer>,
    requirements: Vec<Requirement>,
    outcome: Outcome,
    blockers: Vec<Blocker>,
    changed: BTreeMap<Utf8PathBuf, String>,
    lock: Option<String>,
}

impl Planner<'_> {
    /// Plans for a workspace that cargo resolves.
    ///
    /// # Errors
    /// Where the index, cargo or the shadow fails, or the wish names what there is not.
    pub fn resolved(&self, workspace: &Workspace, report: &Report) -> Result<Plans, PlanError> {
        if !self.wish.patches.is_empty() {
            return self.patched();
        }
        let tree = self.tree(&BTreeMap::new(), self.prover.shadow.lock())?;
        let request = self.prover.request;
        let facts = Facts::resolved(self.family, self.index, &tree, workspace, report, request)?;
        let base = Base {
            changed: BTreeMap::new(),
            tree,
            facts,
            first: Vec::new(),
            patches: Vec::new(),
        };
        self.options(&base, true)
    }

    /// Plans for one that cargo does not resolve.
    ///
    /// # Errors
    /// As [`Planner::resolved`].
    pub fn unresolvable(&self, named: &BTreeSet<String>) -> Result<Plans, PlanError> {
        if !self.wish.patches.is_empty() {
            return self.patched();
        }
        let tree = self.tree(&BTreeMap::new(), self.prover.shadow.lock())?;
        let all: BTreeSet<String> = tree.packages().map(str::to_owned).collect();
        let requirements = tree.requirements(&all);
        let facts = Facts::declared(self.family, self.index, &tree, &requirements)?;
        let base = Base {
            changed: BTreeMap::new(),
            tree,
            facts,
            first: Vec::new(),
            patches: Vec::new(),
        };
        let mut plans = self.options(&base, false)?;
        let wants_b = self.wish.options || plans.report.recommended.is_none();
        if wants_b && let Some(way) = self.switched_off(&base, named)? {
            plans
                .planned
                .retain(|planned| planned.option.id != OptionId::B);
            plans.planned.push(way);
            plans.planned.sort_by_key(|planned| planned.option.id);
            plans.report.options = plans.planned.iter().map(|p| p.option.clone()).collect();
            plans.report.recommend();
        }
        Ok(plans)
    }

    fn tree(
        &self,
        changed: &BTreeMap<Utf8PathBuf, String>,
        lock: Option<&str>,
    ) -> Result<Tree, PlanError> {
        let shadow = &self.prover.shadow;
        Ok(Tree::new(shadow.root(), &self.texts(changed), lock)?)
    }

    fn texts(&self, changed: &BTreeMap<Utf8PathBuf, String>) -> BTreeMap<Utf8PathBuf, Arc<str>> {
        let mut texts = self.prover.shadow.manifests().clone();
        let changed = changed.iter();
        texts.extend(changed.map(|(path, text)| (path.clone(), Arc::from(text.as_str()))));
        texts
    }

    /// Where edits lead that come before all others; cargo's words where it refuses.
    fn after(
        &self,
        changed: BTreeMap<Utf8PathBuf, String>,
        first: Vec<(Requirement, Move, Vec<Edit>)>,
        patches: Vec<(String, Edit)>,
    ) -> Result<Result<Base, String>, PlanError> {
        let tried = match self.prover.attempt(&changed, &names(&patches), &[])? {
            Trial::Refused(stderr) => return Ok(Err(stderr)),
            Trial::Resolved(tried) => tried,
        };
        let tree = self.tree(&changed, tried.lock.as_deref())?;
        let request = self.prover.request;
        let Tried {
            workspace, report, ..
        } = &*tried;
        let facts = Facts::resolved(self.family, self.index, &tree, workspace, report, request)?;
        Ok(Ok(Base {
            changed,
            tree,
            facts,
            first,
            patches,
        }))
    }

    /// Plans on top of the patches that were asked for.
    fn patched(&self) -> Result<Plans, PlanError> {
        let root = self.prover.shadow.root().join("Cargo.toml");
        let patches: Vec<(String, Edit)> = self
            .wish
            .patches
            .iter()
            .map(|(package, source)| {
                let change = Change::Patch {
                    registry: "crates-io".into(),
                    package: package.clone(),
                    source: source.clone(),
                };
                let manifest = root.clone();
                (package.clone(), Edit { manifest, change })
            })
            .collect();
        let edits: Vec<Edit> = patches.iter().map(|(_, edit)| edit.clone()).collect();
        let changed = apply_all(self.prover.shadow.manifests(), &root, &edits)?;
        match self.after(changed, Vec::new(), patches)? {
            Ok(base) => self.options(&base, true),
            Err(stderr) => Err(PlanError::Patch {
                message: refusal::in_words(&stderr),
            }),
        }
    }

    /// The least set of requirements to switch off so that cargo resolves, then everything else
    /// aligned.
    fn switched_off(
        &self,
        base: &Base,
        named: &BTreeSet<String>,
    ) -> Result<Option<Planned>, PlanError> {
        let all: BTreeSet<String> = base.tree.packages().map(str::to_owned).collect();
        let mut requirements = base.tree.requirements(&all);
        // What cargo's message names comes first.
        requirements.sort_by_key(|one| {
            let uses = one
                .uses
                .iter()
                .filter(|one| named.contains(&one.local))
                .count();
            let is_named = named.contains(&one.package);
            (
                !(is_named && uses > 0),
                !is_named,
                one.manifest.clone(),
                one.at.clone(),
            )
        });
        let refused = Refusals::default();
        let question = self.question(base, base.facts.live, &requirements, &refused);
        let Some(question) = question else {
            return Ok(None);
        };
        for set in sets(requirements.len()) {
            let mut edits = Vec::new();
            let mut first = Vec::new();
            for number in set {
                let requirement = &requirements[number];
                let off = edits::of(
                    &question,
                    &base.tree,
                    requirement,
                    &Move::Disable,
                    Off::Comment,
                );
                edits.extend(off.clone());
                first.push((requirement.clone(), Move::Disable, off));
            }
            let root = base.tree.root.join("Cargo.toml");
            let Ok(changed) = apply_all(&self.texts(&base.changed), &root, &edits) else {
                continue;
            };
            if let Ok(base) = self.after(changed, first, Vec::new())? {
                let lines = [
                    self.wish.target,
                    base.facts.live,
                    base.facts.lines.first().copied(),
                ];
                // Without any line left there is nothing to align.
                let Some(target) = lines.into_iter().flatten().next().or(newest(&base.facts))
                else {
                    return Ok(None);
                };
                let way = self.way(&base, target, true)?;
                return Ok(Some(self.planned(OptionId::B, &base, way)));
            }
        }
        Ok(None)
    }

    fn question<'q>(
        &'q self,
        base: &'q Base,
        target: Option<Line>,
        requirements: &'q [Requirement],
        refused: &'q Refusals,
    ) -> Option<Question<'q>> {
        Some(Question {
            family: self.family,
            index: self.index,
            target: target?,
            requirements,
            lock: &base.tree.lock,
            used: base.facts.used.as_ref(),
            reaching: &base.facts.reaching,
            harmless: &base.facts.harmless,
            refused: &refused.releases,
            rust: None,
            may_disable: false,
            may_block: false,
        })
    }

    /// The packages of the tree whose requirements are looked at.
    fn scope(&self, base: &Base, also: &BTreeSet<String>) -> BTreeSet<String> {
        if self.wish.target.is_some() || base.facts.used.is_none() {
            return base.tree.packages().map(str::to_owned).collect();
        }
        let affected = base.facts.affected.iter().chain(also);
        base.tree.closure(affected.map(String::as_str))
    }

    /// The requirements to be brought to a line: of what is affected, or of everything where a line
    /// was asked for. Those of tests and build scripts follow the ones they go together with.
    fn requirements(&self, base: &Base, also: &BTreeSet<String>) -> Vec<Requirement> {
        let all = base.tree.requirements(&self.scope(base, also));
        let leads = |one: &&Requirement| {
            self.family.is_anchor(&one.package)
                || self.family.knows(&one.package)
                || base.facts.reaching.contains(&one.package)
        };
        let main: BTreeSet<(String, Option<Version>)> = all
            .iter()
            .filter(|one| !one.is_aside())
            .map(|one| (one.package.clone(), one.locked.clone()))
            .collect();
        let together = |one: &&Requirement| {
            !one.is_aside() || main.contains(&(one.package.clone(), one.locked.clone()))
        };
        all.iter().filter(leads).filter(together).cloned().collect()
    }

    /// What a line costs, without proof.
    fn estimate(&self, base: &Base, target: Line) -> Option<(Answer, Vec<Requirement>)> {
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
    fn way(&self, base: &Base, target: Line, may_disable: bool) -> Result<Way, PlanError> {
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

    fn attempt(
        &self,
        base: &Base,
        changed: &BTreeMap<Utf8PathBuf, String>,
        locks: &[(String, Option<Version>, Version)],
    ) -> Result<Trial, ProofError> {
        self.prover.attempt(changed, &names(&base.patches), locks)
    }

    fn edits(&self, base: &Base, question: &Question<'_>, answer: &Answer) -> Vec<Edit> {
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
    fn wrong(&self, base: &Base, tried: &Tried, target: Line) -> Option<String> {
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
        let other = shipped.find_map(|row| {
            let harmless = |line: &crate::report::ArtifactLine| {
                let parsed = line.line.parse::<Line>().ok();
                line.introducers.iter().all(|label| {
                    super::facts::package(label).zip(parsed).is_some_and(
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
        });
        other
    }

    fn blockers(
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

    /// Compares the lines and works the options out.
    fn options(&self, base: &Base, resolves: bool) -> Result<Plans, PlanError> {
        let clean = resolves && base.facts.affected.is_empty() && base.changed.is_empty();
        let (targets, order) = self.targets(base)?;
        let mut report = self.blank(base, resolves, targets);
        if clean && self.wish.target.is_none() && !self.wish.options {
            report.because = "no artifact links two lines that harm each other".into();
            report.recommended = Some(OptionId::A);
            let planned = self.nothing_to_do(base);
            report.options.push(planned.option.clone());
            return Ok(Plans {
                report,
                planned: vec![planned],
            });
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
                planned.push(self.planned(OptionId::B, base, b));
            }
            let agreed = report.targets.iter().rev().filter(|row| row.cost.is_some());
            let agreed: Vec<Line> = agreed.filter_map(|row| row.line.parse().ok()).collect();
            for line in agreed {
                let c = self.way(base, line, false)?;
                let proven = matches!(c.outcome, Outcome::Proven { .. });
                if proven {
                    planned.push(self.planned(OptionId::C, base, c));
                    break;
                }
            }
        }
        report.options = planned.iter().map(|one| one.option.clone()).collect();
        report.recommend();
        Ok(Plans { report, planned })
    }

    /// The candidate lines from old to new with what each costs, and the order in which to try them.
    fn targets(&self, base: &Base) -> Result<(Vec<TargetRow>, Vec<Line>), PlanError> {
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
        let candidates = lines.into_iter().filter(|line| match self.wish.target {
            Some(asked) => *line == asked,
            None => Some(*line) >= oldest,
        });
        let mut rows = Vec::new();
        let mut agreed: Vec<(Line, Cost)> = Vec::new();
        let mut all: Vec<(Line, Cost)> = Vec::new();
        for line in candidates {
            let Some((answer, requirements)) = self.estimate(base, line) else {
                continue;
            };
            let refused = Refusals::default();
            let question = self.question(base, Some(line), &requirements, &refused);
            let blockers = question.map_or_else(Vec::new, |question| {
                self.blockers(base, &question, &answer, line)
            });
            let free = answer.cost.blocked == 0;
            if free {
                agreed.push((line, answer.cost));
            }
            all.push((line, answer.cost));
            rows.push(TargetRow {
                line: line.to_string(),
                because: Vec::new(),
                cost: free.then_some(answer.cost),
                blockers,
            });
        }
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

    fn blank(&self, base: &Base, resolves: bool, targets: Vec<TargetRow>) -> PlanReport {
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

    fn nothing_to_do(&self, base: &Base) -> Planned {
        Planned {
            option: PlanOption {
                id: OptionId::A,
                title: title(OptionId::A).into(),
                target: base.facts.live.map(|line| line.to_string()),
                outcome: Outcome::NothingToDo,
                cost: Some(Cost::default()),
                loses: Vec::new(),
                waits_for: Vec::new(),
                steps: Vec::new(),
                diff: String::new(),
            },
            changed: BTreeMap::new(),
            lock: None,
            parts: Vec::new(),
        }
    }

    /// Some parts of a plan alone, as cargo resolves them.
    ///
    /// # Errors
    /// Where cargo or the shadow fails; the inner one is cargo's refusal.
    pub fn in_part(
        &self,
        parts: &[&Part],
    ) -> Result<Result<(BTreeMap<Utf8PathBuf, String>, Option<String>), String>, PlanError> {
        let root = self.prover.shadow.root().join("Cargo.toml");
        let edits: Vec<Edit> = parts.iter().flat_map(|part| part.edits.clone()).collect();
        let changed = apply_all(self.prover.shadow.manifests(), &root, &edits)?;
        let locks: Vec<_> = parts.iter().filter_map(|part| part.lock.clone()).collect();
        let mut patched = Vec::new();
        for edit in &edits {
            if let Change::Patch { package, .. } = &edit.change {
                patched.push(package.clone());
            }
        }
        Ok(match self.prover.attempt(&changed, &patched, &locks)? {
            Trial::Resolved(tried) => Ok((changed, tried.lock)),
            Trial::Refused(stderr) => Err(refusal::in_words(&stderr)),
        })
    }

    fn planned(&self, id: OptionId, base: &Base, way: Way) -> Planned {
        let mut moves: Vec<(Requirement, Move, Vec<Edit>)> = base.first.clone();
        let refused = Refusals::default();
        let mut cost = Cost::default();
        for (requirement, choice, _) in &moves {
            cost = cost + choice.cost(requirement);
        }
        cost.edits += u32::try_from(base.patches.len()).unwrap_or(u32::MAX);
        if let Some(answer) = &way.answer
            && let Some(question) =
                self.question(base, Some(way.target), &way.requirements, &refused)
        {
            cost = cost + answer.cost;
            for (requirement, choice) in way.requirements.iter().zip(&answer.moves) {
                if *choice != Move::Keep {
                    let edits =
                        edits::of(&question, &base.tree, requirement, choice, Off::Optional);
                    moves.push((requirement.clone(), choice.clone(), edits));
                }
            }
        }
        let unchanged = moves.is_empty() && way.answer.as_ref().is_some_and(|a| a.locks.is_empty());
        let plan = order::Plan {
            family: self.family,
            tree: &base.tree,
            manifests: self.prover.shadow.manifests(),
            target: way.target,
            moves: &moves,
            locks: way.answer.as_ref().map_or(&[], |answer| &answer.locks),
            patches: &base.patches,
            // What waits behind a plan is no step of it.
            blockers: way.answer.as_ref().map_or(&way.blockers, |_| &[]),
            changed: &way.changed,
        };
        let locks = way.answer.as_ref().map_or(&[][..], |answer| &answer.locks);
        let patched = base.patches.iter().map(|(package, edit)| Part {
            package: package.clone(),
            edits: vec![edit.clone()],
            lock: None,
        });
        let moved = moves.iter().map(|(requirement, _, edits)| Part {
            package: requirement.package.clone(),
            edits: edits.clone(),
            lock: locks
                .iter()
                .find(|lock| lock.0 == requirement.package)
                .cloned(),
        });
        let mut parts: Vec<Part> = patched.chain(moved).collect();
        for lock in locks {
            if !parts.iter().any(|part| part.package == lock.0) {
                parts.push(Part {
                    package: lock.0.clone(),
                    edits: Vec::new(),
                    lock: Some(lock.clone()),
                });
            }
        }
        let outcome = match way.outcome {
            Outcome::Proven { .. } if unchanged && base.changed.is_empty() => Outcome::NothingToDo,
            // Without being asked for, the others are worked out only where the first fails.
            Outcome::Proven { command } if id != OptionId::A && !self.wish.options => {
                Outcome::Proven {
                    command: format!("{command} --options"),
                }
            }
            other => other,
        };
        Planned {
            option: PlanOption {
                id,
                title: title(id).into(),
                target: Some(way.target.to_string()),
                outcome,
                cost: way.answer.as_ref().map(|_| cost),
                loses: plan.loses(),
                waits_for: way.blockers.clone(),
                steps: plan.steps(),
                diff: plan.diff(),
            },
            changed: way.changed,
            lock: way.lock,
            parts,
        }
    }
}

/// What proofs taught.
#[derive(Default)]
struct Refusals {
    releases: BTreeSet<(String, Version)>,
    /// Packages of the tree that a change would harm.
    affected: BTreeSet<String>,
}

impl Refusals {
    /// Learns from a result that is not clean; false where nothing new is to be learnt.
    fn learn(
        &mut self,
        requirements: &[Requirement],
        answer: &Answer,
        scope: &BTreeSet<String>,
        tried: &Tried,
    ) -> bool {
        let before = (self.releases.len(), self.affected.len());
        for finding in tried.denied() {
            let of = finding
                .artifact
                .as_deref()
                .and_then(|one| one.split('/').next());
            if let Some(package) = of.filter(|package| !scope.contains(*package)) {
                // What is shared with others has moved: they have to come along.
                self.affected.insert(package.to_owned());
                continue;
            }
            let introducer = finding
                .introducer
                .as_deref()
                .and_then(super::facts::package);
            let path = finding
                .path
                .iter()
                .filter_map(|step| super::facts::package(&step.package));
            let on_the_way: Vec<(String, Version)> = introducer.into_iter().chain(path).collect();
            let chosen = requirements.iter().zip(&answer.moves);
            let chosen = chosen.filter_map(|(requirement, choice)| match choice {
                Move::Release { to, .. } => Some((requirement.package.clone(), to.clone())),
                Move::Replace { package, to, .. } => Some((package.clone(), to.clone())),
                Move::Keep | Move::Drop { .. } | Move::Disable | Move::Block => None,
            });
            let locks = answer
                .locks
                .iter()
                .map(|(name, _, to)| (name.clone(), to.clone()));
            let ours: BTreeSet<(String, Version)> = chosen.chain(locks).collect();
            self.releases
                .extend(on_the_way.into_iter().filter(|one| ours.contains(one)));
        }
        before != (self.releases.len(), self.affected.len())
    }

    /// Learns from cargo's words, which name the packages in its way.
    fn learn_from_cargo(
        &mut self,
        requirements: &[Requirement],
        answer: &Answer,
        stderr: &str,
    ) -> bool {
        let before = self.releases.len();
        for (requirement, choice) in requirements.iter().zip(&answer.moves) {
            if let Move::Release { to, .. } = choice
                && stderr.contains(&format!("`{}", requirement.package))
            {
                self.releases
                    .insert((requirement.package.clone(), to.clone()));
            }
        }
        for (name, _, to) in &answer.locks {
            if stderr.contains(&format!("`{name}")) {
                self.releases.insert((name.clone(), to.clone()));
            }
        }
        before != self.releases.len()
    }
}

impl PlanReport {
    /// Chooses among the options that are proven: the first, since they stand in the order of what
    /// one would want.
    fn recommend(&mut self) {
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

fn newest(facts: &Facts) -> Option<Line> {
    facts.matrix.lines.iter().map(|row| row.line).max()
}

fn title(id: OptionId) -> &'static str {
    match id {
        OptionId::A => "align everything now",
        OptionId::B => "proceed now, and switch off what blocks",
        OptionId::C => "stay on the newest line on which all agree",
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

/// The packages that are patched.
fn names(patches: &[(String, Edit)]) -> Vec<String> {
    patches.iter().map(|(name, _)| name.clone()).collect()
}

/// Sets of one number below `count`, then of two.
fn sets(count: usize) -> impl Iterator<Item = Vec<usize>> {
    let ones = (0..count).map(|one| vec![one]);
    let few = count.min(12);
    let twos = (0..few).flat_map(move |one| (one + 1..few).map(move |two| vec![one, two]));
    ones.chain(twos)
}
