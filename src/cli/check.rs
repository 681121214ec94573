//! `knee check`: finds every problem in scenarios without running them.

use knee::diagnostic::Diagnostics;

use super::input::Input;
use super::options::ScenarioArgs;
use super::{Exit, Failure, terminal};

const EXAMPLES: &str = "\
Examples:
  knee check shop.toml
  knee check scenarios/*.toml --quiet";

/// Find every problem in scenario files, without running them.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Scenario files, names of built-in scenarios, or - for standard input
    #[arg(required = true, value_name = "FILE")]
    scenarios: Vec<String>,
    #[command(flatten)]
    scenario: ScenarioArgs,
    /// Say nothing about scenarios without problems
    #[arg(long, short, help_heading = "Output")]
    quiet: bool,
}

/// Shows the problems of every scenario; succeeds if none has an error.
pub(crate) fn main(args: &Args) -> Result<Exit, Failure> {
    let mut good = true;
    for file in &args.scenarios {
        let input = Input::read(file, args.scenario.overrides())?;
        let (_, diagnostics) = input.model();
        terminal::complain(&diagnostics.render(terminal::error_color()));
        good &= !diagnostics.has_errors();
        if diagnostics.is_empty() && !args.quiet {
            terminal::print(&format!("{file}: no problems\n"))?;
        } else if !diagnostics.is_empty() {
            terminal::complain(&format!("{file}: {}\n", count(&diagnostics)));
        }
    }
    if good { Ok(Exit::Done) } else { Err(Failure::Shown) }
}

fn count(diagnostics: &Diagnostics) -> String {
    match diagnostics.list.len() {
        1 => "1 problem".into(),
        n => format!("{n} problems"),
    }
}
