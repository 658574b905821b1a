//! What may be missing is told.

use super::scanned;
use crate::spec::scan::NoteKind;

fn kinds(files: &[(&str, &str)]) -> Vec<NoteKind> {
    scanned(files).notes.iter().map(|note| note.kind).collect()
}

#[test]
fn nothing_to_tell() {
    assert_eq!(kinds(&[("lib.rs", "use base::Key;")]), []);
}

#[test]
fn sources_and_modules_that_are_not_there() {
    assert_eq!(kinds(&[]), [NoteKind::Missing]);
    assert_eq!(
        kinds(&[("lib.rs", "use base::Key; mod gone;")]),
        [NoteKind::Missing]
    );
}

#[test]
fn code_from_a_build_script() {
    let code = "use base::Key; include!(concat!(env!(\"OUT_DIR\"), \"/x.rs\"));";
    assert_eq!(kinds(&[("lib.rs", code)]), [NoteKind::Generated]);
}

#[test]
fn macros_that_write_code() {
    let scan = scanned(&[("lib.rs", "#[base::instrument]\nfn f() {}")]);
    assert_eq!(scan.notes.len(), 1);
    assert_eq!(scan.notes[0].kind, NoteKind::Macro);
    assert!(
        scan.notes[0].message.contains("nothing else"),
        "{}",
        scan.notes[0].message
    );
}

#[test]
fn crates_that_are_not_used() {
    assert_eq!(kinds(&[("lib.rs", "fn f() {}")]), [NoteKind::Unused]);
}

#[test]
fn files_and_lines_are_counted() {
    let scan = scanned(&[
        ("lib.rs", "mod a;\nuse base::Key;\n"),
        ("a.rs", "fn f() {}\n\n// x"),
    ]);
    assert_eq!((scan.files, scan.lines), (2, 5));
}
