//! Features of entries, and `[features]` following what becomes of an entry.

use otel_check::plan::edit::Change;
use otel_check::workspace::manifest::DependencyTable::{Dev, Workspace};

use super::{entry, normal, turns, words};

fn features(add: &[&str], remove: &[&str]) -> Change {
    Change::Features {
        at: normal("x"),
        add: words(add),
        remove: words(remove),
    }
}

#[track_caller]
fn lines(before: &str, change: Change, after: &str) {
    let head = "[dependencies]\na = \"1\"\n";
    turns(
        &format!("{head}{before}"),
        change,
        &format!("{head}{after}"),
    );
}

#[test]
fn features_are_enabled() {
    let add = || features(&["n"], &[]);
    lines(
        "x = '1' # c\n",
        add(),
        "x = { version = '1', features = [\"n\"] } # c\n",
    );
    lines(
        "x = { version = \"1\" }\n",
        add(),
        "x = { version = \"1\", features = [\"n\"] }\n",
    );
    lines(
        "x = {version=\"1\"}\n",
        add(),
        "x = {version=\"1\", features = [\"n\"]}\n",
    );
    lines(
        "x = { version = \"1\", features = [] }\n",
        add(),
        "x = { version = \"1\", features = [\"n\"] }\n",
    );
    lines(
        "x = { features = [ 'a' ], version = \"1\" }\n",
        add(),
        "x = { features = [ 'a', \"n\" ], version = \"1\" }\n",
    );
    lines(
        "x.workspace = true\n",
        add(),
        "x = { workspace = true, features = [\"n\"] }\n",
    );
    lines(
        "x = { workspace = true }\n",
        add(),
        "x = { workspace = true, features = [\"n\"] }\n",
    );
    lines(
        "x.version = \"1\" # c\n",
        add(),
        "x.version = \"1\" # c\nx.features = [\"n\"]\n",
    );
}

#[test]
fn features_are_enabled_as_the_others_are_written() {
    let add = || features(&["n"], &[]);
    lines(
        "x = { version = \"1\", features = [\n    \"a\", # why a\n    # more\n    \"b\", # why b\n] }\n",
        add(),
        "x = { version = \"1\", features = [\n    \"a\", # why a\n    # more\n    \"b\", # why b\n    \"n\",\n] }\n",
    );
    lines(
        "x = { version = \"1\", features = [\r\n\t\"a\" # why, a\r\n] }\r\n",
        add(),
        "x = { version = \"1\", features = [\r\n\t\"a\", # why, a\r\n\t\"n\"\r\n] }\r\n",
    );
    // A multi-line inline table, which newer cargos read.
    lines(
        "x = {\n  version = \"1\", # v\n}\n",
        add(),
        "x = {\n  version = \"1\", # v\n  features = [\"n\"],\n}\n",
    );
    turns(
        "[dependencies.x]\n  version = \"1\"\n[lib]\n",
        add(),
        "[dependencies.x]\n  version = \"1\"\n  features = [\"n\"]\n[lib]\n",
    );
    turns(
        "dependencies = { x = \"1\" }",
        add(),
        "dependencies = { x = { version = \"1\", features = [\"n\"] } }",
    );
}

#[test]
fn features_are_dropped() {
    let drop = || features(&[], &["b"]);
    lines(
        "x = { version = \"1\", features = [\"b\"] }\n",
        drop(),
        "x = { version = \"1\" }\n",
    );
    lines(
        "x = { features = [\"b\"], version = \"1\" }\n",
        drop(),
        "x = { version = \"1\" }\n",
    );
    lines(
        "x = { version = \"1\", features = [\"a\", \"b\", \"c\"] }\n",
        drop(),
        "x = { version = \"1\", features = [\"a\", \"c\"] }\n",
    );
    lines(
        "x = { version = \"1\", features = [\"b\", \"c\"] }\n",
        drop(),
        "x = { version = \"1\", features = [\"c\"] }\n",
    );
    lines(
        "x = { version = \"1\", features = [\"a\", \"b\",] }\n",
        drop(),
        "x = { version = \"1\", features = [\"a\",] }\n",
    );
    lines(
        "x.version = \"1\"\nx.features = [\"b\"] # c\n",
        drop(),
        "x.version = \"1\"\n",
    );
    lines(
        "x = { version = \"1\", features = [\n  \"a\", # why a\n  \"b\", # why b\n  \"c\",\n] }\n",
        drop(),
        "x = { version = \"1\", features = [\n  \"a\", # why a\n  \"c\",\n] }\n",
    );
    lines(
        "x = { version = \"1\", features = [\n  \"a\", # why a\n  \"b\" # why b\n] }\n",
        drop(),
        "x = { version = \"1\", features = [\n  \"a\" # why a\n] }\n",
    );
    lines(
        "x = { version = \"1\", features = [\n  \"b\",\n  # about c\n  \"c\",\n] }\n",
        drop(),
        "x = { version = \"1\", features = [\n  # about c\n  \"c\",\n] }\n",
    );
    lines(
        "x = { version = \"1\", features = [\"a\", \"b\"] }\n",
        features(&["n"], &["b", "a"]),
        "x = { version = \"1\", features = [\"n\"] }\n",
    );
}

const PACKAGE: &str = "\
[features]
default = [\"std\", \"old\"]
std = []
trace = [\"dep:old\", \"old/trace\", 'old?/rt', \"older/x\", \"dep:older\"]
[dependencies]
old = { version = \"1\", optional = true, features = [\"f\"] } # c
older = { version = \"1\", optional = true }
";

fn rename(package: &str) -> Change {
    Change::Rename {
        at: normal("old"),
        package: package.into(),
        requirement: "2".into(),
    }
}

#[test]
fn features_follow_a_successor() {
    turns(
        PACKAGE,
        rename("new"),
        "\
[features]
default = [\"std\", \"new\"]
std = []
trace = [\"dep:new\", \"new/trace\", 'new?/rt', \"older/x\", \"dep:older\"]
[dependencies]
new = { version = \"2\", optional = true, features = [\"f\"] } # c
older = { version = \"1\", optional = true }
",
    );
    // A feature that has the name of the crate is the package's own, and keeps it.
    turns(
        "[features]\ndefault = [\"old\"]\nold = [\"dep:old\"]\n[dependencies]\nold = { version = \"1\", optional = true }\n",
        rename("new"),
        "[features]\ndefault = [\"old\"]\nold = [\"dep:new\"]\n[dependencies]\nnew = { version = \"2\", optional = true }\n",
    );
    // A key that the manifest chose stays.
    turns(
        "[features]\nf = [\"old/x\"]\n[dependencies]\nold = { package = 'first', version = \"1\" }\n",
        rename("new"),
        "[features]\nf = [\"old/x\"]\n[dependencies]\nold = { package = 'new', version = \"2\" }\n",
    );
    // As long as another table has the old one, features speak of that.
    turns(
        "[features]\nf = [\"old/x\"]\n[target.'cfg(unix)'.dependencies]\nold = \"1\"\n[dependencies]\nold = \"1\"\n",
        rename("new"),
        "[features]\nf = [\"old/x\"]\n[target.'cfg(unix)'.dependencies]\nold = \"1\"\n[dependencies]\nnew = \"2\"\n",
    );
}

#[test]
fn a_successor_takes_any_form() {
    turns(
        "[dependencies.old]\nversion = \"1\"\n",
        rename("new"),
        "[dependencies.new]\nversion = \"2\"\n",
    );
    turns(
        "[dependencies.'old']\nversion = \"1\"\n",
        rename("new"),
        "[dependencies.'new']\nversion = \"2\"\n",
    );
    turns(
        "[dependencies]\nold.version = \"1\"\na = \"1\"\n\"old\" . features = [\"f\"]\n",
        rename("new"),
        "[dependencies]\nnew.version = \"2\"\na = \"1\"\n\"new\" . features = [\"f\"]\n",
    );
    turns(
        "dependencies = { old.version = \"1\" }\n",
        rename("new"),
        "dependencies = { new.version = \"2\" }\n",
    );
    turns(
        "dependencies.old.version = \"1\"\n",
        rename("new"),
        "dependencies.new.version = \"2\"\n",
    );
    // To the same requirement: only the name changes.
    turns(
        "[dependencies]\nold = \"2\"\n",
        rename("new"),
        "[dependencies]\nnew = \"2\"\n",
    );
}

#[test]
fn features_forget_what_is_gone() {
    let gone = "\
[features]
default = [\"std\"]
std = []
trace = [\"older/x\", \"dep:older\"]
[dependencies]
";
    let rest = "older = { version = \"1\", optional = true }\n";
    turns(
        PACKAGE,
        Change::Remove { at: normal("old") },
        &format!("{gone}{rest}"),
    );
    turns(
        PACKAGE,
        Change::Disable {
            at: normal("old"),
            reason: "dead".into(),
        },
        &format!(
            "{gone}# dead\n# old = {{ version = \"1\", optional = true, features = [\"f\"] }} # c\n{rest}"
        ),
    );
    turns(
        "[features]\notel = [\"dep:old\"]\n[dependencies]\nold = { version = \"1\", optional = true }\n[dev-dependencies]\nold = \"1\"\n",
        Change::Remove { at: normal("old") },
        "[features]\notel = []\n[dependencies]\n[dev-dependencies]\nold = \"1\"\n",
    );
    turns(
        "[features]\notel = [\"dep:old\"]\n[dependencies]\nold = { version = \"1\", optional = true }\n[dev-dependencies]\nold = \"1\"\n",
        Change::Remove {
            at: entry(Dev, None, "old"),
        },
        "[features]\notel = [\"dep:old\"]\n[dependencies]\nold = { version = \"1\", optional = true }\n[dev-dependencies]\n",
    );
    // What is shared is no package's own.
    turns(
        "[features]\nf = [\"old/x\"]\n[dependencies]\nold = \"1\"\n[workspace.dependencies]\nold = \"1\"\n",
        Change::Remove {
            at: entry(Workspace, None, "old"),
        },
        "[features]\nf = [\"old/x\"]\n[dependencies]\nold = \"1\"\n[workspace.dependencies]\n",
    );
}

fn optional() -> Change {
    Change::MakeOptional {
        at: normal("x"),
        feature: "otel".into(),
    }
}

#[test]
fn an_entry_becomes_optional() {
    turns(
        "[dependencies]\nx = \"1\"\n",
        optional(),
        "[dependencies]\nx = { version = \"1\", optional = true }\n\n[features]\notel = [\"dep:x\"]\n",
    );
    turns(
        "[features]\ndefault = [\"x/a\"]\n\n[dependencies]\nx.workspace = true # c\n",
        optional(),
        "[features]\ndefault = [\"x?/a\"]\notel = [\"dep:x\"]\n\n[dependencies]\nx = { workspace = true, optional = true } # c\n",
    );
    turns(
        "[dependencies.x]\nversion = \"1\"\noptional = false",
        optional(),
        "[dependencies.x]\nversion = \"1\"\noptional = true\n\n[features]\notel = [\"dep:x\"]",
    );
    turns(
        "features = {}\ndependencies = { x = \"1\" }\n",
        optional(),
        "features = { otel = [\"dep:x\"] }\ndependencies = { x = { version = \"1\", optional = true } }\n",
    );
    // The feature may have the dependency's name.
    turns(
        "[dependencies]\nx = \"1\"\n[features]\n",
        Change::MakeOptional {
            at: normal("x"),
            feature: "x".into(),
        },
        "[dependencies]\nx = { version = \"1\", optional = true }\n[features]\nx = [\"dep:x\"]\n",
    );
}
