//! That a readiness report can be traced to what it was made from, and that a certificate of it cannot
//! be bent: by the built program, on a copy of the story's workspace.

mod support;

#[path = "readiness_proof/trace.rs"]
mod trace;

use std::fs;

use otel_check::readiness::certificate::{self, seal};
use otel_check::readiness::model::{CriterionRow, Decision, Measured, Readiness, Score};
use otel_check::readiness::score::sums;
use serde_json::{Value, json};
use support::sandbox::Sandbox;
use support::tool::{Run, asked};

/// Runs the command; none where the registry cannot be asked.
pub fn readiness(sandbox: &Sandbox, options: &[&str]) -> Option<Run> {
    asked(sandbox, &[&["readiness"], options].concat())
}

/// What `--verify` says, with its exit code.
fn verified(sandbox: &Sandbox, text: &str) -> Option<(i32, Value)> {
    sandbox.write("c.json", text);
    let run = readiness(sandbox, &["--verify", "c.json", "--format", "json"])?;
    let value = serde_json::from_str(&run.stdout);
    Some((
        run.code,
        value.unwrap_or_else(|error| panic!("{error}: {}", run.stderr)),
    ))
}

/// Bytes as an envelope has them.
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let bits = (0..3).fold(0_u32, |bits, at| {
            bits << 8 | u32::from(three.get(at).copied().unwrap_or(0))
        });
        for at in 0..4 {
            let letter = LETTERS[(bits >> (18 - 6 * at) & 63) as usize];
            text.push(if at <= three.len() {
                letter.into()
            } else {
                '='
            });
        }
    }
    text
}

/// The answer that somebody would rather have had: nothing is lost, and all sums are right.
fn embellished(report: &Readiness) -> Readiness {
    fn sum(score: &mut Score, rows: &[&CriterionRow]) {
        let weights = rows.iter().map(|row| (row.weight, &row.result));
        *score = sums(weights).score(score.evidence.clone());
    }
    let mut forged = report.clone();
    let assessment = &mut forged.assessment;
    for row in &mut assessment.criteria {
        if let Measured::Unmet { text, .. } = &row.result {
            row.result = Measured::Met { text: text.clone() };
        }
    }
    assessment.blockers.clear();
    let unmeasured = |id: &Option<String>| {
        let row = assessment
            .criteria
            .iter()
            .find(|row| Some(&row.id) == id.as_ref());
        row.is_some_and(|row| matches!(row.result, Measured::NotMeasured { .. }))
    };
    assessment
        .conditions
        .retain(|one| unmeasured(&one.criterion));
    assessment.decision = match assessment.conditions.is_empty() {
        true => Decision::Go,
        false => Decision::ConditionalGo,
    };
    let rows: Vec<&CriterionRow> = assessment.criteria.iter().collect();
    sum(&mut assessment.score, &rows);
    for one in &mut assessment.categories {
        let rows = rows.iter().filter(|row| row.category == one.category);
        sum(&mut one.score, &rows.copied().collect::<Vec<_>>());
    }
    forged
}

/// The story's workspace with what `readiness` answers to it, and the text of its certificate.
fn certified() -> Option<(Sandbox, Readiness, String)> {
    let sandbox = Sandbox::fetched("edge-agent")?;
    let path = sandbox.root().join("ready.json");
    let options = ["--certificate", "ready.json", "--format", "json"];
    let run = readiness(&sandbox, &options)?;
    assert_eq!(run.code, 100, "{}", run.stderr);
    let report: Readiness = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(report.assessment.decision, Decision::NoGo);
    let text = fs::read_to_string(&path).unwrap();
    Some((sandbox, report, text))
}

#[test]
fn a_certificate_holds() {
    let Some((sandbox, report, text)) = certified() else {
        return;
    };
    assert_eq!(
        text,
        certificate::render(&report),
        "it says what the report says"
    );
    assert!(
        !text.contains(sandbox.root().as_str()),
        "no path of this machine"
    );

    // Alone and as a signer wraps it up.
    let envelope = json!({
        "payloadType": "application/vnd.in-toto+json",
        "payload": base64(text.as_bytes()),
        "signatures": [{"sig": "AA=="}],
    });
    let Some((code, found)) = verified(&sandbox, &envelope.to_string()) else {
        return;
    };
    assert_eq!(
        (code, &found["standing"]),
        (0, &json!("holds")),
        "{found:#}"
    );
    assert_eq!(
        found["signatures"],
        json!({"kind": "unchecked", "count": 1})
    );
    let all = report.assessment.criteria.len();
    assert_eq!(found["holds"].as_array().unwrap().len(), all);

    // When phases begin is no part of it.
    let run = readiness(
        &sandbox,
        &["--verify", "ready.json", "--start", "2999-01-01"],
    )
    .unwrap();
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
}

#[test]
fn a_certificate_is_told_to_be_tampered_with_or_false() {
    let Some((sandbox, report, text)) = certified() else {
        return;
    };
    // Altered, with the seal as it was, and with a new one that the decision does not follow from.
    let altered = text.replacen("\"no-go\"", "\"go\"", 1);
    assert_ne!(altered, text);
    let (code, found) = verified(&sandbox, &altered).unwrap();
    assert_eq!((code, &found["standing"]), (100, &json!("tampered")));
    let mut resealed: Value = serde_json::from_str(&altered).unwrap();
    resealed["predicate"]["seal"]["sha256"] = json!(seal(&resealed));
    let (code, found) = verified(&sandbox, &resealed.to_string()).unwrap();
    assert_eq!((code, &found["standing"]), (100, &json!("tampered")));

    // Other words for the same figures.
    let mut reworded: Value = serde_json::from_str(&text).unwrap();
    reworded["predicate"]["because"] = json!("nobody knows");
    reworded["predicate"]["seal"]["sha256"] = json!(seal(&reworded));
    let (code, found) = verified(&sandbox, &reworded.to_string()).unwrap();
    assert_eq!((code, &found["standing"]), (100, &json!("false")));
    assert_eq!(found["differs"][0]["what"], "because", "{found:#}");

    // A lie that fits together: only running it again tells.
    let forged = embellished(&report);
    assert_ne!(forged.assessment.decision, Decision::NoGo);
    let (code, found) = verified(&sandbox, &certificate::render(&forged)).unwrap();
    assert_eq!(
        (code, &found["standing"]),
        (100, &json!("false")),
        "{found:#}"
    );
    let differs = found["differs"].as_array().unwrap();
    let whats: Vec<&str> = differs
        .iter()
        .map(|one| one["what"].as_str().unwrap())
        .collect();
    for expected in ["no-lost-telemetry", "decision", "score"] {
        assert!(whats.contains(&expected), "{whats:?}");
    }
}

#[test]
fn a_certificate_is_told_to_be_outdated_or_none() {
    let Some((sandbox, report, text)) = certified() else {
        return;
    };
    // One byte of a manifest, with nothing to say for itself.
    let manifest = sandbox.root().join("crates/uplink/Cargo.toml");
    let before = fs::read_to_string(&manifest).unwrap();
    fs::write(&manifest, format!("{before}\n")).unwrap();
    let (code, found) = verified(&sandbox, &text).unwrap();
    assert_eq!(
        (code, &found["standing"]),
        (100, &json!("outdated")),
        "{found:#}"
    );
    let inputs = found["inputs"].as_array().unwrap();
    assert_eq!(inputs.len(), 1, "{found:#}");
    assert_eq!(inputs[0]["new"]["name"], "crates/uplink/Cargo.toml");
    assert_eq!(
        found["holds"].as_array().unwrap().len(),
        report.assessment.criteria.len(),
        "the answer is the same"
    );

    // None at all, and none that can be read.
    let (code, found) = verified(&sandbox, &text[..text.len() / 2]).unwrap();
    assert_eq!((code, &found["standing"]), (101, &json!("broken")));
    let run = readiness(&sandbox, &["--verify", "nowhere.json"]).unwrap();
    assert_ne!(run.code, 0);
    assert!(run.stderr.contains("nowhere.json"), "{}", run.stderr);
}
