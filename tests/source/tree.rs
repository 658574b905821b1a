//! Which files are the target's code.

use otel_check::source::{Edition, PackageSource, TargetId, TargetRoot};

use crate::package::{package, path};

/// What the files of a package are read as: file, module, condition.
fn modules(files: &[(&str, &str)]) -> Vec<String> {
    let files: Vec<(&str, String)> = files
        .iter()
        .map(|(path, text)| (*path, format!("{text}\nfn here() {{}}")))
        .collect();
    let files: Vec<(&str, &str)> = files
        .iter()
        .map(|(path, text)| (*path, text.as_str()))
        .collect();
    let items = package(&files).items();
    let here = items.iter().filter(|item| &*item.name == "here");
    here.map(|item| {
        format!(
            "{} {} {}",
            item.place.file,
            item.module.join("::"),
            item.cfg
        )
    })
    .collect()
}

#[test]
fn both_layouts() {
    let found = modules(&[
        (
            "src/lib.rs",
            "mod a; mod b; #[cfg(feature = \"x\")] pub mod c;",
        ),
        ("src/a.rs", "mod d;"),
        ("src/a/d.rs", ""),
        ("src/b/mod.rs", "pub(crate) mod e;"),
        ("src/b/e.rs", "mod f;"),
        ("src/b/e/f.rs", ""),
        ("src/c.rs", ""),
        ("src/orphan.rs", ""),
    ]);
    assert_eq!(
        found,
        [
            "src/a.rs a true",
            "src/a/d.rs a::d true",
            "src/b/e.rs b::e true",
            "src/b/e/f.rs b::e::f true",
            "src/b/mod.rs b true",
            "src/c.rs c feature = \"x\"",
            "src/lib.rs  true",
        ]
    );
}

#[test]
fn inline_modules_are_folders() {
    let found = modules(&[
        (
            "src/lib.rs",
            "mod a { mod b; pub mod r#type { mod c; } } mod d;",
        ),
        ("src/a/b.rs", ""),
        ("src/a/type/c.rs", ""),
        ("src/d.rs", "mod e { mod f; }"),
        ("src/d/e/f.rs", ""),
    ]);
    assert_eq!(
        found,
        [
            "src/a/b.rs a::b true",
            "src/a/type/c.rs a::r#type::c true",
            "src/d.rs d true",
            "src/d/e/f.rs d::e::f true",
            "src/lib.rs  true",
        ]
    );
}

#[test]
fn named_files() {
    let found = modules(&[
        (
            "src/lib.rs",
            "#[path = \"other/place.rs\"] mod a; mod d; #[path = \"folder\"] mod e { mod f; }
mod g { #[path = \"h.rs\"] mod h; } #[path = \"../shared.rs\"] mod s;",
        ),
        ("src/other/place.rs", "mod b;"),
        ("src/other/b.rs", ""),
        ("src/d.rs", "#[path = \"beside.rs\"] mod c;"),
        ("src/beside.rs", ""),
        ("src/folder/f.rs", ""),
        ("src/g/h.rs", ""),
        ("shared.rs", ""),
    ]);
    assert_eq!(
        found,
        [
            "shared.rs s true",
            "src/beside.rs d::c true",
            "src/d.rs d true",
            "src/folder/f.rs e::f true",
            "src/g/h.rs g::h true",
            "src/lib.rs  true",
            "src/other/b.rs a::b true",
            "src/other/place.rs a true",
        ]
    );
}

#[test]
fn conditional_files() {
    let found = modules(&[
        (
            "src/lib.rs",
            "#[cfg_attr(unix, path = \"unix.rs\")] #[cfg_attr(windows, path = \"windows.rs\")] mod sys;
cfg_if! { if #[cfg(feature = \"a\")] { mod a; } else { #[path = \"b.rs\"] mod a; } }
cfg_net! { mod net; }",
        ),
        ("src/unix.rs", ""),
        ("src/windows.rs", ""),
        ("src/sys.rs", ""),
        ("src/a.rs", ""),
        ("src/b.rs", ""),
        ("src/net.rs", ""),
    ]);
    assert_eq!(
        found,
        [
            "src/a.rs a feature = \"a\"",
            "src/b.rs a not(feature = \"a\")",
            "src/lib.rs  true",
            "src/net.rs net cfg_net!",
            "src/sys.rs sys all(not(unix), not(windows))",
            "src/unix.rs sys unix",
            "src/windows.rs sys windows",
        ]
    );
}

#[test]
fn included_files() {
    let package = package(&[
        (
            "src/lib.rs",
            "use alpha::Context;\nmod gen { include!(\"gen/all.rs\"); }\ninclude!(\"more.rs\");\nfn f() { gen::Made::new(); more(); }",
        ),
        (
            "src/gen/all.rs",
            "pub struct Made; pub mod deep; use beta::Key; fn g(k: Key) {}",
        ),
        ("src/gen/deep.rs", "fn h() { super::Made::new() }"),
        ("src/more.rs", "fn more(c: Context) {}"),
    ]);
    assert_eq!(
        package.paths(),
        [
            "src/gen/all.rs:1 beta::Key",
            "src/gen/all.rs:1 beta::Key",
            "1 alpha::Context",
            "src/more.rs:1 alpha::Context"
        ]
    );
    assert_eq!(
        package.own(),
        [
            "src/gen/deep.rs:1 crate::gen::Made::new",
            "4 crate::gen::Made::new",
            "4 crate::more"
        ]
    );
}

#[test]
fn a_file_in_two_places() {
    let package = package(&[
        (
            "src/lib.rs",
            "#[cfg(feature = \"a\")] #[path = \"x.rs\"] mod a;\n#[cfg(feature = \"b\")] #[path = \"x.rs\"] mod b;",
        ),
        ("src/x.rs", "fn f() { alpha::x() }"),
    ]);
    assert_eq!(
        package.conditions(),
        ["alpha::x if feature = \"a\"", "alpha::x if feature = \"b\""]
    );
}

#[test]
fn targets_have_their_own_trees() {
    let folder = tempfile::tempdir().unwrap();
    for (file, text) in [
        ("src/lib.rs", "pub fn setup() { alpha::install(); }"),
        (
            "src/main.rs",
            "mod cli; fn main() { mine::setup(); cli::run(); }",
        ),
        ("src/cli.rs", "pub fn run() { crate::main() }"),
        (
            "tests/it.rs",
            "mod common; use mine::setup as s; fn t() { s(); common::x(); }",
        ),
        ("tests/common/mod.rs", "pub fn x() { alpha::y() }"),
    ] {
        crate::package::write(&folder, file, text.as_bytes());
    }
    let root = |file: &str| TargetRoot {
        name: file.into(),
        file: path(&folder).join(file),
        edition: Edition::E2018,
    };
    let externs = ["alpha", "mine"].map(String::from).into();
    let source = PackageSource::new(
        path(&folder),
        ["src/lib.rs", "src/main.rs", "tests/it.rs"]
            .map(root)
            .into(),
        externs,
    );
    let found = |target| -> Vec<String> {
        let items = source.all_items(TargetId(target));
        let found = items.iter().flat_map(|item| &item.references);
        found
            .map(|reference| format!("{} {reference}", reference.place.file))
            .collect()
    };
    assert_eq!(found(0), ["src/lib.rs alpha::install"]);
    assert_eq!(
        found(1),
        [
            "src/cli.rs crate::main",
            "src/main.rs mine::setup",
            "src/main.rs crate::cli::run"
        ]
    );
    assert_eq!(
        found(2),
        [
            "tests/common/mod.rs alpha::y",
            "tests/it.rs mine::setup",
            "tests/it.rs mine::setup",
            "tests/it.rs crate::common::x"
        ]
    );
    let names: Vec<_> = source
        .targets()
        .map(|(id, target)| (id.0, target.name.clone()))
        .collect();
    assert_eq!(names[2], (2, "tests/it.rs".to_owned()));
}
