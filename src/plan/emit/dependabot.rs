//! Dependabot: a group, whose updates come as one pull request.

use crate::report::escape;
use crate::rules::Family;

use super::{Used, group, quoted};

pub(super) fn block(family: &Family, used: &Used) -> String {
    let title = escape::terminal(&family.title);
    let mut text = format!(
        "# Crates of the {title} family move together, or telemetry is lost between them.\n\
         # Where .github/dependabot.yml has an entry for cargo, add `groups` to it; where the\n\
         # workspace is not at the top, change `directory`.\n\
         version: 2\n\
         updates:\n\
         \x20 - package-ecosystem: \"cargo\"\n\
         \x20   directory: \"/\"\n\
         \x20   schedule:\n\
         \x20     interval: \"weekly\"\n\
         \x20   groups:\n\
         \x20     {}:\n\
         \x20       applies-to: version-updates\n\
         \x20       patterns:\n",
        group_id(&family.name)
    );
    for name in group(family, used) {
        text.push_str("          - ");
        text.push_str(&quoted(name));
        text.push('\n');
    }
    text
}

/// A group's name there begins and ends with a letter, and has letters, `-` and `_` between.
fn group_id(name: &str) -> String {
    let plain: String = name
        .chars()
        .map(|c| if c.is_ascii_alphabetic() { c } else { '-' })
        .collect();
    let id = plain.trim_matches('-');
    match id.is_empty() {
        true => "family".to_owned(),
        false => id.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_is_named_by_letters() {
        for (name, id) in [
            ("opentelemetry", "opentelemetry"),
            ("arrow-2", "arrow"),
            ("2_wasm_3x", "wasm--x"),
            ("99", "family"),
            ("é", "family"),
        ] {
            assert_eq!(group_id(name), id);
        }
    }
}
