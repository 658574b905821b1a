//! Conditions on features: `a`, `a&b`, `a|b`, `a&(b|c)`.

/// Whether a condition holds where `is_on` tells which features are on. What cannot be read holds: it
/// is no reason to take an item for absent.
pub(super) fn holds(condition: &str, is_on: &dyn Fn(&str) -> bool) -> bool {
    let mut reader = Reader {
        rest: condition,
        is_on,
    };
    let holds = reader.any();
    if reader.rest.is_empty() {
        holds.unwrap_or(true)
    } else {
        true
    }
}

struct Reader<'a> {
    rest: &'a str,
    is_on: &'a dyn Fn(&str) -> bool,
}

impl Reader<'_> {
    fn any(&mut self) -> Option<bool> {
        let mut holds = self.all()?;
        while let Some(rest) = self.rest.strip_prefix('|') {
            self.rest = rest;
            holds |= self.all()?;
        }
        Some(holds)
    }

    fn all(&mut self) -> Option<bool> {
        let mut holds = self.one()?;
        while let Some(rest) = self.rest.strip_prefix('&') {
            self.rest = rest;
            holds &= self.one()?;
        }
        Some(holds)
    }

    fn one(&mut self) -> Option<bool> {
        if let Some(rest) = self.rest.strip_prefix('(') {
            self.rest = rest;
            let holds = self.any()?;
            self.rest = self.rest.strip_prefix(')')?;
            return Some(holds);
        }
        let end = self
            .rest
            .find(['&', '|', '(', ')'])
            .unwrap_or(self.rest.len());
        let (name, rest) = self.rest.split_at(end);
        self.rest = rest;
        (!name.is_empty()).then(|| (self.is_on)(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions() {
        for (condition, on, expected) in [
            ("a", "a", true),
            ("a", "b", false),
            ("a&b", "a", false),
            ("a&b", "a b", true),
            ("a|b", "b", true),
            ("a|b", "c", false),
            ("a|b&c", "b", false),
            ("a|b&c", "a", true),
            ("a&(b|c)", "a", false),
            ("a&(b|c)", "a c", true),
            ("(a|b)&c", "a", false),
            ("", "", true),
            ("a&", "", true),
            ("(a", "", true),
            ("a)b", "", true),
        ] {
            let is_on = |name: &str| on.split(' ').any(|one| one == name);
            assert_eq!(holds(condition, &is_on), expected, "{condition} with {on}");
        }
    }
}
