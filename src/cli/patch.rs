//! Reads `--patch NAME=SOURCE`.

use crate::plan::edit::{GitReference, PatchSource};

use super::output::CliError;

/// The packages that are to come from elsewhere.
///
/// # Errors
/// Where one is not written as it has to be.
pub fn patches(texts: &[String]) -> Result<Vec<(String, PatchSource)>, CliError> {
    texts.iter().map(|text| patch(text)).collect()
}

fn patch(text: &str) -> Result<(String, PatchSource), CliError> {
    let wrong = |message: String| CliError::Usage {
        message,
        help: "write it as NAME=PATH, or NAME=git+URL#branch=BRANCH".into(),
    };
    let (name, source) = text
        .split_once('=')
        .filter(|(name, source)| !name.is_empty() && !source.is_empty())
        .ok_or_else(|| wrong(format!("`{text}` names no package and source")))?;
    let Some(url) = source.strip_prefix("git+") else {
        return Ok((name.to_owned(), PatchSource::Path(source.into())));
    };
    let (url, reference) = match url.split_once('#') {
        None => (url, GitReference::Default),
        Some((url, part)) => {
            let reference = match part.split_once('=') {
                Some(("branch", name)) => GitReference::Branch(name.to_owned()),
                Some(("tag", name)) => GitReference::Tag(name.to_owned()),
                Some(("rev", name)) => GitReference::Rev(name.to_owned()),
                None => GitReference::Branch(part.to_owned()),
                Some((other, _)) => {
                    return Err(wrong(format!("`{other}` is no branch, tag or rev")));
                }
            };
            (url, reference)
        }
    };
    Ok((
        name.to_owned(),
        PatchSource::Git {
            url: url.to_owned(),
            reference,
        },
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_as_users_write_them() {
        let source = |text: &str| patch(text).unwrap().1;
        assert_eq!(source("a=../a"), PatchSource::Path("../a".into()));
        let git = |url: &str, reference| PatchSource::Git {
            url: url.into(),
            reference,
        };
        assert_eq!(
            source("a=git+https://x/y"),
            git("https://x/y", GitReference::Default)
        );
        for (text, reference) in [
            (
                "a=git+https://x/y#main",
                GitReference::Branch("main".into()),
            ),
            (
                "a=git+https://x/y#branch=b/c",
                GitReference::Branch("b/c".into()),
            ),
            ("a=git+https://x/y#tag=v1", GitReference::Tag("v1".into())),
            ("a=git+https://x/y#rev=abc", GitReference::Rev("abc".into())),
        ] {
            assert_eq!(source(text), git("https://x/y", reference));
        }
        for text in ["a", "=b", "a=", "a=git+https://x/y#commit=1"] {
            assert!(patch(text).is_err(), "{text}");
        }
    }
}
