//! The sources of one package.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use camino::{Utf8Path, Utf8PathBuf};
use rayon::prelude::*;

use super::ahead::Ahead;
use super::carriers;
use super::detail::DetailedFile;
use super::files::Files;
use super::meaning::Meaning;
use super::problem::{Problem, Trouble};
use super::reader::Reader;
use super::resolve::{Globs, Names};
use super::tokens::{Kind, Tokens};
use super::tree::Tree;
use super::{Edition, Item, OWN, Place, Resolved};

/// Lookups of names for one file beyond this are given up. Published code needs some ten thousand,
/// rarely a hundred thousand.
const LOOKUPS: usize = 1_000_000;

/// A target of a package, by its place in the list that [`PackageSource::new`] was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TargetId(pub usize);

/// Where the code of a target begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TargetRoot {
    /// For the caller's use.
    pub name: String,
    /// The root file: absolute, or relative to the package's folder.
    pub file: Utf8PathBuf,
    pub edition: Edition,
}

/// The items of one file, once they are read.
type Reading = Arc<OnceLock<Vec<Arc<Item>>>>;

/// The sources of one package, read on demand. Shared by threads.
///
/// What it finds depends on the files alone, not on what was asked before.
#[derive(Debug)]
pub struct PackageSource {
    files: Files,
    targets: Vec<TargetRoot>,
    externs: BTreeSet<String>,
    trees: Vec<OnceLock<Tree>>,
    globs: Vec<Globs>,
    read: Mutex<HashMap<(usize, usize), Reading>>,
}

impl PackageSource {
    /// `folder` is the package's, `externs` the names by which its code knows other crates (renames
    /// applied, `-` written `_`), its own library for its other targets included. Reads nothing yet.
    pub fn new(
        folder: impl Into<Utf8PathBuf>,
        targets: Vec<TargetRoot>,
        externs: BTreeSet<String>,
    ) -> PackageSource {
        PackageSource {
            files: Files::new(folder.into()),
            trees: targets.iter().map(|_| OnceLock::new()).collect(),
            globs: targets.iter().map(|_| Globs::default()).collect(),
            targets,
            externs,
            read: Mutex::default(),
        }
    }

    /// The targets in the order they were given.
    pub fn targets(&self) -> impl Iterator<Item = (TargetId, &TargetRoot)> {
        self.targets
            .iter()
            .enumerate()
            .map(|(at, target)| (TargetId(at), target))
    }

    fn tree(&self, target: TargetId) -> Option<&Tree> {
        let root = self.targets.get(target.0)?;
        let tree = self.trees.get(target.0)?;
        Some(tree.get_or_init(|| {
            let file = self.files.relative(&root.file);
            let tree = Tree::new(&self.files, &file);
            if tree.nodes.is_empty() && !self.files.folder_exists() {
                self.files.report(Utf8Path::new(""), Trouble::Missing);
            }
            tree
        }))
    }

    fn names<'n>(&'n self, target: TargetId, fuel: &'n Cell<usize>) -> Option<Names<'n>> {
        let edition = self.targets.get(target.0)?.edition;
        Some(Names {
            files: &self.files,
            tree: self.tree(target)?,
            externs: &self.externs,
            edition,
            globs: self.globs.get(target.0)?,
            fuel,
        })
    }

    /// The items of all files of a target that name one of `mentioning`, or that name something which
    /// another file of the target imported from there. Such a file's items are all returned, in the
    /// order of files, then places.
    pub fn items(&self, target: TargetId, mentioning: &[&str]) -> Vec<Arc<Item>> {
        let fuel = Cell::new(LOOKUPS);
        let Some(names) = self.names(target, &fuel) else {
            return Vec::new();
        };
        let mut by_file = Vec::new();
        for found in carriers::nodes(names, mentioning) {
            let Some(node) = names.tree.nodes.get(found.node) else {
                continue;
            };
            let items = self.read(target, names, found.node);
            if found.mentions || items.iter().any(|item| refers_to(item, mentioning)) {
                by_file.push((&node.file.path, items));
            }
        }
        in_order(by_file)
    }

    /// All items of a target. Reads all its files.
    pub fn all_items(&self, target: TargetId) -> Vec<Arc<Item>> {
        let fuel = Cell::new(LOOKUPS);
        let Some(names) = self.names(target, &fuel) else {
            return Vec::new();
        };
        let nodes = names.tree.nodes.iter().enumerate();
        in_order(
            nodes
                .map(|(at, node)| (&node.file.path, self.read(target, names, at)))
                .collect(),
        )
    }

    fn read(&self, target: TargetId, names: Names<'_>, node: usize) -> Vec<Arc<Item>> {
        let cell = {
            let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(read.entry((target.0, node)).or_default())
        };
        cell.get_or_init(|| self.read_now(names, node)).clone()
    }

    fn read_now(&self, names: Names<'_>, node: usize) -> Vec<Arc<Item>> {
        let Some(at) = names.tree.nodes.get(node) else {
            return Vec::new();
        };
        let text = self.files.text(&at.file).unwrap_or_default();
        let tokens = Tokens::new(&text);
        self.files.outline_of(&at.file, &tokens);
        let ahead = Ahead::new(&tokens);
        let fuel = Cell::new(LOOKUPS);
        let names = Names {
            fuel: &fuel,
            ..names
        };
        let mut reader = Reader::new(names, &ahead, Arc::clone(&at.file.path), node);
        reader.sound &= !at.file.lossy;
        let mut items = reader.items(&at.cfg);
        if ahead.is_exhausted() || fuel.get() == 0 {
            self.files.report(&at.file.path, Trouble::Tangled);
            items
                .iter_mut()
                .flat_map(|item| &mut item.references)
                .for_each(|found| found.certain = false);
        }
        items.into_iter().map(Arc::new).collect()
    }

    /// As [`Self::items`], read closely and by file. Nothing of it is kept.
    pub fn detailed(&self, target: TargetId, mentioning: &[&str]) -> Vec<DetailedFile> {
        let fuel = Cell::new(LOOKUPS);
        let Some(names) = self.names(target, &fuel) else {
            return Vec::new();
        };
        let found = carriers::nodes(names, mentioning);
        let nodes: Vec<usize> = found.iter().map(|found| found.node).collect();
        let mut files: Vec<DetailedFile> = nodes
            .into_par_iter()
            .filter_map(|node| self.read_closely(target, node))
            .collect();
        files.sort_by(|one, other| one.path.cmp(&other.path));
        files
    }

    fn read_closely(&self, target: TargetId, node: usize) -> Option<DetailedFile> {
        let fuel = Cell::new(LOOKUPS);
        let names = self.names(target, &fuel)?;
        let at = names.tree.nodes.get(node)?;
        let text = self.files.text(&at.file).unwrap_or_default();
        let tokens = Tokens::new(&text);
        self.files.outline_of(&at.file, &tokens);
        let ahead = Ahead::new(&tokens);
        let mut reader = Reader::new(names, &ahead, Arc::clone(&at.file.path), node);
        reader.sound &= !at.file.lossy;
        reader.notes = Some(Box::default());
        reader.items(&at.cfg);
        let mut items = std::mem::take(&mut reader.detailed);
        if ahead.is_exhausted() || fuel.get() == 0 {
            self.files.report(&at.file.path, Trouble::Tangled);
            items
                .iter_mut()
                .flat_map(|item| &mut item.uses)
                .for_each(|found| found.reference.certain = false);
        }
        Some(DetailedFile {
            path: Arc::clone(&at.file.path),
            items,
        })
    }

    /// The files of a target with their numbers of lines, each file once.
    pub fn lines(&self, target: TargetId) -> BTreeMap<Arc<Utf8Path>, usize> {
        let nodes = self.tree(target).map(|tree| tree.nodes.as_slice());
        let files: BTreeMap<_, _> = nodes
            .unwrap_or_default()
            .iter()
            .map(|node| (Arc::clone(&node.file.path), &node.file))
            .collect();
        files
            .into_iter()
            .map(|(path, file)| {
                let text = self.files.text(file).unwrap_or_default();
                let breaks = memchr::memchr_iter(b'\n', text.as_bytes()).count();
                let open = !text.is_empty() && !text.ends_with('\n');
                (path, breaks + usize::from(open))
            })
            .collect()
    }

    /// What a path means to those who depend on this target: `path` as they write it behind the
    /// crate's name. Goes through public names only: re-exports, also of other crates, are followed.
    /// Several results where conditions decide; none where there is no such public name.
    pub fn lookup(&self, target: TargetId, path: &[&str]) -> Vec<Resolved> {
        let fuel = Cell::new(LOOKUPS);
        let Some(names) = self.names(target, &fuel) else {
            return Vec::new();
        };
        let found = names.resolve_public(path).into_iter().map(|candidate| {
            let (krate, path) = match candidate.meaning {
                Meaning::Extern { krate, path } => (krate, path),
                Meaning::Module(module) => (OWN.into(), names.tree.path(&self.files, module)),
                Meaning::Own { path, .. } => (OWN.into(), path),
            };
            let cfg = Arc::new(candidate.cfg);
            Resolved {
                krate,
                path: path.into(),
                cfg,
                certain: candidate.certain,
            }
        });
        found.collect()
    }

    /// Where the code of any target names `ident`, comments and strings apart.
    pub fn places_of(&self, ident: &str) -> Vec<Place> {
        self.places(ident, &|tokens, at| {
            let symbol = tokens.symbols().find(ident);
            tokens.kind(at) == Kind::Name && tokens.symbol(at) == symbol
        })
    }

    /// Where the code of any target holds this string literal.
    pub fn places_of_text(&self, text: &str) -> Vec<Place> {
        self.places(text, &|tokens, at| tokens.string(at) == Some(text))
    }

    /// Where a token fits that holds `word`.
    fn places(&self, word: &str, fits: &dyn Fn(&Tokens<'_>, usize) -> bool) -> Vec<Place> {
        let mut files = BTreeMap::new();
        for (target, _) in self.targets() {
            for node in self.tree(target).into_iter().flat_map(|tree| &tree.nodes) {
                files
                    .entry(Arc::clone(&node.file.path))
                    .or_insert_with(|| Arc::clone(&node.file));
            }
        }
        let words = carriers::Words::new([word]);
        let mut places = Vec::new();
        for (path, file) in files {
            let text = self.files.text(&file).unwrap_or_default();
            if !words.are_in(&text) {
                continue;
            }
            let tokens = Tokens::new(&text);
            let found = tokens.all().filter(|at| fits(&tokens, *at));
            places.extend(found.map(|at| {
                let (line, column) = tokens.place(at);
                Place {
                    file: Arc::clone(&path),
                    line,
                    column,
                }
            }));
        }
        places
    }

    /// What has kept the sources from being read in full, as far as they were asked for.
    pub fn problems(&self) -> Vec<Problem> {
        self.files.problems()
    }
}

/// The items of files in the order of the files' paths. A file that is two modules keeps their order.
fn in_order(mut files: Vec<(&Arc<Utf8Path>, Vec<Arc<Item>>)>) -> Vec<Arc<Item>> {
    files.sort_by_key(|(path, _)| path.as_str());
    files.into_iter().flat_map(|(_, items)| items).collect()
}

/// Whether an item refers to one of these crates, or to an item of one of these names.
fn refers_to(item: &Item, names: &[&str]) -> bool {
    item.references.iter().any(|reference| {
        names.contains(&&*reference.krate)
            || reference
                .path
                .iter()
                .any(|segment| names.contains(&&**segment))
    })
}
