//! How an index is to be used.

use std::time::Duration;

/// How to use the network, where cargo's configuration does not say it or is not to be followed.
#[derive(Debug, Clone)]
pub struct IndexOptions {
    /// Never touches the network. Cargo's `net.offline` does the same.
    pub offline: bool,
    /// How old a cached entry may be before the registry is asked whether it has changed.
    pub max_age: Duration,
    /// How long to wait for each step, in place of `http.timeout`.
    pub timeout: Option<Duration>,
    /// How often to ask again, in place of `net.retry`.
    pub retries: Option<u32>,
    /// The wait before asking again; later waits are multiples of it, as cargo's are of 500 ms.
    pub backoff: Duration,
    /// How many requests may be under way at once.
    pub connections: usize,
}

impl Default for IndexOptions {
    fn default() -> Self {
        IndexOptions {
            offline: false,
            // The default registry's own `max-age` for its entries.
            max_age: Duration::from_secs(600),
            timeout: None,
            retries: None,
            backoff: Duration::from_millis(500),
            connections: 8,
        }
    }
}
