//! A small HTTP server on the loopback interface: a thread for each connection, which it keeps open,
//! and every way to answer wrongly. It stops when dropped.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// Longer than any request that a client of an index sends.
const MAX_HEAD: u64 = 64 * 1024;

/// A request without a body.
pub struct Request {
    /// Without the slash in front.
    pub path: String,
    /// By lower-case name.
    pub headers: BTreeMap<String, String>,
}

/// What is sent back.
pub struct Reply {
    pub status: u16,
    pub headers: Vec<(&'static str, String)>,
    pub body: Vec<u8>,
    pub delivery: Delivery,
}

/// How it is sent back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delivery {
    Whole,
    /// The connection is closed after half of the body.
    BreakOff,
    /// A byte at a time, with this wait before each.
    Drip(Duration),
    /// Not at all, until the client gives up.
    Never,
}

impl Reply {
    pub fn new(status: u16, body: Vec<u8>) -> Self {
        Reply {
            status,
            headers: Vec::new(),
            body,
            delivery: Delivery::Whole,
        }
    }
}

pub struct Server {
    address: SocketAddr,
    stopped: Arc<AtomicBool>,
    connections: Arc<Mutex<Vec<TcpStream>>>,
    listener: Option<JoinHandle<()>>,
}

impl Server {
    /// Answers every request with what the function makes of it, on a free port.
    pub fn start(answer: impl Fn(Request) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let stopped = Arc::new(AtomicBool::new(false));
        let connections: Arc<Mutex<Vec<TcpStream>>> = Arc::default();
        let accepting = {
            let (stopped, connections) = (Arc::clone(&stopped), Arc::clone(&connections));
            let answer = Arc::new(answer);
            thread::spawn(move || {
                for stream in listener.incoming() {
                    if stopped.load(Ordering::SeqCst) {
                        break;
                    }
                    let Ok(stream) = stream else { continue };
                    let Ok(handle) = stream.try_clone() else {
                        continue;
                    };
                    connections.lock().unwrap().push(handle);
                    let answer = Arc::clone(&answer);
                    // An error is a client that has gone.
                    thread::spawn(move || serve(&stream, &*answer));
                }
            })
        };
        Server {
            address,
            stopped,
            connections,
            listener: Some(accepting),
        }
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::SeqCst);
        // Wakes the listener, which then sees that it is over.
        let _ = TcpStream::connect(self.address);
        if let Some(listener) = self.listener.take() {
            let _ = listener.join();
        }
        for connection in self.connections.lock().unwrap().drain(..) {
            let _ = connection.shutdown(Shutdown::Both);
        }
    }
}

fn serve(stream: &TcpStream, answer: &(impl Fn(Request) -> Reply + ?Sized)) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut reader = BufReader::new(stream);
    while let Some(request) = read_request(&mut reader)? {
        let reply = answer(request);
        if !write_reply(stream, &reply)? {
            break;
        }
    }
    stream.shutdown(Shutdown::Both)
}

/// None at the end of the connection.
fn read_request(reader: &mut BufReader<&TcpStream>) -> std::io::Result<Option<Request>> {
    let mut head = reader.by_ref().take(MAX_HEAD);
    let mut line = String::new();
    if head.read_line(&mut line)? == 0 {
        return Ok(None);
    }
    let path = line
        .split(' ')
        .nth(1)
        .unwrap_or_default()
        .trim_start_matches('/')
        .to_owned();
    let mut headers = BTreeMap::new();
    loop {
        line.clear();
        if head.read_line(&mut line)? == 0 {
            return Ok(None);
        }
        let Some((name, value)) = line.trim_end().split_once(':') else {
            return Ok(Some(Request { path, headers }));
        };
        headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
    }
}

/// Whether the connection can be used further.
fn write_reply(mut stream: &TcpStream, reply: &Reply) -> std::io::Result<bool> {
    if reply.delivery == Delivery::Never {
        // Until the client, or the end of this server, closes the connection.
        let _ = stream.read(&mut [0; 1]);
        return Ok(false);
    }
    let mut head = format!("HTTP/1.1 {} -\r\n", reply.status);
    if reply.status != 304 {
        head.push_str(&format!("content-length: {}\r\n", reply.body.len()));
    }
    for (name, value) in &reply.headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str("\r\n");
    stream.write_all(head.as_bytes())?;
    match reply.delivery {
        Delivery::Whole => stream.write_all(&reply.body)?,
        Delivery::BreakOff => stream.write_all(&reply.body[..reply.body.len() / 2])?,
        Delivery::Drip(wait) => {
            for byte in &reply.body {
                thread::sleep(wait);
                stream.write_all(&[*byte])?;
            }
        }
        Delivery::Never => {}
    }
    Ok(reply.delivery == Delivery::Whole)
}
