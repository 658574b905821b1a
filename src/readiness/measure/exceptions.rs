//! What the policy lets through.

use crate::policy::{Date, Policy, Setting};
use crate::readiness::model::LetThrough;
use crate::report::Finding;

/// Exceptions of the policy that still hold.
#[derive(Debug, Clone, Copy)]
pub struct Exceptions<'a> {
    pub policy: Option<&'a Policy>,
    pub today: Date,
}

impl Exceptions<'_> {
    /// The first that lets a finding through. What the policy forbids, nothing lets through.
    pub fn of(&self, finding: &Finding) -> Option<LetThrough> {
        let policy = self.policy?;
        if policy.levels.get(&finding.code) == Some(&Setting::Forbid) {
            return None;
        }
        let mut exceptions = policy.exceptions.iter();
        let exception = exceptions.find(|one| one.expires >= self.today && one.matches(finding))?;
        Some(LetThrough {
            reason: exception.reason.clone(),
            owner: Some(exception.owner.clone()),
            until: Some(exception.expires.to_string()),
        })
    }

    /// What lets all of them through, each once; nothing where one is not let through.
    pub fn of_all<'f>(&self, findings: impl Iterator<Item = &'f Finding>) -> Vec<LetThrough> {
        let mut all: Vec<LetThrough> = Vec::new();
        for finding in findings {
            let Some(one) = self.of(finding) else {
                return Vec::new();
            };
            if !all.contains(&one) {
                all.push(one);
            }
        }
        all
    }
}
