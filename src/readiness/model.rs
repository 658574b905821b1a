//! A readiness report as a value, in the shape that all formats print.
//!
//! Every figure stands in an object with `evidence`, the ids of [`Evidence`] on which it rests; each of
//! these names the [`Input`]s that it was made from. What was not measured is a variant that says so.

use serde::{Deserialize, Serialize};

use crate::plan::model::{Action, OptionId, Outcome, Owner};
use crate::report::{Tool, Verdict};

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

/// Criteria, their score, and what follows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Assessment {
    pub decision: Decision,
    /// By which rule, in one sentence.
    pub because: String,
    /// What stands against a GO; empty unless the decision is NO-GO.
    pub blockers: Vec<Obstacle>,
    /// What has to be done, and by when; those due first come first.
    pub conditions: Vec<Obstacle>,
    pub score: Score,
    pub categories: Vec<CategoryScore>,
    pub criteria: Vec<CriterionRow>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Decision {
    NoGo,
    ConditionalGo,
    Go,
}

impl Decision {
    /// As documents write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::NoGo => "NO-GO",
            Self::ConditionalGo => "CONDITIONAL GO",
            Self::Go => "GO",
        }
    }
}

/// Something in the way: a blocker, or a condition.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Obstacle {
    pub due: Due,
    /// Id of the criterion; none for what the rules of the decision say by themselves.
    pub criterion: Option<String>,
    /// What is wrong or missing, in one sentence.
    pub text: String,
    /// What to do, or how to measure it; empty where nothing is known.
    pub help: Vec<String>,
    /// Whom to ask, where the policy or an exception names somebody.
    pub owner: Option<String>,
    /// The last day on which it may stand, where an exception lets it through.
    pub until: Option<String>,
    pub evidence: Vec<String>,
}

/// By when a condition has to be met. Written `before-start`, `before-phase-2`, `later`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum Due {
    BeforeStart,
    BeforePhase(u32),
    Later,
}

#[cfg(test)]
impl schemars::JsonSchema for Due {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Due".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "pattern": "^(before-start|before-phase-[1-9][0-9]*|later)$",
            "description": "By when a condition has to be met."
        })
    }
}

impl std::fmt::Display for Due {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::BeforeStart => f.write_str("before-start"),
            Self::BeforePhase(number) => write!(f, "before-phase-{number}"),
            Self::Later => f.write_str("later"),
        }
    }
}

impl std::str::FromStr for Due {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is none of before-start, before-phase-N, later");
        match text {
            "before-start" => Ok(Self::BeforeStart),
            "later" => Ok(Self::Later),
            _ => {
                let number = text.strip_prefix("before-phase-").ok_or_else(wrong)?;
                let number = number.parse().ok().filter(|number| *number > 0);
                number.map(Self::BeforePhase).ok_or_else(wrong)
            }
        }
    }
}

impl From<Due> for String {
    fn from(due: Due) -> Self {
        due.to_string()
    }
}

impl TryFrom<String> for Due {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

/// A score in weights. A criterion counts with its whole weight, or not at all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Score {
    /// Weight of what was measured and is met.
    pub met: u64,
    /// Weight of what was measured.
    pub measured: u64,
    /// Weight of everything.
    pub all: u64,
    /// `met` of `measured` in whole percent, rounded down; none where nothing was measured.
    pub percent: Option<u64>,
    /// `measured` of `all` in whole percent, rounded down; none where nothing has any weight.
    pub covered: Option<u64>,
    /// The sums written out: `10 + 8 of 10 + 8 + 5`.
    pub arithmetic: String,
    pub evidence: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct CategoryScore {
    pub category: Category,
    pub score: Score,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Category {
    Technical,
    Documentation,
    Infrastructure,
    Operational,
    Risk,
}

impl Category {
    /// As documents write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Technical => "technical",
            Self::Documentation => "documentation",
            Self::Infrastructure => "infrastructure",
            Self::Operational => "operational",
            Self::Risk => "risk",
        }
    }
}

/// What it means that a criterion is not met.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    Blocker,
    Condition,
    Note,
}

impl Severity {
    /// As documents write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Blocker => "blocker",
            Self::Condition => "condition",
            Self::Note => "note",
        }
    }
}

/// A criterion, and what was measured.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct CriterionRow {
    pub id: String,
    /// What holds where it is met, in one sentence without a full stop.
    pub title: String,
    pub category: Category,
    pub weight: u64,
    pub severity: Severity,
    pub due: Due,
    /// How it is measured, in a few words.
    pub measure: String,
    pub result: Measured,
    /// Who lets it stand although it is not met, and until when; empty where nobody does.
    pub let_through: Vec<LetThrough>,
    pub evidence: Vec<String>,
    /// The file that has the criterion: `rules/readiness.toml`, `otel-check.toml`.
    pub from: String,
}

/// What [`CriterionRow::measure`] says where a person's word is what measures it.
pub const ATTESTED: &str = "a person's word";

/// What came of measuring.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Measured {
    /// In one sentence what was seen.
    Met { text: String },
    Unmet {
        text: String,
        /// What to do about it.
        help: Vec<String>,
    },
    /// It counts neither for nor against.
    NotMeasured {
        because: String,
        /// How to have it measured.
        help: Vec<String>,
    },
}

/// A decision of the policy to let something stand.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct LetThrough {
    pub reason: String,
    pub owner: Option<String>,
    pub until: Option<String>,
}

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

/// On what a statement rests.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Evidence {
    /// `e1`, `e2`, …: unique in the document.
    pub id: String,
    pub kind: EvidenceKind,
    /// What was seen, in one sentence.
    pub text: String,
    /// The command that shows it again, from the workspace's root.
    pub command: Option<String>,
    /// What a command printed, and how it ended.
    pub run: Option<Run>,
    /// Ids of what it was made from; never empty.
    pub inputs: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum EvidenceKind {
    /// A finding of `check`, or that there is none.
    Check,
    /// What `plan` says, and cargo proves.
    Plan,
    /// What the compiler says of the workspace.
    Trial,
    /// What `spec` says.
    Spec,
    /// A command that was run.
    Command,
    /// A file that was read.
    File,
    /// A person's word.
    Attestation,
    /// A rehearsal in a copy of the workspace.
    Rehearsal,
    /// What the registry's index says.
    Index,
    /// A fact of the rules.
    Rule,
    /// Other evidence, added up.
    Sum,
}

/// How a command ended.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Run {
    pub ended: Ended,
    /// The last of what it printed, both streams together, at most 16 KiB.
    pub output: String,
    /// Bytes that it printed in all.
    pub bytes: u64,
    /// Of all that it printed, in hexadecimal digits.
    pub sha256: String,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Ended {
    Exit {
        code: i32,
    },
    /// By a signal of the system.
    Signal {
        signal: i32,
    },
    /// It took longer than it was given, in seconds, and was stopped.
    TimedOut {
        seconds: u64,
    },
    /// It could not be started.
    NotStarted {
        because: String,
    },
}

/// Something that the answer was made from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Input {
    /// `i1`, `i2`, …: unique in the document.
    pub id: String,
    pub kind: InputKind,
    /// What it is: a path relative to the workspace root, the name of a crate, of a rule file.
    pub name: String,
    /// Of its content, in hexadecimal digits; none where it has none, as the absence of a file.
    pub sha256: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum InputKind {
    Lock,
    Manifest,
    /// The sources of a package of the workspace, or one that it reaches by path.
    Source,
    /// The policy, with criteria and attestations.
    Policy,
    /// The rule files that the program holds.
    Rules,
    /// The criteria that the program holds.
    Criteria,
    /// The releases of a crate in the registry's index.
    Index,
    /// A file that a criterion names.
    File,
    /// A command that a criterion names: its words.
    Command,
    /// The flags of this run on which the answer depends: its words.
    Flags,
    /// The version of cargo and rustc.
    Toolchain,
    /// The day of the assessment.
    Day,
}

impl InputKind {
    /// Whether there is one of the kind, whose name is all that it says.
    pub fn says_by_name(self) -> bool {
        match self {
            Self::Flags | Self::Toolchain | Self::Day => true,
            Self::Lock
            | Self::Manifest
            | Self::Source
            | Self::Policy
            | Self::Rules
            | Self::Criteria
            | Self::Index
            | Self::File
            | Self::Command => false,
        }
    }
}
