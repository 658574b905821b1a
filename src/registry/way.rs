//! What stands on the way to a server: a proxy, and certificates to trust.

use std::path::Path;

use ureq::tls::{Certificate, PemItem};
use ureq::{Proxy, ProxyProtocol};

use super::IndexError;
use super::config::ConfigError;

/// libcurl's port of a proxy that names none.
const PROXY_PORT: u16 = 1080;

/// Reads a proxy as libcurl does: plain HTTP and its own port where not said otherwise.
pub(super) fn proxy(text: &str) -> Result<Proxy, IndexError> {
    let invalid = || ConfigError::Value {
        key: "http.proxy".into(),
        place: "a configuration file or environment variable".into(),
        // The text itself may hold a password.
        reason: "it is not of the form [scheme://][user:password@]host[:port]".into(),
    };
    let parsed = Proxy::new(text).map_err(|_| invalid())?;
    if parsed.uri().port().is_some() || parsed.protocol() == ProxyProtocol::Https {
        return Ok(parsed);
    }
    let mut builder = Proxy::builder(parsed.protocol())
        .host(parsed.host())
        .port(PROXY_PORT);
    if let Some(user) = parsed.username() {
        builder = builder.username(user);
    }
    if let Some(password) = parsed.password() {
        builder = builder.password(password);
    }
    builder.build().map_err(|_| invalid().into())
}

/// The certificates in a file.
pub(super) fn certificates(file: &Path) -> Result<Vec<Certificate<'static>>, IndexError> {
    let fail = |reason: String| IndexError::File {
        path: file.to_owned(),
        reason: format!("`http.cainfo`: {reason}"),
    };
    let text = std::fs::read(file).map_err(|error| fail(error.to_string()))?;
    let mut found = Vec::new();
    for item in ureq::tls::parse_pem(&text) {
        match item.map_err(|error| fail(error.to_string()))? {
            PemItem::Certificate(certificate) => found.push(certificate),
            _ => continue,
        }
    }
    if found.is_empty() {
        return Err(fail("it holds no certificate".into()));
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn proxies_are_read_as_libcurl_reads_them() {
        let read = |text: &str| {
            let proxy = proxy(text).unwrap();
            (
                proxy.protocol(),
                proxy.host().to_owned(),
                proxy.port(),
                proxy.username().map(str::to_owned),
                proxy.password().map(str::to_owned),
            )
        };
        let plain = |protocol, port| (protocol, "proxy.example".to_owned(), port, None, None);
        assert_eq!(read("proxy.example"), plain(ProxyProtocol::Http, 1080));
        assert_eq!(read("proxy.example:8080"), plain(ProxyProtocol::Http, 8080));
        assert_eq!(
            read("http://proxy.example:80"),
            plain(ProxyProtocol::Http, 80)
        );
        assert_eq!(
            read("https://proxy.example"),
            plain(ProxyProtocol::Https, 443)
        );
        assert_eq!(
            read("socks5h://proxy.example"),
            plain(ProxyProtocol::Socks5h, 1080)
        );
        let (_, _, port, user, password) = read("http://me:p%40ss@proxy.example");
        assert_eq!(
            (port, user.as_deref(), password.as_deref()),
            (1080, Some("me"), Some("p@ss"))
        );
    }

    #[test]
    fn a_bad_proxy_is_an_error_without_its_password() {
        for text in [
            "http://",
            "ftp://me:secret@host:1",
            "http://me:secret@ho st",
        ] {
            let error = proxy(text).unwrap_err().to_string();
            assert!(error.contains("http.proxy"), "{error}");
            assert!(!error.contains("secret"), "{error}");
        }
    }

    #[test]
    fn a_file_without_certificates_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("ca.pem");
        for text in ["", "not PEM"] {
            std::fs::write(&file, text).unwrap();
            let error = certificates(&file).unwrap_err().to_string();
            assert!(error.contains("holds no certificate"), "{error}");
        }
        assert!(certificates(&folder.path().join("missing")).is_err());
    }
}
