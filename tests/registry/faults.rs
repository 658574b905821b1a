//! Registries that misbehave: each ends in an error that says what was tried, and soon.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener};
use std::thread;
use std::time::{Duration, Instant};

use otel_check::registry::{Index, IndexError, IndexOptions, RegistryId};

use crate::loopback::{Fault, Package, Registry};
use crate::{Bench, default_crate, impatient, open, quick, versions};

fn bench() -> Bench {
    let bench = Bench::new();
    bench
        .registry
        .publish(Package::new("demo", "1.0.0"))
        .publish(Package::new("demo", "1.1.0"));
    bench
}

fn fail(fault: Fault) -> IndexError {
    let bench = bench();
    bench.registry.fail_crate("demo", fault);
    let error = default_crate(&bench.index(quick()), "demo").unwrap_err();
    assert!(!error.to_string().contains('\u{1b}'));
    error
}

/// A workspace whose default registry is replaced by whatever listens on the port.
fn pointing_at(port: u16) -> (Registry, tempfile::TempDir) {
    let helper = Registry::start();
    let dir = tempfile::tempdir().unwrap();
    helper.configure(
        dir.path(),
        &format!(
            "[source.crates-io]\nreplace-with = \"x\"\n\
             [source.x]\nregistry = \"sparse+http://127.0.0.1:{port}/\""
        ),
    );
    (helper, dir)
}

/// Answers the first connection with these bytes, byte for byte, and closes it.
fn raw(answer: &'static [u8]) -> (u16, thread::JoinHandle<()>) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    let server = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let _ = stream.read(&mut [0; 4096]);
        let _ = stream.write_all(answer);
    });
    (port, server)
}

fn raw_error(answer: &'static [u8]) -> IndexError {
    let (port, server) = raw(answer);
    let (helper, dir) = pointing_at(port);
    let error = default_crate(&open(&helper, dir.path(), quick()), "demo").unwrap_err();
    server.join().unwrap();
    error
}

#[test]
fn a_crate_that_is_gone_is_unknown() {
    for status in [404, 410, 451] {
        let error = fail(Fault::Status(status));
        assert!(matches!(error, IndexError::Unknown { .. }), "{error}");
        assert!(error.is_absence());
        assert!(
            error.to_string().contains("crate `demo` is not in"),
            "{error}"
        );
    }
    let error = default_crate(&bench().index(quick()), "never-published").unwrap_err();
    assert!(matches!(error, IndexError::Unknown { .. }), "{error}");
}

#[test]
fn a_server_error_is_named() {
    for status in [500, 503, 400, 403] {
        let error = fail(Fault::Status(status));
        assert!(
            matches!(error, IndexError::Server { status: named, .. } if named == status),
            "{error}"
        );
        assert!(!error.is_absence());
        assert!(error.to_string().contains("/index/de/mo/demo"), "{error}");
    }
}

#[test]
fn a_failure_that_passes_is_overcome() {
    let bench = bench();
    let patient = |retries| IndexOptions {
        retries: Some(retries),
        ..quick()
    };
    for (status, times) in [(500, 2), (429, 1), (503, 3)] {
        bench
            .registry
            .fail_crate("demo", Fault::StatusTimes(status, times));
        let releases = default_crate(&bench.index(patient(3)), "demo").unwrap();
        assert_eq!(versions(&releases), ["1.0.0", "1.1.0"]);
        let statuses: Vec<_> = bench
            .registry
            .take_requests()
            .iter()
            .map(|request| request.status)
            .collect();
        assert_eq!(statuses.len(), times + 1);
    }
    bench
        .registry
        .fail_crate("demo", Fault::StatusTimes(500, 3));
    let error = default_crate(&bench.index(patient(2)), "demo").unwrap_err();
    assert!(matches!(error, IndexError::Server { .. }), "{error}");
}

#[test]
fn what_does_not_pass_is_not_tried_again() {
    let bench = bench();
    let patient = IndexOptions {
        retries: Some(3),
        ..quick()
    };
    for fault in [
        Fault::Status(404),
        Fault::Status(400),
        Fault::Body(b"<html>".to_vec()),
    ] {
        bench.registry.fail_crate("demo", fault);
        assert!(default_crate(&bench.index(patient.clone()), "demo").is_err());
        assert_eq!(bench.registry.take_requests().len(), 1);
    }
}

#[test]
fn a_server_that_fails_all_the_time_is_not_asked_four_times_for_each_crate() {
    let bench = bench();
    let names: Vec<String> = (0..20).map(|n| format!("crate-{n}")).collect();
    for name in &names {
        bench.registry.fail_crate(name, Fault::Status(500));
    }
    let index = bench.index(IndexOptions {
        retries: Some(3),
        connections: 1,
        ..quick()
    });
    let wanted: Vec<_> = names
        .iter()
        .map(|name| (RegistryId::default_registry(), name.clone()))
        .collect();
    index.prefetch(&wanted);
    assert_eq!(bench.registry.take_requests().len(), 4 + 19);
}

#[test]
fn garbage_is_an_error() {
    let line = r#"{"name":"demo","vers":"1.0.0","deps":[],"cksum":"","features":{}}"#;
    for body in [
        "<html>please log in</html>".to_owned(),
        String::new(),
        "\n\n".to_owned(),
        "null".to_owned(),
        "{\"name\":\"demo\"".to_owned(),
        format!("{line}\n{{"),
        line.replace("demo", "another"),
        line.replace("demo", "\\u001b[2Jdemo"),
        "[".repeat(1_000_000),
        "\u{0}\u{1b}[31m".to_owned(),
    ] {
        let error = fail(Fault::Body(body.clone().into_bytes()));
        let shown = &body[..body.len().min(40)];
        assert!(
            matches!(error, IndexError::Garbage { .. }),
            "{shown}: {error}"
        );
        assert!(!error.is_absence());
    }
    let error = fail(Fault::Truncated);
    assert!(matches!(error, IndexError::Garbage { .. }), "{error}");
}

#[test]
fn an_endless_answer_is_cut_off() {
    let error = fail(Fault::Body(vec![b'x'; 33 * 1024 * 1024]));
    assert!(matches!(error, IndexError::TooLarge { .. }), "{error}");
}

#[test]
fn a_small_answer_that_unpacks_to_an_endless_one_is_cut_off() {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    for _ in 0..40 {
        packed.write_all(&[b' '; 1024 * 1024]).unwrap();
    }
    let packed = packed.finish().unwrap();
    let mut answer = format!(
        "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: {}\r\n\r\n",
        packed.len()
    )
    .into_bytes();
    answer.extend(packed);
    let error = raw_error(answer.leak());
    assert!(matches!(error, IndexError::TooLarge { .. }), "{error}");
}

#[test]
fn silence_is_a_timeout_and_costs_it_once() {
    let bench = bench();
    for name in ["demo", "more", "last"] {
        bench.registry.fail_crate(name, Fault::Silence);
    }
    let index = bench.index(IndexOptions {
        connections: 1,
        ..impatient()
    });
    let start = Instant::now();
    let wanted = ["demo", "more", "last"].map(|name| (RegistryId::default_registry(), name.into()));
    index.prefetch(&wanted);
    let error = default_crate(&index, "demo").unwrap_err();
    assert!(matches!(error, IndexError::Timeout { .. }), "{error}");
    assert!(error.to_string().contains("400ms"), "{error}");
    assert!(error.to_string().contains("http.timeout"), "{error}");
    for name in ["more", "last"] {
        let error = default_crate(&index, name).unwrap_err();
        assert!(matches!(error, IndexError::Timeout { .. }), "{error}");
    }
    assert!(
        start.elapsed() < Duration::from_secs(2),
        "{:?}",
        start.elapsed()
    );
    assert_eq!(bench.registry.take_requests().len(), 1);
}

#[test]
fn a_server_that_answers_a_byte_now_and_then_is_a_timeout() {
    let bench = bench();
    bench
        .registry
        .fail_crate("demo", Fault::Drip(Duration::from_millis(50)));
    let index = bench.index(IndexOptions {
        timeout: Some(Duration::from_millis(200)),
        ..impatient()
    });
    let start = Instant::now();
    let error = default_crate(&index, "demo").unwrap_err();
    assert!(matches!(error, IndexError::Timeout { .. }), "{error}");
    assert!(
        start.elapsed() < Duration::from_secs(2),
        "{:?}",
        start.elapsed()
    );
}

#[test]
fn nobody_listening_is_an_error() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let (helper, dir) = pointing_at(port);
    let error = default_crate(&open(&helper, dir.path(), quick()), "demo").unwrap_err();
    assert!(matches!(error, IndexError::Connect { .. }), "{error}");
    assert!(!error.is_absence());
}

#[test]
fn an_answer_that_breaks_off_is_an_error() {
    let error = fail(Fault::BreakOff);
    assert!(matches!(error, IndexError::Connect { .. }), "{error}");
    let error = raw_error(b"");
    assert!(matches!(error, IndexError::Connect { .. }), "{error}");
}

#[test]
fn what_is_not_http_is_an_error() {
    for answer in [
        b"SSH-2.0-OpenSSH_9.9\r\n".as_slice(),
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 4\r\n\r\nabcd",
        b"HTTP/1.1 999 \x1b[31m\r\ncontent-length: 0\r\n\r\n",
    ] {
        let error = raw_error(answer);
        assert!(!error.is_absence(), "{error}");
        assert!(!error.to_string().contains('\u{1b}'), "{error}");
    }
    let error = raw_error(b"HTTP/1.1 304 Not Modified\r\ncontent-length: 0\r\n\r\n");
    assert!(matches!(error, IndexError::Garbage { .. }), "{error}");
}

#[test]
fn a_redirect_is_followed_and_a_circle_is_an_error() {
    let bench = bench();
    let elsewhere = Registry::start();
    elsewhere.publish(Package::new("demo", "7.0.0"));
    let target = format!("{}index/de/mo/demo", elsewhere.root());
    bench.registry.fail_crate("demo", Fault::Redirect(target));
    let releases = default_crate(&bench.index(quick()), "demo").unwrap();
    assert_eq!(versions(&releases), ["7.0.0"]);
    let error = fail(Fault::Redirect("index/de/mo/demo".into()));
    assert!(!error.is_absence(), "{error}");
}

#[test]
fn a_name_that_no_crate_can_have_is_not_asked_for() {
    let bench = bench();
    let index = bench.index(quick());
    for name in ["", "../config.json", "a/b", "a b", "ä", "x\u{1b}[2J"] {
        let error = default_crate(&index, name).unwrap_err();
        assert!(matches!(error, IndexError::Name { .. }), "{error}");
        assert!(!error.to_string().contains('\u{1b}'));
    }
    assert_eq!(bench.registry.take_requests(), []);
}
