//! The trial of an upgrade: a package's sources with a changed manifest, compiled in a scratch copy.
//!
//! First as they are, so that errors which were there before are told apart; then with the change.
//! Steps that need nobody's judgement can be applied to the copy, round after round. Nothing outside
//! the scratch folder is written. Compiling runs build scripts and macros of the package and of its
//! dependencies, as any build of it does: whoever calls this was asked to.

mod about;
mod bench;
mod edits;
mod guide;
mod model;
mod names;
mod rename;
mod rounds;
mod start;
mod strip;

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};

use crate::plan::diff;
use crate::plan::shadow::{ShadowError, Surroundings};
use crate::plan::trial::Fault;
use crate::source::TargetRoot;
use crate::workspace::cargo::Cargo;

use bench::{Bench, Checked};
pub use guide::{Guide, Known, Rename, Use};
pub use model::{
    About, AppliedStep, Baseline, CompileError, ErrorGroup, Note, Outcome, Reason, SourcePlace,
    TrialReport, Way,
};
use names::Names;
use rounds::Changes;
use start::{Start, all_features, begin, changed_once};

/// Rounds of steps beyond this are not made. Hops over all lines need four.
pub const ROUNDS: usize = 12;

/// The package to try.
#[derive(Debug, Clone)]
pub struct Subject<'a> {
    pub name: &'a str,
    /// Its real manifest: in the workspace, in a folder, in cargo's unpacked sources or a checkout.
    pub manifest: &'a Utf8Path,
    /// Where the code of its targets begins; files absolute, or relative to its folder.
    pub targets: &'a [TargetRoot],
    /// The features that are enabled here, `default` among them where it is.
    pub features: &'a [String],
    /// Whether cargo caps its lints, as it does for packages of a registry or repository.
    pub capped: bool,
    /// A lock whose releases are to be used as far as they fit: that of the workspace.
    pub lock: Option<&'a str>,
}

/// How to try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// Whether to apply steps to the copy.
    pub apply: bool,
    /// Whether to try with all features, too, where that compiles before the change.
    pub all_features: bool,
    /// Target triples, where it is not for the host.
    pub targets: Vec<String>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            apply: false,
            all_features: true,
            targets: Vec::new(),
        }
    }
}

/// Tries a package with changed manifests (real path, new text). `progress` is given the name of each
/// package that was compiled.
///
/// # Errors
/// Where the copy cannot be made or changed, or cargo not be started. What cargo refuses and rustc
/// does not compile is no error, but what the report tells.
pub fn run(
    subject: &Subject<'_>,
    changed: &BTreeMap<Utf8PathBuf, String>,
    guide: &Guide,
    options: &Options,
    cargo: &Cargo,
    around: &Surroundings,
    progress: &mut dyn FnMut(&str),
) -> Result<TrialReport, ShadowError> {
    if !subject.manifest.is_file() {
        let folder = subject.manifest.parent().unwrap_or(subject.manifest);
        let folder = folder.to_owned();
        return Ok(TrialReport::of(Outcome::NoSources { folder }));
    }
    let bench = Bench::new(subject, options, cargo, around, progress)?;
    let mut start = match begin(&bench, Way::AllTargets)? {
        Ok(start) => start,
        Err(said) => return Ok(TrialReport::of(Outcome::Unusable { said })),
    };
    all_features(&bench, options, &mut start)?;
    let (start, first) = match changed_once(&bench, changed, start)? {
        Ok(tried) => tried,
        Err((start, said)) => {
            let report = TrialReport {
                baseline: start.baseline(&bench),
                way: Some(start.way),
                notes: start.notes,
                command: bench.command(start.way, &start.sets),
                manifest_patch: manifest_patch(&bench, changed),
                ..TrialReport::of(Outcome::Refused { said })
            };
            return Ok(report);
        }
    };
    finish(&bench, changed, guide, options, start, first)
}

/// What is left once no step applies any more.
struct Ended {
    found: Vec<ErrorGroup>,
    last: Checked,
    rounds: usize,
    changes: Changes,
    stopped: bool,
}

/// Applies steps round after round; cargo's words where it refuses to go on.
fn rounds(
    bench: &Bench<'_>,
    changed: &BTreeMap<Utf8PathBuf, String>,
    guide: &Guide,
    (apply, start): (bool, &Start),
    first: Checked,
) -> Result<Result<Ended, String>, ShadowError> {
    let names = names(bench, changed);
    let mut ended = Ended {
        found: Vec::new(),
        last: first,
        rounds: 1,
        changes: Changes::default(),
        stopped: false,
    };
    loop {
        let new = new_faults(&ended.last, &start.before, &ended.changes, bench);
        let own: Vec<&Fault> = new.into_iter().filter(|f| is_own(f, bench)).collect();
        if ended.rounds == 1 {
            ended.found = about::groups(&own, guide, &ground(bench, &ended.changes));
        }
        if !apply || own.is_empty() {
            return Ok(Ok(ended));
        }
        if ended.rounds > ROUNDS {
            ended.stopped = true;
            return Ok(Ok(ended));
        }
        let changes = &mut ended.changes;
        if changes.round(ended.rounds, bench, &own, &names, guide)? == 0 {
            return Ok(Ok(ended));
        }
        ended.rounds += 1;
        ended.last = match start::check(bench, changed, start)? {
            Ok(checked) => checked,
            Err(said) => return Ok(Err(said)),
        };
    }
}

/// Applies steps, and puts the report together.
fn finish(
    bench: &Bench<'_>,
    changed: &BTreeMap<Utf8PathBuf, String>,
    guide: &Guide,
    options: &Options,
    start: Start,
    first: Checked,
) -> Result<TrialReport, ShadowError> {
    let ended = match rounds(bench, changed, guide, (options.apply, &start), first)? {
        Ok(ended) => ended,
        Err(said) => {
            return Ok(TrialReport {
                way: Some(start.way),
                baseline: start.baseline(bench),
                ..TrialReport::of(Outcome::Refused { said })
            });
        }
    };
    let changes = ended.changes;
    let new = new_faults(&ended.last, &start.before, &changes, bench);
    let (own, others): (Vec<&Fault>, Vec<&Fault>) =
        new.iter().copied().partition(|fault| is_own(fault, bench));
    let mut notes = start.notes.clone();
    if ended.stopped {
        notes.push(Note::TooManyRounds { rounds: ROUNDS });
    }
    notes.extend(limits(&own, start.way));
    let missing = changes.missing.iter().cloned();
    notes.extend(missing.map(|name| Note::NoSuchDependency { name }));
    Ok(TrialReport {
        outcome: outcome(&own, &others, &start, &changes),
        way: Some(start.way),
        command: bench.command(start.way, &start.sets),
        baseline: start.baseline(bench),
        remaining: about::groups(&own, guide, &ground(bench, &changes)),
        found: ended.found,
        lints: errors(ended.last.lints.iter(), bench),
        elsewhere: errors(others.into_iter(), bench),
        rounds: ended.rounds,
        manifest_patch: manifest_patch(bench, changed),
        source_patch: changes.patch(bench.scratch.root()),
        applied: changes.applied,
        notes,
    })
}

fn ground<'b>(bench: &'b Bench<'_>, changes: &'b Changes) -> about::Ground<'b> {
    about::Ground {
        root: bench.scratch.root(),
        folder: &bench.folder,
        changes,
    }
}

fn outcome(own: &[&Fault], others: &[&Fault], start: &Start, changes: &Changes) -> Outcome {
    if !own.is_empty() {
        return Outcome::Errors;
    }
    // What keeps the package from being compiled hides whatever it has itself.
    let said = others
        .first()
        .map(|fault| fault.message.clone())
        .or_else(|| {
            let fails = start.before.fails_in_main();
            let first = start.before.faults.first().filter(|_| fails);
            first.map(|fault| fault.message.clone())
        });
    match said {
        Some(said) => Outcome::Unusable { said },
        None if changes.applied.is_empty() => Outcome::BumpOnly,
        None => Outcome::Patched,
    }
}

/// What rustc did not get to say.
fn limits(own: &[&Fault], way: Way) -> Vec<Note> {
    const NAMES: [&str; 7] = [
        "E0405", "E0412", "E0422", "E0425", "E0432", "E0433", "E0531",
    ];
    let mut notes = Vec::new();
    let of_names = |fault: &&&Fault| {
        fault
            .code
            .as_deref()
            .is_some_and(|code| NAMES.contains(&code))
    };
    if own.iter().any(|fault| of_names(&fault)) {
        notes.push(Note::NamesFirst);
    }
    let library = |target: &String| {
        let kinds = target.rsplit_once('(').map_or("", |(_, kinds)| kinds);
        kinds.contains("lib") || kinds.contains("proc-macro")
    };
    if way != Way::Library && own.iter().any(|fault| fault.targets.iter().any(library)) {
        notes.push(Note::LibraryFirst);
    }
    notes
}

/// The faults that were not there before. Where steps have changed a file its places are others, so
/// that there as many of the same words are left out as there were.
fn new_faults<'c>(
    checked: &'c Checked,
    before: &Checked,
    changes: &Changes,
    bench: &Bench<'_>,
) -> Vec<&'c Fault> {
    let mut old: Vec<&Fault> = before.faults.iter().collect();
    let root = bench.scratch.root();
    let mut new = Vec::new();
    for fault in &checked.faults {
        let moved = fault
            .spot
            .as_ref()
            .is_some_and(|spot| changes.changed(&root.join(&spot.file)));
        let same = |known: &&Fault| {
            let words = (&known.package, &known.code, &known.message);
            let file = |fault: &Fault| fault.spot.as_ref().map(|spot| spot.file.clone());
            words == (&fault.package, &fault.code, &fault.message)
                && (known.spot == fault.spot || moved && file(known) == file(fault))
        };
        match old.iter().position(same) {
            Some(at) => {
                old.remove(at);
            }
            None => new.push(fault),
        }
    }
    new
}

fn is_own(fault: &Fault, bench: &Bench<'_>) -> bool {
    fault.local && fault.package == bench.subject.name
}

fn errors<'f>(faults: impl Iterator<Item = &'f Fault>, bench: &Bench<'_>) -> Vec<CompileError> {
    faults
        .map(|fault| CompileError::of(fault, bench.scratch.root(), &bench.folder))
        .collect()
}

/// The names of crates once the manifest is changed. Those of before stay known, so that paths that
/// begin with them are read as what they are.
fn names(bench: &Bench<'_>, changed: &BTreeMap<Utf8PathBuf, String>) -> Names {
    let manifest = bench.subject.manifest;
    let root = bench.scratch.root().join("Cargo.toml");
    let now = |path: &Utf8Path| -> Option<&str> {
        let new = changed.get(path).map(String::as_str);
        new.or_else(|| bench.manifest(path))
    };
    let old = Names::of(
        bench.manifest(manifest).unwrap_or_default(),
        bench.manifest(&root),
    );
    Names::of(now(manifest).unwrap_or_default(), now(&root)).after(old)
}

fn manifest_patch(bench: &Bench<'_>, changed: &BTreeMap<Utf8PathBuf, String>) -> String {
    let root = bench.scratch.root();
    let diffs = changed.iter().map(|(path, new)| {
        let name = path.strip_prefix(root).unwrap_or(path);
        diff::unified(name.as_str(), bench.manifest(path).unwrap_or_default(), new)
    });
    diffs.collect()
}
