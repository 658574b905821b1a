//! What can go wrong while releases are looked up, and what to do about it.

use std::path::PathBuf;
use std::time::Duration;

use super::RegistryId;
use super::config::ConfigError;
use crate::report::escape::terminal;

/// Why the releases of a crate are not known. Its text holds nothing that a terminal would obey.
#[derive(Debug, Clone, thiserror::Error)]
pub enum IndexError {
    /// The registry says that it has no such crate.
    #[error("crate `{}` is not in {}", terminal(.name), .registry.label())]
    Unknown { name: String, registry: RegistryId },

    /// The network may not be used, and cargo has not cached the crate's index entry.
    #[error(
        "the index entry of crate `{}` is not in cargo's cache, and the network may not be used; \
         run again without `--offline`",
        terminal(.name)
    )]
    NotCached { name: String, registry: RegistryId },

    /// The index uses the git protocol, of which only cargo's cache is read.
    #[error(
        "the index entry of crate `{}` is not in cargo's cache; the index of {} uses the git \
         protocol, of which only what cargo has cached is read: `cargo update --dry-run` in a workspace that \
         depends on the crate caches it",
        terminal(.name), .registry.label()
    )]
    NotCachedFromGit { name: String, registry: RegistryId },

    /// The name cannot be that of a crate.
    #[error("`{}` cannot be the name of a crate", terminal(.name))]
    Name { name: String },

    /// The server answered with an error, also when asked again.
    #[error("{} answered with status {status}; try again later", terminal(.url))]
    Server { url: String, status: u16 },

    /// The server wants to know who asks.
    #[error("{} refused access with status {status}: {hint}", terminal(.url))]
    Refused {
        url: String,
        status: u16,
        hint: AccessHint,
    },

    /// No answer came in time.
    #[error(
        "{} did not answer within {:?} (while {stage}); `http.timeout` in cargo's configuration \
         sets how long to wait",
        terminal(.url), .waited
    )]
    Timeout {
        url: String,
        waited: Duration,
        stage: String,
    },

    /// No connection, or it broke.
    #[error("{} cannot be reached: {}", terminal(.url), terminal(.reason))]
    Connect { url: String, reason: String },

    /// The server could not prove who it is.
    #[error(
        "no secure connection to {}: {}; where a proxy or a private certificate authority stands in \
         between, set `http.cainfo` in cargo's configuration to its certificates",
        terminal(.url), terminal(.reason)
    )]
    Tls { url: String, reason: String },

    /// The answer is no index entry.
    #[error("{} answered with something that is no index entry: {}", terminal(.url), terminal(.reason))]
    Garbage { url: String, reason: String },

    /// The answer is larger than any index entry.
    #[error("{} answered with more than {limit} bytes", terminal(.url))]
    TooLarge { url: String, limit: u64 },

    /// A file of cargo's cache, of a local registry or of a vendored crate cannot be used.
    #[error("cannot use {}: {}", terminal(&.path.to_string_lossy()), terminal(.reason))]
    File { path: PathBuf, reason: String },

    #[error(transparent)]
    Config(#[from] ConfigError),
}

/// How access could be gained.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AccessHint {
    /// No token is configured for the registry of this name.
    NoToken { name: Option<String> },
    /// The configured token was not accepted.
    Rejected { name: Option<String> },
    /// A credential provider is configured, which is not run.
    Provider { provider: String },
}

impl std::fmt::Display for AccessHint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            AccessHint::NoToken { name: Some(name) } => write!(
                f,
                "no token is configured; run `cargo login --registry {}` or set {}",
                terminal(name),
                terminal(&token_variable(name))
            ),
            AccessHint::NoToken { name: None } => f.write_str(
                "the index has no entry with a token in `[registries]` of cargo's configuration",
            ),
            AccessHint::Rejected { name: Some(name) } => write!(
                f,
                "the configured token was not accepted; run `cargo login --registry {}` again",
                terminal(name)
            ),
            AccessHint::Rejected { name: None } => {
                f.write_str("the configured token was not accepted")
            }
            AccessHint::Provider { provider } => write!(
                f,
                "its token comes from the credential provider `{}`, which is not run from here; \
                 give the token in CARGO_REGISTRIES_<NAME>_TOKEN with the provider `cargo:token`, \
                 or run with `--offline` after cargo has cached the index",
                terminal(provider)
            ),
        }
    }
}

impl IndexError {
    /// Whether the crate is simply not there to be looked at, so that a report can go on and say
    /// so; anything else is a failure.
    pub fn is_absence(&self) -> bool {
        match self {
            IndexError::Unknown { .. }
            | IndexError::NotCached { .. }
            | IndexError::NotCachedFromGit { .. }
            | IndexError::Name { .. } => true,
            IndexError::Server { .. }
            | IndexError::Refused { .. }
            | IndexError::Timeout { .. }
            | IndexError::Connect { .. }
            | IndexError::Tls { .. }
            | IndexError::Garbage { .. }
            | IndexError::TooLarge { .. }
            | IndexError::File { .. }
            | IndexError::Config(_) => false,
        }
    }
}

/// The environment variable that cargo reads the token of a registry from.
pub(super) fn token_variable(name: &str) -> String {
    format!(
        "CARGO_REGISTRIES_{}_TOKEN",
        name.to_uppercase().replace('-', "_")
    )
}
