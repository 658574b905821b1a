//! A part of a manifest with the lines around it.

use super::write::{Writer, lines};

/// Lines before and behind the part.
const AROUND: usize = 1;

/// Shows the lines of a span, given as start and length in bytes, with that span marked. Nothing where
/// it is not one of this text.
pub fn excerpt(text: &str, span: (usize, usize), w: &mut Writer) {
    let end = span.0.saturating_add(span.1);
    let whole = (text.get(..span.0), text.get(span.0..end), text.get(end..));
    let (Some(before), Some(_), Some(_)) = whole else {
        return;
    };
    let mut shown = Vec::new();
    let (mut start, first) = (0, before.matches('\n').count());
    let last = first
        + text[span.0..end]
            .trim_end_matches('\n')
            .matches('\n')
            .count();
    for (number, line) in text.split_inclusive('\n').enumerate() {
        if number + AROUND >= first && number <= last + AROUND {
            shown.push((number, start, line.trim_end_matches(['\n', '\r'])));
        }
        start += line.len();
    }
    w.within("pre", &[("class", "excerpt"), ("tabindex", "0")], |w| {
        for (number, start, line) in shown {
            let class = [("class", "number")];
            w.element("span", &class, &format!("{:>4} ", number + 1));
            // The part of the span on this line.
            let within = |at: usize| at.clamp(start, start + line.len()) - start;
            let (from, to) = (within(span.0), within(end));
            piece(&line[..from], w);
            if from < to {
                w.within("mark", &[], |w| piece(&line[from..to], w));
            }
            piece(&line[to..], w);
            w.trusted("\n");
        }
    });
}

fn piece(text: &str, w: &mut Writer) {
    lines(text).iter().for_each(|line| w.trusted(line));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, span: (usize, usize)) -> String {
        let mut w = Writer::default();
        excerpt(text, span, &mut w);
        let out = w.finish();
        out.replace("<span class=\"number\">", "")
            .replace("</span>", "")
            .replace("<pre class=\"excerpt\" tabindex=\"0\">", "")
            .replace("</pre>\n", "")
    }

    #[test]
    fn the_part_is_marked_among_its_neighbours() {
        let text = "[a]\nb = \"1\"\nc = 2\nd = 3\n";
        assert_eq!(
            shown(text, (8, 3)),
            "   1 [a]\n   2 b = <mark>&quot;1&quot;</mark>\n   3 c = 2\n"
        );
        assert_eq!(
            shown(text, (0, 3)),
            "   1 <mark>[a]</mark>\n   2 b = &quot;1&quot;\n"
        );
    }

    #[test]
    fn a_part_of_several_lines() {
        let text = "a\r\nb = [\r\n 1,\r\n]\r\nc";
        assert_eq!(
            shown(text, (7, 9)),
            "   1 a\n   2 b = <mark>[</mark>\n   3 <mark> 1,</mark>\n   4 <mark>]</mark>\n   5 c\n"
        );
    }

    #[test]
    fn what_is_no_part_is_not_shown() {
        assert_eq!(shown("é", (1, 1)), "");
        assert_eq!(shown("ab", (1, 5)), "");
        assert_eq!(shown("ab", (usize::MAX, 5)), "");
    }
}
