//! Packages that are in the way.

use std::collections::BTreeMap;

use semver::Version;

use crate::plan::facts;
use crate::report::{Finding, Verdict};
use crate::skew::Line;
use crate::spec::model::Reason;

use super::{Situation, Subject, is_registry};
impl Situation<'_> {
    /// What the plan says is in the way, and what brings another line in without a release for it.
    pub(super) fn blocking(&self, target: Line) -> Vec<Subject> {
        let line = target.to_string();
        let rows = self.plan.targets.iter().filter(|row| row.line == line);
        let options = self.plan.options.iter();
        let options = options.filter(|option| option.target.as_ref() == Some(&line));
        let blockers = rows
            .flat_map(|row| &row.blockers)
            .chain(options.flat_map(|option| &option.waits_for));
        let mut found: BTreeMap<(String, Option<Version>), Subject> = BTreeMap::new();
        for blocker in blockers {
            let version = blocker
                .version
                .as_deref()
                .and_then(|text| text.parse().ok());
            for mut subject in self.find(&blocker.package, version.as_ref(), Reason::Blocks) {
                subject.because.push(blocker.because.clone());
                subject.through.extend(blocker.culprit.clone());
                subject.outlook = blocker.outlook.clone();
                merge(&mut found, subject);
            }
        }
        for finding in &self.report.findings {
            if let Some(subject) = self.introducer(finding, &line) {
                merge(&mut found, subject);
            }
        }
        let mut found: Vec<Subject> = found.into_values().collect();
        for subject in &mut found {
            subject.because.sort();
            subject.because.dedup();
            subject.through.sort();
            subject.through.dedup();
        }
        found
    }

    /// The introducer that a finding is about, where it does harm and no release of it will do.
    fn introducer(&self, finding: &Finding, target: &str) -> Option<Subject> {
        let Some(graph) = &self.graph else {
            return self.refused(finding);
        };
        let harmful = match finding.verdict? {
            Verdict::Unresolvable
            | Verdict::Lost
            | Verdict::Split
            | Verdict::TypeClash
            | Verdict::Unknown => true,
            Verdict::Latent | Verdict::Confined | Verdict::Benign => false,
        };
        let label = finding.introducer.as_deref()?;
        let line = finding.line.as_deref()?;
        if !harmful || line == target || self.family.title != self.plan.family {
            return None;
        }
        let mut all = graph.packages.iter();
        let (_, package) = all.find(|(number, _)| graph.packages.label(*number) == label)?;
        // What a package does to its own artifacts alone is not in the way of others.
        let of_itself = finding
            .artifact
            .as_deref()
            .is_some_and(|id| id.split('/').next() == Some(package.name()));
        if of_itself && package.in_workspace() || self.family.is_anchor(package.name()) {
            return None;
        }
        let target_line: Line = target.parse().ok()?;
        let companions = graph.matrix.companions.iter();
        let mut companions = companions.filter(|one| one.name == package.name());
        let released = companions.any(|one| one.problem.is_none() && one.serves(target_line));
        if released && package.source().external_source().is_some_and(is_registry) {
            return None;
        }
        let mut subject = self.of_package(package, label.to_owned(), Reason::Blocks);
        subject.because.push(format!(
            "`{}` brings in line {line}, and nothing that is released of it is on line {target}",
            package.name()
        ));
        if !package.source().external_source().is_some_and(is_registry) {
            subject.because = vec![format!("`{}` brings in line {line}", package.name())];
        }
        subject.through = through(finding);
        Some(subject)
    }

    /// The package of the tree whose requirement cargo refuses.
    fn refused(&self, finding: &Finding) -> Option<Subject> {
        let (name, version) = facts::package(finding.introducer.as_deref()?)?;
        let found = self.declared(&name, Some(&version), Reason::Blocks);
        let of_tree = |one: &Subject| {
            let manifest = one.manifest.as_ref();
            manifest.is_some_and(|path| self.manifests.contains_key(path))
        };
        let mut subject = found.into_iter().find(of_tree)?;
        subject.because.push(finding.message.clone());
        subject.through = through(finding);
        Some(subject)
    }
}

/// The requirements of the workspace through which a finding comes about.
fn through(finding: &Finding) -> Vec<String> {
    let all = finding.culprit.iter().chain(&finding.also_through);
    all.map(|one| match one.line {
        Some(at) => format!("{}:{at}: {}", one.file, one.requirement),
        None => format!("{}: {}", one.file, one.requirement),
    })
    .collect()
}

fn merge(found: &mut BTreeMap<(String, Option<Version>), Subject>, subject: Subject) {
    let key = (subject.name.clone(), subject.version.clone());
    match found.get_mut(&key) {
        Some(known) => {
            known.because.extend(subject.because);
            known.through.extend(subject.through);
            known.outlook = known.outlook.take().or(subject.outlook);
        }
        None => {
            found.insert(key, subject);
        }
    }
}
