use proptest::prelude::*;
use semver::{Version, VersionReq};
use serde_json::json;

use super::*;
use crate::plan::lag::Lag;
use crate::readiness::model::InputKind;
use crate::registry::MemoryIndex;
use crate::report::Verdict;
use crate::report::plan::testing;
use crate::rules::Rules;
use crate::skew::Line;
use crate::skew::findings::finding;

/// One artifact that ships, one that does not, and these findings.
fn report_of(findings: Vec<Finding>) -> Report {
    let artifact = |id: &str, class: &str, introducer: &str| {
        json!({
            "id": id, "package": "agent", "package_id": "", "name": "agent", "kind": "bin",
            "class": class, "builds": [], "target": "here", "singletons": [], "verdict": "lost",
            "lines": [{
                "line": "0.3", "copies": ["api@0.3.0"], "sdk": [], "exporters": [],
                "bridges": ["bridge@0.2.0"], "introducers": [introducer], "dependents": [],
                "live": "set",
            }],
        })
    };
    let mut report: Report = serde_json::from_value(json!({
        "schema_version": 1,
        "tool": {"name": "x", "version": "1.0.0"},
        "basis": "graph",
        "notes": [],
        "summary": {"artifacts": 1, "affected": 1, "deny": 0, "warn": 0, "note": 0},
        "artifacts": [
            artifact("agent/bin/agent", "linked", "client@2.1.0"),
            artifact("agent/test/t", "development", "client@2.1.0"),
        ],
        "findings": [],
    }))
    .unwrap();
    report.findings = findings;
    report
}

fn about(code: &str, verdict: Option<Verdict>, label: &str, artifact: Option<&str>) -> Finding {
    Finding {
        verdict,
        introducer: Some(label.into()),
        artifact: artifact.map(str::to_owned),
        help: vec!["see to it".into()],
        ..finding(code, format!("{label} is {code}"))
    }
}

struct Case {
    report: Report,
    after: Option<Report>,
    plan: PlanReport,
    outlooks: BTreeMap<String, Outlook>,
    manifests: BTreeMap<Utf8PathBuf, Arc<str>>,
    compiles: Option<bool>,
    accepted: &'static str,
}

impl Case {
    fn new(findings: Vec<Finding>, plan: PlanReport) -> Self {
        Self {
            report: report_of(findings),
            after: None,
            plan,
            outlooks: BTreeMap::new(),
            manifests: BTreeMap::new(),
            compiles: None,
            accepted: "nobody",
        }
    }

    fn risks(&self) -> Vec<RiskRow> {
        let mut ledger = Ledger::default();
        let input = ledger.content(InputKind::Lock, "Cargo.lock", b"");
        let mut index = MemoryIndex::new();
        let family = &Rules::shipped().families[0];
        let anchor = family.anchors().next().unwrap().name.clone();
        let entry = |version: &str| {
            format!(
                "{{\"name\":\"{anchor}\",\"vers\":\"{version}\",\"deps\":[],\"cksum\":\"\",\
                 \"features\":{{}},\"yanked\":false}}\n"
            )
        };
        let text: String = ["0.20.0", "0.21.0", "0.21.1", "0.27.0"].map(entry).concat();
        index.insert_entry(&anchor, &text).unwrap();
        let rows = risks(
            &Grounds {
                report: &self.report,
                after: self.after.as_ref(),
                plan: &self.plan,
                outlooks: &self.outlooks,
                compiles: self.compiles,
                root: Utf8Path::new("/w"),
                manifests: &self.manifests,
                family,
                index: &index,
                let_through: &|finding| {
                    (finding.code == self.accepted).then(|| LetThrough {
                        reason: "it waits".into(),
                        owner: Some("Ada".into()),
                        until: Some("2027-01-31".into()),
                    })
                },
                owner: &|name| (name == "client").then(|| "client team".into()),
                check_command: "cargo otel-check check --full -p agent",
                plan_command: "cargo otel-check plan --options -p agent",
                rests: &|_| vec![input.clone()],
            },
            &mut ledger,
        );
        let (evidence, _) = ledger.into_parts();
        for row in &rows {
            assert_eq!(row.evidence.len(), 1, "{}", row.id);
            assert!(
                evidence.iter().any(|one| row.evidence.contains(&one.id)),
                "{}",
                row.id
            );
            assert!(
                !row.text.is_empty() && !row.text.contains('\n'),
                "{}",
                row.id
            );
        }
        rows
    }
}

fn ids(rows: &[RiskRow]) -> Vec<&str> {
    rows.iter().map(|row| row.id.as_str()).collect()
}

fn row<'r>(rows: &'r [RiskRow], id: &str) -> &'r RiskRow {
    rows.iter().find(|row| row.id == id).unwrap()
}

#[test]
fn a_clean_workspace_has_no_risks() {
    assert_eq!(Case::new(Vec::new(), testing::empty()).risks(), []);
}

#[test]
fn the_plan_tells_who_is_waited_for_and_what_is_not_proven() {
    let lost = about(
        "lost-telemetry",
        Some(Verdict::Lost),
        "client@2.1.0",
        Some("agent/bin/agent"),
    );
    let mut case = Case::new(vec![lost], testing::options());
    let lag = Lag {
        median: 12,
        lowest: 5,
        highest: 40,
        lines: 6,
        skipped: 0,
    };
    let outlook = Outlook::Wait {
        usual_days: lag,
        today_days: 3,
    };
    case.outlooks.insert("client".into(), outlook);
    let rows = case.risks();
    let behaviour = rows
        .iter()
        .filter(|row| row.kind == RiskKind::BehaviourChange);
    assert_eq!(behaviour.count(), 1);
    let others: Vec<&str> = ids(&rows)
        .into_iter()
        .filter(|id| !id.starts_with("behaviour"))
        .collect();
    let expected = [
        "blocked-owner:client",
        "unverified-plan:b:compiles",
        "unverified-plan:c:resolves",
    ];
    assert_eq!(others, expected);
    let blocked = row(&rows, "blocked-owner:client");
    assert!(
        matches!(&blocked.probability, Probability::Measured { text } if text.contains("12 days"))
    );
    assert_eq!(blocked.impact.verdict, Some(Verdict::Lost));
    assert_eq!(blocked.impact.artifacts, ["agent/bin/agent"]);
    assert_eq!(blocked.status, RiskStatus::Planned { step: 1 });
    assert_eq!(blocked.owner.as_deref(), Some("client team"));
    assert!(blocked.mitigation[0].starts_with("step 1: "));
    assert!(blocked.mitigation[1].starts_with("`cargo otel-check spec client`"));
    assert_eq!(
        blocked.contingency,
        ["back to where it was: `git checkout -- Cargo.toml Cargo.lock`"]
    );
    // By several commands, the lock is last, which git may not track.
    let options = &mut case.plan.options;
    let option = options.iter_mut().find(|option| option.id == OptionId::B);
    let steps = &mut option.expect("an option").steps;
    for (step, manifest) in steps.iter_mut().zip(["a/Cargo.toml", "Cargo.toml"]) {
        let names = [manifest, "Cargo.lock"];
        step.rollback = names.map(|name| format!("git checkout -- {name}")).into();
    }
    let rows = case.risks();
    assert_eq!(
        row(&rows, "blocked-owner:client").contingency,
        [
            "back to where it was: `git checkout -- Cargo.toml && git checkout -- a/Cargo.toml && git checkout -- Cargo.lock`"
        ]
    );
    // Nothing is known of it: no figure.
    case.outlooks.clear();
    let rows = case.risks();
    let blocked = row(&rows, "blocked-owner:client");
    assert!(matches!(blocked.probability, Probability::Unknown { .. }));
    // Compiled, there is one risk less.
    case.compiles = Some(true);
    assert!(!ids(&case.risks()).contains(&"unverified-plan:b:compiles"));
    case.compiles = Some(false);
    let rows = case.risks();
    assert_eq!(
        row(&rows, "unverified-plan:b:compiles").probability,
        Probability::Present
    );
}

#[test]
fn another_option_is_the_contingency() {
    let mut plan = testing::options();
    plan.options[2].outcome = Outcome::Proven {
        command: "cargo otel-check plan --options".into(),
    };
    plan.options[2].diff = "another".into();
    let rows = Case::new(Vec::new(), plan).risks();
    let blocked = row(&rows, "blocked-owner:client");
    assert_eq!(
        blocked.contingency,
        ["option C: stay where all agree (line 0.4)"]
    );
}

#[test]
fn findings_are_told_once_with_all_their_artifacts() {
    let case = Case::new(
        vec![
            about("advisory", None, "bridge@0.2.0", None),
            Finding {
                message: "another one".into(),
                ..about("advisory", None, "bridge@0.2.0", None)
            },
            about("advisory", None, "bridge@0.2.0", None),
            about("deprecated", None, "gone@1.0.0", None),
            about(
                "latent-line",
                Some(Verdict::Latent),
                "client@2.1.0",
                Some("agent/bin/agent"),
            ),
            about(
                "latent-line",
                Some(Verdict::Latent),
                "client@2.1.0",
                Some("agent/test/t"),
            ),
            about(
                "undecided-line",
                Some(Verdict::Unknown),
                "x@1.0.0",
                Some("agent/bin/agent"),
            ),
            about("confined-line", Some(Verdict::Confined), "y@1.0.0", None),
            about("lost-telemetry", Some(Verdict::Lost), "z@1.0.0", None),
            Finding {
                consequence_of: Some("lost-telemetry".into()),
                ..about("advisory", None, "w@1.0.0", None)
            },
        ],
        testing::empty(),
    );
    let rows = case.risks();
    let expected = [
        "dead-crate:gone@1.0.0",
        "advisory:bridge@0.2.0",
        "advisory:bridge@0.2.0#2",
        "latent:client@2.1.0",
        "open:x@1.0.0",
    ];
    assert_eq!(ids(&rows), expected);
    let advisory = row(&rows, "advisory:bridge@0.2.0");
    assert_eq!(advisory.probability, Probability::Present);
    assert_eq!(
        advisory.impact.artifacts,
        ["agent/bin/agent"],
        "what ships alone"
    );
    let latent = row(&rows, "latent:client@2.1.0");
    assert_eq!(latent.impact.artifacts, ["agent/bin/agent"]);
    assert_eq!(latent.impact.verdict, Some(Verdict::Latent));
    assert!(matches!(latent.probability, Probability::Unknown { .. }));
    assert_eq!(rows, case.risks(), "the same each time");
    let mut turned = case;
    turned.report.findings.reverse();
    assert_eq!(ids(&turned.risks()), expected);
}

/// It is planned where the proven result has it no more, and not since some step has its name.
#[test]
fn what_the_result_has_no_more_is_planned() {
    let advisory = about("advisory", None, "client@2.1.0", None);
    let mut case = Case::new(vec![advisory.clone()], testing::options());
    let status = |case: &Case| row(&case.risks(), "advisory:client@2.1.0").status.clone();
    assert_eq!(status(&case), RiskStatus::Open);
    case.after = Some(report_of(vec![advisory]));
    assert_eq!(status(&case), RiskStatus::Open);
    case.after = Some(report_of(Vec::new()));
    assert_eq!(status(&case), RiskStatus::Planned { step: 1 });
}

#[test]
fn what_is_let_through_is_accepted() {
    let findings = vec![
        about(
            "lost-telemetry",
            Some(Verdict::Lost),
            "z@1.0.0",
            Some("agent/bin/agent"),
        ),
        about("advisory", None, "bridge@0.2.0", None),
    ];
    let mut case = Case::new(findings, testing::empty());
    assert_eq!(ids(&case.risks()), ["advisory:bridge@0.2.0"]);
    case.accepted = "lost-telemetry";
    let rows = case.risks();
    let lost = row(&rows, "open:z@1.0.0");
    let expected = RiskStatus::Accepted {
        reason: "it waits".into(),
        owner: "Ada".into(),
        until: "2027-01-31".into(),
    };
    assert_eq!(lost.status, expected);
    assert_eq!(lost.impact.verdict, Some(Verdict::Lost));
    assert_eq!(row(&rows, "advisory:bridge@0.2.0").status, RiskStatus::Open);
}

#[test]
fn wide_requirements_are_found_where_they_are_written() {
    let family = &Rules::shipped().families[0];
    let anchor = family.anchors().next().unwrap().name.clone();
    let root = format!(
        "[workspace]\nmembers = [\"a\"]\n[workspace.dependencies]\n{anchor} = \">=0.20, <0.22\"\nserde = \"*\"\n"
    );
    let member = format!(
        "[package]\nname = \"a\"\n[dependencies]\n{anchor} = {{ workspace = true }}\n\
         [dev-dependencies]\n{anchor} = {{ version = \"*\", features = [\"x\"] }}\n\
         [build-dependencies]\n{anchor} = \"0.27\"\n\
         [target.'cfg(unix)'.dependencies]\nother = {{ package = \"{anchor}\", git = \"https://x.example\", version = \"*\" }}\n"
    );
    let mut case = Case::new(Vec::new(), testing::empty());
    case.manifests = BTreeMap::from([
        ("/w/Cargo.toml".into(), Arc::from(root)),
        ("/w/a/Cargo.toml".into(), Arc::from(member)),
        (
            "/elsewhere/Cargo.toml".into(),
            Arc::from(format!("[dependencies]\n{anchor} = \"*\"\n")),
        ),
    ]);
    let rows = case.risks();
    let [shared, own] = rows.as_slice() else {
        panic!("{:?}", ids(&rows));
    };
    assert_eq!(shared.id, format!("wide-pin:{anchor}:Cargo.toml"));
    assert!(
        shared
            .text
            .contains(&format!("Cargo.toml:4: {anchor} = \">=0.20, <0.22\"")),
        "{}",
        shared.text
    );
    assert!(matches!(
        shared.probability,
        Probability::Counted {
            cases: 2,
            of: 3,
            ..
        }
    ));
    assert_eq!(own.id, format!("wide-pin:{anchor}:a/Cargo.toml"));
    assert!(own.text.contains("a/Cargo.toml:6"), "{}", own.text);
    assert!(matches!(
        own.probability,
        Probability::Counted {
            cases: 3,
            of: 3,
            ..
        }
    ));
}

#[test]
fn width_of_requirements() {
    for (text, wide) in [
        ("*", true),
        (">=0.20", true),
        (">=0.2, <0.40", true),
        (">=0.26, <=0.27", true),
        (">0.26, <=0.27", false),
        ("0.*", true),
        ("^0", true),
        ("<0.28", true),
        (">=0.27, <=0.28.0", true),
        (">=1, <3", true),
        ("0.0.*", true),
        ("0.27", false),
        ("0.27.*", false),
        ("=0.27.1", false),
        ("~0.27.1", false),
        ("~1", false),
        ("1", false),
        (">=0.27, <0.28", false),
        (">=1.2, <2", false),
        ("=0.27", false),
        ("0.0.3", false),
        (">0.26, <0.28", false),
        (">=0.28, <0.27", false),
    ] {
        assert_eq!(
            pins::is_wide(&VersionReq::parse(text).unwrap()),
            wide,
            "{text}"
        );
    }
}

proptest! {
    /// Against what the requirement itself says of every version there could be.
    #[test]
    fn wide_is_what_admits_two_series(
        parts in prop::collection::vec(
            (prop::sample::select(vec!["=", ">", ">=", "<", "<=", "~", "^"]), 0_u64..3, 0_u64..4, 0_u64..4, 1_usize..4),
            1..3,
        )
    ) {
        let text: Vec<String> = parts.iter().map(|(op, major, minor, patch, count)| {
            let numbers = [major, minor, patch].map(ToString::to_string);
            format!("{op}{}", numbers[..*count].join("."))
        }).collect();
        let req = VersionReq::parse(&text.join(", ")).unwrap();
        let mut series: BTreeSet<Line> = BTreeSet::new();
        for major in 0..5 {
            for minor in 0..6 {
                for patch in 0..6 {
                    let version = Version::new(major, minor, patch);
                    if req.matches(&version) {
                        series.insert(Line::of(&version));
                    }
                }
            }
        }
        prop_assert_eq!(pins::is_wide(&req), series.len() > 1, "{} {:?}", req, series);
    }
}
