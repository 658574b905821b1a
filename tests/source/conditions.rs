//! Under which conditions what was found exists.

use std::collections::BTreeSet;

use otel_check::source::{Cfg, Holds};

use crate::package::{code, package};

#[test]
fn items_modules_and_members() {
    let package = package(&[
        (
            "src/lib.rs",
            "#![cfg(feature = \"root\")]
#[cfg(feature = \"m\")] mod m;
#[cfg(feature = \"i\")] mod i { #![cfg(unix)] fn f() { alpha::i(); } }
#[cfg(feature = \"impl\")] impl X { #[cfg(feature = \"fn\")] fn f() { alpha::f(); } }",
        ),
        (
            "src/m.rs",
            "#![cfg(feature = \"file\")]\n#[cfg(test)] mod tests { fn f() { alpha::m(); } }",
        ),
    ]);
    assert_eq!(
        package.conditions(),
        [
            "alpha::i if all(feature = \"root\", feature = \"i\", unix)",
            "alpha::f if all(feature = \"root\", feature = \"impl\", feature = \"fn\")",
            "alpha::m if all(feature = \"root\", feature = \"m\", feature = \"file\", test)",
        ]
    );
}

#[test]
fn inside_bodies() {
    let package = code(
        "fn f() {
    #[cfg(feature = \"a\")] alpha::a1(); alpha::free();
    #[cfg(feature = \"b\")] let x: Map<u8, u8> = alpha::b1(alpha::b2); alpha::free();
    #[cfg(feature = \"c\")] { alpha::c1(); alpha::c2(); } alpha::free();
    #[cfg(feature = \"d\")] if let Some(x) = unsafe { alpha::d1() } { alpha::d2() } else if y { alpha::d3() } else { alpha::d4() }
    alpha::free();
    match x { #[cfg(feature = \"e\")] A { x, .. } if alpha::e1() => alpha::e2(), #[cfg(feature = \"g\")] B => { alpha::g1() } _ => alpha::free() }
    S { #[cfg(feature = \"h\")] h: alpha::h1(), i: alpha::free() };
    call(#[cfg(feature = \"j\")] alpha::j1(), alpha::free());
    #[cfg(feature = \"k\")] fn k<A, B>() { alpha::k1() } alpha::free();
    #[cfg(feature = \"l\")] for x in alpha::l1() { alpha::l2() } alpha::free();
    #[cfg(feature = \"n\")] x = alpha::n1() + alpha::n2(); #[cfg(feature = \"o\")] #[cfg(unix)] alpha::o1()
}",
    );
    let free = "alpha::free if true";
    let with = |name: &str, feature: &str| format!("alpha::{name} if feature = \"{feature}\"");
    let expected = [
        with("a1", "a"),
        free.into(),
        with("b1", "b"),
        with("b2", "b"),
        free.into(),
        with("c1", "c"),
        with("c2", "c"),
        free.into(),
        with("d1", "d"),
        with("d2", "d"),
        with("d3", "d"),
        with("d4", "d"),
        free.into(),
        with("e1", "e"),
        with("e2", "e"),
        with("g1", "g"),
        free.into(),
        with("h1", "h"),
        free.into(),
        with("j1", "j"),
        free.into(),
        with("k1", "k"),
        free.into(),
        with("l1", "l"),
        with("l2", "l"),
        free.into(),
        with("n1", "n"),
        with("n2", "n"),
        "alpha::o1 if all(feature = \"o\", unix)".to_owned(),
    ];
    assert_eq!(package.conditions(), expected);
}

#[test]
fn parts_of_signatures_and_types() {
    let package = code(
        "struct S { #[cfg(feature = \"a\")] a: Map<alpha::A, alpha::A>, b: alpha::Free }
enum E { #[cfg(feature = \"b\")] B(alpha::B, alpha::B), C(alpha::Free) }
fn f(#[cfg(feature = \"c\")] a: alpha::C, b: alpha::Free) {}
fn g() { X { x: 1 }; #[cfg(feature = \"d\")] use alpha::D as E; E::x(); }",
    );
    assert_eq!(
        package.conditions(),
        [
            "alpha::A if feature = \"a\"",
            "alpha::A if feature = \"a\"",
            "alpha::Free if true",
            "alpha::B if feature = \"b\"",
            "alpha::B if feature = \"b\"",
            "alpha::Free if true",
            "alpha::C if feature = \"c\"",
            "alpha::Free if true",
            "alpha::D if feature = \"d\"",
            "alpha::D::x if feature = \"d\"",
        ]
    );
}

#[test]
fn tests_are_marked() {
    let package = code(
        "#[test] fn a() { alpha::a(); }
#[tokio::test(flavor = \"x\")] async fn b() { alpha::b(); }
#[cfg(any(test, feature = \"testing\"))] fn c() { alpha::c(); }
#[cfg_attr(test, alpha::attribute)] fn d() { alpha::d(); }",
    );
    assert_eq!(
        package.conditions(),
        [
            "alpha::a if test",
            "alpha::b if test",
            "alpha::c if any(test, feature = \"testing\")",
            "alpha::attribute if test",
            "alpha::d if true",
        ]
    );
}

#[test]
fn conditional_conditions() {
    let package = code("#[cfg_attr(unix, cfg(feature = \"a\"))] fn f() { alpha::f(); }");
    assert_eq!(
        package.conditions(),
        ["alpha::f if any(not(unix), feature = \"a\")"]
    );
}

#[test]
fn branches_of_cfg_if() {
    let package = code(
        "cfg_if::cfg_if! { if #[cfg(feature = \"a\")] { fn a() { alpha::a() } } else if #[cfg(feature = \"b\")] { fn b() { alpha::b() } } else { fn c() { alpha::c() } } }
fn f() { cfg_if! { if #[cfg(unix)] { alpha::d() } else { alpha::e() } } alpha::g() }
cfg_select! { feature = \"a\" => { fn h() { alpha::h() } } _ => { fn i() { alpha::i() } } }",
    );
    assert_eq!(
        package.conditions(),
        [
            "alpha::a if feature = \"a\"",
            "alpha::b if all(not(feature = \"a\"), feature = \"b\")",
            "alpha::c if all(not(feature = \"a\"), not(feature = \"b\"))",
            "alpha::d if unix",
            "alpha::e if not(unix)",
            "alpha::g if true",
            "alpha::h if feature = \"a\"",
            "alpha::i if not(feature = \"a\")",
        ]
    );
}

#[test]
fn what_holds() {
    let condition =
        |text: &str| (*code(&format!("#[cfg({text})] fn f() {{}}")).item("f").cfg).clone();
    let features: BTreeSet<String> = ["a".to_owned()].into();
    let holds = |text: &str, test| condition(text).holds(&features, test);
    let cases = [
        ("feature = \"a\"", Holds::Yes),
        ("feature = \"b\"", Holds::No),
        ("not(feature = \"b\")", Holds::Yes),
        ("test", Holds::No),
        ("not(test)", Holds::Yes),
        ("unix", Holds::Maybe),
        ("not(unix)", Holds::Maybe),
        ("target_os = \"linux\"", Holds::Maybe),
        ("all(unix, feature = \"b\")", Holds::No),
        ("all(unix, feature = \"a\")", Holds::Maybe),
        ("any(unix, feature = \"a\")", Holds::Yes),
        ("any(unix, feature = \"b\")", Holds::Maybe),
        ("any()", Holds::No),
        ("all()", Holds::Yes),
        ("docsrs", Holds::No),
        ("not(doc)", Holds::Yes),
        ("false", Holds::No),
        ("true", Holds::Yes),
    ];
    for (text, expected) in cases {
        assert_eq!(holds(text, false), expected, "{text}");
    }
    assert_eq!(holds("test", true), Holds::Yes);
    assert_eq!(Cfg::Always.holds(&features, false), Holds::Yes);
}

#[test]
fn other_conditions_can_be_judged_by_the_caller() {
    let cfg = (*code("#[cfg(all(windows, feature = \"a\"))] fn f() {}")
        .item("f")
        .cfg)
        .clone();
    let mut asked = Vec::new();
    let holds = cfg.holds_where(&mut |atom| {
        asked.push(atom.to_string());
        (*atom != Cfg::Other("windows".into())).into()
    });
    assert_eq!(
        (holds, asked),
        (
            Holds::No,
            vec!["windows".to_owned(), "feature = \"a\"".to_owned()]
        )
    );
}

#[test]
fn conditions_join_once() {
    let (a, b) = (Cfg::Feature("a".into()), Cfg::Feature("b".into()));
    assert_eq!(Cfg::Always.and(&a), a);
    assert_eq!(a.and(&a), a);
    assert_eq!(a.and(&b).and(&a).and(&b), Cfg::All(vec![a.clone(), b]));
    assert_eq!(a.clone().negated().negated(), a);
}
