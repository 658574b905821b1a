//! Arguments.

mod values;

use camino::Utf8PathBuf;
use clap::{Args, Parser, Subcommand};

use crate::policy::Date;
use crate::skew::Line;

use values::{Formats, day};

pub use values::{Choice, Color, EmitFor, Format, Wanted, With};

/// Find mismatched OpenTelemetry versions, say what they do, and prove it.
#[derive(Debug, Parser)]
#[command(
    name = "cargo otel-check",
    bin_name = "cargo otel-check",
    version,
    after_help = EXAMPLES,
)]
pub struct Arguments {
    #[command(flatten)]
    pub common: Common,
    #[command(flatten)]
    pub check: Check,
    #[command(subcommand)]
    pub command: Option<Command>,
}

const EXAMPLES: &str = "\
Examples:
  cargo otel-check                         judge every artifact of this workspace
  cargo otel-check -p agent --features otlp  judge one build
  cargo otel-check --lock-only             read Cargo.lock alone, run nothing
  cargo otel-check check --format json     for machines
  cargo otel-check --format sarif=otel.sarif --format human

Exit codes: 0 clean, 100 findings at the deny level, 101 could not analyse, 2 wrong usage.";

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Judge what each artifact links (the default)
    Check(Check),
    /// Show which release of which dependency serves which line
    #[command(
        after_help = "Examples:\n  cargo otel-check matrix\n  cargo otel-check matrix --offline --format markdown"
    )]
    Matrix,
    /// List every package of the family, who asks for it and where
    #[command(
        after_help = "Examples:\n  cargo otel-check inventory\n  cargo otel-check inventory --format csv --output inventory.csv"
    )]
    Inventory,
    /// Plan what to upgrade, switch or disable, and have cargo prove it
    #[command(
        after_help = "Examples:\n  cargo otel-check plan\n  cargo otel-check plan --target-line 0.31\n  cargo otel-check plan --options --format markdown\n  cargo otel-check plan --emit renovate\n\nExit codes: 0 a plan is proven or nothing is to be done, 100 no plan is proven, 101 could not work, 2 wrong usage."
    )]
    Plan(Plan),
    /// Apply a proven plan to the manifests and the lockfile
    #[command(
        after_help = "Examples:\n  cargo otel-check fix --dry-run\n  cargo otel-check fix\n  cargo otel-check fix --target-line 0.31 --allow-dirty\n\nExit codes: 0 done or nothing to do, 100 no plan is proven, 101 could not work, 2 wrong usage."
    )]
    Fix(Fix),
    /// Write what the owner of a dependency has to do for the line to be reached
    #[command(
        after_help = "Examples:\n  cargo otel-check spec\n  cargo otel-check spec uplink --target-line 0.31\n  cargo otel-check spec --output specs\n  cargo otel-check spec --workspace --quick\n\nExit codes: 0 written, or nothing is in the way, 101 could not work, 2 wrong usage."
    )]
    Spec(Spec),
    /// Decide go or no-go by criteria, from what was measured
    #[command(
        after_help = "Examples:\n  cargo otel-check readiness\n  cargo otel-check readiness --target-line 0.31 --trial\n  cargo otel-check readiness --trial --run --format html=readiness.html --format json=readiness.json\n  cargo otel-check readiness --summary --format markdown\n  cargo otel-check readiness --certificate readiness.intoto.json\n  cargo otel-check readiness --verify readiness.intoto.json\n\nExit codes: 0 go, or go once conditions are met, 100 no go (with --strict also where conditions are open; with --verify where it does not hold), 101 could not work, 2 wrong usage."
    )]
    Readiness(Readiness),
    /// Write a first policy with which the workspace passes today
    #[command(after_help = "Examples:\n  cargo otel-check init\n  cargo otel-check init --dry-run")]
    Init(Init),
    /// Explain a finding code, or why a package is there and what would move it
    #[command(
        after_help = "Examples:\n  cargo otel-check explain lost-telemetry\n  cargo otel-check explain tracing-opentelemetry\n  cargo otel-check explain reqwest@0.12 --offline"
    )]
    Explain {
        /// A code, as reports name it, or a package: NAME, NAME@VERSION
        #[arg(value_name = "CODE|PACKAGE")]
        name: String,
    },
    /// Print a shell's completions
    #[command(
        after_help = "Example:\n  cargo otel-check completions bash > ~/.local/share/bash-completion/completions/cargo-otel-check"
    )]
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page, or write one a command into a folder
    #[command(
        after_help = "Examples:\n  cargo otel-check man | man -l -\n  cargo otel-check man ~/.local/share/man/man1"
    )]
    Man {
        /// Folder for the pages of all commands; it is made where it is not there
        folder: Option<Utf8PathBuf>,
    },
}

/// Flags of every command.
#[derive(Debug, Clone, Args)]
pub struct Common {
    /// Path to Cargo.toml
    #[arg(long, global = true, value_name = "PATH", help_heading = "Workspace")]
    pub manifest_path: Option<Utf8PathBuf>,
    /// Read saved `cargo metadata` output instead of running cargo (`-` for standard input)
    #[arg(long, global = true, value_name = "FILE", help_heading = "Workspace")]
    pub metadata_path: Option<Utf8PathBuf>,
    /// Judge the build of these packages
    #[arg(
        short,
        long,
        global = true,
        value_name = "SPEC",
        help_heading = "Workspace"
    )]
    pub package: Vec<String>,
    /// Judge the build of all members together
    #[arg(
        long,
        global = true,
        conflicts_with = "package",
        help_heading = "Workspace"
    )]
    pub workspace: bool,
    /// Leave these packages out
    #[arg(
        long,
        global = true,
        value_name = "SPEC",
        requires = "workspace",
        help_heading = "Workspace"
    )]
    pub exclude: Vec<String>,
    /// Features to enable, separated by spaces or commas
    #[arg(
        short = 'F',
        long,
        global = true,
        value_name = "FEATURES",
        help_heading = "Features"
    )]
    pub features: Vec<String>,
    /// Enable all features
    #[arg(long, global = true, help_heading = "Features")]
    pub all_features: bool,
    /// Do not enable the `default` feature
    #[arg(long, global = true, help_heading = "Features")]
    pub no_default_features: bool,
    /// Judge for this target triple, repeatable [default: the host]
    #[arg(long, global = true, value_name = "TRIPLE", help_heading = "Features")]
    pub target: Vec<String>,
    /// Cargo.lock must not change
    #[arg(long, global = true, help_heading = "Cargo")]
    pub locked: bool,
    /// Never touch the network
    #[arg(long, global = true, help_heading = "Cargo")]
    pub offline: bool,
    /// Both --locked and --offline
    #[arg(long, global = true, help_heading = "Cargo")]
    pub frozen: bool,
    /// How to print the answer, repeatable; NAME=FILE prints to a file [default: human]
    #[arg(
        long,
        global = true,
        value_name = "NAME[=FILE]",
        value_parser = Formats,
        help_heading = "Output"
    )]
    pub format: Vec<Wanted>,
    /// Write the answer to this file
    #[arg(
        short,
        long,
        global = true,
        value_name = "FILE",
        help_heading = "Output"
    )]
    pub output: Option<Utf8PathBuf>,
    /// Colours
    #[arg(
        long,
        global = true,
        value_enum,
        env = "CARGO_TERM_COLOR",
        default_value = "auto",
        hide_env = true,
        help_heading = "Output"
    )]
    pub color: Color,
    /// Say less
    #[arg(short, long, global = true, help_heading = "Output")]
    pub quiet: bool,
    /// Say more: notes in full, evidence without limit
    #[arg(short, long, global = true, action = clap::ArgAction::Count, help_heading = "Output")]
    pub verbose: u8,
}

/// Flags of `check`.
#[derive(Debug, Args, Default)]
pub struct Check {
    /// Read the lockfile alone: runs no other program, needs no network
    #[arg(long, value_name = "PATH", num_args = 0..=1, require_equals = false, default_missing_value = "")]
    pub lock_only: Option<Utf8PathBuf>,
    /// Ask cargo even where the lockfile alone already answers
    #[arg(long)]
    pub full: bool,
    /// Report, and judge by, what is about this package alone, repeatable
    #[arg(long, value_name = "PACKAGE", conflicts_with_all = ["write_baseline", "prune"])]
    pub about: Vec<String>,
    /// Let findings pass that stand in this file
    #[arg(long, value_name = "FILE", help_heading = "Baseline")]
    pub baseline: Option<Utf8PathBuf>,
    /// Write all findings of now to the file of --baseline
    #[arg(long, requires = "baseline", help_heading = "Baseline")]
    pub write_baseline: bool,
    /// Take out of the file of --baseline what is gone
    #[arg(
        long,
        requires = "baseline",
        conflicts_with = "write_baseline",
        help_heading = "Baseline"
    )]
    pub prune: bool,
    /// Report only what has come or become worse since this git revision
    #[arg(long, value_name = "REV", conflicts_with_all = ["lock_only", "metadata_path", "write_baseline", "prune"], help_heading = "Baseline")]
    pub base: Option<String>,
    /// Put the answer of this command into `--format html`, too; a proven plan into `sarif` as fixes
    #[arg(long, value_enum, value_name = "COMMAND", value_delimiter = ',', conflicts_with_all = ["lock_only", "metadata_path"], help_heading = "Output")]
    pub with: Vec<With>,
    /// Do not report findings of this code
    #[arg(short = 'A', long = "allow", value_name = "CODE")]
    pub allow: Vec<String>,
    /// Report findings of this code as warnings
    #[arg(short = 'W', long = "warn", value_name = "CODE")]
    pub warn: Vec<String>,
    /// Fail on findings of this code
    #[arg(short = 'D', long = "deny", value_name = "CODE")]
    pub deny: Vec<String>,
}

/// Flags of `init`.
#[derive(Debug, Args, Default)]
pub struct Init {
    /// Write over the policy that is there
    #[arg(long, help_heading = "Init")]
    pub force: bool,
    /// Print the policy, and write nothing
    #[arg(long, help_heading = "Init")]
    pub dry_run: bool,
}

/// Flags of `plan`, which `fix` has too.
#[derive(Debug, Args, Default)]
pub struct Aim {
    /// Bring everything to this line, as `0.31`
    #[arg(long, value_name = "LINE", help_heading = "Plan")]
    pub target_line: Option<Line>,
    /// Take a package from elsewhere: NAME=PATH, NAME=git+URL, NAME=git+URL#branch=BRANCH (or tag=, rev=)
    #[arg(long, value_name = "NAME=SOURCE", help_heading = "Plan")]
    pub patch: Vec<String>,
}

/// Flags of `plan`.
#[derive(Debug, Args, Default)]
pub struct Plan {
    #[command(flatten)]
    pub aim: Aim,
    /// Compare the options: align now, proceed without what blocks, stay where all agree
    #[arg(long, help_heading = "Plan")]
    pub options: bool,
    /// Compile the real sources with the plan in a scratch copy, and show what the compiler says
    #[arg(long, help_heading = "Plan")]
    pub check: bool,
    /// Print the block that keeps the family together in another tool
    #[arg(long, value_enum, value_name = "TOOL", conflicts_with_all = ["options", "check"], help_heading = "Plan")]
    pub emit: Option<EmitFor>,
}

/// Flags of `fix`.
#[derive(Debug, Args, Default)]
pub struct Fix {
    #[command(flatten)]
    pub aim: Aim,
    /// Print the changes as a diff, and write nothing
    #[arg(long, help_heading = "Fix")]
    pub dry_run: bool,
    /// Write although files have changes that are not committed
    #[arg(long, help_heading = "Fix")]
    pub allow_dirty: bool,
    /// Change the requirements on this package alone, repeatable
    #[arg(long, value_name = "PACKAGE", help_heading = "Fix")]
    pub only: Vec<String>,
    /// Ask before each change
    #[arg(long, conflicts_with = "dry_run", help_heading = "Fix")]
    pub interactive: bool,
    /// Take this option of the plan instead of the recommended one
    #[arg(
        long,
        value_enum,
        ignore_case = true,
        value_name = "A|B|C",
        help_heading = "Fix"
    )]
    pub option: Option<Choice>,
}

/// Flags of `spec`.
#[derive(Debug, Args, Default)]
pub struct Spec {
    /// Write it for these packages [default: whatever is in the way]
    #[arg(value_name = "PACKAGE[@VERSION]", conflicts_with = "workspace")]
    pub names: Vec<String>,
    /// The line to reach, as `0.31` [default: that of the plan]
    #[arg(long, value_name = "LINE", help_heading = "Spec")]
    pub target_line: Option<Line>,
    /// Compile a scratch copy with the change, and say what the compiler says: runs build scripts
    #[arg(long, help_heading = "Spec")]
    pub trial: bool,
    /// Apply in the scratch copy what can be replaced mechanically, and compile again
    #[arg(long, requires = "trial", help_heading = "Spec")]
    pub apply: bool,
    /// One page
    #[arg(long, help_heading = "Spec")]
    pub quick: bool,
    /// Use this template
    #[arg(
        long,
        value_name = "FILE",
        conflicts_with = "quick",
        help_heading = "Spec"
    )]
    pub template: Option<Utf8PathBuf>,
}

/// Flags of `readiness`.
#[derive(Debug, Args, Default)]
pub struct Readiness {
    /// Judge against this line, as `0.31` [default: that of the policy, else of the plan]
    #[arg(long, value_name = "LINE", help_heading = "Readiness")]
    pub target_line: Option<Line>,
    /// Compile the sources, each option and what specifications ask for in copies: runs build scripts
    #[arg(long, help_heading = "Readiness")]
    pub trial: bool,
    /// Run the commands of criteria in the workspace
    #[arg(long, help_heading = "Readiness")]
    pub run: bool,
    /// End with 100 where conditions are open, too
    #[arg(long, help_heading = "Readiness")]
    pub strict: bool,
    /// One page
    #[arg(long, help_heading = "Readiness")]
    pub summary: bool,
    /// The day on which the first phase begins, as 2026-12-31: dates the phases
    #[arg(long, value_name = "DATE", value_parser = day, help_heading = "Readiness")]
    pub start: Option<Date>,
    /// Write the answer to this file as an in-toto Statement, to be signed
    #[arg(long, value_name = "FILE", help_heading = "Readiness")]
    pub certificate: Option<Utf8PathBuf>,
    /// Say what of this certificate still holds
    #[arg(long, value_name = "FILE", conflicts_with_all = ["certificate", "compare", "summary", "strict"], help_heading = "Readiness")]
    pub verify: Option<Utf8PathBuf>,
    /// Show what moved since this report (a file of `--format json`)
    #[arg(
        long,
        value_name = "OLD",
        conflicts_with = "summary",
        help_heading = "Readiness"
    )]
    pub compare: Option<Utf8PathBuf>,
}
