//! How likely it is that a release comes in time, from when earlier ones came.

use std::collections::BTreeMap;

use crate::matrix::Matrix;
use crate::plan::lag::{Gap, Lag, Outlook, Reason, outlook};
use crate::readiness::model::Probability;
use crate::registry::Timestamp;
use crate::report::plain::counted;
use crate::skew::Line;

/// What the past of each companion says about waiting for a line, by name.
pub fn outlooks(matrix: &Matrix, target: Line, now: Timestamp) -> BTreeMap<String, Outlook> {
    let companions = matrix.companions.iter();
    companions
        .map(|one| (one.name.clone(), outlook(matrix, one, target, now)))
        .collect()
}

/// That no release comes in time.
pub(super) fn probability(outlook: Option<&Outlook>) -> Probability {
    let unknown = |because: &str| Probability::Unknown {
        because: because.to_owned(),
    };
    match outlook {
        None => unknown("no index lists its releases"),
        Some(Outlook::Served) => {
            unknown("it has a release for the line, which other requirements keep out")
        }
        Some(Outlook::Wait {
            usual_days,
            today_days,
        }) => measured(usual_days, Some(*today_days)),
        Some(Outlook::Escalate {
            reason,
            usual_days,
            today_days,
        }) => match (reason, usual_days) {
            (Reason::Silent { lines, .. }, _) => Probability::Counted {
                cases: count(*lines),
                of: count(*lines),
                what: "lines that came out since its latest release, without one for them".into(),
            },
            (Reason::Skipped { .. }, Some(lag)) if lag.skipped > 0 => skipped(lag),
            (Reason::Skipped { newer }, _) => unknown(&format!(
                "it has gone on to line {newer}, and too few lines were followed to say how often \
                 it makes up for one"
            )),
            (Reason::Overdue, Some(lag)) => measured(lag, *today_days),
            (Reason::Overdue, None) => unknown("too few lines were followed to say"),
        },
        Some(Outlook::Unknown {
            reason,
            measured,
            needed,
            ..
        }) => match reason {
            Gap::NotListed => unknown("no index lists its releases"),
            Gap::NoSuchLine => unknown("the line has no release"),
            Gap::NoDates => unknown("the index does not say when releases came out"),
            Gap::TooFewLines => unknown(&format!(
                "it has followed {}, and {needed} are needed to say what is usual",
                counted(*measured, "line")
            )),
        },
    }
}

/// A line that was passed over was never made up for.
fn skipped(lag: &Lag) -> Probability {
    Probability::Counted {
        cases: count(lag.skipped),
        of: count(lag.skipped + lag.lines),
        what: "lines that came out since its first release, which it passed over for good".into(),
    }
}

fn measured(lag: &Lag, today_days: Option<i64>) -> Probability {
    let today = match today_days {
        Some(days) => format!("; it is day {days}"),
        None => String::new(),
    };
    let skipped = match lag.skipped {
        0 => "it passed none over".to_owned(),
        skipped => format!("it passed {skipped} over"),
    };
    Probability::Measured {
        text: format!(
            "of {}, its release came {} days after the line in the median (from {} to {}), and \
             {skipped}{today}",
            counted(lag.lines, "line"),
            lag.median,
            lag.lowest,
            lag.highest
        ),
    }
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LAG: Lag = Lag {
        median: 12,
        lowest: 5,
        highest: 40,
        lines: 6,
        skipped: 2,
    };

    #[test]
    fn only_what_was_measured_is_a_figure() {
        let wait = Outlook::Wait {
            usual_days: LAG,
            today_days: 3,
        };
        let expected = "of 6 lines, its release came 12 days after the line in the median (from 5 to \
                        40), and it passed 2 over; it is day 3";
        let text = expected.to_owned();
        assert_eq!(probability(Some(&wait)), Probability::Measured { text });
        let escalate = |reason, usual_days| Outlook::Escalate {
            reason,
            usual_days,
            today_days: Some(99),
        };
        let newer: Line = "0.29".parse().unwrap();
        let passed = probability(Some(&escalate(Reason::Skipped { newer }, Some(LAG))));
        assert!(
            matches!(
                passed,
                Probability::Counted {
                    cases: 2,
                    of: 8,
                    ..
                }
            ),
            "{passed:?}"
        );
        let passed = probability(Some(&escalate(Reason::Skipped { newer }, None)));
        assert!(matches!(passed, Probability::Unknown { .. }));
        let silent = Reason::Silent {
            since: Timestamp::from_seconds(0),
            days: 500,
            lines: 4,
        };
        let silent = probability(Some(&escalate(silent, None)));
        assert!(matches!(
            silent,
            Probability::Counted {
                cases: 4,
                of: 4,
                ..
            }
        ));
        let overdue = probability(Some(&escalate(Reason::Overdue, Some(LAG))));
        assert!(matches!(overdue, Probability::Measured { .. }));
        for reason in [
            Gap::NotListed,
            Gap::NoSuchLine,
            Gap::NoDates,
            Gap::TooFewLines,
        ] {
            let gap = Outlook::Unknown {
                reason,
                measured: 1,
                needed: 3,
                unserved: 1,
                today_days: None,
            };
            assert!(matches!(
                probability(Some(&gap)),
                Probability::Unknown { .. }
            ));
        }
        assert!(matches!(probability(None), Probability::Unknown { .. }));
    }
}
