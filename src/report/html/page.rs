//! The frame of a page: its head, its policy against everything from elsewhere, its parts.

use sha2::{Digest, Sha256};

use super::write::Writer;

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// A part of a page, with the place to which the list of contents leads.
pub struct Part {
    pub id: String,
    pub title: String,
    pub body: Writer,
}

impl Part {
    pub fn new(id: &str, title: &str, write: impl FnOnce(&mut Writer)) -> Self {
        let mut body = Writer::default();
        write(&mut body);
        Self {
            id: id.to_owned(),
            title: title.to_owned(),
            body,
        }
    }
}

/// What stands above the parts.
pub struct Head<'a> {
    /// Of the window.
    pub title: String,
    pub write: &'a dyn Fn(&mut Writer),
    /// Name and version of the program.
    pub tool: String,
}

/// Puts a page together.
pub fn page(head: &Head<'_>, parts: Vec<Part>) -> String {
    let mut w = Writer::default();
    w.trusted("<!DOCTYPE html>\n");
    w.within("html", &[("lang", "en")], |w| {
        w.within("head", &[], |w| meta(head, w));
        w.within("body", &[], |w| {
            w.element(
                "a",
                &[("class", "skip"), ("href", "#content")],
                "Skip to the content",
            );
            w.within("header", &[], |w| {
                (head.write)(w);
                contents(&parts, w);
            });
            w.within("main", &[("id", "content"), ("tabindex", "-1")], |w| {
                for part in parts {
                    section(part, w);
                }
            });
            w.within("footer", &[], |w| {
                w.element("p", &[], &format!("Written by {}.", head.tool));
            });
            w.within("script", &[], |w| w.trusted(SCRIPT));
        });
    });
    w.finish()
}

fn meta(head: &Head<'_>, w: &mut Writer) {
    w.void("meta", &[("charset", "utf-8")]);
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'; base-uri 'none'; \
         form-action 'none'",
        digest(STYLE),
        digest(SCRIPT)
    );
    let policy = [
        ("http-equiv", "Content-Security-Policy"),
        ("content", &policy),
    ];
    w.void("meta", &policy);
    let view = "width=device-width, initial-scale=1";
    w.void("meta", &[("name", "viewport"), ("content", view)]);
    w.void(
        "meta",
        &[("name", "color-scheme"), ("content", "light dark")],
    );
    w.void("meta", &[("name", "referrer"), ("content", "no-referrer")]);
    w.element("title", &[], &head.title);
    w.within("style", &[], |w| w.trusted(STYLE));
}

fn contents(parts: &[Part], w: &mut Writer) {
    if parts.len() < 2 {
        return;
    }
    w.within("nav", &[("aria-label", "Contents")], |w| {
        w.within("ul", &[], |w| {
            for part in parts {
                let target = format!("#{}", part.id);
                w.within("li", &[], |w| {
                    w.element("a", &[("href", &target)], &part.title);
                });
            }
        });
    });
}

fn section(part: Part, w: &mut Writer) {
    let title = format!("{}-title", part.id);
    let attributes = [
        ("id", part.id.as_str()),
        ("aria-labelledby", title.as_str()),
    ];
    w.within("section", &attributes, |w| {
        w.element("h2", &[("id", &title)], &part.title);
        w.trusted(&part.body.finish());
    });
}

/// The digest of a text as browsers compare it.
fn digest(text: &str) -> String {
    base64(&Sha256::digest(text.as_bytes()))
}

pub(crate) fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let part = |at: usize| u32::from(chunk.get(at).copied().unwrap_or(0));
        let bits = part(0) << 16 | part(1) << 8 | part(2);
        for place in 0..4 {
            if place <= chunk.len() {
                let digit = bits >> (18 - 6 * place) & 63;
                out.push(char::from(DIGITS[digit as usize]));
            } else {
                out.push('=');
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits() {
        assert_eq!(base64(b""), "");
        assert_eq!(base64(b"f"), "Zg==");
        assert_eq!(base64(b"fo"), "Zm8=");
        assert_eq!(base64(b"foobar"), "Zm9vYmFy");
        assert_eq!(base64(&[0xff, 0xef, 0xbe]), "/+++");
    }

    /// A browser takes the text between the tags, and compares the digest of exactly that.
    #[test]
    fn style_and_script_end_where_they_should() {
        for text in [STYLE, SCRIPT] {
            assert!(!text.contains("</") && !text.contains("<!--"));
            assert!(!text.contains(['\r', '\0']));
        }
        // Nothing is fetched, whatever the policy says.
        for word in [
            "http",
            "url(",
            "@import",
            "fetch",
            "eval",
            "innerHTML",
            "src",
        ] {
            assert!(!STYLE.contains(word), "{word}");
            assert!(!SCRIPT.contains(word), "{word}");
        }
    }
}
