//! A verification for people, as lines of plain text.

use std::fmt::Write as _;

use crate::readiness::compare::Moved;
use crate::readiness::model::{Decision, Input};
use crate::report::escape::terminal;
use crate::report::plain::counted;

use super::{Signatures, Standing, Verification};

pub(super) fn decision(decision: Decision) -> &'static str {
    match decision {
        Decision::Go => "GO",
        Decision::ConditionalGo => "CONDITIONAL GO",
        Decision::NoGo => "NO-GO",
    }
}

/// What came of it, line by line; harmless for a terminal.
pub fn in_words(verification: &Verification) -> String {
    let mut text = String::new();
    // Writing to a string does not fail.
    let mut line = |words: String| {
        let _ = writeln!(text, "{}", terminal(&words));
    };
    line(format!(
        "{}: {}.",
        standing(verification.standing),
        verification.because
    ));
    if let Some(claim) = &verification.claim {
        let now = match verification.now {
            Some(now) => format!(", now it is {}", decision(now)),
            None => String::new(),
        };
        line(format!(
            "  {} on {}: {}{now}",
            claim.family,
            claim.date,
            decision(claim.decision)
        ));
    }
    for one in &verification.contradictions {
        line(format!("  does not fit: {one}"));
    }
    for one in &verification.inputs {
        line(format!("  input: {}", moved(one)));
    }
    for one in &verification.differs {
        line(format!(
            "  differs: {}: it says {}, and it is {}",
            one.what, one.claimed, one.found
        ));
    }
    if !verification.holds.is_empty() {
        line(format!("  still holds: {}", verification.holds.join(", ")));
    }
    for one in &verification.unrepeated {
        line(format!(
            "  not measured again: {}: {}",
            one.what, one.because
        ));
    }
    match verification.signatures {
        Signatures::None => {}
        Signatures::Unchecked { count } => line(format!(
            "  {} not checked: `cosign verify-blob-attestation` does that",
            counted(count, "signature")
        )),
    }
    text
}

fn standing(standing: Standing) -> &'static str {
    match standing {
        Standing::Holds => "holds",
        Standing::False => "false",
        Standing::Outdated => "outdated",
        Standing::Tampered => "tampered",
        Standing::Broken => "broken",
    }
}

fn moved(one: &Moved<Input>) -> String {
    let short = |input: &Input| match &input.sha256 {
        Some(sha256) => sha256.chars().take(12).collect(),
        None => "none".to_owned(),
    };
    match one {
        Moved::New { new } => format!("{} is new ({})", new.name, short(new)),
        Moved::Gone { old } => format!("{} is gone (it was {})", old.name, short(old)),
        Moved::Changed { old, new } if old.name != new.name => {
            format!("{}, and now {}", old.name, new.name)
        }
        Moved::Changed { old, new } => {
            format!("{} was {}, and is {}", new.name, short(old), short(new))
        }
    }
}
