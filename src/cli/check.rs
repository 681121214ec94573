//! `knee check`: finds every problem in scenarios without running them.

use knee::diagnostic::Diagnostics;
use knee::experiment::{self, Options};
use knee::model::Model;

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
    pub(super) scenario: ScenarioArgs,
    /// Say nothing about scenarios without problems
    #[arg(long, short, help_heading = "Output")]
    quiet: bool,
}

/// Shows the problems of every scenario; succeeds if none has an error.
pub(crate) fn main(args: &Args) -> Result<Exit, Failure> {
    let mut good = true;
    for file in &args.scenarios {
        let input = Input::read(file, args.scenario.overrides())?;
        let (model, mut diagnostics) = input.model();
        terminal::complain(&diagnostics.render(terminal::error_color()));
        if let Some(beyond) = model.as_ref().and_then(|model| sweep_problems(&input, model)) {
            terminal::complain(&beyond.render(terminal::error_color()));
            diagnostics.list.extend(beyond.list);
            diagnostics.more += beyond.more;
        }
        let file = &input.source.name;
        good &= !diagnostics.has_errors();
        let overloads = model.iter().flat_map(|model| model.warnings());
        let overloads = overloads.inspect(|warning| terminal::warning(warning)).count();
        match diagnostics.list.len() + diagnostics.more + overloads {
            0 if args.quiet => {}
            0 => terminal::print(&format!("{file}: no problems\n"))?,
            1 => terminal::complain(&format!("{file}: 1 problem\n")),
            n => terminal::complain(&format!("{file}: {n} problems\n")),
        }
    }
    if !good {
        return Err(Failure::Shown);
    }
    if let ([file], false) = (args.scenarios.as_slice(), args.quiet || args.scenarios[0] == "-") {
        terminal::next(&format!("knee run {}{}", terminal::quoted(file), args.scenario.said()))?;
    }
    Ok(Exit::Done)
}

/// What is wrong with the scenario at one of the values of its own `[sweep]`, if something is.
fn sweep_problems(input: &Input, model: &Model) -> Option<Diagnostics> {
    let sweep = model.sweep.as_ref()?;
    experiment::grid(&input.source, &sweep.axes(), &|name| input.file(name), &Options::default()).err()
}
