//! Which files make up a target: `mod name;` followed from its root file.

use std::collections::HashMap;
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};
use memchr::memmem;

use super::cfg::Cfg;
use super::entries::Visibility;
use super::files::{Files, SourceFile};
use super::outline::{FileModule, Outline};
use super::problem::Trouble;
use super::symbols::Quick;

/// Modules in files inside one another beyond this are not followed.
const DEPTH: usize = 128;
/// Files of one target beyond this are not followed.
const NODES: usize = 50_000;

/// A module: the file it stands in as a [`Node`], and the inline module in that file's outline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct ModuleId {
    pub(super) node: usize,
    pub(super) inner: usize,
}

/// A file in its place in the module tree. A file that is declared twice makes two nodes.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) file: Arc<SourceFile>,
    /// Its module path from the root.
    pub(super) path: Vec<Arc<str>>,
    pub(super) parent: Option<ModuleId>,
    /// All conditions of its declaration and those around it.
    pub(super) cfg: Cfg,
    pub(super) visibility: Visibility,
    /// Brought in by `include!`: its items belong to the parent module.
    pub(super) included: bool,
    /// The folder in which the modules it declares are looked for.
    folder: Utf8PathBuf,
    depth: usize,
}

/// The module tree of one target. The first node is its root.
#[derive(Debug, Default)]
pub(super) struct Tree {
    pub(super) nodes: Vec<Node>,
    children: HashMap<ModuleId, HashMap<Arc<str>, Vec<usize>, Quick>, Quick>,
    includes: HashMap<ModuleId, Vec<usize>, Quick>,
    /// The modules that define an exported macro of this name.
    exported: HashMap<Arc<str>, Vec<ModuleId>, Quick>,
}

impl Tree {
    /// Follows the tree from `root`, a path relative to the package's folder.
    pub(super) fn new(files: &Files, root: &Utf8Path) -> Tree {
        let mut tree = Tree::default();
        let Some(file) = files.get(root) else {
            files.report(root, Trouble::Missing);
            return tree;
        };
        tree.nodes.push(Node {
            folder: parent(&file.path),
            file,
            path: Vec::new(),
            parent: None,
            cfg: Cfg::Always,
            visibility: Visibility::Public,
            included: false,
            depth: 0,
        });
        let mut next = 0;
        while next < tree.nodes.len() {
            tree.follow(files, next);
            next += 1;
        }
        tree
    }

    /// The nodes of `mod name;` in a module.
    pub(super) fn children(&self, module: ModuleId, name: &str) -> &[usize] {
        let children = self
            .children
            .get(&module)
            .and_then(|children| children.get(name));
        children.map(Vec::as_slice).unwrap_or_default()
    }

    /// The nodes that `include!` adds to a module.
    pub(super) fn includes(&self, module: ModuleId) -> &[usize] {
        self.includes
            .get(&module)
            .map(Vec::as_slice)
            .unwrap_or_default()
    }

    /// The modules that define an exported macro of this name.
    pub(super) fn exported(&self, name: &str) -> &[ModuleId] {
        self.exported
            .get(name)
            .map(Vec::as_slice)
            .unwrap_or_default()
    }

    fn follow(&mut self, files: &Files, at: usize) {
        let file = Arc::clone(&self.nodes[at].file);
        let Some(text) = files.text(&file) else {
            return;
        };
        if memmem::find(text.as_bytes(), b"macro_export").is_some() {
            for (inner, module) in files.outline(&file).modules.iter().enumerate() {
                for declared in module
                    .declared
                    .iter()
                    .filter(|declared| declared.exported_macro)
                {
                    self.exported
                        .entry(declared.name.clone())
                        .or_default()
                        .push(ModuleId { node: at, inner });
                }
            }
        }
        if !may_declare(text.as_bytes()) {
            return;
        }
        let outline = files.outline(&file);
        let folders = self.folders(at, outline);
        let mut cfgs: Vec<Cfg> = Vec::with_capacity(outline.modules.len());
        for (inner, module) in outline.modules.iter().enumerate() {
            let around = module
                .parent
                .and_then(|parent| cfgs.get(parent))
                .unwrap_or(&self.nodes[at].cfg);
            let cfg = around.and(&module.cfg);
            let id = ModuleId { node: at, inner };
            for declared in &module.files {
                let found = self.find(files, id, declared, &folders[inner]);
                for (file, folder, condition) in found {
                    let cfg = cfg.and(&declared.cfg).and(&condition);
                    self.add(files, id, Some(declared), file, folder, cfg);
                }
            }
            for (path, condition) in &module.includes {
                if let Some(file) = files.get(&parent(&file.path).join(path)) {
                    let folder = parent(&file.path);
                    self.add(files, id, None, file, folder, cfg.and(condition));
                }
            }
            cfgs.push(cfg);
        }
    }

    /// The folder in which each module of a file looks for the files of its own modules.
    fn folders(&self, at: usize, outline: &Outline) -> Vec<Utf8PathBuf> {
        let mut folders: Vec<Utf8PathBuf> = vec![self.nodes[at].folder.clone()];
        for module in outline.modules.iter().skip(1) {
            let outer = module
                .parent
                .and_then(|parent| folders.get(parent))
                .cloned()
                .unwrap_or_default();
            folders.push(match &module.path {
                Some(path) if module.parent == Some(0) => {
                    parent(&self.nodes[at].file.path).join(path)
                }
                Some(path) => outer.join(path),
                None => outer.join(file_name(&module.name)),
            });
        }
        folders
    }

    /// The files that `mod name;` may mean: each with the folder for its own modules and the
    /// condition under which it is meant.
    fn find(
        &self,
        files: &Files,
        module: ModuleId,
        declared: &FileModule,
        folder: &Utf8Path,
    ) -> Vec<(Arc<SourceFile>, Utf8PathBuf, Cfg)> {
        let from = &self.nodes[module.node].file.path;
        let base = if module.inner == 0 {
            parent(from)
        } else {
            folder.to_owned()
        };
        let mut found = Vec::new();
        let mut otherwise = Cfg::Always;
        for (path, cfg) in &declared.paths {
            // A file that `#[path]` names looks for its modules beside itself.
            if let Some(file) = files.get(&base.join(path)) {
                let folder = parent(&file.path);
                found.push((file, folder, cfg.clone()));
            }
            otherwise = otherwise.and(&cfg.clone().negated());
        }
        if declared.paths.iter().all(|(_, cfg)| *cfg != Cfg::Always) {
            let own = folder.join(file_name(&declared.name));
            let beside = files.get(&folder.join(format!("{}.rs", file_name(&declared.name))));
            let file = beside.or_else(|| files.get(&own.join("mod.rs")));
            found.extend(file.map(|file| (file, own, otherwise)));
        }
        if found.is_empty() {
            files.report(
                from,
                Trouble::NoModule {
                    name: declared.name.to_string(),
                },
            );
        }
        found
    }

    fn add(
        &mut self,
        files: &Files,
        parent: ModuleId,
        declared: Option<&FileModule>,
        file: Arc<SourceFile>,
        folder: Utf8PathBuf,
        cfg: Cfg,
    ) {
        let depth = self.nodes[parent.node].depth + 1;
        if depth > DEPTH || self.nodes.len() >= NODES {
            return files.report(&self.nodes[0].file.path, Trouble::TooMany);
        }
        if self.is_ancestor(&file.path, parent) {
            return files.report(&file.path, Trouble::Loop);
        }
        let at = self.nodes.len();
        let mut path = self.path(files, parent);
        match declared {
            Some(declared) => {
                path.push(declared.name.clone());
                let children = self.children.entry(parent).or_default();
                children.entry(declared.name.clone()).or_default().push(at);
            }
            None => self.includes.entry(parent).or_default().push(at),
        }
        self.nodes.push(Node {
            file,
            path,
            parent: Some(parent),
            cfg,
            visibility: declared.map_or(Visibility::Public, |declared| declared.visibility),
            included: declared.is_none(),
            folder,
            depth,
        });
    }

    fn is_ancestor(&self, path: &Utf8Path, module: ModuleId) -> bool {
        let mut at = Some(module);
        while let Some(node) = at.and_then(|module| self.nodes.get(module.node)) {
            if &*node.file.path == path {
                return true;
            }
            at = node.parent;
        }
        false
    }

    /// The module path of a module from the root.
    pub(super) fn path(&self, files: &Files, module: ModuleId) -> Vec<Arc<str>> {
        let node = &self.nodes[module.node];
        let mut names = Vec::new();
        if module.inner != 0 {
            let outline = files.outline(&node.file);
            let mut at = outline.modules.get(module.inner);
            while let Some(inline) = at.filter(|inline| inline.parent.is_some()) {
                names.push(inline.name.clone());
                at = inline.parent.and_then(|parent| outline.modules.get(parent));
            }
        }
        names.reverse();
        node.path.iter().cloned().chain(names).collect()
    }
}

fn parent(path: &Utf8Path) -> Utf8PathBuf {
    path.parent().map(Utf8Path::to_owned).unwrap_or_default()
}

/// `r#type` stands in `type.rs`.
fn file_name(module: &str) -> &str {
    module.strip_prefix("r#").unwrap_or(module)
}

/// Whether a text may hold `mod name;` or `include!`. Cheap, and wrong on one side only.
fn may_declare(text: &[u8]) -> bool {
    let name_byte = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_' || *byte >= 0x80;
    let declares = |at: usize| {
        if at
            .checked_sub(1)
            .and_then(|before| text.get(before))
            .is_some_and(name_byte)
        {
            return false;
        }
        let rest = text.get(at + 3..).unwrap_or_default();
        let name = rest.trim_ascii_start();
        if name.len() == rest.len() && !name.starts_with(b"/") {
            return false;
        }
        let name = name.strip_prefix(b"r#").unwrap_or(name);
        let end = name
            .iter()
            .position(|byte| !name_byte(byte))
            .unwrap_or(name.len());
        let tail = name[end..].trim_ascii_start();
        (end > 0 && tail.starts_with(b";")) || name.starts_with(b"/") || tail.starts_with(b"/")
    };
    memmem::find_iter(text, b"mod").any(declares) || memmem::find(text, b"include!").is_some()
}
