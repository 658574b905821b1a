//! Reads one file of a target: what each of its items refers to.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;

use camino::Utf8Path;

use super::ahead::Ahead;
use super::blocks::Block;
use super::cfg::Cfg;
use super::detail::{DetailedItem, Recorder};
use super::meaning::{Candidate, Meaning, Path, Space};
use super::resolve::Names;
use super::symbols::{Quick, Symbol};
use super::tokens::Tokens;
use super::tree::ModuleId;
use super::{MethodCall, OWN, Place, Position, Reference};

/// What a path means, ready to be copied into references.
#[derive(Debug, Clone)]
pub(super) struct Target {
    /// Tells apart those of one file.
    pub(super) id: usize,
    pub(super) krate: Arc<str>,
    pub(super) path: Arc<[Arc<str>]>,
    pub(super) cfg: Cfg,
    pub(super) certain: bool,
    /// A crate or module itself: no type, value or macro.
    pub(super) is_module: bool,
}

/// What surrounds a stretch of tokens.
#[derive(Debug, Clone)]
pub(super) struct Context {
    pub(super) position: Position,
    pub(super) method: Option<Symbol>,
    pub(super) cfg: Arc<Cfg>,
}

impl Context {
    pub(super) fn at(&self, position: Position) -> Context {
        Context {
            position,
            ..self.clone()
        }
    }
}

/// A path as written in this file.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Spelling {
    pub(super) absolute: bool,
    pub(super) segments: Vec<Symbol>,
    pub(super) space: Space,
    pub(super) import: bool,
    pub(super) of_crate: bool,
}

impl Spelling {
    pub(super) fn new(absolute: bool, segments: Vec<Symbol>, space: Space) -> Spelling {
        Spelling {
            absolute,
            segments,
            space,
            import: false,
            of_crate: false,
        }
    }
}

pub(super) struct Reader<'a, 't> {
    pub(super) names: Names<'a>,
    pub(super) ahead: &'a Ahead<'a, 't>,
    pub(super) tokens: &'a Tokens<'t>,
    pub(super) file: Arc<Utf8Path>,
    /// Whether the file is sound, so that what is found is certain.
    pub(super) sound: bool,
    pub(super) module: ModuleId,
    /// Positions of the keywords that may declare something inside a body.
    pub(super) declaring: Vec<usize>,
    /// By inline module.
    meanings: Vec<HashMap<Spelling, Rc<[Target]>, Quick>>,
    texts: Vec<Option<Arc<str>>>,
    /// Each condition once, so that two are the same where their addresses are.
    cfgs: HashMap<Cfg, Arc<Cfg>>,
    joined: HashMap<(usize, usize), Arc<Cfg>, Quick>,
    paths: HashSet<Arc<[Arc<str>]>, Quick>,
    targets: usize,
    pub(super) item: Findings,
    /// Notes of the item, where it is to be read closely.
    pub(super) notes: Option<Box<Recorder>>,
    /// The items read closely.
    pub(super) detailed: Vec<DetailedItem>,
}

/// What was found in the item being read.
#[derive(Debug, Default)]
pub(super) struct Findings {
    pub(super) references: Vec<Reference>,
    pub(super) calls: Vec<MethodCall>,
    /// Names that stand in string literals, as paths.
    pub(super) quoted: BTreeSet<Arc<str>>,
    /// Where names are variables.
    pub(super) variables: HashMap<Symbol, Vec<Range<usize>>, Quick>,
    /// Where names are generic parameters.
    pub(super) parameters: HashMap<Symbol, Vec<Range<usize>>, Quick>,
    /// Tokens that are no references: bound names, the bars of closures.
    pub(super) settled: HashSet<usize, Quick>,
    /// Enclosing blocks that declare something, the innermost last.
    pub(super) blocks: Vec<Block>,
    /// What `Self` stands for.
    pub(super) own_type: Option<Spelling>,
    own_seen: HashSet<(usize, Position, Option<Symbol>, usize), Quick>,
}

impl<'a, 't> Reader<'a, 't> {
    pub(super) fn new(
        names: Names<'a>,
        ahead: &'a Ahead<'a, 't>,
        file: Arc<Utf8Path>,
        node: usize,
    ) -> Self {
        let tokens = ahead.tokens;
        let declares = |at: &usize| {
            tokens
                .symbol(*at)
                .is_some_and(|symbol| super::blocks::DECLARING.contains(&symbol))
        };
        Reader {
            names,
            ahead,
            tokens,
            file,
            sound: tokens.fault.is_none(),
            module: ModuleId { node, inner: 0 },
            declaring: tokens.all().filter(declares).collect(),
            meanings: Vec::new(),
            texts: vec![None; tokens.symbols().len()],
            cfgs: HashMap::default(),
            joined: HashMap::default(),
            paths: HashSet::default(),
            targets: 0,
            item: Findings::default(),
            notes: None,
            detailed: Vec::new(),
        }
    }

    /// The text of a name, shared by all who hold it.
    pub(super) fn text(&mut self, symbol: Symbol) -> Arc<str> {
        let name = self.tokens.name(symbol);
        match self.texts.get_mut(symbol.0 as usize) {
            Some(text) => Arc::clone(text.get_or_insert_with(|| name.into())),
            None => name.into(),
        }
    }

    pub(super) fn place(&self, at: usize) -> Place {
        let (line, column) = self.tokens.place(at);
        Place {
            file: Arc::clone(&self.file),
            line,
            column,
        }
    }

    pub(super) fn bind_variable(&mut self, symbol: Symbol, range: Range<usize>) {
        cover(&mut self.item.variables, symbol, range);
    }

    pub(super) fn bind_parameters(&mut self, generics: Range<usize>, range: &Range<usize>) {
        if let Some(notes) = &mut self.notes {
            notes.bounds.push(generics.clone());
        }
        for symbol in super::patterns::generics(self.tokens, generics) {
            cover(&mut self.item.parameters, symbol, range.clone());
        }
    }

    pub(super) fn is_variable(&self, symbol: Symbol, at: usize) -> bool {
        covers(&self.item.variables, symbol, at)
    }

    pub(super) fn is_parameter(&self, symbol: Symbol, at: usize) -> bool {
        covers(&self.item.parameters, symbol, at)
    }

    /// Records the path at token `at` as a reference to all that it may mean.
    pub(super) fn refer(&mut self, spelling: Spelling, at: usize, context: &Context) {
        let single = spelling.segments.len() == 1 && !spelling.import;
        let Some(first) = spelling.segments.first().copied() else {
            return;
        };
        if !spelling.absolute && self.is_parameter(first, at) {
            return;
        }
        if single && (first.is_path_keyword() || self.is_variable(first, at)) {
            return;
        }
        for target in self.meaning(spelling, at).iter() {
            // A module is no value: the name means something else here.
            if !(single && target.is_module) {
                self.record(target, at, context);
                if let Some(notes) = &mut self.notes {
                    notes.paths.entry(at).or_default().push(target.clone());
                }
            }
        }
    }

    /// Records a reference to what was found for the path at token `at`. One to this package's own
    /// is recorded once in an item for each position and condition.
    pub(super) fn record(&mut self, target: &Target, at: usize, context: &Context) {
        let within = Arc::as_ptr(&context.cfg) as usize;
        let cfg = match target.cfg {
            Cfg::Always => Arc::clone(&context.cfg),
            _ => match self.joined.get(&(target.id, within)) {
                Some(cfg) => Arc::clone(cfg),
                None => {
                    let cfg = self.cfg(context.cfg.and(&target.cfg));
                    self.joined.insert((target.id, within), Arc::clone(&cfg));
                    cfg
                }
            },
        };
        if &*target.krate == OWN && self.notes.is_none() {
            let condition = Arc::as_ptr(&cfg) as usize;
            let path = Arc::as_ptr(&target.path).cast::<u8>() as usize;
            if !self
                .item
                .own_seen
                .insert((path, context.position, context.method, condition))
            {
                return;
            }
        }
        let reference = Reference {
            krate: Arc::clone(&target.krate),
            path: Arc::clone(&target.path),
            position: context.position,
            method: context.method.map(|method| self.text(method)),
            cfg,
            certain: target.certain && self.sound,
            place: self.place(at),
        };
        if let Some(notes) = &mut self.notes {
            let tokens = notes.leaf.clone().unwrap_or_else(|| vec![at]);
            notes.references.push((tokens, reference.clone()));
        }
        self.item.references.push(reference);
    }

    /// The condition, shared.
    pub(super) fn cfg(&mut self, cfg: Cfg) -> Arc<Cfg> {
        if let Some(shared) = self.cfgs.get(&cfg) {
            return Arc::clone(shared);
        }
        let shared = Arc::new(cfg.clone());
        self.cfgs.insert(cfg, Arc::clone(&shared));
        shared
    }

    /// The same target under a number of its own, its path shared with all that have the same.
    pub(super) fn fresh(&mut self, mut target: Target) -> Target {
        self.targets += 1;
        target.id = self.targets;
        match self.paths.get(&target.path) {
            Some(path) => target.path = Arc::clone(path),
            None => drop(self.paths.insert(Arc::clone(&target.path))),
        }
        target
    }

    pub(super) fn call(&mut self, name: Symbol, at: usize, context: &Context) {
        let call = MethodCall {
            name: self.text(name),
            inside: context.method.map(|method| self.text(method)),
            cfg: Arc::clone(&context.cfg),
            place: self.place(at),
        };
        self.item.calls.push(call);
    }

    /// What a path at token `at` means.
    pub(super) fn meaning(&mut self, spelling: Spelling, at: usize) -> Rc<[Target]> {
        if spelling.segments.first() == Some(&Symbol::SELF_TYPE) {
            return self.of_own_type(spelling, at);
        }
        if let Some(found) = self.in_blocks(&spelling) {
            return found;
        }
        let found = self.in_module(&spelling);
        if found.is_empty() {
            self.through_block_globs(&spelling).unwrap_or(found)
        } else {
            found
        }
    }

    /// `Self::name`.
    fn of_own_type(&mut self, spelling: Spelling, at: usize) -> Rc<[Target]> {
        match self.item.own_type.clone() {
            Some(own) if own.segments.first() != Some(&Symbol::SELF_TYPE) => {
                let rest = spelling.segments.into_iter().skip(1);
                let segments = own.segments.into_iter().chain(rest).collect();
                self.meaning(
                    Spelling {
                        segments,
                        space: spelling.space,
                        ..own
                    },
                    at,
                )
            }
            _ => Rc::from([]),
        }
    }

    /// What a path means in the module, without what blocks declare.
    pub(super) fn in_module(&mut self, spelling: &Spelling) -> Rc<[Target]> {
        let inner = self.module.inner;
        if let Some(found) = self
            .meanings
            .get(inner)
            .and_then(|known| known.get(spelling))
        {
            return Rc::clone(found);
        }
        let segments: Vec<&str> = spelling
            .segments
            .iter()
            .map(|symbol| self.tokens.name(*symbol))
            .collect();
        let path = Path {
            absolute: spelling.absolute,
            segments: &segments,
            space: spelling.space,
            import: spelling.import,
            of_crate: spelling.of_crate,
        };
        let found = self.names.resolve(self.module, path);
        let found: Rc<[Target]> = found.into_iter().map(|found| self.target(found)).collect();
        if self.meanings.len() <= inner {
            self.meanings.resize_with(inner + 1, HashMap::default);
        }
        self.meanings[inner].insert(spelling.clone(), Rc::clone(&found));
        found
    }

    pub(super) fn target(&mut self, candidate: Candidate) -> Target {
        let Candidate {
            meaning,
            cfg,
            certain,
        } = candidate;
        let (krate, path, is_module) = match meaning {
            Meaning::Extern { krate, path } => {
                let is_module = path.is_empty();
                (krate, path, is_module)
            }
            Meaning::Module(module) => (
                OWN.into(),
                self.names.tree.path(self.names.files, module),
                true,
            ),
            Meaning::Own { path, .. } => (OWN.into(), path, false),
        };
        self.fresh(Target {
            id: 0,
            krate,
            path: path.into(),
            cfg,
            certain,
            is_module,
        })
    }
}

/// Ranges looked at for one name. More than a few lie side by side only where none lies around them.
const BESIDE: usize = 64;

/// Adds a range to those of a name, which are kept in the order of their starts. One that lies inside
/// another adds nothing.
fn cover(
    names: &mut HashMap<Symbol, Vec<Range<usize>>, Quick>,
    symbol: Symbol,
    range: Range<usize>,
) {
    let ranges = names.entry(symbol).or_default();
    let at = ranges.partition_point(|other| other.start <= range.start);
    let around = ranges[..at]
        .iter()
        .rev()
        .take(BESIDE)
        .any(|other| other.end >= range.end);
    if !around {
        ranges.insert(at, range);
    }
}

fn covers(names: &HashMap<Symbol, Vec<Range<usize>>, Quick>, symbol: Symbol, at: usize) -> bool {
    names.get(&symbol).is_some_and(|ranges| {
        let started = ranges.partition_point(|range| range.start <= at);
        ranges[..started]
            .iter()
            .rev()
            .take(BESIDE)
            .any(|range| range.contains(&at))
    })
}
