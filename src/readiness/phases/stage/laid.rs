//! What is laid out around the copy: cargo's configuration, and repositories.

use std::fs;

use camino::Utf8Path;

use crate::readiness::phases::keep::{Kept, git as ask};

use super::{Reason, Stage, unmade, unwritten};

impl Stage<'_> {
    /// Cargo's configuration around the workspace, for readers that look beside the manifest.
    pub(super) fn configuration(&self, root: &Utf8Path) -> Result<(), Reason> {
        let home = home::cargo_home_with_cwd(root.as_std_path()).ok();
        for folder in root.ancestors() {
            let own = folder.join(".cargo");
            if home.as_deref() == Some(own.as_std_path()) {
                continue;
            }
            for name in ["config.toml", "config"] {
                let Ok(text) = fs::read_to_string(own.join(name)) else {
                    continue;
                };
                self.write(&own.join(name), text.as_bytes())?;
                self.sources(folder, &text)?;
            }
        }
        Ok(())
    }

    /// Leads to folders that take the place of a registry.
    fn sources(&self, folder: &Utf8Path, text: &str) -> Result<(), Reason> {
        let table: toml::Table = text.parse().unwrap_or_default();
        let sources = table.get("source").and_then(toml::Value::as_table);
        for source in sources.into_iter().flat_map(toml::Table::values) {
            for key in ["directory", "local-registry"] {
                let Some(path) = source.get(key).and_then(toml::Value::as_str) else {
                    continue;
                };
                let real = folder.join(path);
                let there = self.scratch.there(&real).map_err(unmade)?;
                if !Utf8Path::new(path).is_absolute() && real.is_dir() && !there.exists() {
                    linked(&real, &there).map_err(|error| unwritten(&error))?;
                }
            }
        }
        Ok(())
    }

    /// Makes the repositories, with what is tracked of the files as their only commit.
    pub(super) fn repositories(&self) -> Result<(), Reason> {
        for (real, there) in self.keep.tops.iter().zip(&self.tops) {
            self.git(there, &["init", "--quiet", "--template="])?;
            let own = [
                ("user.name", "rehearsal"),
                ("user.email", "rehearsal@localhost"),
                ("core.hooksPath", "/dev/null"),
            ];
            for (name, value) in own {
                self.git(there, &["config", name, value])?;
            }
            // By these git writes other bytes than it keeps.
            for name in ["core.autocrlf", "core.eol", "core.safecrlf"] {
                if let Some(value) = ask(real, &["config", "--get", name]) {
                    self.git(there, &["config", name, value.trim()])?;
                }
            }
            self.around(real, there)?;
            let number = self
                .keep
                .repositories
                .iter()
                .position(|one| one.top == *real);
            let Some(number) = number else { continue };
            let mut add = vec!["add".to_owned(), "--force".into(), "--".into()];
            for file in &self.keep.files {
                match &file.kept {
                    Kept::Git {
                        repository,
                        new: false,
                        ..
                    } if *repository == number => {
                        let path = self.scratch.there(&file.path).map_err(unmade)?;
                        add.push(path.into_string());
                    }
                    Kept::Git { .. } | Kept::Copy { .. } => {}
                }
            }
            if add.len() > 3 {
                self.git(there, &add)?;
            }
            self.git(
                there,
                &["commit", "--quiet", "--allow-empty", "--message=before"],
            )?;
        }
        Ok(())
    }

    /// What a repository ignores of the files, and how it turns their bytes.
    fn around(&self, real: &Utf8Path, there: &Utf8Path) -> Result<(), Reason> {
        let mut ignored = String::new();
        for file in &self.keep.files {
            let Ok(inside) = file.path.strip_prefix(real) else {
                continue;
            };
            if let Kept::Copy { ignored: true, .. } = file.kept {
                ignored.push('/');
                for letter in inside.as_str().chars() {
                    if "*?[\\ ".contains(letter) {
                        ignored.push('\\');
                    }
                    ignored.push(letter);
                }
                ignored.push('\n');
            }
            let folders = file.path.ancestors().skip(1);
            for folder in folders.take_while(|folder| folder.starts_with(real)) {
                let attributes = folder.join(".gitattributes");
                if let Ok(content) = fs::read(&attributes) {
                    self.write(&attributes, &content)?;
                }
            }
        }
        let info = there.join(".git/info");
        let write = |name: &str, content: &[u8]| {
            fs::create_dir_all(&info)?;
            fs::write(info.join(name), content)
        };
        write("exclude", ignored.as_bytes()).map_err(|error| unwritten(&error))?;
        let attributes = ask(real, &["rev-parse", "--git-path", "info/attributes"]);
        let attributes = attributes.and_then(|path| fs::read(real.join(path.trim_end())).ok());
        match attributes {
            Some(content) => write("attributes", &content).map_err(|error| unwritten(&error)),
            None => Ok(()),
        }
    }
}

#[cfg(unix)]
fn linked(real: &Utf8Path, there: &Utf8Path) -> std::io::Result<()> {
    if let Some(folder) = there.parent() {
        fs::create_dir_all(folder)?;
    }
    std::os::unix::fs::symlink(real, there)
}

#[cfg(not(unix))]
fn linked(_: &Utf8Path, _: &Utf8Path) -> std::io::Result<()> {
    Ok(())
}
