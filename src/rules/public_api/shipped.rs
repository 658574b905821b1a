//! The data that comes with the program, embedded by the build script.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::rules::{Mistake, RuleErrors};

use super::PublicApi;

// FILES: &[(&str, &str)], each a path below the package and the text.
include!(concat!(env!("OUT_DIR"), "/shipped_public_api.rs"));

static SHIPPED: LazyLock<BTreeMap<&'static str, PublicApi>> = LazyLock::new(|| {
    let mut mistakes = Vec::new();
    let families = families(&mut mistakes);
    if let Some(errors) = RuleErrors::unless_none(mistakes) {
        // A fault of the program itself: a test loads these very files.
        panic!("{errors}");
    }
    families
});

static NONE: LazyLock<PublicApi> = LazyLock::new(PublicApi::default);

pub(crate) fn files() -> &'static [(&'static str, &'static str)] {
    FILES
}

pub(super) fn of(family: &str) -> &'static PublicApi {
    SHIPPED.get(family).unwrap_or(&NONE)
}

fn families(mistakes: &mut Vec<Mistake>) -> BTreeMap<&'static str, PublicApi> {
    let mut files: BTreeMap<&'static str, Vec<(&str, &str)>> = BTreeMap::new();
    for (path, text) in FILES {
        // rules/FAMILY/public-api/CRATE.txt
        if let Some(family) = path.split('/').nth(1) {
            files.entry(family).or_default().push((path, text));
        }
    }
    let read = files.into_iter();
    read.map(|(family, files)| (family, PublicApi::read(files, mistakes)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shipped_files_are_without_mistake() {
        let mut mistakes = Vec::new();
        families(&mut mistakes);
        let errors = RuleErrors::unless_none(mistakes).map(|errors| errors.to_string());
        assert_eq!(errors, None);
    }
}
