use super::*;
use crate::policy::PolicyError;
use crate::skew::findings::lint;

fn knows(code: &str) -> bool {
    lint(code).is_some()
}

fn parse(text: &str) -> Settings {
    Policy::parse(text, &knows).unwrap().readiness
}

/// What is wrong, each with its place.
fn wrong(text: &str) -> Vec<String> {
    match Policy::parse(text, &knows) {
        Err(PolicyError::Mistakes(mistakes)) => mistakes.iter().map(ToString::to_string).collect(),
        other => panic!("{other:?}"),
    }
}

fn tomorrow() -> Date {
    Date::today().plus(1)
}

#[test]
fn the_shipped_file_is_without_mistake() {
    let mut mistakes = Vec::new();
    let criteria = of_file(SHIPPED_FILE, SHIPPED_TEXT, &mut mistakes);
    assert_eq!(mistakes, []);
    assert!(criteria.iter().all(|one| one.reason.is_some()));
    assert!(criteria.iter().all(|one| one.from == SHIPPED_FILE));
    for category in [
        Category::Technical,
        Category::Documentation,
        Category::Infrastructure,
        Category::Operational,
        Category::Risk,
    ] {
        assert!(
            criteria.iter().any(|one| one.category == category),
            "{category:?}"
        );
    }
    // Whoever can turn a GO down is measured without a policy, a command or a person.
    for one in &criteria {
        let needs_more = matches!(one.measure, Measure::Command { .. } | Measure::Attested);
        assert!(
            !needs_more || one.severity != Severity::Blocker,
            "{}",
            one.id
        );
    }
}

#[test]
fn pages_that_reasons_name_are_there() {
    for one in shipped() {
        let reason = one.reason.as_deref().unwrap_or_default();
        let mut folder = "docs";
        for word in reason
            .split([' ', ',', ':'])
            .filter(|word| word.ends_with(".md"))
        {
            let path = match word.rsplit_once('/') {
                Some((of, _)) => {
                    folder = of;
                    word.to_owned()
                }
                None => format!("{folder}/{word}"),
            };
            let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
            assert!(path.is_file(), "{}: {}", one.id, path.display());
        }
    }
}

#[test]
fn a_policy_without_any_has_those_of_the_program() {
    assert_eq!(parse("").criteria, shipped());
    assert_eq!(settings(None).criteria, shipped());
}

#[test]
fn a_policy_adds_and_changes() {
    let settings = parse(
        r#"
        [[criterion]]
        id = "on-target"
        weight = 0
        unmet = "note"
        due = "before-phase-2"

        [[criterion]]
        id = "tests-pass"
        command = ["cargo", "nextest", "run"]
        seconds = 90

        [[criterion]]
        id = "runbook"
        file = "ops/back.md"

        [[criterion]]
        id = "spans-arrive"
        title = "spans arrive at the collector."
        category = "operational"
        weight = 7
        unmet = "blocker"
        measure = "command"
        command = "./smoke"
        prints = "^3 of 3"
        source = "we lost them once"

        [[criterion]]
        id = "on-call-knows"
        title = "people on call know"
        category = "operational"
        weight = 1
        unmet = "condition"
        measure = "attested"

        [[attestation]]
        criterion = "on-call-knows"
        name = "Ada Lovelace"
        date = 2020-01-02
        until = "2020-02-03"
        statement = "told them"

        [readiness]
        canary = [5, 25, 100]
        phase-days = 5

        [readiness.owners]
        uplink = "platform team"
        "#,
    );
    let of = |id: &str| settings.criteria.iter().find(|one| one.id == id).unwrap();
    let changed = of("on-target");
    assert_eq!(changed.weight, 0);
    assert_eq!(changed.severity, Severity::Note);
    assert_eq!(changed.due, Due::BeforePhase(2));
    assert_eq!(changed.from, "rules/readiness.toml, otel-check.toml");
    let Measure::Command { words, seconds, .. } = &of("tests-pass").measure else {
        panic!("{:?}", of("tests-pass"));
    };
    assert_eq!((words.len(), *seconds), (3, 90));
    assert_eq!(of("tests-pass").weight, 6);
    assert!(
        matches!(&of("runbook").measure, Measure::File { path, matches: None } if path == "ops/back.md")
    );
    let new = of("spans-arrive");
    assert_eq!(new.title, "spans arrive at the collector");
    assert_eq!(new.from, "otel-check.toml");
    assert_eq!(new.reason.as_deref(), Some("we lost them once"));
    assert_eq!(
        new.measure,
        Measure::Command {
            words: vec!["./smoke".into()],
            code: 0,
            seconds: USUAL_SECONDS,
            prints: Some("^3 of 3".into()),
        }
    );
    assert_eq!(settings.criteria.len(), shipped().len() + 2);
    let [attestation] = settings.attestations.as_slice() else {
        panic!("{:?}", settings.attestations);
    };
    assert_eq!(attestation.name, "Ada Lovelace");
    assert_eq!(attestation.date.to_string(), "2020-01-02");
    assert_eq!(settings.canary, [5, 25, 100]);
    assert_eq!(settings.phase_days, Some(5));
    assert_eq!(settings.owners["uplink"], "platform team");
}

#[test]
fn all_mistakes_with_their_places() {
    let found = wrong(
        r#"[[criterion]]
id = "Resolves!"
title = " "
category = "wishes"
weight = 101
unmet = "panic"
due = "soon"
measure = "by-feel"

[[criterion]]
id = "resolves"
title = "mine"
weight = -1

[[criterion]]
id = "quiet"
title = "it is quiet"
category = "risk"
weight = 1.5
unmet = "note"
measure = "command"
command = []
seconds = 0
prints = "("

[[criterion]]
id = "quiet"
title = "again"
category = "risk"
weight = 1
unmet = "note"
measure = "file"
file = "../secret"
matches = "a{999999999}"

[[criterion]]
id = "codes"
title = "no such codes"
category = "risk"
weight = 1
unmet = "note"
measure = "no-finding"
codes = ["no-such", "off-target", "expired-exception"]

[[criterion]]
id = "nothing"
title = "of nothing"
category = "risk"
weight = 1
unmet = "note"
measure = "no-finding"

[[criterion]]
id = "shell"
title = "by a shell"
category = "risk"
weight = 1
unmet = "note"
measure = "command"
command = "make check"
"#,
    );
    let text = found.join("\n");
    for expected in [
        "otel-check.toml:2:6: `Resolves!` under `id`",
        "otel-check.toml:3:9: ` ` under `title`",
        "otel-check.toml:4:12: `category`: unknown name `wishes`",
        "otel-check.toml:5:10: `101` under `weight`; expected a whole number from 0 to 100",
        "otel-check.toml:6:9: `unmet`: unknown name `panic`",
        "otel-check.toml:7:7: `soon` under `due`; expected before-start, before-phase-N or later",
        "otel-check.toml:8:11: `measure`: unknown name `by-feel`",
        "otel-check.toml:12:1: unknown key `title` in a `[[criterion]]` that the program has",
        "otel-check.toml:13:10: `-1` under `weight`",
        "otel-check.toml:19:10: `weight` is of the type float",
        "needs a key `command`",
        "otel-check.toml:23:11: `0` under `seconds`; expected a whole number from 1 to 86400",
        "`(` under `prints` is no regular expression: unclosed group",
        "there is another criterion `quiet` above",
        "`../secret` under `file`; expected a path below the workspace root",
        "`a{999999999}` under `matches` is no regular expression: ",
        "there is no finding code `no-such`",
        "`off-target` is found by the policy alone, at which no criterion looks; `measure = ",
        "`expired-exception` is found by the policy alone, at which no criterion looks",
        "needs a key `codes` or `verdicts`",
        "as [\"make\", \"check\"]: no shell takes them apart",
    ] {
        assert!(text.contains(expected), "no `{expected}` in\n{text}");
    }
}

#[test]
fn attestations_that_are_none() {
    let text = format!(
        "[[attestation]]
criterion = \"owned\"
name = \"\"
date = 2020-01-01

[[attestation]]
criterion = \"owned\"
name = \"   \"
date = 2020-01-01

[[attestation]]
criterion = \"owned\"
date = 2020-01-01

[[attestation]]
criterion = \"owned\"
name = \"\\u200B\"
date = 2020-01-01

[[attestation]]
criterion = \"owned\"
name = \"Ada\"
date = {}

[[attestation]]
criterion = \"owned\"
name = \"Ada\"

[[attestation]]
criterion = \"owned\"
name = \"Ada\"
date = 2020-01-02
until = 2020-01-01

[[attestation]]
criterion = \"resolves\"
name = \"Ada\"
date = 2020-01-01

[[attestation]]
criterion = \"no-such\"
name = \"Ada\"
date = \"2020-13-01\"
",
        tomorrow()
    );
    let found = wrong(&text);
    let future = format!(
        "otel-check.toml:20:1: the attestation is of {}, which is still to come",
        tomorrow()
    );
    for (number, expected) in [
        "otel-check.toml:3:8: `` under `name`; expected one line of text",
        "otel-check.toml:8:8: `   ` under `name`; expected one line of text",
        "otel-check.toml:11:1: `[[attestation]]` needs a key `name`",
        "otel-check.toml:15:1: `\\u{200b}` under `name` is nobody's name",
        &future,
        "otel-check.toml:25:1: `[[attestation]]` needs a key `date`",
        "otel-check.toml:29:1: the attestation ends on 2020-01-01, before it is given on 2020-01-02",
        "otel-check.toml:35:1: `resolves` is measured; nobody's word",
        "otel-check.toml:40:1: there is no criterion `no-such`",
        "otel-check.toml:43:8: `2020-13-01` under `date`",
    ]
    .into_iter()
    .enumerate()
    {
        assert!(
            found.get(number).is_some_and(|one| one.starts_with(expected)),
            "{number}: {expected}\n{found:#?}"
        );
    }
    assert_eq!(found.len(), 10, "{found:#?}");
}

#[test]
fn a_word_of_today_counts() {
    let today = Date::today();
    let text = format!("[[attestation]]\ncriterion = \"owned\"\nname = \"Ada\"\ndate = {today}\n");
    assert_eq!(parse(&text).attestations.len(), 1);
}

#[test]
fn the_way_that_is_no_way() {
    let found = wrong(
        "[readiness]\ncanary = [25, 5, 101]\nphase-days = 0\nowner = 1\n[readiness.owners]\na = \"\"\nb = 3\n",
    );
    let text = found.join("\n");
    for expected in [
        "otel-check.toml:1:1: `canary` goes from small shares to large ones",
        "otel-check.toml:2:18: `101` under `canary`; expected a whole number from 1 to 100",
        "otel-check.toml:3:14: `0` under `phase-days`",
        "otel-check.toml:4:1: unknown key `owner` in `[readiness]`",
        "otel-check.toml:6:5: `a` needs an owner",
        "otel-check.toml:7:5: `b` needs an owner",
    ] {
        assert!(text.contains(expected), "no `{expected}` in\n{text}");
    }
}

/// The same keys below the manifest's own table.
#[test]
fn in_the_manifest() {
    let folder = tempfile::tempdir().unwrap();
    let root = camino::Utf8Path::from_path(folder.path()).unwrap();
    let text = "[workspace]\n[[workspace.metadata.otel-check.criterion]]\nid = \"owned\"\nweight = 9\n\
                [workspace.metadata.otel-check.readiness]\ncanary = [10]\n";
    std::fs::write(root.join("Cargo.toml"), text).unwrap();
    let policy = Policy::find(root, &knows).unwrap().unwrap();
    let owned = policy
        .readiness
        .criteria
        .iter()
        .find(|one| one.id == "owned");
    assert_eq!(owned.unwrap().weight, 9);
    assert_eq!(owned.unwrap().from, "rules/readiness.toml, Cargo.toml");
    assert_eq!(policy.readiness.canary, [10]);
}
