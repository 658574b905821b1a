//! Cargo's refusal of a plan, in one sentence.

use crate::workspace::resolve_error::{Cause, Requirer, parse};

/// Why cargo did not take a change, as a sentence without a full stop.
pub fn in_words(stderr: &str) -> String {
    let error = parse(stderr);
    match &error.cause {
        Cause::MissingFeature {
            dependency,
            feature,
            ..
        } => format!(
            "{} the feature `{feature}` of `{dependency}`, which it does not have",
            asks(error.chain.first())
        ),
        Cause::Conflict {
            dependency,
            requirement,
            selected_requirement,
            ..
        } => {
            let one = error.chain.first();
            let other = error.other_chain.first();
            let version = |own: &Option<String>, requirer: Option<&Requirer>| {
                let found = own.clone().or_else(|| requirer?.requirement.clone());
                found.map_or_else(
                    || "another version".to_owned(),
                    |text| format!("\"{text}\""),
                )
            };
            format!(
                "{} `{dependency}` {}, {} it {}",
                asks(one),
                version(requirement, one),
                asks(other),
                version(selected_requirement, other)
            )
        }
        Cause::NoVersion {
            dependency,
            requirement,
        } => format!("there is no release of `{dependency}` for \"{requirement}\""),
        Cause::NoPackage { dependency } => format!("there is no package `{dependency}`"),
        Cause::Other { .. } => first_and_last(&error.message),
    }
}

fn asks(requirer: Option<&Requirer>) -> String {
    match requirer {
        Some(one) => format!("`{}` {} asks for", one.package, one.version),
        None => "something asks for".into(),
    }
}

/// What failed, and what is at the bottom of it.
fn first_and_last(message: &str) -> String {
    let mut parts = message.split("Caused by:").map(|part| {
        let mut lines = part.lines().map(str::trim);
        lines.find(|line| !line.is_empty()).unwrap_or_default()
    });
    let first = parts.next().unwrap_or_default();
    let first = first.trim_start_matches("error:").trim();
    let causes: Vec<&str> = parts.collect();
    // The last one alone is often a bare "No such file or directory".
    let told = causes.len().saturating_sub(2);
    let all = std::iter::once(first).chain(causes.into_iter().skip(told));
    all.collect::<Vec<_>>().join(": ")
}

#[cfg(test)]
mod tests {
    use super::in_words;

    #[test]
    fn of_a_conflict_both_sides_are_named() {
        let stderr = "    Updating crates.io index\n\
            error: failed to select a version for `other`.\n    \
            ... required by package `user v2.0.0`\n    \
            ... which satisfies dependency `user = \"^2\"` of package `app v0.1.0 (/x)`\n\
            versions that meet the requirements `=1.0.0` are: 1.0.0\n\n\
            all possible versions conflict with previously selected packages.\n\n  \
            previously selected package `other v1.1.0`\n    \
            ... which satisfies dependency `other = \"=1.1.0\"` of package `app v0.1.0 (/x)`\n\n\
            failed to select a version for `other` which could resolve this conflict\n";
        assert_eq!(
            in_words(stderr),
            "`user` 2.0.0 asks for `other` \"=1.0.0\", `app` 0.1.0 asks for it \"=1.1.0\""
        );
    }

    #[test]
    fn of_a_chain_of_causes_the_last_is_told() {
        let stderr = "error: failed to load source for dependency `a`\n\nCaused by:\n  \
            unable to update /x/nowhere\n\nCaused by:\n  failed to read `/x/nowhere/Cargo.toml`\n\n\
            Caused by:\n  No such file or directory (os error 2)\n";
        assert_eq!(
            in_words(stderr),
            "failed to load source for dependency `a`: failed to read `/x/nowhere/Cargo.toml`: \
             No such file or directory (os error 2)"
        );
        assert_eq!(in_words(""), "");
    }
}
