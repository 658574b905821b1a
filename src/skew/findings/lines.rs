//! Verdicts on second lines and second copies of singletons, as findings.

use std::collections::{BTreeSet, HashMap};

use rayon::prelude::*;

use crate::report::{Artifact, ArtifactClass, Finding, Liveness, Verdict};
use crate::skew::artifact::{CargoTarget, LinkUnit};
use crate::skew::judge::Judge;
use crate::skew::judgement::{Judgement, Why};
use crate::skew::liveness::{Live, UnitCode, entry};
use crate::skew::rows;

use super::{Context, bridges, code_of, finding};

/// Rows and findings of one unit.
pub struct Judged {
    pub rows: Vec<Artifact>,
    pub findings: Vec<Finding>,
}

/// Judges every unit that ships; the others get rows alone. Units of one package that link the same
/// with the same features are judged once.
pub fn judge_all(context: &Context<'_, '_>) -> Vec<Judged> {
    let mut groups: Vec<Vec<&LinkUnit<'_>>> = Vec::new();
    let mut known: HashMap<Sameness, usize> = HashMap::new();
    for unit in context.units {
        let key = sameness(context, unit);
        let at = *known.entry(key).or_insert(groups.len());
        match groups.get_mut(at) {
            Some(group) => group.push(unit),
            None => groups.push(vec![unit]),
        }
    }
    groups
        .par_iter()
        .map(|group| judge_group(context, group))
        .collect()
}

type Sameness = (
    usize,
    ArtifactClass,
    String,
    Vec<(usize, Vec<usize>, BTreeSet<String>)>,
);

/// Everything a verdict on a unit depends on.
fn sameness(context: &Context<'_, '_>, unit: &LinkUnit<'_>) -> Sameness {
    let concerned = unit.closure.members().iter().copied();
    let concerned = concerned.filter(|number| context.graph.is_concerned(*number));
    let members = concerned.map(|number| {
        let links = unit.closure.from(number).iter();
        let ends = links.map(|link| context.packages.number(link.to().id()));
        let ends = ends
            .filter(|end| context.graph.is_concerned(*end))
            .collect();
        (
            number,
            ends,
            unit.links.features(context.packages.get(number).id()),
        )
    });
    (
        unit.package,
        unit.class,
        unit.target.clone(),
        members.collect(),
    )
}

/// Judges the first of a group, and says the same of the others' builds.
fn judge_group(context: &Context<'_, '_>, group: &[&LinkUnit<'_>]) -> Judged {
    let unit = group[0];
    let mut judged = match unit.class {
        ArtifactClass::Linked | ArtifactClass::Library => judge(context, unit),
        ArtifactClass::Development | ArtifactClass::Host => Judged {
            rows: rows::rows(context.packages, context.graph, unit, |_, _| {
                Liveness::Unknown
            }),
            findings: Vec::new(),
        },
    };
    let builds: Vec<String> = group.iter().map(|unit| unit.build.clone()).collect();
    for row in &mut judged.rows {
        row.builds.clone_from(&builds);
    }
    for finding in &mut judged.findings {
        finding.builds.clone_from(&builds);
    }
    judged
}

/// Whether a unit links two of anything.
pub fn is_skewed(unit: &LinkUnit<'_>) -> bool {
    unit.linked.copies.len() > 1
        || unit
            .linked
            .singletons
            .iter()
            .any(|(_, list)| list.len() > 1)
}

fn judge(context: &Context<'_, '_>, unit: &LinkUnit<'_>) -> Judged {
    let skewed = is_skewed(unit);
    if unit.linked.copies.is_empty() && !skewed {
        return Judged {
            rows: Vec::new(),
            findings: Vec::new(),
        };
    }
    let code = UnitCode::new(
        context.packages,
        context.graph,
        unit,
        (context.code, context.known),
        !skewed,
    );
    let mut findings = Vec::new();
    let mut lives = Vec::new();
    for target in &unit.targets {
        let entry = entry(unit, target);
        let live = Live::new(context.packages, context.graph, unit, &code, &entry);
        if skewed {
            let judge = Judge::new(
                context.packages,
                context.graph,
                unit,
                (&code, context.code),
                &live,
                target,
            );
            let mut judgements = judge.lines();
            judgements.extend(judge.singletons());
            let missing = unit.missing_features(context.packages, target);
            for judgement in judgements {
                findings.push(line_finding(
                    context, unit, target, &missing, judge.home, judgement,
                ));
            }
        }
        if unit.class == ArtifactClass::Linked {
            findings.extend(bridges::unfed(context, unit, target, &code, &live));
        }
        lives.push((target.clone(), live));
    }
    clash_first(&mut findings);
    let rows = rows::rows(context.packages, context.graph, unit, |target, copy| {
        let live = lives.iter().find(|(known, _)| known == target);
        live.map_or(Liveness::Unknown, |(_, live)| live.degrees[copy])
    });
    Judged { rows, findings }
}

/// What does not compile loses nothing yet: a loss through the requirement of a clash follows it.
fn clash_first(findings: &mut [Finding]) {
    let clashes: Vec<_> = findings
        .iter()
        .filter(|f| f.verdict == Some(Verdict::TypeClash))
        .map(|f| (f.artifact.clone(), f.culprit.clone()))
        .collect();
    for finding in findings {
        let with_clash = clashes.contains(&(finding.artifact.clone(), finding.culprit.clone()));
        if finding.verdict == Some(Verdict::Lost) && with_clash {
            finding.verdict = Some(Verdict::TypeClash);
            finding.code = code_of(Verdict::TypeClash).to_owned();
            finding.consequence_of = Some("type-clash".into());
            finding.consequence = Some(
                "it does not compile; once it does, this line's telemetry would be lost".into(),
            );
        }
    }
}

fn line_finding(
    context: &Context<'_, '_>,
    unit: &LinkUnit<'_>,
    target: &CargoTarget,
    missing_features: &[String],
    home: Option<usize>,
    judgement: Judgement<'_>,
) -> Finding {
    let packages = context.packages;
    let line = unit.linked.copies[judgement.copy].line;
    let introducer = packages.label(judgement.introducer);
    let home = home.map(|home| unit.linked.copies[home].line.to_string());
    let subject = match judgement.singleton {
        Some(number) => packages.label(number),
        None => format!("{} {line}", context.graph.family.title),
    };
    let (message, consequence) = words(
        judgement.why,
        judgement.verdict,
        &subject,
        &introducer,
        home.as_deref(),
    );
    // An artifact that this build leaves out has its verdict when its features are on.
    let verdict = match judgement.verdict {
        verdict if missing_features.is_empty() => verdict,
        Verdict::Benign => Verdict::Benign,
        _ => Verdict::Latent,
    };
    let consequence = if missing_features.is_empty() {
        consequence
    } else {
        format!(
            "{consequence}; built only with {}",
            missing_features.join(", ")
        )
    };
    Finding {
        verdict: Some(verdict),
        consequence: Some(consequence),
        artifact: Some(rows::artifact_id(packages, unit.package, target)),
        builds: vec![unit.build.clone()],
        target: Some(unit.target.clone()),
        singleton: judgement
            .singleton
            .map(|number| packages.get(number).name().to_owned()),
        line: Some(line.to_string()),
        path: judgement.trace.steps(packages, unit.package),
        culprit: judgement.trace.culprit(context.workspace),
        also_through: judgement.trace.also_through(context.workspace),
        evidence: judgement.evidence,
        help: help(context, judgement.introducer, verdict),
        introducer: Some(introducer),
        ..finding(code_of(verdict), message)
    }
}

/// The message and the consequence of a verdict.
fn words(
    why: Why,
    verdict: Verdict,
    subject: &str,
    introducer: &str,
    home: Option<&str>,
) -> (String, String) {
    let home = home.map_or_else(|| "any line".to_owned(), |home| format!("line {home}"));
    match why {
        Why::Reads => (
            format!(
                "telemetry of {introducer} is lost: it is on {subject}, the artifact on {home}"
            ),
            "its spans, metrics, baggage and propagated context vanish without an error".into(),
        ),
        Why::Unfed => (
            format!(
                "{introducer} exports nothing: it is on {subject} and gets no tracer, the artifact is on {home}"
            ),
            "every span that goes through this bridge vanishes without an error".into(),
        ),
        Why::OtherBridge => (
            format!(
                "{introducer} asks a bridge that nobody installs: it is on {subject}, the artifact on {home}"
            ),
            "it finds no span data: trace context is neither taken in nor passed on".into(),
        ),
        Why::BothLive => (
            format!("{subject} is live beside {home}, through {introducer}"),
            "both export, but context does not cross: traces break apart and baggage is lost"
                .into(),
        ),
        Why::Types => (
            format!("types of {subject}, through {introducer}, meet those of {home}"),
            "the compiler refuses types that look the same".into(),
        ),
        Why::TypesOnly => (
            format!("{introducer} uses {subject} for types or constants only"),
            "nothing is lost".into(),
        ),
        Why::Unreached => (
            format!("{introducer} is on {subject}, and no code of the artifact reaches its use"),
            "nothing is lost as the code stands".into(),
        ),
        Why::Unnamed => (
            format!("{subject} comes in through {introducer}, and no code names it"),
            "it is dead weight: nothing is lost".into(),
        ),
        Why::NoSource => (
            format!(
                "{introducer} brings in {subject}; what it does with it could not be looked at"
            ),
            "undecided".into(),
        ),
        Why::NoneLive => (
            format!(
                "{introducer} uses {subject}, and nobody in the artifact installs a provider of any line"
            ),
            match verdict {
                Verdict::Unknown => "whoever installs one can serve one of these lines only".into(),
                _ => "nothing is exported at all".into(),
            },
        ),
    }
}

fn help(context: &Context<'_, '_>, introducer: usize, verdict: Verdict) -> Vec<String> {
    let package = context.packages.get(introducer);
    let releases = if package.in_workspace() {
        "releases serve".to_owned()
    } else {
        format!("release of {} serves", package.name())
    };
    let offer = format!(
        "`cargo otel-check plan` says what to change; `cargo otel-check matrix` shows which {releases} which line"
    );
    match verdict {
        Verdict::Lost | Verdict::Split | Verdict::TypeClash | Verdict::Latent => vec![offer],
        Verdict::Unknown => vec![
            "`cargo fetch --locked` puts the sources on disk".to_owned(),
            offer,
        ],
        Verdict::Unresolvable | Verdict::Confined | Verdict::Benign => Vec::new(),
    }
}
