//! Files that a command reads, and that no answer may take the place of.

use camino::{Utf8Path, Utf8PathBuf};

use crate::policy;
use crate::workspace::cargo::find_manifest;
use crate::workspace::members::workspace_root;

use super::args::{Arguments, Check, Command, Common, Format};
use super::output::{CliError, Output};
use super::places::{Place, is_same, step_summary, whole, writable};

/// That nothing is written over what a workspace consists of, or over what this run reads.
///
/// # Errors
/// Where it would be, or a baseline has no place; nothing has been written then.
pub fn kept(arguments: &Arguments, output: &Output) -> Result<(), CliError> {
    let check = match &arguments.command {
        None => Some(&arguments.check),
        Some(Command::Check(check)) => Some(check),
        Some(_) => None,
    };
    if let Some(path) = check.and_then(|check| check.baseline.as_deref())
        && path.as_str().is_empty()
    {
        return Err(CliError::Usage {
            message: "`--baseline` names no file".into(),
            help: "`--baseline FILE --write-baseline` makes one".into(),
        });
    }
    let written = written(arguments, check, output);
    if written.is_empty() {
        return Ok(());
    }
    let read = read(arguments, check, output);
    for one in &written {
        // Answers have been looked at already.
        if let (true, Place::File(path)) = (one.is_named(), &one.place) {
            writable(path)?;
        }
        if let Place::File(path) = &one.place
            && let Some(what) = by_name(path)
            && !may_be_made(path, what, arguments)
        {
            return Err(refused(one, what, path));
        }
        for (what, path) in &read {
            // A baseline may be written where it was read.
            if one.what != *what && is_same(&one.place, &Place::File(path.clone())) {
                return Err(refused(one, what, path));
            }
        }
    }
    Ok(())
}

/// Something that goes to a file.
struct Written {
    what: String,
    place: Place,
}

impl Written {
    /// Whether it is a file that a flag names, and no answer.
    fn is_named(&self) -> bool {
        [BASELINE, CERTIFICATE].contains(&self.what.as_str())
    }
}

const BASELINE: &str = "the baseline";
const CERTIFICATE: &str = "the certificate";
const POLICY: &str = "a policy";

fn written(arguments: &Arguments, check: Option<&Check>, output: &Output) -> Vec<Written> {
    let answers = output.places().filter(|(_, place)| place.is_file());
    let answers = answers.map(|(format, place)| Written {
        what: format!("the answer as `{}`", format.name()),
        place: place.clone(),
    });
    let mut written: Vec<Written> = answers.collect();
    if let Some(check) = check
        && (check.write_baseline || check.prune)
        && let Some(path) = &check.baseline
    {
        written.push(Written {
            what: BASELINE.into(),
            place: Place::File(path.clone()),
        });
    }
    if let Some(Command::Readiness(readiness)) = &arguments.command
        && let Some(path) = &readiness.certificate
    {
        written.push(Written {
            what: CERTIFICATE.into(),
            place: Place::File(path.clone()),
        });
    }
    written
}

/// What this run reads, or adds to.
fn read(
    arguments: &Arguments,
    check: Option<&Check>,
    output: &Output,
) -> Vec<(&'static str, Utf8PathBuf)> {
    let mut read = of_workspace(&arguments.common);
    let metadata = arguments.common.metadata_path.clone();
    // Standard input by its name, which is no file here.
    let metadata = metadata.filter(|path| path != "-");
    read.extend(metadata.map(|path| ("the metadata", path)));
    if let Some(Command::Spec(spec)) = &arguments.command {
        read.extend(spec.template.clone().map(|path| ("the template", path)));
    }
    if let Some(Command::Readiness(readiness)) = &arguments.command {
        // One that is to be written is no place for an answer either.
        let named = [
            (CERTIFICATE, &readiness.certificate),
            (CERTIFICATE, &readiness.verify),
            ("the older report", &readiness.compare),
        ];
        let named = named.into_iter();
        read.extend(named.filter_map(|(what, path)| Some((what, path.clone()?))));
    }
    let Some(check) = check else { return read };
    read.extend(check.baseline.clone().map(|path| (BASELINE, path)));
    if let Some(lock) = check.lock_only.as_deref() {
        let lock = match lock.is_dir() {
            true => lock.join("Cargo.lock"),
            false => lock.to_owned(),
        };
        read.push(("the lockfile", lock));
    }
    if output.wants(Format::Github) {
        read.extend(step_summary().map(|path| ("the job's summary", path)));
    }
    read
}

fn of_workspace(common: &Common) -> Vec<(&'static str, Utf8PathBuf)> {
    // A workspace that is not there is told by whoever loads it.
    let Ok(manifest) = find_manifest(common.manifest_path.as_deref()) else {
        return Vec::new();
    };
    let root = workspace_root(&manifest);
    let mut all = vec![
        ("the lockfile", root.join("Cargo.lock")),
        ("the policy", root.join(policy::FILE)),
        ("the root manifest", root.join("Cargo.toml")),
        ("the manifest", manifest),
    ];
    // What is not there yet is kept by its name.
    all.retain(|(_, path)| path.exists());
    all
}

/// Files that are somebody's by their names, in whatever folder: that of a member, too.
fn by_name(path: &Utf8Path) -> Option<&'static str> {
    let whole = whole(path);
    let names = [path.file_name()?, whole.file_name()?];
    // Disks that do not tell upper from lower case take these for the same.
    let is = |name: &str| names.iter().any(|one| one.eq_ignore_ascii_case(name));
    match () {
        () if is("Cargo.toml") => Some("a manifest"),
        () if is("Cargo.lock") => Some("a lockfile"),
        () if is(policy::FILE) => Some(POLICY),
        () => None,
    }
}

/// A policy is what `init --dry-run` answers, and may be made where none is.
fn may_be_made(path: &Utf8Path, what: &str, arguments: &Arguments) -> bool {
    let makes = matches!(arguments.command, Some(Command::Init(_)));
    makes && what == POLICY && std::fs::symlink_metadata(path).is_err()
}

fn refused(written: &Written, what: &str, path: &Utf8Path) -> CliError {
    CliError::Usage {
        message: format!("{} would take the place of {what}, {path}", written.what),
        help: "give it a file of its own".into(),
    }
}
