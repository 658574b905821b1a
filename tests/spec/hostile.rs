//! Metadata of a package that attacks whatever shows it.

use crate::blocked::capped;
use crate::family::user;
use crate::{only, printed};

const ATTACK: &str = "x\u{1b}[2J\u{202e}\n\n# heading\n```\n</details><img src=x onerror=alert(1)>\
                      \n| a | b |\n[click](javascript:alert(1)) `code` @everyone";

fn package() -> crate::loopback::Package {
    user("capped", "3.0.0", "^0.32")
        .field("description", ATTACK)
        .field("authors", vec![ATTACK.to_owned(), "A <a@b.c>".to_owned()])
        .field("repository", format!("https://github.com/a/b){ATTACK}"))
        .field("homepage", "javascript:alert(1)")
}

#[test]
fn none_of_it_is_markup() {
    let lab = capped(package());
    for options in [
        &["--target-line", "0.33"][..],
        &["--target-line", "0.33", "--quick"],
    ] {
        let text = printed(&lab, options);
        assert!(!text.contains(['\u{1b}', '\u{202e}', '\u{7}']), "{text}");
        assert!(!text.replace("\\<img", "").contains("<img"), "{text}");
        assert!(!text.replace("\\](java", "").contains("](java"), "{text}");
        let headings: Vec<&str> = text.lines().filter(|line| line.starts_with("# ")).collect();
        assert_eq!(headings.len(), 1, "{headings:?}");
        assert!(!text.lines().any(|line| line == "| a | b |"), "{text}");
        let fences = text.lines().filter(|line| line.starts_with("```")).count();
        assert_eq!(fences % 2, 0, "{text}");
    }
}

#[test]
fn no_address_leads_astray() {
    let lab = capped(package());
    let spec = only(&lab, &["--target-line", "0.33"]);
    for field in ["repository", "homepage", "issues"] {
        assert!(spec["package"][field].is_null(), "{spec:#}");
    }
    let good = user("capped", "3.0.0", "^0.32").field("repository", "https://github.com/a/b.git");
    let spec = only(&capped(good), &["--target-line", "0.33"]);
    assert_eq!(spec["package"]["issues"], "https://github.com/a/b/issues");
}
