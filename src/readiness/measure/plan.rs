//! What `plan` and `spec` say: a way that is proven, a way back, and what others have to do.

use crate::plan::model::{OptionId, Outcome, PlanOption};
use crate::readiness::model::{EvidenceKind, Measured};
use crate::readiness::options::said;
use crate::report::plain::counted;
use crate::spec::Spec;
use crate::spec::model::TrialPart;

use super::{Answer, Ground, Saw, State, name};

/// What a specification says of a package in the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Specified {
    pub package: String,
    pub version: String,
    pub trial: Tried,
}

/// What the compiler says of what a specification asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tried {
    /// It compiles.
    Yes,
    /// It does not, for so many reasons; or cargo's words.
    No { errors: usize, said: String },
    /// It was not tried, or nothing follows from it.
    Not { because: String },
}

impl Specified {
    /// Of a specification.
    pub fn of(spec: &Spec) -> Self {
        let trial = match &spec.trial {
            TrialPart::NotTried { because } => Tried::Not {
                because: because.clone(),
            },
            TrialPart::Refused { said } => Tried::No {
                errors: 0,
                said: one_line(said),
            },
            TrialPart::Unusable { said } => Tried::Not {
                because: format!("it could not be compiled even before: {}", one_line(said)),
            },
            TrialPart::Tried(tried) if tried.errors.is_empty() => Tried::Yes,
            TrialPart::Tried(tried) => Tried::No {
                errors: tried.errors.len(),
                said: String::new(),
            },
        };
        Self {
            package: spec.package.name.clone(),
            version: spec.package.version.clone(),
            trial,
        }
    }

    fn label(&self) -> String {
        format!("{}@{}", self.package, self.version)
    }
}

fn one_line(said: &str) -> String {
    let mut lines = said.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.next().unwrap_or_default().to_owned()
}

/// The option of a state.
pub(super) fn option<'a>(ground: &Ground<'a>, id: OptionId) -> Option<&'a PlanOption> {
    ground.plan.options.iter().find(|one| one.id == id)
}

pub(super) fn proven(ground: &Ground<'_>, state: &State<'_>) -> Answer {
    let saw = |text: &str| Saw::new(EvidenceKind::Plan, text).by(ground.plan_command());
    if let Some(option) = state.option.and_then(|id| option(ground, id)) {
        let text = said(option);
        return Answer::met(text.clone(), saw(&text));
    }
    // Where nothing is to be done, a plan need not name a line.
    let rests = |one: &PlanOption| one.target.is_none() && one.outcome == Outcome::NothingToDo;
    let aims = |one: &&PlanOption| one.target == ground.target || rests(one);
    let mut aiming = ground.plan.options.iter().filter(aims);
    let works = aiming.find_map(|option| match option.outcome {
        Outcome::NothingToDo => Some("nothing is to be done".to_owned()),
        Outcome::Proven { .. } => Some(match &option.target {
            Some(line) => format!("option {} to line {line} is proven", name(option.id)),
            None => format!("option {} is proven", name(option.id)),
        }),
        Outcome::Unproven { .. } | Outcome::None { .. } => None,
    });
    if let Some(text) = works {
        return Answer::met(text.clone(), saw(&text));
    }
    unproven(ground)
}

/// No option to the target is proven: why, and which others are.
fn unproven(ground: &Ground<'_>) -> Answer {
    let mut because: Vec<String> = Vec::new();
    let mut others: Vec<String> = Vec::new();
    let mut saw = Vec::new();
    for option in &ground.plan.options {
        let why = match &option.outcome {
            Outcome::Unproven { because } | Outcome::None { because } => because,
            Outcome::Proven { .. } | Outcome::NothingToDo => {
                let line = option.target.as_deref().unwrap_or("no line");
                others.push(format!("option {} to {line} is proven", name(option.id)));
                continue;
            }
        };
        let text = format!("option {} is not proven: {why}", name(option.id));
        saw.push(Saw::new(EvidenceKind::Plan, text).by(ground.plan_command()));
        if option.target == ground.target && !because.contains(why) {
            because.push(why.clone());
        }
    }
    let mut text = match &ground.target {
        Some(line) => format!("no plan to line {line} is proven"),
        None => "no plan is proven".to_owned(),
    };
    if because.is_empty() {
        because.push(ground.plan.because.clone());
    }
    text.push_str(&format!(": {}", because.join("; ")));
    if saw.is_empty() {
        let command = ground.plan_command();
        saw.push(Saw::new(EvidenceKind::Plan, text.clone()).by(command));
    }
    Answer::unmet(text, others, saw)
}

pub(super) fn rehearsed(ground: &Ground<'_>, state: &State<'_>) -> Answer {
    let recommended = ground.plan.recommended;
    let id = state.option.or(recommended);
    let Some(option) = id.and_then(|id| option(ground, id)) else {
        return Answer::not_measured("no plan is proven, so that there is nothing to undo", &[]);
    };
    if option.outcome == Outcome::NothingToDo {
        let text = "nothing is to be changed, so that nothing has to be undone";
        return Answer::met(
            text,
            Saw::new(EvidenceKind::Plan, text).by(ground.plan_command()),
        );
    }
    match &ground.rehearsed {
        Some(answer) if Some(option.id) == recommended => answer.clone(),
        Some(_) => Answer::not_measured("the recommended option alone is rehearsed", &[]),
        None => Answer::not_measured("no rollback was rehearsed", &[]),
    }
}

pub(super) fn specified(ground: &Ground<'_>, state: &State<'_>) -> Answer {
    let nobody = |text: &str, command: String| {
        Answer::met(text, Saw::new(EvidenceKind::Spec, text).by(command))
    };
    let spec = format!(
        "cargo otel-check spec --trial{}{}",
        ground.aim, ground.spec_flags
    );
    let all = ground.specified;
    let of_option = state.option.and_then(|id| option(ground, id));
    let meant: Vec<&Specified> = match of_option {
        None => all.iter().collect(),
        Some(option) => {
            let waits = &option.waits_for;
            let waited = |one: &&Specified| waits.iter().any(|wait| wait.package == one.package);
            let missing = waits
                .iter()
                .find(|wait| !all.iter().any(|one| one.package == wait.package));
            if let Some(missing) = missing {
                let because = format!("there is no specification for `{}`", missing.package);
                return Answer::not_measured(because, &[]);
            }
            all.iter().filter(waited).collect()
        }
    };
    if meant.is_empty() {
        return nobody("no dependency is in the way", spec);
    }
    let (mut failed, mut untried) = (Vec::new(), Vec::new());
    for one in &meant {
        match &one.trial {
            Tried::Yes => {}
            Tried::No { errors: 0, said } => failed.push(format!("{}: {said}", one.label())),
            Tried::No { errors, .. } => failed.push(format!(
                "{}: {} of the compiler are left to its owner",
                one.label(),
                counted(*errors, "error")
            )),
            Tried::Not { because } => untried.push(format!("{}: {because}", one.label())),
        }
    }
    let saw: Vec<Saw> = meant
        .iter()
        .map(|one| {
            let text = format!("a specification for {}: {}", one.label(), tried(&one.trial));
            let command = format!(
                "cargo otel-check spec --trial {}{}{}",
                one.label(),
                ground.aim,
                ground.spec_flags
            );
            Saw::new(EvidenceKind::Spec, text).by(command)
        })
        .collect();
    if !failed.is_empty() {
        let mut answer = Answer::unmet(failed.join("; "), Vec::new(), saw);
        answer.packages = meant.iter().map(|one| one.package.clone()).collect();
        return answer;
    }
    if !untried.is_empty() {
        let mut answer = Answer::not_measured(
            untried.join("; "),
            &["`--trial` compiles what the specifications ask for"],
        );
        answer.saw = saw;
        return answer;
    }
    let labels: Vec<String> = meant.iter().map(|one| one.label()).collect();
    Answer {
        result: Measured::Met {
            text: format!("what is asked of {} compiles", labels.join(", ")),
        },
        saw,
        let_through: Vec::new(),
        packages: Vec::new(),
    }
}

fn tried(trial: &Tried) -> String {
    match trial {
        Tried::Yes => "it compiles".into(),
        Tried::No { errors: 0, said } => format!("cargo refuses it: {said}"),
        Tried::No { errors, .. } => format!("the compiler has {}", counted(*errors, "error")),
        Tried::Not { because } => format!("it was not tried: {because}"),
    }
}
