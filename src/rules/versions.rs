//! Which versions a requirement in a rule file means.

use semver::{Comparator, Op, Version, VersionReq};

/// Whether a rule for these versions speaks of this one.
///
/// A pre-release counts as the release that it leads up to (`0.31.0-rc.1` as `0.31.0`), whose code it
/// has, unless the requirement names a pre-release of that very release: then semver's order decides.
/// No requirement means all versions.
pub fn applies(versions: Option<&VersionReq>, version: &Version) -> bool {
    let Some(versions) = versions else {
        return true;
    };
    if version.pre.is_empty() || names_prerelease_of(versions, version) {
        return versions.matches(version);
    }
    versions.matches(&Version::new(version.major, version.minor, version.patch))
}

/// Whether a version comes before the release that a rule names. A pre-release counts as in
/// [`applies`]; build metadata does not count.
pub(super) fn is_before(version: &Version, release: &Version) -> bool {
    let names_it = !release.pre.is_empty() && numbers(version) == numbers(release);
    match names_it {
        true => version.cmp_precedence(release).is_lt(),
        false => numbers(version) < numbers(release),
    }
}

fn numbers(version: &Version) -> Release {
    (version.major, version.minor, version.patch)
}

fn names_prerelease_of(versions: &VersionReq, version: &Version) -> bool {
    versions.comparators.iter().any(|comparator| {
        !comparator.pre.is_empty()
            && comparator.major == version.major
            && comparator.minor == Some(version.minor)
            && comparator.patch == Some(version.patch)
    })
}

type Release = (u64, u64, u64);

/// Whether some release satisfies both requirements.
pub(super) fn overlap(left: Option<&VersionReq>, right: Option<&VersionReq>) -> bool {
    let (low_left, high_left) = span(left);
    let (low_right, high_right) = span(right);
    low_left.max(low_right) < high_left.min(high_right)
}

/// Whether no release satisfies the requirement.
pub(super) fn is_empty(versions: &VersionReq) -> bool {
    let (low, high) = span(Some(versions));
    low >= high
}

/// The releases that satisfy all comparators: from the first on, up to and without the second.
fn span(versions: Option<&VersionReq>) -> (Release, Release) {
    let all = ((0, 0, 0), (u64::MAX, u64::MAX, u64::MAX));
    let comparators = versions.map_or(&[][..], |versions| &versions.comparators);
    comparators
        .iter()
        .map(comparator_span)
        .fold(all, |sum, part| (sum.0.max(part.0), sum.1.min(part.1)))
}

fn comparator_span(comparator: &Comparator) -> (Release, Release) {
    let first = (
        comparator.major,
        comparator.minor.unwrap_or(0),
        comparator.patch.unwrap_or(0),
    );
    let end = (u64::MAX, u64::MAX, u64::MAX);
    match comparator.op {
        Op::Exact | Op::Wildcard => (first, after(comparator)),
        Op::Greater => (after(comparator), end),
        Op::GreaterEq => (first, end),
        Op::Less => ((0, 0, 0), first),
        Op::LessEq => ((0, 0, 0), after(comparator)),
        Op::Tilde => (first, after_tilde(comparator)),
        Op::Caret => (first, after_caret(comparator)),
        // The crate may add operators; one that is not known here may mean anything.
        _ => ((0, 0, 0), end),
    }
}

/// The first release after all that the comparator's numbers name.
fn after(comparator: &Comparator) -> Release {
    match (comparator.minor, comparator.patch) {
        (None, _) => (comparator.major.saturating_add(1), 0, 0),
        (Some(minor), None) => (comparator.major, minor.saturating_add(1), 0),
        (Some(minor), Some(patch)) => (comparator.major, minor, patch.saturating_add(1)),
    }
}

fn after_tilde(comparator: &Comparator) -> Release {
    match comparator.minor {
        None => (comparator.major.saturating_add(1), 0, 0),
        Some(minor) => (comparator.major, minor.saturating_add(1), 0),
    }
}

fn after_caret(comparator: &Comparator) -> Release {
    match (comparator.major, comparator.minor, comparator.patch) {
        (0, Some(0), Some(_)) | (0, Some(0), None) => after(comparator),
        (0, Some(minor), _) => (0, minor.saturating_add(1), 0),
        (major, _, _) => (major.saturating_add(1), 0, 0),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn req(text: &str) -> VersionReq {
        text.parse().expect("a requirement")
    }

    fn version(text: &str) -> Version {
        text.parse().expect("a version")
    }

    #[test]
    fn a_prerelease_counts_as_its_release() {
        let below = req("<0.31");
        assert!(applies(Some(&below), &version("0.30.9")));
        assert!(!applies(Some(&below), &version("0.31.0-rc.1")));
        let from = req(">=0.31");
        assert!(applies(Some(&from), &version("0.31.0-rc.1")));
        assert!(applies(None, &version("1.0.0-beta.1")));
    }

    #[test]
    fn a_requirement_that_names_a_prerelease_orders_them() {
        let from = req(">=1.0.0-beta.2");
        assert!(!applies(Some(&from), &version("1.0.0-beta.1")));
        assert!(applies(Some(&from), &version("1.0.0-beta.3")));
        assert!(applies(Some(&from), &version("1.1.0-alpha.1")));
    }

    #[test]
    fn touching_spans_do_not_overlap() {
        let overlapping = |left: &str, right: &str| overlap(Some(&req(left)), Some(&req(right)));
        assert!(!overlapping("<0.14", ">=0.14"));
        assert!(overlapping("<=0.14.0", ">=0.14"));
        assert!(!overlapping("^0.13", "^0.14"));
        assert!(overlapping("0.0.3", "<0.1"));
        assert!(!overlapping("=1.2", ">=1.3"));
        assert!(overlapping("*", "=9.9.9"));
        assert!(overlap(None, Some(&req("<0.1"))));
        assert!(is_empty(&req(">=0.3, <0.2")));
        assert!(is_empty(&req("<0.0.0")));
        assert!(!is_empty(&req(">=0.3, <0.4")));
    }

    fn comparator() -> impl Strategy<Value = String> {
        let numbers = prop_oneof![
            (0u64..3).prop_map(|a| a.to_string()),
            (0u64..3, 0u64..3).prop_map(|(a, b)| format!("{a}.{b}")),
            (0u64..3, 0u64..3, 0u64..3).prop_map(|(a, b, c)| format!("{a}.{b}.{c}")),
        ];
        (prop_oneof!["=", ">", ">=", "<", "<=", "~", "\\^"], numbers)
            .prop_map(|(op, numbers)| format!("{op}{numbers}"))
    }

    proptest! {
        /// A release lies in the span of a requirement exactly where semver says that it matches.
        #[test]
        fn spans_agree_with_semver(parts in prop::collection::vec(comparator(), 1..3),
                                   release in (0u64..5, 0u64..5, 0u64..5)) {
            let versions = req(&parts.join(", "));
            let (low, high) = span(Some(&versions));
            let inside = low <= release && release < high;
            prop_assert_eq!(inside, versions.matches(&Version::new(release.0, release.1, release.2)));
        }
    }
}
