//! Input that is wrong, broken or out of reach: a clear error, the right exit code, nothing changed.

use std::net::TcpListener;

use crate::assert_failure;
use crate::family::{File, lab, live, skewed};
use crate::lab::Lab;
use crate::loopback::{Fault, Registry};
use crate::support::disk::state;

/// Both commands must fail alike and change nothing.
fn refused(lab: &Lab, arguments: &[&str], code: i32, words: &[&str]) {
    for command in ["plan", "fix"] {
        let before = state(lab.root());
        let run = lab.run(&[&[command], arguments].concat());
        assert_failure(&run, code, words);
        assert!(before == state(lab.root()), "{command} {arguments:?} wrote");
    }
}

#[test]
fn lines_that_are_none() {
    let lab = skewed();
    refused(
        &lab,
        &["--target-line", "0.99"],
        2,
        &["0.99", "0.31, 0.32, 0.33", "matrix"],
    );
    for line in ["x", "", "0.33.1.2", "\u{1b}[31m0.33"] {
        for command in ["plan", "fix"] {
            let run = lab.run(&[command, "--target-line", line]);
            assert_eq!(run.code, 2, "{line:?}: {}", run.stderr);
            assert!(run.stderr.starts_with("error: "), "{}", run.stderr);
            assert!(run.stderr.contains("--target-line"), "{}", run.stderr);
            assert!(!run.stderr.contains('\u{1b}'), "{:?}", run.stderr);
        }
    }
}

#[test]
fn what_does_not_go_together() {
    let lab = skewed();
    lab.sandbox.write("m.json", "{}");
    refused(
        &lab,
        &["--metadata-path", "m.json"],
        2,
        &["manifests", "--metadata-path"],
    );
    let before = state(lab.root());
    assert_failure(
        &lab.run(&["plan", "--format", "csv"]),
        2,
        &["`plan`", "`markdown`"],
    );
    for format in ["csv", "json", "markdown"] {
        assert_failure(
            &lab.run(&["fix", "--format", format]),
            2,
            &["`fix`", "`human`"],
        );
    }
    for patch in ["capped", "capped=", "=x", "capped=git+https://x/y#commit=1"] {
        refused(&lab, &["--patch", patch], 2, &["NAME=PATH"]);
    }
    assert!(before == state(lab.root()));
    for arguments in [
        &["plan", "--emit", "nothing"][..],
        &["plan", "--emit", "renovate", "--options"],
        &["fix", "--option", "D"],
        &["fix", "--interactive", "--dry-run"],
    ] {
        let run = lab.run(arguments);
        assert_eq!(run.code, 2, "{arguments:?}: {}", run.stderr);
        assert!(before == state(lab.root()));
    }
}

#[test]
fn packages_that_the_workspace_does_not_have() {
    let lab = skewed();
    refused(&lab, &["-p", "nobody"], 101, &["nobody", "members"]);
    refused(
        &lab,
        &["--features", "nothing"],
        101,
        &["`nothing`", "feature"],
    );
    let before = state(lab.root());
    let run = lab.run(&["fix", "--only", "opentelemetry"]);
    assert_failure(
        &run,
        2,
        &["does nothing to `opentelemetry`", "it changes user"],
    );
    let run = lab.run(&["fix", "--only", "user", "--only", "\u{1b}[31mx"]);
    assert_failure(&run, 2, &["\\u{1b}"]);
    assert!(before == state(lab.root()));
}

/// An option for which nothing is proven, or that there is not.
#[test]
fn options_that_are_not_proven() {
    let files = live("capped = \"1\"\n", "capped::send();");
    let lab = lab(
        &files,
        vec![crate::family::user("capped", "1.0.0", "^0.32")],
    );
    lab.cargo(&["generate-lockfile"]);
    let before = state(lab.root());
    for option in ["A", "a"] {
        let arguments = ["fix", "--target-line", "0.33", "--option", option];
        let run = lab.run(&arguments);
        assert_eq!(run.code, 100, "{}\n{}", run.stdout, run.stderr);
        assert_eq!(run.stdout, "");
        assert!(
            run.stderr
                .contains("no release of `capped` serves line 0.33"),
            "{}",
            run.stderr
        );
        assert!(before == state(lab.root()));
    }
    let run = lab.run(&["plan", "--target-line", "0.33", "--options"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
}

#[test]
fn manifests_that_are_broken() {
    let broken = |change: &dyn Fn(&mut Vec<File>), words: &[&str]| {
        let mut files = live("user = \"1\"\n", "user::send();");
        change(&mut files);
        let lab = lab(&files, Vec::new());
        refused(&lab, &[], 101, words);
    };
    broken(
        &|files| files[0].1.push_str("[dependencies\n"),
        &["Cargo.toml"],
    );
    broken(
        &|files| files[0].1 = files[0].1.replace("\"1\"", "\"one\""),
        &["user", "one"],
    );
    broken(
        &|files| {
            files[0].1 = files[0]
                .1
                .replace("[workspace]", "[workspace]\nmembers = [\"gone\"]")
        },
        &["gone"],
    );
    let empty = Lab::new([]);
    refused(
        &empty,
        &["--manifest-path", "nowhere/Cargo.toml"],
        101,
        &["nowhere"],
    );
}

#[test]
fn a_lock_that_is_broken() {
    let lab = skewed();
    lab.sandbox.write("Cargo.lock", "version = 4\n[[package]\n");
    refused(&lab, &[], 101, &["Cargo.lock"]);
}

/// A lock that does not fit, where it may not change.
#[test]
fn a_lock_that_is_out_of_date() {
    let lab = skewed();
    let manifest = lab.root().join("Cargo.toml");
    let text = std::fs::read_to_string(&manifest).unwrap();
    std::fs::write(&manifest, text.replace("user = \"1\"", "user = \"2\"")).unwrap();
    refused(&lab, &["--locked"], 101, &["--locked"]);
}

/// A workspace with a crate of a registry of its own.
fn private(private: &Registry, index: &str) -> Lab {
    let mut files = live(
        "secret = { version = \"1\", registry = \"ours\" }\nuser = \"1\"\n",
        "secret::send(); user::send();",
    );
    files[0].1 = files[0].1.replace(
        "version = \"0.1.0\"",
        "version = \"0.1.0\"\npublish = false",
    );
    let lab = lab(&files, Vec::new());
    let default = lab.registry.index();
    let day = |version: &str, line: &str| {
        use crate::loopback::{Dep, Package};
        Package::new("secret", version)
            .dep(Dep::new("opentelemetry", line).registry(&default))
            .lib(crate::family::USER)
    };
    private.publish_all([day("1.0.0", "^0.33")]);
    let root = lab.root().as_std_path();
    lab.registry
        .configure(root, &format!("[registries.ours]\nindex = \"{index}\"\n"));
    lab.registry
        .configure(root, "[http]\ntimeout = 2\n[net]\nretry = 0\n");
    lab
}

/// The crate cannot be read, and nothing is at hand from before.
#[test]
fn a_registry_without_access() {
    for status in [401, 403, 500] {
        let ours = Registry::start();
        let lab = private(&ours, &ours.index());
        ours.fail_crate("secret", Fault::Status(status));
        refused(&lab, &[], 101, &["secret"]);
        ours.heal();
        ours.fail("index/config.json", Fault::Status(status));
        refused(&lab, &[], 101, &["secret"]);
    }
    let ours = Registry::start();
    let lab = private(&ours, &ours.index());
    ours.fail("index/config.json", Fault::Status(404));
    refused(&lab, &[], 101, &["secret"]);
    let ours = Registry::start();
    let lab = private(&ours, &ours.index());
    ours.require_token("the token");
    refused(&lab, &[], 101, &["secret"]);
}

/// Whoever may not see a crate may be told that there is none: then cargo does not resolve, and what
/// can be proposed is to do without.
#[test]
fn a_registry_that_denies_everything() {
    let ours = Registry::start();
    let lab = private(&ours, &ours.index());
    ours.fail_crate("secret", Fault::Status(404));
    let before = state(lab.root());
    let run = lab.run(&["plan", "--format", "json"]);
    assert!(before == state(lab.root()));
    let plan = run.plan();
    assert!(!plan.resolves);
    let a = plan.option("a");
    assert!(!a.is_proven());
    assert!(
        a.outcome.because.as_deref().unwrap().contains("secret"),
        "{a:#?}"
    );
    let b = plan.option("b");
    assert!(b.actions().contains(&("disable", "secret")), "{b:#?}");
}

#[test]
fn a_registry_that_nobody_serves() {
    let closed = {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.local_addr().unwrap()
    };
    let ours = Registry::start();
    let lab = private(&ours, &format!("sparse+http://{closed}/index/"));
    refused(&lab, &[], 101, &["secret"]);
}

/// Cargo has everything that is locked, and what else there is cannot be asked: of the crate that
/// would have to move, nothing newer is known.
#[test]
fn a_registry_that_is_gone_by_the_time_of_planning() {
    for status in [401, 403, 404, 500] {
        let lab = skewed();
        lab.cargo(&["fetch"]);
        let index = lab.registry.cargo_home().join("registry/index");
        std::fs::remove_dir_all(index).unwrap();
        lab.registry.fail_crate("user", Fault::Status(status));
        let before = state(lab.root());
        let run = lab.run(&["plan", "--format", "json"]);
        assert!(before == state(lab.root()));
        match status {
            // There is no such crate any more: that is an answer, to cargo too.
            404 => {
                let plan = run.plan();
                assert!(!plan.resolves);
                let b = plan.option("b");
                assert!(b.actions().contains(&("disable", "user")), "{b:#?}");
            }
            _ => assert_failure(&run, 101, &["user", &status.to_string()]),
        }
    }
}

/// The release that the plan leads to cannot be downloaded: that says nothing of the plan.
#[test]
fn a_release_that_cannot_be_downloaded() {
    let lab = skewed();
    lab.cargo(&["fetch"]);
    lab.registry
        .configure(lab.root().as_std_path(), "[net]\nretry = 0\n");
    lab.registry
        .fail("dl/user/2.0.0/download", Fault::Status(503));
    refused(&lab, &[], 101, &["user", "run that command by hand"]);
    lab.registry.heal();
    assert_eq!(lab.run(&["plan"]).code, 0);
}

/// Nothing of the index is at hand, and the network may not be used.
#[test]
fn offline_without_an_index() {
    let lab = skewed();
    lab.cargo(&["fetch"]);
    let _ = lab.registry.take_requests();
    let run = lab.run(&["plan", "--offline", "--format", "json"]);
    assert!([0, 100].contains(&run.code), "{}", run.stderr);
    assert_eq!(lab.registry.take_requests(), []);
    let index = lab.registry.cargo_home().join("registry/index");
    std::fs::remove_dir_all(index).unwrap();
    let run = lab.run(&["plan", "--offline"]);
    assert_eq!(lab.registry.take_requests(), []);
    assert_ne!(run.code, 0, "{}", run.stdout);
    assert!(!run.stderr.contains("panicked"), "{}", run.stderr);
}

/// Names from manifests and the registry do not reach a terminal as they are.
#[test]
fn hostile_text_is_shown_as_text() {
    let mut files = live("user = \"1\"\n", "user::send();");
    files.push(crate::family::file(
        "evil\u{202e}/Cargo.toml",
        &crate::family::manifest("evil", "\n[dependencies]\nopentelemetry = \"0.32\"\n"),
    ));
    files.push(crate::family::file(
        "evil\u{202e}/src/lib.rs",
        crate::family::USER,
    ));
    files[0].1 = files[0].1.replace(
        "user = \"1\"\n",
        "user = \"1\"\nevil = { path = \"evil\u{202e}\" }\n",
    );
    files[1].1 = files[1]
        .1
        .replace("user::send();", "user::send(); evil::send();");
    let lab = lab(&files, Vec::new());
    lab.cargo(&["generate-lockfile"]);
    for arguments in [
        &["plan"][..],
        &["plan", "--format", "markdown"],
        &["plan", "--options", "-v"],
        &["fix"],
    ] {
        let run = lab.run(arguments);
        assert_eq!(run.code, 0, "{}\n{}", run.stdout, run.stderr);
        assert!(
            !run.stdout.contains('\u{202e}'),
            "{arguments:?}: {}",
            run.stdout
        );
        assert!(
            !run.stderr.contains('\u{202e}'),
            "{arguments:?}: {}",
            run.stderr
        );
    }
}
