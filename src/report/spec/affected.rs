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

/// How many artifacts an owner is shown.
const MOST: usize = 10;

/// Those that an owner is shown, and how many there are beside them: what is harmed first, then what
/// ships.
pub fn foremost(all: &[Affected]) -> (Vec<Linked>, usize) {
    let mut linked = linked(all);
    // The last verdict is the mildest; none comes behind it.
    linked.sort_by_key(|one| (one.verdict.is_none(), one.verdict, !ships(&one.artifact)));
    let left = linked.len().saturating_sub(MOST);
    linked.truncate(MOST);
    (linked, left)
}

/// Of a label such as `package/bin/name`.
fn ships(artifact: &str) -> bool {
    let kind = artifact.split('/').nth(1);
    !matches!(kind, Some("test" | "bench" | "example"))
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

    #[test]
    fn harm_and_what_ships_come_first() {
        let one = |artifact: String, verdict| Affected {
            artifact,
            builds: vec!["--workspace".into()],
            target: "x".into(),
            lines: vec!["0.1".into()],
            verdict,
        };
        let mut all: Vec<Affected> = (0..20).map(|n| one(format!("a/test/t{n}"), None)).collect();
        all.push(one("a/bin/a".into(), None));
        all.push(one("b/test/b".into(), Some(Verdict::Lost)));
        let (shown, left) = foremost(&all);
        let names: Vec<&str> = shown.iter().map(|one| one.artifact.as_str()).collect();
        assert_eq!(names[..3], ["b/test/b", "a/bin/a", "a/test/t0"]);
        assert_eq!((names.len(), left), (10, 12));
        assert_eq!(foremost(&all[..10]).1, 0);
    }
}
