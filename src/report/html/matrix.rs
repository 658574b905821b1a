//! Which release of which dependency serves which line.

use crate::matrix::{Companion, Matrix};
use crate::report::matrix::{
    cell_text, features, legend, registry_lines, workspace_cells, workspace_lines,
};
use crate::skew::Line;

use super::parts::{codes, table};
use super::write::Writer;

pub fn render(matrix: &Matrix, w: &mut Writer) {
    summary(matrix, w);
    w.list(matrix.notes.iter().map(String::as_str));
    workspace(matrix, w);
    registry(matrix, w);
}

fn summary(matrix: &Matrix, w: &mut Writer) {
    if matrix.companions.is_empty() || matrix.lines.is_empty() {
        return;
    }
    w.within("p", &[], |w| match matrix.newest_common {
        Some(line) => {
            w.text("Newest line that every dependency in use serves: ");
            w.element("strong", &[], &line.to_string());
        }
        None => w.text("No line is served by every dependency in use."),
    });
    if matrix.caps.is_empty() {
        return;
    }
    w.element("p", &[], "Held back by:");
    w.within("ul", &[], |w| {
        for cap in &matrix.caps {
            let behind = match cap.lines_behind {
                1 => "1 line behind".to_owned(),
                count => format!("{count} lines behind"),
            };
            w.within("li", &[], |w| {
                w.code(&cap.name);
                w.text(&match cap.line {
                    Some(line) => format!(": newest {line}, {behind}"),
                    None => ": serves no line".to_owned(),
                });
            });
        }
    });
}

fn workspace(matrix: &Matrix, w: &mut Writer) {
    w.element("h3", &[], "In the workspace");
    let cells = workspace_cells(matrix);
    if cells.is_empty() {
        return w.element("p", &[], "Nothing of the family is in use.");
    }
    let lines = workspace_lines(matrix);
    let mut heads = vec!["dependency".to_owned()];
    heads.extend(lines.iter().map(|line| match line {
        Some(line) => line.to_string(),
        None => "no line".to_owned(),
    }));
    table(w, "releases", "Versions in use, by line", &heads, |w| {
        for (name, cells) in &cells {
            w.within("tr", &[], |w| {
                w.within("th", &[("scope", "row")], |w| w.code(name));
                for line in &lines {
                    let versions = cells.get(line).map(|versions| versions.join(", "));
                    w.element("td", &[], versions.as_deref().unwrap_or("–"));
                }
            });
        }
    });
}

fn registry(matrix: &Matrix, w: &mut Writer) {
    if matrix.companions.is_empty() {
        return;
    }
    w.element("h3", &[], "In the registry");
    let lines = registry_lines(matrix);
    let mut heads = vec!["dependency".to_owned()];
    heads.extend(lines.iter().map(ToString::to_string));
    table(w, "releases", "Releases, by line", &heads, |w| {
        w.within("tr", &[], |w| {
            w.element("th", &[("scope", "row")], "released");
            for line in &lines {
                let published = matrix.line(*line).and_then(|row| row.published);
                let date = published.map(|time| time.date()).unwrap_or_default();
                w.element("td", &[("class", "date")], &date);
            }
        });
        for companion in &matrix.companions {
            w.within("tr", &[], |w| {
                w.within("th", &[("scope", "row")], |w| w.code(&companion.name));
                lines.iter().for_each(|line| cell(companion, *line, w));
            });
        }
    });
    let legend = legend(&matrix.companions, &lines);
    if !legend.is_empty() {
        w.element(
            "p",
            &[("class", "legend")],
            &format!("{}.", legend.join("; ")),
        );
    }
    details(matrix, &lines, w);
}

fn cell(companion: &Companion, line: Line, w: &mut Writer) {
    let (class, text) = match companion.cell(line) {
        _ if companion.problem.is_some() => ("off", "?".to_owned()),
        Some(cell) if cell.is_usable() => ("serves", cell_text(cell)),
        Some(cell) => ("torn", cell_text(cell)),
        None if companion.free_since.is_some() => ("serves", "any".to_owned()),
        None => ("off", "–".to_owned()),
    };
    w.element("td", &[("class", class)], &text);
}

/// What the table has no room for.
fn details(matrix: &Matrix, lines: &[Line], w: &mut Writer) {
    let told = |companion: &&Companion| {
        companion.problem.is_some()
            || companion.free_since.is_some()
            || !features(companion, lines).is_empty()
    };
    let mut companions = matrix.companions.iter().filter(told).peekable();
    if companions.peek().is_none() {
        return;
    }
    w.within("ul", &[], |w| {
        for companion in companions {
            w.within("li", &[], |w| detail(companion, lines, w));
        }
    });
}

fn detail(companion: &Companion, lines: &[Line], w: &mut Writer) {
    w.code(&companion.name);
    let mut sign = ": ";
    if let Some(problem) = &companion.problem {
        w.text(sign);
        w.text(problem);
        sign = "; ";
    }
    if let Some(version) = &companion.free_since {
        w.text(&format!("{sign}needs no line from {version} on"));
        sign = "; ";
    }
    for (line, features) in features(companion, lines) {
        w.text(&format!("{sign}line {line} by feature "));
        codes(w, features.iter().map(String::as_str));
        sign = "; ";
    }
}
