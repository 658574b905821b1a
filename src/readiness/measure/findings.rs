//! What `check` says: verdicts, codes, lines, and what is switched off.

use std::collections::BTreeSet;

use crate::plan::model::Action;
use crate::readiness::decide::Loss;
use crate::readiness::ledger::Ledger;
use crate::report::plain::counted;
use crate::report::{Basis, Finding, Report, Verdict, package_of};
use crate::skew::findings::{finding, lint};

use super::{Answer, Ground, Saw, State, noted};

/// So many findings are told one by one; all of them are evidence.
const TOLD: usize = 3;

pub(super) fn resolves(ground: &Ground<'_>, state: &State<'_>) -> Answer {
    if state.resolves() {
        let text = format!("{}cargo resolves the workspace", state.place());
        let command = match state.option {
            None => "cargo metadata --format-version 1".to_owned(),
            Some(_) => ground.plan_command(),
        };
        return Answer::met(text.clone(), Saw::new(state.kind(), text).by(command));
    }
    let found: Vec<&Finding> = state.report.findings.iter().collect();
    against(
        ground,
        state,
        &found,
        "cargo does not resolve the workspace",
    )
}

pub(super) fn no_finding(
    ground: &Ground<'_>,
    state: &State<'_>,
    codes: &[String],
    verdicts: &[Verdict],
) -> Answer {
    let shipped = || {
        state
            .report
            .findings
            .iter()
            .filter(|one| ships(state.report, one))
    };
    let bridges = codes.iter().any(|code| code == "unfed-bridge");
    let meant = |one: &&Finding| {
        codes.contains(&one.code)
            || one
                .verdict
                .is_some_and(|verdict| verdicts.contains(&verdict))
            || bridges && is_lost_bridge(state.report, one)
    };
    let found: Vec<&Finding> = shipped().filter(meant).collect();
    if !found.is_empty() {
        return against(ground, state, &found, "");
    }
    if state.report.basis == Basis::Unresolvable {
        let because =
            "cargo does not resolve the workspace, so that nothing is linked that could be judged";
        return Answer::not_measured(because, &[]);
    }
    let harmful = |verdict: &Verdict| match verdict {
        Verdict::Unresolvable | Verdict::Lost | Verdict::Split | Verdict::TypeClash => true,
        Verdict::Unknown | Verdict::Latent | Verdict::Confined | Verdict::Benign => false,
    };
    if verdicts.iter().any(harmful) {
        let unknown: Vec<&Finding> = shipped()
            .filter(|one| one.verdict == Some(Verdict::Unknown))
            .collect();
        if !unknown.is_empty() {
            return undecided(ground, state, &unknown);
        }
    }
    let asked = asked(codes, verdicts);
    let text = format!("{}no finding {asked} about what ships", state.place());
    Answer::met(text.clone(), seen(ground, state, text))
}

/// A bridge on a line of which nobody has a tracer: it is told as a loss, and as nothing else.
fn is_lost_bridge(report: &Report, one: &Finding) -> bool {
    let lines = report.artifacts.iter().flat_map(|row| &row.lines);
    let mut bridges = lines.flat_map(|line| &line.bridges);
    one.verdict == Some(Verdict::Lost)
        && bridges.any(|bridge| Some(bridge) == one.introducer.as_ref())
}

/// Nothing of it was found, but something could not be decided.
fn undecided(ground: &Ground<'_>, state: &State<'_>, unknown: &[&Finding]) -> Answer {
    let because = format!(
        "{}what {} does could not be decided: {}",
        state.place(),
        match unknown.len() {
            1 => "a second line".to_owned(),
            count => counted(count, "second line"),
        },
        told(unknown)
    );
    let mut answer = Answer::not_measured(because, &[]);
    answer.saw = saw_each(ground, state, unknown);
    answer
}

pub(super) fn on_target(ground: &Ground<'_>, state: &State<'_>) -> Answer {
    if !state.resolves() {
        let because = "cargo does not resolve the workspace, so that nothing is on any line";
        return Answer::not_measured(because, &[]);
    }
    let rows = || {
        state
            .report
            .artifacts
            .iter()
            .filter(|row| row.class.is_shipped())
    };
    if rows().all(|row| row.lines.is_empty()) {
        let text = format!("{}nothing that ships is on any line", state.place());
        return Answer::met(text.clone(), seen(ground, state, text));
    }
    let Some(target) = state.target.as_deref() else {
        return Answer::not_measured(
            "there is no line to be on",
            &["`--target-line`, or `target-line` of the policy, names one"],
        );
    };
    let mut told = BTreeSet::new();
    let mut found: Vec<Finding> = Vec::new();
    for row in rows() {
        for line in row.lines.iter().filter(|line| line.line != target) {
            // Of a line that does nothing nobody has to get rid.
            let benign = state.report.findings.iter().any(|one| {
                one.verdict == Some(Verdict::Benign)
                    && one.artifact.as_ref() == Some(&row.id)
                    && one.line.as_ref() == Some(&line.line)
            });
            if benign || !told.insert((&row.id, &line.line)) {
                continue;
            }
            let through = line.introducers.first().or(line.dependents.first());
            let by = through.map_or_else(String::new, |label| format!(", through {label}"));
            found.push(Finding {
                artifact: Some(row.id.clone()),
                line: Some(line.line.clone()),
                introducer: through.cloned(),
                builds: row.builds.clone(),
                ..finding(
                    "off-target",
                    format!("{} links line {}{by}", row.id, line.line),
                )
            });
        }
    }
    if found.is_empty() {
        let text = format!("{}everything that ships is on line {target}", state.place());
        return Answer::met(text.clone(), seen(ground, state, text));
    }
    let found: Vec<&Finding> = found.iter().collect();
    against(ground, state, &found, &format!("the target is {target}"))
}

pub(super) fn nothing_deferred(ground: &Ground<'_>, state: &State<'_>) -> Answer {
    let Some(deferred) = &state.deferred else {
        let because =
            "cargo does not resolve the workspace, so that nothing is known of its features";
        return Answer::not_measured(because, &[]);
    };
    let mut all: Vec<Finding> = deferred.findings.clone();
    all.extend(switched_off(ground, state, &all));
    let found: Vec<&Finding> = all.iter().collect();
    if !found.is_empty() {
        return against(ground, state, &found, "");
    }
    if let Some(because) = &deferred.unseen {
        return Answer::not_measured(because.clone(), &["`cargo fetch` brings what is missing"]);
    }
    let text = format!(
        "{}no optional dependency and no feature of the workspace's own would bring another line in",
        state.place()
    );
    Answer::met(text.clone(), seen(ground, state, text))
}

/// What an option switches off, where the graph that it leaves has nothing of it any more.
fn switched_off(ground: &Ground<'_>, state: &State<'_>, known: &[Finding]) -> Vec<Finding> {
    let mut options = ground.plan.options.iter();
    let option = options.find(|one| Some(one.id) == state.option);
    let steps = option.iter().flat_map(|option| &option.steps);
    let off = steps.filter(|step| step.action == Action::Disable);
    let off = off.filter(|step| {
        let dependency = format!("`{}`", step.package);
        !known.iter().any(|one| one.message.contains(&dependency))
    });
    off.map(|step| {
        finding(
            "latent-line",
            format!("`{}` is switched off: {}", step.package, step.change),
        )
    })
    .collect()
}

/// What is lost of what ships, for the rule that no weight and no severity changes.
pub fn lost(ground: &Ground<'_>, state: &State<'_>, ledger: &mut Ledger) -> Vec<Loss> {
    let all = state.report.findings.iter();
    let lost = all.filter(|one| one.verdict == Some(Verdict::Lost) && ships(state.report, one));
    lost.map(|one| Loss {
        text: sentence(one),
        help: one.help.clone(),
        let_through: ground.exceptions.of(one),
        evidence: vec![noted(saw(ground, state, one), ground, ledger)],
    })
    .collect()
}

/// A finding, or some, that keep a criterion from being met.
fn against(ground: &Ground<'_>, state: &State<'_>, found: &[&Finding], what: &str) -> Answer {
    let count = match found.len() {
        0 | 1 => String::new(),
        count => format!("{}: ", counted(count, "finding")),
    };
    let what = match (what, found.is_empty()) {
        ("", _) => String::new(),
        (what, true) => what.to_owned(),
        (what, false) => format!("{what}: "),
    };
    let text = format!("{}{what}{count}{}", state.place(), told(found));
    let mut help: Vec<String> = Vec::new();
    for one in found.iter().flat_map(|one| &one.help) {
        if !help.contains(one) {
            help.push(one.clone());
        }
    }
    let mut saw = saw_each(ground, state, found);
    if saw.is_empty() {
        saw.push(seen(ground, state, text.clone()));
    }
    let mut answer = Answer::unmet(text, help, saw);
    answer.let_through = ground.exceptions.of_all(found.iter().copied());
    let introducers = found.iter().filter_map(|one| one.introducer.as_deref());
    answer.packages = introducers.map(package_of).map(str::to_owned).collect();
    answer
}

fn told(found: &[&Finding]) -> String {
    let mut told: Vec<String> = Vec::new();
    for one in found {
        let sentence = sentence(one);
        if !told.contains(&sentence) {
            told.push(sentence);
        }
    }
    let more = told.len().saturating_sub(TOLD);
    told.truncate(TOLD);
    let mut text = told.join("; ");
    if more > 0 {
        text.push_str(&format!("; and {more} more"));
    }
    text
}

/// A finding with the artifact and the place of the requirement at fault.
fn sentence(one: &Finding) -> String {
    let mut text = one.message.trim_end_matches('.').to_owned();
    let mut places: Vec<String> = Vec::new();
    if let Some(artifact) = one.artifact.as_ref().filter(|id| !text.contains(*id)) {
        places.push(format!("in {artifact}"));
    }
    if let Some(culprit) = &one.culprit {
        places.push(match culprit.line {
            Some(line) => format!("{}:{line}", culprit.file),
            None => culprit.file.clone(),
        });
    }
    if !places.is_empty() {
        text.push_str(&format!(" ({})", places.join(", ")));
    }
    text
}

fn saw_each(ground: &Ground<'_>, state: &State<'_>, found: &[&Finding]) -> Vec<Saw> {
    found.iter().map(|one| saw(ground, state, one)).collect()
}

fn saw(ground: &Ground<'_>, state: &State<'_>, one: &Finding) -> Saw {
    let text = match lint(&one.code).is_some() {
        true => format!("{}{}: {}", state.place(), one.code, sentence(one)),
        false => format!("{}{}", state.place(), sentence(one)),
    };
    seen(ground, state, text)
}

/// Seen by the command that shows it again.
fn seen(ground: &Ground<'_>, state: &State<'_>, text: String) -> Saw {
    let command = match state.option {
        None => ground.check_command(),
        Some(_) => ground.plan_command(),
    };
    Saw::new(state.kind(), text).by(command)
}

/// Whether a finding is about something that ships: not of tests, build scripts or proc macros alone.
pub fn ships(report: &Report, one: &Finding) -> bool {
    let Some(id) = &one.artifact else {
        return true;
    };
    let mut rows = report
        .artifacts
        .iter()
        .filter(|row| row.id == *id)
        .peekable();
    rows.peek().is_none() || rows.any(|row| row.class.is_shipped())
}

/// What was asked for, as codes.
fn asked(codes: &[String], verdicts: &[Verdict]) -> String {
    let verdicts = verdicts
        .iter()
        .map(|one| crate::skew::findings::code_of(*one));
    let all = codes.iter().map(String::as_str).chain(verdicts);
    let all: Vec<String> = all.map(|code| format!("`{code}`")).collect();
    all.join(" or ")
}
