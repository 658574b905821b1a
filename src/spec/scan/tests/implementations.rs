//! Implementations of the family's traits.

use super::{finds, scanned};
use crate::rules::public_api::What;
use crate::spec::scan::How;

const FULL: &str = "\
use kit::Exporter;
impl Exporter for S {
    fn export(&mut self, batch: Vec<kit::Data>) -> BoxFuture<'static, R> { x }
    fn shutdown(&mut self) {}
    fn reset(&mut self) {}
}
";

#[test]
fn what_is_missing_changed_and_gone() {
    finds(
        FULL,
        &[
            "2 base_kit::Exporter",
            "3 base_kit::Exporter::export",
            "5 base_kit::Exporter::reset",
        ],
    );
    let scan = scanned(&[("lib.rs", FULL)]);
    let missing = What::NewRequired {
        items: vec!["resource".to_owned()],
    };
    assert_eq!(scan.hits[0].change.what, missing);
    assert!(scan.hits.iter().all(|hit| hit.how == How::Implementation));
}

#[test]
fn what_is_there_already_or_written_by_a_macro_is_not_missing() {
    let code = "impl kit::Exporter for S { fn resource(&self) -> kit::Resource { x } export!(); }";
    finds(code, &[]);
}

#[test]
fn traits_of_others() {
    finds(
        "trait Exporter { fn reset(&mut self); }\nimpl Exporter for S { fn reset(&mut self) {} }",
        &[],
    );
}
