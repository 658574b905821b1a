//! Findings, each with the requirement at fault, the path, the evidence and what to do next.

use std::fmt;

use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, NamedSource, Severity,
    SourceCode,
};

use crate::report::escape::terminal;
use crate::report::group::{self, group};
use crate::report::plain::same_length;
use crate::report::{Culprit, Evidence, EvidenceKind, Finding, Level, Report, words};

use super::{Options, Paint};

pub fn render(report: &Report, options: &Options, out: &mut String) {
    let paint = Paint::new(options);
    let groups = group(&report.findings);
    let (folded, causes): (Vec<_>, Vec<_>) = groups
        .into_iter()
        .partition(|group| group[0].consequence_of.is_some());
    let mut notes = Vec::new();
    for group in causes {
        if group[0].level == Level::Note && !options.verbose {
            notes.push(group);
            continue;
        }
        out.push('\n');
        one(report, &group, options, paint, out);
        let place = |finding: &Finding| {
            let culprit = finding.culprit.as_ref()?;
            Some((culprit.file.clone(), culprit.span))
        };
        for consequence in folded.iter().filter(|f| {
            f[0].consequence_of.as_ref() == Some(&group[0].code) && place(f[0]) == place(group[0])
        }) {
            out.push_str(&format!(
                "  {} {}\n",
                paint.dim("└"),
                terminal(&consequence[0].message)
            ));
        }
    }
    if !notes.is_empty() {
        out.push_str(&format!(
            "\n{}\n",
            paint.dim("notes (`-v` shows them in full):")
        ));
        for group in notes {
            let place = group[0].culprit.as_ref().map(place).unwrap_or_default();
            out.push_str(&format!(
                "  {} {}{}{}\n",
                paint.bold(&format!("{}:", group[0].code)),
                terminal(&group[0].message),
                artifacts(&group, 2),
                paint.dim(&place),
            ));
            if let Some(excepted) = excepted(group[0]) {
                out.push_str(&format!("    {excepted}\n"));
            }
        }
    }
}

fn place(culprit: &Culprit) -> String {
    match (culprit.line, culprit.column) {
        (Some(line), Some(column)) => format!("  {}:{line}:{column}", terminal(&culprit.file)),
        _ => format!("  {}", terminal(&culprit.file)),
    }
}

fn artifacts(group: &[&Finding], most: usize) -> String {
    let mut names = group::artifacts(group);
    if names.is_empty() {
        return String::new();
    }
    let more = names.len().saturating_sub(most);
    names.truncate(most);
    let mut text = terminal(&names.join(", ")).into_owned();
    if more > 0 {
        text.push_str(&format!(" and {more} more"));
    }
    format!(" [{text}]")
}

fn one(report: &Report, group: &[&Finding], options: &Options, paint: Paint, out: &mut String) {
    let finding = group[0];
    let shown = Shown::new(report, finding);
    let theme = if options.colours {
        GraphicalTheme::unicode()
    } else {
        GraphicalTheme::unicode_nocolor()
    };
    let handler = GraphicalReportHandler::new_themed(theme)
        .with_width(options.width)
        .with_context_lines(1)
        .with_links(false);
    if handler.render_report(out, &shown).is_err() {
        out.push_str(&format!("{}: {}\n", finding.code, shown.message));
    }
    if shown.source.is_none()
        && let Some(culprit) = &finding.culprit
    {
        detail(
            out,
            paint,
            "at",
            &[format!(
                "{}:  `{}`",
                place(culprit).trim(),
                terminal(&culprit.requirement)
            )],
        );
    }
    if let Some(consequence) = &finding.consequence {
        detail(out, paint, "so", &[terminal(consequence).into_owned()]);
    }
    let most = if options.verbose { usize::MAX } else { 4 };
    let names = artifacts(group, most);
    if !names.is_empty() {
        let builds = builds(group);
        detail(
            out,
            paint,
            "in",
            &[format!("{}{builds}", names.trim().trim_matches(['[', ']']))],
        );
    }
    detail(out, paint, "path", &path(finding));
    let evidence: Vec<String> = finding
        .evidence
        .iter()
        .map(|e| evidence(e, paint))
        .collect();
    detail(out, paint, "seen", &evidence);
    let also: Vec<String> = finding
        .also_through
        .iter()
        .map(|culprit| {
            format!(
                "{}: `{}`",
                place(culprit).trim(),
                terminal(&culprit.requirement)
            )
        })
        .collect();
    detail(out, paint, "also", &also);
    let help: Vec<String> = finding
        .help
        .iter()
        .map(|help| terminal(help).into_owned())
        .collect();
    detail(out, paint, "next", &help);
    let passes: Vec<String> = excepted(finding).into_iter().collect();
    detail(out, paint, "pass", &passes);
}

/// Why a finding is let through, where it is.
fn excepted(finding: &Finding) -> Option<String> {
    // Those of a baseline can be many: the summary counts them.
    finding.excepted.as_ref()?;
    words::passes(finding).map(|text| terminal(&text).into_owned())
}

/// The builds, where the finding does not hold in all of its artifact's.
fn builds(group: &[&Finding]) -> String {
    let mut builds: Vec<&String> = group.iter().flat_map(|finding| &finding.builds).collect();
    builds.sort();
    builds.dedup();
    match builds.as_slice() {
        [only] => format!("  (cargo build {})", terminal(only)),
        _ => String::new(),
    }
}

fn detail(out: &mut String, paint: Paint, name: &str, lines: &[String]) {
    for (number, line) in lines.iter().enumerate() {
        let label = if number == 0 { name } else { "" };
        out.push_str(&format!("  {} {line}\n", paint.dim(&format!("{label:>4}"))));
    }
}

/// From the crate in question up to the artifact: each edge as the requirement, and who has it.
fn path(finding: &Finding) -> Vec<String> {
    let steps = &finding.path;
    if steps.len() < 2 {
        return Vec::new();
    }
    let mut lines = Vec::new();
    for pair in steps.windows(2).rev() {
        let requirement = pair[1].requirement.as_deref().unwrap_or("*");
        if lines.is_empty() {
            lines.push(terminal(&pair[1].package).into_owned());
        }
        lines.push(format!(
            "  `{}` from {}",
            terminal(requirement),
            terminal(&pair[0].package)
        ));
    }
    lines
}

fn evidence(evidence: &Evidence, paint: Paint) -> String {
    let text = terminal(evidence.text.lines().next().unwrap_or_default()).into_owned();
    let mut line = match (
        &evidence.package,
        &evidence.file,
        evidence.line,
        evidence.column,
    ) {
        (Some(package), Some(file), Some(number), Some(column)) => format!(
            "{} {}:{number}:{column}  {text}",
            terminal(package),
            terminal(file)
        ),
        _ => text,
    };
    if let Some(source) = &evidence.source {
        let word = match evidence.kind {
            EvidenceKind::Rule => "source",
            EvidenceKind::Graph | EvidenceKind::Source | EvidenceKind::Missing => "see",
        };
        line.push_str(&paint.dim(&format!("  ({word}: {})", terminal(source))));
    }
    line
}

/// A finding as miette prints it.
#[derive(Debug)]
struct Shown {
    message: String,
    code: String,
    severity: Severity,
    source: Option<NamedSource<String>>,
    label: Option<LabeledSpan>,
}

impl Shown {
    fn new(report: &Report, finding: &Finding) -> Self {
        let text = finding
            .culprit
            .as_ref()
            .filter(|culprit| culprit.line.is_some())
            .and_then(|culprit| Some((culprit, report.texts.get(&culprit.file)?)));
        let (source, label) = match text {
            Some((culprit, text)) => {
                let source = NamedSource::new(terminal(&culprit.file), same_length(text));
                let label = LabeledSpan::new(Some(label(culprit)), culprit.span.0, culprit.span.1);
                (Some(source), Some(label))
            }
            None => (None, None),
        };
        Self {
            message: terminal(&finding.message).into_owned(),
            code: finding.code.clone(),
            severity: match finding.level {
                Level::Deny => Severity::Error,
                Level::Warn => Severity::Warning,
                Level::Note => Severity::Advice,
            },
            source,
            label,
        }
    }
}

fn label(culprit: &Culprit) -> String {
    match &culprit.inherited_by {
        Some(by) => format!("this requirement, inherited at {}", terminal(by)),
        None if culprit.requirement.starts_with('[') => "this exception".to_owned(),
        None => "this requirement".to_owned(),
    }
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Shown {}

impl Diagnostic for Shown {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(&self.code))
    }

    fn severity(&self) -> Option<Severity> {
        Some(self.severity)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.source.as_ref().map(|source| source as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        self.label
            .as_ref()
            .map(|label| Box::new(std::iter::once(label.clone())) as Box<dyn Iterator<Item = _>>)
    }
}
