//! Artifacts × lines: what each line does where, darker the worse it is. Each cell says so in words.

use std::collections::BTreeSet;

use crate::report::cells::{builds, cell, is_about, lines};
use crate::report::plain::counted;
use crate::report::{Artifact, ArtifactKind, Finding, Report};

use super::findings::Numbered;
use super::parts::table;
use super::write::Writer;

pub fn render(report: &Report, numbered: &Numbered<'_>, w: &mut Writer) {
    let linking = report.artifacts.iter().filter(|row| !row.lines.is_empty());
    let (shipped, inner): (Vec<&Artifact>, Vec<&Artifact>) =
        linking.partition(|row| row.class.is_shipped());
    if !shipped.is_empty() {
        map(report, &shipped, numbered, "What is shipped, by line", w);
    }
    if !inner.is_empty() {
        let what = counted(inner.len(), "test, example, build script or macro");
        let what = what.replace("macros", "macro");
        w.within("details", &[], |w| {
            w.element("summary", &[], &format!("{what} with a line"));
            map(report, &inner, numbered, "What is not shipped, by line", w);
        });
    }
    legend(report, w);
}

fn map(
    report: &Report,
    rows: &[&Artifact],
    numbered: &Numbered<'_>,
    caption: &str,
    w: &mut Writer,
) {
    let lines = lines(rows.iter().copied());
    let mut heads = vec!["artifact".to_owned()];
    heads.extend(lines.iter().cloned());
    let mut rows = rows.to_vec();
    // Otherwise in the order of the report.
    rows.sort_by_key(|row| (row.verdict.is_none(), row.verdict));
    table(w, "heat", caption, &heads, |w| {
        for row in rows {
            w.within("tr", &[], |w| {
                w.within("th", &[("scope", "row")], |w| name(report, row, w));
                for line in &lines {
                    one(report, row, line, numbered, w);
                }
            });
        }
    });
}

fn name(report: &Report, row: &Artifact, w: &mut Writer) {
    w.element("span", &[("class", "kind")], kind(row.kind));
    w.text(" ");
    match row.name == row.package {
        true => w.code(&row.name),
        false => w.code(&format!("{}:{}", row.package, row.name)),
    }
    let builds = builds(report, row);
    if !builds.is_empty() {
        w.element("span", &[("class", "builds")], &format!(" ({builds})"));
    }
}

fn kind(kind: ArtifactKind) -> &'static str {
    match kind {
        ArtifactKind::Bin => "bin",
        ArtifactKind::Cdylib => "cdylib",
        ArtifactKind::Dylib => "dylib",
        ArtifactKind::Staticlib => "staticlib",
        ArtifactKind::Lib => "lib",
        ArtifactKind::Test => "test",
        ArtifactKind::Example => "example",
        ArtifactKind::Bench => "bench",
        ArtifactKind::BuildScript => "build script",
        ArtifactKind::ProcMacro => "proc macro",
    }
}

fn one(report: &Report, row: &Artifact, line: &str, numbered: &Numbered<'_>, w: &mut Writer) {
    let Some(word) = cell(report, row, line) else {
        return w.within("td", &[("class", "off")], |w| {
            w.element("span", &[("aria-hidden", "true")], "·");
            w.element("span", &[("class", "away")], "not linked");
        });
    };
    let class = format!("on {}", word.to_lowercase().replace(' ', "-"));
    let about = |finding: &Finding| {
        is_about(finding, row)
            && finding.line.as_deref() == Some(line)
            && finding.singleton.is_none()
            && finding.verdict.is_some()
    };
    w.within("td", &[("class", &class)], |w| {
        match numbered.first(about) {
            Some(id) => w.element("a", &[("href", &format!("#{id}"))], word),
            None => w.text(word),
        }
    });
}

const LEGEND: [(&str, &str); 10] = [
    ("LOST", "telemetry on this line vanishes"),
    ("SPLIT", "both lines export, and context does not cross"),
    ("CLASH", "the compiler refuses, or will"),
    ("undecided", "what the line does could not be decided"),
    (
        "latent",
        "it counts once features are on that the artifact needs and this build does not give",
    ),
    (
        "confined",
        "tests, examples, build scripts or macros alone have it",
    ),
    ("benign", "nothing follows from it"),
    ("live", "providers of it are installed"),
    (
        "assumed live",
        "an SDK or exporter of it is there; no code was seen that installs it",
    ),
    ("linked", "it is there, and nothing bad follows from it"),
];

/// What the words in use mean.
fn legend(report: &Report, w: &mut Writer) {
    let mut used = BTreeSet::new();
    for row in &report.artifacts {
        let words = row
            .lines
            .iter()
            .filter_map(|line| cell(report, row, &line.line));
        used.extend(words);
    }
    let told = LEGEND.iter().filter(|(word, _)| used.contains(word));
    let told: Vec<String> = told
        .map(|(word, text)| format!("`{word}`: {text}."))
        .collect();
    w.within("p", &[("class", "legend")], |w| w.prose(&told.join(" ")));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Verdict;
    use crate::report::cells::word;

    #[test]
    fn every_word_has_its_meaning() {
        // Where cargo fails, there is no artifact.
        let verdicts = [
            Verdict::Lost,
            Verdict::Split,
            Verdict::TypeClash,
            Verdict::Unknown,
            Verdict::Latent,
            Verdict::Confined,
            Verdict::Benign,
        ];
        for word in verdicts.map(word) {
            assert!(LEGEND.iter().any(|(told, _)| *told == word), "{word}");
        }
    }
}
