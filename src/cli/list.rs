//! `knee list`: the built-in scenarios and their questions.

use super::{Exit, Failure, builtin, terminal};

const EXAMPLES: &str = "\
Examples:
  knee list
  knee run single-queue               run one
  knee new mine --from single-queue   copy one to mine.toml, to read and change";

/// List the built-in scenarios and the question that each answers.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {}

/// Prints a line per scenario.
pub(crate) fn main(_: &Args) -> Result<Exit, Failure> {
    let width = builtin::SCENARIOS.iter().map(|scenario| scenario.name.len()).max().unwrap_or(0);
    let lines = builtin::SCENARIOS.iter().map(|scenario| {
        let (name, question) = (scenario.name, scenario.question());
        format!("{name:width$}  {}\n", beside(question, width + 2))
    });
    terminal::print(&lines.collect::<String>())?;
    terminal::next("knee run single-queue")?;
    Ok(Exit::Done)
}

/// Text that begins in this column and goes on below itself where a line of 80 columns ends.
fn beside(text: &str, column: usize) -> String {
    let mut shown = String::new();
    let mut used = column;
    for word in text.split_whitespace() {
        let length = word.chars().count();
        if used > column && used + 1 + length > 80 {
            shown.push('\n');
            shown.push_str(&" ".repeat(column));
            used = column;
        } else if used > column {
            shown.push(' ');
            used += 1;
        }
        shown.push_str(word);
        used += length;
    }
    shown
}
