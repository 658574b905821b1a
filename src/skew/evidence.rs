//! Puts what was seen into words, each with the place where anyone can see it.

use crate::report::{Evidence, EvidenceKind, Liveness};
use crate::rules::{Effect, Role};
use crate::source::{Place, Reference};
use crate::workspace::Packages;

use super::artifact::LinkUnit;
use super::clash::Clash;
use super::code::CodeUnit;
use super::effects::Site;
use super::family::FamilyGraph;
use super::liveness::Live;
use super::reach::Hop;

/// How many places of one kind are worth showing.
const ENOUGH: usize = 3;

/// Speaks for one target.
pub struct Witness<'a, 'g> {
    pub packages: &'a Packages<'g>,
    pub graph: &'a FamilyGraph<'a>,
    pub unit: &'a LinkUnit<'g>,
    pub live: &'a Live,
}

/// What an effect does, as a phrase.
pub fn phrase(effect: Effect) -> &'static str {
    match effect {
        Effect::ReadTracer => "asks the global tracer provider",
        Effect::ReadMeter => "asks the global meter provider",
        Effect::ReadLogger => "asks the global logger provider",
        Effect::ReadPropagator => "asks the global propagator",
        Effect::SetTracer => "installs the global tracer provider",
        Effect::SetMeter => "installs the global meter provider",
        Effect::SetLogger => "installs the global logger provider",
        Effect::SetPropagator => "installs the global propagator",
        Effect::Context => "uses the current context",
        Effect::SpanExtension => "asks the bridge for the span's data",
        Effect::CreateBridge => "creates the bridge's layer",
        Effect::FeedBridge => "hands a tracer or provider over",
        Effect::BuildProvider => "builds a provider",
    }
}

impl Witness<'_, '_> {
    fn at(&self, unit: &CodeUnit, place: &Place, text: String) -> Evidence {
        Evidence {
            kind: EvidenceKind::Source,
            package: Some(self.packages.label(unit.package)),
            file: Some(place.file.to_string()),
            line: Some(place.line),
            column: Some(place.column),
            text,
            source: None,
        }
    }

    /// The first few places, one for each effect before a second of any.
    pub fn sites(&self, unit: &CodeUnit, sites: &[Site]) -> Vec<Evidence> {
        let mut order: Vec<(usize, &Site)> = Vec::new();
        for site in sites {
            let before = order
                .iter()
                .filter(|(_, known)| known.effect == site.effect)
                .count();
            order.push((before, site));
        }
        order.sort_by_key(|(before, _)| *before);
        let shown = order.into_iter().take(ENOUGH);
        shown
            .map(|(_, site)| {
                let text = format!("{}: `{}`", phrase(site.effect), site.text);
                self.at(unit, &site.place, text)
            })
            .collect()
    }

    pub fn chain(&self, hops: &[Hop]) -> Vec<Evidence> {
        let hops = hops.iter();
        hops.map(|hop| self.at(&hop.unit, &hop.place, format!("uses it: `{}`", hop.text)))
            .collect()
    }

    pub fn reference(&self, unit: &CodeUnit, reference: &Reference) -> Evidence {
        let text = format!("names it: `{reference}`");
        self.at(unit, &reference.place, text)
    }

    pub fn clash(&self, clash: &Clash) -> Vec<Evidence> {
        let mut evidence = vec![self.at(
            &clash.unit,
            &clash.place,
            format!("hands over: `{}`", clash.text),
        )];
        if let Some((unit, place, text)) = &clash.other {
            evidence.push(self.at(unit, place, format!("of the other line: `{text}`")));
        }
        evidence
    }

    /// Where a line is installed; or, where no code was seen, on what that is assumed.
    pub fn live(&self, copy: usize) -> Vec<Evidence> {
        let line = self.unit.linked.copies[copy].line;
        let sites = &self.live.sites[copy];
        if let Some((unit, site)) = sites.first() {
            let text = format!(
                "line {line} is live: {}: `{}`",
                phrase(site.effect),
                site.text
            );
            return vec![self.at(unit, &site.place, text)];
        }
        match self.live.degrees[copy] {
            Liveness::Assumed => vec![self.graph_fact(
                format!(
                    "line {line} is assumed to be live: a member depends on its SDK or an exporter"
                ),
                self.tree(copy),
            )],
            Liveness::Set | Liveness::Dead | Liveness::Unknown => Vec::new(),
        }
    }

    /// What proves that nobody can have installed a line, or that no code was seen that does.
    pub fn dead(&self, copy: usize) -> Vec<Evidence> {
        let linked = &self.unit.linked;
        let line = linked.copies[copy].line;
        let mut all = linked
            .touching(copy)
            .chain(linked.copies[copy].packages.iter().copied());
        let sdk = all.any(|number| self.graph.is_sdk(number));
        let text = if sdk {
            format!("no code of this artifact installs a provider or propagator of line {line}")
        } else {
            format!("no SDK of line {line} is linked, so nothing of it can be exported")
        };
        vec![self.graph_fact(text, self.tree(copy))]
    }

    pub fn rule(&self, number: usize) -> Option<Evidence> {
        let rule = self.graph.rule(number)?;
        let name = self.packages.label(number);
        let effects: Vec<&str> = rule.effects.iter().map(|effect| phrase(*effect)).collect();
        let text = match rule.role {
            Role::Wire => format!("{name} holds wire types only"),
            Role::Constants => format!("{name} holds constants only"),
            Role::Api
            | Role::Sdk
            | Role::Exporter
            | Role::Propagator
            | Role::Resource
            | Role::Bridge
            | Role::Instrumentation
            | Role::AllInOne
            | Role::Helper => format!("{name} {}", effects.join(", ")),
        };
        Some(Evidence {
            kind: EvidenceKind::Rule,
            package: Some(name),
            file: None,
            line: None,
            column: None,
            text,
            source: Some(rule.source.clone()),
        })
    }

    pub fn missing(&self, number: usize, reason: &str) -> Evidence {
        Evidence {
            kind: EvidenceKind::Missing,
            package: Some(self.packages.label(number)),
            file: None,
            line: None,
            column: None,
            text: format!("its source could not be read: {reason}"),
            source: None,
        }
    }

    pub fn unreached(&self, unit: &CodeUnit, entry: &CodeUnit) -> Evidence {
        let text = format!(
            "no code of {} leads to this use",
            self.packages.label(entry.package)
        );
        Evidence {
            package: Some(self.packages.label(unit.package)),
            ..self.graph_fact(text, None)
        }
    }

    pub fn unnamed(&self, actor: usize, copy: usize) -> Evidence {
        let text = format!(
            "no code of {} names line {}",
            self.packages.label(actor),
            self.unit.linked.copies[copy].line
        );
        self.graph_fact(text, self.tree(copy))
    }

    pub fn unnamed_bridge(&self, bridge: usize) -> Evidence {
        let text = format!(
            "no code of this artifact creates a layer of {}",
            self.packages.label(bridge)
        );
        self.graph_fact(text, None)
    }

    pub fn fact(&self, text: String) -> Evidence {
        self.graph_fact(text, None)
    }

    fn graph_fact(&self, text: String, source: Option<String>) -> Evidence {
        Evidence {
            kind: EvidenceKind::Graph,
            package: None,
            file: None,
            line: None,
            column: None,
            text,
            source,
        }
    }

    /// The command that shows a line in the artifact.
    fn tree(&self, copy: usize) -> Option<String> {
        let holder = self.packages.get(self.unit.linked.copies[copy].holder);
        let root = self.packages.get(self.unit.package);
        Some(format!(
            "cargo tree -p {} -e normal -i {}@{}",
            root.name(),
            holder.name(),
            holder.version()
        ))
    }
}
