//! Where answers and messages go: answers to standard output or a file, messages to standard error.

use std::io::{self, IsTerminal, Write};

use anstream::ColorChoice;
use camino::Utf8PathBuf;
use clap::ValueEnum;

use crate::report::human;
use crate::workspace::WorkspaceError;

use super::args::{Color, Common, Format};
use super::places::{Place, wanted, write_all};

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
            Self::Write { .. } => Some(
                "choose another place with `--output FILE`, `--format NAME=FILE` or `--baseline FILE`",
            ),
            Self::Other { help, .. } | Self::Usage { help, .. } => Some(help),
        }
    }
}

/// The program's ways out.
pub struct Output {
    wanted: Vec<(Format, Place)>,
    color: ColorChoice,
    pub quiet: bool,
    pub verbose: bool,
}

/// What a command makes of the formats of a document: three to be read, and one for machines.
pub struct Documents<K> {
    pub human: K,
    pub markdown: K,
    pub html: K,
    pub json: K,
}

impl<K> Documents<K> {
    /// None for the formats of findings and of graphs.
    pub fn of(self, format: Format) -> Option<K> {
        match format {
            Format::Human => Some(self.human),
            Format::Markdown => Some(self.markdown),
            Format::Html => Some(self.html),
            Format::Json => Some(self.json),
            Format::Short
            | Format::Sarif
            | Format::Github
            | Format::Gitlab
            | Format::Junit
            | Format::Csv
            | Format::Dot
            | Format::Svg => None,
        }
    }
}

/// How one format prints an answer.
pub type Render<'r, T> = Box<dyn Fn(&T, &human::Options) -> String + 'r>;

/// The answers that were asked for, with how each is printed and where it goes.
pub struct Printers<'r, T: ?Sized> {
    all: Vec<(Place, human::Options, Render<'r, T>)>,
}

impl<T: ?Sized> Printers<'_, T> {
    /// Prints a value in every way asked for; nothing is written before all of them are printed.
    pub fn print(&self, value: &T) -> Vec<(Place, String)> {
        let all = self.all.iter();
        all.map(|(place, options, render)| (place.clone(), render(value, options)))
            .collect()
    }
}

impl Output {
    /// `folder` says whether `--output` is one, for files that the command names itself: what would
    /// go there is told as going to standard output.
    ///
    /// # Errors
    /// Where two answers would go to one place, or one to where nothing can be written.
    pub fn new(common: &Common, folder: bool) -> Result<Self, CliError> {
        let file = common.output.as_deref().filter(|_| !folder);
        Ok(Self {
            wanted: wanted(&common.format, file)?,
            ..Self::messages(common)
        })
    }

    /// For messages alone.
    pub fn messages(common: &Common) -> Self {
        let color = match common.color {
            Color::Auto => ColorChoice::Auto,
            Color::Always => ColorChoice::Always,
            Color::Never => ColorChoice::Never,
        };
        Self {
            wanted: Vec::new(),
            color,
            quiet: common.quiet,
            verbose: common.verbose > 0,
        }
    }

    /// Whether a format was asked for.
    pub fn wants(&self, format: Format) -> bool {
        self.wanted.iter().any(|(wanted, _)| *wanted == format)
    }

    /// The places of the answers.
    pub fn places(&self) -> impl Iterator<Item = (Format, &Place)> {
        self.wanted.iter().map(|(format, place)| (*format, place))
    }

    /// The places that were named, each with what a command makes of its format.
    ///
    /// # Errors
    /// Where it makes nothing of one.
    pub fn chosen<K>(
        &self,
        command: &str,
        of: impl Fn(Format) -> Option<K>,
    ) -> Result<Vec<(Place, K)>, CliError> {
        let mut all = Vec::new();
        for (format, place) in &self.wanted {
            let Some(kind) = of(*format) else {
                let able = Format::value_variants().iter();
                let able = able.filter(|format| of(**format).is_some());
                let able: Vec<String> = able.map(|one| format!("`{}`", one.name())).collect();
                return Err(CliError::Usage {
                    message: format!("`{command}` has no such format: `{}`", format.name()),
                    help: format!("it prints {}", able.join(", ")),
                });
            };
            all.push((place.clone(), kind));
        }
        Ok(all)
    }

    /// How to print each answer that was asked for: `of` gives what a command can print.
    ///
    /// # Errors
    /// Where it cannot print one of them.
    pub fn printers<'r, T: ?Sized>(
        &self,
        command: &str,
        of: impl Fn(Format) -> Option<Render<'r, T>>,
    ) -> Result<Printers<'r, T>, CliError> {
        let chosen = self.chosen(command, of)?.into_iter();
        let all = chosen.map(|(place, render)| {
            let options = self.options(&place);
            (place, options, render)
        });
        Ok(Printers { all: all.collect() })
    }

    fn options(&self, place: &Place) -> human::Options {
        let shown = *place == Place::Stdout;
        human::Options {
            colours: shown && self.colours(),
            width: self.width().filter(|_| shown).unwrap_or(100),
            verbose: self.verbose,
        }
    }

    /// Writes answers to where they go: all of them, or none.
    ///
    /// # Errors
    /// Where one cannot be written. A reader that closed its end is no error.
    pub fn write(&self, answers: &[(Place, String)]) -> Result<(), CliError> {
        write_all(answers, &mut |text| self.print(text))
    }

    fn print(&self, text: &str) -> io::Result<()> {
        let mut stdout = anstream::AutoStream::new(io::stdout(), self.color);
        let printed = stdout.write_all(text.as_bytes());
        match printed.and_then(|()| stdout.flush()) {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error),
            Ok(()) | Err(_) => Ok(()),
        }
    }

    fn goes_to_stdout(&self) -> bool {
        self.wanted.iter().any(|(_, place)| *place == Place::Stdout)
    }

    /// Whether the answer goes to a reader that shows colours.
    pub fn colours(&self) -> bool {
        self.goes_to_stdout()
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
        if !self.goes_to_stdout() || !io::stdout().is_terminal() {
            return None;
        }
        terminal_size::terminal_size().map(|(width, _)| usize::from(width.0))
    }

    /// Writes an answer that has one form to every place that was named.
    ///
    /// # Errors
    /// Where it cannot be written. A reader that closed its end is no error.
    pub fn answer(&self, text: &str) -> Result<(), CliError> {
        let wanted = self.wanted.iter();
        let answers: Vec<(Place, String)> = wanted
            .map(|(_, place)| (place.clone(), text.to_owned()))
            .collect();
        self.write(&answers)
    }

    /// How to print for people.
    pub fn human(&self) -> human::Options {
        self.options(&Place::Stdout)
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
