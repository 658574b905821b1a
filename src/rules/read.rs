//! Reads one rule file into a layer.

use toml::de::DeTable;

use super::entry::{Entry, Shape, Source};
use super::error::Mistake;
use super::layer::{Layer, LayerFamily, Origin, Placed};
use super::types::{
    ApiPattern, BehaviourChange, Beside, CrateRule, Facade, FeatureChange, LineFeatures, MajorRule,
    ReleaseRule, Singleton, Succession,
};

/// Adds what the file says to the layer, and its mistakes to the list.
pub(super) fn file(file: &str, text: &str, layer: &mut Layer, mistakes: &mut Vec<Mistake>) {
    let index = layer.files.len();
    layer.files.push((file.to_owned(), text.to_owned()));
    let (document, errors) = DeTable::parse_recoverable(text);
    for error in &errors {
        let offset = error.span().map_or(0, |span| span.start);
        mistakes.push(Mistake::at(file, text, offset, error.message()));
    }
    if !errors.is_empty() {
        // What is left of the document after a syntax error would only give mistakes that are none.
        return;
    }
    let mut source = Source {
        file,
        text,
        mistakes,
    };
    let mut head = Entry::new("a rule file", document.get_ref(), 0..0, &mut source);
    let name = head.text("family", Shape::Package);
    let origin = |offset| Origin {
        file: index,
        offset,
    };
    let family_at = document
        .get_ref()
        .get("family")
        .map_or(0, |value| value.span().start);
    // Without a name to go by the entries are read all the same, for the sake of their mistakes.
    let mut nowhere = Layer::default();
    let layer = if name.is_empty() { &mut nowhere } else { layer };
    let family = layer.family(&name, origin(family_at));
    if let Some(title) = head.optional_text("title", Shape::Line) {
        family.title = Some(title);
    }
    let tables = [
        ("singleton", singleton as Reader),
        ("crate", crate_rule),
        ("api", api),
        ("release", release),
        ("feature", feature),
        ("behaviour", behaviour),
        ("successor", successor),
        ("major", major),
    ];
    for (key, read) in tables {
        for (table, span) in head.tables(key) {
            let origin = origin(span.start);
            read(
                Entry::new(title_of(key), table, span, head.source),
                family,
                origin,
            );
        }
    }
    head.finish();
}

type Reader = fn(Entry<'_, '_, '_>, &mut LayerFamily, Origin);

fn title_of(key: &str) -> &'static str {
    match key {
        "singleton" => "`[[singleton]]`",
        "crate" => "`[[crate]]`",
        "api" => "`[[api]]`",
        "release" => "`[[release]]`",
        "feature" => "`[[feature]]`",
        "behaviour" => "`[[behaviour]]`",
        "successor" => "`[[successor]]`",
        _ => "`[[major]]`",
    }
}

fn singleton(mut entry: Entry<'_, '_, '_>, family: &mut LayerFamily, origin: Origin) {
    let name = entry.text("crate", Shape::Package);
    let anchor = entry.flag("anchor");
    let mut facade = Vec::new();
    for (table, span) in entry.tables("facade") {
        let mut part = Entry::new("`[[singleton.facade]]`", table, span, entry.source);
        let versions = part.needed_versions("versions");
        let of = part.text("of", Shape::Package);
        if let (true, Some(versions)) = (part.finish(), versions) {
            facade.push(Facade { versions, of });
        }
    }
    let value = Singleton {
        name,
        anchor,
        facade,
        consequence: entry.text("consequence", Shape::Line),
        source: entry.text("source", Shape::Line),
    };
    if entry.finish() {
        family.singletons.push(Placed { value, origin });
    }
}

fn crate_rule(mut entry: Entry<'_, '_, '_>, family: &mut LayerFamily, origin: Origin) {
    let name = entry.text("name", Shape::Package);
    let role = entry.name("role");
    let line_features =
        entry
            .tables("line-features")
            .into_iter()
            .next()
            .and_then(|(table, span)| {
                let mut part = Entry::new("`line-features`", table, span, entry.source);
                let features = LineFeatures {
                    prefixes: part.needed_texts("prefixes", Shape::Feature),
                    not_suffixes: part.texts("not-suffixes", Shape::Feature),
                    exclusive: part.flag("exclusive"),
                    required: part.flag("required"),
                };
                part.finish().then_some(features)
            });
    let has_sdk = entry.flag("has-sdk");
    let core = entry.flag("core");
    let effects = entry.names("effects");
    let exposes_types = entry.flag("exposes-types");
    let reexports = entry.texts("reexports", Shape::Package);
    let versions = entry.versions("versions");
    let source = entry.text("source", Shape::Line);
    if let (true, Some(role)) = (entry.finish(), role) {
        let value = CrateRule {
            name,
            role,
            has_sdk,
            core,
            effects,
            exposes_types,
            reexports,
            line_features,
            versions,
            source,
        };
        family.crates.push(Placed { value, origin });
    }
}

fn api(mut entry: Entry<'_, '_, '_>, family: &mut LayerFamily, origin: Origin) {
    let crates = entry.needed_texts("crates", Shape::Package);
    let paths = entry.texts("path", Shape::Path);
    let methods = entry.texts("method", Shape::Method);
    if entry.table.contains_key("path") == entry.table.contains_key("method") {
        entry.mistake("`[[api]]` needs either a key `path` or a key `method`");
    }
    let with = entry.texts("with", Shape::Path);
    let with_methods = entry.texts("with-methods", Shape::Method);
    let versions = entry.versions("versions");
    let effects = entry.needed_names("effect");
    let advice = entry.optional_text("advice", Shape::Line);
    let source = entry.text("source", Shape::Line);
    if !entry.finish() {
        return;
    }
    let paths = paths.into_iter().map(|path| (Some(path), None));
    let methods = methods.into_iter().map(|method| (None, Some(method)));
    for (path, method) in paths.chain(methods) {
        for &effect in &effects {
            let value = ApiPattern {
                crates: crates.clone(),
                path: path.clone(),
                method: method.clone(),
                with: with.clone(),
                with_methods: with_methods.clone(),
                versions: versions.clone(),
                effect,
                advice: advice.clone(),
                source: source.clone(),
            };
            family.api.push(Placed { value, origin });
        }
    }
}

fn release(mut entry: Entry<'_, '_, '_>, family: &mut LayerFamily, origin: Origin) {
    let name = entry.text("crate", Shape::Package);
    let versions = entry.versions("versions");
    let feature = entry.optional_text("feature", Shape::Feature);
    let without = entry.texts("without", Shape::Feature);
    let beside = entry
        .tables("beside")
        .into_iter()
        .next()
        .and_then(|(table, span)| {
            let mut part = Entry::new("`beside`", table, span, entry.source);
            let name = part.text("crate", Shape::Package);
            let versions = part.needed_versions("versions");
            let clean = part.finish();
            versions
                .filter(|_| clean)
                .map(|versions| Beside { name, versions })
        });
    let flaw = entry.name("flaw");
    let id = entry.optional_text("id", Shape::Feature);
    let summary = entry.text("summary", Shape::Line);
    let remedy = entry.optional_text("remedy", Shape::Line);
    let successor = entry.optional_text("successor", Shape::Package);
    let source = entry.text("source", Shape::Line);
    if let (true, Some(flaw)) = (entry.finish(), flaw) {
        let value = ReleaseRule {
            name,
            versions,
            feature,
            without,
            beside,
            flaw,
            id,
            summary,
            remedy,
            successor,
            source,
        };
        family.releases.push(Placed { value, origin });
    }
}

fn feature(mut entry: Entry<'_, '_, '_>, family: &mut LayerFamily, origin: Origin) {
    let name = entry.text("crate", Shape::Package);
    let features = entry.needed_texts("feature", Shape::Feature);
    let gone_in = entry.needed_version("gone-in");
    let moved_to_crate = entry.optional_text("moved-to-crate", Shape::Package);
    let renamed_to = entry.optional_text("renamed-to", Shape::Feature);
    let advice = entry.text("advice", Shape::Line);
    let source = entry.text("source", Shape::Line);
    let (true, Some(gone_in)) = (entry.finish(), gone_in) else {
        return;
    };
    for feature in features {
        let value = FeatureChange {
            name: name.clone(),
            feature,
            gone_in: gone_in.clone(),
            moved_to_crate: moved_to_crate.clone(),
            renamed_to: renamed_to.clone(),
            advice: advice.clone(),
            source: source.clone(),
        };
        family.features.push(Placed { value, origin });
    }
}

fn behaviour(mut entry: Entry<'_, '_, '_>, family: &mut LayerFamily, origin: Origin) {
    let name = entry.text("crate", Shape::Package);
    let oldest = entry.version("from");
    let first = entry.needed_version("in");
    let until = entry.version("until");
    let summary = entry.text("summary", Shape::Line);
    let advice = entry.text("advice", Shape::Line);
    let source = entry.text("source", Shape::Line);
    if let (true, Some(first)) = (entry.finish(), first) {
        let value = BehaviourChange {
            name,
            oldest,
            first,
            until,
            summary,
            advice,
            source,
        };
        family.behaviour.push(Placed { value, origin });
    }
}

fn successor(mut entry: Entry<'_, '_, '_>, family: &mut LayerFamily, origin: Origin) {
    let value = Succession {
        name: entry.text("crate", Shape::Package),
        successor: entry.text("successor", Shape::Package),
        since: entry.version("since"),
        advice: entry.optional_text("advice", Shape::Line),
        source: entry.text("source", Shape::Line),
    };
    if entry.finish() {
        family.successors.push(Placed { value, origin });
    }
}

fn major(mut entry: Entry<'_, '_, '_>, family: &mut LayerFamily, origin: Origin) {
    let value = MajorRule {
        name: entry.text("crate", Shape::Package),
        through: entry.needed_texts("through", Shape::Package),
        passed_by: entry.needed_texts("passed-by", Shape::Path),
        remedy: entry.optional_text("remedy", Shape::Line),
        source: entry.text("source", Shape::Line),
    };
    if entry.finish() {
        family.majors.push(Placed { value, origin });
    }
}
