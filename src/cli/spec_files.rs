//! Writes the files of `spec --output DIR`: all of them or none, and nothing that is somebody else's.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write};

use camino::{Utf8Path, Utf8PathBuf};
use tempfile::NamedTempFile;

use super::output::CliError;

/// A file to write.
#[derive(Debug, Clone)]
pub struct File {
    /// Without extension; text of somebody else.
    pub name: String,
    pub extension: &'static str,
    pub text: String,
}

/// The last line of a Markdown file or page, by which it is known again. Whoever reads it rendered does not
/// see it.
const MARK: &str = "<!-- cargo-otel-check spec: written anew by the next run -->";

/// Bytes that a name keeps.
const LONGEST: usize = 120;

/// Writes the files into a folder, which is made where it is not there. Gives their paths.
///
/// # Errors
/// Where one cannot be written, or a file of that name is there that this program did not write. None
/// has changed then, unless the disk fails between one and the next.
pub fn write_all(folder: &Utf8Path, files: Vec<File>) -> Result<Vec<Utf8PathBuf>, CliError> {
    let failed = |path: &Utf8Path| {
        let path = path.to_owned();
        move |source| CliError::Write { path, source }
    };
    fs::create_dir_all(folder).map_err(failed(folder))?;
    let mut taken = BTreeSet::new();
    let mut ready = Vec::new();
    for file in files {
        let path = folder.join(unused(&file, &mut taken));
        refuse_foreign(&path, file.extension)?;
        let mut temporary = NamedTempFile::new_in(folder).map_err(failed(&path))?;
        let text = match file.extension {
            "md" | "html" => format!("{}\n\n{MARK}\n", file.text.trim_end()),
            _ => file.text,
        };
        temporary
            .write_all(text.as_bytes())
            .and_then(|()| readable(&temporary))
            .map_err(failed(&path))?;
        ready.push((path, temporary));
    }
    let mut written = Vec::new();
    for (path, temporary) in ready {
        // A rename takes the place of whatever has the name, and follows no link.
        temporary
            .persist(&path)
            .map_err(|error| failed(&path)(error.error))?;
        written.push(path);
    }
    Ok(written)
}

/// A temporary file is for its owner alone; a report is like any other file.
#[cfg(unix)]
fn readable(file: &NamedTempFile) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.as_file()
        .set_permissions(fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn readable(_: &NamedTempFile) -> io::Result<()> {
    Ok(())
}

/// Only what an earlier run wrote is written over.
fn refuse_foreign(path: &Utf8Path, extension: &str) -> Result<(), CliError> {
    let refuse = |what: &str| {
        Err(CliError::Other {
            message: format!("{path} {what}"),
            help: "move it away, or name another folder with `--output`".into(),
        })
    };
    let found = match fs::symlink_metadata(path) {
        Ok(found) => found,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(source) => {
            return Err(CliError::Write {
                path: path.to_owned(),
                source,
            });
        }
    };
    if found.is_symlink() {
        return refuse("is a link, which is not written through");
    }
    if !found.is_file() {
        return refuse("is there and no file");
    }
    let text = fs::read(path).map_err(|source| CliError::Write {
        path: path.to_owned(),
        source,
    })?;
    let text = String::from_utf8_lossy(&text);
    let ours = match extension {
        "md" | "html" => text.trim_end().ends_with(MARK),
        _ => is_ours(&text),
    };
    match ours {
        true => Ok(()),
        false => refuse("is there and was not written by this command"),
    }
}

fn is_ours(text: &str) -> bool {
    let json: Option<serde_json::Value> = serde_json::from_str(text).ok();
    json.is_some_and(|json| {
        json["tool"]["name"] == env!("CARGO_PKG_NAME") && json["specs"].is_array()
    })
}

/// A name in which nothing means anything to a file system, and that no other file has, on disks that
/// do not tell upper from lower case either.
fn unused(file: &File, taken: &mut BTreeSet<String>) -> String {
    let harmless = |c: char| match c {
        c if c.is_ascii_alphanumeric() || "-_.+".contains(c) => c,
        _ => '_',
    };
    let name: String = file.name.chars().map(harmless).take(LONGEST).collect();
    let name = match name.trim_start_matches(['.', '-']) {
        "" => "package",
        name => name,
    };
    let mut number = 1;
    loop {
        let tried = match number {
            1 => format!("{name}.{}", file.extension),
            number => format!("{name}-{number}.{}", file.extension),
        };
        if taken.insert(tried.to_lowercase()) {
            return tried;
        }
        number += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str) -> File {
        File {
            name: name.into(),
            extension: "md",
            text: "x\n".into(),
        }
    }

    #[test]
    fn names_are_harmless() {
        let mut taken = BTreeSet::new();
        let mut name = |text: &str| unused(&file(text), &mut taken);
        assert_eq!(name("a-1.0.0+b"), "a-1.0.0+b.md");
        assert_eq!(name("A-1.0.0+B"), "A-1.0.0+B-2.md");
        assert_eq!(name("../../etc/passwd"), "_.._etc_passwd.md");
        assert_eq!(name("a\u{202e}b\u{0}c\nd"), "a_b_c_d.md");
        assert_eq!(name("-rf"), "rf.md");
        assert_eq!(name(".."), "package.md");
        assert!(name(&"x".repeat(1000)).len() < 130);
    }

    #[test]
    fn what_is_somebody_elses_stays() {
        let folder = tempfile::tempdir().unwrap();
        let folder = Utf8Path::from_path(folder.path()).unwrap();
        let written = write_all(folder, vec![file("a"), file("b")]).unwrap();
        assert_eq!(written, [folder.join("a.md"), folder.join("b.md")]);
        // Its own are written anew.
        write_all(folder, vec![file("a")]).unwrap();
        fs::write(folder.join("b.md"), "mine").unwrap();
        fs::remove_file(folder.join("a.md")).unwrap();
        write_all(folder, vec![file("a"), file("b")]).unwrap_err();
        assert!(!folder.join("a.md").exists(), "all or none");
        assert_eq!(fs::read_to_string(folder.join("b.md")).unwrap(), "mine");
        let left = fs::read_dir(folder).unwrap().count();
        assert_eq!(left, 1, "nothing temporary stays");
    }

    #[cfg(unix)]
    #[test]
    fn links_are_not_written_through() {
        let folder = tempfile::tempdir().unwrap();
        let folder = Utf8Path::from_path(folder.path()).unwrap();
        let outside = folder.join("outside");
        fs::write(&outside, format!("{MARK}\n")).unwrap();
        let inside = folder.join("specs");
        fs::create_dir(&inside).unwrap();
        std::os::unix::fs::symlink(&outside, inside.join("a.md")).unwrap();
        let error = write_all(&inside, vec![file("a")]).unwrap_err();
        assert!(error.to_string().contains("is a link"), "{error}");
        assert_eq!(fs::read_to_string(&outside).unwrap(), format!("{MARK}\n"));
    }
}
