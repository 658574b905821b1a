//! Stored real workspaces: what the tool says of each, and what is known of it.

mod support;

use std::collections::BTreeSet;

use support::corpus::{Case, Line, Member};
use support::corpus_rows::compare_row;
use support::report::{Artifact, Report, Verdict};
use support::sandbox::Sandbox;
use support::shared::{cases, shared_dir};
use support::tool::run;

const TARGET: &str = "x86_64-unknown-linux-gnu";

macro_rules! cases {
    ($($test:ident: $name:literal,)+) => {
        const CASES: &[&str] = &[$($name),+];
        $(
            #[test]
            fn $test() {
                examine($name);
            }
        )+
    };
}

cases! {
    azure_sdk: "azure-sdk-head-0.31-0.32",
    control_layer: "control-layer-stray-lock-0.31-0.32",
    divviup_api: "divviup-api-0.24-0.27",
    docsrs: "docsrs-0.31-0.32",
    dora: "dora-0.23-0.30-0.31",
    golem: "golem-0.24-0.27",
    indexer_rs: "indexer-rs-0.18-0.21",
    janus: "janus-0.19-0.20",
    kata: "kata-0.17-0.18",
    linkerd_proxy: "linkerd-proxy-head-0.32",
    mas: "mas-0.24-0.27",
    opendal: "opendal-core-0.31-0.32",
    openobserve: "openobserve-0.17-0.18",
    parseable: "parseable-0.31-0.32",
    router: "router-0.20-0.22",
    tabby: "tabby-0.18-0.27",
    text_generation_inference: "tgi-head-0.20-0.21",
    wadm: "wadm-head-0.17-0.28",
}

#[test]
fn no_case_is_left_out() {
    let Some(shared) = shared_dir() else {
        skip!("../shared absent");
    };
    assert_eq!(cases(&shared.join("corpus/truth")), CASES);
    assert_eq!(cases(&shared.join("corpus/metadata")), CASES);
}

fn examine(name: &str) {
    let Some(shared) = shared_dir() else {
        skip!("../shared absent");
    };
    let case = Case::read(&shared.join("corpus"), name);
    let mut wrong = Vec::new();
    let report = check(&case, &[]);
    members(&case, &report, &mut wrong);
    workspace(&case, &report, &mut wrong);
    findings(&case, &report, &mut wrong);
    latent(&case, &report, &mut wrong);
    all_features(&case, &mut wrong);
    variants(&case, &mut wrong);
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

fn check(case: &Case, options: &[&str]) -> Report {
    let nowhere = Sandbox::empty();
    let mut arguments = vec!["check", "--format", "json", "--offline", "--target", TARGET];
    arguments.extend(["--metadata-path", case.metadata_path.as_str()]);
    arguments.extend(options);
    let run = run(&nowhere, &arguments);
    assert!([0, 100].contains(&run.code), "{run:?}");
    run.report()
}

/// Rows of a package in one build that end in a link, or stand for a library.
fn shipped<'r>(report: &'r Report, package: &str, build: &str) -> Vec<&'r Artifact> {
    let rows = report.artifacts.iter().filter(|row| {
        row.package == package
            && row.target == TARGET
            && row.builds.contains(build)
            && ["linked", "library"].contains(&row.class.as_str())
    });
    rows.collect()
}

fn lines_of(rows: &[&Artifact]) -> BTreeSet<String> {
    let lines = rows.iter().flat_map(|row| row.lines());
    lines.map(str::to_owned).collect()
}

/// Each member alone: lines, introducers, SDK and so on.
fn members(case: &Case, report: &Report, wrong: &mut Vec<String>) {
    for member in &case.truth.members {
        let build = format!("-p {}", member.name);
        let rows = shipped(report, &member.name, &build);
        let known: BTreeSet<_> = member.lines.iter().map(|line| line.line.clone()).collect();
        assert_eq!(known, member.lines_default, "{}", member.name);
        if !known.is_empty() {
            every_target_has_a_row(member, &rows, wrong);
        }
        for row in rows {
            compare_row(row, &member.lines.iter().collect::<Vec<_>>(), None, wrong);
        }
    }
    let with_binary = case.truth.members.iter().map(|member| &member.name);
    let with_binary: BTreeSet<_> = with_binary.collect();
    for name in case
        .graph
        .members
        .iter()
        .filter(|n| !with_binary.contains(n))
    {
        let library = case.truth.lib_only_members.iter().find(|l| l.name == *name);
        let known = library
            .map(|library| library.lines.clone())
            .unwrap_or_default();
        let said = lines_of(&shipped(report, name, &format!("-p {name}")));
        if said != known {
            wrong.push(format!("library {name}: {said:?}, not {known:?}"));
        }
    }
}

fn every_target_has_a_row(member: &Member, rows: &[&Artifact], wrong: &mut Vec<String>) {
    let named = |kinds: &[&str]| -> BTreeSet<String> {
        let rows = rows.iter().filter(|row| kinds.contains(&row.kind.as_str()));
        rows.map(|row| row.name.clone()).collect()
    };
    for (said, known) in [
        (named(&["bin"]), &member.bins),
        (named(&["cdylib", "staticlib"]), &member.cdylib_or_staticlib),
    ] {
        if said != *known {
            wrong.push(format!("{}: rows for {said:?}, not {known:?}", member.name));
        }
    }
    for row in rows.iter().filter(|row| row.kind == "bin") {
        let required = member.bin_required_features.get(&row.name);
        if required.is_none() && !row.missing_features.is_empty() {
            wrong.push(format!("{} misses {:?}", row.id(), row.missing_features));
        }
        if let Some(required) = required
            && !required
                .iter()
                .any(|feature| row.missing_features.contains(feature))
        {
            wrong.push(format!(
                "{} needs {required:?}, which is not said",
                row.id()
            ));
        }
    }
}

/// The workspace as a whole: what only development or build targets have, and each view.
fn workspace(case: &Case, report: &Report, wrong: &mut Vec<String>) {
    let build = whole(case);
    let views = &case.truth.workspace_views;
    let view = |classes: &[&str], kinds: Option<&str>| -> BTreeSet<String> {
        let rows = report.artifacts.iter().filter(|row| {
            row.builds.contains(&build)
                && row.target == TARGET
                && classes.contains(&row.class.as_str())
                && kinds.is_none_or(|kind| row.kind == kind)
        });
        lines_of(&rows.collect::<Vec<_>>())
    };
    let normal = view(&["linked", "library"], None);
    let macros = &normal | &view(&["host"], Some("proc-macro"));
    let host = &normal | &view(&["host"], None);
    let all = &host | &view(&["development"], None);
    for (what, said, known) in [
        ("normal edges", &normal, &views.normal_default_linux),
        (
            "normal edges and macros",
            &macros,
            &views.normal_incl_procmacro_linux,
        ),
        ("normal and build edges", &host, &views.normal_build_linux),
        ("all edges", &all, &views.all_edges_linux),
        (
            "only development",
            &(&all - &host),
            &case.truth.dev_only_lines,
        ),
        (
            "only build",
            &(&host - &normal),
            &case.truth.build_only_lines,
        ),
    ] {
        if said != known {
            wrong.push(format!("workspace, {what}: {said:?}, not {known:?}"));
        }
    }
}

/// The build of everything; a workspace of one member has no other than that member's.
fn whole(case: &Case) -> String {
    match case.graph.members.len() {
        1 => format!("-p {}", case.graph.members.first().unwrap()),
        _ => "--workspace".to_owned(),
    }
}

/// Nothing is found where there is nothing, something where there is, and every path exists.
fn findings(case: &Case, report: &Report, wrong: &mut Vec<String>) {
    let about_lines = |verdict: Verdict| match verdict {
        Verdict::Lost | Verdict::Split | Verdict::TypeClash | Verdict::Unknown => true,
        Verdict::Benign | Verdict::Confined | Verdict::Latent | Verdict::Unresolvable => false,
    };
    let owner = |artifact: &str| artifact.split('/').next().unwrap_or_default().to_owned();
    let mut concerned = BTreeSet::new();
    for finding in &report.findings {
        let (Some(verdict), Some(artifact)) = (finding.verdict, &finding.artifact) else {
            continue;
        };
        let package = owner(artifact);
        let alone = finding.builds.contains(&format!("-p {package}"));
        let clean = &case.truth.clean_bins | &case.truth.no_otel_bins;
        let one_line = finding.line.is_some() && finding.singleton.is_none();
        if clean.contains(&package) && alone && one_line && about_lines(verdict) {
            wrong.push(format!(
                "{artifact} is clean, not {verdict:?} for {:?}",
                finding.line
            ));
        }
        // A binary whose required features are off is skewed only once they are on.
        let says_so = about_lines(verdict)
            || verdict == Verdict::Benign
            || verdict == Verdict::Latent && is_gated(case, &package);
        if finding.line.is_some() && says_so {
            concerned.insert(package);
        }
    }
    for package in case.truth.skewed_bins.difference(&concerned) {
        wrong.push(format!("{package} links two lines, and no finding says so"));
    }
    for finding in &report.findings {
        for step in finding.path.windows(2) {
            let edge = (step[0].package.clone(), step[1].package.clone());
            if !case.graph.edges.contains(&edge) {
                wrong.push(format!(
                    "a path has {} -> {}, which is no edge",
                    edge.0, edge.1
                ));
            }
        }
    }
    let dev_only = report.findings.iter().filter(|finding| {
        finding.verdict == Some(Verdict::Confined)
            && finding
                .line
                .as_ref()
                .is_some_and(|line| case.truth.dev_only_lines.contains(line))
    });
    if !case.truth.dev_only_lines.is_empty() && dev_only.count() == 0 {
        wrong.push(format!(
            "{:?} is confined to development",
            case.truth.dev_only_lines
        ));
    }
}

/// Whether every binary of a package requires features that are off by default.
fn is_gated(case: &Case, package: &str) -> bool {
    let mut members = case.truth.members.iter();
    let member = members.find(|member| member.name == package);
    member.is_some_and(|member| {
        let gated: BTreeSet<_> = member.bin_required_features.keys().cloned().collect();
        !gated.is_empty() && gated == member.bins
    })
}

/// What only other features bring in. The graph holds the packages of the default features, so that
/// of the rest no more can be said than what the members' requirements ask for; that the graph is a
/// part only must be said.
fn latent(case: &Case, report: &Report, wrong: &mut Vec<String>) {
    if case.graph.is_partial && report.basis != "partial-graph" {
        wrong.push(format!(
            "basis {}, though optional dependencies are missing",
            report.basis
        ));
    }
    for line in case
        .truth
        .feature_gated_lines
        .intersection(&case.graph.asked_for)
    {
        let latent = report.findings.iter().any(|finding| {
            finding.verdict == Some(Verdict::Latent) && finding.line.as_ref() == Some(line)
        });
        if !latent {
            wrong.push(format!(
                "{line} is behind a feature, and no finding says so"
            ));
        }
    }
}

/// `--all-features`, as far as the graph goes.
fn all_features(case: &Case, wrong: &mut Vec<String>) {
    let report = check(case, &["--all-features"]);
    for member in &case.truth.members {
        let build = format!("-p {} --all-features", member.name);
        let said = lines_of(&shipped(&report, &member.name, &build));
        let known = &member.lines_all_features & &case.graph.lines;
        if said != known {
            wrong.push(format!("{build}: {said:?}, not {known:?}"));
        }
    }
    let build = format!("{} --all-features", whole(case));
    let rows = report
        .artifacts
        .iter()
        .filter(|row| row.builds.contains(&build));
    let (rest, shipped): (Vec<_>, Vec<_>) =
        rows.partition(|row| ["development", "host"].contains(&row.class.as_str()));
    let normal = lines_of(&shipped);
    let all = &normal | &lines_of(&rest);
    let views = &case.truth.workspace_views;
    for (said, known) in [
        (normal, &views.normal_allfeatures_linux),
        (all, &views.all_edges_allfeatures_alltargets),
    ] {
        let known = known & &case.graph.lines;
        if said != known {
            wrong.push(format!("{build}: {said:?}, not {known:?}"));
        }
    }
}

/// The features with which a package is shipped, as far as the graph goes.
fn variants(case: &Case, wrong: &mut Vec<String>) {
    for member in &case.truth.members {
        for variant in &member.lines_variants {
            let mut options = vec!["-p", &member.name];
            options.extend(variant.args.iter().map(String::as_str));
            let report = check(case, &options);
            let rows = shipped(&report, &member.name, &options.join(" "));
            let known = &variant.lines & &case.graph.lines;
            if lines_of(&rows) != known {
                wrong.push(format!("{options:?}: {:?}, not {known:?}", lines_of(&rows)));
                continue;
            }
            let details: Vec<&Line> = variant
                .detail
                .iter()
                .filter(|line| known.contains(&line.line))
                .collect();
            for row in rows {
                compare_row(row, &details, Some(&case.graph.labels), wrong);
            }
        }
    }
}
