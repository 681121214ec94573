//! `knee explain`: what can be said without simulating.

use std::path::{Path, PathBuf};

use knee::experiment::{self, Explanation};
use knee::report::{csv, json, mermaid, terminal as text};

use super::input::{Input, load_all, paths};
use super::options::{OutputArgs, ScenarioArgs};
use super::output::{self, Report};
use super::{Exit, Failure, terminal};

const EXAMPLES: &str = "\
Examples:
  knee explain shop.toml
  knee explain shop.toml --plot shop.svg          the architecture as a picture
  knee explain shop.toml --mermaid shop.mmd       the same for Markdown pages
  knee explain closed-users --set workload.users.users=100
  knee explain single-queue --program             what requests run, op by op";

/// Explain a scenario without simulating it: who calls whom, what saturates first, what is the best it can do?
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Scenario files, names of built-in scenarios (see `knee list`), or - for standard input
    #[arg(required = true, value_name = "FILE")]
    scenarios: Vec<String>,
    #[command(flatten)]
    pub(super) scenario: ScenarioArgs,
    #[command(flatten)]
    output: OutputArgs,
    /// Also show the program that requests run
    #[arg(long, help_heading = "Output")]
    program: bool,
    /// Also write the architecture as a Mermaid flow chart, which Markdown pages show as a picture
    #[arg(long, value_name = "FILE.mmd", help_heading = "Output")]
    mermaid: Option<PathBuf>,
}

/// Explains every scenario.
pub(crate) fn main(args: &Args) -> Result<Exit, Failure> {
    only_one(args)?;
    let inputs: Result<Vec<Input>, Failure> =
        args.scenarios.iter().map(|file| Input::read(file, args.scenario.overrides())).collect();
    let inputs = inputs?;
    let models = load_all(&inputs, args.output.quiet)?;
    output::prepare(&args.output, args.mermaid.iter().cloned().collect(), &paths(&inputs))?;
    let explanations = models.iter().map(|model| {
        let program = if args.program { experiment::program(model) } else { Vec::new() };
        Explanation { program, ..experiment::explain(model) }
    });
    let explanations: Vec<Explanation> = explanations.collect();
    let about = output::about(&args.output, &inputs.iter().collect::<Vec<_>>(), &models);
    let chart = args.mermaid.iter().zip(&explanations);
    let chart = chart.map(|(path, one)| (path.clone(), mermaid::architecture(one).into_bytes()));
    output::deliver(explanations.as_slice(), &args.output, &about, chart.collect())?;
    if let [file] = args.scenarios.as_slice() {
        output::hint(&args.output, &format!("knee run {}{}", terminal::quoted(file), args.scenario.said()))?;
    }
    Ok(Exit::Done)
}

fn only_one(args: &Args) -> Result<(), Failure> {
    let flags = [
        ("--plot", args.output.plot.is_some()),
        ("--report", args.output.report.is_some()),
        ("--mermaid", args.mermaid.is_some()),
        ("--output", args.output.output.is_some()),
    ];
    match flags.iter().find(|(_, given)| *given && args.scenarios.len() > 1) {
        Some((flag, _)) => Err(Failure::Usage(format!("{flag} takes one scenario: explain them one by one"))),
        None => Ok(()),
    }
}

impl Report for [Explanation] {
    fn text(&self, color: bool) -> String {
        let texts: Vec<String> = self.iter().map(|one| text::explanation(one, color)).collect();
        texts.join("\n\n")
    }

    fn json(&self) -> Result<String, String> {
        json::several(self)
    }

    fn csv(&self) -> Result<String, String> {
        csv::explanations(self)
    }

    fn more(&self) -> Result<Vec<(&'static str, String)>, String> {
        let [one] = self else { return Ok(Vec::new()) };
        Ok(vec![("architecture.mmd", mermaid::architecture(one))])
    }

    /// The text has it already.
    fn drawing(&self, _color: bool) -> Result<String, String> {
        Ok(String::new())
    }

    #[cfg(feature = "plot")]
    fn page(&self, about: &knee::report::About) -> Result<String, String> {
        match self {
            [one] => Ok(knee::report::html::explanation(one, about)),
            _ => Err("a report is about one scenario".into()),
        }
    }

    #[cfg(feature = "plot")]
    fn picture(&self, file: &Path) -> Result<Vec<u8>, String> {
        match self {
            [one] => knee::report::plot::architecture(one, output::format(file)),
            _ => Err("a picture shows one scenario".into()),
        }
    }
}
