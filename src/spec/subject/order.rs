//! In which order packages are told of.

use std::collections::{BTreeMap, BTreeSet};

use semver::Version;

use super::Situation;
impl Situation<'_> {
    /// Places of packages in an order in which each comes after what it depends on.
    pub(super) fn order(&self) -> BTreeMap<(String, Option<Version>), usize> {
        let mut order = BTreeMap::new();
        let Some(lock) = &self.lock else {
            return order;
        };
        // Depth first without recursion: a lock may be as deep as it likes.
        let mut seen = BTreeSet::new();
        let mut stack: Vec<(usize, bool)> = (0..lock.packages.len())
            .rev()
            .map(|at| (at, false))
            .collect();
        let place: BTreeMap<(&str, &Version, Option<&str>), usize> = lock
            .packages
            .iter()
            .enumerate()
            .map(|(at, one)| ((&*one.name, &one.version, one.source.as_deref()), at))
            .collect();
        while let Some((at, done)) = stack.pop() {
            let entry = &lock.packages[at];
            if done {
                let next = order.len();
                order
                    .entry((entry.name.clone(), Some(entry.version.clone())))
                    .or_insert(next);
                continue;
            }
            if !seen.insert(at) {
                continue;
            }
            stack.push((at, true));
            for dependency in entry.dependencies(lock) {
                let key = (
                    &*dependency.name,
                    &dependency.version,
                    dependency.source.as_deref(),
                );
                if let Some(&at) = place.get(&key) {
                    stack.push((at, false));
                }
            }
        }
        order
    }
}
