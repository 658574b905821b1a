//! Changes that concern several manifests.

use std::collections::BTreeMap;
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};
use otel_check::plan::edit::{Change, Edit, EditError, PatchSource, apply, apply_all};
use otel_check::workspace::manifest::DependencyTable::{Dev, Normal, Workspace};

use super::{entry, normal, words};

const ROOT: &str = "/w/Cargo.toml";

fn manifests(texts: &[(&str, &str)]) -> BTreeMap<Utf8PathBuf, Arc<str>> {
    texts
        .iter()
        .map(|(path, text)| (Utf8PathBuf::from(path), Arc::from(*text)))
        .collect()
}

fn edit(manifest: &str, change: Change) -> Edit {
    Edit {
        manifest: manifest.into(),
        change,
    }
}

fn all(texts: &[(&str, &str)], edits: &[Edit]) -> Result<Vec<(String, String)>, EditError> {
    let changed = apply_all(&manifests(texts), Utf8Path::new(ROOT), edits)?;
    Ok(changed
        .into_iter()
        .map(|(path, text)| (path.into_string(), text))
        .collect())
}

fn share(manifest: &str, key: &str) -> Edit {
    edit(manifest, Change::Share { at: normal(key) })
}

fn pairs(texts: &[(&str, &str)]) -> Vec<(String, String)> {
    texts
        .iter()
        .map(|(a, b)| ((*a).to_owned(), (*b).to_owned()))
        .collect()
}

#[test]
fn a_requirement_is_shared_by_two_members() {
    let texts = [
        (ROOT, "[workspace]\nmembers = [\"a\", \"b\"]\n"),
        ("/w/a/Cargo.toml", "[dependencies]\nx = \"1\" # c\n"),
        (
            "/w/b/Cargo.toml",
            "[dependencies]\nx = { version = \"1\", features = [\"f\"] }\n",
        ),
        ("/w/c/Cargo.toml", "[dependencies]\nx = \"1\"\n"),
    ];
    let edits = [share("/w/a/Cargo.toml", "x"), share("/w/b/Cargo.toml", "x")];
    let after = pairs(&[
        (
            ROOT,
            "[workspace]\nmembers = [\"a\", \"b\"]\n\n[workspace.dependencies]\nx = \"1\"\n",
        ),
        (
            "/w/a/Cargo.toml",
            "[dependencies]\nx.workspace = true # c\n",
        ),
        (
            "/w/b/Cargo.toml",
            "[dependencies]\nx = { workspace = true, features = [\"f\"] }\n",
        ),
    ]);
    assert_eq!(all(&texts, &edits), Ok(after));
}

#[test]
fn what_is_shared_keeps_its_meaning() {
    let texts = [
        (
            ROOT,
            "[workspace]\n[workspace.dependencies]\non = \"1\"\noff = { version = \"1\", default-features = false }\n",
        ),
        (
            "/w/a/Cargo.toml",
            "[dependencies]\nnew = { version = \"2\", package = \"real\", default-features = false, optional = true }\nlocal = { path = \"../../local\" }\non = { version = \"1\", default-features = false }\noff = \"1\"\n",
        ),
    ];
    let a = "/w/a/Cargo.toml";
    let edits = [share(a, "new"), share(a, "local"), share(a, "off")];
    let after = pairs(&[
        (
            ROOT,
            "[workspace]\n[workspace.dependencies]\non = \"1\"\noff = { version = \"1\", default-features = false }\nnew = { version = \"2\", package = \"real\", default-features = false }\nlocal = { path = \"../local\" }\n",
        ),
        (
            a,
            "[dependencies]\nnew = { workspace = true, optional = true }\nlocal.workspace = true\non = { version = \"1\", default-features = false }\noff = { workspace = true, default-features = true }\n",
        ),
    ]);
    assert_eq!(all(&texts, &edits), Ok(after));
    let error = all(&texts, &[share(a, "on")]).unwrap_err();
    let text = "/w/a/Cargo.toml: `on` in [dependencies] differs from what [workspace.dependencies] has: `default-features` is off here and on there";
    assert_eq!(error.to_string(), text);
}

#[test]
fn unlike_requirements_are_not_shared() {
    let texts = [
        (ROOT, "[workspace]\n[workspace.dependencies]\nx = \"1\"\n"),
        (
            "/w/a/Cargo.toml",
            "[dependencies]\nx = \"2\"\ny = { package = \"x\", version = \"1\" }\n",
        ),
    ];
    let error = all(&texts, &[share("/w/a/Cargo.toml", "x")]).unwrap_err();
    assert!(
        error
            .to_string()
            .ends_with("`version` is 2 here and 1 there"),
        "{error}"
    );
    let inherit = edit("/w/a/Cargo.toml", Change::Inherit { at: normal("y") });
    let error = all(&texts, &[inherit]).unwrap_err();
    assert!(
        error
            .to_string()
            .ends_with("[workspace.dependencies] of /w/Cargo.toml has no `y` to inherit from"),
        "{error}"
    );
}

#[test]
fn a_root_package_shares_with_itself() {
    let before = "[workspace]\n[package]\nname = \"p\"\n[dependencies]\nx = \"1\"\n";
    let after = "[workspace]\n\n[workspace.dependencies]\nx = \"1\"\n[package]\nname = \"p\"\n[dependencies]\nx.workspace = true\n";
    assert_eq!(
        all(&[(ROOT, before)], &[share(ROOT, "x")]),
        Ok(pairs(&[(ROOT, after)]))
    );
    assert_eq!(
        apply(before, &[Change::Share { at: normal("x") }]).as_deref(),
        Ok(after)
    );
}

#[test]
fn heirs_follow_a_shared_successor() {
    let texts = [
        (
            ROOT,
            "[workspace.dependencies]\nold = { version = \"1\", features = [\"f\"] }\n",
        ),
        (
            "/w/a/Cargo.toml",
            "[features]\nf = [\"old/x\"]\n[dependencies]\nold.workspace = true\n[dev-dependencies]\nold = { workspace = true, features = [\"t\"] }\n",
        ),
        (
            "/w/b/Cargo.toml",
            "[target.'cfg(unix)'.dependencies.old]\nworkspace = true\n",
        ),
        ("/w/c/Cargo.toml", "[dependencies]\nold = \"1\"\n"),
    ];
    let change = Change::Rename {
        at: entry(Workspace, None, "old"),
        package: "new".into(),
        requirement: "2".into(),
    };
    let features = Change::Features {
        at: entry(Workspace, None, "new"),
        add: words(&["g"]),
        remove: words(&["f"]),
    };
    let after = pairs(&[
        (
            ROOT,
            "[workspace.dependencies]\nnew = { version = \"2\", features = [\"g\"] }\n",
        ),
        (
            "/w/a/Cargo.toml",
            "[features]\nf = [\"new/x\"]\n[dependencies]\nnew.workspace = true\n[dev-dependencies]\nnew = { workspace = true, features = [\"t\"] }\n",
        ),
        (
            "/w/b/Cargo.toml",
            "[target.'cfg(unix)'.dependencies.new]\nworkspace = true\n",
        ),
    ]);
    assert_eq!(
        all(&texts, &[edit(ROOT, change), edit(ROOT, features)]),
        Ok(after)
    );
}

#[test]
fn inheriting_turns_default_features_on_where_the_root_has_them_off() {
    let texts = [
        (
            ROOT,
            "[workspace.dependencies]\nx = { version = \"1\", default-features = false }\n",
        ),
        (
            "/w/a/Cargo.toml",
            "[dependencies]\nx = \"1\"\n[target.'cfg(unix)'.dev-dependencies]\nx = { version = \"1\", default-features = false }\n",
        ),
    ];
    let edits = [
        edit(
            "/w/a/Cargo.toml",
            Change::Inherit {
                at: entry(Normal, None, "x"),
            },
        ),
        edit(
            "/w/a/Cargo.toml",
            Change::Inherit {
                at: entry(Dev, Some("cfg(unix)"), "x"),
            },
        ),
    ];
    let after = "[dependencies]\nx = { workspace = true, default-features = true }\n[target.'cfg(unix)'.dev-dependencies]\nx.workspace = true\n";
    assert_eq!(
        all(&texts, &edits),
        Ok(pairs(&[("/w/a/Cargo.toml", after)]))
    );
}

#[test]
fn what_is_inherited_does_not_go_alone() {
    let texts = [
        (ROOT, "[workspace]\n[workspace.dependencies]\nx = \"1\"\n"),
        ("/w/a/Cargo.toml", "[dependencies]\nx.workspace = true\n"),
    ];
    let shared = || {
        edit(
            ROOT,
            Change::Remove {
                at: entry(Workspace, None, "x"),
            },
        )
    };
    let error = all(&texts, &[shared()]).unwrap_err();
    let text = "`x` in [workspace.dependencies] cannot go: /w/a/Cargo.toml inherits from it";
    assert_eq!(error.to_string(), text);
    let heir = edit("/w/a/Cargo.toml", Change::Remove { at: normal("x") });
    let after = pairs(&[
        (ROOT, "[workspace]\n[workspace.dependencies]\n"),
        ("/w/a/Cargo.toml", "[dependencies]\n"),
    ]);
    assert_eq!(all(&texts, &[shared(), heir]), Ok(after));
}

#[test]
fn errors_name_the_manifest() {
    let texts = [
        (ROOT, "[workspace]\n"),
        ("/w/a/Cargo.toml", "[package]\nname = \"a\"\n"),
    ];
    let error = all(&texts, &[share("/w/a/Cargo.toml", "x")]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "/w/a/Cargo.toml: there is no `x` in [dependencies]"
    );
    let error = all(&texts, &[share("/w/b/Cargo.toml", "x")]).unwrap_err();
    assert!(
        error.to_string().starts_with("/w/b/Cargo.toml: "),
        "{error}"
    );
    let patch = Change::Patch {
        registry: "crates-io".into(),
        package: "x".into(),
        source: PatchSource::Path("x".into()),
    };
    let error = all(&texts, &[edit("/w/a/Cargo.toml", patch)]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "/w/a/Cargo.toml: [patch] is read in /w/Cargo.toml only"
    );
}

#[test]
fn a_change_taken_back_leaves_nothing_changed() {
    let texts = [(ROOT, "[dependencies]\nx = \"1\"\n")];
    let to = |requirement: &str| {
        edit(
            ROOT,
            Change::Require {
                at: normal("x"),
                requirement: requirement.into(),
            },
        )
    };
    assert_eq!(all(&texts, &[to("2"), to("1")]), Ok(vec![]));
}
