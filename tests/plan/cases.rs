//! One small skew for each kind of change: what is proposed, what it costs, and that it holds.

use crate::family::{API, File, USER, app, file, lab, live, manifest, pipeline, user};
use crate::lab::Lab;
use crate::loopback::{Dep, Package};
use crate::{fixed, planned};

/// What is expected of a plan.
struct Expected<'a> {
    target: &'a str,
    /// Disabled, blocked, breaking, edits, lock moves.
    cost: [u32; 5],
    actions: &'a [(&'a str, &'a str)],
    /// Lines of manifests that go and come.
    changes: &'a [&'a str],
}

/// The plan must be the expected one, and hold.
fn expect(lab: &Lab, expected: &Expected<'_>) {
    let plan = planned(lab, &[]);
    let choice = plan.choice();
    assert_eq!(choice.id, "a", "{choice:#?}");
    assert!(choice.is_proven(), "{choice:#?}");
    assert_eq!(choice.target.as_deref(), Some(expected.target));
    assert_eq!(choice.actions(), expected.actions, "{choice:#?}");
    assert_eq!(choice.changes(), expected.changes);
    assert_eq!(choice.figures(), Some(expected.cost));
    fixed(lab, &[]);
    // What was fixed once is not fixed again.
    let plan = planned(lab, &[]);
    assert_eq!(plan.choice().outcome.kind, "nothing-to-do");
}

/// A crate with one release more, on an application of line 0.33.
fn of(files: &[File], more: Vec<Package>) -> Lab {
    let lab = lab(files, more);
    lab.cargo(&["generate-lockfile"]);
    lab
}

#[test]
fn a_bump() {
    let lab = of(&live("user = \"1\" # theirs\n", "user::send();"), vec![]);
    expect(
        &lab,
        &Expected {
            target: "0.33",
            cost: [0, 0, 1, 1, 0],
            actions: &[("bump", "user")],
            changes: &["-user = \"1\" # theirs", "+user = \"2\" # theirs"],
        },
    );
}

#[test]
fn a_downgrade() {
    let dependencies = format!("[dependencies]\n{}user = \"2\"\n", pipeline("0.32"));
    let lab = of(&app(&dependencies, "user::send();"), vec![]);
    expect(
        &lab,
        &Expected {
            target: "0.32",
            cost: [0, 0, 1, 1, 0],
            actions: &[("downgrade", "user")],
            changes: &["-user = \"2\"", "+user = \"1\""],
        },
    );
}

/// A release that changes the line although it is semver-compatible: only the lock has to move.
#[test]
fn a_move_of_the_lock_alone() {
    let lab = of(
        &live("floating = \"1\"\n", "floating::send();"),
        vec![
            user("floating", "1.0.0", "^0.32"),
            user("floating", "1.1.0", "^0.33"),
        ],
    );
    lab.cargo(&["update", "-p", "floating", "--precise", "1.0.0"]);
    expect(
        &lab,
        &Expected {
            target: "0.33",
            cost: [0, 0, 0, 0, 1],
            actions: &[("lock", "floating")],
            changes: &[],
        },
    );
}

/// One that has nothing to do with telemetry itself stands between.
#[test]
fn a_move_of_the_lock_behind_another_crate() {
    let between = Package::new("between", "1.0.0")
        .dep(Dep::new("floating", "^1"))
        .lib("pub fn send() { floating::send(); }\n");
    let lab = of(
        &live("between = \"1\"\n", "between::send();"),
        vec![
            between,
            user("floating", "1.0.0", "^0.32"),
            user("floating", "1.1.0", "^0.33"),
        ],
    );
    lab.cargo(&["update", "-p", "floating", "--precise", "1.0.0"]);
    expect(
        &lab,
        &Expected {
            target: "0.33",
            cost: [0, 0, 0, 0, 1],
            actions: &[("lock", "floating")],
            changes: &[],
        },
    );
}

/// The other way round: the newest compatible release is of too new a line.
#[test]
fn a_move_of_the_lock_backwards() {
    let dependencies = format!("[dependencies]\n{}floating = \"1\"\n", pipeline("0.32"));
    let lab = of(
        &app(&dependencies, "floating::send();"),
        vec![
            user("floating", "1.0.0", "^0.32"),
            user("floating", "1.1.0", "^0.33"),
        ],
    );
    let plan = planned(&lab, &[]);
    assert_eq!(plan.choice().actions(), [("lock", "floating")]);
    let commands = &plan.choice().steps[0].commands;
    assert_eq!(commands, &["cargo otel-check fix --only floating"]);
    fixed(&lab, &["--only", "floating"]);
}

/// A dependency whose requirement admits several lines.
#[test]
fn a_range_that_floats() {
    let ranged = Package::new("ranged", "1.0.0")
        .dep(Dep::new("opentelemetry", ">=0.31, <0.34"))
        .lib(USER);
    let dependencies = format!("[dependencies]\n{}ranged = \"1\"\n", pipeline("0.32"));
    let lab = of(&app(&dependencies, "ranged::send();"), vec![ranged]);
    let plan = planned(&lab, &[]);
    let choice = plan.choice();
    assert_eq!(choice.target.as_deref(), Some("0.32"));
    assert_eq!(choice.actions(), [("lock", "opentelemetry")]);
    assert_eq!(choice.figures(), Some([0, 0, 0, 0, 1]));
    fixed(&lab, &[]);
}

/// `rt-tokio` has gone from the API to the SDK.
#[test]
fn a_feature_that_went_to_another_crate() {
    let old = Package::new("opentelemetry", "0.20.0")
        .lib(API)
        .feature("rt-tokio", &[])
        .feature("trace", &[]);
    let mut files = live("lib = { path = \"lib\" }\n", "lib::send();");
    let rest = "\n[dependencies]\nopentelemetry = { version = \"0.20\", features = [\"rt-tokio\", \"trace\"] }\n";
    files.push(file("lib/Cargo.toml", &manifest("lib", rest)));
    files.push(file("lib/src/lib.rs", USER));
    let lab = of(&files, vec![old]);
    expect(
        &lab,
        &Expected {
            target: "0.33",
            cost: [0, 0, 1, 2, 0],
            actions: &[("bump", "opentelemetry")],
            changes: &[
                "-opentelemetry = { version = \"0.20\", features = [\"rt-tokio\", \"trace\"] }",
                "+opentelemetry = { version = \"0.33\", features = [\"trace\"] }",
                "+opentelemetry_sdk = { version = \"0.33\", features = [\"rt-tokio\"] }",
            ],
        },
    );
}

/// A crate whose features choose the line.
#[test]
fn a_feature_that_chooses_the_line() {
    let source = "#[cfg(feature = \"opentelemetry_0_32\")] use opentelemetry_0_32_pkg as otel;\n\
                  #[cfg(feature = \"opentelemetry_0_33\")] use opentelemetry_0_33_pkg as otel;\n\
                  pub fn wrap() { otel::global::tracer(\"wrap\"); }\n";
    let mut package = Package::new("tracing-actix-web", "0.7.25").lib(source);
    for (name, line) in [
        ("opentelemetry_0_32", "^0.32"),
        ("opentelemetry_0_33", "^0.33"),
    ] {
        let key = format!("{name}_pkg");
        let dep = Dep::new("opentelemetry", line).renamed(&key).optional();
        package = package.dep(dep).feature(name, &[&format!("dep:{key}")]);
    }
    let requirement =
        "tracing-actix-web = { version = \"0.7\", features = [\"opentelemetry_0_32\"] }\n";
    let files = live(requirement, "tracing_actix_web::wrap();");
    let lab = of(&files, vec![package]);
    expect(
        &lab,
        &Expected {
            target: "0.33",
            cost: [0, 0, 0, 1, 0],
            actions: &[("switch-feature", "tracing-actix-web")],
            changes: &[
                "-tracing-actix-web = { version = \"0.7\", features = [\"opentelemetry_0_32\"] }",
                "+tracing-actix-web = { version = \"0.7\", features = [\"opentelemetry_0_33\"] }",
            ],
        },
    );
}

/// A crate that has ended, and what takes its place.
#[test]
fn the_successor_of_a_dead_crate() {
    let lab = of(
        &live(
            "actix-web-opentelemetry = \"0.22\"\n",
            "actix_web_opentelemetry::send();",
        ),
        vec![
            user("actix-web-opentelemetry", "0.22.0", "^0.32"),
            user("opentelemetry-instrumentation-actix-web", "0.24.0", "^0.33"),
        ],
    );
    expect(
        &lab,
        &Expected {
            target: "0.33",
            cost: [0, 0, 2, 1, 0],
            actions: &[("replace", "actix-web-opentelemetry")],
            changes: &[
                "-actix-web-opentelemetry = \"0.22\"",
                "+opentelemetry-instrumentation-actix-web = \"0.24\"",
            ],
        },
    );
}

fn members(shared: &str, entry: &str) -> Vec<File> {
    let mut files = vec![file(
        "Cargo.toml",
        &format!(
            "[workspace]\nresolver = \"2\"\nmembers = [\"one\", \"two\", \"three\"]\n\n\
             [workspace.dependencies]\n{}{shared}",
            pipeline("0.33")
        ),
    )];
    for name in ["one", "two", "three"] {
        let rest = format!(
            "\n[dependencies]\nopentelemetry.workspace = true\n\
             opentelemetry_sdk = {{ workspace = true }}\n\
             opentelemetry-stdout.workspace = true\n{entry}"
        );
        files.push(file(&format!("{name}/Cargo.toml"), &manifest(name, &rest)));
        let main = format!("fn main() {{ {} user::send(); }}\n", crate::family::INSTALL);
        files.push(file(&format!("{name}/src/main.rs"), &main));
    }
    files
}

/// Three members inherit one requirement, so one entry changes.
#[test]
fn one_entry_for_many_members() {
    let lab = of(
        &members("user = \"1\"\n", "user.workspace = true\n"),
        vec![],
    );
    expect(
        &lab,
        &Expected {
            target: "0.33",
            cost: [0, 0, 1, 1, 0],
            actions: &[("bump", "user")],
            changes: &["-user = \"1\"", "+user = \"2\""],
        },
    );
}

/// The right requirement is declared for all, and nobody inherits it.
#[test]
fn a_shared_requirement_that_nobody_inherits() {
    let lab = of(&members("user = \"2\"\n", "user = \"1\"\n"), vec![]);
    let change = ["-user = \"1\"", "+user.workspace = true"];
    expect(
        &lab,
        &Expected {
            target: "0.33",
            cost: [0, 0, 3, 3, 0],
            actions: &[("inherit", "user")],
            changes: &[change, change, change].concat(),
        },
    );
}

/// Inheriting would switch default features on that the member has off.
#[test]
fn a_shared_requirement_that_asks_for_more() {
    let own = "user = { version = \"1\", default-features = false }\n";
    let lab = of(&members("user = \"2\"\n", own), vec![]);
    let bumped = "+user = { version = \"2\", default-features = false }";
    let change = [&*format!("-{}", own.trim_end()), bumped];
    expect(
        &lab,
        &Expected {
            target: "0.33",
            cost: [0, 0, 3, 3, 0],
            actions: &[("bump", "user")],
            changes: &[change, change, change].concat(),
        },
    );
}

/// The same package under another name, and the same name in a table of its own.
#[test]
fn renamed_packages() {
    let dependencies = "their = { version = \"1\", package = \"user\" }\n\n\
                        [dependencies.other]\npackage = \"reader\"\nversion = \"1.0\"\n";
    let lab = of(
        &live(dependencies, "their::send(); other::send();"),
        vec![
            user("reader", "1.0.0", "^0.32"),
            user("reader", "2.3.0", "^0.33"),
        ],
    );
    expect(
        &lab,
        &Expected {
            target: "0.33",
            cost: [0, 0, 2, 2, 0],
            actions: &[("bump", "reader"), ("bump", "user")],
            changes: &[
                "-their = { version = \"1\", package = \"user\" }",
                "+their = { version = \"2\", package = \"user\" }",
                "-version = \"1.0\"",
                "+version = \"2.3\"",
            ],
        },
    );
}

#[test]
fn tables_of_a_platform() {
    let dependencies = "\n[target.'cfg(unix)'.dependencies]\nuser = \"1\"\n";
    let lab = of(&live(dependencies, "user::send();"), vec![]);
    expect(
        &lab,
        &Expected {
            target: "0.33",
            cost: [0, 0, 1, 1, 0],
            actions: &[("bump", "user")],
            changes: &["-user = \"1\"", "+user = \"2\""],
        },
    );
}

/// Tests that use what the program uses come along with it.
#[test]
fn a_dev_dependency_that_goes_along() {
    let dependencies = "user = \"1\"\n\n[dev-dependencies]\nuser = { version = \"1.0\" }\n";
    let mut files = live(dependencies, "user::send();");
    files.push(file("tests/t.rs", "#[test] fn t() { user::send() }\n"));
    let lab = of(&files, vec![]);
    expect(
        &lab,
        &Expected {
            target: "0.33",
            cost: [0, 0, 2, 2, 0],
            actions: &[("bump", "user")],
            changes: &[
                "-user = \"1\"",
                "+user = \"2\"",
                "-user = { version = \"1.0\" }",
                "+user = { version = \"2.0\" }",
            ],
        },
    );
}

#[test]
fn an_optional_dependency() {
    let tables = format!(
        "[features]\ndefault = [\"extra\"]\nextra = [\"dep:user\"]\n\n[dependencies]\n{}\
         user = {{ version = \"1\", optional = true }}\n",
        pipeline("0.33")
    );
    let lab = of(
        &app(&tables, "#[cfg(feature = \"extra\")] user::send();"),
        vec![],
    );
    expect(
        &lab,
        &Expected {
            target: "0.33",
            cost: [0, 0, 1, 1, 0],
            actions: &[("bump", "user")],
            changes: &[
                "-user = { version = \"1\", optional = true }",
                "+user = { version = \"2\", optional = true }",
            ],
        },
    );
}

#[test]
fn a_pinned_requirement() {
    let lab = of(&live("user = \"=1.0.0\"\n", "user::send();"), vec![]);
    expect(
        &lab,
        &Expected {
            target: "0.33",
            cost: [0, 0, 1, 1, 0],
            actions: &[("bump", "user")],
            changes: &["-user = \"=1.0.0\"", "+user = \"=2.0.0\""],
        },
    );
}

/// Whatever moves moves only as far as the toolchain and the registry allow.
#[test]
fn releases_that_are_yanked_or_too_new_for_the_toolchain() {
    let mut files = live("user = \"1\"\n", "user::send();");
    files[0].1 = files[0]
        .1
        .replace("edition", "rust-version = \"1.80\"\nedition");
    let lab = of(
        &files,
        vec![
            user("user", "2.1.0", "^0.33").rust_version("1.85"),
            user("user", "2.2.0", "^0.33").yanked(),
        ],
    );
    let plan = planned(&lab, &[]);
    let [only] = &plan.choice().steps[..] else {
        panic!("{plan:#?}");
    };
    assert!(only.change.contains("2.0.0"), "{only:#?}");
    fixed(&lab, &[]);
    let lock = std::fs::read_to_string(lab.root().join("Cargo.lock")).unwrap();
    assert!(
        lock.contains("name = \"user\"\nversion = \"2.0.0\""),
        "{lock}"
    );
}

/// What one member says of its toolchain does not hold for what only another one needs.
#[test]
fn a_toolchain_of_another_member() {
    let members = |app: &str| {
        let pipeline = pipeline("0.33");
        let root = "[workspace]\nresolver = \"2\"\nmembers = [\"app\", \"old\"]\n\n\
                    [workspace.package]\nrust-version = \"1.80\"\n";
        let named = |name, said: &str, rest: &str| {
            let text = manifest(name, &format!("\n[dependencies]\n{pipeline}{rest}"));
            let text = text.replace("edition", &format!("{said}edition"));
            file(&format!("{name}/Cargo.toml"), &text)
        };
        let inherited = "rust-version.workspace = true\n";
        let main = |rest: &str| format!("fn main() {{ {} {rest} }}\n", crate::family::INSTALL);
        let lab = of(
            &[
                file("Cargo.toml", root),
                named("app", app, "user = \"1\"\n"),
                file("app/src/main.rs", &main("user::send();")),
                named("old", inherited, ""),
                file("old/src/main.rs", &main("")),
            ],
            vec![user("user", "2.1.0", "^0.33").rust_version("1.85")],
        );
        let plan = planned(&lab, &[]);
        plan.choice().steps[0].change.clone()
    };
    assert!(members("").contains("2.1.0"));
    let both = members("rust-version = { workspace = true }\n");
    assert!(both.contains("2.0.0"), "{both}");
}

/// Artifacts on different lines that never meet need nothing.
#[test]
fn two_binaries_on_two_clean_lines() {
    let mut files = vec![file(
        "Cargo.toml",
        "[workspace]\nresolver = \"2\"\nmembers = [\"one\", \"two\"]\n",
    )];
    for (name, line, other) in [("one", "0.33", "2"), ("two", "0.32", "1")] {
        let rest = format!("\n[dependencies]\n{}user = \"{other}\"\n", pipeline(line));
        files.push(file(&format!("{name}/Cargo.toml"), &manifest(name, &rest)));
        let main = format!("fn main() {{ {} user::send(); }}\n", crate::family::INSTALL);
        files.push(file(&format!("{name}/src/main.rs"), &main));
    }
    let lab = of(&files, vec![]);
    let plan = planned(&lab, &[]);
    assert_eq!(plan.choice().outcome.kind, "nothing-to-do", "{plan:#?}");
    assert!(plan.choice().steps.is_empty());
    // Asked for by name, both are brought to one.
    let plan = planned(&lab, &["--target-line", "0.33"]);
    assert!(plan.choice().is_proven());
    assert!(plan.choice().diff.contains("two/Cargo.toml"), "{plan:#?}");
    assert!(!plan.choice().diff.contains("one/Cargo.toml"), "{plan:#?}");
    fixed(&lab, &["--target-line", "0.33"]);
}

/// The cheapest choice by the family alone is refused by cargo, for reasons that the family knows
/// nothing of: the next one is taken.
#[test]
fn what_cargo_refuses_goes_back_into_the_search() {
    let files = live(
        "user = \"1\"\nother = \"=1.1.0\"\n",
        "user::send(); other::work();",
    );
    let other = |version: &str| Package::new("other", version).lib("pub fn work() {}\n");
    let next = user("user", "2.0.0", "^0.33").dep(Dep::new("other", "=1.0.0"));
    let lab = of(
        &files,
        vec![
            other("1.0.0"),
            other("1.1.0"),
            next,
            user("user", "3.0.0", "^0.33"),
        ],
    );
    expect(
        &lab,
        &Expected {
            target: "0.33",
            cost: [0, 0, 1, 1, 0],
            actions: &[("bump", "user")],
            changes: &["-user = \"1\"", "+user = \"3\""],
        },
    );
}

/// The same with two packages for one native library.
#[test]
fn a_native_library_of_which_there_can_be_one() {
    let files = live(
        "user = \"1\"\nnative-sys = \"1\"\n",
        "user::send(); native_sys::work();",
    );
    let native = |version: &str| {
        let package = Package::new("native-sys", version).links("native");
        package.lib("pub fn work() {}\n")
    };
    let next = user("user", "2.0.0", "^0.33").dep(Dep::new("native-sys", "^2"));
    let lab = of(
        &files,
        vec![
            native("1.0.0"),
            native("2.0.0"),
            next,
            user("user", "3.0.0", "^0.33"),
        ],
    );
    let plan = planned(&lab, &[]);
    assert_eq!(plan.choice().changes(), ["-user = \"1\"", "+user = \"3\""]);
    fixed(&lab, &[]);
}

/// Where every release is refused, the plan says by what.
#[test]
fn what_cargo_refuses_for_good() {
    let files = live(
        "user = \"1\"\nother = \"=1.1.0\"\n",
        "user::send(); other::work();",
    );
    let other = |version: &str| Package::new("other", version).lib("pub fn work() {}\n");
    let next = user("user", "2.0.0", "^0.33").dep(Dep::new("other", "=1.0.0"));
    let lab = of(&files, vec![other("1.0.0"), other("1.1.0"), next]);
    let plan = planned(&lab, &["--options"]);
    let a = plan.option("a");
    assert!(!a.is_proven(), "{a:#?}");
    let because = a.outcome.because.as_deref().unwrap();
    assert!(
        because.contains("`user` 2.0.0 asks for `other` \"=1.0.0\""),
        "{because}"
    );
    assert!(plan.option("b").is_proven(), "{plan:#?}");
}

/// Nothing is to be done, and what the next line would cost is said all the same.
#[test]
fn where_nothing_is_harmed() {
    let dependencies = format!("[dependencies]\n{}user = \"1\"\n", pipeline("0.32"));
    let lab = of(&app(&dependencies, "user::send();"), vec![]);
    let plan = planned(&lab, &["--options"]);
    assert_eq!(plan.recommended.as_deref(), Some("a"));
    assert_eq!(plan.choice().outcome.kind, "nothing-to-do", "{plan:#?}");
    let ids: Vec<&str> = plan.options.iter().map(|one| one.id.as_str()).collect();
    assert_eq!(ids, ["a", "c"]);
    let c = plan.option("c");
    assert!(c.is_proven(), "{c:#?}");
    assert_eq!(c.target.as_deref(), Some("0.33"));
    assert_eq!(c.figures(), Some([0, 0, 4, 4, 0]));
    let plan = planned(&lab, &[]);
    assert_eq!(plan.options.len(), 1, "{plan:#?}");
    let breaking = |line: &str| {
        let row = plan.targets.iter().find(|row| row.line == line).unwrap();
        row.cost.unwrap().breaking
    };
    assert_eq!([breaking("0.32"), breaking("0.33")], [0, 4]);
}
