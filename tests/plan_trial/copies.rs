//! What is copied, and how errors are told, on workspaces without published packages.

use std::collections::BTreeMap;
use std::process::Command;

use camino::{Utf8Path, Utf8PathBuf};
use otel_check::plan::shadow::Surroundings;
use otel_check::plan::trial::{Scope, Scratch};
use otel_check::workspace::Features;

use crate::loopback::{Dep, Package, Registry};
use crate::support::cargo::succeed;
use crate::support::disk::state;
use crate::support::sandbox::Sandbox;
use crate::{OFFLINE, around, compile, places, scratch};

fn manifest(name: &str, more: &str) -> String {
    format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2021\"\n{more}")
}

fn tree(files: &[(&str, &str)]) -> Sandbox {
    let sandbox = Sandbox::empty();
    for (path, text) in files {
        match path.strip_suffix('/') {
            Some(folder) => {
                let name = folder.rsplit('/').next().unwrap();
                sandbox.write(&format!("{folder}/Cargo.toml"), &manifest(name, text));
            }
            None => sandbox.write(path, text),
        }
    }
    sandbox
}

/// Makes a repository of a sandbox, in which all is tracked that is not ignored.
fn track(sandbox: &Sandbox) {
    for arguments in [&["init", "-q"][..], &["add", "-A"]] {
        let mut git = Command::new("git");
        succeed(git.args(arguments).current_dir(sandbox.root()));
    }
}

const NOTHING: BTreeMap<Utf8PathBuf, String> = BTreeMap::new();

#[test]
fn errors_of_all_members_each_once() {
    let sandbox = tree(&[
        (
            "ws/Cargo.toml",
            "[workspace]\nresolver = \"2\"\nmembers = [\"a\", \"b\"]\n",
        ),
        ("ws/a/", ""),
        (
            "ws/a/src/lib.rs",
            "fn unused() {}\npub fn wrong() -> u32 {\n    /* é */ \"text\"\n}\n",
        ),
        ("ws/b/", "[dependencies]\nmac = { path = \"../../mac\" }\n"),
        (
            "ws/b/src/main.rs",
            "mod inner;\nfn main() {\n    mac::call!();\n}\n",
        ),
        ("ws/b/src/inner.rs", "use nowhere::Thing;\n"),
        ("ws/b/tests/t.rs", "#[test]\nfn t() { let _: () = 1; }\n"),
        ("mac/", ""),
        (
            "mac/src/lib.rs",
            "#[macro_export]\nmacro_rules! call { () => { let _: u8 = \"\"; } }\n",
        ),
    ]);
    let folder = sandbox.root().join("ws");
    let before = state(sandbox.root());
    let trial = compile(&scratch(&folder), &NOTHING);
    assert!(!trial.compiles);
    let expected = [
        "E0308 a/src/lib.rs:3:13",
        "E0308 b/src/main.rs:3:5",
        "E0308 b/tests/t.rs:2:22",
        "E0432 b/src/inner.rs:1:5",
    ];
    assert_eq!(places(&trial), expected, "{}", trial.stderr);
    let twice = trial
        .errors
        .iter()
        .find(|fault| fault.package == "a")
        .unwrap();
    assert_eq!(twice.targets, ["a (lib)"]);
    assert!(!trial.stderr.contains("otel-check-") && !twice.rendered.contains("otel-check-"));
    assert!(before == state(sandbox.root()), "something was written");

    std::fs::write(folder.join("b/src/inner.rs"), "").unwrap();
    std::fs::write(folder.join("a/src/lib.rs"), "fn unused() {}\n").unwrap();
    let trial = compile(&scratch(&folder), &NOTHING);
    assert_eq!(
        places(&trial),
        ["E0308 b/src/main.rs:3:5", "E0308 b/tests/t.rs:2:22"]
    );
    assert_eq!(trial.warnings, 1, "once for the library and its own test");
    // Less of it.
    let scope = Scope {
        packages: vec!["a".into()],
        ..Scope::default()
    };
    let scratch = scratch(&folder);
    let mut names = Vec::new();
    let part = scratch.compile(&NOTHING, None, &OFFLINE, &scope, &mut |name| {
        names.push(name.to_owned())
    });
    assert!(part.unwrap().unwrap().compiles);
    assert_eq!(names, ["a"]);
}

#[test]
fn a_change_is_told_from_what_was_wrong_before() {
    let sandbox = tree(&[
        (
            "ws/",
            "[features]\nx = []\n[dependencies]\ndep = { path = \"../old\", package = \"old\" }\n",
        ),
        (
            "ws/src/lib.rs",
            "pub fn f() -> u32 { dep::number() }\n#[cfg(feature = \"x\")]\nfn g() { gone() }\n",
        ),
        ("old/", ""),
        ("old/src/lib.rs", "pub fn number() -> u32 { 1 }\n"),
        ("new/", ""),
        ("new/src/lib.rs", "mod deep;\npub use deep::number;\n"),
        ("new/src/deep.rs", "pub fn number() -> u64 { 1 }\n"),
    ]);
    let folder = sandbox.root().join("ws");
    let scratch = scratch(&folder);
    assert!(compile(&scratch, &NOTHING).compiles);
    let path = folder.join("Cargo.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    let text = text
        .replace("../old", "../new")
        .replace("\"old\"", "\"new\"");
    let change = BTreeMap::from([(path, text)]);
    let trial = compile(&scratch, &change);
    assert_eq!(
        places(&trial),
        ["E0308 src/lib.rs:1:21"],
        "{}",
        trial.stderr
    );
    assert!(compile(&scratch, &NOTHING).compiles, "back again");
    let scope = Scope {
        features: Features {
            named: vec!["x".into()],
            ..Features::default()
        },
        ..Scope::everything()
    };
    let trial = scratch.compile(&NOTHING, None, &OFFLINE, &scope, &mut |_| {});
    assert_eq!(places(&trial.unwrap().unwrap()), ["E0425 src/lib.rs:3:10"]);
    let scope = Scope {
        packages: vec!["absent".into()],
        ..Scope::default()
    };
    let trial = scratch.compile(&NOTHING, None, &OFFLINE, &scope, &mut |_| {});
    assert!(trial.unwrap().unwrap_err().stderr.contains("absent"));
}

/// The files below a folder of the copy that stands for a real one.
fn copied(temporary: &Utf8Path, real: &Utf8Path) -> Vec<String> {
    let mut folders = temporary.read_dir_utf8().unwrap();
    let copy = folders.next().unwrap().unwrap().path().to_owned();
    let top = copy
        .join("target/package")
        .join(real.as_str().trim_start_matches('/'));
    let files = state(&top).into_iter().filter(|(path, _)| path.is_file());
    files
        .map(|(path, _)| path.strip_prefix(&top).unwrap().to_string())
        .collect()
}

fn copy_of(sandbox: &Sandbox, folder: &str, temporary: &Sandbox) -> (Scratch, Vec<String>) {
    let around = Surroundings {
        temporary: Some(temporary.root().to_owned()),
        ..around(&sandbox.root().join(folder))
    };
    let scratch = Scratch::with("Cargo.toml".into(), &around).unwrap();
    let files = copied(temporary.root(), sandbox.root());
    (scratch, files)
}

const INCLUDES: &str = "pub const TEXT: &str = include_str!(\"../../notes.txt\");\n";

#[test]
fn what_git_ignores_stays_behind() {
    let sandbox = tree(&[
        (".gitignore", "/ws/made\n*.log\nCargo.lock\n/ws/packages\n"),
        ("notes.txt", "text"),
        ("beside/data.bin", "x"),
        (
            "ws/",
            "[dependencies]\nkept = { path = \"packages/kept\" }\n",
        ),
        ("ws/src/lib.rs", INCLUDES),
        ("ws/made/large.bin", "x"),
        ("ws/a.log", "x"),
        ("ws/Cargo.lock", "version = 4\n"),
        ("ws/packages/kept/", ""),
        ("ws/packages/kept/src/lib.rs", "mod inner;"),
        ("ws/packages/kept/src/inner.rs", ""),
        ("ws/packages/other/src/lib.rs", ""),
    ]);
    track(&sandbox);
    sandbox.write("beside/new.txt", "not tracked, and not the workspace's");
    sandbox.write("ws/src/new.rs", "");
    sandbox.write(
        "ws/built/CACHEDIR.TAG",
        "Signature: 8a477f597d28d172789f06886806bc55\n",
    );
    sandbox.write("ws/built/debug/large.o", "x");
    let temporary = Sandbox::empty();
    let (scratch, files) = copy_of(&sandbox, "ws", &temporary);
    let expected = [
        ".gitignore",
        "beside/data.bin",
        "notes.txt",
        "ws/Cargo.lock",
        "ws/Cargo.toml",
        "ws/packages/kept/Cargo.toml",
        "ws/packages/kept/src/inner.rs",
        "ws/packages/kept/src/lib.rs",
        "ws/src/lib.rs",
        "ws/src/new.rs",
    ];
    assert_eq!(files, expected);
    let trial = compile(&scratch, &NOTHING);
    assert!(trial.compiles, "{}", trial.stderr);
    drop(scratch);
    assert_eq!(
        temporary.root().read_dir_utf8().unwrap().count(),
        0,
        "it goes away"
    );
}

#[test]
#[cfg(unix)]
fn without_git_all_but_build_output_is_copied() {
    // The folder of the tests' sandboxes is ignored by the repository around it.
    let sandbox = tree(&[
        (
            "ws/Cargo.toml",
            "[workspace]\nresolver = \"2\"\nmembers = [\"linked\"]\n",
        ),
        ("ws/target/CACHEDIR.TAG", ""),
        ("ws/target/debug/x.o", ""),
        ("ws/deep/target/no-tag.txt", ""),
        ("ws/.git/config", "[core"),
        ("elsewhere/linked/", ""),
        ("elsewhere/linked/src/lib.rs", "mod other;"),
        ("elsewhere/linked/src/other.rs", ""),
        ("ws/read-only.txt", ""),
    ]);
    let at = |path: &str| sandbox.root().join(path);
    let link = |to: &str, from: &str| std::os::unix::fs::symlink(to, at(from)).unwrap();
    link("../elsewhere/linked", "ws/linked");
    link("..", "ws/up");
    link("/", "ws/deep/all");
    link(".", "ws/deep/round");
    link("nowhere", "ws/dangling");
    std::fs::set_permissions(
        at("ws/read-only.txt"),
        std::os::unix::fs::PermissionsExt::from_mode(0o444),
    )
    .unwrap();
    succeed(Command::new("mkfifo").arg(at("ws/pipe")));
    let temporary = Sandbox::empty();
    let (scratch, files) = copy_of(&sandbox, "ws", &temporary);
    let expected = [
        "ws/Cargo.toml",
        "ws/deep/target/no-tag.txt",
        "ws/linked/Cargo.toml",
        "ws/linked/src/lib.rs",
        "ws/linked/src/other.rs",
        "ws/read-only.txt",
    ];
    assert_eq!(files, expected);
    assert!(compile(&scratch, &NOTHING).compiles);
}

#[test]
fn build_scripts_write_into_the_copy_alone() {
    let script = "fn main() {\n    let folder = std::env::var(\"CARGO_MANIFEST_DIR\").unwrap();\n    std::fs::write(format!(\"{folder}/src/made.rs\"), \"pub fn made() {}\").unwrap();\n}\n";
    let sandbox = tree(&[
        (
            "Cargo.toml",
            "[workspace]\nresolver = \"2\"\nmembers = [\"a\", \"b\"]\n",
        ),
        ("a/", ""),
        ("a/build.rs", script),
        ("a/src/lib.rs", "mod made;\npub use made::made;\n"),
        ("b/", ""),
        ("b/build.rs", "fn main() { panic!(\"no such\\nthing\") }\n"),
        ("b/src/lib.rs", ""),
    ]);
    let before = state(sandbox.root());
    let trial = compile(&scratch(sandbox.root()), &NOTHING);
    assert!(before == state(sandbox.root()), "something was written");
    assert!(!trial.compiles);
    let [fault] = &trial.errors[..] else {
        panic!("{:?}\n{}", trial.errors, trial.stderr);
    };
    assert_eq!((&*fault.package, fault.local), ("b", true));
    assert_eq!(fault.targets, ["build script"]);
    assert!(
        fault.rendered.contains("no such\n  thing"),
        "{}",
        fault.rendered
    );
    assert!(
        fault.message.contains(&format!("({}/b)", sandbox.root())),
        "{}",
        fault.message
    );
}

#[test]
fn errors_of_a_published_package_are_told_with_its_name() {
    let registry = Registry::start();
    registry.publish(Package::new("broken", "1.0.0").lib("pub fn f() -> u32 { \"\" }"));
    registry.publish(Package::new("fine", "1.0.0").dep(Dep::new("broken", "1")));
    let sandbox = tree(&[
        ("ws/", "[dependencies]\nfine = \"1\"\n"),
        ("ws/src/lib.rs", ""),
    ]);
    let folder = sandbox.root().join("ws");
    registry.replace_default(folder.as_std_path());
    succeed(registry.cargo(folder.as_std_path()).arg("fetch"));
    let home = registry.cargo_home().to_str().unwrap();
    let mut around = around(&folder);
    around.variables.insert("CARGO_HOME".into(), home.into());
    let scratch = Scratch::with("Cargo.toml".into(), &around).unwrap();
    let trial = compile(&scratch, &NOTHING);
    assert!(!trial.compiles);
    let fault = &trial.errors[0];
    assert_eq!((&*fault.package, fault.local), ("broken", false));
    let spot = fault.spot.as_ref().unwrap();
    assert!(
        spot.file.starts_with(home) && spot.file.ends_with("broken-1.0.0/src/lib.rs"),
        "{}",
        spot.file
    );
}
