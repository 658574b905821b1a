//! Takes Markdown apart as its readers do.

/// The line without its code spans and escaped characters, as a reader of Markdown takes it apart.
pub fn without_code(line: &str) -> String {
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

/// The lines outside of fences. Fails where a fence does not end.
pub fn outside_fences(text: &str) -> Vec<&str> {
    let mut lines = Vec::new();
    let mut fence = None;
    for line in text.lines() {
        let ticks = line.chars().take_while(|c| *c == '`').count();
        match fence {
            Some(length) => {
                let ends = ticks >= length && line.len() == ticks;
                fence = Some(length).filter(|_| !ends);
            }
            // The first line of a fence holds the language alone.
            None if ticks >= 3 && !line[ticks..].contains('`') => fence = Some(ticks),
            None => lines.push(line),
        }
    }
    assert_eq!(fence, None);
    lines
}
