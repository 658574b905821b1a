//! On what statements rest, and from what they were made.

use serde::{Deserialize, Serialize};

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
