//! Reported skews, stored as small manifests: each must get the verdict of the table beside them.

mod support;

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};
use support::cargo::{fetch, refusal};
use support::report::{Evidence, Finding, Report, Verdict};
use support::sandbox::Sandbox;
use support::shared::shared_dir;

#[test]
fn verdicts_of_the_table() {
    let Some(shared) = shared_dir() else {
        skip!("../shared absent");
    };
    let repro = shared.join("repro");
    let table = table(&std::fs::read_to_string(repro.join("README.md")).unwrap());
    let folders = folders(&repro);
    assert_eq!(
        table.keys().collect::<Vec<_>>(),
        folders.iter().collect::<Vec<_>>(),
        "the table and the folders"
    );
    assert_eq!(table.len(), 13);
    let mut wrong = Vec::new();
    for (name, verdict) in table {
        let sandbox = Sandbox::copy(&repro.join(&name));
        let problems = examine(&sandbox, &name, verdict).into_iter();
        wrong.extend(problems.map(|problem| format!("{name}: {problem}")));
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

fn examine(sandbox: &Sandbox, name: &str, verdict: Verdict) -> Vec<String> {
    let root = sandbox.root();
    let mut options = vec!["check", "--format", "json"];
    if verdict == Verdict::Unresolvable {
        match refusal(root) {
            Ok(flags) => options.extend(flags),
            Err(reason) => {
                eprintln!("skipped: {name}: {reason}");
                return Vec::new();
            }
        }
    } else {
        if let Err(reason) = fetch(root) {
            eprintln!("skipped: {name}: {reason}");
            return Vec::new();
        }
        options.extend(["--locked", "--offline"]);
    }
    let run = support::tool::run(sandbox, &options);
    let report = run.report();
    let mut wrong = Vec::new();
    if report.worst() != Some(verdict) {
        wrong.push(format!("{:?}, not {verdict:?}", report.worst()));
    }
    let exit = if verdict == Verdict::Benign { 0 } else { 100 };
    if run.code != exit {
        wrong.push(format!("exit code {}, not {exit}", run.code));
    }
    if verdict.is_skew() {
        wrong.extend(grounds(root, &report, verdict));
    }
    wrong
}

/// A verdict on what code does rests on places in code that exist, and points at a requirement of
/// the manifest that exists.
fn grounds(root: &Utf8Path, report: &Report, verdict: Verdict) -> Vec<String> {
    let mut wrong = Vec::new();
    let findings = report.findings.iter();
    let findings: Vec<_> = findings.filter(|f| f.verdict == Some(verdict)).collect();
    let mut seen = 0;
    for finding in &findings {
        wrong.extend(culprit(root, finding));
        for evidence in &finding.evidence {
            if let (Some(file), Some(line)) = (&evidence.file, evidence.line) {
                match source(root, evidence, file) {
                    Some(text) if (1..=text.lines().count()).contains(&line) => seen += 1,
                    Some(_) => wrong.push(format!("{file} has no line {line}")),
                    None => wrong.push(format!("{file} of {:?} is not there", evidence.package)),
                }
            }
        }
    }
    if !findings.is_empty() && seen == 0 {
        wrong.push("no place in source among the evidence".into());
    }
    wrong
}

/// The requirement that a finding points at must stand at that place.
fn culprit(root: &Utf8Path, finding: &Finding) -> Option<String> {
    let Some(place) = &finding.culprit else {
        return Some(format!("no culprit for {:?}", finding.introducer));
    };
    let text = std::fs::read_to_string(root.join(&place.file)).unwrap_or_default();
    let line = place.line.and_then(|line| text.lines().nth(line - 1));
    match (line, place.column) {
        (Some(line), Some(column)) if line.contains('=') && column <= line.len() => None,
        _ => Some(format!("no requirement at {place:?}: {line:?}")),
    }
}

/// The text of a source file that evidence names: in the workspace, or in cargo's copy of the
/// package.
fn source(root: &Utf8Path, evidence: &Evidence, file: &str) -> Option<String> {
    let mut places = vec![root.join(file)];
    if let Some((name, version)) = evidence.package.as_deref().and_then(|p| p.split_once('@')) {
        let folder = format!("{name}-{version}");
        places.extend(registry_sources().map(|sources| sources.join(&folder).join(file)));
    }
    places
        .iter()
        .find_map(|path| std::fs::read_to_string(path).ok())
}

/// Folders below which cargo unpacks packages, one for each registry.
fn registry_sources() -> impl Iterator<Item = Utf8PathBuf> {
    let home = std::env::var("CARGO_HOME").map(Utf8PathBuf::from);
    let home = home.unwrap_or_else(|_| {
        let home = std::env::home_dir().expect("a home folder");
        Utf8PathBuf::from_path_buf(home.join(".cargo")).unwrap()
    });
    let folders = home.join("registry/src").read_dir_utf8();
    folders
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path().to_owned())
}

/// Verdict by folder: the first two columns of the table.
fn table(readme: &str) -> BTreeMap<String, Verdict> {
    let rows = readme.lines().filter(|line| line.starts_with('|')).skip(2);
    rows.map(|row| {
        let mut cells = row.split('|').skip(1).map(str::trim);
        let folder = cells.next().unwrap().to_owned();
        let words = cells.next().unwrap().replace(' ', "-");
        let verdict = serde_json::from_value(words.clone().into());
        (
            folder,
            verdict.unwrap_or_else(|_| panic!("no verdict: {words}")),
        )
    })
    .collect()
}

fn folders(repro: &Utf8Path) -> Vec<String> {
    let entries = repro.read_dir_utf8().unwrap().map(Result::unwrap);
    let mut names: Vec<String> = entries
        .filter(|entry| entry.path().join("Cargo.toml").is_file())
        .map(|entry| entry.file_name().to_owned())
        .collect();
    names.sort();
    names
}
