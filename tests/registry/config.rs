//! Cargo's configuration means the same here as to cargo: in each arrangement, cargo resolves from
//! the registry that the releases are read from.

use std::fs;
use std::io::{BufRead, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::thread;

use otel_check::registry::{CargoIndex, Index, IndexError, IndexNote, RegistryId};

use crate::loopback::{Dep, Package, Registry};
use crate::{default_crate, environment, open, quick, versions};

/// Two registries that differ in the version of `demo`, and a workspace `outer/inner` beside them.
struct Scene {
    /// Has `demo` 1.0.0.
    one: Registry,
    /// Has `demo` 2.0.0.
    two: Registry,
    root: tempfile::TempDir,
}

impl Scene {
    fn new() -> Self {
        let scene = Scene {
            one: Registry::start(),
            two: Registry::start(),
            root: tempfile::tempdir().unwrap(),
        };
        scene.one.publish(Package::new("demo", "1.0.0"));
        scene.two.publish(Package::new("demo", "2.0.0"));
        fs::create_dir_all(scene.dir().join("src")).unwrap();
        fs::write(scene.dir().join("src/lib.rs"), "").unwrap();
        fs::write(
            scene.dir().join("Cargo.toml"),
            "[package]\nname = \"user\"\nversion = \"0.0.0\"\nedition = \"2021\"\n\
             [dependencies]\ndemo = \"*\"\n",
        )
        .unwrap();
        scene
    }

    fn outer(&self) -> PathBuf {
        self.root.path().join("outer")
    }

    fn dir(&self) -> PathBuf {
        self.outer().join("inner")
    }

    /// Writes a file, with `{one}` and `{two}` for the registries' addresses.
    fn write(&self, file: impl AsRef<Path>, text: &str) -> &Self {
        let file = self.root.path().join(file);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        let text = text
            .replace("{one}", &self.one.index())
            .replace("{two}", &self.two.index());
        fs::write(file, text).unwrap();
        self
    }

    fn ours(&self, variables: &[(&str, &str)]) -> Result<Vec<String>, IndexError> {
        let environment = environment(&self.one, variables);
        let index = CargoIndex::open(&self.dir(), environment, quick())?;
        Ok(versions(&default_crate(&index, "demo")?))
    }

    /// The version of `demo` that cargo puts in the lock; none where it fails.
    fn cargos(&self, variables: &[(&str, &str)]) -> Option<String> {
        let out = self
            .one
            .cargo(&self.dir())
            .args(["generate-lockfile"])
            .envs(variables.iter().copied())
            .output()
            .unwrap();
        let lock = fs::read_to_string(self.dir().join("Cargo.lock"));
        let lock: toml::Table = lock.ok().filter(|_| out.status.success())?.parse().unwrap();
        let demo = lock["package"]
            .as_array()
            .unwrap()
            .iter()
            .find(|package| package["name"].as_str() == Some("demo"))?;
        Some(demo["version"].as_str().unwrap().to_owned())
    }

    fn both_see(&self, version: &str, variables: &[(&str, &str)]) {
        assert_eq!(self.ours(variables).unwrap(), [version]);
        assert_eq!(self.cargos(variables).as_deref(), Some(version));
    }
}

const REPLACED: &str = "[source.crates-io]\nreplace-with = \"mirror\"\n";
const HERE: &str = "outer/inner/.cargo/config.toml";
const ABOVE: &str = "outer/.cargo/config.toml";

#[test]
fn the_nearest_file_counts() {
    let scene = Scene::new();
    scene.write(
        ABOVE,
        &format!("{REPLACED}[source.mirror]\nregistry = \"{{one}}\""),
    );
    scene.both_see("1.0.0", &[]);
    scene.write(HERE, "[source.mirror]\nregistry = \"{two}\"");
    scene.both_see("2.0.0", &[]);
}

#[test]
fn tables_of_several_files_are_put_together() {
    let scene = Scene::new();
    scene.write(HERE, REPLACED);
    scene.write(
        ABOVE,
        "[source.mirror]\nreplace-with = \"last\"\nregistry = \"{one}\"",
    );
    let home = scene.one.cargo_home().join("config.toml");
    scene.write(home, "[source.last]\nregistry = \"{two}\"");
    scene.both_see("2.0.0", &[]);
}

#[test]
fn a_source_may_be_replaced_with_a_named_registry() {
    let scene = Scene::new();
    scene.write(
        HERE,
        &format!("{REPLACED}[registries.mirror]\nindex = \"{{one}}\""),
    );
    scene.both_see("1.0.0", &[]);
    let two = scene.two.index();
    scene.both_see("2.0.0", &[("CARGO_REGISTRIES_MIRROR_INDEX", &two)]);
}

#[test]
fn included_files_count_less_than_the_file_and_more_than_earlier_ones() {
    let scene = Scene::new();
    scene
        .write(
            HERE,
            &format!(
                "include = [\"a.toml\", {{ path = \"sub/b.toml\" }}, \
                 {{ path = \"none.toml\", optional = true }}]\n{REPLACED}"
            ),
        )
        .write(
            "outer/inner/.cargo/a.toml",
            "[source.crates-io]\nreplace-with = \"nothing\"\n[source.mirror]\nregistry = \"{one}\"",
        );
    scene.write(
        "outer/inner/.cargo/sub/b.toml",
        "include = [\"c.toml\"]\n[source.mirror]\nregistry = \"{two}\"",
    );
    scene.write("outer/inner/.cargo/sub/c.toml", "");
    scene.both_see("2.0.0", &[]);
}

#[test]
fn a_missing_or_circular_include_is_an_error() {
    let scene = Scene::new();
    for text in [
        "include = [\"none.toml\"]",
        "include = [\"config.toml\"]",
        "include = \"a.toml\"",
        "include = [\"a.txt\"]",
        "include = [1]",
        "include = [{ optional = true }]",
    ] {
        scene.write(HERE, text);
        let error = scene.ours(&[]).unwrap_err();
        assert!(matches!(error, IndexError::Config(_)), "{text}: {error}");
        assert_eq!(scene.cargos(&[]), None, "{text}");
    }
}

#[test]
fn the_old_name_of_the_file_counts_first() {
    let scene = Scene::new();
    let text = |registry: &str| format!("{REPLACED}[source.mirror]\nregistry = \"{registry}\"");
    scene.write(HERE, &text("{one}"));
    scene.write("outer/inner/.cargo/config", &text("{two}"));
    scene.both_see("2.0.0", &[]);
}

#[test]
fn a_local_registry_is_found_from_the_file_that_names_it() {
    let scene = Scene::new();
    scene.write(
        ABOVE,
        &format!("{REPLACED}[source.mirror]\nlocal-registry = \"local\""),
    );
    let at = |path: &str| -> Vec<u8> {
        let url = format!("{}{path}", scene.two.root());
        ureq::get(&url)
            .call()
            .unwrap()
            .body_mut()
            .read_to_vec()
            .unwrap()
    };
    let local = scene.outer().join("local");
    fs::create_dir_all(local.join("index/de/mo")).unwrap();
    fs::write(local.join("index/de/mo/demo"), at("index/de/mo/demo")).unwrap();
    fs::write(local.join("demo-2.0.0.crate"), at("dl/demo/2.0.0/download")).unwrap();
    scene.both_see("2.0.0", &[]);
    let index = open(&scene.one, &scene.dir(), quick());
    let error = default_crate(&index, "other").unwrap_err();
    assert!(matches!(error, IndexError::Unknown { .. }), "{error}");
    let [IndexNote::LocalRegistry { folder, .. }] = &index.notes()[..] else {
        panic!("{:?}", index.notes())
    };
    assert_eq!(*folder, local);
    fs::write(local.join("index/de/mo/demo"), "{").unwrap();
    assert!(matches!(scene.ours(&[]), Err(IndexError::File { .. })));
}

#[test]
fn vendored_crates_are_all_there_is() {
    let scene = Scene::new();
    scene.write(
        HERE,
        &format!("{REPLACED}[source.mirror]\nregistry = \"{{two}}\""),
    );
    let out = scene
        .one
        .cargo(&scene.dir())
        .args(["vendor", "--respect-source-config", "vendored"])
        .output()
        .unwrap();
    assert!(
        out.status.success(),
        "{}",
        String::from_utf8_lossy(&out.stderr)
    );
    scene.two.publish(Package::new("demo", "2.5.0"));
    scene.write(
        HERE,
        &format!("{REPLACED}[source.mirror]\ndirectory = \"vendored\""),
    );
    fs::remove_file(scene.dir().join("Cargo.lock")).unwrap();
    scene.both_see("2.0.0", &[]);
    let index = open(&scene.one, &scene.dir(), quick());
    let error = default_crate(&index, "other").unwrap_err();
    assert!(matches!(error, IndexError::Unknown { .. }), "{error}");
    let [IndexNote::VendoredOnly { folder, .. }] = &index.notes()[..] else {
        panic!("{:?}", index.notes())
    };
    assert_eq!(*folder, scene.dir().join("vendored"));
}

#[test]
fn a_circle_and_an_unknown_name_are_errors() {
    let scene = Scene::new();
    for text in [
        REPLACED,
        "[source.crates-io]\nreplace-with = \"crates-io\"",
        "[source.crates-io]\nreplace-with = \"a\"\n[source.a]\nregistry = \"{one}\"\nreplace-with = \"crates-io\"",
        "[source.crates-io]\nreplace-with = \"a\"\n[source.a]\n",
        "[source.crates-io]\nreplace-with = \"a\"\n[source.a]\nregistry = \"{one}\"\ndirectory = \"x\"",
        "[source.crates-io]\nreplace-with = 1",
        "[source",
    ] {
        scene.write(HERE, text);
        let error = scene.ours(&[]).unwrap_err();
        assert!(matches!(error, IndexError::Config(_)), "{text}: {error}");
        assert_eq!(scene.cargos(&[]), None, "{text}");
    }
}

#[test]
fn a_value_of_the_wrong_kind_is_an_error_that_names_it() {
    let scene = Scene::new();
    let source = format!("{REPLACED}[source.mirror]\nregistry = \"{{one}}\"\n");
    for (text, key) in [
        ("[http]\ntimeout = \"soon\"", "http.timeout"),
        ("[http]\ntimeout = -1", "http.timeout"),
        ("[http]\nproxy = 1", "http.proxy"),
        ("[net]\noffline = \"maybe\"", "net.offline"),
        ("[http]\ncainfo = [\"a\"]", "http.cainfo"),
    ] {
        scene.write(HERE, &format!("{source}{text}"));
        let error = scene.ours(&[]).unwrap_err().to_string();
        assert!(
            error.contains(key) && error.contains("config.toml"),
            "{error}"
        );
    }
}

#[test]
fn the_time_to_wait_comes_from_the_configuration() {
    let scene = Scene::new();
    scene.write(
        HERE,
        &format!("{REPLACED}[source.mirror]\nregistry = \"{{one}}\"\n[http]\ntimeout = 1"),
    );
    scene
        .one
        .fail_crate("demo", crate::loopback::Fault::Silence);
    let options = otel_check::registry::IndexOptions {
        timeout: None,
        ..quick()
    };
    let index = CargoIndex::open(&scene.dir(), environment(&scene.one, &[]), options).unwrap();
    let start = std::time::Instant::now();
    let error = default_crate(&index, "demo").unwrap_err().to_string();
    assert!(error.contains("within 1s"), "{error}");
    let waited = start.elapsed().as_millis();
    assert!((1000..4000).contains(&waited), "{waited}");
}

#[test]
fn a_git_index_is_read_from_cargos_cache_alone() {
    let scene = Scene::new();
    scene.write(
        HERE,
        &format!("{REPLACED}[source.mirror]\nregistry = \"https://index.example/git\""),
    );
    let index = open(&scene.one, &scene.dir(), quick());
    let error = default_crate(&index, "demo").unwrap_err();
    assert!(
        matches!(error, IndexError::NotCachedFromGit { .. }),
        "{error}"
    );
    assert!(error.is_absence());
    assert!(error.to_string().contains("git protocol"), "{error}");
    assert!(matches!(
        &index.notes()[..],
        [IndexNote::GitCacheOnly { .. }]
    ));
}

/// Cargo makes a cache for an index in a local git repository.
#[test]
fn what_cargo_cached_of_a_git_index_is_read() {
    let scene = Scene::new();
    let repository = scene.root.path().join("git-index");
    fs::create_dir_all(repository.join("de/mo")).unwrap();
    let line = ureq::get(&format!("{}index/de/mo/demo", scene.two.root()))
        .call()
        .unwrap()
        .body_mut()
        .read_to_string()
        .unwrap();
    fs::write(repository.join("de/mo/demo"), line).unwrap();
    let config = format!("{{\"dl\":\"{}dl\"}}", scene.two.root());
    fs::write(repository.join("config.json"), config).unwrap();
    for arguments in [
        &["init", "-q", "-b", "master"][..],
        &["add", "."],
        &[
            "-c",
            "user.name=t",
            "-c",
            "user.email=t@t",
            "commit",
            "-qm",
            "x",
        ],
    ] {
        let done = std::process::Command::new("git")
            .current_dir(&repository)
            .args(arguments)
            .status()
            .unwrap();
        assert!(done.success());
    }
    scene.write(
        HERE,
        &format!(
            "{REPLACED}[source.mirror]\nregistry = \"file://{}\"",
            repository.display()
        ),
    );
    assert_eq!(scene.cargos(&[]).as_deref(), Some("2.0.0"));
    assert_eq!(scene.ours(&[]).unwrap(), ["2.0.0"]);
}

/// A proxy that lets one client through to the registry, and tells which host it asked for.
fn proxy(registry: &Registry) -> (u16, thread::JoinHandle<String>) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    let target = registry.root().replace("http://", "").replace('/', "");
    let handle = thread::spawn(move || {
        let (mut client, _) = listener.accept().unwrap();
        let mut head = String::new();
        let mut reader = BufReader::new(client.try_clone().unwrap());
        while !head.ends_with("\r\n\r\n") {
            assert_ne!(reader.read_line(&mut head).unwrap(), 0);
        }
        client.write_all(b"HTTP/1.1 200 OK\r\n\r\n").unwrap();
        let mut server = std::net::TcpStream::connect(target).unwrap();
        let mut request = [0; 4096];
        let length = client.read(&mut request).unwrap();
        server.write_all(&request[..length]).unwrap();
        server.shutdown(std::net::Shutdown::Write).unwrap();
        std::io::copy(&mut server, &mut client).unwrap();
        head
    });
    (port, handle)
}

#[test]
fn a_proxy_is_used_and_told_who_asks() {
    let scene = Scene::new();
    scene.write(
        HERE,
        &format!("{REPLACED}[source.mirror]\nregistry = \"sparse+http://index.invalid/index/\""),
    );
    let with_user = |port| format!("http://me:secret@127.0.0.1:{port}");
    for variable in ["CARGO_HTTP_PROXY", "http_proxy", "ALL_PROXY"] {
        let (port, handle) = proxy(&scene.two);
        assert_eq!(
            scene.ours(&[(variable, &with_user(port))]).unwrap(),
            ["2.0.0"]
        );
        let head = handle.join().unwrap();
        assert!(head.starts_with("CONNECT index.invalid:80 "), "{head}");
        let authorization = "proxy-authorization: basic bwu6c2vjcmv0";
        assert!(head.to_lowercase().contains(authorization), "{head}");
    }
    // An upper-case HTTP_PROXY is not believed, and NO_PROXY goes around a proxy.
    for variables in [
        [("HTTP_PROXY", "http://127.0.0.1:1"), ("X", "")],
        [
            ("http_proxy", "http://127.0.0.1:1"),
            ("NO_PROXY", "a.b, .invalid"),
        ],
        [
            ("http_proxy", "http://127.0.0.1:1"),
            ("CARGO_HTTP_PROXY", ""),
        ],
    ] {
        let error = scene.ours(&variables).unwrap_err().to_string();
        // The proxy would have refused the connection; the host is asked for directly.
        assert!(!error.contains("refused"), "{variables:?}: {error}");
        assert!(error.contains("index.invalid"), "{variables:?}: {error}");
    }
    let error = scene
        .ours(&[("CARGO_HTTP_PROXY", "http://me:secret@127.0.0.1:1")])
        .unwrap_err()
        .to_string();
    assert!(!error.contains("secret"), "{error}");
}

#[test]
fn registries_are_told_apart_by_their_address() {
    let scene = Scene::new();
    scene.write(
        HERE,
        &format!("{REPLACED}[source.mirror]\nregistry = \"{{one}}\""),
    );
    scene
        .two
        .publish(Package::new("user", "0.1.0").dep(Dep::new("demo", "*")));
    let index = open(&scene.one, &scene.dir(), quick());
    let two = RegistryId::from_source(&scene.two.index()).unwrap();
    assert_eq!(versions(&index.releases(&two, "demo").unwrap()), ["2.0.0"]);
    assert_eq!(versions(&default_crate(&index, "demo").unwrap()), ["1.0.0"]);
    let user = &index.releases(&two, "user").unwrap()[0];
    assert_eq!(user.dependencies[0].registry_from(&two), &two);
}
