//! Where answers and messages go: answers to standard output or a file, messages to standard error.

use std::io::{self, IsTerminal, Write};

use anstream::ColorChoice;
use camino::{Utf8Path, Utf8PathBuf};

use crate::workspace::WorkspaceError;

use super::args::{Color, Common};

/// Why a command could not do its work.
#[derive(Debug, thiserror::Error)]
pub enum CliError {
    #[error(transparent)]
    Workspace(#[from] WorkspaceError),
    #[error("cannot write {path}: {source}")]
    Write {
        path: Utf8PathBuf,
        source: io::Error,
    },
    /// The registry index, or cargo's configuration of it.
    #[error("{message}")]
    Index { message: String, help: &'static str },
    #[error("{message}")]
    Other { message: String, help: String },
    /// Flags that do not go together, or name what there is not.
    #[error("{message}")]
    Usage { message: String, help: String },
}

impl CliError {
    fn help(&self) -> Option<&str> {
        match self {
            Self::Workspace(error) => error.help(),
            Self::Index { help, .. } => Some(help),
            Self::Write { .. } => Some("choose another place with `--output FILE`"),
            Self::Other { help, .. } | Self::Usage { help, .. } => Some(help),
        }
    }
}

/// The program's ways out.
pub struct Output {
    file: Option<Utf8PathBuf>,
    color: ColorChoice,
    pub quiet: bool,
    pub verbose: bool,
}

impl Output {
    pub fn new(common: &Common) -> Self {
        let color = match common.color {
            Color::Auto => ColorChoice::Auto,
            Color::Always => ColorChoice::Always,
            Color::Never => ColorChoice::Never,
        };
        Self {
            file: common.output.clone(),
            color,
            quiet: common.quiet,
            verbose: common.verbose > 0,
        }
    }

    /// The same with answers to standard output, where `--output` means something else.
    pub fn to_stdout(&self) -> Self {
        Self {
            file: None,
            color: self.color,
            quiet: self.quiet,
            verbose: self.verbose,
        }
    }

    /// Whether the answer goes to a reader that shows colours.
    pub fn colours(&self) -> bool {
        self.file.is_none()
            && match self.color {
                ColorChoice::Auto => {
                    anstream::AutoStream::choice(&io::stdout()) != ColorChoice::Never
                }
                ColorChoice::Always | ColorChoice::AlwaysAnsi => true,
                ColorChoice::Never => false,
            }
    }

    /// Columns of the terminal that shows the answer; none where it is no terminal.
    pub fn width(&self) -> Option<usize> {
        if self.file.is_some() || !io::stdout().is_terminal() {
            return None;
        }
        terminal_size::terminal_size().map(|(width, _)| usize::from(width.0))
    }

    /// Writes the answer: to standard output, or whole and at once to the file.
    ///
    /// # Errors
    /// Where it cannot be written. A reader that closed its end is no error.
    pub fn answer(&self, text: &str) -> Result<(), CliError> {
        if let Some(path) = &self.file {
            return write_whole(path, text);
        }
        let mut stdout = anstream::AutoStream::new(io::stdout(), self.color);
        match stdout
            .write_all(text.as_bytes())
            .and_then(|()| stdout.flush())
        {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(CliError::Write {
                path: "standard output".into(),
                source: error,
            }),
            Ok(()) | Err(_) => Ok(()),
        }
    }

    /// How to print for people.
    pub fn human(&self) -> crate::report::human::Options {
        crate::report::human::Options {
            colours: self.colours(),
            width: self.width().unwrap_or(100),
            verbose: self.verbose,
        }
    }

    /// Whether a spinner has somebody to see it.
    pub fn shows_progress(&self) -> bool {
        !self.quiet && io::stderr().is_terminal()
    }

    /// A line for people, on standard error.
    pub fn message(&self, text: &str) {
        if !self.quiet {
            let mut stderr = anstream::AutoStream::new(io::stderr(), self.color);
            // Nobody is left to be told that standard error is closed.
            let _ = writeln!(stderr, "{text}");
        }
    }

    /// The error that ends the program.
    pub fn error(&self, error: &CliError) {
        let bold = anstyle::Style::new().bold();
        let red = bold.fg_color(Some(anstyle::AnsiColor::Red.into()));
        let cyan = bold.fg_color(Some(anstyle::AnsiColor::Cyan.into()));
        let mut text = format!(
            "{red}error{red:#}{bold}:{bold:#} {}",
            crate::report::plain::terminal_lines(&error.to_string())
        );
        if let Some(help) = error.help() {
            text.push_str(&format!("\n  {cyan}help{cyan:#}: {help}"));
        }
        let mut stderr = anstream::AutoStream::new(io::stderr(), self.color);
        let _ = writeln!(stderr, "{text}");
    }
}

/// Writes beside the file and renames: it holds the old text or the new one, never half of it.
pub fn write_whole(path: &Utf8Path, text: &str) -> Result<(), CliError> {
    let fail = |source| CliError::Write {
        path: path.to_owned(),
        source,
    };
    let name = path.file_name().ok_or_else(|| {
        fail(io::Error::new(
            io::ErrorKind::InvalidInput,
            "it names no file",
        ))
    })?;
    if path.is_dir() {
        return Err(fail(io::Error::new(
            io::ErrorKind::IsADirectory,
            "it is a folder",
        )));
    }
    // A pipe or device takes the text itself; nothing may be put in its place.
    if path.exists() && !path.is_file() {
        return std::fs::write(path, text).map_err(fail);
    }
    // Through a link the file is replaced, not the link.
    let real = path.canonicalize_utf8().unwrap_or_else(|_| path.to_owned());
    let name = real.file_name().unwrap_or(name);
    let beside = real.with_file_name(format!(".{name}.{}.tmp", std::process::id()));
    let result = std::fs::write(&beside, text).and_then(|()| std::fs::rename(&beside, &real));
    result.map_err(|source| {
        // Of the two errors the first one is the cause.
        let _ = std::fs::remove_file(&beside);
        fail(source)
    })
}
