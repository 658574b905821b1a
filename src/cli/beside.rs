//! Answers of other commands that stand in the page of `check`.

use crate::matrix::Matrix;
use crate::plan::PlanReport;
use crate::report::html::Extras;
use crate::report::plain::terminal_lines;
use crate::rules::Rules;

use super::args::{Aim, Check, Common, Format, With};
use super::matrix::matrices;
use super::output::{CliError, Output};
use super::plan::planned;
use super::progress::Progress;

/// What was asked for beside the report.
#[derive(Debug, Default)]
pub struct Beside {
    plans: Vec<PlanReport>,
    matrices: Vec<Matrix>,
    missing: Vec<String>,
}

impl Beside {
    pub fn extras(&self) -> Extras<'_> {
        Extras {
            plans: &self.plans,
            matrices: &self.matrices,
            missing: &self.missing,
        }
    }
}

/// # Errors
/// Where no page is asked for in which it could stand.
pub fn has_page(check: &Check, output: &Output) -> Result<(), CliError> {
    if check.with.is_empty() || output.wants(Format::Html) {
        return Ok(());
    }
    Err(CliError::Usage {
        message: "`--with` puts more into a page, and none is asked for".into(),
        help: "add `--format html=FILE`".into(),
    })
}

/// Works it out. What fails is told, there and in the page: the findings stand all the same.
pub fn beside(common: &Common, check: &Check, output: &Output) -> Beside {
    let mut beside = Beside::default();
    let mut wanted = check.with.clone();
    wanted.sort_unstable();
    wanted.dedup();
    for with in wanted {
        let (name, failed) = match with {
            With::Plan => ("plan", plans(common, output).map(|all| beside.plans = all)),
            With::Matrix => {
                let found = matrices(common, output);
                ("matrix", found.map(|all| beside.matrices = all))
            }
        };
        if let Err(error) = failed {
            let text = format!("there is no {name} in the page: {error}");
            output.message(&format!("note: {}", terminal_lines(&text)));
            // The rest is what cargo says, which the findings tell.
            let first = text.lines().next().unwrap_or_default();
            beside.missing.push(first.to_owned());
        }
    }
    beside
}

fn plans(common: &Common, output: &Output) -> Result<Vec<PlanReport>, CliError> {
    let progress = Progress::start(output, "planning, and having cargo prove it");
    let families = Rules::shipped().families.iter();
    let plans = families.map(|family| {
        planned(common, &Aim::default(), true, family, |_, plans| {
            Ok(plans.report)
        })
    });
    let plans = plans.collect();
    progress.stop();
    plans
}
