//! JSON in one form alone, so that it can be digested: RFC 8785, with whole numbers only; and a strict
//! reader for documents that somebody may have tampered with.

use std::fmt;

use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// The largest whole number that every reader of JSON holds exactly.
const LARGEST: u64 = (1 << 53) - 1;

/// Keys in the order of their UTF-16 units, no space, each string and number in its shortest form.
pub fn canonical(value: &Value) -> String {
    let mut text = String::new();
    write(value, &mut text);
    text
}

fn write(value: &Value, text: &mut String) {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => text.push_str(&value.to_string()),
        Value::String(string) => text.push_str(&quoted(string)),
        Value::Array(items) => {
            text.push('[');
            for (number, item) in items.iter().enumerate() {
                if number > 0 {
                    text.push(',');
                }
                write(item, text);
            }
            text.push(']');
        }
        Value::Object(fields) => {
            let mut sorted: Vec<(&String, &Value)> = fields.iter().collect();
            sorted.sort_by(|(a, _), (b, _)| a.encode_utf16().cmp(b.encode_utf16()));
            text.push('{');
            for (number, (key, field)) in sorted.into_iter().enumerate() {
                if number > 0 {
                    text.push(',');
                }
                text.push_str(&quoted(key));
                text.push(':');
                write(field, text);
            }
            text.push('}');
        }
    }
}

/// As JSON has it, with nothing escaped that need not be.
fn quoted(string: &str) -> String {
    Value::from(string).to_string()
}

/// Why a text is not taken for JSON.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {message}")]
pub struct NotJson {
    pub line: usize,
    pub column: usize,
    pub message: String,
}

/// Reads JSON in which no key stands twice and every number is whole and no larger than 2^53 - 1, so
/// that no two readers can see different things in it. Nesting has the limit of the parser, 128.
///
/// # Errors
/// Where it is something else, with the place.
pub fn read(text: &str) -> Result<Value, NotJson> {
    let read: Result<Strict, serde_json::Error> = serde_json::from_str(text);
    read.map(|strict| strict.0).map_err(|error| {
        let message = error.to_string();
        let place = format!(" at line {} column {}", error.line(), error.column());
        NotJson {
            line: error.line(),
            column: error.column(),
            message: message.strip_suffix(&place).unwrap_or(&message).to_owned(),
        }
    })
}

struct Strict(Value);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader).map(Strict)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Value, E> {
        match value {
            0..=LARGEST => Ok(Value::from(value)),
            _ => Err(E::custom(format!("{value} is larger than {LARGEST}"))),
        }
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Value, E> {
        match value.unsigned_abs() {
            0..=LARGEST => Ok(Value::from(value)),
            _ => Err(E::custom(format!("{value} is smaller than -{LARGEST}"))),
        }
    }

    /// Another program may have written `3` as `3.0`.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "it was seen to be whole and to fit"
    )]
    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Value, E> {
        #[expect(clippy::cast_precision_loss, reason = "2^53 - 1 is exact")]
        let fits = value.abs() <= LARGEST as f64;
        match fits && value.fract() == 0.0 {
            true => Ok(Value::Number(Number::from(value as i64))),
            false => Err(E::custom(format!(
                "{value} is no whole number between -{LARGEST} and {LARGEST}"
            ))),
        }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut all = Vec::new();
        while let Some(Strict(item)) = items.next_element()? {
            all.push(item);
        }
        Ok(Value::Array(all))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Value, A::Error> {
        let mut all = Map::new();
        while let Some(key) = fields.next_key::<String>()? {
            if all.contains_key(&key) {
                let shown = crate::report::escape::terminal(&key).into_owned();
                return Err(de::Error::custom(format!("the key `{shown}` stands twice")));
            }
            let Strict(value) = fields.next_value()?;
            all.insert(key, value);
        }
        Ok(Value::Object(all))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn one_form_alone() {
        let value = json!({"b": [1, -2, null, true], "a": {"é": "\u{7}\n\"/", "A": ""}});
        let text = canonical(&value);
        let expected = r#"{"a":{"A":"","é":"\u0007\n\"/"},"b":[1,-2,null,true]}"#;
        assert_eq!(text, expected);
        assert_eq!(read(&text).unwrap(), value);
    }

    /// U+1F600 comes before U+FB01 as UTF-16, after it as UTF-8.
    #[test]
    fn keys_are_sorted_as_the_rfc_has_it() {
        let value = json!({"\u{fb01}": 1, "\u{1f600}": 2});
        assert_eq!(canonical(&value), "{\"\u{1f600}\":2,\"\u{fb01}\":1}");
    }

    #[test]
    fn what_two_readers_could_see_differently_is_refused() {
        for (text, place, message) in [
            ("{\n\"a\":1,\"a\":2}", 2, "the key `a` stands twice"),
            (
                r#"{"a":{"b":[{"c":1,"\u0063":2}]}}"#,
                1,
                "the key `c` stands twice",
            ),
            ("[9007199254740992]", 1, "larger than"),
            ("[99999999999999999999999]", 1, "no whole number"),
            ("[1e400]", 1, "number out of range"),
            ("[0.5]", 1, "no whole number"),
            ("{\"a\": 1", 1, "EOF"),
            ("{} x", 1, "trailing characters"),
            ("", 1, "EOF"),
        ] {
            let error = read(text).unwrap_err();
            assert!(error.message.contains(message), "{text}: {error}");
            assert!(!error.message.contains(" at line "), "{error}");
            assert!(error.line <= place, "{text}: {error}");
        }
        let deep = "[".repeat(100_000);
        assert!(read(&deep).unwrap_err().message.contains("recursion limit"));
        let deep = r#"{"a":"#.repeat(100_000);
        assert!(read(&deep).unwrap_err().message.contains("recursion limit"));
        assert_eq!(read("[3.0, 1e2, -0.0]").unwrap(), json!([3, 100, 0]));
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            (0..=LARGEST).prop_map(Value::from),
            any::<i32>().prop_map(Value::from),
            any::<String>().prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 40, 5, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..5).prop_map(Value::Array),
                prop::collection::vec((any::<String>(), inner), 0..5)
                    .prop_map(|fields| Value::Object(fields.into_iter().collect())),
            ]
        })
    }

    /// The same value with the keys of all objects in the opposite order.
    fn turned(value: &Value) -> String {
        match value {
            Value::Object(fields) => {
                let mut all: Vec<String> = fields
                    .iter()
                    .map(|(key, field)| format!("{} :\t{}", quoted(key), turned(field)))
                    .collect();
                all.sort_unstable();
                all.reverse();
                format!("{{ {} }}", all.join(" ,\n"))
            }
            Value::Array(items) => {
                let all: Vec<String> = items.iter().map(turned).collect();
                format!("[ {} ]", all.join(" , "))
            }
            other => other.to_string(),
        }
    }

    proptest! {
        #[test]
        fn the_order_in_which_it_was_written_does_not_show(value in any_json()) {
            let other = read(&turned(&value)).unwrap();
            prop_assert_eq!(canonical(&other), canonical(&value));
            prop_assert_eq!(read(&canonical(&value)).unwrap(), value);
        }

        #[test]
        fn any_text_ends(text in "[\\[\\]{}:,\"a0-9.e\\\\ -]{0,60}") {
            let _ = read(&text);
        }
    }
}
