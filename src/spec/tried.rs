//! What a trial says, as part of a specification.

use std::collections::BTreeSet;

use camino::Utf8PathBuf;

use crate::rules::public_api::PublicApi;
use crate::rules::recipes::Recipes;

use super::model::{Applied, CodePart, CompilerError, ManifestPart, TrialPart, Tried};
use super::requirements::Moves;
use super::trial::{
    About, AppliedStep, Baseline, CompileError, ErrorGroup, Guide, Note, Outcome, Reason,
    TrialReport, Use,
};

/// What a trial is told of a package's way.
pub fn guide(moves: &Moves<'_>, code: &CodePart) -> Guide {
    let family = &moves.family.name;
    let (api, recipes) = (PublicApi::shipped(family), Recipes::shipped(family));
    let names = moves
        .all
        .iter()
        .map(|one| one.requirement.at.key.replace('-', "_"));
    let mut guide = Guide {
        crates: names.collect::<BTreeSet<_>>().into_iter().collect(),
        ..Guide::default()
    };
    if let CodePart::Scanned(found) = code {
        for hit in &found.hits {
            guide.uses.extend(hit.sites.iter().map(|site| Use {
                file: Utf8PathBuf::from(&site.file),
                line: site.line,
                column: site.column,
                item: hit.item.clone(),
                recipes: hit.recipes.clone(),
                certain: site.certain,
            }));
        }
    }
    for from in moves
        .lines()
        .into_iter()
        .filter(|from| *from != moves.target)
    {
        let more = Guide::between(api, recipes, from, moves.target);
        guide.crates.extend(more.crates);
        guide.items.extend(more.items);
        guide.renames.extend(more.renames);
    }
    guide.crates.sort();
    guide.crates.dedup();
    guide
}

/// The report of a trial as a part of the document.
pub fn part(report: &TrialReport, manifest: &ManifestPart) -> TrialPart {
    match &report.outcome {
        Outcome::NoSources { folder } => {
            return TrialPart::NotTried {
                because: format!("its sources are not in {folder}"),
            };
        }
        Outcome::Refused { said } => return TrialPart::Refused { said: said.clone() },
        Outcome::Unusable { said } => return TrialPart::Unusable { said: said.clone() },
        Outcome::BumpOnly | Outcome::Patched | Outcome::Errors => {}
    }
    let mut notes: Vec<String> = report.notes.iter().map(note).collect();
    let others = [
        (&report.elsewhere, "another package does not compile"),
        (&report.lints, "a lint is an error in the package itself"),
    ];
    for (errors, what) in others {
        notes.extend(errors.iter().map(|error| {
            let place = error.place.as_ref().map(|place| format!(" at {place}"));
            let place = place.unwrap_or_default();
            format!("{what}: `{}`{place}: {}", error.package, error.message)
        }));
    }
    if let Baseline::Fails { errors } = &report.baseline {
        notes.push(format!(
            "{} were there before anything was changed, and are not counted",
            crate::report::plain::counted(errors.len(), "error")
        ));
    }
    TrialPart::Tried(Box::new(Tried {
        command: report.command.clone(),
        compiled_before: match &report.baseline {
            Baseline::Compiles => Some(true),
            Baseline::Fails { .. } => Some(false),
            Baseline::Unknown => None,
        },
        rounds: report.rounds,
        found: errors(&report.found),
        errors: errors(&report.remaining),
        applied: report.applied.iter().map(applied).collect(),
        patch: format!("{}{}", manifest.diff, report.source_patch),
        notes,
    }))
}

fn note(note: &Note) -> String {
    match note {
        Note::WithoutTests { said }
        | Note::LibraryAlone { said }
        | Note::NotAllFeatures { said } => {
            let first = said.lines().find(|line| !line.trim().is_empty());
            format!("{note} ({})", first.unwrap_or_default().trim())
        }
        Note::NamesFirst
        | Note::LibraryFirst
        | Note::NoSuchDependency { .. }
        | Note::TooManyRounds { .. } => note.to_string(),
    }
}

fn errors(groups: &[ErrorGroup]) -> Vec<CompilerError> {
    let all = groups.iter().flat_map(|group| {
        let all = group.errors.iter();
        all.map(move |error| compiler_error(group, error))
    });
    all.collect()
}

fn compiler_error(group: &ErrorGroup, error: &CompileError) -> CompilerError {
    CompilerError {
        code: error.code.clone(),
        message: error.message.clone(),
        place: error.place.as_ref().map(ToString::to_string),
        item: match &group.about {
            About::Item { item } => Some(item.clone()),
            About::Crate { name } | About::TwoVersions { name } => Some(name.clone()),
            About::Other => None,
        },
        recipes: group.recipes.clone(),
    }
}

fn applied(step: &AppliedStep) -> Applied {
    Applied {
        place: step.place.to_string(),
        before: step.old.clone(),
        after: step.new.clone(),
        because: match &step.reason {
            Reason::Recipe { id } => format!("by the recipe `{id}`"),
            Reason::Moved { from, to } => format!("since `{from}` is at `{to}`"),
            Reason::Compiler { said } => format!("as the compiler proposes: {said}"),
        },
    }
}
