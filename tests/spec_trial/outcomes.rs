//! What a trial comes to.

use otel_check::spec::trial::{Baseline, Note, Options, Outcome, Way};

use crate::lab::{Lab, compiles, found, library, told};
use crate::loopback::{Dep, Package};

const BUMP: (&str, &str) = ("\"^0.1\"", "\"^0.2\"");
const APP: &str = "[dependencies]\nlib = \"1\"\n";

/// A published library that the workspace uses.
fn published(library: Package) -> Lab {
    let lab = Lab::new();
    lab.registry.publish(library);
    lab.write(&[("ws/", APP), ("ws/src/lib.rs", "")]);
    lab.fetch();
    lab
}

#[test]
fn a_requirement_is_all() {
    let text = "pub fn f() -> u8 { api::global::tracer() }\n";
    let lab = published(library(text, &[Dep::new("api", "^0.1")]));
    let mut case = lab.case("lib", lab.unpacked("lib-1.0.0"), &[BUMP]);
    case.capped = true;
    let report = lab.run(&case);
    assert_eq!(report.outcome, Outcome::BumpOnly, "{report:#?}");
    assert!(compiles(&report));
    assert_eq!(report.way, Some(Way::AllTargets));
    assert_eq!((report.rounds, report.notes.as_slice()), (1, [].as_slice()));
    assert_eq!(
        report.command,
        "cargo check --all-targets --no-default-features"
    );
    assert_eq!(report.source_patch, "");
    let patch = report.patch();
    assert!(
        patch.starts_with("--- a/Cargo.toml\n+++ b/Cargo.toml\n"),
        "{patch}"
    );
    assert!(
        patch.contains("-version = \"^0.1\"\n+version = \"^0.2\"\n"),
        "{patch}"
    );
}

#[test]
fn errors_by_item() {
    let text = "use api::sdk;\nuse api::{global, KeyValue};\n\
        pub fn f(_: KeyValue) -> sdk::trace::Provider { global::stop(); todo!() }\n";
    let lab = published(library(text, &[Dep::new("api", "^0.1")]));
    let mut case = lab.case("lib", lab.unpacked("lib-1.0.0"), &[BUMP]);
    case.guide.uses = vec![found(1, 5, "api::sdk", "sdk-crate")];
    let report = lab.run(&case);
    assert_eq!(report.outcome, Outcome::Errors);
    assert!(compiles(&report));
    assert_eq!(
        told(&report, false),
        [
            "api::global::stop [stop] E0425 src/lib.rs:3:57",
            "api::sdk [sdk-crate] E0432 src/lib.rs:1:5",
        ]
    );
    assert_eq!(report.found, report.remaining);
    assert!(
        report.notes.contains(&Note::NamesFirst),
        "{:?}",
        report.notes
    );
    assert!(report.applied.is_empty());
    let rendered = &report.found[0].errors[0].rendered;
    assert!(rendered.contains("global::stop()"), "{rendered}");
}

#[test]
fn errors_that_were_there_before() {
    let lab = Lab::new();
    lab.write(&[
        ("ws/", "[dependencies]\napi = \"^0.1\"\n"),
        ("ws/src/lib.rs", "pub fn f() { api::global::stop() }\n"),
        ("ws/tests/t.rs", "#[test]\nfn t() { ws::gone() }\n"),
        ("broken/", "[dependencies]\napi = \"^0.1\"\n"),
        (
            "broken/src/lib.rs",
            "pub fn f() -> u8 { \"\" }\npub fn g() { api::global::stop() }\n",
        ),
        ("hidden/", "[dependencies]\napi = \"^0.1\"\n"),
        ("hidden/src/lib.rs", "pub fn f() -> u8 { \"\" }\n"),
    ]);
    let root = lab.sandbox.root();
    // Its tests alone: the library is judged as ever.
    let report = lab.run(&lab.case("ws", root.join("ws/Cargo.toml"), &[BUMP]));
    let Baseline::Fails { errors } = &report.baseline else {
        panic!("{report:#?}");
    };
    assert_eq!(errors.len(), 1);
    assert_eq!(
        errors[0].place.as_ref().unwrap().to_string(),
        "tests/t.rs:2:14"
    );
    assert_eq!(
        told(&report, false),
        ["api::global::stop [stop] E0425 src/lib.rs:1:27"]
    );
    assert!(report.notes.contains(&Note::LibraryFirst));
    // The library itself: what is new is told, what was there is not.
    let report = lab.run(&lab.case("broken", root.join("broken/Cargo.toml"), &[BUMP]));
    assert_eq!(report.outcome, Outcome::Errors);
    assert_eq!(
        told(&report, false),
        ["api::global::stop [stop] E0425 src/lib.rs:2:27"]
    );
    assert!(matches!(&report.baseline, Baseline::Fails { errors } if errors.len() == 1));
    // Nothing new, which says nothing.
    let report = lab.run(&lab.case("hidden", root.join("hidden/Cargo.toml"), &[BUMP]));
    assert!(
        matches!(&report.outcome, Outcome::Unusable { said } if said == "mismatched types"),
        "{report:#?}"
    );
    assert!(report.manifest_patch.contains("+api = \"^0.2\"\n"));
}

#[test]
fn features_of_both_kinds() {
    let lab = Lab::new();
    lab.write(&[
        ("ws/", "[features]\ndefault = [\"a\"]\na = []\nb = []\n[dependencies]\napi = \"^0.1\"\n"),
        (
            "ws/src/lib.rs",
            "#[cfg(feature = \"a\")]\npub fn a() { api::global::stop() }\n#[cfg(feature = \"b\")]\npub fn b() { api::global::stop() }\n",
        ),
    ]);
    let manifest = lab.sandbox.root().join("ws/Cargo.toml");
    let mut case = lab.case("ws", manifest.clone(), &[BUMP]);
    let report = lab.run(&case);
    let all = ["api::global::stop [stop] E0425 src/lib.rs:2:27, E0425 src/lib.rs:4:27"];
    assert_eq!(told(&report, false), all);
    assert_eq!(
        report.command,
        "cargo check --all-targets --no-default-features && cargo check --all-targets --all-features"
    );
    case.options = Options {
        all_features: false,
        ..Options::default()
    };
    case.features = &["default", "a"];
    let report = lab.run(&case);
    assert_eq!(
        told(&report, false),
        ["api::global::stop [stop] E0425 src/lib.rs:2:27"]
    );
    assert_eq!(report.command, "cargo check --all-targets --features a");
    // Features that exclude one another.
    lab.sandbox.write(
        "ws/src/lib.rs",
        "#[cfg(all(feature = \"a\", feature = \"b\"))]\ncompile_error!(\"one of them\");\npub fn a() { api::global::stop() }\n",
    );
    case.options = Options::default();
    let report = lab.run(&case);
    assert!(compiles(&report));
    assert_eq!(
        report.notes[0],
        Note::NotAllFeatures {
            said: "one of them".to_owned()
        }
    );
    assert_eq!(
        told(&report, false),
        ["api::global::stop [stop] E0425 src/lib.rs:3:27"]
    );
}

#[test]
fn what_cargo_does_not_resolve() {
    let deps = [
        Dep::new("api", "^0.1"),
        Dep::new("tool", "1").dev(),
        Dep::new("extra", "1").optional(),
    ];
    let lab = published(library("pub fn f() { api::global::stop() }\n", &deps));
    // Neither is to be had, and the library needs neither.
    let manifest = lab.unpacked("lib-1.0.0");
    let report = lab.run(&lab.case("lib", manifest.clone(), &[BUMP]));
    assert_eq!(report.way, Some(Way::Library), "{report:#?}");
    assert_eq!(
        told(&report, false),
        ["api::global::stop [stop] E0425 src/lib.rs:1:27"]
    );
    assert_eq!(report.command, "cargo check --lib --no-default-features");
    assert!(
        matches!(&report.notes[0], Note::LibraryAlone { said } if said.contains("`tool`") || said.contains("`extra`"))
    );
    // The optional one is.
    lab.registry.publish(Package::new("extra", "1.0.0"));
    let report = lab.run(&lab.case("lib", manifest.clone(), &[BUMP]));
    assert_eq!(report.way, Some(Way::NoTests), "{report:#?}");
    assert!(matches!(&report.notes[0], Note::WithoutTests { said } if said.contains("`tool`")));
    // Without a network, and without what the change asks for.
    let mut case = lab.case("lib", manifest, &[BUMP]);
    case.offline = true;
    case.changed
        .values_mut()
        .for_each(|text| *text = text.replace("^0.2", "^0.9"));
    let report = lab.run(&case);
    assert!(
        matches!(&report.outcome, Outcome::Refused { said } if said.contains("api = \"^0.9\"")),
        "{report:#?}"
    );
    assert!(compiles(&report));
    assert_eq!(report.way, Some(Way::NoTests));
    assert!(report.manifest_patch.contains("^0.9"));
}

#[test]
fn a_feature_that_is_gone() {
    let lab = Lab::new();
    lab.registry.publish_all([
        Package::new("old", "0.1.0").feature("rt", &[]),
        Package::new("old", "0.2.0"),
    ]);
    lab.write(&[
        (
            "ws/",
            "[dependencies]\nold = { version = \"^0.1\", features = [\"rt\"] }\n",
        ),
        ("ws/src/lib.rs", ""),
    ]);
    let report = lab.run(&lab.case("ws", lab.sandbox.root().join("ws/Cargo.toml"), &[BUMP]));
    let Outcome::Refused { said } = &report.outcome else {
        panic!("{report:#?}");
    };
    assert!(
        said.contains("`rt`") && said.contains("ws/Cargo.toml") | said.contains("`ws v1.0.0"),
        "{said}"
    );
    assert!(compiles(&report));
}

#[test]
fn sources_missing() {
    let lab = Lab::new();
    lab.write(&[("ws/", ""), ("ws/src/lib.rs", "")]);
    let folder = lab.sandbox.root().join("nowhere");
    let report = lab.run(&lab.case("lib", folder.join("Cargo.toml"), &[]));
    assert_eq!(report.outcome, Outcome::NoSources { folder });
    assert_eq!((report.baseline, report.rounds), (Baseline::Unknown, 0));
    // A package that cargo does not understand.
    lab.sandbox.write("odd/Cargo.toml", "[package]\nname = 1\n");
    let report = lab.run(&lab.case("odd", lab.sandbox.root().join("odd/Cargo.toml"), &[]));
    assert!(
        matches!(&report.outcome, Outcome::Unusable { said } if said.contains("odd/Cargo.toml")),
        "{report:#?}"
    );
}

#[test]
fn lints_are_capped_for_dependants() {
    let text = "#![deny(deprecated)]\npub fn f() { api::global::stop() }\n";
    let lab = Lab::new();
    let mild = "pub mod global { #[deprecated] pub fn stop() {} }\n";
    lab.registry.publish(Package::new("api", "0.3.0").lib(mild));
    lab.registry
        .publish(library(text, &[Dep::new("api", "^0.1")]));
    lab.write(&[("ws/", APP), ("ws/src/lib.rs", "")]);
    lab.fetch();
    let mut case = lab.case(
        "lib",
        lab.unpacked("lib-1.0.0"),
        &[("\"^0.1\"", "\"^0.3\"")],
    );
    case.capped = true;
    let report = lab.run(&case);
    assert_eq!(report.outcome, Outcome::BumpOnly, "{report:#?}");
    assert_eq!(report.lints.len(), 1);
    assert_eq!(report.lints[0].code.as_deref(), Some("deprecated"));
    case.capped = false;
    let report = lab.run(&case);
    assert_eq!(report.outcome, Outcome::Errors);
    assert_eq!(
        told(&report, false),
        ["api::global::stop [stop] deprecated src/lib.rs:2:27"]
    );
}

/// A type of one line where one of another is expected.
#[test]
fn two_versions_meet() {
    let lab = Lab::new();
    lab.registry.publish(
        Package::new("bridge", "1.0.0")
            .dep(Dep::new("api", "^0.1"))
            .lib("pub fn take(_: api::KeyValue) {}\n"),
    );
    lab.write(&[
        ("ws/", "[dependencies]\napi = \"^0.1\"\nbridge = \"1\"\n"),
        (
            "ws/src/lib.rs",
            "pub fn f() { bridge::take(api::KeyValue) }\n",
        ),
    ]);
    let report = lab.run(&lab.case("ws", lab.sandbox.root().join("ws/Cargo.toml"), &[BUMP]));
    assert_eq!(
        told(&report, false),
        ["two versions of api [] E0308 src/lib.rs:1:27"],
        "{report:#?}"
    );
}

/// What the workspace has locked is what a trial uses where it fits.
#[test]
fn releases_of_the_workspace() {
    let lab = Lab::new();
    lab.registry
        .publish(Package::new("other", "1.0.0").lib("pub fn f() {}\n"));
    let deps = [Dep::new("api", "^0.1"), Dep::new("other", "1")];
    lab.registry
        .publish(library("pub fn f() { other::f() }\n", &deps));
    lab.write(&[("ws/", APP), ("ws/src/lib.rs", "")]);
    lab.fetch();
    lab.registry
        .publish(Package::new("other", "1.1.0").lib("pub fn other() {}\n"));
    let report = lab.run(&lab.case("lib", lab.unpacked("lib-1.0.0"), &[BUMP]));
    assert_eq!(report.outcome, Outcome::BumpOnly, "{report:#?}");
}

/// A package that does not compile keeps another from being judged.
#[test]
fn something_else_does_not_compile() {
    let lab = Lab::new();
    lab.registry
        .publish(Package::new("helper", "1.0.0").lib("pub fn f() {}\n"));
    lab.registry
        .publish(Package::new("helper", "2.0.0").lib("pub fn f() -> u8 { \"\" }\n"));
    lab.write(&[
        ("ws/", "[dependencies]\napi = \"^0.1\"\nhelper = \"1\"\n"),
        (
            "ws/src/lib.rs",
            "pub fn f() { api::global::stop(); helper::f() }\n",
        ),
    ]);
    let manifest = lab.sandbox.root().join("ws/Cargo.toml");
    let report = lab.run(&lab.case(
        "ws",
        manifest,
        &[BUMP, ("helper = \"1\"", "helper = \"2\"")],
    ));
    assert!(
        matches!(&report.outcome, Outcome::Unusable { said } if said == "mismatched types"),
        "{report:#?}"
    );
    assert_eq!(report.elsewhere.len(), 1);
    assert_eq!(report.elsewhere[0].package, "helper");
}
