//! The files by which a team builds.

use camino::{Utf8Path, Utf8PathBuf};

use crate::workspace::members::{repository, workspace_root};

use super::command::{BEFORE, Home, Place, read};
use super::shell::{Word, commands};
use super::{Folder, Found, Script, dockerfile, pipeline, recipes, workflow};

/// Folders that hold nothing by which a workspace is built.
const LEFT_OUT: &[&str] = &["node_modules", "target", "vendor"];

/// How deep below the root files are looked for.
const DEPTH: usize = 6;

/// Longer files are written by no person.
const LONGEST: u64 = 1 << 20;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Dockerfile,
    Workflow,
    Pipeline,
    Makefile,
    Justfile,
}

/// Every cargo command in the files of a workspace that builds something of it, in the order of the
/// files; each once for each way in which a matrix fills it in.
pub fn find(home: &Home) -> Vec<Found> {
    let home = &home.real();
    let mut files = Vec::new();
    below(&home.root, 0, &mut files);
    // What a repository above the workspace runs may concern it.
    let top = repository(&home.root).unwrap_or(&home.root);
    if *top != home.root {
        at_the_top(top, &mut files);
    }
    files.sort_by_key(|(kind, path)| (!matches!(kind, Kind::Dockerfile), path.clone()));
    files.dedup();
    let mut found = Vec::new();
    for (kind, path) in files {
        for one in in_file(kind, &path, home, top) {
            if !found.contains(&one) {
                found.push(one);
            }
        }
    }
    found
}

/// Files below a folder. Links are not followed.
fn below(folder: &Utf8Path, depth: usize, files: &mut Vec<(Kind, Utf8PathBuf)>) {
    if depth == 0 {
        at_the_top(folder, files);
    }
    for entry in entries(folder) {
        let name = entry.file_name().unwrap_or_default();
        let is_folder = entry.symlink_metadata().is_ok_and(|is| is.is_dir());
        if is_folder && depth < DEPTH && !name.starts_with('.') && !LEFT_OUT.contains(&name) {
            below(&entry, depth + 1, files);
        } else if let Some(kind) = kind(name).filter(|_| is_file(&entry)) {
            files.push((kind, entry));
        }
    }
}

/// What a repository runs, which stands at its top.
fn at_the_top(folder: &Utf8Path, files: &mut Vec<(Kind, Utf8PathBuf)>) {
    for path in entries(&folder.join(".github/workflows")) {
        if matches!(path.extension(), Some("yml" | "yaml")) && is_file(&path) {
            files.push((Kind::Workflow, path));
        }
    }
    for name in [".gitlab-ci.yml", ".gitlab-ci.yaml"] {
        let path = folder.join(name);
        if is_file(&path) {
            files.push((Kind::Pipeline, path));
        }
    }
}

/// Whether it is a file itself: what a link leads to may be of elsewhere, or have no end.
fn is_file(path: &Utf8Path) -> bool {
    path.symlink_metadata().is_ok_and(|is| is.is_file())
}

fn entries(folder: &Utf8Path) -> Vec<Utf8PathBuf> {
    let entries = folder.read_dir_utf8().into_iter().flatten().flatten();
    let mut paths: Vec<Utf8PathBuf> = entries.map(|entry| entry.path().to_owned()).collect();
    paths.sort();
    paths
}

/// What a file below the root is, by its name.
fn kind(name: &str) -> Option<Kind> {
    let lower = name.to_ascii_lowercase();
    let docker = lower == "dockerfile"
        || lower.starts_with("dockerfile.") && !lower.ends_with(".dockerignore")
        || lower.ends_with(".dockerfile")
        || lower == "containerfile"
        || lower.starts_with("containerfile.");
    if docker {
        return Some(Kind::Dockerfile);
    }
    match lower.as_str() {
        "makefile" | "gnumakefile" => Some(Kind::Makefile),
        "justfile" => Some(Kind::Justfile),
        _ => None,
    }
}

fn in_file(kind: Kind, path: &Utf8Path, home: &Home, top: &Utf8Path) -> Vec<Found> {
    let text = text(path);
    let folder = path.parent().unwrap_or(&home.root);
    let (scripts, base) = match kind {
        Kind::Dockerfile => {
            let context = context(folder, home);
            (dockerfile::scripts(&text, &context), context)
        }
        Kind::Workflow => {
            let top = folder.ancestors().nth(2).unwrap_or(folder);
            (workflow::workflow(&text), top.to_owned())
        }
        Kind::Pipeline => (pipeline::pipeline(&text), folder.to_owned()),
        Kind::Makefile => (recipes::makefile(&text), folder.to_owned()),
        Kind::Justfile => (recipes::justfile(&text), folder.to_owned()),
    };
    let relative = path
        .strip_prefix(&home.root)
        .or_else(|_| path.strip_prefix(top));
    let file = relative.unwrap_or(path).as_str().replace('\\', "/");
    let about = About {
        file: &file,
        base: &base,
        container: kind == Kind::Dockerfile,
    };
    let mut found = Vec::new();
    let mut shell = Shell::at(Folder::start());
    for script in &scripts {
        if !script.goes_on {
            shell = Shell::at(script.folder.clone());
        }
        found.extend(in_script(script, &mut shell, &about, home));
    }
    // What is cooked beforehand is what the build behind it takes.
    let cooks = |one: &Found| one.shown.contains("chef cook");
    if found.iter().any(|one| one.ships && !cooks(one)) {
        found.retain(|one| !cooks(one));
    }
    found
}

/// The folder with which a container is built: nearly always the whole workspace that its file is of.
fn context(folder: &Utf8Path, home: &Home) -> Utf8PathBuf {
    let folders = folder.ancestors().take_while(|above| *above != home.root);
    let mut manifests = folders.map(|folder| folder.join("Cargo.toml"));
    let manifest = manifests.find(|path| path.is_file());
    let root = manifest.map(|path| workspace_root(&path));
    root.unwrap_or_else(|| home.root.clone())
}

/// What a file says; nothing where it is too long. A byte that is no text spoils nothing but its word.
fn text(path: &Utf8Path) -> String {
    let short = std::fs::metadata(path).is_ok_and(|about| about.len() <= LONGEST);
    let bytes = short.then(|| std::fs::read(path).ok()).flatten();
    String::from_utf8_lossy(&bytes.unwrap_or_default()).into_owned()
}

/// What is the same for all scripts of a file.
struct About<'a> {
    file: &'a str,
    base: &'a Utf8Path,
    container: bool,
}

/// The commands of a script; the shell is left as the script leaves it.
fn in_script(script: &Script, shell: &mut Shell, about: &About<'_>, home: &Home) -> Vec<Found> {
    let mut found = Vec::new();
    // The subshells that are open, each with what to go back to.
    let mut open: Vec<(usize, Shell)> = Vec::new();
    for command in commands(&script.text) {
        while let Some((_, before)) = open.pop_if(|(number, _)| !command.shells.contains(number)) {
            *shell = before;
        }
        for &number in &command.shells[open.len()..] {
            open.push((number, shell.clone()));
        }
        if shell.goes(&command.words) {
            continue;
        }
        let place = Place {
            file: about.file,
            line: script.line + if script.literal { command.line } else { 0 },
            base: about.base,
            folder: &shell.folder,
            container: about.container,
        };
        found.extend(read(&command, &place, home));
    }
    if let Some((_, outermost)) = open.into_iter().next() {
        *shell = outermost;
    }
    found
}

/// Where a shell is, and where it can go back to.
#[derive(Clone)]
struct Shell {
    folder: Folder,
    pushed: Vec<Folder>,
}

impl Shell {
    fn at(folder: Folder) -> Self {
        Self {
            folder,
            pushed: Vec::new(),
        }
    }

    /// Whether a command goes to another folder, which then is the shell's.
    fn goes(&mut self, words: &[Word]) -> bool {
        let before = |word: &&Word| BEFORE.contains(&word.text.as_str());
        let words = &words[words.iter().take_while(before).count()..];
        let Some((name, arguments)) = words.split_first() else {
            return false;
        };
        let to = |folder: &Folder| {
            arguments
                .last()
                .map_or(Folder::Unknown, |to| folder.then(to))
        };
        self.folder = match name.text.as_str() {
            "cd" => to(&self.folder),
            "pushd" => {
                self.pushed.push(self.folder.clone());
                to(&self.folder)
            }
            "popd" => self.pushed.pop().unwrap_or(Folder::Unknown),
            _ => return false,
        };
        true
    }
}

#[cfg(test)]
mod tests {
    use super::kind;

    #[test]
    fn files_by_their_names() {
        for name in [
            "Dockerfile",
            "Dockerfile.agent",
            "agent.Dockerfile",
            "Containerfile",
            "dockerfile",
        ] {
            assert_eq!(kind(name), Some(super::Kind::Dockerfile), "{name}");
        }
        for name in [
            "Dockerfile.dockerignore",
            "docker",
            "Cargo.toml",
            "Makefile.am",
        ] {
            assert_eq!(kind(name), None, "{name}");
        }
        assert!(kind("Makefile").is_some() && kind("justfile").is_some());
    }
}
