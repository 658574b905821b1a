//! A page that needs nothing beside itself: no script to be read, no network, one file.

mod excerpt;
mod findings;
mod graphs;
mod heat;
mod lines;
mod matrix;
pub(crate) mod page;
mod parts;
mod plan;
mod readiness;
mod spec;
mod summary;
pub mod write;

#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;

#[cfg(test)]
pub(in crate::report) use self::testing::outline;

use crate::matrix::Matrix;
use crate::plan::PlanReport;
use crate::spec::SpecReport;

use self::findings::Numbered;
use self::page::{Head, Part, page};
use self::write::Writer;

pub use self::readiness::{
    render_comparison, render_readiness, render_readiness_summary, render_verification,
};
pub(in crate::report) use self::write::text;
use super::words::passes;
use super::{Report, Tool};

/// Answers of other commands for the same page, one for each family.
#[derive(Debug, Clone, Copy, Default)]
pub struct Extras<'a> {
    pub plans: &'a [PlanReport],
    pub matrices: &'a [Matrix],
    /// What could not be had of them, and why.
    pub missing: &'a [String],
}

/// The page of a report.
pub fn render(report: &Report, extras: Extras<'_>) -> String {
    let head = Head {
        title: format!("otel-check: {}", summary::headline(report)),
        write: &|w| summary::head(report, w),
        tool: report.tool.to_string(),
    };
    let mut parts = checked(report);
    parts.extend(planned(extras.plans));
    parts.extend(compatible(extras.matrices));
    if !extras.missing.is_empty() {
        parts.push(Part::new("missing", "Not in this page", |w| {
            w.list(extras.missing.iter().map(String::as_str));
        }));
    }
    page(&head, parts)
}

/// The page of plans, one for each family.
pub fn render_plans(plans: &[PlanReport]) -> String {
    let title = match plans.first() {
        Some(plan) => format!("Plan: {}", plan::headline(plan)),
        None => "Plan".to_owned(),
    };
    let tools = plans.iter().map(|plan| &plan.tool);
    alone(&title, tools, planned(plans).collect())
}

/// The page of matrices, one for each family.
pub fn render_matrices(matrices: &[Matrix]) -> String {
    let tools = matrices.iter().map(|matrix| &matrix.tool);
    let parts = compatible(matrices).collect();
    alone("Releases by line", tools, parts)
}

/// The page of specifications, of all families.
pub fn render_specs(reports: &[SpecReport]) -> String {
    let tools = reports.iter().map(|report| &report.tool);
    let mut parts = Vec::new();
    for report in reports {
        for one in &report.specs {
            let write = |w: &mut Writer| spec::render(one, w);
            let id = numbered("spec", parts.len());
            parts.push(Part::new(&id, &spec::title(report, one), write));
        }
    }
    let notes = reports.iter().flat_map(|report| &report.notes);
    let notes: Vec<&str> = notes.map(String::as_str).collect();
    if !notes.is_empty() {
        parts.push(Part::new("notes", "Notes", |w| w.list(notes)));
    }
    alone(&spec::headline(reports), tools, parts)
}

fn alone<'a>(title: &str, mut tools: impl Iterator<Item = &'a Tool>, parts: Vec<Part>) -> String {
    let head = Head {
        title: format!("otel-check: {title}"),
        write: &|w| w.element("h1", &[], title),
        tool: tools.next().map(Tool::to_string).unwrap_or_default(),
    };
    page(&head, parts)
}

fn checked(report: &Report) -> Vec<Part> {
    let numbered = Numbered::new(report);
    let mut parts = Vec::new();
    if let Some(comparison) = &report.comparison {
        let write = |w: &mut Writer| summary::comparison(comparison, w);
        parts.push(Part::new("comparison", "What has changed", write));
    }
    if report.artifacts.iter().any(|row| !row.lines.is_empty()) {
        parts.push(Part::new("artifacts", "Artifacts and lines", |w| {
            heat::render(report, &numbered, w);
            lines::render(report, w);
        }));
    }
    parts.push(Part::new("findings", "Findings", |w| {
        findings::render(report, &numbered, w);
    }));
    let graphs = graphs::all(report);
    if !graphs.is_empty() {
        let write = |w: &mut Writer| graphs::render(&graphs, w);
        parts.push(Part::new("graphs", "Who brings in what", write));
    }
    if report.findings.iter().any(|one| passes(one).is_some()) {
        let write = |w: &mut Writer| summary::passing(report, w);
        parts.push(Part::new("passing", "Let through", write));
    }
    parts
}

fn planned(plans: &[PlanReport]) -> impl Iterator<Item = Part> {
    plans.iter().enumerate().map(|(number, report)| {
        let title = format!("Plan for {}", report.family);
        let write = |w: &mut Writer| plan::render(report, w);
        Part::new(&numbered("plan", number), &title, write)
    })
}

fn compatible(matrices: &[Matrix]) -> impl Iterator<Item = Part> {
    matrices.iter().enumerate().map(|(number, found)| {
        let title = format!("{} releases by line", found.family);
        let write = |w: &mut Writer| matrix::render(found, w);
        Part::new(&numbered("matrix", number), &title, write)
    })
}

/// An id of its own for each family.
fn numbered(id: &str, number: usize) -> String {
    match number {
        0 => id.to_owned(),
        number => format!("{id}-{}", number + 1),
    }
}
