//! Scripts of workflows (GitHub).

use std::collections::BTreeMap;

use super::yaml::{Node, Scalar, parse};
use super::{Folder, Script};

/// Combinations of a matrix that are looked at.
const COMBINATIONS: usize = 256;

/// What a workflow runs: its `run` scripts, and the cargo commands of steps that take them as
/// parameters.
pub fn workflow(text: &str) -> Vec<Script> {
    let mut scripts = Vec::new();
    for document in parse(text).unwrap_or_default() {
        let folder = default_folder(&document, &Folder::start());
        let jobs = document.get("jobs").map_or(&[][..], Node::entries);
        for (_, job) in jobs {
            let folder = default_folder(job, &folder);
            let rows = combinations(job);
            let steps = job.get("steps").map_or(&[][..], Node::items);
            for script in steps.iter().filter_map(|step| step_script(step, &folder)) {
                scripts.extend(filled(&script, &rows));
            }
        }
    }
    scripts
}

fn default_folder(node: &Node, above: &Folder) -> Folder {
    let run = node
        .get("defaults")
        .and_then(|defaults| defaults.get("run"));
    folder(run.and_then(|run| run.get("working-directory")), above)
}

fn folder(given: Option<&Node>, above: &Folder) -> Folder {
    match given.and_then(Node::text) {
        // It is relative to the repository, not to a default.
        Some(text) if text.contains('$') || text.starts_with(['/', '~']) => Folder::Unknown,
        Some(text) => Folder::Known(text.into()),
        None => above.clone(),
    }
}

fn step_script(step: &Node, folder_above: &Folder) -> Option<Script> {
    if let Some(run) = step.get("run").and_then(Node::scalar) {
        let folder = folder(step.get("working-directory"), folder_above);
        return Some(script(run, folder));
    }
    let with = step.get("with")?;
    let uses = step.get("uses")?.text()?;
    let action = uses.split('@').next().unwrap_or_default();
    let command = with.get("command")?.scalar()?;
    let crosses = with.get("use-cross").is_some() || action.contains("cross");
    if !crosses && !action.contains("cargo") {
        return None;
    }
    let mut words = vec!["cargo".to_owned(), command.text.clone()];
    words.extend(with.get("args").and_then(Node::text).map(str::to_owned));
    let target = with.get("target").and_then(Node::text);
    words.extend(target.map(|target| format!("--target {target}")));
    Some(Script {
        text: words.join(" "),
        line: command.line,
        literal: false,
        folder: folder(with.get("working-directory"), folder_above),
        goes_on: false,
    })
}

pub fn script(scalar: &Scalar, folder: Folder) -> Script {
    Script {
        text: scalar.text.clone(),
        line: scalar.line,
        literal: scalar.literal,
        folder,
        goes_on: false,
    }
}

type Row = BTreeMap<String, String>;

/// The combinations of a job's matrix, where all of it is written there.
fn combinations(job: &Node) -> Vec<Row> {
    let matrix = job
        .get("strategy")
        .and_then(|strategy| strategy.get("matrix"));
    let Some(matrix) = matrix else {
        return Vec::new();
    };
    let mut rows = vec![Row::new()];
    let mut axes = Vec::new();
    for (key, values) in matrix.entries() {
        let key = key.text.as_str();
        if ["include", "exclude"].contains(&key) {
            continue;
        }
        let Node::Sequence(values) = values else {
            // An expression: what it gives is not written here.
            return Vec::new();
        };
        axes.push(key);
        rows = rows
            .iter()
            .flat_map(|row| values.iter().map(|value| with(row, key, value)))
            .take(COMBINATIONS + 1)
            .collect();
        if rows.len() > COMBINATIONS {
            return Vec::new();
        }
    }
    let listed = |key: &str| match matrix.get(key) {
        None => Some(&[][..]),
        Some(Node::Sequence(items)) => Some(items.as_slice()),
        Some(_) => None,
    };
    let (Some(excluded), Some(included)) = (listed("exclude"), listed("include")) else {
        return Vec::new();
    };
    let excluded: Vec<Row> = excluded.iter().map(entry).collect();
    rows.retain(|row| !row.is_empty() && !excluded.iter().any(|out| fits(out, row)));
    let original = rows.len();
    for extra in included.iter().map(entry).take(COMBINATIONS) {
        include(&mut rows, original, &axes, &extra);
    }
    rows
}

fn with(row: &Row, key: &str, value: &Node) -> Row {
    let mut row = row.clone();
    insert(&mut row, key, value);
    row
}

/// A value under its name; what is below a mapping, under `name.key`.
fn insert(row: &mut Row, key: &str, value: &Node) {
    match value {
        Node::Scalar(scalar) => {
            row.insert(key.to_owned(), scalar.text.clone());
        }
        Node::Mapping(entries) => {
            for (inner, value) in entries {
                insert(row, &format!("{key}.{}", inner.text), value);
            }
        }
        Node::Sequence(_) => {}
    }
}

fn entry(node: &Node) -> Row {
    let mut row = Row::new();
    for (key, value) in node.entries() {
        insert(&mut row, &key.text, value);
    }
    row
}

fn fits(part: &Row, row: &Row) -> bool {
    part.iter().all(|(key, value)| row.get(key) == Some(value))
}

/// An entry of `include` joins those of the axes' own combinations whose values it does not contradict,
/// or is one by itself.
fn include(rows: &mut Vec<Row>, original: usize, axes: &[&str], extra: &Row) {
    let own: Row = extra
        .iter()
        .filter(|(key, _)| axes.contains(&key.split('.').next().unwrap_or_default()))
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    let mut joined = false;
    if !axes.is_empty() {
        let originals = rows.iter_mut().take(original);
        for row in originals.filter(|row| fits(&own, row)) {
            row.extend(extra.clone());
            joined = true;
        }
    }
    if !joined {
        rows.push(extra.clone());
    }
}

/// A script once for each combination, with `${{ matrix.KEY }}` replaced. What has no such value in a
/// combination stays as it is written.
fn filled(script: &Script, rows: &[Row]) -> Vec<Script> {
    if rows.is_empty() || !script.text.contains("matrix.") {
        return vec![script.clone()];
    }
    let mut scripts: Vec<Script> = Vec::new();
    for row in rows {
        let text = replaced(&script.text, row);
        if !scripts.iter().any(|known| known.text == text) {
            scripts.push(Script {
                text,
                ..script.clone()
            });
        }
    }
    scripts
}

fn replaced(text: &str, row: &Row) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find("${{") {
        let Some(length) = rest[start..].find("}}") else {
            break;
        };
        let whole = &rest[start..start + length + 2];
        let inner = whole[3..whole.len() - 2].trim();
        let value = inner.strip_prefix("matrix.").and_then(|key| row.get(key));
        out.push_str(&rest[..start]);
        out.push_str(value.map_or(whole, String::as_str));
        rest = &rest[start + length + 2..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(scripts: &[Script]) -> Vec<(usize, &str)> {
        scripts
            .iter()
            .map(|one| (one.line, one.text.as_str()))
            .collect()
    }

    #[test]
    fn steps_with_their_folders() {
        let text = "\
on: push
defaults: {run: {working-directory: rust}}
jobs:
  a:
    steps:
      - uses: actions/checkout@v5
      - run: cargo build
      - run: |
          one
          two
        working-directory: agent
      - uses: actions-rs/cargo@v1
        with: {command: build, args: --release -p x}
";
        let scripts = workflow(text);
        assert_eq!(
            texts(&scripts),
            [
                (7, "cargo build"),
                (9, "one\ntwo\n"),
                (13, "cargo build --release -p x")
            ]
        );
        let folders: Vec<&Folder> = scripts.iter().map(|one| &one.folder).collect();
        assert_eq!(
            folders,
            [
                &Folder::Known("rust".into()),
                &Folder::Known("agent".into()),
                &Folder::Known("rust".into())
            ]
        );
    }

    #[test]
    fn a_matrix_that_is_written_out_is_known() {
        let job = |matrix: &str| {
            let text = format!(
                "jobs:\n  a:\n    strategy:\n      matrix: {matrix}\n    steps:\n      - run: b ${{{{ matrix.t }}}} ${{{{matrix.f}}}}\n"
            );
            let scripts = workflow(&text);
            scripts.into_iter().map(|one| one.text).collect::<Vec<_>>()
        };
        assert_eq!(job("{t: [x, y], f: [1]}"), ["b x 1", "b y 1"]);
        assert_eq!(
            job("{t: [x, y], f: [1, 2], exclude: [{t: y, f: 2}]}"),
            ["b x 1", "b x 2", "b y 1"]
        );
        assert_eq!(
            job("{include: [{t: x, f: 1}, {t: y}]}"),
            ["b x 1", "b y ${{matrix.f}}"]
        );
        assert_eq!(
            job("{t: [x, y], include: [{t: x, f: 3}, {t: z, f: 4}]}"),
            ["b x 3", "b y ${{matrix.f}}", "b z 4"]
        );
        assert_eq!(
            job("${{ fromJSON(x) }}"),
            ["b ${{ matrix.t }} ${{matrix.f}}"]
        );
        assert_eq!(
            job("{t: \"${{ fromJSON(x) }}\"}"),
            ["b ${{ matrix.t }} ${{matrix.f}}"]
        );
    }
}
