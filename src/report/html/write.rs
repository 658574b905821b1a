//! Writes a page whose markup is all from this program: names of elements and attributes are fixed
//! texts, and whatever else there is goes through [`text`] or [`attribute`].

use crate::report::escape::markup;

/// Attributes of an element.
pub type Attributes<'a> = &'a [(&'static str, &'a str)];

/// Elements that have no end.
const VOID: [&str; 4] = ["meta", "input", "hr", "br"];

/// What is written so far.
#[derive(Debug, Default)]
pub struct Writer {
    out: String,
    open: Vec<&'static str>,
}

impl Writer {
    /// An element with what `inside` writes into it.
    pub fn within(
        &mut self,
        name: &'static str,
        attributes: Attributes<'_>,
        inside: impl FnOnce(&mut Self),
    ) {
        self.start(name, attributes);
        let depth = self.open.len();
        self.open.push(name);
        inside(self);
        debug_assert_eq!(self.open.len(), depth + 1);
        self.open.pop();
        self.out.push_str(&format!("</{name}>"));
        if is_block(name) {
            self.out.push('\n');
        }
    }

    /// An element with a text in it.
    pub fn element(&mut self, name: &'static str, attributes: Attributes<'_>, inside: &str) {
        self.within(name, attributes, |w| w.text(inside));
    }

    /// An element without an end.
    pub fn void(&mut self, name: &'static str, attributes: Attributes<'_>) {
        debug_assert!(VOID.contains(&name));
        self.start(name, attributes);
        self.out.push('\n');
    }

    pub fn text(&mut self, shown: &str) {
        self.out.push_str(&text(shown));
    }

    /// A sentence. What stands between a pair of backticks becomes code.
    pub fn prose(&mut self, sentence: &str) {
        let sentence = sentence.trim();
        let parts: Vec<&str> = sentence.split('`').collect();
        if parts.len().is_multiple_of(2) {
            return self.text(sentence);
        }
        for (at, part) in parts.iter().enumerate() {
            match at % 2 {
                0 => self.text(part),
                _ => self.code(part),
            }
        }
    }

    pub fn code(&mut self, shown: &str) {
        self.element("code", &[], shown);
    }

    pub fn paragraph(&mut self, sentence: &str) {
        if !sentence.is_empty() {
            self.within("p", &[], |w| w.prose(sentence));
        }
    }

    /// A list of sentences; nothing where there are none.
    pub fn list<'a>(&mut self, sentences: impl IntoIterator<Item = &'a str>) {
        let mut sentences = sentences.into_iter().peekable();
        if sentences.peek().is_some() {
            self.within("ul", &[], |w| {
                sentences.for_each(|one| w.within("li", &[], |w| w.prose(one)));
            });
        }
    }

    /// Markup that is part of this program, or of one of its own renderers.
    pub fn trusted(&mut self, markup: &str) {
        self.out.push_str(markup);
    }

    /// The whole.
    pub fn finish(self) -> String {
        debug_assert!(self.open.is_empty(), "{:?}", self.open);
        self.out
    }

    fn start(&mut self, name: &'static str, attributes: Attributes<'_>) {
        self.out.push('<');
        self.out.push_str(name);
        for (key, value) in attributes {
            self.out
                .push_str(&format!(" {key}=\"{}\"", attribute(value)));
        }
        self.out.push('>');
    }
}

/// Elements behind which a new line changes nothing that is seen.
fn is_block(name: &str) -> bool {
    !matches!(
        name,
        "code" | "a" | "span" | "mark" | "strong" | "b" | "button" | "option" | "del" | "ins"
    )
}

/// Text between tags, on one line. What is hidden or would reorder its neighbours becomes visible.
pub fn text(shown: &str) -> String {
    markup(shown)
}

/// The value of an attribute, to stand between double quotes.
pub fn attribute(value: &str) -> String {
    markup(value)
}

/// Text of several lines, in which tabs stay.
pub fn lines(shown: &str) -> Vec<String> {
    let line = |line: &str| {
        let parts: Vec<String> = line.split('\t').map(text).collect();
        parts.join("\t")
    };
    shown.lines().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::escape::terminal;

    /// What a browser makes of escaped text.
    fn read(escaped: &str) -> String {
        let pairs = [
            ("&lt;", "<"),
            ("&gt;", ">"),
            ("&quot;", "\""),
            ("&#39;", "'"),
            ("&amp;", "&"),
        ];
        let mut text = escaped.to_owned();
        for (from, to) in pairs {
            text = text.replace(from, to);
        }
        text
    }

    proptest::proptest! {
        #[test]
        fn nothing_is_markup(hostile in "[a-z<>&\"'`=/!\\- \u{202e}\u{1b}\n\t;#x0-9]{0,60}") {
            for shown in [text(&hostile), attribute(&hostile)] {
                let loose = shown.contains(['<', '>', '"', '\'', '\n', '\u{202e}', '\u{1b}']);
                proptest::prop_assert!(!loose, "{}", shown);
                proptest::prop_assert_eq!(read(&shown), terminal(&hostile).into_owned());
            }
            let mut writer = Writer::default();
            writer.within("p", &[("title", &hostile)], |w| w.prose(&hostile));
            let out = writer.finish();
            let inner = out.replace("<code>", "").replace("</code>", "");
            // The paragraph's own.
            proptest::prop_assert_eq!(inner.matches('<').count(), 2, "{}", inner);
            proptest::prop_assert_eq!(inner.matches('"').count(), 2, "{}", inner);
        }

        #[test]
        fn any_text_comes_back(given: String) {
            proptest::prop_assert_eq!(read(&text(&given)), terminal(&given).into_owned());
        }
    }

    #[test]
    fn elements_nest() {
        let mut writer = Writer::default();
        writer.within("p", &[("class", "a\"b")], |w| {
            w.text("1 < 2");
            w.code("x");
        });
        assert_eq!(
            writer.finish(),
            "<p class=\"a&quot;b\">1 &lt; 2<code>x</code></p>\n"
        );
    }

    #[test]
    fn lines_keep_tabs() {
        assert_eq!(lines("a\tb\n<c>\r\n"), ["a\tb", "&lt;c&gt;"]);
        assert_eq!(lines("a\u{7}"), ["a\\u{7}"]);
    }
}
