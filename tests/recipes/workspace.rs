//! Snippets as modules of libraries, one library for each line, in one workspace: what the lines share
//! is compiled once.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;

use camino::{Utf8Path, Utf8PathBuf};
use otel_check::rules::recipes::{Need, Recipe, Snippet};
use otel_check::skew::Line;

use super::releases::Releases;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    Before,
    After,
}

/// A snippet that is to compile on a line.
pub struct Trial {
    pub recipe: &'static Recipe,
    pub side: Side,
    pub line: Line,
}

impl Trial {
    pub fn new(recipe: &'static Recipe, side: Side, line: Line) -> Self {
        Trial { recipe, side, line }
    }

    pub fn snippet(&self) -> &'static Snippet {
        match self.side {
            Side::Before => &self.recipe.before,
            Side::After => &self.recipe.after,
        }
    }

    /// Whether it is where the snippet should no longer compile.
    fn is_left(&self) -> bool {
        self.side == Side::Before && self.line > self.recipe.last
    }

    pub fn needs(&self) -> &'static [Need] {
        match self.side {
            Side::Before => &self.recipe.needs_before,
            Side::After => &self.recipe.needs_after,
        }
    }

    fn module(&self) -> String {
        let side = match self.side {
            Side::Before => "before",
            Side::After => "after",
        };
        format!("{}_{side}", self.recipe.id.replace('-', "_"))
    }
}

/// The generated workspace.
pub struct Workspace<'a> {
    pub root: Utf8PathBuf,
    /// By package and module.
    pub trials: BTreeMap<(String, String), &'a Trial>,
}

/// A library of it.
struct Library<'a> {
    line: Line,
    trials: Vec<&'a Trial>,
    /// Requirement and features by package.
    needs: BTreeMap<&'a str, (String, BTreeSet<&'a str>)>,
}

/// How snippets share libraries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sharing {
    /// Those of one line do, as far as they agree on what they need.
    OfLine,
    /// None does: an error in one cannot hide that in another.
    None,
}

/// Writes a workspace of that name below the target folder; files that are as they should be stay
/// untouched.
pub fn write<'a>(
    name: &str,
    trials: impl IntoIterator<Item = &'a Trial>,
    releases: &Releases,
    sharing: Sharing,
) -> Workspace<'a> {
    let root = Utf8Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let mut libraries: Vec<Library<'a>> = Vec::new();
    for trial in trials {
        let asked = asked(trial, releases);
        let fitting = libraries.iter_mut().find(|library| {
            library.line == trial.line
                && sharing == Sharing::OfLine
                && asked.iter().all(|(name, version)| {
                    let known = library.needs.get(name);
                    known.is_none_or(|(known, _)| known == version)
                })
        });
        let library = match fitting {
            Some(library) => library,
            None => {
                libraries.push(Library::new(trial.line));
                libraries.last_mut().expect("a library")
            }
        };
        library.add(trial, asked, releases);
    }
    let mut workspace = Workspace {
        root,
        trials: BTreeMap::new(),
    };
    let mut members = Vec::new();
    for (number, library) in libraries.iter().enumerate() {
        let line = library.line.to_string().replace('.', "-");
        let name = format!("line-{line}-{number}");
        library.write(&workspace.root.join(&name), &name);
        for trial in &library.trials {
            let key = (name.clone(), trial.module());
            workspace.trials.insert(key, trial);
        }
        members.push(name);
    }
    let manifest = format!(
        "[workspace]\nresolver = \"2\"\nmembers = {members:?}\n\n\
         [profile.dev]\ndebug = false\nincremental = false\n"
    );
    put(&workspace.root.join("Cargo.toml"), &manifest);
    workspace
}

/// The requirement of each package that a snippet needs.
fn asked<'a>(trial: &'a Trial, releases: &Releases) -> Vec<(&'a str, String)> {
    let needs = trial.needs().iter();
    needs
        .map(|need| {
            let version = match &need.version {
                Some(version) => version.to_string(),
                None => format!("={}", releases.version(&need.name, trial.line)),
            };
            (need.name.as_str(), version)
        })
        .collect()
}

impl<'a> Library<'a> {
    fn new(line: Line) -> Self {
        Library {
            line,
            trials: Vec::new(),
            needs: BTreeMap::new(),
        }
    }

    fn add(&mut self, trial: &'a Trial, asked: Vec<(&'a str, String)>, releases: &Releases) {
        for (name, version) in asked {
            self.needs.entry(name).or_insert((version, BTreeSet::new()));
        }
        for need in trial.needs() {
            let (_, features) = self.needs.get_mut(need.name.as_str()).expect("a need");
            let needed = need.features.iter().filter(|feature| {
                // On the line after the last one a feature may be gone: that is no fault of the code.
                !trial.is_left()
                    || need.version.is_some()
                    || releases.has_feature(
                        &need.name,
                        &releases.version(&need.name, trial.line),
                        feature,
                    )
            });
            features.extend(needed.map(String::as_str));
        }
        self.trials.push(trial);
    }

    fn write(&self, folder: &Utf8Path, name: &str) {
        let mut manifest = format!(
            "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2021\"\n\
             publish = false\n"
        );
        for (package, (version, features)) in &self.needs {
            let features: Vec<&str> = features.iter().copied().collect();
            writeln!(
                manifest,
                "[dependencies.{package}]\nversion = \"{version}\"\n\
                 default-features = false\nfeatures = {features:?}"
            )
            .unwrap();
        }
        put(&folder.join("Cargo.toml"), &manifest);
        let mut root = "#![allow(warnings)]\n".to_owned();
        for trial in &self.trials {
            let module = trial.module();
            writeln!(root, "mod {module};").unwrap();
            put(
                &folder.join(format!("src/{module}.rs")),
                &trial.snippet().code,
            );
        }
        put(&folder.join("src/lib.rs"), &root);
    }
}

fn put(file: &Utf8Path, text: &str) {
    if fs::read_to_string(file).is_ok_and(|known| known == text) {
        return;
    }
    fs::create_dir_all(file.parent().expect("a folder")).unwrap();
    fs::write(file, text).unwrap();
}
