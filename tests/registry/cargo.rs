//! The loopback registry is one that cargo resolves from and builds against.

use std::fs;
use std::path::Path;

use crate::Bench;
use crate::loopback::{Dep, Package, Registry};

fn workspace(dir: &Path, dependencies: &str, main: &str) {
    fs::create_dir_all(dir.join("src")).unwrap();
    fs::write(dir.join("src/main.rs"), main).unwrap();
    fs::write(
        dir.join("Cargo.toml"),
        format!(
            "[package]\nname = \"user\"\nversion = \"0.0.0\"\nedition = \"2021\"\n\
             [dependencies]\n{dependencies}"
        ),
    )
    .unwrap();
}

#[test]
fn cargo_builds_and_runs_against_it() {
    let bench = Bench::new();
    bench.registry.publish_all([
        Package::new("api", "0.31.0").lib("pub fn line() -> &'static str { \"0.31\" }"),
        Package::new("api", "0.32.0").lib("pub fn line() -> &'static str { \"0.32\" }"),
        Package::new("never", "1.0.0").lib("compile_error!(\"must not be built\");"),
        Package::new("built", "1.0.0").lib("pub fn built() {}"),
        Package::new("make", "1.0.0").proc_macro().lib(
            "use proc_macro::TokenStream;\n\
             #[proc_macro] pub fn seven(_: TokenStream) -> TokenStream { \"7\".parse().unwrap() }",
        ),
        Package::new("bridge", "0.1.0")
            .dep(Dep::new("api", "^0.31").renamed("api_31").optional())
            .dep(Dep::new("api", "^0.32").renamed("api_32").optional())
            .dep(Dep::new("make", "1"))
            .dep(Dep::new("never", "1").dev())
            .dep(
                Dep::new("never", "1")
                    .target("cfg(windows)")
                    .renamed("windows_only"),
            )
            .dep(Dep::new("built", "1").build())
            .feature("default", &["dep:api_31"])
            .feature("newer", &["dep:api_32"])
            .file("build.rs", "fn main() { built::built() }")
            .lib(
                "pub fn lines() -> String {\n\
                 let mut lines = Vec::new();\n\
                 #[cfg(feature = \"default\")] lines.push(api_31::line());\n\
                 #[cfg(feature = \"newer\")] lines.push(api_32::line());\n\
                 format!(\"{} {}\", lines.join(\",\"), make::seven!())\n\
                 }",
            ),
    ]);
    workspace(
        bench.dir(),
        "bridge = { version = \"0.1\", features = [\"newer\"] }\n",
        "fn main() { print!(\"{}\", bridge::lines()) }",
    );
    let out = bench
        .registry
        .cargo(bench.dir())
        .args(["run", "--quiet"])
        .output()
        .unwrap();
    assert!(
        out.status.success(),
        "{}",
        String::from_utf8_lossy(&out.stderr)
    );
    assert_eq!(String::from_utf8_lossy(&out.stdout), "0.31,0.32 7");
    // The default registry's own source id stands in the lock.
    let lock = fs::read_to_string(bench.dir().join("Cargo.lock")).unwrap();
    assert!(lock.contains("registry+https://github.com/"), "{lock}");
}

#[test]
fn yanked_releases_are_not_picked() {
    let bench = Bench::new();
    bench
        .registry
        .publish(Package::new("api", "0.31.0"))
        .publish(Package::new("api", "0.31.1"))
        .yank("api", "0.31.1");
    workspace(bench.dir(), "api = \"0.31\"\n", "fn main() {}");
    let out = bench
        .registry
        .cargo(bench.dir())
        .arg("generate-lockfile")
        .output()
        .unwrap();
    assert!(
        out.status.success(),
        "{}",
        String::from_utf8_lossy(&out.stderr)
    );
    let lock = fs::read_to_string(bench.dir().join("Cargo.lock")).unwrap();
    assert!(lock.contains("version = \"0.31.0\""), "{lock}");
}

#[test]
fn the_same_package_is_the_same_in_every_registry() {
    let package = Package::new("api", "0.31.0")
        .dep(Dep::new("x", "^1").features(&["a"]))
        .feature("f", &["x/b"]);
    let read = || {
        let registry = Registry::start();
        registry.publish(package.clone());
        ["index/3/a/api", "dl/api/0.31.0/download"].map(|path| {
            let url = format!("{}{path}", registry.root());
            let mut answer = ureq::get(&url).call().unwrap();
            answer.body_mut().read_to_vec().unwrap()
        })
    };
    assert_eq!(read(), read());
}
