//! What would bring a package to another line: its releases, and the requirements that do not admit them.

use std::collections::BTreeSet;

use semver::Version;

use crate::report::Liveness;
use crate::skew::Line;
use crate::skew::in_use::registry;
use crate::skew::trace::{locate, requirement};

use super::{Asked, Move, View};

/// The release to take for each other line, from new to old; or why none is known.
pub fn moves(
    view: &View<'_, '_>,
    number: usize,
    on: &BTreeSet<Line>,
) -> (Vec<Move>, Option<String>) {
    let package = view.packages.get(number);
    let name = package.name();
    let Some(registry) = registry(package) else {
        let why = "it comes from git or a path, so that no registry lists its releases";
        return (Vec::new(), Some(why.to_owned()));
    };
    let matrix = match view.matrix {
        Ok(matrix) => matrix,
        Err(why) => return (Vec::new(), Some(why.to_owned())),
    };
    let registry = registry.to_string();
    let mut companions = matrix.companions.iter();
    let companion =
        companions.find(|one| one.name == name && one.registry.as_ref() == Some(&registry));
    let mut found: Vec<(Line, Version, Vec<String>)> = Vec::new();
    if view.graph.is_anchor(number) {
        for row in &matrix.lines {
            // A line may be another anchor's.
            let own = row
                .releases
                .last()
                .filter(|release| Line::of(release) == row.line);
            found.extend(own.map(|release| (row.line, release.clone(), Vec::new())));
        }
    } else if let Some(companion) = companion {
        if let Some(problem) = &companion.problem {
            return (Vec::new(), Some(problem.clone()));
        }
        for cell in &companion.cells {
            let release = cell.pick().filter(|_| cell.is_usable());
            found.extend(release.map(|one| (cell.line, one.version.clone(), one.features.clone())));
        }
    }
    let live = live_lines(view, number);
    found.sort_by(|a, b| (live.contains(&b.0), b).cmp(&(live.contains(&a.0), a)));
    let others = found.into_iter().filter(|(line, release, _)| {
        !on.contains(line) || on.len() > 1 && release != package.version()
    });
    let moves = others.map(|(line, release, features)| {
        let in_the_way = in_the_way(view, number, &release);
        let command = in_the_way.is_empty() && release != *package.version();
        Move {
            line: line.to_string(),
            live: live.contains(&line),
            command: command.then(|| {
                format!(
                    "cargo update {name}@{} --precise {release}",
                    package.version()
                )
            }),
            release: release.to_string(),
            features,
            in_the_way,
        }
    });
    (moves.collect(), None)
}

/// The lines that are live in what links a package.
fn live_lines(view: &View<'_, '_>, number: usize) -> BTreeSet<Line> {
    let linked = view.artifacts(number);
    let links = |id: &String| linked.iter().any(|one| one.artifact == *id);
    let artifacts = view.report.artifacts.iter().filter(|one| links(&one.id));
    let lines = artifacts.flat_map(|one| &one.lines);
    let live = lines.filter(|line| matches!(line.live, Liveness::Set | Liveness::Assumed));
    live.filter_map(|line| line.line.parse().ok()).collect()
}

/// The requirements on a package that do not admit a release.
fn in_the_way(view: &View<'_, '_>, number: usize, release: &Version) -> Vec<Asked> {
    let links = view.packages.get(number).reverse_direct_links();
    let refusing = links.filter(|link| !link.version_req().matches(release));
    let mut asked: Vec<Asked> = refusing
        .map(|link| Asked {
            by: view.packages.label(view.packages.number(link.from().id())),
            requirement: requirement(&link),
            declared: link
                .from()
                .in_workspace()
                .then(|| locate(view.workspace, &link)),
        })
        .collect();
    // Those of the workspace first: they can be changed here.
    asked.sort_by_key(|one| (one.declared.is_none(), one.clone()));
    asked.dedup();
    asked
}
