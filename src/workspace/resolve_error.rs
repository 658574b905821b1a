//! Takes cargo's own explanation of a failed resolution apart.

use camino::Utf8PathBuf;
use serde::Serialize;

/// Why cargo could not resolve a workspace, as cargo's message says it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ResolveError {
    pub cause: Cause,
    /// From the package whose requirement fails up to a member.
    pub chain: Vec<Requirer>,
    /// For a conflict, the way by which the version in the way was chosen.
    pub other_chain: Vec<Requirer>,
    /// Cargo's message without its `error:`.
    pub message: String,
}

/// What stands in the way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Cause {
    /// A feature is asked for that no matching version has.
    MissingFeature {
        dependency: String,
        requirement: Option<String>,
        feature: String,
        available: Vec<String>,
    },
    /// Two requirements on one crate exclude each other.
    Conflict {
        dependency: String,
        requirement: Option<String>,
        selected: String,
        selected_requirement: Option<String>,
    },
    /// No published version matches.
    NoVersion {
        dependency: String,
        requirement: String,
    },
    /// No such package.
    NoPackage { dependency: String },
    /// Two packages link one native library, or a cycle, or words this program does not know.
    Other { dependency: Option<String> },
}

/// One step of a chain: a package, and the requirement by which the next one up asked for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Requirer {
    pub package: String,
    pub version: String,
    /// The folder of a path package.
    pub path: Option<Utf8PathBuf>,
    /// The crate that this package requires, one step down.
    pub dependency: String,
    /// That requirement, where cargo prints it.
    pub requirement: Option<String>,
}

impl Cause {
    /// The crate for which no version can be chosen.
    pub fn dependency(&self) -> Option<&str> {
        match self {
            Self::MissingFeature { dependency, .. }
            | Self::Conflict { dependency, .. }
            | Self::NoVersion { dependency, .. }
            | Self::NoPackage { dependency } => Some(dependency),
            Self::Other { dependency } => dependency.as_deref(),
        }
    }
}

/// Whether cargo's words say that the graph cannot be resolved, as opposed to a broken manifest, a
/// missing network or a lock that may not be changed.
pub fn is_resolution_failure(stderr: &str) -> bool {
    // Without the network cargo says "no matching package" of what it merely has not downloaded.
    if stderr.contains("--offline") || stderr.contains("offline mode") {
        return false;
    }
    [
        "error: failed to select a version for",
        "error: no matching package named",
        "error: no matching package found",
        "error: cyclic package dependency",
        "could not resolve this conflict",
    ]
    .iter()
    .any(|words| stderr.contains(words))
}

/// Whether cargo failed only because it may not or cannot reach the network.
pub fn is_network_failure(stderr: &str) -> bool {
    [
        "--offline was specified",
        "--frozen was specified",
        "offline mode",
        "attempting to make an HTTP request",
        "download of config.json failed",
        "Couldn't resolve host",
        "Could not resolve host",
        "Could not connect to server",
        "failed to download",
        "network failure seems to have happened",
        "spurious network error",
    ]
    .iter()
    .any(|words| stderr.contains(words))
}

/// Parses cargo's standard error.
pub fn parse(stderr: &str) -> ResolveError {
    let message = message(stderr);
    let subject = between(&message, "failed to select a version for `", '`')
        .or_else(|| between(&message, "no matching package named `", '`'));
    let requirement = between(&message, "versions that meet the requirements `", '`');
    let (own, selected) = match message.find("previously selected package") {
        Some(at) => message.split_at(at),
        None => (message.as_str(), ""),
    };
    let cause = cause(&message, subject.clone(), requirement.clone());
    ResolveError {
        chain: chain(own, cause.dependency(), requirement.as_deref()),
        other_chain: chain(selected, cause.dependency(), None),
        cause,
        message,
    }
}

/// What cargo says from its `error:` on.
fn message(stderr: &str) -> String {
    let text = match stderr.find("error: ") {
        Some(at) => &stderr[at + "error: ".len()..],
        None => stderr,
    };
    text.trim_end().to_owned()
}

fn cause(message: &str, subject: Option<String>, requirement: Option<String>) -> Cause {
    if let Some(feature) =
        between(message, "with feature `", '`').or_else(|| between(message, "with features `", '`'))
        && let Some(dependency) = subject.clone()
    {
        let available = message
            .lines()
            .find_map(|line| line.trim().strip_prefix("available features: "))
            .map(|list| list.split(", ").map(str::to_owned).collect())
            .unwrap_or_default();
        return Cause::MissingFeature {
            dependency,
            requirement,
            feature,
            available,
        };
    }
    if let Some(wanted) = between(message, "for the requirement `", '`')
        && let Some((dependency, requirement)) = requirement_of(&wanted)
    {
        return Cause::NoVersion {
            dependency,
            requirement,
        };
    }
    if message.starts_with("no matching package")
        && let Some(dependency) = subject.clone()
    {
        return Cause::NoPackage { dependency };
    }
    if let (Some(dependency), Some(selected)) = (
        &subject,
        between(message, "previously selected package `", '`'),
    ) && selected.starts_with(&format!("{dependency} "))
    {
        let after = message.find("previously selected package").unwrap_or(0);
        let selected_requirement = between(&message[after..], "which satisfies dependency `", '`')
            .and_then(|text| requirement_of(&text))
            .map(|(_, requirement)| requirement);
        return Cause::Conflict {
            dependency: dependency.clone(),
            requirement,
            selected,
            selected_requirement,
        };
    }
    Cause::Other {
        dependency: subject,
    }
}

/// The `required by` and `which satisfies` lines of one chain.
fn chain(text: &str, subject: Option<&str>, requirement: Option<&str>) -> Vec<Requirer> {
    let mut steps = Vec::new();
    for line in text.lines().map(str::trim) {
        let (wanted, rest) = if let Some(rest) = strip(line, "required by package `") {
            let dependency = subject.unwrap_or_default().to_owned();
            ((dependency, requirement.map(str::to_owned)), rest)
        } else if let Some(at) = line.find("` of package `") {
            let Some(wanted) = line[..at].rsplit('`').next() else {
                continue;
            };
            let wanted = match requirement_of(wanted) {
                Some((name, requirement)) => (name, Some(requirement)),
                None => (wanted.to_owned(), None),
            };
            (wanted, &line[at + "` of package `".len()..])
        } else {
            continue;
        };
        if let Some((package, version, path)) = package(rest) {
            steps.push(Requirer {
                package,
                version,
                path,
                dependency: wanted.0,
                requirement: wanted.1,
            });
        }
    }
    steps
}

fn strip<'a>(line: &'a str, words: &str) -> Option<&'a str> {
    line.strip_prefix(words)
        .or_else(|| line.strip_prefix("... ")?.strip_prefix(words))
}

/// `name v1.2.3 (/path)` up to the closing backtick.
fn package(text: &str) -> Option<(String, String, Option<Utf8PathBuf>)> {
    let text = text.split('`').next()?;
    let (name, rest) = text.split_once(" v")?;
    let (version, source) = match rest.split_once(" (") {
        Some((version, source)) => (version, source.strip_suffix(')')),
        None => (rest, None),
    };
    let path = source
        .filter(|source| !source.contains("://") && !source.starts_with("registry"))
        .map(Utf8PathBuf::from);
    Some((name.to_owned(), version.to_owned(), path))
}

/// `name = "req"`, with whatever cargo adds behind it.
fn requirement_of(text: &str) -> Option<(String, String)> {
    let (name, rest) = text.split_once(" = \"")?;
    let requirement = rest.split('"').next()?;
    Some((name.to_owned(), requirement.to_owned()))
}

fn between(text: &str, before: &str, after: char) -> Option<String> {
    let start = text.find(before)? + before.len();
    let end = text[start..].find(after)?;
    Some(text[start..start + end].to_owned())
}

/// Dependencies that cargo ignores since they have no library: (package, dependency).
pub fn ignored_dependencies(stderr: &str) -> Vec<(String, String)> {
    const WORDS: &str = ") ignoring invalid dependency `";
    stderr
        .lines()
        .filter_map(|line| {
            let line = line.strip_prefix("warning: ")?;
            let (package, _) = line.split_once(' ')?;
            let dependency = between(line, WORDS, '`')?;
            line.contains("missing a lib target")
                .then(|| (package.to_owned(), dependency))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const MISSING_FEATURE: &str = "    Updating the index
error: failed to select a version for `base`.
    ... required by package `old v0.1.0 (/ws/old)`
    ... which satisfies path dependency `old` of package `app v0.1.0 (/ws)`
versions that meet the requirements `^0.21` are: 0.21.0

package `old` depends on `base` with feature `rt` but `base` does not have that feature.
 available features: default, trace


failed to select a version for `base` which could resolve this conflict
";

    #[test]
    fn missing_feature() {
        assert!(is_resolution_failure(MISSING_FEATURE));
        let error = parse(MISSING_FEATURE);
        assert_eq!(
            error.cause,
            Cause::MissingFeature {
                dependency: "base".into(),
                requirement: Some("^0.21".into()),
                feature: "rt".into(),
                available: vec!["default".into(), "trace".into()],
            }
        );
        let steps: Vec<_> = error
            .chain
            .iter()
            .map(|step| (step.package.as_str(), step.dependency.as_str()))
            .collect();
        assert_eq!(steps, [("old", "base"), ("app", "old")]);
        assert_eq!(error.chain[0].path.as_deref(), Some("/ws/old".into()));
    }

    const CONFLICT: &str = "error: failed to select a version for `tokio`.
    ... required by package `app v0.1.0 (/ws)`
versions that meet the requirements `^1.40` are: 1.54.1, 1.40.0

all possible versions conflict with previously selected packages.

  previously selected package `tokio v1.38.0`
    ... which satisfies dependency `tokio = \"~1.38.0\"` of package `kit v0.25.0`
    ... which satisfies dependency `kit = \"^0.25\"` of package `app v0.1.0 (/ws)`

failed to select a version for `tokio` which could resolve this conflict
";

    #[test]
    fn conflict() {
        let error = parse(CONFLICT);
        assert_eq!(
            error.cause,
            Cause::Conflict {
                dependency: "tokio".into(),
                requirement: Some("^1.40".into()),
                selected: "tokio v1.38.0".into(),
                selected_requirement: Some("~1.38.0".into()),
            }
        );
        assert_eq!(error.chain.len(), 1);
        assert_eq!(error.chain[0].requirement.as_deref(), Some("^1.40"));
        assert_eq!(error.other_chain.len(), 2);
        assert_eq!(error.other_chain[1].dependency, "kit");
        assert_eq!(error.other_chain[1].requirement.as_deref(), Some("^0.25"));
    }

    #[test]
    fn no_version_and_no_package() {
        let error = parse(
            "error: failed to select a version for the requirement `base = \"^0.99\"`\n\
             candidate versions found which didn't match: 0.33.1\nlocation searched: index\n\
             required by package `lib v0.1.0 (/ws/lib)`\n",
        );
        assert!(
            matches!(&error.cause, Cause::NoVersion { dependency, requirement }
            if dependency == "base" && requirement == "^0.99")
        );
        assert_eq!(error.chain[0].package, "lib");
        let error = parse(
            "error: no matching package named `zz` found\nlocation searched: index\n\
             required by package `lib v0.1.0 (/ws/lib)`\n",
        );
        assert_eq!(
            error.cause,
            Cause::NoPackage {
                dependency: "zz".into()
            }
        );
        assert_eq!(error.chain[0].dependency, "zz");
    }

    #[test]
    fn a_missing_network_is_no_resolution_failure() {
        let text = "error: no matching package named `x` found\n... you may be in offline mode";
        assert!(!is_resolution_failure(text));
        assert!(is_network_failure(text));
    }

    #[test]
    fn ignored_without_library() {
        let text = "warning: lib v0.1.0 (/ws/lib) ignoring invalid dependency `zz` which is missing a lib target\n";
        assert_eq!(
            ignored_dependencies(text),
            [("lib".to_owned(), "zz".to_owned())]
        );
    }
}
