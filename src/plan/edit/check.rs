//! What may be written into a manifest. Names and versions come from a registry, and reasons from
//! texts about crates: what has odd characters is refused, not quoted.

use semver::VersionReq;

use super::{EditError, PatchSource};

/// The length from which on no name is believed.
const LONGEST: usize = 128;

fn refuse(what: &'static str, text: &str, why: impl Into<String>) -> EditError {
    EditError::Refused {
        what,
        text: text.to_owned(),
        why: why.into(),
    }
}

/// A version requirement, as cargo reads it.
pub fn requirement(text: &str) -> Result<(), EditError> {
    let what = "a version requirement";
    if text.len() > LONGEST {
        return Err(refuse(what, text, "it is too long"));
    }
    match VersionReq::parse(text) {
        Ok(_) => Ok(()),
        Err(error) => Err(refuse(what, text, error.to_string())),
    }
}

/// The name of a package, or the key of a dependency.
pub fn name(text: &str) -> Result<(), EditError> {
    let what = "the name of a package";
    let letters = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if text.is_empty() || text.len() > LONGEST {
        return Err(refuse(what, text, "it is empty or too long"));
    }
    if !text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
        return Err(refuse(what, text, "it does not begin with a letter"));
    }
    match text.chars().find(|&c| !letters(c)) {
        Some(c) => Err(refuse(what, text, format!("it contains {c:?}"))),
        None => Ok(()),
    }
}

/// The name of a feature, without `dep:` or a slash.
pub fn feature(text: &str) -> Result<(), EditError> {
    let what = "the name of a feature";
    if text.is_empty() || text.len() > LONGEST {
        return Err(refuse(what, text, "it is empty or too long"));
    }
    if !text.starts_with(|c: char| c.is_alphanumeric() || c == '_') {
        return Err(refuse(
            what,
            text,
            "it does not begin with a letter or digit",
        ));
    }
    let letters = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '+' | '.');
    match text.chars().find(|&c| !letters(c)) {
        Some(c) => Err(refuse(what, text, format!("it contains {c:?}"))),
        None => Ok(()),
    }
}

/// The condition of a `[target.…]` table.
pub fn platform(text: &str) -> Result<(), EditError> {
    visible("a platform", text, true)
}

/// A reason: some lines of text.
pub fn reason(text: &str) -> Result<(), EditError> {
    let mut lines = text.lines().filter(|line| !line.is_empty());
    lines.try_for_each(|line| visible("a comment", line, true))
}

/// Everything that `[patch]` is to hold.
pub fn patch(registry: &str, package: &str, source: &PatchSource) -> Result<(), EditError> {
    visible("a registry", registry, false)?;
    name(package)?;
    match source {
        PatchSource::Git { url, reference } => {
            visible("the URL of a repository", url, false)?;
            match reference.value() {
                Some((_, value)) => visible("a branch, tag or revision", value, false),
                None => Ok(()),
            }
        }
        PatchSource::Path(path) => visible("a path", path.as_str(), true),
    }
}

/// Text without hidden characters, and without spaces where it is to have none.
fn visible(what: &'static str, text: &str, spaces: bool) -> Result<(), EditError> {
    if text.is_empty() {
        return Err(refuse(what, text, "it is empty"));
    }
    match text
        .chars()
        .find(|&c| is_hidden(c) || (!spaces && (c.is_whitespace() || c == '"')))
    {
        Some(c) => Err(refuse(what, text, format!("it contains {c:?}"))),
        None => Ok(()),
    }
}

/// Control characters, and what reorders or hides the text around it.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}
