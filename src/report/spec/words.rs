//! Words for what a specification holds, as filters of its templates.

use minijinja::Environment;
use minijinja::value::{Serde, Value};

use crate::report::escape::markdown_code;
use crate::report::plain::counted;
use crate::report::plan::markdown::text::{fenced, prose};
use crate::report::{Evidence, EvidenceKind};
use crate::spec::model::{
    Applied, AtTarget, Basis, CompilerError, Effort, FeatureFate, FeatureRow, HitGroup, Origin,
    Outcome, Reason, Site, Toolchain, ToolchainVerdict, Tried,
};

/// Adds the filters.
pub fn filters(environment: &mut Environment<'static>) {
    environment.add_filter("summary", |one: Serde<Outcome>| text(summary(&one)));
    environment.add_filter("origin", |one: Serde<Origin>| text(origin(&one)));
    environment.add_filter("effort", |one: Serde<Effort>| text(effort(&one)));
    environment.add_filter("reason", |one: Serde<Reason>| text(reason(*one).into()));
    environment.add_filter("basis", |one: Serde<Basis>| text(basis(*one).into()));
    environment.add_filter("release", |one: Serde<AtTarget>| text(release(&one)));
    environment.add_filter("line_features", |one: Serde<AtTarget>| {
        text(line_features(&one))
    });
    environment.add_filter("rust", |one: Serde<AtTarget>| text(rust(&one)));
    environment.add_filter("feature", |one: Serde<FeatureRow>| text(feature(&one)));
    environment.add_filter("toolchain", |one: Serde<Toolchain>| text(toolchain(&one)));
    environment.add_filter("evidence", |one: Serde<Evidence>| text(evidence(&one)));
    environment.add_filter("site", |one: Serde<Site>| text(site(&one)));
    environment.add_filter("places", |all: Serde<Vec<Site>>| text(places(&all)));
    environment.add_filter("sentence", |one: String| text(prose(&sentence(&one))));
    environment.add_filter("declarations", |one: Serde<HitGroup>| {
        text(declarations(&one))
    });
    environment.add_filter("trial", |one: Serde<Tried>| text(trial(&one)));
    environment.add_filter("applied", |one: Serde<Applied>| text(applied(&one)));
    environment.add_filter("compiler", |one: Serde<CompilerError>| text(compiler(&one)));
}

/// Markdown by now.
fn text(text: String) -> Value {
    Value::from_safe_string(text)
}

/// With a capital and a full stop.
fn sentence(text: &str) -> String {
    let mut text = text.trim().to_owned();
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    match text.ends_with(['.', '!', '?']) || text.is_empty() {
        true => text,
        false => format!("{text}."),
    }
}

fn summary(outcome: &Outcome) -> String {
    match outcome {
        Outcome::BumpOnly => {
            "**Requirement bump only**: it compiles with the manifest below, and nothing else changed."
                .into()
        }
        Outcome::Changes => "**Requirements and code change.**".into(),
        Outcome::Perhaps => "**Requirements change, and code may have to**: at the places below a \
                             method has the name of one that changed. The compiler was not asked."
            .into(),
        Outcome::Unproven => "**Requirements change**; no code was found that has to. The compiler \
                              was not asked."
            .into(),
        Outcome::Waits { on } => {
            let on: Vec<String> = on.iter().map(|one| prose(one)).collect();
            format!("**It has to wait**: {}.", on.join("; "))
        }
        Outcome::Unknown { because } => {
            format!("**What it takes is not known**: {}", prose(&format!("{}.", because.trim().trim_end_matches('.'))))
        }
    }
}

fn origin(origin: &Origin) -> String {
    match origin {
        Origin::Registry { registry } => {
            let default = crate::registry::RegistryId::from_source(registry)
                .is_some_and(|one| one.is_default());
            match default {
                true => "from the default registry".into(),
                false => format!("from {}", markdown_code(registry)),
            }
        }
        Origin::Git { repository, commit } => match commit {
            Some(commit) => format!(
                "from git {} at {}",
                markdown_code(repository),
                markdown_code(commit)
            ),
            None => format!("from git {}", markdown_code(repository)),
        },
        Origin::Path { path } => format!("in the folder {}", markdown_code(path)),
    }
}

fn effort(effort: &Effort) -> String {
    let mut words = vec![counted(effort.requirements, "requirement")];
    match (effort.sites, effort.files) {
        (Some(0), _) => words.push("no place in the code".into()),
        (Some(sites), Some(files)) => {
            let mechanical = effort.mechanical.unwrap_or(0);
            let by_hand = effort.by_hand.unwrap_or(0);
            words.push(format!(
                "{} in {} ({mechanical} mechanical, {by_hand} by hand)",
                counted(sites, "place"),
                counted(files, "file"),
            ));
        }
        (_, _) => words.push("places in the code not counted".into()),
    }
    if let Some(errors) = effort.errors {
        words.push(format!("{} of the compiler left", counted(errors, "error")));
    }
    words.join(", ")
}

fn reason(reason: Reason) -> &'static str {
    match reason {
        Reason::Blocks => "The workspace cannot get to the line without it.",
        Reason::Named => "It was asked for by name; it is not in the way of the plan.",
        Reason::Own => "It is a package of the workspace itself.",
    }
}

fn basis(basis: Basis) -> &'static str {
    match basis {
        Basis::Original => {
            "The diff fits the manifest as its owner wrote it (`Cargo.toml.orig` in the release)."
        }
        Basis::Normalised => {
            "The diff fits the manifest that cargo made for the release; the owner's own may be laid \
             out differently."
        }
        Basis::File => "The diff fits the file as it is in the repository or folder.",
        Basis::Missing => "There is no manifest at hand to change.",
    }
}

fn release(at: &AtTarget) -> String {
    match at {
        AtTarget::Release {
            version,
            admitted,
            published,
            ..
        } => {
            let mut words = markdown_code(version);
            if *admitted {
                words.push_str(", which its requirement admits");
            }
            if let Some(day) = published.as_ref().and_then(|at| at.get(..10)) {
                words.push_str(&format!(" ({})", prose(day)));
            }
            words
        }
        AtTarget::Replaced {
            successor, version, ..
        } => format!("{} {}", markdown_code(successor), markdown_code(version)),
        AtTarget::Free => "any".into(),
        AtTarget::Nothing { because } => format!("none: {}", prose(because)),
    }
}

fn line_features(at: &AtTarget) -> String {
    match at {
        AtTarget::Release { features, .. } if !features.is_empty() => {
            let features: Vec<String> = features.iter().map(|one| markdown_code(one)).collect();
            features.join(", ")
        }
        AtTarget::Release { .. }
        | AtTarget::Replaced { .. }
        | AtTarget::Free
        | AtTarget::Nothing { .. } => "–".into(),
    }
}

fn rust(at: &AtTarget) -> String {
    let version = match at {
        AtTarget::Release { rust_version, .. } | AtTarget::Replaced { rust_version, .. } => {
            rust_version.as_deref()
        }
        AtTarget::Free | AtTarget::Nothing { .. } => None,
    };
    version.map_or_else(|| "–".into(), prose)
}

fn feature(row: &FeatureRow) -> String {
    let (package, feature) = (markdown_code(&row.package), markdown_code(&row.feature));
    let mut words = match &row.fate {
        FeatureFate::Renamed { to } => {
            format!("{feature} of {package} is called {}", markdown_code(to))
        }
        FeatureFate::Moved { package: other, to } => format!(
            "{feature} of {package} is {} of {}",
            markdown_code(to),
            markdown_code(other)
        ),
        FeatureFate::Removed => format!("{feature} of {package} is gone"),
        FeatureFate::Switched { to } => format!(
            "{feature} of {package} chooses another line: {} chooses this one",
            markdown_code(to)
        ),
        FeatureFate::Unknown => format!(
            "{feature} of {package} is not in the release to take, and where it went is not known"
        ),
    };
    if let Some(version) = &row.gone_in {
        words.push_str(&format!(" from {} on", prose(version)));
    }
    words.push('.');
    if let Some(advice) = &row.advice {
        words.push_str(&format!(" {}", prose(&sentence(advice))));
    }
    if let Some(source) = &row.source {
        words.push_str(&format!(" (Source: {})", prose(source)));
    }
    words
}

fn toolchain(one: &Toolchain) -> String {
    let declared = one.declared.as_deref().map(prose).unwrap_or_default();
    let needed = one.needed.as_deref().map(prose).unwrap_or_default();
    let by: Vec<String> = one.by.iter().map(|name| markdown_code(name)).collect();
    let ask = if by.len() == 1 { "asks" } else { "ask" };
    let by = by.join(" and ");
    match one.verdict {
        ToolchainVerdict::Enough => format!(
            "Its `rust-version` {declared} is enough: {by} {ask} for {needed}. What is behind these \
             may ask for more."
        ),
        ToolchainVerdict::Raise => format!(
            "Its `rust-version` has to rise from {declared} to {needed}, which {by} {ask} for. What is \
             behind these may ask for more."
        ),
        ToolchainVerdict::Undeclared => format!(
            "It declares no `rust-version`; {by} {ask} for {needed}. What is behind these may ask for \
             more."
        ),
        ToolchainVerdict::Unknown => {
            "The releases to take declare no `rust-version`, so that what they need is unknown."
                .into()
        }
    }
}

fn evidence(one: &Evidence) -> String {
    let mut words = String::new();
    if let Some(file) = &one.file {
        let mut place = file.clone();
        for number in [one.line, one.column].into_iter().flatten() {
            place.push_str(&format!(":{number}"));
        }
        words.push_str(&markdown_code(&place));
        if let Some(package) = &one.package {
            words.push_str(&format!(" of {}", markdown_code(package)));
        }
        words.push_str(": ");
    }
    let lines: Vec<&str> = one.text.lines().map(str::trim).collect();
    words.push_str(&prose(&lines.join(" ")));
    match (&one.source, one.kind) {
        (Some(command), EvidenceKind::Graph) => {
            words.push_str(&format!(" ({})", markdown_code(command)));
        }
        (Some(source), EvidenceKind::Source | EvidenceKind::Rule | EvidenceKind::Missing) => {
            words.push_str(&format!(" (Source: {})", prose(source)));
        }
        (None, _) => {}
    }
    words
}

fn at(site: &Site) -> String {
    markdown_code(&format!("{}:{}:{}", site.file, site.line, site.column))
}

fn site(site: &Site) -> String {
    let mut words = at(site);
    if !site.certain {
        words.push_str(", probably: only a name says so");
    }
    if let Some(cfg) = &site.cfg {
        words.push_str(&format!(", under {}", markdown_code(cfg)));
    }
    words
}

/// So many places that one line still reads.
const PLACES: usize = 5;

fn places(sites: &[Site]) -> String {
    let mut shown: Vec<String> = sites.iter().take(PLACES).map(at).collect();
    if sites.len() > PLACES {
        shown.push(format!("{} more", sites.len() - PLACES));
    }
    shown.join(", ")
}

/// What stood there, and what stands there now, as a diff.
fn declarations(hit: &HitGroup) -> String {
    let mut diff = String::new();
    for (sign, declaration) in [('-', &hit.before), ('+', &hit.after)] {
        for line in declaration.iter().flat_map(|text| text.lines()) {
            diff.push_str(&format!("{sign} {line}\n"));
        }
    }
    let mut out = String::new();
    fenced("diff", &diff, &mut out);
    out.trim_end().to_owned()
}

fn trial(tried: &Tried) -> String {
    let mut words = match tried.errors.len() {
        0 => "It compiles".to_owned(),
        many => format!("It does not compile yet: {}", counted(many, "error")),
    };
    words.push_str(&format!(
        ", after {}, by {}.",
        counted(tried.rounds, "round"),
        markdown_code(&tried.command)
    ));
    match tried.compiled_before {
        Some(true) => words.push_str(" It compiled before, too."),
        Some(false) => words.push_str(" It did not compile before anything was changed."),
        None => {}
    }
    words
}

fn applied(step: &Applied) -> String {
    format!(
        "{}: {} becomes {}, {}",
        markdown_code(&step.place),
        markdown_code(&step.before),
        markdown_code(&step.after),
        prose(&step.because)
    )
}

fn compiler(error: &CompilerError) -> String {
    let mut words = String::new();
    if let Some(place) = &error.place {
        words.push_str(&format!("{}: ", markdown_code(place)));
    }
    let lines: Vec<&str> = error.message.lines().map(str::trim).collect();
    words.push_str(&prose(&lines.join(" ")));
    if let Some(code) = &error.code {
        words.push_str(&format!(" ({})", markdown_code(code)));
    }
    if let Some(item) = &error.item {
        words.push_str(&format!(", about {}", markdown_code(item)));
    }
    words
}
