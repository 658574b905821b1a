//! Scripts of Dockerfiles.

use camino::Utf8Path;

use super::Script;
use super::stages::Stages;

/// Instructions that run something.
const RUNNING: &[&str] = &["RUN", "CMD", "ENTRYPOINT"];

/// What a Dockerfile runs, where it is built with a folder as its context.
pub fn scripts(text: &str, context: &Utf8Path) -> Vec<Script> {
    let escape = escape(text);
    let lines: Vec<&str> = text.lines().collect();
    let mut stages = Stages::new(context);
    let mut scripts = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        let start = at;
        let mut body = Vec::new();
        loop {
            let line = lines[at];
            let within = at > start;
            at += 1;
            // Neither comments nor empty lines end it.
            let text = line.trim_start();
            if text.starts_with('#') || text.is_empty() {
                body.push("\\".to_owned());
                // By itself it is none, however it ends.
                if within && at < lines.len() {
                    continue;
                }
                break;
            }
            match line.trim_end().strip_suffix(escape) {
                Some(line) if at < lines.len() => body.push(format!("{line}\\")),
                Some(_) | None => {
                    body.push(line.to_owned());
                    break;
                }
            }
        }
        let documents = documents(body.last().map_or("", String::as_str), &lines, &mut at);
        scripts.extend(instruction(&body, start + 1, documents, &mut stages));
    }
    scripts
}

/// The character at which a line goes on: `# escape=` at the beginning may change it.
fn escape(text: &str) -> char {
    let directives = text.lines().take_while(|line| line.starts_with('#'));
    for line in directives {
        let text: String = line[1..].split_whitespace().collect();
        if let Some(value) = text.to_ascii_lowercase().strip_prefix("escape=") {
            return value.chars().next().unwrap_or('\\');
        }
    }
    '\\'
}

/// The bodies of `<<END` behind an instruction, with the line at which the first begins.
fn documents(last: &str, lines: &[&str], at: &mut usize) -> Option<(usize, Vec<String>)> {
    let mut ends = Vec::new();
    for part in last.split("<<").skip(1) {
        let name = part.trim_start_matches('-');
        let name = name.split_whitespace().next().unwrap_or_default();
        let name = name.trim_matches(['\'', '"', ';']);
        if name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
            ends.push(name);
        }
    }
    if ends.is_empty() {
        return None;
    }
    let start = *at;
    let mut body = Vec::new();
    for end in ends {
        while *at < lines.len() {
            let line = lines[*at];
            *at += 1;
            if line.trim() == end {
                break;
            }
            body.push(line.to_owned());
        }
    }
    Some((start + 1, body))
}

fn instruction(
    body: &[String],
    line: usize,
    documents: Option<(usize, Vec<String>)>,
    stages: &mut Stages<'_>,
) -> Option<Script> {
    let text = body.join("\n");
    let trimmed = text.trim_start();
    let indent = text.len() - trimmed.len();
    let word = |text: &str| text.split_whitespace().next().map(str::to_ascii_uppercase);
    let mut rest = trimmed;
    if word(rest).as_deref() == Some("ONBUILD") {
        rest = rest["ONBUILD".len()..].trim_start();
    }
    let name = word(rest)?;
    let arguments = &rest[name.len()..];
    if !RUNNING.contains(&name.as_str()) {
        stages.take(&name, arguments);
        return None;
    }
    let before = &text[..indent + (trimmed.len() - rest.len()) + name.len()];
    let first = line + before.matches('\n').count();
    let script = |text: String, line: usize| {
        Some(Script {
            text,
            line,
            literal: true,
            folder: stages.folder(arguments),
            goes_on: false,
        })
    };
    // `RUN <<END`: the document is the script.
    if let Some((line, body)) = documents {
        let shell = arguments.trim_start();
        let shell = shell.trim_start_matches("--").trim_start();
        return match shell.starts_with("<<") || shell.contains(" <<") && !shell.contains("cat ") {
            true => script(body.join("\n"), line),
            false => script(arguments.to_owned(), first),
        };
    }
    match serde_json::from_str::<Vec<String>>(&arguments.replace("\\\n", "\n")) {
        Ok(words) => {
            let quoted = words.iter().map(|word| crate::workspace::run::quoted(word));
            // `["sh", "-c", "…"]`: what the shell is given.
            let shell = words.len() == 3 && words[1] == "-c";
            let text = match shell {
                true => words[2].clone(),
                false => quoted.collect::<Vec<_>>().join(" "),
            };
            script(text, first)
        }
        Err(_) => script(arguments.to_owned(), first),
    }
}

#[cfg(test)]
mod tests {
    use super::super::shell::commands;
    use super::*;

    /// Commands with the lines on which they stand.
    fn lines(text: &str) -> Vec<(usize, String)> {
        let mut found = Vec::new();
        for script in scripts(text, Utf8Path::new("")) {
            for command in commands(&script.text) {
                let words: Vec<&str> = command
                    .words
                    .iter()
                    .map(|word| word.text.as_str())
                    .collect();
                found.push((script.line + command.line, words.join(" ")));
            }
        }
        found
    }

    #[track_caller]
    fn are(text: &str, expected: &[(usize, &str)]) {
        let expected: Vec<(usize, String)> = expected
            .iter()
            .map(|(line, text)| (*line, (*text).to_owned()))
            .collect();
        assert_eq!(lines(text), expected);
    }

    #[test]
    fn instructions() {
        are(
            "FROM rust\nRUN cargo build\nCOPY . .\nrun a && b\n",
            &[(2, "cargo build"), (4, "a"), (4, "b")],
        );
        are(
            "RUN a \\\n  # a remark\n  --b \\\n\n && c\nRUN d",
            &[(1, "a --b"), (5, "c"), (6, "d")],
        );
        are(
            "CMD [\"cargo\", \"run\", \"--bin\", \"x y\"]\n",
            &[(1, "cargo run --bin x y")],
        );
        are(
            "ENTRYPOINT [\"sh\", \"-c\", \"a && b\"]\n",
            &[(1, "a"), (1, "b")],
        );
        are("ONBUILD RUN a\n", &[(1, "a")]);
        are("# escape=`\nRUN a `\n  b\n", &[(2, "a b")]);
        are("# RUN cargo build\n", &[]);
        are("# a remark \\\nRUN a\n", &[(2, "a")]);
        are("RUN a \\\n# a remark", &[(1, "a")]);
        are("RUN \\\n  a\n", &[(2, "a")]);
    }

    #[test]
    fn documents_are_scripts() {
        are(
            "RUN <<EOF\na\nb\nEOF\nRUN c\n",
            &[(2, "a"), (3, "b"), (5, "c")],
        );
        are(
            "RUN --mount=type=cache,target=/x <<'EOF'\na\nEOF\n",
            &[(2, "a")],
        );
        are("COPY <<EOF /x\nRUN a\nEOF\nRUN b\n", &[(4, "b")]);
        are("RUN cat <<EOF\ncargo build\nEOF\n", &[(1, "cat")]);
    }

    #[test]
    fn no_text_breaks_it() {
        for text in [
            "",
            "\\",
            "RUN",
            "RUN \\",
            "RUN <<",
            "RUN <<E",
            "#",
            "# escape=",
            "RUN [",
            "RUN \\\n#",
            "é",
        ] {
            let _ = lines(text);
        }
    }
}
