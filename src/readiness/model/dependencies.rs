//! A row for each dependency, and for each option.

use serde::{Deserialize, Serialize};

use crate::plan::model::{Action, OptionId, Outcome};

use super::assessment::{Assessment, Measured, Score};

/// One dependency beside the target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct DependencyRow {
    pub package: String,
    /// Versions in use, from old to new.
    pub current: Vec<String>,
    /// Lines that these use, from old to new; empty where they use none.
    pub lines: Vec<String>,
    /// The release that serves the target; none where none does, or no line is needed.
    pub target: Option<String>,
    pub status: DependencyStatus,
    /// What was asked of it, one question a check.
    pub checks: Vec<DependencyCheck>,
    /// Of the checks, each with weight 1.
    pub score: Score,
    pub evidence: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum DependencyStatus {
    /// It is on the target, and nothing is wrong with it.
    Ready,
    /// The recommended option moves it.
    Moves {
        action: Action,
    },
    /// The recommended option changes its manifest, in these steps.
    Changes {
        steps: Vec<usize>,
    },
    /// The recommended option moves others, and it goes along.
    Follows,
    /// It is switched off, and would bring another line in if it were on.
    Deferred {
        because: String,
    },
    /// No release of it serves the target.
    Blocked {
        because: String,
    },
    /// Something is wrong with it that the recommended option does not mend.
    Faulty {
        because: String,
    },
    Unknown {
        because: String,
    },
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct DependencyCheck {
    /// The question, as a statement without a full stop: `every version in use is of the target line`.
    pub title: String,
    pub result: Measured,
    pub evidence: Vec<String>,
}

/// An option of the plan, judged by the same criteria as if it had been carried out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct OptionRow {
    pub id: OptionId,
    pub title: String,
    pub target: Option<String>,
    pub outcome: Outcome,
    pub edits: Option<u32>,
    /// What is lost by it, one sentence each.
    pub loses: Vec<String>,
    /// What is left to do by hand, one sentence each.
    pub remains: Vec<String>,
    /// Packages it waits for.
    pub waits_for: Vec<String>,
    /// What the criteria say of its result; none where it is not proven, so that there is none.
    pub assessment: Option<Assessment>,
    pub evidence: Vec<String>,
}
