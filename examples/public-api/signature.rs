//! Paths and signatures from the tokens of the `public-api` crate.
//!
//! In signatures types go by their last name: where they are defined moves more often than what they
//! are, and whether a path moves is told of the type itself.

use public_api::tokens::Token;

/// The path of an item, crate first, and what comes after it.
pub fn split<'t, 'a>(tokens: &'t [&'a Token]) -> (String, &'t [&'a Token]) {
    let head = |token: &&&Token| {
        matches!(
            token,
            Token::Annotation(_) | Token::Qualifier(_) | Token::Kind(_) | Token::Whitespace
        )
    };
    let start = tokens.iter().take_while(head).count();
    let mut path = String::new();
    let mut at = start;
    while let Some(token) = tokens.get(at) {
        let part = matches!(
            token,
            Token::Identifier(_) | Token::Type(_) | Token::Function(_)
        );
        let separator = matches!(token, Token::Symbol(symbol) if symbol == "::");
        if !part && !separator {
            break;
        }
        path.push_str(token.text());
        at += 1;
    }
    (path, &tokens[at..])
}

/// A signature as kept: from what comes after the path.
pub fn text(tokens: &[&Token]) -> String {
    let mut text = String::new();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let is_separator =
            |at: usize| matches!(tokens.get(at), Some(Token::Symbol(symbol)) if symbol == "::");
        let is_name =
            |at: usize| matches!(tokens.get(at), Some(Token::Identifier(_) | Token::Type(_)));
        if matches!(token, Token::Identifier(_) | Token::Type(_))
            && is_separator(at + 1)
            && is_name(at + 2)
        {
            at += 2;
            continue;
        }
        text.push_str(token.text());
        at += 1;
    }
    let text = text
        .replace("<'_>", "")
        .replace("'_, ", "")
        .replace("'_ ", "");
    asynchronous(text.trim())
}

/// The type of a field or constant, up to a value.
pub fn type_of(tokens: &[&Token]) -> String {
    let text = without_value(tokens);
    text.strip_prefix(": ").unwrap_or(&text).to_owned()
}

/// The same up to a value.
pub fn without_value(tokens: &[&Token]) -> String {
    let text = text(tokens);
    match text.split_once('=') {
        Some((before, _)) => before.trim_end().to_owned(),
        None => text,
    }
}

/// The signature of a function or constant of an `impl`, whose path may hold generics.
pub fn of_member(tokens: &[&Token]) -> String {
    let is_function = |token: &&Token| matches!(token, Token::Function(_));
    if let Some(name) = tokens.iter().position(is_function) {
        let kept = |token: &&&Token| matches!(token, Token::Qualifier(word) if word != "pub" && word != "const");
        let mut text = String::new();
        for qualifier in tokens[..name].iter().filter(kept) {
            text.push_str(qualifier.text());
            text.push(' ');
        }
        return text + &self::text(&tokens[name + 1..]);
    }
    let is_colon = |token: &&Token| matches!(token, Token::Symbol(symbol) if symbol == ":");
    let colon = tokens.iter().position(is_colon);
    colon.map_or_else(String::new, |at| type_of(&tokens[at..]))
}

/// The trait of an `impl Trait for Type`.
pub fn trait_of_impl(tokens: &[&Token]) -> String {
    let is = |token: &&Token, word: &str| token.text() == word;
    let start = tokens
        .iter()
        .position(|token| is(token, "impl"))
        .map_or(0, |at| at + 1);
    // The generics of the `impl` itself.
    let generics = tokens[start..]
        .iter()
        .take_while(|token| !is(token, " "))
        .count();
    let generic = tokens.get(start).is_some_and(|token| is(token, "<"));
    let start = if generic {
        after_brackets(tokens, start)
    } else {
        start + generics
    };
    let end = tokens[start..].iter().position(|token| is(token, "for"));
    text(&tokens[start..end.map_or(tokens.len(), |end| start + end)])
}

/// Where the angle brackets that open at `start` have closed.
fn after_brackets(tokens: &[&Token], start: usize) -> usize {
    let mut depth = 0;
    for (at, token) in tokens.iter().enumerate().skip(start) {
        match token.text() {
            "<" => depth += 1,
            ">" => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at + 1;
        }
    }
    tokens.len()
}

/// What `#[async_trait]` makes of a function, as it was written.
fn asynchronous(text: &str) -> String {
    const MARK: &str = "'async_trait";
    if !text.contains(MARK) {
        return text.to_owned();
    }
    let (head, bounds) = text.split_once(" where ").unwrap_or((text, ""));
    let kept: Vec<&str> = bounds
        .split(", ")
        .filter(|bound| !bound.ends_with(MARK))
        .collect();
    let bounds = kept.join(", ");
    let generics = head.find('(').unwrap_or(0);
    let (generics, rest) = head.split_at(generics);
    let generics: Vec<&str> = generics
        .trim_matches(['<', '>'])
        .split(", ")
        .filter(|one| !one.starts_with("'life") && *one != MARK && !one.is_empty())
        .collect();
    let mut rest = rest
        .replace(" + Send + 'async_trait)>>", "")
        .replace(" + 'async_trait)>>", "");
    rest = rest.replace("Pin<Box<(dyn Future<Output = ", "");
    rest = rest.strip_suffix('>').unwrap_or(&rest).to_owned();
    for number in 0..9 {
        rest = rest.replace(&format!("<'life{number}>"), "");
        rest = rest.replace(&format!("'life{number} "), "");
    }
    let mut out = String::from("#[async_trait] ");
    if !generics.is_empty() {
        out.push_str(&format!("<{}>", generics.join(", ")));
    }
    out.push_str(&rest);
    if !bounds.is_empty() {
        out.push_str(" where ");
        out.push_str(&bounds);
    }
    out
}
