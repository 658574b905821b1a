//! Under which conditions a piece of code exists.

use std::collections::BTreeSet;
use std::fmt;

/// Under which `cfg` a piece of code exists.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Cfg {
    /// No condition.
    #[default]
    Always,
    /// `feature = "…"`.
    Feature(String),
    /// `test`, and functions that a test attribute marks.
    Test,
    /// Set by documentation and analysis tools alone, never in a build: `doc`, `docsrs`, `miri`.
    Tool(String),
    /// Something else, which may hold: `target_os = "linux"`, `tokio_unstable`.
    Other(String),
    Not(Box<Cfg>),
    All(Vec<Cfg>),
    Any(Vec<Cfg>),
}

/// Whether a condition holds. `No < Maybe < Yes`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Holds {
    No,
    Maybe,
    Yes,
}

impl Holds {
    fn opposite(self) -> Holds {
        match self {
            Holds::No => Holds::Yes,
            Holds::Maybe => Holds::Maybe,
            Holds::Yes => Holds::No,
        }
    }
}

impl From<bool> for Holds {
    fn from(holds: bool) -> Holds {
        if holds { Holds::Yes } else { Holds::No }
    }
}

/// Names that only tools set which look at code without shipping it.
const TOOLS: &[&str] = &[
    "doc",
    "doctest",
    "docsrs",
    "doc_cfg",
    "rust_analyzer",
    "clippy",
    "miri",
    "kani",
    "loom",
    "fuzzing",
];

impl Cfg {
    /// Whether it holds with these features of its own package, as test or not. What neither decides
    /// may hold.
    pub fn holds(&self, features: &BTreeSet<String>, test: bool) -> Holds {
        self.holds_where(&mut |atom| match atom {
            Cfg::Feature(name) => features.contains(name).into(),
            Cfg::Test => test.into(),
            Cfg::Tool(_) => Holds::No,
            Cfg::Always | Cfg::Other(_) | Cfg::Not(_) | Cfg::All(_) | Cfg::Any(_) => Holds::Maybe,
        })
    }

    /// Whether it holds where `atom` judges the single conditions: [`Cfg::Feature`], [`Cfg::Test`],
    /// [`Cfg::Tool`] and [`Cfg::Other`].
    pub fn holds_where(&self, atom: &mut dyn FnMut(&Cfg) -> Holds) -> Holds {
        match self {
            Cfg::Always => Holds::Yes,
            Cfg::Feature(_) | Cfg::Test | Cfg::Tool(_) | Cfg::Other(_) => atom(self),
            Cfg::Not(cfg) => cfg.holds_where(atom).opposite(),
            Cfg::All(cfgs) => cfgs
                .iter()
                .map(|cfg| cfg.holds_where(atom))
                .min()
                .unwrap_or(Holds::Yes),
            Cfg::Any(cfgs) => cfgs
                .iter()
                .map(|cfg| cfg.holds_where(atom))
                .max()
                .unwrap_or(Holds::No),
        }
    }

    /// Both conditions together, each single one once.
    #[must_use]
    pub fn and(&self, other: &Cfg) -> Cfg {
        let mut all = Vec::new();
        for cfg in [self, other] {
            let parts = match cfg {
                Cfg::All(parts) => parts.as_slice(),
                single => std::slice::from_ref(single),
            };
            for part in parts {
                if *part != Cfg::Always && !all.contains(part) {
                    all.push(part.clone());
                }
            }
        }
        match all.len() {
            0 => Cfg::Always,
            1 => all.remove(0),
            _ => Cfg::All(all),
        }
    }

    /// The opposite condition.
    #[must_use]
    pub fn negated(self) -> Cfg {
        match self {
            Cfg::Not(cfg) => *cfg,
            cfg => Cfg::Not(Box::new(cfg)),
        }
    }

    /// A single condition without a value: `test`, `unix`.
    pub(super) fn named(name: &str) -> Cfg {
        match name {
            "test" => Cfg::Test,
            "true" => Cfg::Always,
            "false" => Cfg::Always.negated(),
            name if TOOLS.contains(&name) => Cfg::Tool(name.to_owned()),
            name => Cfg::Other(name.to_owned()),
        }
    }
}

/// As in source code: `all(feature = "x", not(test))`.
impl fmt::Display for Cfg {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |f: &mut fmt::Formatter<'_>, name: &str, cfgs: &[Cfg]| {
            write!(f, "{name}(")?;
            for (at, cfg) in cfgs.iter().enumerate() {
                write!(f, "{}{cfg}", if at == 0 { "" } else { ", " })?;
            }
            f.write_str(")")
        };
        match self {
            Cfg::Always => f.write_str("true"),
            Cfg::Feature(name) => write!(f, "feature = {name:?}"),
            Cfg::Test => f.write_str("test"),
            Cfg::Tool(name) | Cfg::Other(name) => f.write_str(name),
            Cfg::Not(cfg) => write!(f, "not({cfg})"),
            Cfg::All(cfgs) => list(f, "all", cfgs),
            Cfg::Any(cfgs) => list(f, "any", cfgs),
        }
    }
}
