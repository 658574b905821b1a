//! Input made by chance: whatever is read, some things hold of it.

use proptest::prelude::*;

use crate::package::{LIB, Package, code, package};

/// Bits of code, sound and broken.
const BITS: &[&str] = &[
    "fn",
    "f",
    "(",
    ")",
    "{",
    "}",
    "[",
    "]",
    "<",
    ">",
    ";",
    ",",
    ":",
    "::",
    "=",
    "=>",
    "->",
    "|",
    "&",
    "#",
    "!",
    "'a",
    "'x'",
    "\"s\"",
    "r#\"s\"#",
    "r#fn",
    "1.0",
    "0..1",
    "alpha",
    "beta",
    "Tracer",
    "use",
    "as",
    "mod",
    "impl",
    "for",
    "trait",
    "struct",
    "enum",
    "pub",
    "crate",
    "self",
    "super",
    "Self",
    "let",
    "match",
    "if",
    "else",
    "cfg",
    "feature",
    "macro_rules",
    "$",
    "*",
    "?",
    ".",
    "..",
    "extern",
    "where",
    "dyn",
    "static",
    "const",
    "type",
    "async",
    "move",
    "unsafe",
    "derive",
    "include",
    "cfg_if",
    "#[cfg(test)]",
    "#[path = \"x.rs\"]",
    "/*",
    "*/",
    "//",
    "\n",
    "ä",
    "\u{2028}",
    "\0",
    "\\",
    "\"",
];

/// Some of them, side by side.
fn soup() -> impl Strategy<Value = String> {
    let bits = prop::sample::select(BITS);
    (prop::collection::vec(bits, 0..120), any::<bool>())
        .prop_map(|(bits, spaced)| bits.join(if spaced { " " } else { "" }))
}

/// What holds of whatever was read.
fn check(package: &Package) -> Result<(), TestCaseError> {
    let items = package.items();
    prop_assert_eq!(format!("{:?}", &items), format!("{:?}", package.items()));
    for item in &items {
        prop_assert!(item.place.line > 0 && item.place.column > 0);
        prop_assert!(
            item.references
                .is_sorted_by_key(|found| (found.place.line, found.place.column))
        );
        for found in &item.references {
            prop_assert!(found.place.line > 0 && found.place.column > 0);
            prop_assert!(!found.krate.is_empty());
        }
    }
    let some = package.source.items(LIB, &["alpha"]);
    let is_one = |item| {
        items
            .iter()
            .any(|other| std::sync::Arc::ptr_eq(item, other))
    };
    prop_assert!(some.iter().all(is_one));
    package.source.lookup(LIB, &["alpha", "Tracer"]);
    package.source.places_of("alpha");
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let package = code("");
        package.write("src/lib.rs", &bytes);
        check(&package)?;
    }

    #[test]
    fn any_text(text in ".{0,200}") {
        check(&code(&text))?;
    }

    #[test]
    fn any_tokens(text in soup(), other in soup()) {
        check(&package(&[("src/lib.rs", &format!("mod x; {text}")), ("src/x.rs", &other)]))?;
    }

    /// Code cut off anywhere, with something else behind it.
    #[test]
    fn code_cut_off(at in 0usize..20_000, rest in soup()) {
        let own = include_str!("../../src/source/scan.rs");
        let cut = (0..=at.min(own.len())).rev().find(|at| own.is_char_boundary(*at)).unwrap_or(0);
        check(&code(&format!("{}{rest}", &own[..cut])))?;
    }

    /// Comments and line ends between tokens change places and nothing else.
    #[test]
    fn spaces_do_not_matter(spaces in prop::collection::vec(prop::sample::select(vec![" ", "\n", "/* alpha::no() */", "// no\n", "\t"]), 60)) {
        let tokens = "use alpha :: trace :: { self , Tracer as T } ; # [ cfg ( feature = \"a\" ) ] pub fn f < X : T > ( x : & trace :: Span ) -> Option < X > { let T = x . start :: < u8 > ( ) ; T :: go ( ) ; # [ cfg ( test ) ] alpha :: end ( | y | y . z ( ) ) }";
        let plain = code(tokens);
        let spaced: String =
            tokens.split(' ').enumerate().map(|(at, token)| format!("{token}{}", spaces[at % spaces.len()])).collect();
        let spaced = code(&spaced);
        prop_assert_eq!(plain.positions(), spaced.positions());
        prop_assert_eq!(plain.conditions(), spaced.conditions());
        prop_assert_eq!(plain.calls().len(), spaced.calls().len());
    }
}
