//! Types of one line handed to code of another: what the compiler refuses.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::rules::{Effect, Role};
use crate::source::{Item, ItemKind, Place, Position, Reference};
use crate::workspace::Packages;

use super::artifact::LinkUnit;
use super::code::CodeUnit;
use super::effects::{CrateView, Site};
use super::family::FamilyGraph;
use super::liveness::{UnitCode, copies_of, sets};
use super::reach::{Map, Path, definition};

/// Two places in code that do not fit together.
#[derive(Debug, Clone)]
pub struct Clash {
    /// The crate whose code hands over.
    pub unit: CodeUnit,
    pub place: Place,
    pub text: String,
    /// The other half: where the signature stands, or the other line's type.
    pub other: Option<(CodeUnit, Place, String)>,
}

/// Everything a clash is judged from.
pub struct Clashes<'a> {
    pub packages: &'a Packages<'a>,
    pub graph: &'a FamilyGraph<'a>,
    pub unit: &'a LinkUnit<'a>,
    pub code: &'a UnitCode<'a>,
}

impl Clashes<'_> {
    /// Clashes by which a crate that depends on `copy` and on another line itself mixes the two.
    pub fn mixed(&self, actor: &CodeUnit, copy: usize) -> Option<Clash> {
        let others = self.direct_copies(actor.package);
        if !others.contains(&copy) || others.len() < 2 {
            return None;
        }
        let sites = self.code.sites_of(actor);
        let on =
            |site: &&Site, wanted: bool| copies_of(self.unit, site.of).contains(&copy) == wanted;
        let install = |effect: Effect| sets(effect) || effect == Effect::FeedBridge;
        let find = |effect: &dyn Fn(Effect) -> bool, own: bool| {
            sites
                .iter()
                .find(|site| effect(site.effect) && on(site, own))
        };
        let built = |own: bool| find(&|e| e == Effect::BuildProvider, own);
        let installed = |own: bool| find(&install, own);
        // Built on one line, installed on the other, and no line has both.
        for (here, there) in [(true, false), (false, true)] {
            if let (Some(built), Some(installed), None, None) =
                (built(here), installed(there), built(there), installed(here))
            {
                return Some(self.pair(actor, built, installed));
            }
        }
        if built(true).is_some() || installed(true).is_some() {
            return None;
        }
        let handed = self.handed_component(actor, copy)?;
        let other = built(false).or_else(|| installed(false))?;
        Some(Clash {
            unit: actor.clone(),
            place: handed.place.clone(),
            text: handed.to_string(),
            other: Some((actor.clone(), other.place.clone(), other.text.clone())),
        })
    }

    fn pair(&self, actor: &CodeUnit, built: &Site, installed: &Site) -> Clash {
        Clash {
            unit: actor.clone(),
            place: installed.place.clone(),
            text: installed.text.clone(),
            other: Some((actor.clone(), built.place.clone(), built.text.clone())),
        }
    }

    /// A component of the line (an exporter, a propagator, …) that the crate's code names: its only
    /// use is to be handed to a provider.
    fn handed_component(&self, actor: &CodeUnit, copy: usize) -> Option<Reference> {
        let view = self.code.view(actor)?;
        let component = |number: usize| {
            let role = self.graph.rule(number).map(|rule| rule.role);
            let hands = matches!(
                role,
                Some(Role::Exporter | Role::Propagator | Role::Resource | Role::Bridge)
            );
            hands
                && self.graph.singleton(number).is_none()
                && self
                    .unit
                    .linked
                    .touched_by(number)
                    .any(|touched| touched == copy)
        };
        let names = view.externs.of(component);
        let items = view.items(&names);
        let references = items.iter().flat_map(|item| &item.references);
        references
            .filter(|reference| names.contains(&*reference.krate))
            .find(|reference| !imports(reference))
            .cloned()
    }

    /// A bridge of the line fed by a crate that can only have a tracer of another line.
    pub fn fed(&self, bridge: usize, copy: usize) -> Option<Clash> {
        self.code.all_sites().find_map(|(view, site)| {
            let direct = self.direct_copies_without(view.unit.package, bridge);
            let foreign = !direct.is_empty() && !direct.contains(&copy);
            (site.of == bridge && site.effect == Effect::FeedBridge && foreign).then(|| Clash {
                unit: view.unit.clone(),
                place: site.place.clone(),
                text: site.text.clone(),
                other: None,
            })
        })
    }

    /// Types of the line in the public API of a crate, used by a dependant that is on another line.
    pub fn exposed(&self, actor: &CodeUnit, copy: usize) -> Option<Clash> {
        let view = self.code.view(actor)?;
        let names = view.externs.of(|number| {
            self.graph.rule(number).is_some() && copies_of(self.unit, number).contains(&copy)
        });
        let items = view.items(&names);
        let exposures = exposures(&items, &names);
        if exposures.is_empty() {
            return None;
        }
        for dependant in &self.code.views {
            let direct = self.direct_copies(dependant.unit.package);
            let foreign = direct.iter().any(|other| *other != copy);
            if dependant.unit == *actor || !foreign {
                continue;
            }
            for (alias, package) in dependant.externs.iter() {
                if package == actor.package
                    && actor.root.is_none()
                    && let Some(clash) = self.used(view, dependant, alias, copy, &exposures)
                {
                    return Some(clash);
                }
            }
        }
        None
    }

    fn used(
        &self,
        actor: &CrateView<'_>,
        dependant: &CrateView<'_>,
        alias: &str,
        copy: usize,
        exposures: &[Exposure],
    ) -> Option<Clash> {
        let foreign = dependant.externs.of(|number| {
            let copies = copies_of(self.unit, number);
            self.graph.rule(number).is_some() && !copies.is_empty() && !copies.contains(&copy)
        });
        let map = Map::new(&self.code.views);
        let items = dependant.items(&BTreeSet::from([alias.to_owned()]));
        for item in &items {
            let mixes = item.references.iter().any(|r| foreign.contains(&*r.krate));
            let uses = item
                .references
                .iter()
                .filter(|r| *r.krate == *alias && !imports(r));
            for reference in uses {
                let ends = map.ends(actor.unit.package, &reference.path);
                let own = ends.iter().filter(|(end, _)| *end == actor.unit.package);
                let hit = own
                    .flat_map(|(_, path)| exposures.iter().map(move |exposure| (path, exposure)))
                    .find(|(path, exposure)| exposure.used_by(path, item, mixes));
                if let Some((_, exposure)) = hit {
                    return Some(Clash {
                        unit: dependant.unit.clone(),
                        place: reference.place.clone(),
                        text: reference.to_string(),
                        other: Some((
                            actor.unit.clone(),
                            exposure.reference.place.clone(),
                            exposure.reference.to_string(),
                        )),
                    });
                }
            }
        }
        None
    }

    /// Copies that a package depends on itself, wire types and constants left out.
    pub fn direct_copies(&self, package: usize) -> BTreeSet<usize> {
        self.direct_copies_without(package, usize::MAX)
    }

    fn direct_copies_without(&self, package: usize, left_out: usize) -> BTreeSet<usize> {
        let mut copies = BTreeSet::new();
        for link in self.unit.closure.from(package) {
            let to = self.packages.number(link.to().id());
            let inert =
                self.graph.has_role(to, Role::Wire) || self.graph.has_role(to, Role::Constants);
            let family = self.graph.is_core(to) || self.graph.singleton(to).is_some();
            if to != left_out && family && !inert {
                copies.extend(copies_of(self.unit, to));
            }
        }
        copies
    }
}

fn imports(reference: &Reference) -> bool {
    matches!(reference.position, Position::Import | Position::Reexport)
}

/// A type of the family in a public signature.
struct Exposure {
    /// Where the item is found in its crate.
    definition: Path,
    kind: ItemKind,
    reference: Reference,
}

fn exposures(items: &[Arc<Item>], names: &BTreeSet<String>) -> Vec<Exposure> {
    let mut found = Vec::new();
    for item in items.iter().filter(|item| item.public) {
        let Some(definition) = definition(item) else {
            continue;
        };
        for reference in &item.references {
            let exposes = match reference.position {
                Position::Taken | Position::Given | Position::ImplementedTrait => true,
                Position::Import | Position::Reexport | Position::Attribute | Position::Body => {
                    false
                }
            };
            if exposes && names.contains(&*reference.krate) {
                found.push(Exposure {
                    definition: definition.clone(),
                    kind: item.kind,
                    reference: reference.clone(),
                });
            }
        }
    }
    found
}

impl Exposure {
    /// Whether an item of a dependant, in which this path stands, uses the signature.
    fn used_by(&self, path: &[Arc<str>], item: &Item, mixes: bool) -> bool {
        let Some(rest) = path.strip_prefix(self.definition.as_slice()) else {
            return false;
        };
        let called = |method: &Arc<str>| {
            rest.first() == Some(method) || item.calls.iter().any(|call| call.name == *method)
        };
        match (self.reference.position, &self.reference.method) {
            // What must be handed in is handed in where the method is called.
            (Position::Taken, Some(method)) => {
                rest.first() == Some(method) || (mixes && called(method))
            }
            // A function's own arguments.
            (Position::Taken, None) if self.kind == ItemKind::Function => true,
            // What is handed out, or fits by a trait, matters where the other line stands beside it.
            (Position::Given, Some(method)) => mixes && called(method),
            (Position::Taken | Position::Given | Position::ImplementedTrait, _) => mixes,
            (Position::Import | Position::Reexport | Position::Attribute | Position::Body, _) => {
                false
            }
        }
    }
}
