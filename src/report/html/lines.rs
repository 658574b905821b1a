//! What each line consists of in what is shipped.

use std::collections::BTreeSet;

use crate::report::cells;
use crate::report::{Artifact, ArtifactLine, Report};

use super::parts::{codes, table};
use super::write::Writer;

type Packages = fn(&ArtifactLine) -> &Vec<String>;

const COLUMNS: [(&str, Packages); 5] = [
    ("API", |line| &line.copies),
    ("SDK", |line| &line.sdk),
    ("exporters", |line| &line.exporters),
    ("bridges", |line| &line.bridges),
    ("brought in by", |line| &line.introducers),
];

pub fn render(report: &Report, w: &mut Writer) {
    let rows = report.artifacts.iter();
    let rows: Vec<&Artifact> = rows.filter(|row| row.class.is_shipped()).collect();
    let lines = cells::lines(rows.iter().copied());
    if lines.is_empty() {
        return;
    }
    let heads = std::iter::once("line").chain(COLUMNS.map(|(name, _)| name));
    let heads: Vec<String> = heads.map(str::to_owned).collect();
    table(w, "plain", "What each line consists of", &heads, |w| {
        for line in &lines {
            let linked = || rows.iter().flat_map(|row| &row.lines);
            let linked = || linked().filter(|one| one.line == *line);
            w.within("tr", &[], |w| {
                w.element("th", &[("scope", "row")], line);
                for (_, packages) in COLUMNS {
                    let names: BTreeSet<&str> =
                        linked().flat_map(packages).map(String::as_str).collect();
                    w.within("td", &[], |w| match names.is_empty() {
                        true => w.text("–"),
                        false => codes(w, names),
                    });
                }
            });
        }
    });
}
