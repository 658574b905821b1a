//! Made-up releases under the family's names, and workspaces on them. Line 0.33 is the newest, 0.32
//! the one before it.
#![allow(dead_code, reason = "each test binary uses another part")]

use crate::lab::Lab;
use crate::loopback::{Dep, Package};

/// Path and text.
pub type File = (String, String);

/// Some code of the API: what a provider is installed with, and what asks for one.
pub const API: &str = "pub struct KeyValue;\npub mod global {\n    \
                       pub fn tracer(_: &'static str) {}\n    \
                       pub fn set_tracer_provider<P>(_: P) {}\n}\n";
const SDK: &str = "pub mod trace { pub struct SdkTracerProvider; }\n";
/// Code that asks the global provider.
pub const USER: &str = "pub fn send() { opentelemetry::global::tracer(\"user\"); }\n";
/// A statement that installs one.
pub const INSTALL: &str =
    "opentelemetry::global::set_tracer_provider(opentelemetry_sdk::trace::SdkTracerProvider);";

/// The dependencies of a whole pipeline on one line.
pub fn pipeline(line: &str) -> String {
    let names = ["opentelemetry", "opentelemetry_sdk", "opentelemetry-stdout"];
    names.map(|name| format!("{name} = \"{line}\"\n")).concat()
}

/// A release that asks the global provider of a line.
pub fn user(name: &str, version: &str, line: &str) -> Package {
    Package::new(name, version)
        .dep(Dep::new("opentelemetry", line))
        .lib(USER)
}

/// API, SDK and exporter for three lines, the bridge, and a crate `user` that is on 0.32 in its
/// first release and on 0.33 in its second.
pub fn releases() -> Vec<Package> {
    let mut all = Vec::new();
    for (line, version, day) in [
        ("^0.31", "0.31.0", "2025-09-25"),
        ("^0.32", "0.32.1", "2026-05-11"),
        ("^0.33", "0.33.0", "2026-09-14"),
    ] {
        let time = format!("{day}T08:00:00Z");
        let on = |name: &str| Package::new(name, version).published(&time);
        let api = Dep::new("opentelemetry", line);
        let sdk = Dep::new("opentelemetry_sdk", line);
        let named = |package: Package, names: &[&str]| {
            let none = |package: Package, name: &&str| package.feature(name, &[]);
            names.iter().fold(package, none)
        };
        all.push(named(on("opentelemetry").lib(API), &["trace", "metrics"]));
        let package = on("opentelemetry_sdk").dep(api.clone()).lib(SDK);
        all.push(named(package, &["trace", "rt-tokio"]));
        all.push(on("opentelemetry-stdout").dep(api).dep(sdk));
    }
    for (version, line) in [
        ("0.32.0", "^0.31"),
        ("0.33.0", "^0.32"),
        ("0.34.0", "^0.33"),
    ] {
        let bridge = Package::new("tracing-opentelemetry", version);
        let bridge = bridge.dep(Dep::new("opentelemetry", line));
        all.push(bridge.lib("pub fn layer() {}\n"));
    }
    all.push(user("user", "1.0.0", "^0.32"));
    all.push(user("user", "2.0.0", "^0.33"));
    all
}

/// The beginning of a manifest.
pub fn manifest(name: &str, rest: &str) -> String {
    format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2021\"\n{rest}")
}

/// One package with one binary that installs a provider and then does something more.
pub fn app(tables: &str, main: &str) -> Vec<File> {
    let rest = format!("\n{tables}\n[workspace]\nresolver = \"2\"\n");
    vec![
        file("Cargo.toml", &manifest("app", &rest)),
        file(
            "src/main.rs",
            &format!("fn main() {{ {INSTALL} {main} }}\n"),
        ),
    ]
}

/// The same, on line 0.33, with more dependencies.
pub fn live(dependencies: &str, main: &str) -> Vec<File> {
    app(
        &format!("[dependencies]\n{}{dependencies}", pipeline("0.33")),
        main,
    )
}

pub fn file(path: &str, text: &str) -> File {
    (path.to_owned(), text.to_owned())
}

/// The files on a registry with these releases too, resolved.
pub fn lab(files: &[File], more: Vec<Package>) -> Lab {
    let lab = Lab::new(releases().into_iter().chain(more));
    for (path, text) in files {
        lab.sandbox.write(path, text);
    }
    lab
}

/// The smallest skew: an application on 0.33 with a crate on 0.32 that has a release for 0.33.
pub fn skewed() -> Lab {
    let lab = lab(&live("user = \"1\"\n", "user::send();"), Vec::new());
    lab.cargo(&["generate-lockfile"]);
    lab
}

/// Two crates to move, `reader` and `user`, neither of which resolves on the new line without the
/// other: each release pins a part that both have.
pub fn inseparable() -> Lab {
    let pin = |package, version: &str| Dep::new(package, &format!("={version}"));
    let lab = lab(
        &live(
            "reader = \"=1.0.0\"\nuser = \"=1.0.0\"\n",
            "reader::send(); user::send();",
        ),
        vec![
            user("reader", "1.0.0", "^0.32").dep(pin("part", "1.0.0")),
            user("reader", "2.0.0", "^0.33").dep(pin("part", "1.1.0")),
            user("user", "1.0.0", "^0.32").dep(pin("part", "1.0.0")),
            user("user", "2.0.0", "^0.33").dep(pin("part", "1.1.0")),
            Package::new("part", "1.0.0"),
            Package::new("part", "1.1.0"),
        ],
    );
    lab.cargo(&["generate-lockfile"]);
    lab
}
