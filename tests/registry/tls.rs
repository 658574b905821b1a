//! Who may be trusted: the system's certificates, or those that cargo's configuration names.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::sync::Arc;
use std::thread;

use otel_check::registry::IndexError;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::pki_types::PrivateKeyDer;

use crate::loopback::Registry;
use crate::{default_crate, impatient, open, quick, versions};

/// Serves one index entry to each of so many clients, with a certificate of an authority that
/// nobody knows; gives its port and the authority's certificate.
fn serve(clients: usize) -> (u16, String, thread::JoinHandle<()>) {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new(vec!["127.0.0.1".to_owned()])
        .unwrap()
        .signed_by(&key, &authority)
        .unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![certificate.der().clone()],
            PrivateKeyDer::try_from(key.serialize_der()).unwrap(),
        )
        .unwrap();
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    let server = thread::spawn(move || {
        for _ in 0..clients {
            let (stream, _) = listener.accept().unwrap();
            let connection = rustls::ServerConnection::new(Arc::new(config.clone())).unwrap();
            let mut stream = rustls::StreamOwned::new(connection, stream);
            // Fails where the client does not trust the certificate.
            if stream.read(&mut [0; 4096]).is_err() {
                continue;
            }
            let body = r#"{"name":"demo","vers":"3.0.0","deps":[],"cksum":"","features":{}}"#;
            let _ = write!(
                stream,
                "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
                body.len()
            );
            stream.conn.send_close_notify();
            let _ = stream.flush();
        }
    });
    (port, authority.pem(), server)
}

fn look(helper: &Registry, dir: &Path) -> Result<Vec<String>, IndexError> {
    default_crate(&open(helper, dir, quick()), "demo").map(|releases| versions(&releases))
}

#[test]
fn an_unknown_authority_is_refused_until_the_configuration_names_it() {
    let (port, authority, server) = serve(2);
    let helper = Registry::start();
    let dir = tempfile::tempdir().unwrap();
    helper.configure(
        dir.path(),
        &format!(
            "[source.crates-io]\nreplace-with = \"x\"\n\
             [source.x]\nregistry = \"sparse+https://127.0.0.1:{port}/\""
        ),
    );
    let error = look(&helper, dir.path()).unwrap_err();
    assert!(matches!(error, IndexError::Tls { .. }), "{error}");
    assert!(error.to_string().contains("http.cainfo"), "{error}");

    helper.configure(dir.path(), "[http]\ncainfo = \"authority.pem\"");
    std::fs::write(dir.path().join("authority.pem"), authority).unwrap();
    assert_eq!(look(&helper, dir.path()).unwrap(), ["3.0.0"]);
    server.join().unwrap();
}

#[test]
fn a_server_without_encryption_behind_a_secure_address_is_an_error() {
    let registry = Registry::start();
    let dir = tempfile::tempdir().unwrap();
    let secure = registry.index().replace("http:", "https:");
    registry.configure(
        dir.path(),
        &format!("[source.crates-io]\nreplace-with = \"x\"\n[source.x]\nregistry = \"{secure}\""),
    );
    let index = open(&registry, dir.path(), impatient());
    let error = default_crate(&index, "demo").unwrap_err();
    assert!(
        matches!(
            error,
            IndexError::Tls { .. } | IndexError::Connect { .. } | IndexError::Timeout { .. }
        ),
        "{error}"
    );
}
