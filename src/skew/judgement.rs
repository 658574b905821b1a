//! What is found about a second line, and why.

use crate::report::{Evidence, Verdict};

use super::trace::Trace;

/// What was found about one line that comes in through one requirement.
pub struct Judgement<'g> {
    pub verdict: Verdict,
    pub copy: usize,
    /// For a second version of a singleton: that version.
    pub singleton: Option<usize>,
    /// The package whose use decided.
    pub introducer: usize,
    pub trace: Trace<'g>,
    pub why: Why,
    pub evidence: Vec<Evidence>,
}

/// The reason for a verdict, for its message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// Reads what nobody installed.
    Reads,
    /// A bridge that was never handed a tracer.
    Unfed,
    /// Another bridge is installed than the one asked.
    OtherBridge,
    /// Both lines are installed.
    BothLive,
    /// Types of two lines meet.
    Types,
    /// Uses types or constants only.
    TypesOnly,
    /// No code reaches its use.
    Unreached,
    /// No code names it.
    Unnamed,
    /// Sources are missing and no rule speaks of it.
    NoSource,
    /// Nobody installs a provider of any line.
    NoneLive,
}

/// The verdict on one actor, before actors of one requirement are put together.
pub(super) struct Opinion {
    pub verdict: Verdict,
    pub why: Why,
    pub evidence: Vec<Evidence>,
}

pub(super) fn opinion(verdict: Verdict, why: Why, evidence: Vec<Evidence>) -> Opinion {
    Opinion {
        verdict,
        why,
        evidence,
    }
}
