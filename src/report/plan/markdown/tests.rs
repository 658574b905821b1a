use super::*;
use crate::report::plan::testing::{
    actions, empty, hostile, none, nowhere, options, proven, unproven,
};

#[test]
fn hostile_texts_start_no_markup() {
    let text = render(&hostile());
    let allowed = |c: char| c == '\n' || !c.is_control();
    assert!(text.chars().all(allowed), "{text:?}");
    assert!(!text.contains('\u{202e}'));
    // Outside fences, each row of a table has as many cells as its head, and nothing is markup but
    // what the renderer writes.
    let (mut columns, mut fence) = (0, None);
    for line in text.lines() {
        let ticks = line.chars().take_while(|c| *c == '`').count();
        match fence {
            Some(length) => {
                let ends = ticks >= length && line.len() == ticks;
                fence = Some(length).filter(|_| !ends);
                continue;
            }
            // The first line of a fence holds the language alone.
            None if ticks >= 3 && !line[ticks..].contains('`') => {
                fence = Some(ticks);
                continue;
            }
            None => {}
        }
        assert!(!without_code(line).contains(['<', '[', '`']), "{line}");
        if !line.starts_with('|') {
            columns = 0;
            continue;
        }
        let bars = line.replace("\\|", "").matches('|').count();
        assert!(columns == 0 || bars == columns, "{line}");
        columns = bars;
    }
    assert_eq!(fence, None);
}

/// The line without its code spans and escaped characters, as a reader of Markdown takes it apart.
fn without_code(line: &str) -> String {
    let mut out = String::new();
    let mut rest = line;
    while let Some(first) = rest.chars().next() {
        let ticks = rest.len() - rest.trim_start_matches('`').len();
        let behind = match first {
            '\\' => rest.char_indices().nth(2).map_or(rest.len(), |(at, _)| at),
            '`' => match closed(&rest[ticks..], ticks) {
                Some(end) => ticks + end,
                None => {
                    out.push_str(&rest[..ticks]);
                    ticks
                }
            },
            _ => {
                out.push(first);
                first.len_utf8()
            }
        };
        rest = &rest[behind..];
    }
    out
}

/// Where the text goes on behind the next run of exactly so many backticks.
fn closed(text: &str, ticks: usize) -> Option<usize> {
    let mut at = 0;
    while let Some(next) = text[at..].find('`') {
        let start = at + next;
        let run = text[start..].len() - text[start..].trim_start_matches('`').len();
        at = start + run;
        if run == ticks {
            return Some(at);
        }
    }
    None
}

proptest::proptest! {
    #[test]
    fn prose_holds_no_markup_of_its_own(text in "[`a|<\\[*_\\\\ \n]{0,30}") {
        let bare = without_code(&prose(&text));
        proptest::prop_assert!(!bare.contains(['<', '[', '`', '*', '_', '|']), "{}", bare);
    }
}

#[test]
fn renders() {
    insta::assert_snapshot!("proven", render(&proven()));
    insta::assert_snapshot!("unproven", render(&unproven()));
    insta::assert_snapshot!("none", render(&none()));
    insta::assert_snapshot!("empty", render(&empty()));
    insta::assert_snapshot!("nowhere", render(&nowhere()));
    insta::assert_snapshot!("options", render(&options()));
    insta::assert_snapshot!("actions", render(&actions()));
    insta::assert_snapshot!("hostile", render(&hostile()));
}
