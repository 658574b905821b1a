//! Arguments.

use camino::Utf8PathBuf;
use clap::{Args, Parser, Subcommand, ValueEnum};

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
    /// Explain a finding code
    #[command(after_help = "Example:\n  cargo otel-check explain lost-telemetry")]
    Explain {
        /// The code, as reports name it
        code: String,
    },
}

/// Flags of every command.
#[derive(Debug, Args)]
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
    /// How to print the answer
    #[arg(
        long,
        global = true,
        value_enum,
        default_value = "human",
        help_heading = "Output"
    )]
    pub format: Format,
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

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    Human,
    Json,
    Markdown,
    Csv,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Color {
    Auto,
    Always,
    Never,
}
