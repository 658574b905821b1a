//! Its code: what changes in it, what the compiler says, how to write it instead.

use crate::report::html::parts::{codes, diff, term, verbatim};
use crate::report::html::write::Writer;
use crate::report::plain::counted;
use crate::report::spec::words;
use crate::spec::Spec;
use crate::spec::model::{By, CodePart, HitGroup, NotHit, Recipe, TrialPart, Tried};

use super::{H, items};

pub fn hits(code: &CodePart, w: &mut Writer) {
    w.element("h3", &[], "Breaking changes in its code");
    let scanned = match code {
        CodePart::NotScanned { because } => {
            return w.paragraph(&format!("Not looked for: {because}."));
        }
        CodePart::Scanned(scanned) => scanned,
    };
    let files = counted(scanned.files, "file");
    let lines = counted(scanned.lines, "line");
    w.paragraph(&format!("{files} with {lines} of code were read."));
    if scanned.hits.is_empty() {
        w.paragraph("No public item that changed on the way is used in them.");
    }
    for hit in &scanned.hits {
        w.within("article", &[], |w| one(hit, w));
    }
    for note in &scanned.notes {
        w.paragraph(&format!("Note: {note}"));
    }
    not_hit(&scanned.not_hit, w);
}

fn one(hit: &HitGroup, w: &mut Writer) {
    w.within("h4", &[], |w| w.code(&hit.item));
    w.paragraph(&words::sentence(&hit.change));
    let declarations = words::declared(hit);
    if !declarations.is_empty() {
        diff(w, &declarations);
    }
    w.within("dl", &[], |w| {
        if !hit.moved_to.is_empty() {
            term(w, "found there at", |w| {
                codes(w, hit.moved_to.iter().map(String::as_str));
            });
        }
        term(w, "places", |w| {
            items(w, hit.sites.iter().map(|site| words::site(H, site)));
        });
        if !hit.recipes.is_empty() {
            let name = match hit.recipes.len() {
                1 => "recipe",
                _ => "recipes",
            };
            term(w, name, |w| {
                codes(w, hit.recipes.iter().map(String::as_str));
                if hit.mechanical {
                    w.text(", mechanical");
                }
            });
        }
    });
}

fn not_hit(all: &[NotHit], w: &mut Writer) {
    if all.is_empty() {
        return;
    }
    w.within("details", &[], |w| {
        let what = "Not affected: changes between these lines that its code does not use";
        w.element("summary", &[], what);
        w.within("ul", &[], |w| {
            for one in all {
                w.within("li", &[], |w| {
                    w.code(&one.name);
                    w.text(&format!(": {}", counted(one.items, "public item")));
                    w.list(one.recipes.iter().map(String::as_str));
                });
            }
        });
    });
}

pub fn compiler(spec: &Spec, w: &mut Writer) {
    w.element("h3", &[], "What the compiler says");
    match &spec.trial {
        TrialPart::NotTried { because } => {
            w.paragraph(&format!("It was not asked: {because}."));
        }
        TrialPart::Refused { said } => {
            w.paragraph("Cargo refuses the changed manifest:");
            verbatim(w, said);
        }
        TrialPart::Unusable { said } => {
            w.paragraph(
                "It could not be compiled even before anything was changed, so that the compiler has \
                 nothing to say:",
            );
            verbatim(w, said);
        }
        TrialPart::Tried(tried) => compiled(tried, &spec.manifest.diff, w),
    }
}

fn compiled(tried: &Tried, own: &str, w: &mut Writer) {
    w.within("p", &[], |w| w.trusted(&words::trial(H, tried)));
    items(w, tried.errors.iter().map(|one| words::compiler(H, one)));
    if !tried.applied.is_empty() {
        w.element("h4", &[], "Applied in the copy");
        items(w, tried.applied.iter().map(|one| words::applied(H, one)));
    }
    w.list(tried.notes.iter().map(String::as_str));
    if !tried.patch.is_empty() && tried.patch != own {
        w.element("h4", &[], "The whole patch");
        diff(w, &tried.patch);
    }
}

pub fn recipes(recipes: &[Recipe], w: &mut Writer) {
    if recipes.is_empty() {
        return;
    }
    w.element("h3", &[], "Recipes");
    for recipe in recipes {
        w.within("article", &[], |w| {
            w.within("h4", &[], |w| {
                w.code(&recipe.id);
                w.text(" ");
                w.prose(&recipe.title);
            });
            w.paragraph(&recipe.why);
            w.element("p", &[], "Before:");
            verbatim(w, &recipe.before);
            w.element("p", &[], "After:");
            verbatim(w, &recipe.after);
            w.within("dl", &[], |w| needs(recipe, w));
        });
    }
}

fn needs(recipe: &Recipe, w: &mut Writer) {
    term(w, "how", |w| {
        w.text(match recipe.by {
            By::Machine => "one text replaced by another",
            By::Hand => "by hand",
        });
    });
    for (before, after) in &recipe.rename {
        term(w, "rename", |w| {
            w.code(before);
            w.text(" becomes ");
            w.code(after);
        });
    }
    for need in &recipe.needs {
        term(w, "in the manifest", |w| {
            w.code(&need.package);
            if !need.features.is_empty() {
                w.text(" with the features ");
                codes(w, need.features.iter().map(String::as_str));
            }
            if !need.without.is_empty() {
                w.text(", and no longer ");
                codes(w, need.without.iter().map(String::as_str));
            }
        });
    }
    term(w, "source", |w| w.element("cite", &[], &recipe.source));
}
