//! What a cargo command builds.

use camino::{Utf8Path, Utf8PathBuf};

use crate::policy::ShippedBuild;
use crate::workspace::manifest::Manifest;
use crate::workspace::members::workspace_root;

use super::flags::Flags;
use super::shell::{Simple, Word};
use super::{Folder, Found};

/// The workspace in question, as far as commands can name parts of it.
#[derive(Debug, Clone)]
pub struct Home {
    pub root: Utf8PathBuf,
    pub members: Vec<Member>,
}

#[derive(Debug, Clone)]
pub struct Member {
    pub name: String,
    /// The folder of its manifest.
    pub folder: Utf8PathBuf,
    /// Whether cargo builds it where the root is built without naming a package.
    pub default: bool,
    pub binaries: Vec<String>,
}

impl Home {
    /// The same with its folders as the disk has them: the folders of commands are compared with these.
    pub fn real(&self) -> Self {
        let real = |folder: &Utf8Path| {
            let found = folder.canonicalize_utf8();
            found.unwrap_or_else(|_| folder.to_owned())
        };
        let members = self.members.iter().map(|member| Member {
            folder: real(&member.folder),
            ..member.clone()
        });
        Self {
            root: real(&self.root),
            members: members.collect(),
        }
    }
}

/// Where a command stands.
pub struct Place<'a> {
    pub file: &'a str,
    pub line: usize,
    /// Where the file's scripts start.
    pub base: &'a Utf8Path,
    pub folder: &'a Folder,
    /// Whether whatever is built there ships.
    pub container: bool,
}

/// What stands before a command and changes nothing of what it builds.
pub const BEFORE: &[&str] = &[
    "!", "command", "do", "elif", "else", "env", "exec", "if", "nice", "nohup", "sudo", "then",
    "time", "until", "while", "{",
];

/// Subcommands that build a workspace's own packages.
const BUILDING: &[&[&str]] = &[
    &["build"],
    &["b"],
    &["rustc"],
    &["run"],
    &["r"],
    &["install"],
    &["zigbuild"],
    &["chef", "cook"],
    &["auditable", "build"],
    &["auditable", "install"],
    &["lambda", "build"],
    &["xwin", "build"],
];

/// What a command builds of this workspace; none where it builds nothing of it.
pub fn read(command: &Simple, place: &Place<'_>, home: &Home) -> Option<Found> {
    let words = cargo(&command.words)?;
    let (name, arguments) = building(words)?;
    let flags = Flags::read(words, arguments, name);
    let install = name.contains(&"install");
    // Whatever else is installed is not of this workspace.
    let folder = match (install, &flags.path) {
        (true, None) => return None,
        (true, Some(path)) => place.folder.then(path),
        (false, _) => match &flags.manifest {
            Some(manifest) => manifest_folder(place.folder, manifest),
            None => place.folder.clone(),
        },
    };
    let mut doubts = Vec::new();
    let chosen = chosen(&folder, place.base, home);
    let selection = match (&chosen, flags.packages.is_empty() && !flags.workspace) {
        // A folder of another workspace, or of none.
        (Chosen::Elsewhere, _) => return None,
        (Chosen::Unknown, true) => {
            doubts.push("the folder in which it runs is not known here".to_owned());
            Vec::new()
        }
        (Chosen::Packages(names), true) => names.clone(),
        (Chosen::Unknown | Chosen::Packages(_), false) => named(&flags, home, &mut doubts),
    };
    binaries(&flags, &selection, home, &mut doubts);
    for word in &flags.open {
        doubts.push(unknown(word));
    }
    let features = lists(&flags.features, &mut doubts);
    let targets = targets(&flags.targets, &mut doubts);
    let whole = home
        .members
        .iter()
        .all(|member| selection.contains(&member.name));
    let build = ShippedBuild {
        packages: if whole { Vec::new() } else { selection },
        features,
        all_features: flags.all_features,
        no_default_features: flags.no_default_features,
        targets,
    };
    let developed = |profile: &Word| ["dev", "debug", "test"].contains(&profile.text.as_str());
    let mut released = flags.release || install && !flags.debug;
    if let Some(profile) = flags.profile.as_ref().filter(|_| !released) {
        released = !developed(profile);
        // In a container it ships, whatever the profile.
        if profile.open && !place.container {
            doubts.push(unknown(profile));
        }
    }
    Some(Found {
        file: place.file.to_owned(),
        line: place.line,
        shown: shown(words),
        build,
        ships: released || place.container,
        doubts,
    })
}

/// The words from the program's name on; none where it is not cargo, or one that takes its flags.
fn cargo(words: &[Word]) -> Option<&[Word]> {
    let assignment = |word: &Word| {
        let name = word.text.split_once('=').map_or("", |(name, _)| name);
        !name.is_empty()
            && name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    let at = words.iter().position(|word| {
        let before = BEFORE.contains(&word.text.as_str()) || word.text.starts_with('-');
        !(before || assignment(word))
    })?;
    let program = words[at].text.as_str();
    // A recipe's mark that the line is not to be shown.
    let program = if at == 0 {
        program.trim_start_matches(['@', '-', '+'])
    } else {
        program
    };
    let variable = program.trim_matches(['$', '(', ')', '{', '}', ' ']);
    let variable = words[at].open && variable.eq_ignore_ascii_case("cargo");
    let file = program.rsplit(['/', '\\']).next().unwrap_or(program);
    (variable || ["cargo", "cargo.exe", "cross"].contains(&file)).then_some(&words[at..])
}

/// The subcommand, and where its arguments begin.
fn building(words: &[Word]) -> Option<(&'static [&'static str], usize)> {
    let mut at = 1;
    while let Some(word) = words.get(at) {
        if ["--color", "--config", "-C", "-Z"].contains(&word.text.as_str()) {
            at += 2;
        } else if word.text.starts_with(['-', '+']) {
            at += 1;
        } else {
            break;
        }
    }
    let rest = words.get(at..)?;
    let name = BUILDING.iter().find(|name| {
        rest.len() >= name.len()
            && rest
                .iter()
                .zip(**name)
                .all(|(word, part)| word.text == *part)
    })?;
    Some((name, at + name.len()))
}

fn manifest_folder(folder: &Folder, manifest: &Word) -> Folder {
    let path = Utf8Path::new(&manifest.text);
    let parent = Word {
        text: path
            .parent()
            .map_or_else(String::new, |parent| parent.to_string()),
        open: manifest.open,
    };
    folder.then(&parent)
}

/// What cargo builds in a folder where no package is named.
enum Chosen {
    Packages(Vec<String>),
    Unknown,
    /// Nothing of this workspace.
    Elsewhere,
}

fn chosen(folder: &Folder, base: &Utf8Path, home: &Home) -> Chosen {
    let Folder::Known(relative) = folder else {
        return Chosen::Unknown;
    };
    let Ok(folder) = base.join(relative).canonicalize_utf8() else {
        return Chosen::Unknown;
    };
    let manifests = folder.ancestors().map(|folder| folder.join("Cargo.toml"));
    let Some(manifest) = manifests.into_iter().find(|path| path.is_file()) else {
        return Chosen::Elsewhere;
    };
    let own = manifest.parent().unwrap_or(&manifest);
    let member = home.members.iter().find(|member| member.folder == own);
    if own != home.root {
        return match member {
            Some(member) => Chosen::Packages(vec![member.name.clone()]),
            None if workspace_root(&manifest) == home.root && Manifest::read(&manifest).is_ok() => {
                Chosen::Unknown
            }
            None => Chosen::Elsewhere,
        };
    }
    let default = home.members.iter().filter(|member| member.default);
    Chosen::Packages(default.map(|member| member.name.clone()).collect())
}

/// The members that `-p`, `--workspace` and `--exclude` name.
fn named(flags: &Flags, home: &Home, doubts: &mut Vec<String>) -> Vec<String> {
    let mut find = |words: &[Word]| {
        let mut names = Vec::new();
        for word in words {
            if word.open {
                doubts.push(unknown(word));
                continue;
            }
            let name = word.text.split('@').next().unwrap_or_default();
            let pattern = glob::Pattern::new(name).ok();
            let fits = |member: &&Member| {
                member.name == name
                    || pattern
                        .as_ref()
                        .is_some_and(|pattern| pattern.matches(&member.name))
            };
            let found = home.members.iter().filter(fits);
            let before = names.len();
            names.extend(found.map(|member| member.name.clone()));
            if names.len() == before {
                doubts.push(format!("this workspace has no package `{name}`"));
            }
        }
        names
    };
    let excluded = find(&flags.excluded);
    if flags.workspace {
        let members = home.members.iter().map(|member| member.name.clone());
        return members.filter(|name| !excluded.contains(name)).collect();
    }
    let mut names = find(&flags.packages);
    names.sort();
    names.dedup();
    names
}

/// That the binaries that are named exist. They say what is linked, not whose features count: that do
/// all packages that the command selects.
fn binaries(flags: &Flags, selection: &[String], home: &Home, doubts: &mut Vec<String>) {
    for word in &flags.binaries {
        let has = |member: &Member| {
            selection.contains(&member.name) && member.binaries.contains(&word.text)
        };
        if word.open {
            doubts.push(unknown(word));
        } else if doubts.is_empty() && !home.members.iter().any(has) {
            doubts.push(format!(
                "none of these packages has a binary `{}`",
                word.text
            ));
        }
    }
}

/// The names in lists as cargo takes them.
fn lists(words: &[Word], doubts: &mut Vec<String>) -> Vec<String> {
    let mut names = Vec::new();
    for word in words {
        if word.open {
            doubts.push(unknown(word));
        }
        names.extend(word.text.split([',', ' ', '\n', '\t']).map(str::to_owned));
    }
    names.retain(|name| !name.is_empty());
    names.sort();
    names.dedup();
    names
}

fn targets(words: &[Word], doubts: &mut Vec<String>) -> Vec<String> {
    let mut names = Vec::new();
    for word in words {
        if word.open {
            doubts.push(unknown(word));
        }
        // A C library's version behind the triple, as zig takes it.
        names.extend(word.text.split('.').next().map(str::to_owned));
    }
    names.sort();
    names.dedup();
    names
}

fn unknown(word: &Word) -> String {
    format!("what `{}` stands for is not known here", word.text)
}

/// The command on one line.
fn shown(words: &[Word]) -> String {
    let words: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
    words
        .join(" ")
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}
