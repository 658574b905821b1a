//! The text of a first policy: green today, and commented so that a team can go on from it.

use std::fmt::Write as _;

use toml_edit::Value;

use crate::report::escape::terminal;
use crate::report::{Finding, Level, Liveness, Report};
use crate::shipping::Found;
use crate::skew::Line;
use crate::skew::findings::LINTS;

use super::{Date, ShippedBuild};

/// Why what is denied today is let through.
const REASON: &str = "present when this policy was written";

/// For how many days.
const DAYS: i64 = 90;

/// What a policy is made from.
pub struct Proposal<'a> {
    pub builds: &'a [Build],
    /// Commands whose builds are not known, or not those that ship.
    pub others: &'a [Other],
    /// What is found today, with these builds judged.
    pub report: &'a Report,
    pub owner: &'a str,
    pub today: Date,
}

/// A build that ships, with the commands behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Build {
    pub build: ShippedBuild,
    /// `FILE:LINE: COMMAND`.
    pub commands: Vec<String>,
}

/// A command that is not taken for one that ships.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Other {
    pub command: String,
    pub because: String,
    /// What it builds, where that is known.
    pub build: Option<ShippedBuild>,
}

/// Puts commands of the same build together; they may differ in their targets. `refusal` says why a
/// build cannot be judged, where it cannot.
pub fn sorted(
    found: &[Found],
    refusal: &dyn Fn(&ShippedBuild) -> Option<String>,
) -> (Vec<Build>, Vec<Other>) {
    let mut builds: Vec<Build> = Vec::new();
    let mut others: Vec<Other> = Vec::new();
    for one in found {
        let command = format!("{}:{}: {}", one.file, one.line, one.shown);
        let refused = one.doubts.is_empty().then(|| refusal(&one.build)).flatten();
        let mut doubts = one.doubts.clone();
        doubts.extend(refused);
        if doubts.is_empty() && one.ships {
            add(&mut builds, &one.build, command);
            continue;
        }
        let known = doubts.is_empty();
        let other = Other {
            command,
            because: match known {
                true => "it is not built for release".to_owned(),
                false => doubts.join("; "),
            },
            build: known.then(|| one.build.clone()),
        };
        if !others.contains(&other) {
            others.push(other);
        }
    }
    // What ships in any case needs no second word.
    others.retain(|other| {
        let ships = |build: &ShippedBuild| builds.iter().any(|one| covers(&one.build, build));
        !other.build.as_ref().is_some_and(ships)
    });
    (builds, others)
}

fn add(builds: &mut Vec<Build>, build: &ShippedBuild, command: String) {
    let alike = |one: &&mut Build| {
        // The host is no triple that could stand in a list.
        let hosts = one.build.targets.is_empty() == build.targets.is_empty();
        hosts && without_targets(&one.build) == without_targets(build)
    };
    match builds.iter_mut().find(alike) {
        Some(known) => {
            known.build.targets.extend(build.targets.iter().cloned());
            known.build.targets.sort();
            known.build.targets.dedup();
            if !known.commands.contains(&command) {
                known.commands.push(command);
            }
        }
        None => builds.push(Build {
            build: build.clone(),
            commands: vec![command],
        }),
    }
}

fn without_targets(build: &ShippedBuild) -> ShippedBuild {
    ShippedBuild {
        targets: Vec::new(),
        ..build.clone()
    }
}

fn covers(shipped: &ShippedBuild, build: &ShippedBuild) -> bool {
    without_targets(shipped) == without_targets(build)
        && shipped.targets.is_empty() == build.targets.is_empty()
        && build
            .targets
            .iter()
            .all(|target| shipped.targets.contains(target))
}

/// The text of `otel-check.toml`.
pub fn propose(proposal: &Proposal<'_>) -> String {
    let mut out = format!(
        "# What this team has decided about the lines that it ships.\n\
         # `cargo otel-check init` wrote this on {}; from here on it is yours. `cargo otel-check explain CODE`\n\
         # tells what a finding code means.\n\n",
        proposal.today
    );
    target_line(proposal, &mut out);
    levels(&mut out);
    builds(proposal, &mut out);
    exceptions(proposal, &mut out);
    out
}

fn target_line(proposal: &Proposal<'_>, out: &mut String) {
    out.push_str("# The line that everything is to be on: `plan` and `fix` aim at it, and `check` warns of what is elsewhere.\n");
    let lines = live_lines(proposal.report);
    match lines.as_slice() {
        [line] => {
            let _ = writeln!(out, "target-line = {}", quoted(&line.to_string()));
        }
        [] => out.push_str("# No line is live today.\n# target-line = \"0.0\"\n"),
        several => {
            out.push_str("# Several are live today; choose one.\n");
            for line in several {
                let _ = writeln!(out, "# target-line = {}", quoted(&line.to_string()));
            }
        }
    }
    out.push('\n');
}

/// The lines that what ships sets up; where nobody sets one up, the only one that there is.
fn live_lines(report: &Report) -> Vec<Line> {
    let shipped = report.artifacts.iter().filter(|one| one.class.is_shipped());
    let lines: Vec<_> = shipped.flat_map(|one| &one.lines).collect();
    let mut live: Vec<Line> = lines
        .iter()
        .filter(|line| matches!(line.live, Liveness::Set | Liveness::Assumed))
        .filter_map(|line| line.line.parse().ok())
        .collect();
    if live.is_empty() {
        live = lines
            .iter()
            .filter_map(|line| line.line.parse().ok())
            .collect();
        live.sort();
        live.dedup();
        // Which of several it is to be, nothing tells.
        live.truncate(if live.len() == 1 { 1 } else { 0 });
    }
    live.sort();
    live.dedup();
    live
}

fn levels(out: &mut String) {
    out.push_str(
        "# How much findings weigh: \"allow\", \"note\", \"warn\", \"deny\" or \"forbid\". Without a word here each code has\n\
         # the level that stands behind it.\n[levels]\n",
    );
    for lint in LINTS.iter().filter(|lint| lint.level != Level::Note) {
        let _ = writeln!(out, "# {} = \"{}\"", lint.code, lint.level.name());
    }
    out.push('\n');
}

fn builds(proposal: &Proposal<'_>, out: &mut String) {
    out.push_str(
        "# The builds that ship: these are judged and no others. Without one, each member alone and all together.\n",
    );
    for build in proposal.builds {
        for command in &build.commands {
            let _ = writeln!(out, "# {}", terminal(command));
        }
        table(&build.build, "", out);
        out.push('\n');
    }
    if !proposal.others.is_empty() {
        out.push_str("# Not taken for builds that ship:\n");
    }
    for other in proposal.others {
        let _ = writeln!(out, "# {}", terminal(&other.command));
        let _ = writeln!(out, "#   {}", terminal(&other.because));
        if let Some(build) = &other.build {
            table(build, "# ", out);
        }
    }
    if proposal.builds.is_empty() && proposal.others.is_empty() {
        out.push_str("# [[build]]\n# packages = [\"NAME\"]\n# features = [\"FEATURE\"]\n# targets = [\"TRIPLE\"]\n");
    }
    if proposal.builds.is_empty() || !proposal.others.is_empty() {
        out.push('\n');
    }
}

fn table(build: &ShippedBuild, before: &str, out: &mut String) {
    let _ = writeln!(out, "{before}[[build]]");
    let mut list = |key: &str, names: &[String]| {
        if !names.is_empty() {
            let names: Vec<String> = names.iter().map(|name| quoted(name)).collect();
            let _ = writeln!(out, "{before}{key} = [{}]", names.join(", "));
        }
    };
    list("packages", &build.packages);
    list("features", &build.features);
    list("targets", &build.targets);
    if build.all_features {
        let _ = writeln!(out, "{before}all-features = true");
    }
    if build.no_default_features {
        let _ = writeln!(out, "{before}no-default-features = true");
    }
}

fn exceptions(proposal: &Proposal<'_>, out: &mut String) {
    let denied = proposal.report.findings.iter();
    let denied: Vec<&Finding> = denied
        .filter(|finding| finding.level == Level::Deny)
        .collect();
    let expires = proposal.today.plus(DAYS);
    out.push_str(
        "# What is let through, and until when. After its day an exception is a finding itself.\n",
    );
    if denied.is_empty() {
        out.push_str("# Nothing is denied today.\n# [[exception]]\n# code = \"lost-telemetry\"\n# package = \"NAME\"\n");
        let _ = writeln!(
            out,
            "# reason = \"why\"\n# owner = {}\n# expires = {expires}",
            quoted(proposal.owner)
        );
        return;
    }
    let mut tables: Vec<(String, Vec<&str>)> = Vec::new();
    for finding in denied {
        let keys = keys(finding);
        match tables.iter_mut().find(|(known, _)| *known == keys) {
            Some((_, messages)) if messages.contains(&finding.message.as_str()) => {}
            Some((_, messages)) => messages.push(&finding.message),
            None => tables.push((keys, vec![&finding.message])),
        }
    }
    for (number, (keys, messages)) in tables.iter().enumerate() {
        if number > 0 {
            out.push('\n');
        }
        for message in messages {
            let _ = writeln!(out, "# {}", terminal(message));
        }
        let _ = write!(out, "[[exception]]\n{keys}");
        let _ = writeln!(out, "reason = {}", quoted(REASON));
        let _ = writeln!(out, "owner = {}", quoted(proposal.owner));
        let _ = writeln!(out, "expires = {expires}");
    }
}

/// The keys that say what an exception is for. Versions are left out, so that it outlives a patch
/// release.
fn keys(finding: &Finding) -> String {
    let introducer = finding.introducer.as_deref();
    let name = introducer.and_then(|label| label.split('@').next());
    let pairs = [
        ("code", Some(finding.code.as_str())),
        ("package", name),
        ("line", finding.line.as_deref()),
        ("artifact", finding.artifact.as_deref()),
    ];
    let mut out = String::new();
    for (key, value) in pairs {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            let _ = writeln!(out, "{key} = {}", quoted(value));
        }
    }
    out
}

/// A string as TOML writes it.
fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}
