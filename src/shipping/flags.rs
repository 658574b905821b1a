//! The flags of a cargo command, as far as they say what is built.

use super::shell::Word;

/// Flags with a value that says nothing of what is built.
const OTHER_VALUES: &[&str] = &[
    "--artifact-dir",
    "--bench",
    "--branch",
    "--color",
    "--compiler",
    "--config",
    "--example",
    "--git",
    "--index",
    "--jobs",
    "--lockfile-path",
    "--message-format",
    "--out-dir",
    "--output-format",
    "--recipe-path",
    "--registry",
    "--rev",
    "--root",
    "--tag",
    "--target-dir",
    "--test",
    "--version",
    "-C",
    "-Z",
    "-j",
    "-l",
];

/// The flags of a command that matter.
#[derive(Default)]
pub struct Flags {
    pub packages: Vec<Word>,
    pub excluded: Vec<Word>,
    pub binaries: Vec<Word>,
    pub features: Vec<Word>,
    pub targets: Vec<Word>,
    pub manifest: Option<Word>,
    /// `--path` of `cargo install`.
    pub path: Option<Word>,
    pub profile: Option<Word>,
    pub workspace: bool,
    pub all_features: bool,
    pub no_default_features: bool,
    pub release: bool,
    pub debug: bool,
    /// Words that could be any flag.
    pub open: Vec<Word>,
}

impl Flags {
    /// The flags of a command whose name ends before the word `arguments`.
    pub fn read(words: &[Word], arguments: usize, name: &[&str]) -> Self {
        let mut flags = Self::default();
        let runs = name == ["run"] || name == ["r"];
        let mut rest = words[1..].iter().enumerate();
        while let Some((at, word)) = rest.next() {
            let is_argument = at + 1 >= arguments;
            if word.text == "--" || runs && is_argument && !word.text.starts_with('-') && !word.open
            {
                // What follows is the program's.
                break;
            }
            if !word.text.starts_with('-') {
                if word.open && is_argument {
                    flags.open.push(word.clone());
                }
                continue;
            }
            let (flag, attached) = split(word);
            if flags.switch(flag) {
                continue;
            }
            let takes_value = Self::takes_value(flag);
            if !takes_value && !OTHER_VALUES.contains(&flag) {
                if is_argument && word.open && flag.contains(['$', '`', '{']) {
                    flags.open.push(word.clone());
                }
                continue;
            }
            let value = attached.or_else(|| rest.next().map(|(_, word)| word.clone()));
            if let Some(value) = value.filter(|_| takes_value) {
                flags.value(flag, value);
            }
        }
        flags
    }

    /// Takes a flag without a value; whether it is one that matters.
    fn switch(&mut self, flag: &str) -> bool {
        let field = match flag {
            "--workspace" | "--all" => &mut self.workspace,
            "--all-features" => &mut self.all_features,
            "--no-default-features" => &mut self.no_default_features,
            "--release" | "-r" => &mut self.release,
            "--debug" => &mut self.debug,
            _ => return false,
        };
        *field = true;
        true
    }

    fn takes_value(flag: &str) -> bool {
        let flags = [
            "--package",
            "-p",
            "--exclude",
            "--bin",
            "--features",
            "-F",
            "--target",
            "--manifest-path",
            "--path",
            "--profile",
        ];
        flags.contains(&flag)
    }

    fn value(&mut self, flag: &str, value: Word) {
        match flag {
            "--package" | "-p" => self.packages.push(value),
            "--exclude" => self.excluded.push(value),
            "--bin" => self.binaries.push(value),
            "--features" | "-F" => self.features.push(value),
            "--target" => self.targets.push(value),
            "--manifest-path" => self.manifest = Some(value),
            "--path" => self.path = Some(value),
            "--profile" => self.profile = Some(value),
            _ => {}
        }
    }
}

/// A flag with the value that is written into the same word.
fn split(word: &Word) -> (&str, Option<Word>) {
    let value = |text: &str| Word {
        text: text.to_owned(),
        open: word.open,
    };
    if let Some((flag, text)) = word.text.split_once('=') {
        return (flag, Some(value(text)));
    }
    for flag in ["-p", "-F", "-j", "-Z"] {
        match word.text.strip_prefix(flag) {
            Some(text) if !text.is_empty() => return (flag, Some(value(text))),
            Some(_) | None => {}
        }
    }
    (&word.text, None)
}
