//! Which files must be read to find all that refers to a name: those that hold it, and those that
//! hold a name under which another file of the target passes it on.

use std::collections::BTreeSet;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use memchr::memmem::Finder;

use super::Edition;
use super::entries::Visibility;
use super::outline::{Import, Module};
use super::resolve::Names;
use super::tree::{ModuleId, Node};

/// Names of names of names: real code has two or three rounds.
const ROUNDS: usize = 8;
/// Few words are found faster one after another.
const FEW: usize = 4;

/// A file to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) node: usize,
    /// Whether it holds one of the names itself.
    pub(super) mentions: bool,
}

/// Words to be found in texts.
#[derive(Debug)]
pub(super) enum Words {
    Few(Vec<Finder<'static>>),
    Many(Box<AhoCorasick>),
}

impl Words {
    pub(super) fn new<'w>(words: impl IntoIterator<Item = &'w str>) -> Words {
        let words: BTreeSet<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
        let few = || {
            Words::Few(
                words
                    .iter()
                    .map(|word| Finder::new(word.as_bytes()).into_owned())
                    .collect(),
            )
        };
        if words.len() <= FEW {
            return few();
        }
        let mut builder = AhoCorasick::builder();
        builder.match_kind(MatchKind::Standard);
        if words.len() > 1_000 {
            builder.kind(Some(AhoCorasickKind::ContiguousNFA));
        }
        builder
            .build(&words)
            .map_or_else(|_| few(), |many| Words::Many(Box::new(many)))
    }

    /// Whether one of the words stands in `text` as a word of its own.
    pub(super) fn are_in(&self, text: &str) -> bool {
        let bytes = text.as_bytes();
        match self {
            Words::Few(finders) => finders.iter().any(|finder| {
                finder
                    .find_iter(bytes)
                    .any(|start| stands_alone(bytes, start, start + finder.needle().len()))
            }),
            Words::Many(many) => many
                .find_overlapping_iter(bytes)
                .any(|found| stands_alone(bytes, found.start(), found.end())),
        }
    }
}

fn stands_alone(text: &[u8], start: usize, end: usize) -> bool {
    let name_byte = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_' || *byte >= 0x80;
    let before = start.checked_sub(1).and_then(|at| text.get(at));
    !before.is_some_and(name_byte) && !text.get(end).is_some_and(name_byte)
}

/// A name under which something is passed on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Carrier {
    name: String,
    /// The module inside which it can be used; everywhere where absent.
    within: Option<ModuleId>,
}

/// The nodes of the target's tree that must be read to find what refers to one of `mentioning`.
pub(super) fn nodes(names: Names<'_>, mentioning: &[&str]) -> Vec<Found> {
    let mut search = Search {
        names,
        found: vec![None; names.tree.nodes.len()],
        words: mentioning.iter().map(|word| (*word).to_owned()).collect(),
        carriers: BTreeSet::new(),
    };
    let words = Words::new(mentioning.iter().copied());
    let mut fresh = search.look(&words, |_| true, true);
    for _ in 0..ROUNDS {
        let carriers = search.carriers(&fresh);
        if carriers.is_empty() {
            break;
        }
        fresh = search.follow(&carriers);
    }
    let found = search.found.iter().enumerate();
    found
        .filter_map(|(node, mentions)| mentions.map(|mentions| Found { node, mentions }))
        .collect()
}

struct Search<'a> {
    names: Names<'a>,
    /// For each node, whether it was found and mentions one of the names itself.
    found: Vec<Option<bool>>,
    /// What was asked for, and every carrier's name.
    words: BTreeSet<String>,
    carriers: BTreeSet<Carrier>,
}

impl Search<'_> {
    /// Marks the nodes that hold one of the words; returns those not found before.
    fn look(
        &mut self,
        words: &Words,
        reaches: impl Fn(usize) -> bool,
        mentions: bool,
    ) -> Vec<usize> {
        let mut fresh = Vec::new();
        for (at, node) in self.names.tree.nodes.iter().enumerate() {
            if self.found[at].is_some() || !reaches(at) {
                continue;
            }
            let text = self.names.files.text(&node.file).unwrap_or_default();
            if words.are_in(&text) && (mentions || self.looks_around(&text)) {
                self.found[at] = Some(mentions);
                fresh.push(at);
            }
        }
        fresh
    }

    /// Whether a file uses names of other modules at all.
    fn looks_around(&self, text: &str) -> bool {
        self.names.edition == Edition::E2015
            || ["crate", "super", "self::"]
                .iter()
                .any(|word| text.contains(word))
    }

    fn follow(&mut self, carriers: &[Carrier]) -> Vec<usize> {
        let mut fresh = Vec::new();
        let everywhere: Vec<&str> = carriers
            .iter()
            .filter(|carrier| carrier.within.is_none())
            .map(|carrier| &*carrier.name)
            .collect();
        if !everywhere.is_empty() {
            fresh.extend(self.look(&Words::new(everywhere), |_| true, false));
        }
        let modules: BTreeSet<ModuleId> = carriers
            .iter()
            .filter_map(|carrier| carrier.within)
            .collect();
        for module in modules {
            let within = carriers
                .iter()
                .filter(|carrier| carrier.within == Some(module));
            let words = Words::new(within.map(|carrier| &*carrier.name));
            let tree = self.names.tree;
            fresh.extend(self.look(&words, |at| is_below(&tree.nodes, at, module), false));
        }
        fresh
    }

    /// The names under which the nodes pass on what was asked for, as far as they are new.
    fn carriers(&mut self, nodes: &[usize]) -> Vec<Carrier> {
        let mut fresh = Vec::new();
        for &node in nodes {
            let Some(file) = self.names.tree.nodes.get(node).map(|node| &node.file) else {
                continue;
            };
            for (inner, module) in self.names.files.outline(file).modules.iter().enumerate() {
                let id = ModuleId { node, inner };
                for import in &module.imports {
                    fresh.extend(self.carrier(id, import));
                }
                fresh.extend(self.aliases(id, module));
            }
        }
        fresh.retain(|carrier| self.carriers.insert(carrier.clone()));
        self.words
            .extend(fresh.iter().map(|carrier| carrier.name.clone()));
        fresh
    }

    fn carrier(&self, module: ModuleId, import: &Import) -> Option<Carrier> {
        if !import
            .path
            .segments
            .iter()
            .any(|segment| self.words.contains(&**segment))
        {
            return None;
        }
        let within = self.reach(module, import.visibility);
        let name = match &import.name {
            Some(name) => name.to_string(),
            // Whatever it brings in is reached through the module's own name.
            None => match self.names.tree.path(self.names.files, module).last() {
                Some(name) => name.to_string(),
                None => "crate".to_owned(),
            },
        };
        Some(Carrier { name, within })
    }

    fn aliases<'m>(
        &self,
        id: ModuleId,
        module: &'m Module,
    ) -> impl Iterator<Item = Carrier> + use<'_, 'm> {
        module.declared.iter().filter_map(move |declared| {
            let written = declared.alias.as_ref()?;
            let carries = written
                .segments
                .iter()
                .any(|segment| self.words.contains(&**segment));
            carries.then(|| Carrier {
                name: declared.name.to_string(),
                within: self.reach(id, declared.visibility),
            })
        })
    }

    fn reach(&self, module: ModuleId, visibility: Visibility) -> Option<ModuleId> {
        (visibility == Visibility::Private).then(|| self.names.home(module))
    }
}

/// Whether a node's module lies in `module`.
fn is_below(nodes: &[Node], at: usize, module: ModuleId) -> bool {
    // The file that declares it was found already; an inline module's files lie below its file.
    let mut here = nodes.get(at).and_then(|node| node.parent);
    while let Some(parent) = here {
        if parent == module || (parent.node == module.node && module.inner == 0) {
            return true;
        }
        here = nodes.get(parent.node).and_then(|node| node.parent);
    }
    false
}
