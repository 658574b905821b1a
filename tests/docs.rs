//! The documentation against the program: nothing missing, nothing left over, every example runs.
//!
//! `UPDATE_DOCS=1 cargo test --test docs` renews the outputs that pages show without
//! elisions, and those with a comment `until`.

mod support;

#[path = "docs/example.rs"]
mod example;
#[path = "docs/page.rs"]
mod page;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use camino::{Utf8Path, Utf8PathBuf};
use example::{Example, Outcome, renewed};
use otel_check::readiness::criteria;
use otel_check::readiness::model::{Due, Severity};
use otel_check::readiness::settings::Measure;
use otel_check::report::{Level, Verdict};
use otel_check::skew::findings::{LINTS, code_of};
use page::{Page, code_spans, root, table};
use support::sandbox::Sandbox;
use support::tool::{Run, run};

/// Sections of the pages of findings and verdicts.
const SECTIONS: [&str; 4] = [
    "What it means",
    "How it is decided",
    "Example",
    "What to do",
];

const VERDICTS: [Verdict; 8] = [
    Verdict::Unresolvable,
    Verdict::Lost,
    Verdict::Split,
    Verdict::TypeClash,
    Verdict::Unknown,
    Verdict::Latent,
    Verdict::Confined,
    Verdict::Benign,
];

/// As the report writes it. A new verdict does not compile here, and belongs into [`VERDICTS`] too.
fn name(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Unresolvable => "unresolvable",
        Verdict::Lost => "lost",
        Verdict::Split => "split",
        Verdict::TypeClash => "type-clash",
        Verdict::Unknown => "unknown",
        Verdict::Latent => "latent",
        Verdict::Confined => "confined",
        Verdict::Benign => "benign",
    }
}

fn level(level: Level) -> &'static str {
    match level {
        Level::Deny => "deny",
        Level::Warn => "warn",
        Level::Note => "note",
    }
}

fn assert_none(wrong: &[String]) {
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// Runs the program where there is no workspace.
fn program(arguments: &[&str]) -> Run {
    run(&Sandbox::empty(), arguments)
}

/// What keeps a page from having its title, its summary and all its sections.
fn outline(page: &Page, title: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut lines = page.text.lines();
    if lines.next() != Some(&format!("# {title}")) {
        wrong.push(format!("{}: its first line is not `# {title}`", page.path));
    }
    let summary = lines.find(|line| !line.is_empty()).unwrap_or_default();
    if summary.starts_with(['#', '<', '|', '`']) {
        wrong.push(format!("{}: no summary below the title", page.path));
    }
    if page.sections() != SECTIONS {
        wrong.push(format!("{}: sections {:?}", page.path, page.sections()));
    }
    for section in SECTIONS {
        if page.section(section).is_none_or(str::is_empty) {
            wrong.push(format!("{}: nothing under `{section}`", page.path));
        }
    }
    let example = page.section("Example").unwrap_or_default();
    if !example.contains("```") {
        wrong.push(format!("{}: an example without an excerpt", page.path));
    }
    wrong
}

#[test]
fn every_finding_code_has_its_page_and_every_page_its_code() {
    let mut codes: Vec<&str> = LINTS.iter().map(|lint| lint.code).collect();
    codes.sort_unstable();
    assert_eq!(Page::names_in("docs/findings"), codes);
    let mut wrong = Vec::new();
    for lint in LINTS {
        let page = Page::read(&format!("docs/findings/{}.md", lint.code));
        wrong.extend(outline(&page, lint.code));
        let expected = format!("Default level: {}", level(lint.level));
        let lines = page.text.lines();
        let levels: Vec<&str> = lines.filter(|l| l.starts_with("Default level")).collect();
        if levels != [expected.as_str()] {
            wrong.push(format!("{}: {levels:?}, not `{expected}`", page.path));
        }
        if lint.page != page.text {
            wrong.push(format!("{}: not what the program holds", page.path));
        }
    }
    assert_none(&wrong);
}

#[test]
fn the_list_of_finding_codes_is_the_programs() {
    let listed = table(&Page::read("docs/findings.md").text);
    let mut wrong = Vec::new();
    for (lint, row) in LINTS.iter().zip(&listed) {
        let link = format!("[{0}](findings/{0}.md)", lint.code);
        let expected = [link.as_str(), level(lint.level), lint.title];
        if *row != expected {
            wrong.push(format!("{row:?}, not {expected:?}"));
        }
    }
    assert_none(&wrong);
    assert_eq!(listed.len(), LINTS.len());
}

#[test]
fn explain_prints_the_page_as_people_read_it() {
    for lint in LINTS {
        let run = program(&["explain", lint.code]);
        assert_eq!(run.code, 0, "{}", run.stderr);
        let lines = lint.page.lines().filter(|line| !line.starts_with("<!--"));
        let expected: Vec<&str> = lines.collect();
        let printed: Vec<&str> = run.stdout.lines().collect();
        assert_eq!(printed, expected, "{}", lint.code);
    }
}

#[test]
fn every_verdict_has_its_page_and_every_page_its_verdict() {
    let mut names: Vec<&str> = VERDICTS.into_iter().map(name).collect();
    let index = table(
        Page::read("docs/how-it-decides.md")
            .section("Verdicts")
            .unwrap(),
    );
    let mut wrong = Vec::new();
    assert_eq!(index.len(), VERDICTS.len(), "rows of the table of verdicts");
    for (verdict, row) in VERDICTS.into_iter().zip(index) {
        let code = code_of(verdict);
        let page = Page::read(&format!("docs/verdicts/{}.md", name(verdict)));
        wrong.extend(outline(&page, name(verdict)));
        let named = format!("Finding code: [{code}](../findings/{code}.md).");
        if !page.text.lines().any(|line| line.starts_with(&named)) {
            wrong.push(format!("{}: no `{named}`", page.path));
        }
        let link = format!("[{0}](verdicts/{0}.md)", name(verdict));
        if row[..2] != [link, format!("`{code}`")] {
            wrong.push(format!("docs/how-it-decides.md: {row:?}"));
        }
    }
    assert_none(&wrong);
    names.sort_unstable();
    assert_eq!(Page::names_in("docs/verdicts"), names);
}

/// Subcommands that `--help` lists.
fn commands() -> Vec<String> {
    let help = program(&["--help"]).stdout;
    let lines = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let mut names: Vec<String> = lines
        .take_while(|line| !line.is_empty())
        // Of a description that is broken over two lines, the second is indented further.
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != "help")
        .map(str::to_owned)
        .collect();
    names.sort();
    names
}

/// Flags that the `--help` of a command lists, long and short, help and version aside.
fn flags_in_help(command: &str) -> BTreeSet<String> {
    let help = program(&[command, "--help"]);
    assert_eq!(help.code, 0, "{}", help.stderr);
    let mut flags = BTreeSet::new();
    for line in help.stdout.lines().map(str::trim_start) {
        if !line.starts_with('-') {
            continue;
        }
        for word in line.split_whitespace().take_while(|w| w.starts_with('-')) {
            flags.insert(word.trim_matches([',', '.']).to_owned());
        }
    }
    for left_out in ["-h", "--help", "-V", "--version"] {
        flags.remove(left_out);
    }
    flags
}

/// Flags that the items of a page's list of options are about.
fn flags_in_page(page: &Page) -> BTreeSet<String> {
    let options = page.section("Options").unwrap_or_default();
    let options = format!("\n{options}");
    let items = options.split("\n- ").skip(1);
    let heads = items.filter_map(|item| item.split_once("`: ").map(|(head, _)| head));
    let mut flags = BTreeSet::new();
    for head in heads {
        for span in code_spans(&format!("{head}`")) {
            flags.extend(span.split(' ').next().map(str::to_owned));
        }
    }
    flags
}

#[test]
fn every_command_has_its_page_and_every_page_its_command() {
    assert_eq!(Page::names_in("docs/commands"), commands());
}

#[test]
fn pages_of_commands_have_all_flags_and_no_other() {
    let mut wrong = Vec::new();
    for command in commands() {
        let page = Page::read(&format!("docs/commands/{command}.md"));
        let (help, page_flags) = (flags_in_help(&command), flags_in_page(&page));
        let missing: Vec<_> = help.difference(&page_flags).collect();
        let extra: Vec<_> = page_flags.difference(&help).collect();
        if !missing.is_empty() || !extra.is_empty() {
            wrong.push(format!(
                "{}: without {missing:?}, with {extra:?}",
                page.path
            ));
        }
        if !page
            .text
            .starts_with(&format!("# cargo otel-check {command}\n"))
        {
            wrong.push(format!("{}: another title", page.path));
        }
        for section in ["Usage", "Options", "Exit codes", "Examples"] {
            if page.section(section).is_none_or(str::is_empty) {
                wrong.push(format!("{}: nothing under `{section}`", page.path));
            }
        }
    }
    assert_none(&wrong);
}

#[test]
fn links_lead_somewhere() {
    let mut wrong = Vec::new();
    let mut seen = 0;
    for page in Page::all() {
        for (line, target) in page.links() {
            if target.contains("://") {
                continue;
            }
            seen += 1;
            if let Err(reason) = follow(&page, &target) {
                wrong.push(format!("{}:{line}: `{target}`: {reason}", page.path));
            }
        }
    }
    assert_none(&wrong);
    assert!(seen > 50, "only {seen} links were found");
}

fn follow(page: &Page, target: &str) -> Result<(), String> {
    let (path, anchor) = match target.split_once('#') {
        Some((path, anchor)) => (path, Some(anchor)),
        None => (target, None),
    };
    let path = match path {
        "" => page.path.clone(),
        path => normal(&page.path.parent().unwrap_or(Utf8Path::new("")).join(path)),
    };
    if !root().join(&path).exists() {
        return Err(format!("no {path}"));
    }
    match anchor {
        Some(anchor)
            if !Page::read(path.as_str())
                .anchors()
                .iter()
                .any(|a| a == anchor) =>
        {
            Err(format!("no heading for it in {path}"))
        }
        Some(_) | None => Ok(()),
    }
}

/// `a/../b` as `b`.
fn normal(path: &Utf8Path) -> Utf8PathBuf {
    let mut out = Utf8PathBuf::new();
    for part in path.components() {
        match part {
            camino::Utf8Component::ParentDir => {
                out.pop();
            }
            part => out.push(part),
        }
    }
    out
}

#[test]
fn excerpts_stand_in_the_files_they_are_from() {
    let mut wrong = Vec::new();
    let mut seen = 0;
    for page in Page::all() {
        for block in page.blocks() {
            let Some(file) = block.comment("from") else {
                continue;
            };
            seen += 1;
            let text = fs::read_to_string(root().join(file)).unwrap_or_default();
            if !text.contains(block.text.trim_end()) {
                wrong.push(format!("{}:{}: not in {file}", page.path, block.line));
            }
        }
    }
    assert_none(&wrong);
    assert!(seen > 10, "only {seen} excerpts were found");
}

#[test]
fn examples_run_as_shown() {
    let update = std::env::var_os("UPDATE_DOCS").is_some();
    let mut wrong = Vec::new();
    let mut run = 0;
    for page in Page::all() {
        let mut outputs = BTreeMap::new();
        for block in page.blocks() {
            let place = format!("{}:{}", page.path, block.line);
            if block.language != "console" {
                if block.comment("run in").is_some() {
                    wrong.push(format!("{place}: only console blocks are run"));
                }
                continue;
            }
            run += 1;
            let example = match Example::parse(&block) {
                Ok(example) => example,
                Err(reason) => {
                    wrong.push(format!("{place}: {reason}"));
                    continue;
                }
            };
            match example.check() {
                Outcome::Right => {}
                Outcome::Skipped(reason) => eprintln!("skipped: {place}: {reason}"),
                Outcome::Wrong(reason) => wrong.push(format!("{place}: {reason}")),
                Outcome::Differs(output) if update && example.is_renewable() => {
                    outputs.insert(block.line, output);
                }
                Outcome::Differs(output) => {
                    wrong.push(format!("{place}: it prints\n{output}"));
                }
            }
        }
        if !outputs.is_empty() {
            fs::write(root().join(&page.path), renewed(&page, &outputs)).unwrap();
        }
    }
    assert_none(&wrong);
    assert!(run > 20, "only {run} examples were found");
}

#[test]
fn the_page_on_the_inventory_has_its_columns() {
    let page = Page::read("docs/commands/inventory.md");
    let rows = table(page.section("Columns").unwrap());
    let columns: Vec<&str> = rows.iter().map(|row| row[0].trim_matches('`')).collect();
    assert_eq!(columns, otel_check::report::inventory::COLUMNS);
}

/// The fields or values of a type in a JSON Schema.
fn members(schema: &serde_json::Value) -> BTreeSet<String> {
    if let Some(fields) = schema["properties"].as_object() {
        return fields.keys().cloned().collect();
    }
    // Values with a description stand alone, those without are listed together.
    let listed = schema["enum"].as_array().into_iter().flatten();
    let values = listed.chain([&schema["const"]]);
    let mut found: BTreeSet<String> = values
        .filter_map(|value| value.as_str().map(str::to_owned))
        .collect();
    for part in schema["oneOf"].as_array().into_iter().flatten() {
        found.extend(members(part));
    }
    found
}

#[test]
fn the_page_on_json_has_every_field_of_the_schema() {
    let text = fs::read_to_string(root().join("docs/report.schema.json"))
        .expect("docs/report.schema.json, which a test of the report writes");
    let schema: serde_json::Value = serde_json::from_str(&text).unwrap();
    let mut types = BTreeMap::from([("Report".to_owned(), members(&schema))]);
    for (name, part) in schema["$defs"].as_object().unwrap() {
        types.insert(name.clone(), members(part));
    }
    let page = Page::read("docs/json.md");
    let described: BTreeMap<String, BTreeSet<String>> = page
        .sections()
        .into_iter()
        .filter(|heading| *heading != "Promises")
        .map(|heading| {
            let rows = table(page.section(heading).unwrap());
            let cells = rows.iter().filter_map(|row| code_spans(&row[0]).pop());
            (heading.to_owned(), cells.map(str::to_owned).collect())
        })
        .collect();
    assert_eq!(
        described.keys().collect::<Vec<_>>(),
        types.keys().collect::<Vec<_>>()
    );
    for (name, expected) in types {
        assert_eq!(described[&name], expected, "{name}");
    }
}

#[test]
fn the_page_on_plans_has_every_action_and_field() {
    let text = fs::read_to_string(root().join("docs/plan.schema.json"))
        .expect("docs/plan.schema.json, which a test of the report writes");
    let schema: serde_json::Value = serde_json::from_str(&text).unwrap();
    let page = Page::read("docs/commands/plan.md");
    let rows = table(page.section("What it may do").unwrap());
    let named: BTreeSet<String> = rows
        .iter()
        .filter_map(|row| code_spans(&row[0]).pop())
        .map(str::to_owned)
        .collect();
    assert_eq!(named, members(&schema["$defs"]["Action"]));
    let printed = code_spans(page.section("What it prints").unwrap());
    let missing: Vec<String> = members(&schema)
        .into_iter()
        .filter(|field| !printed.contains(&field.as_str()))
        .collect();
    assert_none(&missing);
}

/// How a criterion is measured, as the page says it.
fn measured_by(measure: &Measure) -> String {
    let codes = |names: Vec<String>| {
        let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
        names.join(", ")
    };
    match measure {
        Measure::Resolves => "cargo".into(),
        Measure::NoFinding {
            codes: found,
            verdicts,
        } => {
            let verdicts = verdicts.iter().map(|verdict| name(*verdict).to_owned());
            format!(
                "`check`: {}",
                codes(found.iter().cloned().chain(verdicts).collect())
            )
        }
        Measure::OnTarget => "`check`".into(),
        Measure::NothingDeferred => "the manifests".into(),
        Measure::PlanProven => "`plan`".into(),
        Measure::RollbackRehearsed => "a rehearsal in a copy".into(),
        Measure::Compiles => "the compiler, with `--trial`".into(),
        Measure::Specified => "`spec`, with `--trial`".into(),
        Measure::Command { words, .. } => format!("`{}`, with `--run`", words.join(" ")),
        Measure::File { path, .. } => format!("the file `{path}`"),
        Measure::Attested => "a person's word".into(),
    }
}

#[test]
fn the_page_on_readiness_has_every_criterion_and_field() {
    let page = Page::read("docs/commands/readiness.md");
    let listed = table(page.section("Criteria").unwrap());
    let expected: Vec<Vec<String>> = criteria::shipped()
        .iter()
        .map(|one| {
            let due = match one.due {
                Due::BeforeStart => "before the start".to_owned(),
                Due::BeforePhase(number) => format!("before phase {number}"),
                Due::Later => "later".to_owned(),
            };
            vec![
                format!("`{}`", one.id),
                one.title.clone(),
                format!("{:?}", one.category).to_lowercase(),
                one.weight.to_string(),
                match one.severity {
                    Severity::Blocker => "blocker".to_owned(),
                    Severity::Condition => format!("condition, {due}"),
                    Severity::Note => "note".to_owned(),
                },
                measured_by(&one.measure),
            ]
        })
        .collect();
    assert_eq!(listed, expected);
    let text = fs::read_to_string(root().join("docs/readiness.schema.json"))
        .expect("docs/readiness.schema.json, which a test of the report writes");
    let schema: serde_json::Value = serde_json::from_str(&text).unwrap();
    let printed = code_spans(page.section("Documents").unwrap());
    let missing: Vec<String> = members(&schema)
        .into_iter()
        .filter(|field| !printed.contains(&field.as_str()))
        .collect();
    assert_none(&missing);
}

#[test]
fn ci_runs_the_test_command_of_the_readme() {
    let readme = Page::read("README.md");
    let tests = readme.section("Tests").expect("a section on tests");
    let block = tests.split("```sh\n").nth(1).expect("its command");
    let command = block.lines().next().unwrap();
    let script = fs::read_to_string(root().join(".ci/run")).unwrap();
    assert!(
        script
            .lines()
            .any(|line| line.trim_end().ends_with(command)),
        "`{command}` is not in .ci/run"
    );
}
