//! The states of a workspace that are judged: as it stands, and as each option would leave it.

use std::collections::BTreeMap;

use camino::Utf8PathBuf;

use crate::matrix::InUse;
use crate::plan::compose::{PlanError, Planned, Planner};
use crate::plan::facts::Facts;
use crate::plan::local::Tree;
use crate::plan::model::{OptionId, Outcome};
use crate::plan::prove::Trial;
use crate::report::Report;
use crate::skew::Line;
use crate::skew::family::FamilyGraph;
use crate::skew::in_use::in_use;
use crate::workspace::{Packages, Workspace};

use super::compose::Scene;
use super::measure::deferred::Looked;
use super::measure::{Compiled, Deferred, State};

/// A state with what cargo, the analysis and the compiler say of it.
pub(super) struct Judged {
    /// The line by which it is judged.
    pub target: Option<Line>,
    pub report: Report,
    pub deferred: Option<Deferred>,
    pub compiled: Option<Compiled>,
    pub texts: BTreeMap<String, String>,
    /// What has to do with the family; empty where cargo does not resolve it.
    pub crates: Vec<InUse>,
}

impl Judged {
    pub fn current(scene: &Scene<'_>, target: Option<Line>) -> Result<Self, PlanError> {
        let prover = &scene.planner.prover;
        let (report, deferred, crates) = match scene.workspace {
            Some(workspace) => {
                let report = prover.report(workspace, Some(scene.planner.index))?;
                let (deferred, crates) = looked(scene, workspace, target)?;
                (report, Some(deferred), crates)
            }
            None => (scene.report.clone(), None, Vec::new()),
        };
        let compile = scene.compile;
        let compiled = compile.map(|compile| compile(&BTreeMap::new(), prover.lock.as_deref()));
        Ok(Self {
            target,
            report,
            deferred,
            compiled: compiled.transpose()?,
            texts: BTreeMap::new(),
            crates,
        })
    }

    /// As each option would leave it that is proven.
    pub fn options(
        scene: &Scene<'_>,
        current: &Self,
        target: Option<Line>,
    ) -> Result<BTreeMap<OptionId, Self>, PlanError> {
        let mut after: BTreeMap<OptionId, Self> = BTreeMap::new();
        for planned in &scene.plans.planned {
            let id = planned.option.id;
            // What two come to alike is judged once.
            let mut known = scene.plans.planned.iter();
            let known = known.find(|one| after.contains_key(&one.option.id) && alike(one, planned));
            let judged = match known.and_then(|one| after.get(&one.option.id)) {
                Some(known) => Some(known.again()),
                None => Self::after(scene, planned, current, target)?,
            };
            if let Some(judged) = judged {
                after.insert(id, judged);
            }
        }
        Ok(after)
    }

    /// As an option would leave it; none where it is not proven.
    fn after(
        scene: &Scene<'_>,
        planned: &Planned,
        current: &Self,
        target: Option<Line>,
    ) -> Result<Option<Self>, PlanError> {
        match planned.option.outcome {
            Outcome::Proven { .. } => {}
            Outcome::NothingToDo => return Ok(Some(current.again())),
            Outcome::Unproven { .. } | Outcome::None { .. } => return Ok(None),
        }
        // Nobody asked for the line: an option may be to another one.
        let own = planned.option.target.as_deref();
        let own = own.and_then(|line| line.parse().ok());
        let target = match is_asked(scene) {
            true => target,
            false => own.or(target),
        };
        let prover = &scene.planner.prover;
        let lock = planned.lock.as_deref();
        let tried = match prover.judge(&planned.changed, lock, scene.planner.index)? {
            Trial::Resolved(tried) => tried,
            // It was resolved before: what there is to say stands in the option.
            Trial::Refused(_) => return Ok(None),
        };
        let (deferred, crates) = looked(scene, &tried.workspace, target)?;
        let compile = scene.compile;
        let compiled = compile.map(|compile| compile(&planned.changed, lock));
        let root = prover.shadow.root();
        let below = |path: &Utf8PathBuf| crate::skew::trace::relative(root, path);
        let mut texts: BTreeMap<String, String> = planned
            .changed
            .iter()
            .map(|(path, text)| (below(path), text.clone()))
            .collect();
        if let Some(lock) = lock {
            texts.insert("Cargo.lock".into(), lock.to_owned());
        }
        Ok(Some(Self {
            target,
            deferred: Some(deferred),
            crates,
            report: tried.report,
            compiled: compiled.transpose()?,
            texts,
        }))
    }

    fn again(&self) -> Self {
        Self {
            target: self.target,
            report: self.report.clone(),
            deferred: self.deferred.clone(),
            compiled: self.compiled.clone(),
            texts: self.texts.clone(),
            crates: self.crates.clone(),
        }
    }

    pub fn state(&self, option: Option<OptionId>, target: Option<String>) -> State<'_> {
        State {
            option,
            target,
            report: &self.report,
            deferred: self.deferred.clone(),
            compiled: self.compiled.clone(),
            texts: self.texts.clone(),
        }
    }
}

/// What of a workspace is switched off, and what has to do with the family.
fn looked(
    scene: &Scene<'_>,
    workspace: &Workspace,
    target: Option<Line>,
) -> Result<(Deferred, Vec<InUse>), PlanError> {
    let request = (scene.planner.prover.request)(workspace)?;
    let packages = Packages::new(&workspace.graph);
    let family = scene.planner.family;
    let graph = FamilyGraph::new(family, &packages);
    let units = crate::skew::units(workspace, &packages, &graph, &request)?;
    let looked = Looked {
        workspace,
        packages: &packages,
        graph: &graph,
        units: &units,
        target,
    };
    let deferred = looked.deferred(&request)?;
    Ok((deferred, in_use(&packages, family, &graph, &units)))
}

/// Whether two options come to the same.
fn alike(one: &Planned, other: &Planned) -> bool {
    let proven = |one: &Planned| matches!(one.option.outcome, Outcome::Proven { .. });
    proven(one)
        && proven(other)
        && one.option.target == other.option.target
        && one.changed == other.changed
        && one.lock == other.lock
}

/// Whether somebody named the line to be on.
fn is_asked(scene: &Scene<'_>) -> bool {
    let policy = scene.policy.and_then(|policy| policy.target_line);
    scene.asked.or(policy).is_some()
}

/// The crates in use, and which release of each serves which line.
pub(super) fn facts(scene: &Scene<'_>, report: &Report) -> Result<Facts, PlanError> {
    let Planner { prover, family, .. } = scene.planner;
    let (root, manifests) = (prover.shadow.root(), prover.shadow.manifests());
    let tree = Tree::new(root, manifests, prover.lock.as_deref())?;
    let index = scene.planner.index;
    Ok(match scene.workspace {
        Some(workspace) => {
            Facts::resolved(family, index, &tree, workspace, report, prover.request)?
        }
        None => {
            let all = tree.packages().map(str::to_owned).collect();
            Facts::declared(family, index, &tree, &tree.requirements(&all))?
        }
    })
}
