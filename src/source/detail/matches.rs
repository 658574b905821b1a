//! `match` without an arm for whatever is left.

use std::sync::Arc;

use super::super::ahead::Arm;
use super::super::symbols::Symbol;
use super::super::tokens::Kind;
use super::Match;
use super::body::Look;

impl Look<'_, '_, '_> {
    pub(super) fn matches(&self) -> Vec<Match> {
        let all = self.notes.matches.iter();
        all.filter_map(|(body, scrutinee)| {
            if !self.spend(body.len()) {
                return None;
            }
            let arms = self.ahead.arms(body.clone());
            if arms.iter().any(|arm| self.takes_all(arm)) {
                return None;
            }
            let first = arms.iter().find_map(|arm| {
                let at = self.first(arm)?;
                (!self.meant(at).is_empty()).then_some(at)
            })?;
            let mut references = self.notes.references.iter();
            let (_, reference) = references.find(|(tokens, _)| tokens == &[first])?;
            Some(Match {
                meanings: self.meant(first),
                cfg: Arc::clone(&reference.cfg),
                place: self.place(scrutinee.start),
            })
        })
        .collect()
    }

    /// The token at which the pattern of an arm begins, past what may stand before a path.
    fn first(&self, arm: &Arm) -> Option<usize> {
        let tokens = self.tokens;
        arm.pattern
            .clone()
            .find(|at| !matches!(tokens.kind(*at), Kind::Sign(b'|' | b'&') | Kind::PathSep))
    }

    /// Whether an arm is for everything: `_` or a name, without a condition.
    fn takes_all(&self, arm: &Arm) -> bool {
        let tokens = self.tokens;
        let Some(first) = self.first(arm) else {
            return true;
        };
        let only = first + 1 == arm.pattern.end && !tokens.is_word(arm.pattern.end, Symbol::IF);
        let name = tokens.symbol(first).map(|symbol| tokens.name(symbol));
        only && name.is_some_and(|name| name.starts_with(|c: char| c.is_lowercase() || c == '_'))
    }
}
