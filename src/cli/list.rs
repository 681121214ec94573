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
    let (scenarios, groups) = match &args.group {
        Some(name) => (group(name)?, String::new()),
        None => (MAIN, groups()),
    };
    terminal::print(&(lines(scenarios) + &groups))?;
    if let Some(first) = scenarios.first() {
        terminal::next(&format!("knee run {}", first.name))?;
    }
    Ok(Exit::Done)
}

fn lines(scenarios: &[Scenario]) -> String {
    let width = scenarios.iter().map(|scenario| scenario.name.len()).max().unwrap_or(0);
    let lines = scenarios.iter().map(|scenario| {
        let (name, question) = (scenario.name, scenario.question());
        format!("{name:width$}  {}\n", beside(question, width + 2))
    });
    lines.collect()
}

/// The scenarios of a group.
fn group(name: &str) -> Result<&'static [Scenario], Failure> {
    let found = GROUPS.iter().find(|group| group.name == name.trim_end_matches('/'));
    let group = found.ok_or_else(|| {
        let names: Vec<&str> = GROUPS.iter().map(|group| group.name).collect();
        Failure::Usage(format!("there is no group {name}; the groups are {}", names.join(", ")))
    });
    Ok(group?.scenarios)
}

/// A line per group, unless there is nothing in it.
fn groups() -> String {
    let width = GROUPS.iter().map(|group| group.name.len()).max().unwrap_or(0) + "knee list ".len();
    let lines = GROUPS.iter().map(|group| {
        let command = format!("knee list {}", group.name);
        let about = format!("{} more: {}", group.scenarios.len(), group.about);
        format!("{command:width$}  {}\n", beside(&about, width + 2))
    });
    let lines: String = lines.collect();
    if lines.is_empty() { lines } else { format!("\n{lines}") }
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
