//! Input that no compiler would accept, or that is made to take long.

use std::time::{Duration, Instant};

use super::{found, scanned};

#[track_caller]
fn ends_soon(code: &str) {
    let start = Instant::now();
    scanned(&[("lib.rs", code)]);
    assert!(
        start.elapsed() < Duration::from_secs(20),
        "{:?}",
        start.elapsed()
    );
}

#[test]
fn broken_code() {
    for code in [
        "use base::",
        "use base::{old::{Gone",
        "fn f() { base::global::provider().",
        "fn f() { .record(1) }",
        "fn f(m: base::Meter { m.record(1); }",
        "impl base::Provider for",
        "impl kit::Exporter for S { fn export(",
        "kit::Data { name: , .. }",
        "fn f() { ? . x() }",
        "fn f() { )].record(1) }",
        "fn f() { base::<<<>.record(1) }",
        "let m: = ; m.record(1)",
        "use base::old::Gone as é; \u{feff}",
        "fn f<T: >(t: T) { t.record(1) }",
        "fn f() { |m| m.record(1) }",
        "x",
        "fn f(r#type: base::Meter) { r#type.record(1); }",
    ] {
        found(code);
    }
}

#[test]
fn long_chains() {
    ends_soon(&format!(
        "use base::Meter; fn f(m: Meter) {{ m{} }}",
        ".record(1)".repeat(5_000)
    ));
    ends_soon(&format!(
        "use base::Meter; fn f(m: Meter) {{ m{} }}",
        "?".repeat(50_000)
    ));
}

#[test]
fn deep_nesting() {
    ends_soon(&format!(
        "use base::Meter; fn f() {{ {}m.record(1){} }}",
        "g(".repeat(5_000),
        ")".repeat(5_000)
    ));
    ends_soon(&format!(
        "use base::Meter; fn f(m: {}Meter{}) {{ m.record(1) }}",
        "Box<".repeat(2_000),
        ">".repeat(2_000)
    ));
    ends_soon(&format!(
        "use base::Meter; fn f() {{ {}x{}.record(1) }}",
        "(".repeat(5_000),
        ")".repeat(5_000)
    ));
}

#[test]
fn variables_of_variables() {
    let mut code = String::from("use base::Meter; fn f(m0: Meter) {");
    for at in 0..3_000 {
        code.push_str(&format!("let m{} = m{at}.clone();", at + 1));
    }
    code.push_str("m3000.record(1); }");
    ends_soon(&code);
    // The same name over and over.
    let again = "let m = m.record(1);".repeat(5_000);
    ends_soon(&format!("use base::Meter; fn f(m: Meter) {{ {again} }}"));
}

#[test]
fn many_bounds_and_matches() {
    let bounds = "T: base::Provider, ".repeat(2_000);
    let calls = "t.versioned(\"\", None);".repeat(500);
    ends_soon(&format!("fn f<T>(t: T) where {bounds} {{ {calls} }}"));
    let arms = "match m { Ok(m) => ".repeat(1_000);
    ends_soon(&format!(
        "use base::Meter; fn f(m: Meter) {{ {arms} m.record(1) {} }}",
        "}".repeat(1_000)
    ));
}

#[test]
fn names_with_anything_in_them_stay_data() {
    let scan = scanned(&[(
        "lib.rs",
        "#[path = \"\\u{1b}[31m.rs\"] mod x; use base::old::Gone;",
    )]);
    assert_eq!(scan.hits.len(), 1);
}
