//! Where in an item a path stands.

use otel_check::source::ItemKind;

use crate::package::code;

#[test]
fn functions() {
    let package = code(
        "pub fn open<A: alpha::A1>(a: alpha::A2, f: impl Fn(alpha::A3)) -> alpha::A4 where A: alpha::A5 { alpha::A6 }
fn shut<A: alpha::B1>(a: alpha::B2) -> alpha::B3 { alpha::B4 }
pub(crate) fn half(a: alpha::C1) {}
pub async unsafe extern \"C\" fn long(a: alpha::D1) -> Result<alpha::D2, alpha::D3>;",
    );
    assert_eq!(
        package.positions(),
        [
            "Taken open: alpha::A1",
            "Taken open: alpha::A2",
            "Taken open: alpha::A3",
            "Given open: alpha::A4",
            "Taken open: alpha::A5",
            "Body open: alpha::A6",
            "Body shut: alpha::B1",
            "Body shut: alpha::B2",
            "Body shut: alpha::B3",
            "Body shut: alpha::B4",
            "Body half: alpha::C1",
            "Taken long: alpha::D1",
            "Given long: alpha::D2",
            "Given long: alpha::D3",
        ]
    );
}

#[test]
fn types() {
    let package = code(
        "pub struct A<T: alpha::A1> where T: alpha::A2 { pub a: Map<alpha::A3, u8>, b: alpha::A4, pub(crate) c: alpha::A5 }
pub struct B(pub alpha::B1, alpha::B2) where T: alpha::B3;
struct C { pub a: alpha::C1 }
pub enum D { One(alpha::D1), Two { a: alpha::D2 }, Three = alpha::D3 as isize }
enum E { One(alpha::E1) }
pub type F<T> = alpha::F1<T>;
type G = alpha::G1;
pub union H { pub a: alpha::H1 }",
    );
    assert_eq!(
        package.positions(),
        [
            "Taken A: alpha::A1",
            "Taken A: alpha::A2",
            "Taken A: alpha::A3",
            "Body A: alpha::A4",
            "Body A: alpha::A5",
            "Taken B: alpha::B1",
            "Body B: alpha::B2",
            "Taken B: alpha::B3",
            "Body C: alpha::C1",
            "Taken D: alpha::D1",
            "Taken D: alpha::D2",
            "Taken D: alpha::D3",
            "Body E: alpha::E1",
            "Given F: alpha::F1",
            "Body G: alpha::G1",
            "Taken H: alpha::H1",
        ]
    );
}

#[test]
fn implementations() {
    let package = code(
        "impl<S, T: alpha::A1> alpha::Layer<S, alpha::A2> for X<T> where T: alpha::A3 {
    type Out = alpha::A4;
    const C: alpha::A5 = alpha::A6;
    fn on(&self, a: alpha::A7) -> alpha::A8 { alpha::A9 }
}
impl<T> X<T> where T: alpha::B1 {
    pub fn with(a: alpha::B2) -> Self { alpha::B3 }
    fn own(a: alpha::B4) {}
}
impl Own for alpha::C1 {}
impl<'a> From<alpha::C2> for &'a mut Y {}
unsafe impl<F> !alpha::C3 for Box<dyn Fn(F) -> alpha::C4> {}
impl alpha::D1 for <Y as Own>::Out {}
impl alpha::D2 for for<'a> fn(alpha::D3<'a>) {}",
    );
    assert_eq!(
        package.positions(),
        [
            "Taken X: alpha::A1",
            "ImplementedTrait X: alpha::Layer",
            "Taken X: alpha::A2",
            "Taken X: alpha::A3",
            "Given X: alpha::A4",
            "Given X: alpha::A5",
            "Body X: alpha::A6",
            "Taken X.on: alpha::A7",
            "Given X.on: alpha::A8",
            "Body X.on: alpha::A9",
            "Taken X: alpha::B1",
            "Taken X.with: alpha::B2",
            "Body X.with: alpha::B3",
            "Body X.own: alpha::B4",
            "Taken C1: alpha::C1",
            "Taken Y: alpha::C2",
            "ImplementedTrait Box: alpha::C3",
            "Taken Box: alpha::C4",
            "ImplementedTrait Y: alpha::D1",
            "ImplementedTrait D3: alpha::D2",
            "Taken D3: alpha::D3",
        ]
    );
}

#[test]
fn traits() {
    let package = code(
        "pub trait Open<T: alpha::A1>: alpha::A2 + Send where T: alpha::A3 {
    type Out: alpha::A4;
    const C: alpha::A5;
    fn take(&self, a: alpha::A6) -> alpha::A7 { alpha::A8 }
}
trait Shut: alpha::B1 { fn take(a: alpha::B2); }",
    );
    assert_eq!(
        package.positions(),
        [
            "Taken Open: alpha::A1",
            "Taken Open: alpha::A2",
            "Taken Open: alpha::A3",
            "Taken Open: alpha::A4",
            "Given Open: alpha::A5",
            "Taken Open.take: alpha::A6",
            "Given Open.take: alpha::A7",
            "Body Open.take: alpha::A8",
            "Body Shut: alpha::B1",
            "Body Shut.take: alpha::B2",
        ]
    );
}

#[test]
fn constants_imports_and_attributes() {
    let package = code(
        "pub use alpha::A1;
pub(crate) use alpha::A2;
use alpha::A3;
pub const C: alpha::B1 = alpha::B2;
pub static S: alpha::B3 = alpha::B4;
#[derive(Clone, alpha::C1)] #[alpha::C2(alpha::C3, x = \"alpha::C4\")] struct X { #[serde(with = \"alpha::C5\")] a: u8 }
#[alpha::C6] mod inner {}",
    );
    assert_eq!(
        package.positions(),
        [
            "Reexport : alpha::A1",
            "Import : alpha::A2",
            "Import : alpha::A3",
            "Given C: alpha::B1",
            "Body C: alpha::B2",
            "Given S: alpha::B3",
            "Body S: alpha::B4",
            "Attribute X: alpha::C1",
            "Attribute X: alpha::C2",
            "Attribute X: alpha::C3",
            "Attribute X: alpha::C4",
            "Attribute X: alpha::C5",
            "Attribute inner: alpha::C6",
        ]
    );
}

#[test]
fn attributes_through_imports() {
    let package = code(
        "use alpha::{service, Traced};
#[service] trait A {}
#[derive(Debug, Traced)] struct B;
#[tokio::main] #[inline] #[test] fn c() {}",
    );
    assert_eq!(
        package.positions(),
        [
            "Import : alpha::service",
            "Import : alpha::Traced",
            "Attribute A: alpha::service",
            "Attribute B: alpha::Traced"
        ]
    );
}

#[test]
fn method_calls() {
    let package = code(
        "impl X { fn f(&self) { self.a().b::<u8>(1)?.await.c; x.0.d(); 1.e(); 2.0.f(); 0..g(); (h)(x); self.i.j() } }
fn k() { y\n  .l() }",
    );
    assert_eq!(
        package.calls(),
        [
            "1:29 a", "1:33 b", "1:58 d", "1:65 e", "1:74 f", "1:102 j", "3:4 l"
        ]
    );
    let item = package.item("X");
    assert!(
        item.calls
            .iter()
            .all(|call| call.inside.as_deref() == Some("f"))
    );
    assert_eq!(package.item("k").calls[0].inside, None);
}

#[test]
fn kinds_names_and_modules() {
    let package = code(
        "mod a { pub mod b { pub fn f() {} struct S; trait T {} impl S {} const C: u8 = 1; static mut D: u8 = 1;
macro_rules! m { () => {} } use x::y; call!(); type A = S; union U { a: u8 } enum E {} extern \"C\" { fn g(); } } }
#[macro_export] macro_rules! n { () => {} }",
    );
    let items = package.items();
    let shown: Vec<_> = items
        .iter()
        .map(|item| {
            (
                item.kind,
                item.name.to_string(),
                item.module.join("::"),
                item.public,
            )
        })
        .collect();
    let expected = |kind, name: &str, public| (kind, name.to_owned(), "a::b".to_owned(), public);
    assert_eq!(
        shown,
        [
            expected(ItemKind::Function, "f", true),
            expected(ItemKind::Type, "S", false),
            expected(ItemKind::Trait, "T", false),
            expected(ItemKind::Impl, "S", true),
            expected(ItemKind::Constant, "C", false),
            expected(ItemKind::Constant, "D", false),
            expected(ItemKind::Macro, "m", false),
            expected(ItemKind::Use, "", false),
            expected(ItemKind::Other, "call", false),
            expected(ItemKind::Type, "A", false),
            expected(ItemKind::Type, "U", false),
            expected(ItemKind::Type, "E", false),
            expected(ItemKind::Other, "", false),
            (ItemKind::Macro, "n".to_owned(), String::new(), true),
        ]
    );
}

/// Places are asked for in another order than that of the text.
#[test]
fn items_stand_where_their_keyword_does() {
    let package = code(
        "pub fn a() {\n    alpha::x();\n}\nmod m {\n    pub(crate) struct B {\n        b: alpha::Y,\n    }\n}\nuse ::alpha::*;",
    );
    let places: Vec<_> = package
        .items()
        .iter()
        .flat_map(|item| {
            let places = item.references.iter().map(|found| &found.place);
            let places = std::iter::once(&item.place).chain(places);
            places
                .map(|place| (place.line, place.column))
                .collect::<Vec<_>>()
        })
        .collect();
    assert_eq!(places, [(1, 5), (2, 5), (5, 16), (6, 12), (9, 1), (9, 7)]);
}

/// The `=` of an associated type's bounds, or of a parameter's default, is not the one before the type.
#[test]
fn types_behind_the_right_sign() {
    let package = code(
        "pub trait T { type A: alpha::Add<Output = alpha::A1>; type B: alpha::Add<Output = alpha::B1> = alpha::B2; }
pub type C<P = alpha::C1> = alpha::C2<P>;
fn f() { C::new() }",
    );
    assert_eq!(
        package.positions(),
        [
            "Taken T: alpha::Add",
            "Taken T: alpha::A1",
            "Taken T: alpha::Add",
            "Taken T: alpha::B1",
            "Given T: alpha::B2",
            "Taken C: alpha::C1",
            "Given C: alpha::C2",
            "Body f: alpha::C2::new",
        ]
    );
}

#[test]
fn identifiers() {
    let package = code(
        "#[serde(with = \"path::to::it\")] #[cfg(feature = \"not_me\")] fn f(a: B) -> r#type { c!(d.e(\"not_me\")); 'not_me: loop {} }",
    );
    let names: Vec<_> = package
        .item("f")
        .identifiers
        .iter()
        .map(|name| name.to_string())
        .collect();
    assert_eq!(
        names,
        [
            "B", "a", "c", "cfg", "d", "e", "f", "feature", "it", "path", "r#type", "serde", "to",
            "with"
        ]
    );
}
