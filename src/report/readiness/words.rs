//! Words for what a readiness report decides and counts. Texts from outside are still to be escaped.

use crate::readiness::model::{
    Decision, DependencyStatus, Due, Ended, EvidenceKind, Gate, InputKind, Measured, Probability,
    Rehearsed, RiskKind, RiskStatus, Score,
};
use crate::report::Verdict;

use super::blocks::Tone;

pub fn decision(decision: Decision) -> (&'static str, Tone) {
    let tone = match decision {
        Decision::NoGo => Tone::Bad,
        Decision::ConditionalGo => Tone::Doubtful,
        Decision::Go => Tone::Good,
    };
    (decision.name(), tone)
}

pub fn measured(result: &Measured) -> (&'static str, Tone) {
    match result {
        Measured::Met { .. } => ("met", Tone::Good),
        Measured::Unmet { .. } => ("unmet", Tone::Bad),
        Measured::NotMeasured { .. } => ("not measured", Tone::Neutral),
    }
}

/// What was seen, or why nothing was.
pub fn seen(result: &Measured) -> &str {
    match result {
        Measured::Met { text } | Measured::Unmet { text, .. } => text,
        Measured::NotMeasured { because, .. } => because,
    }
}

/// What to do about it, or how to have it measured.
pub fn help(result: &Measured) -> &[String] {
    match result {
        Measured::Met { .. } => &[],
        Measured::Unmet { help, .. } | Measured::NotMeasured { help, .. } => help,
    }
}

pub fn due(due: Due) -> String {
    match due {
        Due::BeforeStart => "before the start".to_owned(),
        Due::BeforePhase(number) => format!("before phase {number}"),
        Due::Later => "later".to_owned(),
    }
}

/// A score with its arithmetic, and the share of the weight of which it speaks.
pub fn score(score: &Score) -> String {
    match (score.percent, score.covered) {
        (_, None) => "nothing has any weight".to_owned(),
        (None, Some(_)) => format!("nothing was measured, of a weight of {}", score.all),
        (Some(percent), Some(_)) if score.measured == score.all => format!(
            "{percent} %, {} of {} in weights; all of the weight was measured",
            score.met, score.measured
        ),
        (Some(percent), Some(covered)) => format!(
            "{percent} % of what was measured, {} of {} in weights; {covered} % of the weight was \
             measured, {} of {}",
            score.met, score.measured, score.measured, score.all
        ),
    }
}

/// The same for a cell.
pub fn short_score(score: &Score) -> String {
    match (score.percent, score.covered) {
        (_, None) => "no weight".to_owned(),
        (None, Some(_)) => "not measured".to_owned(),
        (Some(percent), Some(_)) if score.measured == score.all => format!("{percent} %"),
        (Some(percent), Some(covered)) => format!("{percent} % ({covered} % measured)"),
    }
}

/// How a row stands. Nothing that was not asked of it in full is called good.
pub fn dependency(status: &DependencyStatus, measured: bool) -> (&'static str, Tone) {
    match (status, measured) {
        (DependencyStatus::Ready, true) => ("ready", Tone::Good),
        (DependencyStatus::Ready, false) => ("ready as far as measured", Tone::Neutral),
        (DependencyStatus::Moves { .. } | DependencyStatus::Follows, _) => {
            ("moves", Tone::Doubtful)
        }
        (DependencyStatus::Changes { .. }, _) => ("changes", Tone::Doubtful),
        (DependencyStatus::Deferred { .. }, _) => ("deferred", Tone::Doubtful),
        (DependencyStatus::Blocked { .. }, _) => ("blocked", Tone::Bad),
        (DependencyStatus::Faulty { .. }, _) => ("faulty", Tone::Bad),
        (DependencyStatus::Unknown { .. }, _) => ("unknown", Tone::Neutral),
    }
}

pub fn risk(kind: RiskKind) -> &'static str {
    match kind {
        RiskKind::BlockedOwner => "blocked owner",
        RiskKind::DeadCrate => "dead crate",
        RiskKind::BehaviourChange => "behaviour change",
        RiskKind::UnverifiedPlan => "unverified plan",
        RiskKind::Advisory => "advisory",
        RiskKind::WidePin => "wide requirement",
        RiskKind::BrokenRelease => "broken release",
        RiskKind::Latent => "latent",
        RiskKind::Open => "open",
        RiskKind::ByHand => "by hand",
    }
}

pub fn probability(probability: &Probability) -> String {
    match probability {
        Probability::Present => "it is so already".to_owned(),
        Probability::Counted { cases, of, what } => format!("{cases} of {of}: {what}"),
        Probability::Measured { text } => text.clone(),
        Probability::Unknown { because } => format!("unknown: {because}"),
    }
}

/// The status, its tone, and what is beside it.
pub fn risk_status(status: &RiskStatus) -> (String, Tone, String) {
    match status {
        RiskStatus::Open => ("open".to_owned(), Tone::Bad, String::new()),
        RiskStatus::Planned { step } => (
            format!("planned: step {step}"),
            Tone::Neutral,
            String::new(),
        ),
        RiskStatus::Accepted {
            reason,
            owner,
            until,
        } => (
            "accepted".to_owned(),
            Tone::Doubtful,
            format!("{reason} ({owner}, until {until})"),
        ),
    }
}

pub fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Unresolvable => "unresolvable",
        Verdict::Lost => "lost",
        Verdict::Split => "split",
        Verdict::TypeClash => "type clash",
        Verdict::Unknown => "unknown",
        Verdict::Latent => "latent",
        Verdict::Confined => "confined",
        Verdict::Benign => "benign",
    }
}

pub fn evidence(kind: EvidenceKind) -> &'static str {
    match kind {
        EvidenceKind::Check => "check",
        EvidenceKind::Plan => "plan",
        EvidenceKind::Trial => "trial",
        EvidenceKind::Spec => "spec",
        EvidenceKind::Command => "command",
        EvidenceKind::File => "file",
        EvidenceKind::Attestation => "attestation",
        EvidenceKind::Rehearsal => "rehearsal",
        EvidenceKind::Index => "index",
        EvidenceKind::Rule => "rule",
        EvidenceKind::Sum => "sum",
    }
}

pub fn input(kind: InputKind) -> &'static str {
    match kind {
        InputKind::Lock => "lock",
        InputKind::Manifest => "manifest",
        InputKind::Source => "source",
        InputKind::Policy => "policy",
        InputKind::Rules => "rules",
        InputKind::Criteria => "criteria",
        InputKind::Index => "index",
        InputKind::File => "file",
        InputKind::Command => "command",
        InputKind::Flags => "flags",
        InputKind::Toolchain => "toolchain",
        InputKind::Day => "day",
    }
}

pub fn ended(ended: &Ended) -> String {
    match ended {
        Ended::Exit { code } => format!("ended with exit code {code}"),
        Ended::Signal { signal } => format!("ended by signal {signal}"),
        Ended::TimedOut { seconds } => format!("was stopped after {seconds} s"),
        Ended::NotStarted { because } => format!("could not be started: {because}"),
    }
}

/// What was seen of a gate.
pub fn gate(gate: &Gate) -> (String, Tone) {
    match &gate.rehearsed {
        Rehearsed::Held => (
            "it was seen to fail and to pass in a rehearsal".to_owned(),
            Tone::Good,
        ),
        Rehearsed::Not { because } => (format!("not rehearsed: {because}"), Tone::Neutral),
    }
}

/// What was seen of a rollback.
pub fn rollback(rehearsed: &Rehearsed) -> (String, Tone) {
    match rehearsed {
        Rehearsed::Held => (
            "rehearsed: manifests and lock came back byte for byte".to_owned(),
            Tone::Good,
        ),
        Rehearsed::Not { because } => (format!("not rehearsed: {because}"), Tone::Neutral),
    }
}
