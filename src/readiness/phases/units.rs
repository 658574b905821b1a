//! What is carried out at once, and in which order.

use std::collections::BTreeMap;

use crate::plan::compose::{LockMove, Part, Planned};
use crate::plan::edit::Edit;
use crate::plan::model::{Owner, Step};

/// Steps that one command carries out.
#[derive(Debug, Clone)]
pub struct Unit<'a> {
    /// In the order of their numbers; never empty.
    pub steps: Vec<&'a Step>,
    pub parts: Vec<&'a Part>,
}

impl<'a> Unit<'a> {
    /// The packages that it is about, each once, in the order of the steps.
    pub fn packages(&self) -> Vec<&'a str> {
        let mut names: Vec<&str> = Vec::new();
        for step in &self.steps {
            if !names.contains(&step.package.as_str()) {
                names.push(&step.package);
            }
        }
        names
    }

    pub fn edits(&self) -> Vec<Edit> {
        let edits = self.parts.iter().flat_map(|part| part.edits.clone());
        edits.collect()
    }

    /// The one locked version that it moves, where it does nothing else.
    pub fn only_lock(&self) -> Option<&'a LockMove> {
        let [part] = self.parts[..] else {
            return None;
        };
        part.lock.as_ref().filter(|_| part.edits.is_empty())
    }

    /// All of them as one.
    pub fn together(units: &[Unit<'a>]) -> Unit<'a> {
        let mut steps: Vec<&Step> = units.iter().flat_map(|unit| unit.steps.clone()).collect();
        steps.sort_by_key(|step| step.number);
        let parts = units.iter().flat_map(|unit| unit.parts.clone());
        Unit {
            steps,
            parts: parts.collect(),
        }
    }
}

/// The workspace's own steps, wave by wave. Steps about one package are carried out at once, in the
/// wave of the first.
pub fn waves(planned: &Planned) -> Vec<Vec<Unit<'_>>> {
    let mut units: Vec<(usize, Unit<'_>)> = Vec::new();
    let own = planned.option.steps.iter();
    for step in own.filter(|step| step.owner == Owner::Workspace) {
        let same = |(_, unit): &&mut (usize, Unit<'_>)| unit.steps[0].package == step.package;
        match units.iter_mut().find(same) {
            Some((_, unit)) => unit.steps.push(step),
            None => {
                let parts = planned.parts.iter();
                let parts = parts.filter(|part| part.package == step.package);
                units.push((
                    step.wave,
                    Unit {
                        steps: vec![step],
                        parts: parts.collect(),
                    },
                ));
            }
        }
    }
    let mut waves: BTreeMap<usize, Vec<Unit<'_>>> = BTreeMap::new();
    for (wave, unit) in units {
        waves.entry(wave).or_default().push(unit);
    }
    waves.into_values().collect()
}
