//! `readiness` end to end: what the built binary decides, from what, and what it does not do.

#[path = "support/family.rs"]
mod family;
#[path = "support/lab.rs"]
mod lab;
#[path = "support/registry.rs"]
mod loopback;
mod support;

#[cfg(unix)]
#[path = "readiness/commands.rs"]
mod commands;
#[path = "readiness/files.rs"]
mod files;
#[path = "readiness/policy.rs"]
mod policy;
#[path = "readiness/states.rs"]
mod states;
#[path = "readiness/trace.rs"]
mod trace;

use lab::Lab;
use serde_json::Value;
use support::tool::Run;

/// The day of all tests, in seconds: 2026-11-21.
pub const DAY: &str = "1795219200";

/// `readiness --format json`, read.
pub struct Document {
    pub json: Value,
    pub code: i32,
    pub text: String,
}

impl Document {
    pub fn of(run: &Run) -> Self {
        let json = serde_json::from_str(&run.stdout);
        let json = json.unwrap_or_else(|error| {
            panic!("{error}, code {}\n{}\n{}", run.code, run.stdout, run.stderr)
        });
        Self {
            json,
            code: run.code,
            text: run.stdout.clone(),
        }
    }

    pub fn assessment(&self) -> Assessment<'_> {
        Assessment(&self.json["assessment"])
    }

    pub fn decision(&self) -> &str {
        self.assessment().decision()
    }

    /// What an option would leave.
    pub fn option(&self, id: &str) -> Assessment<'_> {
        let mut options = self.json["options"].as_array().unwrap().iter();
        let option = options.find(|one| one["id"] == id);
        let option = option.unwrap_or_else(|| panic!("no option {id}: {}", self.text));
        Assessment(&option["assessment"])
    }

    pub fn dependency(&self, package: &str) -> &Value {
        let mut rows = self.json["dependencies"].as_array().unwrap().iter();
        rows.find(|one| one["package"] == package)
            .unwrap_or_else(|| panic!("no row for {package}: {:#}", self.json["dependencies"]))
    }
}

/// Criteria and what follows.
pub struct Assessment<'a>(pub &'a Value);

impl<'a> Assessment<'a> {
    pub fn decision(&self) -> &'a str {
        self.0["decision"]
            .as_str()
            .unwrap_or_else(|| panic!("no decision in {:#}", self.0))
    }

    fn ids(&self, of: &str) -> Vec<&'a str> {
        let all = self.0[of].as_array().unwrap().iter();
        all.map(|one| one["criterion"].as_str().unwrap_or("no criterion"))
            .collect()
    }

    pub fn blockers(&self) -> Vec<&'a str> {
        self.ids("blockers")
    }

    pub fn conditions(&self) -> Vec<&'a str> {
        self.ids("conditions")
    }

    pub fn criterion(&self, id: &str) -> &'a Value {
        let mut rows = self.0["criteria"].as_array().unwrap().iter();
        rows.find(|row| row["id"] == id)
            .unwrap_or_else(|| panic!("no criterion {id}"))
    }

    /// `met`, `unmet` or `not-measured`.
    pub fn result(&self, id: &str) -> &'a str {
        self.criterion(id)["result"]["kind"].as_str().unwrap()
    }

    /// What was seen, or why nothing was.
    pub fn text(&self, id: &str) -> &'a str {
        let result = &self.criterion(id)["result"];
        let text = result.get("text").or(result.get("because"));
        text.and_then(Value::as_str).unwrap()
    }
}

/// Judges a lab's workspace.
pub fn judged(lab: &Lab, options: &[&str]) -> Document {
    Document::of(&ran(lab, &[&["--format", "json"], options].concat()))
}

/// Runs the command on the day of all tests.
pub fn ran(lab: &Lab, options: &[&str]) -> Run {
    let mut command = lab.command(&[&["readiness"], options].concat());
    command.env("SOURCE_DATE_EPOCH", DAY);
    let output = command.output().unwrap();
    Run {
        code: output.status.code().expect("not killed by a signal"),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// An application on one line, with a crate that asks the global provider of it.
pub fn aligned() -> Lab {
    let lab = family::lab(&family::live("user = \"2\"\n", "user::send();"), Vec::new());
    lab.cargo(&["generate-lockfile"]);
    lab
}
