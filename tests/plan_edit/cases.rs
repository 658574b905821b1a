//! Each change on each form of an entry.

use otel_check::plan::edit::{Change, Entry, GitReference, PatchSource};
use otel_check::workspace::manifest::DependencyTable::{Build, Dev, Normal, Workspace};

use super::{entry, normal, turns, words};

fn require(at: Entry) -> Change {
    Change::Require {
        at,
        requirement: "0.28".into(),
    }
}

#[test]
fn a_requirement_changes_in_place() {
    let cases = [
        (
            "[dependencies]\na = \"1\"\nx = \"0.26\" # why\nz='2'\n",
            "[dependencies]\na = \"1\"\nx = \"0.28\" # why\nz='2'\n",
        ),
        ("[dependencies]\nx='0.26'", "[dependencies]\nx='0.28'"),
        (
            "[dependencies]\r\n\tx  =  \"0.26\"\t# c\r\n",
            "[dependencies]\r\n\tx  =  \"0.28\"\t# c\r\n",
        ),
        ("dependencies.x = \"0.26\"\n", "dependencies.x = \"0.28\"\n"),
        (
            "dependencies = { x = \"0.26\", y = \"1\" }\n",
            "dependencies = { x = \"0.28\", y = \"1\" }\n",
        ),
        (
            "dependencies = {x.version='0.26'}\n",
            "dependencies = {x.version='0.28'}\n",
        ),
        (
            "[dependencies]\nx = { version = '0.26', features=[\"a\"] }# c\n",
            "[dependencies]\nx = { version = '0.28', features=[\"a\"] }# c\n",
        ),
        (
            "[dependencies]\nx.features = [\"a\"]\ny = \"1\"\nx.version = \"0.26\"\n",
            "[dependencies]\nx.features = [\"a\"]\ny = \"1\"\nx.version = \"0.28\"\n",
        ),
        (
            "[dependencies.\"x\"] # head\n# line\nversion = \"0.26\"\n\n[dependencies]\ny = \"1\"\n",
            "[dependencies.\"x\"] # head\n# line\nversion = \"0.28\"\n\n[dependencies]\ny = \"1\"\n",
        ),
        (
            "\u{feff}[dependencies]\nx = \"0.26\"\n",
            "\u{feff}[dependencies]\nx = \"0.28\"\n",
        ),
        (
            "[dependencies]\nx = { version = \"\"\"0.26\"\"\" }\n",
            "[dependencies]\nx = { version = \"0.28\" }\n",
        ),
    ];
    for (before, after) in cases {
        turns(before, require(normal("x")), after);
    }
}

#[test]
fn every_table_is_found() {
    let cases = [
        ("[dev-dependencies]", entry(Dev, None, "x")),
        ("[dev_dependencies]", entry(Dev, None, "x")),
        ("[build-dependencies]", entry(Build, None, "x")),
        ("[build_dependencies]", entry(Build, None, "x")),
        ("[workspace.dependencies]", entry(Workspace, None, "x")),
        (
            "[workspace]\n[ workspace . \"dependencies\" ]",
            entry(Workspace, None, "x"),
        ),
        (
            "[target.'cfg(unix)'.dependencies]",
            entry(Normal, Some("cfg(unix)"), "x"),
        ),
        (
            "[target.\"cfg(unix)\".dev_dependencies]",
            entry(Dev, Some("cfg(unix)"), "x"),
        ),
        (
            "[target.x86_64-pc-windows-msvc.build-dependencies]",
            entry(Build, Some("x86_64-pc-windows-msvc"), "x"),
        ),
    ];
    for (header, at) in cases {
        let others = "[dependencies]\nother = \"0.26\"\n";
        let text = format!("{others}{header}\nx = \"0.26\"\n");
        let after = format!("{others}{header}\nx = \"0.28\"\n");
        turns(&text, require(at), &after);
    }
}

#[test]
fn default_features_turn_off_and_on() {
    let off = |at| Change::DefaultFeatures { at, on: false };
    let on = |at| Change::DefaultFeatures { at, on: true };
    let plain = "[dependencies]\nx = \"1\" # c\n";
    let table = "[dependencies]\nx = { version = \"1\", default-features = false } # c\n";
    turns(plain, off(normal("x")), table);
    turns(
        table,
        on(normal("x")),
        "[dependencies]\nx = { version = \"1\" } # c\n",
    );
    turns(
        "[dependencies]\nx = {default_features = true, version='1'}\n",
        off(normal("x")),
        "[dependencies]\nx = {default_features = false, version='1'}\n",
    );
    turns(
        "[dependencies]\nx.version = \"1\"\ny = \"1\"\n",
        off(normal("x")),
        "[dependencies]\nx.version = \"1\"\nx.default-features = false\ny = \"1\"\n",
    );
    turns(
        "[dependencies.x]\nversion = \"1\" # c\n\n# about y\n[dependencies.y]\nversion = \"1\"",
        off(normal("x")),
        "[dependencies.x]\nversion = \"1\" # c\ndefault-features = false\n\n# about y\n[dependencies.y]\nversion = \"1\"",
    );
    turns(
        "[dependencies]\nx.workspace = true # c\n",
        on(normal("x")),
        "[dependencies]\nx = { workspace = true, default-features = true } # c\n",
    );
}

fn add(at: Entry) -> Change {
    Change::Add {
        at,
        package: None,
        requirement: "1".into(),
        features: vec![],
        default_features: true,
        optional: false,
    }
}

#[test]
fn an_entry_is_added_where_it_belongs() {
    let m = normal("m");
    let cases = [
        // In its place among sorted ones, comments undisturbed.
        (
            "[dependencies]\na = \"1\"\n# about z\nz = \"1\"\n",
            "[dependencies]\na = \"1\"\nm = \"1\"\n# about z\nz = \"1\"\n",
        ),
        // At the end of unsorted ones, with their indentation.
        (
            "[dependencies]\n  z = \"1\"\n  a = \"1\"",
            "[dependencies]\n  z = \"1\"\n  a = \"1\"\n  m = \"1\"",
        ),
        (
            "[dependencies]\r\n\r\n[features]\r\n",
            "[dependencies]\r\nm = \"1\"\r\n\r\n[features]\r\n",
        ),
        (
            "dependencies.a = \"1\"\n[lib]\n",
            "dependencies.a = \"1\"\ndependencies.m = \"1\"\n[lib]\n",
        ),
        (
            "dependencies = { a = \"1\" }\n",
            "dependencies = { a = \"1\", m = \"1\" }\n",
        ),
        ("dependencies = {}\n", "dependencies = { m = \"1\" }\n"),
        (
            "[dependencies.a]\nversion = \"1\"\n\n[features]\n",
            "[dependencies.a]\nversion = \"1\"\n\n[dependencies]\nm = \"1\"\n\n[features]\n",
        ),
        (
            "[package]\nname = \"p\"\n",
            "[package]\nname = \"p\"\n\n[dependencies]\nm = \"1\"\n",
        ),
        (
            "[package]\nname = \"p\"",
            "[package]\nname = \"p\"\n\n[dependencies]\nm = \"1\"",
        ),
        ("", "[dependencies]\nm = \"1\"\n"),
    ];
    for (before, after) in cases {
        turns(before, add(m.clone()), after);
    }
}

#[test]
fn a_table_is_made_where_there_is_none() {
    turns(
        "[workspace]\nmembers = []\n# exclude = []\n\n# a profile\n[profile.dev]\n",
        add(entry(Workspace, None, "m")),
        "[workspace]\nmembers = []\n# exclude = []\n\n[workspace.dependencies]\nm = \"1\"\n\n# a profile\n[profile.dev]\n",
    );
    turns(
        "workspace.members = []\nworkspace.resolver = \"2\"\n",
        add(entry(Workspace, None, "m")),
        "workspace.members = []\nworkspace.resolver = \"2\"\n\n[workspace.dependencies]\nm = \"1\"\n",
    );
    turns(
        "workspace = { members = [] }\n",
        add(entry(Workspace, None, "m")),
        "workspace = { members = [], dependencies.m = \"1\" }\n",
    );
    turns(
        "[dependencies]\n",
        add(entry(Dev, Some("cfg(target_os = \"linux\")"), "m")),
        "[dependencies]\n\n[target.'cfg(target_os = \"linux\")'.dev-dependencies]\nm = \"1\"\n",
    );
    turns(
        "[dev_dependencies]\n",
        add(entry(Dev, None, "m")),
        "[dev_dependencies]\nm = \"1\"\n",
    );
}

#[test]
fn an_added_entry_says_all_that_is_asked() {
    turns(
        "[dependencies]\n",
        Change::Add {
            at: normal("m"),
            package: Some("real-name".into()),
            requirement: ">=0.27, <0.29".into(),
            features: words(&["a", "b-c"]),
            default_features: false,
            optional: true,
        },
        "[dependencies]\nm = { version = \">=0.27, <0.29\", package = \"real-name\", optional = true, default-features = false, features = [\"a\", \"b-c\"] }\n",
    );
}

fn inherit() -> Change {
    Change::Inherit { at: normal("x") }
}

#[test]
fn an_entry_comes_to_inherit() {
    let cases = [
        ("x = \"1\" # c\n", "x.workspace = true # c\n"),
        ("'x' = { version = \"1\" }\n", "'x'.workspace = true\n"),
        (
            "x = { version = \"1\", default-features = false, features = [\"a\"], optional = true }\n",
            "x = { workspace = true, features = [\"a\"], optional = true }\n",
        ),
        (
            "x = { features = [\"a\"], git = \"https://example.invalid/x\", branch = \"b\" }\n",
            "x = { features = [\"a\"], workspace = true }\n",
        ),
        (
            "x.features = [\"a\"]\nx.version = \"1\"\nx.default-features = false\n",
            "x.features = [\"a\"]\nx.workspace = true\n",
        ),
    ];
    for (before, after) in cases {
        let head = "[dependencies]\na = \"1\"\n";
        turns(
            &format!("{head}{before}"),
            inherit(),
            &format!("{head}{after}"),
        );
    }
    turns(
        "[dependencies.x]\noptional = true\nversion = \"1\" # c\ndefault-features = false\n",
        inherit(),
        "[dependencies.x]\noptional = true\nworkspace = true # c\n",
    );
    turns(
        "dependencies = { x = \"1\" }\n",
        inherit(),
        "dependencies = { x.workspace = true }\n",
    );
}

#[test]
fn an_entry_goes() {
    let remove = || Change::Remove { at: normal("x") };
    let cases = [
        (
            "[dependencies]\n# kept\nx = \"1\" # c\ny = \"1\"\n",
            "[dependencies]\n# kept\ny = \"1\"\n",
        ),
        (
            "[dependencies]\ny = \"1\"\nx = \"1\"",
            "[dependencies]\ny = \"1\"\n",
        ),
        (
            "[dependencies]\nx = { version = \"1\", features = [\n  \"a\",\n] }\ny = \"1\"\n",
            "[dependencies]\ny = \"1\"\n",
        ),
        (
            "[dependencies]\nx.version = \"1\"\ny = \"1\"\nx.features = []\n",
            "[dependencies]\ny = \"1\"\n",
        ),
        (
            "[dependencies.x]\nversion = \"1\"\n# in it\nfeatures = []\n\n# about y\n[dependencies.y]\nversion = \"1\"\n",
            "# about y\n[dependencies.y]\nversion = \"1\"\n",
        ),
        (
            "dependencies = { x = \"1\", y = \"1\" }\n",
            "dependencies = { y = \"1\" }\n",
        ),
        (
            "dependencies = { y = \"1\", x.version = \"1\", x.features = [] }\n",
            "dependencies = { y = \"1\" }\n",
        ),
        ("dependencies = { x = \"1\" }\n", "dependencies = {}\n"),
    ];
    for (before, after) in cases {
        turns(before, remove(), after);
    }
}

#[test]
fn an_entry_becomes_a_comment() {
    let disable = || Change::Disable {
        at: normal("x"),
        reason: "no release for 0.31 yet\nsee the plan".into(),
    };
    let above = "# no release for 0.31 yet\n# see the plan\n";
    let cases = [
        (
            "[dependencies]\nx = \"1\" # c\ny = \"1\"\n",
            format!("[dependencies]\n{above}# x = \"1\" # c\ny = \"1\"\n"),
        ),
        (
            "[dependencies]\nx = { version = \"1\", features = [\n  \"a\",\n\n] }\n",
            format!(
                "[dependencies]\n{above}# x = {{ version = \"1\", features = [\n#   \"a\",\n\n# ] }}\n"
            ),
        ),
        (
            "[dependencies]\nx.version = \"1\"\ny = \"1\"\nx.features = []",
            format!("[dependencies]\n{above}# x.version = \"1\"\ny = \"1\"\n# x.features = []"),
        ),
        (
            "[dependencies.x]\nversion = \"1\"\n\nfeatures = []\n\n# about y\n[dependencies.y]\nversion = \"1\"\n",
            format!(
                "{above}# [dependencies.x]\n# version = \"1\"\n\n# features = []\n\n# about y\n[dependencies.y]\nversion = \"1\"\n"
            ),
        ),
        (
            "dependencies = { x = \"1\", y = \"1\" }\n",
            format!("{above}# x = \"1\"\ndependencies = {{ y = \"1\" }}\n"),
        ),
    ];
    for (before, after) in cases {
        turns(before, disable(), &after);
    }
    turns(
        "[dependencies]\r\n  x = \"1\"\r\n",
        disable(),
        "[dependencies]\r\n  # no release for 0.31 yet\r\n  # see the plan\r\n  # x = \"1\"\r\n",
    );
}

#[test]
fn a_patch_is_added() {
    let patch = |source| Change::Patch {
        registry: "crates-io".into(),
        package: "x".into(),
        source,
    };
    let git = |reference| PatchSource::Git {
        url: "https://example.invalid/x.git".into(),
        reference,
    };
    turns(
        "[workspace]\n",
        patch(git(GitReference::Branch("line/0.31".into()))),
        "[workspace]\n\n[patch.crates-io]\nx = { git = \"https://example.invalid/x.git\", branch = \"line/0.31\" }\n",
    );
    turns(
        "[patch.crates-io]\na = { path = \"a\" }\n\n[profile.dev]\n",
        patch(PatchSource::Path("../x y".into())),
        "[patch.crates-io]\na = { path = \"a\" }\nx = { path = \"../x y\" }\n\n[profile.dev]\n",
    );
    turns(
        "[patch]\ncrates-io.a = { path = \"a\" }\n",
        patch(git(GitReference::Rev("0123abc".into()))),
        "[patch]\ncrates-io.a = { path = \"a\" }\ncrates-io.x = { git = \"https://example.invalid/x.git\", rev = \"0123abc\" }\n",
    );
    turns(
        "",
        Change::Patch {
            registry: "https://example.invalid/index".into(),
            package: "x".into(),
            source: git(GitReference::Default),
        },
        "[patch.\"https://example.invalid/index\"]\nx = { git = \"https://example.invalid/x.git\" }\n",
    );
}
