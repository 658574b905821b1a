//! Splits shell code into the words of its simple commands, as far as that goes without running it.

/// A word of a command.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Word {
    /// Without its quotes; variables stand in it as they are written.
    pub text: String,
    /// Whether a variable or a command's output is part of it.
    pub open: bool,
}

/// A command without the operators around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Simple {
    pub words: Vec<Word>,
    /// Line of its first word, from 0.
    pub line: usize,
    /// The subshells it stands in, from the outermost, by numbers that no other one has.
    pub shells: Vec<usize>,
}

/// The commands of a script, in the order in which they are written.
pub fn commands(text: &str) -> Vec<Simple> {
    let mut reader = Reader {
        rest: text,
        line: 0,
        shells: Vec::new(),
        opened: 0,
        word: None,
        words: Vec::new(),
        start: 0,
        found: Vec::new(),
        heredocs: Vec::new(),
    };
    while reader.step() {}
    reader.end_command();
    reader.found
}

struct Reader<'t> {
    rest: &'t str,
    line: usize,
    shells: Vec<usize>,
    /// How many subshells there have been.
    opened: usize,
    word: Option<Word>,
    words: Vec<Word>,
    start: usize,
    found: Vec<Simple>,
    /// Ends of the documents that follow the line.
    heredocs: Vec<String>,
}

impl<'t> Reader<'t> {
    /// Reads on; whether there is more.
    fn step(&mut self) -> bool {
        let Some(first) = self.rest.chars().next() else {
            return false;
        };
        match first {
            '\\' => self.escaped(),
            '\'' => self.single_quoted(),
            '"' => self.double_quoted(),
            '`' => {
                let end = self.rest[1..].find('`');
                self.variable(end.map_or(self.rest.len(), |at| at + 2));
            }
            '$' => self.variable(variable(self.rest)),
            '{' if self.rest.starts_with("{{") => {
                self.variable(self.rest.find("}}").map_or(2, |at| at + 2));
            }
            '#' if self.word.is_none() => {
                let end = self.rest.find('\n').unwrap_or(self.rest.len());
                self.rest = &self.rest[end..];
            }
            '\n' => {
                self.end_command();
                self.skip(1);
                self.skip_documents();
            }
            '<' if self.rest.starts_with("<<") && !self.rest.starts_with("<<<") => self.heredoc(),
            '<' | '>' => {
                // `2>file`: the number is the redirection's.
                let digits = |word: &Word| word.text.bytes().all(|byte| byte.is_ascii_digit());
                self.word = self.word.take().filter(|word| !digits(word));
                self.end_word();
                self.skip(1);
                self.redirection();
            }
            '(' | ')' | ';' | '&' | '|' => self.operator(first),
            ' ' | '\t' | '\r' => {
                self.end_word();
                self.skip(1);
            }
            other => {
                self.push(other);
                self.skip(other.len_utf8());
            }
        }
        true
    }

    fn skip(&mut self, bytes: usize) -> &'t str {
        let (taken, rest) = self.rest.split_at(bytes.min(self.rest.len()));
        self.line += taken.matches('\n').count();
        self.rest = rest;
        taken
    }

    fn word(&mut self) -> &mut Word {
        if self.word.is_none() && self.words.is_empty() {
            self.start = self.line;
        }
        self.word.get_or_insert_default()
    }

    fn push(&mut self, character: char) {
        self.word().text.push(character);
    }

    fn end_word(&mut self) {
        self.words.extend(self.word.take());
    }

    fn end_command(&mut self) {
        self.end_word();
        if !self.words.is_empty() {
            self.found.push(Simple {
                words: std::mem::take(&mut self.words),
                line: self.start,
                shells: self.shells.clone(),
            });
        }
    }

    fn operator(&mut self, operator: char) {
        self.end_command();
        match operator {
            '(' => {
                self.opened += 1;
                self.shells.push(self.opened);
            }
            ')' => {
                self.shells.pop();
            }
            _ => {}
        }
        self.skip(1);
    }

    fn escaped(&mut self) {
        self.skip(1);
        if self.rest.starts_with("\r\n") {
            self.skip(2);
            return;
        }
        if let Some(next) = self.rest.chars().next() {
            // A line that goes on in the next one.
            if next != '\n' {
                self.push(next);
            }
            self.skip(next.len_utf8());
        }
    }

    fn single_quoted(&mut self) {
        let inner = &self.rest[1..];
        let end = inner.find('\'').unwrap_or(inner.len());
        self.word().text.push_str(&inner[..end]);
        self.skip(end + 2);
    }

    fn double_quoted(&mut self) {
        self.word();
        self.skip(1);
        while let Some(next) = self.rest.chars().next() {
            match next {
                '"' => {
                    self.skip(1);
                    return;
                }
                '$' => self.variable(variable(self.rest)),
                '{' if self.rest.starts_with("{{") => {
                    self.variable(self.rest.find("}}").map_or(2, |at| at + 2));
                }
                '\\' => self.escaped(),
                other => {
                    self.push(other);
                    self.skip(other.len_utf8());
                }
            }
        }
    }

    /// Takes so many bytes as something that only a run would tell.
    fn variable(&mut self, bytes: usize) {
        // A dollar that begins no name is one.
        let open = bytes > 1;
        let text = self.skip(bytes);
        let word = self.word();
        word.text.push_str(text);
        word.open |= open;
    }

    /// Leaves out a redirection's operators and its file.
    fn redirection(&mut self) {
        let operators = self.rest.len() - self.rest.trim_start_matches(['>', '<', '&']).len();
        self.skip(operators);
        let blank = self.rest.len() - self.rest.trim_start_matches([' ', '\t']).len();
        self.skip(blank);
        let before = self.words.len();
        while let Some(next) = self.rest.chars().next() {
            if next.is_whitespace() || ";&|()<>".contains(next) {
                break;
            }
            self.step();
        }
        self.end_word();
        self.words.truncate(before);
    }

    /// `<<END`: its lines are no commands.
    fn heredoc(&mut self) {
        self.end_word();
        self.skip(2);
        let mut name = self.rest.trim_start_matches(['-', ' ', '\t']);
        let start = self.rest.len() - name.len();
        let end = name.find(|c: char| c.is_whitespace() || ";&|()<>".contains(c));
        name = &name[..end.unwrap_or(name.len())];
        self.skip(start + name.len());
        let name = name.trim_matches(['\'', '"', '\\']);
        if !name.is_empty() {
            self.heredocs.push(name.to_owned());
        }
    }

    fn skip_documents(&mut self) {
        for end in std::mem::take(&mut self.heredocs) {
            while !self.rest.is_empty() {
                let length = self.rest.find('\n').map_or(self.rest.len(), |at| at + 1);
                if self.skip(length).trim() == end {
                    break;
                }
            }
        }
    }
}

/// The length of what a dollar begins: `$NAME`, `${…}`, `$(…)`, `$[[…]]`, `${{…}}`.
fn variable(text: &str) -> usize {
    let inner = &text[1..];
    let until = |end: &str| text.find(end).map_or(text.len(), |at| at + end.len());
    if inner.starts_with("{{") {
        return until("}}");
    }
    if inner.starts_with("[[") {
        return until("]]");
    }
    match inner.chars().next() {
        Some('{') => balanced(text, '{', '}'),
        Some('(') => balanced(text, '(', ')'),
        Some(first) if first.is_ascii_alphabetic() || first == '_' => {
            let name = |c: char| c.is_ascii_alphanumeric() || c == '_';
            1 + inner.find(|c| !name(c)).unwrap_or(inner.len())
        }
        // `$1`, `$@`, `$$`.
        Some(first) if first.is_ascii_digit() || "@*#?$!-".contains(first) => 2,
        _ => 1,
    }
}

fn balanced(text: &str, open: char, close: char) -> usize {
    let mut depth = 0usize;
    for (at, character) in text.char_indices() {
        if character == open {
            depth += 1;
        } else if character == close {
            depth = depth.saturating_sub(1);
            if depth == 0 {
                return at + 1;
            }
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<(usize, Vec<String>)> {
        let shown = |word: &Word| match word.open {
            true => format!("<{}>", word.text),
            false => word.text.clone(),
        };
        let found = commands(text).into_iter();
        found
            .map(|one| (one.line, one.words.iter().map(shown).collect()))
            .collect()
    }

    #[track_caller]
    fn are(text: &str, expected: &[(usize, &[&str])]) {
        let expected: Vec<(usize, Vec<String>)> = expected
            .iter()
            .map(|(line, words)| (*line, words.iter().map(|w| (*w).to_owned()).collect()))
            .collect();
        assert_eq!(words(text), expected, "{text}");
    }

    #[test]
    fn words_of_commands() {
        are("cargo build -p a", &[(0, &["cargo", "build", "-p", "a"])]);
        are(
            "a && b; c | d",
            &[(0, &["a"]), (0, &["b"]), (0, &["c"]), (0, &["d"])],
        );
        are(
            "a \\\n  --x 'y z' \\\n  \"q r\"\nb",
            &[(0, &["a", "--x", "y z", "q r"]), (3, &["b"])],
        );
        are("# cargo build\nx # y\n", &[(1, &["x"])]);
        are("a > out.txt 2>&1 b", &[(0, &["a", "b"])]);
        are("a#b", &[(0, &["a#b"])]);
        are("x=1\r\ny", &[(0, &["x=1"]), (1, &["y"])]);
    }

    #[test]
    fn what_only_a_run_tells() {
        are(
            "a $X ${Y:-z} $(c d) `e f` $1 $ 5$",
            &[(
                0,
                &[
                    "a",
                    "<$X>",
                    "<${Y:-z}>",
                    "<$(c d)>",
                    "<`e f`>",
                    "<$1>",
                    "$",
                    "5$",
                ],
            )],
        );
        are("a '$X' \"$X y\"", &[(0, &["a", "$X", "<$X y>"])]);
        are(
            "a ${{ matrix.t }} {{b}} $[[ inputs.c ]]",
            &[(
                0,
                &["a", "<${{ matrix.t }}>", "<{{b}}>", "<$[[ inputs.c ]]>"],
            )],
        );
        are("$(CARGO) build", &[(0, &["<$(CARGO)>", "build"])]);
    }

    #[test]
    fn subshells_and_documents() {
        let found = commands("(cd a && b); (c; (d)); e");
        let shells: Vec<&[usize]> = found.iter().map(|one| one.shells.as_slice()).collect();
        assert_eq!(shells, [&[1][..], &[1], &[2], &[2, 3], &[]]);
        are(
            "cat <<EOF >x\ncargo build\nEOF\nb",
            &[(0, &["cat"]), (3, &["b"])],
        );
        are(
            "cat <<-'E'\ncargo build\n\tE\nb",
            &[(0, &["cat"]), (3, &["b"])],
        );
    }

    #[test]
    fn no_text_breaks_it() {
        for text in [
            "'", "\"", "\\", "$", "${", "$(", "`", "<<", "<", "{{", "${{", "\"{{", "é`", "$[[",
            "<<é",
        ] {
            let _ = commands(text);
            let _ = commands(&format!("a {text}"));
            let _ = commands(&format!("{text} é"));
        }
    }
}
