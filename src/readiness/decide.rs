//! The decision: by rule, from what was measured.
//!
//! What no criterion, weight or severity changes: where cargo does not resolve the workspace it is
//! NO-GO, and where telemetry is lost in something that ships it is no GO.

use super::model::{CriterionRow, Decision, Due, LetThrough, Measured, Obstacle, Severity};

/// Telemetry of something that ships, lost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loss {
    /// In one sentence without a full stop.
    pub text: String,
    pub help: Vec<String>,
    /// The exception of the policy that lets it stand.
    pub let_through: Option<LetThrough>,
    pub evidence: Vec<String>,
}

/// From what is decided.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// Evidence that cargo does not resolve it; none where it does.
    pub unresolvable: Option<&'a Obstacle>,
    pub losses: &'a [Loss],
    pub criteria: &'a [CriterionRow],
    /// The criteria that say of losses what the rule says, so that nothing is told twice.
    pub about_losses: &'a [String],
}

/// What was decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided {
    pub decision: Decision,
    pub because: String,
    pub blockers: Vec<Obstacle>,
    pub conditions: Vec<Obstacle>,
}

/// Decides. `owner` says who is asked about a criterion.
pub fn decide(facts: &Facts<'_>, owner: &dyn Fn(&CriterionRow) -> Option<String>) -> Decided {
    let mut sorted = Sorted::default();
    for row in facts.criteria {
        sorted.criterion(row, owner(row));
    }
    if let Some(obstacle) = facts.unresolvable
        && !sorted.blocks(|one| one.criterion == obstacle.criterion && obstacle.criterion.is_some())
    {
        sorted.unmet.push("cargo resolves the workspace".into());
        sorted.blockers.push(Obstacle {
            criterion: None,
            ..obstacle.clone()
        });
    }
    for loss in facts.losses {
        sorted.loss(loss, facts.about_losses);
    }
    sorted.decided()
}

#[derive(Default)]
struct Sorted {
    /// What each blocker keeps from being so.
    unmet: Vec<String>,
    blockers: Vec<Obstacle>,
    conditions: Vec<Obstacle>,
}

impl Sorted {
    fn blocks(&self, is: impl Fn(&Obstacle) -> bool) -> bool {
        self.blockers.iter().any(is)
    }

    fn criterion(&mut self, row: &CriterionRow, owner: Option<String>) {
        let obstacle = |text: String, help: &[String]| Obstacle {
            due: match row.severity {
                Severity::Blocker => Due::BeforeStart,
                Severity::Condition | Severity::Note => row.due,
            },
            criterion: Some(row.id.clone()),
            text,
            help: help.to_vec(),
            owner: owner.clone(),
            until: None,
            evidence: row.evidence.clone(),
        };
        match (&row.result, row.severity) {
            (Measured::Met { .. }, _) | (_, Severity::Note) => {}
            // A condition that was not measured is none that is known.
            (Measured::NotMeasured { .. }, Severity::Condition) => {}
            (Measured::NotMeasured { because, help }, Severity::Blocker) => {
                let text = format!("not measured: {} ({because})", row.title);
                self.conditions.push(obstacle(text, help));
            }
            (Measured::Unmet { text, help }, severity) => {
                let obstacle = obstacle(text.clone(), help);
                match (severity, row.let_through.as_slice()) {
                    (Severity::Blocker, []) => {
                        self.unmet.push(row.title.clone());
                        self.blockers.push(obstacle);
                    }
                    (_, []) => self.conditions.push(obstacle),
                    (_, exceptions) => {
                        let text = obstacle.text.clone();
                        self.conditions
                            .push(let_through(obstacle, &text, exceptions));
                    }
                }
            }
        }
    }

    fn loss(&mut self, loss: &Loss, about: &[String]) {
        let told = |one: &Obstacle| one.criterion.as_ref().is_some_and(|id| about.contains(id));
        let obstacle = Obstacle {
            due: Due::BeforeStart,
            criterion: None,
            text: loss.text.clone(),
            help: loss.help.clone(),
            owner: None,
            until: None,
            evidence: loss.evidence.clone(),
        };
        match &loss.let_through {
            None if self.blockers.iter().any(told) => {}
            None => {
                let title = "no telemetry is lost in what ships".to_owned();
                if !self.unmet.contains(&title) {
                    self.unmet.push(title);
                }
                self.blockers.push(obstacle);
            }
            // Where one of several is let through, the blocker tells of all.
            Some(_) if self.blockers.iter().chain(&self.conditions).any(told) => {}
            Some(one) => {
                let one = std::slice::from_ref(one);
                self.conditions.push(let_through(obstacle, &loss.text, one));
            }
        }
    }

    fn decided(mut self) -> Decided {
        self.blockers.sort_by_key(|one| one.due);
        self.conditions.sort_by_key(|one| one.due);
        let decision = match (self.blockers.len(), self.conditions.len()) {
            (0, 0) => Decision::Go,
            (0, _) => Decision::ConditionalGo,
            (_, _) => Decision::NoGo,
        };
        let because = match decision {
            Decision::Go => {
                "cargo resolves it, nothing that ships loses telemetry, every blocker is measured and \
                 met, and no condition is open"
                    .to_owned()
            }
            Decision::ConditionalGo => format!(
                "no blocker stands against it, and {} open",
                are(self.conditions.len(), "condition")
            ),
            Decision::NoGo => format!(
                "{} unmet: that {}",
                are(self.unmet.len(), "blocker"),
                self.unmet.join("; that ")
            ),
        };
        Decided {
            decision,
            because,
            blockers: self.blockers,
            conditions: self.conditions,
        }
    }
}

/// `1 blocker is`, `2 blockers are`.
fn are(count: usize, what: &str) -> String {
    match count {
        1 => format!("1 {what} is"),
        count => format!("{count} {what}s are"),
    }
}

/// What stands until the first of its exceptions ends.
fn let_through(obstacle: Obstacle, text: &str, exceptions: &[LetThrough]) -> Obstacle {
    let reasons: Vec<&str> = exceptions.iter().map(|one| one.reason.as_str()).collect();
    let until = exceptions.iter().filter_map(|one| one.until.clone()).min();
    let mut owners: Vec<&str> = exceptions
        .iter()
        .filter_map(|one| one.owner.as_deref())
        .collect();
    owners.sort_unstable();
    owners.dedup();
    Obstacle {
        text: format!("let through ({}): {text}", reasons.join("; ")),
        owner: match owners.is_empty() {
            true => obstacle.owner,
            false => Some(owners.join(", ")),
        },
        until,
        due: Due::Later,
        ..obstacle
    }
}

#[cfg(test)]
#[path = "decide/tests.rs"]
mod tests;
