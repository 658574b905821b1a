//! Artifacts that link a package, those together that differ in their targets alone.

use serde::Serialize;

use crate::report::Verdict;
use crate::spec::model::Affected;

/// An artifact as several targets have it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Linked {
    pub artifact: String,
    pub builds: Vec<String>,
    pub lines: Vec<String>,
    pub verdict: Option<Verdict>,
    pub targets: Vec<String>,
}

/// In the order of the first of each.
pub fn linked(all: &[Affected]) -> Vec<Linked> {
    let mut linked: Vec<Linked> = Vec::new();
    for one in all {
        let same = |other: &&mut Linked| {
            other.artifact == one.artifact
                && other.builds == one.builds
                && other.lines == one.lines
                && other.verdict == one.verdict
        };
        match linked.iter_mut().find(same) {
            Some(other) if other.targets.contains(&one.target) => {}
            Some(other) => other.targets.push(one.target.clone()),
            None => linked.push(Linked {
                artifact: one.artifact.clone(),
                builds: one.builds.clone(),
                lines: one.lines.clone(),
                verdict: one.verdict,
                targets: vec![one.target.clone()],
            }),
        }
    }
    linked
}

/// Whether there is more than one target to tell apart.
pub fn has_several(all: &[Affected]) -> bool {
    all.windows(2).any(|pair| pair[0].target != pair[1].target)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_that_agree_stand_together() {
        let one = |artifact: &str, target: &str, verdict| Affected {
            artifact: artifact.into(),
            builds: vec!["-p a".into()],
            target: target.into(),
            lines: vec!["0.1".into()],
            verdict,
        };
        let lost = Some(Verdict::Lost);
        let all = [
            one("a", "x", lost),
            one("b", "x", None),
            one("a", "y", lost),
            one("a", "z", None),
        ];
        let linked = linked(&all);
        let targets: Vec<String> = linked.iter().map(|one| one.targets.join(" ")).collect();
        assert_eq!(targets, ["x y", "x", "z"]);
        assert!(has_several(&all) && !has_several(&all[..2]));
    }
}
