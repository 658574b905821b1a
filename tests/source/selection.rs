//! Which items are returned for which names.

use crate::package::{LIB, Package, package};

fn files(package: &Package, mentioning: &[&str]) -> Vec<String> {
    let mut files: Vec<String> = package
        .source
        .items(LIB, mentioning)
        .iter()
        .map(|item| item.place.file.to_string())
        .collect();
    files.dedup();
    files
}

#[test]
fn files_that_hold_the_name() {
    let package = package(&[
        ("src/lib.rs", "mod a; mod b; mod c; mod d;"),
        ("src/a.rs", "fn f() { alpha::x() } fn g() {}"),
        ("src/b.rs", "fn f() { alphabet(); not_alpha(); beta::y() }"),
        ("src/c.rs", "// alpha in a comment\nfn f() {}"),
        ("src/d.rs", "fn f() {}"),
    ]);
    assert_eq!(files(&package, &["alpha"]), ["src/a.rs", "src/c.rs"]);
    assert_eq!(
        files(&package, &["beta", "alpha"]),
        ["src/a.rs", "src/b.rs", "src/c.rs"]
    );
    assert_eq!(files(&package, &[]), Vec::<String>::new());
    assert_eq!(files(&package, &["", "none"]), Vec::<String>::new());
    // The whole file, so that what is beside can be judged.
    assert_eq!(package.source.items(LIB, &["beta"]).len(), 1);
    assert_eq!(package.source.items(LIB, &["x"]).len(), 2);
}

#[test]
fn many_names() {
    let package = package(&[
        ("src/lib.rs", "mod a; mod b;"),
        ("src/a.rs", "fn f() { name_77() }"),
        ("src/b.rs", "fn f() { name_777() }"),
    ]);
    let names: Vec<String> = (0..100).map(|number| format!("name_{number}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    assert_eq!(files(&package, &names), ["src/a.rs"]);
}

#[test]
fn names_that_are_passed_on() {
    let package = package(&[
        (
            "src/lib.rs",
            "pub mod otel; mod a; mod b; mod c; mod d; mod e; use alpha::Meter; use alpha as telemetry; type Ctx = alpha::Context;",
        ),
        ("src/otel.rs", "pub use alpha::*;"),
        ("src/a.rs", "fn f() { crate::otel::global::tracer() }"),
        ("src/b.rs", "use super::Meter as M; fn f(m: M) {}"),
        ("src/c.rs", "fn f() { crate::telemetry::x(); }"),
        ("src/d.rs", "fn f() { super::Ctx::current(); }"),
        (
            "src/e.rs",
            "struct Meter; use crate::none; fn f(m: Meter, otel: u8) {}",
        ),
    ]);
    assert_eq!(
        files(&package, &["alpha"]),
        [
            "src/a.rs",
            "src/b.rs",
            "src/c.rs",
            "src/d.rs",
            "src/lib.rs",
            "src/otel.rs"
        ]
    );
}

#[test]
fn a_chain_that_is_passed_on() {
    let package = package(&[
        ("src/lib.rs", "mod a; mod b; mod c; mod d;"),
        ("src/a.rs", "pub use alpha::trace as first;"),
        ("src/b.rs", "pub use crate::a::first as second;"),
        ("src/c.rs", "pub use crate::b::second as third;"),
        ("src/d.rs", "fn f() { crate::c::third::run() }"),
    ]);
    assert_eq!(
        files(&package, &["alpha"]),
        ["src/a.rs", "src/b.rs", "src/c.rs", "src/d.rs"]
    );
}

#[test]
fn the_crate_root_passes_all_on() {
    let package = package(&[
        ("src/lib.rs", "pub use alpha::*; mod a; mod b;"),
        ("src/a.rs", "fn f() { crate::tracer(); }"),
        ("src/b.rs", "fn f() { here(); }"),
    ]);
    assert_eq!(files(&package, &["alpha"]), ["src/a.rs", "src/lib.rs"]);
}

#[test]
fn what_was_asked_before_changes_nothing() {
    let files = [
        ("src/lib.rs", "pub mod otel; mod a; mod b;"),
        ("src/otel.rs", "pub use alpha::*; pub use beta::Key;"),
        ("src/a.rs", "use crate::otel::*; fn f(k: Key, t: Tracer) {}"),
        ("src/b.rs", "use super::a::*; fn f() { beta::x() }"),
    ];
    let ask = |package: &Package, names: &[&str]| format!("{:?}", package.source.items(LIB, names));
    let fresh = |names: &[&str]| ask(&package(&files), names);
    let used = package(&files);
    ask(&used, &["x"]);
    ask(&used, &["beta"]);
    used.items();
    used.source.places_of("Key");
    for names in [&["alpha"][..], &["beta"], &["x"], &["alpha", "beta"]] {
        assert_eq!(ask(&used, names), fresh(names), "{names:?}");
    }
}

#[test]
fn threads_agree() {
    let files: Vec<(String, String)> = (0..40)
        .map(|number| {
            let next = (number + 1) % 40;
            (format!("src/m{number}.rs"), format!("pub use super::m{next}::*; pub use alpha::T{number}; fn f(x: T{next}, y: crate::m0::T{number}) {{}}"))
        })
        .collect();
    let root: String = (0..40)
        .map(|number| format!("pub mod m{number};"))
        .collect();
    let all: Vec<(&str, &str)> = [("src/lib.rs", root.as_str())]
        .into_iter()
        .chain(
            files
                .iter()
                .map(|(path, text)| (path.as_str(), text.as_str())),
        )
        .collect();
    let alone = format!("{:?}", package(&all).items());
    let shared = package(&all);
    let found: Vec<String> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8)
            .map(|_| scope.spawn(|| format!("{:?}", shared.items())))
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    });
    assert!(found.iter().all(|found| *found == alone));
}

#[test]
fn places_of_a_name() {
    let package = package(&[
        (
            "src/lib.rs",
            "mod a; // alpha\n/* alpha */ fn f() { \"alpha\"; alpha::x(); m!(alpha); r#alpha; alphabet }",
        ),
        ("src/a.rs", "#[alpha]\nstruct S;"),
        ("src/not.rs", "alpha"),
    ]);
    let places: Vec<String> = package
        .source
        .places_of("alpha")
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        places,
        [
            "src/a.rs:1:3",
            "src/lib.rs:2:31",
            "src/lib.rs:2:46",
            "src/lib.rs:2:54"
        ]
    );
    assert!(package.source.places_of("delta").is_empty());
}
