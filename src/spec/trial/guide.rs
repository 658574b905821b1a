//! What a trial is told of the family: by which it sorts errors and finds steps.

use camino::Utf8PathBuf;

use crate::rules::public_api::{PublicApi, What};
use crate::rules::recipes::Recipes;
use crate::skew::Line;
use crate::spec::scan::Hit;

use super::model::Reason;

/// What is known of a package's use of the family, and of what changes there.
#[derive(Debug, Clone, Default)]
pub struct Guide {
    /// The family's crates, as code spells them.
    pub crates: Vec<String>,
    /// Uses of changed items that reading the sources found.
    pub uses: Vec<Use>,
    /// Items that change.
    pub items: Vec<Known>,
    /// Paths that become other paths.
    pub renames: Vec<Rename>,
}

/// A use of a changed item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Use {
    /// Relative to the package's folder.
    pub file: Utf8PathBuf,
    pub line: usize,
    pub column: usize,
    /// Its public path: `a_crate::path`.
    pub item: String,
    /// Ids.
    pub recipes: Vec<String>,
    pub certain: bool,
}

/// An item that changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// As [`Use::item`].
    pub item: String,
    /// Ids.
    pub recipes: Vec<String>,
}

/// A path that becomes another, itself and everything below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rename {
    pub from: Vec<String>,
    pub to: Vec<String>,
    pub reason: Reason,
}

impl Rename {
    /// Of two full paths; none where either is empty, or they are the same.
    pub fn new(from: &str, to: &str, reason: Reason) -> Option<Self> {
        let parts = |path: &str| -> Vec<String> { path.split("::").map(str::to_owned).collect() };
        let whole = |path: &[String]| path.iter().all(|part| !part.is_empty() && part != "*");
        let (from, to) = (parts(from), parts(to));
        (from != to && whole(&from) && whole(&to)).then_some(Self { from, to, reason })
    }
}

/// The end of a path's way through renames.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved<'a> {
    /// How many segments of the old path are replaced.
    pub length: usize,
    /// By these.
    pub to: Vec<String>,
    /// Why the last step of the way is right.
    pub reason: &'a Reason,
}

impl Guide {
    /// What a family's public items and recipes say of a hop. Uses are the reader's affair.
    pub fn between(api: &PublicApi, recipes: &Recipes, from: Line, to: Line) -> Self {
        let mut guide = Self {
            crates: api.crates().map(|krate| krate.code_name()).collect(),
            ..Self::default()
        };
        for krate in api.crates() {
            for change in krate.changes(from, to) {
                let found = recipes.for_item(&krate.name, &change.path, from, to);
                let item = change.full_path();
                // What another crate had before is its own, even by the same name.
                let own = |path: &str| path.split("::").next() == item.split("::").next();
                if let What::Vanished { moved_to } = &change.what
                    && let [one] = moved_to.as_slice()
                    && (own(one) || api.items(from, one).is_empty())
                {
                    let reason = Reason::Moved {
                        from: item.clone(),
                        to: one.clone(),
                    };
                    guide.renames.extend(Rename::new(&item, one, reason));
                }
                guide.items.push(Known {
                    item,
                    recipes: found.iter().map(|recipe| recipe.id.clone()).collect(),
                });
            }
        }
        // Of two of one length the later one counts: what a person wrote down.
        for recipe in recipes.between(from, to) {
            for rename in &recipe.rename {
                // A name that was given anew says nothing of the old one.
                let stays = !api.items(to, &rename.from).is_empty();
                let reason = Reason::Recipe {
                    id: recipe.id.clone(),
                };
                let rename = Rename::new(&rename.from, &rename.to, reason);
                guide.renames.extend(rename.filter(|_| !stays));
            }
        }
        guide
    }

    /// With the uses that reading the sources found.
    pub fn with_hits(self, hits: &[Hit]) -> Self {
        let uses = hits.iter().map(|hit| Use {
            file: hit.place.file.to_path_buf(),
            line: hit.place.line,
            column: hit.place.column,
            item: hit.item.clone(),
            recipes: hit.recipes.clone(),
            certain: hit.certain,
        });
        Self {
            uses: uses.collect(),
            ..self
        }
    }

    /// Where a full path leads, if it becomes another: by the longest rename that fits, again and
    /// again.
    pub fn moved(&self, path: &[&str]) -> Option<Moved<'_>> {
        /// Recipes of seventeen lines do not have as many steps for one path.
        const STEPS: usize = 32;
        let mut moved: Option<Moved<'_>> = None;
        for _ in 0..STEPS {
            let current: Vec<&str> = match &moved {
                None => path.to_vec(),
                Some(moved) => {
                    let to = moved.to.iter().map(String::as_str);
                    to.chain(path[moved.length..].iter().copied()).collect()
                }
            };
            let fits = |rename: &&Rename| {
                let from = rename.from.iter().map(String::as_str);
                current.len() >= rename.from.len()
                    && from.eq(current[..rename.from.len()].iter().copied())
            };
            let longest = self
                .renames
                .iter()
                .filter(fits)
                .max_by_key(|r| r.from.len());
            let Some(rename) = longest else {
                break;
            };
            moved = Some(follow(moved, rename));
        }
        moved.filter(|moved| {
            !moved
                .to
                .iter()
                .map(String::as_str)
                .eq(path[..moved.length].iter().copied())
        })
    }
}

/// One rename after those before.
fn follow<'a>(before: Option<Moved<'a>>, rename: &'a Rename) -> Moved<'a> {
    let reason = &rename.reason;
    let Some(before) = before else {
        return Moved {
            length: rename.from.len(),
            to: rename.to.clone(),
            reason,
        };
    };
    match rename.from.len().checked_sub(before.to.len()) {
        // It reaches further into the path.
        Some(further) => Moved {
            length: before.length + further,
            to: rename.to.clone(),
            reason,
        },
        None => {
            let rest = before.to.get(rename.from.len()..).unwrap_or_default();
            Moved {
                length: before.length,
                to: [&rename.to, rest].concat(),
                reason,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guide(renames: &[(&str, &str)]) -> Guide {
        let reason = Reason::Recipe { id: "r".to_owned() };
        let renames = renames.iter();
        Guide {
            renames: renames
                .filter_map(|(from, to)| Rename::new(from, to, reason.clone()))
                .collect(),
            ..Guide::default()
        }
    }

    #[test]
    fn paths_go_all_the_way() {
        let guide = guide(&[
            ("a::sdk", "sdk"),
            ("a::sdk::kept", "a::kept"),
            ("sdk::trace::P", "sdk::trace::Q"),
            ("sdk::trace::Q::new", "sdk::make"),
            ("x", "y"),
            ("y", "x"),
            ("same", "same"),
            ("", "b"),
        ]);
        let moved = |path: &str| {
            let parts: Vec<&str> = path.split("::").collect();
            let moved = guide.moved(&parts)?;
            Some(format!("{} {}", moved.length, moved.to.join("::")))
        };
        assert_eq!(moved("a::sdk::R").as_deref(), Some("2 sdk"));
        assert_eq!(moved("a::sdk::kept::R").as_deref(), Some("3 a::kept"));
        assert_eq!(
            moved("a::sdk::trace::P::x").as_deref(),
            Some("4 sdk::trace::Q")
        );
        assert_eq!(
            moved("a::sdk::trace::P::new").as_deref(),
            Some("5 sdk::make")
        );
        assert_eq!(moved("a::other"), None);
        assert_eq!(moved("same::x"), None);
        // Round and round leads nowhere.
        assert_eq!(moved("x::z"), None);
    }
}
