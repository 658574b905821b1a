//! How to reach a server: the `[http]` table, and the variables that libcurl reads for cargo.

use std::path::PathBuf;
use std::time::Duration;

use super::{CargoConfig, ConfigError};

/// The `[http]` table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpConfig {
    /// Certificates to trust in place of the system's.
    pub cainfo: Option<PathBuf>,
    /// How long to wait for a connection, and for each sign of life.
    pub timeout: Duration,
    pub user_agent: Option<String>,
}

impl CargoConfig {
    pub fn http(&self) -> Result<HttpConfig, ConfigError> {
        let seconds = match self.unsigned(&["http", "timeout"])? {
            Some(seconds) => seconds,
            None => self
                .environment
                .get("HTTP_TIMEOUT")
                .and_then(|text| text.parse().ok())
                .unwrap_or(30),
        };
        // Zero means libcurl's own default to cargo.
        let seconds = if seconds == 0 { 300 } else { seconds };
        Ok(HttpConfig {
            cainfo: self.path(&["http", "cainfo"])?,
            timeout: Duration::from_secs(seconds.into()),
            user_agent: self.string(&["http", "user-agent"])?.map(|(text, _)| text),
        })
    }

    /// The proxy on the way to a server, `[scheme://][user:password@]host[:port]`; none where
    /// `NO_PROXY` names the server.
    pub fn proxy(&self, scheme: &str, host: &str) -> Result<Option<String>, ConfigError> {
        let configured = self.string(&["http", "proxy"])?.map(|(text, _)| text);
        let proxy = match configured {
            Some(proxy) => proxy,
            None => match self.proxy_variable(scheme) {
                Some(proxy) => proxy.to_owned(),
                None => return Ok(None),
            },
        };
        // An empty one switches off the use of a proxy.
        Ok((!proxy.is_empty() && !self.is_no_proxy(host)).then_some(proxy))
    }

    fn proxy_variable(&self, scheme: &str) -> Option<&str> {
        let lower = format!("{scheme}_proxy");
        let upper = lower.to_uppercase();
        // A web server may let its clients set HTTP_PROXY, so libcurl reads only the lower case.
        let upper = (scheme != "http").then_some(upper);
        [
            Some(lower),
            upper,
            Some("all_proxy".into()),
            Some("ALL_PROXY".into()),
        ]
        .into_iter()
        .flatten()
        .find_map(|name| self.environment.get(&name))
    }

    /// Whether `NO_PROXY` names the host or a domain that it is in.
    fn is_no_proxy(&self, host: &str) -> bool {
        let Some(list) = ["no_proxy", "NO_PROXY"]
            .into_iter()
            .find_map(|name| self.environment.get(name))
        else {
            return false;
        };
        let plain = |name: &str| name.trim_matches(['[', ']', '.']).to_ascii_lowercase();
        let host = plain(host);
        list.split([',', ' ']).map(str::trim).any(|entry| {
            let domain = plain(entry);
            entry == "*"
                || (!domain.is_empty()
                    && (host == domain
                        || host
                            .strip_suffix(&domain)
                            .is_some_and(|head| head.ends_with('.'))))
        })
    }
}
