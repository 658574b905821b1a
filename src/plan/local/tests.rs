use super::*;

/// A tree at `/w` of manifests and a lock.
fn tree(manifests: &[(&str, &str)], lock: Option<&str>) -> Tree {
    let texts = manifests
        .iter()
        .map(|(path, text)| (Utf8PathBuf::from(path), Arc::from(*text)));
    Tree::new(Utf8Path::new("/w"), &texts.collect(), lock).unwrap()
}

/// Everything that some packages ask for.
fn asked(tree: &Tree, of: &[&str]) -> Vec<Requirement> {
    tree.requirements(&of.iter().map(|&name| name.to_owned()).collect())
}

fn only(tree: &Tree) -> Requirement {
    let mut all = asked(tree, &["a", "b"]);
    assert_eq!(all.len(), 1, "{all:?}");
    all.remove(0)
}

/// Place, features and locked version of each, in one line.
fn shown(all: &[Requirement]) -> Vec<String> {
    let line = |one: &Requirement| {
        let features: Vec<&str> = one.features.iter().map(String::as_str).collect();
        let locked = one
            .locked
            .as_ref()
            .map_or("-".to_owned(), Version::to_string);
        format!(
            "{} [{}] {locked}",
            one.place("/w".into()),
            features.join(",")
        )
    };
    all.iter().map(line).collect()
}

fn locals(one: &Requirement) -> Vec<&str> {
    one.uses.iter().map(|one| one.local.as_str()).collect()
}

fn closure(tree: &Tree, from: &str) -> Vec<String> {
    tree.closure([from].into_iter()).into_iter().collect()
}

const ROOT: &str = r#"
[workspace]
members = ["a", "b"]

[workspace.dependencies]
x = { version = "0.2", default-features = false, features = ["shared"] }
y = "1"
beside = { path = "shared/beside" }
"#;

#[test]
fn what_is_inherited_is_one_requirement_with_all_its_users() {
    let tree = tree(
        &[
            ("/w/Cargo.toml", ROOT),
            (
                "/w/a/Cargo.toml",
                "[package]\nname = \"a\"\n[dependencies]\nx.workspace = true\n",
            ),
            (
                "/w/b/Cargo.toml",
                "[package]\nname = \"b\"\n[dependencies]\n\
                 x = { workspace = true, optional = true, features = [\"more\"] }\n",
            ),
        ],
        None,
    );
    let one = only(&tree);
    assert_eq!(
        shown(std::slice::from_ref(&one)),
        ["Cargo.toml:6: x = \"0.2\" [more,shared] -"]
    );
    assert_eq!(one.own_features, BTreeSet::from(["shared".to_owned()]));
    assert_eq!((one.is_shared(), one.default_features), (true, false));
    assert_eq!(one.manifest, "/w/Cargo.toml");
    assert_eq!(locals(&one), ["a", "b"]);
    assert_eq!(one.uses[1].manifest, "/w/b/Cargo.toml");
    assert_eq!(one.uses[1].at.table, DependencyTable::Normal);
    assert_eq!((one.uses[0].optional, one.uses[1].optional), (false, true));
    assert_eq!(one.uses[1].features, ["more"]);
    // Of one alone, the features of that one count.
    assert_eq!(
        shown(&asked(&tree, &["a"])),
        ["Cargo.toml:6: x = \"0.2\" [shared] -"]
    );
    assert!(asked(&tree, &["elsewhere"]).is_empty());
}

#[test]
fn a_path_dependency_of_another_workspace_inherits_from_its_own_root() {
    let manifests = [
        ("/w/Cargo.toml", ROOT),
        (
            "/w/a/Cargo.toml",
            "[package]\nname = \"a\"\n[dependencies]\nlib = { path = \"../../o/lib\" }\n",
        ),
        (
            "/o/Cargo.toml",
            "[workspace]\nmembers = [\"lib\", \"inner\"]\n[workspace.dependencies]\nx = \"0.1\"\n\
             inner = { path = \"inner\" }\n",
        ),
        (
            "/o/lib/Cargo.toml",
            "[package]\nname = \"lib\"\n[dependencies]\nx.workspace = true\ninner.workspace = true\n",
        ),
        (
            "/o/inner/Cargo.toml",
            "[package]\nname = \"inner\"\n[dependencies]\nx = \"0.3\"\n",
        ),
    ];
    let tree = tree(&manifests, None);
    assert_eq!(closure(&tree, "a"), ["a", "inner", "lib"]);
    let all = asked(&tree, &["a", "lib", "inner"]);
    assert_eq!(
        shown(&all),
        [
            "/o/Cargo.toml:4: x = \"0.1\" [] -",
            "/o/inner/Cargo.toml:4: x = \"0.3\" [] -"
        ]
    );
    assert_eq!(all[0].manifest, "/o/Cargo.toml");
}

#[test]
fn a_renamed_package_goes_by_its_own_name() {
    let lock = r#"
version = 4
[[package]]
name = "a"
version = "0.0.0"
dependencies = ["x 0.1.9", "x 0.2.3"]
[[package]]
name = "x"
version = "0.1.9"
source = "registry+https://github.com/rust-lang/crates.io-index"
[[package]]
name = "x"
version = "0.2.3"
source = "registry+https://github.com/rust-lang/crates.io-index"
"#;
    let manifest = "[package]\nname = \"a\"\n[dependencies]\nx = \"0.2\"\n\
                    old = { package = \"x\", version = \"0.1\", features = [\"f\"] }\n";
    let tree = tree(&[("/w/Cargo.toml", manifest)], Some(lock));
    let all = asked(&tree, &["a"]);
    assert_eq!(
        shown(&all),
        [
            "Cargo.toml:5: x = \"0.1\" [f] 0.1.9",
            "Cargo.toml:4: x = \"0.2\" [] 0.2.3"
        ]
    );
    assert_eq!(all[0].at.key, "old");
}

#[test]
fn tables_of_targets_tests_and_build_scripts_are_told_apart() {
    let manifest = r#"
[package]
name = "a"
[dependencies]
x = "0.1"
[dev-dependencies]
x = "0.2"
[build-dependencies]
x = "0.3"
[target.'cfg(unix)'.dependencies]
x = { version = "0.4", optional = true }
[target.'cfg(unix)'.dev-dependencies]
y = "1"
"#;
    let tree = tree(&[("/w/Cargo.toml", manifest)], None);
    let all = asked(&tree, &["a"]);
    let told = all.iter().map(|one| {
        let platform = one.at.platform.as_deref().unwrap_or("any");
        let optional = one.uses[0].optional;
        format!(
            "{:?} {platform} {} {} aside={} {optional}",
            one.at.table,
            one.package,
            one.text,
            one.is_aside()
        )
    });
    let told: Vec<String> = told.collect();
    assert_eq!(
        told,
        [
            "Normal any x 0.1 aside=false false",
            "Normal cfg(unix) x 0.4 aside=false true",
            "Dev any x 0.2 aside=true false",
            "Dev cfg(unix) y 1 aside=true false",
            "Build any x 0.3 aside=true false",
        ]
    );
}

#[test]
fn an_inherited_requirement_is_aside_only_if_all_its_users_are() {
    let b = |table: &str| format!("[package]\nname = \"b\"\n[{table}]\nx.workspace = true\n");
    let of = |table: &str| {
        let a = "[package]\nname = \"a\"\n[dev-dependencies]\nx.workspace = true\n";
        let b = b(table);
        let manifests = [
            ("/w/Cargo.toml", ROOT),
            ("/w/a/Cargo.toml", a),
            ("/w/b/Cargo.toml", &b),
        ];
        only(&tree(&manifests, None)).is_aside()
    };
    assert!(of("build-dependencies"));
    assert!(!of("dependencies"));
}

#[test]
fn the_closure_follows_paths_of_all_kinds() {
    let manifests = [
        ("/w/Cargo.toml", ROOT),
        (
            "/w/a/Cargo.toml",
            "[package]\nname = \"a\"\n[dependencies]\nbeside.workspace = true\n\
             [target.'cfg(unix)'.dev-dependencies]\nout = { path = \"./../../out/\", package = \"outer\" }\n",
        ),
        (
            "/w/b/Cargo.toml",
            "[package]\nname = \"b\"\n[dependencies]\na = { path = \"../a\" }\n",
        ),
        (
            "/w/shared/beside/Cargo.toml",
            "[package]\nname = \"beside\"\n[dependencies]\nx = \"0.1\"\n",
        ),
        (
            "/out/Cargo.toml",
            "[package]\nname = \"outer\"\n[build-dependencies]\nb = { path = \"../w/b\" }\ngone = { path = \"gone\" }\n",
        ),
        ("/far/Cargo.toml", "[package]\nname = \"far\"\n"),
    ];
    let tree = tree(&manifests, None);
    assert_eq!(
        closure(&tree, "a"),
        ["a", "b", "beside", "outer"],
        "through the circle, once"
    );
    assert_eq!(closure(&tree, "beside"), ["beside"]);
    assert_eq!(closure(&tree, "stranger"), ["stranger"]);
    let mut packages: Vec<&str> = tree.packages().collect();
    packages.sort_unstable();
    assert_eq!(packages, ["a", "b", "beside", "far", "outer"]);
    // What goes by path is no requirement, whoever writes it.
    let all: BTreeSet<String> = tree.closure(["a"].into_iter());
    assert_eq!(
        shown(&tree.requirements(&all)),
        ["shared/beside/Cargo.toml:4: x = \"0.1\" [] -"]
    );
}

const LOCK: &str = r#"
version = 4
[[package]]
name = "a"
version = "0.0.0"
dependencies = ["x 0.2.1", "x 0.3.0", "x 0.9.0"]
[[package]]
name = "b"
version = "0.0.0"
dependencies = ["x 0.2.5"]
[[package]]
name = "x"
version = "0.2.1"
source = "registry+https://github.com/rust-lang/crates.io-index"
[[package]]
name = "x"
version = "0.2.5"
source = "registry+https://example.com/index"
[[package]]
name = "x"
version = "0.3.0"
source = "registry+https://github.com/rust-lang/crates.io-index"
[[package]]
name = "x"
version = "0.9.0"
source = "git+https://example.com/x#1234"
"#;

#[test]
fn of_several_locked_versions_the_one_that_the_package_takes_counts() {
    let of = |text: &str| {
        let a = format!("[package]\nname = \"a\"\n[dependencies]\nx = \"{text}\"\n");
        only(&tree(&[("/w/Cargo.toml", &a)], Some(LOCK)))
            .locked
            .map(|version| version.to_string())
    };
    assert_eq!(
        of("0.2").as_deref(),
        Some("0.2.1"),
        "0.2.5 is another one's"
    );
    assert_eq!(of(">=0.2, <0.4").as_deref(), Some("0.3.0"));
    assert_eq!(
        of(">=0.2").as_deref(),
        Some("0.3.0"),
        "what is in git is not asked for"
    );
    assert_eq!(of("0.5"), None);
}

#[test]
fn the_newest_that_some_user_takes_counts_with_its_registry() {
    let user =
        |name: &str| format!("[package]\nname = \"{name}\"\n[dependencies]\nx.workspace = true\n");
    let (a, b) = (user("a"), user("b"));
    let manifests = [
        ("/w/Cargo.toml", ROOT),
        ("/w/a/Cargo.toml", &a),
        ("/w/b/Cargo.toml", &b),
    ];
    let one = only(&tree(&manifests, Some(LOCK)));
    assert_eq!(one.locked, Some(Version::new(0, 2, 5)));
    assert_eq!(
        one.registry,
        Some(RegistryId::from_index("https://example.com/index"))
    );
}

#[test]
fn what_comes_from_git_or_a_patch_has_no_registry() {
    let of = |entry: &str, source: &str| {
        let a = format!("[package]\nname = \"a\"\n[dependencies]\nx = {entry}\n");
        let lock = format!(
            "version = 4\n[[package]]\nname = \"a\"\nversion = \"0.0.0\"\ndependencies = [\"x\"]\n\
             [[package]]\nname = \"x\"\nversion = \"0.3.0-rc.1\"\n{source}\n"
        );
        let one = only(&tree(&[("/w/Cargo.toml", &a)], Some(&lock)));
        (one.text, one.registry.is_some(), one.locked.is_some())
    };
    let git = "source = \"git+https://example.com/x#1234\"";
    let from_git = "{ git = \"https://example.com/x\" }";
    assert_eq!(of(from_git, git), ("*".to_owned(), false, true));
    assert_eq!(
        of("\"0.3.0-rc.0\"", git),
        ("0.3.0-rc.0".to_owned(), false, true),
        "patched with git"
    );
    assert_eq!(
        of("\"0.3.0-rc.0\"", ""),
        ("0.3.0-rc.0".to_owned(), false, true),
        "patched with a folder"
    );
    let default = format!("source = \"{}\"", RegistryId::default_registry());
    assert_eq!(
        of("\"0.3.0-rc.0\"", &default),
        ("0.3.0-rc.0".to_owned(), true, true)
    );
    assert_eq!(
        of("\"0.2\"", git),
        ("0.2".to_owned(), true, false),
        "of another version"
    );
    let a = format!("[package]\nname = \"a\"\n[dependencies]\nx = {from_git}\n");
    let one = only(&tree(&[("/w/Cargo.toml", &a)], None));
    assert_eq!((one.registry, one.locked), (None, None));
}

#[test]
fn broken_texts_are_errors() {
    let texts = BTreeMap::from([(Utf8PathBuf::from("/w/Cargo.toml"), Arc::from("[package"))]);
    assert!(Tree::new(Utf8Path::new("/w"), &texts, None).is_err());
    assert!(
        Tree::new(
            Utf8Path::new("/w"),
            &BTreeMap::new(),
            Some("version = 99\n")
        )
        .is_err()
    );
    let empty = Tree::new(Utf8Path::new("/w"), &BTreeMap::new(), None).unwrap();
    assert!(empty.lock.packages.is_empty());
}
