//! Releases come from cargo's cache where it is young enough, else from the registry.

use std::time::{Duration, SystemTime};

use otel_check::registry::{CargoIndex, Index, IndexError, RegistryId};

use crate::loopback::{Dep, Package, Registry, Seen, paths};
use crate::{Bench, default_crate, distrustful, environment, offline, open, quick, versions};

const ENTRY: &str = "index/de/mo/demo";

/// Lets cargo fill its cache with the entries of some crates.
fn let_cargo_cache(bench: &Bench, names: &[&str]) {
    let mut manifest =
        "[package]\nname = \"user\"\nversion = \"0.0.0\"\n[dependencies]\n".to_owned();
    for name in names {
        manifest.push_str(&format!("{name} = \"*\"\n"));
    }
    std::fs::create_dir_all(bench.dir().join("src")).unwrap();
    std::fs::write(bench.dir().join("Cargo.toml"), manifest).unwrap();
    std::fs::write(bench.dir().join("src/lib.rs"), "").unwrap();
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
    bench.registry.take_requests();
}

fn age_cache(bench: &Bench, seconds: u64) {
    let index = bench.registry.cargo_home().join("registry/index");
    let mut folders = vec![index];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let file = std::fs::File::options().write(true).open(path).unwrap();
                file.set_modified(SystemTime::now() - Duration::from_secs(seconds))
                    .unwrap();
            }
        }
    }
}

fn only(requests: Vec<Seen>) -> Seen {
    let [request] = requests.try_into().expect("one request");
    request
}

#[test]
fn without_a_cache_the_registry_is_asked_once() {
    let bench = Bench::new();
    bench
        .registry
        .publish(Package::new("demo", "1.0.0").dep(Dep::new("other", "^2").optional()))
        .publish(
            Package::new("demo", "1.1.0")
                .yanked()
                .published("2025-11-12T19:30:12Z"),
        );
    let index = bench.index(quick());
    let releases = default_crate(&index, "demo").unwrap();
    assert_eq!(versions(&releases), ["1.0.0", "1.1.0"]);
    assert_eq!(releases[0].dependencies[0].name, "other");
    assert!(releases[1].yanked && releases[1].published.is_some());
    assert_eq!(
        versions(&default_crate(&index, "demo").unwrap()),
        ["1.0.0", "1.1.0"]
    );
    let request = only(bench.registry.take_requests());
    assert_eq!((request.path.as_str(), request.status), (ENTRY, 200));
    assert_eq!(request.headers["cargo-protocol"], "version=1");
    assert!(!request.headers.contains_key("if-none-match"));
    // Cargo has set up no cache for this index, so nothing was put there.
    assert!(!bench.registry.cargo_home().join("registry").exists());
}

#[test]
fn what_cargo_cached_is_not_fetched() {
    let bench = Bench::new();
    bench.registry.publish(Package::new("demo", "1.0.0"));
    let_cargo_cache(&bench, &["demo"]);
    for options in [quick(), offline()] {
        let index = bench.index(options);
        assert_eq!(versions(&default_crate(&index, "demo").unwrap()), ["1.0.0"]);
    }
    assert_eq!(bench.registry.take_requests(), []);
}

#[test]
fn an_old_entry_is_confirmed_and_then_young() {
    let bench = Bench::new();
    bench.registry.publish(Package::new("demo", "1.0.0"));
    let_cargo_cache(&bench, &["demo"]);
    age_cache(&bench, 3600);
    assert_eq!(
        versions(&default_crate(&bench.index(quick()), "demo").unwrap()),
        ["1.0.0"]
    );
    let request = only(bench.registry.take_requests());
    assert_eq!((request.path.as_str(), request.status), (ENTRY, 304));
    assert!(request.headers.contains_key("if-none-match"));
    // A second run believes the first.
    assert_eq!(
        versions(&default_crate(&bench.index(quick()), "demo").unwrap()),
        ["1.0.0"]
    );
    assert_eq!(bench.registry.take_requests(), []);
}

#[test]
fn a_new_release_is_seen_and_kept_for_cargo() {
    let bench = Bench::new();
    bench.registry.publish(Package::new("demo", "1.0.0"));
    let_cargo_cache(&bench, &["demo"]);
    bench.registry.publish(Package::new("demo", "1.1.0"));
    let before = default_crate(&bench.index(offline()), "demo").unwrap();
    assert_eq!(versions(&before), ["1.0.0"]);
    let after = default_crate(&bench.index(distrustful()), "demo").unwrap();
    assert_eq!(versions(&after), ["1.0.0", "1.1.0"]);
    bench.registry.take_requests();
    let kept = default_crate(&bench.index(offline()), "demo").unwrap();
    assert_eq!(versions(&kept), ["1.0.0", "1.1.0"]);

    // Cargo itself reads what was kept: it resolves to the new release without its entry being
    // fetched again.
    let out = bench
        .registry
        .cargo(bench.dir())
        .args(["update", "--offline"])
        .output()
        .unwrap();
    assert!(
        out.status.success(),
        "{}",
        String::from_utf8_lossy(&out.stderr)
    );
    let out = bench
        .registry
        .cargo(bench.dir())
        .arg("update")
        .output()
        .unwrap();
    assert!(
        out.status.success(),
        "{}",
        String::from_utf8_lossy(&out.stderr)
    );
    let lock = std::fs::read_to_string(bench.dir().join("Cargo.lock")).unwrap();
    assert!(lock.contains("version = \"1.1.0\""), "{lock}");
    let entries: Vec<_> = bench
        .registry
        .take_requests()
        .into_iter()
        .filter(|request| request.path == ENTRY)
        .map(|request| request.status)
        .collect();
    assert_eq!(entries, [304]);
}

#[test]
fn offline_never_touches_the_network() {
    let bench = Bench::new();
    bench
        .registry
        .publish(Package::new("demo", "1.0.0"))
        .publish(Package::new("more", "1.0.0"));
    let_cargo_cache(&bench, &["demo"]);
    age_cache(&bench, 1_000_000);
    let index = bench.index(offline());
    assert_eq!(versions(&default_crate(&index, "demo").unwrap()), ["1.0.0"]);
    let error = default_crate(&index, "more").unwrap_err();
    assert!(matches!(error, IndexError::NotCached { .. }), "{error}");
    assert!(error.is_absence());
    assert!(error.to_string().contains("`more`"), "{error}");
    index.prefetch(&[(RegistryId::default_registry(), "third".into())]);
    assert_eq!(bench.registry.take_requests(), []);
}

#[test]
fn configuration_can_forbid_the_network() {
    let bench = Bench::new();
    bench
        .registry
        .configure(bench.dir(), "[net]\noffline = true");
    let error = default_crate(&bench.index(quick()), "demo").unwrap_err();
    assert!(matches!(error, IndexError::NotCached { .. }), "{error}");
    let environment = environment(&bench.registry, &[("CARGO_NET_OFFLINE", "false")]);
    let index = CargoIndex::open(bench.dir(), environment, quick()).unwrap();
    let error = default_crate(&index, "demo").unwrap_err();
    assert!(matches!(error, IndexError::Unknown { .. }), "{error}");
}

#[test]
fn many_crates_come_side_by_side_and_once_each() {
    let bench = Bench::new();
    let names: Vec<String> = (0..40).map(|n| format!("crate-{n}")).collect();
    bench
        .registry
        .publish_all(names.iter().map(|name| Package::new(name, "1.0.0")));
    let wanted: Vec<_> = names
        .iter()
        .chain(&names)
        .map(|name| (RegistryId::default_registry(), name.clone()))
        .collect();
    let index = bench.index(quick());
    index.prefetch(&wanted);
    for name in &names {
        assert_eq!(versions(&default_crate(&index, name).unwrap()), ["1.0.0"]);
    }
    let requests = bench.registry.take_requests();
    assert_eq!((requests.len(), paths(&requests).len()), (40, 40));
    assert_eq!(bench.registry.take_requests(), []);
}

#[test]
fn an_index_without_etags_is_read_in_full_each_time() {
    let bench = Bench::new();
    bench
        .registry
        .without_etags()
        .publish(Package::new("demo", "1.0.0"));
    let_cargo_cache(&bench, &["demo"]);
    for _ in 0..2 {
        let index = bench.index(distrustful());
        assert_eq!(versions(&default_crate(&index, "demo").unwrap()), ["1.0.0"]);
        assert_eq!(only(bench.registry.take_requests()).status, 200);
    }
    assert_eq!(
        versions(&default_crate(&bench.index(offline()), "demo").unwrap()),
        ["1.0.0"]
    );
}

#[test]
fn compressed_entries_are_read() {
    let bench = Bench::new();
    bench
        .registry
        .compressed()
        .publish(Package::new("demo", "1.0.0"));
    let index = bench.index(quick());
    assert_eq!(versions(&default_crate(&index, "demo").unwrap()), ["1.0.0"]);
    let request = only(bench.registry.take_requests());
    assert!(request.headers["accept-encoding"].contains("gzip"));
}

#[test]
fn names_are_looked_up_in_lower_case() {
    let bench = Bench::new();
    bench.registry.publish(Package::new("DeMo", "1.0.0"));
    let index = bench.index(quick());
    assert_eq!(versions(&default_crate(&index, "DeMo").unwrap()), ["1.0.0"]);
    assert_eq!(only(bench.registry.take_requests()).path, ENTRY);
}

#[test]
fn each_dependency_names_its_registry() {
    let other = Registry::start();
    other.publish(Package::new("inner", "0.3.0"));
    let bench = Bench::new();
    bench.registry.publish(
        Package::new("demo", "1.0.0")
            .dep(Dep::new("near", "*"))
            .dep(Dep::new("inner", "^0.3").registry(&other.index())),
    );
    let index = open(&bench.registry, bench.dir(), quick());
    let default = RegistryId::default_registry();
    let releases = default_crate(&index, "demo").unwrap();
    let [near, inner] = releases[0].dependencies.as_slice() else {
        panic!("two dependencies expected")
    };
    assert_eq!(near.registry_from(&default), &default);
    let theirs = index
        .releases(inner.registry_from(&default), "inner")
        .unwrap();
    assert_eq!(versions(&theirs), ["0.3.0"]);
}

#[test]
fn a_torn_cache_entry_is_fetched_anew() {
    let bench = Bench::new();
    bench.registry.publish(Package::new("demo", "1.0.0"));
    let_cargo_cache(&bench, &["demo"]);
    let index_folder = bench.registry.cargo_home().join("registry/index");
    let file = std::fs::read_dir(&index_folder)
        .unwrap()
        .map(|entry| entry.unwrap().path().join(".cache/de/mo/demo"))
        .find(|file| file.exists())
        .unwrap();
    let whole = std::fs::read(&file).unwrap();
    std::fs::write(&file, &whole[..whole.len() - 10]).unwrap();
    let error = default_crate(&bench.index(offline()), "demo").unwrap_err();
    assert!(matches!(error, IndexError::File { .. }), "{error}");
    assert_eq!(
        versions(&default_crate(&bench.index(quick()), "demo").unwrap()),
        ["1.0.0"]
    );
    assert_eq!(
        std::fs::read(&file).unwrap(),
        whole,
        "and put right, just as cargo wrote it"
    );
}
