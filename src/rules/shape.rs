//! What texts in rule files may look like.

/// What a text in a rule file may look like.
#[derive(Clone, Copy)]
pub(crate) enum Shape {
    /// Prose: one line, not empty.
    Line,
    /// A package name, as cargo allows it.
    Package,
    /// A feature name, or the start or end of one, as cargo allows it.
    Feature,
    /// Segments of a path, separated by `::`.
    Path,
    /// A method name.
    Method,
    /// Segments of a path, with `::*` at the end for everything below.
    Item,
    /// A stable name in small letters, digits and hyphens.
    Id,
    /// Lines of code.
    Code,
}

impl Shape {
    /// In words, for whom wrote something else.
    pub fn expected(self) -> &'static str {
        match self {
            Shape::Line => "one line of text",
            Shape::Package => "a package name",
            Shape::Feature => "a feature name",
            Shape::Path => "names separated by `::`",
            Shape::Method => "a method name",
            Shape::Item => "names separated by `::`, with `::*` at the end for everything below",
            Shape::Id => "words of small letters and digits, joined by hyphens",
            Shape::Code => "lines of code",
        }
    }

    /// Whether a text is of this shape.
    pub fn fits(self, text: &str) -> bool {
        let made_of = |allowed: fn(char) -> bool| !text.is_empty() && text.chars().all(allowed);
        match self {
            Shape::Line => !text.trim().is_empty() && !text.contains(char::is_control),
            Shape::Package => made_of(|c| c.is_alphanumeric() || "-_".contains(c)),
            Shape::Feature => made_of(|c| c.is_alphanumeric() || "-_+.".contains(c)),
            Shape::Path => text.split("::").all(is_identifier),
            Shape::Method => is_identifier(text),
            Shape::Item => {
                let path = text.strip_suffix("::*").unwrap_or(text);
                path.contains("::") && Shape::Path.fits(path)
                    || path != text && Shape::Path.fits(path)
            }
            Shape::Id => text.split('-').all(is_word),
            Shape::Code => {
                let unseen = |c: char| c.is_control() && c != '\n';
                !text.trim().is_empty() && !text.contains(unseen)
            }
        }
    }
}

fn is_identifier(text: &str) -> bool {
    !text.starts_with(|c: char| c.is_ascii_digit())
        && !text.is_empty()
        && text.chars().all(|c| c.is_alphanumeric() || c == '_')
}

fn is_word(text: &str) -> bool {
    !text.is_empty()
        && text
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
}
