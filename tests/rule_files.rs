//! Files of users, laid over the shipped rules.

use camino::Utf8PathBuf;
use otel_check::rules::{Effect, Family, Role, Rules};
use semver::Version;

fn shipped() -> &'static Family {
    Rules::shipped()
        .family("opentelemetry")
        .expect("the shipped family")
}

fn version(text: &str) -> Version {
    text.parse().expect("a version")
}

/// Writes the texts as rule files and loads them over the shipped rules.
fn load(texts: &[&str]) -> Result<Rules, Vec<String>> {
    let folder = tempfile::tempdir().expect("a folder");
    let root = Utf8PathBuf::from_path_buf(folder.path().to_owned()).expect("UTF-8");
    let mut files = Vec::new();
    for (number, text) in texts.iter().enumerate() {
        let file = root.join(format!("{}.toml", number + 1));
        std::fs::write(&file, text).expect("a rule file");
        files.push(file);
    }
    Rules::with_files(&files).map_err(|errors| {
        let prefix = format!("{root}/");
        errors
            .mistakes
            .iter()
            .map(|mistake| mistake.to_string().replace(&prefix, ""))
            .collect()
    })
}

#[test]
fn no_file_means_the_shipped_rules() {
    assert_eq!(&Rules::with_files(&[]).expect("rules"), Rules::shipped());
}

#[test]
fn a_file_adds_to_a_family() {
    let rules = load(&[r#"
        family = "opentelemetry"

        [[crate]]
        name = "house-telemetry"
        role = "all-in-one"
        effects = ["set-tracer"]
        source = "our own, 2.0.0"

        [[api]]
        crates = ["house-telemetry"]
        path = "start"
        effect = "set-tracer"
        source = "our own, 2.0.0"

        [[release]]
        crate = "house-telemetry"
        versions = "<2"
        flaw = "deprecated"
        summary = "Only 2 is looked after."
        source = "our own, 2.0.0"
    "#])
    .expect("rules");
    let family = rules.family("opentelemetry").expect("the family");
    assert!(family.knows("house-telemetry") && family.knows("opentelemetry"));
    assert_eq!(family.title, shipped().title);
    assert_eq!(family.api.len(), shipped().api.len() + 1);
    let old = version("1.5.0");
    assert_eq!(
        family
            .release_rules("house-telemetry", &old, |_| false, |_, _| false)
            .count(),
        1
    );
}

#[test]
fn a_file_overrides_what_it_speaks_of() {
    let rules = load(&[
        r#"
        family = "opentelemetry"
        title = "Telemetry"

        [[singleton]]
        crate = "tracing-core"
        consequence = "Events are lost."
        source = "measured in 2026"

        [[crate]]
        name = "opentelemetry-otlp"
        versions = ">=0.30"
        role = "exporter"
        effects = ["set-meter"]
        source = "our fork, 0.30.0"

        [[crate]]
        name = "opentelemetry-zipkin"
        role = "helper"
        source = "our fork, 0.30.0"

        [[feature]]
        crate = "opentelemetry-otlp"
        feature = "tls"
        gone-in = "0.40.0"
        advice = "Our fork keeps it."
        source = "our fork, 0.33.0"
        "#,
        r#"
        family = "opentelemetry"
        title = "Telemetry of ours"
        "#,
    ])
    .expect("rules");
    let family = rules.family("opentelemetry").expect("the family");
    assert_eq!(family.title, "Telemetry of ours");
    let order = |family: &Family| -> Vec<String> {
        family
            .singletons
            .iter()
            .map(|singleton| singleton.name.clone())
            .collect()
    };
    assert_eq!(order(family), order(shipped()));
    assert_eq!(
        family.singleton("tracing-core").expect("it").consequence,
        "Events are lost."
    );
    let rule = |name: &str, release: &str| {
        family
            .crate_rule(name, &version(release))
            .expect("a rule")
            .clone()
    };
    assert_eq!(
        rule("opentelemetry-otlp", "0.31.0").effects,
        [Effect::SetMeter]
    );
    assert_eq!(
        rule("opentelemetry-otlp", "0.16.0").effects,
        [Effect::SetTracer, Effect::SetMeter]
    );
    // A rule for all versions leaves nothing of the shipped ones.
    assert_eq!(rule("opentelemetry-zipkin", "0.27.0").role, Role::Helper);
    assert_eq!(rule("opentelemetry-zipkin", "0.27.0").effects, []);
    let change = family
        .feature_change("opentelemetry-otlp", "tls")
        .expect("a change");
    assert_eq!(change.gone_in, version("0.40.0"));
    assert_eq!(family.features.len(), shipped().features.len());
}

#[test]
fn a_second_family_is_a_file_and_no_code() {
    let rules = load(&[r#"
        family = "arrow"
        title = "Apache Arrow"

        [[singleton]]
        crate = "arrow-schema"
        anchor = true
        consequence = "Batches of one copy do not fit where the other is expected."
        source = "arrow-schema 55.0.0 src/lib.rs"

        [[singleton]]
        crate = "arrow"
        anchor = true
        facade = { versions = ">=20", of = "arrow-schema" }
        consequence = "As above."
        source = "arrow 55.0.0 src/lib.rs"

        [[crate]]
        name = "datafusion"
        role = "helper"
        exposes-types = true
        source = "datafusion 47.0.0 src/lib.rs"

        [[major]]
        crate = "parquet"
        through = "datafusion"
        passed-by = ["ParquetFormat::new", "with_reader"]
        source = "datafusion 47.0.0 src/lib.rs"
    "#])
    .expect("rules");
    assert_eq!(rules.families.len(), Rules::shipped().families.len() + 1);
    let arrow = rules.family("arrow").expect("the new family");
    assert_eq!(
        arrow.statics_holder("arrow", &version("55.1.0")),
        "arrow-schema"
    );
    assert_eq!(arrow.statics_holder("arrow", &version("4.0.0")), "arrow");
    assert!(arrow.knows("datafusion") && !arrow.knows("opentelemetry"));
    assert_eq!(rules.family("opentelemetry"), Some(shipped()));
}

#[test]
fn all_mistakes_are_told_at_once() {
    let mistakes = load(&[
        r#"family = "opentelemetry"
titel = "x"

[[crate]]
name = "a b"
role = "exporters"
effects = ["set-tracer", "set-tracers"]
versions = ">=0.3, <0.2"
core = "yes"

[[crate]]
name = "twice"
role = "helper"
versions = "<0.5"
source = "x"

[[crate]]
name = "twice"
role = "helper"
versions = ">=0.4"
source = "x"

[[api]]
crates = []
path = "global::"
method = "m"
effect = "read-tracer"
source = "x"

[[feature]]
crate = "c"
feature = 7
gone-in = "0.21"
advice = "a\u001bb"
source = "x"
"#,
        r#"family = "new"

[[singleton]]
crate = "n"
facade = { versions = "*", of = "m" }
consequence = "c"
source = "s"
"#,
        "family = [\n\nkey 'value'\n",
        "[[major]]\ncrate = 'c'\n",
    ])
    .expect_err("mistakes");
    insta::assert_snapshot!(mistakes.join("\n"), @r#"
    1.toml:2:1: unknown key `titel` in a rule file; expected one of `family`, `title`, `singleton`, `crate`, `api`, `release`, `feature`, `behaviour`, `successor`, `major`
    1.toml:4:1: `[[crate]]` needs a key `source` with one line of text
    1.toml:5:8: `a b` under `name`; expected a package name
    1.toml:6:8: `role`: unknown name `exporters`, expected one of `api`, `sdk`, `exporter`, `propagator`, `resource`, `bridge`, `instrumentation`, `all-in-one`, `wire`, `constants`, `helper`
    1.toml:7:26: `effects`: unknown name `set-tracers`, expected one of `read-tracer`, `read-meter`, `read-logger`, `read-propagator`, `set-tracer`, `set-meter`, `set-logger`, `set-propagator`, `context`, `span-extension`, `create-bridge`, `feed-bridge`, `build-provider`
    1.toml:8:12: no version satisfies `>=0.3, <0.2` under `versions`
    1.toml:9:8: `core` is of the type string; expected `true` or `false`
    1.toml:17:1: this `[[crate]]` speaks of the same as the one in 1.toml, line 11; expected entries that exclude each other, say by `versions`
    1.toml:23:1: `[[api]]` needs a key `crates` with a package name
    1.toml:23:1: `[[api]]` needs either a key `path` or a key `method`
    1.toml:25:8: `global::` under `path`; expected names separated by `::`
    1.toml:32:11: `feature` is of the type integer; expected a feature name
    1.toml:33:11: `0.21` under `gone-in`: unexpected end of input while parsing minor version number; expected a version such as "0.21.0"
    1.toml:34:10: `a\u{1b}b` under `advice`; expected one line of text
    2.toml:1:10: the new family `new` needs a key `title`
    2.toml:1:10: the new family `new` needs a `[[singleton]]` with `anchor = true`, whose releases are its lines
    2.toml:3:1: `n` re-exports `m`; expected another singleton with `anchor = true`
    3.toml:3:1: string values must be quoted, expected literal string
    3.toml:3:5: missing comma between array elements, expected `,`
    3.toml:3:12: unclosed array, expected `]`
    4.toml:1:1: a rule file needs a key `family` with a package name
    4.toml:1:1: `[[major]]` needs a key `through` with a package name
    4.toml:1:1: `[[major]]` needs a key `passed-by` with names separated by `::`
    4.toml:1:1: `[[major]]` needs a key `source` with one line of text
    "#);
}

#[test]
fn a_file_that_is_not_there_is_a_mistake_too() {
    let errors = Rules::with_files(&["no/such/file.toml".into()]).expect_err("a mistake");
    let text = errors.to_string();
    assert!(
        text.starts_with("cannot use the rule files; mend this mistake:"),
        "{text}"
    );
    assert!(
        text.contains("no/such/file.toml: cannot be read: "),
        "{text}"
    );
}
