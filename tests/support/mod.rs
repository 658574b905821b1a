//! What the tests share: sandboxes, cargo as the oracle, the built binary and what it reports.

// Every test binary compiles this module and uses a part of it.
#![allow(dead_code)]

pub mod cargo;
pub mod corpus;
pub mod corpus_rows;
pub mod differential;
pub mod disk;
pub mod expect;
pub mod graph_json;
pub mod plan;
pub mod report;
pub mod sandbox;
pub mod shared;
pub mod tool;
pub mod unit_graph;
pub mod world;
pub mod world_strategy;

use semver::Version;

/// Crates whose semver-compatible series are the lines in the fixtures and the stored cases.
pub const ANCHORS: [&str; 2] = ["opentelemetry", "opentelemetry_api"];

/// The semver-compatible series of a version: `0.27` of 0.27.1, `2` of 2.3.0.
pub fn line(version: &Version) -> String {
    match (version.major, version.minor) {
        (0, 0) => format!("0.0.{}", version.patch),
        (0, minor) => format!("0.{minor}"),
        (major, _) => major.to_string(),
    }
}

/// Ends a test early where something outside the repository is absent, and says so.
#[macro_export]
macro_rules! skip {
    ($($reason:tt)+) => {{
        eprintln!("skipped: {}", format_args!($($reason)+));
        return;
    }};
}
