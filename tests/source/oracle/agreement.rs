//! How what the reader found in a file differs from what the parser found.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use camino::Utf8Path;
use otel_check::source::{Cfg, Edition, Item, OWN, PackageSource, TargetId, TargetRoot};

use super::{Around, At, Declared, Oracle, Written};

/// Types that are also modules of the standard library.
const PRIMITIVE: &[&str] = &[
    "array", "bool", "char", "f32", "f64", "i8", "i16", "i32", "i64", "i128", "isize", "slice",
    "str", "u8", "u16", "u32", "u64", "u128", "usize",
];

/// Compares both on one file, read as if it were a crate's root. `None` where the parser refuses it.
/// Else how many facts both were asked for, and the differences in words.
pub fn differences(folder: &Utf8Path, file: &str, text: &str) -> Option<(usize, Vec<String>)> {
    let oracle = Oracle::new(text)?;
    let externs = oracle.externs();
    let root = TargetRoot {
        name: String::new(),
        file: file.into(),
        edition: Edition::E2018,
    };
    let source = PackageSource::new(folder, vec![root], externs.clone());
    let mut items = source.all_items(TargetId(0));
    items.retain(|item| *item.place.file == *file);
    let mut comparison = Comparison {
        oracle: &oracle,
        externs,
        facts: 0,
        differences: Vec::new(),
    };
    comparison.items(&items);
    comparison.paths(&items);
    comparison.calls(&items);
    Some((comparison.facts, comparison.differences))
}

impl Oracle {
    /// What must be other crates, since the file declares no such name.
    fn externs(&self) -> BTreeSet<String> {
        if self.includes {
            return BTreeSet::new();
        }
        // A glob of the package itself may bring modules.
        let globs = self.leaves.iter().any(|(_, path, _)| {
            let own = |first: &String| is_keyword(first) || self.declared.contains_key(first);
            path.last().is_some_and(|last| last == "*") && path.first().is_some_and(own)
        });
        let written = self.paths.iter().map(|written| &written.path);
        let written = written.filter(|_| !globs);
        let imported = self.leaves.iter().map(|(_, path, _)| path);
        let first = written
            .filter(|path| path.len() > 1)
            .chain(imported)
            .filter_map(|path| path.first());
        let is_crate = |name: &&String| {
            name.starts_with(|c: char| c.is_lowercase())
                && !is_keyword(name)
                && !self.declared.contains_key(*name)
        };
        first.filter(is_crate).cloned().collect()
    }

    /// The path as it goes below another crate: as written, or through an import that nothing else
    /// in the file can hide.
    fn resolved(
        &self,
        written: &Written,
        externs: &BTreeSet<String>,
    ) -> Option<(Vec<String>, Cfg)> {
        let Written { path, module, .. } = written;
        let (first, rest) = path.split_first()?;
        if path.len() > 1 && externs.contains(first) {
            return Some((path.clone(), Cfg::Always));
        }
        let import = self.imports.get(&(module.clone(), first.clone()))?;
        let krate = import.path.first()?;
        // The name of a crate may stand for the crate as well.
        let plain = self.declared.get(first) == Some(&1) && krate != first;
        let named = import.path.len() > 1 || !rest.is_empty();
        // `f32` alone is the type, also where a module of that name is imported.
        let primitive = PRIMITIVE.contains(&first.as_str());
        (plain && named && !primitive && externs.contains(krate)).then(|| {
            let all = import.path.iter().chain(rest).cloned();
            (all.collect(), import.cfg.clone())
        })
    }
}

fn is_keyword(name: &str) -> bool {
    ["crate", "self", "super"].contains(&name)
}

/// Paths into other crates, by their places; empty for one to the package's own.
type Found = BTreeMap<At, Vec<(Vec<String>, Around)>>;

struct Comparison<'a> {
    oracle: &'a Oracle,
    externs: BTreeSet<String>,
    facts: usize,
    differences: Vec<String>,
}

fn plain(part: &Arc<str>) -> String {
    part.trim_start_matches("r#").to_owned()
}

impl Comparison<'_> {
    fn differ(&mut self, difference: String) {
        self.differences.push(difference);
    }

    fn items(&mut self, items: &[Arc<Item>]) {
        let place = |item: &Item| (item.place.line, item.place.column);
        let found: BTreeMap<At, &Arc<Item>> =
            items.iter().map(|item| (place(item), item)).collect();
        for expected in &self.oracle.items {
            self.facts += 1;
            let Some(item) = found.get(&expected.at) else {
                self.differ(format!("missed {expected:?}"));
                continue;
            };
            let seen = Declared {
                at: expected.at,
                kind: item.kind,
                name: expected.name.as_ref().map(|_| plain(&item.name)),
                module: item.module.iter().map(plain).collect(),
                public: item.public,
                cfg: item.cfg.to_string(),
            };
            if seen != *expected {
                self.differ(format!("expected {expected:?}, found {seen:?}"));
            }
        }
        let expected: BTreeSet<At> = self.oracle.items.iter().map(|item| item.at).collect();
        for (at, item) in found {
            let known = expected.contains(&at) || self.oracle.modules.contains(&at);
            // Macros hold items that the parser does not see.
            if !known && !self.oracle.is_opaque(at) {
                self.differ(format!("made up the item {} at {at:?}", item.name));
            }
        }
    }

    fn paths(&mut self, items: &[Arc<Item>]) {
        let mut found = Found::new();
        for item in items {
            for reference in &item.references {
                let place = (reference.place.line, reference.place.column);
                let seen = found.entry(place).or_default();
                if &*reference.krate == OWN {
                    continue;
                }
                let path = std::iter::once(&reference.krate).chain(reference.path.iter());
                let around = Around {
                    cfg: reference.cfg.to_string(),
                    position: reference.position,
                    method: reference.method.as_ref().map(plain),
                    item: (item.place.line, item.place.column),
                };
                seen.push((path.map(plain).collect(), around));
            }
        }
        for written in &self.oracle.paths {
            self.path(written, &found);
        }
        for (at, path, around) in &self.oracle.leaves {
            self.leaf(*at, path, around, &found);
        }
        for at in found.keys() {
            if !self.oracle.starts.contains(at) && !self.oracle.is_opaque(*at) {
                self.differ(format!("made up a path at {at:?}"));
            }
        }
    }

    fn path(&mut self, written: &Written, found: &Found) {
        let at = written.at;
        let resolved = self.oracle.resolved(written, &self.externs);
        let Some((path, through)) = resolved.filter(|_| !self.oracle.is_opaque(at)) else {
            return;
        };
        self.facts += 1;
        let around = Around {
            cfg: written.cfg.and(&through).to_string(),
            ..written.around.clone()
        };
        let here = found.get(&at).map(Vec::as_slice).unwrap_or_default();
        // `<a::Type>::name` goes on where the parser's path ends.
        let same = |other: &(Vec<String>, Around)| other.1 == around && other.0.starts_with(&path);
        if !here.iter().any(same) {
            self.differ(format!("missed {at:?} {path:?} {around:?}, found {here:?}"));
        }
    }

    fn leaf(&mut self, at: At, path: &[String], around: &Around, found: &Found) {
        if !path
            .first()
            .is_some_and(|first| self.externs.contains(first))
        {
            return;
        }
        self.facts += 1;
        let here = found.get(&at).map(Vec::as_slice).unwrap_or_default();
        if !here
            .iter()
            .any(|other| other.0 == *path && other.1 == *around)
        {
            self.differ(format!(
                "missed the import {at:?} {path:?} {around:?}, found {here:?}"
            ));
        }
    }

    fn calls(&mut self, items: &[Arc<Item>]) {
        let mut found = BTreeMap::new();
        for item in items {
            for call in &item.calls {
                let place = (call.place.line, call.place.column);
                let inside = call.inside.as_ref().map(plain);
                let item = (item.place.line, item.place.column);
                let seen = (plain(&call.name), call.cfg.to_string(), inside, item);
                found.insert(place, seen);
            }
        }
        let mut expected = BTreeSet::new();
        for (at, name, around) in &self.oracle.calls {
            expected.insert(*at);
            if self.oracle.is_opaque(*at) {
                continue;
            }
            self.facts += 1;
            let (cfg, method) = (around.cfg.clone(), around.method.clone());
            let call = (name.clone(), cfg, method, around.item);
            let here = found.get(at);
            if here != Some(&call) {
                self.differ(format!("missed the call {at:?} {call:?}, found {here:?}"));
            }
        }
        for at in found.keys() {
            if !expected.contains(at) && !self.oracle.is_opaque(*at) {
                self.differ(format!("made up a call at {at:?}"));
            }
        }
    }
}
