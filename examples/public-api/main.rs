//! The maintainer's command for `rules/FAMILY/public-api`: which public items the family's releases
//! have, line by line, from rustdoc. See docs/maintaining.md.

mod build;
mod data;
mod expand;
mod extract;
mod releases;
mod settings;
mod signature;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;
use otel_check::registry::{CargoIndex, Environment, IndexError, IndexOptions};
use otel_check::rules::Rules;
use otel_check::skew::Line;

/// Reads the public items of the family's releases and writes them to the rules.
#[derive(Parser)]
struct Arguments {
    /// Lines to read; all where none is given.
    #[arg(long)]
    line: Vec<String>,
    /// Crates to read; all where none is given.
    #[arg(long = "crate")]
    krate: Vec<String>,
    /// The family.
    #[arg(long, default_value = "opentelemetry")]
    family: String,
    /// Where to build.
    #[arg(long, default_value = "target/public-api")]
    folder: PathBuf,
    /// How many jobs cargo may run at once.
    #[arg(short, long)]
    jobs: Option<u32>,
    /// Shows what would be read.
    #[arg(long)]
    list: bool,
}

/// Why nothing could be written.
#[derive(Debug)]
pub struct Failure(String);

impl Failure {
    pub fn new(message: impl Into<String>) -> Self {
        Failure(message.into())
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Failure(error.to_string())
    }
}

impl From<IndexError> for Failure {
    fn from(error: IndexError) -> Self {
        Failure(error.to_string())
    }
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure(message)) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<(), Failure> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let data = root.join("rules").join(&arguments.family).join("public-api");
    let settings = settings::Settings::read(&data)?;
    let family = Rules::shipped()
        .family(&arguments.family)
        .ok_or_else(|| Failure::new(format!("there are no rules for `{}`", arguments.family)))?;
    let index = CargoIndex::open(root, Environment::of_process(), IndexOptions::default())?;
    let mut chosen = releases::choose(family, &settings, &index)?;
    let lines: Vec<Line> = (arguments.line.iter())
        .map(|line| line.parse().map_err(Failure::new))
        .collect::<Result<_, _>>()?;
    chosen.retain(|line, _| lines.is_empty() || lines.contains(line));
    if arguments.list {
        for (line, releases) in &chosen {
            for one in releases {
                println!("{line} {} {} {}", one.krate, one.version, one.features.join(","));
            }
        }
        return Ok(());
    }
    let workshop = build::Workshop::new(root.join(&arguments.folder), arguments.jobs);
    let mut written = data::Data::read(&data, &settings.crates)?;
    for (line, releases) in &chosen {
        let documented = workshop.document(*line, releases, &settings)?;
        let mut known = BTreeMap::new();
        for (release, json) in documented {
            let items = json.and_then(|json| {
                let extracted = extract::extract(&json).map_err(|Failure(why)| why)?;
                Ok(expand::expand(extracted, &known))
            });
            match &items {
                Ok(items) => {
                    println!("line {line}: {} {}: {} items", release.krate, release.version, items.len());
                    known.insert(release.code_name(), items.clone());
                }
                Err(why) => eprintln!("line {line}: {} {}: {why}", release.krate, release.version),
            }
            if arguments.krate.is_empty() || arguments.krate.contains(&release.krate) {
                written.put(*line, release, items);
            }
        }
    }
    written.write(&data)
}
