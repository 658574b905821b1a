//! The text of a new requirement, in the manner of the old one.

use std::cmp::Ordering;

use semver::{Comparator, Op, Version, VersionReq};

/// A requirement that admits `to`, written as `old` is: with its operator and as many numbers, and
/// with more of them where fewer would also admit one of `bad`.
pub fn rewritten(old: &str, to: &Version, bad: &[&Version]) -> String {
    let old = old.trim();
    let parsed = VersionReq::parse(old).ok();
    let comparators = parsed.as_ref().map_or(&[][..], |req| &req.comparators);
    let (sign, numbers) = match comparators {
        [only] => (sign(old, only), numbers(only)),
        // A range or `*` says nothing of how its owner would write one release.
        _ => ("", 2),
    };
    // Build metadata has no place in a requirement, and a pre-release needs all numbers.
    let least = if to.pre.is_empty() { numbers } else { 3 };
    (least..=3)
        .map(|numbers| format!("{sign}{}", cut(to, numbers)))
        .find(|text| admits_none(text, bad, to))
        .unwrap_or_else(|| format!("{sign}{}", cut(to, 3)))
}

fn admits_none(text: &str, bad: &[&Version], to: &Version) -> bool {
    VersionReq::parse(text).is_ok_and(|req| {
        // Newer ones cannot be kept out by more numbers.
        let mut older = bad
            .iter()
            .filter(|version| version.cmp(&&to) == Ordering::Less);
        req.matches(to) && !older.any(|version| req.matches(version))
    })
}

fn sign(text: &str, comparator: &Comparator) -> &'static str {
    match comparator.op {
        Op::Exact if text.starts_with('=') => "=",
        Op::Tilde => "~",
        Op::Caret if text.starts_with('^') => "^",
        _ => "",
    }
}

fn numbers(comparator: &Comparator) -> usize {
    match (comparator.op, comparator.minor, comparator.patch) {
        // `0.*` is a requirement of one number, and `=1.2` one of two.
        (_, Some(_), Some(_)) => 3,
        (_, Some(_), None) => 2,
        (_, None, _) if comparator.major == 0 => 2,
        (_, None, _) => 1,
    }
}

fn cut(version: &Version, numbers: usize) -> String {
    let Version {
        major,
        minor,
        patch,
        pre,
        ..
    } = version;
    match numbers {
        // `0` admits every line below 1.
        0 | 1 if *major > 0 => format!("{major}"),
        0..=2 if *major > 0 || *minor > 0 => format!("{major}.{minor}"),
        _ if pre.is_empty() => format!("{major}.{minor}.{patch}"),
        _ => format!("{major}.{minor}.{patch}-{pre}"),
    }
}

/// A toolchain's version, of which only the first numbers may be written.
pub fn rust(text: &str) -> Option<Version> {
    let mut numbers = text.trim().split('.').map(str::parse::<u64>);
    let major = numbers.next()?.ok()?;
    let minor = numbers.next().map_or(Some(0), Result::ok)?;
    let patch = numbers.next().map_or(Some(0), Result::ok)?;
    Some(Version::new(major, minor, patch))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_manner_stays() {
        let new = |old: &str, to: &str, bad: &[&str]| {
            let bad: Vec<Version> = bad.iter().map(|text| text.parse().unwrap()).collect();
            let bad: Vec<&Version> = bad.iter().collect();
            rewritten(old, &to.parse().unwrap(), &bad)
        };
        for (old, to, bad, expected) in [
            ("0.26", "0.28.0", &[][..], "0.28"),
            ("0.26.0", "0.28.1", &[], "0.28.1"),
            ("=0.26.0", "0.28.1", &[], "=0.28.1"),
            ("~0.26", "0.28.1", &[], "~0.28"),
            ("^0.26", "0.28.1", &[], "^0.28"),
            ("7", "8.1.2", &[], "8"),
            ("7", "8.1.2", &["8.0.3"], "8.1"),
            ("7", "7.0.7", &["7.0.6"], "7.0.7"),
            ("0.26", "1.2.3", &[], "1.2"),
            ("0", "0.28.1", &[], "0.28"),
            ("*", "0.28.1", &[], "0.28"),
            (">=0.20, <0.30", "0.31.2", &[], "0.31"),
            ("0.26", "0.0.3", &[], "0.0.3"),
            ("0.26", "0.28.0-rc.1", &[], "0.28.0-rc.1"),
            ("0.26", "0.28.0+build.5", &[], "0.28"),
        ] {
            assert_eq!(new(old, to, bad), expected, "{old} to {to}");
        }
    }

    #[test]
    fn toolchains_may_lack_numbers() {
        assert_eq!(rust("1.75"), Some(Version::new(1, 75, 0)));
        assert_eq!(rust("1.75.1"), Some(Version::new(1, 75, 1)));
        assert_eq!(rust("nightly"), None);
    }
}
