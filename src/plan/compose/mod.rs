//! Puts plans together: which lines come into question, the cheapest way to each, the proof, and the
//! options among which to choose.

mod assemble;
mod blockers;
mod off;
mod options;
mod recommend;
mod refusals;
mod way;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use camino::Utf8PathBuf;
use semver::Version;

use crate::registry::{Index, IndexError, Timestamp};
use crate::report::{Identity, Report};
use crate::rules::Family;
use crate::skew::Line;
use crate::workspace::{Workspace, WorkspaceError};

use crate::plan::edit::{Change, Edit, EditError, PatchSource, apply_all};
use crate::plan::facts::{Facts, FactsError};
use crate::plan::local::{Requirement, Tree};
use crate::plan::model::{OptionId, PlanOption, PlanReport};
use crate::plan::prove::{ProofError, Prover, Trial, Tried};
use crate::plan::refusal;
use crate::plan::search::{Move, Question};

use refusals::Refusals;

/// What is asked for.
#[derive(Debug, Clone, Default)]
pub struct Wish {
    pub target: Option<Line>,
    /// All options, not only the one to take.
    pub options: bool,
    pub patches: Vec<(String, PatchSource)>,
    /// The flags given, as they are to be typed again, without that for all options.
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
    /// Findings that its result still has, or has anew.
    pub left: BTreeSet<Identity>,
}

/// A locked version to move: the package, from, to.
pub type LockMove = (String, Option<Version>, Version);

/// What a plan does to one package.
#[derive(Debug, Clone)]
pub struct Part {
    pub package: String,
    pub edits: Vec<Edit>,
    pub lock: Option<LockMove>,
}

/// What is done to one requirement, with the edits that carry it out.
#[derive(Debug, Clone)]
pub struct Chosen {
    pub requirement: Requirement,
    pub choice: Move,
    pub edits: Vec<Edit>,
}

/// New manifests with their lock; else cargo's refusal.
pub type PartResult = Result<(BTreeMap<Utf8PathBuf, String>, Option<String>), String>;

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
    #[error("the workspace cannot be resolved with the patches asked for: {message}")]
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
    first: Vec<Chosen>,
    /// What was patched to get here.
    patches: Vec<(String, Edit)>,
}

impl Base {
    /// Whether the workspace as it is harms nothing.
    fn is_clean(&self) -> bool {
        self.facts.affected.is_empty() && self.changed.is_empty()
    }
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
        let tree = self.tree(&BTreeMap::new(), self.prover.lock.as_deref())?;
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
        let tree = self.tree(&BTreeMap::new(), self.prover.lock.as_deref())?;
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
        first: Vec<Chosen>,
        patches: Vec<(String, Edit)>,
    ) -> Result<Result<Base, String>, PlanError> {
        let tried = match self.prover.attempt(&changed, &names(&patches), &[])? {
            Trial::Refused(stderr) => return Ok(Err(stderr)),
            Trial::Resolved(tried) => tried,
        };
        let lock = tried.lock.as_deref();
        let of_no_use = names(&patches)
            .into_iter()
            .find(|name| is_unused(lock.unwrap_or_default(), name));
        if let Some(name) = of_no_use {
            let message = format!("no requirement admits the version of `{name}` that is there");
            return Err(PlanError::Patch { message });
        }
        let tree = self.tree(&changed, lock)?;
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

    fn question<'q>(
        &'q self,
        base: &'q Base,
        target: Line,
        requirements: &'q [Requirement],
        refused: &'q Refusals,
    ) -> Question<'q> {
        Question {
            family: self.family,
            index: self.index,
            target,
            requirements,
            lock: &base.tree.lock,
            used: base.facts.used.as_ref(),
            reaching: &base.facts.reaching,
            harmless: &base.facts.harmless,
            refused: &refused.releases,
            toolchains: None,
            may_disable: false,
            may_block: false,
        }
    }

    /// The packages of the tree whose requirements are looked at.
    fn scope(&self, base: &Base, also: &BTreeSet<String>) -> BTreeSet<String> {
        // Where nothing is harmed, what another line costs is what the whole tree costs.
        if self.wish.target.is_some() || base.facts.used.is_none() || base.is_clean() {
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
}

/// The packages that are patched.
fn names(patches: &[(String, Edit)]) -> Vec<String> {
    patches.iter().map(|(name, _)| name.clone()).collect()
}

/// Whether a lock says of a patch that nothing takes it.
fn is_unused(lock: &str, package: &str) -> bool {
    let mut unused = lock.split("[[patch.unused]]").skip(1);
    unused.any(|entry| {
        entry
            .trim_start()
            .starts_with(&format!("name = \"{package}\""))
    })
}
