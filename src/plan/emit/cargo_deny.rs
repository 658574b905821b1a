//! cargo-deny: bans of a second version of each singleton, and of crates that have ended.

use toml_edit::{Array, InlineTable, Value};

use crate::report::escape;
use crate::rules::Family;

use super::{Used, is_package_name};

pub(super) fn block(family: &Family, used: &Used) -> String {
    let title = escape::terminal(&family.title);
    let mut text = format!(
        "# One version of each crate that a binary of the {title} family must hold once. This counts\n\
         # whole graphs, development aside: it also fails where a second version does no harm.\n\
         [bans]\n\
         deny = [\n"
    );
    for singleton in &family.singletons {
        let name = &singleton.name;
        let wanted =
            used.crates.contains_key(name) || family.is_anchor(name) && !family.has_ended(name);
        if !wanted || !is_package_name(name) {
            continue;
        }
        let ban = [
            ("crate", Value::from(name.as_str())),
            ("deny-multiple-versions", Value::from(true)),
        ];
        push(&mut text, &singleton.consequence, ban);
    }
    for (name, users) in &used.crates {
        let ended = family.has_ended(name) && !family.is_singleton(name);
        // Without knowing who may use it the ban would fail at once.
        if !ended || users.dependants.is_empty() || !is_package_name(name) {
            continue;
        }
        let wrappers: Array = users.dependants.iter().map(String::as_str).collect();
        let mut ban = vec![
            ("crate", Value::from(name.as_str())),
            ("wrappers", Value::Array(wrappers)),
        ];
        if let Some(succession) = family.succession(name) {
            ban.push(("use-instead", Value::from(succession.successor)));
        }
        let why = "It has ended: whoever uses it today may, and nobody else.";
        push(&mut text, why, ban);
    }
    text.push_str("]\n");
    text
}

/// One entry of the list, below its reason.
fn push(text: &mut String, why: &str, ban: impl IntoIterator<Item = (&'static str, Value)>) {
    if !why.is_empty() {
        text.push_str("    # ");
        text.push_str(&escape::terminal(why));
        text.push('\n');
    }
    let mut table = InlineTable::new();
    for (key, value) in ban {
        table.insert(key, value);
    }
    text.push_str("    ");
    text.push_str(Value::InlineTable(table).to_string().trim());
    text.push_str(",\n");
}
