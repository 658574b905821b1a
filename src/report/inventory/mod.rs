//! The inventory in its formats.

use crate::inventory::Row;

use super::escape::{csv, terminal};
use super::json::pretty;
use super::plain::word;

/// Column names of the CSV, in their order. They are the fields of the JSON too.
pub const COLUMNS: [&str; 11] = [
    "package",
    "crate",
    "version",
    "source",
    "features",
    "requirement",
    "declared",
    "direct",
    "role",
    "lines",
    "artifacts",
];

/// Comma-separated values with a head line. Lists stand in one field, separated by spaces.
pub fn as_csv(rows: &[Row]) -> String {
    let mut out = COLUMNS.join(",");
    out.push('\n');
    for row in rows {
        let fields: Vec<String> = fields(row).iter().map(|field| csv(field)).collect();
        out.push_str(&fields.join(","));
        out.push('\n');
    }
    out
}

/// One JSON array of rows.
pub fn as_json(rows: &[Row]) -> String {
    pretty(rows)
}

/// A table for people: the columns that fit beside each other.
pub fn as_human(rows: &[Row]) -> String {
    let mut table = comfy_table::Table::new();
    table.load_style(comfy_table::presets::NOTHING);
    table.set_header([
        "crate",
        "version",
        "line",
        "role",
        "asked for by",
        "requirement",
        "declared",
    ]);
    for row in rows {
        let role = word(&row.role);
        let cells = [
            &row.name,
            &row.version,
            &row.lines.join(" "),
            &role,
            &row.package,
            &row.requirement,
            row.declared.as_ref().unwrap_or(&String::new()),
        ]
        .map(|cell| terminal(cell).into_owned());
        table.add_row(cells);
    }
    let lines: Vec<String> = table
        .lines()
        .map(|line| line.trim_end().to_owned())
        .collect();
    format!("{}\n", lines.join("\n"))
}

fn fields(row: &Row) -> [String; 11] {
    [
        row.package.clone(),
        row.name.clone(),
        row.version.clone(),
        row.source.clone(),
        row.features.join(" "),
        row.requirement.clone(),
        row.declared.clone().unwrap_or_default(),
        if row.direct { "direct" } else { "transitive" }.to_owned(),
        word(&row.role),
        row.lines.join(" "),
        row.artifacts.join(" "),
    ]
}
