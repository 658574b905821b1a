//! The envelopes in which signers put a Statement. Signatures are not checked here.

use serde_json::Value;

use super::CertificateError;

/// The type of the payload of an envelope around a Statement.
pub const PAYLOAD: &str = "application/vnd.in-toto+json";

/// What was around a Statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// How many signatures it has.
    pub signatures: usize,
}

/// The text in a document's envelope; none where the document is no envelope.
pub(super) fn open(document: &Value) -> Result<Option<(Envelope, String)>, CertificateError> {
    let (envelope, prefix) = match document.get("dsseEnvelope") {
        Some(inner) => (inner, "dsseEnvelope."),
        None => (document, ""),
    };
    let is_one = !prefix.is_empty() || document.get("payloadType").is_some();
    if !is_one {
        return Ok(None);
    }
    let wrong =
        |field: &str, message: String| CertificateError::at(&format!("{prefix}{field}"), message);
    let text = |field: &str| {
        let found = envelope.get(field).and_then(Value::as_str);
        found.ok_or_else(|| wrong(field, "it is not there, or no text".into()))
    };
    let found = text("payloadType")?;
    if found != PAYLOAD {
        let found: String = found.chars().take(200).collect();
        let found = crate::report::escape::terminal(&found).into_owned();
        let message = format!("it is `{found}`, not `{PAYLOAD}`");
        return Err(wrong("payloadType", message));
    }
    let bytes = decoded(text("payload")?).map_err(|message| wrong("payload", message))?;
    let payload = String::from_utf8(bytes)
        .map_err(|_| wrong("payload", "what it holds is no UTF-8 text".into()))?;
    let signatures = envelope.get("signatures").and_then(Value::as_array);
    let envelope = Envelope {
        signatures: signatures.map_or(0, Vec::len),
    };
    Ok(Some((envelope, payload)))
}

/// Base64 in either alphabet, with or without `=` at its end.
fn decoded(text: &str) -> Result<Vec<u8>, String> {
    let letters = text.trim_end_matches('=');
    if text.len() - letters.len() > 2 || letters.len() % 4 == 1 {
        return Err("it is no base64: its length is wrong".into());
    }
    let mut bytes = Vec::with_capacity(letters.len() / 4 * 3 + 2);
    let (mut bits, mut count) = (0_u32, 0);
    for (at, letter) in letters.bytes().enumerate() {
        let value = match letter {
            b'A'..=b'Z' => letter - b'A',
            b'a'..=b'z' => letter - b'a' + 26,
            b'0'..=b'9' => letter - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => return Err(format!("it is no base64: byte {at} is none of its letters")),
        };
        bits = bits << 6 | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count) as u8);
            bits &= (1 << count) - 1;
        }
    }
    match bits {
        0 => Ok(bytes),
        _ => Err("it is no base64: bits are left over at its end".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn base64_of_the_rfc() {
        for (text, expected) in [
            ("", ""),
            ("Zg==", "f"),
            ("Zm8=", "fo"),
            ("Zm9v", "foo"),
            ("Zm9vYg==", "foob"),
            ("Zm9vYmE=", "fooba"),
            ("Zm9vYmFy", "foobar"),
            ("Zm9vYg", "foob"),
        ] {
            assert_eq!(decoded(text).unwrap(), expected.as_bytes(), "{text}");
        }
        assert_eq!(decoded("-_-_").unwrap(), decoded("+/+/").unwrap());
        for text in ["Z", "Zh==", "Zm9v Zm9v", "Zm9v\n", "Zg===", "Ä", "Zg=a"] {
            assert!(decoded(text).is_err(), "{text}");
        }
    }

    #[test]
    fn an_envelope_names_what_is_wrong_with_it() {
        assert_eq!(open(&json!({"_type": "x"})).unwrap(), None);
        assert_eq!(open(&json!([])).unwrap(), None);
        for (document, place) in [
            (
                json!({"payloadType": "text/plain", "payload": ""}),
                "payloadType",
            ),
            (json!({"payloadType": PAYLOAD}), "payload"),
            (json!({"payloadType": PAYLOAD, "payload": "?"}), "payload"),
            (json!({"payloadType": PAYLOAD, "payload": "gA"}), "payload"),
            (json!({"payloadType": 1}), "payloadType"),
            (json!({"dsseEnvelope": {}}), "dsseEnvelope.payloadType"),
            (json!({"dsseEnvelope": 1}), "dsseEnvelope.payloadType"),
        ] {
            let error = open(&document).unwrap_err().to_string();
            assert!(error.starts_with(&format!("{place}: ")), "{error}");
        }
        let document = json!({"dsseEnvelope": {
            "payloadType": PAYLOAD, "payload": "e30=", "signatures": [{"sig": ""}],
        }});
        let expected = Envelope { signatures: 1 };
        assert_eq!(open(&document).unwrap(), Some((expected, "{}".into())));
    }
}
