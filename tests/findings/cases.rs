//! Small workspaces, each with the cause of one finding and a twin without it, on releases that
//! exist on a loopback registry only.

use crate::lab::Lab;
use crate::loopback::{Dep, Package};

/// Files of a workspace.
type Files = Vec<(String, String)>;

/// A code with its cause and without.
pub struct Case {
    pub code: &'static str,
    with: Files,
    without: Files,
}

impl Case {
    pub fn lab(&self, with_cause: bool) -> Lab {
        let files = if with_cause {
            &self.with
        } else {
            &self.without
        };
        let lab = Lab::new(releases());
        for (path, text) in files {
            lab.sandbox.write(path, text);
        }
        lab
    }
}

const API: &str = "pub struct KeyValue; pub mod global { pub fn tracer(_: &'static str) {} \
                   pub fn set_tracer_provider<P>(_: P) {} }";
const SDK: &str = "pub mod trace { pub struct SdkTracerProvider; }";
const BRIDGE: &str = "pub struct Layer; impl Layer { pub fn with_tracer(self, _: ()) {} } \
                      pub fn layer() -> Layer { Layer }";
const USER: &str = "pub fn send() { opentelemetry::global::tracer(\"user\"); }";
const INSTALL: &str =
    "opentelemetry::global::set_tracer_provider(opentelemetry_sdk::trace::SdkTracerProvider);";

/// A whole pipeline on one line.
const PIPELINE: &str =
    "opentelemetry = \"0.33\"\nopentelemetry_sdk = \"0.33\"\nopentelemetry-stdout = \"0.33\"\n";

/// A release for each of the two lines: 1.0.0 is on the old one, 2.0.0 on the new one.
fn twins(name: &str, source: &str, sdk: bool) -> [Package; 2] {
    [("1.0.0", "^0.32"), ("2.0.0", "^0.33")].map(|(version, line)| {
        let package = Package::new(name, version)
            .dep(Dep::new("opentelemetry", line))
            .lib(source);
        if sdk {
            package.dep(Dep::new("opentelemetry_sdk", line))
        } else {
            package
        }
    })
}

fn releases() -> Vec<Package> {
    let mut all = Vec::new();
    for (line, version) in [
        ("^0.22", "0.22.0"),
        ("^0.32", "0.32.1"),
        ("^0.33", "0.33.0"),
    ] {
        let api = Dep::new("opentelemetry", line);
        all.push(Package::new("opentelemetry", version).lib(API));
        all.push(
            Package::new("opentelemetry_sdk", version)
                .dep(api.clone())
                .lib(SDK),
        );
        all.push(Package::new("opentelemetry-stdout", version).dep(api));
    }
    for (version, line) in [("0.22.1", "^0.22"), ("0.32.0", "^0.32")] {
        let sdk = Package::new("opentelemetry_sdk", version).lib(SDK);
        all.push(sdk.dep(Dep::new("opentelemetry", line)));
    }
    for (version, line) in [("0.33.0", "^0.32"), ("0.34.0", "^0.33")] {
        let bridge = Package::new("tracing-opentelemetry", version);
        let bridge = bridge.dep(Dep::new("opentelemetry", line));
        all.push(bridge.lib(BRIDGE));
    }
    all.extend(twins("user", USER, false));
    all.extend(twins("reader", USER, false));
    all.extend(twins(
        "typed",
        "pub fn tag(_: opentelemetry::KeyValue) {}",
        false,
    ));
    let installer = format!("pub fn init() {{ {INSTALL} }} {USER}");
    all.extend(twins("installer", &installer, true));
    all.push(chooser());
    all.push(Package::new("tonic", "0.12.3").lib("pub fn metadata() {}"));
    all.push(Package::new("tonic", "0.13.0").lib("pub fn metadata() {}"));
    all.push(
        Package::new("opentelemetry-otlp", "0.33.0")
            .dep(Dep::new("opentelemetry", "^0.33"))
            .dep(Dep::new("tonic", "^0.13"))
            .lib("pub struct Builder; impl Builder { pub fn with_metadata(self, _: ()) {} }"),
    );
    for version in ["0.31.0", "0.31.1"] {
        let feature = "experimental_use_tracing_span_context";
        let appender = Package::new("opentelemetry-appender-tracing", version);
        all.push(appender.feature(feature, &[]));
    }
    for (name, version) in [
        ("opentelemetry-jaeger", "0.22.0"),
        ("opentelemetry-zipkin", "0.31.0"),
        ("opentelemetry-zipkin", "0.32.0"),
    ] {
        all.push(Package::new(name, version));
    }
    all
}

/// A crate whose line its features choose.
fn chooser() -> Package {
    let mut package = Package::new("tracing-actix-web", "0.7.25");
    for (name, line) in [
        ("opentelemetry_0_32", "^0.32"),
        ("opentelemetry_0_33", "^0.33"),
    ] {
        let key = format!("{name}_pkg");
        let dep = Dep::new("opentelemetry", line).renamed(&key).optional();
        package = package.dep(dep).feature(name, &[&format!("dep:{key}")]);
    }
    package
}

fn manifest(name: &str, rest: &str) -> String {
    format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2021\"\n{rest}")
}

/// One package with one binary.
fn app(dependencies: &str, main: &str) -> Files {
    let rest = format!("[dependencies]\n{dependencies}\n[workspace]\nresolver = \"2\"\n");
    vec![
        ("Cargo.toml".into(), manifest("app", &rest)),
        ("src/main.rs".into(), format!("fn main() {{ {main} }}\n")),
    ]
}

/// An application with a pipeline of its own and further dependencies.
fn live(dependencies: &str, main: &str) -> Files {
    app(
        &format!("{PIPELINE}{dependencies}"),
        &format!("{INSTALL} {main}"),
    )
}

/// The same with a dependency on each of the two lines.
fn on_lines(code: &'static str, files: impl Fn(&str) -> Files) -> Case {
    case(code, files("1"), files("2"))
}

fn case(code: &'static str, with: Files, without: Files) -> Case {
    Case {
        code,
        with,
        without,
    }
}

/// A case for every code.
pub fn cases() -> Vec<Case> {
    let mut all = verdicts();
    all.extend(linked());
    all.extend(declared());
    all.extend(policies());
    all.extend(of_releases());
    all
}

fn verdicts() -> Vec<Case> {
    let tests = |major: &str| {
        let mut files = live(&format!("[dev-dependencies]\nuser = \"{major}\""), "");
        files.push((
            "tests/t.rs".into(),
            "#[test] fn t() { user::send() }".into(),
        ));
        files
    };
    let optional = |major: &str| {
        live(
            &format!("user = {{ version = \"{major}\", optional = true }}"),
            "#[cfg(feature = \"user\")] user::send();",
        )
    };
    vec![
        case(
            "unresolvable",
            app("opentelemetry = \"0.99\"", ""),
            app("opentelemetry = \"0.33\"", ""),
        ),
        on_lines("lost-telemetry", |major| {
            live(&format!("user = \"{major}\""), "user::send();")
        }),
        on_lines("split-context", |major| {
            live(
                &format!("installer = \"{major}\""),
                "installer::init(); installer::send();",
            )
        }),
        on_lines("type-clash", |major| {
            live(
                &format!("typed = \"{major}\""),
                "typed::tag(opentelemetry::KeyValue);",
            )
        }),
        on_lines("undecided-line", |major| {
            // No member says by a requirement of its own which line is the artifact's.
            let dependencies = format!("reader = \"2\"\nuser = \"{major}\"");
            app(&dependencies, "reader::send(); user::send();")
        }),
        on_lines("benign-line", |major| {
            live(&format!("user = \"{major}\""), "")
        }),
        on_lines("confined-line", tests),
        on_lines("latent-line", optional),
        case("separate-lines", pair("0.33", "0.32"), pair("0.33", "0.33")),
    ]
}

/// Two members with a binary each.
fn pair(first: &str, second: &str) -> Files {
    let mut files: Files = vec![(
        "Cargo.toml".into(),
        "[workspace]\nresolver = \"2\"\nmembers = [\"a\", \"b\"]\n".into(),
    )];
    for (name, line) in [("a", first), ("b", second)] {
        let features = if name == "b" {
            "[features]\nextra = []\n"
        } else {
            ""
        };
        let rest = format!("{features}[dependencies]\nopentelemetry = \"{line}\"\n");
        files.push((format!("{name}/Cargo.toml"), manifest(name, &rest)));
        files.push((format!("{name}/src/main.rs"), "fn main() {}".into()));
    }
    files
}

/// Two members of which one has the feature `extra`.
pub fn two_members() -> Lab {
    case("", pair("0.33", "0.33"), Vec::new()).lab(true)
}

/// A whole pipeline with a bridge, and what is done with its layer.
fn bridged(then: &str) -> Files {
    let dependencies = format!("{PIPELINE}tracing-opentelemetry = \"0.34\"\n");
    let main = format!("{INSTALL} let _layer = tracing_opentelemetry::layer(){then};");
    app(&dependencies, &main)
}

/// A bridge that another file feeds, which does not name its crate.
pub fn fed_elsewhere() -> Lab {
    let mut files = bridged(";\n    feed::feed(_layer)");
    files[1].1.push_str("mod feed;\n");
    let feed = "pub fn feed(layer: impl crate::Feed) { layer.with_tracer(()) }\n";
    files.push(("src/feed.rs".into(), feed.into()));
    case("", files, Vec::new()).lab(true)
}

/// A bridge that nothing feeds.
pub fn unfed() -> Lab {
    case("", bridged(""), Vec::new()).lab(true)
}

fn linked() -> Vec<Case> {
    let chosen = |features: &str| {
        let requirement = format!("{{ version = \"0.7\", features = [{features}] }}");
        live(&format!("tracing-actix-web = {requirement}"), "")
    };
    let tonic = |version: &str| {
        live(
            &format!("opentelemetry-otlp = \"0.33\"\ntonic = \"{version}\""),
            "opentelemetry_otlp::Builder.with_metadata(tonic::metadata());",
        )
    };
    let api = "opentelemetry = \"0.33\"\n";
    let sdk = "opentelemetry = \"0.33\"\nopentelemetry_sdk = \"0.33\"\n";
    vec![
        case(
            "wrong-line-feature",
            chosen("\"opentelemetry_0_32\""),
            chosen("\"opentelemetry_0_33\""),
        ),
        case(
            "no-line-feature",
            chosen(""),
            chosen("\"opentelemetry_0_33\""),
        ),
        case("no-sdk", app(api, ""), app(sdk, INSTALL)),
        case("no-exporter", app(sdk, INSTALL), app(PIPELINE, INSTALL)),
        case("unfed-bridge", bridged(""), bridged(".with_tracer(())")),
        case("foreign-major", tonic("0.12"), tonic("0.13")),
    ]
}

/// A clean application with a policy.
fn decided(policy: &str) -> Files {
    let mut files = app(PIPELINE, INSTALL);
    files.push(("otel-check.toml".into(), policy.into()));
    files
}

fn policies() -> Vec<Case> {
    let exception = |code: &str, expires: &str| {
        let text = format!(
            "[[exception]]\ncode = \"{code}\"\nreason = \"r\"\nowner = \"o\"\nexpires = {expires}\n"
        );
        let mut files = app("opentelemetry = \"0.33\"\n", "");
        files.push(("otel-check.toml".into(), text));
        files
    };
    vec![
        case(
            "off-target",
            decided("target-line = \"0.32\"\n"),
            decided("target-line = \"0.33\"\n"),
        ),
        case(
            "expired-exception",
            exception("no-sdk", "2020-01-01"),
            exception("no-sdk", "2999-01-01"),
        ),
        case(
            "unmatched-exception",
            exception("no-exporter", "2999-01-01"),
            exception("no-sdk", "2999-01-01"),
        ),
    ]
}

fn declared() -> Vec<Case> {
    let ignored = |root: &str| {
        let mut files = live("tool = { path = \"tool\" }", "");
        files.push(("tool/Cargo.toml".into(), manifest("tool", "")));
        files.push((format!("tool/src/{root}.rs"), "fn main() {}".into()));
        files
    };
    let shared = |dependencies: &str| {
        let rest = format!(
            "[workspace]\nresolver = \"2\"\n[workspace.dependencies]\nopentelemetry = \"0.33\"\n\
             [dependencies]\n{dependencies}\n"
        );
        vec![
            ("Cargo.toml".to_owned(), manifest("app", &rest)),
            ("src/main.rs".to_owned(), "fn main() {}".to_owned()),
        ]
    };
    vec![
        case(
            "mismatched-companion",
            live("tracing-opentelemetry = \"0.33\"", ""),
            live("tracing-opentelemetry = \"0.34\"", ""),
        ),
        case("ignored-dependency", ignored("main"), ignored("lib")),
        case(
            "uninherited-requirement",
            shared("opentelemetry = \"0.33\""),
            shared("opentelemetry.workspace = true"),
        ),
    ]
}

fn of_releases() -> Vec<Case> {
    let appender = |version: &str| {
        let feature = "experimental_use_tracing_span_context";
        let requirement = format!("{{ version = \"={version}\", features = [\"{feature}\"] }}");
        live(
            &format!("opentelemetry-appender-tracing = {requirement}"),
            "",
        )
    };
    let exact = |name: &str, version: &str| app(&format!("{name} = \"={version}\""), "");
    vec![
        case("skewed-release", appender("0.31.0"), appender("0.31.1")),
        case(
            "broken-release",
            exact("opentelemetry_sdk", "0.22.0"),
            exact("opentelemetry_sdk", "0.22.1"),
        ),
        case(
            "advisory",
            exact("opentelemetry_sdk", "0.32.0"),
            exact("opentelemetry_sdk", "0.32.1"),
        ),
        case(
            "unmaintained",
            live("opentelemetry-jaeger = \"0.22\"", ""),
            live("", ""),
        ),
        case(
            "deprecated",
            live("opentelemetry-zipkin = \"=0.32.0\"", ""),
            live("opentelemetry-zipkin = \"=0.31.0\"", ""),
        ),
    ]
}
