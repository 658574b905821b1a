//! What the checks cost beside `cargo metadata`, as ratios of medians within one run, and the memory
//! that they need.
//!
//! `cargo bench --bench ratio`; `RATIO_ROUNDS` sets how often each is timed.

#[path = "../tests/support/registry.rs"]
mod loopback;
#[path = "ratio/world.rs"]
mod world;

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use camino::{Utf8Path, Utf8PathBuf};
use loopback::Registry;
use world::Variant;

/// Sizes of the workspaces, in packages.
const SIZES: [usize; 2] = [800, 1_300];

fn main() {
    // `cargo test --all-targets` runs this too, and has no use for figures.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let rounds = std::env::var("RATIO_ROUNDS").ok();
    let rounds = rounds.and_then(|text| text.parse().ok()).unwrap_or(9);
    println!("packages  what                            median      ratio    target");
    for size in SIZES {
        let bench = Bench::new(size);
        bench.speed(rounds);
        bench.memory();
    }
}

/// A registry with two workspaces on it, of which cargo has all packages on disk.
struct Bench {
    registry: Registry,
    folder: tempfile::TempDir,
    size: usize,
}

impl Bench {
    fn new(size: usize) -> Self {
        let bench = Self {
            registry: Registry::start(),
            folder: tempfile::tempdir().expect("a temporary folder"),
            size,
        };
        world::publish(&bench.registry, size);
        for variant in [Variant::Skewed, Variant::Clean] {
            let root = bench.root(variant);
            world::write(&root, size, variant);
            bench.registry.replace_default(root.as_std_path());
            run(bench.cargo(variant).arg("fetch"));
        }
        let text = run(&mut bench.metadata(Variant::Skewed));
        let json: serde_json::Value = serde_json::from_slice(&text).expect("metadata");
        let packages = json["packages"].as_array().map_or(0, Vec::len);
        assert_eq!(packages, size, "packages in the graph");
        bench.is_what_it_should_be();
        bench
    }

    /// What is timed does what it is timed for.
    fn is_what_it_should_be(&self) {
        let report = |variant, options: &[&str]| {
            let mut command = self.check(variant, options);
            command.args(["--format", "json"]);
            let output = command.output().expect("the program");
            serde_json::from_slice::<serde_json::Value>(&output.stdout).expect("a report")
        };
        let skewed = report(Variant::Skewed, &["--full"]);
        assert_eq!(skewed["basis"], "graph");
        let lost = skewed["findings"].as_array().expect("findings");
        let mut lost = lost.iter().filter(|f| f["code"] == "lost-telemetry");
        let seen = |finding: &serde_json::Value| {
            let evidence = finding["evidence"].as_array();
            evidence.is_some_and(|list| list.iter().any(|e| e["kind"] == "source"))
        };
        assert!(lost.any(seen), "a skew with evidence from sources");
        assert_eq!(report(Variant::Clean, &[])["basis"], "lock-fast-path");
        let output = self.plan().args(["--format", "json"]).output();
        let output = output.expect("the program");
        let plan = serde_json::from_slice::<serde_json::Value>(&output.stdout).expect("a plan");
        assert_eq!(plan["options"][0]["outcome"]["kind"], "proven");
    }

    fn root(&self, variant: Variant) -> Utf8PathBuf {
        let folder = self.folder.path().join(format!("{variant:?}"));
        let folder = Utf8PathBuf::from_path_buf(folder).expect("a UTF-8 path");
        std::fs::create_dir_all(&folder).expect("a folder");
        folder
    }

    fn cargo(&self, variant: Variant) -> Command {
        self.registry.cargo(self.root(variant).as_std_path())
    }

    fn metadata(&self, variant: Variant) -> Command {
        let mut command = self.cargo(variant);
        command.args(["metadata", "--format-version", "1", "--all-features"]);
        command.args(["--locked", "--offline"]);
        command
    }

    fn check(&self, variant: Variant, options: &[&str]) -> Command {
        let mut command = self.program(variant);
        command
            .args(["check", "--locked", "--offline"])
            .args(options);
        command
    }

    /// From a warm index: the releases that the plan moves to are in cargo's cache.
    fn plan(&self) -> Command {
        let mut command = self.program(Variant::Skewed);
        command.args(["plan", "--offline"]);
        command
    }

    fn program(&self, variant: Variant) -> Command {
        let cargo = self.cargo(variant);
        let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-otel-check"));
        command.current_dir(self.root(variant));
        for (name, value) in cargo.get_envs() {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        command
    }

    /// Times in turns, so that what else the machine does falls on all alike.
    fn speed(&self, rounds: usize) {
        let mut times: [Vec<Duration>; 5] = Default::default();
        for _ in 0..rounds {
            let mut commands = [
                self.metadata(Variant::Skewed),
                self.check(Variant::Skewed, &["--full"]),
                self.metadata(Variant::Clean),
                self.check(Variant::Clean, &[]),
                self.plan(),
            ];
            for (times, command) in times.iter_mut().zip(&mut commands) {
                times.push(timed(command));
            }
        }
        let [metadata, full, clean_metadata, fast, plan] = times.map(median);
        self.row("cargo metadata, skewed", metadata, None, "");
        self.row("full check, skewed", full, Some(metadata), "<= 1.15");
        self.row("plan and proof, skewed", plan, Some(metadata), "<= 6");
        self.row("cargo metadata, clean", clean_metadata, None, "");
        self.row("fast path, clean", fast, Some(clean_metadata), "<= 0.033");
    }

    fn row(&self, what: &str, median: Duration, beside: Option<Duration>, target: &str) {
        let ratio = beside.map(|beside| median.as_secs_f64() / beside.as_secs_f64());
        let ratio = ratio.map_or_else(String::new, |ratio| format!("{ratio:.3}"));
        let milliseconds = median.as_secs_f64() * 1e3;
        println!(
            "{:>8}  {what:<28} {milliseconds:>8.1} ms {ratio:>8}   {target}",
            self.size
        );
    }

    /// Memory of the program itself: with saved metadata it starts no cargo.
    fn memory(&self) {
        let saved = self.root(Variant::Skewed).join("metadata.json");
        std::fs::write(&saved, run(&mut self.metadata(Variant::Skewed))).expect("a file");
        let mut command = self.check(Variant::Skewed, &["--metadata-path", saved.as_str()]);
        match peak(command.stdout(Stdio::null())) {
            Some(kilobytes) => println!(
                "{:>8}  {:<28} {:>8.1} MB {:>8}   < 150",
                self.size,
                "peak memory, saved metadata",
                kilobytes as f64 / 1024.0,
                ""
            ),
            None => println!("{:>8}  peak memory: not measured on this system", self.size),
        }
    }
}

fn run(command: &mut Command) -> Vec<u8> {
    let output = command.output().expect("a program");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}\n{stderr}");
    output.stdout
}

fn timed(command: &mut Command) -> Duration {
    let start = Instant::now();
    let output = command.output().expect("a program");
    let took = start.elapsed();
    assert!(matches!(output.status.code(), Some(0 | 100)), "{command:?}");
    took
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

/// The most memory that a process had resident, in kilobytes, read from the kernel's own high-water
/// mark until the process ends.
fn peak(command: &mut Command) -> Option<u64> {
    let mut child = command.spawn().expect("a program");
    let status = format!("/proc/{}/status", child.id());
    let mut most = None;
    while child.try_wait().expect("a child").is_none() {
        most = most.max(high_water(Utf8Path::new(&status)));
        std::thread::sleep(Duration::from_millis(1));
    }
    most
}

fn high_water(status: &Utf8Path) -> Option<u64> {
    let text = std::fs::read_to_string(status).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.split_whitespace().next()?.parse().ok()
}
