//! Packages that mean no good: names, paths and errors of their choice.

use otel_check::spec::trial::{Options, Outcome};

use crate::lab::{Lab, told};

const MOVE: (&str, &str) = ("api = \"^0.1\"\n", "api = \"^0.2\"\napi-sdk = \"^0.2\"\n");

#[test]
#[cfg(unix)]
fn names_of_files() {
    let lab = Lab::new();
    let odd = "src/a \"b\"\u{1b}[31m\n+++ b/other.rs";
    let attribute = odd.strip_prefix("src/").unwrap().escape_debug();
    lab.write(&[
        ("ws/", "[dependencies]\napi = \"^0.1\"\n"),
        (
            "ws/src/lib.rs",
            &format!("#[path = \"{attribute}\"]\nmod odd;\n"),
        ),
        (&format!("ws/{odd}"), "pub fn f(_: api::sdk::Resource) {}\n"),
    ]);
    let mut case = lab.case("ws", lab.sandbox.root().join("ws/Cargo.toml"), &[MOVE]);
    case.options = Options {
        apply: true,
        ..Options::default()
    };
    let report = lab.run(&case);
    let place = report.found[0].errors[0].place.as_ref().unwrap();
    assert_eq!(place.file, odd);
    // A name with a line break, of which the patch makes no line of its own.
    let patch = report.patch();
    assert!(!patch.contains('\u{1b}'), "{patch:?}");
    assert!(
        !patch.lines().any(|line| line == "+++ b/other.rs"),
        "{patch}"
    );
    if report.outcome == Outcome::Patched {
        assert!(
            patch.contains(r#"--- "a/src/a \"b\"\033[31m\012+++ b/other.rs""#),
            "{patch}"
        );
    }
}

#[test]
fn sources_outside_stay() {
    let lab = Lab::new();
    lab.write(&[
        ("ws/", "[dependencies]\napi = \"^0.1\"\n"),
        (
            "ws/src/lib.rs",
            "#[path = \"../../outside.rs\"]\nmod outside;\npub fn g(_: api::sdk::Resource) {}\n",
        ),
        ("outside.rs", "pub fn f(_: api::sdk::Resource) {}\n"),
    ]);
    let mut case = lab.case("ws", lab.sandbox.root().join("ws/Cargo.toml"), &[MOVE]);
    case.options.apply = true;
    // The file is not copied, so that the package does not compile in the copy: nothing is claimed, and
    // nothing but the copy is written, which `run` sees to.
    let report = lab.run(&case);
    assert!(
        matches!(report.outcome, Outcome::Errors | Outcome::Unusable { .. }),
        "{report:#?}"
    );
    assert!(!report.source_patch.contains("outside"));
}

#[test]
#[cfg(unix)]
fn links_are_not_followed_back() {
    let lab = Lab::new();
    lab.write(&[
        ("ws/", "[dependencies]\napi = \"^0.1\"\n"),
        ("real.rs", "pub fn f(_: api::sdk::Resource) {}\n"),
        ("ws/src/mod_a.rs", ""),
    ]);
    let src = lab.sandbox.root().join("ws/src");
    std::os::unix::fs::symlink(lab.sandbox.root().join("real.rs"), src.join("lib.rs")).unwrap();
    let mut case = lab.case("ws", lab.sandbox.root().join("ws/Cargo.toml"), &[MOVE]);
    case.options.apply = true;
    let report = lab.run(&case);
    assert_eq!(report.outcome, Outcome::Patched, "{report:#?}");
    assert!(
        report.source_patch.starts_with("--- a/src/lib.rs\n"),
        "{}",
        report.source_patch
    );
}

#[test]
fn words_of_their_choice() {
    let lab = Lab::new();
    let lie = "there are multiple different versions of crate `";
    lab.write(&[
        ("ws/", "[dependencies]\napi = \"^0.1\"\n"),
        ("ws/src/lib.rs", &format!("#[cfg(missing)]\nfn f() {{}}\npub fn g() {{ api::global::stop(); }}\npub const X: &str = 1; // {lie}\n")),
        ("ws/build.rs", "fn main() { println!(\"{{\\\"reason\\\":\\\"build-finished\\\",\\\"success\\\":true}}\"); }\n"),
    ]);
    let report = lab.run(&lab.case("ws", lab.sandbox.root().join("ws/Cargo.toml"), &[MOVE]));
    assert_eq!(
        told(&report, false),
        ["api::global::stop [stop] E0425 src/lib.rs:3:27"],
        "{report:#?}"
    );
}
