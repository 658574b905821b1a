//! What one source of rules says before it is laid over the others: the shipped files of all
//! families together, or one file of the user.

use super::types::{
    ApiPattern, BehaviourChange, CrateRule, FeatureChange, MajorRule, ReleaseRule, Singleton,
    Succession,
};

/// Where an entry begins: for messages, whose line and column are counted only when needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Origin {
    /// Index into [`Layer::files`].
    pub file: usize,
    /// Byte offset.
    pub offset: usize,
}

#[derive(Debug, Clone)]
pub(super) struct Placed<T> {
    pub value: T,
    pub origin: Origin,
}

#[derive(Debug, Default)]
pub(super) struct Layer {
    /// Names and texts of the files.
    pub files: Vec<(String, String)>,
    pub families: Vec<LayerFamily>,
}

/// What the files of a layer say of one family.
#[derive(Debug)]
pub(super) struct LayerFamily {
    pub name: Placed<String>,
    pub title: Option<String>,
    pub singletons: Vec<Placed<Singleton>>,
    pub crates: Vec<Placed<CrateRule>>,
    pub api: Vec<Placed<ApiPattern>>,
    pub releases: Vec<Placed<ReleaseRule>>,
    pub features: Vec<Placed<FeatureChange>>,
    pub behaviour: Vec<Placed<BehaviourChange>>,
    pub successors: Vec<Placed<Succession>>,
    pub majors: Vec<Placed<MajorRule>>,
}

impl Layer {
    /// The part of the layer for that family, made if there is none yet.
    pub fn family(&mut self, name: &str, origin: Origin) -> &mut LayerFamily {
        let at = self
            .families
            .iter()
            .position(|family| family.name.value == name);
        let at = at.unwrap_or_else(|| {
            self.families.push(LayerFamily {
                name: Placed {
                    value: name.to_owned(),
                    origin,
                },
                title: None,
                singletons: Vec::new(),
                crates: Vec::new(),
                api: Vec::new(),
                releases: Vec::new(),
                features: Vec::new(),
                behaviour: Vec::new(),
                successors: Vec::new(),
                majors: Vec::new(),
            });
            self.families.len() - 1
        });
        &mut self.families[at]
    }
}
