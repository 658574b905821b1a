//! Words for what a specification holds: as filters of its templates, and for its page.

use minijinja::Environment;
use minijinja::value::{Serde, Value};

use crate::report::plain::counted;
use crate::report::plan::markdown::text::{fenced, prose};

use super::style::Style;
use crate::report::{Evidence, EvidenceKind};
use crate::spec::model::{
    Applied, AtTarget, Basis, CompilerError, Effort, FeatureFate, FeatureRow, HitGroup, Origin,
    Outcome, Reason, Site, Toolchain, ToolchainVerdict, Tried,
};

const M: Style = Style::Markdown;

/// Adds the filters.
pub fn filters(environment: &mut Environment<'static>) {
    environment.add_filter("summary", |one: Serde<Outcome>| text(summary(M, &one)));
    environment.add_filter("origin", |one: Serde<Origin>| text(origin(M, &one)));
    environment.add_filter("effort", |one: Serde<Effort>| text(effort(&one)));
    environment.add_filter("reason", |one: Serde<Reason>| text(reason(*one).into()));
    environment.add_filter("basis", |one: Serde<Basis>| text(basis(*one).into()));
    environment.add_filter("release", |one: Serde<AtTarget>| text(release(M, &one)));
    environment.add_filter("line_features", |one: Serde<AtTarget>| {
        text(line_features(M, &one))
    });
    environment.add_filter("rust", |one: Serde<AtTarget>| text(rust(M, &one)));
    environment.add_filter("feature", |one: Serde<FeatureRow>| text(feature(M, &one)));
    environment.add_filter("toolchain", |one: Serde<Toolchain>| {
        text(toolchain(M, &one))
    });
    environment.add_filter("evidence", |one: Serde<Evidence>| text(evidence(M, &one)));
    environment.add_filter("site", |one: Serde<Site>| text(site(M, &one)));
    environment.add_filter("places", |all: Serde<Vec<Site>>| text(places(M, &all)));
    environment.add_filter("sentence", |one: String| text(prose(&sentence(&one))));
    environment.add_filter("declarations", |one: Serde<HitGroup>| {
        text(declarations(&one))
    });
    environment.add_filter("trial", |one: Serde<Tried>| text(trial(M, &one)));
    environment.add_filter("applied", |one: Serde<Applied>| text(applied(M, &one)));
    environment.add_filter("compiler", |one: Serde<CompilerError>| {
        text(compiler(M, &one))
    });
}

/// Markdown by now.
fn text(text: String) -> Value {
    Value::from_safe_string(text)
}

/// With a capital and a full stop.
pub fn sentence(text: &str) -> String {
    let mut text = text.trim().to_owned();
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    match text.ends_with(['.', '!', '?']) || text.is_empty() {
        true => text,
        false => format!("{text}."),
    }
}

pub fn summary(s: Style, outcome: &Outcome) -> String {
    let (what, rest) = match outcome {
        Outcome::BumpOnly => (
            "Requirement bump only",
            ": it compiles with the manifest below, and nothing else changed.".to_owned(),
        ),
        Outcome::Changes => ("Requirements and code change.", String::new()),
        Outcome::Perhaps => (
            "Requirements change, and code may have to",
            ": at the places below a method has the name of one that changed. The compiler was not \
             asked."
                .to_owned(),
        ),
        Outcome::Unproven => (
            "Requirements change",
            "; no code was found that has to. The compiler was not asked.".to_owned(),
        ),
        Outcome::Waits { on } => {
            let on: Vec<String> = on.iter().map(|one| s.prose(one)).collect();
            ("It has to wait", format!(": {}.", on.join("; ")))
        }
        Outcome::Unknown { because } => {
            let because = format!("{}.", because.trim().trim_end_matches('.'));
            ("What it takes is not known", format!(": {}", s.prose(&because)))
        }
    };
    format!("{}{rest}", s.strong(what))
}

pub fn origin(s: Style, origin: &Origin) -> String {
    match origin {
        Origin::Registry { registry } => {
            let default = crate::registry::RegistryId::from_source(registry)
                .is_some_and(|one| one.is_default());
            match default {
                true => "from the default registry".into(),
                false => format!("from {}", s.code(registry)),
            }
        }
        Origin::Git { repository, commit } => match commit {
            Some(commit) => format!("from git {} at {}", s.code(repository), s.code(commit)),
            None => format!("from git {}", s.code(repository)),
        },
        Origin::Path { path } => format!("in the folder {}", s.code(path)),
    }
}

pub fn effort(effort: &Effort) -> String {
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

pub fn reason(reason: Reason) -> &'static str {
    match reason {
        Reason::Blocks => "The workspace cannot get to the line without it.",
        Reason::Named => "It was asked for by name; it is not in the way of the plan.",
        Reason::Own => "It is a package of the workspace itself.",
    }
}

pub fn basis(basis: Basis) -> &'static str {
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

pub fn release(s: Style, at: &AtTarget) -> String {
    match at {
        AtTarget::Release {
            version,
            admitted,
            published,
            ..
        } => {
            let mut words = s.code(version);
            if *admitted {
                words.push_str(", which its requirement admits");
            }
            if let Some(day) = published.as_ref().and_then(|at| at.get(..10)) {
                words.push_str(&format!(" ({})", s.prose(day)));
            }
            words
        }
        AtTarget::Replaced {
            successor, version, ..
        } => format!("{} {}", s.code(successor), s.code(version)),
        AtTarget::Free => "any".into(),
        AtTarget::Nothing { because } => format!("none: {}", s.prose(because)),
    }
}

pub fn line_features(s: Style, at: &AtTarget) -> String {
    match at {
        AtTarget::Release { features, .. } if !features.is_empty() => {
            let features: Vec<String> = features.iter().map(|one| s.code(one)).collect();
            features.join(", ")
        }
        AtTarget::Release { .. }
        | AtTarget::Replaced { .. }
        | AtTarget::Free
        | AtTarget::Nothing { .. } => "–".into(),
    }
}

pub fn rust(s: Style, at: &AtTarget) -> String {
    let version = match at {
        AtTarget::Release { rust_version, .. } | AtTarget::Replaced { rust_version, .. } => {
            rust_version.as_deref()
        }
        AtTarget::Free | AtTarget::Nothing { .. } => None,
    };
    version.map_or_else(|| "–".into(), |text| s.prose(text))
}

pub fn feature(s: Style, row: &FeatureRow) -> String {
    let (package, feature) = (s.code(&row.package), s.code(&row.feature));
    let mut words = match &row.fate {
        FeatureFate::Renamed { to } => {
            format!("{feature} of {package} is called {}", s.code(to))
        }
        FeatureFate::Moved { package: other, to } => format!(
            "{feature} of {package} is {} of {}",
            s.code(to),
            s.code(other)
        ),
        FeatureFate::Removed => format!("{feature} of {package} is gone"),
        FeatureFate::Switched { to } => format!(
            "{feature} of {package} chooses another line: {} chooses this one",
            s.code(to)
        ),
        FeatureFate::Unknown => format!(
            "{feature} of {package} is not in the release to take, and where it went is not known"
        ),
    };
    if let Some(version) = &row.gone_in {
        words.push_str(&format!(" from {} on", s.prose(version)));
    }
    words.push('.');
    if let Some(advice) = &row.advice {
        words.push_str(&format!(" {}", s.prose(&sentence(advice))));
    }
    if let Some(source) = &row.source {
        words.push_str(&format!(" (Source: {})", s.prose(source)));
    }
    words
}

pub fn toolchain(s: Style, one: &Toolchain) -> String {
    let own = s.code("rust-version");
    let declared = one
        .declared
        .as_deref()
        .map(|text| s.prose(text))
        .unwrap_or_default();
    let needed = one
        .needed
        .as_deref()
        .map(|text| s.prose(text))
        .unwrap_or_default();
    let by: Vec<String> = one.by.iter().map(|name| s.code(name)).collect();
    let ask = if by.len() == 1 { "asks" } else { "ask" };
    let by = by.join(" and ");
    match one.verdict {
        ToolchainVerdict::Enough => format!(
            "Its {own} {declared} is enough: {by} {ask} for {needed}. What is behind these \
             may ask for more."
        ),
        ToolchainVerdict::Raise => format!(
            "Its {own} has to rise from {declared} to {needed}, which {by} {ask} for. What is \
             behind these may ask for more."
        ),
        ToolchainVerdict::Undeclared => format!(
            "It declares no {own}; {by} {ask} for {needed}. What is behind these may ask for \
             more."
        ),
        ToolchainVerdict::Unknown => {
            format!("The releases to take declare no {own}, so that what they need is unknown.")
        }
    }
}

pub fn evidence(s: Style, one: &Evidence) -> String {
    let mut words = String::new();
    if let Some(file) = &one.file {
        let mut place = file.clone();
        for number in [one.line, one.column].into_iter().flatten() {
            place.push_str(&format!(":{number}"));
        }
        words.push_str(&s.code(&place));
        if let Some(package) = &one.package {
            words.push_str(&format!(" of {}", s.code(package)));
        }
        words.push_str(": ");
    }
    let lines: Vec<&str> = one.text.lines().map(str::trim).collect();
    words.push_str(&s.prose(&lines.join(" ")));
    match (&one.source, one.kind) {
        (Some(command), EvidenceKind::Graph) => {
            words.push_str(&format!(" ({})", s.code(command)));
        }
        (Some(source), EvidenceKind::Source | EvidenceKind::Rule | EvidenceKind::Missing) => {
            words.push_str(&format!(" (Source: {})", s.prose(source)));
        }
        (None, _) => {}
    }
    words
}

pub fn at(s: Style, site: &Site) -> String {
    s.code(&format!("{}:{}:{}", site.file, site.line, site.column))
}

pub fn site(s: Style, site: &Site) -> String {
    let mut words = at(s, site);
    if !site.certain {
        words.push_str(", probably: only a name says so");
    }
    if let Some(cfg) = &site.cfg {
        words.push_str(&format!(", under {}", s.code(cfg)));
    }
    words
}

/// So many places that one line still reads.
const PLACES: usize = 5;

pub fn places(s: Style, sites: &[Site]) -> String {
    let mut shown: Vec<String> = sites.iter().take(PLACES).map(|site| at(s, site)).collect();
    if sites.len() > PLACES {
        shown.push(format!("{} more", sites.len() - PLACES));
    }
    shown.join(", ")
}

/// What stood there, and what stands there now, as a diff.
pub fn declared(hit: &HitGroup) -> String {
    let mut diff = String::new();
    for (sign, declaration) in [('-', &hit.before), ('+', &hit.after)] {
        for line in declaration.iter().flat_map(|text| text.lines()) {
            diff.push_str(&format!("{sign} {line}\n"));
        }
    }
    diff
}

fn declarations(hit: &HitGroup) -> String {
    let mut out = String::new();
    fenced("diff", &declared(hit), &mut out);
    out.trim_end().to_owned()
}

pub fn trial(s: Style, tried: &Tried) -> String {
    let mut words = match tried.errors.len() {
        0 => "It compiles".to_owned(),
        many => format!("It does not compile yet: {}", counted(many, "error")),
    };
    words.push_str(&format!(
        ", after {}, by {}.",
        counted(tried.rounds, "round"),
        s.code(&tried.command)
    ));
    match tried.compiled_before {
        Some(true) => words.push_str(" It compiled before, too."),
        Some(false) => words.push_str(" It did not compile before anything was changed."),
        None => {}
    }
    words
}

pub fn applied(s: Style, step: &Applied) -> String {
    format!(
        "{}: {} becomes {}, {}",
        s.code(&step.place),
        s.code(&step.before),
        s.code(&step.after),
        s.prose(&step.because)
    )
}

pub fn compiler(s: Style, error: &CompilerError) -> String {
    let mut words = String::new();
    if let Some(place) = &error.place {
        words.push_str(&format!("{}: ", s.code(place)));
    }
    let lines: Vec<&str> = error.message.lines().map(str::trim).collect();
    words.push_str(&s.prose(&lines.join(" ")));
    if let Some(code) = &error.code {
        words.push_str(&format!(" ({})", s.code(code)));
    }
    if let Some(item) = &error.item {
        words.push_str(&format!(", about {}", s.code(item)));
    }
    words
}
