//! Edited manifests and moved locks, on a registry of the test's own.

use std::collections::BTreeMap;

use camino::Utf8PathBuf;
use otel_check::plan::shadow::{Shadow, ShadowError, Surroundings};
use otel_check::workspace::cargo::Cargo;
use otel_check::workspace::resolve_error::{is_network_failure, is_resolution_failure};
use semver::Version;

use crate::configured::versions;
use crate::loopback::{Dep, Package, Registry};
use crate::support::cargo::succeed;
use crate::support::sandbox::Sandbox;
use crate::{agree, around, state};

const FREE: Cargo = Cargo {
    locked: true,
    offline: false,
    frozen: false,
};

/// A workspace locked to `core` 1.0.0 and `side` 1.0.0, of which newer releases exist.
struct World {
    registry: Registry,
    sandbox: Sandbox,
}

impl World {
    fn new() -> Self {
        let world = Self {
            registry: Registry::start(),
            sandbox: Sandbox::empty(),
        };
        for name in ["core", "side"] {
            world.registry.publish(Package::new(name, "1.0.0"));
        }
        let leaf = Package::new("leaf", "1.0.0").dep(Dep::new("core", "1"));
        world.registry.publish(leaf);
        let root = world.sandbox.root().as_std_path();
        world.registry.replace_default(root);
        world
            .sandbox
            .write("Cargo.toml", "[workspace]\nmembers = [\"app\"]\n");
        world.sandbox.write("app/Cargo.toml", &app("1"));
        world.sandbox.write("app/src/lib.rs", "");
        succeed(world.registry.cargo(root).args(["generate-lockfile"]));
        for (name, version) in [("core", "1.1.0"), ("core", "2.0.0"), ("side", "1.1.0")] {
            world.registry.publish(Package::new(name, version));
        }
        world
    }

    fn around(&self) -> Surroundings {
        let home = self.registry.cargo_home().to_str().unwrap();
        let variables = [
            ("CARGO_HOME", home),
            ("NO_PROXY", "127.0.0.1"),
            ("CARGO_NET_RETRY", "0"),
        ];
        let owned = variables.map(|(name, value)| (name.to_owned(), value.to_owned()));
        Surroundings {
            variables: owned.into(),
            ..around(self.sandbox.root())
        }
    }

    fn shadow(&self) -> Shadow {
        Shadow::with("Cargo.toml".into(), &self.around()).unwrap()
    }

    fn app(&self) -> Utf8PathBuf {
        self.sandbox.root().join("app/Cargo.toml")
    }
}

fn app(core: &str) -> String {
    format!(
        "[package]\nname = \"app\"\nversion = \"0.1.0\"\nedition = \"2021\"\n[dependencies]\ncore = \"{core}\"\nside = \"1\"\nleaf = \"1\"\n"
    )
}

/// What metadata has of `core` and `side`.
fn resolved(shadow: &Shadow) -> [Vec<String>; 2] {
    let (json, _) = shadow.metadata(&FREE).unwrap().unwrap();
    assert!(!json.contains("otel-check-"), "a path of the copy is left");
    ["core", "side"].map(|name| versions(&json, name))
}

fn words<const N: usize>(words: [&str; N]) -> Vec<String> {
    words.map(str::to_owned).into()
}

#[test]
fn an_edit_moves_what_it_must_and_no_more() {
    let world = World::new();
    let before = state(world.sandbox.root());
    let shadow = world.shadow();
    assert_eq!(resolved(&shadow), [words(["1.0.0"]), words(["1.0.0"])]);
    let change = BTreeMap::from([(world.app(), app("2"))]);
    shadow.reset(&change).unwrap();
    assert_eq!(
        resolved(&shadow),
        [words(["1.0.0", "2.0.0"]), words(["1.0.0"])]
    );
    let lock = shadow.new_lock().unwrap().unwrap();
    assert!(lock.contains("core 2.0.0") && Some(&*lock) != shadow.lock());
    // What was before is forgotten.
    shadow.reset(&BTreeMap::new()).unwrap();
    assert_eq!(shadow.new_lock().unwrap().as_deref(), shadow.lock());
    assert_eq!(resolved(&shadow), [words(["1.0.0"]), words(["1.0.0"])]);
    assert_eq!(before, state(world.sandbox.root()), "something was written");
}

#[test]
fn the_lock_alone_moves() {
    let world = World::new();
    let shadow = world.shadow();
    let move_to = |package: &str, to: (u64, u64)| {
        let to = Version::new(to.0, to.1, 0);
        shadow.precise(&FREE, package, &to).unwrap()
    };
    move_to("core", (1, 1)).unwrap();
    assert_eq!(resolved(&shadow), [words(["1.1.0"]), words(["1.0.0"])]);
    move_to("side@1.0.0", (1, 1)).unwrap();
    assert_eq!(resolved(&shadow), [words(["1.1.0"]), words(["1.1.0"])]);
    let refusal = move_to("core", (2, 0)).unwrap_err();
    assert!(is_resolution_failure(&refusal.stderr), "{}", refusal.stderr);
    assert_eq!(
        refusal.command.split(" --manifest-path").next(),
        Some("cargo update -p core --precise 2.0.0")
    );
    let app = world.app();
    let folder = app.parent().unwrap();
    assert!(
        refusal.stderr.contains(&format!("({folder})")),
        "{}",
        refusal.stderr
    );
    assert_eq!(resolved(&shadow), [words(["1.1.0"]), words(["1.1.0"])]);
}

#[test]
fn a_manifest_may_come_to_reach_further() {
    let world = World::new();
    world.sandbox.write("forks/core/Cargo.toml", "[package]\nname = \"core\"\nversion = \"1.0.0\"\n[workspace]\n[dependencies]\nside = { path = \"../side\" }\n");
    world.sandbox.write("forks/core/src/lib.rs", "");
    world.sandbox.write(
        "forks/side/Cargo.toml",
        "[package]\nname = \"side\"\nversion = \"7.0.0\"\n[workspace]\n",
    );
    world.sandbox.write("forks/side/src/lib.rs", "");
    let shadow = world.shadow();
    let root = world.sandbox.root().join("Cargo.toml");
    let text = "[workspace]\nmembers = [\"app\"]\nexclude = [\"forks\"]\n[patch.crates-io]\ncore = { path = \"forks/core\" }\n";
    shadow
        .reset(&BTreeMap::from([(root, text.to_owned())]))
        .unwrap();
    assert_eq!(
        resolved(&shadow),
        [words(["1.0.0"]), words(["1.0.0", "7.0.0"])]
    );
    shadow.reset(&BTreeMap::new()).unwrap();
    assert_eq!(resolved(&shadow), [words(["1.0.0"]), words(["1.0.0"])]);
}

#[test]
fn only_its_own_manifests_can_be_changed() {
    let world = World::new();
    let shadow = world.shadow();
    for path in ["../../../evil/Cargo.toml", "other/Cargo.toml"] {
        let path = world.sandbox.root().join(path);
        let refused = shadow.reset(&BTreeMap::from([(path.clone(), String::new())]));
        assert!(matches!(refused, Err(ShadowError::NotPart { path: at }) if at == path));
    }
}

#[test]
fn what_is_not_downloaded_is_missing_offline_only() {
    let world = World::new();
    let shadow = world.shadow();
    let offline = Cargo {
        offline: true,
        ..FREE
    };
    // The index is not there at all yet.
    world.registry.publish(Package::new("late", "1.0.0"));
    let with_late = app("1") + "late = \"1\"\n";
    shadow
        .reset(&BTreeMap::from([(world.app(), with_late)]))
        .unwrap();
    let refusal = shadow.metadata(&offline).unwrap().unwrap_err();
    assert!(is_network_failure(&refusal.stderr), "{}", refusal.stderr);
    assert!(!is_resolution_failure(&refusal.stderr));
    assert!(
        refusal.command.contains(" --offline"),
        "{}",
        refusal.command
    );
    let (json, _) = shadow.metadata(&FREE).unwrap().unwrap();
    assert_eq!(versions(&json, "late"), ["1.0.0"]);
    let (json, _) = shadow.metadata(&offline).unwrap().unwrap();
    assert_eq!(versions(&json, "late"), ["1.0.0"]);
}

#[test]
fn several_at_once() {
    let world = World::new();
    let mut real = world.registry.cargo(world.sandbox.root().as_std_path());
    succeed(real.args(["fetch", "--locked"]));
    std::thread::scope(|scope| {
        for number in 0..4 {
            let world = &world;
            scope.spawn(move || {
                let shadow = world.shadow();
                let core = if number % 2 == 0 { "1" } else { "2" };
                shadow
                    .reset(&BTreeMap::from([(world.app(), app(core))]))
                    .unwrap();
                let expected = if number % 2 == 0 {
                    words(["1.0.0"])
                } else {
                    words(["1.0.0", "2.0.0"])
                };
                assert_eq!(resolved(&shadow)[0], expected);
            });
        }
    });
    let mut real = world.registry.cargo(world.sandbox.root().as_std_path());
    assert!(agree(
        &world.shadow(),
        &mut real,
        &[],
        world.sandbox.root(),
        "after all",
    ));
}

#[test]
fn replacements_and_patches() {
    let world = World::new();
    let package = |name: &str, version: &str| {
        format!("[package]\nname = \"{name}\"\nversion = \"{version}\"\nedition = \"2021\"\n")
    };
    let root = "[workspace]\nmembers = [\"app\"]\nexclude = [\"forks\"]\n";
    let ways = [
        "[patch.crates-io]\nside = { path = \"../beside/side\" }\n",
        "[replace]\n\"core:1.0.0\" = { path = \"forks/core\" }\n",
    ];
    world.sandbox.write("ws/app/Cargo.toml", &app("1"));
    world.sandbox.write("ws/app/src/lib.rs", "");
    world
        .sandbox
        .write("ws/forks/core/Cargo.toml", &package("core", "1.0.0"));
    world.sandbox.write("ws/forks/core/src/lib.rs", "");
    world.sandbox.write(
        "beside/side/Cargo.toml",
        &(package("side", "1.0.5") + "[workspace]\n"),
    );
    world.sandbox.write("beside/side/src/lib.rs", "");
    let folder = world.sandbox.root().join("ws");
    for way in ways {
        world
            .sandbox
            .write("ws/Cargo.toml", &format!("{root}{way}"));
        let mut real = world.registry.cargo(folder.as_std_path());
        succeed(real.args(["update"]));
        let mut real = world.registry.cargo(folder.as_std_path());
        succeed(real.args(["fetch"]));
        let around = Surroundings {
            folder: Some(folder.clone()),
            ..world.around()
        };
        let shadow = Shadow::with("app/Cargo.toml".into(), &around).unwrap();
        let mut real = world.registry.cargo(folder.as_std_path());
        let manifest = ["--manifest-path", "app/Cargo.toml"];
        assert!(agree(
            &shadow,
            &mut real,
            &manifest,
            world.sandbox.root(),
            way
        ));
        let reached = |path: &str| {
            shadow
                .manifests()
                .contains_key(&world.sandbox.root().join(path))
        };
        assert_eq!(reached("beside/side/Cargo.toml"), way.contains("beside"));
        assert_eq!(reached("ws/forks/core/Cargo.toml"), way.contains("forks"));
    }
}
