//! Places to which answers go: told apart before any work is done, and written all or none.

use std::io::{self, Write};

use camino::{Utf8Path, Utf8PathBuf};

use super::args::{Format, Wanted};
use super::output::CliError;

/// Where an answer goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    Stdout,
    File(Utf8PathBuf),
    /// Behind what others have written there.
    Appended(Utf8PathBuf),
}

impl Place {
    /// Whether it is a file, by its name or because standard output goes to one.
    pub fn is_file(&self) -> bool {
        match self {
            Self::Stdout => stdout_is_file(),
            Self::File(_) | Self::Appended(_) => true,
        }
    }
}

/// The formats that the flags ask for, each with its place.
///
/// # Errors
/// Where two would go to one place, or one to where nothing can be written.
pub fn wanted(
    formats: &[Wanted],
    output: Option<&Utf8Path>,
) -> Result<Vec<(Format, Place)>, CliError> {
    let usual = [Wanted {
        format: Format::Human,
        file: None,
    }];
    let asked: &[Wanted] = match formats {
        [] => &usual,
        asked => asked,
    };
    let main = match output {
        Some(file) => Place::File(file.to_owned()),
        None => Place::Stdout,
    };
    let plain: Vec<&Wanted> = asked.iter().filter(|one| one.file.is_none()).collect();
    if let [first, second, ..] = plain.as_slice() {
        let place = match output {
            Some(file) => format!("to {file}"),
            None => "on standard output".into(),
        };
        let second = second.format.name();
        return Err(CliError::Usage {
            message: format!(
                "two answers {place}: `{}` and `{second}`",
                first.format.name()
            ),
            help: format!("give one a file of its own: `--format {second}=FILE`"),
        });
    }
    if let (true, Some(file)) = (plain.is_empty(), output) {
        return Err(CliError::Usage {
            message: format!("nothing is left for `--output {file}`"),
            help: "every `--format` names a file of its own".into(),
        });
    }
    let place = |one: &Wanted| match &one.file {
        Some(file) => Place::File(file.clone()),
        None => main.clone(),
    };
    let wanted: Vec<(Format, Place)> = asked.iter().map(|one| (one.format, place(one))).collect();
    apart(&wanted)?;
    for (_, place) in &wanted {
        if let Place::File(path) = place {
            writable(path)?;
        }
    }
    Ok(wanted)
}

/// That no two answers go to one file, however it is called.
fn apart(wanted: &[(Format, Place)]) -> Result<(), CliError> {
    for (number, (format, place)) in wanted.iter().enumerate() {
        for (other, before) in &wanted[..number] {
            if !is_same(place, before) {
                continue;
            }
            let mut paths = [place, before].into_iter();
            let path = paths.find_map(|place| match place {
                Place::File(path) | Place::Appended(path) => Some(path),
                Place::Stdout => None,
            });
            if let Some(path) = path {
                return Err(CliError::Usage {
                    message: format!(
                        "two answers to one file, {path}: `{}` and `{}`",
                        other.name(),
                        format.name()
                    ),
                    help: "give each a file of its own".into(),
                });
            }
        }
    }
    Ok(())
}

/// Whether two places are one, however they are called.
pub fn is_same(a: &Place, b: &Place) -> bool {
    if let (Place::File(a), Place::File(b)) = (a, b)
        && whole(a) == whole(b)
        && !is_device(a)
    {
        return true;
    }
    matches!((node(a), node(b)), (Some(a), Some(b)) if a == b)
}

/// The path without links and detours, also of a file that is still to be made.
pub fn whole(path: &Utf8Path) -> Utf8PathBuf {
    if let Ok(whole) = path.canonicalize_utf8() {
        return whole;
    }
    let folder = match path.parent() {
        Some(folder) if folder.as_str().is_empty() => Utf8Path::new("."),
        Some(folder) => folder,
        None => return path.to_owned(),
    };
    match (folder.canonicalize_utf8(), path.file_name()) {
        (Ok(folder), Some(name)) => folder.join(name),
        _ => path.to_owned(),
    }
}

/// Terminals and `/dev/null` take any number of answers.
#[cfg(unix)]
fn is_device(path: &Utf8Path) -> bool {
    use std::os::unix::fs::FileTypeExt;
    std::fs::metadata(path).is_ok_and(|data| data.file_type().is_char_device())
}

#[cfg(not(unix))]
fn is_device(_: &Utf8Path) -> bool {
    false
}

#[cfg(unix)]
fn stdout_is_file() -> bool {
    stdout_data().is_some_and(|data| data.is_file())
}

#[cfg(not(unix))]
fn stdout_is_file() -> bool {
    false
}

#[cfg(unix)]
fn stdout_data() -> Option<std::fs::Metadata> {
    use std::os::fd::AsFd;
    let own = io::stdout().as_fd().try_clone_to_owned().ok()?;
    std::fs::File::from(own).metadata().ok()
}

/// What tells an open file or pipe from others, whatever its name; standard output can be one that is
/// named as well.
#[cfg(unix)]
fn node(place: &Place) -> Option<(u64, u64)> {
    use std::os::unix::fs::{FileTypeExt, MetadataExt};
    let data = match place {
        Place::Stdout => stdout_data(),
        Place::File(path) | Place::Appended(path) => std::fs::metadata(path).ok(),
    };
    let data = data?;
    (!data.file_type().is_char_device()).then(|| (data.dev(), data.ino()))
}

#[cfg(not(unix))]
fn node(_: &Place) -> Option<(u64, u64)> {
    None
}

/// That a file can be written, as far as that shows before it is.
///
/// # Errors
/// Where it cannot.
pub fn writable(path: &Utf8Path) -> Result<(), CliError> {
    let fail = |kind, text: &str| CliError::Write {
        path: path.to_owned(),
        source: io::Error::new(kind, text.to_owned()),
    };
    if path.file_name().is_none() {
        return Err(fail(io::ErrorKind::InvalidInput, "it names no file"));
    }
    if path.is_dir() {
        return Err(fail(io::ErrorKind::IsADirectory, "it is a folder"));
    }
    let folder = path
        .parent()
        .filter(|folder| !folder.as_str().is_empty())
        .unwrap_or(Utf8Path::new("."));
    if !folder.is_dir() {
        let text = format!("there is no folder {folder}");
        return Err(fail(io::ErrorKind::NotFound, &text));
    }
    // A file that is to stay as it is could be replaced all the same: only its folder decides that.
    if std::fs::metadata(path).is_ok_and(|data| data.is_file() && data.permissions().readonly()) {
        return Err(fail(io::ErrorKind::PermissionDenied, "it is read-only"));
    }
    Ok(())
}

/// The file of a job's summary, where a runner of GitHub has set one.
pub fn step_summary() -> Option<Utf8PathBuf> {
    let path = std::env::var("GITHUB_STEP_SUMMARY").ok()?;
    (!path.is_empty()).then(|| path.into())
}

/// Writes answers: each file whole, and none of them before all are on the disk beside their places.
///
/// # Errors
/// Where one cannot be written. A reader that closed its end is no error.
pub fn write_all(
    answers: &[(Place, String)],
    print: &mut dyn FnMut(&str) -> io::Result<()>,
) -> Result<(), CliError> {
    let mut staged = Vec::new();
    let mut direct = Vec::new();
    for (place, text) in answers {
        match place {
            Place::File(path) if !path.exists() || path.is_file() => {
                staged.push(Staged::new(path, text)?);
            }
            Place::Stdout | Place::File(_) | Place::Appended(_) => direct.push((place, text)),
        }
    }
    for (place, text) in direct {
        let (path, written) = match place {
            Place::Stdout => (Utf8Path::new("standard output"), print(text)),
            // A pipe or device takes the text itself; nothing may be put in its place.
            Place::File(path) => (path.as_path(), std::fs::write(path, text)),
            Place::Appended(path) => (path.as_path(), append(path, text)),
        };
        match written {
            Err(source) if source.kind() != io::ErrorKind::BrokenPipe => {
                return Err(CliError::Write {
                    path: path.to_owned(),
                    source,
                });
            }
            Ok(()) | Err(_) => {}
        }
    }
    staged.into_iter().try_for_each(Staged::keep)
}

fn append(path: &Utf8Path, text: &str) -> io::Result<()> {
    let mut file = std::fs::OpenOptions::new()
        .append(true)
        .create(true)
        .open(path)?;
    file.write_all(text.as_bytes())
}

/// Writes beside the file and renames: it holds the old text or the new one, never half of it.
///
/// # Errors
/// Where it cannot be written.
pub fn write_whole(path: &Utf8Path, text: &str) -> Result<(), CliError> {
    writable(path)?;
    let place = Place::File(path.to_owned());
    write_all(&[(place, text.to_owned())], &mut |_| Ok(()))
}

/// A text beside its place; gone with the value unless it is kept.
struct Staged {
    beside: Utf8PathBuf,
    real: Utf8PathBuf,
    path: Utf8PathBuf,
    kept: bool,
}

impl Staged {
    fn new(path: &Utf8Path, text: &str) -> Result<Self, CliError> {
        writable(path)?;
        // Through a link the file is replaced, not the link.
        let real = path.canonicalize_utf8().unwrap_or_else(|_| path.to_owned());
        let name = real.file_name().unwrap_or_default();
        let beside = real.with_file_name(format!(".{name}.{}.tmp", std::process::id()));
        let fail = |source| CliError::Write {
            path: path.to_owned(),
            source,
        };
        let mut options = std::fs::OpenOptions::new();
        let mut file = options
            .write(true)
            .create_new(true)
            .open(&beside)
            .map_err(fail)?;
        let staged = Self {
            beside,
            real,
            path: path.to_owned(),
            kept: false,
        };
        file.write_all(text.as_bytes()).map_err(fail)?;
        if let Ok(old) = std::fs::metadata(&staged.real) {
            file.set_permissions(old.permissions()).map_err(fail)?;
        }
        Ok(staged)
    }

    fn keep(mut self) -> Result<(), CliError> {
        std::fs::rename(&self.beside, &self.real).map_err(|source| CliError::Write {
            path: self.path.clone(),
            source,
        })?;
        self.kept = true;
        Ok(())
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        if !self.kept {
            // What led here is told already.
            let _ = std::fs::remove_file(&self.beside);
        }
    }
}
