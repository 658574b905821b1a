//! A readiness report as a value, in the shape that all formats print.
//!
//! Every figure stands in an object with `evidence`, the ids of [`Evidence`] on which it rests; each of
//! these names the [`Input`]s that it was made from. What was not measured is a variant that says so.

mod assessment;
mod dependencies;
mod evidence;
mod phases;
mod risks;

use serde::{Deserialize, Serialize};

use crate::plan::model::OptionId;
use crate::report::Tool;

pub use assessment::*;
pub use dependencies::*;
pub use evidence::*;
pub use phases::*;
pub use risks::*;

/// Version of the JSON shape. It grows when a field changes its meaning or goes away.
pub const READINESS_SCHEMA_VERSION: u32 = 1;

/// What `readiness` answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Readiness {
    pub schema_version: u32,
    pub tool: Tool,
    /// Name of the family, for people.
    pub family: String,
    /// The day of the assessment, `2026-12-31`: attestations and exceptions are judged by it.
    pub date: String,
    /// The line that the workspace should be on; none where there is none to name.
    pub target: Option<String>,
    /// Why that one, in one sentence.
    pub target_because: String,
    /// What was judged: the workspace as it stands.
    pub assessment: Assessment,
    /// Dependencies of the family, and those that bring it in.
    pub dependencies: Vec<DependencyRow>,
    /// What could be done, and what each would be worth.
    pub options: Vec<OptionRow>,
    /// Which option to take; none where none is proven.
    pub recommended: Option<OptionId>,
    /// Why that one, or why none, in one sentence.
    pub recommended_because: String,
    /// How the recommended option is carried out; none where nothing is to be done or none is proven.
    pub phases: Option<PhasePlan>,
    pub risks: Vec<RiskRow>,
    pub evidence: Vec<Evidence>,
    pub inputs: Vec<Input>,
    /// Sentences about what limits the answer; empty where nothing does.
    pub notes: Vec<String>,
}
