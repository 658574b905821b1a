//! SARIF 2.1.0, the format of code scanners.

mod fixes;
mod locations;
mod rules;

use serde_json::{Map, Value, json};

use self::locations::{code_flows, location, related};
use crate::plan::mend::Mend;

use super::json::pretty;
use super::place::{self, View};
use super::words::{details, level, passes};
use super::{Finding, Report};

/// The base of relative paths: the root of the repository.
const ROOT: &str = "%SRCROOT%";

/// One run. Columns are counted in characters; what is let through is there and suppressed. What is
/// proven to cure a finding stands with it.
pub fn render(report: &Report, view: &View, mends: &[Mend]) -> String {
    let (rules, numbers) = rules::of(report);
    let mends = fixes::prepared(mends, view);
    let results: Vec<Value> = report
        .findings
        .iter()
        .map(|finding| {
            let mut result = result(report, view, finding, numbers.get(&finding.code));
            let fixes = fixes::fixes(finding, &mends);
            if !fixes.is_empty() {
                result["fixes"] = json!(fixes);
            }
            result
        })
        .collect();
    let mut driver = Map::new();
    driver.insert("name".into(), json!(report.tool.name));
    driver.insert("semanticVersion".into(), json!(report.tool.version));
    driver.insert("version".into(), json!(report.tool.version));
    if let Some(home) = rules::home() {
        driver.insert("informationUri".into(), json!(home));
    }
    driver.insert("rules".into(), json!(rules));
    let notes = report.notes.iter();
    let notes: Vec<Value> = notes
        .map(|note| json!({ "level": "note", "message": message(note) }))
        .collect();
    let log = json!({
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": driver },
            "columnKind": "unicodeCodePoints",
            "originalUriBaseIds": {
                ROOT: { "description": { "text": "The root of the repository." } }
            },
            "invocations": [{
                "executionSuccessful": true,
                "toolExecutionNotifications": notes,
            }],
            "properties": {
                "basis": report.basis,
                "summary": report.summary,
            },
            "results": results,
        }]
    });
    pretty(&log)
}

fn result(report: &Report, view: &View, finding: &Finding, rule: Option<&usize>) -> Value {
    let mut lines = vec![finding.message.clone()];
    lines.extend(finding.consequence.clone());
    // Artifacts, places and evidence have fields of their own.
    let details = details(view, finding);
    let further = details.iter();
    let further = further.filter(|(label, _)| ["path", "next", "pass"].contains(label));
    lines.extend(further.map(|(label, text)| format!("{label}: {text}")));
    let lines: Vec<String> = lines.iter().map(|line| plain(line)).collect();
    let mut result = Map::new();
    result.insert("ruleId".into(), json!(finding.code));
    if let Some(rule) = rule {
        result.insert("ruleIndex".into(), json!(rule));
    }
    result.insert("level".into(), json!(level(finding.level)));
    result.insert("message".into(), json!({ "text": lines.join("\n") }));
    let place = place::of(report, finding);
    let mut main = location(view, &place);
    if let Some(artifact) = &finding.artifact {
        main["logicalLocations"] = json!([{
            "fullyQualifiedName": shown(artifact),
            "kind": "module",
        }]);
    }
    result.insert("locations".into(), json!([main]));
    let related = related(report, view, finding);
    if !related.is_empty() {
        result.insert("relatedLocations".into(), json!(related));
    }
    if let Some(flows) = code_flows(report, view, finding) {
        result.insert("codeFlows".into(), flows);
    }
    result.insert(
        "partialFingerprints".into(),
        json!({ "findingIdentity/v1": finding.identity().fingerprint() }),
    );
    if let Some(because) = passes(finding) {
        result.insert(
            "suppressions".into(),
            json!([{
                "kind": "external",
                "status": "accepted",
                "justification": shown(&because),
            }]),
        );
    }
    result.insert("properties".into(), properties(finding));
    Value::Object(result)
}

/// What filters and tables of viewers use.
fn properties(finding: &Finding) -> Value {
    let mut properties = Map::new();
    let texts = [
        ("line", &finding.line),
        ("introducer", &finding.introducer),
        ("singleton", &finding.singleton),
        ("target", &finding.target),
        ("consequenceOf", &finding.consequence_of),
    ];
    if let Some(verdict) = finding.verdict {
        properties.insert("verdict".into(), json!(verdict));
    }
    for (key, text) in texts {
        if let Some(text) = text {
            properties.insert(key.into(), json!(shown(text)));
        }
    }
    if !finding.builds.is_empty() {
        let builds: Vec<String> = finding.builds.iter().map(|build| shown(build)).collect();
        properties.insert("builds".into(), json!(builds));
    }
    Value::Object(properties)
}

fn message(text: &str) -> Value {
    json!({ "text": plain(text) })
}

/// Text that is no message: nothing hidden in it.
fn shown(text: &str) -> String {
    super::escape::terminal(text).into_owned()
}

/// Text of a message, in which braces are written twice, and brackets could make a link.
fn plain(text: &str) -> String {
    let text = shown(text).replace('{', "{{").replace('}', "}}");
    text.replace("](", "] (")
}
