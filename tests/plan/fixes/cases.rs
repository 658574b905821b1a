//! Requirements of real projects before a skew was mended, as far as they matter for it, and what
//! was done.

use super::{Case, Member};

/// Code that installs a tracer provider, and asks the bridge for a layer.
macro_rules! traced {
    ($more:expr) => {
        concat!(
            "fn main() {\n",
            "    let provider = opentelemetry_sdk::trace::TracerProvider::builder().build();\n",
            "    opentelemetry::global::set_tracer_provider(provider);\n",
            "    let layer = tracing_opentelemetry::layer();\n",
            $more,
            "\n}\n"
        )
    };
}

/// divviup/janus, December 2023: the middleware moves to the line of the rest.
pub const LAGGING_MIDDLEWARE: Case = Case {
    name: "janus, 0.20 + 0.21",
    root: r#"
[workspace.dependencies]
opentelemetry = { version = "0.21", features = ["metrics"] }
opentelemetry_sdk = { version = "0.21", features = ["metrics"] }
trillium-opentelemetry = "0.3.0"
"#,
    members: &[Member {
        name: "aggregator",
        manifest: r#"
[dependencies]
opentelemetry.workspace = true
opentelemetry_sdk = { workspace = true, features = ["rt-tokio"] }
opentelemetry-otlp = { version = "0.14", optional = true, features = ["metrics"] }
tracing-opentelemetry = { version = "0.22", optional = true }
trillium-opentelemetry.workspace = true
"#,
        code: (
            "main.rs",
            "fn main() {\n\
               let provider = opentelemetry_sdk::metrics::MeterProvider::default();\n\
               opentelemetry::global::set_meter_provider(provider);\n\
               trillium_opentelemetry::metrics(\"aggregator\");\n}\n",
        ),
    }],
    pins: &[],
    builds: &[],
    line: "0.21",
    theirs: 1,
};

/// divviup/janus, August 2023: everything moves, behind features that are off by default.
pub const FAMILY_BEHIND_FEATURES: Case = Case {
    name: "janus, 0.19 + 0.20",
    root: r#"
[workspace.dependencies]
opentelemetry = { version = "0.19", features = ["metrics"] }
trillium-opentelemetry = "0.2.0"
"#,
    members: &[Member {
        name: "aggregator",
        manifest: r#"
[features]
otlp = ["dep:opentelemetry-otlp", "dep:tracing-opentelemetry", "dep:tonic"]

[dependencies]
opentelemetry = { workspace = true, features = ["rt-tokio"] }
opentelemetry-otlp = { version = "0.12", optional = true, features = ["metrics"] }
opentelemetry-prometheus = { version = "0.12", optional = true }
tonic = { version = "0.8", optional = true, features = ["tls", "tls-webpki-roots"] }
tracing-opentelemetry = { version = "0.19", optional = true }
trillium-opentelemetry.workspace = true
"#,
        code: (
            "main.rs",
            "fn main() {\n\
               let exporter = opentelemetry_otlp::new_exporter().tonic()\n\
               .with_metadata(tonic::metadata::MetadataMap::new());\n\
               let pipeline = opentelemetry_otlp::new_pipeline().tracing();\n\
               let tracer = pipeline.with_exporter(exporter).install_simple().unwrap();\n\
               let layer = tracing_opentelemetry::layer().with_tracer(tracer);\n\
               trillium_opentelemetry::metrics(\"aggregator\");\n}\n",
        ),
    }],
    pins: &[],
    builds: &["--all-features"],
    line: "0.20",
    theirs: 6,
};

/// GreptimeTeam/greptimedb, August 2026: wire types stood a line above the pipeline.
pub const WIRE_TYPES_AHEAD: Case = Case {
    name: "greptimedb, 0.30 + 0.31",
    root: r#"
[workspace.dependencies]
opentelemetry-proto = { version = "0.31", features = ["gen-tonic", "metrics", "trace", "with-serde", "logs"] }
tracing-opentelemetry = "0.31.0"
"#,
    members: &[
        Member {
            name: "telemetry",
            manifest: r#"
[dependencies]
opentelemetry = { version = "0.30.0", default-features = false, features = ["trace"] }
opentelemetry-otlp = { version = "0.30.0", features = ["trace", "grpc-tonic", "http-proto"] }
opentelemetry-semantic-conventions = { version = "0.30.0", features = ["semconv_experimental"] }
opentelemetry_sdk = { version = "0.30.0", features = ["rt-tokio", "trace"] }
tracing-opentelemetry.workspace = true
"#,
            code: ("main.rs", traced!("")),
        },
        Member {
            name: "servers",
            manifest: r#"
[dependencies]
opentelemetry-proto.workspace = true
tracing-opentelemetry.workspace = true
"#,
            code: (
                "main.rs",
                "fn main() {\n\
                   let request = opentelemetry_proto::tonic::collector::trace::v1\n\
                   ::ExportTraceServiceRequest::default();\n\
                   let layer = tracing_opentelemetry::layer();\n}\n",
            ),
        },
    ],
    pins: &[],
    builds: &[],
    line: "0.32",
    theirs: 5,
};

/// parseablehq/parseable, July 2026: a bot had moved one crate, people moved the others.
pub const ONE_CRATE_BUMPED: Case = Case {
    name: "parseable, 0.31 + 0.32",
    root: "",
    members: &[Member {
        name: "server",
        manifest: r#"
[dependencies]
opentelemetry-proto = { version = "0.32.0", features = ["gen-tonic", "with-serde", "logs", "metrics", "trace"] }
tracing-opentelemetry = "0.32.1"
opentelemetry = "0.31.0"
opentelemetry_sdk = { version = "0.31.0", features = ["rt-tokio"] }
opentelemetry-otlp = { version = "0.31.1", features = ["grpc-tonic", "http-proto", "http-json"] }
opentelemetry-stdout = "0.31.0"
"#,
        code: (
            "main.rs",
            traced!("    let logs = opentelemetry_proto::tonic::logs::v1::LogsData::default();"),
        ),
    }],
    pins: &[],
    builds: &[],
    line: "0.32",
    theirs: 5,
};

/// element-hq/matrix-authentication-service, December 2024: the second half of an upgrade.
pub const HALF_AN_UPGRADE: Case = Case {
    name: "matrix-authentication-service, 0.24 + 0.27",
    root: r#"
[workspace.dependencies.opentelemetry]
version = "0.24.0"
features = ["trace", "metrics"]
[workspace.dependencies.opentelemetry-http]
version = "0.13.0"
features = ["reqwest"]
[workspace.dependencies.opentelemetry-semantic-conventions]
version = "0.16.0"
[workspace.dependencies.tracing-opentelemetry]
version = "0.25.0"
default-features = false
"#,
    members: &[Member {
        name: "cli",
        manifest: r#"
[dependencies]
tracing-opentelemetry.workspace = true
opentelemetry.workspace = true
opentelemetry-http.workspace = true
opentelemetry-jaeger-propagator = "0.27.0"
opentelemetry-otlp = { version = "0.27.0", default-features = false, features = ["trace", "metrics", "http-proto"] }
opentelemetry-prometheus = "0.27.0"
opentelemetry-resource-detectors = "0.6.0"
opentelemetry-semantic-conventions.workspace = true
opentelemetry-stdout = { version = "0.27.0", features = ["trace", "metrics"] }
opentelemetry_sdk = { version = "0.27.1", features = ["trace", "metrics", "rt-tokio"] }
"#,
        code: (
            "main.rs",
            traced!("    let injector = opentelemetry_http::HeaderInjector(&mut headers());"),
        ),
    }],
    pins: &[],
    builds: &[],
    line: "0.27",
    theirs: 4,
};

/// openobserve/openobserve, February 2024: the pipeline follows the middleware, past the release in
/// which the SDK became a crate of its own.
pub const MIDDLEWARE_AHEAD: Case = Case {
    name: "openobserve, 0.18 + 0.19 + 0.21",
    root: r#"
[workspace.dependencies]
tracing-opentelemetry = "0.18"
"#,
    members: &[Member {
        name: "server",
        manifest: r#"
[dependencies]
actix-web-opentelemetry = { version = "0.16", features = ["metrics"] }
opentelemetry = { version = "0.18", features = ["rt-tokio"] }
opentelemetry-otlp = { version = "0.11", features = ["http-proto", "serialize", "reqwest-client"] }
opentelemetry-proto = { version = "0.2", features = ["gen-tonic", "traces", "logs", "metrics", "with-serde"] }
tracing-opentelemetry.workspace = true
"#,
        code: (
            "main.rs",
            "fn main() {\n\
               let tracer = opentelemetry_otlp::new_pipeline().tracing()\n\
               .with_exporter(opentelemetry_otlp::new_exporter().http())\n\
               .install_batch(opentelemetry::runtime::Tokio).unwrap();\n\
               let layer = tracing_opentelemetry::layer().with_tracer(tracer);\n\
               let request = opentelemetry_proto::tonic::collector::trace::v1\n\
               ::ExportTraceServiceRequest::default();\n\
               let tracing = actix_web_opentelemetry::RequestTracing::new();\n}\n",
        ),
    }],
    pins: &[],
    builds: &[],
    line: "0.21",
    theirs: 7,
};

/// exograph/exograph, November 2024: the pipeline moves, and what a second binary asks for and does
/// not use goes.
pub const FORGOTTEN_EXPORTER: Case = Case {
    name: "exograph, 0.17 + 0.23",
    root: "",
    members: &[
        Member {
            name: "server",
            manifest: r#"
[dependencies]
tracing-opentelemetry = "0.24.0"
opentelemetry = { version = "0.23.0", default-features = false, features = ["trace"] }
opentelemetry_sdk = { version = "0.23.0", features = ["rt-tokio"] }
opentelemetry-otlp = { version = "0.16.0", features = ["reqwest-client", "reqwest-rustls", "http-proto", "tls"] }
"#,
            code: ("main.rs", traced!("")),
        },
        Member {
            name: "server-aws-lambda",
            manifest: r#"
[target.'cfg(target_os = "linux")'.dependencies]
opentelemetry = { version = "0.17", default-features = false, features = ["trace"] }
opentelemetry-jaeger = "0.22"
"#,
            code: ("main.rs", "fn main() {}\n"),
        },
    ],
    pins: &[],
    builds: &["--target", "x86_64-unknown-linux-gnu"],
    line: "0.27",
    theirs: 8,
};

/// golemcloud/golem, November 2025: an exporter by others took the place of one that had no release
/// for the line.
pub const EXPORTER_WITHOUT_RELEASE: Case = Case {
    name: "golem, 0.28 + 0.29",
    root: r#"
[workspace.dependencies]
opentelemetry = "0.28.0"
opentelemetry-otlp = "0.28.0"
opentelemetry-prometheus = "0.28.0"
opentelemetry_sdk = "0.28.0"
poem = { version = "=3.1.10", features = ["cookie", "multipart", "opentelemetry", "prometheus", "test"] }
poem-derive = "=3.1.10"
tracing-opentelemetry = "0.29.0"
"#,
    members: &[Member {
        name: "service",
        manifest: r#"
[dependencies]
opentelemetry.workspace = true
opentelemetry-otlp.workspace = true
opentelemetry-prometheus.workspace = true
opentelemetry_sdk.workspace = true
poem.workspace = true
poem-derive.workspace = true
tracing-opentelemetry.workspace = true
"#,
        code: (
            "main.rs",
            traced!(
                "    let exporter = opentelemetry_prometheus::exporter().build().unwrap();\n    \
             let metrics = poem::middleware::OpenTelemetryMetrics::new();"
            ),
        ),
    }],
    pins: &[],
    builds: &[],
    line: "0.30",
    theirs: 34,
};

/// tailcallhq/tailcall, July 2024: a patch release had changed its line, and the next one did again.
pub const PATCH_RELEASE: Case = Case {
    name: "tailcall, 0.22 + 0.23",
    root: "",
    members: &[Member {
        name: "server",
        manifest: r#"
[dependencies]
async-graphql = { version = "7.0.3", features = ["opentelemetry"] }
opentelemetry = { version = "0.23.0", features = ["trace", "logs", "metrics"] }
opentelemetry_sdk = { version = "0.23.0", features = ["trace", "logs", "metrics"] }
opentelemetry-http = "0.12.0"
tracing-opentelemetry = "0.24.0"
"#,
        code: (
            "main.rs",
            traced!(
                "    let tracer = opentelemetry::global::tracer(\"graphql\");\n    \
             let extension = async_graphql::extensions::OpenTelemetry::new(tracer);"
            ),
        ),
    }],
    pins: &[("async-graphql", "7.0.6")],
    builds: &[],
    line: "0.23",
    theirs: 0,
};

/// doublewordai/control-layer, February 2026: the service follows a library of its own people.
pub const LIBRARY_AHEAD: Case = Case {
    name: "control-layer, 0.27 + 0.31",
    root: "",
    members: &[Member {
        name: "dwctl",
        manifest: r#"
[dependencies]
fusillade = "5.0.0"
opentelemetry = "0.27"
opentelemetry_sdk = { version = "0.27", features = ["rt-tokio"] }
opentelemetry-otlp = { version = "0.27", features = ["http-proto", "reqwest-client"] }
tracing-opentelemetry = "0.28"
"#,
        code: ("main.rs", traced!("    fusillade::manager::start();")),
    }],
    pins: &[],
    builds: &[],
    line: "0.31",
    theirs: 4,
};

/// huggingface/text-generation-inference, December 2024: what nobody used went. The middleware that
/// is a line above the rest was left, and is not here.
pub const UNUSED_BRIDGE: Case = Case {
    name: "text-generation-inference, 0.20 + 0.24",
    root: "",
    members: &[
        Member {
            name: "router",
            manifest: r#"
[dependencies]
opentelemetry = { version = "0.20.0", features = ["rt-tokio"] }
opentelemetry-otlp = "0.13.0"
tracing-opentelemetry = "0.21.0"
"#,
            code: (
                "lib.rs",
                "pub fn run() {\n\
                   let tracer = opentelemetry_otlp::new_pipeline().tracing()\n\
                   .with_exporter(opentelemetry_otlp::new_exporter().tonic())\n\
                   .install_batch(opentelemetry::runtime::Tokio).unwrap();\n\
                   let layer = tracing_opentelemetry::layer().with_tracer(tracer);\n}\n",
            ),
        },
        Member {
            name: "trtllm",
            manifest: r#"
[dependencies]
router = { path = "../router" }
tracing-opentelemetry = "0.25"
"#,
            code: ("main.rs", "fn main() { router::run() }\n"),
        },
    ],
    pins: &[],
    builds: &[],
    line: "0.20",
    theirs: 1,
};

/// exograph/exograph, November 2024: the bridge had been taken for one of the line of its number.
pub const BRIDGE_BY_NUMBER: Case = Case {
    name: "exograph, 0.26 + 0.27",
    root: "",
    members: &[Member {
        name: "common",
        manifest: r#"
[dependencies]
tracing-opentelemetry = "0.27"
opentelemetry = { version = "0.27", default-features = false, features = ["trace"] }
opentelemetry_sdk = { version = "0.27", features = ["rt-tokio"] }
opentelemetry-otlp = { version = "0.27", features = ["reqwest-client", "reqwest-rustls", "http-proto", "tls"] }
opentelemetry-appender-tracing = "0.27"
"#,
        code: ("main.rs", traced!("")),
    }],
    pins: &[],
    builds: &[],
    line: "0.27",
    theirs: 2,
};
