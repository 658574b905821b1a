//! Who owns a package, by what its metadata says. All of it is text of somebody else.

use super::model::Package;
use super::subject::Subject;
use super::text::Texts;

/// What the metadata of a package says of its owner.
pub fn package(subject: &Subject, texts: Option<&Texts>) -> Package {
    let word = |name| texts.and_then(|texts| texts.word(name));
    let repository = word("repository").as_deref().and_then(address);
    Package {
        name: subject.name.clone(),
        version: subject.version_text(),
        origin: subject.origin.clone(),
        own: subject.own,
        description: word("description").map(|text| one_line(&text)),
        authors: texts.map_or_else(Vec::new, |texts| texts.words("authors")),
        issues: repository.as_deref().and_then(issues),
        homepage: word("homepage").as_deref().and_then(address),
        repository,
    }
}

/// Lines and runs of spaces as one space.
fn one_line(text: &str) -> String {
    let words: Vec<&str> = text.split_ascii_whitespace().collect();
    words.join(" ")
}

/// An address that a reader may be sent to: http or https, in plain characters.
pub fn address(text: &str) -> Option<String> {
    let text = text.trim();
    let rest = ["https://", "http://"]
        .into_iter()
        .find_map(|scheme| text.strip_prefix(scheme))?;
    // What an address must encode could end a link, and somebody's name and password lead astray.
    let plain = |c: char| c.is_ascii_graphic() && !"<>\"'`{}|\\^[]()".contains(c);
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let whole = !host.is_empty() && !host.contains('@') && text.len() <= 300;
    (whole && rest.chars().all(plain)).then(|| text.to_owned())
}

/// Where a forge keeps the issues of a repository, by its address.
pub fn issues(repository: &str) -> Option<String> {
    let (scheme, rest) = repository.split_once("://")?;
    let rest = rest.split(['?', '#']).next()?;
    let mut parts = rest.split('/').filter(|part| !part.is_empty());
    let host = parts.next()?.to_ascii_lowercase();
    let parts: Vec<&str> = parts.collect();
    let of = |path: &[&str], tail: &str| {
        let path = path.join("/");
        let path = path.strip_suffix(".git").unwrap_or(&path);
        Some(format!("{scheme}://{host}/{path}{tail}"))
    };
    match (host.as_str(), parts.as_slice()) {
        ("github.com" | "www.github.com" | "codeberg.org" | "gitea.com", [owner, name, ..]) => {
            of(&[owner, name], "/issues")
        }
        ("bitbucket.org", [owner, name, ..]) => of(&[owner, name], "/issues"),
        ("git.sr.ht", [owner, name, ..]) => Some(format!("{scheme}://todo.sr.ht/{owner}/{name}")),
        // Groups may be nested; the tree of a repository stands behind `-`.
        (host, [_, _, ..]) if host == "gitlab.com" || host.starts_with("gitlab.") => {
            let end = parts.iter().position(|part| *part == "-");
            let path = &parts[..end.unwrap_or(parts.len())];
            (path.len() >= 2).then(|| of(path, "/-/issues")).flatten()
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_http_and_plain() {
        for text in [
            "https://example.com/a/b",
            "http://example.com",
            "https://example.com/a?b=c#d",
        ] {
            assert_eq!(address(text), Some(text.to_owned()));
        }
        for text in [
            "",
            "https://",
            "javascript:alert(1)",
            "file:///etc/passwd",
            "git@github.com:a/b.git",
            "https://a.b/c d",
            "https://a.b/](http://x)",
            "https://a.b/<script>",
            "https://a.b/\u{202e}c",
            "https://a.b/\u{1b}[2J",
            "https://a.b/c\nd",
            "https://known.example@a.b/",
            "https://a.b/`",
        ] {
            assert_eq!(address(text), None, "{text:?}");
        }
        assert_eq!(address(&format!("https://a.b/{}", "c".repeat(400))), None);
    }

    #[test]
    fn forges_keep_issues_where_they_do() {
        for (repository, expected) in [
            (
                "https://github.com/a/b",
                Some("https://github.com/a/b/issues"),
            ),
            (
                "https://github.com/a/b.git",
                Some("https://github.com/a/b/issues"),
            ),
            (
                "https://github.com/a/b/tree/main/c",
                Some("https://github.com/a/b/issues"),
            ),
            ("https://github.com/a", None),
            (
                "https://gitlab.com/a/b/c/-/tree/main",
                Some("https://gitlab.com/a/b/c/-/issues"),
            ),
            (
                "https://gitlab.example.org/a/b",
                Some("https://gitlab.example.org/a/b/-/issues"),
            ),
            (
                "https://codeberg.org/a/b/src/branch/main",
                Some("https://codeberg.org/a/b/issues"),
            ),
            ("https://git.sr.ht/~a/b", Some("https://todo.sr.ht/~a/b")),
            (
                "https://bitbucket.org/a/b/",
                Some("https://bitbucket.org/a/b/issues"),
            ),
            ("https://example.com/a/b", None),
            ("https://github.com.evil.example/a/b", None),
        ] {
            assert_eq!(issues(repository).as_deref(), expected, "{repository}");
        }
    }
}
