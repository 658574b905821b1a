//! Asks one server for files: within limits of time and size, again where a failure may pass, over
//! the proxy and with the certificates that cargo would use.

use std::hash::{BuildHasher, Hasher};
use std::io::Read as _;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use ureq::Agent;
use ureq::tls::{RootCerts, TlsConfig};

use super::IndexError;
use super::cache::MAX_ENTRY;
use super::config::Token;
use super::way::{certificates, proxy};

/// How the server is to be asked.
pub(super) struct Settings {
    pub timeout: Duration,
    /// How often to ask again.
    pub retries: u32,
    /// The shortest wait before asking again.
    pub backoff: Duration,
    pub user_agent: String,
    pub proxy: Option<String>,
    pub cainfo: Option<std::path::PathBuf>,
    pub connections: usize,
}

/// One server.
pub(super) struct Server {
    agent: Agent,
    timeout: Duration,
    retries: u32,
    backoff: Duration,
    /// Why it cannot be reached at all. Set once, so that a dead server costs its timeout once and
    /// not once for each crate.
    down: Mutex<Option<IndexError>>,
    /// Whether asking again has been in vain before.
    hopeless: AtomicBool,
}

/// What the server said.
pub(super) struct Answer {
    pub status: u16,
    pub body: Vec<u8>,
    /// `etag: …`, `last-modified: …`, or nothing; as cargo keeps it.
    pub revision: String,
    retry_after: Option<Duration>,
}

/// A failed attempt, and whether another one may succeed.
struct Failure {
    error: IndexError,
    passing: bool,
    /// Whether it concerns the server and not the one file.
    whole_server: bool,
}

impl Server {
    pub fn new(settings: Settings) -> Result<Self, IndexError> {
        let patience = settings.timeout;
        let roots = match &settings.cainfo {
            Some(file) => RootCerts::new_with_certs(&certificates(file)?),
            None => RootCerts::PlatformVerifier,
        };
        let proxy = settings.proxy.as_deref().map(proxy).transpose()?;
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .user_agent(&settings.user_agent)
            .accept("text/plain")
            .timeout_resolve(Some(patience))
            .timeout_connect(Some(patience))
            .timeout_send_request(Some(patience))
            .timeout_recv_response(Some(patience))
            .timeout_per_read(Some(patience))
            // A server that sends a byte now and then would never be done.
            .timeout_recv_body(Some(patience * 4))
            .max_redirects(10)
            .max_idle_connections(settings.connections)
            .max_idle_connections_per_host(settings.connections)
            .proxy(proxy)
            .tls_config(TlsConfig::builder().root_certs(roots).build())
            .build()
            .new_agent();
        Ok(Server {
            agent,
            timeout: patience,
            retries: settings.retries,
            backoff: settings.backoff,
            down: Mutex::new(None),
            hopeless: AtomicBool::new(false),
        })
    }

    /// Asks for a file; with a revision, only in case that it is another one by now.
    pub fn get(
        &self,
        url: &str,
        revision: &str,
        token: Option<&Token>,
    ) -> Result<Answer, IndexError> {
        if let Some(error) = lock(&self.down).clone() {
            return Err(error);
        }
        let mut attempt = 0;
        loop {
            let (failure, wait) = match self.ask(url, revision, token) {
                Ok(answer) if answer.status == 429 || answer.status >= 500 => {
                    let error = IndexError::Server {
                        url: url.to_owned(),
                        status: answer.status,
                    };
                    let failure = Failure {
                        error,
                        passing: true,
                        whole_server: false,
                    };
                    (failure, answer.retry_after)
                }
                Ok(answer) => return Ok(answer),
                Err(failure) => (failure, None),
            };
            let again =
                failure.passing && attempt < self.retries && !self.hopeless.load(Ordering::Relaxed);
            if !again {
                if failure.passing {
                    self.hopeless.store(true, Ordering::Relaxed);
                }
                if failure.whole_server {
                    *lock(&self.down) = Some(failure.error.clone());
                }
                return Err(failure.error);
            }
            attempt += 1;
            thread::sleep(wait.unwrap_or_else(|| self.wait(attempt)));
        }
    }

    fn ask(&self, url: &str, revision: &str, token: Option<&Token>) -> Result<Answer, Failure> {
        let mut request = self.agent.get(url).header("cargo-protocol", "version=1");
        let condition = match revision.split_once(": ") {
            Some(("etag", value)) => Some(("if-none-match", value)),
            Some(("last-modified", value)) => Some(("if-modified-since", value)),
            _ => None,
        };
        if let Some((name, value)) = condition {
            request = request.header(name, value);
        }
        if let Some(token) = token {
            request = request.header("authorization", token.reveal());
        }
        let mut response = request.call().map_err(|error| self.failure(url, error))?;
        let header = |name: &str| {
            let value = response.headers().get(name)?.to_str().ok()?;
            Some(value.trim().to_owned())
        };
        let revision = match (header("etag"), header("last-modified")) {
            (Some(etag), _) => format!("etag: {etag}"),
            (None, Some(time)) => format!("last-modified: {time}"),
            (None, None) => String::new(),
        };
        let retry_after = header("retry-after")
            .and_then(|seconds| seconds.parse().ok())
            .map(|seconds| Duration::from_secs(seconds).min(self.backoff * 20));
        let status = response.status().as_u16();
        let mut body = Vec::new();
        if status == 200 {
            response
                .body_mut()
                .as_reader()
                .take(MAX_ENTRY + 1)
                .read_to_end(&mut body)
                .map_err(|error| self.failure(url, error.into()))?;
            if body.len() as u64 > MAX_ENTRY {
                return Err(Failure {
                    error: IndexError::TooLarge {
                        url: url.to_owned(),
                        limit: MAX_ENTRY,
                    },
                    passing: false,
                    whole_server: false,
                });
            }
        }
        Ok(Answer {
            status,
            body,
            revision,
            retry_after,
        })
    }

    fn failure(&self, url: &str, error: ureq::Error) -> Failure {
        let (url, reason) = (url.to_owned(), error.to_string());
        let secure = url.starts_with("https:");
        let connect = |url, reason, passing, whole_server| Failure {
            error: IndexError::Connect { url, reason },
            passing,
            whole_server,
        };
        match error {
            ureq::Error::Timeout(stage) => Failure {
                error: IndexError::Timeout {
                    url,
                    waited: self.timeout,
                    stage: stage_name(stage).to_owned(),
                },
                passing: true,
                whole_server: true,
            },
            ureq::Error::Tls(_) | ureq::Error::Rustls(_) | ureq::Error::Pem(_) => tls(url, reason),
            // How a failed handshake looks: what the peer sent is of no use.
            ureq::Error::Io(io) if secure && io.kind() == std::io::ErrorKind::InvalidData => {
                tls(url, io.to_string())
            }
            // An answer that breaks off.
            ureq::Error::Io(io) if io.kind() == std::io::ErrorKind::UnexpectedEof => {
                connect(url, "the connection was closed early".into(), true, false)
            }
            ureq::Error::Io(io) => connect(url, io.to_string(), true, true),
            ureq::Error::HostNotFound => connect(url, "no such host".into(), true, true),
            ureq::Error::ConnectionFailed | ureq::Error::ConnectProxyFailed(_) => {
                connect(url, reason, true, true)
            }
            ureq::Error::Protocol(_)
            | ureq::Error::Decompress(..)
            | ureq::Error::LargeResponseHeader(..)
            | ureq::Error::TooManyRedirects
            | ureq::Error::RedirectFailed => Failure {
                error: IndexError::Garbage { url, reason },
                passing: false,
                whole_server: false,
            },
            _ => connect(url, reason, false, false),
        }
    }

    /// The wait before the given attempt, as long as cargo's: the first one scattered, so that many
    /// clients do not come back at once.
    fn wait(&self, attempt: u32) -> Duration {
        if attempt <= 1 {
            let random = std::hash::RandomState::new().build_hasher().finish() % 1000;
            return self.backoff + self.backoff * 2 * random as u32 / 1000;
        }
        (self.backoff * (1 + 6 * (attempt - 1))).min(self.backoff * 20)
    }
}

fn tls(url: String, reason: String) -> Failure {
    Failure {
        error: IndexError::Tls { url, reason },
        passing: false,
        whole_server: true,
    }
}

fn stage_name(stage: ureq::Timeout) -> &'static str {
    match stage {
        ureq::Timeout::Resolve => "looking up its address",
        ureq::Timeout::Connect => "connecting",
        ureq::Timeout::SendRequest | ureq::Timeout::SendBody | ureq::Timeout::PerWrite => {
            "sending the request"
        }
        ureq::Timeout::RecvResponse => "waiting for its answer",
        ureq::Timeout::RecvBody => "receiving its answer",
        _ => "talking to it",
    }
}

/// A thread that panicked while it held the lock leaves a value that is as good as before.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server(backoff: u64) -> Server {
        Server::new(Settings {
            timeout: Duration::from_secs(1),
            retries: 3,
            backoff: Duration::from_millis(backoff),
            user_agent: "test".into(),
            proxy: None,
            cainfo: None,
            connections: 2,
        })
        .unwrap()
    }

    #[test]
    fn waits_as_long_as_cargo() {
        let server = server(500);
        for _ in 0..100 {
            let first = server.wait(1).as_millis();
            assert!((500..1500).contains(&first), "{first}");
        }
        let later: Vec<_> = (2..6).map(|n| server.wait(n).as_millis()).collect();
        assert_eq!(later, [3500, 6500, 9500, 10_000]);
    }
}
