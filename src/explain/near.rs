//! Names that somebody may have meant.

/// How many names are offered.
const OFFERED: usize = 3;

/// The nearest of the names to one that there is not: alike by their letters, or one a part of the
/// other.
pub fn near<'a>(wanted: &str, names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let wanted = wanted.to_lowercase().replace('_', "-");
    let mut rated: Vec<(usize, &str)> = names
        .filter_map(|name| {
            let plain = name.to_lowercase().replace('_', "-");
            let distance = strsim::damerau_levenshtein(&wanted, &plain);
            let part = wanted.len() >= 4 && plain.contains(&wanted)
                || plain.len() >= 4 && wanted.contains(&plain);
            let alike = distance <= wanted.chars().count() / 3;
            (alike || part).then_some((distance, name))
        })
        .collect();
    rated.sort();
    rated.dedup();
    rated
        .into_iter()
        .map(|(_, name)| name)
        .take(OFFERED)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::near;

    #[test]
    fn names_that_may_be_meant() {
        let names = [
            "lost-telemetry",
            "no-sdk",
            "opentelemetry",
            "tracing",
            "tracing-core",
        ];
        let of = |wanted: &str| near(wanted, names.into_iter());
        assert_eq!(of("lost"), ["lost-telemetry"]);
        assert_eq!(of("opentelemtry"), ["opentelemetry"]);
        assert_eq!(of("tracing_core"), ["tracing-core", "tracing"]);
        assert_eq!(of("NO-SDK"), ["no-sdk"]);
        assert!(of("x").is_empty());
        assert!(of("").is_empty());
    }
}
