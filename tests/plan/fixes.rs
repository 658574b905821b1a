//! What maintainers of real projects did about a skew, rebuilt from their requirements: to the same
//! line, no plan changes more requirements than they did.

use std::collections::BTreeMap;

use camino::Utf8Path;
use toml::{Table, Value};

use crate::family::manifest;
use crate::support::cargo::{fetch, is_network_failure, stderr};
use crate::support::plan::Plan;
use crate::support::sandbox::Sandbox;
use crate::support::tool::{asked, run};

#[path = "fixes/cases.rs"]
mod cases;

/// A workspace as it was, and what was done about it.
struct Case {
    name: &'static str,
    /// What the root's manifest says beside its members: `[workspace.dependencies]`, say.
    root: &'static str,
    members: &'static [Member],
    /// Versions that its lock held and that cargo would not choose today.
    pins: &'static [(&'static str, &'static str)],
    /// The builds in which the skew stands.
    builds: &'static [&'static str],
    /// The line to which the maintainers went.
    line: &'static str,
    /// How many requirements they changed for it.
    theirs: usize,
}

struct Member {
    name: &'static str,
    /// The rest of its manifest.
    manifest: &'static str,
    /// Where its code stands, and the code.
    code: (&'static str, &'static str),
}

impl Case {
    /// Its workspace, locked and with all packages on disk.
    fn ready(&self) -> Option<Sandbox> {
        let sandbox = Sandbox::empty();
        let names = self.members.iter().map(|member| member.name);
        let names: Vec<String> = names.map(|name| format!("{name:?}")).collect();
        let members = format!("members = [{}]\nresolver = \"2\"", names.join(", "));
        let root = format!("[workspace]\n{members}\n\n{}", self.root);
        sandbox.write("Cargo.toml", &root);
        for Member {
            name,
            manifest: rest,
            code: (file, code),
        } in self.members
        {
            sandbox.write(&format!("{name}/Cargo.toml"), &manifest(name, rest));
            sandbox.write(&format!("{name}/src/{file}"), code);
        }
        match self.locked(&sandbox) {
            Ok(()) => Some(sandbox),
            Err(reason) => {
                eprintln!("skipped: {}: {reason}", self.name);
                None
            }
        }
    }

    fn locked(&self, sandbox: &Sandbox) -> Result<(), String> {
        let mut commands = vec![vec!["generate-lockfile"]];
        let pins = self.pins.iter();
        commands.extend(pins.map(|(name, to)| vec!["update", "-p", name, "--precise", to]));
        for arguments in commands {
            let output = sandbox.cargo().args(&arguments).output().unwrap();
            if !output.status.success() {
                let message = stderr(&output);
                assert!(is_network_failure(&message), "{arguments:?}\n{message}");
                return Err(message.lines().next().unwrap_or_default().to_owned());
            }
        }
        fetch(sandbox.root())
    }

    /// What every plan for the workspace is asked with.
    fn asking(&self, more: &[&'static str]) -> Vec<&'static str> {
        [&["plan", "--format", "json"], self.builds, more].concat()
    }

    /// The plan for the maintainers' line.
    fn plan(&self, sandbox: &Sandbox) -> Option<Plan> {
        let run = asked(sandbox, &self.asking(&["--target-line", self.line]))?;
        assert!(
            [0, 100].contains(&run.code),
            "{}: {}",
            self.name,
            run.stderr
        );
        Some(run.plan())
    }

    /// What is proven first must be written, hold, and change no more requirements than they did.
    fn examine(&self) {
        let Some(sandbox) = self.ready() else {
            return;
        };
        let name = self.name;
        let before = self.requirements(sandbox.root());
        let to_line = [self.builds, &["--target-line", self.line]].concat();
        let Some(fixed) = asked(&sandbox, &[&["fix"], &*to_line].concat()) else {
            return;
        };
        assert_eq!(fixed.code, 0, "{name}: {}", fixed.stderr);
        let after = self.requirements(sandbox.root());
        let changed = changed(&before, &after);
        assert!(
            changed.len() <= self.theirs,
            "{name}: {} requirements change, {} did: {changed:#?}",
            changed.len(),
            self.theirs
        );
        let check = run(
            &sandbox,
            &[&["check", "--full", "--locked"], self.builds].concat(),
        );
        assert_eq!(check.code, 0, "{name}: {}", check.stdout);
    }

    /// Every requirement of every manifest, by where it stands.
    fn requirements(&self, root: &Utf8Path) -> BTreeMap<String, Value> {
        let members = self.members.iter();
        let members = members.map(|member| format!("{}/Cargo.toml", member.name));
        let mut all = BTreeMap::new();
        for path in members.chain(["Cargo.toml".to_owned()]) {
            let text = std::fs::read_to_string(root.join(&path)).unwrap();
            collect(&text.parse::<Table>().unwrap(), &path, &mut all);
        }
        all
    }
}

/// The requirements of a manifest, or of one of its tables that hold some.
fn collect(table: &Table, at: &str, all: &mut BTreeMap<String, Value>) {
    for (key, value) in table {
        let Some(inner) = value.as_table() else {
            continue;
        };
        let at = format!("{at} [{key}]");
        if key.ends_with("dependencies") {
            let entries = inner.iter();
            all.extend(entries.map(|(name, value)| (format!("{at} {name}"), value.clone())));
        } else if key == "workspace" || key == "target" || key.starts_with("cfg(") {
            collect(inner, &at, all);
        }
    }
}

/// Where requirements come, go or change.
fn changed(before: &BTreeMap<String, Value>, after: &BTreeMap<String, Value>) -> Vec<String> {
    let mut places: Vec<String> = before.keys().chain(after.keys()).cloned().collect();
    places.sort();
    places.dedup();
    places.retain(|place| before.get(place) != after.get(place));
    places
}

#[test]
fn an_instrumentation_that_lags() {
    cases::LAGGING_MIDDLEWARE.examine();
}

#[test]
fn a_whole_family_behind_features() {
    let case = &cases::FAMILY_BEHIND_FEATURES;
    case.examine();
    // They moved `tonic`, too, whose types pass through the exporter: that is left, and said.
    let Some(sandbox) = case.ready() else {
        return;
    };
    let Some(plan) = case.plan(&sandbox) else {
        return;
    };
    let [left] = &plan.choice().remains[..] else {
        panic!("{plan:#?}");
    };
    assert!(left.starts_with("tonic 0.8."), "{left}");
    assert!(left.contains("`tonic` \"0.9\""), "{left}");
}

#[test]
fn a_family_and_its_wire_types_on_two_lines() {
    cases::WIRE_TYPES_AHEAD.examine();
    cases::ONE_CRATE_BUMPED.examine();
}

#[test]
fn an_upgrade_that_was_done_by_half() {
    cases::HALF_AN_UPGRADE.examine();
}

#[test]
fn a_middleware_that_is_ahead() {
    cases::MIDDLEWARE_AHEAD.examine();
}

#[test]
fn a_forgotten_exporter() {
    cases::FORGOTTEN_EXPORTER.examine();
}

#[test]
fn a_patch_release_on_another_line() {
    let case = &cases::PATCH_RELEASE;
    case.examine();
    // Without a wish, it comes to the same.
    let Some(sandbox) = case.ready() else {
        return;
    };
    let Some(run) = asked(&sandbox, &case.asking(&[])) else {
        return;
    };
    let plan = run.plan();
    assert_eq!(plan.choice().target.as_deref(), Some(case.line));
    assert_eq!(plan.choice().actions(), [("lock", "async-graphql")]);
}

#[test]
fn a_library_of_ones_own_that_is_ahead() {
    cases::LIBRARY_AHEAD.examine();
}

#[test]
fn a_bridge_that_nobody_needs() {
    cases::UNUSED_BRIDGE.examine();
}

#[test]
fn a_bridge_by_the_number_of_the_line() {
    cases::BRIDGE_BY_NUMBER.examine();
}

/// The line to which the maintainers went leaves another one in place, and needs an exporter that
/// only they could choose: what stands in the way is named, and another line is proven.
#[test]
fn an_exporter_without_a_release_for_the_line() {
    let case = &cases::EXPORTER_WITHOUT_RELEASE;
    let Some(sandbox) = case.ready() else {
        return;
    };
    let Some(plan) = case.plan(&sandbox) else {
        return;
    };
    let a = plan.option("a");
    assert_eq!(a.outcome.kind, "none", "{plan:#?}");
    let because = a.outcome.because.as_deref().unwrap();
    assert!(
        because.contains("no release of `opentelemetry-prometheus` serves line 0.30"),
        "{because}"
    );
    assert!(
        because.contains("no release of `poem` serves line 0.30 alone"),
        "{because}"
    );
    let waits = a.waits_for.iter().map(|one| one.package.as_str());
    assert_eq!(
        waits.collect::<Vec<_>>(),
        ["opentelemetry-prometheus", "poem"]
    );
    let Some(run) = asked(&sandbox, &case.asking(&[])) else {
        return;
    };
    let plan = run.plan();
    let choice = plan.choice();
    assert!(choice.is_proven(), "{plan:#?}");
    let [disabled, blocked, _, edits, _] = choice.figures().unwrap();
    assert_eq!((disabled, blocked), (0, 0), "{choice:#?}");
    assert!(edits as usize <= case.theirs, "{choice:#?}");
}
