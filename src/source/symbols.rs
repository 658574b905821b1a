//! Names as small numbers, so that reading a file compares integers and not strings.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// For maps of this room, which hold names of one package or numbers.
pub(super) type Quick = BuildHasherDefault<Fold>;

/// A name in one file. Keywords come first, in the order of [`KEYWORDS`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Symbol(pub(super) u32);

/// Defines the reserved words and a constant for each.
macro_rules! keywords {
    ($($constant:ident $text:literal)*) => {
        /// The reserved words. Contextual ones (`union`, `default`, `macro_rules`) are plain names.
        pub(super) const KEYWORDS: &[&str] = &[$($text),*];
        #[allow(non_camel_case_types, clippy::upper_case_acronyms)]
        enum Number { $($constant),* }
        #[allow(dead_code)]
        impl Symbol {
            $(pub(super) const $constant: Symbol = Symbol(Number::$constant as u32);)*
        }
    };
}

keywords! {
    AS "as" ASYNC "async" AWAIT "await" BREAK "break" CONST "const" CONTINUE "continue"
    CRATE "crate" DYN "dyn" ELSE "else" ENUM "enum" EXTERN "extern" FALSE "false" FN "fn"
    FOR "for" IF "if" IMPL "impl" IN "in" LET "let" LOOP "loop" MATCH "match" MOD "mod"
    MOVE "move" MUT "mut" PUB "pub" REF "ref" RETURN "return" SELF_VALUE "self" SELF_TYPE "Self"
    STATIC "static" STRUCT "struct" SUPER "super" TRAIT "trait" TRUE "true" TYPE "type"
    UNSAFE "unsafe" USE "use" WHERE "where" WHILE "while" UNDERSCORE "_"
}

impl Symbol {
    pub(super) fn is_keyword(self) -> bool {
        (self.0 as usize) < KEYWORDS.len()
    }

    /// Whether a path may start with it: `crate`, `self`, `super`, `Self`.
    pub(super) fn is_path_keyword(self) -> bool {
        [
            Symbol::CRATE,
            Symbol::SELF_VALUE,
            Symbol::SUPER,
            Symbol::SELF_TYPE,
        ]
        .contains(&self)
    }
}

/// The names of one file.
#[derive(Debug, Clone)]
pub(super) struct Symbols<'t> {
    names: Vec<&'t str>,
    by_name: HashMap<&'t str, u32, Quick>,
}

impl<'t> Symbols<'t> {
    pub(super) fn new() -> Self {
        let mut symbols = Symbols {
            names: Vec::with_capacity(256),
            by_name: HashMap::default(),
        };
        symbols.by_name.reserve(256);
        for keyword in KEYWORDS {
            symbols.intern(keyword);
        }
        symbols
    }

    pub(super) fn intern(&mut self, name: &'t str) -> Symbol {
        let next = self.names.len() as u32;
        let number = *self.by_name.entry(name).or_insert(next);
        if number == next {
            self.names.push(name);
        }
        Symbol(number)
    }

    pub(super) fn find(&self, name: &str) -> Option<Symbol> {
        self.by_name.get(name).map(|number| Symbol(*number))
    }

    pub(super) fn name(&self, symbol: Symbol) -> &'t str {
        self.names
            .get(symbol.0 as usize)
            .copied()
            .unwrap_or_default()
    }

    pub(super) fn len(&self) -> usize {
        self.names.len()
    }
}

/// A multiplying hash: names are short and come from one file, so collisions cannot be made to pay
/// beyond the file's own size.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Fold(u64);

impl Fold {
    fn add(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x517c_c1b7_2722_0a95);
    }
}

impl Hasher for Fold {
    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 32)
    }

    fn write(&mut self, bytes: &[u8]) {
        let mut chunks = bytes.chunks_exact(8);
        for chunk in &mut chunks {
            self.add(
                chunk
                    .iter()
                    .rev()
                    .fold(0, |word, byte| (word << 8) | u64::from(*byte)),
            );
        }
        let rest = chunks.remainder();
        self.add(rest.iter().rev().fold(rest.len() as u64, |word, byte| {
            (word << 8) | u64::from(*byte)
        }));
    }

    fn write_u8(&mut self, byte: u8) {
        self.add(u64::from(byte));
    }

    fn write_u32(&mut self, word: u32) {
        self.add(u64::from(word));
    }

    fn write_usize(&mut self, word: usize) {
        self.add(word as u64);
    }
}
