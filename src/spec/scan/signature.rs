//! Signatures as the data of public items spells them: parameters without names, types without paths.

/// A type in a signature, references and pointers left out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Spelled {
    /// The last segment of each bound, or the type's own.
    pub heads: Vec<SpelledHead>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpelledHead {
    pub name: String,
    pub arguments: Vec<Spelled>,
}

/// The forms of a function: several where several implementations define it.
pub fn forms(signature: &str) -> impl Iterator<Item = Form<'_>> {
    signature.split(" or ").map(Form::new)
}

/// `<generics>(parameters) -> output where …`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form<'s> {
    pub generics: &'s str,
    pub parameters: Vec<&'s str>,
    pub output: &'s str,
    pub wheres: &'s str,
}

impl<'s> Form<'s> {
    fn new(text: &'s str) -> Self {
        let text = text.trim();
        let (generics, rest) = match text.starts_with('<') {
            true => text.split_at(close(text, 0).map_or(text.len(), |close| close + 1)),
            false => ("", text),
        };
        let open = rest.find('(').unwrap_or(rest.len());
        let end = close(rest, open).unwrap_or(rest.len());
        let inside = rest.get(open + 1..end).unwrap_or_default();
        let tail = rest.get(end + 1..).unwrap_or_default().trim();
        let (output, wheres) = match find(tail, "where ") {
            Some(at) => (tail[..at].trim(), &tail[at + 6..]),
            None => (tail, ""),
        };
        Form {
            generics,
            parameters: split(inside, ','),
            output: output.strip_prefix("->").unwrap_or(output).trim(),
            wheres,
        }
    }

    /// Whether it has a receiver.
    pub fn is_method(&self) -> bool {
        let first = self.parameters.first().copied().unwrap_or_default();
        let bare = first.trim_start_matches('&').trim();
        let bare = match bare.strip_prefix('\'') {
            Some(rest) => rest.split_once(' ').map_or("", |(_, rest)| rest),
            None => bare,
        };
        let bare = bare.strip_prefix("mut ").unwrap_or(bare).trim();
        bare == "self" || bare.starts_with("self:")
    }

    /// Whether a trait that has it can stand behind `dyn`.
    pub fn is_dynamic(&self) -> bool {
        if self.wheres.contains("Self: Sized") {
            return true;
        }
        let inside = self.generics.trim_start_matches('<');
        let generic = split(inside.strip_suffix('>').unwrap_or(inside), ',')
            .iter()
            .any(|parameter| !parameter.starts_with('\''));
        let opaque = |text: &str| text.starts_with("impl ") || text.contains("&impl ");
        !generic
            && self.is_method()
            && !opaque(self.output)
            && !self.arguments().iter().any(|one| opaque(one))
    }

    /// The parameters behind the receiver.
    pub fn arguments(&self) -> &[&'s str] {
        match self.is_method() {
            true => &self.parameters[1..],
            false => &self.parameters,
        }
    }

    /// What it hands to a closure that it takes.
    pub fn hands(&self) -> Option<Spelled> {
        let texts = [self.wheres, self.generics];
        let all = texts.into_iter().chain(self.parameters.iter().copied());
        all.into_iter().find_map(|text| {
            let at = text
                .find("FnOnce(")
                .or_else(|| text.find("FnMut("))
                .or_else(|| text.find("Fn("))?;
            let open = at + text[at..].find('(')?;
            let end = close(text, open)?;
            let first = split(&text[open + 1..end], ',').into_iter().next()?;
            Some(Spelled::new(first))
        })
    }
}

impl Spelled {
    pub fn new(text: &str) -> Spelled {
        Self::within(text, 12)
    }

    fn within(text: &str, depth: usize) -> Spelled {
        let mut heads = Vec::new();
        if depth > 0 {
            for part in split(text, '+') {
                heads.extend(head(part, depth));
            }
        }
        Spelled { heads }
    }
}

fn head(text: &str, depth: usize) -> Vec<SpelledHead> {
    let mut text = text.trim();
    loop {
        let before = text;
        text = text.trim_start_matches(['&', '*', '?']).trim();
        if let Some(rest) = text.strip_prefix('\'') {
            text = rest.find(' ').map_or("", |at| &rest[at + 1..]);
        }
        for word in ["mut ", "dyn ", "impl ", "const "] {
            text = text.strip_prefix(word).unwrap_or(text).trim();
        }
        if text == before {
            break;
        }
    }
    if let Some(inside) = text
        .strip_prefix('(')
        .and_then(|rest| rest.strip_suffix(')'))
    {
        return match split(inside, ',').len() {
            1 => Spelled::within(inside, depth - 1).heads,
            _ => Vec::new(),
        };
    }
    if let Some(inside) = text
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
    {
        let element = inside.split(';').next().unwrap_or_default();
        return vec![SpelledHead {
            name: "[]".to_owned(),
            arguments: vec![Spelled::within(element, depth - 1)],
        }];
    }
    // `Self::Item`, `<T as Trait>::Item`.
    if text.is_empty() || text.starts_with('<') || text.contains('(') && !text.contains('<') {
        return Vec::new();
    }
    let open = text.find('<').unwrap_or(text.len());
    let path = &text[..open];
    if path.starts_with("Self::") {
        return Vec::new();
    }
    let inside = close(text, open)
        .map(|end| &text[open + 1..end])
        .unwrap_or_default();
    let arguments = split(inside, ',').into_iter();
    let arguments = arguments.filter(|argument| !argument.starts_with('\''));
    vec![SpelledHead {
        name: path.rsplit("::").next().unwrap_or(path).trim().to_owned(),
        arguments: arguments
            .map(|argument| {
                let value = find(argument, " = ").map_or(argument, |at| &argument[at + 3..]);
                Spelled::within(value, depth - 1)
            })
            .collect(),
    }]
}

/// The index of the bracket that closes the one at `open`.
fn close(text: &str, open: usize) -> Option<usize> {
    let mut depth = 0usize;
    let bytes = text.as_bytes();
    for (at, byte) in bytes.iter().enumerate().skip(open) {
        match byte {
            b'<' | b'(' | b'[' => depth += 1,
            b'>' if at > 0 && bytes[at - 1] == b'-' => {}
            b'>' | b')' | b']' => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(at);
                }
            }
            _ => {}
        }
    }
    None
}

/// Calls `found` with each index on the outermost level until it says that is it.
fn outermost(text: &str, mut found: impl FnMut(usize) -> bool) -> Option<usize> {
    let mut depth = 0usize;
    let bytes = text.as_bytes();
    for (at, byte) in bytes.iter().enumerate() {
        if depth == 0 && found(at) {
            return Some(at);
        }
        match byte {
            b'<' | b'(' | b'[' => depth += 1,
            b'>' if at > 0 && bytes[at - 1] == b'-' => {}
            b'>' | b')' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    None
}

fn find(text: &str, word: &str) -> Option<usize> {
    outermost(text, |at| {
        text.as_bytes()[at..].starts_with(word.as_bytes())
    })
}

/// The trimmed parts between signs on the outermost level.
pub fn split(text: &str, sign: char) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut start = 0;
    outermost(text, |at| {
        if text.as_bytes()[at] == sign as u8 {
            parts.push(text[start..at].trim());
            start = at + 1;
        }
        false
    });
    let last = text[start..].trim();
    if !last.is_empty() {
        parts.push(last);
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(spelled: &Spelled) -> Vec<&str> {
        spelled
            .heads
            .iter()
            .map(|head| head.name.as_str())
            .collect()
    }

    #[test]
    fn parts_of_a_function() {
        let text =
            "<T, F>(&'life0 mut self, T, F) -> Option<T> where F: FnOnce(Context) -> T, T: Into<X>";
        let form = Form::new(text);
        assert!(form.is_method());
        assert_eq!(form.arguments(), ["T", "F"]);
        assert_eq!(form.output, "Option<T>");
        assert_eq!(names(&form.hands().unwrap()), ["Context"]);
        let free = Form::new("(Duration, Vec<Box<dyn A + Send>>) -> Self");
        assert!(!free.is_method());
        assert_eq!(free.arguments().len(), 2);
        assert_eq!(Form::new("()").arguments().len(), 0);
    }

    #[test]
    fn several_forms() {
        let found: Vec<_> = forms("(self) -> A<f64> or (self) -> A<u64>").collect();
        assert_eq!(found.len(), 2);
        assert_eq!(found[1].output, "A<u64>");
    }

    #[test]
    fn types() {
        for (text, expected) in [
            ("&'a mut x::Y<Z>", vec!["Y"]),
            (
                "impl Iterator<Item = (&Key, &Value)> + Send",
                vec!["Iterator", "Send"],
            ),
            ("Box<dyn A>", vec!["Box"]),
            ("[u8; 4]", vec!["[]"]),
            ("(A, B)", vec![]),
            ("(A)", vec!["A"]),
            ("Self::Span", vec![]),
            ("", vec![]),
            ("<>>>", vec![]),
            ("A<", vec!["A"]),
        ] {
            assert_eq!(names(&Spelled::new(text)), expected, "{text}");
        }
        let output = Spelled::new("Pin<Box<(dyn Future<Output = Result<(), E>> + Send + 'a)>>");
        assert_eq!(output.heads[0].arguments[0].heads[0].name, "Box");
    }
}
