//! The page: what it says of the fixtures, that it holds texts as texts, and what a browser makes of
//! it.

use serde_json::json;

use super::Ready;
use super::browser::Browser;
use super::hostile::{attacked, spoiled_files};
use crate::family::skewed;
use otel_check::report::html::{Extras, render};

/// Without what is the same in all pages.
fn brief(page: &str) -> String {
    let cut = |page: &str, name: &str| {
        let (before, rest) = page.split_once(&format!("<{name}>")).unwrap();
        let (_, behind) = rest.split_once(&format!("</{name}>")).unwrap();
        format!("{before}<{name}>…</{name}>{behind}")
    };
    let page = cut(&cut(page, "style"), "script");
    let digests: Vec<String> = page
        .split("sha256-")
        .skip(1)
        .map(|rest| rest[..44].to_owned())
        .collect();
    let version = concat!("cargo-otel-check ", env!("CARGO_PKG_VERSION"));
    digests
        .iter()
        .fold(page, |page, digest| page.replace(digest, "…"))
        .replace(version, "cargo-otel-check [version]")
}

#[test]
fn pages_of_fixtures() {
    let mut settings = insta::Settings::clone_current();
    settings.set_omit_expression(true);
    settings.set_prepend_module_to_snapshot(false);
    settings.set_snapshot_path("snapshots");
    let _bound = settings.bind_to_scope();
    for name in [
        "edge-agent",
        "edge-agent-unresolvable",
        "clean",
        "precision/real-skew",
        "precision/non-default-feature",
        "precision/two-bins",
    ] {
        let Some(ready) = Ready::new(name) else {
            continue;
        };
        let file = format!("{}_html", name.replace('/', "_"));
        insta::assert_snapshot!(
            file,
            brief(&ready.redacted(&ready.run(&["--format", "html"]).stdout))
        );
        let again = |threads: &str| {
            let mut command = ready.command(&["--format", "html"]);
            command.env("RAYON_NUM_THREADS", threads).output().unwrap()
        };
        assert!(again("1").stdout == again("8").stdout, "{name}");
    }
}

#[test]
fn only_a_page_has_room_for_more() {
    let Some(ready) = Ready::new("edge-agent-unresolvable") else {
        return;
    };
    let run = ready.run(&["--with", "matrix"]);
    assert_eq!(run.code, 2);
    assert!(
        run.stderr.contains("`--format html=FILE`"),
        "{}",
        run.stderr
    );
    // Without a graph there is no matrix; the findings stand all the same.
    let run = ready.run(&["--with", "matrix", "--format", "html"]);
    assert_eq!(run.code, 100);
    assert!(run.stderr.contains("note: there is no matrix in the page"));
    assert!(run.stdout.contains("Not in this page"));
    assert!(run.stdout.contains("there is no matrix in the page"));
}

#[test]
fn plan_and_matrix_have_pages_and_stand_in_that_of_check() {
    let lab = skewed();
    let page = |arguments: &[&str]| {
        let run = lab.run(&[arguments, &["--format", "html"]].concat());
        assert!([0, 100].contains(&run.code), "{}", run.stderr);
        assert!(run.stdout.starts_with("<!DOCTYPE html>"));
        run.stdout
    };
    let whole = page(&["check", "--full", "--with", "matrix,plan"]);
    for part in ["artifacts", "findings", "plan", "matrix"] {
        assert!(whole.contains(&format!("<section id=\"{part}\"")), "{part}");
    }
    let part = |page: &str, name: &str| {
        let (_, rest) = page.split_once(&format!("<section id=\"{name}\"")).unwrap();
        rest.split_once("</section>").unwrap().0.to_owned()
    };
    let plan = page(&["plan", "--options"]);
    assert!(plan.contains("+user = &quot;2&quot;"), "{plan}");
    assert_eq!(part(&plan, "plan"), part(&whole, "plan"));
    let matrix = page(&["matrix"]);
    assert!(matrix.contains("Newest line that every dependency in use serves"));
    assert_eq!(part(&matrix, "matrix"), part(&whole, "matrix"));
    // Alone, the page of `check` has neither.
    let alone = page(&["check", "--full"]);
    assert!(!alone.contains("id=\"plan\"") && !alone.contains("id=\"matrix\""));
}

#[test]
fn hostile_texts_stay_text() {
    attacked(|report, _| {
        let page = render(report, Extras::default());
        assert_eq!(page.matches("<script>").count(), 1);
        for tag in ["<img", "<a x", "<b>", "<?xml"] {
            assert!(!page.contains(tag), "{tag}");
        }
        let hidden = [
            '\u{1b}', '\u{7}', '\r', '\u{1}', '\u{202e}', '\u{200b}', '\u{feff}',
        ];
        assert!(!page.contains(hidden));
    });
}

/// Opens a page from the disk; what it asks for and complains of must be nothing.
fn opened(browser: &Browser, page: &str) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("page.html");
    std::fs::write(&file, page).unwrap();
    let url = format!("file://{}", file.display());
    browser.requests();
    browser.console();
    browser.open(&url);
    assert_eq!(browser.requests(), [url]);
    assert_eq!(browser.console(), Vec::<String>::new());
}

/// What a page's own markup never has.
const FOREIGN: &str = "script:not(body > script:last-child), img, iframe, object, embed, link, base, \
     meta[http-equiv=refresh], a:not([href^='#']), [style], [src], [onload], [onerror], [onclick]";

#[test]
fn hostile_pages_are_inert() {
    let Some(browser) = Browser::start() else {
        return;
    };
    let seen = std::cell::Cell::new(0);
    attacked(|report, _| {
        opened(&browser, &render(report, Extras::default()));
        assert_eq!(browser.count(FOREIGN), 0);
        assert_eq!(browser.count("script"), 1);
        assert_eq!(
            browser.run("return document.title.startsWith('otel-check: ')"),
            true
        );
        seen.set(seen.get() + 1);
    });
    if let Some(ready) = spoiled_files() {
        opened(&browser, &ready.run(&["--format", "html"]).stdout);
        assert_eq!(browser.count(FOREIGN), 0);
        let text = browser.run("return document.body.innerText");
        assert!(text.as_str().unwrap().contains("<script>alert(1)</script>"));
    }
    assert!(seen.get() == 0 || seen.get() > 20, "{seen:?}");
}

/// The page of the story; none where its crates, or Chromium, are not to be had.
fn story() -> Option<(Browser, String)> {
    let browser = Browser::start()?;
    let page = Ready::new("edge-agent")?.run(&["--format", "html"]).stdout;
    Some((browser, page))
}

/// Of each row that is shown: its finding, and whether that is shown in full.
const ROWS: &str = "return Array.from(document.querySelectorAll('#findings-table tbody tr'))\
    .filter(row => row.checkVisibility())\
    .map(row => row.cells[1].textContent + ' ' + row.cells[4].textContent + ' ' +\
      (document.getElementById(row.dataset.article).checkVisibility()))";

#[test]
fn findings_are_sorted_and_filtered() {
    let Some((browser, page)) = story() else {
        return;
    };
    opened(&browser, &page);
    let rows = || browser.run(ROWS);
    let all = [
        "lost-telemetry 0.21 true",
        "lost-telemetry 0.25 true",
        "advisory – true",
        "advisory – true",
        "mismatched-companion 0.25 true",
    ];
    assert_eq!(rows(), json!(all));
    let press = |head: usize| {
        browser.run(&format!(
            "document.querySelectorAll('#findings-table thead button')[{head}].click()"
        ));
    };
    press(4);
    let sorted = json!([all[2], all[3], all[0], all[1], all[4]]);
    assert_eq!(rows(), sorted);
    assert_eq!(browser.count("th[aria-sort=ascending]"), 1);
    press(4);
    assert_eq!(rows(), json!([all[1], all[4], all[0], all[2], all[3]]));
    assert_eq!(browser.count("th[aria-sort=descending]"), 1);
    // The findings in full follow.
    let first = "return document.querySelector('#findings-all article').id";
    assert_eq!(browser.run(first), "finding-2");
    press(0);
    assert_eq!(rows(), json!(all));
    let set = |name: &str, value: &str| {
        browser.run(&format!(
            "let field = document.getElementById('findings-filter').elements.{name};\
             field.value = {}; field.dispatchEvent(new Event('input', {{bubbles: true}}))",
            json!(value)
        ));
    };
    set("level", "deny");
    assert_eq!(rows(), json!(all[..2]));
    set("words", "UPLINK tracer");
    assert_eq!(rows(), json!([all[0]]));
    let count = "return document.getElementById('findings-count').textContent";
    assert_eq!(browser.run(count), "1 of 5 shown");
    // A link to what is hidden shows it.
    browser.run("document.querySelector('.heat td.on:nth-of-type(2) a').click()");
    browser.run("return new Promise(done => setTimeout(done, 100))");
    assert_eq!(rows(), json!(all));
    set("finding", "advisory");
    assert_eq!(rows(), json!(all[2..4]));
    browser.run("document.querySelector('#findings-filter button[type=reset]').click()");
    browser.run("return new Promise(done => setTimeout(done, 100))");
    assert_eq!(rows(), json!(all));
    assert_eq!(browser.console(), Vec::<String>::new());
}

#[test]
fn without_scripts_everything_is_there() {
    let Some((browser, page)) = story() else {
        return;
    };
    browser.command(
        "Emulation.setScriptExecutionDisabled",
        json!({ "value": true }),
    );
    opened(&browser, &page);
    // What would do nothing is not shown.
    let shown = |selector: &str| {
        let script = format!(
            "return Array.from(document.querySelectorAll({})).filter(one => one.checkVisibility()).length",
            json!(selector)
        );
        browser.run(&script)
    };
    assert_eq!(shown("#findings-filter"), 0);
    assert_eq!(browser.count("thead button"), 0);
    assert_eq!(shown("#findings-table tbody tr"), 5);
    assert_eq!(shown("#findings-all article"), 5);
    assert_eq!(shown(".heat td"), 6);
    assert_eq!(browser.count("svg"), 1);
    // What is folded opens without a script.
    assert_eq!(shown("details li"), 0);
    let point = browser.run(
        "let one = document.querySelector('summary'); one.scrollIntoView();\
         let at = one.getBoundingClientRect(); return [at.x + 5, at.y + 5]",
    );
    for kind in ["mousePressed", "mouseReleased"] {
        let event = json!({
            "type": kind, "x": point[0], "y": point[1], "button": "left", "clickCount": 1,
        });
        browser.command("Input.dispatchMouseEvent", event);
    }
    assert_eq!(shown("details li"), 5);
}

#[test]
fn pages_fit_their_reader() {
    let Some((browser, page)) = story() else {
        return;
    };
    for (width, phone) in [(1280, false), (390, true), (320, true)] {
        browser.size(width, 800, phone);
        opened(&browser, &page);
        let across = browser.run("return document.documentElement.scrollWidth");
        assert!(
            across.as_u64() <= Some(u64::from(width)),
            "{across} of {width}"
        );
    }
    let paper = || browser.run("return getComputedStyle(document.body).backgroundColor");
    let media = |media: &str, scheme: &str| {
        let features = json!([{ "name": "prefers-color-scheme", "value": scheme }]);
        let media = json!({ "media": media, "features": features });
        browser.command("Emulation.setEmulatedMedia", media);
    };
    media("", "light");
    assert_eq!(paper(), "rgb(255, 255, 255)");
    media("", "dark");
    assert_eq!(paper(), "rgb(15, 20, 25)");
    contrasts(&browser);
    media("print", "dark");
    assert_eq!(paper(), "rgb(255, 255, 255)");
    assert_eq!(
        browser.run("return document.querySelector('form').offsetHeight"),
        0
    );
    media("", "light");
    contrasts(&browser);
}

/// Every text stands out from what is behind it.
fn contrasts(browser: &Browser) {
    let poor = browser.run(CONTRAST);
    assert_eq!(poor, json!([]));
}

/// Texts whose contrast with the nearest background is below 4.5 to 1.
const CONTRAST: &str = r"
  let parse = text => (text.match(/[\d.]+/g) || [0, 0, 0, 0]).map(Number);
  let light = ([r, g, b]) => [r, g, b].map(c => c / 255)
    .map(c => c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, at) => sum + c * [0.2126, 0.7152, 0.0722][at], 0);
  let behind = one => {
    for (; one; one = one.parentElement) {
      let colour = parse(getComputedStyle(one).backgroundColor);
      if (colour.length < 4 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  let poor = [];
  let walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    let one = walk.currentNode.parentElement;
    if (!walk.currentNode.data.trim() || one.closest('script, option, title, .away, .skip')) continue;
    let style = getComputedStyle(one);
    let front = parse(one.closest('svg') ? style.fill : style.color);
    let [a, b] = [light(front), light(behind(one))].sort((x, y) => y - x);
    if ((a + 0.05) / (b + 0.05) < 4.5) poor.push(one.outerHTML + ' ' + style.color);
  }
  return poor;
";
