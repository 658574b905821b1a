//! Criteria, what was measured of each, and what follows.

use serde::{Deserialize, Serialize};

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
