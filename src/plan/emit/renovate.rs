//! Renovate: a rule that puts the family's updates into one branch.

use serde::Serialize;

use crate::rules::Family;

use super::{Used, group};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Config<'a> {
    package_rules: [PackageRule<'a>; 1],
}

/// Keys as Renovate's documentation of `packageRules` has them.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PackageRule<'a> {
    description: [String; 1],
    match_managers: [&'static str; 1],
    match_package_names: Vec<&'a str>,
    group_name: String,
    /// Without this, majors would go into a branch of their own even within the group, and a companion
    /// that counts otherwise would be left behind.
    separate_major_minor: bool,
}

pub(super) fn block(family: &Family, used: &Used) -> String {
    let rule = PackageRule {
        description: [format!(
            "Crates of the {} family move together, or telemetry is lost between them.",
            family.title
        )],
        match_managers: ["cargo"],
        match_package_names: group(family, used).into_iter().collect(),
        // The name is a template there.
        group_name: family.title.replace(['{', '}'], ""),
        separate_major_minor: false,
    };
    let config = Config {
        package_rules: [rule],
    };
    // Texts and lists of texts always have a JSON form.
    let mut text = serde_json::to_string_pretty(&config).unwrap_or_default();
    text.push('\n');
    text
}
