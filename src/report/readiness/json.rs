//! A readiness report as JSON.

use crate::readiness::Readiness;
use crate::readiness::compare::Comparison;
use crate::readiness::verify::Verification;
use crate::report::json::pretty;

/// Pretty-printed, with a newline at the end.
pub fn render(report: &Readiness) -> String {
    pretty(report)
}

/// What moved between two reports.
pub fn comparison(moved: &Comparison) -> String {
    pretty(moved)
}

/// Whether a certificate still says what is so.
pub fn verification(found: &Verification) -> String {
    pretty(found)
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
