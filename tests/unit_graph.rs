//! What the tool says is linked, and what cargo's own plan of the build says.

mod support;

use std::collections::{BTreeMap, BTreeSet};

use support::cargo::{Metadata, fetch, host, metadata, refusal};
use support::differential::differences;
use support::expect::{self, Answer, Expect, Links, Worst};
use support::report::{Report, Verdict};
use support::sandbox::Sandbox;
use support::tool::{check, run};
use support::unit_graph::{Class, Linked, linked};

#[test]
fn fixtures_are_what_their_expectations_say() {
    let mut wrong = Vec::new();
    for name in expect::all() {
        let Some(sandbox) = ready(&name) else {
            continue;
        };
        for answer in Expect::of(&name).runs {
            if answer.links.is_empty() {
                continue;
            }
            let metadata = metadata(&sandbox);
            for links in &answer.links {
                let plan = plan(&sandbox, &metadata, &answer, links);
                let truth: BTreeMap<String, BTreeSet<String>> = plan
                    .iter()
                    .map(|linked| (linked.id(), linked.copies(&metadata).into_keys().collect()))
                    .collect();
                if truth != links.artifacts {
                    wrong.push(format!("{name}, {}: cargo plans {truth:?}", links.build));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn precision_fixtures() {
    every_fixture(|name| name.starts_with("precision/"), 9);
}

#[test]
fn other_fixtures() {
    every_fixture(|name| !name.starts_with("precision/"), 6);
}

fn every_fixture(wanted: impl Fn(&str) -> bool, at_least: usize) {
    let mut names = expect::all();
    names.retain(|name| wanted(name));
    assert!(names.len() >= at_least, "{names:?}");
    let mut wrong = Vec::new();
    for name in names {
        let Some(sandbox) = ready(&name) else {
            continue;
        };
        for answer in Expect::of(&name).runs {
            let options = answer.options.join(" ");
            let problems = compare(&sandbox, &answer).into_iter();
            wrong.extend(problems.map(|problem| format!("{name} {options}: {problem}")));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// A copy of a fixture whose packages are on disk; none where they cannot be had.
fn ready(name: &str) -> Option<Sandbox> {
    let sandbox = Sandbox::fixture(name);
    let has_lock = sandbox.root().join("Cargo.lock").is_file();
    if has_lock && let Err(reason) = fetch(sandbox.root()) {
        eprintln!("skipped: {name}: {reason}");
        return None;
    }
    Some(sandbox)
}

/// Compares one answer of the tool with the expectation and with cargo's plan.
fn compare(sandbox: &Sandbox, answer: &Answer) -> Vec<String> {
    let root = sandbox.root();
    let options: Vec<&str> = answer.options.iter().map(String::as_str).collect();
    let run = if answer.worst == Worst::Verdict(Verdict::Unresolvable) {
        match refusal(root) {
            Ok(flags) => run(sandbox, &[&["check", "--format", "json"], flags].concat()),
            Err(reason) => {
                eprintln!("skipped: {reason}");
                return Vec::new();
            }
        }
    } else {
        check(sandbox, &options)
    };
    let report = run.report();
    let mut wrong = verdicts(&report, answer);
    if run.code != answer.exit {
        wrong.push(format!("exit code {}, not {}", run.code, answer.exit));
    }
    if answer.links.is_empty() {
        return wrong;
    }
    let metadata = metadata(sandbox);
    let target = answer.target().unwrap_or_else(|| host());
    let by_lock = is_answered_by_lock(sandbox, &options, &report);
    for links in &answer.links {
        let plan = plan(sandbox, &metadata, answer, links);
        if by_lock {
            wrong.extend(several_lines(&metadata, &plan));
        }
        let classes: &[_] = match links.tests {
            true => &[Class::Development],
            false => &[Class::Normal, Class::Host],
        };
        wrong.extend(differences(
            &report,
            &metadata,
            &links.build,
            target,
            classes,
            &plan,
        ));
    }
    wrong
}

/// Whether the lock alone answers where it may, in which case it must come to the same verdict.
fn is_answered_by_lock(sandbox: &Sandbox, options: &[&str], full: &Report) -> bool {
    let arguments = ["check", "--format", "json", "--locked", "--offline"];
    let quick = run(sandbox, &[&arguments, options].concat()).report();
    assert_eq!(quick.worst(), full.worst());
    quick.basis == "lock-fast-path"
}

/// The lock alone may answer only where no build can link two lines.
fn several_lines(metadata: &Metadata, plan: &[Linked]) -> Vec<String> {
    let several = plan
        .iter()
        .filter(|linked| linked.copies(metadata).len() > 1);
    several
        .map(|linked| format!("{} links several lines, and the lock answered", linked.id()))
        .collect()
}

/// Worst verdict, and the artifacts concerned.
fn verdicts(report: &Report, answer: &Answer) -> Vec<String> {
    let mut wrong = Vec::new();
    let worst = match report.worst() {
        None | Some(Verdict::Benign) => Worst::None,
        Some(verdict) => Worst::Verdict(verdict),
    };
    if worst != answer.worst {
        wrong.push(format!("worst verdict {worst:?}, not {:?}", answer.worst));
    }
    let mut affected = BTreeMap::<String, BTreeSet<String>>::new();
    let skews = report.findings.iter();
    for finding in skews.filter(|f| f.verdict.is_some_and(Verdict::is_skew)) {
        let artifact = finding.artifact.clone().unwrap_or_default();
        let builds = affected.entry(artifact).or_default();
        builds.extend(finding.builds.iter().cloned());
    }
    if affected != answer.affected {
        wrong.push(format!("affected {affected:?}, not {:?}", answer.affected));
    }
    wrong
}

/// Cargo's plan of one build.
fn plan(sandbox: &Sandbox, metadata: &Metadata, answer: &Answer, links: &Links) -> Vec<Linked> {
    let mut arguments: Vec<&str> = links.build.split(' ').collect();
    if links.tests {
        arguments.push("--all-targets");
    }
    if let Some(target) = answer.target() {
        arguments.extend(["--target", target]);
    }
    linked(sandbox, metadata, &arguments)
}
