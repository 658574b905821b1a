//! What to do in which order, how to see that it worked, and how to see each claim again.

use crate::workspace::run::quoted;

use super::model::{
    AtTarget, Basis, Claim, CodePart, Command, FeatureFate, Origin, Outcome, Spec, Step, Toolchain,
    ToolchainVerdict, TrialPart,
};

/// What the commands are about.
pub struct Words<'a> {
    /// The anchor whose version tells the line.
    pub anchor: &'a str,
    /// `NAME@VERSION`, as cargo is to be told of it.
    pub package: String,
}

/// The parts of a specification that follow from the others.
pub fn complete(spec: &mut Spec, words: &Words<'_>) {
    spec.steps = steps(spec, words);
    spec.tests = tests(spec, words);
    spec.repeat = repeat(spec, words);
    spec.rollback = rollback(spec);
}

fn steps(spec: &Spec, words: &Words<'_>) -> Vec<Step> {
    let mut steps: Vec<(String, Vec<String>)> = Vec::new();
    if let Outcome::Waits { on } = &spec.outcome {
        for because in on {
            steps.push((
                format!("Wait, or ask for a release: {because}."),
                Vec::new(),
            ));
        }
    }
    steps.extend(raise(&spec.toolchain).map(|text| (text, Vec::new())));
    if !spec.manifest.diff.is_empty() {
        let whole = match spec.manifest.basis {
            Basis::Original | Basis::File => "Change the manifest as the diff shows.",
            Basis::Normalised | Basis::Missing => {
                "Change the requirements as the diff shows; the manifest in the repository may be \
                 laid out differently."
            }
        };
        steps.push((whole.to_owned(), Vec::new()));
    }
    steps.extend(code_steps(spec));
    for one in spec.migrations.iter().filter(|one| one.needed) {
        let settings = match one.settings.len() {
            0 => String::new(),
            1 => ", and change 1 setting of its deployments".to_owned(),
            many => format!(", and change {many} settings of its deployments"),
        };
        steps.push((
            format!("Move from `{}` to `{}`{settings}.", one.name, one.successor),
            Vec::new(),
        ));
    }
    if !spec.behaviour.is_empty() {
        let many = spec.behaviour.len();
        let what = if many == 1 { "change" } else { "changes" };
        steps.push((
            format!("Look at the {many} {what} of behaviour: the compiler says nothing of them."),
            Vec::new(),
        ));
    }
    let tests = tests(spec, words).into_iter();
    let tests: Vec<String> = tests.map(|test| test.command).collect();
    steps.push(("Run the tests.".to_owned(), tests));
    match (&spec.package.origin, spec.package.own) {
        (Origin::Registry { .. }, _) => steps.push((
            "Publish a release: a breaking one where types of the family stand in the public API."
                .to_owned(),
            Vec::new(),
        )),
        (Origin::Git { .. }, _) => steps.push((
            "Push it to the branch that the workspace follows, or tell its owner the commit."
                .to_owned(),
            Vec::new(),
        )),
        (Origin::Path { .. }, _) => {}
    }
    let numbered = steps.into_iter().enumerate();
    numbered
        .map(|(at, (text, commands))| Step {
            number: at + 1,
            text,
            commands,
        })
        .collect()
}

fn raise(toolchain: &Toolchain) -> Option<String> {
    match (toolchain.verdict, &toolchain.needed, &toolchain.declared) {
        (ToolchainVerdict::Raise, Some(needed), Some(declared)) => Some(format!(
            "Raise `rust-version` from {declared} to {needed}, for {}.",
            toolchain.by.join(" and ")
        )),
        _ => None,
    }
}

fn code_steps(spec: &Spec) -> Vec<(String, Vec<String>)> {
    let mut steps = Vec::new();
    let CodePart::Scanned(found) = &spec.code else {
        let text = match &spec.trial {
            TrialPart::Tried(tried) if tried.errors.is_empty() => return steps,
            TrialPart::Tried(_) => "Repair what the compiler reports.",
            TrialPart::Refused { .. } => "Repair the manifest, which cargo refuses.",
            TrialPart::NotTried { .. } | TrialPart::Unusable { .. } => {
                "Compile it: its code was not read, so that what breaks is not known."
            }
        };
        steps.push((text.to_owned(), Vec::new()));
        return steps;
    };
    let (machine, hand): (Vec<_>, Vec<_>) = found.hits.iter().partition(|hit| hit.mechanical);
    for (hits, how) in [
        (machine, "Replace paths and names"),
        (hand, "Rewrite by hand, as the recipes show,"),
    ] {
        let sites: usize = hits.iter().map(|hit| hit.sites.len()).sum();
        if sites > 0 {
            let what = if sites == 1 { "place" } else { "places" };
            steps.push((format!("{how} at {sites} {what} of the code."), Vec::new()));
        }
    }
    steps
}

/// The package as cargo's flags name it in the place where its owner works.
fn selected(spec: &Spec) -> String {
    match &spec.package.origin {
        Origin::Path { path } if path == "." => String::new(),
        Origin::Path { .. } | Origin::Git { .. } => {
            format!(" -p {}", quoted(&spec.package.name))
        }
        Origin::Registry { .. } => String::new(),
    }
}

fn tests(spec: &Spec, words: &Words<'_>) -> Vec<Command> {
    let of = selected(spec);
    let optional = spec.companions.iter().any(|one| one.optional);
    let features = if optional { " --all-features" } else { "" };
    let command = |command: String, what: &str| Command {
        command,
        what: what.to_owned(),
    };
    vec![
        command(
            format!("cargo check{of} --all-targets{features}"),
            "compiles everything, tests and examples too",
        ),
        command(format!("cargo test{of}{features}"), "runs its own tests"),
        command(
            format!(
                "cargo tree{of} -e normal{features} -i {}",
                quoted(words.anchor)
            ),
            &format!("names one version, of line {}", spec.to),
        ),
    ]
}

fn repeat(spec: &Spec, words: &Words<'_>) -> Vec<Claim> {
    let package = quoted(&words.package);
    let mut claims = Vec::new();
    let mut claim = |claim: String, command: String| claims.push(Claim { claim, command });
    if !spec.from.is_empty() {
        claim(
            format!(
                "`{}` {} is on line {}",
                spec.package.name,
                spec.package.version,
                spec.from.join(" and ")
            ),
            format!("cargo tree -e normal -p {package}"),
        );
    }
    for one in &spec.losses {
        let build = spec
            .affected
            .iter()
            .find(|affected| Some(&affected.artifact) == one.artifact.as_ref())
            .and_then(|affected| affected.builds.first());
        let flags = build.map_or_else(String::new, |build| format!(" {build}"));
        claim(
            one.message.clone(),
            format!("cargo otel-check check{flags}"),
        );
    }
    for one in &spec.companions {
        let (name, version) = match &one.at_target {
            AtTarget::Release { version, .. } => (&one.package, version),
            AtTarget::Replaced {
                successor, version, ..
            } => (successor, version),
            AtTarget::Free => continue,
            AtTarget::Nothing { because } => {
                claim(because.clone(), "cargo otel-check matrix".to_owned());
                continue;
            }
        };
        claim(
            format!("`{name}` {version} is there, with these features and this `rust-version`"),
            format!("cargo info -v {}", quoted(&format!("{name}@{version}"))),
        );
    }
    for one in &spec.features {
        if let Some(gone) = one
            .gone_in
            .as_ref()
            .filter(|_| !matches!(one.fate, FeatureFate::Unknown))
        {
            claim(
                format!("`{}` {gone} has no feature `{}`", one.package, one.feature),
                format!(
                    "cargo info -v {}",
                    quoted(&format!("{}@{gone}", one.package))
                ),
            );
        }
    }
    if let TrialPart::Tried(tried) = &spec.trial {
        claim(
            "what the compiler says".to_owned(),
            format!("{} in a copy with the patch", tried.command),
        );
    }
    claim(
        "all of this specification".to_owned(),
        format!(
            "cargo otel-check spec {package} --target-line {}",
            quoted(&spec.to)
        ),
    );
    let mut seen = std::collections::BTreeSet::new();
    claims.retain(|one| seen.insert((one.claim.clone(), one.command.clone())));
    claims
}

fn rollback(spec: &Spec) -> Vec<Command> {
    let mut commands = vec![Command {
        command: "git revert HEAD".to_owned(),
        what: "takes it back where it was committed as one".to_owned(),
    }];
    if matches!(spec.package.origin, Origin::Registry { .. }) {
        commands.push(Command {
            command: format!(
                "cargo update -p {} --precise {}",
                quoted(&spec.package.name),
                quoted(&spec.package.version)
            ),
            what: "goes back to the release of today, in a workspace that took the new one and \
                   whose requirement admits both"
                .to_owned(),
        });
    }
    commands
}
