//! What reading a package's code says, as a part of a specification.

use std::collections::{BTreeMap, BTreeSet};

use crate::rules::public_api::{Change, PublicApi, What};
use crate::rules::recipes::{self, Recipes, Work};
use crate::skew::Line;
use crate::source::{Cfg, PackageSource};
use crate::workspace::Manifest;

use super::model::{By, CodePart, HitGroup, NotHit, Recipe, RecipeNeed, Scanned, Site, TrialPart};
use super::requirements::Moves;
use super::scan::{Hit, ScanNote, scan};
use super::subject::Subject;

/// Reads the code of a package on its way.
pub fn part(subject: &Subject, moves: &Moves<'_>) -> CodePart {
    let Some(manifest) = &subject.manifest else {
        return CodePart::NotScanned {
            because: "its sources are not on this machine".into(),
        };
    };
    if subject.targets.is_empty() {
        return CodePart::NotScanned {
            because: "it has no target whose code could be read".into(),
        };
    }
    let missing = subject.targets.iter().all(|target| !target.file.is_file());
    if missing {
        let folder = manifest.parent().unwrap_or(manifest);
        return CodePart::NotScanned {
            because: format!("there are no sources in {folder}"),
        };
    }
    let folder = manifest.parent().unwrap_or(manifest);
    let source = PackageSource::new(
        folder.to_owned(),
        subject.targets.clone(),
        externs(subject, manifest),
    );
    let (api, recipes) = (
        PublicApi::shipped(&moves.family.name),
        Recipes::shipped(&moves.family.name),
    );
    let mut found = Scanned::default();
    let mut hits = Vec::new();
    let mut notes = BTreeSet::new();
    let mut names_of_all = BTreeSet::new();
    for from in moves.lines() {
        if from == moves.target {
            continue;
        }
        let names = names(moves, from);
        let one = scan(&source, &names, api, recipes, from, moves.target);
        (found.files, found.lines) = (one.files, one.lines);
        hits.extend(one.hits);
        notes.extend(one.notes.iter().map(note));
        names_of_all.extend(names.into_values().map(|name| (name, from)));
    }
    found.not_hit = not_hit(api, recipes, &names_of_all, moves.target, &hits);
    let reachable = reachable(moves);
    for hit in &mut hits {
        if let What::Vanished { moved_to } = &mut hit.change.what {
            moved_to.retain(|path| {
                let krate = path.split("::").next().unwrap_or_default();
                reachable.contains(krate)
            });
        }
    }
    found.hits = groups(hits, recipes);
    found.notes = notes.into_iter().collect();
    CodePart::Scanned(Box::new(found))
}

/// The crates that the package depends on once it has moved, as code spells them: what has the same
/// name in another one is hardly what took its place.
fn reachable(moves: &Moves<'_>) -> BTreeSet<String> {
    let own = moves.all.iter().filter_map(|one| one.to());
    let own = own.map(|(package, _)| package);
    let added = moves.added().into_iter().map(|(package, _)| package);
    own.chain(added)
        .map(|package| package.replace('-', "_"))
        .collect()
}

/// The names by which code may speak of other packages.
fn externs(subject: &Subject, manifest: &camino::Utf8Path) -> BTreeSet<String> {
    let parsed = Manifest::read(manifest).ok();
    let keys = parsed
        .iter()
        .flat_map(|manifest| &manifest.dependencies)
        .map(|declared| declared.key.replace('-', "_"));
    keys.chain([subject.name.replace('-', "_")]).collect()
}

/// The names of the family's crates of a line in the code, with the packages that they stand for.
fn names(moves: &Moves<'_>, line: Line) -> BTreeMap<String, String> {
    let all = moves.all.iter();
    let of_line = all.filter(|one| one.lines.contains(&line) || one.lines.is_empty());
    of_line
        .filter(|one| moves.family.knows(&one.requirement.package))
        .map(|one| {
            let requirement = &one.requirement;
            let key = requirement.uses.first().map(|used| &used.at.key);
            let key = key.unwrap_or(&requirement.at.key);
            (key.replace('-', "_"), requirement.package.clone())
        })
        .collect()
}

fn note(note: &ScanNote) -> String {
    match note.file.as_str() {
        "" => note.message.clone(),
        file => format!("`{file}`: {}", note.message),
    }
}

/// Hits by item and change, those with most sites first.
fn groups(hits: Vec<Hit>, recipes: &Recipes) -> Vec<HitGroup> {
    let mut found: BTreeMap<(String, String), HitGroup> = BTreeMap::new();
    for hit in hits {
        let change = words(&hit.change);
        let group = found
            .entry((hit.item.clone(), change.clone()))
            .or_insert_with(|| {
                let (before, after, moved_to) = shapes(&hit.change);
                HitGroup {
                    item: hit.item.clone(),
                    change,
                    before,
                    after,
                    moved_to,
                    sites: Vec::new(),
                    recipes: Vec::new(),
                    mechanical: false,
                }
            });
        for id in hit.recipes {
            if !group.recipes.contains(&id) {
                group.recipes.push(id);
            }
        }
        group.sites.push(Site {
            file: hit.place.file.as_str().to_owned(),
            line: hit.place.line,
            column: hit.place.column,
            target: hit.target,
            certain: hit.certain,
            cfg: (*hit.cfg != Cfg::Always).then(|| hit.cfg.to_string()),
        });
    }
    let mut groups: Vec<HitGroup> = found.into_values().collect();
    for group in &mut groups {
        group.sites.sort();
        group.sites.dedup();
        // A recipe for a person beside one for a machine leaves something to the person.
        let known: Vec<_> = group.recipes.iter().map(|id| recipes.get(id)).collect();
        let by_machine =
            |one: &Option<&recipes::Recipe>| one.is_some_and(|recipe| recipe.by == Work::Machine);
        group.mechanical = !known.is_empty() && known.iter().all(by_machine);
    }
    groups.sort_by_key(|group| (std::cmp::Reverse(group.sites.len()), group.item.clone()));
    groups
}

/// What happened to an item, as a phrase.
fn words(change: &Change) -> String {
    let kind = change.kind;
    let list = |names: &[String]| {
        let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
        names.join(", ")
    };
    match &change.what {
        What::Vanished { moved_to } => match (moved_to.is_empty(), &change.within) {
            (false, _) => format!("this {kind} is no longer at that path"),
            (true, Some(within)) => format!("this {kind} is gone, with all of `{within}`"),
            (true, None) => format!("this {kind} is gone"),
        },
        What::Kind { after } => format!("this {kind} is a {after} now"),
        What::Signature { .. } => format!("the declaration of this {kind} has changed"),
        What::NewRequired { items } => {
            format!(
                "whoever implements this {kind} has to write {} as well",
                list(items)
            )
        }
        What::PrivateFields => format!("this {kind} cannot be written as a literal any more"),
        What::NewFields { fields } => {
            format!(
                "literals of this {kind} have to give {} as well",
                list(fields)
            )
        }
        What::NewVariants { variants } => {
            format!(
                "a `match` of this {kind} without a catch-all misses {}",
                list(variants)
            )
        }
        What::NonExhaustive => {
            format!("this {kind} can be neither written as a literal nor matched in full any more")
        }
    }
}

type Shapes = (Option<String>, Option<String>, Vec<String>);

fn shapes(change: &Change) -> Shapes {
    match &change.what {
        What::Signature { before, after } => {
            (Some(before.clone()), Some(after.clone()), Vec::new())
        }
        What::Vanished { moved_to } => (None, None, moved_to.clone()),
        What::Kind { .. }
        | What::NewRequired { .. }
        | What::PrivateFields
        | What::NewFields { .. }
        | What::NewVariants { .. }
        | What::NonExhaustive => (None, None, Vec::new()),
    }
}

/// The recipes that reading the code and compiling it named, in the order of their names.
pub fn recipes(family: &str, code: &CodePart, trial: &TrialPart) -> Vec<Recipe> {
    let mut ids = BTreeSet::new();
    if let CodePart::Scanned(found) = code {
        ids.extend(found.hits.iter().flat_map(|hit| &hit.recipes));
    }
    if let TrialPart::Tried(tried) = trial {
        let errors = tried.found.iter().chain(&tried.errors);
        ids.extend(errors.flat_map(|error| &error.recipes));
    }
    let known = Recipes::shipped(family);
    ids.into_iter()
        .filter_map(|id| known.get(id).map(recipe))
        .collect()
}

/// What a manifest has to have for a recipe's outcome, and what for what was before it alone.
fn needs(recipe: &recipes::Recipe) -> Vec<RecipeNeed> {
    let before = |name: &str| {
        let old = recipe.needs_before.iter().find(|need| need.name == name);
        old.map_or(&[][..], |need| &need.features)
    };
    let needs = recipe.needs_after.iter().map(|need| RecipeNeed {
        package: need.name.clone(),
        features: need.features.clone(),
        without: before(&need.name)
            .iter()
            .filter(|feature| !need.features.contains(feature))
            .cloned()
            .collect(),
    });
    needs.collect()
}

fn recipe(recipe: &recipes::Recipe) -> Recipe {
    Recipe {
        id: recipe.id.clone(),
        title: recipe.title.clone(),
        why: recipe.why.clone(),
        by: match recipe.by {
            Work::Machine => By::Machine,
            Work::Hand => By::Hand,
        },
        before: recipe.before.code.clone(),
        after: recipe.after.code.clone(),
        rename: recipe
            .rename
            .iter()
            .map(|pair| (pair.from.clone(), pair.to.clone()))
            .collect(),
        needs: needs(recipe),
        source: recipe.source.clone(),
    }
}

/// Changes of the crates in use that the code does not hit.
fn not_hit(
    api: &PublicApi,
    recipes: &Recipes,
    names: &BTreeSet<(String, Line)>,
    to: Line,
    hits: &[Hit],
) -> Vec<NotHit> {
    let hit: BTreeSet<String> = hits.iter().map(|hit| hit.change.full_path()).collect();
    let used: BTreeSet<&String> = hits.iter().flat_map(|hit| &hit.recipes).collect();
    let mut rows = Vec::new();
    for (name, from) in names {
        let Some(krate) = api.krate(name) else {
            continue;
        };
        let changed: BTreeSet<String> = krate
            .changes(*from, to)
            .iter()
            .map(Change::full_path)
            .collect();
        let items = changed.iter().filter(|item| !hit.contains(*item)).count();
        let code_name = krate.code_name();
        let speaks = |recipe: &&recipes::Recipe| {
            let mut items = recipe.items.iter();
            items.any(|item| item.split("::").next() == Some(&*code_name))
        };
        let others = recipes.between(*from, to).into_iter().filter(speaks);
        let others = others.filter(|recipe| !used.contains(&recipe.id));
        rows.push(NotHit {
            name: name.clone(),
            items,
            recipes: others.map(|recipe| recipe.title.clone()).collect(),
        });
    }
    rows.retain(|row| row.items > 0 || !row.recipes.is_empty());
    rows.sort();
    rows.dedup();
    rows
}
