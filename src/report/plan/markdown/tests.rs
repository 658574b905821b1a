use super::reader::{outside_fences, without_code};
use super::*;
use crate::report::plan::testing::{
    actions, empty, hostile, none, nowhere, options, proven, unproven,
};

#[test]
fn hostile_texts_start_no_markup() {
    let text = render(&hostile());
    let allowed = |c: char| c == '\n' || !c.is_control();
    assert!(text.chars().all(allowed), "{text:?}");
    assert!(!text.contains('\u{202e}'));
    // Outside fences, each row of a table has as many cells as its head, and nothing is markup but
    // what the renderer writes.
    let mut columns = 0;
    for line in outside_fences(&text) {
        assert!(!without_code(line).contains(['<', '[', '`']), "{line}");
        if !line.starts_with('|') {
            columns = 0;
            continue;
        }
        let bars = line.replace("\\|", "").matches('|').count();
        assert!(columns == 0 || bars == columns, "{line}");
        columns = bars;
    }
}

proptest::proptest! {
    #[test]
    fn prose_holds_no_markup_of_its_own(text in "[`a|<\\[*_\\\\ \n]{0,30}") {
        let bare = without_code(&prose(&text));
        proptest::prop_assert!(!bare.contains(['<', '[', '`', '*', '_', '|']), "{}", bare);
    }
}

#[test]
fn renders() {
    insta::assert_snapshot!("proven", render(&proven()));
    insta::assert_snapshot!("unproven", render(&unproven()));
    insta::assert_snapshot!("none", render(&none()));
    insta::assert_snapshot!("empty", render(&empty()));
    insta::assert_snapshot!("nowhere", render(&nowhere()));
    insta::assert_snapshot!("options", render(&options()));
    insta::assert_snapshot!("actions", render(&actions()));
    insta::assert_snapshot!("hostile", render(&hostile()));
}
