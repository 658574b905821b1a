//! Measures criteria: one file for what is measured in one way. Each gives an [`Answer`], which
//! [`row`] makes a row of the document.

pub mod deferred;
mod exceptions;
mod findings;
mod outside;
mod plan;
mod trial;

use std::collections::BTreeMap;

use crate::plan::model::{OptionId, PlanReport};
use crate::policy::Date;
use crate::report::{Basis, Report};

use super::ledger::{Ledger, Seen};
use super::model::{CriterionRow, EvidenceKind, InputKind, LetThrough, Measured, Run};
use super::settings::{Attestation, Criterion, Measure, Settings};

pub use deferred::Deferred;
pub use exceptions::Exceptions;
pub use findings::{lost, ships};
pub use outside::{Looked, look};
pub use plan::Specified;
pub use trial::Compiled;

/// What all states of a workspace are measured with.
pub struct Ground<'a> {
    pub settings: &'a Settings,
    pub exceptions: Exceptions<'a>,
    pub today: Date,
    /// The line that everything is to be on.
    pub target: Option<String>,
    pub plan: &'a PlanReport,
    /// The flags that were given, as they are to be typed again behind any command.
    pub flags: &'a str,
    /// Those of them with which `spec` writes of what is in the way.
    pub spec_flags: &'a str,
    /// Those that `plan` and `spec` have beside them.
    pub aim: &'a str,
    /// The command that compiles the workspace's own sources.
    pub compile_command: &'a str,
    /// The inputs on which evidence of a kind rests; never empty.
    pub rests: &'a dyn Fn(EvidenceKind) -> Vec<String>,
    /// What files of criteria say, by path: [`look`].
    pub files: &'a BTreeMap<String, Looked>,
    /// Commands of criteria that were run, by the id of the criterion; none where that was not asked
    /// for.
    pub runs: Option<&'a BTreeMap<String, Run>>,
    /// What specifications say, by package.
    pub specified: &'a [Specified],
    /// Whether the rollback of each step of the recommended option gave everything back.
    pub rehearsed: Option<Answer>,
}

/// The workspace as it stands, or as an option would leave it.
pub struct State<'a> {
    /// None for the workspace as it stands.
    pub option: Option<OptionId>,
    /// The line that everything is to be on. Where no line was asked for, an option has its own.
    pub target: Option<String>,
    /// What `check` says of it, before any policy.
    pub report: &'a Report,
    /// None where cargo does not resolve it.
    pub deferred: Option<Deferred>,
    /// What the compiler says; none where that was not asked for.
    pub compiled: Option<Compiled>,
    /// Texts that take the place of files, by their path below the root.
    pub texts: BTreeMap<String, String>,
}

/// What came of one measurement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub result: Measured,
    pub saw: Vec<Saw>,
    pub let_through: Vec<LetThrough>,
    /// Names of packages whose owner is asked where it is not met.
    pub packages: Vec<String>,
}

/// What was seen, before it is evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Saw {
    pub kind: EvidenceKind,
    pub text: String,
    pub command: Option<String>,
    pub run: Option<Run>,
    /// An input of its own, beside those on which evidence of its kind rests.
    pub input: Option<(InputKind, String, Option<String>)>,
}

impl Saw {
    pub fn new(kind: EvidenceKind, text: impl Into<String>) -> Self {
        Self {
            kind,
            text: text.into(),
            command: None,
            run: None,
            input: None,
        }
    }

    /// The same, with the command that shows it again.
    pub fn by(self, command: impl Into<String>) -> Self {
        Self {
            command: Some(command.into()),
            ..self
        }
    }
}

impl Answer {
    pub fn met(text: impl Into<String>, saw: Saw) -> Self {
        Self {
            result: Measured::Met { text: text.into() },
            saw: vec![saw],
            let_through: Vec::new(),
            packages: Vec::new(),
        }
    }

    pub fn unmet(text: impl Into<String>, help: Vec<String>, saw: Vec<Saw>) -> Self {
        Self {
            result: Measured::Unmet {
                text: text.into(),
                help,
            },
            saw,
            let_through: Vec::new(),
            packages: Vec::new(),
        }
    }

    pub fn not_measured(because: impl Into<String>, help: &[&str]) -> Self {
        Self {
            result: Measured::NotMeasured {
                because: because.into(),
                help: help.iter().map(|one| (*one).to_owned()).collect(),
            },
            saw: Vec::new(),
            let_through: Vec::new(),
            packages: Vec::new(),
        }
    }
}

impl Ground<'_> {
    /// The command that shows findings again.
    pub fn check_command(&self) -> String {
        format!("cargo otel-check check --full{}", self.flags)
    }

    /// The command that shows a plan again.
    pub fn plan_command(&self) -> String {
        format!("cargo otel-check plan --options{}{}", self.aim, self.flags)
    }
}

impl State<'_> {
    pub fn resolves(&self) -> bool {
        match self.report.basis {
            Basis::Unresolvable => false,
            Basis::Graph | Basis::PartialGraph | Basis::LockFastPath | Basis::LockOnly => true,
        }
    }

    /// The kind of what is seen of it: the workspace itself, or the proof of an option.
    fn kind(&self) -> EvidenceKind {
        match self.option {
            None => EvidenceKind::Check,
            Some(_) => EvidenceKind::Plan,
        }
    }

    /// Where something is seen: nothing for the workspace as it stands.
    fn place(&self) -> String {
        match self.option {
            None => String::new(),
            Some(option) => format!("with option {}: ", name(option)),
        }
    }
}

/// An option as people call it.
pub fn name(option: OptionId) -> &'static str {
    match option {
        OptionId::A => "A",
        OptionId::B => "B",
        OptionId::C => "C",
    }
}

/// Measures every criterion on a state; gives with it whom the policy names for what is not met, by the
/// id of the criterion.
pub fn rows(
    ground: &Ground<'_>,
    state: &State<'_>,
    ledger: &mut Ledger,
) -> (Vec<CriterionRow>, BTreeMap<String, String>) {
    let mut rows = Vec::new();
    let mut owners = BTreeMap::new();
    for criterion in &ground.settings.criteria {
        let answer = answer(criterion, ground, state);
        let named = answer.packages.iter();
        let mut named: Vec<&str> = named
            .filter_map(|package| ground.settings.owners.get(package))
            .map(String::as_str)
            .collect();
        named.sort_unstable();
        named.dedup();
        if !named.is_empty() {
            owners.insert(criterion.id.clone(), named.join(", "));
        }
        rows.push(row(criterion, answer, ground, ledger));
    }
    (rows, owners)
}

fn answer(criterion: &Criterion, ground: &Ground<'_>, state: &State<'_>) -> Answer {
    match &criterion.measure {
        Measure::Resolves => findings::resolves(ground, state),
        Measure::NoFinding { codes, verdicts } => {
            findings::no_finding(ground, state, codes, verdicts)
        }
        Measure::OnTarget => findings::on_target(ground, state),
        Measure::NothingDeferred => findings::nothing_deferred(ground, state),
        Measure::PlanProven => plan::proven(ground, state),
        Measure::RollbackRehearsed => plan::rehearsed(ground, state),
        Measure::Compiles => trial::compiles(ground, state),
        Measure::Specified => plan::specified(ground, state),
        Measure::Command {
            words,
            code,
            prints,
            ..
        } => {
            let wanted = outside::Wanted {
                words,
                code: *code,
                prints: prints.as_deref(),
            };
            outside::command(ground, state, &criterion.id, &wanted)
        }
        Measure::File { path, matches } => outside::file(ground, state, path, matches.as_deref()),
        Measure::Attested => {
            let given = ground.settings.attestations.iter();
            let given: Vec<&Attestation> =
                given.filter(|one| one.criterion == criterion.id).collect();
            outside::attested(ground, &given, &criterion.help)
        }
    }
}

/// A row of the document, with its evidence in the ledger.
fn row(
    criterion: &Criterion,
    answer: Answer,
    ground: &Ground<'_>,
    ledger: &mut Ledger,
) -> CriterionRow {
    let Answer {
        mut result,
        saw,
        let_through,
        packages: _,
    } = answer;
    if let Measured::Unmet { help, .. } = &mut result {
        for more in &criterion.help {
            if !help.contains(more) {
                help.push(more.clone());
            }
        }
    }
    let mut evidence: Vec<String> = Vec::new();
    for saw in saw {
        let id = noted(saw, ground, ledger);
        if !evidence.contains(&id) {
            evidence.push(id);
        }
    }
    let id = criterion.id.as_str();
    let text = match &criterion.reason {
        Some(reason) => format!("`{id}` of {}: {reason}", criterion.from),
        None => format!("`{id}` of {}", criterion.from),
    };
    evidence.push(ledger.evidence(Seen {
        kind: EvidenceKind::Rule,
        text,
        command: None,
        run: None,
        inputs: (ground.rests)(EvidenceKind::Sum),
    }));
    CriterionRow {
        id: criterion.id.clone(),
        title: criterion.title.clone(),
        category: criterion.category,
        weight: criterion.weight,
        severity: criterion.severity,
        due: criterion.due,
        measure: outside::in_words(&criterion.measure),
        result,
        let_through,
        evidence,
        from: criterion.from.clone(),
    }
}

/// Puts what was seen into the ledger.
pub fn noted(saw: Saw, ground: &Ground<'_>, ledger: &mut Ledger) -> String {
    let mut inputs = (ground.rests)(saw.kind);
    if let Some((kind, name, digest)) = saw.input {
        let id = ledger.input(kind, &name, digest);
        if !inputs.contains(&id) {
            inputs.push(id);
        }
    }
    ledger.evidence(Seen {
        kind: saw.kind,
        text: saw.text,
        command: saw.command,
        run: saw.run,
        inputs,
    })
}

#[cfg(test)]
pub(super) mod testing;
#[cfg(test)]
mod tests;
