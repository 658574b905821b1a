use super::*;
use crate::matrix::testing::{dep, family, in_use, index, line, release};
use crate::matrix::{InUse, matrix};
use crate::registry::{MemoryIndex, Release};

/// The matrix of a companion with these releases, each with the line that it requires and, where the
/// index gives it, its day. The lines came out on the 10th of a month, 0.1 in January 2025 to 0.5 in
/// May.
fn of(releases: &[(&str, &str, Option<&str>)]) -> Matrix {
    let releases = releases.iter().map(|(version, line, day)| {
        let release = release(version, vec![dep("api", line)]);
        match day {
            Some(day) => release.on(day),
            None => release,
        }
    });
    from(index(vec![("comp", releases.collect())]))
}

fn from(index: MemoryIndex) -> Matrix {
    let used = [in_use("comp", "1.0.0", &["0.1"])];
    matrix(&family(&["comp"]), &used, &index).unwrap()
}

fn at(day: &str) -> Timestamp {
    format!("{day}T12:00:00Z").parse().unwrap()
}

fn ask(matrix: &Matrix, target: &str, day: &str) -> Outlook {
    outlook(matrix, &matrix.companions[0], line(target), at(day))
}

/// Lags of 2, 9 and 4 days behind the lines 0.2 to 0.4.
fn follower() -> Matrix {
    of(&[
        ("1.0.0", "0.1", Some("2025-01-20")),
        ("2.0.0", "0.2", Some("2025-02-12")),
        ("3.0.0", "0.3", Some("2025-03-19")),
        ("4.0.0", "0.4", Some("2025-04-14")),
    ])
}

const USUAL: Lag = Lag {
    median: 4,
    lowest: 2,
    highest: 9,
    lines: 3,
    skipped: 0,
};

#[test]
fn what_it_serves_is_served() {
    assert_eq!(ask(&follower(), "0.4", "2025-05-11"), Outlook::Served);
}

#[test]
fn a_crate_that_has_let_go_of_the_family_serves_every_line() {
    let releases = vec![
        release("1.0.0", vec![dep("api", "0.1")]).on("2025-01-20"),
        release("2.0.0", vec![]).on("2025-02-20"),
    ];
    let matrix = from(index(vec![("comp", releases)]));
    assert_eq!(ask(&matrix, "0.5", "2026-05-11"), Outlook::Served);
}

#[test]
fn up_to_the_longest_lag_wait_and_then_ask() {
    let wait = |today_days| Outlook::Wait {
        usual_days: USUAL,
        today_days,
    };
    assert_eq!(ask(&follower(), "0.5", "2025-05-10"), wait(0));
    assert_eq!(ask(&follower(), "0.5", "2025-05-19"), wait(9));
    assert_eq!(
        ask(&follower(), "0.5", "2025-05-20"),
        Outlook::Escalate {
            reason: Reason::Overdue,
            usual_days: Some(USUAL),
            today_days: Some(10),
        }
    );
}

#[test]
fn a_line_of_the_future_has_no_lag_yet() {
    assert_eq!(
        ask(&follower(), "0.5", "2025-04-30"),
        Outlook::Wait {
            usual_days: USUAL,
            today_days: 0,
        }
    );
}

#[test]
fn who_always_came_at_once_is_late_after_a_day() {
    let matrix = of(&[
        ("1.0.0", "0.1", Some("2025-01-10")),
        ("2.0.0", "0.2", Some("2025-02-10")),
        ("3.0.0", "0.3", Some("2025-03-10")),
        ("4.0.0", "0.4", Some("2025-04-10")),
    ]);
    // The first line counts, too: the companion came out together with it.
    let usual_days = Lag {
        median: 0,
        lowest: 0,
        highest: 0,
        lines: 4,
        skipped: 0,
    };
    assert_eq!(
        ask(&matrix, "0.5", "2025-05-10"),
        Outlook::Wait {
            usual_days,
            today_days: 0,
        }
    );
    assert_eq!(
        ask(&matrix, "0.5", "2025-05-11"),
        Outlook::Escalate {
            reason: Reason::Overdue,
            usual_days: Some(usual_days),
            today_days: Some(1),
        }
    );
}

#[test]
fn a_release_that_was_there_before_the_line_has_lag_0() {
    // A range: the first release serves 0.1 to 0.3 before 0.2 and 0.3 exist.
    let matrix = of(&[
        ("1.0.0", ">=0.1, <0.4", Some("2025-01-20")),
        ("2.0.0", "0.4", Some("2025-04-11")),
    ]);
    let Outlook::Wait { usual_days, .. } = ask(&matrix, "0.5", "2025-05-10") else {
        panic!("to wait");
    };
    assert_eq!((usual_days.lowest, usual_days.highest), (0, 1));
    assert_eq!((usual_days.median, usual_days.lines), (0, 3));
}

#[test]
fn one_that_has_served_a_single_line_has_followed_none() {
    let matrix = of(&[("1.0.0", "0.4", Some("2025-04-20"))]);
    assert_eq!(
        ask(&matrix, "0.5", "2025-05-12"),
        Outlook::Unknown {
            reason: Gap::TooFewLines,
            measured: 0,
            needed: NEEDED,
            unserved: 1,
            today_days: Some(2),
        }
    );
}

#[test]
fn a_line_that_was_passed_over_does_not_come() {
    let matrix = of(&[
        ("1.0.0", "0.1", Some("2025-01-20")),
        ("2.0.0", "0.3", Some("2025-03-12")),
        ("3.0.0", "0.5", Some("2025-05-12")),
    ]);
    assert_eq!(
        ask(&matrix, "0.4", "2025-05-20"),
        Outlook::Escalate {
            reason: Reason::Skipped { newer: line("0.5") },
            usual_days: None,
            today_days: Some(40),
        }
    );
}

#[test]
fn lines_passed_over_are_counted() {
    let matrix = of(&[
        ("1.0.0", "0.1", Some("2025-01-10")),
        ("2.0.0", "0.2", Some("2025-02-12")),
        ("3.0.0", "0.4", Some("2025-04-14")),
    ]);
    let Outlook::Wait { usual_days, .. } = ask(&matrix, "0.5", "2025-05-12") else {
        panic!("to wait");
    };
    assert_eq!((usual_days.lines, usual_days.skipped), (3, 1));
}

#[test]
fn an_owner_who_lets_two_lines_go_by_is_silent() {
    let mut matrix = of(&[
        ("1.0.0", "0.1", Some("2025-01-20")),
        ("2.0.0", "0.2", Some("2025-02-12")),
        ("3.0.0", "0.3", Some("2025-03-19")),
    ]);
    let silent = Outlook::Escalate {
        reason: Reason::Silent {
            since: at("2025-03-19"),
            days: 52,
            lines: 2,
        },
        usual_days: None,
        today_days: Some(0),
    };
    assert_eq!(ask(&matrix, "0.5", "2025-05-10"), silent);
    // A line that is still to come is none that the owner let go by.
    assert!(matches!(
        ask(&matrix, "0.4", "2025-05-09"),
        Outlook::Unknown { .. }
    ));
    // Any release is a sign of life, even one that serves no new line.
    matrix.companions[0].latest = Some(at("2025-04-20"));
    assert!(matches!(
        ask(&matrix, "0.5", "2025-05-10"),
        Outlook::Unknown { .. }
    ));
}

#[test]
fn the_latest_release_counts_whatever_it_is() {
    let releases: Vec<Release> = vec![
        release("1.0.0", vec![dep("api", "0.1")]).on("2025-01-20"),
        release("1.0.1", vec![dep("api", "0.1")])
            .on("2025-03-01")
            .yanked(),
        release("2.0.0-rc.1", vec![dep("api", "0.2")]).on("2025-04-01"),
    ];
    let matrix = from(index(vec![("comp", releases)]));
    assert_eq!(matrix.companions[0].latest, Some(at("2025-04-01")));
}

#[test]
fn without_dates_nothing_is_said() {
    let undated = of(&[
        ("1.0.0", "0.1", None),
        ("2.0.0", "0.2", None),
        ("3.0.0", "0.3", None),
        ("4.0.0", "0.4", None),
    ]);
    let unknown = |today_days| Outlook::Unknown {
        reason: Gap::NoDates,
        measured: 0,
        needed: NEEDED,
        unserved: 0,
        today_days,
    };
    assert_eq!(ask(&undated, "0.5", "2025-05-12"), unknown(Some(2)));
    // Nor where the line has none.
    let mut matrix = follower();
    for row in &mut matrix.lines {
        row.published = None;
    }
    assert_eq!(ask(&matrix, "0.5", "2025-05-12"), unknown(None));
}

#[test]
fn what_no_index_lists_and_what_does_not_exist_is_unknown() {
    let reason = |outlook| match outlook {
        Outlook::Unknown { reason, .. } => reason,
        other => panic!("{other:?}"),
    };
    assert_eq!(
        reason(ask(&follower(), "0.7", "2025-05-12")),
        Gap::NoSuchLine
    );
    let used = [InUse {
        registry: None,
        ..in_use("comp", "1.0.0", &["0.1"])
    }];
    let index = index(vec![]);
    let matrix = matrix(&family(&["comp"]), &used, &index).unwrap();
    assert_eq!(reason(ask(&matrix, "0.5", "2025-05-12")), Gap::NotListed);
}

#[test]
fn of_an_even_number_the_lower_middle_is_the_median() {
    let matrix = of(&[
        ("1.0.0", "0.1", Some("2025-01-10")),
        ("2.0.0", "0.2", Some("2025-02-12")),
        ("3.0.0", "0.3", Some("2025-03-19")),
        ("4.0.0", "0.4", Some("2025-04-14")),
    ]);
    let Outlook::Wait { usual_days, .. } = ask(&matrix, "0.5", "2025-05-12") else {
        panic!("to wait");
    };
    assert_eq!((usual_days.lines, usual_days.median), (4, 2));
}

#[test]
fn reads_as_json() {
    let wait = ask(&follower(), "0.5", "2025-05-12");
    insta::assert_json_snapshot!(wait, @r#"
    {
      "outlook": "wait",
      "usual_days": {
        "median": 4,
        "lowest": 2,
        "highest": 9,
        "lines": 3,
        "skipped": 0
      },
      "today_days": 2
    }
    "#);
    let late = ask(&follower(), "0.5", "2025-06-12");
    insta::assert_json_snapshot!(late, @r#"
    {
      "outlook": "escalate",
      "reason": {
        "kind": "overdue"
      },
      "usual_days": {
        "median": 4,
        "lowest": 2,
        "highest": 9,
        "lines": 3,
        "skipped": 0
      },
      "today_days": 33
    }
    "#);
}
