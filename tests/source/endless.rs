//! Input that repeats itself: neither an overflow of the stack nor an endless wait.

use std::time::{Duration, Instant};

use crate::package::code;

const PIECES: &[&str] = &[
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "<",
    ">",
    "!",
    "&",
    "'",
    "\"",
    "\\",
    "#",
    "|",
    "::",
    "..",
    "=>",
    "$",
    "r#",
    "b'",
    "/*",
    "mod a {",
    "fn f() {",
    "impl X {",
    "trait T {",
    "use a::{",
    "use a::b;",
    "pub ",
    "let ",
    "let x = ",
    "match x {",
    "match x { a => ",
    "if x {",
    "if x {} else ",
    "if let x = ",
    "for x in ",
    "|x| ",
    "move || ",
    "#[a]",
    "#[a(",
    "#![a]",
    "#[cfg(a)]",
    "#[cfg(a)] x ",
    "#[cfg(not(",
    "#[cfg(all(a,",
    "cfg_if! { if #[cfg(a)] {",
    "m! {",
    "m! { fn f() {",
    "a::b::",
    "a::<",
    "a::<b>::",
    "<a as b>::c::",
    "<a as ",
    "x.y().",
    "a<b,",
    "where T: ",
    "fn(",
    "impl<T> ",
    "struct S<T> {",
    "enum E {",
    "macro_rules! m {",
    "extern crate a;",
    "extern \"C\" {",
    "static X: ",
    "type A = ",
    "a, ",
    "a; ",
    "a = ",
    "unsafe ",
    "async ",
    "const ",
    "dyn ",
    "Self::",
    "super::",
    "crate::",
    "self::",
    "alpha::x(",
    "use alpha::*;",
];

/// Each would exhaust the stack of a reader that calls itself, or ask for work that grows with the
/// square of the text.
#[test]
fn endless_repetition() {
    let head = "fn first() { alpha::x() }\n";
    for piece in PIECES {
        let package = code(&format!("{head}{}", piece.repeat(20_000)));
        let started = Instant::now();
        let paths = package.paths();
        let took = started.elapsed();
        println!("{piece}: {took:?}");
        assert!(
            paths
                .first()
                .is_some_and(|path| path.starts_with("1 alpha::x")),
            "{piece}: {paths:?}"
        );
        package.source.places_of("alpha");
        assert!(took < Duration::from_secs(20), "{piece}: {took:?}");
    }
}

/// The same with everything that could be looked up.
#[test]
fn endless_names() {
    let texts = [
        many(|n| format!("use alpha::a as n{n};\n")),
        many(|n| format!("#[cfg(x{n})] use alpha::a as n;\n")) + "fn f() { n::x(); n::y(); }",
        many(|n| format!("use n{n} as n{};\n", n + 1)) + "fn f() { n8000::x(); n7::y(); }",
        format!(
            "fn f() {{ {} n::x(); }}",
            many(|n| format!("#[cfg(a{n})] use alpha::a as n;"))
        ),
        format!(
            "fn f() {{ match x {{ {} }} }}",
            many(|n| format!("A{n}(alpha) if x => alpha::x(alpha), "))
        ),
        format!(
            "fn f() {{ {} }}",
            many(|n| format!("let alpha{n} = |a, b| alpha::x(a, b); "))
        ),
        format!(
            "cfg_if! {{ {} }}",
            many(|n| format!("if #[cfg(a{n})] {{ mod m{n}; }} else "))
        ),
    ];
    texts.iter().for_each(|text| in_time(text));
}

#[test]
fn endless_globs() {
    let texts = [
        many(|n| {
            format!(
                "mod m{n} {{ pub use super::m{}::*; fn f(x: Unknown{n}) {{}} }}\n",
                n + 1
            )
        }),
        many(|n| format!("use m{n}::*;\n")) + &many(|n| format!("fn f{n}(x: Unknown{n}) {{}}\n")),
    ];
    texts.iter().for_each(|text| in_time(text));
}

fn many(line: fn(usize) -> String) -> String {
    (0..8_000).map(line).collect()
}

fn in_time(text: &str) {
    let started = Instant::now();
    code(text).paths();
    let took = started.elapsed();
    let head: String = text.chars().take(60).collect();
    println!("{head}: {took:?}");
    assert!(took < Duration::from_secs(20), "{head}: {took:?}");
}
