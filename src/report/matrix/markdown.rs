//! The matrix as Markdown.

use crate::matrix::{Companion, Matrix};
use crate::report::escape::{markdown, markdown_code};
use crate::skew::Line;

use super::{cell_text, features, legend, registry_lines, workspace_cells, workspace_lines};

/// A section for the workspace, one for the registry.
pub fn render(matrix: &Matrix) -> String {
    let mut out = format!("# {} lines\n", markdown(&matrix.family));
    for note in &matrix.notes {
        out.push_str(&format!("\n> {}\n", markdown(note)));
    }
    workspace(matrix, &mut out);
    registry(matrix, &mut out);
    summary(matrix, &mut out);
    out
}

fn workspace(matrix: &Matrix, out: &mut String) {
    out.push_str("\n## In the workspace\n\n");
    let cells = workspace_cells(matrix);
    if cells.is_empty() {
        out.push_str("Nothing of the family is in use.\n");
        return;
    }
    let lines = workspace_lines(matrix);
    let heads = lines.iter().map(|line| match line {
        Some(line) => line.to_string(),
        None => "no line".to_owned(),
    });
    table(
        out,
        "dependency",
        heads,
        cells.iter().map(|(name, cells)| {
            let row = lines.iter().map(|line| match cells.get(line) {
                Some(versions) => markdown(&versions.join(", ")),
                None => "–".to_owned(),
            });
            (markdown_code(name), row.collect())
        }),
    );
}

fn registry(matrix: &Matrix, out: &mut String) {
    if matrix.companions.is_empty() {
        return;
    }
    out.push_str("\n## In the registry\n\n");
    let lines = registry_lines(matrix);
    let released = lines.iter().map(|line| {
        let published = matrix.line(*line).and_then(|row| row.published);
        published.map(|time| time.date()).unwrap_or_default()
    });
    let first = ("released".to_owned(), released.collect());
    let rows = matrix.companions.iter().map(|companion| {
        let row = lines.iter().map(|line| cell(companion, *line)).collect();
        (markdown_code(&companion.name), row)
    });
    table(
        out,
        "dependency",
        lines.iter().map(ToString::to_string),
        std::iter::once(first).chain(rows),
    );
    let legend = legend(&matrix.companions, &lines);
    if !legend.is_empty() {
        out.push_str(&format!("\n{}.\n", markdown(&legend.join("; "))));
    }
    details(matrix, &lines, out);
}

fn cell(companion: &Companion, line: Line) -> String {
    match companion.cell(line) {
        _ if companion.problem.is_some() => "?".to_owned(),
        Some(cell) => markdown(&cell_text(cell)),
        None if companion.free_since.is_some() => "any".to_owned(),
        None => "–".to_owned(),
    }
}

/// What the table has no room for.
fn details(matrix: &Matrix, lines: &[Line], out: &mut String) {
    let mut items = Vec::new();
    for companion in &matrix.companions {
        let name = markdown_code(&companion.name);
        if let Some(problem) = &companion.problem {
            items.push(format!("{name}: {}", markdown(problem)));
        }
        if let Some(version) = &companion.free_since {
            let version = markdown(&version.to_string());
            items.push(format!("{name} needs no line from {version} on"));
        }
        let chosen: Vec<String> = features(companion, lines)
            .iter()
            .map(|(line, features)| {
                let features: Vec<String> =
                    features.iter().map(|name| markdown_code(name)).collect();
                format!("{line} {}", features.join(" or "))
            })
            .collect();
        if !chosen.is_empty() {
            items.push(format!("{name} by feature: {}", chosen.join(", ")));
        }
    }
    if !items.is_empty() {
        out.push('\n');
    }
    for item in items {
        out.push_str(&format!("- {item}\n"));
    }
}

fn summary(matrix: &Matrix, out: &mut String) {
    if matrix.companions.is_empty() || matrix.lines.is_empty() {
        return;
    }
    match matrix.newest_common {
        Some(line) => out.push_str(&format!(
            "\nNewest line that every dependency in use serves: **{line}**\n"
        )),
        None => out.push_str("\nNo line is served by every dependency in use.\n"),
    }
    if !matrix.caps.is_empty() {
        out.push_str("\nHeld back by:\n\n");
    }
    for cap in &matrix.caps {
        let name = markdown_code(&cap.name);
        let behind = match cap.lines_behind {
            1 => "1 line behind".to_owned(),
            count => format!("{count} lines behind"),
        };
        match cap.line {
            Some(line) => out.push_str(&format!("- {name}: newest {line}, {behind}\n")),
            None => out.push_str(&format!("- {name}: serves no line\n")),
        }
    }
}

/// A table of cells that are Markdown already.
fn table(
    out: &mut String,
    corner: &str,
    heads: impl Iterator<Item = String>,
    rows: impl Iterator<Item = (String, Vec<String>)>,
) {
    let mut head = vec![corner.to_owned()];
    head.extend(heads);
    out.push_str(&format!("| {} |\n", head.join(" | ")));
    out.push_str(&format!("|{}\n", "---|".repeat(head.len())));
    for (first, cells) in rows {
        out.push_str(&format!("| {first} | {} |\n", cells.join(" | ")));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::matrix::testing::{empty, hostile, sample};

    #[test]
    fn hostile_names_start_no_markup() {
        let text = render(&hostile());
        assert!(!text.contains('\u{1b}') && !text.contains('\u{202e}'));
        // Each row of a table has as many cells as its head.
        let mut columns = 0;
        for line in text.lines() {
            if !line.starts_with('|') {
                columns = 0;
                continue;
            }
            let bars = line.replace("\\|", "").matches('|').count();
            assert!(columns == 0 || bars == columns, "{line}");
            columns = bars;
        }
        assert!(
            text.contains(r"> a note \\u{1b}\[31m \| \<script\>"),
            "{text}"
        );
    }

    #[test]
    fn renders() {
        insta::assert_snapshot!(render(&sample()));
        insta::assert_snapshot!("empty", render(&empty()));
        insta::assert_snapshot!("hostile", render(&hostile()));
    }
}
