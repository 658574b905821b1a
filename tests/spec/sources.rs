//! Sources that are not there.

use std::fs;

use crate::blocked::capped;
use crate::family::user;
use crate::{only, printed};

/// The folder into which cargo unpacked the package.
fn unpacked(lab: &crate::lab::Lab) -> std::path::PathBuf {
    let sources = lab.registry.cargo_home().join("registry/src");
    let mut found = fs::read_dir(sources).unwrap();
    found.next().unwrap().unwrap().path().join("capped-3.0.0")
}

#[test]
fn a_package_without_code() {
    let lab = capped(user("capped", "3.0.0", "^0.32"));
    fs::remove_dir_all(unpacked(&lab).join("src")).unwrap();
    let spec = only(&lab, &["capped", "--target-line", "0.33"]);
    assert_eq!(spec["code"]["kind"], "not-scanned", "{:#}", spec["code"]);
    let because = spec["code"]["because"].as_str().unwrap();
    assert!(
        because.contains("no sources") || because.contains("no target"),
        "{because}"
    );
    assert!(spec["effort"]["sites"].is_null());
    assert_eq!(spec["outcome"]["kind"], "unknown");
    // The manifest is there all the same.
    assert_ne!(spec["manifest"]["diff"], "");
    let text = printed(&lab, &["capped", "--target-line", "0.33"]);
    assert!(text.contains("**What it takes is not known**"), "{text}");
    assert!(text.contains("places in the code not counted"), "{text}");
}

#[test]
fn code_that_a_build_script_writes() {
    let package = user("capped", "3.0.0", "^0.32")
        .file("build.rs", "fn main() {}\n")
        .lib(
            "use opentelemetry::global;\ninclude!(concat!(env!(\"OUT_DIR\"), \"/made.rs\"));\n\
              pub fn send() { global::tracer(\"x\"); }\n",
        );
    let spec = only(&capped(package), &["capped", "--target-line", "0.33"]);
    let notes = spec["code"]["notes"].to_string();
    assert!(notes.contains("src/lib.rs"), "{:#}", spec["code"]);
}
