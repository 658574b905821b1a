//! The commands that carry steps out.

use crate::plan::model::OptionId;
use crate::workspace::run::quoted;

use super::Subject;
use super::units::Unit;

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
    all.push(fix(of, unit, loose, false));
    // What is left to do may look like something to be done another way.
    if !of.flags.aim.iter().any(|word| word == "--target-line") {
        all.push(fix(of, unit, loose, true));
    }
    all
}

fn fix(of: &Subject<'_>, unit: &Unit<'_>, loose: bool, line: bool) -> String {
    let mut command = "cargo otel-check fix".to_owned();
    for name in unit.packages() {
        command.push_str(&format!(" --only {}", quoted(name)));
    }
    match of.planned.option.id {
        // Nobody gets it without asking.
        OptionId::B => command.push_str(" --option B"),
        OptionId::A | OptionId::C => {}
    }
    if let Some(target) = of.planned.option.target.as_ref().filter(|_| line) {
        command.push_str(&format!(" --target-line {}", quoted(target)));
    }
    command.push_str(&of.flags.planned());
    command.push_str(&of.flags.judged());
    if loose {
        command.push_str(" --allow-dirty");
    }
    command
}

/// What the commit says.
pub fn message(unit: &Unit<'_>) -> String {
    format!(
        "otel-check: {}, {}",
        steps(unit),
        unit.packages().join(", ")
    )
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
