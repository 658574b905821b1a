//! One sparse index: its entries over HTTP, and the token that it may ask for.

use std::sync::Mutex;
use std::time::Duration;

use serde::Deserialize;

use super::cache::{Cache, Cached, Change, index_path};
use super::config::{CargoConfig, ConfigError, Token};
use super::entry::{self, Entry};
use super::http::{Answer, Server, Settings, lock};
use super::{AccessHint, IndexError, RegistryId, Release};

/// A sparse index.
pub(super) struct Sparse {
    /// Its address with `sparse+` in front, by which configuration and cache know it.
    index: String,
    /// Its address for requests, with a slash at the end.
    base: String,
    server: Server,
    pub cache: Option<Cache>,
    /// The token to send, once it is known whether one is to be sent.
    access: Mutex<Option<Option<Token>>>,
}

/// What a request to the index gave.
pub(super) struct Fetched {
    pub releases: Vec<Release>,
    pub skipped: usize,
    pub change: Option<Change>,
}

/// What [`super::IndexOptions`] say against cargo's configuration.
pub(super) struct Overrides {
    pub timeout: Option<Duration>,
    pub retries: Option<u32>,
    pub backoff: Duration,
    pub connections: usize,
}

#[derive(Deserialize)]
struct IndexConfig {
    #[serde(rename = "auth-required", default)]
    auth_required: bool,
}

impl Sparse {
    pub fn new(
        index: &str,
        config: &CargoConfig,
        overrides: &Overrides,
    ) -> Result<Self, IndexError> {
        let (base, scheme, host) = split(index)?;
        let http = config.http()?;
        let settings = Settings {
            timeout: overrides.timeout.unwrap_or(http.timeout),
            retries: match overrides.retries {
                Some(retries) => retries,
                None => config.retries()?,
            },
            backoff: overrides.backoff,
            user_agent: http.user_agent.unwrap_or_else(|| {
                concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION")).to_owned()
            }),
            proxy: config.proxy(scheme, host)?,
            cainfo: http.cainfo,
            connections: overrides.connections,
        };
        Ok(Sparse {
            index: index.to_owned(),
            base: base.to_owned(),
            server: Server::new(settings)?,
            cache: config.cargo_home().map(|home| Cache::of_index(index, home)),
            access: Mutex::new(None),
        })
    }

    /// Asks for the entry of a crate; where one is cached, only in case that it is another by now.
    pub fn fetch(
        &self,
        config: &CargoConfig,
        registry: &RegistryId,
        name: &str,
        cached: Option<Cached>,
    ) -> Result<Fetched, IndexError> {
        let path = index_path(name).ok_or_else(|| IndexError::Name {
            name: name.to_owned(),
        })?;
        let url = format!("{}{path}", self.base);
        let revision = cached
            .as_ref()
            .map_or("", |cached| cached.revision.as_str());
        let answer = self.get(config, &url, revision)?;
        let garbage = |reason: String| IndexError::Garbage {
            url: url.clone(),
            reason,
        };
        match (answer.status, cached) {
            (200, _) => {
                let entry = entry::parse(&answer.body, name).map_err(|e| garbage(e.to_string()))?;
                Ok(Fetched {
                    change: write(&entry, name, &answer.revision),
                    skipped: entry.skipped,
                    releases: entry.releases,
                })
            }
            (304, Some(cached)) => Ok(Fetched {
                releases: cached.releases,
                skipped: cached.skipped,
                change: Some(Change::Confirm { file: cached.file }),
            }),
            (304, None) => Err(garbage("unchanged, but nothing was known before".into())),
            (404 | 410 | 451, _) => Err(IndexError::Unknown {
                name: name.to_owned(),
                registry: registry.clone(),
            }),
            (status, _) => Err(IndexError::Server { url, status }),
        }
    }

    /// A request with the token where the index wants one.
    fn get(&self, config: &CargoConfig, url: &str, revision: &str) -> Result<Answer, IndexError> {
        let token = self.access(config, false)?;
        let answer = self.server.get(url, revision, token.as_ref())?;
        match (answer.status, token) {
            (401, None) => {
                // What is cached of the index's own configuration may be out of date.
                let Some(token) = self.access(config, true)? else {
                    let name = config.registry_name(&self.index);
                    return Err(refused(url, 401, AccessHint::NoToken { name }));
                };
                let answer = self.server.get(url, revision, Some(&token))?;
                self.accepted(config, url, answer)
            }
            (401 | 403, Some(_)) => self.accepted(config, url, answer),
            _ => Ok(answer),
        }
    }

    fn accepted(
        &self,
        config: &CargoConfig,
        url: &str,
        answer: Answer,
    ) -> Result<Answer, IndexError> {
        if !matches!(answer.status, 401 | 403) {
            return Ok(answer);
        }
        let name = config.registry_name(&self.index);
        Err(refused(url, answer.status, AccessHint::Rejected { name }))
    }

    /// The token to send; `again` asks the index anew whether it wants one.
    fn access(&self, config: &CargoConfig, again: bool) -> Result<Option<Token>, IndexError> {
        let mut known = lock(&self.access);
        if let Some(token) = known.as_ref()
            && !again
        {
            return Ok(token.clone());
        }
        let token = self.find_access(config, again)?;
        *known = Some(token.clone());
        Ok(token)
    }

    fn find_access(&self, config: &CargoConfig, again: bool) -> Result<Option<Token>, IndexError> {
        let token = config.token(&self.index)?;
        let url = format!("{}config.json", self.base);
        let need = |token: Result<Token, AccessHint>| match token {
            Ok(token) => Ok(Some(token)),
            Err(hint) => Err(refused(&url, 401, hint)),
        };
        if !again {
            let cached = self.cache.as_ref().and_then(Cache::index_config);
            let cached = cached.and_then(|text| serde_json::from_slice::<IndexConfig>(&text).ok());
            match cached {
                Some(index) if index.auth_required => return need(token),
                Some(_) => return Ok(None),
                // With nothing to send there is nothing to ask for.
                None if token.is_err() => return Ok(None),
                None => {}
            }
        }
        let mut answer = self.server.get(&url, "", None)?;
        if answer.status == 401 {
            let token = need(token.clone())?;
            answer = self.server.get(&url, "", token.as_ref())?;
            self.accepted(config, &url, answer)?;
            return Ok(token);
        }
        if answer.status != 200 {
            return Ok(None);
        }
        let index: IndexConfig =
            serde_json::from_slice(&answer.body).map_err(|_| IndexError::Garbage {
                url: url.clone(),
                reason: "it is no configuration of an index".into(),
            })?;
        if index.auth_required {
            need(token)
        } else {
            Ok(None)
        }
    }
}

fn refused(url: &str, status: u16, hint: AccessHint) -> IndexError {
    IndexError::Refused {
        url: url.to_owned(),
        status,
        hint,
    }
}

fn write(entry: &Entry<'_>, name: &str, revision: &str) -> Option<Change> {
    Some(Change::Write {
        name: name.to_owned(),
        bytes: entry.to_cached(revision)?,
    })
}

/// The address for requests, its scheme and its host.
fn split(index: &str) -> Result<(&str, &str, &str), ConfigError> {
    let parts = index.strip_prefix("sparse+").and_then(|base| {
        let (scheme, rest) = base.split_once("://")?;
        let authority = rest.split('/').next()?;
        let host_and_port = authority.rsplit('@').next()?;
        let host = match host_and_port.strip_prefix('[') {
            Some(ipv6) => ipv6.split(']').next()?,
            None => host_and_port.split(':').next()?,
        };
        let fits = matches!(scheme, "http" | "https") && !host.is_empty() && base.ends_with('/');
        fits.then_some((base, scheme, host))
    });
    parts.ok_or_else(|| ConfigError::Value {
        key: "index".into(),
        place: index.to_owned(),
        reason: "a sparse index is `sparse+http(s)://…/` with a slash at the end".into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_taken_apart() {
        assert_eq!(
            split("sparse+https://user@example.com:8080/a/").unwrap(),
            ("https://user@example.com:8080/a/", "https", "example.com")
        );
        assert_eq!(split("sparse+http://[::1]:1/").unwrap().2, "::1");
        for bad in [
            "https://example.com/",
            "sparse+https://example.com",
            "sparse+ftp://example.com/",
            "sparse+https:///",
            "sparse+",
        ] {
            assert!(split(bad).is_err(), "{bad}");
        }
    }
}
