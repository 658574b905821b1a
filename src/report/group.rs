//! Findings that differ in their artifact alone, told once.

use std::collections::BTreeMap;

use super::Finding;

/// In the order of their first.
pub fn group<'a>(findings: impl IntoIterator<Item = &'a Finding>) -> Vec<Vec<&'a Finding>> {
    let mut order: Vec<Vec<&Finding>> = Vec::new();
    let mut known: BTreeMap<_, usize> = BTreeMap::new();
    for finding in findings {
        let key = (
            finding.level,
            &finding.code,
            &finding.message,
            &finding.culprit,
            &finding.line,
            &finding.introducer,
            (&finding.excepted, finding.known),
        );
        match known.get(&key) {
            Some(at) => order[*at].push(finding),
            None => {
                known.insert(key, order.len());
                order.push(vec![finding]);
            }
        }
    }
    order
}

/// The artifacts of a group, each once.
pub fn artifacts<'a>(group: &[&'a Finding]) -> Vec<&'a str> {
    let mut names: Vec<&str> = group
        .iter()
        .filter_map(|finding| finding.artifact.as_deref())
        .collect();
    names.dedup();
    names
}
