//! The matrix as CSV: a row for each dependency and line.

use crate::matrix::{Companion, LineRow, Matrix};
use crate::report::escape::csv;
use crate::skew::Line;

use super::workspace_cells;

const HEAD: &str = "dependency,registry,line,line_published,in_use,status,releases,pick,features,\
                    fresh,first_published,lag_days\n";

/// Starts with a line of column names. Lists are separated by spaces.
pub fn render(matrix: &Matrix) -> String {
    let mut out = HEAD.to_owned();
    for (name, cells) in workspace_cells(matrix) {
        if matrix.companions.iter().any(|c| c.name == name) {
            continue;
        }
        // An anchor: what is in use of it, line by line.
        for (line, versions) in cells {
            let row = line.and_then(|line| matrix.line(line));
            let fields = [
                name.to_owned(),
                String::new(),
                line.map(|line| line.to_string()).unwrap_or_default(),
                published(row),
                versions.join(" "),
                "anchor".to_owned(),
            ];
            push(&mut out, &fields);
        }
    }
    for companion in &matrix.companions {
        for row in &matrix.lines {
            push(&mut out, &companion_fields(companion, row));
        }
        if matrix.lines.is_empty() {
            let fields = [
                companion.name.clone(),
                companion.registry.clone().unwrap_or_default(),
                String::new(),
                String::new(),
                in_use(companion, None),
                "unknown".to_owned(),
            ];
            push(&mut out, &fields);
        }
    }
    out
}

fn companion_fields(companion: &Companion, row: &LineRow) -> Vec<String> {
    let cell = companion.cell(row.line);
    let pick = cell.and_then(|cell| cell.pick());
    let status = match cell {
        _ if companion.problem.is_some() => "unknown",
        Some(cell) if cell.is_usable() => "served",
        _ if companion.free_since.is_some() => "any",
        Some(_) => "conflicting",
        None => "missing",
    };
    let releases: Vec<String> = cell
        .into_iter()
        .flat_map(|cell| &cell.releases)
        .map(|release| release.version.to_string())
        .collect();
    vec![
        companion.name.clone(),
        companion.registry.clone().unwrap_or_default(),
        row.line.to_string(),
        published(Some(row)),
        in_use(companion, Some(row.line)),
        status.to_owned(),
        releases.join(" "),
        pick.map(|pick| pick.version.to_string())
            .unwrap_or_default(),
        pick.map(|pick| pick.features.join(" ")).unwrap_or_default(),
        pick.map(|pick| pick.fresh.to_string()).unwrap_or_default(),
        cell.and_then(|cell| cell.first_published)
            .map(|time| time.date())
            .unwrap_or_default(),
        cell.and_then(|cell| cell.lag_days)
            .map(|days| days.to_string())
            .unwrap_or_default(),
    ]
}

/// The versions in use on a line, or on any.
fn in_use(companion: &Companion, line: Option<Line>) -> String {
    let versions: Vec<String> = companion
        .in_use
        .iter()
        .filter(|used| line.is_none_or(|line| used.lines.contains(&line)))
        .map(|used| used.version.to_string())
        .collect();
    versions.join(" ")
}

fn published(row: Option<&LineRow>) -> String {
    row.and_then(|row| row.published)
        .map(|time| time.date())
        .unwrap_or_default()
}

/// Adds a row, filled up to the number of columns.
fn push(out: &mut String, fields: &[String]) {
    let columns = HEAD.matches(',').count() + 1;
    let mut row: Vec<String> = fields.iter().map(|field| csv(field)).collect();
    row.resize(columns, String::new());
    out.push_str(&row.join(","));
    out.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::matrix::testing::{empty, hostile, sample};

    #[test]
    fn every_row_has_every_column() {
        let columns = HEAD.matches(',').count();
        for line in render(&sample()).lines() {
            assert_eq!(line.matches(',').count(), columns, "{line}");
        }
    }

    #[test]
    fn hostile_names_are_defused() {
        let text = render(&hostile());
        assert!(!text.contains('\u{1b}') && !text.contains('\u{202e}'));
        assert!(text.lines().all(|line| !line.starts_with('=')), "{text}");
        assert!(text.contains("\"'=cmd|'/c calc'!a"), "{text}");
        assert_eq!(render(&empty()), HEAD);
    }

    #[test]
    fn renders() {
        insta::assert_snapshot!(render(&sample()));
    }
}
