//! The manifest, and the releases and features that go into it.

use crate::report::html::parts::{diff, table};
use crate::report::html::write::Writer;
use crate::report::spec::words;
use crate::spec::Spec;
use crate::spec::model::Basis;

use super::{H, items};

pub fn manifest(spec: &Spec, w: &mut Writer) {
    let manifest = &spec.manifest;
    w.element("h3", &[], "The manifest");
    w.paragraph(words::basis(manifest.basis));
    w.list(manifest.problems.iter().map(String::as_str));
    match manifest.diff.is_empty() {
        true => w.paragraph("There is no line of it to change."),
        false => diff(w, &manifest.diff),
    }
    if manifest.changes.is_empty() {
        return;
    }
    let heads = ["place", "today", "change"].map(str::to_owned);
    table(w, "plain", "Requirements that change", &heads, |w| {
        for one in &manifest.changes {
            w.within("tr", &[], |w| {
                w.within("th", &[("scope", "row")], |w| w.code(&one.place));
                w.within("td", &[], |w| w.code(&one.before));
                w.within("td", &[], |w| w.prose(&one.change));
            });
        }
    });
}

pub fn releases(spec: &Spec, w: &mut Writer) {
    let caption = format!("Releases for line {}", spec.to);
    w.element("h3", &[], &caption);
    if spec.companions.is_empty() {
        return w.paragraph("Which releases it needs is unknown.");
    }
    let heads = [
        "package",
        "table",
        "today",
        "release to take",
        "features for the line",
        "Rust",
    ];
    table(w, "plain", &caption, &heads.map(str::to_owned), |w| {
        for one in &spec.companions {
            w.within("tr", &[], |w| {
                w.within("th", &[("scope", "row")], |w| w.code(&one.package));
                let optional = if one.optional { ", optional" } else { "" };
                w.element("td", &[], &format!("{}{optional}", one.table));
                w.element("td", &[], one.today.as_deref().unwrap_or("none"));
                let at = &one.at_target;
                for words in [
                    words::release(H, at),
                    words::line_features(H, at),
                    words::rust(H, at),
                ] {
                    w.within("td", &[], |w| w.trusted(&words));
                }
            });
        }
    });
}

pub fn features(spec: &Spec, w: &mut Writer) {
    w.element("h3", &[], "Features");
    if spec.manifest.basis == Basis::Missing {
        w.paragraph("Unknown, without its manifest.");
    } else if spec.features.is_empty() {
        w.paragraph("No feature that it asks for was renamed, moved or removed.");
    }
    items(w, spec.features.iter().map(|one| words::feature(H, one)));
}
