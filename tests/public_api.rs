//! The public items of the shipped families as data: complete in themselves, and true to what is known
//! of the releases.

use std::collections::BTreeSet;
use std::process::Command;

use otel_check::rules::Rules;
use otel_check::rules::public_api::{Change, CrateApi, ItemKind, PublicApi, What};
use otel_check::skew::Line;

fn api() -> &'static PublicApi {
    PublicApi::shipped("opentelemetry")
}

fn line(text: &str) -> Line {
    text.parse().expect("a line")
}

fn krate(name: &str) -> &'static CrateApi {
    api()
        .krate(name)
        .unwrap_or_else(|| panic!("no data of {name}"))
}

fn change(name: &str, path: &str, from: &str, to: &str) -> Option<Change> {
    krate(name).change(path, line(from), line(to))
}

/// Every line with every newer one.
fn pairs(lines: &BTreeSet<Line>) -> Vec<(Line, Line)> {
    let mut pairs = Vec::new();
    for from in lines {
        pairs.extend(lines.iter().filter(|to| *to > from).map(|to| (*from, *to)));
    }
    pairs
}

#[test]
fn every_family_has_data() {
    for family in &Rules::shipped().families {
        let api = PublicApi::shipped(&family.name);
        assert!(api.crates().count() > 0, "{}", family.name);
        for anchor in family.anchors() {
            assert!(api.krate(&anchor.name).is_some(), "{}", anchor.name);
        }
    }
    assert_eq!(PublicApi::shipped("no such family").crates().count(), 0);
}

#[test]
fn items_stand_below_what_is_there() {
    for krate in api().crates() {
        for (line, release) in krate.releases().filter(|(_, one)| one.unread.is_none()) {
            let mut count = 0;
            for item in krate.items_on(line) {
                count += 1;
                let parent = item.parent();
                assert!(
                    parent.is_empty() || krate.item(line, parent).is_some(),
                    "{} {}: {} stands below nothing",
                    krate.name,
                    release.version,
                    item.path
                );
            }
            assert!(count > 0, "{} {} has no items", krate.name, release.version);
        }
    }
}

#[test]
fn what_vanishes_is_gone_and_its_successors_are_there() {
    let mut vanished = 0;
    let mut moved = 0;
    for krate in api().crates() {
        for (from, to) in pairs(&api().lines()) {
            for change in krate.changes(from, to) {
                assert!(
                    krate
                        .items(from, &change.path)
                        .iter()
                        .any(|item| item.kind == change.kind),
                    "{change:?} was not there at {from}"
                );
                let is_there = krate
                    .items(to, &change.path)
                    .iter()
                    .any(|item| item.kind == change.kind);
                match &change.what {
                    What::Vanished { moved_to } => {
                        vanished += 1;
                        moved += usize::from(!moved_to.is_empty());
                        assert!(!is_there, "{change:?} is there at {to}");
                        for path in moved_to {
                            let (_, inner) = api().locate(path).expect("a crate of the data");
                            assert!(
                                inner.is_empty() || !api().items(to, path).is_empty(),
                                "{change:?}: {path} is not there at {to}"
                            );
                            assert_ne!(*path, change.full_path());
                        }
                    }
                    What::Kind { after } => {
                        assert!(!is_there, "{change:?} is there at {to}");
                        let items = krate.items(to, &change.path);
                        assert!(items.iter().any(|item| item.kind == *after), "{change:?}");
                    }
                    What::Signature { before, after } => {
                        assert!(is_there, "{change:?}");
                        assert_ne!(before, after, "{change:?}");
                    }
                    What::NewRequired { items: names }
                    | What::NewFields { fields: names }
                    | What::NewVariants { variants: names } => {
                        assert!(is_there && !names.is_empty(), "{change:?}");
                        for name in names {
                            let path = format!("{}::{name}", change.path);
                            assert!(!krate.items(to, &path).is_empty(), "{change:?}: {path}");
                        }
                    }
                    What::PrivateFields | What::NonExhaustive => assert!(is_there, "{change:?}"),
                }
            }
        }
    }
    assert!(
        vanished > 10_000 && moved > 1_000,
        "{vanished} vanished, {moved} moved"
    );
}

#[test]
fn nothing_changes_on_one_line() {
    for krate in api().crates() {
        for line in api().lines() {
            assert_eq!(krate.changes(line, line), [], "{} {line}", krate.name);
        }
    }
}

/// Facts from changelogs and migration guides: what vanishes, and where to; none where it has no
/// successor of its name.
const VANISHED: &[(&str, &str, &str, &str, Option<&str>)] = &[
    (
        "opentelemetry",
        "trace::Span::record_exception",
        "0.17",
        "0.18",
        None,
    ),
    (
        "opentelemetry",
        "metrics::ValueRecorder",
        "0.17",
        "0.18",
        None,
    ),
    (
        "opentelemetry",
        "sdk::export::trace::stdout",
        "0.19",
        "0.20",
        None,
    ),
    (
        "opentelemetry",
        "sdk::trace::TracerProvider",
        "0.20",
        "0.21",
        Some("opentelemetry_sdk::trace::TracerProvider"),
    ),
    (
        "opentelemetry",
        "sdk::trace::TracerProvider::builder",
        "0.20",
        "0.21",
        Some("opentelemetry_sdk::trace::TracerProvider::builder"),
    ),
    (
        "opentelemetry",
        "sdk::Resource",
        "0.20",
        "0.21",
        Some("opentelemetry_sdk::Resource"),
    ),
    (
        "opentelemetry",
        "runtime::Tokio",
        "0.20",
        "0.21",
        Some("opentelemetry_sdk::runtime::Tokio"),
    ),
    (
        "opentelemetry",
        "sdk",
        "0.20",
        "0.21",
        Some("opentelemetry_sdk"),
    ),
    (
        "opentelemetry_api",
        "global::tracer",
        "0.20",
        "0.21",
        Some("opentelemetry::global::tracer"),
    ),
    (
        "opentelemetry_sdk",
        "metrics::controllers::BasicController",
        "0.19",
        "0.20",
        None,
    ),
    (
        "opentelemetry_sdk",
        "metrics::MeterProvider",
        "0.21",
        "0.22",
        None,
    ),
    (
        "opentelemetry_sdk",
        "propagation::TextMapCompositePropagator",
        "0.21",
        "0.22",
        Some("opentelemetry::propagation::TextMapCompositePropagator"),
    ),
    (
        "opentelemetry",
        "global::shutdown_meter_provider",
        "0.21",
        "0.22",
        None,
    ),
    (
        "opentelemetry",
        "metrics::Meter::i64_histogram",
        "0.21",
        "0.22",
        None,
    ),
    (
        "opentelemetry-jaeger",
        "Propagator",
        "0.21",
        "0.22",
        Some("opentelemetry_jaeger_propagator::Propagator"),
    ),
    (
        "opentelemetry-jaeger",
        "new_agent_pipeline",
        "0.23",
        "0.24",
        None,
    ),
    ("opentelemetry", "global::logger", "0.22", "0.23", None),
    (
        "opentelemetry_sdk",
        "resource::OsResourceDetector",
        "0.22",
        "0.23",
        None,
    ),
    ("opentelemetry", "metrics::Unit", "0.23", "0.24", None),
    (
        "opentelemetry_sdk",
        "trace::XrayIdGenerator",
        "0.23",
        "0.24",
        None,
    ),
    (
        "opentelemetry",
        "metrics::Meter::register_callback",
        "0.24",
        "0.25",
        None,
    ),
    ("opentelemetry", "Key::bool", "0.25", "0.26", None),
    (
        "opentelemetry",
        "InstrumentationLibrary",
        "0.26",
        "0.27",
        None,
    ),
    (
        "opentelemetry",
        "global::set_error_handler",
        "0.26",
        "0.27",
        None,
    ),
    (
        "opentelemetry",
        "metrics::InstrumentBuilder::init",
        "0.26",
        "0.27",
        None,
    ),
    (
        "opentelemetry",
        "logs::LogError",
        "0.26",
        "0.27",
        Some("opentelemetry_sdk::logs::LogError"),
    ),
    ("opentelemetry-otlp", "new_exporter", "0.26", "0.27", None),
    (
        "opentelemetry",
        "global::shutdown_tracer_provider",
        "0.27",
        "0.28",
        None,
    ),
    (
        "opentelemetry_sdk",
        "trace::TracerProvider",
        "0.27",
        "0.28",
        None,
    ),
    (
        "opentelemetry_sdk",
        "trace::Builder::with_batch_exporter",
        "0.27",
        "0.28",
        None,
    ),
    (
        "opentelemetry_sdk",
        "logs::LoggerProvider",
        "0.27",
        "0.28",
        None,
    ),
    ("opentelemetry_sdk", "Resource::new", "0.27", "0.28", None),
    (
        "opentelemetry_sdk",
        "Resource::default",
        "0.27",
        "0.28",
        None,
    ),
    (
        "opentelemetry_sdk",
        "export::trace::SpanData",
        "0.27",
        "0.28",
        Some("opentelemetry_sdk::trace::SpanData"),
    ),
    (
        "opentelemetry_sdk",
        "testing::trace::InMemorySpanExporter",
        "0.27",
        "0.28",
        Some("opentelemetry_sdk::trace::InMemorySpanExporter"),
    ),
    ("opentelemetry-zipkin", "new_pipeline", "0.27", "0.28", None),
    (
        "opentelemetry",
        "trace::TraceError",
        "0.28",
        "0.29",
        Some("opentelemetry_sdk::trace::TraceError"),
    ),
    (
        "opentelemetry_sdk",
        "metrics::MetricError",
        "0.29",
        "0.30",
        None,
    ),
    (
        "tracing-opentelemetry",
        "PreSampledTracer",
        "0.30",
        "0.31",
        None,
    ),
    (
        "opentelemetry",
        "trace::SpanBuilder::with_trace_id",
        "0.31",
        "0.32",
        None,
    ),
    (
        "opentelemetry",
        "trace::SamplingDecision",
        "0.31",
        "0.32",
        Some("opentelemetry_sdk::trace::SamplingDecision"),
    ),
    ("opentelemetry-otlp", "ExportConfig", "0.31", "0.32", None),
    (
        "opentelemetry-otlp",
        "HttpExporterBuilder",
        "0.32",
        "0.33",
        None,
    ),
    (
        "opentelemetry-prometheus",
        "ExporterBuilder::without_scope_info",
        "0.32",
        "0.33",
        None,
    ),
];

#[test]
fn known_to_vanish() {
    let mut wrong = Vec::new();
    for (name, path, from, to, successor) in VANISHED {
        let change = change(name, path, from, to);
        let Some(What::Vanished { moved_to }) = change.map(|change| change.what) else {
            wrong.push(format!("{name} {path} does not vanish from {from} to {to}"));
            continue;
        };
        if moved_to.first().map(String::as_str) != *successor {
            wrong.push(format!("{name} {path} from {from} to {to}: {moved_to:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn known_to_change() {
    let what = |name, path, from, to| change(name, path, from, to).map(|change| change.what);
    let after = |name, path, from, to| match what(name, path, from, to) {
        Some(What::Signature { after, .. }) => after,
        other => panic!("{name} {path}: {other:?}"),
    };
    assert_eq!(
        what("opentelemetry", "logs::LogRecord", "0.22", "0.23"),
        Some(What::Kind {
            after: ItemKind::Trait
        })
    );
    assert_eq!(
        after("opentelemetry_sdk", "Resource::get", "0.27", "0.28"),
        "(&self, &Key) -> Option<Value>"
    );
    assert!(
        !after(
            "opentelemetry",
            "global::set_tracer_provider",
            "0.30",
            "0.31"
        )
        .contains("->")
    );
    assert_eq!(
        after(
            "tracing-opentelemetry",
            "OpenTelemetrySpanExt::set_parent",
            "0.30",
            "0.31"
        ),
        "(&self, Context) -> Result<(), SetParentError>"
    );
    assert!(
        after("opentelemetry", "metrics::Counter::add", "0.19", "0.20")
            .starts_with("(&self, T, &[KeyValue])")
    );
    let builder = after(
        "opentelemetry_sdk",
        "metrics::PeriodicReader::builder",
        "0.27",
        "0.28",
    );
    assert!(builder.starts_with("<E>(E) ->"), "{builder}");
    assert!(
        krate("opentelemetry-otlp")
            .changes_at("Protocol", line("0.32"), line("0.33"))
            .iter()
            .any(|change| change.what == What::NonExhaustive)
    );
    assert_eq!(
        krate("opentelemetry_sdk").features(line("0.28"), "trace::InMemorySpanExporter::reset"),
        ["trace", "testing"]
    );
    assert_eq!(
        what("opentelemetry", "global::tracer", "0.27", "0.33"),
        None,
        "still what it was"
    );
}

#[test]
fn known_to_leave_the_default() {
    let otlp = krate("opentelemetry-otlp");
    let off: Vec<&str> = otlp
        .no_longer_by_default(line("0.27"), line("0.28"))
        .map(|item| item.path.as_str())
        .collect();
    assert!(off.contains(&"WithTonicConfig"), "{off:?}");
    assert!(!off.contains(&"WithHttpConfig"), "{off:?}");
    assert!(otlp.is_on(line("0.28"), "WithTonicConfig", &|name| name
        == "grpc-tonic"));
    assert!(!otlp.is_on(line("0.28"), "WithTonicConfig", &|name| name
        == "http-proto"));
}

#[test]
fn what_moves_takes_its_members_along() {
    let change = change(
        "opentelemetry_sdk",
        "export::trace::SpanExporter::export",
        "0.27",
        "0.28",
    );
    let change = change.expect("a change");
    assert_eq!(change.within.as_deref(), Some("export"));
    let krate = krate("opentelemetry_sdk");
    let then = krate.changes_after_move(&change, line("0.27"), line("0.29"));
    assert!(
        matches!(&then[..], [What::Signature { after, .. }] if after.starts_with("(&self")),
        "{then:?}"
    );
}

/// The maintainer's command over the newest release of the anchor, which needs little else, built from
/// nothing: what it reads has to be what is here.
#[test]
fn the_newest_anchor_has_what_is_written() {
    let folder = tempfile::tempdir().expect("a folder");
    let anchors = Rules::shipped().families[0].anchors();
    let newest = |name: &str| krate(name).releases().map(|(line, _)| line).max();
    let anchor = anchors
        .map(|anchor| anchor.name.as_str())
        .max_by_key(|name| newest(name))
        .expect("an anchor");
    let line = newest(anchor).expect("a line").to_string();
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["run", "--quiet", "--example", "public-api", "--", "--check"])
        .args(["--crate", anchor, "--line", &line, "--folder"])
        .arg(folder.path())
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo runs");
    let told = String::from_utf8_lossy(&output.stderr);
    if output.status.code() == Some(3) {
        println!("skipped: {anchor} of line {line} cannot be read here: {told}");
        return;
    }
    assert!(output.status.success(), "{told}");
}
