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
        format!("{name:width$}  {question}\n")
    });
    terminal::print(&lines.collect::<String>())?;
    Ok(Exit::Done)
}
