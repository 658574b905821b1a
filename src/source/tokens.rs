//! The tokens of a file, and where they stand.

use std::cell::{Cell, OnceCell};
use std::ops::Range;

use super::lexer::{self, Lexed};
use super::problem::Fault;
use super::symbols::{Symbol, Symbols};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Bracket {
    Round,
    Square,
    Curly,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A name or keyword; `data` is its [`Symbol`].
    Name,
    /// `'a`.
    Lifetime,
    /// A string of any sort; `data` is its end.
    Text,
    /// Any other literal; `data` is its end.
    Literal,
    /// `data` is the index of the closing token.
    Open(Bracket),
    /// `data` is the index of the opening token.
    Close(Bracket),
    /// `::`
    PathSep,
    /// `->`
    Arrow,
    /// `=>`
    FatArrow,
    /// `..`, `...`, `..=`
    Dots,
    Sign(u8),
    /// What stands behind the last token.
    End,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Token {
    pub(super) kind: Kind,
    /// Byte offset.
    pub(super) start: u32,
    pub(super) data: u32,
}

#[derive(Debug)]
pub(super) struct Tokens<'t> {
    text: &'t str,
    tokens: Vec<Token>,
    symbols: Symbols<'t>,
    /// The first fault, with its byte offset.
    pub(super) fault: Option<(Fault, usize)>,
    lines: OnceCell<Vec<u32>>,
    /// The last place that was asked for: generated code may be one line, of which a column is
    /// counted from the one before.
    counted: Cell<Counted>,
}

/// An offset with its line and column.
#[derive(Debug, Clone, Copy, Default)]
struct Counted {
    offset: usize,
    line: usize,
    column: usize,
}

const END: Token = Token {
    kind: Kind::End,
    start: u32::MAX,
    data: 0,
};

impl<'t> Tokens<'t> {
    /// `text` must be shorter than 4 GiB.
    pub(super) fn new(text: &'t str) -> Self {
        let Lexed {
            tokens,
            symbols,
            fault,
        } = lexer::lex(text);
        Tokens {
            text,
            tokens,
            symbols,
            fault,
            lines: OnceCell::new(),
            counted: Cell::default(),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.tokens.len()
    }

    pub(super) fn all(&self) -> Range<usize> {
        0..self.tokens.len()
    }

    pub(super) fn symbols(&self) -> &Symbols<'t> {
        &self.symbols
    }

    pub(super) fn token(&self, at: usize) -> Token {
        self.tokens.get(at).copied().unwrap_or(END)
    }

    pub(super) fn kind(&self, at: usize) -> Kind {
        self.token(at).kind
    }

    /// The kind of the token before `at`.
    pub(super) fn kind_before(&self, at: usize) -> Kind {
        at.checked_sub(1)
            .map_or(Kind::End, |before| self.kind(before))
    }

    pub(super) fn is(&self, at: usize, sign: u8) -> bool {
        self.kind(at) == Kind::Sign(sign)
    }

    /// Whether the sign at `at` and the next token stand without anything between them.
    pub(super) fn joined(&self, at: usize) -> bool {
        self.token(at).start.checked_add(1) == Some(self.token(at + 1).start)
    }

    /// The name at `at`, keywords included.
    pub(super) fn symbol(&self, at: usize) -> Option<Symbol> {
        let token = self.token(at);
        (token.kind == Kind::Name).then_some(Symbol(token.data))
    }

    pub(super) fn is_word(&self, at: usize, word: Symbol) -> bool {
        self.symbol(at) == Some(word)
    }

    /// The name at `at` where it is not a keyword.
    pub(super) fn plain_name(&self, at: usize) -> Option<Symbol> {
        self.symbol(at).filter(|symbol| !symbol.is_keyword())
    }

    pub(super) fn name(&self, symbol: Symbol) -> &'t str {
        self.symbols.name(symbol)
    }

    /// Whether `at` is the plain name `name`.
    pub(super) fn is_named(&self, at: usize, name: &str) -> bool {
        self.symbol(at)
            .is_some_and(|symbol| self.name(symbol) == name)
    }

    /// For an opening bracket, the index of its closing one; else `at`.
    pub(super) fn close_of(&self, at: usize) -> usize {
        let token = self.token(at);
        match token.kind {
            Kind::Open(_) => token.data as usize,
            _ => at,
        }
    }

    /// The index behind the token at `at`, or behind its whole group where one opens.
    pub(super) fn after(&self, at: usize) -> usize {
        self.close_of(at) + 1
    }

    /// The tokens inside the group that opens at `at`; empty where none does.
    pub(super) fn inside(&self, at: usize) -> Range<usize> {
        match self.kind(at) {
            Kind::Open(_) => at + 1..self.close_of(at).max(at + 1),
            _ => at..at,
        }
    }

    /// The text of a token.
    pub(super) fn spelling(&self, at: usize) -> &'t str {
        let token = self.token(at);
        let start = token.start as usize;
        let end = match token.kind {
            Kind::Name => return self.name(Symbol(token.data)),
            Kind::Text | Kind::Literal => token.data as usize,
            Kind::PathSep | Kind::Arrow | Kind::FatArrow => start + 2,
            Kind::End => return "",
            Kind::Lifetime => return "'_",
            Kind::Dots => return "..",
            Kind::Open(_) | Kind::Close(_) | Kind::Sign(_) => start + 1,
        };
        self.text.get(start..end).unwrap_or_default()
    }

    /// The contents of a string literal without escapes.
    pub(super) fn string(&self, at: usize) -> Option<&'t str> {
        let token = self.token(at);
        if token.kind != Kind::Text {
            return None;
        }
        let literal = self.text.get(token.start as usize..token.data as usize)?;
        let open = literal.find('"')?;
        let raw = literal[..open].contains('r');
        let tail = literal.len().checked_sub(if raw {
            literal[..open].matches('#').count()
        } else {
            0
        })?;
        let body = literal.get(open + 1..tail)?.strip_suffix('"')?;
        (raw || !body.contains('\\')).then_some(body)
    }

    /// Line and column of a byte offset, both from 1; columns count characters.
    pub(super) fn line_column(&self, offset: usize) -> (usize, usize) {
        let offset = offset.min(self.text.len());
        let lines = self.lines.get_or_init(|| {
            let breaks = memchr::memchr_iter(b'\n', self.text.as_bytes()).map(|at| at as u32 + 1);
            std::iter::once(0).chain(breaks).collect()
        });
        let line = lines
            .partition_point(|start| *start as usize <= offset)
            .max(1);
        let start = lines.get(line - 1).map_or(0, |start| *start as usize);
        let last = self.counted.get();
        let (counted, column) = match last.line == line {
            true => (last.offset, last.column),
            false => (start, 1),
        };
        // Counting the bytes that start a character counts the characters.
        let characters = |range: Range<usize>| {
            let bytes = self.text.as_bytes().get(range).unwrap_or_default();
            bytes.iter().filter(|byte| **byte & 0xC0 != 0x80).count()
        };
        let column = match counted <= offset {
            true => column + characters(counted..offset),
            false => column.saturating_sub(characters(offset..counted)),
        };
        self.counted.set(Counted {
            offset,
            line,
            column,
        });
        (line, column)
    }

    /// Line and column of a token.
    pub(super) fn place(&self, at: usize) -> (usize, usize) {
        self.line_column(self.token(at).start as usize)
    }
}
