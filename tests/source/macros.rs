//! Code inside macros.

use crate::package::{code, package};

#[test]
fn macro_calls_by_path_and_by_name() {
    let package =
        code("use alpha::span;\nfn f() { span!(1); alpha::event!(2); ::beta::log!(3); own!(); }");
    assert_eq!(
        package.paths(),
        [
            "1 alpha::span",
            "2 alpha::span",
            "2 alpha::event",
            "2 beta::log"
        ]
    );
}

#[test]
fn code_in_macros_is_read() {
    let package = code(
        "use alpha::Context;
fn f() {
    info_span!(\"x\", otel.kind = ?alpha::Kind::Server, cx = %Context::current());
    tokio::select! { x = alpha::wait() => alpha::done(x), _ = y => { z.call(alpha::late()) } }
    vec![alpha::one(); 2];
    json!({ \"a\": alpha::two(), b: [alpha::three()] });
    assert_eq!(a.len(), alpha::four());
}
lazy_static! { static ref T: alpha::Tracer = alpha::tracer(); }
thread_local!(static C: alpha::Cell = alpha::cell());",
    );
    assert_eq!(
        package.paths(),
        [
            "1 alpha::Context",
            "3 alpha::Kind::Server",
            "3 alpha::Context::current",
            "4 alpha::wait",
            "4 alpha::done",
            "4 alpha::late",
            "5 alpha::one",
            "6 alpha::two",
            "6 alpha::three",
            "7 alpha::four",
            "9 alpha::Tracer",
            "9 alpha::tracer",
            "10 alpha::Cell",
            "10 alpha::cell",
        ]
    );
    assert_eq!(package.calls(), ["4:72 call", "7:18 len"]);
    assert_eq!(
        package.item("T").kind,
        otel_check::source::ItemKind::Constant
    );
}

#[test]
fn definitions_are_read() {
    let package = code(
        "#[macro_export]
macro_rules! start {
    ($name:expr, $tracer:path) => {{ let t = ::alpha::global::tracer($name); $crate::helper(&t); $tracer::go(); t.start($name) }};
    ($alpha:ident) => { $alpha::none() };
}
pub fn helper() {}
fn f() { start!(\"x\"); crate::start!(\"y\"); }",
    );
    assert_eq!(package.paths(), ["3 alpha::global::tracer"]);
    assert_eq!(package.own(), ["3 crate::helper", "7 crate::start"]);
    assert_eq!(package.calls(), ["3:115 start"]);
}

#[test]
fn macros_of_other_modules() {
    let package = package(&[
        (
            "src/lib.rs",
            "#[macro_use] mod m;\nmacro_rules! above { () => {} }\nmod n;",
        ),
        (
            "src/m.rs",
            "#[macro_export] macro_rules! shared { () => { alpha::x() } }\npub(crate) use inner; macro_rules! inner { () => {} }",
        ),
        (
            "src/n.rs",
            "fn f() { above!(); crate::shared!(); crate::m::inner!(); }",
        ),
    ]);
    assert_eq!(
        package.own(),
        [
            "src/m.rs:2 crate::m::inner",
            "src/n.rs:1 crate::above",
            "src/n.rs:1 crate::m::shared",
            "src/n.rs:1 crate::m::inner"
        ]
    );
}

#[test]
fn macros_around_items() {
    let package = code(
        "pin_project! { #[derive(Debug)] pub struct Timed<F> { pub start: alpha::Time, #[pin] inner: F } }
cfg_rt! { pub fn run() -> alpha::Handle { alpha::now() } }
grammar! { rule = alpha::a() | struct }",
    );
    assert_eq!(
        package.positions(),
        [
            "Taken Timed: alpha::Time",
            "Given run: alpha::Handle",
            "Body run: alpha::now",
            "Body grammar: alpha::a"
        ]
    );
    assert_eq!(package.item("run").cfg.to_string(), "cfg_rt!");
}

#[test]
fn quoted_code() {
    let package =
        code("fn f(n: X) { quote! { #n::alpha::x(); ::alpha::y(#n, #(#n),*); #alpha::z() }; }");
    assert_eq!(package.paths(), ["1 alpha::y"]);
}
