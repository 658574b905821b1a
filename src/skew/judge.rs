//! The verdict on each second line of an artifact, with its evidence.

use std::collections::BTreeMap;

use crate::report::{Evidence, Liveness, Verdict};
use crate::rules::{Effect, Role};
use crate::workspace::Packages;

use super::artifact::{CargoTarget, LinkUnit};
use super::clash::{Clash, Clashes};
use super::code::{Code, CodeUnit};
use super::effects::Site;
use super::evidence::Witness;
use super::family::FamilyGraph;
use super::judgement::{Judgement, Opinion, Why, opinion};
use super::liveness::{Live, UnitCode, copies_of, entry, reads};
use super::trace::Trace;

/// One target of a unit, ready to be judged.
pub struct Judge<'a, 'g> {
    pub packages: &'a Packages<'g>,
    pub graph: &'a FamilyGraph<'a>,
    pub unit: &'a LinkUnit<'g>,
    pub code: &'a UnitCode<'a>,
    pub sources: &'a dyn Code,
    pub live: &'a Live,
    pub home: Option<usize>,
    pub entry: CodeUnit,
}

impl<'a, 'g> Judge<'a, 'g> {
    pub fn new(
        packages: &'a Packages<'g>,
        graph: &'a FamilyGraph<'a>,
        unit: &'a LinkUnit<'g>,
        (code, sources): (&'a UnitCode<'a>, &'a dyn Code),
        live: &'a Live,
        target: &CargoTarget,
    ) -> Self {
        Self {
            packages,
            graph,
            unit,
            code,
            sources,
            live,
            home: live.home(packages, unit),
            entry: entry(unit, target),
        }
    }

    /// Judges every line but the home line, grouped by the requirement through which it comes in.
    pub fn lines(&self) -> Vec<Judgement<'g>> {
        let mut found = Vec::new();
        for copy in 0..self.unit.linked.copies.len() {
            if Some(copy) == self.home {
                continue;
            }
            let mut groups: BTreeMap<(usize, usize), Vec<(usize, Trace<'g>)>> = BTreeMap::new();
            for actor in self.actors(copy) {
                let trace = self.trace(actor, copy);
                let key = trace.culprit_link().map_or((actor, actor), |link| {
                    (
                        self.packages.number(link.from().id()),
                        self.packages.number(link.to().id()),
                    )
                });
                groups.entry(key).or_default().push((actor, trace));
            }
            for (_, actors) in groups {
                found.extend(self.group(copy, actors));
            }
        }
        found
    }

    /// Packages that have to do with a copy: introducers, and whoever uses a bridge that is on it.
    fn actors(&self, copy: usize) -> Vec<usize> {
        let mut actors = self.unit.linked.introducers(self.graph, copy);
        for (view, site) in self.code.all_sites() {
            let bridge = self.graph.singleton(site.of).is_some() && !self.graph.is_anchor(site.of);
            if bridge && copies_of(self.unit, site.of).contains(&copy) {
                actors.push(view.unit.package);
            }
        }
        actors.sort_unstable();
        actors.dedup();
        actors
    }

    fn trace(&self, actor: usize, copy: usize) -> Trace<'g> {
        let linked = &self.unit.linked;
        let touches = linked.touched_by(actor).any(|touched| touched == copy);
        let targets: Vec<usize> = if touches {
            linked.copies[copy].packages.clone()
        } else {
            let all = self.unit.closure.members().iter().copied();
            all.filter(|number| {
                self.graph.singleton(*number).is_some()
                    && copies_of(self.unit, *number).contains(&copy)
            })
            .collect()
        };
        Trace::new(self.packages, &self.unit.closure, actor, &targets)
    }

    /// The worst opinion among the actors of one requirement. A clash comes before a loss: what
    /// does not compile loses nothing.
    fn group(&self, copy: usize, actors: Vec<(usize, Trace<'g>)>) -> Option<Judgement<'g>> {
        let rank = |opinion: &Opinion| match opinion.verdict {
            Verdict::TypeClash => (0, Verdict::TypeClash),
            verdict => (1, verdict),
        };
        let mut best: Option<(usize, Trace<'g>, Opinion)> = None;
        for (actor, trace) in actors {
            let opinion = self.opinion(actor, copy);
            let better = best.as_ref().is_none_or(|(_, known, worst)| {
                (rank(&opinion), trace.links.len()) < (rank(worst), known.links.len())
            });
            if better {
                best = Some((actor, trace, opinion));
            }
        }
        let (introducer, trace, opinion) = best?;
        Some(Judgement {
            verdict: opinion.verdict,
            copy,
            singleton: None,
            introducer,
            trace,
            why: opinion.why,
            evidence: opinion.evidence,
        })
    }

    fn opinion(&self, actor: usize, copy: usize) -> Opinion {
        let witness = self.witness();
        if let Some(rule) = self.inert(actor, copy) {
            return opinion(Verdict::Benign, Why::TypesOnly, vec![rule]);
        }
        if let Some(reason) = self.sources.missing(actor) {
            return self.by_rule(actor, copy, &reason);
        }
        if let Some(clash) = self.clash(actor, copy) {
            return opinion(Verdict::TypeClash, Why::Types, witness.clash(&clash));
        }
        if self.graph.has_role(actor, Role::Bridge) && self.graph.singleton(actor).is_some() {
            return self.bridge(actor, copy);
        }
        let sites = self.read_sites(actor, copy);
        let live = self.live.degrees[copy] == Liveness::Set;
        if let Some((site, unit, chain)) = self.reached(&sites) {
            let mut evidence = witness.sites(&unit, &site);
            evidence.extend(witness.chain(&chain));
            if live {
                evidence.extend(witness.live(copy));
                evidence.extend(self.home.map(|home| witness.live(home)).unwrap_or_default());
                return opinion(Verdict::Split, Why::BothLive, evidence);
            }
            if self.home.is_none() {
                return opinion(Verdict::Unknown, Why::NoneLive, evidence);
            }
            let why = if site.iter().all(|s| s.effect == Effect::SpanExtension) {
                Why::OtherBridge
            } else {
                Why::Reads
            };
            evidence.extend(witness.dead(copy));
            evidence.extend(self.home.map(|home| witness.live(home)).unwrap_or_default());
            return opinion(Verdict::Lost, why, evidence);
        }
        self.harmless(actor, copy, &sites)
    }

    /// Why an actor does nothing: its uses are not reached, or are none.
    fn harmless(&self, actor: usize, copy: usize, sites: &[(CodeUnit, Site)]) -> Opinion {
        let witness = self.witness();
        if let Some((unit, site)) = sites.first() {
            let mut evidence = witness.sites(unit, std::slice::from_ref(site));
            evidence.push(witness.unreached(unit, &self.entry));
            return opinion(Verdict::Benign, Why::Unreached, evidence);
        }
        if let Some(opinion) = self.silent_source(actor, copy) {
            return opinion;
        }
        let (why, evidence) = match self.named(actor, copy) {
            Some(evidence) => (Why::TypesOnly, evidence),
            None => (Why::Unnamed, witness.unnamed(actor, copy)),
        };
        opinion(Verdict::Benign, why, vec![evidence])
    }

    /// Crates whose source says too little (it works through macros, say): the rules speak, where
    /// code of the artifact names the crate at all.
    fn silent_source(&self, actor: usize, copy: usize) -> Option<Opinion> {
        let rule = self.graph.rule(actor)?;
        if !rule.effects.iter().any(|effect| reads(*effect)) || self.named(actor, copy).is_none() {
            return None;
        }
        let user = self.code.views.iter().find(|view| {
            view.unit.package != actor && !view.externs.of(|n| n == actor).is_empty()
        })?;
        let names = user.externs.of(|number| number == actor);
        let items = user.items(&names);
        let reference = items
            .iter()
            .flat_map(|item| &item.references)
            .find(|reference| names.contains(&*reference.krate))?;
        let witness = self.witness();
        let mut evidence = vec![witness.rule(actor)?];
        evidence.push(witness.reference(&user.unit, reference));
        evidence.extend(witness.dead(copy));
        Some(opinion(Verdict::Lost, Why::Reads, evidence))
    }

    /// A package that only carries wire types or constants of the line.
    fn inert(&self, actor: usize, copy: usize) -> Option<Evidence> {
        let mut carriers = self
            .unit
            .closure
            .from(actor)
            .iter()
            .map(|link| self.packages.number(link.to().id()))
            .filter(|to| copies_of(self.unit, *to).contains(&copy))
            .filter(|to| self.graph.is_core(*to) || self.graph.singleton(*to).is_some())
            .peekable();
        carriers.peek()?;
        let mut last = None;
        for carrier in carriers {
            if !self.graph.has_role(carrier, Role::Wire)
                && !self.graph.has_role(carrier, Role::Constants)
            {
                return None;
            }
            last = Some(carrier);
        }
        self.witness().rule(last?)
    }

    fn by_rule(&self, actor: usize, copy: usize, reason: &str) -> Opinion {
        let witness = self.witness();
        let missing = witness.missing(actor, reason);
        let effects = self.graph.rule(actor).map(|rule| &rule.effects);
        let reading = effects.is_some_and(|effects| effects.iter().any(|effect| reads(*effect)));
        match (witness.rule(actor), self.home) {
            (Some(rule), Some(_)) if reading => {
                let mut evidence = vec![rule, missing];
                evidence.extend(witness.dead(copy));
                opinion(Verdict::Lost, Why::Reads, evidence)
            }
            _ => opinion(Verdict::Unknown, Why::NoSource, vec![missing]),
        }
    }

    fn clash(&self, actor: usize, copy: usize) -> Option<Clash> {
        let clashes = Clashes {
            packages: self.packages,
            graph: self.graph,
            unit: self.unit,
            code: self.code,
        };
        if self.graph.has_role(actor, Role::Bridge) && self.graph.singleton(actor).is_some() {
            return clashes.fed(actor, copy);
        }
        let units = self.units_of(actor);
        let mixed = units.iter().find_map(|unit| clashes.mixed(unit, copy));
        mixed.or_else(|| units.iter().find_map(|unit| clashes.exposed(unit, copy)))
    }

    /// A bridge of the line: what was done with its layer.
    fn bridge(&self, bridge: usize, copy: usize) -> Opinion {
        let witness = self.witness();
        let mut made = self.live.bridges.iter().filter(|(of, _, _)| *of == bridge);
        let Some((_, unit, site)) = made.next() else {
            let evidence = witness.unnamed_bridge(bridge);
            return opinion(Verdict::Benign, Why::Unnamed, vec![evidence]);
        };
        let mut evidence = witness.sites(unit, std::slice::from_ref(site));
        if self.live.degrees[copy] == Liveness::Set {
            evidence.extend(witness.live(copy));
            return opinion(Verdict::Split, Why::BothLive, evidence);
        }
        evidence.extend(witness.dead(copy));
        evidence.extend(self.home.map(|home| witness.live(home)).unwrap_or_default());
        opinion(Verdict::Lost, Why::Unfed, evidence)
    }

    /// The crates of a package that can be part of this target.
    pub(super) fn units_of(&self, package: usize) -> Vec<CodeUnit> {
        let mut units = vec![CodeUnit::library(package)];
        if self.entry.package == package && self.entry.root.is_some() {
            units.push(self.entry.clone());
        }
        units
    }

    /// Places at which a package asks a line for what nobody gives. A bridge that somebody installs
    /// answers those who ask it.
    fn read_sites(&self, actor: usize, copy: usize) -> Vec<(CodeUnit, Site)> {
        let installed = |of: usize| self.live.bridges.iter().any(|(bridge, _, _)| *bridge == of);
        let mut found = Vec::new();
        for unit in self.units_of(actor) {
            for site in self.code.sites_of(&unit) {
                let here = reads(site.effect)
                    && copies_of(self.unit, site.of).contains(&copy)
                    && !(site.effect == Effect::SpanExtension && installed(site.of));
                if here {
                    found.push((unit.clone(), site.clone()));
                }
            }
        }
        found
    }

    /// The first sites that the target's own code reaches, all of one crate, with the way there.
    pub(super) fn reached(
        &self,
        sites: &[(CodeUnit, Site)],
    ) -> Option<(Vec<Site>, CodeUnit, Vec<super::reach::Hop>)> {
        for unit in sites.iter().map(|(unit, _)| unit) {
            let own: Vec<Site> = sites
                .iter()
                .filter(|(of, _)| of == unit)
                .map(|(_, site)| site.clone())
                .collect();
            let items: Vec<_> = own.iter().map(|site| site.item.clone()).collect();
            let reach = self.code.follow(unit, &items);
            if reach.contains(&self.entry) {
                return Some((own, unit.clone(), reach.chain(&self.entry)));
            }
        }
        None
    }

    /// A place where a package names something of the line.
    fn named(&self, actor: usize, copy: usize) -> Option<Evidence> {
        for unit in self.units_of(actor) {
            let Some(view) = self.code.view(&unit) else {
                continue;
            };
            let names = view.externs.of(|number| {
                let family = self.graph.is_core(number) || self.graph.singleton(number).is_some();
                family && copies_of(self.unit, number).contains(&copy)
            });
            for item in view.items(&names) {
                if let Some(found) = item.references.iter().find(|r| names.contains(&*r.krate)) {
                    return Some(self.witness().reference(&unit, found));
                }
            }
        }
        None
    }

    pub(super) fn witness(&self) -> Witness<'_, 'g> {
        Witness {
            packages: self.packages,
            graph: self.graph,
            unit: self.unit,
            live: self.live,
        }
    }
}
