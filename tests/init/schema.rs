//! The JSON Schema of the policy, for editors, against the reader of policies.

use std::collections::BTreeSet;

use otel_check::policy::Policy;
use otel_check::skew::findings::{LINTS, lint};
use serde_json::Value;

fn file(path: &str) -> String {
    std::fs::read_to_string(format!("{}/{path}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

fn schema() -> Value {
    serde_json::from_str(&file("docs/policy.schema.json")).unwrap()
}

fn parse(text: &str) -> Result<Policy, String> {
    let parsed = Policy::parse(text, &|code| lint(code).is_some());
    parsed.map_err(|error| error.to_string())
}

/// TOML as an editor sees it: days are texts.
fn as_json(value: toml::Value) -> Value {
    match value {
        toml::Value::Datetime(day) => Value::String(day.to_string()),
        toml::Value::Table(table) => table
            .into_iter()
            .map(|(key, value)| (key, as_json(value)))
            .collect(),
        toml::Value::Array(items) => items.into_iter().map(as_json).collect(),
        plain => serde_json::to_value(plain).unwrap(),
    }
}

fn fits(text: &str) -> Result<(), String> {
    let validator = jsonschema::validator_for(&schema()).unwrap();
    let value: toml::Value = toml::from_str(text).unwrap();
    validator
        .validate(&as_json(value))
        .map_err(|error| error.to_string())
}

fn keys(part: &Value) -> BTreeSet<String> {
    part["properties"]
        .as_object()
        .unwrap()
        .keys()
        .cloned()
        .collect()
}

/// The keys that the reader knows in a table, which it tells where it finds another one.
fn known(text: &str) -> BTreeSet<String> {
    let error = parse(text).unwrap_err();
    let line = error
        .lines()
        .find(|line| line.contains("unknown key `nothing`"));
    let (_, known) = line.unwrap().split_once("expected one of ").unwrap();
    known
        .split(", ")
        .map(|key| key.trim_matches('`').to_owned())
        .collect()
}

#[test]
fn keys_are_those_of_the_reader() {
    let schema = schema();
    assert_eq!(keys(&schema), known("nothing = 1\n"));
    assert_eq!(
        keys(&schema["$defs"]["Build"]),
        known("[[build]]\nnothing = 1\n")
    );
    assert_eq!(
        keys(&schema["$defs"]["Exception"]),
        known("[[exception]]\nnothing = 1\n")
    );
    let criterion = keys(&schema["$defs"]["Criterion"]);
    let mut told = BTreeSet::new();
    for measure in [
        "command\"\ncommand = \"x",
        "file\"\nfile = \"x",
        "no-finding",
    ] {
        told.extend(known(&format!(
            "[[criterion]]\nid = \"own\"\nmeasure = \"{measure}\"\nnothing = 1\n"
        )));
    }
    assert_eq!(criterion, told);
    assert_eq!(
        keys(&schema["$defs"]["Attestation"]),
        known("[[attestation]]\nnothing = 1\n")
    );
    assert_eq!(
        keys(&schema["$defs"]["Readiness"]),
        known("[readiness]\nnothing = 1\n")
    );
    let codes: BTreeSet<String> = LINTS.iter().map(|lint| lint.code.to_owned()).collect();
    assert_eq!(keys(&schema["properties"]["levels"]), codes);
    let listed: BTreeSet<String> =
        serde_json::from_value(schema["$defs"]["Code"]["enum"].clone()).unwrap();
    assert_eq!(listed, codes);
    for lint in LINTS {
        let told = &schema["properties"]["levels"]["properties"][lint.code]["description"];
        let level = format!("{:?}", lint.level).to_lowercase();
        assert_eq!(told, &format!("{}. By itself: {level}.", lint.title));
    }
}

#[test]
fn both_take_the_same_and_refuse_the_same() {
    let page = file("docs/policy.md");
    let example = |number| {
        let after = page.split("```toml\n").nth(number).unwrap();
        after.split("```").next().unwrap()
    };
    let exception = "[[exception]]\nreason = \"r\"\nowner = \"o\"\nexpires = 2026-12-31\n";
    let own = "[[criterion]]\nid = \"own\"\ntitle = \"t\"\ncategory = \"risk\"\nweight = 1\nunmet = \"note\"\n";
    let good = [
        "",
        example(1),
        example(2),
        "target-line = \"1\"\n",
        "[levels]\nadvisory = \"note\"\n",
        "[[build]]\n",
        "[[build]]\npackages = \"agent\"\n",
        "[build]\npackages = [\"agent\"]\n",
        "[[build]]\nall-features = true\nno-default-features = false\nfeatures = [\"a/b\"]\n",
        &format!("{exception}line = \"0.27\"\n"),
        &format!("{exception}package = \"a@1.0.0\"\n"),
        "[[criterion]]\nid = \"resolves\"\n",
        "[[criterion]]\nid = \"runbook\"\nfile = \"a/b.md\"\nmatches = \"x\"\n",
        &format!("{own}measure = \"compiles\"\n"),
        &format!("{own}measure = \"no-finding\"\nverdicts = [\"split\"]\n"),
        &format!("{own}measure = \"command\"\ncommand = \"x\"\ncode = 3\n"),
        "[[attestation]]\ncriterion = \"owned\"\nname = \"A\"\ndate = 2020-01-01\n",
        "[readiness]\ncanary = 10\n",
    ];
    for text in good {
        assert_eq!(parse(text).err(), None, "{text}");
        assert_eq!(fits(text), Ok(()), "{text}");
    }
    let bad = [
        "target-line = 0.27\n",
        "target-line = \"new\"\n",
        "[levels]\nadvisory = \"loud\"\n",
        "[levels]\nnothing = \"warn\"\n",
        "[[build]]\npackages = 1\n",
        "[[build]]\npackages = [\"a b\"]\n",
        "[[build]]\nall-features = \"yes\"\n",
        exception,
        "[[exception]]\ncode = \"advisory\"\nreason = \"r\"\nowner = \"o\"\n",
        "[[exception]]\ncode = \"advisory\"\nreason = \"r\"\nowner = \" \"\nexpires = 2026-12-31\n",
        "[[exception]]\ncode = \"nothing\"\nreason = \"r\"\nowner = \"o\"\nexpires = 2026-12-31\n",
        "[[exception]]\ncode = \"advisory\"\nreason = \"r\"\nowner = \"o\"\nexpires = \"soon\"\n",
        own,
        "[[criterion]]\nid = \"resolves\"\ntitle = \"t\"\n",
        "[[criterion]]\nid = \"resolves\"\ncommand = \"x\"\n",
        "[[criterion]]\nid = \"runbook\"\nmatches = \"x\"\n",
        "[[criterion]]\nid = \"tests-pass\"\nseconds = 9\n",
        &format!("{own}measure = \"compiles\"\nfile = \"x\"\n"),
        &format!("{own}measure = \"no-finding\"\n"),
        &format!("{own}measure = \"no-finding\"\ncodes = [\"nothing\"]\n"),
        &format!("{own}measure = \"command\"\n"),
        &format!("{own}measure = \"command\"\ncommand = []\n"),
        &format!("{own}measure = \"command\"\ncommand = \"a b\"\n"),
        &format!("{own}measure = \"file\"\nfile = \"../x\"\n"),
        &format!("{own}measure = \"file\"\nfile = \"/x\"\n"),
        &format!("{own}measure = \"attested\"\ndue = \"before-phase-0\"\n"),
        "[[attestation]]\ncriterion = \"owned\"\nname = \" \"\ndate = 2020-01-01\n",
        "[[attestation]]\ncriterion = \"owned\"\nname = \"A\"\n",
        "[readiness]\ncanary = [101]\n",
        "[readiness]\nphase-days = 0\n",
        "[readiness]\nowners = { a = \" \" }\n",
    ];
    for text in bad {
        assert!(parse(text).is_err(), "{text}");
        assert!(fits(text).is_err(), "{text}");
    }
}
