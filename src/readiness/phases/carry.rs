//! The commands that carry steps out.

use crate::plan::model::OptionId;
use crate::workspace::run::quoted;

use super::units::Unit;
use super::{Subject, to_line};

/// Ways to carry steps out at once, in the order of preference. `loose` says that some of the files
/// are in no commit and never will be.
pub fn ways(of: &Subject<'_>, unit: &Unit<'_>, loose: bool) -> Vec<String> {
    let mut all = Vec::new();
    if let Some((name, from, to)) = unit.only_lock() {
        let from = from.as_ref();
        let spec = from.map_or_else(|| name.clone(), |from| format!("{name}@{from}"));
        let offline = of.flags.offline();
        all.push(format!(
            "cargo update{offline} -p {} --precise {to}",
            quoted(&spec)
        ));
    }
    let given = of.flags.planned();
    let line = of.planned.option.target.as_ref();
    // Asked for by its line, whether or not that was asked for.
    let by_line = line.map(|line| to_line(line));
    let flags = match of.planned.option.id {
        OptionId::A => vec![Some(given), by_line],
        // Nobody gets it without asking.
        OptionId::B => vec![
            Some(format!(" --option B{given}")),
            by_line.map(|by_line| format!(" --option B{by_line}")),
        ],
        OptionId::C => vec![Some(format!(" --option C{given}")), by_line],
    };
    let flags: Vec<String> = flags.into_iter().flatten().collect();
    let packages = unit.packages();
    let some = flags.iter().map(|flags| fix(of, &packages, flags, loose));
    all.extend(some);
    if unit.parts.len() == of.planned.parts.len() {
        all.extend(flags.iter().map(|flags| fix(of, &[], flags, loose)));
    }
    all.dedup();
    all
}

/// Without packages it is all of the plan.
fn fix(of: &Subject<'_>, packages: &[&str], flags: &str, loose: bool) -> String {
    let names = packages
        .iter()
        .map(|name| format!(" --only {}", quoted(name)));
    let names: String = names.collect();
    let judged = of.flags.judged();
    let dirty = if loose { " --allow-dirty" } else { "" };
    format!("cargo otel-check fix{names}{flags}{judged}{dirty}")
}

/// What the commit says.
pub fn message(unit: &Unit<'_>) -> String {
    format!(
        "otel-check: {}, {}",
        steps(unit),
        unit.packages().join(", ")
    )
}

/// What the commit says that takes all of it back.
pub const BACK: &str = "otel-check: roll back everything";

/// The same of a phase.
pub fn back_phase(number: usize) -> String {
    format!("otel-check: roll back phase {number}")
}

/// The same of these steps.
pub fn back(unit: &Unit<'_>) -> String {
    format!("otel-check: roll back {}", steps(unit))
}

/// Name of the state after these steps.
pub fn label(of: &Subject<'_>, unit: &Unit<'_>) -> String {
    let last = unit.steps.last().map_or(0, |step| step.number);
    of.label(&format!("step-{last}"))
}

/// Name of the state before all of it.
pub fn start(of: &Subject<'_>) -> String {
    of.label("start")
}

/// `step 1`, `steps 1, 2`.
pub fn steps(unit: &Unit<'_>) -> String {
    let numbers: Vec<String> = unit
        .steps
        .iter()
        .map(|step| step.number.to_string())
        .collect();
    let word = if numbers.len() == 1 { "step" } else { "steps" };
    format!("{word} {}", numbers.join(", "))
}
