//! Which packages of a graph are what to a family.

use std::collections::BTreeSet;

use crate::rules::{CrateRule, Family, Role};
use crate::workspace::{Closure, Packages};

use super::line::Line;

/// The family's view of a whole graph: computed once, asked often.
pub struct FamilyGraph<'a> {
    pub family: &'a Family,
    rules: Vec<Option<&'a CrateRule>>,
    anchors: Vec<bool>,
    core: Vec<bool>,
    /// Position in the family's list of singletons.
    singletons: Vec<Option<usize>>,
    /// Packages that can reach an anchor over any edge at all.
    concerned: Vec<bool>,
}

impl<'a> FamilyGraph<'a> {
    pub fn new(family: &'a Family, packages: &Packages<'_>) -> Self {
        let mut this = Self {
            family,
            rules: Vec::with_capacity(packages.len()),
            anchors: Vec::with_capacity(packages.len()),
            core: Vec::with_capacity(packages.len()),
            singletons: Vec::with_capacity(packages.len()),
            concerned: vec![false; packages.len()],
        };
        for (_, package) in packages.iter() {
            let (name, version) = (package.name(), package.version());
            let singleton = family.singletons.iter().position(|s| s.name == name);
            this.rules.push(family.crate_rule(name, version));
            this.anchors
                .push(singleton.is_some_and(|at| family.singletons[at].anchor));
            this.core.push(family.is_core(name, version));
            this.singletons.push(singleton);
        }
        this.mark_concerned(packages);
        this
    }

    /// Walks the reverse edges from every anchor, and every singleton of which there are two.
    fn mark_concerned(&mut self, packages: &Packages<'_>) {
        let copies = |singleton: usize| {
            let all = self.singletons.iter().flatten();
            all.filter(|other| **other == singleton).count()
        };
        // A singleton that the whole graph holds once cannot be held twice by an artifact.
        let mut queue: Vec<usize> = (0..packages.len())
            .filter(|number| {
                self.anchors[*number]
                    || self.singletons[*number].is_some_and(|singleton| copies(singleton) > 1)
            })
            .collect();
        for &number in &queue {
            self.concerned[number] = true;
        }
        while let Some(number) = queue.pop() {
            for link in packages.get(number).reverse_direct_links() {
                let from = packages.number(link.from().id());
                if !self.concerned[from] {
                    self.concerned[from] = true;
                    queue.push(from);
                }
            }
        }
    }

    pub fn rule(&self, number: usize) -> Option<&'a CrateRule> {
        self.rules[number]
    }

    pub fn has_role(&self, number: usize, role: Role) -> bool {
        self.rules[number].is_some_and(|rule| rule.role == role)
    }

    pub fn is_anchor(&self, number: usize) -> bool {
        self.anchors[number]
    }

    /// Released in step with the anchor, so that it carries a line without introducing it.
    pub fn is_core(&self, number: usize) -> bool {
        self.anchors[number] || self.core[number]
    }

    /// Whether providers can be built from it: an SDK, or an API whose release holds one in itself.
    pub fn is_sdk(&self, number: usize) -> bool {
        self.rules[number].is_some_and(CrateRule::is_sdk)
    }

    pub fn singleton(&self, number: usize) -> Option<usize> {
        self.singletons[number]
    }

    /// Whether a package can have to do with the family at all.
    pub fn is_concerned(&self, number: usize) -> bool {
        self.concerned[number]
    }
}

/// One set of statics in an artifact: the package that holds them, and those that re-export it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Copy {
    pub line: Line,
    /// The package that holds the statics.
    pub holder: usize,
    /// The holder and its facades.
    pub packages: Vec<usize>,
}

/// The family as one artifact links it.
pub struct LinkedFamily {
    /// In the order of their lines.
    pub copies: Vec<Copy>,
    /// By package: the copies (positions in `copies`) that it depends on itself, directly or
    /// through core crates alone.
    touches: Vec<(usize, BTreeSet<usize>)>,
    /// By singleton: the packages linked, in ascending order.
    pub singletons: Vec<(usize, Vec<usize>)>,
}

impl LinkedFamily {
    pub fn new(graph: &FamilyGraph<'_>, packages: &Packages<'_>, closure: &Closure<'_>) -> Self {
        let copies = copies(graph, packages, closure);
        let mut touches = Vec::new();
        for &number in closure.members() {
            if !graph.is_concerned(number) {
                continue;
            }
            let mut seen = BTreeSet::new();
            let mut found = BTreeSet::new();
            touched(
                graph, packages, closure, &copies, number, &mut seen, &mut found,
            );
            if !found.is_empty() {
                touches.push((number, found));
            }
        }
        let mut singletons: Vec<(usize, Vec<usize>)> = Vec::new();
        for &number in closure.members() {
            let Some(singleton) = graph.singleton(number).filter(|_| !graph.is_anchor(number))
            else {
                continue;
            };
            match singletons.iter_mut().find(|(known, _)| *known == singleton) {
                Some((_, list)) => list.push(number),
                None => singletons.push((singleton, vec![number])),
            }
        }
        singletons.sort();
        Self {
            copies,
            touches,
            singletons,
        }
    }

    /// Copies that a package depends on itself, directly or through core crates alone.
    pub fn touched_by(&self, number: usize) -> impl Iterator<Item = usize> + '_ {
        let found = self
            .touches
            .binary_search_by_key(&number, |(known, _)| *known)
            .ok();
        found
            .into_iter()
            .flat_map(|at| self.touches[at].1.iter().copied())
    }

    /// Packages that touch a copy, in ascending order.
    pub fn touching(&self, copy: usize) -> impl Iterator<Item = usize> + '_ {
        self.touches
            .iter()
            .filter(move |(_, copies)| copies.contains(&copy))
            .map(|(number, _)| *number)
    }

    /// Packages with an edge of their own on the API of a copy.
    pub fn dependents(
        &self,
        packages: &Packages<'_>,
        closure: &Closure<'_>,
        copy: usize,
    ) -> BTreeSet<usize> {
        let anchors = &self.copies[copy].packages;
        closure
            .members()
            .iter()
            .copied()
            .filter(|member| {
                closure
                    .from(*member)
                    .iter()
                    .any(|link| anchors.contains(&packages.number(link.to().id())))
            })
            .collect()
    }

    /// Packages whose own dependency puts a copy into the artifact: those that are not core, and
    /// reach it by an edge of their own, directly or through core crates alone.
    pub fn introducers(&self, graph: &FamilyGraph<'_>, copy: usize) -> Vec<usize> {
        self.touching(copy)
            .filter(|number| !graph.is_core(*number))
            .collect()
    }
}

fn copies(graph: &FamilyGraph<'_>, packages: &Packages<'_>, closure: &Closure<'_>) -> Vec<Copy> {
    let mut copies: Vec<Copy> = Vec::new();
    for &number in closure.members() {
        if !graph.is_anchor(number) {
            continue;
        }
        let package = packages.get(number);
        let statics = graph
            .family
            .statics_holder(package.name(), package.version());
        // A facade holds nothing itself: the copy is that of the crate behind it.
        let holder = closure
            .from(number)
            .iter()
            .map(|link| link.to())
            .find(|to| to.name() == statics && statics != package.name())
            .map_or(number, |to| packages.number(to.id()));
        match copies.iter_mut().find(|copy| copy.holder == holder) {
            Some(copy) => copy.packages.push(number),
            None => copies.push(Copy {
                line: Line::of(packages.get(holder).version()),
                holder,
                packages: vec![number],
            }),
        }
    }
    copies.sort();
    copies
}

/// Follows a package's edges to anchors, and on through core crates.
fn touched(
    graph: &FamilyGraph<'_>,
    packages: &Packages<'_>,
    closure: &Closure<'_>,
    copies: &[Copy],
    number: usize,
    seen: &mut BTreeSet<usize>,
    found: &mut BTreeSet<usize>,
) {
    if !seen.insert(number) {
        return;
    }
    for link in closure.from(number) {
        let to = packages.number(link.to().id());
        if let Some(at) = copies.iter().position(|copy| copy.packages.contains(&to)) {
            found.insert(at);
        } else if graph.is_core(to) {
            touched(graph, packages, closure, copies, to, seen, found);
        }
    }
}
