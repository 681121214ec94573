//! Standard output and standard error.

use std::io::{self, ErrorKind, IsTerminal, Write, stderr, stdout};

use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Style};
use knee::diagnostic::{Diagnostics, is_printable, printable};

use super::{Failure, files};

/// Whether standard output takes colour: a terminal does, unless `NO_COLOR` says otherwise.
pub(crate) fn color() -> bool {
    AutoStream::choice(&stdout()) != ColorChoice::Never
}

/// Whether standard error takes colour.
pub(crate) fn error_color() -> bool {
    AutoStream::choice(&stderr()) != ColorChoice::Never
}

/// Whether somebody sees both streams on the same screen.
pub(crate) fn is_shared() -> bool {
    stdout().is_terminal() && stderr().is_terminal()
}

/// Prints results.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    printed(stdout().lock().write_all(text.as_bytes()))
}

/// What became of something that was printed. A reader that closed the pipe, as `head` does, has seen enough: success.
pub(crate) fn printed(done: io::Result<()>) -> Result<(), Failure> {
    match done.and_then(|()| stdout().flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Failure::Other(format!("cannot write to standard output: {error}{}", files::advice(&error))))
        }
        _ => Ok(()),
    }
}

/// Prints a command to try next.
pub(crate) fn next(command: &str) -> Result<(), Failure> {
    let style = if color() { Style::new().bold() } else { Style::new() };
    print(&format!("\n{style}next:{style:#} {command}\n"))
}

/// Prints to standard error, as it is. Nobody can be told if that fails.
pub(crate) fn complain(text: &str) {
    let _ = stderr().lock().write_all(text.as_bytes());
}

/// Shows what is wrong with a scenario.
pub(crate) fn refusal(diagnostics: &Diagnostics) -> Failure {
    complain(&diagnostics.render(error_color()));
    Failure::Shown
}

/// Prints `error: …` to standard error.
pub(crate) fn error(message: &str) {
    labelled("error", AnsiColor::Red, message);
}

/// Prints `warning: …` to standard error.
pub(crate) fn warning(message: &str) {
    labelled("warning", AnsiColor::Yellow, message);
}

/// A word as a shell takes it: in quotes unless it is made of harmless characters, and spelt where it cannot be shown.
pub(crate) fn quoted(word: &str) -> String {
    if !word.chars().all(is_printable) {
        return format!("$'{}'", word.chars().map(spelt).collect::<String>());
    }
    let harmless = |c: char| c.is_alphanumeric() || "_-./:=,+@%".contains(c);
    match !word.is_empty() && word.chars().all(harmless) {
        true => word.to_owned(),
        false => format!("'{}'", word.replace('\'', r"'\''")),
    }
}

/// A character within `$'…'`.
fn spelt(character: char) -> String {
    match character {
        '\\' | '\'' => format!("\\{character}"),
        _ if is_printable(character) => character.into(),
        _ => format!("\\u{:04x}", u32::from(character)),
    }
}

fn labelled(label: &str, color: AnsiColor, message: &str) {
    let style = match error_color() {
        true => Style::new().bold().fg_color(Some(color.into())),
        false => Style::new(),
    };
    complain(&format!("{style}{label}{style:#}: {}\n", printable(message)));
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn words_for_a_shell() {
        assert_eq!(quoted("a/shop.toml"), "a/shop.toml");
        assert_eq!(quoted("x y"), "'x y'");
        assert_eq!(quoted("it's"), r"'it'\''s'");
        assert_eq!(quoted("it's \u{1b}\\\u{202e}é\n"), r"$'it\'s \u001b\\\u202eé\u000a'");
    }
}
