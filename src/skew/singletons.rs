//! The verdict on a second version of a singleton where one line alone does not explain it.

use crate::report::{Liveness, Verdict};
use crate::rules::{Effect, Role};

use super::code::CodeUnit;
use super::effects::Site;
use super::judge::Judge;
use super::judgement::{Judgement, Opinion, Why, opinion};
use super::liveness::{copies_of, reads};
use super::trace::Trace;

impl<'g> Judge<'_, 'g> {
    /// Judges versions of a singleton that share a line with another version, or have none.
    pub fn singletons(&self) -> Vec<Judgement<'g>> {
        let mut found = Vec::new();
        for (_, versions) in &self.unit.linked.singletons {
            if versions.len() < 2 {
                continue;
            }
            let home = self.home_version(versions);
            for &version in versions.iter().filter(|version| **version != home) {
                // Of another line: the verdict on that line speaks for it.
                let lines = copies_of(self.unit, version);
                let shared = lines.is_empty()
                    || versions
                        .iter()
                        .any(|other| *other != version && copies_of(self.unit, *other) == lines);
                if shared {
                    found.push(self.version(version, home));
                }
            }
        }
        found
    }

    /// The version in force: one that somebody installs, else one that members depend on, else the
    /// newest.
    fn home_version(&self, versions: &[usize]) -> usize {
        let weight = |version: &usize| {
            let id = self.packages.get(*version).id();
            let by_member = self.unit.closure.members().iter().any(|member| {
                self.packages.get(*member).in_workspace()
                    && self
                        .unit
                        .closure
                        .from(*member)
                        .iter()
                        .any(|link| link.to().id() == id)
            });
            (
                self.installed(*version),
                by_member,
                self.packages.get(*version).version().clone(),
            )
        };
        versions
            .iter()
            .copied()
            .max_by_key(weight)
            .unwrap_or_default()
    }

    fn installed(&self, version: usize) -> bool {
        self.live.bridges.iter().any(|(of, _, _)| *of == version)
    }

    fn version(&self, version: usize, home: usize) -> Judgement<'g> {
        let (actor, opinion) = self.users(version, home);
        let introducer = actor.unwrap_or(version);
        let copy = copies_of(self.unit, version)
            .first()
            .copied()
            .unwrap_or_default();
        Judgement {
            verdict: opinion.verdict,
            copy,
            singleton: Some(version),
            introducer,
            trace: Trace::new(self.packages, &self.unit.closure, introducer, &[version]),
            why: opinion.why,
            evidence: opinion.evidence,
        }
    }

    /// What those who use this version get from it.
    fn users(&self, version: usize, home: usize) -> (Option<usize>, Opinion) {
        let witness = self.witness();
        let mut sites: Vec<(CodeUnit, Site)> = Vec::new();
        for (view, site) in self.code.all_sites() {
            if site.of == version && reads(site.effect) {
                sites.push((view.unit.clone(), site.clone()));
            }
        }
        if let Some((own, unit, chain)) = self.reached(&sites) {
            let mut evidence = witness.sites(&unit, &own);
            evidence.extend(witness.chain(&chain));
            let made = self.live.bridges.iter().find(|(of, _, site)| {
                *of == home && matches!(site.effect, Effect::CreateBridge | Effect::FeedBridge)
            });
            if let Some((_, unit, site)) = made {
                evidence.extend(witness.sites(unit, std::slice::from_ref(site)));
            }
            let verdict = match (self.installed(version), made) {
                (true, Some(_)) => opinion(Verdict::Split, Why::BothLive, evidence),
                (true, None) => opinion(Verdict::Benign, Why::TypesOnly, evidence),
                (false, Some(_)) => opinion(Verdict::Lost, Why::OtherBridge, evidence),
                (false, None) => opinion(Verdict::Unknown, Why::NoneLive, evidence),
            };
            return (Some(unit.package), verdict);
        }
        if let Some((unit, _)) = sites.first() {
            let evidence = vec![witness.unreached(unit, &self.entry)];
            return (
                Some(unit.package),
                opinion(Verdict::Benign, Why::Unreached, evidence),
            );
        }
        self.without_sites(version, home)
    }

    /// Nothing was seen: sources may be missing, or nobody asks for anything.
    fn without_sites(&self, version: usize, home: usize) -> (Option<usize>, Opinion) {
        let witness = self.witness();
        let id = self.packages.get(version).id();
        let dependants = self
            .unit
            .closure
            .members()
            .iter()
            .copied()
            .filter(|member| {
                self.unit
                    .closure
                    .from(*member)
                    .iter()
                    .any(|link| link.to().id() == id)
            });
        for dependant in dependants {
            let Some(reason) = self.sources.missing(dependant) else {
                continue;
            };
            let missing = witness.missing(dependant, &reason);
            let rule = self.graph.rule(dependant);
            let reading = rule.is_some_and(|rule| rule.effects.contains(&Effect::SpanExtension));
            let opinion = match witness.rule(dependant).filter(|_| reading) {
                Some(rule) if self.live.degrees.iter().any(|d| *d != Liveness::Dead) => {
                    opinion(Verdict::Lost, Why::OtherBridge, vec![rule, missing])
                }
                Some(_) | None => opinion(Verdict::Unknown, Why::NoSource, vec![missing]),
            };
            return (Some(dependant), opinion);
        }
        let evidence = vec![witness.unnamed_bridge(version)];
        let bridge = self.graph.has_role(version, Role::Bridge);
        let opinion = if bridge && !self.installed(version) {
            opinion(Verdict::Benign, Why::Unnamed, evidence)
        } else if bridge && self.installed(home) {
            opinion(Verdict::Split, Why::BothLive, evidence)
        } else if bridge {
            opinion(Verdict::Benign, Why::TypesOnly, evidence)
        } else {
            let text = format!(
                "{} is linked beside {}",
                self.packages.label(version),
                self.packages.label(home)
            );
            opinion(Verdict::Unknown, Why::NoSource, vec![witness.fact(text)])
        };
        (None, opinion)
    }
}
