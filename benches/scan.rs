//! How fast `spec` looks through sources: lines a second over generated packages of some 120,000 lines,
//! one of which uses the family in one file of five, as large packages do, and one in every file.
//!
//! `cargo bench --bench scan`; `SCAN_ROUNDS` sets how often each is timed.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::time::{Duration, Instant};

use camino::Utf8Path;
use otel_check::rules::public_api::PublicApi;
use otel_check::rules::recipes::Recipes;
use otel_check::source::{Edition, PackageSource, TargetRoot};
use otel_check::spec::scan::{Scan, scan};

const FILES: usize = 400;
/// Blocks of functions in a file.
const BLOCKS: usize = 12;

fn main() {
    // `cargo test --all-targets` runs this too, and has no use for figures.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let rounds = std::env::var("SCAN_ROUNDS").ok();
    let rounds = rounds.and_then(|text| text.parse().ok()).unwrap_or(7);
    println!("files that use it  lines    hits   median     lines a second  target");
    for every in [5, 1] {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let root = Utf8Path::from_path(folder.path()).expect("a path in UTF-8");
        write(root, every);
        let mut times = Vec::new();
        let mut found = Scan::default();
        for _ in 0..rounds {
            let start = Instant::now();
            found = look(root);
            times.push(start.elapsed());
        }
        times.sort();
        let median = times[times.len() / 2];
        assert!(found.lines > 100_000, "{} lines", found.lines);
        assert!(
            found.hits.len() >= FILES / every,
            "{} hits",
            found.hits.len()
        );
        report(every, &found, median);
    }
}

fn report(every: usize, found: &Scan, median: Duration) {
    let speed = found.lines as f64 / median.as_secs_f64();
    println!(
        "one in {every:<11} {:>6} {:>7} {:>7.1} ms {speed:>16.0}  200000",
        found.lines,
        found.hits.len(),
        median.as_secs_f64() * 1e3
    );
}

/// From nothing: files are read and nothing is kept from before, the parsed data of the family aside.
fn look(folder: &Utf8Path) -> Scan {
    let names = ["opentelemetry", "opentelemetry_sdk"];
    let names: BTreeMap<String, String> = names
        .iter()
        .map(|name| ((*name).to_owned(), (*name).to_owned()))
        .collect();
    let root = TargetRoot {
        name: "large".to_owned(),
        file: "src/lib.rs".into(),
        edition: Edition::E2018,
    };
    let externs: BTreeSet<String> = names.keys().cloned().collect();
    let source = PackageSource::new(folder, vec![root], externs);
    let line = |text: &str| text.parse().expect("a line");
    scan(
        &source,
        &names,
        PublicApi::shipped("opentelemetry"),
        Recipes::shipped("opentelemetry"),
        line("0.24"),
        line("0.28"),
    )
}

/// A package in which one of so many files uses the family.
fn write(folder: &Utf8Path, every: usize) {
    fs::create_dir(folder.join("src")).expect("a folder");
    let mut root = String::new();
    for number in 0..FILES {
        let _ = writeln!(root, "pub mod part{number};");
        let text = file(number, number % every == 0);
        fs::write(folder.join(format!("src/part{number}.rs")), text).expect("a file");
    }
    fs::write(folder.join("src/lib.rs"), root).expect("a file");
}

fn file(number: usize, uses: bool) -> String {
    let mut text = String::from(
        "//! Part of a large package.\n\nuse std::collections::HashMap;\nuse std::sync::Arc;\n\n",
    );
    if uses {
        text.push_str(
            "use opentelemetry::global;\nuse opentelemetry::metrics::Meter;\nuse opentelemetry_sdk::trace::TracerProvider;\n\n",
        );
    }
    for block in 0..BLOCKS {
        let _ = write!(text, "{}", plain(number, block));
        if uses && block % 4 == 0 {
            let _ = write!(text, "{}", telemetry(block));
        }
    }
    text
}

fn plain(number: usize, block: usize) -> String {
    format!(
        r#"
/// What is known of an order: its number, who has placed it, and what it holds.
#[derive(Debug, Clone, PartialEq)]
pub struct Order{block} {{
    pub number: u64,
    pub customer: Option<String>,
    lines: Vec<(String, u32)>,
    by_name: HashMap<String, Arc<Vec<u8>>>,
}}

impl Order{block} {{
    /// The sum over all lines; those without a price count nothing.
    pub fn total(&self, prices: &HashMap<String, u32>) -> Result<u64, String> {{
        let mut sum = 0u64;
        for (name, count) in &self.lines {{
            let Some(price) = prices.get(name) else {{
                continue;
            }};
            sum = sum.checked_add(u64::from(*price) * u64::from(*count)).ok_or("too much")?;
        }}
        if let Some(customer) = self.customer.as_deref().filter(|name| !name.is_empty()) {{
            println!("{{customer}} pays {{sum}} in part {number}");
        }}
        Ok(sum)
    }}
}}
"#
    )
}

fn telemetry(block: usize) -> String {
    format!(
        r#"
/// Counts what goes through.
pub fn count{block}(meter: &Meter, provider: &TracerProvider) {{
    let counter = meter.u64_counter("orders").with_description("all orders").init();
    counter.add({block}, &[]);
    if let Err(error) = provider.shutdown() {{
        global::handle_error(error);
    }}
}}
"#
    )
}
