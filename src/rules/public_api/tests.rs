//! The loader, and what changes, over small texts.

use super::{Change, CrateApi, Form, ItemKind, PublicApi, What, text};
use crate::rules::Mistake;
use crate::skew::Line;

const SDK: &str = "\
# a comment
release\t0.1\t0.1.0\todd\tslow,odd
release\t0.2\t0.2.1\todd,trace\t
release\t0.3\t0.3.0\todd\t
mod\texport\t0.1
mod\ttrace\t0.1-0.2\t0.3- [if trace]
struct\texport::Data\t0.1 [private]
method\texport::Data::new\t0.1 () -> Self
struct\ttrace::Data\t0.2- [private]
method\ttrace::Data::new\t0.2- () -> Self
trait\ttrace::Exporter\t0.1-
method\ttrace::Exporter::export\t0.1-0.2 [required] (&self)\t0.3- [required] (&mut self)
method\ttrace::Exporter::flush\t0.2 (&self)\t0.3- [required] (&self)
struct\ttrace::Span\t0.1-
field\ttrace::Span::name\t0.1-0.2 String
method\ttrace::Span::name\t0.3- (&self) -> &str
field\ttrace::Span::parent\t0.2- [if odd|slow] u64
enum\ttrace::Kind\t0.1-0.2\t0.3- [non_exhaustive]
variant\ttrace::Kind::Client\t0.1-
variant\ttrace::Kind::Server\t0.3-
fn\ttrace::from\t0.1 (A) or (B)\t0.2 (A) or (B) or (C)\t0.3- (A)
";

const OLD: &str = "\
release\t0.1\t0.5.0\t\t
unread\t0.2\t0.6.0\tdoes not build
mod\tsdk\t0.1-
mod\tsdk::trace\t0.1-
struct\tsdk::trace::Span\t0.1-
field\tsdk::trace::Span::name\t0.1- String
";

fn api() -> PublicApi {
    let mut mistakes: Vec<Mistake> = Vec::new();
    let files = [
        ("rules/f/public-api/the-sdk.txt", SDK),
        ("rules/f/public-api/the.txt", OLD),
    ];
    let api = PublicApi::read(files, &mut mistakes);
    assert_eq!(mistakes, []);
    api
}

fn line(text: &str) -> Line {
    text.parse().expect("a line")
}

fn sdk(api: &PublicApi) -> &CrateApi {
    api.krate("the_sdk")
        .expect("the crate, by the name of code")
}

fn what(path: &str, from: &str, to: &str) -> Vec<What> {
    let api = api();
    let changes = sdk(&api).changes_at(path, line(from), line(to));
    changes.into_iter().map(|change| change.what).collect()
}

fn strings(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

#[test]
fn finds_items() {
    let api = api();
    let sdk = sdk(&api);
    assert_eq!(sdk.name, "the-sdk");
    assert_eq!(
        sdk.release(line("0.2")).map(ToString::to_string).as_deref(),
        Some("0.2.1")
    );
    assert_eq!(sdk.release(line("0.4")), None);
    let without: Vec<_> = sdk
        .releases()
        .map(|(_, release)| release.without.len())
        .collect();
    assert_eq!(without, [2, 0, 0]);
    let export = sdk
        .item(line("0.1"), "trace::Exporter::export")
        .expect("the method");
    assert_eq!(
        (export.kind, export.name(), export.parent()),
        (ItemKind::Method, "export", "trace::Exporter")
    );
    let form = Form {
        required: true,
        signature: "(&self)".into(),
        ..Form::default()
    };
    assert_eq!(export.at(line("0.2")), Some(&form));
    assert_eq!(sdk.item(line("0.1"), "trace::Data"), None);
    assert_eq!(
        sdk.item(line("0.9"), "trace::Exporter"),
        None,
        "no such line"
    );
    let named: Vec<_> = sdk
        .members_named(line("0.3"), "name")
        .map(|item| item.kind)
        .collect();
    assert_eq!(named, [ItemKind::Method]);
    let children: Vec<_> = sdk
        .children(line("0.2"), "trace")
        .map(|item| item.name())
        .collect();
    assert_eq!(children, ["Data", "Exporter", "Kind", "Span", "from"]);
    assert_eq!(
        api.items(line("0.2"), "the_sdk::trace::Span::name").len(),
        1
    );
    assert_eq!(api.items(line("0.2"), "another::trace").len(), 0);
}

#[test]
fn features_add_up() {
    let api = api();
    let features = |line_of, path| sdk(&api).features(line(line_of), path);
    assert_eq!(
        features("0.3", "trace::Span::parent"),
        ["trace", "odd|slow"]
    );
    assert_eq!(features("0.2", "trace::Span::parent"), ["odd|slow"]);
    assert_eq!(features("0.2", "trace::Span"), [""; 0]);
    assert_eq!(what("trace", "0.2", "0.3"), [], "it is still there");
    let on = |line_of, path| sdk(&api).is_on_by_default(line(line_of), path);
    assert!(on("0.2", "trace::Span::parent") && !on("0.3", "trace::Span::parent"));
    assert!(!on("0.1", "trace::Span::parent"), "not there");
    let off: Vec<&str> = (sdk(&api).no_longer_by_default(line("0.2"), line("0.3")))
        .map(|item| item.path.as_str())
        .collect();
    assert!(
        off.contains(&"trace") && off.contains(&"trace::Span::parent"),
        "{off:?}"
    );
    assert!(!off.contains(&"trace::Exporter::nothing") && !off.contains(&"export"));
    assert_eq!(
        sdk(&api)
            .no_longer_by_default(line("0.1"), line("0.2"))
            .count(),
        0
    );
}

#[test]
fn nothing_is_said_of_what_is_not_known() {
    let api = api();
    let old = api.krate("the").expect("the crate");
    assert_eq!(old.release(line("0.2")), None);
    assert_eq!(old.changes(line("0.1"), line("0.2")), [], "not read");
    assert!(old.has_ended(line("0.3")) && !old.has_ended(line("0.2")));
    assert_eq!(
        what("trace::Exporter", "0.1", "0.9"),
        [],
        "no crate has that line"
    );
    assert_eq!(what("trace::Span", "0.9", "0.1"), []);
    assert_eq!(what("nowhere", "0.1", "0.2"), []);
}

#[test]
fn a_crate_that_ends_takes_its_items_along() {
    let api = api();
    let old = api.krate("the").expect("the crate");
    let changes = old.changes(line("0.1"), line("0.3"));
    let told: Vec<(&str, Option<&str>, &What)> = changes
        .iter()
        .map(|change| (change.path.as_str(), change.within.as_deref(), &change.what))
        .collect();
    let to = |path: &str| What::Vanished {
        moved_to: strings(&[path]),
    };
    assert_eq!(
        told,
        [
            ("sdk", None, &to("the_sdk")),
            ("sdk::trace", Some("sdk"), &to("the_sdk::trace")),
            ("sdk::trace::Span", Some("sdk"), &to("the_sdk::trace::Span")),
            // In place of the field there is a function.
            (
                "sdk::trace::Span::name",
                Some("sdk"),
                &What::Vanished { moved_to: vec![] }
            ),
        ]
    );
}

#[test]
fn members_move_with_their_type() {
    let api = api();
    let changes = sdk(&api).changes(line("0.1"), line("0.2"));
    let moved = |path: &str| -> (Option<String>, What) {
        let found = changes
            .iter()
            .find(|change| change.path == path)
            .expect("a change");
        (found.within.clone(), found.what.clone())
    };
    let to = |path: &str| What::Vanished {
        moved_to: strings(&[path]),
    };
    let within = Some("export".to_owned());
    assert_eq!(moved("export"), (None, to("the_sdk::trace")));
    assert_eq!(
        moved("export::Data"),
        (within.clone(), to("the_sdk::trace::Data"))
    );
    assert_eq!(
        moved("export::Data::new"),
        (within, to("the_sdk::trace::Data::new"))
    );
}

#[test]
fn what_moves_may_change_as_well() {
    let api = api();
    let old = api.krate("the").expect("the crate");
    let (from, to) = (line("0.1"), line("0.3"));
    let change = old.change("sdk::trace::Span", from, to).expect("a change");
    let fields = strings(&["parent"]);
    assert_eq!(
        old.changes_after_move(&change, from, to),
        [What::NewFields { fields }]
    );
    let change = sdk(&api)
        .change("trace::Kind", line("0.2"), to)
        .expect("a change");
    assert_eq!(sdk(&api).changes_after_move(&change, line("0.2"), to), []);
}

#[test]
fn tells_what_changes() {
    let signature = |before: &str, after: &str| What::Signature {
        before: before.to_owned(),
        after: after.to_owned(),
    };
    assert_eq!(what("trace::Exporter::export", "0.1", "0.2"), []);
    assert_eq!(
        what("trace::Exporter::export", "0.1", "0.3"),
        [signature("(&self)", "(&mut self)")]
    );
    assert_eq!(
        what("trace::Exporter", "0.1", "0.3"),
        [What::NewRequired {
            items: strings(&["flush"])
        }]
    );
    assert_eq!(
        what("trace::Exporter", "0.1", "0.2"),
        [],
        "a provided one asks nothing"
    );
    assert_eq!(
        what("trace::Exporter", "0.2", "0.3"),
        [What::NewRequired {
            items: strings(&["flush"])
        }],
        "provided before"
    );
    assert_eq!(
        what("trace::Span", "0.1", "0.2"),
        [What::NewFields {
            fields: strings(&["parent"])
        }]
    );
    assert_eq!(
        what("trace::Span::name", "0.2", "0.3"),
        [What::Kind {
            after: ItemKind::Method
        }]
    );
    assert_eq!(
        what("trace::Kind", "0.2", "0.3"),
        [
            What::NewVariants {
                variants: strings(&["Server"])
            },
            What::NonExhaustive
        ]
    );
    assert_eq!(
        what("trace::from", "0.1", "0.2"),
        [],
        "one more way is no break"
    );
    assert_eq!(
        what("trace::from", "0.2", "0.3"),
        [signature("(A) or (B) or (C)", "(A)")]
    );
}

#[test]
fn the_gravest_comes_first() {
    let api = api();
    let change = sdk(&api).change("trace::Kind", line("0.2"), line("0.3"));
    let what = change.map(|change: Change| (change.full_path(), change.what));
    let expected = What::NewVariants {
        variants: strings(&["Server"]),
    };
    assert_eq!(what, Some(("the_sdk::trace::Kind".to_owned(), expected)));
}

#[test]
fn texts_read_back() {
    let mut mistakes = Vec::new();
    let data = text::read("a.txt", SDK, &mut mistakes);
    let written = text::write("a", "of {crate}", &data);
    assert!(
        written.starts_with("# of a\nrelease\t0.1\t0.1.0\todd\tslow,odd\n"),
        "{written}"
    );
    assert_eq!(text::read("a.txt", &written, &mut mistakes), data);
    let again = super::CrateData::of_lines(data.releases.clone(), &data.by_line());
    assert_eq!(again, data);
    assert_eq!(mistakes, []);
}

#[test]
fn mistakes_have_a_place() {
    let head = "release\t0.1\t0.1.0\t\t\nrelease\t0.2\t0.2.0\t\t\n";
    for (wrong, place, part) in [
        ("struct a 0.1", (3, 1), "tabs"),
        ("stuct\ta\t0.1", (3, 1), "`stuct` is no kind"),
        ("struct\t\t0.1", (3, 8), "is no path"),
        ("struct\ta::\t0.1", (3, 8), "is no path"),
        ("struct\ta", (3, 8), "on which lines"),
        ("struct\ta\t0.3", (3, 10), "no release of line 0.3"),
        ("struct\ta\tx", (3, 10), "`x` is no line"),
        ("struct\ta\t0.2-0.1", (3, 10), "ends before"),
        ("struct\ta\t0.1-\t0.2", (3, 15), "starts before"),
        ("fn\ta\t0.1 [required,required] ()", (3, 6), "twice"),
        ("struct\ta\t0.1\nstruct\ta\t0.2", (4, 8), "twice"),
        ("release\t0.1\t0.1.1\t\t", (3, 9), "already"),
        ("release\t0.3\tone\t\t", (3, 9), "no version"),
        ("release\t0.3\t0.3.0\t", (3, 9), "two lists"),
        ("unread\t0.3\t0.3.0", (3, 8), "a reason"),
    ] {
        let mut mistakes = Vec::new();
        text::read("a.txt", &format!("{head}{wrong}\n"), &mut mistakes);
        let [mistake] = &mistakes[..] else {
            panic!("{wrong}: {mistakes:?}");
        };
        assert_eq!(mistake.place, Some(place), "{wrong}: {mistake}");
        assert!(mistake.message.contains(part), "{wrong}: {mistake}");
        assert!(
            mistake
                .to_string()
                .starts_with(&format!("a.txt:{}:{}", place.0, place.1))
        );
    }
}
