//! What is to be measured, and what the policy says of the way: criteria, attestations, owners,
//! durations.

use std::collections::BTreeMap;

use crate::policy::Date;
use crate::report::Verdict;

use super::model::{Category, Due, Severity};

/// Criteria of the program and of the policy together, and the rest of the policy's `[readiness]`.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    pub criteria: Vec<Criterion>,
    pub attestations: Vec<Attestation>,
    /// Who is asked about a package, by its name.
    pub owners: BTreeMap<String, String>,
    /// Shares of the traffic in percent, from small to large.
    pub canary: Vec<u32>,
    /// Days of the calendar that a phase takes.
    pub phase_days: Option<u32>,
}

/// Something that holds, or does not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Criterion {
    pub id: String,
    /// What holds where it is met, without a full stop.
    pub title: String,
    pub category: Category,
    pub weight: u64,
    /// What it means that it is not met.
    pub severity: Severity,
    /// By when it has to be met, where it is a condition.
    pub due: Due,
    pub measure: Measure,
    /// What to do where it is not met; empty where the measurement says it.
    pub help: Vec<String>,
    /// Why it is there, and why with that severity, where its file says so.
    pub reason: Option<String>,
    /// The file that has it; both, where a policy changes one of the program's.
    pub from: String,
}

/// How a criterion is measured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Measure {
    /// Cargo resolves the workspace.
    Resolves,
    /// `check` has no finding of these codes or verdicts about what ships. Where a verdict that does
    /// harm is asked for, nothing may be undecided either.
    NoFinding {
        codes: Vec<String>,
        verdicts: Vec<Verdict>,
    },
    /// Everything that ships is on the target line.
    OnTarget,
    /// Nothing of the workspace's own is switched off that would bring another line in.
    NothingDeferred,
    /// A plan to the target is proven, or nothing is to be done.
    PlanProven,
    /// Each step of the recommended option can be undone, byte for byte.
    RollbackRehearsed,
    /// The workspace's own sources compile, as cargo says in a copy.
    Compiles,
    /// For each dependency in the way there is a specification, whose trial compiles.
    Specified,
    /// A command ends with this code within this time, in seconds.
    Command {
        words: Vec<String>,
        code: i32,
        seconds: u64,
        /// A regular expression that the end of its output has to match.
        prints: Option<String>,
    },
    /// A file is there, and its text matches a regular expression.
    File {
        /// Relative to the workspace root.
        path: String,
        matches: Option<String>,
    },
    /// A person says so.
    Attested,
}

/// A person's word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attestation {
    /// Id of the criterion.
    pub criterion: String,
    pub name: String,
    /// The day on which it was given.
    pub date: Date,
    /// The last day on which it counts; for good where there is none.
    pub until: Option<Date>,
    pub statement: Option<String>,
}
