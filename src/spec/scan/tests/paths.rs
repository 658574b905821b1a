//! Paths and imports.

use super::{finds, scanned, shown};

#[test]
fn what_stays_is_not_reported() {
    finds(
        "use base::{Key, Meter, Provider};\nfn f(k: Key) -> Meter { base::global::provider().meter(\"\") }",
        &[],
    );
}

#[test]
fn an_import_at_its_own_leaf() {
    finds(
        "use base::{\n    Key,\n    global::{self, handle_error},\n};",
        &["3 base::global::handle_error"],
    );
    let scan = scanned(&[("lib.rs", "use base::{Key, global::{self, handle_error}};")]);
    assert_eq!(scan.hits[0].place.column, 32);
}

#[test]
fn the_module_that_is_gone_has_the_place() {
    let scan = scanned(&[(
        "lib.rs",
        "use base::{\n    old::{\n        Gone,\n    },\n};",
    )]);
    assert_eq!(shown(&scan), ["lib.rs:2 base::old::Gone"]);
}

#[test]
fn globs_and_modules() {
    finds("use base::old::*;", &["1 base::old"]);
    finds("use base::old;", &["1 base::old"]);
    finds("use base::old::{self as o};", &["1 base::old"]);
}

#[test]
fn a_moved_item_fails_where_it_is_imported_and_not_where_it_is_used() {
    finds(
        "use base::old::Moved;\nfn f(_: Moved) {}",
        &["1 base::old::Moved"],
    );
    finds("fn f(_: base::old::Moved) {}", &["1 base::old::Moved"]);
}

#[test]
fn an_item_that_is_gone_fails_wherever_it_is_used() {
    finds(
        "use base::old::Gone;\nfn f(_: Gone) {}",
        &["1 base::old::Gone", "2 base::old::Gone"],
    );
}

#[test]
fn through_aliases_of_modules_and_crates() {
    finds(
        "use base as b;\nfn f() { b::global::handle_error(1) }",
        &["2 base::global::handle_error"],
    );
    finds(
        "use base::global as g;\nfn f() {\n g::handle_error(1) }",
        &["3 base::global::handle_error"],
    );
}

#[test]
fn reexports_fail_once() {
    let scan = scanned(&[
        ("lib.rs", "mod a;\nmod b;\npub use base::old::Gone;"),
        ("a.rs", "pub use base::old::Moved;"),
        (
            "b.rs",
            "use crate::a::Moved;\nuse crate::Gone;\nfn f(_: Moved, _: Gone) {}",
        ),
    ]);
    assert_eq!(
        shown(&scan),
        [
            "a.rs:1 base::old::Moved",
            "b.rs:3 base::old::Gone",
            "lib.rs:3 base::old::Gone"
        ]
    );
}

#[test]
fn functions_of_types() {
    finds(
        "fn f() { kit::Resource::new(vec![]); }",
        &["1 base_kit::Resource::new"],
    );
    finds(
        "use kit::Resource;\nfn f() {\n Resource::new(vec![]); }",
        &["3 base_kit::Resource::new"],
    );
    finds(
        "use kit::Resource as R;\nfn f() {\n R::new(vec![]); }",
        &["3 base_kit::Resource::new"],
    );
}

#[test]
fn a_call_with_too_many_arguments_is_certain() {
    finds(
        "fn f() { kit::Resource::detect(d, vec![]); }",
        &["1 base_kit::Resource::detect"],
    );
    // It was never called like that.
    finds("fn f() { kit::Resource::detect(a); }", &[]);
    // Closures hold commas.
    finds(
        "fn f() { kit::Resource::detect(|a, b| a, c); }",
        &["1 base_kit::Resource::detect"],
    );
}

#[test]
fn more_forms_than_before_do_no_harm() {
    finds("fn f() { base::Key::from(s); }", &[]);
}

#[test]
fn constants_macros_and_variants() {
    finds("fn f() { g(base::NAME) }", &["1 base::NAME?"]);
    finds("fn f() { base::meter!(x) }", &["1 base::meter"]);
    finds(
        "fn f(k: kit::Kind) { match k { kit::Kind::Odd => {} kit::Kind::Plain => {} } }",
        &["1 base_kit::Kind::Odd"],
    );
}

#[test]
fn fields_of_literals_and_patterns() {
    finds(
        "fn f() { kit::Data {\n name: a,\n resource: b } }",
        &["3 base_kit::Data::resource"],
    );
    finds(
        "fn f() { let kit::Data {\n resource, .. } = d; }",
        &["2 base_kit::Data::resource"],
    );
    finds(
        "fn f() { kit::Options { size: 1 } }",
        &["1 base_kit::Options"],
    );
    finds("fn f() { kit::Options { size: 1, ..o } }", &[]);
}

#[test]
fn conditions_are_told() {
    let scan = scanned(&[("lib.rs", "#[cfg(feature = \"x\")]\nuse base::old::Gone;")]);
    assert_eq!(scan.hits[0].cfg.to_string(), "feature = \"x\"");
}

#[test]
fn a_glob_of_another_crate_is_no_proof() {
    finds(
        "use base::old::*;\nfn f(_: Gone) {}",
        &["1 base::old", "2 base::old::Gone?"],
    );
}

#[test]
fn a_match_that_leaves_out_what_is_new() {
    finds(
        "fn f(o: kit::Open) { match o {\n kit::Open::A => {} } }",
        &["1 base_kit::Open"],
    );
    finds(
        "fn f(o: kit::Open) { match o {\n kit::Open::A => {} _ => {} } }",
        &[],
    );
    finds(
        "fn f(o: kit::Open) { match o {\n kit::Open::A => {} other => {} } }",
        &[],
    );
    finds(
        "fn f(o: kit::Open) { match o {\n kit::Open::A => {} x if x.y() => {} } }",
        &["1 base_kit::Open"],
    );
}

#[test]
fn traits_that_can_no_longer_be_objects() {
    finds(
        "fn f(o: Box<dyn kit::Object>) {}",
        &["1 base_kit::Object::go"],
    );
    finds(
        "use kit::Object;\nfn f(o: &(dyn Object + Send)) {}",
        &["2 base_kit::Object::go"],
    );
    finds("fn f(o: impl kit::Object) {}", &[]);
}
