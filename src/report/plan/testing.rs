//! Plans to render.

use crate::plan::{
    Action, Blocker, Cost, OptionId, Outcome, Owner, PLAN_SCHEMA_VERSION, PlanOption, PlanReport,
    Risk, Step, TargetReason, TargetRow,
};
use crate::report::Tool;

const EVERY_ACTION: [Action; 11] = [
    Action::Lock,
    Action::Bump,
    Action::Downgrade,
    Action::SwitchFeature,
    Action::MoveFeature,
    Action::DropFeature,
    Action::Replace,
    Action::Disable,
    Action::Patch,
    Action::Wait,
    Action::Ask,
];

const DIFF: &str = "\
--- a/Cargo.toml
+++ b/Cargo.toml
@@ -9,7 +9,7 @@
 [workspace.dependencies]
 api = \"0.3\"
-bridge = { version = \"0.2\", default-features = false }
+bridge = { version = \"0.4\", default-features = false }
 \tlog = \"0.4\"
";

fn report(options: Vec<PlanOption>, recommended: Option<OptionId>, because: &str) -> PlanReport {
    PlanReport {
        schema_version: PLAN_SCHEMA_VERSION,
        tool: Tool {
            name: "t".into(),
            version: "1.0.0".into(),
        },
        family: "Telemetry".into(),
        resolves: true,
        lines_today: vec!["0.3".into(), "0.2".into(), "0.1".into()],
        live: Some("0.3".into()),
        targets: targets(),
        options,
        recommended,
        because: because.into(),
        notes: Vec::new(),
    }
}

fn cost(disabled: u32, blocked: u32, breaking: u32, edits: u32, lock_moves: u32) -> Cost {
    Cost {
        disabled,
        blocked,
        breaking,
        edits,
        lock_moves,
    }
}

fn targets() -> Vec<TargetRow> {
    let row = |line: &str, because: &[TargetReason], cost, blockers| TargetRow {
        line: line.into(),
        because: because.to_vec(),
        cost,
        blockers,
    };
    vec![
        row(
            "0.3",
            &[TargetReason::Live, TargetReason::FewestEdits],
            Some(cost(0, 0, 1, 2, 0)),
            Vec::new(),
        ),
        row(
            "0.4",
            &[TargetReason::NewestCommon],
            Some(cost(0, 0, 3, 4, 1)),
            Vec::new(),
        ),
        row("0.5", &[], None, vec![blocker()]),
        row("0.6", &[TargetReason::Newest], None, vec![blocker()]),
    ]
}

fn blocker() -> Blocker {
    Blocker {
        package: "client".into(),
        version: Some("2.1.0".into()),
        because: "its newest release 2.3.0 asks for `api ^0.4`".into(),
        culprit: Some("agent/Cargo.toml:12: client = \"2\"".into()),
        outlook: Some("it took 5 to 40 days for 6 lines, and this one is 12 days old".into()),
    }
}

fn step(number: usize, wave: usize, action: Action) -> Step {
    Step {
        number,
        wave,
        action,
        package: "bridge".into(),
        owner: Owner::Workspace,
        issue: "`bridge = \"0.2\"` is of line 0.2, the artifact on line 0.3".into(),
        change: "`bridge = \"0.2\"` in Cargo.toml:11 becomes `\"0.4\"`".into(),
        diff: DIFF.into(),
        commands: vec!["cargo update -p bridge --precise 0.4.1".into()],
        tests: vec!["cargo test -p agent".into()],
        rollback: vec!["git checkout -- Cargo.toml Cargo.lock".into()],
        depends_on: Vec::new(),
        risks: vec![Risk {
            text: "the batch processor runs on a thread of its own".into(),
            source: "bridge 0.4.0 CHANGELOG.md".into(),
        }],
        uses: Vec::new(),
        done_when: "cargo otel-check -p agent".into(),
    }
}

/// Nothing but what a step must have.
fn bare(number: usize, wave: usize, action: Action) -> Step {
    Step {
        diff: String::new(),
        commands: Vec::new(),
        tests: Vec::new(),
        rollback: Vec::new(),
        risks: Vec::new(),
        done_when: String::new(),
        ..step(number, wave, action)
    }
}

fn option(id: OptionId, title: &str, line: &str, outcome: Outcome) -> PlanOption {
    PlanOption {
        id,
        title: title.into(),
        target: Some(line.into()),
        outcome,
        cost: Some(cost(0, 0, 1, 2, 0)),
        loses: Vec::new(),
        remains: Vec::new(),
        waits_for: Vec::new(),
        steps: Vec::new(),
        diff: String::new(),
    }
}

fn by(command: &str) -> Outcome {
    Outcome::Proven {
        command: command.into(),
    }
}

/// One option that holds, with two waves.
pub fn proven() -> PlanReport {
    let command = "cargo otel-check plan --target-line 0.3";
    let mut one = option(OptionId::A, "align everything now", "0.3", by(command));
    one.steps = vec![
        step(1, 1, Action::Bump),
        Step {
            package: "uplink".into(),
            ..step(2, 1, Action::MoveFeature)
        },
        Step {
            package: "log".into(),
            depends_on: vec![1, 2],
            rollback: vec!["git checkout -- Cargo.lock".into(), "cargo fetch".into()],
            ..bare(3, 2, Action::Lock)
        },
    ];
    one.diff = DIFF.into();
    let because = "line 0.3 is live and every dependency in use serves it";
    report(vec![one], Some(OptionId::A), because)
}

/// One option that was tried in vain.
pub fn unproven() -> PlanReport {
    let because = "cargo chose `client 2.3.1`, which was published after the plan was made";
    let outcome = Outcome::Unproven {
        because: because.into(),
    };
    let mut one = option(OptionId::A, "align everything now", "0.4", outcome);
    one.steps = vec![step(1, 1, Action::Bump)];
    one.diff = DIFF.into();
    report(vec![one], None, because)
}

/// No way to the line that was asked for.
pub fn none() -> PlanReport {
    let because = "because `client` serves no line above 0.4 and agent needs `client`, \
                   no plan leads to line 0.5";
    let outcome = Outcome::None {
        because: because.into(),
    };
    let mut one = option(OptionId::A, "align everything now", "0.5", outcome);
    one.cost = None;
    one.waits_for = vec![blocker()];
    let mut report = report(vec![one], None, because);
    report.resolves = false;
    report.lines_today.clear();
    report.live = None;
    report.targets[2].because.push(TargetReason::Asked);
    report.notes = vec!["the index was read from the cache alone".into()];
    report
}

/// A workspace that is clean.
pub fn empty() -> PlanReport {
    let mut one = option(OptionId::A, "keep it", "0.3", Outcome::NothingToDo);
    one.cost = Some(Cost::default());
    let mut report = report(vec![one], Some(OptionId::A), "everything is on line 0.3");
    report.lines_today.truncate(1);
    report.targets.clear();
    report
}

/// No line to speak of.
pub fn nowhere() -> PlanReport {
    let because = "no line is known to which everything could be brought";
    let mut report = report(Vec::new(), None, because);
    report.targets.clear();
    report
}

/// Three options, of which the second is the one to take.
pub fn options() -> PlanReport {
    let nothing = Outcome::None {
        because: "because `client` serves no line above 0.4, no plan leads to line 0.5".into(),
    };
    let mut a = option(OptionId::A, "align everything now", "0.5", nothing);
    a.cost = None;
    a.waits_for = vec![blocker()];
    let b = by("cargo otel-check plan --options --target-line 0.5");
    let mut b = option(OptionId::B, "go on without client", "0.5", b);
    b.cost = Some(cost(1, 0, 3, 5, 2));
    b.loses = vec![
        "spans of client's requests".into(),
        "the feature `remote` of agent".into(),
    ];
    b.waits_for = vec![blocker()];
    b.steps = vec![
        Step {
            package: "client".into(),
            uses: (1..=6).map(|at| format!("src/main.rs:{at}:5")).collect(),
            ..step(1, 1, Action::Disable)
        },
        Step {
            package: "client".into(),
            owner: Owner::Upstream,
            depends_on: vec![1],
            done_when: "cargo otel-check plan names `client` no more".into(),
            ..bare(2, 2, Action::Ask)
        },
    ];
    b.diff = DIFF.into();
    let c = Outcome::Unproven {
        because: "`cargo metadata` found no network".into(),
    };
    let mut c = option(OptionId::C, "stay where all agree", "0.4", c);
    c.steps = vec![step(1, 1, Action::Downgrade)];
    c.diff = DIFF.into();
    let because = "line 0.5 is served by everything but client, which may be switched off";
    let mut report = report(vec![a, b, c], Some(OptionId::B), because);
    let note = "option B does not compile: 1 errors\nsrc/main.rs:3:5: cannot find `client`";
    report.notes = vec![note.into()];
    report.targets[2].because.push(TargetReason::Asked);
    report
}

/// A step of every action.
pub fn actions() -> PlanReport {
    let command = "cargo otel-check plan";
    let mut one = option(OptionId::A, "align everything now", "0.4", by(command));
    let steps = EVERY_ACTION.iter().enumerate();
    one.steps = steps
        .map(|(at, action)| Step {
            owner: match action {
                Action::Wait | Action::Ask => Owner::Upstream,
                _ => Owner::Workspace,
            },
            ..bare(at + 1, at / 4 + 1, *action)
        })
        .collect();
    let mut report = report(vec![one], Some(OptionId::A), "it costs least");
    report.targets.clear();
    report
}

/// Options in which every text attacks what shows it.
pub fn hostile() -> PlanReport {
    let mut report = options();
    let mut attack = Attack(0);
    attack.texts([&mut report.family, &mut report.because]);
    attack.texts(&mut report.lines_today);
    report.notes = vec![String::new()];
    attack.texts(&mut report.notes);
    for row in &mut report.targets {
        attack.texts([&mut row.line]);
        row.blockers.iter_mut().for_each(|one| attack.blocker(one));
    }
    for option in &mut report.options {
        attack.texts([&mut option.title, &mut option.diff]);
        attack.texts(&mut option.target);
        attack.texts(&mut option.loses);
        attack.texts(&mut option.remains);
        match &mut option.outcome {
            Outcome::Proven { command } => attack.texts([command]),
            Outcome::Unproven { because } | Outcome::None { because } => attack.texts([because]),
            Outcome::NothingToDo => {}
        }
        let waits = option.waits_for.iter_mut();
        waits.for_each(|one| attack.blocker(one));
        option.steps.iter_mut().for_each(|one| attack.step(one));
    }
    report
}

struct Attack(usize);

impl Attack {
    fn texts<'a>(&mut self, texts: impl IntoIterator<Item = &'a mut String>) {
        for text in texts {
            self.0 += 1;
            *text = match self.0 % 5 {
                0 => "\u{1b}[2J|a|\n# b",
                1 => "`` ` ``` x\r\n- [y](http://z)",
                2 => "\u{202e}desrever <script>",
                3 => "`a|b`\n```\n<img>",
                _ => "```\n+++ \u{7}\u{1b}]8;;http://x\u{7}",
            }
            .to_owned();
        }
    }

    fn blocker(&mut self, blocker: &mut Blocker) {
        self.texts([&mut blocker.package, &mut blocker.because]);
        self.texts(&mut blocker.version);
        self.texts(&mut blocker.culprit);
        self.texts(&mut blocker.outlook);
    }

    fn step(&mut self, step: &mut Step) {
        self.texts([&mut step.package, &mut step.issue, &mut step.change]);
        self.texts([&mut step.diff, &mut step.done_when]);
        self.texts(&mut step.commands);
        self.texts(&mut step.tests);
        self.texts(&mut step.rollback);
        self.texts(&mut step.uses);
        for risk in &mut step.risks {
            self.texts([&mut risk.text, &mut risk.source]);
        }
    }
}
