//! Scripts of Makefiles and justfiles.

use super::{Folder, Script};

/// The recipes of a Makefile. Each line runs in a shell of its own.
pub fn makefile(text: &str) -> Vec<Script> {
    each_line(text, |line| line.strip_prefix('\t'))
}

/// The recipes of a justfile. Each line runs in a shell of its own, unless the first one names a program
/// for all of them.
pub fn justfile(text: &str) -> Vec<Script> {
    let mut scripts = Vec::new();
    let lines: Vec<&str> = text.lines().collect();
    let indented = |line: &str| line.starts_with([' ', '\t']);
    let mut at = 0;
    while at < lines.len() {
        if !indented(lines[at]) {
            at += 1;
            continue;
        }
        let start = at;
        while at < lines.len() && (indented(lines[at]) || lines[at].trim().is_empty()) {
            at += 1;
        }
        let recipe = &lines[start..at];
        if recipe[0].trim_start().starts_with("#!") {
            scripts.push(script(recipe.join("\n"), start + 1));
        } else {
            let body = each_line(&recipe.join("\n"), |line| Some(line.trim_start()));
            scripts.extend(body.into_iter().map(|one| Script {
                line: one.line + start,
                ..one
            }));
        }
    }
    scripts
}

fn script(text: String, line: usize) -> Script {
    Script {
        text,
        line,
        literal: true,
        folder: Folder::start(),
        goes_on: false,
    }
}

/// Lines that belong to recipes, those that go on in the next one put together.
fn each_line(text: &str, recipe: impl Fn(&str) -> Option<&str>) -> Vec<Script> {
    let mut scripts: Vec<Script> = Vec::new();
    let mut goes_on = false;
    for (number, line) in text.lines().enumerate() {
        let more = line.trim_end().ends_with('\\');
        match (goes_on, scripts.last_mut(), recipe(line)) {
            (true, Some(last), _) => {
                last.text.push('\n');
                last.text.push_str(line.trim_end());
                goes_on = more;
            }
            (_, _, Some(own)) => {
                scripts.push(script(
                    own.trim_start_matches(['@', '-', '+'])
                        .trim_end()
                        .to_owned(),
                    number + 1,
                ));
                goes_on = more;
            }
            (_, _, None) => goes_on = false,
        }
    }
    scripts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(scripts: &[Script]) -> Vec<(usize, &str)> {
        scripts
            .iter()
            .map(|one| (one.line, one.text.as_str()))
            .collect()
    }

    #[test]
    fn recipes_of_a_makefile() {
        let text = "CARGO = cargo\nall: x\n\t@a \\\n\t  b\n\t-c\nCFLAGS = \\\n\tno\nnext:\n\td\n";
        let found = makefile(text);
        assert_eq!(texts(&found[..2]), [(3, "a \\\n\t  b"), (5, "c")]);
        assert_eq!(texts(&found).last(), Some(&(9, "d")));
    }

    #[test]
    fn recipes_of_a_justfile() {
        let text =
            "x := 'y'\nbuild t:\n    @a {{t}}\n    b\n\nscript:\n    #!/bin/sh\n    cd x\n    c\n";
        let expected = "    #!/bin/sh\n    cd x\n    c";
        assert_eq!(
            texts(&justfile(text)),
            [(3, "a {{t}}"), (4, "b"), (7, expected)]
        );
    }
}
