//! What cargo and rustc say while they compile, as values.

mod wire;

use std::collections::{BTreeMap, BTreeSet};

use camino::{Utf8Path, Utf8PathBuf};
use serde::Serialize;

use crate::plan::shadow::normal;

use super::suggestion::{Replacement, Suggestion};

use wire::{Diagnostic, Message, Span, Target};

/// An error of the compiler, once for all targets that have it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// The package that does not compile.
    pub package: String,
    /// Whether its source is here: a member or a path dependency, not a published package.
    pub local: bool,
    /// Those of its targets that have this error: `NAME (KIND)`.
    pub targets: Vec<String>,
    pub message: String,
    /// `E0308` and the like.
    pub code: Option<String>,
    pub spot: Option<Spot>,
    /// The whole of it as rustc prints it.
    pub rendered: String,
    /// What rustc says beside it.
    #[serde(skip)]
    pub detail: Detail,
}

/// What rustc says of an error beside its message.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Detail {
    /// All places that it is about; the first is [`Fault::spot`].
    pub spots: Vec<Spot>,
    /// Labels at places, notes and help.
    pub words: Vec<String>,
    /// The code at the places that it is about.
    pub code: Vec<String>,
    /// Where notes point elsewhere: the file, and the code there.
    pub elsewhere: Vec<(Utf8PathBuf, String)>,
    /// Those that rustc holds to be right as they are.
    pub suggestions: Vec<Suggestion>,
}

impl Fault {
    /// Whether it is a lint that the package itself made an error. Cargo caps lints of dependencies,
    /// so that dependants do not see it.
    pub fn is_lint(&self) -> bool {
        let number = |code: &str| {
            let digits = code.strip_prefix('E');
            digits.is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit()))
        };
        self.code.as_deref().is_some_and(|code| !number(code))
    }
}

/// A place in a source.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Spot {
    /// From the workspace's root, where it lies below; else absolute.
    pub file: Utf8PathBuf,
    /// From 1, as is the column, which counts characters.
    pub line: usize,
    pub column: usize,
}

/// What makes two errors the same.
type Key = (String, String, Option<String>, Option<Spot>);

/// Gathers messages, one line of JSON after the other.
pub struct Gathered {
    root: Utf8PathBuf,
    pub faults: Vec<Fault>,
    known: BTreeMap<Key, usize>,
    warnings: BTreeSet<Key>,
    /// Whether the build succeeded; none where cargo did not come to build.
    pub success: Option<bool>,
}

impl Gathered {
    pub fn new(root: &Utf8Path) -> Self {
        Self {
            root: root.to_owned(),
            faults: Vec::new(),
            known: BTreeMap::new(),
            warnings: BTreeSet::new(),
            success: None,
        }
    }

    /// How many different warnings there were.
    pub fn warnings(&self) -> usize {
        self.warnings.len()
    }

    /// Takes one line, with real paths in it; gives the name of a package that is done.
    pub fn line(&mut self, line: &str) -> Option<String> {
        // Macros may print to standard output, too.
        match serde_json::from_str(line).ok()? {
            Message::Diagnostic {
                package_id,
                target,
                message,
            } => self.message(&package_id, &target, message),
            Message::CompilerArtifact { package_id } => return Some(name(&package_id)),
            Message::BuildFinished { success } => self.success = Some(success),
            Message::Other => {}
        }
        None
    }

    fn message(&mut self, package_id: &str, target: &Target, message: Diagnostic) {
        let is_error = message.level.starts_with("error");
        if message.spans.is_empty() && is_summary(&message.message)
            || !is_error && message.level != "warning"
        {
            return;
        }
        let primary = message.spans.iter().find(|span| span.is_primary);
        let spot = primary.map(|span| self.spot(span));
        let detail = match is_error {
            true => self.detail(&message),
            false => Detail::default(),
        };
        let code = message.code.map(|code| code.code);
        let package = name(package_id);
        let key = (
            package.clone(),
            message.message.clone(),
            code.clone(),
            spot.clone(),
        );
        if !is_error {
            self.warnings.insert(key);
            return;
        }
        let target = format!("{} ({})", target.name, target.kind.join(", "));
        if let Some(known) = self.known.get(&key) {
            let targets = &mut self.faults[*known].targets;
            if !targets.contains(&target) {
                targets.push(target);
            }
            return;
        }
        self.known.insert(key, self.faults.len());
        self.faults.push(Fault {
            package,
            local: is_local(package_id),
            targets: vec![target],
            rendered: message.rendered.unwrap_or_else(|| message.message.clone()),
            message: message.message,
            code,
            spot,
            detail,
        });
    }

    fn detail(&self, message: &Diagnostic) -> Detail {
        let all = || std::iter::once(message).chain(&message.children);
        let labels = all().flat_map(|part| part.spans.iter().filter_map(|span| span.label.clone()));
        let notes = message.children.iter().map(|child| child.message.clone());
        let primary = || message.spans.iter().filter(|span| span.is_primary);
        let beside = message.children.iter().flat_map(|child| &child.spans);
        Detail {
            spots: primary().map(|span| self.spot(span)).collect(),
            words: labels.chain(notes).collect(),
            code: primary().map(Span::code).collect(),
            elsewhere: beside
                .filter(|span| span.suggested_replacement.is_none())
                .map(|span| (self.absolute(&span.file_name), span.code()))
                .collect(),
            suggestions: all().filter_map(|part| self.suggestion(part)).collect(),
        }
    }

    /// What a part of a message suggests, if all of it can be taken as it is.
    fn suggestion(&self, part: &Diagnostic) -> Option<Suggestion> {
        let proposed = |span: &&Span| span.suggested_replacement.is_some();
        let mut replacements = Vec::new();
        for span in part.spans.iter().filter(proposed) {
            let sure = span.suggestion_applicability.as_deref() == Some("MachineApplicable");
            if !sure || span.expansion.is_some() {
                return None;
            }
            replacements.push(Replacement {
                file: self.absolute(&span.file_name),
                range: span.byte_start..span.byte_end,
                text: span.suggested_replacement.clone()?,
            });
        }
        (!replacements.is_empty()).then(|| Suggestion {
            message: part.message.clone(),
            replacements,
        })
    }

    /// The place of a span; of code that a macro of another package made, the place of the call.
    fn spot(&self, span: &Span) -> Spot {
        let mut at = span;
        while let Some(expansion) = &at.expansion
            && !self.absolute(&at.file_name).starts_with(&self.root)
        {
            at = &expansion.span;
        }
        let file = self.absolute(&at.file_name);
        Spot {
            file: match file.strip_prefix(&self.root) {
                Ok(relative) => relative.to_owned(),
                Err(_) => file,
            },
            line: at.line_start,
            column: at.column_start,
        }
    }

    /// Cargo lets rustc run in the workspace's root.
    fn absolute(&self, file: &str) -> Utf8PathBuf {
        if file.starts_with('<') {
            return file.into();
        }
        normal(&self.root.join(file))
    }

    /// Adds the failures of build scripts, of which cargo tells on standard error alone.
    pub fn build_scripts(&mut self, stderr: &str) {
        const WORDS: &str = "error: failed to run custom build command for `";
        for (at, _) in stderr.match_indices(WORDS) {
            let rest = &stderr[at..];
            let end = ["\nerror: ", "\nwarning: build failed"]
                .iter()
                .filter_map(|words| rest.find(words))
                .min()
                .unwrap_or(rest.len());
            let rendered = rest[..end].trim_end().to_owned();
            let spec = rest[WORDS.len()..].split('`').next().unwrap_or_default();
            let first = rendered.lines().next().unwrap_or_default();
            self.faults.push(Fault {
                package: spec.split(' ').next().unwrap_or_default().to_owned(),
                local: spec.ends_with(')'),
                targets: vec!["build script".to_owned()],
                message: first.trim_start_matches("error: ").to_owned(),
                code: None,
                spot: None,
                rendered,
                detail: Detail::default(),
            });
        }
    }
}

/// Whether a message only counts others.
fn is_summary(message: &str) -> bool {
    message.starts_with("aborting due to ")
        || message.ends_with(" warning emitted")
        || message.ends_with(" warnings emitted")
}

/// Whether a package comes from a folder here.
fn is_local(package_id: &str) -> bool {
    package_id.starts_with("path+") || package_id.contains("(path+")
}

/// The name in a package id: `URL#NAME@VERSION`, `URL/NAME#VERSION`, or of old `NAME VERSION (URL)`.
fn name(package_id: &str) -> String {
    let (url, fragment) = match package_id.split_once('#') {
        Some(parts) if !package_id.contains(" (") => parts,
        _ => {
            let name = package_id.split(' ').next();
            return name.unwrap_or(package_id).to_owned();
        }
    };
    match fragment.split_once('@') {
        Some((name, _)) => name.to_owned(),
        None => {
            let path = url.split('?').next().unwrap_or(url);
            path.rsplit('/').next().unwrap_or(path).to_owned()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Gathered, name};

    #[test]
    fn names_in_ids() {
        for (id, expected) in [
            (
                "registry+https://example.invalid/index#serde@1.0.0",
                "serde",
            ),
            ("path+file:///ws/agent#0.1.0", "agent"),
            ("path+file:///ws/agent#edge-agent@0.1.0", "edge-agent"),
            ("git+https://example.invalid/a/b.git?branch=x#c@1.0.0", "c"),
            ("git+https://example.invalid/a/b?rev=1#1.0.0", "b"),
            (
                "serde 1.0.0 (registry+https://example.invalid/index)",
                "serde",
            ),
            ("a 0.1.0 (path+file:///ws/a)", "a"),
        ] {
            assert_eq!(name(id), expected, "{id}");
        }
    }

    #[test]
    fn what_is_no_message_is_left_out() {
        let mut gathered = Gathered::new("/ws".into());
        for line in [
            "",
            "hello",
            "{}",
            r#"{"reason":"build-script-executed"}"#,
            "[1]",
        ] {
            assert_eq!(gathered.line(line), None);
        }
        assert_eq!(gathered.success, None);
        assert!(gathered.faults.is_empty());
    }

    #[test]
    fn failing_build_scripts() {
        let stderr = "   Compiling a v0.1.0 (/ws/a)\nerror: failed to run custom build command for `a v0.1.0 (/ws/a)`\n\nCaused by:\n  process failed\nerror: failed to run custom build command for `b-sys v1.0.0`\n\nCaused by:\n  other\nwarning: build failed, waiting for other jobs to finish...\n";
        let mut gathered = Gathered::new("/ws".into());
        gathered.build_scripts(stderr);
        let found: Vec<_> = gathered
            .faults
            .iter()
            .map(|f| (&*f.package, f.local))
            .collect();
        assert_eq!(found, [("a", true), ("b-sys", false)]);
        assert!(gathered.faults[0].rendered.ends_with("process failed"));
        assert!(gathered.faults[1].rendered.ends_with("other"));
    }
}
