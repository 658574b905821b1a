//! Steps that are applied, round after round.

use otel_check::spec::trial::{Note, Options, Outcome, Reason};

use crate::lab::{Case, Lab, is_done, told};
use crate::support::sandbox::Sandbox;

const MOVE: (&str, &str) = ("api = \"^0.1\"\n", "api = \"^0.2\"\napi-sdk = \"^0.2\"\n");

fn applying<'a>(lab: &Lab) -> Case<'a> {
    let mut case = lab.case("ws", lab.sandbox.root().join("ws/Cargo.toml"), &[MOVE]);
    case.options = Options {
        apply: true,
        ..Options::default()
    };
    case
}

fn lab(text: &str) -> Lab {
    let lab = Lab::new();
    lab.write(&[
        ("ws/", "[dependencies]\napi = \"^0.1\"\n"),
        ("ws/src/lib.rs", text),
    ]);
    lab
}

#[test]
fn paths_then_what_they_hid() {
    let text = "//! Kept.\nuse api::{global, sdk::{self, trace::Provider}};\n\n\
        pub fn f() -> u8 {\n    let provider = sdk::trace::Provider::default();   // kept\n    \
        let _ = global::tracer();\n    provider.get(1_u8 + 1);\n    1\n}\npub fn g(_: Provider, _: api::sdk::Resource) {}\n";
    let lab = lab(text);
    let report = lab.run(&applying(&lab));
    assert!(is_done(&report), "{report:#?}");
    assert_eq!(report.outcome, Outcome::Patched);
    assert_eq!(told(&report, true), Vec::<String>::new());
    assert!(!report.found.is_empty());
    let steps: Vec<String> = report
        .applied
        .iter()
        .map(|step| {
            let reason = match &step.reason {
                Reason::Recipe { id } => id.clone(),
                Reason::Moved { .. } => "moved".to_owned(),
                Reason::Compiler { .. } => "rustc".to_owned(),
            };
            format!(
                "{} {} {} -> {} ({reason})",
                step.round, step.place, step.old, step.new
            )
        })
        .collect();
    assert_eq!(
        steps,
        [
            "1 src/lib.rs:2:25 api::sdk, api::sdk::trace::Provider -> api_sdk as sdk, api_sdk::trace::SdkProvider as Provider (sdk-crate)",
            "1 src/lib.rs:5:20 sdk::trace::Provider::default -> sdk::trace::SdkProvider::default (moved)",
            "1 src/lib.rs:10:26 api::sdk::Resource -> api_sdk::Resource (sdk-crate)",
            "2 src/lib.rs:7:18 1_u8 + 1 -> &(1_u8 + 1) (rustc)",
        ]
    );
    assert_eq!(report.rounds, 3);
    // The patch is what it says: it applies, and what comes out compiles.
    let other = Sandbox::copy(lab.sandbox.root());
    let root = other.root().join("ws");
    other.write("ws/patch", &report.patch());
    let mut git = std::process::Command::new("git");
    crate::support::cargo::succeed(git.args(["apply", "patch"]).current_dir(&root));
    let fixed = std::fs::read_to_string(root.join("src/lib.rs")).unwrap();
    assert_eq!(
        fixed,
        "//! Kept.\nuse api::global;\nuse api_sdk::{self as sdk, trace::SdkProvider as Provider};\n\n\
        pub fn f() -> u8 {\n    let provider = sdk::trace::SdkProvider::default();   // kept\n    \
        let _ = global::tracer();\n    provider.get(&(1_u8 + 1));\n    1\n}\npub fn g(_: Provider, _: api_sdk::Resource) {}\n"
    );
    let mut check = lab.registry.cargo(root.as_std_path());
    crate::support::cargo::succeed(check.args(["check", "--quiet"]));
}

#[test]
fn what_remains_is_for_a_person() {
    let lab = lab(
        "use api::sdk::trace::Provider;\npub fn f() -> Provider {\n    api::global::stop();\n    Provider::new(1)\n}\n",
    );
    let report = lab.run(&applying(&lab));
    assert_eq!(report.outcome, Outcome::Errors);
    assert_eq!(
        told(&report, true),
        [
            "api::global::stop [stop] E0425 src/lib.rs:3:18",
            "api_sdk::trace::Provider::new [provider-new] E0061 src/lib.rs:4:5",
        ]
    );
    assert!(
        report
            .source_patch
            .contains("+use api_sdk::trace::SdkProvider as Provider;\n")
    );
    assert!(!report.source_patch.contains("stop();\n+"));
}

#[test]
fn not_into_crates_that_are_not_there() {
    let lab = lab("pub fn f(_: api::sdk::Resource) {}\n");
    let mut case = lab.case(
        "ws",
        lab.sandbox.root().join("ws/Cargo.toml"),
        &[("^0.1", "^0.2")],
    );
    case.options.apply = true;
    let report = lab.run(&case);
    assert_eq!(report.outcome, Outcome::Errors);
    assert_eq!((report.rounds, report.source_patch.as_str()), (1, ""));
    let note = Note::NoSuchDependency {
        name: "api_sdk".to_owned(),
    };
    assert!(report.notes.contains(&note), "{:?}", report.notes);
}

#[test]
fn a_member_of_a_workspace() {
    let lab = Lab::new();
    lab.write(&[
        (
            "ws/Cargo.toml",
            "[workspace]\nresolver = \"2\"\nmembers = [\"a\", \"b\"]\n[workspace.dependencies]\napi = \"^0.1\"\n",
        ),
        ("ws/a/", "[dependencies]\napi.workspace = true\n"),
        ("ws/a/src/lib.rs", "mod inner;\npub use inner::*;\n"),
        ("ws/a/src/inner.rs", "pub fn f(_: api::sdk::Resource) {}\r\npub fn g() {}\r\n"),
        ("ws/a/tests/t.rs", "#[test]\nfn t() {\n    a::f(api::sdk::Resource)\n}\n"),
        ("ws/b/", ""),
        ("ws/b/src/lib.rs", "compile_error!(\"not of interest\");\n"),
    ]);
    let root = lab.sandbox.root().join("ws");
    let mut case = lab.case("a", root.join("Cargo.toml"), &[MOVE]);
    let text = std::fs::read_to_string(root.join("a/Cargo.toml")).unwrap();
    case.manifest = root.join("a/Cargo.toml");
    case.changed.insert(
        case.manifest.clone(),
        format!("{text}api-sdk.workspace = true\n"),
    );
    case.options.apply = true;
    let report = lab.run(&case);
    assert_eq!(report.outcome, Outcome::Patched, "{report:#?}");
    let patch = report.patch();
    for line in [
        "--- a/Cargo.toml\n",
        "--- a/a/Cargo.toml\n",
        "--- a/a/src/inner.rs\n",
        "+pub fn f(_: api_sdk::Resource) {}\r\n",
        "--- a/a/tests/t.rs\n",
    ] {
        assert!(patch.contains(line), "{line}: {patch}");
    }
    assert_eq!(report.applied[0].place.to_string(), "src/inner.rs:1:13");
}
