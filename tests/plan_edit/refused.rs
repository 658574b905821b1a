//! What is not done, and said clearly.

use otel_check::plan::edit::{Change, EditError, Entry, GitReference, PatchSource, apply};
use otel_check::workspace::manifest::DependencyTable::{Build, Dev, Normal, Workspace};

use super::{entry, normal, refuses, words};

const TEXT: &str = "\
[features]
taken = []
[dependencies]
x = { version = \"1\", features = [\"f\"] }
g = { git = \"https://example.invalid/g\" }
w.workspace = true
o = { version = \"1\", optional = true }
[dev-dependencies]
d = \"1\"
";

fn require(key: &str, requirement: &str) -> Change {
    Change::Require {
        at: normal(key),
        requirement: requirement.into(),
    }
}

#[test]
fn an_edit_that_does_not_fit_is_an_error() {
    let at = normal("x");
    let none = EditError::NoEntry(normal("n"));
    assert_eq!(refuses(TEXT, require("n", "2")), none);
    assert_eq!(none.to_string(), "there is no `n` in [dependencies]");
    let elsewhere = Change::Remove {
        at: entry(Build, Some("cfg(unix)"), "x"),
    };
    assert_eq!(
        refuses(TEXT, elsewhere).to_string(),
        "there is no `x` in [target.'cfg(unix)'.build-dependencies]"
    );
    assert_eq!(
        refuses(TEXT, require("w", "2")),
        EditError::Inherited(normal("w"))
    );
    assert_eq!(
        refuses(TEXT, require("g", "2")),
        EditError::NoRequirement(normal("g"))
    );
    let missing = Change::Features {
        at: at.clone(),
        add: vec![],
        remove: words(&["q"]),
    };
    assert!(matches!(
        refuses(TEXT, missing),
        EditError::NoFeature { .. }
    ));
    let both = Change::Features {
        at: at.clone(),
        add: words(&["f"]),
        remove: words(&["f"]),
    };
    assert!(matches!(
        refuses(TEXT, both),
        EditError::Contradiction { .. }
    ));
}

#[test]
fn a_successor_or_switch_that_does_not_fit_is_an_error() {
    let at = normal("x");
    let rename = |key: &str, package: &str| Change::Rename {
        at: normal(key),
        package: package.into(),
        requirement: "2".into(),
    };
    assert_eq!(
        refuses(TEXT, rename("x", "o")),
        EditError::Exists(normal("o"))
    );
    assert!(matches!(
        refuses(TEXT, rename("g", "n")),
        EditError::OwnSource { .. }
    ));
    assert_eq!(
        refuses(TEXT, rename("w", "n")),
        EditError::Inherited(normal("w"))
    );
    assert!(matches!(
        refuses(TEXT, rename("x", "taken")),
        EditError::FeatureExists { .. }
    ));
    let optional = |at, feature: &str| Change::MakeOptional {
        at,
        feature: feature.into(),
    };
    assert!(matches!(
        refuses(TEXT, optional(at.clone(), "taken")),
        EditError::FeatureExists { .. }
    ));
    assert!(matches!(
        refuses(TEXT, optional(at.clone(), "o")),
        EditError::FeatureImplied { .. }
    ));
    assert!(matches!(
        refuses(TEXT, optional(entry(Dev, None, "d"), "n")),
        EditError::NeverOptional(_)
    ));
}

#[test]
fn what_does_not_go_with_inheritance_is_an_error() {
    assert_eq!(
        refuses(TEXT, Change::Share { at: normal("x") }),
        EditError::NoWorkspace("Cargo.toml".into())
    );
    let shared = Change::Add {
        at: entry(Workspace, None, "n"),
        package: None,
        requirement: "1".into(),
        features: vec![],
        default_features: true,
        optional: false,
    };
    assert_eq!(
        refuses(TEXT, shared),
        EditError::NoWorkspace("Cargo.toml".into())
    );
    let off = Change::DefaultFeatures {
        at: normal("w"),
        on: false,
    };
    assert_eq!(refuses(TEXT, off), EditError::Inherited(normal("w")));
    let shared = Change::Inherit {
        at: entry(Workspace, None, "x"),
    };
    assert!(matches!(refuses(TEXT, shared), EditError::IsShared(_)));
    let broken = apply("[dependencies\n", &[require("x", "2")]);
    assert!(
        matches!(broken, Err(EditError::Syntax { line: 1, .. })),
        "{broken:?}"
    );
}

#[test]
fn an_edit_that_changes_nothing_is_an_error() {
    let at = || normal("x");
    let again = [
        require("x", "1"),
        Change::Features {
            at: at(),
            add: words(&["f"]),
            remove: vec![],
        },
        Change::Features {
            at: at(),
            add: vec![],
            remove: vec![],
        },
        Change::DefaultFeatures { at: at(), on: true },
        Change::Inherit { at: normal("w") },
        Change::MakeOptional {
            at: normal("o"),
            feature: "n".into(),
        },
        Change::Rename {
            at: at(),
            package: "x".into(),
            requirement: "2".into(),
        },
    ];
    for change in again {
        let error = refuses(TEXT, change.clone());
        assert!(
            matches!(error, EditError::NoChange { .. }),
            "{change:?}: {error}"
        );
        assert!(error.to_string().contains("stays as it is"), "{error}");
    }
    let there = Change::Add {
        at: normal("o"),
        package: None,
        requirement: "1".into(),
        features: vec![],
        default_features: true,
        optional: false,
    };
    assert_eq!(refuses(TEXT, there), EditError::Exists(normal("o")));
}

/// Texts that would leave their string, or hide what they are.
const ODD: [&str; 9] = [
    "",
    " ",
    "a\"b",
    "a\nb",
    "a\u{1b}[31m",
    "a\u{202e}b",
    "a, \"b\" ]",
    "\u{0}",
    "a b",
];

fn add(at: Entry, package: Option<&str>, requirement: &str, features: &[&str]) -> Change {
    Change::Add {
        at,
        package: package.map(str::to_owned),
        requirement: requirement.into(),
        features: words(features),
        default_features: true,
        optional: false,
    }
}

/// Each change, with an odd text in each of its places.
fn with(odd: &str) -> Vec<Change> {
    let rename = |package: &str, requirement: &str| Change::Rename {
        at: normal("x"),
        package: package.into(),
        requirement: requirement.into(),
    };
    let patch = |registry: &str, package: &str, source| Change::Patch {
        registry: registry.into(),
        package: package.into(),
        source,
    };
    let git = |url: &str, reference| PatchSource::Git {
        url: url.into(),
        reference,
    };
    let tag = GitReference::Tag(odd.into());
    vec![
        require("x", odd),
        Change::Features {
            at: normal("x"),
            add: words(&[odd]),
            remove: vec![],
        },
        add(normal(odd), None, "1", &[]),
        add(normal("n"), Some(odd), "1", &[]),
        add(normal("n"), None, odd, &[]),
        add(normal("n"), None, "1", &[odd]),
        rename(odd, "2"),
        rename("n", odd),
        Change::MakeOptional {
            at: normal("x"),
            feature: odd.into(),
        },
        patch(odd, "n", PatchSource::Path("n".into())),
        patch("crates-io", odd, PatchSource::Path("n".into())),
        patch("crates-io", "n", git(odd, GitReference::Default)),
        patch("crates-io", "n", git("https://example.invalid/n", tag)),
    ]
}

#[test]
fn odd_text_is_never_written() {
    for change in ODD.into_iter().flat_map(with) {
        let error = refuses(TEXT, change.clone());
        let refused = matches!(error, EditError::Refused { .. });
        assert!(refused, "{change:?}: {error}");
    }
    // Where spaces and quotes belong, what hides and what breaks lines does not.
    for odd in ["a\u{1b}[31m", "a\u{202e}b", "a\u{0}", "a\rb"] {
        let disable = Change::Disable {
            at: normal("x"),
            reason: odd.into(),
        };
        let platform = entry(Normal, Some(odd), "n");
        for change in [disable, add(platform, None, "1", &[])] {
            let error = refuses(TEXT, change);
            assert!(
                matches!(error, EditError::Refused { .. }),
                "{odd:?}: {error}"
            );
        }
    }
}

#[test]
fn one_bad_change_among_good_ones_leaves_all_undone() {
    let result = apply(TEXT, &[require("x", "2"), require("n", "2")]);
    assert_eq!(result, Err(EditError::NoEntry(normal("n"))));
}
