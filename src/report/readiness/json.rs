//! A readiness report as JSON.

use serde::Serialize;

use crate::readiness::Readiness;
use crate::readiness::compare::Comparison;
use crate::readiness::verify::Verification;

/// Pretty-printed, with a newline at the end.
pub fn render(report: &Readiness) -> String {
    printed(report)
}

/// What moved between two reports.
pub fn comparison(moved: &Comparison) -> String {
    printed(moved)
}

/// Whether a certificate still says what is so.
pub fn verification(found: &Verification) -> String {
    printed(found)
}

fn printed(value: &impl Serialize) -> String {
    // The values hold strings, numbers and lists only; writing those to memory cannot fail.
    let mut text = serde_json::to_string_pretty(value).unwrap_or_default();
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::readiness::testing::{all, no_go};

    #[test]
    fn renders() {
        insta::assert_snapshot!(render(&no_go()));
    }

    /// What `--compare` and `--verify` read is what was written.
    #[test]
    fn it_is_read_back_as_it_was() {
        for report in all() {
            let text = render(&report);
            assert!(text.ends_with("}\n"));
            let read: Readiness = serde_json::from_str(&text).unwrap();
            assert_eq!(read, report);
        }
    }
}
