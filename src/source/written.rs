//! Paths as they are written, to the byte: for whoever changes them.

use std::ops::Range;

use super::attributes::commas;
use super::symbols::Symbol;
use super::tokens::{Bracket, Kind, Tokens};

/// Groups nested deeper than this are not looked into.
const DEPTH: usize = 64;

/// A name in a path, and where it stands in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    /// Without `r#`. In an import also `*`.
    pub name: String,
    pub range: Range<usize>,
}

/// A path in code or in an attribute, up to its generic arguments or whatever ends it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    pub segments: Vec<Segment>,
}

/// A `use` declaration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// From its first attribute through its `;`.
    pub range: Range<usize>,
    /// Where its visibility stands, or `use` where it has none.
    pub start: usize,
    /// Behind `use`.
    pub tree: usize,
    /// Whether anything in it is grouped.
    pub grouped: bool,
    pub leaves: Vec<Leaf>,
}

/// One name that an import brings in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaf {
    /// The segments outside of its group.
    pub prefix: Vec<Segment>,
    /// Its own, `self` and `*` included.
    pub own: Vec<Segment>,
    /// The name behind `as`.
    pub alias: Option<Segment>,
    /// From its own first segment to its end.
    pub range: Range<usize>,
    /// Line and column of its own first segment.
    pub place: (usize, usize),
}

impl Leaf {
    /// All segments, `self` at the end left out.
    pub fn segments(&self) -> impl Iterator<Item = &Segment> {
        let own = self.own.iter();
        let alone = self.prefix.is_empty() && self.own.len() == 1;
        let named = own.filter(move |segment| alone || segment.name != "self");
        self.prefix.iter().chain(named)
    }
}

/// A file, to look paths up in.
#[derive(Debug)]
pub struct Writing<'t> {
    text: &'t str,
    tokens: Tokens<'t>,
}

impl<'t> Writing<'t> {
    /// None where a text is too long to be code.
    pub fn new(text: &'t str) -> Option<Self> {
        (u32::try_from(text.len()).is_ok()).then(|| Self {
            text,
            tokens: Tokens::new(text),
        })
    }

    /// The path whose first segment stands at a line and column, both from 1.
    pub fn path_at(&self, line: usize, column: usize) -> Option<Written> {
        let offset = self.offset(line, column)?;
        let offset = u32::try_from(offset).ok()?;
        let all = self.tokens.all();
        let starts: Vec<u32> = all.map(|at| self.tokens.token(at).start).collect();
        let mut at = starts.binary_search(&offset).ok()?;
        let mut segments = vec![self.segment(at)?];
        while self.tokens.kind(at + 1) == Kind::PathSep
            && let Some(next) = self.segment(at + 2)
        {
            segments.push(next);
            at += 2;
        }
        Some(Written { segments })
    }

    /// The imports of the file, in any module or body.
    pub fn imports(&self) -> Vec<Import> {
        let tokens = &self.tokens;
        let starts = tokens
            .all()
            .filter(|&at| tokens.is_word(at, Symbol::USE) && !tokens.is(at + 1, b'<'));
        starts.filter_map(|at| self.import(at)).collect()
    }

    /// Byte offset of a place.
    pub fn offset(&self, line: usize, column: usize) -> Option<usize> {
        let mut start = 0;
        for _ in 1..line {
            start += self.text.get(start..)?.find('\n')? + 1;
        }
        let line = self.text.get(start..)?;
        let (at, _) = line.char_indices().nth(column.checked_sub(1)?)?;
        Some(start + at)
    }

    /// Line and column of a byte offset.
    pub fn place(&self, offset: usize) -> (usize, usize) {
        self.tokens.line_column(offset)
    }

    fn segment(&self, at: usize) -> Option<Segment> {
        let symbol = self.tokens.symbol(at)?;
        Some(Segment {
            name: self.tokens.name(symbol).to_owned(),
            range: self.range(at),
        })
    }

    /// The bytes of a name or sign.
    fn range(&self, at: usize) -> Range<usize> {
        let start = self.tokens.token(at).start as usize;
        let rest = self.text.get(start..).unwrap_or_default();
        let raw = if rest.starts_with("r#") { 2 } else { 0 };
        let name = rest.get(raw..).unwrap_or_default();
        let length = name
            .find(|c: char| !c.is_alphanumeric() && c != '_')
            .unwrap_or(name.len());
        start..start + (raw + length).max(1)
    }

    fn import(&self, at: usize) -> Option<Import> {
        let tokens = &self.tokens;
        let mut end = at + 1;
        while !tokens.is(end, b';') {
            match tokens.kind(end) {
                Kind::End | Kind::Close(_) => return None,
                _ => end = tokens.after(end),
            }
        }
        let mut leaves = Vec::new();
        self.tree(at + 1..end, &mut Vec::new(), 0, &mut leaves)?;
        let visible = self.visibility(at);
        let first = self.attributes(visible);
        let start = |at| tokens.token(at).start as usize;
        Some(Import {
            range: start(first)..start(end) + 1,
            start: start(visible),
            tree: start(at) + "use".len(),
            grouped: (at..end).any(|at| tokens.kind(at) == Kind::Open(Bracket::Curly)),
            leaves,
        })
    }

    /// The token at which the visibility of what begins at `at` begins.
    fn visibility(&self, at: usize) -> usize {
        let tokens = &self.tokens;
        let Some(before) = at.checked_sub(1) else {
            return at;
        };
        if tokens.is_word(before, Symbol::PUB) {
            return before;
        }
        let token = tokens.token(before);
        if token.kind == Kind::Close(Bracket::Round)
            && let Some(word) = (token.data as usize).checked_sub(1)
            && tokens.is_word(word, Symbol::PUB)
        {
            return word;
        }
        at
    }

    /// The token at which the attributes before `at` begin.
    fn attributes(&self, mut at: usize) -> usize {
        let tokens = &self.tokens;
        while let Some(before) = at.checked_sub(1) {
            let token = tokens.token(before);
            let Some(sign) = (token.data as usize).checked_sub(1) else {
                break;
            };
            if token.kind != Kind::Close(Bracket::Square) || !tokens.is(sign, b'#') {
                break;
            }
            at = sign;
        }
        at
    }

    /// The leaves of a tree; none where it has something that is not understood.
    fn tree(
        &self,
        range: Range<usize>,
        prefix: &mut Vec<Segment>,
        depth: usize,
        out: &mut Vec<Leaf>,
    ) -> Option<()> {
        let tokens = &self.tokens;
        let mut own = Vec::new();
        let mut at = range.start;
        if tokens.kind(at) == Kind::PathSep {
            at += 1;
        }
        let first = at;
        while at < range.end {
            match tokens.kind(at) {
                Kind::Name if tokens.is_word(at, Symbol::AS) => break,
                Kind::Name => own.push(self.segment(at)?),
                Kind::Sign(b'*') => own.push(Segment {
                    name: "*".to_owned(),
                    range: self.range(at),
                }),
                Kind::Open(Bracket::Curly) if depth < DEPTH => {
                    let kept = prefix.len();
                    prefix.append(&mut own);
                    for part in commas(tokens, tokens.inside(at)) {
                        self.tree(part, prefix, depth + 1, out)?;
                    }
                    prefix.truncate(kept);
                    return (tokens.after(at) >= range.end).then_some(());
                }
                _ => return None,
            }
            at += 1;
            if tokens.kind(at) == Kind::PathSep && at < range.end {
                at += 1;
            } else {
                break;
            }
        }
        let mut end = own.last()?.range.end;
        let mut alias = None;
        if at < range.end {
            let name = tokens.is_word(at, Symbol::AS).then_some(at + 1)?;
            let name = self.segment(name)?;
            end = name.range.end;
            alias = Some(name);
        }
        out.push(Leaf {
            prefix: prefix.clone(),
            range: own.first()?.range.start..end,
            own,
            alias,
            place: tokens.place(first),
        });
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::Writing;

    fn leaves(text: &str) -> Vec<String> {
        let writing = Writing::new(text).unwrap();
        let imports = writing.imports();
        let all = imports.iter().flat_map(|import| &import.leaves);
        all.map(|leaf| {
            let path: Vec<&str> = leaf.segments().map(|s| &*s.name).collect();
            let alias = leaf.alias.as_ref().map(|alias| &*alias.name);
            let (line, column) = leaf.place;
            format!(
                "{} as {} at {line}:{column} {:?}",
                path.join("::"),
                alias.unwrap_or("-"),
                &text[leaf.range.clone()]
            )
        })
        .collect()
    }

    #[test]
    fn leaves_of_imports() {
        let text = "use ::a::b;\n#[cfg(x)]\npub(crate) use a::{self, c::{d as e, f::*}, r#g};\nfn f() { use h as _; }\n";
        assert_eq!(
            leaves(text),
            [
                "a::b as - at 1:7 \"a::b\"",
                "a as - at 3:20 \"self\"",
                "a::c::d as e at 3:30 \"d as e\"",
                "a::c::f::* as - at 3:38 \"f::*\"",
                "a::r#g as - at 3:45 \"r#g\"",
                "h as _ at 4:14 \"h as _\"",
            ]
            .map(|leaf| leaf.replace("a::r#g as", "a::g as"))
        );
        let writing = Writing::new(text).unwrap();
        let import = &writing.imports()[1];
        assert!(text[import.range.clone()].starts_with("#[cfg(x)]"));
        assert!(text[import.range.clone()].ends_with("};"));
        assert!(text[import.start..].starts_with("pub(crate) use"));
        assert!(text[import.tree..].starts_with(" a::{"));
        assert!(import.grouped);
    }

    #[test]
    fn what_is_no_import_is_left_out() {
        for text in [
            "use",
            "use ;",
            "use a::{b",
            "use a b;",
            "fn f() -> impl Sized + use<'a> {}",
            "use $crate::x;",
            "use {};",
        ] {
            assert_eq!(leaves(text), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn paths_in_code() {
        let text = "fn f() { /* é */ a::b :: c::<d::e>::new(); }\n";
        let writing = Writing::new(text).unwrap();
        let path = |column| {
            let written = writing.path_at(1, column)?;
            let names = written.segments.into_iter();
            Some(names.map(|s| (s.name, &text[s.range])).collect::<Vec<_>>())
        };
        let found = path(18).unwrap();
        assert_eq!(
            found,
            [("a", "a"), ("b", "b"), ("c", "c")].map(|(n, t)| (n.to_owned(), t))
        );
        assert_eq!(path(19), None);
        assert_eq!(path(100), None);
        assert_eq!(writing.path_at(3, 1), None);
        assert_eq!(writing.path_at(1, 0), None);
    }
}
