//! The maintainer's command for `rules/FAMILY/public-api`: which public items the family's releases
//! have, line by line, from rustdoc. See docs/maintaining.md.

mod build;
mod data;
mod expand;
mod extract;
mod gate;
mod releases;
mod settings;
mod signature;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;
use otel_check::registry::{CargoIndex, Environment, IndexError, IndexOptions};
use otel_check::rules::Rules;
use otel_check::rules::public_api::PublicApi;
use otel_check::skew::Line;

/// Reads the public items of the family's releases and writes them to the rules.
#[derive(Parser)]
struct Arguments {
    /// Lines to read; all where none is given.
    #[arg(long)]
    line: Vec<String>,
    /// Crates to read; all where none is given. What one re-exports is taken from the data there is.
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
    /// Compares with what is there instead of writing; ends with 3 where nothing could be read.
    #[arg(long)]
    check: bool,
    /// Shows what changes between two lines by the data of the program, as `0.27-0.28`.
    #[arg(long)]
    changes: Option<String>,
}

/// Why nothing could be written, and with what the program ends.
#[derive(Debug)]
pub struct Failure(String, u8);

impl Failure {
    pub fn new(message: impl Into<String>) -> Self {
        Failure(message.into(), 1)
    }

    /// What is needed is not at hand here: the registry, or a toolchain that writes the right format.
    pub fn unread(message: impl Into<String>) -> Self {
        Failure(message.into(), 3)
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Failure::new(error.to_string())
    }
}

impl From<IndexError> for Failure {
    fn from(error: IndexError) -> Self {
        Failure::unread(error.to_string())
    }
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure(message, code)) => {
            eprintln!("error: {message}");
            ExitCode::from(code)
        }
    }
}

fn run(arguments: &Arguments) -> Result<(), Failure> {
    if let Some(lines) = &arguments.changes {
        return changes(arguments, lines);
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let data = root
        .join("rules")
        .join(&arguments.family)
        .join("public-api");
    let settings = settings::Settings::read(&data)?;
    let family = Rules::shipped()
        .family(&arguments.family)
        .ok_or_else(|| Failure::new(format!("there are no rules for `{}`", arguments.family)))?;
    let index = CargoIndex::open(root, Environment::of_process(), IndexOptions::default())?;
    let mut renewed = data::Data::read(&data, &settings.crates)?;
    // A newer release is no reason for what was read to be wrong.
    let held = |krate: &str, line| renewed.version(krate, line).filter(|_| arguments.check);
    let mut chosen = releases::choose(family, &settings, &index, &held)?;
    let lines: Vec<Line> = (arguments.line.iter())
        .map(|line| line.parse().map_err(Failure::new))
        .collect::<Result<_, _>>()?;
    chosen.retain(|line, releases| {
        releases.retain(|one| arguments.krate.is_empty() || arguments.krate.contains(&one.krate));
        !releases.is_empty() && (lines.is_empty() || lines.contains(line))
    });
    if chosen.is_empty() {
        return Err(Failure::unread("the registry has no such release"));
    }
    if arguments.list {
        for (line, releases) in &chosen {
            for one in releases {
                println!(
                    "{line} {} {} {}",
                    one.krate,
                    one.version,
                    one.features.join(",")
                );
            }
        }
        return Ok(());
    }
    let workshop = build::Workshop::new(root.join(&arguments.folder), arguments.jobs);
    for (line, releases) in &chosen {
        let mut known = renewed.items(*line);
        for (release, json) in workshop.document(*line, releases, &settings)? {
            let items = json.and_then(|json| {
                let extracted = extract::extract(&json).map_err(|Failure(why, _)| why)?;
                Ok(expand::expand(extracted, &known))
            });
            match &items {
                Ok(items) => {
                    let count = items.len();
                    println!(
                        "line {line}: {} {}: {count} items",
                        release.krate, release.version
                    );
                    known.insert(release.code_name(), items.clone());
                }
                Err(why) if arguments.check => return Err(Failure::unread(why)),
                Err(why) => eprintln!("line {line}: {} {}: {why}", release.krate, release.version),
            }
            renewed.put(*line, release, items);
        }
    }
    if arguments.check {
        renewed.compare(&data)
    } else {
        renewed.write(&data)
    }
}

/// Prints what changes, one change a line; what vanishes with its module or type is left out.
fn changes(arguments: &Arguments, lines: &str) -> Result<(), Failure> {
    let (from, to) = lines
        .split_once('-')
        .ok_or_else(|| Failure::new(format!("`{lines}` is no pair of lines like `0.27-0.28`")))?;
    let from: Line = from.parse().map_err(Failure::new)?;
    let to: Line = to.parse().map_err(Failure::new)?;
    for krate in PublicApi::shipped(&arguments.family).crates() {
        if !arguments.krate.is_empty() && !arguments.krate.contains(&krate.name) {
            continue;
        }
        for change in krate.changes(from, to) {
            if change.within.is_none() {
                println!("{} {}: {:?}", change.kind, change.full_path(), change.what);
            }
        }
    }
    Ok(())
}
