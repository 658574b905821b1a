//! A plan as a value, in the shape that all formats print.

use serde::{Deserialize, Serialize};

use crate::report::Tool;

/// Version of the JSON shape. It grows when a field changes its meaning or goes away.
pub const PLAN_SCHEMA_VERSION: u32 = 1;

/// What `plan` answers.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct PlanReport {
    pub schema_version: u32,
    pub tool: Tool,
    /// Name of the family, for people.
    pub family: String,
    /// Whether cargo resolves the workspace as it is.
    pub resolves: bool,
    /// The lines that artifacts link today, the live one first.
    pub lines_today: Vec<String>,
    /// The live line, where there is one.
    pub live: Option<String>,
    /// Lines that could be the target, from old to new.
    pub targets: Vec<TargetRow>,
    /// The options that were worked out; one where `--options` was not asked for.
    pub options: Vec<PlanOption>,
    /// Which of the options to take; none where none is proven.
    pub recommended: Option<OptionId>,
    /// Why that one, or why none, in one sentence.
    pub because: String,
    /// Sentences about what limits the answer; empty where nothing does.
    pub notes: Vec<String>,
}

/// A line that the workspace could be brought to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct TargetRow {
    pub line: String,
    /// Why this line is among the candidates.
    pub because: Vec<TargetReason>,
    /// What bringing everything to it costs; none where something holds it back.
    pub cost: Option<Cost>,
    /// Who holds it back, with the reason.
    pub blockers: Vec<Blocker>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum TargetReason {
    /// Named on the command line.
    Asked,
    /// Providers of it are installed today.
    Live,
    /// The newest line that everything in use serves.
    NewestCommon,
    /// The newest line of all.
    Newest,
    /// The line that needs the fewest edits.
    FewestEdits,
}

/// Something without a release for a line.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Blocker {
    pub package: String,
    /// The version in use.
    pub version: Option<String>,
    /// Why no release of it will do, in one sentence without a full stop.
    pub because: String,
    /// The requirement through which it comes in: `Cargo.toml:12: name = "0.26"`.
    pub culprit: Option<String>,
    /// What its past says about waiting, in one sentence.
    pub outlook: Option<String>,
}

/// What a plan costs. Plans are compared by these figures from left to right; the least wins.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Cost {
    /// Dependencies, or features of dependencies, that are switched off.
    pub disabled: u32,
    /// Requirements that stay on another line since nothing can be done about them.
    pub blocked: u32,
    /// Requirements that move to an incompatible release, a replacement counted twice.
    pub breaking: u32,
    /// Entries of manifests that change.
    pub edits: u32,
    /// Packages whose locked version changes while no requirement does.
    pub lock_moves: u32,
}

impl std::ops::Add for Cost {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            disabled: self.disabled + other.disabled,
            blocked: self.blocked + other.blocked,
            breaking: self.breaking + other.breaking,
            edits: self.edits + other.edits,
            lock_moves: self.lock_moves + other.lock_moves,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum OptionId {
    /// Align everything now.
    A,
    /// Proceed now, and disable or defer what blocks.
    B,
    /// Stay on the newest line on which all agree.
    C,
}

/// One way to go.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct PlanOption {
    pub id: OptionId,
    /// In a few words.
    pub title: String,
    /// The line aimed at.
    pub target: Option<String>,
    pub outcome: Outcome,
    pub cost: Option<Cost>,
    /// What is lost by it, one sentence each.
    pub loses: Vec<String>,
    /// What the result is warned of that is not warned of today, one sentence each: to be done by
    /// hand once it is applied.
    pub remains: Vec<String>,
    /// What it waits for.
    pub waits_for: Vec<Blocker>,
    /// Empty where there is nothing to do.
    pub steps: Vec<Step>,
    /// The whole change of the manifests, as one diff.
    pub diff: String,
}

/// Whether a plan holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Outcome {
    /// Cargo resolved it, and the whole analysis of the result is clean.
    Proven {
        /// The command that proves it again.
        command: String,
    },
    /// The workspace is clean as it is.
    NothingToDo,
    /// Tried, and it does not hold.
    Unproven { because: String },
    /// There is no such plan: because … and …, ….
    None { because: String },
}

/// One thing to do, by one owner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Step {
    /// From 1, in the order of doing.
    pub number: usize,
    /// Steps of one wave can be done side by side.
    pub wave: usize,
    /// `bump`, `downgrade`, `lock`, …: see the docs.
    pub action: Action,
    pub package: String,
    /// Who does it.
    pub owner: Owner,
    /// What is wrong today, in one sentence.
    pub issue: String,
    /// What to do, in one sentence.
    pub change: String,
    /// The change of the manifests as a diff; empty where none changes.
    pub diff: String,
    /// Commands, in their order, from the workspace's root.
    pub commands: Vec<String>,
    /// Tests to run after it.
    pub tests: Vec<String>,
    /// Commands that undo it.
    pub rollback: Vec<String>,
    /// Numbers of the steps that come first.
    pub depends_on: Vec<usize>,
    /// What behaves differently afterwards although it compiles, each with its source.
    pub risks: Vec<Risk>,
    /// Places of the workspace's own source that name what is switched off: `src/main.rs:12:5`.
    pub uses: Vec<String>,
    /// How to see that it is done: a command, for others' steps with what it then says.
    pub done_when: String,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Risk {
    pub text: String,
    pub source: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Owner {
    /// The workspace's own people.
    Workspace,
    /// Whoever releases the package.
    Upstream,
}

/// What is done to one package, from the cheapest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// Another release within the requirement.
    Lock,
    /// A newer requirement.
    Bump,
    /// An older requirement.
    Downgrade,
    /// The shared requirement of the workspace takes the place of the package's own.
    Inherit,
    /// The feature that chooses the line.
    SwitchFeature,
    /// Only features move: renamed, or to another crate.
    MoveFeature,
    /// A feature is left out.
    DropFeature,
    /// A dead crate gives way to its successor.
    Replace,
    /// The dependency becomes optional, behind a feature that is not on by default.
    Disable,
    /// Sources of the user's choice take the place of the release.
    Patch,
    /// A release is due.
    Wait,
    /// Its owner has to be asked.
    Ask,
}
