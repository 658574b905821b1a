//! Plans: which requirements to move, to which releases, and the proof that cargo accepts them.
//!
//! `target` names the lines that come into question, `search` finds the cheapest way to one of them,
//! `prove` has cargo resolve it in a shadow of the workspace and judges the result.

pub mod compose;
pub mod diff;
pub mod edit;
pub mod edits;
pub mod emit;
pub mod facts;
pub mod lag;
pub mod local;
pub mod mend;
pub mod model;
pub mod order;
pub mod prove;
mod refusal;
pub mod search;
pub mod shadow;
pub mod trial;
pub mod uses;
pub mod write;

pub use model::{
    Action, Blocker, Cost, OptionId, Outcome, Owner, PLAN_SCHEMA_VERSION, PlanOption, PlanReport,
    Risk, Step, TargetReason, TargetRow,
};
