//! `knee list`: the built-in scenarios and their questions.

use super::builtin::Scenario;
use super::shipped::{GROUPS, MAIN};
use super::{Exit, Failure, terminal};

const EXAMPLES: &str = "\
Examples:
  knee list
  knee list ladder                    those of a group
  knee run single-queue               run one
  knee new mine --from single-queue   copy one to mine.toml, to read and change";

/// List the built-in scenarios and the question that each answers.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// A group of scenarios, as the last lines of `knee list` name them
    #[arg(value_name = "GROUP")]
    group: Option<String>,
}

/// Prints a line per scenario.
pub(crate) fn main(args: &Args) -> Result<Exit, Failure> {
    let text = match &args.group {
        Some(name) => group(name)?,
        None => lines(MAIN) + &groups(),
    };
    terminal::print(&text)?;
    Ok(Exit::Done)
}

fn lines(scenarios: &[Scenario]) -> String {
    let width = scenarios.iter().map(|scenario| scenario.name.len()).max().unwrap_or(0);
    let lines = scenarios.iter().map(|scenario| {
        let (name, question) = (scenario.name, scenario.question());
        format!("{name:width$}  {question}\n")
    });
    lines.collect()
}

/// The scenarios of a group.
fn group(name: &str) -> Result<String, Failure> {
    let found = GROUPS.iter().find(|group| group.name == name.trim_end_matches('/'));
    let group = found.ok_or_else(|| {
        let names: Vec<&str> = GROUPS.iter().map(|group| group.name).collect();
        Failure::Usage(format!("there is no group {name}; the groups are {}", names.join(", ")))
    });
    Ok(lines(group?.scenarios))
}

/// A line per group, unless there is nothing in it.
fn groups() -> String {
    let width = GROUPS.iter().map(|group| group.name.len()).max().unwrap_or(0) + "knee list ".len();
    let lines = GROUPS.iter().map(|group| {
        let command = format!("knee list {}", group.name);
        format!("{command:width$}  {} more: {}\n", group.scenarios.len(), group.about)
    });
    let lines: String = lines.collect();
    if lines.is_empty() { lines } else { format!("\n{lines}") }
}
