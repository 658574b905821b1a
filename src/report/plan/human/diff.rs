//! A diff for a terminal.

use crate::report::escape::terminal;
use crate::report::human::{Options, Paint};

/// A unified diff with its lines coloured by their first character. Tabs stay, so that what is copied
/// still applies; everything else that is no plain text becomes visible.
pub fn diff(text: &str, options: &Options) -> String {
    let paint = Paint::new(options);
    let mut out = String::new();
    for line in text.lines() {
        let shown = escaped(line);
        out.push_str(&match line.as_bytes() {
            [b'+', b'+', b'+', ..] | [b'-', b'-', b'-', ..] => paint.bold(&shown),
            [b'+', ..] => paint.green(&shown),
            [b'-', ..] => paint.red(&shown),
            [b'@', b'@', ..] => paint.dim(&shown),
            _ => shown,
        });
        out.push('\n');
    }
    out
}

fn escaped(line: &str) -> String {
    let parts: Vec<_> = line.split('\t').map(terminal).collect();
    parts.join("\t")
}
