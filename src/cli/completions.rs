//! `completions SHELL` and `man [FOLDER]`: what other programs show of the command line.

use camino::Utf8Path;
use clap::CommandFactory;
use clap_complete::{Shell, generate};
use clap_mangen::Man;

use super::Exit;
use super::args::Arguments;
use super::output::{CliError, Output};
use super::places::{Place, write_all};

/// The program's name, which completions and manual pages are found by.
const NAME: &str = "cargo-otel-check";

/// The name in the script for bash: the generator takes hyphens for the ends of subcommands' names.
const IN_BASH: &str = "cargo_otel_check";

/// Has bash complete `cargo otel-check` too: cargo's own completion knows nothing of it.
const THROUGH_CARGO: &str = r#"
# `cargo otel-check` is completed as `cargo-otel-check`; all else of cargo as before.
if declare -F _comp_load >/dev/null; then
    _comp_load cargo 2>/dev/null
elif declare -F _completion_loader >/dev/null; then
    _completion_loader cargo 2>/dev/null
fi
__cargo_otel_check_before=""
if [[ "$(complete -p cargo 2>/dev/null)" =~ \ -F\ ([^[:space:]]+) ]]; then
    __cargo_otel_check_before="${BASH_REMATCH[1]}"
fi
_cargo_with_otel_check() {
    if [[ ${COMP_CWORD} -ge 2 && ${COMP_WORDS[1]} == otel-check ]]; then
        COMP_WORDS=(cargo-otel-check "${COMP_WORDS[@]:2}")
        COMP_CWORD=$((COMP_CWORD - 1))
        _cargo_otel_check cargo-otel-check "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
    elif [[ -n ${__cargo_otel_check_before} && ${__cargo_otel_check_before} != _cargo_with_otel_check ]]; then
        "${__cargo_otel_check_before}" "$@"
    fi
}
complete -F _cargo_with_otel_check -o bashdefault -o default cargo
"#;

/// Has fish complete `cargo otel-check` too. In zsh, cargo's own completion asks for that of others.
const THROUGH_CARGO_IN_FISH: &str = r#"
# `cargo otel-check` is completed as `cargo-otel-check`.
function __fish_cargo_otel_check_is_meant
    set -l words (commandline -opc)
    test (count $words) -ge 2
    and test $words[2] = otel-check
end
function __fish_cargo_otel_check_through_cargo
    set -l words (commandline -opc)
    set -e words[1..2]
    set -l quoted (string escape -- $words)
    complete -C (string join ' ' -- cargo-otel-check $quoted (commandline -ct))
end
complete -c cargo -f -n __fish_cargo_otel_check_is_meant -a '(__fish_cargo_otel_check_through_cargo)'
"#;

/// Prints the completions for a shell.
///
/// # Errors
/// Where they cannot be written.
pub fn completions(shell: Shell, output: &Output) -> Result<Exit, CliError> {
    let name = if shell == Shell::Bash { IN_BASH } else { NAME };
    let mut bytes = Vec::new();
    generate(shell, &mut command().name(name), name, &mut bytes);
    let mut text = String::from_utf8_lossy(&bytes).into_owned();
    if shell == Shell::Bash {
        text = text.replace(&format!(" {IN_BASH}\n"), &format!(" {NAME}\n"));
        text.push_str(THROUGH_CARGO);
    }
    if shell == Shell::Fish {
        text.push_str(THROUGH_CARGO_IN_FISH);
    }
    output.answer(&text)?;
    Ok(Exit::Clean)
}

/// Prints the manual page, or writes one for each command into a folder.
///
/// # Errors
/// Where one cannot be written; then none is.
pub fn man(folder: Option<&Utf8Path>, output: &Output) -> Result<Exit, CliError> {
    let failed = |path: &Utf8Path| {
        let path = path.to_owned();
        move |source| CliError::Write { path, source }
    };
    let mut command = command().name(NAME).display_name(NAME);
    command.build();
    let Some(folder) = folder else {
        let page = page(command).map_err(failed(Utf8Path::new("standard output")))?;
        output.answer(&page)?;
        return Ok(Exit::Clean);
    };
    std::fs::create_dir_all(folder).map_err(failed(folder))?;
    let mut pages = Vec::new();
    let subcommands: Vec<clap::Command> = command.get_subcommands().cloned().collect();
    let subcommands = subcommands
        .into_iter()
        .filter(|one| one.get_name() != "help");
    for subcommand in std::iter::once(command).chain(subcommands) {
        let name = match subcommand.get_name() {
            NAME => NAME.to_owned(),
            name => format!("{NAME}-{name}"),
        };
        let path = folder.join(format!("{name}.1"));
        let text = page(subcommand.display_name(name)).map_err(failed(&path))?;
        pages.push((Place::File(path), text));
    }
    write_all(&pages, &mut |_| Ok(()))?;
    output.message(&format!("{} pages written to {folder}", pages.len()));
    Ok(Exit::Clean)
}

fn command() -> clap::Command {
    Arguments::command()
}

fn page(command: clap::Command) -> std::io::Result<String> {
    let mut bytes = Vec::new();
    Man::new(command).render(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
