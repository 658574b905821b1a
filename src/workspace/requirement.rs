//! Version requirements, as cargo reads them.

use semver::{Version, VersionReq};

/// The lowest version that the first condition of a requirement names, pre-releases apart: `1.2.0` of
/// `^1.2`. None of `*`.
pub fn lowest(requirement: &VersionReq) -> Option<Version> {
    let first = requirement.comparators.first()?;
    let (minor, patch) = (first.minor.unwrap_or(0), first.patch.unwrap_or(0));
    Some(Version::new(first.major, minor, patch))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_out_is_zero() {
        let of = |text: &str| lowest(&VersionReq::parse(text).unwrap()).map(|v| v.to_string());
        assert_eq!(of("1.2"), Some("1.2.0".into()));
        assert_eq!(of("=0.27.1"), Some("0.27.1".into()));
        assert_eq!(of(">=0.1.0, <0.3"), Some("0.1.0".into()));
        assert_eq!(of("*"), None);
    }
}
