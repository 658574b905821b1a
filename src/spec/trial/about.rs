//! What an error of the compiler is about: the family's item that changed, by its place or its names.

use std::collections::{BTreeMap, BTreeSet};

use camino::Utf8Path;

use crate::plan::trial::{Fault, Spot};

use super::guide::{Guide, Use};
use super::model::{About, CompileError, ErrorGroup};
use super::rounds::Changes;

/// Where sources lie, and how they were before steps changed them.
pub struct Ground<'a> {
    /// That which files of faults are relative to.
    pub root: &'a Utf8Path,
    /// The package's.
    pub folder: &'a Utf8Path,
    pub changes: &'a Changes,
}

/// Sorts faults of a package into groups, those with most errors first.
pub fn groups(faults: &[&Fault], guide: &Guide, ground: &Ground<'_>) -> Vec<ErrorGroup> {
    let mut groups: BTreeMap<About, (BTreeSet<String>, Vec<CompileError>)> = BTreeMap::new();
    for fault in faults {
        let (about, recipes) = about(fault, guide, ground);
        let group = groups.entry(about).or_default();
        group.0.extend(recipes);
        let error = CompileError::of(fault, ground.root, ground.folder);
        group.1.push(error);
    }
    let mut groups: Vec<ErrorGroup> = groups
        .into_iter()
        .map(|(about, (recipes, mut errors))| {
            errors.sort_by(|a, b| (&a.place, &a.message).cmp(&(&b.place, &b.message)));
            ErrorGroup {
                about,
                recipes: recipes.into_iter().collect(),
                errors,
            }
        })
        .collect();
    groups.sort_by_key(|group| {
        (
            group.about == About::Other,
            std::cmp::Reverse(group.errors.len()),
        )
    });
    groups
}

/// What one fault is about, and ids of the recipes for it.
pub fn about(fault: &Fault, guide: &Guide, ground: &Ground<'_>) -> (About, Vec<String>) {
    let words = Words::of(fault, &guide.crates);
    if let Some(name) = words.two_versions() {
        return (About::TwoVersions { name }, Vec::new());
    }
    let item = |item: &str, recipes: &[String]| {
        let about = About::Item {
            item: item.to_owned(),
        };
        (about, recipes.to_vec())
    };
    if let Some(found) = used(fault, guide, &words, ground) {
        return item(&found.item, &found.recipes);
    }
    let known = guide.items.iter().filter_map(|known| {
        let score = words.score(&known.item, &guide.crates)?;
        Some((score, std::cmp::Reverse(&known.item), known))
    });
    if let Some((_, _, known)) = known.max_by_key(|(score, item, _)| (*score, *item)) {
        return item(&known.item, &known.recipes);
    }
    let krate = guide.crates.iter().find(|name| words.mentions_crate(name));
    match krate {
        Some(name) => (About::Crate { name: name.clone() }, Vec::new()),
        None => (About::Other, Vec::new()),
    }
}

/// The use that reading the sources found where the error is.
fn used<'g>(
    fault: &Fault,
    guide: &'g Guide,
    words: &Words,
    ground: &Ground<'_>,
) -> Option<&'g Use> {
    let spots = fault.spot.iter().chain(&fault.detail.spots);
    let here = |found: &&Use, spot: &Spot| {
        let file = ground.root.join(&spot.file);
        ground.folder.join(&found.file) == file
            && found.line == ground.changes.line_before(&file, spot.line)
    };
    let mut candidates: Vec<(bool, bool, bool, &Use)> = Vec::new();
    for spot in spots {
        for found in guide.uses.iter().filter(|found| here(found, spot)) {
            let named = words.names_last(&found.item);
            candidates.push((named, found.column == spot.column, found.certain, found));
        }
    }
    // Something stands on the line, but it is something else that is wrong there.
    candidates.retain(|(named, exact, _, _)| *named || *exact);
    let best = candidates.iter().rev();
    best.max_by_key(|(named, exact, certain, _)| (*named, *exact, *certain))
        .map(|(_, _, _, found)| *found)
}

/// The names in what rustc says.
struct Words {
    /// What it says, all of it.
    text: String,
    /// Single names in it.
    names: BTreeSet<String>,
    /// Paths in it, without generic arguments.
    paths: Vec<String>,
}

impl Words {
    fn of(fault: &Fault, crates: &[String]) -> Self {
        let mut text = fault.message.clone();
        for word in &fault.detail.words {
            text.push('\n');
            text.push_str(word);
        }
        let mut names = BTreeSet::new();
        let mut paths = Vec::new();
        // Names stand between backticks.
        for quoted in text.split('`').skip(1).step_by(2) {
            let letter = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
            for path in quoted.split(|c| !letter(c)).filter(|path| !path.is_empty()) {
                let path = path.trim_matches(':');
                names.extend(
                    path.split("::")
                        .filter(|n| !n.is_empty())
                        .map(str::to_owned),
                );
                if path.contains("::") {
                    paths.push(path.to_owned());
                }
            }
        }
        let mut words = Self { text, names, paths };
        words.defined(fault, crates);
        words
    }

    /// Takes the code of an error along where rustc points into a crate of the family beside it, as it
    /// does for a function that takes other arguments now.
    fn defined(&mut self, fault: &Fault, crates: &[String]) {
        let of_family = |file: &Utf8Path| {
            let folders = file.components().map(|part| part.as_str());
            let mut names = folders.filter_map(|folder| folder.rsplit_once('-'));
            names.find_map(|(name, version)| {
                let name = name.replace('-', "_");
                let known =
                    version.starts_with(|c: char| c.is_ascii_digit()) && crates.contains(&name);
                known.then_some(name)
            })
        };
        let pointed = fault.detail.elsewhere.iter();
        let found: Vec<(String, &String)> = pointed
            .filter_map(|(file, code)| Some((of_family(file)?, code)))
            .collect();
        if found.is_empty() {
            return;
        }
        let code = found
            .iter()
            .map(|(_, code)| *code)
            .chain(&fault.detail.code);
        let name = |c: char| c.is_alphanumeric() || c == '_';
        let names = code.flat_map(|code| code.split(|c| !name(c)));
        self.names
            .extend(names.filter(|n| !n.is_empty()).map(str::to_owned));
        for (krate, _) in found {
            self.text.push_str(&format!(" `{krate}`"));
            self.names.insert(krate);
        }
    }

    /// The crate of which rustc says that two versions meet.
    fn two_versions(&self) -> Option<String> {
        let says = ["different versions of crate `", "two versions of crate `"];
        let at = says
            .iter()
            .find_map(|words| Some(self.text.find(words)? + words.len()))?;
        let name = self.text.get(at..)?.split('`').next()?;
        Some(name.to_owned())
    }

    /// Whether the last name of an item's path is among them.
    fn names_last(&self, item: &str) -> bool {
        item.rsplit("::")
            .next()
            .is_some_and(|last| self.names.contains(last))
    }

    fn mentions_crate(&self, krate: &str) -> bool {
        let below = |path: &String| path.split("::").next() == Some(krate);
        self.names.contains(krate)
            && (self.paths.iter().any(below) || self.text.contains(&format!("`{krate}`")))
    }

    /// How well an item fits; nothing where its own name does not occur, or neither what it belongs to
    /// nor its crate.
    fn score(&self, item: &str, crates: &[String]) -> Option<usize> {
        let parts: Vec<&str> = item.split("::").collect();
        let (last, before) = parts.split_last()?;
        let (krate, between) = before.split_first()?;
        if !self.names.contains(*last) || !crates.iter().any(|name| name == krate) {
            return None;
        }
        let whole = self.paths.iter().any(|path| path == item);
        let owner = between
            .last()
            .is_some_and(|owner| self.names.contains(*owner));
        let of_crate = self.mentions_crate(krate);
        if !(whole || owner || of_crate) {
            return None;
        }
        // A name that is the rest of a longer one is no better than that.
        let known = between
            .iter()
            .filter(|part| self.names.contains(**part))
            .count();
        Some(usize::from(whole) * 100 + usize::from(of_crate) * 10 + usize::from(owner) * 5 + known)
    }
}

#[cfg(test)]
mod tests {
    use camino::Utf8Path;

    use super::*;
    use crate::plan::trial::Detail;
    use crate::spec::trial::guide::Known;

    fn fault(message: &str, words: &[&str], line: usize, column: usize) -> Fault {
        let spot = Spot {
            file: "member/src/lib.rs".into(),
            line,
            column,
        };
        Fault {
            package: "member".to_owned(),
            local: true,
            targets: vec!["member (lib)".to_owned()],
            message: message.to_owned(),
            code: Some("E0432".to_owned()),
            spot: Some(spot.clone()),
            rendered: message.to_owned(),
            detail: Detail {
                spots: vec![spot],
                words: words.iter().map(|&word| word.to_owned()).collect(),
                ..Detail::default()
            },
        }
    }

    fn guide() -> Guide {
        let at = |line, column, item: &str, id: &str| Use {
            file: "src/lib.rs".into(),
            line,
            column,
            item: item.to_owned(),
            recipes: vec![id.to_owned()],
            certain: true,
        };
        let known = |item: &str| Known {
            item: item.to_owned(),
            recipes: vec![format!("for-{}", item.rsplit("::").next().unwrap())],
        };
        Guide {
            crates: vec!["api".to_owned(), "api_sdk".to_owned()],
            uses: vec![
                at(3, 5, "api::sdk", "split"),
                at(3, 30, "api::stop", "stop"),
            ],
            items: vec![
                known("api::global::stop"),
                known("api_sdk::trace::Builder::with_exporter"),
                known("api_sdk::logs::Builder::with_exporter"),
                known("api_sdk::Resource::new"),
            ],
            renames: Vec::new(),
        }
    }

    fn ground(changes: &Changes) -> Ground<'_> {
        Ground {
            root: Utf8Path::new("/ws"),
            folder: Utf8Path::new("/ws/member"),
            changes,
        }
    }

    fn told(fault: &Fault) -> String {
        let (about, recipes) = about(fault, &guide(), &ground(&Changes::default()));
        let about = match about {
            About::Item { item } => item,
            About::Crate { name } => format!("crate {name}"),
            About::TwoVersions { name } => format!("versions of {name}"),
            About::Other => "other".to_owned(),
        };
        format!("{about} {}", recipes.join(" "))
            .trim_end()
            .to_owned()
    }

    #[test]
    fn by_place_then_by_name() {
        for (fault, expected) in [
            (
                fault("unresolved import `api::sdk`", &[], 3, 10),
                "api::sdk split",
            ),
            (fault("no `stop` here", &[], 3, 99), "api::stop stop"),
            // On the line of a use, and about something else.
            (
                fault("mismatched types", &["expected `u8`"], 3, 99),
                "other",
            ),
            (
                fault(
                    "cannot find function `stop` in module `api::global`",
                    &[],
                    9,
                    1,
                ),
                "api::global::stop for-stop",
            ),
            (
                fault(
                    "no method named `with_exporter` found for struct `api_sdk::logs::Builder` in the current scope",
                    &[],
                    9,
                    1,
                ),
                "api_sdk::logs::Builder::with_exporter for-with_exporter",
            ),
            (
                fault(
                    "no function or associated item named `new` found for struct `Resource`",
                    &[],
                    9,
                    1,
                ),
                "api_sdk::Resource::new for-new",
            ),
            (
                fault("no function named `new` found for struct `Mine`", &[], 9, 1),
                "other",
            ),
            (
                fault(
                    "mismatched types",
                    &["expected `api::KeyValue`, found `u8`"],
                    9,
                    1,
                ),
                "crate api",
            ),
            (
                fault(
                    "the trait bound `A: B` is not satisfied",
                    &[
                        "there are multiple different versions of crate `api` in the dependency graph",
                    ],
                    3,
                    5,
                ),
                "versions of api",
            ),
            (fault("mismatched types", &["api is meant"], 9, 1), "other"),
        ] {
            assert_eq!(told(&fault), expected, "{}", fault.message);
        }
    }

    #[test]
    fn what_follows_comes_last() {
        let faults = [
            fault("mismatched types", &[], 1, 1),
            fault("mismatched types", &[], 2, 1),
            fault("unresolved import `api::sdk`", &[], 3, 5),
        ];
        let faults: Vec<&Fault> = faults.iter().collect();
        let groups = groups(&faults, &guide(), &ground(&Changes::default()));
        let counts: Vec<usize> = groups.iter().map(|group| group.errors.len()).collect();
        assert_eq!(counts, [1, 2]);
        let place = groups[0].errors[0].place.as_ref().unwrap();
        assert_eq!(place.to_string(), "src/lib.rs:3:5");
    }
}
