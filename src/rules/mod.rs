//! The facts about crates: types of the data in `rules/`, its loader, and what can be asked of it.
//!
//! Nothing here names a crate. A family is one folder below `rules/`; the shipped ones are embedded
//! in the binary, and users may add files that extend or override them. Every file starts with a key
//! `family`; a new family needs a `title` and an anchor. Its tables have the keys of the types here,
//! written with hyphens: `[[singleton]]`, `[[crate]]`, `[[api]]`, `[[release]]`, `[[feature]]`,
//! `[[behaviour]]`, `[[successor]]` and `[[major]]`.

pub(crate) mod entry;
pub(crate) mod error;
mod layer;
mod lookup;
mod merge;
pub mod public_api;
mod read;
pub mod recipes;
mod shape;
mod shipped;
mod types;
mod validate;
mod versions;

pub use error::{Mistake, RuleErrors};
pub use types::{
    ApiPattern, BehaviourChange, Beside, CrateRule, Effect, Facade, Family, FeatureChange, Flaw,
    LineFeatures, MajorRule, ReleaseRule, Role, Singleton, Succession,
};
pub use versions::applies;

use camino::Utf8PathBuf;

/// Every file below `rules/` that the program holds: its path and text.
pub fn shipped_files() -> impl Iterator<Item = (&'static str, &'static str)> {
    let all = [shipped::files(), recipes::files(), public_api::files()];
    all.into_iter().flatten().copied()
}

/// All families that are known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rules {
    pub families: Vec<Family>,
}

impl Rules {
    /// The rules that come with the program, parsed at the first call.
    pub fn shipped() -> &'static Rules {
        shipped::rules()
    }

    /// The shipped rules with the user's files over them, in the given order: a later file wins over
    /// an earlier one. What it says takes the place of
    /// - a family's `title`, where given;
    /// - a singleton or a major: the one for the same crate;
    /// - a crate rule without `versions`: all rules for that crate; one with `versions`: the rule with
    ///   the same ones, and where several match a release the newer file's is tried first;
    /// - an API pattern: the one with the same crates, name, versions and effect;
    /// - a release rule: the one with the same crate, versions, feature and flaw;
    /// - a feature change: the one for the same crate and feature;
    /// - a behaviour change: the one for the same crate and release with the same summary;
    /// - a successor: the one of the same crate.
    ///
    /// Everything else is added. A family with a new name is a new family.
    ///
    /// # Errors
    /// All mistakes of all files at once, each with its place and what is expected there.
    pub fn with_files(files: &[Utf8PathBuf]) -> Result<Rules, RuleErrors> {
        let mut rules = Rules::shipped().clone();
        let mut mistakes = Vec::new();
        for path in files {
            match std::fs::read_to_string(path) {
                Ok(text) => rules.add(path.as_str(), &text, &mut mistakes),
                Err(error) => {
                    mistakes.push(Mistake::of_file(path, format!("cannot be read: {error}")))
                }
            }
        }
        RuleErrors::unless_none(mistakes).map_or(Ok(rules), Err)
    }

    /// The family of that name.
    pub fn family(&self, name: &str) -> Option<&Family> {
        self.families.iter().find(|family| family.name == name)
    }

    fn add(&mut self, file: &str, text: &str, mistakes: &mut Vec<Mistake>) {
        let mut layer = layer::Layer::default();
        read::file(file, text, &mut layer, mistakes);
        validate::layer(&layer, self, mistakes);
        merge::apply(self, layer);
    }
}
