//! The recommended option in phases, with gates and ways back.

use serde::{Deserialize, Serialize};

use crate::plan::model::{Action, OptionId, Owner};

/// The recommended option in phases.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct PhasePlan {
    pub option: OptionId,
    /// Commands before the first phase, which make the rollback possible.
    pub prepare: Vec<String>,
    pub phases: Vec<Phase>,
    /// Undoes everything.
    pub rollback: Rollback,
    /// Shares of the traffic in percent, from small to large; empty where the policy gives none.
    pub canary: Vec<u32>,
    /// What has to be done by hand after the last phase, one sentence each.
    pub by_hand: Vec<String>,
    pub evidence: Vec<String>,
}

/// Steps that are done together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Phase {
    /// From 1.
    pub number: u32,
    pub title: String,
    /// First and last day; none where no start was given, or the policy has no duration.
    pub days: Option<(String, String)>,
    /// Commands that pass before it begins.
    pub entry: Vec<Gate>,
    pub steps: Vec<PhaseStep>,
    /// What is not done in it, with the reason.
    pub out: Vec<LeftOut>,
    /// Commands that pass once it is done, and did not before.
    pub exit: Vec<Gate>,
    /// Undoes the phase.
    pub rollback: Rollback,
    pub evidence: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct PhaseStep {
    /// Number of the plan's step.
    pub number: u32,
    pub action: Action,
    pub package: String,
    pub change: String,
    pub owner: Owner,
    /// The owner by name, from the policy or the package's metadata.
    pub who: Option<String>,
    pub diff: String,
    pub commands: Vec<String>,
    pub tests: Vec<String>,
    /// Commands that fail before the step and pass after it.
    pub gates: Vec<Gate>,
    pub rollback: Option<Rollback>,
    pub evidence: Vec<String>,
}

/// A command that can fail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Gate {
    /// To be run in the workspace's root, by a POSIX shell.
    pub command: String,
    /// What it shows, in a few words.
    pub shows: String,
    pub rehearsed: Rehearsed,
}

/// What was seen of a command in a copy of the workspace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Rehearsed {
    /// For a gate: it was seen to fail, and to pass.
    Held,
    /// It was not tried there.
    Not { because: String },
}

/// How to get back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Rollback {
    /// Git and cargo commands, in their order, from the workspace's root.
    pub commands: Vec<String>,
    /// Whether it gave the manifests and the lock back byte for byte.
    pub rehearsed: Rehearsed,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct LeftOut {
    pub package: String,
    pub because: String,
    /// The phase in which it is done; none where it is in none.
    pub phase: Option<u32>,
}
