//! The scan, each rule by a small example, over a made-up family.

mod hostile;
mod implementations;
mod members;
mod notes;
mod paths;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use camino::Utf8Path;

use crate::rules::public_api::PublicApi;
use crate::rules::recipes::Recipes;
use crate::source::{Edition, PackageSource, TargetRoot};

use super::{Scan, scan};

/// The interface crate on two lines.
const BASE: &str = "\
release|0.1|0.1.0||
release|0.2|0.2.0||
mod|global|0.1-
fn|global::provider|0.1- () -> GlobalProvider
fn|global::handle_error|0.1 (E)
struct|global::GlobalProvider|0.1- [private]
impl|global::GlobalProvider::<Provider>|0.1-
struct|Key|0.1- [private]
method|Key::new|0.1- (impl Into<Cow<'static, str>>) -> Key
method|Key::string|0.1 (&self, impl Into<StringValue>) -> KeyValue
method|Key::from|0.1 (String) -> Self|0.2 (String) -> Self or (&str) -> Self
mod|old|0.1
struct|old::Moved|0.1 [private]
struct|old::Gone|0.1 [private]
struct|fresh::Moved|0.2 [private]
mod|fresh|0.2
trait|Provider|0.1-
method|Provider::meter|0.1- [required] (&self, &str) -> Meter
method|Provider::versioned|0.1 (&self, &str, Option<&str>) -> Meter
struct|Meter|0.1- [private]
method|Meter::counter|0.1- (&self, &str) -> Builder<Counter>
method|Meter::record|0.1 (&self, u64)|0.2 (&self, u64, &[Key])
method|Meter::flush|0.1 (&self) -> Result<(), Error>|0.2 (&self) -> Status
method|Meter::state|0.1 (&self) -> State<A>|0.2 (&self) -> State<B>
method|Meter::visit|0.1- <F>(&self, F) where F: FnOnce(&Counter)
struct|Builder|0.1- [private] <T>
method|Builder::init|0.1 (self) -> T
method|Builder::build|0.2 (self) -> T
method|Builder::with_unit|0.1- (self, &str) -> Self
struct|Counter|0.1- [private]
method|Counter::add|0.1 (&self, u64, &[Key])|0.2 (&self, u64)
const|NAME|0.1 Key|0.2 &str
macro|meter|0.1
";

/// The kit on two lines.
const KIT: &str = "\
release|0.1|0.1.0||
release|0.2|0.2.0||
struct|Resource|0.1- [private]
method|Resource::new|0.1 (Vec<Key>) -> Self
method|Resource::detect|0.1 (Duration, Vec<Key>) -> Self|0.2 (Vec<Key>) -> Self
impl|Resource::<Default>|0.1-
struct|Data|0.1 |0.2 
field|Data::name|0.1- String
field|Data::resource|0.1 Resource
struct|Options|0.1 |0.2 
field|Options::size|0.1- usize
field|Options::depth|0.2 usize
enum|Kind|0.1-
variant|Kind::Plain|0.1-
variant|Kind::Odd|0.1
trait|Exporter|0.1-
method|Exporter::export|0.1 [required] (&mut self, Vec<Data>) -> BoxFuture<'static, ExportResult>|0.2 [required] (&self, Vec<Data>) -> impl Future<Output = ExportResult> + Send
method|Exporter::shutdown|0.1- (&mut self)
method|Exporter::reset|0.1 (&mut self)
method|Exporter::resource|0.2 [required] (&self) -> Resource
enum|Open|0.1 |0.2 [non_exhaustive]
variant|Open::A|0.1-
trait|Object|0.1-
method|Object::go|0.1 (&self) -> BoxFuture<'static, ()>|0.2 (&self) -> impl Future<Output = ()> + Send
type|ExportResult|0.1- Result<(), Error>
";

fn api() -> PublicApi {
    let mut mistakes = Vec::new();
    let files = [
        ("base.txt", BASE.replace('|', "\t")),
        ("base-kit.txt", KIT.replace('|', "\t")),
    ];
    let files = files.iter().map(|(name, text)| (*name, text.as_str()));
    let api = PublicApi::read(files, &mut mistakes);
    assert!(mistakes.is_empty(), "{mistakes:?}");
    api
}

/// Scans a library of these files, each a path below `src` and a text.
fn scanned(files: &[(&str, &str)]) -> Scan {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = folder.path().join("src").join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let names: BTreeMap<String, String> = [("base", "base"), ("kit", "base-kit")]
        .map(|(name, package)| (name.into(), package.into()))
        .into();
    let mut externs: BTreeSet<String> = names.keys().cloned().collect();
    externs.insert("other".to_owned());
    let root = TargetRoot {
        name: "lib".to_owned(),
        file: "src/lib.rs".into(),
        edition: Edition::E2018,
    };
    let folder = Utf8Path::from_path(folder.path()).unwrap();
    let source = PackageSource::new(folder, vec![root], externs);
    let lines = ("0.1".parse().unwrap(), "0.2".parse().unwrap());
    scan(
        &source,
        &names,
        &api(),
        &Recipes::default(),
        lines.0,
        lines.1,
    )
}

/// `file:line item`, with a `?` where it is only probable.
fn shown(scan: &Scan) -> Vec<String> {
    let hits = scan.hits.iter();
    hits.map(|hit| {
        let file = hit.place.file.as_str().trim_start_matches("src/");
        let doubt = if hit.certain { "" } else { "?" };
        format!("{file}:{} {}{doubt}", hit.place.line, hit.item)
    })
    .collect()
}

/// What is found in a library of one file.
fn found(code: &str) -> Vec<String> {
    let hits = shown(&scanned(&[("lib.rs", code)]));
    hits.iter()
        .map(|hit| hit.trim_start_matches("lib.rs:").to_owned())
        .collect()
}

#[track_caller]
fn finds(code: &str, expected: &[&str]) {
    assert_eq!(found(code), expected, "{code}");
}
