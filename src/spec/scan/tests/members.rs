//! Methods and fields.

use super::{finds, scanned, shown};

#[test]
fn along_a_chain() {
    finds(
        "use base::{global, Provider};\nfn f() {\n global::provider()\n  .versioned(\"\", None)\n  .counter(\"\")\n  .with_unit(\"\")\n  .init(); }",
        &["4 base::Provider::versioned", "7 base::Builder::init"],
    );
}

#[test]
fn of_parameters_variables_and_fields() {
    finds(
        "fn f(m: &base::Meter) {\n m.record(1); }",
        &["2 base::Meter::record"],
    );
    finds(
        "fn f() { let m: base::Meter = g();\n m.record(1); }",
        &["2 base::Meter::record"],
    );
    finds(
        "fn f(p: &dyn base::Provider) { let m = p.meter(\"\");\n m.record(1); }",
        &["2 base::Meter::record"],
    );
    finds(
        "struct S { m: std::sync::Arc<base::Meter> }\nimpl S { fn f(&self) {\n self.m.record(1); } }",
        &["3 base::Meter::record"],
    );
    finds(
        "fn m() -> base::Meter { g() }\nfn f() {\n m().record(1); }",
        &["3 base::Meter::record"],
    );
    finds(
        "fn f<P: base::Provider>(p: P) {\n p.versioned(\"\", None); }",
        &["2 base::Provider::versioned"],
    );
    finds(
        "fn f<P>(p: P) where P: base::Provider {\n p.versioned(\"\", None); }",
        &["2 base::Provider::versioned"],
    );
    finds(
        "fn f(p: impl base::Provider) {\n p.versioned(\"\", None); }",
        &["2 base::Provider::versioned"],
    );
}

#[test]
fn out_of_options_lists_and_closures() {
    finds(
        "fn f(m: Option<base::Meter>) { if let Some(m) = m {\n m.record(1); } }",
        &["2 base::Meter::record"],
    );
    finds(
        "fn f(m: Result<base::Meter, E>) {\n m.unwrap().record(1); }",
        &["2 base::Meter::record"],
    );
    finds(
        "fn f(m: Result<base::Meter, E>) { match m { Ok(m) => {\n m.record(1); } Err(_) => {} } }",
        &["2 base::Meter::record"],
    );
    finds(
        "fn f(all: Vec<kit::Data>) { for one in all {\n one.resource; } }",
        &["2 base_kit::Data::resource"],
    );
    finds(
        "fn f(all: Vec<kit::Data>) { all.iter().map(|one|\n one.resource); }",
        &["2 base_kit::Data::resource"],
    );
    finds(
        "fn f(a: &dyn Any) { if let Some(m) = a.downcast_ref::<base::Meter>() {\n m.record(1); } }",
        &["2 base::Meter::record"],
    );
    finds(
        "fn f(m: base::Meter) { m.visit(|counter| {\n counter.add(1, &[]); }); }",
        &["2 base::Counter::add"],
    );
}

#[test]
fn the_innermost_variable_counts() {
    finds(
        "fn f(m: base::Meter) { let m = String::new();\n m.record(1); }",
        &[],
    );
    finds(
        "fn f(m: base::Meter) { { let m = String::new(); }\n m.record(1); }",
        &["2 base::Meter::record"],
    );
}

#[test]
fn what_is_known_to_be_something_else_is_not_reported() {
    finds("use base::Meter;\nfn f(m: Vec<u8>) { m.record(1); }", &[]);
    finds(
        "use base::Meter;\nfn f() { other::Thing::new().record(1); }",
        &[],
    );
    finds(
        "use base::Meter;\nstruct S;\nimpl S { fn f(&self) { self.record(1); } }",
        &[],
    );
}

#[test]
fn by_name_where_such_a_value_is_in_reach() {
    finds(
        "use base::Meter;\nfn f() {\n g().record(1); }",
        &["3 base::Meter::record?"],
    );
    // Nobody here has a meter.
    finds("use kit::Resource;\nfn f() { g().record(1); }", &[]);
    // A meter gives builders.
    finds(
        "use base::Meter;\nfn f() {\n g().init(); }",
        &["3 base::Builder::init?"],
    );
    // With these arguments it is another method.
    finds("use base::Meter;\nfn f() { g().record(1, 2, 3); }", &[]);
}

#[test]
fn results_that_are_none_any_more() {
    finds(
        "fn f(m: base::Meter) {\n m.flush()?; }",
        &["2 base::Meter::flush"],
    );
    finds(
        "fn f(m: base::Meter) {\n m.flush(); }",
        &["2 base::Meter::flush?"],
    );
    // What is asked of the result is looked at by itself.
    finds("fn f(m: base::Meter) { m.state().x(); }", &[]);
}

#[test]
fn through_another_file() {
    let scan = scanned(&[
        ("lib.rs", "mod a;\nmod b;"),
        (
            "a.rs",
            "pub struct S { pub m: base::Meter }\nimpl S { pub fn meter(&self) -> &base::Meter { &self.m } }",
        ),
        (
            "b.rs",
            "fn f(s: &crate::a::S) {\n s.meter().record(1);\n s.m.record(1); }",
        ),
    ]);
    // Names of the family do not stand in `b`: it is read since it names what `a` declares.
    let expected: &[&str] = &[];
    let hits = shown(&scan);
    assert!(
        hits.is_empty() || hits == ["b.rs:2 base::Meter::record", "b.rs:3 base::Meter::record"],
        "{hits:?} {expected:?}"
    );
}
