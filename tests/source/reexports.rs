//! Paths through the package's own re-exports, and what dependants see of it.

use crate::package::{LIB, Package, code, package};

fn lookup(package: &Package, path: &str) -> Vec<String> {
    let segments: Vec<&str> = path.split("::").collect();
    let found = package.source.lookup(LIB, &segments);
    found
        .iter()
        .map(|found| format!("{found}{}", if found.certain { "" } else { "?" }))
        .collect()
}

#[test]
fn a_crate_that_goes_on() {
    let package = package(&[
        ("src/lib.rs", "pub use alpha;\nmod m;"),
        ("src/m.rs", "fn f() { crate::alpha::context::current(); }"),
    ]);
    assert_eq!(
        package.paths(),
        ["1 alpha", "src/m.rs:1 alpha::context::current"]
    );
}

#[test]
fn a_glob_that_goes_on() {
    let package = package(&[
        ("src/lib.rs", "pub mod otel { pub use alpha::*; }\nmod m;"),
        (
            "src/m.rs",
            "use crate::otel::Context;\nfn f() { crate::otel::global::tracer(); Context::current(); }",
        ),
    ]);
    assert_eq!(
        package.paths(),
        [
            "1 alpha::*",
            "src/m.rs:1 alpha::Context?",
            "src/m.rs:2 alpha::global::tracer?",
            "src/m.rs:2 alpha::Context::current?",
        ]
    );
}

#[test]
fn a_chain_of_names() {
    let package = package(&[
        (
            "src/lib.rs",
            "mod a;\nmod b;\nuse b::second as third;\nfn f() { third::run(); }",
        ),
        ("src/a.rs", "pub(crate) use alpha::trace as first;"),
        ("src/b.rs", "pub(crate) use super::a::first as second;"),
    ]);
    assert_eq!(
        package.paths(),
        [
            "src/a.rs:1 alpha::trace",
            "src/b.rs:1 alpha::trace",
            "3 alpha::trace",
            "4 alpha::trace::run"
        ]
    );
}

#[test]
fn private_names_stay() {
    let package = package(&[(
        "src/lib.rs",
        "mod a { use alpha::Context; }\nmod b { use crate::a::Context; fn f(c: Context) {} }",
    )]);
    // It does not compile; nothing is claimed about it.
    assert_eq!(package.paths(), ["1 alpha::Context"]);
}

#[test]
fn globs_bring_public_names_only() {
    let package = code(
        "mod a { pub use alpha::Context; use alpha::Key; pub(crate) use alpha::Value; }
use a::*;
fn f(c: Context, k: Key, v: Value) {}",
    );
    assert_eq!(
        package.paths(),
        [
            "1 alpha::Context",
            "1 alpha::Key",
            "1 alpha::Value",
            "3 alpha::Context",
            "3 alpha::Value"
        ]
    );
}

#[test]
fn globs_in_circles_end() {
    let package = code(
        "mod a { pub use super::b::*; pub use alpha::Context; }
mod b { pub use super::a::*; pub use super::c::*; }
mod c { pub use super::b::*; pub use self::*; }
fn f(x: b::Context, y: c::Context, z: c::Nothing) { self::c::d::e(); }",
    );
    assert_eq!(
        package.paths(),
        ["1 alpha::Context", "4 alpha::Context", "4 alpha::Context"]
    );
}

#[test]
fn imports_in_circles_end() {
    let package = code(
        "mod a { pub use super::b::x; } mod b { pub use super::a::x; } use a::x; use x as y; use y as x;
fn f() { x::run(); y::run(); a::x(); }",
    );
    assert_eq!(package.paths(), Vec::<String>::new());
}

#[test]
fn dependants_see_public_names() {
    let package = package(&[
        (
            "src/lib.rs",
            "mod inner;
pub use inner::Thing;
pub use inner::hidden::Other as Another;
pub use inner::all::*;
pub use alpha;
pub mod deep { pub use beta::trace::Tracer; pub(crate) struct Own; pub fn run() {} }
use gamma as private;
pub type Ctx = alpha::Context;
#[cfg(feature = \"x\")] pub use inner::Choice;",
        ),
        (
            "src/inner.rs",
            "pub struct Thing;
pub mod hidden { pub struct Other; }
pub mod all { pub fn some() {} fn none() {} }
pub struct Choice;
#[macro_export] macro_rules! span { () => {} }",
        ),
    ]);
    assert_eq!(lookup(&package, "Thing"), ["crate::inner::Thing"]);
    assert_eq!(lookup(&package, "Thing::new"), ["crate::inner::Thing::new"]);
    assert_eq!(lookup(&package, "Another"), ["crate::inner::hidden::Other"]);
    assert_eq!(lookup(&package, "some"), ["crate::inner::all::some"]);
    assert_eq!(lookup(&package, "none"), ["crate::none?"]);
    assert_eq!(
        lookup(&package, "alpha::global::tracer"),
        ["alpha::global::tracer"]
    );
    assert_eq!(
        lookup(&package, "deep::Tracer::start"),
        ["beta::trace::Tracer::start"]
    );
    assert_eq!(lookup(&package, "deep::run"), ["crate::deep::run"]);
    assert_eq!(lookup(&package, "deep::Own"), Vec::<String>::new());
    assert_eq!(lookup(&package, "deep"), ["crate::deep"]);
    assert_eq!(lookup(&package, "private::x"), Vec::<String>::new());
    assert_eq!(lookup(&package, "inner::Thing"), Vec::<String>::new());
    assert_eq!(
        lookup(&package, "Ctx::current"),
        ["alpha::Context::current", "crate::Ctx::current"]
    );
    assert_eq!(lookup(&package, "span"), ["crate::inner::span"]);
    let choice = package.source.lookup(LIB, &["Choice"]);
    assert_eq!(choice[0].cfg.to_string(), "feature = \"x\"");
}

#[test]
fn own_items_are_found_by_their_paths() {
    let package = package(&[
        (
            "src/lib.rs",
            "mod telemetry;\nuse telemetry::{init, Guard as G};\nfn main() { init(); init(); G::new(); telemetry::stop(); helper(); }\nfn helper() {}",
        ),
        (
            "src/telemetry.rs",
            "pub fn init() { setup::run() }\npub struct Guard;\nmod setup { pub fn run() { super::stop() } }\npub fn stop() {}",
        ),
    ]);
    assert_eq!(
        package.own(),
        [
            "2 crate::telemetry::init",
            "2 crate::telemetry::Guard",
            "3 crate::telemetry::init",
            "3 crate::telemetry::Guard::new",
            "3 crate::telemetry::stop",
            "3 crate::helper",
            "src/telemetry.rs:1 crate::telemetry::setup::run",
            "src/telemetry.rs:3 crate::telemetry::stop",
        ]
    );
    let init = package.item("init");
    let module: Vec<&str> = init.module.iter().map(|name| &**name).collect();
    assert_eq!((module, init.public), (vec!["telemetry"], true));
}

#[test]
fn impls_know_their_type() {
    let package = code(
        "mod a { pub struct Own; }
use a::Own as Mine;
impl Mine { pub fn f() {} }
impl<'x> Run for &'x mut alpha::Context {}
impl Run for [u8] {}",
    );
    let impls: Vec<_> = package
        .items()
        .iter()
        .filter(|item| item.kind == otel_check::source::ItemKind::Impl)
        .map(|item| {
            (
                item.name.to_string(),
                item.self_type.as_ref().map(ToString::to_string),
            )
        })
        .collect();
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(
        impls,
        [
            ("Mine".to_owned(), some("crate::a::Own")),
            ("Context".to_owned(), some("alpha::Context")),
            ("u8".to_owned(), None),
        ]
    );
}
