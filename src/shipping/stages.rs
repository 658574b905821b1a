//! Which folder of the files an instruction of a Dockerfile runs in.

use camino::{Utf8Component, Utf8Path, Utf8PathBuf};

use super::Folder;

/// Folders that a stage is seen to copy; no person writes more.
const COPIES: usize = 1000;

/// The stages of a Dockerfile up to an instruction.
pub struct Stages<'c> {
    /// The folder that is copied from.
    context: &'c Utf8Path,
    named: Vec<(String, Stage)>,
    name: Option<String>,
    now: Stage,
}

#[derive(Clone, Default)]
struct Stage {
    /// The folder in the image; relative to one that only the image below it knows, at first.
    at: Utf8PathBuf,
    copies: Vec<Copied>,
}

/// A folder in the image that holds what a folder of the context does.
#[derive(Clone)]
struct Copied {
    to: Utf8PathBuf,
    from: Folder,
}

impl<'c> Stages<'c> {
    pub fn new(context: &'c Utf8Path) -> Self {
        Self {
            context,
            named: Vec::new(),
            name: None,
            now: Stage::default(),
        }
    }

    /// Takes an instruction that runs nothing.
    pub fn take(&mut self, name: &str, arguments: &str) {
        let arguments = arguments.replace("\\\n", " ");
        match name {
            "FROM" => self.from(&arguments),
            "WORKDIR" => self.now.at = joined(&self.now.at, arguments.trim().trim_matches('"')),
            "COPY" | "ADD" => self.copy(&arguments),
            _ => {}
        }
    }

    /// Where an instruction with these arguments runs, as a folder of the context. What is never copied
    /// in is taken to be mounted, all of it.
    pub fn folder(&self, arguments: &str) -> Folder {
        let arguments = arguments.replace("\\\n", " ");
        let mut copies = self.now.copies.clone();
        let words = arguments.split_whitespace();
        let mounts = words.take_while(|word| word.starts_with("--"));
        for (source, target) in mounts.filter_map(mount) {
            let to = joined(&self.now.at, target);
            copies.extend(self.copied(source, &to));
        }
        if copies.is_empty() {
            return Folder::start();
        }
        let inner = copies.iter().filter_map(|copied| {
            let rest = self.now.at.strip_prefix(&copied.to).ok();
            let rest = rest.filter(|rest| !rest.has_root())?;
            let known = matches!(copied.from, Folder::Known(_));
            Some((copied.to.components().count(), known, copied, rest))
        });
        // The innermost, and of several the first.
        let nearest = inner.reduce(|best, one| match (one.0, one.1) > (best.0, best.1) {
            true => one,
            false => best,
        });
        match nearest {
            Some((_, _, copied, rest)) => match &copied.from {
                Folder::Known(from) if !rest.as_str().contains('$') => {
                    Folder::Known(from.join(rest))
                }
                Folder::Known(_) | Folder::Unknown => Folder::Unknown,
            },
            None => Folder::Unknown,
        }
    }

    /// A stage begins as the one that it is made from ended.
    fn from(&mut self, arguments: &str) {
        let before = std::mem::take(&mut self.now);
        self.named
            .extend(self.name.take().map(|name| (name, before)));
        let mut words = arguments
            .split_whitespace()
            .skip_while(|word| word.starts_with("--"));
        let image = words.next().unwrap_or_default();
        let mut named = self.named.iter().rev();
        let known = named.find(|(name, _)| name.eq_ignore_ascii_case(image));
        self.now = known.map(|(_, stage)| stage.clone()).unwrap_or_default();
        self.name = match (words.next(), words.next()) {
            (Some(word), Some(name)) if word.eq_ignore_ascii_case("as") => Some(name.to_owned()),
            _ => None,
        };
    }

    fn copy(&mut self, arguments: &str) {
        let flags = arguments
            .split_whitespace()
            .take_while(|word| word.starts_with("--"));
        let flags: Vec<&str> = flags.collect();
        // Of another stage or image.
        if flags.iter().any(|flag| flag.starts_with("--from=")) {
            return;
        }
        let mut rest = arguments.trim_start();
        for flag in &flags {
            rest = rest[flag.len()..].trim_start();
        }
        let words = serde_json::from_str::<Vec<String>>(rest)
            .unwrap_or_else(|_| rest.split_whitespace().map(str::to_owned).collect());
        let Some((to, sources)) = words.split_last() else {
            return;
        };
        let to = joined(&self.now.at, to);
        if flags.contains(&"--parents") {
            let from = Folder::start();
            self.now.copies.push(Copied { to, from });
            return;
        }
        for source in sources {
            let copied = self.copied(source, &to);
            self.now.copies.extend(copied);
        }
        self.now.copies.truncate(COPIES);
    }

    /// What comes of copying something: of files, manifests alone say which folder they stand for.
    fn copied(&self, source: &str, to: &Utf8Path) -> Option<Copied> {
        if source.contains('$') {
            let (to, from) = (to.to_owned(), Folder::Unknown);
            return Some(Copied { to, from });
        }
        let source = joined(Utf8Path::new(""), source.trim_start_matches('/'));
        let file = source.file_name().unwrap_or_default();
        let parent = source.parent().unwrap_or(Utf8Path::new(""));
        let manifest = glob::Pattern::new(file).is_ok_and(|name| name.matches("Cargo.toml"));
        if manifest && self.context.join(parent).join("Cargo.toml").is_file() {
            let to = match to.file_name() {
                Some("Cargo.toml") => to.parent().unwrap_or(to),
                Some(_) | None => to,
            };
            return Some(Copied {
                to: to.to_owned(),
                from: Folder::Known(parent.to_owned()),
            });
        }
        let folder = self.context.join(&source).is_dir();
        folder.then(|| Copied {
            to: to.to_owned(),
            from: Folder::Known(source),
        })
    }
}

/// What `--mount=` brings in of the context, and where.
fn mount(flag: &str) -> Option<(&str, &str)> {
    let options = flag.strip_prefix("--mount=")?;
    let value = |names: &[&str]| {
        let mut pairs = options.split(',').filter_map(|one| one.split_once('='));
        pairs
            .find(|(name, _)| names.contains(name))
            .map(|(_, value)| value)
    };
    let bound = value(&["type"]).is_none_or(|kind| kind == "bind");
    if !bound || value(&["from"]).is_some() {
        return None;
    }
    let target = value(&["target", "dst", "destination"])?;
    Some((value(&["source", "src"]).unwrap_or("."), target))
}

/// The folder after going to another, without steps that lead nowhere.
fn joined(at: &Utf8Path, to: &str) -> Utf8PathBuf {
    let whole = at.join(to);
    let parts = whole.components();
    parts
        .filter(|part| *part != Utf8Component::CurDir)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Where the last instruction of a Dockerfile runs, in this package's own folder.
    fn folder(text: &str) -> Folder {
        let context = Utf8Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut stages = Stages::new(context);
        let mut folder = Folder::Unknown;
        for line in text.lines() {
            let (name, arguments) = line.split_once(' ').unwrap_or((line, ""));
            stages.take(name, arguments);
            folder = stages.folder(arguments);
        }
        folder
    }

    fn known(path: &str) -> Folder {
        Folder::Known(path.into())
    }

    #[test]
    fn what_is_mounted_counts_as_copied() {
        let run = "FROM rust\nWORKDIR /app/src\nRUN --mount=type=cache,target=/app/target";
        assert_eq!(folder(&format!("{run} x")), Folder::start());
        let bound = format!("{run} --mount=type=bind,target=/app x");
        assert_eq!(folder(&bound), known("src"));
        let bound = format!("{run} --mount=source=docs,target=. x");
        assert_eq!(folder(&bound), known("docs"));
        let other = format!("{run} --mount=type=bind,from=a,target=/app x");
        assert_eq!(folder(&other), Folder::start());
    }

    #[test]
    fn copies_that_tell_nothing_or_nothing_certain() {
        let nothing =
            "COPY LICENSE-MIT .\nCOPY absent .\nADD https://example.org/a.tar /\nCOPY <<EOF /x";
        assert_eq!(folder(nothing), Folder::start());
        assert_eq!(folder("COPY $PART /app\nWORKDIR /app"), Folder::Unknown);
        // What is certain goes before what is not.
        assert_eq!(folder("WORKDIR /app\nCOPY $PART .\nCOPY . ."), known(""));
        assert_eq!(
            folder("COPY --parents src/*/mod.rs /app\nWORKDIR /app/src"),
            known("src")
        );
    }

    #[test]
    fn no_text_breaks_it() {
        for text in [
            "FROM",
            "FROM --",
            "FROM a as",
            "COPY",
            "COPY --",
            "COPY a",
            "COPY [",
            "COPY []",
            "COPY [\"\"] é",
            "COPY / ..",
            "COPY .. ../..",
            "WORKDIR",
            "WORKDIR \"",
            "WORKDIR ..",
            "RUN --mount=",
            "RUN --mount=target=",
            "RUN --mount",
        ] {
            folder(text);
            folder(&format!("COPY . .\n{text}\nRUN x"));
        }
    }
}
