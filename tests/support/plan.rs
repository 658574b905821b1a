//! What `plan --format json` prints, as far as tests look at it.

use serde::Deserialize;

use super::tool::Run;

/// A plan, as JSON has it.
#[derive(Debug, Deserialize)]
pub struct Plan {
    pub resolves: bool,
    pub lines_today: Vec<String>,
    pub live: Option<String>,
    pub targets: Vec<Target>,
    pub options: Vec<Choice>,
    pub recommended: Option<String>,
    pub because: String,
    pub notes: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub struct Target {
    pub line: String,
    pub because: Vec<String>,
    pub cost: Option<Cost>,
    pub blockers: Vec<Blocker>,
}

#[derive(Debug, Deserialize)]
pub struct Blocker {
    pub package: String,
    pub version: Option<String>,
    pub because: String,
    pub culprit: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct Cost {
    pub disabled: u32,
    pub blocked: u32,
    pub breaking: u32,
    pub edits: u32,
    pub lock_moves: u32,
}

#[derive(Debug, Deserialize)]
pub struct Choice {
    pub id: String,
    pub target: Option<String>,
    pub outcome: Outcome,
    pub cost: Option<Cost>,
    pub loses: Vec<String>,
    pub remains: Vec<String>,
    pub waits_for: Vec<Blocker>,
    pub steps: Vec<Step>,
    pub diff: String,
}

#[derive(Debug, Deserialize)]
pub struct Outcome {
    pub kind: String,
    pub command: Option<String>,
    pub because: Option<String>,
}

#[derive(Debug, Deserialize)]
pub struct Step {
    pub number: usize,
    pub wave: usize,
    pub action: String,
    pub package: String,
    pub owner: String,
    pub change: String,
    pub diff: String,
    pub commands: Vec<String>,
    pub tests: Vec<String>,
    pub rollback: Vec<String>,
    pub depends_on: Vec<usize>,
    pub uses: Vec<String>,
    pub done_when: String,
}

impl Run {
    /// Reads standard output as a plan.
    pub fn plan(&self) -> Plan {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| {
            panic!(
                "not a plan ({error}), exit code {}\n{}\n{}",
                self.code, self.stdout, self.stderr
            )
        })
    }
}

impl Plan {
    pub fn option(&self, id: &str) -> &Choice {
        let found = self.options.iter().find(|option| option.id == id);
        found.unwrap_or_else(|| panic!("no option {id}: {self:#?}"))
    }

    /// The one to take.
    pub fn choice(&self) -> &Choice {
        match &self.recommended {
            Some(id) => self.option(id),
            None => panic!("nothing is recommended: {self:#?}"),
        }
    }
}

impl Choice {
    pub fn is_proven(&self) -> bool {
        self.outcome.kind == "proven"
    }

    /// Disabled, blocked, breaking, edits, lock moves.
    pub fn figures(&self) -> Option<[u32; 5]> {
        let cost = self.cost?;
        Some([
            cost.disabled,
            cost.blocked,
            cost.breaking,
            cost.edits,
            cost.lock_moves,
        ])
    }

    /// What is done to which package, in order.
    pub fn actions(&self) -> Vec<(&str, &str)> {
        let steps = self.steps.iter();
        steps
            .map(|step| (step.action.as_str(), step.package.as_str()))
            .collect()
    }

    /// The lines of manifests that go and come.
    pub fn changes(&self) -> Vec<&str> {
        changes(&self.diff)
    }
}

/// The lines of a diff that go and come.
pub fn changes(diff: &str) -> Vec<&str> {
    let signed = |line: &&str| line.starts_with(['+', '-']);
    let heads = |line: &&str| line.starts_with("+++ ") || line.starts_with("--- ");
    diff.lines()
        .filter(signed)
        .filter(|line| !heads(line))
        .collect()
}
