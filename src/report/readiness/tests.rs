use std::sync::LazyLock;

use unicode_width::UnicodeWidthStr;

use crate::readiness::Readiness;
use crate::readiness::compare::{Comparison, compare};
use crate::readiness::model::{Due, Input, InputKind};
use crate::readiness::verify::{Standing, Verification};
use crate::report::html::{outline, render_comparison, render_verification};
use crate::report::human::Options;
use crate::report::plan::markdown::reader::{outside_fences, without_code};

use super::testing::{
    ATTACKS, Places, all, attacked, bare, conditional, go, hostile, no_go, unresolvable,
    verifications,
};
use super::{human, markdown};

const PLAIN: Options = Options {
    colours: false,
    width: 80,
    verbose: false,
};

fn shown(report: &Readiness, width: usize, verbose: bool) -> String {
    let options = Options {
        width,
        verbose,
        ..PLAIN
    };
    human::render(report, &options)
}

#[test]
fn renders_markdown() {
    insta::assert_snapshot!("no_go", markdown::render(&no_go()));
    insta::assert_snapshot!("go", markdown::render(&go()));
    insta::assert_snapshot!("unresolvable", markdown::render(&unresolvable()));
    insta::assert_snapshot!("bare", markdown::render(&bare()));
    insta::assert_snapshot!("hostile", markdown::render(&hostile()));
}

#[test]
fn renders_a_page() {
    insta::assert_snapshot!("no_go_page", markdown::summary(&no_go()));
    insta::assert_snapshot!("conditional_page", markdown::summary(&conditional()));
    insta::assert_snapshot!("go_page", markdown::summary(&go()));
    insta::assert_snapshot!("unresolvable_page", markdown::summary(&unresolvable()));
}

#[test]
fn renders_for_a_terminal() {
    insta::assert_snapshot!("no_go_80", shown(&no_go(), 80, false));
    insta::assert_snapshot!("no_go_120", shown(&no_go(), 120, false));
    insta::assert_snapshot!("no_go_in_full", shown(&no_go(), 100, true));
    insta::assert_snapshot!("conditional_80", shown(&conditional(), 80, false));
    insta::assert_snapshot!("go_80", shown(&go(), 80, false));
    insta::assert_snapshot!("unresolvable_80", shown(&unresolvable(), 80, false));
    insta::assert_snapshot!("hostile_80", shown(&hostile(), 80, true));
    insta::assert_snapshot!("page_80", human::summary(&no_go(), &PLAIN));
}

#[test]
fn lines_keep_to_the_width() {
    for width in [60, 80, 120] {
        for report in [no_go(), conditional(), go(), unresolvable()] {
            for verbose in [false, true] {
                let text = shown(&report, width, verbose);
                // Commands, outputs and diffs stand as they are, and digests cannot be broken.
                let whole = ["    ", "+", "-", "@", " \t"];
                let lines = text.lines().filter(|line| {
                    let item = line.starts_with("  - ") || line.starts_with("    next: ");
                    item || !whole.iter().any(|start| line.starts_with(start))
                });
                for line in lines.filter(|line| !line.contains("sha256  ")) {
                    assert!(line.width() <= width, "{width}: {line}");
                }
            }
        }
    }
}

#[test]
fn colours_only_help() {
    for report in all() {
        for verbose in [false, true] {
            let coloured = Options {
                colours: true,
                verbose,
                ..PLAIN
            };
            let text = human::render(&report, &coloured);
            let bare = anstream::adapter::strip_str(&text).to_string();
            assert_eq!(bare, shown(&report, 80, verbose));
        }
    }
}

#[test]
fn what_was_not_measured_is_never_green() {
    let green = "\u{1b}[32m";
    let coloured = Options {
        colours: true,
        verbose: true,
        ..PLAIN
    };
    assert!(human::render(&go(), &coloured).contains(green));
    let report = unresolvable();
    assert!(!human::render(&report, &coloured).contains(green));
    for text in [markdown::render(&report), markdown::summary(&report)] {
        for word in ["**met**", "**ready**", "**GO**", "[!TIP]", "100 %"] {
            assert!(!text.contains(word), "{word}");
        }
        assert!(text.contains("nothing was measured"));
    }
    // A row that was asked in part is not called ready without a word on it.
    let text = markdown::render(&no_go());
    assert!(text.contains("| `log` | 0.3.1 | 0.1.2, 0.2.0 | 0.1, 0.2 | 100 % (50 % measured) | _ready as far as measured_"));
}

#[test]
fn a_score_says_of_what_it_speaks() {
    for text in [
        markdown::render(&no_go()),
        markdown::summary(&no_go()),
        shown(&no_go(), 200, false),
    ] {
        let score = "72 % of what was measured, 18 of 25 in weights; 62 % of the weight was \
                     measured, 25 of 40";
        assert!(text.contains(score));
    }
    assert!(markdown::render(&no_go()).contains("| 10 + 8 of 10 + 8 + 7 |"));
    let all = "100 %, 40 of 40 in weights; all of the weight was measured";
    assert!(markdown::summary(&go()).contains(all));
}

/// In the full document, whoever reads a figure sees on the same line, or below it in the same column,
/// on what it rests, and can go there.
#[test]
fn figures_have_their_evidence_beside_them() {
    for report in [no_go(), conditional(), go(), unresolvable()] {
        let text = markdown::render(&report);
        let lines = outside_fences(&text);
        let mut seen = 0;
        for block in lines.split(|line| line.is_empty()) {
            let below = block.iter().any(|line| line.starts_with("| evidence |"));
            for line in block {
                let cells = line.split('|').map(str::trim);
                let is_figure = |cell: &str| {
                    cell.contains('%')
                        || !cell.is_empty() && cell.chars().all(|c| c.is_ascii_digit())
                };
                if cells.into_iter().any(is_figure) {
                    seen += 1;
                    assert!(below || line.contains("](#e"), "{line}");
                }
            }
        }
        assert!(seen > 5, "only {seen} figures");
        let json = serde_json::to_value(&report).unwrap();
        for id in named(&json, "evidence")
            .iter()
            .chain(&named(&json, "inputs"))
        {
            assert!(text.contains(&format!("[{id}](#{id})")), "{id}");
            assert!(text.contains(&format!("<a id=\"{id}\"></a>")), "{id}");
        }
    }
}

/// Ids in all lists of this name.
fn named(json: &serde_json::Value, name: &str) -> Vec<String> {
    let mut found = Vec::new();
    match json {
        serde_json::Value::Array(all) => found.extend(all.iter().flat_map(|one| named(one, name))),
        serde_json::Value::Object(all) => {
            for (key, one) in all {
                let ids = one.as_array().filter(|_| key == name).into_iter().flatten();
                found.extend(ids.filter_map(|id| id.as_str().map(str::to_owned)));
                found.extend(named(one, name));
            }
        }
        _ => {}
    }
    found
}

#[test]
fn links_lead_to_a_row_or_are_none() {
    let mut report = no_go();
    let rests = &mut report.assessment.blockers[0].evidence;
    *rests = ["e99", "e1) <x>", "", "e1"].map(str::to_owned).to_vec();
    report.evidence.push(report.evidence[0].clone());
    report.evidence.push(crate::readiness::model::Evidence {
        id: "\"><script>".into(),
        ..report.evidence[0].clone()
    });
    let text = markdown::render(&report);
    assert!(text.contains("| `e99` `e1) <x>` `  ` [e1](#e1) |"));
    assert_eq!(text.matches("<a id=\"e1\">").count(), 1);
    assert!(!without_code(&text).contains("<script>"));
}

#[test]
fn nobody_signs_who_has_not_said_so() {
    let signed = |report: &Readiness| {
        let text = markdown::render(report);
        let (_, part) = text.split_once("\n## Sign-off\n").unwrap();
        part.split("\n## ").next().unwrap().to_owned()
    };
    let mut report = no_go();
    assert!(signed(&report).contains("Ada Example"));
    // What a person says counts only as the evidence that it is.
    report.assessment.criteria[4].evidence = vec!["e1".into()];
    assert!(!signed(&report).contains("Ada Example"));
    assert_eq!(signed(&report).matches("to be signed").count(), 4);
}

#[test]
fn conditions_stand_with_their_day() {
    let mut report = conditional();
    for (one, due) in report.assessment.conditions.iter_mut().zip([
        Due::BeforeStart,
        Due::BeforePhase(3),
        Due::Later,
    ]) {
        one.due = due;
    }
    let text = markdown::summary(&report);
    let at = |word: &str| text.find(word).unwrap();
    assert!(at("| before the start |") < at("| before phase 3 |"));
    assert!(at("| before phase 3 |") < at("| later |"));
}

/// Markup by which a line begins, and how many cells it has.
fn skeleton(text: &str) -> Vec<(String, usize)> {
    let mut out = Vec::new();
    for line in outside_fences(text) {
        let bare = without_code(&ours(line));
        let start = match bare.split(' ').next() {
            Some(first) if first.starts_with('|') => "|",
            Some(first) if first.chars().all(|c| matches!(c, '#' | '>' | '-')) => first,
            Some(_) | None => "",
        };
        let start = start.to_owned();
        out.push((start, bare.matches('|').count()));
        assert!(!bare.contains(['<', '[', '`', ']']), "{line}");
        // A mention is of somebody where nothing stands before it.
        assert!(!format!(" {bare}").contains(" @team"), "{line}");
    }
    out
}

/// The line without the markup that the renderer writes itself.
fn ours(line: &str) -> String {
    let mut out = line.replace("<br>", " ").replace("<!-- -->", "\u{2060}");
    for number in 1..=13 {
        for letter in ['e', 'i'] {
            let id = format!("{letter}{number}");
            out = out.replace(&format!("[{id}](#{id})"), "");
            out = out.replace(&format!("<a id=\"{id}\"></a>{id}"), "");
        }
        out = out.replace(
            &format!("<details><summary>What e{number} printed</summary>"),
            "",
        );
    }
    for kind in ["TIP", "WARNING", "CAUTION", "NOTE"] {
        out = out.replace(&format!("> [!{kind}]"), "> ");
    }
    let out = out.replace("<details><summary>6 checks, one weight each</summary>", "");
    out.replace("</details>", "")
}

#[test]
fn hostile_texts_reach_no_reader() {
    let report = hostile();
    let allowed = |c: char| c == '\n' || c == '\t' || !c.is_control();
    for text in [
        markdown::render(&report),
        markdown::summary(&report),
        shown(&report, 80, false),
        shown(&report, 200, true),
        human::summary(&report, &PLAIN),
    ] {
        assert!(text.chars().all(allowed), "{text:?}");
        assert!(!text.contains('\u{202e}'));
    }
    skeleton(&markdown::render(&report));
    skeleton(&markdown::summary(&report));
}

/// Since yesterday, when it was better, and since then, when nothing was measured.
fn moves() -> Vec<Comparison> {
    let pairs = [
        (conditional(), no_go()),
        (no_go(), conditional()),
        (unresolvable(), go()),
        (bare(), no_go()),
        (no_go(), no_go()),
    ];
    // The day is one of the things that an answer is made from.
    let dated = |report: &mut Readiness| {
        report.inputs.push(Input {
            id: "i9".into(),
            kind: InputKind::Day,
            name: report.date.clone(),
            sha256: None,
        });
    };
    let compared = |(mut old, mut new): (Readiness, Readiness)| {
        old.date = "2026-11-20".into();
        dated(&mut old);
        dated(&mut new);
        compare(&old, &new).unwrap()
    };
    pairs.map(compared).into()
}

#[test]
fn renders_what_moved() {
    let all = moves();
    insta::assert_snapshot!("worse", markdown::comparison(&all[0]));
    insta::assert_snapshot!("worse_80", human::comparison(&all[0], &PLAIN));
    insta::assert_snapshot!("better", markdown::comparison(&all[1]));
    insta::assert_snapshot!("measured", markdown::comparison(&all[2]));
    insta::assert_snapshot!("same_80", human::comparison(&all[4], &PLAIN));
    for moved in all {
        resists(
            &moved,
            &[&markdown::comparison, &|one| human::comparison(one, &PLAIN)],
            &render_comparison,
        );
    }
}

#[test]
fn renders_verifications() {
    let tool = no_go().tool;
    let all = verifications();
    let texts = all.iter().map(|one| markdown::verification(one, &tool));
    insta::assert_snapshot!("verified", texts.collect::<Vec<_>>().join("\n"));
    let texts = all
        .iter()
        .map(|one| human::verification(one, &tool, &PLAIN));
    insta::assert_snapshot!("verified_80", texts.collect::<Vec<_>>().join("\n"));
    for found in all {
        let page = |one: &Verification| render_verification(one, &tool);
        let text = |one: &Verification| markdown::verification(one, &tool);
        resists(
            &found,
            &[&text, &|one| human::verification(one, &tool, &PLAIN)],
            &page,
        );
        // What was not measured again is not shown as if it had been.
        let in_full = found.standing == Standing::Holds && found.unrepeated.is_empty();
        assert_eq!(page(&found).contains("state good"), in_full);
    }
}

/// Whether the first of the texts, which is Markdown, the other, which is for a terminal, and the page
/// keep their markup whatever the value holds.
fn resists<T>(value: &T, texts: &[&dyn Fn(&T) -> String; 2], page: &dyn Fn(&T) -> String)
where
    T: serde::Serialize + serde::de::DeserializeOwned,
{
    let hostile = attacked(value, &|number| ATTACKS[number % ATTACKS.len()].to_owned());
    let harmless = attacked(value, &|_| "x".to_owned());
    let tags = |one: &T| {
        let tags = outline(&page(one)).into_iter();
        tags.filter(|tag| tag != "code").collect::<Vec<_>>()
    };
    assert_eq!(tags(&hostile), tags(&harmless));
    let [markdown, human] = texts;
    assert_eq!(
        skeleton(&markdown(&hostile)),
        skeleton(&markdown(&harmless))
    );
    for text in [markdown(&hostile), human(&hostile)] {
        assert!(
            text.chars().all(|c| c == '\n' || !c.is_control()),
            "{text:?}"
        );
        assert!(!text.contains('\u{202e}'));
    }
}

static PLACES: LazyLock<Places<Readiness>> = LazyLock::new(|| Places::of(&no_go()));

proptest::proptest! {
    #![proptest_config(proptest::test_runner::Config::with_cases(32))]

    /// Whatever stands in texts from outside, a document has the markup that it has with harmless ones.
    #[test]
    fn hostile_texts_change_no_markup(
        attack in "(<|>|\"|'|`|``|```|~~~|&|=|/|-|!|\\||\\\\|</|<script>|<!--|-->|\\[|\\]|\\(|\\)|#|# |> |\\*|_|@team|https://x|www\\.|\u{202e}|\u{1b}\\[2J|\n|\r|\t|\u{0}| |[a-z1]){0,12}"
    ) {
        let hostile = PLACES.attacked(&|_| format!("x{attack}x"));
        let harmless = PLACES.attacked(&|_| "x".to_owned());
        for render in [markdown::render, markdown::summary] {
            proptest::prop_assert_eq!(skeleton(&render(&hostile)), skeleton(&render(&harmless)));
        }
        for verbose in [false, true] {
            let text = shown(&hostile, 80, verbose);
            let hidden = text.contains('\u{202e}')
                || text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\t'));
            proptest::prop_assert!(!hidden);
        }
    }
}
