//! A page taken apart, and a report in which everything untrusted is marked.

use std::collections::BTreeSet;

use crate::report::Report;

const VOID: [&str; 4] = ["meta", "input", "hr", "br"];

/// The tags of a page with the names of their attributes, in their order. Fails where tags do not
/// nest, an id occurs twice, a link leads nowhere, or something outside the page is named.
pub fn outline(page: &str) -> Vec<String> {
    let mut tags = Vec::new();
    let (mut open, mut ids, mut links): (Vec<String>, BTreeSet<String>, Vec<String>) =
        Default::default();
    let mut rest = page.strip_prefix("<!DOCTYPE html>").unwrap();
    while let Some(start) = rest.find('<') {
        assert!(!rest[..start].contains('>'), "{}", &rest[..start]);
        rest = &rest[start + 1..];
        let name_end = rest.find([' ', '>', '/']).unwrap();
        if let Some(behind) = rest.strip_prefix('/') {
            let (name, behind) = behind.split_once('>').unwrap();
            assert_eq!(open.pop().as_deref(), Some(name));
            rest = behind;
            continue;
        }
        let name = rest[..name_end].to_owned();
        rest = &rest[name_end..];
        let (attributes, behind) = attributes(rest);
        let closed = behind.starts_with('/');
        rest = behind.trim_start_matches('/').strip_prefix('>').unwrap();
        let mut tag = name.clone();
        for (key, value) in attributes {
            tag.push_str(&format!(" {key}"));
            match &*key {
                "id" => assert!(ids.insert(value.clone()), "{value}"),
                "href" => links.push(value),
                "src" | "style" | "action" | "srcset" => panic!("{key}={value}"),
                key => assert!(!key.starts_with("on"), "{key}"),
            }
        }
        tags.push(tag);
        if matches!(&*name, "style" | "script") {
            rest = &rest[rest.find(&format!("</{name}>")).unwrap()..];
        }
        if !closed && !VOID.contains(&&*name) {
            open.push(name);
        }
    }
    assert_eq!(open, Vec::<String>::new());
    for link in links {
        match link.strip_prefix('#') {
            Some(id) => assert!(ids.contains(id), "{link}"),
            // Elsewhere only where a reader may be sent.
            None => {
                let link = link.replace("&amp;", "&");
                assert_eq!(crate::spec::address(&link), Some(link));
            }
        }
    }
    tags
}

/// ` key="value"`, as often as it comes, and what is behind.
fn attributes(mut rest: &str) -> (Vec<(String, String)>, &str) {
    let mut found = Vec::new();
    while let Some(behind) = rest.strip_prefix(' ') {
        let (key, behind) = behind.split_once("=\"").unwrap();
        assert!(
            key.chars().all(|c| c.is_ascii_alphanumeric() || c == '-'),
            "{key}"
        );
        let (value, behind) = behind.split_once('"').unwrap();
        assert!(!value.contains(['<', '>']), "{value}");
        found.push((key.to_owned(), value.to_owned()));
        rest = behind;
    }
    (found, rest)
}

/// A report with one of everything, in which each text from outside has this in it.
pub fn marked(with: &str) -> Report {
    let text = serde_json::from_str(MARKED).unwrap();
    let mut report: Report = serde_json::from_value(filled(text, with)).unwrap();
    let manifest = format!("[dependencies]\na = \"0.1\" # {with}\nb = 1\n");
    let file = report.findings[0].culprit.as_ref().unwrap().file.clone();
    report.findings[0].culprit.as_mut().unwrap().span = (19, 5 + with.len().min(1));
    report.texts.insert(file, manifest.into());
    report
}

fn filled(value: serde_json::Value, with: &str) -> serde_json::Value {
    use serde_json::Value;
    match value {
        Value::String(text) => Value::String(text.replace('§', with)),
        Value::Array(all) => all.into_iter().map(|one| filled(one, with)).collect(),
        Value::Object(all) => all
            .into_iter()
            .map(|(key, one)| (key, filled(one, with)))
            .collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) => value,
    }
}

const MARKED: &str = include_str!("testing.json");
