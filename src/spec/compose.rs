//! Puts specifications together.

use std::collections::{BTreeMap, BTreeSet};

use camino::{Utf8Path, Utf8PathBuf};

use crate::report::{Finding, Tool};
use crate::skew::Line;

use super::code::recipes;
use super::effort::{effort, outcome};
use super::manifest;
use super::model::{
    Affected, Basis, CodePart, Loss, ManifestPart, Reason, SPEC_SCHEMA_VERSION, Spec, SpecReport,
    Toolchain, ToolchainVerdict, TrialPart, Why,
};
use super::package::package;
use super::requirements::Moves;
use super::steps::{Words, complete};
use super::subject::{Asked, Situation, Subject, SubjectError, findings};
use super::text::Texts;

/// What is looked at beside manifests and index.
pub struct Probes<'p> {
    /// Reads the code of a package.
    pub code: &'p dyn Fn(&Subject, &Moves<'_>) -> CodePart,
    /// Compiles it with changed manifests; the part before says what reading found. None where that
    /// was not asked for.
    pub trial: Option<Compile<'p>>,
}

/// Compiles a package with new texts of manifests, by path.
pub type Compile<'p> = &'p dyn Fn(
    &Subject,
    &Moves<'_>,
    &BTreeMap<Utf8PathBuf, String>,
    &CodePart,
    &ManifestPart,
) -> TrialPart;

/// The specifications that are asked for, towards a line or the one of the plan.
///
/// # Errors
/// Where a name leads nowhere.
pub fn specifications(
    situation: &Situation<'_>,
    asked: &Asked,
    line: Option<Line>,
    probes: &Probes<'_>,
) -> Result<SpecReport, SubjectError> {
    let mut report = SpecReport {
        schema_version: SPEC_SCHEMA_VERSION,
        tool: Tool {
            name: env!("CARGO_PKG_NAME").into(),
            version: env!("CARGO_PKG_VERSION").into(),
        },
        family: situation.family.title.clone(),
        specs: Vec::new(),
        notes: situation.plan.notes.clone(),
    };
    let planned = line.or_else(|| situation.target());
    let subjects = match planned {
        Some(target) => situation.subjects(asked, target)?,
        // Names that lead nowhere are told all the same.
        None => situation.subjects(asked, Line::of(&semver::Version::new(0, 0, 0)))?,
    };
    let Some(planned) = planned else {
        report
            .notes
            .push("no line is known to which anything could be brought".into());
        return Ok(report);
    };
    for subject in subjects {
        let texts = texts(situation, &subject);
        let mut target = planned;
        let mut moves = find(situation, &subject, texts.as_ref().ok(), target);
        // Without a line that was asked for, what is there already is told what comes next.
        if line.is_none()
            && subject.reason != Reason::Blocks
            && is_there(&moves, target)
            && let Some(newest) = situation.newest().filter(|newest| *newest > target)
        {
            target = newest;
            moves = find(situation, &subject, texts.as_ref().ok(), target);
        }
        if is_there(&moves, target) {
            report.notes.push(format!(
                "`{}` {} is on line {target} already",
                subject.name,
                subject.version_text()
            ));
            continue;
        }
        report.specs.push(specification(
            situation, &subject, target, moves, texts, probes,
        ));
    }
    Ok(report)
}

fn is_there(moves: &Result<Moves<'_>, String>, target: Line) -> bool {
    moves.as_ref().is_ok_and(|moves| {
        moves.lines() == BTreeSet::from([target])
            && moves.edits.is_empty()
            && moves.waits().is_empty()
    })
}

fn texts(situation: &Situation<'_>, subject: &Subject) -> Result<Texts, String> {
    let Some(manifest) = &subject.manifest else {
        return Err(format!(
            "the sources of `{}` {} are not on this machine: `cargo fetch` brings them",
            subject.name,
            subject.version_text()
        ));
    };
    if situation.manifests.contains_key(manifest) {
        return Ok(Texts::of_tree(
            manifest,
            situation.root,
            situation.manifests,
        ));
    }
    let family = situation.family;
    let reaching = situation
        .lock
        .as_ref()
        .map(|lock| crate::plan::search::reaching(lock, |name| family.is_anchor(name)));
    let matters = |name: &str| {
        family.knows(name) || reaching.as_ref().is_some_and(|names| names.contains(name))
    };
    Texts::on_disk(manifest, &subject.origin, &matters)
}

fn find<'a>(
    situation: &Situation<'a>,
    subject: &Subject,
    texts: Option<&Texts>,
    target: Line,
) -> Result<Moves<'a>, String> {
    let texts = texts.ok_or_else(String::new)?;
    let what = (subject.name.as_str(), subject.version.as_ref());
    let (family, index) = (situation.family, situation.index);
    Moves::find(family, index, target, what, texts, situation.lock.as_ref())
        .map_err(|error| error.to_string())
}

fn specification(
    situation: &Situation<'_>,
    subject: &Subject,
    target: Line,
    moves: Result<Moves<'_>, String>,
    texts: Result<Texts, String>,
    probes: &Probes<'_>,
) -> Spec {
    let (affected, losses) = effects(situation, subject);
    let declared = texts
        .as_ref()
        .ok()
        .and_then(|texts| texts.word("rust-version"));
    let mut spec = Spec {
        package: package(subject, texts.as_ref().ok()),
        from: linked(&affected, situation, subject),
        to: target.to_string(),
        outcome: super::model::Outcome::Unproven,
        why: Why {
            reason: subject.reason,
            because: subject.because.clone(),
            through: subject.through.clone(),
            outlook: subject.outlook.clone(),
        },
        affected,
        losses,
        manifest: manifest::missing(String::new()),
        companions: Vec::new(),
        features: Vec::new(),
        toolchain: Toolchain {
            declared: declared.clone(),
            needed: None,
            by: Vec::new(),
            verdict: ToolchainVerdict::Unknown,
        },
        code: CodePart::NotScanned {
            because: "its sources are not at hand".into(),
        },
        trial: TrialPart::NotTried {
            because: "its sources are not at hand".into(),
        },
        recipes: Vec::new(),
        behaviour: Vec::new(),
        migrations: Vec::new(),
        steps: Vec::new(),
        tests: Vec::new(),
        repeat: Vec::new(),
        rollback: Vec::new(),
        effort: Default::default(),
        notes: Vec::new(),
    };
    let mut waits = Vec::new();
    let mut added = 0;
    match (&moves, &texts) {
        (Ok(moves), Ok(texts)) => {
            let from = moves.lines();
            if !from.is_empty() {
                spec.from = from.iter().map(ToString::to_string).collect();
            }
            spec.manifest = manifest::part(moves, texts);
            spec.companions = manifest::companions(moves);
            spec.features = manifest::features(moves);
            spec.toolchain = manifest::toolchain(&spec.companions, declared);
            spec.behaviour = manifest::behaviour(moves);
            spec.migrations = manifest::migrations(moves);
            spec.code = (probes.code)(subject, moves);
            spec.trial = tried(situation, subject, (moves, texts), &spec, probes);
            spec.recipes = recipes(&situation.family.name, &spec.code, &spec.trial);
            waits = moves.waits().into_values().collect();
            added = moves.added().len();
        }
        (Err(because), Ok(_)) | (_, Err(because)) => {
            spec.manifest = manifest::missing(because.clone());
        }
    }
    spec.outcome = outcome(waits, &spec.manifest, &spec.code, &spec.trial);
    spec.effort = effort(&spec.manifest, added, &spec.code, &spec.trial);
    let anchor = situation.family.anchors().next();
    let words = Words {
        anchor: anchor.map_or("", |anchor| anchor.name.as_str()),
        package: match &subject.version {
            Some(version) => format!("{}@{version}", subject.name),
            None => subject.name.clone(),
        },
    };
    complete(&mut spec, &words);
    spec
}

/// What compiling says. The diff may fit the owner's manifest, and what is compiled the one that cargo
/// made of it.
fn tried(
    situation: &Situation<'_>,
    subject: &Subject,
    (moves, texts): (&Moves<'_>, &Texts),
    spec: &Spec,
    probes: &Probes<'_>,
) -> TrialPart {
    let Some(compile) = probes.trial else {
        return TrialPart::NotTried {
            because: "`--trial` was not asked for".into(),
        };
    };
    let (code, manifest) = (&spec.code, &spec.manifest);
    if texts.basis != Basis::Original {
        return compile(subject, moves, &moves.changed, code, manifest);
    }
    let compiled = Texts::compiled(&texts.manifest, &subject.origin);
    let made = compiled.and_then(|texts| {
        find(situation, subject, Some(&texts), moves.target).map(|moves| moves.changed)
    });
    match made {
        Ok(changed) => compile(subject, moves, &changed, code, manifest),
        Err(because) => TrialPart::NotTried { because },
    }
}

/// The lines that artifacts link through a package, by what the report says.
fn linked(affected: &[Affected], situation: &Situation<'_>, subject: &Subject) -> Vec<String> {
    if affected.is_empty() {
        return Vec::new();
    }
    let rows = situation.report.artifacts.iter().flat_map(|row| &row.lines);
    let mut lines: Vec<Line> = rows
        .filter(|line| line.introducers.contains(&subject.label))
        .filter_map(|line| line.line.parse().ok())
        .collect();
    lines.sort();
    lines.dedup();
    lines.iter().map(ToString::to_string).collect()
}

/// Who links the package, and what goes wrong today because of it.
fn effects(situation: &Situation<'_>, subject: &Subject) -> (Vec<Affected>, Vec<Loss>) {
    let found = findings(situation.report, &subject.label, &subject.name);
    let mut affected: Vec<Affected> = Vec::new();
    for row in &situation.report.artifacts {
        let by_line = row.lines.iter().any(|line| {
            line.introducers.contains(&subject.label) || line.dependents.contains(&subject.label)
        });
        let by_finding = found
            .iter()
            .any(|one| one.artifact.as_ref() == Some(&row.id));
        if by_line || by_finding {
            affected.push(Affected {
                artifact: row.id.clone(),
                builds: row.builds.clone(),
                target: row.target.clone(),
                lines: row.lines.iter().map(|line| line.line.clone()).collect(),
                verdict: row.verdict,
            });
        }
    }
    affected.sort();
    affected.dedup();
    let harm = found.iter().filter(|one| one.verdict.is_some());
    let mut losses: Vec<Loss> = harm.map(|one| loss(one, situation.root)).collect();
    losses.sort();
    losses.dedup();
    (affected, losses)
}

fn loss(finding: &Finding, root: &Utf8Path) -> Loss {
    let mut evidence = finding.evidence.clone();
    // Whoever the specification is for has no use for where the workspace is on this machine.
    let plain = |text: &str| match root.as_str() {
        "" | "/" => text.to_owned(),
        root => text.replace(root, "."),
    };
    for one in &mut evidence {
        one.text = plain(&one.text);
        one.source = one.source.as_deref().map(plain);
    }
    Loss {
        code: finding.code.clone(),
        verdict: finding.verdict,
        artifact: finding.artifact.clone(),
        message: finding.message.clone(),
        consequence: finding.consequence.clone(),
        path: finding
            .path
            .iter()
            .map(|step| step.package.clone())
            .collect(),
        evidence,
    }
}
