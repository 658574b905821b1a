//! Pages hold what was found, as text alone.

use super::testing::{marked, outline};
use super::*;
use crate::report::matrix::testing as matrices;
use crate::report::plan::testing as plans;
use crate::report::readiness::testing as readiness;
use crate::report::spec::testing as specs;

fn with_all(report: &Report, plans: &[PlanReport], matrices: &[Matrix]) -> String {
    let missing = ["there is no `x` in the page".to_owned()];
    let extras = Extras {
        plans,
        matrices,
        missing: &missing,
    };
    render(report, extras)
}

/// Without what is the same in all pages.
fn brief(page: &str) -> String {
    let cut = |page: &str, name: &str| {
        let (before, rest) = page.split_once(&format!("<{name}>")).unwrap();
        let (_, behind) = rest.split_once(&format!("</{name}>")).unwrap();
        format!("{before}<{name}>…</{name}>{behind}")
    };
    let page = cut(&cut(page, "style"), "script");
    let digest = page.split("sha256-").skip(1);
    let digests: Vec<String> = digest.map(|rest| rest[..44].to_owned()).collect();
    digests
        .iter()
        .fold(page, |page, digest| page.replace(digest, "…"))
}

/// Tags that stand for pairs of backticks come and go with them; so do blocks for several lines.
fn skeleton(page: &str) -> Vec<String> {
    let tags = outline(page).into_iter();
    tags.filter(|tag| tag != "code" && tag != "pre class tabindex")
        .collect()
}

#[test]
fn renders() {
    let report = marked("");
    insta::assert_snapshot!("report", brief(&render(&report, Extras::default())));
    insta::assert_snapshot!("plans", brief(&render_plans(&[plans::options()])));
    insta::assert_snapshot!("actions", brief(&render_plans(&[plans::actions()])));
    insta::assert_snapshot!("matrices", brief(&render_matrices(&[matrices::sample()])));
}

#[test]
fn parts_nest_and_links_lead_somewhere() {
    for plan in [
        plans::proven(),
        plans::unproven(),
        plans::none(),
        plans::empty(),
        plans::nowhere(),
        plans::options(),
        plans::actions(),
        plans::hostile(),
    ] {
        outline(&render_plans(std::slice::from_ref(&plan)));
        let matrix = matrices::sample();
        let page = with_all(
            &marked("x"),
            &[plan.clone(), plan],
            &[matrix.clone(), matrix],
        );
        let tags = outline(&page);
        for (tag, count) in [("html lang", 1), ("h1", 1), ("script", 1), ("style", 1)] {
            assert_eq!(
                tags.iter().filter(|one| *one == tag).count(),
                count,
                "{tag}"
            );
        }
    }
    outline(&render_plans(&[]));
    outline(&render_matrices(&[matrices::empty(), matrices::hostile()]));
}

#[test]
fn specifications_render() {
    insta::assert_snapshot!("specs", brief(&render_specs(&[specs::full()])));
    // Several of several families, each with a place of its own.
    let page = render_specs(&[specs::full(), specs::bare(), specs::unknown()]);
    let tags = outline(&page);
    assert_eq!(tags.iter().filter(|one| *one == "h1").count(), 1);
    for id in ["spec", "spec-2", "spec-3"] {
        let section = format!("<section id=\"{id}\"");
        assert_eq!(page.matches(&section).count(), 1, "{id}");
        assert!(page.contains(&format!("href=\"#{id}\"")), "{id}");
    }
    assert!(page.contains("3 specifications"));
    let none = render_specs(&[]);
    outline(&none);
    assert!(none.contains("Nothing to ask of anybody"));
}

/// The page says whatever the Markdown says.
#[test]
fn specifications_leave_nothing_out() {
    use crate::report::spec::markdown::{Template, render};
    let words = |text: &str| -> Vec<String> {
        let split = text.split(|c: char| !c.is_alphanumeric() && c != '.');
        let words = split.map(|word| word.trim_matches('.').to_lowercase());
        words.filter(|word| !word.is_empty()).collect()
    };
    for report in [specs::full(), specs::bare(), specs::unknown()] {
        let markdown = render(&report, &report.specs[0], &Template::full()).unwrap();
        // A heading with nothing below it is left out of the page.
        let is_full = !report.specs[0].steps.is_empty();
        let lines = markdown.lines();
        let lines = lines.filter(|line| is_full || !line.starts_with(['#', '|']));
        let markdown = lines.collect::<Vec<_>>().join("\n");
        let mut page = render_specs(std::slice::from_ref(&report));
        for (from, to) in [
            ("&quot;", "\""),
            ("&#39;", "'"),
            ("&amp;", "&"),
            ("<", " <"),
        ] {
            page = page.replace(from, to);
        }
        let said: std::collections::BTreeSet<String> = words(&page).into_iter().collect();
        // The languages of its blocks.
        let form = ["diff", "rust"];
        let missing: Vec<String> = words(&markdown)
            .into_iter()
            .filter(|word| !said.contains(word) && !form.contains(&word.as_str()))
            .collect();
        assert!(missing.is_empty(), "{missing:?}");
    }
}

#[test]
fn everything_is_told() {
    let report = marked("");
    let page = render(&report, Extras::default());
    for text in [
        "partial:",
        "its spans vanish",
        "no SDK",
        "cargo tree -i api",
        "not at hand",
        "a fact",
        "CHANGELOG, http://x.y",
        "until the next release",
        "team",
        "2026-12-31",
        "main",
        "two lines",
        "gone/bin/gone",
        "features:",
        "b/Cargo.toml:3",
        "c/Cargo.toml",
        "it stands in the baseline",
        "cargo build -p agent",
        "out@0.3.0",
        "bridge@1.0.0",
        "far@1.0.0",
        "src/lib.rs:3:4",
        "<mark>&quot;0.1&quot;</mark>",
        "(--workspace for other)",
        "line 0.1: dead, LOST",
        "line 0.3: live",
    ] {
        assert!(page.contains(text), "{text}");
    }
}

#[test]
fn hostile_plans_and_matrices_stay_text() {
    for page in [
        render_plans(&[plans::hostile()]),
        render_matrices(&[matrices::hostile()]),
        render_specs(&[specs::hostile()]),
    ] {
        outline(&page);
        assert!(!page.contains(['\u{1b}', '\u{202e}', '\u{7}']));
        assert_eq!(page.matches("<script>").count(), 1);
    }
}

#[test]
fn renders_readiness() {
    let report = readiness::no_go();
    insta::assert_snapshot!("readiness", brief(&render_readiness(&report)));
    let page = render_readiness_summary(&report);
    insta::assert_snapshot!("readiness_page", brief(&page));
}

#[test]
fn readiness_nests_and_its_links_lead_somewhere() {
    for report in readiness::all() {
        for page in [render_readiness(&report), render_readiness_summary(&report)] {
            outline(&page);
            assert!(!page.contains(['\u{1b}', '\u{202e}', '\u{7}']));
            assert_eq!(page.matches("<script>").count(), 1);
        }
    }
}

#[test]
fn what_was_not_measured_is_never_green() {
    let good = ["badge good", "state good", "stands-well\""];
    let found = |page: &str| good.map(|class| page.contains(class));
    let page = render_readiness(&readiness::go());
    assert_eq!(found(&page), [true; 3]);
    let unknown = readiness::unresolvable();
    assert_eq!(found(&render_readiness(&unknown)), [false; 3]);
    assert_eq!(found(&render_readiness_summary(&unknown)), [false; 3]);
}

static PLACES: std::sync::LazyLock<readiness::Places<crate::readiness::Readiness>> =
    std::sync::LazyLock::new(|| readiness::Places::of(&readiness::no_go()));

/// A page without what stands in blocks of several lines, which are checked where it is taken apart.
fn without_blocks(page: &str) -> String {
    let mut parts = page.split("<pre ");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |page, part| {
        let (_, behind) = part.split_once("</pre>").unwrap();
        page + behind
    })
}

proptest::proptest! {
    #![proptest_config(proptest::test_runner::Config::with_cases(48))]

    /// Whatever stands in texts from outside, the page has the tags that it has with harmless ones.
    #[test]
    fn hostile_texts_change_no_markup(
        attack in "(<|>|\"|'|`|&|=|/|-|!|\\]\\]>|</|<script>alert\\(1\\)</script>|<!--|-->|&lt;|&#60;|javascript:| onload=|</style>|</title>|\u{202e}|\u{1b}\\[2J|\n|\r|\t|\u{0}|[a-z]){0,12}"
    ) {
        let page = render(&marked(&attack), Extras::default());
        let harmless = render(&marked("x"), Extras::default());
        proptest::prop_assert_eq!(skeleton(&page), skeleton(&harmless));
        let hidden = page.contains(['\u{1b}', '\u{202e}', '\r', '\0']);
        proptest::prop_assert!(!hidden);
        let hostile = PLACES.attacked(&|_| format!("x{attack}"));
        let harmless = PLACES.attacked(&|_| "x".to_owned());
        for render in [render_readiness, render_readiness_summary] {
            let page = render(&hostile);
            outline(&page);
            let tags = skeleton(&without_blocks(&page));
            proptest::prop_assert_eq!(tags, skeleton(&without_blocks(&render(&harmless))));
            let hidden = page.contains(['\u{1b}', '\u{202e}', '\r', '\0']);
            proptest::prop_assert!(!hidden);
        }
    }
}
