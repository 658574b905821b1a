//! Reading, validating and looking up recipes of a made-up family.

use super::*;
use crate::skew::Line;

const SNIPPETS: &str = "before = 'fn a() {}'\nafter = 'fn b() {}'\n";

fn line(text: &str) -> Line {
    text.parse().unwrap()
}

fn text(entries: &[&str]) -> String {
    let mut text = "family = \"made-up\"\n".to_owned();
    for entry in entries {
        text.push_str("[[recipe]]\ntitle = 't'\nwhy = 'w'\nsource = 's'\n");
        text.push_str(SNIPPETS);
        text.push_str(entry);
        text.push('\n');
    }
    text
}

fn read(entries: &[&str]) -> Recipes {
    Recipes::of_files("made-up", &[("f.toml", &text(entries))]).unwrap()
}

fn ids(found: Vec<&Recipe>) -> Vec<&str> {
    found.into_iter().map(|recipe| recipe.id.as_str()).collect()
}

fn mistakes(text: &str) -> Vec<String> {
    let errors = Recipes::of_files("made-up", &[("f.toml", text)]).unwrap_err();
    errors.mistakes.iter().map(ToString::to_string).collect()
}

#[test]
fn follows_what_moves() {
    let recipes = read(&[
        "id = 'moved'\nitems = ['api::sdk::*']\nlast = '0.20'\nfirst = '0.21'\nby = 'machine'\n\
         rename = [['api::sdk', 'sdk']]",
        "id = 'renamed'\nitems = ['sdk::Provider']\nlast = '0.27'\nfirst = '0.28'\nby = 'machine'\n\
         rename = [['sdk::Provider', 'sdk::SdkProvider']]",
        "id = 'other'\nitems = ['sdk::Other']\nlast = '0.27'\nfirst = '0.28'\nby = 'hand'",
        "id = 'at-once'\nitems = ['sdk::Sampler']\nlast = '0.20'\nfirst = '0.21'\nby = 'hand'",
    ]);
    let found = |path, from, to| ids(recipes.for_item("api", path, line(from), line(to)));
    assert_eq!(found("sdk::Provider", "0.17", "0.33"), ["moved", "renamed"]);
    assert_eq!(
        found("sdk::Provider::builder", "0.17", "0.33"),
        ["moved", "renamed"]
    );
    assert_eq!(found("sdk::Provider", "0.17", "0.27"), ["moved"]);
    assert_eq!(found("sdk::Sampler", "0.20", "0.33"), ["moved", "at-once"]);
    assert_eq!(found("sdk::Provider", "0.21", "0.33"), [""; 0]);
    assert_eq!(found("sdkx::Provider", "0.17", "0.33"), [""; 0]);
    assert_eq!(
        ids(recipes.for_item("sdk", "Other", line("0.27"), line("0.28"))),
        ["other"]
    );
}

#[test]
fn prefers_what_is_named_and_what_lasts() {
    let recipes = read(&[
        "id = 'type'\nitems = ['sdk::Resource']\nlast = '0.27'\nfirst = '0.28'\nby = 'hand'",
        "id = 'new'\nitems = ['sdk::Resource::new']\nlast = '0.27'\nfirst = '0.28'\nby = 'hand'",
        "id = 'stage'\nitems = ['otlp::pipeline']\nmethods = ['install']\nlast = '0.26'\n\
         first = '0.27'\nuntil = '0.27'\nby = 'hand'\nsuccessors = ['sdk::Resource::new']",
        "id = 'whole'\nitems = ['otlp::pipeline']\nmethods = ['install']\nlast = '0.26'\n\
         first = '0.28'\nby = 'hand'",
        "id = 'passing'\nitems = ['otlp::old']\nlast = '0.26'\nfirst = '0.27'\nuntil = '0.27'\n\
         by = 'hand'\nsuccessors = ['sdk::Resource::new']",
    ]);
    let found = |krate, path, from, to| ids(recipes.for_item(krate, path, line(from), line(to)));
    assert_eq!(found("sdk", "Resource::new", "0.27", "0.28"), ["new"]);
    assert_eq!(found("sdk", "Resource::get", "0.27", "0.28"), ["type"]);
    assert_eq!(found("otlp", "pipeline", "0.21", "0.27"), ["stage"]);
    assert_eq!(found("otlp", "pipeline", "0.21", "0.33"), ["whole"]);
    assert_eq!(found("otlp", "old", "0.21", "0.33"), ["passing", "new"]);
    assert_eq!(
        ids(recipes.for_method("install", line("0.21"), line("0.33"))),
        ["whole"]
    );
    assert_eq!(
        ids(recipes.for_method("install", line("0.27"), line("0.33"))),
        [""; 0]
    );
    assert_eq!(
        ids(recipes.between(line("0.26"), line("0.27"))),
        ["stage", "passing"]
    );
}

#[test]
fn every_mistake_is_told() {
    let found = mistakes(&text(&[
        "id = 'Upper'\nitems = ['a::b']\nlast = '0.20'\nfirst = '0.21'\nby = 'hand'",
        "id = 'turned'\nitems = ['a::b']\nlast = '0.21'\nfirst = '0.21'\nuntil = '0.20'\nby = 'machine'",
        "id = 'turned'\nlast = '0.20'\nfirst = 'x'\nby = 'nobody'\nnot-a-key = 1",
        "id = 'twice'\nmethods = ['m']\nlast = '0.20'\nfirst = '0.21'\nby = 'hand'\n\
         rename = [['a::b', 'c'], 'd']\n[recipe.needs-before]\na = 1",
        "id = 'renames'\nmethods = ['m']\nlast = '0.20'\nfirst = '0.21'\nby = 'machine'\n\
         rename = [['a::b', 'c']]",
        "id = 'renames'\nlast = '0.20'\nfirst = '0.21'\nby = 'hand'",
    ]));
    insta::assert_snapshot!(found.join("\n"));
}

#[test]
fn migrations_need_settings() {
    let head = "family = 'made-up'\n[[migration]]\ncrate = 'a'\nsuccessor = 'b'\nadvice = 'c'\n";
    let found = mistakes(&format!("{head}source = 's'"));
    assert_eq!(found.len(), 1, "{found:?}");
    let setting = "[[migration.setting]]\nkind = 'port'\nsource = 's'";
    let found = mistakes(&format!("{head}source = 's'\n{setting}"));
    assert!(found[0].contains("needs a key `old` or `new`"), "{found:?}");
    let whole = format!("{head}source = 's'\n{setting}\nold = '6831'\nnew = '4318'");
    let read = Recipes::of_files("made-up", &[("f.toml", &whole)]).unwrap();
    assert_eq!(
        read.migration("a").unwrap().settings[0].kind,
        SettingKind::Port
    );
    assert_eq!(read.migrations[0].written.line, 2);
}

#[test]
fn snippets_know_where_they_begin() {
    let text = "family = 'made-up'\n[[recipe]]\nid = 'i'\nitems = ['a::b']\nlast = '0.1'\n\
                first = '0.2'\ntitle = 't'\nwhy = 'w'\nsource = 's'\nby = 'hand'\n\
                before = '''\nfn a() {}\n'''\nafter = 'fn b() {}'\n\
                [recipe.needs-before]\nsdk = { features = ['trace'] }\n";
    let read = Recipes::of_files("made-up", &[("f.toml", text)]).unwrap();
    let recipe = &read.recipes[0];
    assert_eq!(recipe.before.line, 12);
    assert_eq!(recipe.before.code, "fn a() {}\n");
    assert_eq!(recipe.after.line, 14);
    assert_eq!(recipe.needs_after, recipe.needs_before);
    assert_eq!(recipe.needs_after[0].features, ["trace"]);
}
