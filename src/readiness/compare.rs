//! What moved between two readiness reports of one family.
//!
//! Evidence and inputs are numbered anew in each document, so their ids are never compared; those that
//! stand in a value here belong to the document that the value is from.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::plan::model::OptionId;
use crate::report::Tool;

use super::canonical::{self, NotJson};
use super::model::{
    CriterionRow, Decision, DependencyRow, Input, Obstacle, READINESS_SCHEMA_VERSION, Readiness,
    RiskRow, Score,
};

/// Version of the JSON shape. It grows when a field changes its meaning or goes away.
pub const COMPARISON_SCHEMA_VERSION: u32 = 1;

/// What moved. Lists are empty where nothing did, and sorted by what their rows are called.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Comparison {
    pub schema_version: u32,
    pub tool: Tool,
    /// Name of the family, for people.
    pub family: String,
    pub date: Both<String>,
    pub target: Both<Option<String>>,
    pub decision: Both<Decision>,
    pub score: Both<Score>,
    pub recommended: Both<Option<OptionId>>,
    /// Criteria whose result, weight, severity, due date or exceptions moved, by their ids.
    pub criteria: Vec<Moved<CriterionRow>>,
    /// Those that are gone no longer stand against a GO, for whatever reason.
    pub blockers: Vec<Moved<Obstacle>>,
    pub conditions: Vec<Moved<Obstacle>>,
    /// By the names of the packages.
    pub dependencies: Vec<Moved<DependencyRow>>,
    /// By their ids.
    pub risks: Vec<Moved<RiskRow>>,
    /// By kind and name.
    pub inputs: Vec<Moved<Input>>,
}

/// A value then and now, the same where it did not move.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Both<T> {
    pub old: T,
    pub new: T,
}

impl<T: PartialEq> Both<T> {
    pub fn moved(&self) -> bool {
        self.old != self.new
    }
}

/// Something that is not as it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Moved<T> {
    New { new: T },
    Gone { old: T },
    Changed { old: T, new: T },
}

impl<T> Moved<T> {
    /// As it is now, or was last.
    pub fn last(&self) -> &T {
        match self {
            Self::New { new } | Self::Changed { new, .. } => new,
            Self::Gone { old } => old,
        }
    }
}

/// Why two documents cannot be compared, or one not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CompareError {
    #[error(transparent)]
    NotJson(#[from] NotJson),
    #[error("it is no readiness report: {0}")]
    NotAReport(String),
    #[error("it has the schema version {found}, this program reads {known}")]
    Schema { found: u64, known: u32 },
    #[error("it is about {old}, not about {new}")]
    Family { old: String, new: String },
}

impl CompareError {
    /// What to do next.
    pub fn help(&self) -> &'static str {
        match self {
            Self::NotJson(_) | Self::NotAReport(_) => {
                "`cargo otel-check readiness --format json` writes one"
            }
            Self::Schema { .. } => {
                "write it anew with this program, or compare with the one that wrote it"
            }
            Self::Family { .. } => "compare with a report of the same family",
        }
    }
}

/// Reads a report from its JSON.
///
/// # Errors
/// Where it is no such report, or of another version.
pub fn read(text: &str) -> Result<Readiness, CompareError> {
    let value = canonical::read(text)?;
    let found = value
        .get("schema_version")
        .and_then(serde_json::Value::as_u64);
    let found =
        found.ok_or_else(|| CompareError::NotAReport("it has no `schema_version`".into()))?;
    if found != u64::from(READINESS_SCHEMA_VERSION) {
        return Err(CompareError::Schema {
            found,
            known: READINESS_SCHEMA_VERSION,
        });
    }
    serde_json::from_value(value).map_err(|error| CompareError::NotAReport(error.to_string()))
}

/// What moved from one report to another.
///
/// # Errors
/// Where they are of different schemas or about different families.
pub fn compare(old: &Readiness, new: &Readiness) -> Result<Comparison, CompareError> {
    if old.schema_version != new.schema_version {
        return Err(CompareError::Schema {
            found: old.schema_version.into(),
            known: new.schema_version,
        });
    }
    if old.family != new.family {
        return Err(CompareError::Family {
            old: old.family.clone(),
            new: new.family.clone(),
        });
    }
    let (before, after) = (&old.assessment, &new.assessment);
    Ok(Comparison {
        schema_version: COMPARISON_SCHEMA_VERSION,
        tool: new.tool.clone(),
        family: new.family.clone(),
        date: both(&old.date, &new.date),
        target: both(&old.target, &new.target),
        decision: both(&before.decision, &after.decision),
        score: both(&before.score, &after.score),
        recommended: both(&old.recommended, &new.recommended),
        criteria: rows(
            &before.criteria,
            &after.criteria,
            |row| &row.id,
            same_criterion,
        ),
        blockers: obstacles(&before.blockers, &after.blockers),
        conditions: obstacles(&before.conditions, &after.conditions),
        dependencies: rows(
            &old.dependencies,
            &new.dependencies,
            |row| &row.package,
            same_dependency,
        ),
        risks: rows(&old.risks, &new.risks, |row| &row.id, same_risk),
        inputs: inputs(&old.inputs, &new.inputs),
    })
}

impl Comparison {
    /// Whether nothing moved; the day and the digests of inputs apart.
    pub fn is_same(&self) -> bool {
        let Both { old, new } = &self.score;
        let score = |score: &Score| (score.met, score.measured, score.all);
        !self.target.moved()
            && !self.decision.moved()
            && !self.recommended.moved()
            && score(old) == score(new)
            && self.criteria.is_empty()
            && self.blockers.is_empty()
            && self.conditions.is_empty()
            && self.dependencies.is_empty()
            && self.risks.is_empty()
    }
}

fn both<T: Clone>(old: &T, new: &T) -> Both<T> {
    Both {
        old: old.clone(),
        new: new.clone(),
    }
}

/// Rows that are told apart by a key, which each document has once.
fn rows<'a, T: Clone, K: Ord>(
    old: &'a [T],
    new: &'a [T],
    key: impl Fn(&'a T) -> K,
    same: impl Fn(&T, &T) -> bool,
) -> Vec<Moved<T>> {
    let mut both: BTreeMap<K, (Option<&T>, Option<&T>)> = BTreeMap::new();
    for row in old {
        both.entry(key(row)).or_default().0 = Some(row);
    }
    for row in new {
        both.entry(key(row)).or_default().1 = Some(row);
    }
    let moved = both.into_values().filter_map(|pair| match pair {
        (Some(old), Some(new)) if same(old, new) => None,
        (Some(old), Some(new)) => Some(Moved::Changed {
            old: old.clone(),
            new: new.clone(),
        }),
        (None, Some(new)) => Some(Moved::New { new: new.clone() }),
        (Some(old), None) => Some(Moved::Gone { old: old.clone() }),
        (None, None) => None,
    });
    moved.collect()
}

fn same_criterion(old: &CriterionRow, new: &CriterionRow) -> bool {
    let part = |row: &CriterionRow| {
        let row = row.clone();
        (
            row.result,
            row.weight,
            row.severity,
            row.due,
            row.let_through,
        )
    };
    part(old) == part(new)
}

fn same_dependency(old: &DependencyRow, new: &DependencyRow) -> bool {
    let part = |row: &DependencyRow| {
        let row = row.clone();
        let checks = row
            .checks
            .into_iter()
            .map(|check| (check.title, check.result));
        let checks: Vec<_> = checks.collect();
        (row.current, row.lines, row.target, row.status, checks)
    };
    part(old) == part(new)
}

fn same_risk(old: &RiskRow, new: &RiskRow) -> bool {
    let part = |row: &RiskRow| RiskRow {
        evidence: Vec::new(),
        ..row.clone()
    };
    part(old) == part(new)
}

/// Whether two obstacles are one.
type Same<'a> = &'a dyn Fn(&Obstacle, &Obstacle) -> bool;

/// A criterion may have several obstacles: those with the same words are the same, the others of one
/// criterion are taken for each other in their order.
fn obstacles(old: &[Obstacle], new: &[Obstacle]) -> Vec<Moved<Obstacle>> {
    let bare = |one: &Obstacle| Obstacle {
        evidence: Vec::new(),
        ..one.clone()
    };
    let mut before: Vec<&Obstacle> = old.iter().collect();
    let mut after: Vec<&Obstacle> = new.iter().collect();
    let mut moved = Vec::new();
    let said = |one: &Obstacle, other: &Obstacle| {
        one.criterion == other.criterion && one.text == other.text
    };
    let of_one = |one: &Obstacle, other: &Obstacle| {
        one.criterion.is_some() && one.criterion == other.criterion
    };
    let rounds: [Same<'_>; 2] = [&said, &of_one];
    for is_same in rounds {
        before.retain(|old| {
            let Some(at) = after.iter().position(|new| is_same(old, new)) else {
                return true;
            };
            let new = after.remove(at);
            if bare(old) != bare(new) {
                moved.push(Moved::Changed {
                    old: (*old).clone(),
                    new: new.clone(),
                });
            }
            false
        });
    }
    moved.extend(
        before
            .into_iter()
            .map(|old| Moved::Gone { old: old.clone() }),
    );
    moved.extend(after.into_iter().map(|new| Moved::New { new: new.clone() }));
    moved.sort_by(|a, b| {
        let key = |one: &Moved<Obstacle>| (one.last().criterion.clone(), one.last().text.clone());
        key(a).cmp(&key(b))
    });
    moved
}

/// Inputs that are not as they were, by kind, and by name where that is not what they say.
pub fn inputs(old: &[Input], new: &[Input]) -> Vec<Moved<Input>> {
    let key = |input: &'_ Input| {
        let name = (!input.kind.says_by_name()).then(|| input.name.clone());
        (input.kind, name)
    };
    rows(old, new, key, |old, new| {
        old.name == new.name && old.sha256 == new.sha256
    })
}

#[cfg(test)]
mod tests;
