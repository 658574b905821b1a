//! What may go wrong.

use serde::{Deserialize, Serialize};

use crate::report::Verdict;

/// A risk, derived from what was found.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct RiskRow {
    /// Stable for the same risk: `blocked-owner:uplink`.
    pub id: String,
    pub kind: RiskKind,
    /// What may happen, in one sentence.
    pub text: String,
    pub probability: Probability,
    pub impact: Impact,
    /// What is done against it, one sentence each.
    pub mitigation: Vec<String>,
    /// What is done if it happens.
    pub contingency: Vec<String>,
    pub status: RiskStatus,
    pub owner: Option<String>,
    pub evidence: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum RiskKind {
    /// An owner has no release for the target.
    BlockedOwner,
    /// A crate that has ended.
    DeadCrate,
    /// It compiles, and behaves differently afterwards.
    BehaviourChange,
    /// A plan that cargo did not prove.
    UnverifiedPlan,
    Advisory,
    /// A requirement wide enough for the skew to come back.
    WidePin,
    /// A release with a known defect.
    BrokenRelease,
    /// Something that only selected features, platforms or updates bring in.
    Latent,
    /// What was let through, or could not be decided.
    Open,
    /// Something the plan leaves to hands.
    ByHand,
}

/// How likely it is. Never a guess.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Probability {
    /// It is so already.
    Present,
    /// Counted: in so many cases of all that were seen; what these are, in a few words.
    Counted {
        cases: u64,
        of: u64,
        what: String,
    },
    /// A measured distribution, in one sentence.
    Measured {
        text: String,
    },
    Unknown {
        because: String,
    },
}

/// What it would do.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Impact {
    /// The worst verdict that it leads to, where there is one.
    pub verdict: Option<Verdict>,
    /// Artifacts that ship and are touched.
    pub artifacts: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum RiskStatus {
    /// Nothing is done about it.
    Open,
    /// A step of the recommended option does.
    Planned { step: u32 },
    /// An exception of the policy lets it stand.
    Accepted {
        reason: String,
        owner: String,
        until: String,
    },
}
