//! A specification by a template: the shipped ones, or one of the user's.
//!
//! The context is a specification as in the JSON, with the tool and the family beside it. Whatever a
//! template prints is escaped, unless a filter of this file has made Markdown of it.

use std::borrow::Cow;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value};
use minijinja::{AutoEscape, Environment, Error, ErrorKind, Output, State, UndefinedBehavior};
use serde::Serialize;

use crate::report::Tool;
use crate::report::escape::markdown_code;
use crate::report::plan::markdown::text::{fenced, prose};
use crate::spec::model::Affected;
use crate::spec::{Spec, SpecReport};

use super::affected::{foremost, has_several, linked};
use super::words;

/// The name of the escaping.
const MARKDOWN: AutoEscape = AutoEscape::Custom(Cow::Borrowed("markdown"));

/// A template that was read, with its name for messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    pub name: String,
    pub text: String,
}

/// What is wrong with a template.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {message}")]
pub struct TemplateError {
    pub file: String,
    /// From 1.
    pub line: usize,
    pub message: String,
}

impl Template {
    /// Everything.
    pub fn full() -> Self {
        Self {
            name: "full.md".into(),
            text: include_str!("templates/full.md").into(),
        }
    }

    /// One page.
    pub fn quick() -> Self {
        Self {
            name: "quick.md".into(),
            text: include_str!("templates/quick.md").into(),
        }
    }
}

#[derive(Serialize)]
struct Context<'a> {
    schema_version: u32,
    tool: &'a Tool,
    family: &'a str,
    #[serde(flatten)]
    spec: &'a Spec,
}

/// One specification, with a newline at the end.
///
/// # Errors
/// Where the template is broken, or asks for what there is not.
pub fn render(
    report: &SpecReport,
    spec: &Spec,
    template: &Template,
) -> Result<String, TemplateError> {
    let environment = environment();
    let context = Context {
        schema_version: report.schema_version,
        tool: &report.tool,
        family: &report.family,
        spec,
    };
    let written = environment
        .template_from_named_str(&template.name, &template.text)
        .and_then(|parsed| parsed.render(Value::from(Serde(&context))));
    let written = written.map_err(|error| told(&error, template))?;
    Ok(format!("{}\n", written.trim_end()))
}

/// The innermost error with a place.
fn told(error: &Error, template: &Template) -> TemplateError {
    let mut line = error.line().unwrap_or(1);
    let mut message = words_of(error);
    let mut source = std::error::Error::source(error);
    while let Some(inner) = source {
        if let Some(inner) = inner.downcast_ref::<Error>() {
            line = inner.line().unwrap_or(line);
            message = format!("{message}: {}", words_of(inner));
        } else {
            message = format!("{message}: {inner}");
        }
        source = inner.source();
    }
    TemplateError {
        file: template.name.clone(),
        line,
        message,
    }
}

fn words_of(error: &Error) -> String {
    match error.detail() {
        Some(detail) => format!("{}: {detail}", error.kind()),
        None => error.kind().to_string(),
    }
}

fn environment() -> Environment<'static> {
    let mut environment = Environment::new();
    if let Ok(syntax) = SyntaxConfig::builder()
        .trim_blocks(true)
        .lstrip_blocks(true)
        .build()
    {
        environment.set_syntax(syntax);
    }
    // A name that is not there is a mistake of the template, and not an empty text.
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| MARKDOWN);
    environment.set_formatter(write);
    filters(&mut environment);
    environment
}

/// Escapes what is no Markdown yet.
fn write(out: &mut Output<'_>, state: &mut State<'_, '_>, value: &Value) -> Result<(), Error> {
    if value.is_undefined() {
        let message = "there is no such value";
        return Err(Error::new(ErrorKind::UndefinedError, message));
    }
    let text = match value.is_none() {
        true => String::new(),
        false => value.to_string(),
    };
    let written = match state.auto_escape() {
        AutoEscape::None => out.write_str(&text),
        _ if value.is_safe() => out.write_str(&text),
        _ => out.write_str(&prose(&text)),
    };
    written.map_err(|_| Error::from(ErrorKind::WriteFailure))
}

fn markdown(text: String) -> Value {
    Value::from_safe_string(text)
}

fn filters(environment: &mut Environment<'static>) {
    let escape = |text: Value| match text.is_safe() {
        true => text,
        false => markdown(prose(&text.to_string())),
    };
    environment.add_filter("escape", escape);
    environment.add_filter("e", escape);
    environment.add_filter("code", |text: String| markdown(markdown_code(&text)));
    environment.add_filter(
        "codes",
        |texts: Serde<Vec<String>>, between: Option<String>| {
            let texts: Vec<String> = texts.iter().map(|text| markdown_code(text)).collect();
            let between = between.map_or_else(|| ", ".to_owned(), |between| prose_inside(&between));
            markdown(texts.join(&between))
        },
    );
    environment.add_filter("fence", |text: String, language: Option<String>| {
        let language = language.unwrap_or_default();
        let plain = language.chars().all(|c| c.is_ascii_alphanumeric());
        let mut out = String::new();
        fenced(if plain { &language } else { "" }, &text, &mut out);
        markdown(out.trim_end().to_owned())
    });
    environment.add_filter("link", |text: String| markdown(link(&text)));
    environment.add_filter("count", |number: usize, what: String| {
        prose(&crate::report::plain::counted(number, &what))
    });
    environment.add_filter("linked", |all: Serde<Vec<Affected>>| {
        Value::from(Serde(linked(&all)))
    });
    environment.add_filter("foremost", |all: Serde<Vec<Affected>>| {
        Value::from(Serde(foremost(&all).0))
    });
    environment.add_filter("unshown", |all: Serde<Vec<Affected>>| foremost(&all).1);
    environment.add_filter("several", |all: Serde<Vec<Affected>>| has_several(&all));
    words::filters(environment);
}

/// As prose, with the spaces around it.
fn prose_inside(text: &str) -> String {
    let inner = text.trim();
    match inner.is_empty() {
        true => text.to_owned(),
        false => text.replace(inner, &prose(inner)),
    }
}

/// An address as a link, where it is one that a reader may follow.
fn link(text: &str) -> String {
    match crate::spec::address(text) {
        Some(address) => format!("<{address}>"),
        None => markdown_code(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::spec::testing::{bare, full, hostile, unknown};

    fn rendered(report: &SpecReport, template: &Template) -> String {
        render(report, &report.specs[0], template).unwrap()
    }

    fn tried(text: &str) -> Result<String, TemplateError> {
        let template = Template {
            name: "mine.md".into(),
            text: text.into(),
        };
        let report = full();
        render(&report, &report.specs[0], &template)
    }

    #[test]
    fn full_renders() {
        insta::assert_snapshot!("full", rendered(&full(), &Template::full()));
    }

    #[test]
    fn quick_renders() {
        insta::assert_snapshot!("quick", rendered(&full(), &Template::quick()));
    }

    #[test]
    fn bare_renders() {
        insta::assert_snapshot!("bare", rendered(&bare(), &Template::full()));
        insta::assert_snapshot!("bare_quick", rendered(&bare(), &Template::quick()));
    }

    #[test]
    fn unknown_renders() {
        insta::assert_snapshot!("unknown", rendered(&unknown(), &Template::full()));
        insta::assert_snapshot!("unknown_quick", rendered(&unknown(), &Template::quick()));
    }

    #[test]
    fn targets_stand_together() {
        let mut report = full();
        let first = report.specs[0].affected[0].clone();
        let other = crate::spec::model::Affected {
            target: "other`|target".into(),
            ..first.clone()
        };
        report.specs[0].affected = vec![first.clone(), other];
        let text = rendered(&report, &Template::full());
        let rows = text.lines().filter(|line| line.contains(&first.artifact));
        let rows: Vec<&str> = rows.filter(|line| line.starts_with('|')).collect();
        assert_eq!(rows.len(), 1, "{rows:?}");
        assert!(rows[0].contains(&first.target) && rows[0].contains("target"));
        assert!(text.contains("| builds | targets |"), "{text}");
    }

    /// What of a line is neither escaped nor in a code span.
    fn outside(line: &str) -> String {
        let mut out = String::new();
        let mut rest = line;
        while let Some(c) = rest.chars().next() {
            if c == '\\' {
                rest = rest.get(2..).unwrap_or_default();
                continue;
            }
            let ticks = rest.len() - rest.trim_start_matches('`').len();
            let fence = &rest[..ticks];
            let inside = &rest[ticks..];
            let end = (ticks > 0).then(|| {
                inside.match_indices(fence).map(|(at, _)| at).find(|at| {
                    !inside[..*at].ends_with('`') && !inside[at + ticks..].starts_with('`')
                })
            });
            match end.flatten() {
                Some(end) => rest = &inside[end + ticks..],
                None => {
                    out.push(c);
                    rest = &rest[c.len_utf8()..];
                }
            }
        }
        out
    }

    #[test]
    fn hostile_renders() {
        for template in [Template::full(), Template::quick()] {
            let text = rendered(&hostile(), &template);
            let hidden = |c: char| c.is_control() && c != '\n' || c == '\u{202e}';
            assert!(!text.contains(hidden), "{text}");
            // Outside of fences and code spans nothing of it is markup.
            let mut fence: Option<&str> = None;
            for line in text.lines() {
                let ticks = line.split(|c| c != '`').next().unwrap_or_default();
                match fence {
                    Some(open) if line == open => fence = None,
                    Some(_) => continue,
                    None if ticks.len() >= 3 => fence = Some(ticks),
                    None if line.starts_with('#') => {}
                    None => {
                        let text = outside(line);
                        assert!(!text.contains(['<', '[', '#']), "{line}");
                    }
                }
            }
            assert_eq!(fence, None, "a fence is left open:\n{text}");
        }
        insta::assert_snapshot!("hostile", rendered(&hostile(), &Template::full()));
    }

    #[test]
    fn what_is_printed_is_escaped() {
        assert_eq!(
            tried("{{ package.description }}").unwrap(),
            "Talks to \\*servers\\*\n"
        );
        assert_eq!(tried("{{ '<b>' ~ to }}").unwrap(), "\\<b\\>0.4\n");
        assert_eq!(tried("{{ '*'|e }}{{ '*'|safe }}").unwrap(), "\\**\n");
        assert_eq!(
            tried("{{ 'javascript:alert(1)'|link }} {{ 'https://a.b'|link }}").unwrap(),
            "`javascript:alert(1)` <https://a.b>\n"
        );
        assert_eq!(
            tried("{{ package.authors|join(', ') }}").unwrap(),
            "A \\<a@b.c\\>, B\n"
        );
        assert_eq!(tried("{{ 'x'|fence('a`b') }}").unwrap(), "\n```\nx\n```\n");
        assert_eq!(tried("{{ why.outlook is none }}").unwrap(), "False\n");
    }

    #[test]
    fn mistakes_have_their_place() {
        for (text, line, words) in [
            ("a\n{{ nothing }}", 2, "undefined value"),
            ("a\nb\n{{ package.nothing.more }}", 3, "undefined value"),
            ("{% if to %}", 1, "syntax error"),
            ("\n\n{{ to|nothing }}", 3, "unknown filter"),
            ("\n{{ to|summary }}", 2, "cannot deserialize"),
            ("{{ to|fence('x', 'y') }}", 1, "too many arguments"),
        ] {
            let error = tried(text).unwrap_err();
            assert_eq!(error.file, "mine.md");
            assert_eq!(error.line, line, "{text}: {error}");
            assert!(error.to_string().contains(words), "{text}: {error}");
        }
    }
}
