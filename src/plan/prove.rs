//! The proof: cargo resolves the edited workspace in its shadow, and the whole analysis judges it.

use std::collections::{BTreeMap, BTreeSet};

use camino::Utf8PathBuf;
use semver::Version;

use crate::registry::Index;
use crate::report::{Finding, Level, Report};
use crate::rules::{Flaw, Rules};
use crate::skew::findings::releases;
use crate::skew::{self, Request};
use crate::sources::Sources;
use crate::workspace::cargo::{Cargo, Refusal};
use crate::workspace::load::{LoadOptions, of_answer};
use crate::workspace::resolve_error::is_network_failure;
use crate::workspace::{Lock, Packages, Workspace, WorkspaceError};

use super::facts::{self, Subject};
use super::shadow::{Shadow, ShadowError};

/// Why no proof could be tried.
#[derive(Debug, thiserror::Error)]
pub enum ProofError {
    #[error(transparent)]
    Shadow(#[from] ShadowError),
    #[error(transparent)]
    Workspace(#[from] WorkspaceError),
}

/// The builds to judge, for a workspace as it comes out.
pub type Requests<'a> = &'a (dyn Fn(&Workspace) -> Result<Request, WorkspaceError> + Sync);

/// Tries changes out.
pub struct Prover<'a> {
    pub shadow: Shadow,
    /// The lock to start from, as cargo completed it.
    pub lock: Option<String>,
    pub cargo: Cargo,
    pub rules: &'a Rules,
    pub options: LoadOptions,
    pub host: Option<String>,
    pub request: Requests<'a>,
}

/// A changed workspace that cargo resolved.
pub struct Tried {
    pub workspace: Workspace,
    pub report: Report,
    /// The lock as cargo left it.
    pub lock: Option<String>,
}

/// What came of trying.
pub enum Trial {
    /// Resolved; whether it is clean, the report says.
    Resolved(Box<Tried>),
    /// Cargo's refusal.
    Refused(String),
}

impl Prover<'_> {
    /// Has cargo resolve the workspace with these manifests and lock moves, and judges it. What the
    /// manifests patch is resolved anew, since a locked release outlives a patch.
    ///
    /// # Errors
    /// Where cargo cannot be run, or the shadow not be written.
    pub fn attempt(
        &self,
        changed: &BTreeMap<Utf8PathBuf, String>,
        patched: &[String],
        locks: &[(String, Option<Version>, Version)],
    ) -> Result<Trial, ProofError> {
        self.shadow.start_over(changed, self.lock.as_deref())?;
        for name in patched {
            if let Some(refused) = self.resolve_anew(name)? {
                return Ok(refused);
            }
        }
        // An edited requirement moves the lock first: the packages to be moved may be new.
        if !locks.is_empty() {
            if !changed.is_empty()
                && let Err(refusal) = self.shadow.metadata(&self.cargo)?
            {
                return self.refused(refusal);
            }
            for (name, from, to) in locks {
                let spec = self.spec(name, from.as_ref(), to)?;
                if let Some(spec) = spec
                    && let Err(refusal) = self.shadow.precise(&self.cargo, &spec, to)?
                {
                    return self.refused(refusal);
                }
            }
        }
        self.resolved(changed, None)
    }

    /// Judges the workspace with these manifests and this lock, which cargo has written for them, once
    /// more; what updates would bring by what an index says.
    ///
    /// # Errors
    /// As [`Prover::attempt`].
    pub fn judge(
        &self,
        changed: &BTreeMap<Utf8PathBuf, String>,
        lock: Option<&str>,
        index: &dyn Index,
    ) -> Result<Trial, ProofError> {
        self.shadow.start_over(changed, lock)?;
        self.resolved(changed, Some(index))
    }

    /// What cargo and the analysis say of what is in the shadow.
    fn resolved(
        &self,
        changed: &BTreeMap<Utf8PathBuf, String>,
        index: Option<&dyn Index>,
    ) -> Result<Trial, ProofError> {
        let (json, stderr) = match self.shadow.metadata(&self.cargo)? {
            Ok(answer) => answer,
            Err(refusal) => return self.refused(refusal),
        };
        let texts = self.texts(changed);
        let workspace = of_answer(&json, &stderr, &self.options, self.host.clone(), &texts)?;
        Ok(Trial::Resolved(Box::new(Tried {
            report: self.report(&workspace, index)?,
            workspace,
            lock: self.shadow.new_lock()?,
        })))
    }

    /// What the analysis says of a workspace.
    ///
    /// # Errors
    /// Where the request names what it has not.
    pub fn report(
        &self,
        workspace: &Workspace,
        index: Option<&dyn Index>,
    ) -> Result<Report, WorkspaceError> {
        let request = (self.request)(workspace)?;
        let packages = Packages::new(&workspace.graph);
        let sources = Sources::new(&packages, &workspace.links);
        skew::analyse(workspace, &packages, self.rules, &request, &sources, index)
    }

    /// What a refusal says of the change: nothing where cargo only could not reach a registry.
    fn refused(&self, refusal: Refusal) -> Result<Trial, ProofError> {
        let Refusal { command, stderr } = refusal;
        let may_ask = !self.cargo.offline && !self.cargo.frozen;
        if may_ask && is_network_failure(&stderr) {
            let stderr = stderr.trim_end().to_owned();
            return Err(WorkspaceError::Cargo { command, stderr }.into());
        }
        Ok(Trial::Refused(stderr))
    }

    /// Lets go of the releases of a package that the lock holds.
    fn resolve_anew(&self, name: &str) -> Result<Option<Trial>, ProofError> {
        for version in self.locked(name)? {
            let spec = format!("{name}@{version}");
            if let Err(refusal) = self.shadow.update(&self.cargo, &spec)? {
                return self.refused(refusal).map(Some);
            }
        }
        Ok(None)
    }

    fn locked(&self, name: &str) -> Result<Vec<Version>, ProofError> {
        let text = self.shadow.new_lock()?.unwrap_or_default();
        let lock = Lock::parse(&self.shadow.root().join("Cargo.lock"), &text)?;
        Ok(lock
            .named(name)
            .map(|entry| entry.version.clone())
            .collect())
    }

    /// How `cargo update` names the package to be moved to a version: as it was, else the locked one
    /// of the same series, else the only one. None where it is there already.
    fn spec(
        &self,
        name: &str,
        from: Option<&Version>,
        to: &Version,
    ) -> Result<Option<String>, ProofError> {
        let locked = self.locked(name)?;
        let was = from.filter(|from| locked.contains(from));
        if was.is_none() && locked.contains(to) {
            return Ok(None);
        }
        let series = skew::Line::of(to);
        let same = locked
            .iter()
            .find(|version| skew::Line::of(version) == series);
        let found = was.or(same.or(locked.last()));
        Ok(found.map(|version| format!("{name}@{version}")))
    }

    fn texts(&self, changed: &BTreeMap<Utf8PathBuf, String>) -> BTreeMap<Utf8PathBuf, String> {
        let all = self.shadow.manifests().iter();
        all.map(|(path, text)| {
            let changed = changed.get(path).cloned();
            (path.clone(), changed.unwrap_or_else(|| text.to_string()))
        })
        .collect()
    }
}

impl Tried {
    /// What keeps the result from being clean.
    pub fn denied(&self) -> Vec<&Finding> {
        let findings = self.report.findings.iter();
        findings
            .filter(|finding| finding.level == Level::Deny)
            .collect()
    }

    /// What it is warned of beside what is known, one sentence each.
    pub fn warned_anew(&self, known: &BTreeSet<Subject>) -> Vec<String> {
        let new = facts::warned(&self.report).filter(|(subject, _)| !known.contains(subject));
        let mut said: Vec<String> = Vec::new();
        for sentence in new.map(|(_, finding)| sentence(finding)) {
            // Several artifacts may be warned of the same.
            if !said.contains(&sentence) {
                said.push(sentence);
            }
        }
        said
    }

    /// Releases in it that do not build, misbehave or pull two lines by themselves, with what the
    /// rules say of them.
    pub fn flawed(&self) -> BTreeMap<(String, Version), String> {
        let codes = [Flaw::Broken, Flaw::Skewed].map(releases::code);
        let findings = self.report.findings.iter();
        let findings = findings.filter(|finding| codes.contains(&finding.code.as_str()));
        let said = |finding: &Finding| {
            let rule = finding.evidence.first();
            rule.map_or_else(|| finding.message.clone(), |rule| rule.text.clone())
        };
        let with = |finding| Some((release(finding)?, said(finding)));
        findings.filter_map(with).collect()
    }
}

/// A finding with its place and what to do.
fn sentence(finding: &Finding) -> String {
    let mut text = finding.message.clone();
    let seen = finding.evidence.iter();
    let places =
        seen.filter_map(|one| Some((one.package.as_ref()?, one.file.as_ref()?, one.line?)));
    if let Some((package, file, line)) = places.into_iter().next() {
        text.push_str(&format!(" ({package} {file}:{line})"));
    }
    for help in &finding.help {
        text.push_str(&format!(". {}", help.trim_end_matches('.')));
    }
    text
}

/// The release that a finding speaks of.
fn release(finding: &Finding) -> Option<(String, Version)> {
    finding.introducer.as_deref().and_then(facts::package)
}
