//! What all companions together allow.

use crate::skew::Line;

use super::anchors::Anchors;
use super::model::{Cap, Companion, LineRow};

/// The lines, the newest one that every companion serves, and who holds back.
pub fn summary(
    anchors: &Anchors,
    companions: &[Companion],
) -> (Vec<LineRow>, Option<Line>, Vec<Cap>) {
    let known: Vec<&Companion> = companions
        .iter()
        .filter(|companion| companion.problem.is_none())
        .collect();
    let lines: Vec<LineRow> = anchors
        .lines()
        .iter()
        .map(|(&line, releases)| LineRow {
            line,
            published: releases.published,
            releases: releases.versions.iter().cloned().collect(),
            in_use: anchors.is_in_use(line),
            missing: known
                .iter()
                .filter(|companion| !companion.serves(line))
                .map(|companion| companion.name.clone())
                .collect(),
        })
        .collect();
    let newest_common = lines
        .iter()
        .rfind(|row| row.missing.is_empty())
        .map(|row| row.line);
    let caps = match lines.last() {
        Some(newest) => caps(&known, newest.line, &lines),
        None => Vec::new(),
    };
    (lines, newest_common, caps)
}

fn caps(known: &[&Companion], newest: Line, lines: &[LineRow]) -> Vec<Cap> {
    let mut caps: Vec<Cap> = known
        .iter()
        .filter(|companion| !companion.serves(newest))
        .map(|companion| Cap {
            name: companion.name.clone(),
            line: companion.newest,
            lines_behind: lines
                .iter()
                .filter(|row| companion.newest.is_none_or(|own| row.line > own))
                .count(),
        })
        .collect();
    caps.sort_by(|a, b| (a.line, &a.name).cmp(&(b.line, &b.name)));
    caps
}
