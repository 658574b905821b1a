//! What a specification comes down to, in a word and in counts.

use std::collections::BTreeSet;

use super::model::{Basis, CodePart, Effort, ManifestPart, Outcome, TrialPart};

/// What it comes down to.
pub fn outcome(
    waits: Vec<String>,
    manifest: &ManifestPart,
    code: &CodePart,
    trial: &TrialPart,
) -> Outcome {
    if !waits.is_empty() {
        return Outcome::Waits { on: waits };
    }
    if manifest.basis == Basis::Missing {
        let because = manifest.problems.first().cloned().unwrap_or_default();
        return Outcome::Unknown { because };
    }
    match (trial, code) {
        (TrialPart::Tried(tried), _) => match tried.errors.is_empty() && tried.applied.is_empty() {
            true => Outcome::BumpOnly,
            false => Outcome::Changes,
        },
        (TrialPart::Refused { .. }, _) => Outcome::Unknown {
            because: "cargo refuses the changed manifest".into(),
        },
        (TrialPart::NotTried { .. } | TrialPart::Unusable { .. }, CodePart::Scanned(found)) => {
            let mut sites = found.hits.iter().flat_map(|hit| &hit.sites);
            match (found.hits.is_empty(), sites.any(|site| site.certain)) {
                (true, _) => Outcome::Unproven,
                (false, true) => Outcome::Changes,
                (false, false) => Outcome::Perhaps,
            }
        }
        (
            TrialPart::NotTried { .. } | TrialPart::Unusable { .. },
            CodePart::NotScanned { because },
        ) => Outcome::Unknown {
            because: because.clone(),
        },
    }
}

/// How much there is to do.
pub fn effort(manifest: &ManifestPart, added: usize, code: &CodePart, trial: &TrialPart) -> Effort {
    let mut effort = Effort {
        requirements: manifest.changes.len() + added,
        ..Effort::default()
    };
    if let CodePart::Scanned(found) = code {
        let sites = || found.hits.iter().flat_map(|hit| &hit.sites);
        let files: BTreeSet<&str> = sites().map(|site| site.file.as_str()).collect();
        let all = sites().count();
        let mechanical: usize = found
            .hits
            .iter()
            .filter(|hit| hit.mechanical)
            .map(|hit| hit.sites.iter().filter(|site| site.certain).count())
            .sum();
        effort.files = Some(files.len());
        effort.sites = Some(all);
        effort.certain = Some(sites().filter(|site| site.certain).count());
        effort.mechanical = Some(mechanical);
        effort.by_hand = Some(all - mechanical);
    }
    if let TrialPart::Tried(tried) = trial {
        effort.errors = Some(tried.errors.len());
    }
    effort
}
