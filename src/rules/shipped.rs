//! The rules that come with the program: every file in a folder below `rules/`, embedded by the build
//! script.

use std::sync::LazyLock;

use super::layer::Layer;
use super::{RuleErrors, Rules, merge, read};

// FILES: &[(&str, &str)], each a path below the package and the text.
include!(concat!(env!("OUT_DIR"), "/shipped_rules.rs"));

static RULES: LazyLock<Rules> = LazyLock::new(|| {
    let mut layer = Layer::default();
    let mut mistakes = Vec::new();
    for (file, text) in FILES {
        read::file(file, text, &mut layer, &mut mistakes);
    }
    if let Some(errors) = RuleErrors::unless_none(mistakes) {
        // A fault of the program itself: a test loads these very files.
        panic!("{errors}");
    }
    let mut rules = Rules::default();
    merge::apply(&mut rules, layer);
    rules
});

pub(super) fn files() -> &'static [(&'static str, &'static str)] {
    FILES
}

pub(super) fn rules() -> &'static Rules {
    &RULES
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::validate;

    #[test]
    fn shipped_files_are_without_mistake() {
        let mut layer = Layer::default();
        let mut mistakes = Vec::new();
        for (file, text) in FILES {
            read::file(file, text, &mut layer, &mut mistakes);
        }
        validate::layer(&layer, &Rules::default(), &mut mistakes);
        let errors = RuleErrors::unless_none(mistakes).map(|errors| errors.to_string());
        assert_eq!(errors, None);
    }
}
