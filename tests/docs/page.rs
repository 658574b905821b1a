//! Pages of the documentation: headings, sections, tables, fenced blocks and links.

use std::fs;

use camino::{Utf8Path, Utf8PathBuf};

/// The repository.
pub fn root() -> &'static Utf8Path {
    Utf8Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A Markdown page.
pub struct Page {
    /// Relative to the repository.
    pub path: Utf8PathBuf,
    pub text: String,
}

/// A fenced block, with what the comments right above it say.
#[derive(Debug)]
pub struct Block {
    /// Line of its opening fence, from 1.
    pub line: usize,
    pub language: String,
    pub text: String,
    /// `KEY: VALUE` of the comments.
    comments: Vec<(String, String)>,
}

impl Block {
    pub fn comment(&self, key: &str) -> Option<&str> {
        let found = self.comments.iter().find(|(known, _)| known == key);
        found.map(|(_, value)| value.as_str())
    }
}

impl Page {
    /// Reads a page by its path in the repository.
    pub fn read(path: &str) -> Self {
        let text = fs::read_to_string(root().join(path));
        Self {
            path: path.into(),
            text: text.unwrap_or_else(|error| panic!("{path}: {error}")),
        }
    }

    /// Every page: those in `docs/` and those beside the manifest.
    pub fn all() -> Vec<Self> {
        let mut paths = vec![Utf8PathBuf::from("README.md"), "CHANGELOG.md".into()];
        let mut folders = vec![Utf8PathBuf::from("docs")];
        while let Some(folder) = folders.pop() {
            for entry in root().join(&folder).read_dir_utf8().unwrap() {
                let entry = entry.unwrap();
                let path = folder.join(entry.file_name());
                if entry.file_type().unwrap().is_dir() {
                    folders.push(path);
                } else if path.extension() == Some("md") {
                    paths.push(path);
                }
            }
        }
        paths.sort();
        paths.iter().map(|path| Self::read(path.as_str())).collect()
    }

    /// Names, without the ending, of the pages in a folder.
    pub fn names_in(folder: &str) -> Vec<String> {
        let entries = root().join(folder).read_dir_utf8().unwrap();
        let mut names: Vec<String> = entries
            .map(|entry| entry.unwrap().file_name().to_owned())
            .map(|name| {
                let stem = name.strip_suffix(".md").map(str::to_owned);
                stem.unwrap_or_else(|| panic!("{folder}/{name} is no page"))
            })
            .collect();
        names.sort();
        names
    }

    /// Lines outside fenced blocks, with their numbers.
    fn prose(&self) -> Vec<(usize, &str)> {
        let mut fenced = false;
        let mut lines = Vec::new();
        for (number, line) in self.text.lines().enumerate() {
            if line.starts_with("```") {
                fenced = !fenced;
            } else if !fenced {
                lines.push((number + 1, line));
            }
        }
        lines
    }

    /// Headings of the second level, in their order.
    pub fn sections(&self) -> Vec<&str> {
        let lines = self.prose().into_iter();
        lines
            .filter_map(|(_, line)| line.strip_prefix("## "))
            .collect()
    }

    /// What stands under a heading of the second level, those of lower levels included.
    pub fn section(&self, heading: &str) -> Option<&str> {
        let wanted = format!("## {heading}");
        let mut fenced = false;
        let mut start = None;
        let mut offset = 0;
        for line in self.text.split_inclusive('\n') {
            fenced ^= line.starts_with("```");
            let is_heading = !fenced && line.starts_with("## ");
            match start {
                Some(start) if is_heading => return Some(self.text[start..offset].trim()),
                None if is_heading && line.trim_end() == wanted => {
                    start = Some(offset + line.len())
                }
                Some(_) | None => {}
            }
            offset += line.len();
        }
        start.map(|start| self.text[start..].trim())
    }

    /// Fenced blocks, in their order.
    pub fn blocks(&self) -> Vec<Block> {
        let mut blocks = Vec::new();
        let mut comments: Vec<(String, String)> = Vec::new();
        let mut open: Option<Block> = None;
        for (number, line) in self.text.lines().enumerate() {
            match (&mut open, line.strip_prefix("```")) {
                (None, Some(language)) => {
                    open = Some(Block {
                        line: number + 1,
                        language: language.to_owned(),
                        text: String::new(),
                        comments: std::mem::take(&mut comments),
                    });
                }
                (Some(_), Some(_)) => blocks.extend(open.take()),
                (Some(block), None) => {
                    block.text.push_str(line);
                    block.text.push('\n');
                }
                (None, None) => match comment(line) {
                    Some(found) => comments.push(found),
                    None => comments.clear(),
                },
            }
        }
        assert!(open.is_none(), "{}: a fence is not closed", self.path);
        blocks
    }

    /// Targets of links, with their lines; code is left out.
    pub fn links(&self) -> Vec<(usize, String)> {
        // A link's text may be broken over two lines.
        let prose = self.prose();
        let mut links = Vec::new();
        for (at, (number, line)) in prose.iter().enumerate() {
            let line = without_code(line);
            let mut rest = line.as_str();
            while let Some(found) = rest.find("](") {
                let target = &rest[found + 2..];
                let end = target.find(')').unwrap_or_else(|| {
                    panic!("{}:{number}: a link's target is not closed", self.path)
                });
                links.push((prose[at].0, target[..end].to_owned()));
                rest = &target[end..];
            }
        }
        links
    }

    /// Anchors of all headings, as they are derived from their texts.
    pub fn anchors(&self) -> Vec<String> {
        let headings = self.prose().into_iter();
        headings
            .filter_map(|(_, line)| {
                let text = line.trim_start_matches('#');
                (text.len() < line.len() && text.starts_with(' ')).then(|| anchor(text.trim()))
            })
            .collect()
    }
}

fn anchor(heading: &str) -> String {
    heading
        .to_lowercase()
        .chars()
        .filter_map(|c| match c {
            ' ' => Some('-'),
            c if c.is_alphanumeric() || c == '-' || c == '_' => Some(c),
            _ => None,
        })
        .collect()
}

/// `<!-- KEY: VALUE -->`.
fn comment(line: &str) -> Option<(String, String)> {
    let text = line.strip_prefix("<!--")?.strip_suffix("-->")?;
    let (key, value) = text.split_once(':')?;
    Some((key.trim().to_owned(), value.trim().to_owned()))
}

fn without_code(line: &str) -> String {
    let parts = line.split('`').enumerate();
    parts
        .filter(|(number, _)| number % 2 == 0)
        .map(|(_, part)| part)
        .collect::<Vec<_>>()
        .join("`")
}

/// Texts of the code spans of a line.
pub fn code_spans(text: &str) -> Vec<&str> {
    let parts = text.split('`').enumerate();
    parts
        .filter(|(number, _)| number % 2 == 1)
        .map(|(_, part)| part)
        .collect()
}

/// Rows of the first table in a text, without its head, as cells.
pub fn table(text: &str) -> Vec<Vec<String>> {
    text.lines()
        .skip_while(|line| !line.starts_with('|'))
        .take_while(|line| line.starts_with('|'))
        .skip(2)
        .map(|line| {
            let line = line.trim().trim_matches('|');
            line.split('|').map(|cell| cell.trim().to_owned()).collect()
        })
        .collect()
}
