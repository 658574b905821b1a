//! Splits source text into tokens.
//!
//! Never fails: what is not closed ends with the file, and a bracket that closes nothing becomes a
//! plain sign. Every opening bracket has its closing one (made up where it is missing), so that a
//! reader can jump over a group without looking into it.

use super::problem::Fault;
use super::symbols::Symbols;
use super::tokens::{Bracket, Kind, Token};

/// What [`lex`] makes of a text.
pub(super) struct Lexed<'t> {
    pub(super) tokens: Vec<Token>,
    pub(super) symbols: Symbols<'t>,
    /// The first fault, with its byte offset.
    pub(super) fault: Option<(Fault, usize)>,
}

/// Splits a text, which must be shorter than 4 GiB.
pub(super) fn lex(text: &str) -> Lexed<'_> {
    let mut lexer = Lexer {
        text,
        bytes: text.as_bytes(),
        at: 0,
        tokens: Vec::with_capacity(text.len() / 5 + 8),
        symbols: Symbols::new(),
        open: Vec::new(),
        open_by_bracket: [0; 3],
        fault: None,
    };
    lexer.skip_preamble();
    lexer.run();
    let Lexer {
        tokens,
        symbols,
        fault,
        ..
    } = lexer;
    Lexed {
        tokens,
        symbols,
        fault,
    }
}

struct Lexer<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    tokens: Vec<Token>,
    symbols: Symbols<'t>,
    /// Opening brackets not yet closed.
    open: Vec<u32>,
    open_by_bracket: [usize; 3],
    fault: Option<(Fault, usize)>,
}

fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

impl<'t> Lexer<'t> {
    fn byte(&self, at: usize) -> u8 {
        self.bytes.get(at).copied().unwrap_or(0)
    }

    fn push(&mut self, kind: Kind, start: usize, data: usize) {
        self.tokens.push(Token {
            kind,
            start: start as u32,
            data: data as u32,
        });
    }

    fn fault(&mut self, fault: Fault, at: usize) {
        self.fault.get_or_insert((fault, at));
    }

    /// A byte order mark, `#!/…`, and the front matter of a single-file package.
    fn skip_preamble(&mut self) {
        if self.text.starts_with('\u{feff}') {
            self.at = '\u{feff}'.len_utf8();
        }
        let rest = &self.bytes[self.at..];
        if rest.starts_with(b"#!") {
            let next = rest[2..].iter().find(|byte| !byte.is_ascii_whitespace());
            if next != Some(&b'[') {
                self.skip_line();
            }
        }
        if self.bytes[self.at..].trim_ascii_start().starts_with(b"---") {
            let body = self.at + self.text[self.at..].find("---").unwrap_or(0) + 3;
            if let Some(end) = self.text[body..].find("\n---") {
                self.at = body + end + 1;
                self.skip_line();
            }
        }
    }

    fn skip_line(&mut self) {
        let rest = &self.bytes[self.at..];
        self.at += memchr::memchr(b'\n', rest).unwrap_or(rest.len());
    }

    fn run(&mut self) {
        while let Some(&byte) = self.bytes.get(self.at) {
            let start = self.at;
            match byte {
                b' ' | b'\t' | b'\n' | b'\r' | 0x0B | 0x0C => self.at += 1,
                b'/' => self.slash(),
                b'_' | b'a'..=b'z' | b'A'..=b'Z' => self.word(),
                b'0'..=b'9' => self.number(),
                b'"' => self.text_literal(start, 0),
                b'\'' => self.quote(),
                b'(' => self.open(Bracket::Round),
                b'[' => self.open(Bracket::Square),
                b'{' => self.open(Bracket::Curly),
                b')' => self.close(Bracket::Round),
                b']' => self.close(Bracket::Square),
                b'}' => self.close(Bracket::Curly),
                0x80.. => self.beyond_ascii(),
                _ => self.sign(byte),
            }
        }
        let end = self.bytes.len();
        while let Some(open) = self.open.pop() {
            self.fault(Fault::Brackets, self.tokens[open as usize].start as usize);
            self.close_at(open, end);
        }
    }

    fn sign(&mut self, byte: u8) {
        let start = self.at;
        let (kind, width) = match (byte, self.byte(start + 1)) {
            (b':', b':') => (Kind::PathSep, 2),
            (b'-', b'>') => (Kind::Arrow, 2),
            (b'=', b'>') => (Kind::FatArrow, 2),
            (b'.', b'.') => {
                let third = self.byte(start + 2);
                (
                    Kind::Dots,
                    if third == b'.' || third == b'=' { 3 } else { 2 },
                )
            }
            _ => (Kind::Sign(byte), 1),
        };
        self.push(kind, start, 0);
        self.at += width;
    }

    fn slash(&mut self) {
        match self.byte(self.at + 1) {
            b'/' => self.skip_line(),
            b'*' => self.block_comment(),
            _ => self.sign(b'/'),
        }
    }

    fn block_comment(&mut self) {
        let start = self.at;
        let mut depth = 0usize;
        while self.at < self.bytes.len() {
            match (self.bytes[self.at], self.byte(self.at + 1)) {
                (b'/', b'*') => {
                    depth += 1;
                    self.at += 2;
                }
                (b'*', b'/') => {
                    depth -= 1;
                    self.at += 2;
                    if depth == 0 {
                        return;
                    }
                }
                _ => self.at += 1,
            }
        }
        self.fault(Fault::OpenComment, start);
    }

    fn name_end(&self, from: usize) -> usize {
        let rest = self.bytes.get(from..).unwrap_or_default();
        from + rest
            .iter()
            .position(|byte| !is_name_byte(*byte))
            .unwrap_or(rest.len())
    }

    fn word(&mut self) {
        let start = self.at;
        let end = self.name_end(start);
        let word = &self.text[start..end];
        match (word, self.byte(end)) {
            ("b" | "c", b'"') => return self.text_literal(start, end - start),
            ("b", b'\'') => {
                self.at = end;
                return self.character(start);
            }
            ("r" | "br" | "cr", b'"') => return self.raw_text(start, end),
            ("r" | "br" | "cr", b'#') => {
                let hashes = self.bytes[end..]
                    .iter()
                    .take_while(|byte| **byte == b'#')
                    .count();
                if self.byte(end + hashes) == b'"' {
                    return self.raw_text(start, end);
                }
                if word == "r" && hashes == 1 && is_name_byte(self.byte(end + 1)) {
                    return self.raw_name(start, end + 1);
                }
            }
            _ => {}
        }
        self.at = end;
        let symbol = self.symbols.intern(word);
        self.push(Kind::Name, start, symbol.0 as usize);
    }

    /// `r#name` is the name itself, except where that is a keyword.
    fn raw_name(&mut self, start: usize, name: usize) {
        self.at = self.name_end(name);
        let mut symbol = self.symbols.intern(&self.text[name..self.at]);
        if symbol.is_keyword() {
            symbol = self.symbols.intern(&self.text[start..self.at]);
        }
        self.push(Kind::Name, start, symbol.0 as usize);
    }

    fn beyond_ascii(&mut self) {
        match self.text[self.at..].chars().next() {
            Some(c) if c.is_whitespace() || matches!(c, '\u{200E}' | '\u{200F}' | '\u{feff}') => {
                self.at += c.len_utf8();
            }
            _ => self.word(),
        }
    }

    fn number(&mut self) {
        let start = self.at;
        let based = self.byte(start) == b'0' && matches!(self.byte(start + 1), b'x' | b'o' | b'b');
        self.at = self.name_end(start);
        let next = self.byte(self.at + 1);
        if self.byte(self.at) == b'.'
            && !based
            && next != b'.'
            && (next.is_ascii_digit() || !is_name_byte(next))
        {
            self.at = self.name_end(self.at + 1);
        }
        let exponent = matches!(self.byte(self.at - 1), b'e' | b'E') && !based;
        if exponent
            && matches!(self.byte(self.at), b'+' | b'-')
            && self.byte(self.at + 1).is_ascii_digit()
        {
            self.at = self.name_end(self.at + 1);
        }
        self.push(Kind::Literal, start, self.at);
    }

    /// A string with escapes, whose quote stands `prefix` bytes behind `start`.
    fn text_literal(&mut self, start: usize, prefix: usize) {
        let mut at = start + prefix + 1;
        loop {
            match memchr::memchr2(b'"', b'\\', self.bytes.get(at..).unwrap_or_default()) {
                Some(step) if self.bytes[at + step] == b'"' => {
                    self.at = at + step + 1;
                    break;
                }
                Some(step) => at += step + 2,
                None => {
                    self.fault(Fault::OpenText, start);
                    self.at = self.bytes.len();
                    break;
                }
            }
        }
        self.push(Kind::Text, start, self.at);
    }

    /// `r"…"`, `r#"…"#`; `hashes` is where the hashes or the quote begin.
    fn raw_text(&mut self, start: usize, hashes: usize) {
        let count = self.bytes[hashes..]
            .iter()
            .take_while(|byte| **byte == b'#')
            .count();
        let mut at = hashes + count + 1;
        loop {
            match memchr::memchr(b'"', self.bytes.get(at..).unwrap_or_default()) {
                Some(step) => {
                    at += step + 1;
                    let closing = self.bytes[at..]
                        .iter()
                        .take(count)
                        .take_while(|byte| **byte == b'#')
                        .count();
                    if closing == count {
                        self.at = at + count;
                        break;
                    }
                }
                None => {
                    self.fault(Fault::OpenText, start);
                    self.at = self.bytes.len();
                    break;
                }
            }
        }
        self.push(Kind::Text, start, self.at);
    }

    /// `'a`, `'a'`, `'\n'`.
    fn quote(&mut self) {
        let start = self.at;
        let mut after = self.text[start + 1..].chars();
        let first = after.next();
        let is_character = first == Some('\\') || after.next() == Some('\'');
        match first {
            _ if is_character => self.character(start),
            Some(c) if c.is_alphabetic() || c == '_' => {
                self.at = self.name_end(start + 1);
                if &self.bytes[start + 1..self.at] == b"r" && self.byte(self.at) == b'#' {
                    self.at = self.name_end(self.at + 1);
                }
                self.push(Kind::Lifetime, start, self.at);
            }
            _ => self.sign(b'\''),
        }
    }

    /// A character literal whose quote is at the current position.
    fn character(&mut self, start: usize) {
        let mut at = self.at + 1;
        if self.byte(at) == b'\\' {
            at += 2;
        }
        // `'\u{1F600}'` is the longest. What goes further is a stray quote.
        let window = self
            .bytes
            .get(at..(at + 16).min(self.bytes.len()))
            .unwrap_or_default();
        match memchr::memchr(b'\'', window) {
            // `'''` is not valid but is one character all the same.
            Some(0) if self.byte(self.at + 1) != b'\\' && window.get(1) == Some(&b'\'') => {
                self.at = at + 2
            }
            Some(step) => self.at = at + step + 1,
            None => {
                self.fault(Fault::OpenText, start);
                self.at = self.next_boundary(at);
            }
        }
        self.push(Kind::Literal, start, self.at);
    }

    fn next_boundary(&self, at: usize) -> usize {
        (at..=self.text.len())
            .find(|at| self.text.is_char_boundary(*at))
            .unwrap_or(self.text.len())
    }

    fn open(&mut self, bracket: Bracket) {
        self.open.push(self.tokens.len() as u32);
        self.open_by_bracket[bracket as usize] += 1;
        self.push(Kind::Open(bracket), self.at, 0);
        self.at += 1;
    }

    fn close(&mut self, bracket: Bracket) {
        let start = self.at;
        self.at += 1;
        if self.open_by_bracket[bracket as usize] == 0 {
            self.fault(Fault::Brackets, start);
            return self.push(Kind::Sign(0), start, 0);
        }
        while let Some(open) = self.open.pop() {
            let matches = self.tokens[open as usize].kind == Kind::Open(bracket);
            self.close_at(open, start);
            if matches {
                return;
            }
            self.fault(Fault::Brackets, start);
        }
    }

    fn close_at(&mut self, open: u32, start: usize) {
        let close = self.tokens.len();
        let token = &mut self.tokens[open as usize];
        token.data = close as u32;
        if let Kind::Open(bracket) = token.kind {
            self.open_by_bracket[bracket as usize] -= 1;
            self.push(Kind::Close(bracket), start, open as usize);
        }
    }
}
