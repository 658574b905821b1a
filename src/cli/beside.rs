//! Answers of other commands that stand beside the findings of `check`: in its page, and a proven plan
//! as fixes in SARIF.

use crate::matrix::Matrix;
use crate::plan::PlanReport;
use crate::plan::mend::Mend;
use crate::report::html::Extras;
use crate::report::plain::terminal_lines;
use crate::rules::Rules;

use super::args::{Aim, Check, Common, Format, With};
use super::matrix::matrices;
use super::output::{CliError, Output};
use super::planned::{chosen, planned_on};
use super::progress::Progress;

/// What was asked for beside the report.
#[derive(Debug, Default)]
pub struct Beside {
    plans: Vec<PlanReport>,
    matrices: Vec<Matrix>,
    mends: Vec<Mend>,
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

    /// What the plans write, where they are proven.
    pub fn mends(&self) -> &[Mend] {
        &self.mends
    }
}

/// # Errors
/// Where no format is asked for in which it could stand.
pub fn has_place(check: &Check, output: &Output) -> Result<(), CliError> {
    let homeless = |with: &&With| match with {
        With::Plan => !output.wants(Format::Html) && !output.wants(Format::Sarif),
        With::Matrix => !output.wants(Format::Html),
    };
    match check.with.iter().find(homeless) {
        None => Ok(()),
        Some(With::Plan) => Err(CliError::Usage {
            message: "`--with plan` puts more into a page or SARIF, and neither is asked for"
                .into(),
            help: "add `--format html=FILE` or `--format sarif=FILE`".into(),
        }),
        Some(With::Matrix) => Err(CliError::Usage {
            message: "`--with matrix` puts more into a page, and none is asked for".into(),
            help: "add `--format html=FILE`".into(),
        }),
    }
}

/// Works it out. What fails is told, there and in the page: the findings stand all the same.
pub fn beside(common: &Common, check: &Check, output: &Output) -> Beside {
    let mut beside = Beside::default();
    let mut wanted = check.with.clone();
    wanted.sort_unstable();
    wanted.dedup();
    for with in wanted {
        let (name, failed) = match with {
            With::Plan => {
                let found = plans(common, output);
                let keep = |(plans, mends)| (beside.plans, beside.mends) = (plans, mends);
                ("plan", found.map(keep))
            }
            With::Matrix => {
                let found = matrices(common, output);
                ("matrix", found.map(|all| beside.matrices = all))
            }
        };
        if let Err(error) = failed {
            let place = match output.wants(Format::Html) {
                true => "in the page",
                false => "beside the findings",
            };
            let text = format!("there is no {name} {place}: {error}");
            output.message(&format!("note: {}", terminal_lines(&text)));
            // The rest is what cargo says, which the findings tell.
            let first = text.lines().next().unwrap_or_default();
            beside.missing.push(first.to_owned());
        }
    }
    beside
}

/// The plans, and what the proven ones write.
fn plans(common: &Common, output: &Output) -> Result<(Vec<PlanReport>, Vec<Mend>), CliError> {
    let progress = Progress::start(output, "planning, and having cargo prove it");
    let families = Rules::shipped().families.iter();
    let plans = families.map(|family| {
        let aim = Aim::default();
        planned_on(common, &aim, true, family, |planner, plans, (_, today)| {
            let report = plans.report.clone();
            let plan = chosen(plans, None);
            let mend = plan.and_then(|plan| Mend::of(planner, &plan, today));
            Ok((report, mend))
        })
    });
    let plans: Result<Vec<_>, CliError> = plans.collect();
    progress.stop();
    let (plans, mends): (_, Vec<_>) = plans?.into_iter().unzip();
    Ok((plans, mends.into_iter().flatten().collect()))
}
