//! Input of every bad sort: reported, never a panic, and never an endless wait.

use std::time::{Duration, Instant};

use otel_check::source::{Edition, Fault, PackageSource, TargetId, TargetRoot, Trouble};

use crate::package::{LIB, Package, code, package, path};

fn troubles(package: &Package) -> Vec<String> {
    package.items();
    package
        .source
        .problems()
        .iter()
        .map(ToString::to_string)
        .collect()
}

#[test]
fn nothing_on_disk() {
    let folder = tempfile::tempdir().unwrap();
    let missing = path(&folder).join("gone");
    let root = TargetRoot {
        name: "lib".into(),
        file: missing.join("src/lib.rs"),
        edition: Edition::E2018,
    };
    let source = PackageSource::new(missing, vec![root], ["alpha".to_owned()].into());
    assert!(source.items(LIB, &["alpha"]).is_empty());
    assert!(source.lookup(LIB, &["x"]).is_empty());
    assert!(source.places_of("alpha").is_empty());
    let shown: Vec<String> = source.problems().iter().map(ToString::to_string).collect();
    assert_eq!(
        shown,
        [
            ": sources missing on disk",
            "src/lib.rs: sources missing on disk"
        ]
    );
    assert!(source.items(TargetId(7), &["alpha"]).is_empty());
    assert!(source.all_items(TargetId(7)).is_empty());
}

#[test]
fn a_missing_module() {
    let package =
        code("mod gone;\n#[path = \"no/where.rs\"] mod other;\nfn f() { gone::x(); alpha::y(); }");
    assert_eq!(
        troubles(&package),
        [
            "src/lib.rs: declares the module gone, of which there is no file",
            "src/lib.rs: declares the module other, of which there is no file",
        ]
    );
    assert_eq!(package.paths(), ["3 alpha::y"]);
}

#[test]
fn bytes_that_are_no_text() {
    let package = package(&[("src/lib.rs", "mod a;"), ("src/a.rs", "")]);
    package.write(
        "src/a.rs",
        b"fn f() { alpha::x(); }\n// \xff\xfe\nfn g() { \"\xc3\"; alpha::y() }",
    );
    assert_eq!(
        package.paths(),
        ["src/a.rs:1 alpha::x?", "src/a.rs:3 alpha::y?"]
    );
    assert_eq!(troubles(&package), ["src/a.rs: is not UTF-8"]);
}

#[test]
fn brackets_that_do_not_match() {
    let package = code(
        "fn f() { alpha::a(; }\nfn g() { alpha::b() }}\nfn h( { alpha::c() ]\nuse alpha::Context;",
    );
    let paths = package.paths();
    for path in ["1 alpha::a?", "2 alpha::b?", "3 alpha::c?"] {
        assert!(paths.contains(&path.to_owned()), "{path} in {paths:?}");
    }
    assert_eq!(
        troubles(&package),
        ["src/lib.rs: line 1: brackets do not match"]
    );
}

#[test]
fn literals_and_comments_without_an_end() {
    for (text, fault) in [
        ("fn f() { alpha::x() }\nfn g() { \"never", Fault::OpenText),
        (
            "fn f() { alpha::x() }\nfn g() { r##\"never\"#",
            Fault::OpenText,
        ),
        ("fn f() { alpha::x() }\nfn g() { b'\\", Fault::OpenText),
        ("fn f() { alpha::x() }\n/* /* never */", Fault::OpenComment),
    ] {
        let package = code(text);
        assert_eq!(package.paths(), ["1 alpha::x?"], "{text}");
        let problems = package.source.problems();
        assert_eq!(
            problems[0].trouble,
            Trouble::Malformed { fault, line: 2 },
            "{text}"
        );
    }
}

#[test]
fn what_is_no_item() {
    let package =
        code("fn f() { alpha::x() }\nstrange new { alpha::y() } syntax;\nfn g() { alpha::z() }");
    assert_eq!(package.paths(), ["1 alpha::x", "3 alpha::z"]);
    assert_eq!(
        troubles(&package),
        ["src/lib.rs: line 2: not recognised as an item"]
    );
}

#[test]
fn a_file_that_is_too_large() {
    let package = package(&[
        ("src/lib.rs", "mod big; fn f() { alpha::x(); }"),
        ("src/big.rs", ""),
    ]);
    package.write(
        "src/big.rs",
        "fn g() { alpha::y(); }\n".repeat(200_000).as_bytes(),
    );
    assert_eq!(package.paths(), ["1 alpha::x"]);
    let problems = package.source.problems();
    assert!(
        matches!(problems[0].trouble, Trouble::TooLarge { bytes: 4_600_000 }),
        "{problems:?}"
    );
}

#[test]
fn more_text_than_is_kept() {
    let names: Vec<String> = (0..10).map(|number| format!("m{number}")).collect();
    let root: String = names.iter().map(|name| format!("mod {name};")).collect();
    let package = package(&[("src/lib.rs", &root)]);
    let filler = "// filler\n".repeat(90_000);
    for name in &names {
        package.write(
            &format!("src/{name}.rs"),
            format!("{filler}fn f() {{ alpha::{name}() }}").as_bytes(),
        );
    }
    assert_eq!(package.source.items(LIB, &["alpha"]).len(), 10);
    assert_eq!(package.source.items(LIB, &["m9"]).len(), 1);
    assert_eq!(package.source.places_of("alpha").len(), 10);
    assert!(package.source.problems().is_empty());
}

#[test]
fn modules_in_circles_end() {
    let package = package(&[
        ("src/lib.rs", "mod a; fn f() { alpha::x() }"),
        (
            "src/a.rs",
            "#[path = \"lib.rs\"] mod b; #[path = \"a.rs\"] mod c; include!(\"a.rs\");",
        ),
    ]);
    assert_eq!(package.paths(), ["1 alpha::x"]);
    assert_eq!(
        troubles(&package),
        [
            "src/a.rs: is a module inside itself",
            "src/lib.rs: is a module inside itself"
        ]
    );
}

#[test]
fn modules_that_multiply_end() {
    let files: Vec<(String, String)> = (0..40)
        .map(|number| {
            let next = number + 1;
            let twice = format!("#[path = \"m{next}.rs\"] mod a; #[path = \"m{next}.rs\"] mod b;");
            (format!("src/m{number}.rs"), twice)
        })
        .collect();
    let all: Vec<(&str, &str)> = files
        .iter()
        .map(|(path, text)| (path.as_str(), text.as_str()))
        .collect();
    let started = Instant::now();
    let package = package(&all);
    assert!(package.source.items(LIB, &["alpha"]).is_empty());
    assert!(
        troubles_of_tree(&package)
            .contains(&"src/m0.rs: has more modules than can be followed".to_owned())
    );
    assert!(
        started.elapsed() < Duration::from_secs(20),
        "{:?}",
        started.elapsed()
    );
}

fn troubles_of_tree(package: &Package) -> Vec<String> {
    package
        .source
        .problems()
        .iter()
        .map(ToString::to_string)
        .collect()
}

#[cfg(unix)]
#[test]
fn links_and_pipes() {
    let package = package(&[
        (
            "src/lib.rs",
            "mod a; mod b; mod c; mod d; fn f() { alpha::x() }",
        ),
        ("real.rs", "fn g() { alpha::y() }"),
    ]);
    let file = |name: &str| package.folder().join("src").join(name);
    std::os::unix::fs::symlink("a.rs", file("a.rs")).unwrap();
    std::os::unix::fs::symlink("../real.rs", file("b.rs")).unwrap();
    let made = std::process::Command::new("mkfifo")
        .arg(file("c.rs"))
        .status()
        .unwrap();
    assert!(made.success());
    std::fs::create_dir(file("d.rs")).unwrap();
    assert_eq!(package.paths(), ["src/b.rs:1 alpha::y", "1 alpha::x"]);
    let problems = troubles(&package);
    assert!(
        problems
            .iter()
            .any(|problem| problem.starts_with("src/a.rs: cannot be read: ")),
        "{problems:?}"
    );
}
