//! A made-up workspace with everything that a question needs.

use std::collections::{BTreeMap, BTreeSet};

use semver::{Version, VersionReq};

use crate::matrix::testing::line;
use crate::plan::edit::Entry;
use crate::plan::local::{Requirement, Use};
use crate::plan::search::{Answer, Move, Question, Toolchains, reaching, search};
use crate::registry::{MemoryIndex, RegistryId};
use crate::rules::Family;
use crate::skew::Line;
use crate::workspace::Lock;
use crate::workspace::lock::LockedPackage;
use crate::workspace::manifest::DependencyTable;

pub type Used = BTreeMap<(String, Version), BTreeSet<String>>;

pub struct World {
    pub family: Family,
    pub index: MemoryIndex,
    pub target: Line,
    pub requirements: Vec<Requirement>,
    pub lock: Lock,
    pub used: Option<Used>,
    pub reaching: BTreeSet<String>,
    pub harmless: BTreeSet<(String, Version, Line)>,
    pub refused: BTreeSet<(String, Version)>,
    pub toolchains: Toolchains,
    pub may_disable: bool,
    pub may_block: bool,
}

pub fn v(text: &str) -> Version {
    text.parse().unwrap()
}

pub fn set(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}

/// A requirement of the package `app`.
pub fn requirement(package: &str, text: &str, features: &[&str]) -> Requirement {
    let at = Entry {
        table: DependencyTable::Normal,
        platform: None,
        key: package.to_owned(),
    };
    Requirement {
        manifest: "/w/Cargo.toml".into(),
        at: at.clone(),
        package: package.to_owned(),
        text: text.to_owned(),
        req: VersionReq::parse(text).unwrap(),
        registry: Some(RegistryId::default_registry()),
        features: set(features),
        own_features: set(features),
        default_features: true,
        uses: vec![Use {
            manifest: "/w/Cargo.toml".into(),
            at,
            local: "app".to_owned(),
            optional: false,
            features: features.iter().map(|&name| name.to_owned()).collect(),
        }],
        locked: None,
        line: 1,
    }
}

/// An entry of a lock: `sdk 0.1.0: api 0.1.0, http 0.2.0`.
pub fn entry(text: &str) -> LockedPackage {
    let (head, tail) = text.split_once(':').unwrap_or((text, ""));
    let (name, version) = head.split_once(' ').unwrap();
    let dependencies = tail.split(',').map(str::trim).filter(|one| !one.is_empty());
    LockedPackage {
        name: name.to_owned(),
        version: v(version),
        source: (name != "app").then(|| RegistryId::default_registry().to_string()),
        dependencies: dependencies.map(str::to_owned).collect(),
        line: 1,
    }
}

impl World {
    /// Everything is to come to a line; there is no lock yet.
    pub fn new(family: Family, index: MemoryIndex, target: &str) -> Self {
        Self {
            family,
            index,
            target: line(target),
            requirements: Vec::new(),
            lock: Lock {
                path: "/w/Cargo.lock".into(),
                packages: Vec::new(),
            },
            used: None,
            reaching: BTreeSet::new(),
            harmless: BTreeSet::new(),
            refused: BTreeSet::new(),
            toolchains: Toolchains::default(),
            may_disable: false,
            may_block: false,
        }
    }

    pub fn require(self, package: &str, text: &str) -> Self {
        self.require_with(package, text, &[])
    }

    pub fn require_with(mut self, package: &str, text: &str, features: &[&str]) -> Self {
        self.requirements.push(requirement(package, text, features));
        self
    }

    /// Takes a lock, and resolves the requirements by it.
    pub fn locked(mut self, entries: &[&str]) -> Self {
        self.lock.packages = entries.iter().map(|text| entry(text)).collect();
        for requirement in &mut self.requirements {
            let all = self
                .lock
                .named(&requirement.package)
                .map(|entry| &entry.version);
            let admitted = all.filter(|version| requirement.req.matches(version));
            requirement.locked = admitted.max().cloned();
        }
        self.reaching = reaching(&self.lock, |name| self.family.is_anchor(name));
        self
    }

    /// Says which features builds give which packages.
    pub fn built(mut self, all: &[(&str, &str, &[&str])]) -> Self {
        let all = all.iter();
        let all =
            all.map(|(name, version, features)| ((name.to_string(), v(version)), set(features)));
        self.used = Some(all.collect());
        self
    }

    pub fn refuse(mut self, name: &str, version: &str) -> Self {
        self.refused.insert((name.to_owned(), v(version)));
        self
    }

    pub fn harmless(mut self, name: &str, version: &str, on: &str) -> Self {
        self.harmless
            .insert((name.to_owned(), v(version), line(on)));
        self
    }

    pub fn may_disable(mut self) -> Self {
        self.may_disable = true;
        self
    }

    pub fn may_block(mut self) -> Self {
        self.may_block = true;
        self
    }

    pub fn question(&self) -> Question<'_> {
        Question {
            family: &self.family,
            index: &self.index,
            target: self.target,
            requirements: &self.requirements,
            lock: &self.lock,
            used: self.used.as_ref(),
            reaching: &self.reaching,
            harmless: &self.harmless,
            refused: &self.refused,
            toolchains: Some(&self.toolchains),
            may_disable: self.may_disable,
            may_block: self.may_block,
        }
    }

    pub fn search(&self) -> Option<Answer> {
        search(&self.question())
    }

    /// The answer in one line: moves by requirement, lock moves, cost as disabled, blocked, breaking,
    /// edits and lock moves.
    pub fn answer(&self) -> String {
        let Some(answer) = self.search() else {
            return "none".to_owned();
        };
        assert!(answer.exhaustive);
        let all = self.requirements.iter().zip(&answer.moves);
        let moves: Vec<String> = all
            .map(|(one, choice)| shown(&one.package, choice))
            .collect();
        let locks = answer.locks.iter().map(|(name, from, to)| {
            let from = from.as_ref().map_or("?".to_owned(), Version::to_string);
            format!("{name} {from}>{to}")
        });
        let locks: Vec<String> = locks.collect();
        let cost = answer.cost;
        assert_eq!(cost.lock_moves as usize, locks.len());
        format!(
            "{} | {} | {} {} {} {} {}",
            moves.join(", "),
            locks.join(", "),
            cost.disabled,
            cost.blocked,
            cost.breaking,
            cost.edits,
            cost.lock_moves
        )
    }
}

fn shown(package: &str, choice: &Move) -> String {
    match choice {
        Move::Keep => "keep".to_owned(),
        Move::Release { to, text, features } => {
            let text = text
                .as_ref()
                .map(|text| format!(" \"{text}\""))
                .unwrap_or_default();
            let gone = features.remove.iter().map(|one| format!(" -{one}"));
            let new = features.add.iter().map(|one| format!(" +{one}"));
            let elsewhere = features.elsewhere.iter();
            let elsewhere = elsewhere.map(|(other, feature)| format!(" +{other}/{feature}"));
            let features: String = gone.chain(new).chain(elsewhere).collect();
            format!("{package} {to}{text}{features}")
        }
        Move::Replace {
            package,
            to,
            text,
            drop,
        } => {
            let drop: String = drop.iter().map(|one| format!(" -{one}")).collect();
            format!("now {package} {to} \"{text}\"{drop}")
        }
        Move::Drop { features } => format!("drop {}", features.join(" ")),
        Move::Disable => "disable".to_owned(),
        Move::Block => "block".to_owned(),
    }
}
