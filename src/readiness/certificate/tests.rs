use super::*;
use crate::readiness::testing::{report, rows};
use crate::report::html::page::base64;

fn enveloped(statement: &str) -> Value {
    json!({
        "payloadType": "application/vnd.in-toto+json",
        "payload": base64(statement.as_bytes()),
        "signatures": [{"keyid": "", "sig": "AA=="}],
    })
}

#[test]
fn it_is_a_statement() {
    let report = report(&rows());
    let text = render(&report);
    assert_eq!(text, render(&report), "the same bytes each time");
    let value: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(value["_type"], "https://in-toto.io/Statement/v1");
    assert_eq!(value["predicateType"], "urn:cargo-otel-check:readiness:v1");
    assert_eq!(value["predicate"]["decision"], "no-go");
    assert_eq!(value["predicate"]["flags"], "--workspace");
    let names: Vec<&str> = value["subject"]
        .as_array()
        .unwrap()
        .iter()
        .map(|subject| {
            let digest = subject["digest"].as_object().unwrap();
            assert_eq!(digest.len(), 1);
            let sha256 = digest["sha256"].as_str().unwrap();
            assert_eq!(sha256.len(), 64);
            let hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
            assert!(sha256.bytes().all(hex), "{sha256}");
            subject["name"].as_str().unwrap()
        })
        .collect();
    let expected = [
        "Cargo.lock",
        "Cargo.toml",
        "agent/**/*.rs",
        "embedded:rules",
        "embedded:rules/readiness.toml",
        "index:alpha",
    ];
    assert_eq!(names, expected);
}

#[test]
fn names_of_subjects_are_unique() {
    let input = |kind, name: &str, sha256: &str| Input {
        id: String::new(),
        kind,
        name: name.into(),
        sha256: Some(sha256.into()),
    };
    let subjects = subjects(&[
        input(InputKind::Manifest, "Cargo.toml", "aa"),
        input(InputKind::Policy, "Cargo.toml", "aa"),
        input(InputKind::File, "Cargo.toml", "bb"),
        input(InputKind::Index, "Cargo.toml", "cc"),
        input(InputKind::Command, "make", "dd"),
    ]);
    let names: Vec<&str> = subjects.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names, ["Cargo.toml", "Cargo.toml (2)", "index:Cargo.toml"]);
}

#[test]
fn it_reads_what_it_writes_in_any_envelope() {
    let report = report(&rows());
    let text = render(&report);
    let bare = read(&text).unwrap();
    assert_eq!(bare.seal.0, bare.seal.1);
    assert_eq!(bare.predicate.assessment, report.assessment);
    assert_eq!(bare.predicate.inputs, report.inputs);
    assert_eq!(bare.subjects, subjects(&report.inputs));
    let envelope = enveloped(&text);
    let bundle = json!({
        "mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json",
        "dsseEnvelope": envelope,
        "verificationMaterial": {},
    });
    for document in [envelope, bundle] {
        let read = read(&document.to_string()).unwrap();
        assert_eq!(read.envelope, Some(Envelope { signatures: 1 }));
        assert_eq!((&read.predicate, &read.seal), (&bare.predicate, &bare.seal));
    }
    // A signer may write it anew in another order.
    let value: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(read(&canonical(&value)).unwrap(), bare);
}

#[test]
fn what_is_none_is_refused_with_its_place() {
    let text = render(&report(&rows()));
    let without = |path: &str| {
        let mut value: Value = serde_json::from_str(&text).unwrap();
        let (parent, field) = path.rsplit_once('/').unwrap();
        let parent = value.pointer_mut(parent).unwrap().as_object_mut().unwrap();
        parent.remove(field).unwrap();
        value.to_string()
    };
    let twice = text.replacen("{", "{\"_type\":\"x\",", 1);
    let deep = format!("{{\"a\":{}", "[".repeat(1000));
    let hostile = text.replace(PREDICATE, "urn:\\u001b[31m");
    for (text, message) in [
        (String::new(), "no JSON"),
        ("{}".into(), "_type: it is not there"),
        ("[1]".into(), "_type: it is not there"),
        (text[..text.len() / 2].to_owned(), "no JSON"),
        (twice, "the key `_type` stands twice"),
        (deep, "recursion limit"),
        (
            text.replace("\"weight\": 10", "\"weight\": 1e300"),
            "no whole number",
        ),
        (
            text.replace("\"weight\": 10", "\"weight\": 18446744073709551615"),
            "larger than",
        ),
        (
            text.replace("\"weight\": 10", "\"weight\": -10"),
            "predicate: ",
        ),
        (text.replace("\"no-go\"", "\"maybe\""), "predicate: "),
        (
            text.replace(STATEMENT, "https://in-toto.io/Statement/v0.1"),
            "_type: it is",
        ),
        (hostile, "predicateType: it is"),
        (
            without("/subject"),
            "seal is not that of the content, and subject: it is not there",
        ),
        (
            without("/predicate"),
            "predicate.seal.sha256: it is not there",
        ),
        (without("/predicate/seal"), "predicate.seal.sha256"),
        (without("/predicate/inputs"), "missing field `inputs`"),
        (enveloped("{}").to_string(), "_type: it is not there"),
        (enveloped("{\"a\":1,\"a\":1}").to_string(), "stands twice"),
    ] {
        let error = read(&text).unwrap_err().to_string();
        assert!(error.contains(message), "{message}: {error}");
        assert!(!error.contains('\u{1b}'), "{error:?}");
    }
}
