//! Certificates that were looked at again.

use crate::readiness::compare::Moved;
use crate::readiness::model::*;
use crate::readiness::verify::{
    Claim, Difference, Signatures, Standing, Unrepeated, VERIFICATION_SCHEMA_VERSION, Verification,
};

use super::{inputs, text};

/// A certificate in each standing; the first with everything that can be said of one.
pub fn verifications() -> Vec<Verification> {
    let found = |standing, because: &str| Verification {
        schema_version: VERIFICATION_SCHEMA_VERSION,
        standing,
        because: because.into(),
        signatures: Signatures::None,
        claim: Some(Claim {
            family: text("Telemetry"),
            date: text("2026-11-20"),
            decision: Decision::Go,
        }),
        now: Some(Decision::NoGo),
        contradictions: Vec::new(),
        inputs: Vec::new(),
        holds: vec![text("resolves"), text("compiles")],
        differs: Vec::new(),
        unrepeated: Vec::new(),
    };
    let differs = |what: &str| Difference {
        what: what.into(),
        claimed: text("met: nothing is lost"),
        found: text("unmet: 2 artifacts lose telemetry"),
    };
    let [lock, manifest, file] = inputs().try_into().unwrap();
    vec![
        Verification {
            signatures: Signatures::Unchecked { count: 2 },
            inputs: vec![
                Moved::Changed {
                    old: Input {
                        sha256: None,
                        ..lock.clone()
                    },
                    new: lock,
                },
                Moved::New { new: manifest },
                Moved::Gone { old: file },
            ],
            differs: vec![differs("decision"), differs("nothing-lost")],
            unrepeated: vec![Unrepeated {
                what: text("on-call"),
                because: text("a person's word is not measured again"),
            }],
            ..found(Standing::Outdated, "it was made from something else")
        },
        Verification {
            now: Some(Decision::Go),
            ..found(
                Standing::Holds,
                "from the same inputs follows the same answer",
            )
        },
        Verification {
            unrepeated: vec![Unrepeated {
                what: text("day"),
                because: text("it is another day"),
            }],
            ..found(
                Standing::Holds,
                "from the same inputs follows the same answer",
            )
        },
        Verification {
            differs: vec![differs("nothing-lost")],
            ..found(
                Standing::False,
                "from the same inputs follows another answer",
            )
        },
        Verification {
            now: None,
            contradictions: vec![text("`e9` is named, and there is no such evidence")],
            holds: Vec::new(),
            ..found(Standing::Tampered, "it does not fit together")
        },
        Verification {
            now: None,
            claim: None,
            holds: Vec::new(),
            ..found(Standing::Broken, "it is no readiness certificate")
        },
    ]
}
