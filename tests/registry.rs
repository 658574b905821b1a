//! The index client against registries on the loopback interface, good and bad, and against cargo.

#[path = "support/registry.rs"]
mod loopback;

#[path = "registry/cargo.rs"]
mod cargo;
#[path = "registry/config.rs"]
mod config;
#[path = "registry/faults.rs"]
mod faults;
#[path = "registry/reading.rs"]
mod reading;
#[path = "registry/tls.rs"]
mod tls;
#[path = "registry/tokens.rs"]
mod tokens;

use std::path::Path;
use std::time::Duration;

use loopback::Registry;
use otel_check::registry::{
    CargoIndex, Environment, Index, IndexError, IndexOptions, RegistryId, Release,
};

/// A registry in the place of the default one, and a workspace that uses it.
struct Bench {
    registry: Registry,
    workspace: tempfile::TempDir,
}

impl Bench {
    fn new() -> Self {
        let bench = Bench {
            registry: Registry::start(),
            workspace: tempfile::tempdir().unwrap(),
        };
        bench.registry.replace_default(bench.dir());
        bench
    }

    fn dir(&self) -> &Path {
        self.workspace.path()
    }

    fn index(&self, options: IndexOptions) -> CargoIndex {
        open(&self.registry, self.dir(), options)
    }
}

fn environment(registry: &Registry, more: &[(&str, &str)]) -> Environment {
    let home = registry.cargo_home().to_str().unwrap();
    Environment::new(
        [("CARGO_HOME", home)]
            .into_iter()
            .chain(more.iter().copied()),
        None,
    )
}

fn open(registry: &Registry, dir: &Path, options: IndexOptions) -> CargoIndex {
    CargoIndex::open(dir, environment(registry, &[]), options).unwrap()
}

/// Asks once.
fn quick() -> IndexOptions {
    IndexOptions {
        // Long enough for a machine that is busy.
        timeout: Some(Duration::from_secs(10)),
        retries: Some(0),
        backoff: Duration::from_millis(5),
        ..IndexOptions::default()
    }
}

/// Gives up soon.
fn impatient() -> IndexOptions {
    IndexOptions {
        timeout: Some(Duration::from_millis(400)),
        ..quick()
    }
}

fn offline() -> IndexOptions {
    IndexOptions {
        offline: true,
        ..quick()
    }
}

/// Asks the registry about everything.
fn distrustful() -> IndexOptions {
    IndexOptions {
        max_age: Duration::ZERO,
        ..quick()
    }
}

fn default_crate(index: &CargoIndex, name: &str) -> Result<Vec<Release>, IndexError> {
    index
        .releases(&RegistryId::default_registry(), name)
        .map(|releases| releases.to_vec())
}

fn versions(releases: &[Release]) -> Vec<String> {
    releases
        .iter()
        .map(|release| release.version.to_string())
        .collect()
}
