//! Makes untrusted text inert.
/// Text for a terminal, line breaks kept.
pub fn terminal_lines(text: &str) -> String {
    text.chars()
        .map(|c| {
            if c.is_control() && c != '\n' {
                '\u{fffd}'
            } else {
                c
            }
        })
        .collect()
}
