use std::collections::BTreeSet;

use crate::source::{Edition, PackageSource, Reference, TargetId, TargetRoot};
use crate::spec::trial::edits::apply;
use crate::spec::trial::guide::{Guide, Rename};
use crate::spec::trial::model::Reason;
use crate::spec::trial::names::Names;

const MANIFEST: &str =
    "[dependencies]\napi = \"1\"\nsdk = \"1\"\nold = { package = \"old-name\" }\n";

/// Renames in one library's file; gives its new text and what was missing.
fn renamed(text: &str, renames: &[(&str, &str)]) -> (String, BTreeSet<String>) {
    let folder = tempfile::tempdir().unwrap();
    let path = camino::Utf8Path::from_path(folder.path()).unwrap();
    std::fs::create_dir(path.join("src")).unwrap();
    std::fs::write(path.join("src/lib.rs"), text).unwrap();
    let names = Names::of(MANIFEST, None);
    let root = TargetRoot {
        name: "lib".to_owned(),
        file: "src/lib.rs".into(),
        edition: Edition::E2018,
    };
    let externs = names.all().map(str::to_owned).collect();
    let source = PackageSource::new(path, vec![root], externs);
    let items = source.all_items(TargetId(0));
    let references: Vec<&Reference> = items.iter().flat_map(|item| &item.references).collect();
    let renames = renames
        .iter()
        .filter_map(|(from, to)| Rename::new(from, to, Reason::Recipe { id: "r".to_owned() }));
    let guide = Guide {
        renames: renames.collect(),
        ..Guide::default()
    };
    let renamed = super::edits(text, &references, &names, &guide);
    (apply(text, renamed.edits).0, renamed.missing)
}

fn check(renames: &[(&str, &str)], cases: &[(&str, &str)]) {
    for (old, new) in cases {
        let (found, missing) = renamed(old, renames);
        assert_eq!(found, *new, "of {old}");
        assert_eq!(missing, BTreeSet::new());
    }
}

const MOVES: &[(&str, &str)] = &[
    ("api::sdk", "sdk"),
    ("api::global::stop", "api::global::halt"),
    ("sdk::trace::Provider", "sdk::trace::SdkProvider"),
    ("api::logs::Error", "sdk::logs::LogError"),
];

#[test]
fn single_imports() {
    check(
        MOVES,
        &[
            ("use api::sdk;\n", "use sdk;\n"),
            ("use api::sdk as s;\n", "use sdk as s;\n"),
            ("pub use  api :: sdk::x;\n", "pub use  sdk::x;\n"),
            ("use api::sdk::x::*;\n", "use sdk::x::*;\n"),
            ("use ::api::sdk::x;\n", "use ::sdk::x;\n"),
            (
                "use sdk::trace::Provider;\nfn f(_: Provider) {}\n",
                "use sdk::trace::SdkProvider as Provider;\nfn f(_: Provider) {}\n",
            ),
            (
                "use sdk::trace::Provider as P;\n",
                "use sdk::trace::SdkProvider as P;\n",
            ),
            (
                "use api::sdk::trace::Provider;\n",
                "use sdk::trace::SdkProvider as Provider;\n",
            ),
            (
                "use api::logs::Error as _;\n",
                "use sdk::logs::LogError as _;\n",
            ),
            ("use api::trace::Tracer;\n", "use api::trace::Tracer;\n"),
            ("use other::sdk::x;\n", "use other::sdk::x;\n"),
        ],
    );
}

#[test]
fn groups() {
    check(
        MOVES,
        &[
            // All of it.
            (
                "use api::sdk::{trace, /* kept */ Resource};\n",
                "use sdk::{trace, /* kept */ Resource};\n",
            ),
            // One leaf, in its place.
            (
                "use sdk::{trace::{Provider, // why\n    Span}, Resource};\n",
                "use sdk::{trace::{SdkProvider as Provider, // why\n    Span}, Resource};\n",
            ),
            // Some leave.
            (
                "#[cfg(all())]\npub(crate) use api::{global, sdk::{self, trace::Config}, KeyValue};\n",
                "#[cfg(all())]\npub(crate) use api::{global, KeyValue};\n#[cfg(all())]\npub(crate) use sdk::{self, trace::Config};\n",
            ),
            (
                "mod m {\n    use api::{global, sdk::x};\n}\n",
                "mod m {\n    use api::global;\n    use sdk::x;\n}\n",
            ),
            // What to do with a comment is for a person to say.
            (
                "use api::{global, /* why */ sdk::x};\n",
                "use api::{global, /* why */ sdk::x};\n",
            ),
        ],
    );
    let long = format!(
        "use api::{{sdk::x, {}}};\n",
        (0..12)
            .map(|n| format!("name_number_{n}"))
            .collect::<Vec<_>>()
            .join(", ")
    );
    let (found, _) = renamed(&long, MOVES);
    assert!(
        found.starts_with("use api::{\n    name_number_0, name_number_1,"),
        "{found}"
    );
    assert!(
        found.ends_with("name_number_11,\n};\nuse sdk::x;\n"),
        "{found}"
    );
    assert!(found.lines().all(|line| line.len() <= 100), "{found}");
}

#[test]
fn code() {
    check(
        MOVES,
        &[
            (
                "fn f() { api::global::stop(); ::api::sdk::x::<u8>(); }\n",
                "fn f() { api::global::halt(); ::sdk::x::<u8>(); }\n",
            ),
            // Through a module that stays: the rest of the path.
            (
                "use api::global;\nfn f() { global::stop() }\n",
                "use api::global;\nfn f() { global::halt() }\n",
            ),
            (
                "use sdk::trace;\nfn f() -> trace::Provider { trace::Provider::new() }\n",
                "use sdk::trace;\nfn f() -> trace::SdkProvider { trace::SdkProvider::new() }\n",
            ),
            // Through a module that does not hold it any more: the full path.
            (
                "use api::logs;\nfn f() -> logs::Error { todo!() }\n",
                "use api::logs;\nfn f() -> sdk::logs::LogError { todo!() }\n",
            ),
            // Through an import that is changed itself.
            (
                "use api::sdk::trace;\nfn f() { trace::config(); trace::Provider::new(); }\n",
                "use sdk::trace;\nfn f() { trace::config(); trace::SdkProvider::new(); }\n",
            ),
            // In macros, attributes and bounds.
            (
                "fn f<T: api::sdk::Bound>() { println!(\"{}\", api::sdk::x()); }\n#[api::sdk::attr]\nstruct S;\n",
                "fn f<T: sdk::Bound>() { println!(\"{}\", sdk::x()); }\n#[sdk::attr]\nstruct S;\n",
            ),
            // Text and comments are not code.
            (
                "// api::sdk::x\nfn f() { g(\"api::sdk::x\") }\n",
                "// api::sdk::x\nfn f() { g(\"api::sdk::x\") }\n",
            ),
        ],
    );
}

#[test]
fn crates() {
    check(
        &[("old_name", "api")],
        &[
            (
                "use old::{trace::Span, KeyValue};\nfn f() { old::x() }\n",
                "use api::{trace::Span, KeyValue};\nfn f() { api::x() }\n",
            ),
            ("use old;\n", "use api as old;\n"),
        ],
    );
    let (text, missing) = renamed("use api::sdk::x;\n", &[("api::sdk", "else_where")]);
    assert_eq!(text, "use api::sdk::x;\n");
    assert_eq!(missing, BTreeSet::from(["else_where".to_owned()]));
}

#[test]
fn what_conditions_decide_stays() {
    check(
        MOVES,
        &[(
            "#[cfg(a)]\nuse api::global as g;\n#[cfg(not(a))]\nuse other_crate as g;\nuse api as other_crate;\nfn f() { g::stop() }\n",
            "#[cfg(a)]\nuse api::global as g;\n#[cfg(not(a))]\nuse other_crate as g;\nuse api as other_crate;\nfn f() { g::stop() }\n",
        )],
    );
}
