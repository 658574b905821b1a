//! What rustc says of a crate on another line.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;
use toml_edit::{DocumentMut, Item};

use super::cases::{Case, Excluded, Reported, RustcError};
use super::repair::{self, Moves};
use super::sources;

/// Imports are repaired so often at most.
const ROUNDS: usize = 4;
/// Errors that rustc reports since it does not know a type from elsewhere.
const FOLLOWING: &[&str] = &["E0282", "E0283", "E0284"];

/// Compiles the crate as it is, then on the other line, then with failing imports repaired.
pub fn measure(case: &Case, work: &Path, moves: &Moves<'_>) -> Result<Reported, String> {
    let folder = work.join(case.name());
    let _ = fs::remove_dir_all(&folder);
    sources::copy(&sources::sources(case)?, &folder).map_err(|error| error.to_string())?;
    let text = |error: std::io::Error| error.to_string();
    let manifest = folder.join("Cargo.toml");
    let original = fs::read_to_string(&manifest).map_err(text)?;
    let _ = fs::remove_file(folder.join("Cargo.lock"));
    fs::write(&manifest, edited(&original, case, false)?).map_err(text)?;
    let target = work.join("target");
    let (before, features) = check(case, &folder, &target)?;
    if !before.is_empty() {
        return Err(format!(
            "{} does not compile as published: {:#?}",
            case.name(),
            before
        ));
    }
    let _ = fs::remove_file(folder.join("Cargo.lock"));
    fs::write(&manifest, edited(&original, case, true)?).map_err(text)?;
    let mut reported = Reported {
        rustc: version(),
        features,
        ..Reported::default()
    };
    let mut seen = BTreeSet::new();
    for round in 1..=ROUNDS {
        let (found, _) = check(case, &folder, &target)?;
        for mut error in found.clone() {
            error.round = round;
            if !seen.insert((
                error.file.clone(),
                error.line,
                error.column,
                error.code.clone(),
            )) {
                continue;
            }
            match exclusion(&error) {
                None => reported.errors.push(error),
                Some(why) => reported.excluded.push(Excluded {
                    place: format!("{}:{}:{}", error.file, error.line, error.column),
                    code: error.code,
                    why: why.to_owned(),
                }),
            }
        }
        if !repair::repair(&folder, &found, moves)? {
            break;
        }
    }
    reported.errors.sort();
    reported.excluded.sort();
    Ok(reported)
}

fn exclusion(error: &RustcError) -> Option<&'static str> {
    if FOLLOWING.contains(&error.code.as_str()) {
        return Some("rustc asks for a type that another error keeps it from knowing");
    }
    if error.round > 1 && error.message.starts_with("the name `") {
        return Some("made by the repair");
    }
    None
}

fn version() -> String {
    let output = Command::new("rustc").arg("-V").output();
    let text = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
    let version = text.unwrap_or_default();
    version.split(' ').take(2).collect::<Vec<_>>().join(" ")
}

/// The manifest without what only tests need; with the case's requirements where `moved`.
fn edited(text: &str, case: &Case, moved: bool) -> Result<String, String> {
    let mut manifest: DocumentMut = text.parse().map_err(|error| format!("{error}"))?;
    for unneeded in ["dev-dependencies", "test", "example", "bench"] {
        manifest.remove(unneeded);
    }
    manifest["workspace"] = toml_edit::table();
    if !moved {
        return Ok(manifest.to_string());
    }
    for (name, requirement) in &case.requires {
        let dependency = manifest["dependencies"]
            .get_mut(name)
            .ok_or_else(|| format!("{} does not depend on {name}", case.name()))?;
        let dropped = case.drop.get(name);
        if let Some(more) = case.features.get(name) {
            add_features(dependency, more);
        }
        match dependency {
            Item::Value(value) if value.is_str() => *value = requirement.as_str().into(),
            other => {
                other["version"] = toml_edit::value(requirement.as_str());
                if let Some(features) = other.get_mut("features").and_then(Item::as_array_mut) {
                    features.retain(|feature| {
                        !dropped.is_some_and(|dropped| {
                            dropped.iter().any(|name| feature.as_str() == Some(name))
                        })
                    });
                }
            }
        }
    }
    for (name, features) in &case.drop {
        let gone = |feature: &str| {
            features.iter().any(|dropped| {
                feature == format!("{name}/{dropped}") || feature == format!("{name}?/{dropped}")
            })
        };
        let tables = manifest
            .get_mut("features")
            .and_then(Item::as_table_mut)
            .into_iter()
            .flat_map(|table| table.iter_mut());
        for (_, value) in tables {
            if let Some(list) = value.as_array_mut() {
                list.retain(|feature| !feature.as_str().is_some_and(gone));
            }
        }
    }
    Ok(manifest.to_string())
}

fn add_features(dependency: &mut Item, more: &[String]) {
    if let Item::Value(value) = dependency
        && let Some(version) = value.as_str().map(str::to_owned)
    {
        let mut table = toml_edit::InlineTable::new();
        table.insert("version", version.into());
        *dependency = toml_edit::value(table);
    }
    if dependency.get("features").is_none() {
        dependency["features"] = toml_edit::value(toml_edit::Array::new());
    }
    if let Some(features) = dependency.get_mut("features").and_then(Item::as_array_mut) {
        more.iter()
            .for_each(|feature| features.push(feature.as_str()));
    }
}

/// The errors of one `cargo check`, in files of the package; and its features, where there are none.
fn check(
    case: &Case,
    folder: &Path,
    target: &Path,
) -> Result<(Vec<RustcError>, BTreeSet<String>), String> {
    for (name, version) in &case.pins {
        let output = cargo(folder, target)
            .args(["update", "--quiet", "-p", name, "--precise", version])
            .output()
            .map_err(|error| error.to_string())?;
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).into_owned());
        }
    }
    let output = cargo(folder, target)
        .args(["check", "--lib", "-j1", "--message-format=json"])
        .args(&case.arguments)
        .output()
        .map_err(|error| error.to_string())?;
    let lines = String::from_utf8_lossy(&output.stdout).into_owned();
    let name = case.name();
    let own = |package: &str| package.contains(&name);
    let mut errors = BTreeSet::new();
    let mut finished = None;
    let mut features = BTreeSet::new();
    for message in lines
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
    {
        match message["reason"].as_str() {
            Some("compiler-artifact") if message["package_id"].as_str().is_some_and(own) => {
                let on = message["features"].as_array().into_iter().flatten();
                features.extend(on.filter_map(|name| Some(name.as_str()?.to_owned())));
            }
            Some("build-finished") => finished = message["success"].as_bool(),
            Some("compiler-message") if message["message"]["level"] == "error" => {
                let package = message["package_id"].as_str().unwrap_or_default();
                if !own(package) {
                    return Err(format!(
                        "{package} does not compile: {}",
                        message["message"]
                    ));
                }
                errors.extend(self::errors(&message["message"], folder));
            }
            _ => {}
        }
    }
    // What fails without an error in a file of the package failed for a reason of its own.
    if finished.is_none_or(|success| !success && errors.is_empty()) {
        return Err(format!(
            "cargo check of {}: {}",
            case.name(),
            String::from_utf8_lossy(&output.stderr)
        ));
    }
    Ok((errors.into_iter().collect(), features))
}

fn cargo(folder: &Path, target: &Path) -> Command {
    let mut command = Command::new("nice");
    command
        .arg(env!("CARGO"))
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", target)
        // A dependency that names a toolchain of its own gets this one all the same.
        .env("RUSTC", Path::new(env!("CARGO")).with_file_name("rustc"))
        .env("CARGO_INCREMENTAL", "0")
        .env("CARGO_PROFILE_DEV_DEBUG", "0")
        .env_remove("RUSTFLAGS")
        .stdin(Stdio::null());
    command
}

/// The places of an error in the package, one for each primary span: an error in a macro of another
/// crate stands at the macro's call.
fn errors(message: &Value, folder: &Path) -> Vec<RustcError> {
    let spans = message["spans"].as_array().into_iter().flatten();
    let own: Vec<(bool, &Value)> = spans
        .filter_map(|span| Some((span["is_primary"] == true, within(span, folder)?)))
        .collect();
    let number = |span: &Value, key: &str| span[key].as_u64().unwrap_or_default() as usize;
    let lines = |span: &Value| (number(span, "line_start"), number(span, "line_end"));
    let primary = own.iter().filter(|(primary, _)| *primary);
    primary
        .map(|(_, primary)| {
            let labelled = own.iter().filter(|(other, span)| {
                !*other && span["label"].is_string() && name(span) == name(primary)
            });
            let around = labelled.map(|(_, span)| lines(span));
            let mut spans: Vec<_> = around.chain([lines(primary)]).collect();
            spans.sort_unstable();
            spans.dedup();
            RustcError {
                file: name(primary),
                line: number(primary, "line_start"),
                column: number(primary, "column_start"),
                round: 1,
                code: message["code"]["code"]
                    .as_str()
                    .unwrap_or_default()
                    .to_owned(),
                message: message["message"].as_str().unwrap_or_default().to_owned(),
                spans,
            }
        })
        .collect()
}

fn name(span: &Value) -> String {
    span["file_name"]
        .as_str()
        .unwrap_or_default()
        .replace('\\', "/")
}

/// The span, or the one of the macro call that made it, which lies in the package.
fn within<'v>(span: &'v Value, folder: &Path) -> Option<&'v Value> {
    let mut here = span;
    for _ in 0..16 {
        let file = PathBuf::from(here["file_name"].as_str()?);
        if file.is_relative() && folder.join(&file).is_file() {
            return Some(here);
        }
        here = here.get("expansion")?.get("span")?;
    }
    None
}
