//! Places as SARIF writes them.

use serde_json::{Value, json};

use crate::report::place::{self, Place, Region, View};
use crate::report::words::evidence;
use crate::report::{EvidenceKind, Finding, Report};

use super::{ROOT, message};

/// A place in the repository.
pub fn location(view: &View, place: &Place) -> Value {
    let mut physical = json!({ "artifactLocation": artifact(&view.path(&place.file)) });
    if let Some(region) = place.region {
        physical["region"] = of_region(region);
    }
    json!({ "physicalLocation": physical })
}

/// A file, by a path as its reader sees it.
pub fn artifact(path: &str) -> Value {
    // A drive letter, or a root: it lies outside the repository.
    let is_absolute = path.starts_with('/') || path.get(1..3) == Some(":/");
    match is_absolute {
        true => json!({ "uri": format!("file:///{}", uri(path.trim_start_matches('/'))) }),
        false => json!({ "uri": uri(path), "uriBaseId": ROOT }),
    }
}

/// A path as a relative reference.
pub fn uri(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                out.push(char::from(byte));
            }
            byte => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

/// A part of a file.
pub fn of_region(region: Region) -> Value {
    let mut out = json!({ "startLine": region.line, "startColumn": region.column });
    if let Some(extent) = region.extent {
        let numbers = [
            ("endLine", extent.end_line),
            ("endColumn", extent.end_column),
            ("charOffset", extent.chars.0),
            ("charLength", extent.chars.1),
            ("byteOffset", extent.bytes.0),
            ("byteLength", extent.bytes.1),
        ];
        for (key, number) in numbers {
            out[key] = json!(number);
        }
    }
    out
}

/// Other requirements that lead there, the line that inherits it, and code of the workspace that
/// shows it.
pub fn related(report: &Report, view: &View, finding: &Finding) -> Vec<Value> {
    let mut places: Vec<(Place, String)> = Vec::new();
    let culprits = finding.culprit.iter().chain(&finding.also_through);
    for (number, culprit) in culprits.enumerate() {
        if number > 0 {
            let text = format!("also through {}", culprit.requirement);
            places.push((place::of_culprit(report, culprit), text));
        }
        if let Some(by) = &culprit.inherited_by {
            let text = format!("inherits {}", culprit.requirement);
            places.push((place::of_inheritance(by), text));
        }
    }
    for one in &finding.evidence {
        if let Some(place) = place::of_evidence(report, one) {
            places.push((place, one.text.clone()));
        }
    }
    let places = places.into_iter().enumerate();
    places
        .map(|(number, (place, text))| {
            let mut out = location(view, &place);
            out["id"] = json!(number);
            out["message"] = message(&text);
            out
        })
        .collect()
}

/// How the crate in question comes in, step by step, and what the code does with it. Each step stands
/// where somebody of the workspace can change it.
pub fn code_flows(report: &Report, view: &View, finding: &Finding) -> Option<Value> {
    if finding.path.len() < 2 {
        return None;
    }
    let fault = place::of(report, finding);
    let mut steps = Vec::new();
    for step in &finding.path {
        let text = match &step.requirement {
            Some(requirement) => format!("{} ({requirement})", step.package),
            None => step.package.clone(),
        };
        // A package from elsewhere is changed by the requirement through which it comes in.
        let place = place::of_member(report, &step.package).unwrap_or_else(|| fault.clone());
        steps.push((place, text));
    }
    for one in &finding.evidence {
        if one.kind == EvidenceKind::Source
            && let Some(place) = place::of_evidence(report, one)
        {
            steps.push((place, evidence(one)));
        }
    }
    let locations: Vec<Value> = steps
        .into_iter()
        .map(|(place, text)| {
            let mut location = location(view, &place);
            location["message"] = message(&text);
            json!({ "location": location })
        })
        .collect();
    Some(json!([{ "threadFlows": [{ "locations": locations }] }]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_references() {
        assert_eq!(uri("a b/ü:#?%.toml"), "a%20b/%C3%BC%3A%23%3F%25.toml");
        assert_eq!(artifact("/a b")["uri"], "file:///a%20b");
        assert_eq!(artifact("C:/a")["uri"], "file:///C%3A/a");
        assert_eq!(artifact("../a")["uriBaseId"], ROOT);
    }
}
