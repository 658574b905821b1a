//! Edits of manifests: exactly what is aimed at changes, in whatever form it is written.

#[path = "plan_edit/cargo.rs"]
mod cargo;
#[path = "plan_edit/cases.rs"]
mod cases;
#[path = "plan_edit/features.rs"]
mod features;
#[path = "plan_edit/generated.rs"]
mod generated;
#[path = "plan_edit/manifests.rs"]
mod manifests;
#[path = "plan_edit/refused.rs"]
mod refused;
#[path = "plan_edit/several.rs"]
mod several;

use otel_check::plan::edit::{Change, EditError, Entry, apply};
use otel_check::workspace::manifest::DependencyTable;

/// An entry of `[dependencies]`.
pub fn normal(key: &str) -> Entry {
    entry(DependencyTable::Normal, None, key)
}

pub fn entry(table: DependencyTable, platform: Option<&str>, key: &str) -> Entry {
    Entry {
        table,
        platform: platform.map(str::to_owned),
        key: key.to_owned(),
    }
}

pub fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|&word| word.to_owned()).collect()
}

/// The change turns the one text into the other.
#[track_caller]
pub fn turns(before: &str, change: Change, after: &str) {
    match apply(before, std::slice::from_ref(&change)) {
        Ok(text) => assert_eq!(text, after, "{change:?} on:\n{before}"),
        Err(error) => panic!("{change:?} on:\n{before}\n{error}"),
    }
}

#[track_caller]
pub fn refuses(before: &str, change: Change) -> EditError {
    match apply(before, std::slice::from_ref(&change)) {
        Ok(text) => panic!("{change:?} made of:\n{before}\nthis:\n{text}"),
        Err(error) => error,
    }
}
