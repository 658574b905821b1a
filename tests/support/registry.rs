//! A registry on the loopback interface: a sparse index and downloads that cargo resolves and
//! builds against, quick to fill, with faults on demand.
//!
//! ```ignore
//! let registry = Registry::start();
//! registry.publish(Package::new("api", "0.31.0"));
//! registry.publish(Package::new("bridge", "0.32.0").dep(Dep::new("api", "^0.31")));
//! registry.replace_default(workspace);          // writes .cargo/config.toml
//! registry.cargo(workspace).arg("metadata");    // a cargo with a home of its own
//! ```
#![allow(dead_code, reason = "each test binary uses another part")]

#[path = "package.rs"]
mod package;
#[path = "server.rs"]
mod server;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::Write as _;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

pub use package::{Dep, Package};
use server::{Delivery, Reply, Request, Server};

/// A running registry. It stops when dropped.
pub struct Registry {
    server: Server,
    state: Arc<Mutex<State>>,
    home: tempfile::TempDir,
}

/// A wrong answer, in place of the right one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// An error status without a body.
    Status(u16),
    /// The status for the first so many requests only.
    StatusTimes(u16, usize),
    /// A good status with this body.
    Body(Vec<u8>),
    /// A good status with the right body, cut off in the middle of its last line.
    Truncated,
    /// The connection closes in the middle of the right body.
    BreakOff,
    /// The right body, a byte at a time with this wait before each.
    Drip(Duration),
    /// No answer until the client gives up or the registry stops.
    Silence,
    /// A redirect to this path of the same server, or to this address.
    Redirect(String),
}

/// A request that came in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// Without the slash in front.
    pub path: String,
    /// By lower-case name.
    pub headers: BTreeMap<String, String>,
    /// The status that it got; 0 for silence.
    pub status: u16,
}

#[derive(Default)]
struct State {
    /// Known before anybody can ask.
    address: Option<SocketAddr>,
    /// Index lines by crate and version.
    index: BTreeMap<String, Vec<(String, Value)>>,
    downloads: HashMap<String, Vec<u8>>,
    faults: HashMap<String, Fault>,
    token: Option<String>,
    etags: bool,
    compress: bool,
    seen: Vec<Seen>,
}

impl Registry {
    /// An empty registry on a free port.
    pub fn start() -> Self {
        let state = Arc::new(Mutex::new(State {
            etags: true,
            ..State::default()
        }));
        let server = {
            let state = Arc::clone(&state);
            Server::start(move |request| locked(&state).answer(request))
        };
        let registry = Registry {
            server,
            state,
            home: tempfile::tempdir().unwrap(),
        };
        registry.state().address = Some(registry.server.address());
        registry
    }

    /// Adds a release; one of the same version is replaced.
    pub fn publish(&self, package: Package) -> &Self {
        let archive = package.archive();
        let line = package.index_line(&hex(&Sha256::digest(&archive)));
        let mut state = self.state();
        let path = format!("dl/{}/{}/download", package.name, package.version);
        state.downloads.insert(path, archive);
        let lines = state.index.entry(package.name).or_default();
        lines.retain(|(version, _)| *version != package.version);
        lines.push((package.version, line));
        self
    }

    /// Adds many releases.
    pub fn publish_all(&self, packages: impl IntoIterator<Item = Package>) -> &Self {
        for package in packages {
            self.publish(package);
        }
        self
    }

    /// Marks a release as yanked.
    pub fn yank(&self, name: &str, version: &str) -> &Self {
        let mut state = self.state();
        let lines = state.index.get_mut(name).expect("a published crate");
        let (_, line) = lines
            .iter_mut()
            .find(|(published, _)| published == version)
            .expect("a published version");
        line["yanked"] = json!(true);
        drop(state);
        self
    }

    /// Answers a path wrongly: `index/config.json`, `dl/NAME/VERSION/download`.
    pub fn fail(&self, path: &str, fault: Fault) -> &Self {
        self.state().faults.insert(path.to_owned(), fault);
        self
    }

    /// Answers the index entry of a crate wrongly.
    pub fn fail_crate(&self, name: &str, fault: Fault) -> &Self {
        self.fail(&format!("index/{}", entry_path(name)), fault)
    }

    /// Answers everything rightly again.
    pub fn heal(&self) -> &Self {
        self.state().faults.clear();
        self
    }

    /// Answers nobody without this token, and says so in the index's configuration.
    pub fn require_token(&self, token: &str) -> &Self {
        self.state().token = Some(token.to_owned());
        self
    }

    /// Sends no `ETag` from now on.
    pub fn without_etags(&self) -> &Self {
        self.state().etags = false;
        self
    }

    /// Compresses the index entries from now on.
    pub fn compressed(&self) -> &Self {
        self.state().compress = true;
        self
    }

    /// The requests that came in so far, and forgets them.
    pub fn take_requests(&self) -> Vec<Seen> {
        std::mem::take(&mut self.state().seen)
    }

    /// The index as cargo's configuration has it.
    pub fn index(&self) -> String {
        format!("sparse+http://{}/index/", self.server.address())
    }

    /// The root of the server, with a slash at the end.
    pub fn root(&self) -> String {
        format!("http://{}/", self.server.address())
    }

    /// Puts this registry in the place of the default one, for the workspace in `dir`.
    pub fn replace_default(&self, dir: &Path) -> PathBuf {
        self.configure(
            dir,
            &format!(
                "[source.crates-io]\nreplace-with = \"loopback\"\n\n\
                 [source.loopback]\nregistry = \"{}\"\n",
                self.index()
            ),
        )
    }

    /// Makes this registry known by a name, for the workspace in `dir`.
    pub fn name(&self, dir: &Path, name: &str) -> PathBuf {
        self.configure(
            dir,
            &format!("[registries.{name}]\nindex = \"{}\"\n", self.index()),
        )
    }

    /// Adds to `.cargo/config.toml` in `dir`.
    pub fn configure(&self, dir: &Path, text: &str) -> PathBuf {
        let folder = dir.join(".cargo");
        std::fs::create_dir_all(&folder).unwrap();
        let file = folder.join("config.toml");
        let mut out = std::fs::File::options()
            .append(true)
            .create(true)
            .open(&file)
            .unwrap();
        writeln!(out, "{text}").unwrap();
        file
    }

    /// A home for cargo that nothing else uses.
    pub fn cargo_home(&self) -> &Path {
        self.home.path()
    }

    /// Cargo in a folder, with that home and nothing of this process's settings of cargo.
    pub fn cargo(&self, dir: &Path) -> Command {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut command = Command::new(cargo);
        let inherited = std::env::vars_os().filter_map(|(key, _)| key.into_string().ok());
        for key in inherited
            .filter(|key| key.starts_with("CARGO_") || key == "RUSTFLAGS" || key == "RUSTC_WRAPPER")
        {
            command.env_remove(key);
        }
        command
            .current_dir(dir)
            .env("CARGO_HOME", self.cargo_home())
            .env("CARGO_NET_RETRY", "0")
            .env("CARGO_TERM_COLOR", "never")
            .env("NO_PROXY", "127.0.0.1");
        command
    }

    fn state(&self) -> MutexGuard<'_, State> {
        locked(&self.state)
    }
}

fn locked(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state
        .lock()
        .unwrap_or_else(|poisoned| poisoned.into_inner())
}

impl State {
    fn answer(&mut self, request: Request) -> Reply {
        let reply = self.reply(&request);
        let silent = reply.delivery == Delivery::Never;
        self.seen.push(Seen {
            path: request.path,
            headers: request.headers,
            status: if silent { 0 } else { reply.status },
        });
        reply
    }

    fn reply(&mut self, request: &Request) -> Reply {
        let Some(fault) = self.faults.get(&request.path).cloned() else {
            return self.right_reply(request);
        };
        let with = |mut reply: Reply, delivery| {
            reply.delivery = delivery;
            reply
        };
        match fault {
            Fault::Status(status) => Reply::new(status, Vec::new()),
            Fault::StatusTimes(_, 0) => self.right_reply(request),
            Fault::StatusTimes(status, times) => {
                let fewer = Fault::StatusTimes(status, times - 1);
                self.faults.insert(request.path.clone(), fewer);
                Reply::new(status, Vec::new())
            }
            Fault::Body(body) => Reply::new(200, body),
            Fault::Truncated => {
                let mut reply = self.right_reply(request);
                let last = reply
                    .body
                    .trim_ascii_end()
                    .rsplit(|&byte| byte == b'\n')
                    .next();
                let cut = reply.body.len() - last.map_or(0, <[u8]>::len) / 2 - 1;
                reply.body.truncate(cut);
                reply
            }
            Fault::BreakOff => with(self.right_reply(request), Delivery::BreakOff),
            Fault::Drip(wait) => with(self.right_reply(request), Delivery::Drip(wait)),
            Fault::Silence => with(Reply::new(200, Vec::new()), Delivery::Never),
            Fault::Redirect(to) => {
                let mut reply = Reply::new(302, Vec::new());
                let to = if to.contains("://") {
                    to
                } else {
                    format!("http://{}/{to}", self.address())
                };
                reply.headers.push(("Location", to));
                reply
            }
        }
    }

    fn right_reply(&self, request: &Request) -> Reply {
        let path = request.path.as_str();
        if self.token.is_some() && request.headers.get("authorization") != self.token.as_ref() {
            return Reply::new(401, Vec::new());
        }
        if let Some(archive) = self.downloads.get(path) {
            return Reply::new(200, archive.clone());
        }
        let body = if path == "index/config.json" {
            let mut config = json!({ "dl": format!("http://{}/dl", self.address()) });
            if self.token.is_some() {
                config["auth-required"] = json!(true);
            }
            config.to_string()
        } else {
            let found = self
                .index
                .iter()
                .find(|(name, _)| path == format!("index/{}", entry_path(name)));
            let Some((_, lines)) = found else {
                return Reply::new(404, Vec::new());
            };
            lines.iter().map(|(_, line)| format!("{line}\n")).collect()
        };
        self.with_etag(body.into_bytes(), &request.headers)
    }

    fn address(&self) -> SocketAddr {
        self.address.expect("a running server")
    }

    fn with_etag(&self, body: Vec<u8>, headers: &BTreeMap<String, String>) -> Reply {
        let mut reply = Reply::new(200, body);
        if self.etags {
            let etag = format!("\"{}\"", &hex(&Sha256::digest(&reply.body))[..16]);
            if headers.get("if-none-match") == Some(&etag) {
                reply = Reply::new(304, Vec::new());
            }
            reply.headers.push(("ETag", etag));
        }
        let accepts = headers
            .get("accept-encoding")
            .is_some_and(|list| list.contains("gzip"));
        if self.compress && accepts && reply.status == 200 {
            let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
            out.write_all(&reply.body).unwrap();
            reply.body = out.finish().unwrap();
            reply.headers.push(("Content-Encoding", "gzip".to_owned()));
        }
        reply
    }
}

/// Where the entry of a crate stands in an index.
pub fn entry_path(name: &str) -> String {
    let name = name.to_lowercase();
    match name.len() {
        1 => format!("1/{name}"),
        2 => format!("2/{name}"),
        3 => format!("3/{}/{name}", &name[..1]),
        _ => format!("{}/{}/{name}", &name[..2], &name[2..4]),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The paths that were asked for, each once.
pub fn paths(requests: &[Seen]) -> BTreeSet<&str> {
    requests.iter().map(|seen| seen.path.as_str()).collect()
}
