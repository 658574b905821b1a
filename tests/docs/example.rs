//! Command lines in the documentation, run for what they print.

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};
use otel_check::skew::findings::lint;

use super::page::{Block, Page, root};
use crate::support::cargo::{fetch, refusal};
use crate::support::sandbox::{Sandbox, copy};
use crate::support::tool::{Run, run};

/// How a reader calls the program: installed, or from a checkout.
const CALLS: [&str; 2] = ["cargo otel-check", "cargo run --release --"];

/// Stands for any number of lines in what is printed.
const ELISION: &str = "...";

/// Under which path the sandbox stands in what is shown.
const SHOWN_ROOT: &str = "/src";

/// A command line, where it is run, and what is shown of its output.
pub struct Example {
    arguments: Vec<String>,
    /// Relative to the repository.
    folder: Utf8PathBuf,
    exit: i32,
    /// Empty where nothing is shown.
    shown: String,
    excerpt: Option<Excerpt>,
}

/// Which part of the output a page shows, the rest being left out.
enum Excerpt {
    /// Everything before this line.
    Until(String),
    /// What is said of this finding code.
    Part(String),
}

/// What came of an example.
pub enum Outcome {
    Right,
    Wrong(String),
    /// The output as it is; what the page shows differs from it.
    Differs(String),
    Skipped(String),
}

impl Example {
    /// Reads a `console` block.
    ///
    /// # Errors
    /// Where it is none that can be run.
    pub fn parse(block: &Block) -> Result<Self, String> {
        let (command, shown) = block.text.split_once('\n').unwrap_or((&block.text, ""));
        let command = command
            .strip_prefix("$ ")
            .ok_or("a console block begins with `$ COMMAND`")?;
        let arguments = CALLS
            .iter()
            .find_map(|call| command.strip_prefix(call))
            .ok_or_else(|| format!("`{command}` calls another program; use `sh` for those"))?;
        if shown.lines().any(|line| line.starts_with("$ ")) {
            return Err("one command a console block".into());
        }
        let folder = block
            .comment("run in")
            .ok_or("no comment `<!-- run in: FOLDER -->` above it")?;
        let exit = block.comment("exit").unwrap_or("0");
        Ok(Self {
            arguments: arguments.split_whitespace().map(str::to_owned).collect(),
            folder: folder.into(),
            exit: exit.parse().map_err(|_| format!("no exit code: {exit}"))?,
            shown: shown.to_owned(),
            excerpt: match (block.comment("until"), block.comment("part")) {
                (Some(line), None) => Some(Excerpt::Until(line.to_owned())),
                (None, Some(code)) => Some(Excerpt::Part(code.to_owned())),
                (None, None) => None,
                (Some(_), Some(_)) => return Err("either `until` or `part`".into()),
            },
        })
    }

    /// Runs it in a copy of its folder.
    pub fn check(&self) -> Outcome {
        let sandbox = match self.sandbox() {
            Ok(sandbox) => sandbox,
            Err(reason) => return Outcome::Skipped(reason),
        };
        let arguments: Vec<&str> = self.arguments.iter().map(String::as_str).collect();
        let run = run(&sandbox, &arguments);
        if run.code != self.exit {
            return Outcome::Wrong(format!(
                "exit code {}, not {}\n{}{}",
                run.code, self.exit, run.stdout, run.stderr
            ));
        }
        let printed = printed(&run, sandbox.root());
        let (right, printed) = match &self.excerpt {
            None => (
                self.shown.is_empty() || fits(&self.shown, &printed),
                printed,
            ),
            Some(excerpt) => match excerpt.of(&printed) {
                Some(part) => (part == self.shown, part),
                None => return Outcome::Wrong(format!("no such part in\n{printed}")),
            },
        };
        match right {
            true => Outcome::Right,
            false => Outcome::Differs(printed),
        }
    }

    /// Whether what it is to show follows from what is printed, so that it can be renewed.
    pub fn is_renewable(&self) -> bool {
        self.excerpt.is_some() || !self.shown.lines().any(|line| line == ELISION)
    }

    /// A copy of its folder, in which cargo is offline where what is on disk suffices: what a page
    /// shows then depends on no server.
    fn sandbox(&self) -> Result<Sandbox, String> {
        // From a checkout, the fixtures are seen from above.
        let (sandbox, workspaces) = match self.folder.as_str() {
            "." => (Sandbox::empty(), self.fixtures()),
            folder => (
                Sandbox::copy(&root().join(folder)),
                vec![Utf8PathBuf::new()],
            ),
        };
        let mut offline = true;
        for name in workspaces {
            let workspace = sandbox.root().join(&name);
            if self.folder == "." {
                copy(&root().join(&name), &workspace);
            }
            offline &= ready(&workspace)?;
        }
        if offline {
            sandbox.write(".cargo/config.toml", "[net]\noffline = true\n");
        }
        Ok(sandbox)
    }

    /// Folders of the workspaces that the arguments name.
    fn fixtures(&self) -> Vec<Utf8PathBuf> {
        let paths = self.arguments.iter().map(Utf8Path::new);
        paths
            .filter(|path| path.file_name() == Some("Cargo.toml"))
            .filter_map(|path| path.parent().map(Utf8Path::to_owned))
            .collect()
    }
}

impl Excerpt {
    /// The part with an elision for what is left out; none where the output has no such part.
    fn of(&self, printed: &str) -> Option<String> {
        let lines: Vec<&str> = printed.lines().collect();
        let parts: Vec<&str> = match self {
            Self::Until(line) => {
                let end = lines.iter().position(|printed| printed == line)?;
                [&lines[..end], &[ELISION]].concat()
            }
            Self::Part(code) => {
                let note = format!("  {code}: ");
                let note = lines.iter().find(|line| line.starts_with(&note));
                let part = match lines.iter().position(|line| line == code) {
                    Some(start) => full(&lines[start..]),
                    None => vec![*note?],
                };
                [&[ELISION], part.as_slice(), &[ELISION]].concat()
            }
        };
        Some(parts.iter().map(|line| format!("{line}\n")).collect())
    }
}

/// One finding in full, from its code to the next.
fn full<'a>(lines: &[&'a str]) -> Vec<&'a str> {
    let next = |line: &&str| line.starts_with("notes (") || lint(line).is_some();
    let rest = &lines[1..];
    let end = 1 + rest.iter().position(next).unwrap_or(rest.len());
    let mut part = lines[..end].to_vec();
    while part.last() == Some(&"") {
        part.pop();
    }
    part
}

/// Sees to it that cargo has on disk what it needs for a workspace; whether that was possible.
fn ready(workspace: &Utf8Path) -> Result<bool, String> {
    if workspace.join("Cargo.lock").is_file() {
        fetch(workspace).map(|()| true)
    } else {
        refusal(workspace).map(|flags| flags.contains(&"--offline"))
    }
}

/// What a reader sees, the sandbox's path replaced.
fn printed(run: &Run, sandbox: &Utf8Path) -> String {
    let text = match run.code {
        0 | 100 => &run.stdout,
        _ => &run.stderr,
    };
    let text = text.replace(sandbox.as_str(), SHOWN_ROOT);
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    let mut text = lines.join("\n");
    text.push('\n');
    text
}

/// Whether a text is what is shown, with [`ELISION`] for any lines.
fn fits(shown: &str, printed: &str) -> bool {
    let shown: Vec<&str> = shown.lines().collect();
    let printed: Vec<&str> = printed.lines().collect();
    lines_fit(&shown, &printed)
}

fn lines_fit(shown: &[&str], printed: &[&str]) -> bool {
    match shown {
        [] => printed.is_empty(),
        [ELISION, rest @ ..] => (0..=printed.len()).any(|at| lines_fit(rest, &printed[at..])),
        [line, rest @ ..] => printed
            .split_first()
            .is_some_and(|(first, others)| first == line && lines_fit(rest, others)),
    }
}

/// The page with the output of some of its examples (by the lines of their fences) renewed.
pub fn renewed(page: &Page, outputs: &BTreeMap<usize, String>) -> String {
    let mut text = String::new();
    let mut skipping = false;
    for (number, line) in page.text.lines().enumerate() {
        let fence = line.starts_with("```");
        skipping &= !fence;
        if !skipping {
            text.push_str(line);
            text.push('\n');
        }
        // The fence is on line `number`, counted from 1, when its command line is next.
        if let Some(output) = outputs.get(&number) {
            text.push_str(output);
            skipping = true;
        }
    }
    text
}

#[test]
fn elisions_stand_for_any_lines() {
    assert!(fits("a\nb\n", "a\nb\n"));
    assert!(fits("...\nb\n...\n", "a\nb\nc\n"));
    assert!(fits("a\n...\n", "a\n"));
    assert!(!fits("...\nb\n", "a\nb\nc\n"));
    assert!(!fits("a\n", "a\nb\n"));
    assert!(!fits("a\n...\nc\n", "a\nb\n"));
}

#[test]
fn excerpts_of_outputs() {
    let printed = "head\n\nno-sdk\n  a\n\nadvisory\n  b\n\nnotes (x):\n  no-exporter: c\n";
    let of = |excerpt: Excerpt| excerpt.of(printed);
    let until = |line: &str| of(Excerpt::Until(line.into()));
    let part = |code: &str| of(Excerpt::Part(code.into()));
    assert_eq!(until("no-sdk").unwrap(), "head\n\n...\n");
    assert_eq!(until("type-clash"), None);
    assert_eq!(part("no-sdk").unwrap(), "...\nno-sdk\n  a\n...\n");
    assert_eq!(part("advisory").unwrap(), "...\nadvisory\n  b\n...\n");
    assert_eq!(part("no-exporter").unwrap(), "...\n  no-exporter: c\n...\n");
    assert_eq!(part("type-clash"), None);
}

#[test]
fn renewing_replaces_the_output_alone() {
    let page = Page {
        path: "page.md".into(),
        text: "a\n```console\n$ x\nold\nold\n```\nb\n```console\n$ y\n```\n".into(),
    };
    let lines: Vec<usize> = page.blocks().iter().map(|block| block.line).collect();
    assert_eq!(lines, [2, 8]);
    let outputs = BTreeMap::from([(2, "new\n".to_owned())]);
    assert_eq!(
        renewed(&page, &outputs),
        "a\n```console\n$ x\nnew\n```\nb\n```console\n$ y\n```\n"
    );
}
