//! What a path means through the imports in force.

use otel_check::source::Edition;

use crate::package::{code, edition, package};

#[test]
fn paths_as_they_stand() {
    let package = code("fn f() { alpha::global::tracer(\"x\"); ::beta::run(); delta::none(); }");
    assert_eq!(package.paths(), ["1 alpha::global::tracer", "1 beta::run"]);
}

#[test]
fn names_aliases_groups_and_self() {
    let package = code(
        "use alpha::trace::Tracer;
use alpha::trace::Span as S;
use alpha::{self as a, global::{self, meter}, Context};
use beta as b;
fn f() {
    Tracer::start();
    S::end();
    a::x();
    global::tracer();
    meter(1);
    Context::current();
    b::y();
}",
    );
    let used: Vec<_> = package.paths().split_off(7);
    assert_eq!(
        package.paths()[..7],
        [
            "1 alpha::trace::Tracer",
            "2 alpha::trace::Span",
            "3 alpha",
            "3 alpha::global",
            "3 alpha::global::meter",
            "3 alpha::Context",
            "4 beta",
        ]
    );
    assert_eq!(
        used,
        [
            "6 alpha::trace::Tracer::start",
            "7 alpha::trace::Span::end",
            "8 alpha::x",
            "9 alpha::global::tracer",
            "10 alpha::global::meter",
            "11 alpha::Context::current",
            "12 beta::y",
        ]
    );
}

#[test]
fn imports_of_imports() {
    let package = code("use alpha as a;\nuse a::trace as t;\nfn f() { t::Tracer::new(); }");
    assert_eq!(
        package.paths(),
        ["1 alpha", "2 alpha::trace", "3 alpha::trace::Tracer::new"]
    );
}

#[test]
fn a_name_that_is_also_its_crate() {
    // Only a function or macro can be called like its crate and be imported.
    let package = code("use alpha::alpha;\nfn f() { alpha::run(); alpha!(); alpha(); }");
    assert_eq!(
        package.paths(),
        [
            "1 alpha::alpha",
            "2 alpha::run",
            "2 alpha::alpha",
            "2 alpha::alpha"
        ]
    );
}

#[test]
fn single_names() {
    let package = code(
        "use alpha::{Context, tracer};
fn f(c: Context) -> Option<Context> { tracer(\"x\"); g(tracer) }",
    );
    assert_eq!(
        package.paths(),
        [
            "1 alpha::Context",
            "1 alpha::tracer",
            "2 alpha::Context",
            "2 alpha::Context",
            "2 alpha::tracer",
            "2 alpha::tracer"
        ]
    );
}

#[test]
fn variables_hide_functions() {
    let package = code(
        "use alpha::tracer;
fn a(tracer: u8) { tracer(1); }
fn b() { let tracer = tracer(1); tracer.start(); take(tracer); }
fn c() { let g = |tracer: u8| tracer; g(tracer(2)); }
fn d(x: Option<u8>) { if let Some(tracer) = x { take(tracer) } tracer(3); }
fn e(x: Option<u8>) { match x { Some(tracer) => take(tracer), None => tracer(4) } }
fn g(x: Vec<u8>) { for tracer in x { take(tracer) } tracer(5); }
fn h(x: Option<u8>) { let Some(tracer) = x else { tracer(6) }; take(tracer); }
fn i(x: P) { let P { tracer: other, .. } = x; tracer(other); let P { tracer } = x; take(tracer); }",
    );
    let places = package.paths();
    assert_eq!(
        places,
        [
            "1 alpha::tracer",
            "3 alpha::tracer",
            "4 alpha::tracer",
            "5 alpha::tracer",
            "6 alpha::tracer",
            "7 alpha::tracer",
            "8 alpha::tracer",
            "9 alpha::tracer",
        ]
    );
}

#[test]
fn a_choice_is_no_closure() {
    let package = code(
        "use alpha::{tracer, meter, logger};
fn a(x: bool) -> bool { x || take(tracer) || take(meter) }
fn b(x: u8) -> u8 { x | tracer | meter }
fn c(x: bool) { run(|| meter, |meter| meter, x || meter || logger); }",
    );
    let places: Vec<_> = package.paths().split_off(3);
    assert_eq!(
        places,
        [
            "2 alpha::tracer",
            "2 alpha::meter",
            "3 alpha::tracer",
            "3 alpha::meter",
            "4 alpha::meter",
            "4 alpha::meter",
            "4 alpha::logger",
        ]
    );
}

#[test]
fn generic_parameters_hide_types() {
    let package = code(
        "use alpha::Tracer;
fn a<Tracer: Copy>(t: Tracer) { Tracer::new(); }
impl<Tracer> X<Tracer> { fn b(t: Tracer) { Tracer::new(); } }
fn c<T: Tracer>(t: T) { T::new(); }",
    );
    assert_eq!(package.paths(), ["1 alpha::Tracer", "4 alpha::Tracer"]);
}

#[test]
fn own_items_hide_crates() {
    let package = code(
        "mod alpha { pub fn run() {} }
fn f() { alpha::run(); ::alpha::run(); }",
    );
    assert_eq!(package.paths(), ["2 alpha::run"]);
    assert_eq!(package.own(), ["2 crate::alpha::run"]);
}

#[test]
fn a_function_hides_no_crate() {
    let package = code("fn alpha() { alpha::run(); alpha(); }");
    assert_eq!(package.paths(), ["1 alpha::run"]);
    assert_eq!(package.own(), ["1 crate::alpha"]);
}

#[test]
fn imports_do_not_reach_inner_modules() {
    let package = code(
        "use alpha::Context;
mod inner { fn f(c: Context) {} }
mod other { use super::Context; fn f(c: Context) {} }
mod third { use super::*; fn f(c: Context) {} }
mod fourth { fn f(c: super::Context, d: crate::Context) {} }",
    );
    assert_eq!(
        package.paths(),
        [
            "1 alpha::Context",
            "3 alpha::Context",
            "3 alpha::Context",
            "4 alpha::Context",
            "5 alpha::Context",
            "5 alpha::Context",
        ]
    );
}

#[test]
fn imports_in_blocks() {
    let package = code(
        "fn f() {
    global::tracer();
    {
        use alpha::global;
        global::tracer();
        use alpha as a;
        use a::trace::Tracer as T;
        T::start();
    }
    global::tracer();
}
use beta::global;",
    );
    assert_eq!(
        package.paths(),
        [
            "2 beta::global::tracer",
            "4 alpha::global",
            "5 alpha::global::tracer",
            "6 alpha",
            "7 alpha::trace::Tracer",
            "8 alpha::trace::Tracer::start",
            "10 beta::global::tracer",
            "12 beta::global",
        ]
    );
}

#[test]
fn items_in_blocks_hide_imports() {
    let package = code(
        "use alpha::{Context, run};
fn f() { struct Context; fn run() {} Context::new(); run(); }
fn g() { impl X { fn run() {} } run(); }",
    );
    assert_eq!(
        package.paths(),
        ["1 alpha::Context", "1 alpha::run", "3 alpha::run"]
    );
}

#[test]
fn globs_of_other_crates_are_possible() {
    let package = code(
        "use alpha::prelude::*;
struct Own;
fn f(a: Tracer, b: Own, c: String, d: Option<u8>) { Meter::new(); start(d); Own::new(); }",
    );
    assert_eq!(
        package.paths(),
        [
            "1 alpha::prelude::*",
            "3 alpha::prelude::Tracer?",
            "3 alpha::prelude::Meter::new?",
            "3 alpha::prelude::start?"
        ]
    );
}

#[test]
fn two_globs_are_both_possible() {
    let package = code("use alpha::*;\nuse beta::*;\nfn f(t: Tracer) {}");
    assert_eq!(
        package.paths(),
        [
            "1 alpha::*",
            "2 beta::*",
            "3 alpha::Tracer?",
            "3 beta::Tracer?"
        ]
    );
}

#[test]
fn a_crate_is_no_glob_name() {
    let package = code("use alpha::*;\nfn f() { beta::run(); }");
    assert_eq!(package.paths(), ["1 alpha::*", "2 beta::run"]);
}

#[test]
fn globs_in_blocks() {
    let package = code(
        "enum Kind { A }
fn f() { use alpha::trace::*; use Kind::*; Tracer::new(); }
fn g() { Tracer::new(); }",
    );
    assert_eq!(
        package.paths(),
        ["2 alpha::trace::*", "2 alpha::trace::Tracer::new?"]
    );
}

#[test]
fn conditional_imports_mean_each() {
    let package = code(
        "#[cfg(feature = \"a\")] use alpha as otel;
#[cfg(feature = \"b\")] use beta as otel;
fn f() { otel::run(); }",
    );
    assert_eq!(
        package.conditions(),
        [
            "alpha if feature = \"a\"",
            "beta if feature = \"b\"",
            "alpha::run if feature = \"a\"",
            "beta::run if feature = \"b\"",
        ]
    );
}

#[test]
fn extern_crates() {
    let package = package(&[
        (
            "src/lib.rs",
            "extern crate alpha as a;\n#[macro_use] extern crate beta;\nextern crate self as me;\nmod m;\nfn f() { a::x(); }",
        ),
        (
            "src/m.rs",
            "fn g() { a::y(); span!(1); println!(); me::f(); }",
        ),
    ]);
    assert_eq!(
        package.paths(),
        [
            "1 alpha",
            "2 beta",
            "5 alpha::x",
            "src/m.rs:1 alpha::y",
            "src/m.rs:1 beta::span?"
        ]
    );
    assert_eq!(package.own(), ["3 crate", "src/m.rs:1 crate::f"]);
}

#[test]
fn old_paths_begin_at_the_root() {
    let package = edition(
        Edition::E2015,
        &[
            (
                "src/lib.rs",
                "extern crate alpha;\nmod m;\nmod helper { pub use alpha::Context; }\nuse helper::Context;",
            ),
            (
                "src/m.rs",
                "use alpha::global;\nuse helper::Context as C;\nfn g() { global::x(); ::alpha::y(); ::helper::Context::z(); C::w(); }",
            ),
        ],
    );
    assert_eq!(
        package.paths(),
        [
            "1 alpha",
            "3 alpha::Context",
            "4 alpha::Context",
            "src/m.rs:1 alpha::global",
            "src/m.rs:2 alpha::Context",
            "src/m.rs:3 alpha::global::x",
            "src/m.rs:3 alpha::y",
            "src/m.rs:3 alpha::Context::z",
            "src/m.rs:3 alpha::Context::w",
        ]
    );
}

#[test]
fn qualified_and_generic_paths() {
    let package = code(
        "fn f() {
    <T as alpha::trace::Tracer>::start(&t);
    <T as alpha::trace::Tracer<u8>>::start(&t);
    <alpha::Context>::current();
    alpha::Map::<alpha::Key, u8>::new::<beta::X>();
    let x: alpha::Map<alpha::Key>::Item = y as alpha::Size;
    if n > ::alpha::MAX { }
    let v: Vec<dyn alpha::Layer + Send> = z;
}
impl<T> ::alpha::Layer for X<T> {}",
    );
    assert_eq!(
        package.paths(),
        [
            "2 alpha::trace::Tracer::start",
            "3 alpha::trace::Tracer::start",
            "4 alpha::Context::current",
            "5 alpha::Map::new",
            "5 alpha::Key",
            "5 beta::X",
            "6 alpha::Map::Item",
            "6 alpha::Key",
            "6 alpha::Size",
            "7 alpha::MAX",
            "8 alpha::Layer",
            "10 alpha::Layer",
        ]
    );
}

#[test]
fn the_own_type() {
    let package = code(
        "type Ctx = alpha::Context;
impl Run for alpha::Context { fn f() { Self::current(); } }
impl Own { fn new() { Self::make(); } fn make() {} }
struct Own;
fn g() { Ctx::attach(); }",
    );
    assert_eq!(
        package.paths(),
        [
            "1 alpha::Context",
            "2 alpha::Context",
            "2 alpha::Context::current",
            "5 alpha::Context::attach"
        ]
    );
    assert!(
        package.own().contains(&"3 crate::Own::make".to_owned()),
        "{:?}",
        package.own()
    );
}

#[test]
fn no_reference_where_none_is() {
    let package = code(
        "// alpha::comment()
/* alpha::block() /* alpha::nested() */ */
/// alpha::doc()
struct S { alpha: u8 }
fn f(s: S) { s.alpha; \"alpha::text()\"; r#\"alpha::raw()\"#; 'alpha: loop { break 'alpha; } S { alpha: 1 }; }",
    );
    assert_eq!(package.paths(), Vec::<String>::new());
}

#[test]
fn places_count_characters() {
    let package = code("\u{feff}fn f() { let ä = \"ö\"; alpha::x(); }\r\nfn g() { alpha::y(); }");
    let items = package.items();
    let places: Vec<_> = items
        .iter()
        .flat_map(|item| &item.references)
        .map(|found| (found.place.line, found.place.column))
        .collect();
    assert_eq!(places, [(1, 24), (2, 10)]);
}

#[test]
fn a_script_has_its_first_line() {
    let package = code(
        "#!/usr/bin/env cargo\n---\npackage.edition = \"2024\"\n---\nfn main() { alpha::x(); }",
    );
    assert_eq!(package.paths(), ["5 alpha::x"]);
}
