//! Which cargo commands are judged.

use crate::workspace::build::Target;
use crate::workspace::{Build, Features, Packages, Selection};

use super::family::FamilyGraph;

/// The builds that a command line stands for: exactly the one selected, else each member alone and
/// all of them together.
pub fn builds(
    packages: &Packages<'_>,
    graph: &FamilyGraph<'_>,
    selection: Option<&Selection>,
    features: &Features,
    targets: &[Target],
) -> Vec<Build> {
    let mut selections: Vec<Selection> = Vec::new();
    match selection {
        Some(Selection::Packages(ids)) if ids.len() > 1 => {
            selections.extend(ids.iter().map(|id| Selection::Packages(vec![id.clone()])));
            selections.push(Selection::Packages(ids.clone()));
        }
        Some(selected) => selections.push(selected.clone()),
        None => {
            let members = packages.graph().workspace().iter();
            let mut ids: Vec<_> = members
                .filter(|member| graph.is_concerned(packages.number(member.id())))
                .map(|member| member.id().clone())
                .collect();
            ids.sort();
            let several = packages.graph().workspace().member_count() > 1;
            selections.extend(ids.into_iter().map(|id| Selection::Packages(vec![id])));
            if several {
                selections.push(Selection::Workspace {
                    excluded: Vec::new(),
                });
            }
        }
    }
    // Cargo refuses `-p MEMBER --features F` where the member knows no F: nobody builds that.
    if !features.named.is_empty() {
        let graph = packages.graph();
        selections.retain(|selection| features.unknown(graph, selection).is_none());
    }
    let mut builds = Vec::new();
    for target in targets {
        for selection in &selections {
            builds.push(Build {
                selection: selection.clone(),
                features: features.clone(),
                target: target.clone(),
                dev: false,
            });
        }
    }
    builds
}
