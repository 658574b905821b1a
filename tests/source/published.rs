//! Published crates, where cargo has their sources on this machine; skipped where it has not.

use std::collections::BTreeSet;

use camino::{Utf8Path, Utf8PathBuf};
use otel_check::source::{Edition, Holds, PackageSource, TargetId, TargetRoot};

/// The crates whose use of one family is known from reading them.
pub const READ_BY_HAND: &[&str] = &[
    "trillium-opentelemetry-0.9.0",
    "tarpc-0.37.0",
    "tracing-actix-web-0.7.15",
    "axum-tracing-opentelemetry-0.19.0",
    "autometrics-0.4.1",
    "async-graphql-7.2.1",
    "tracing-opentelemetry-0.30.0",
    "awa-worker-0.6.8",
    "opentelemetry-prometheus-0.17.0",
    "google-cloud-gax-internal-0.7.13",
];

/// Folders into which cargo unpacks what it downloads.
pub fn registries() -> Vec<Utf8PathBuf> {
    let Ok(home) = home::cargo_home() else {
        return Vec::new();
    };
    let Ok(home) = Utf8PathBuf::from_path_buf(home) else {
        return Vec::new();
    };
    let Ok(folders) = home.join("registry/src").read_dir_utf8() else {
        return Vec::new();
    };
    folders
        .flatten()
        .map(|folder| folder.path().to_owned())
        .collect()
}

pub fn published(name: &str) -> Option<Utf8PathBuf> {
    let found = registries()
        .into_iter()
        .map(|folder| folder.join(name))
        .find(|folder| folder.is_dir());
    if found.is_none() {
        println!("skipped: the sources of {name} are not on this machine");
    }
    found
}

/// The package in a folder as its own manifest describes it.
fn read(folder: &Utf8Path) -> Option<PackageSource> {
    let manifest: toml::Table = std::fs::read_to_string(folder.join("Cargo.toml"))
        .ok()?
        .parse()
        .ok()?;
    let text = |table: &str, key: &str| Some(manifest.get(table)?.get(key)?.as_str()?.to_owned());
    let edition = match text("package", "edition").as_deref() {
        None | Some("2015") => Edition::E2015,
        Some(_) => Edition::E2018,
    };
    let mut files = vec![text("lib", "path").unwrap_or_else(|| "src/lib.rs".to_owned())];
    for kind in ["bin", "example", "test", "bench"] {
        let targets = manifest.get(kind).and_then(|targets| targets.as_array());
        files.extend(
            targets
                .into_iter()
                .flatten()
                .filter_map(|target| Some(target.get("path")?.as_str()?.to_owned())),
        );
    }
    files.retain(|file| folder.join(file).is_file());
    let mut externs: BTreeSet<String> = text("lib", "name").into_iter().collect();
    let platforms = manifest.get("target").and_then(|target| target.as_table());
    let tables = platforms
        .into_iter()
        .flat_map(|tables| tables.values())
        .filter_map(|table| table.as_table());
    for table in std::iter::once(&manifest).chain(tables) {
        for kind in ["dependencies", "dev-dependencies", "build-dependencies"] {
            let dependencies = table
                .get(kind)
                .and_then(|dependencies| dependencies.as_table());
            externs.extend(
                dependencies
                    .into_iter()
                    .flat_map(|table| table.keys())
                    .map(|key| key.replace('-', "_")),
            );
        }
    }
    let roots = files.into_iter().map(|file| TargetRoot {
        name: file.clone(),
        file: file.into(),
        edition,
    });
    Some(PackageSource::new(folder, roots.collect(), externs))
}

/// Everything said about the items of the library: `file:line position item[.method] path [if …]`.
fn facts(source: &PackageSource, mentioning: &[&str]) -> BTreeSet<String> {
    let mut facts = BTreeSet::new();
    for item in source.items(TargetId(0), mentioning) {
        facts.extend(item.references.iter().map(|found| {
            let method = found
                .method
                .as_deref()
                .map(|method| format!(".{method}"))
                .unwrap_or_default();
            let Place { file, line } = place(&found.place);
            let doubt = if found.certain { "" } else { "?" };
            format!(
                "{file}:{line} {:?} {}{method} {found}{doubt} if {}",
                found.position, item.name, found.cfg
            )
        }));
        facts.extend(item.calls.iter().map(|call| {
            let method = call
                .inside
                .as_deref()
                .map(|method| format!(".{method}"))
                .unwrap_or_default();
            let Place { file, line } = place(&call.place);
            format!(
                "{file}:{line} call {}{method} .{} if {}",
                item.name, call.name, call.cfg
            )
        }));
    }
    facts
}

struct Place {
    file: String,
    line: usize,
}

fn place(place: &otel_check::source::Place) -> Place {
    Place {
        file: place.file.to_string(),
        line: place.line,
    }
}

/// Lines of code that hold `prefix` and go on with a name there, found without reading the code.
fn lines_with(folder: &Utf8Path, file: &str, prefix: &str) -> Vec<usize> {
    let text = std::fs::read_to_string(folder.join(file)).unwrap();
    let lines = text.lines().enumerate().filter(|(_, line)| {
        let code = line.split("//").next().unwrap_or_default();
        // The leaves of a group stand in lines of their own.
        let opens_group = code.trim_end().ends_with('{') && code.trim_start().starts_with("use ");
        let at = code
            .find(prefix)
            .filter(|_| !opens_group && !code.trim_start().starts_with('*'));
        at.is_some_and(|at| {
            let before = code[..at].chars().next_back();
            let quoted = code[..at].matches('"').count() % 2 == 1;
            !quoted
                && !before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':')
                && code[at + prefix.len()..].starts_with(|c: char| c.is_alphabetic() || c == '_')
        })
    });
    lines.map(|(at, _)| at + 1).collect()
}

#[test]
fn every_path_into_the_family_is_found() {
    for name in READ_BY_HAND {
        let Some(folder) = published(name) else {
            continue;
        };
        let source = read(&folder).unwrap();
        let prefixes = [
            "opentelemetry::",
            "tracing_opentelemetry::",
            "opentelemetry_sdk::",
        ];
        let mut files = BTreeSet::new();
        let mut found = BTreeSet::new();
        for (target, _) in source.targets() {
            for item in source.items(
                target,
                &[
                    "opentelemetry",
                    "tracing_opentelemetry",
                    "opentelemetry_sdk",
                ],
            ) {
                files.insert(item.place.file.to_string());
                found.extend(
                    item.references
                        .iter()
                        .map(|found| (found.place.file.to_string(), found.place.line)),
                );
            }
        }
        let mut lines = 0;
        for file in &files {
            for line in prefixes
                .iter()
                .flat_map(|prefix| lines_with(&folder, file, prefix))
            {
                assert!(
                    found.contains(&(file.clone(), line)),
                    "{name}/{file}:{line}"
                );
                lines += 1;
            }
        }
        println!("{name}: {lines} lines in {} files", files.len());
        assert!(
            source.problems().is_empty(),
            "{name}: {:?}",
            source.problems()
        );
    }
}

/// Read in the sources by hand.
#[test]
fn what_is_known_of_each_crate() {
    let global = "all(feature = \"trace\", feature = \"metrics\")";
    known(
        "trillium-opentelemetry-0.9.0",
        &[
            &format!(
                "src/instrument.rs:18 Taken instrument opentelemetry::global::ObjectSafeTracer if {global}"
            ),
            &format!(
                "src/instrument.rs:112 Body instrument_global opentelemetry::global::meter_provider if {global}"
            ),
            &format!(
                "src/instrument.rs:118 Body instrument_global opentelemetry::global::tracer if {global}"
            ),
            "src/instrument_handler.rs:23 Taken InstrumentHandler opentelemetry::trace::Tracer if feature = \"trace\"",
            "src/instrument_handler.rs:30 Body InstrumentHandler.init opentelemetry::Context::current_with_span if feature = \"trace\"",
            "src/lib.rs:12 Reexport  opentelemetry if true",
            "src/lib.rs:44 Given trace opentelemetry::global::BoxedTracer if feature = \"trace\"",
            "src/lib.rs:45 Body trace opentelemetry::global::tracer if feature = \"trace\"",
        ],
    );
    known(
        "tarpc-0.37.0",
        &[
            "src/context.rs:17 Import  tracing_opentelemetry::OpenTelemetrySpanExt if true",
            "src/context.rs:115 call Context.current .context if true",
            "src/context.rs:138 call Span.set_context .set_parent if true",
            "src/context.rs:139 Body Span.set_context opentelemetry::Context::new if true",
            "src/trace.rs:196 Taken SamplingDecision opentelemetry::trace::SpanContext if true",
        ],
    );
    known(
        "axum-tracing-opentelemetry-0.19.0",
        &[
            "src/middleware/trace_extractor.rs:115 Import OtelAxumService.call tracing_opentelemetry::OpenTelemetrySpanExt if true",
        ],
    );
    known(
        "autometrics-0.4.1",
        &[
            "src/tracker/opentelemetry.rs:3 Import  opentelemetry_api::global if feature = \"opentelemetry\"",
        ],
    );
    known(
        "async-graphql-7.2.1",
        &[
            "src/extensions/opentelemetry.rs:51 Taken OpenTelemetry.new opentelemetry::trace::Tracer if feature = \"opentelemetry\"",
            "src/extensions/opentelemetry.rs:20 Body KEY_SOURCE opentelemetry::Key::from_static_str if feature = \"opentelemetry\"",
        ],
    );
    known(
        "tracing-opentelemetry-0.30.0",
        &[
            "src/layer.rs:48 Taken OpenTelemetryLayer opentelemetry::trace::noop::NoopTracer if true",
            "src/layer.rs:72 Given layer opentelemetry::trace::noop::NoopTracer if true",
        ],
    );
    known(
        "awa-worker-0.6.8",
        &["src/executor.rs:432 Body JobExecutor.execute_task opentelemetry::KeyValue::new if true"],
    );
    known(
        "opentelemetry-prometheus-0.17.0",
        &[
            "src/config.rs:113 Taken ExporterBuilder.with_aggregation_selector opentelemetry_sdk::metrics::reader::AggregationSelector if true",
            "src/config.rs:141 Given ExporterBuilder.build opentelemetry::metrics::Result if true",
            "src/lib.rs:155 ImplementedTrait PrometheusExporter opentelemetry_sdk::metrics::reader::TemporalitySelector if true",
        ],
    );
    let client = "any(feature = \"_internal-http-client\", feature = \"_internal-grpc-client\")";
    known(
        "google-cloud-gax-internal-0.7.13",
        &[
            &format!(
                "src/observability/client_signals/duration_metric.rs:77 Body DurationMetric.new opentelemetry::global::meter_provider if {client}"
            ),
            &format!(
                "src/observability/client_signals/transport_metric.rs:49 Body TransportMetric.new opentelemetry::global::meter_provider if {client}"
            ),
        ],
    );
}

fn known(name: &str, expected: &[&str]) {
    let Some(folder) = published(name) else {
        return;
    };
    let family = [
        "opentelemetry",
        "opentelemetry_api",
        "opentelemetry_sdk",
        "tracing_opentelemetry",
    ];
    let facts = facts(&read(&folder).unwrap(), &family);
    for fact in expected {
        let place = fact.split(' ').next().unwrap_or_default();
        let near: Vec<_> = facts
            .iter()
            .filter(|other| other.starts_with(place))
            .collect();
        assert!(facts.contains(*fact), "{name}: {fact}; there is {near:#?}");
    }
}

/// One import for each of its features: each line is used where its feature is on, and only there.
#[test]
fn imports_by_feature() {
    let Some(folder) = published("tracing-actix-web-0.7.15") else {
        return;
    };
    let source = read(&folder).unwrap();
    for line in [17, 27] {
        let krate = format!("opentelemetry_0_{line}_pkg");
        let features: BTreeSet<String> = [format!("opentelemetry_0_{line}")].into();
        let items = source.items(TargetId(0), &[&krate]);
        let reads: Vec<String> = items
            .iter()
            .flat_map(|item| &item.references)
            .filter(|found| found.ends_with(&["global", "get_text_map_propagator"]))
            .filter(|found| found.cfg.holds(&features, false) == Holds::Yes)
            .map(|found| format!("{found} {:?} {}", found.position, found.place))
            .collect();
        assert_eq!(
            reads,
            [format!(
                "{krate}::global::get_text_map_propagator Body src/otel.rs:91:26"
            )]
        );
    }
}
