//! Every way in which a workspace can be laid out on disk.

use camino::Utf8Path;
use otel_check::plan::shadow::Shadow;

use crate::support::cargo::cargo;
use crate::support::sandbox::Sandbox;
use crate::{agree, around};

/// A small package; `more` goes to the end of its manifest.
fn package(name: &str, more: &str) -> String {
    format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2021\"\n{more}")
}

fn on(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap();
    format!("[dependencies]\n{name} = {{ path = \"{path}\" }}\n")
}

/// A sandbox of these files. `name/` in place of a path stands for the package `name` there, a
/// library, with the text at the end of its manifest.
fn tree(files: &[(&str, &str)]) -> Sandbox {
    let sandbox = Sandbox::empty();
    for (path, text) in files {
        match path.strip_suffix('/') {
            Some(folder) => {
                let name = folder.rsplit('/').next().unwrap();
                sandbox.write(&format!("{folder}/Cargo.toml"), &package(name, text));
                sandbox.write(&format!("{folder}/src/lib.rs"), "");
            }
            None => sandbox.write(path, text),
        }
    }
    sandbox
}

/// Compares from the folder `at`, where the manifest is.
#[must_use]
fn check(sandbox: &Sandbox, at: &str, root: &str) -> bool {
    let folder = sandbox.root().join(at);
    let shadow = Shadow::with(&folder.join("Cargo.toml"), &around(&folder)).unwrap();
    assert_eq!(shadow.root(), sandbox.root().join(root));
    agree(&shadow, &mut cargo(&folder), &[], sandbox.root(), at)
}

#[test]
fn a_package_alone() {
    assert!(check(&tree(&[("one/", "")]), "one", "one"));
}

#[test]
fn a_virtual_root_with_patterns_and_exceptions() {
    let workspace = "[workspace]\nresolver = \"2\"\nmembers = [\"crates/*\", \"tools/[ab]*\", \"one\"]\n\
         exclude = [\"crates/not\"]\ndefault-members = [\"crates/a*\"]\n";
    let sandbox = tree(&[
        ("ws/Cargo.toml", workspace),
        ("ws/crates/aa/", &on("../bb")),
        ("ws/crates/bb/", ""),
        ("ws/crates/not/", "broken = ["),
        ("ws/crates/README.md", "no folder"),
        ("ws/tools/apple/", &on("../../hidden/inner")),
        ("ws/tools/cherry/", ""),
        ("ws/hidden/inner/", ""),
        ("ws/one/", ""),
    ]);
    assert!(check(&sandbox, "ws", "ws"));
    assert!(check(&sandbox, "ws/crates/bb", "ws"));
    assert!(check(&sandbox, "ws/hidden/inner", "ws"));
}

#[test]
fn a_pattern_that_matches_a_folder_without_a_package() {
    let sandbox = tree(&[
        ("ws/Cargo.toml", "[workspace]\nmembers = [\"crates/*\"]\n"),
        ("ws/crates/aa/", ""),
        ("ws/crates/empty/notes.txt", ""),
    ]);
    // Cargo wants a package in each.
    assert!(!check(&sandbox, "ws", "ws"));
}

#[test]
fn a_member_that_is_not_there() {
    let sandbox = tree(&[
        (
            "ws/Cargo.toml",
            "[workspace]\nmembers = [\"gone\", \"aa\"]\n",
        ),
        ("ws/aa/", ""),
    ]);
    assert!(!check(&sandbox, "ws", "ws"));
}

#[test]
fn a_root_package_with_members_above_and_beside() {
    let root = package(
        "root",
        "[workspace]\nmembers = [\"../beside\"]\n[dependencies]\nbelow = { path = \"below\" }\n",
    );
    let sandbox = tree(&[
        ("root/Cargo.toml", &root),
        ("root/src/main.rs", ""),
        ("root/below/", ""),
        (
            "beside/Cargo.toml",
            &package("beside", "workspace = \"../root\"\n"),
        ),
        ("beside/src/lib.rs", ""),
    ]);
    assert!(check(&sandbox, "root", "root"));
    assert!(check(&sandbox, "beside", "root"));
}

#[test]
fn packages_outside_the_workspace() {
    let shared = "[workspace]\nmembers = []\n[workspace.package]\nedition = \"2018\"\n[workspace.dependencies]\nfar = { path = \"sub/far\" }\nunused = { path = \"nowhere\" }\n";
    let sandbox = tree(&[
        (
            "ws/Cargo.toml",
            "[workspace]\nmembers = [\"app\"]\n[workspace.dependencies]\nlib = { path = \"../lib\" }\n",
        ),
        (
            "ws/app/",
            "[dependencies]\nlib.workspace = true\n[target.'cfg(windows)'.dependencies]\nwin = { path = \"../../win\" }\n",
        ),
        (
            "lib/",
            &format!(
                "{}[build-dependencies]\nnear = {{ path = \"../other/near\" }}\n",
                on("../deep/er")
            ),
        ),
        (
            "win/",
            "[dev-dependencies]\ndeep = { path = \"../deep/er\", package = \"er\" }\n",
        ),
        ("deep/er/", ""),
        ("other/Cargo.toml", shared),
        (
            "other/near/Cargo.toml",
            "[package]\nname = \"near\"\nversion = \"1.0.0\"\nedition.workspace = true\n[dependencies]\nfar.workspace = true\n",
        ),
        ("other/near/src/lib.rs", ""),
        ("other/sub/far/", ""),
    ]);
    // Part of another workspace, whose members do not say so.
    let members = shared.replace("members = []", "members = [\"near\", \"sub/far\"]");
    sandbox.write("other/Cargo.toml", &members);
    assert!(check(&sandbox, "ws", "ws"));
    let shadow = Shadow::with(
        &sandbox.root().join("ws/Cargo.toml"),
        &around(sandbox.root()),
    );
    let shadow = shadow.unwrap();
    for path in [
        "other/Cargo.toml",
        "other/sub/far/Cargo.toml",
        "deep/er/Cargo.toml",
    ] {
        assert!(
            shadow.manifests().contains_key(&sandbox.root().join(path)),
            "{path}"
        );
    }
}

#[test]
fn absolute_paths() {
    let sandbox = tree(&[("far/", "")]);
    let far = sandbox.root().join("far");
    let workspace = format!(
        "[workspace]\nmembers = ['app', \"{0}/ws/abs\"]\nexclude = [\"{0}/far\"]\n",
        sandbox.root()
    );
    sandbox.write("ws/Cargo.toml", &workspace);
    let dependency = format!("[dependencies]\nfar = {{ path = \"{far}\" }} # over there\n");
    sandbox.write("ws/app/Cargo.toml", &package("app", &dependency));
    sandbox.write("ws/app/src/lib.rs", "");
    let pointer = format!("workspace = '{}/ws'\n{}", sandbox.root(), on("../../far"));
    sandbox.write("ws/abs/Cargo.toml", &package("abs", &pointer));
    sandbox.write("ws/abs/src/lib.rs", "");
    assert!(check(&sandbox, "ws", "ws"));
    assert!(check(&sandbox, "ws/abs", "ws"));
}

#[test]
#[cfg(unix)]
fn links() {
    let sandbox = tree(&[
        ("ws/Cargo.toml", "[workspace]\nmembers = [\"crates/*\"]\n"),
        ("ws/crates/aa/", &on("../bb")),
        ("elsewhere/bb/", ""),
        ("elsewhere/tool/main.rs", "fn main() {}"),
        ("elsewhere/one.rs", "fn main() {}"),
        ("ws/crates/aa/examples/real/main.rs", ""),
    ]);
    let link = |to: &str, at: &str| {
        std::os::unix::fs::symlink(sandbox.root().join(to), sandbox.root().join(at)).unwrap();
    };
    link("elsewhere/bb", "ws/crates/bb");
    // Cargo takes a linked file as an example, a linked folder not.
    link("elsewhere/one.rs", "ws/crates/aa/examples/one.rs");
    link("elsewhere/tool", "ws/crates/aa/examples/tool");
    link("ws", "linked");
    assert!(check(&sandbox, "ws", "ws"));
    let shadow = Shadow::with(
        &sandbox.root().join("linked/Cargo.toml"),
        &around(sandbox.root()),
    );
    let manifest = ["--manifest-path", "linked/Cargo.toml"];
    let mut real = cargo(sandbox.root());
    assert!(agree(
        &shadow.unwrap(),
        &mut real,
        &manifest,
        sandbox.root(),
        "linked",
    ));
}

#[test]
fn targets_of_every_kind() {
    let many = package(
        "many-kinds",
        "build = \"make/script.rs\"\ndefault-run = \"extra\"\n[lib]\nname = \"inner\"\npath = \"lib/start.rs\"\n\
         [[bin]]\nname = \"extra\"\n[[bin]]\nname = \"shared\"\npath = \"../shared/run.rs\"\n\
         [[bench]]\nname = \"speed\"\nharness = false\n[[example]]\nname = \"show\"\npath = \"demo/show.rs\"\ncrate-type = [\"cdylib\"]\n",
    );
    let old = "[package]\nname = \"old-style\"\nversion = \"0.1.0\"\n[[bin]]\nname = \"old-style\"\n[[bin]]\nname = \"second\"\n[lib]\nname = \"old_style_lib\"\n";
    let sandbox = tree(&[
        (
            "Cargo.toml",
            "[workspace]\nresolver = \"2\"\nmembers = [\"many\", \"old\", \"none\", \"readme\"]\n",
        ),
        ("many/Cargo.toml", &many),
        ("many/make/script.rs", ""),
        ("many/build.rs", ""),
        ("many/lib/start.rs", ""),
        ("many/src/bin/extra/main.rs", ""),
        ("many/src/bin/extra/helper.rs", ""),
        ("many/src/bin/plain.rs", ""),
        ("many/src/bin/.hidden.rs", ""),
        ("many/benches/speed.rs", ""),
        ("many/tests/first.rs", ""),
        ("many/tests/second/main.rs", ""),
        ("many/tests/common/mod.rs", ""),
        ("many/demo/show.rs", ""),
        ("shared/run.rs", ""),
        ("old/Cargo.toml", old),
        ("old/src/main.rs", ""),
        ("old/src/second.rs", ""),
        ("old/src/old_style_lib.rs", ""),
        (
            "none/Cargo.toml",
            &package("none", "autobins = false\nbuild = false\nreadme = false\n"),
        ),
        ("none/src/main.rs", ""),
        ("none/src/lib.rs", ""),
        ("none/build.rs", ""),
        ("none/README.md", ""),
        ("readme/", "[features]\nx = []\n"),
        ("readme/README", "text"),
    ]);
    assert!(check(&sandbox, "", ""));
}

#[test]
fn a_package_without_targets() {
    let sandbox = tree(&[("one/Cargo.toml", &package("one", ""))]);
    assert!(!check(&sandbox, "one", "one"));
}

#[test]
fn packages_above_that_are_no_root() {
    let sandbox = tree(&[
        ("above/", ""),
        (
            "above/mid/Cargo.toml",
            "[workspace]\nmembers = []\nexclude = [\"inner\"]\n",
        ),
        ("above/mid/inner/", ""),
    ]);
    assert!(check(&sandbox, "above/mid/inner", "above/mid/inner"));
    // One that believes itself in a workspace that does not know it.
    let sandbox = tree(&[
        ("ws/Cargo.toml", "[workspace]\nmembers = []\n"),
        ("ws/lost/", ""),
    ]);
    assert!(!check(&sandbox, "ws/lost", "ws"));
}

#[test]
fn what_lies_above_the_temporary_folder_does_not_count() {
    let sandbox = tree(&[("real/one/", ""), ("temporary/Cargo.toml", "[workspace")]);
    let folder = sandbox.root().join("real/one");
    let mut around = around(&folder);
    around.temporary = Some(sandbox.root().join("temporary"));
    let shadow = Shadow::with(Utf8Path::new("Cargo.toml"), &around).unwrap();
    let real = sandbox.root().join("real");
    assert!(agree(&shadow, &mut cargo(&folder), &[], &real, "one"));
}

#[test]
fn manifests_that_lead_far_away() {
    let up = "../".repeat(40);
    let hostile = format!(
        "[dependencies]\netc = {{ path = \"{up}etc\" }}\nself = {{ path = \"{up}\", package = \"x\" }}\nlong = {{ path = \"{}\" }}\n\
         [[bin]]\nname = \"b\"\npath = \"{up}etc/hostname\"\n[[bin]]\nname = \"../../c\"\n[patch.crates-io]\na = {{ path = \"\\u0000\" }}\n",
        "x".repeat(5000)
    );
    let sandbox = tree(&[
        (
            "ws/Cargo.toml",
            "[workspace]\nmembers = [\"a\", \"../../../../../../../../*\"]\n",
        ),
        ("ws/a/", &hostile),
        ("temporary/x", ""),
    ]);
    let folder = sandbox.root().join("ws");
    let mut around = around(&folder);
    around.temporary = Some(sandbox.root().join("temporary"));
    let before = crate::state(&sandbox.root().join("ws"));
    let shadow = Shadow::with(Utf8Path::new("Cargo.toml"), &around).unwrap();
    let refused = shadow.metadata(&crate::OFFLINE).unwrap();
    assert!(refused.is_err());
    assert_eq!(before, crate::state(&sandbox.root().join("ws")));
    let temporary = sandbox.root().join("temporary");
    assert_eq!(temporary.read_dir_utf8().unwrap().count(), 2);
    drop(shadow);
    assert_eq!(
        temporary.read_dir_utf8().unwrap().count(),
        1,
        "it goes away"
    );
}
