use unicode_width::UnicodeWidthStr;

use super::*;
use crate::report::plan::testing::{
    actions, empty, hostile, none, nowhere, options, proven, unproven,
};

fn plain(width: usize) -> Options {
    Options {
        colours: false,
        width,
        verbose: false,
    }
}

fn in_full(width: usize) -> Options {
    Options {
        verbose: true,
        ..plain(width)
    }
}

#[test]
fn nothing_hostile_reaches_the_terminal() {
    for options in [plain(80), in_full(200)] {
        let text = render(&hostile(), &options);
        let allowed = |c: char| c == '\n' || !c.is_control();
        assert!(text.chars().all(allowed), "{text:?}");
        assert!(!text.contains('\u{202e}'));
    }
}

#[test]
fn a_diff_keeps_its_tabs_and_nothing_else_hidden() {
    let text = diff("+a\t\u{1b}[2J\r\n-b\n @\n", &plain(80));
    assert_eq!(text, "+a\t\\u{1b}[2J\n-b\n @\n");
}

#[test]
fn tables_and_sentences_keep_to_the_width() {
    for width in [60, 80, 120] {
        for report in [proven(), none(), options()] {
            let text = render(&report, &plain(width));
            // The change and the commands stand as they are.
            let lines = text.lines().take_while(|line| !line.starts_with("steps"));
            for line in lines.filter(|line| !line.contains("cargo otel-check")) {
                // A headline is never broken.
                let whole = line.contains(": line ");
                assert!(whole || line.width() <= width, "{width}: {line}");
            }
        }
    }
}

#[test]
fn colours_are_left_out_where_not_wanted() {
    assert!(!render(&options(), &plain(80)).contains('\u{1b}'));
    let coloured = Options {
        colours: true,
        ..plain(80)
    };
    let text = render(&options(), &coloured);
    assert!(text.contains('\u{1b}'));
    let bare = anstream::adapter::strip_str(&text).to_string();
    assert_eq!(bare, render(&options(), &plain(80)));
}

#[test]
fn what_to_run_next_follows_from_the_outcome() {
    let next = |report| {
        let text = render(&report, &plain(80));
        let at = text.find("\nnext\n");
        at.map(|at| text[at..].to_owned()).unwrap_or_default()
    };
    assert!(next(proven()).contains("  cargo otel-check fix --dry-run  "));
    assert!(next(options()).contains("  cargo otel-check fix --option B --target-line 0.5  "));
    assert!(next(none()).contains("  cargo otel-check plan --options  "));
    assert!(!next(unproven()).contains(" fix"));
    assert_eq!(next(empty()), "");
}

#[test]
fn renders() {
    insta::assert_snapshot!("proven", render(&proven(), &plain(80)));
    insta::assert_snapshot!("proven_in_full", render(&proven(), &in_full(100)));
    insta::assert_snapshot!("unproven", render(&unproven(), &plain(100)));
    insta::assert_snapshot!("none", render(&none(), &plain(80)));
    insta::assert_snapshot!("empty", render(&empty(), &plain(80)));
    insta::assert_snapshot!("nowhere", render(&nowhere(), &plain(80)));
    insta::assert_snapshot!("options", render(&options(), &plain(100)));
    insta::assert_snapshot!("options_narrow", render(&options(), &plain(60)));
    insta::assert_snapshot!("actions", render(&actions(), &plain(80)));
    insta::assert_snapshot!("hostile", render(&hostile(), &plain(120)));
}
