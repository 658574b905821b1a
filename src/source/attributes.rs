//! Attributes: where they stand, which condition they set, which file they name.

use std::ops::Range;

use super::cfg::Cfg;
use super::symbols::Symbol;
use super::tokens::{Bracket, Kind, Tokens};

/// Conditions nested deeper than this are not looked into.
const DEPTH: usize = 64;
/// Conditions with more parts than this are not looked into. Nobody writes such; without the limit a
/// made-up file could ask for work that grows with the square of its size.
const PARTS: usize = 64;

/// Branches whose conditions are known not to hold in the later ones.
const BRANCHES: usize = 16;

/// One attribute, or one of those inside `cfg_attr`.
#[derive(Debug, Clone)]
pub(super) struct Attribute {
    /// Its path: `cfg`, `tokio :: main`.
    pub(super) path: Range<usize>,
    /// What stands in its brackets or behind its `=`.
    pub(super) arguments: Range<usize>,
    /// The condition of the `cfg_attr` around it.
    pub(super) cfg: Cfg,
}

impl Attribute {
    pub(super) fn is(&self, tokens: &Tokens<'_>, name: &str) -> bool {
        self.path.len() == 1 && tokens.is_named(self.path.start, name)
    }

    /// The last name of its path.
    pub(super) fn last_name<'t>(&self, tokens: &Tokens<'t>) -> &'t str {
        let last = self
            .path
            .end
            .checked_sub(1)
            .and_then(|at| tokens.symbol(at));
        last.map(|symbol| tokens.name(symbol)).unwrap_or_default()
    }
}

/// Reads the outer attributes from `at`; returns them and the index behind them.
pub(super) fn outer(tokens: &Tokens<'_>, mut at: usize, end: usize) -> (Vec<Attribute>, usize) {
    let mut attributes = Vec::new();
    while at < end && tokens.is(at, b'#') && tokens.kind(at + 1) == Kind::Open(Bracket::Square) {
        read(
            tokens,
            tokens.inside(at + 1),
            &Cfg::Always,
            0,
            &mut attributes,
        );
        at = tokens.after(at + 1);
    }
    (attributes, at.min(end))
}

/// Reads the inner attributes (`#![…]`) from `at`; returns them and the index behind them.
pub(super) fn inner(tokens: &Tokens<'_>, mut at: usize, end: usize) -> (Vec<Attribute>, usize) {
    let mut attributes = Vec::new();
    while at < end
        && tokens.is(at, b'#')
        && tokens.is(at + 1, b'!')
        && tokens.kind(at + 2) == Kind::Open(Bracket::Square)
    {
        read(
            tokens,
            tokens.inside(at + 2),
            &Cfg::Always,
            0,
            &mut attributes,
        );
        at = tokens.after(at + 2);
    }
    (attributes, at.min(end))
}

/// Reads one attribute from what stands in its square brackets.
fn read(
    tokens: &Tokens<'_>,
    body: Range<usize>,
    cfg: &Cfg,
    depth: usize,
    out: &mut Vec<Attribute>,
) {
    if tokens.is_named(body.start, "unsafe") && matches!(tokens.kind(body.start + 1), Kind::Open(_))
    {
        let inside = tokens.inside(body.start + 1);
        if depth < DEPTH {
            read(tokens, inside, cfg, depth + 1, out);
        }
        return;
    }
    let mut at = body.start;
    while at < body.end && matches!(tokens.kind(at), Kind::Name | Kind::PathSep) {
        at += 1;
    }
    let path = body.start..at;
    let arguments = match tokens.kind(at) {
        Kind::Open(_) if at < body.end => tokens.inside(at),
        Kind::Sign(b'=') if at < body.end => at + 1..body.end,
        _ => at..at,
    };
    if path.len() == 1 && tokens.is_named(path.start, "cfg_attr") && depth < DEPTH {
        let mut parts = commas(tokens, arguments).into_iter();
        let condition = parts
            .next()
            .map_or(Cfg::Always, |part| predicate(tokens, part, 0));
        for part in parts {
            read(tokens, part, &cfg.and(&condition), depth + 1, out);
        }
        return;
    }
    out.push(Attribute {
        path,
        arguments,
        cfg: cfg.clone(),
    });
}

/// The condition that attributes set together. A test attribute sets [`Cfg::Test`].
pub(super) fn condition(tokens: &Tokens<'_>, attributes: &[Attribute]) -> Cfg {
    let mut cfg = Cfg::Always;
    for attribute in attributes.iter().take(PARTS) {
        if attribute.is(tokens, "cfg") {
            let own = predicate(tokens, attribute.arguments.clone(), 0);
            // Where the attribute itself is conditional, the code may exist without it.
            if attribute.cfg == Cfg::Always {
                cfg = cfg.and(&own);
            } else {
                cfg = cfg.and(&Cfg::Any(vec![attribute.cfg.clone().negated(), own]));
            }
        } else if is_test(attribute.last_name(tokens)) && attribute.cfg == Cfg::Always {
            cfg = cfg.and(&Cfg::Test);
        }
    }
    cfg
}

/// Attributes under which a function exists in tests only, by the last name of their path.
fn is_test(name: &str) -> bool {
    matches!(
        name,
        "test" | "bench" | "rstest" | "test_case" | "quickcheck" | "wasm_bindgen_test"
    )
}

/// Reads a condition: `all(unix, feature = "x")`.
pub(super) fn predicate(tokens: &Tokens<'_>, part: Range<usize>, depth: usize) -> Cfg {
    let Some(name) = tokens
        .symbol(part.start)
        .filter(|_| !part.is_empty())
        .map(|symbol| tokens.name(symbol))
    else {
        return Cfg::Other(String::new());
    };
    let second = part.start + 1;
    match tokens.kind(second) {
        Kind::Open(_) if second < part.end => {
            if depth >= DEPTH {
                return Cfg::Other(name.to_owned());
            }
            let parts = commas(tokens, tokens.inside(second));
            if parts.len() > PARTS {
                return Cfg::Other(name.to_owned());
            }
            let mut parts = parts
                .into_iter()
                .map(|part| predicate(tokens, part, depth + 1));
            match name {
                "all" => parts.fold(Cfg::Always, |all, part| all.and(&part)),
                "any" => any(parts.collect()),
                "not" => parts.next().unwrap_or_default().negated(),
                name => Cfg::Other(name.to_owned()),
            }
        }
        Kind::Sign(b'=') if second < part.end => {
            let value = tokens.string(second + 1).unwrap_or_default();
            match name {
                "feature" => Cfg::Feature(value.to_owned()),
                name => Cfg::Other(format!("{name} = {value:?}")),
            }
        }
        _ => Cfg::named(name),
    }
}

fn any(mut parts: Vec<Cfg>) -> Cfg {
    if parts.len() == 1 {
        parts.remove(0)
    } else {
        Cfg::Any(parts)
    }
}

/// The file named by `#[path = "…"]`, each with the condition of the `cfg_attr` around it.
pub(super) fn paths<'t>(tokens: &Tokens<'t>, attributes: &[Attribute]) -> Vec<(&'t str, Cfg)> {
    let named = attributes
        .iter()
        .filter(|attribute| attribute.is(tokens, "path"));
    named
        .filter_map(|attribute| {
            Some((
                tokens.string(attribute.arguments.start)?,
                attribute.cfg.clone(),
            ))
        })
        .collect()
}

/// Splits at the commas of the outermost level. A trailing comma makes no part.
pub(super) fn commas(tokens: &Tokens<'_>, range: Range<usize>) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let mut start = range.start;
    let mut at = range.start;
    while at < range.end {
        if tokens.is(at, b',') {
            parts.push(start..at);
            start = at + 1;
        }
        at = tokens.after(at);
    }
    if start < range.end {
        parts.push(start..range.end);
    }
    parts
}

/// The branches of `cfg_if! { if #[cfg(a)] { … } else { … } }` and `cfg_select! { a => { … } }`
/// from what stands in the macro's brackets: each branch's inside and its condition.
pub(super) fn branches(tokens: &Tokens<'_>, body: Range<usize>) -> Vec<(Range<usize>, Cfg)> {
    let mut branches = Vec::new();
    let mut before = Cfg::Always;
    let mut at = body.start;
    while at < body.end {
        let start = at;
        while at < body.end && tokens.kind(at) != Kind::Open(Bracket::Curly) {
            at = tokens.after(at);
        }
        if at >= body.end {
            break;
        }
        let own = branch_condition(tokens, start..at);
        branches.push((
            tokens.inside(at),
            own.as_ref().map_or(before.clone(), |own| before.and(own)),
        ));
        if let Some(own) = own
            && branches.len() < BRANCHES
        {
            before = before.and(&own.negated());
        }
        at = tokens.after(at);
    }
    branches
}

fn branch_condition(tokens: &Tokens<'_>, head: Range<usize>) -> Option<Cfg> {
    let attribute = head.clone().find(|at| tokens.is(*at, b'#'));
    if let Some(at) = attribute {
        let (attributes, _) = outer(tokens, at, head.end);
        return Some(condition(tokens, &attributes));
    }
    // `cfg_select!`: `feature = "x" => {`, `_ => {`.
    let arrow = head.clone().find(|at| tokens.kind(*at) == Kind::FatArrow)?;
    let first = if tokens.is(head.start, b',') {
        head.start + 1
    } else {
        head.start
    };
    (!tokens.is_word(first, Symbol::UNDERSCORE)).then(|| predicate(tokens, first..arrow, 0))
}
