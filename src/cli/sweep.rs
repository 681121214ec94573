//! `knee sweep`: the curve of latency against what is varied.

use knee::experiment::results::SweepResults;
use knee::experiment::{self, Options};
use knee::model::Model;
use knee::scenario::Sweep;

use super::input::Input;
use super::options::{OutputArgs, ScenarioArgs};
use super::{Exit, Failure, output, progress, terminal};

const EXAMPLES: &str = "\
Examples:
  knee sweep shop.toml                    varies what its [sweep] says
  knee sweep shop.toml --vary service.app.replicas=1..8:8 --plot shop.svg
  knee sweep shop.toml --vary workload.shoppers.arrivals.poisson=100/s..900/s:9
  knee sweep shop.toml --vary station.desk.servers=1,2,4,8 --format csv

The knee is the stable point at which throughput over mean latency is greatest.
Points beyond it may be overloaded or miss objectives: the exit code is 0 all
the same.";

/// Vary one value and draw the curve: where does latency bend?
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// A scenario file, the name of a built-in scenario, or - for standard input
    #[arg(value_name = "FILE")]
    file: String,
    /// What to vary and over which values, instead of the scenario's [sweep]
    #[arg(long, value_name = "PATH=FROM..TO:POINTS")]
    vary: Option<String>,
    #[command(flatten)]
    scenario: ScenarioArgs,
    #[command(flatten)]
    output: OutputArgs,
}

/// Simulates every point and reports the curve.
pub(crate) fn main(args: &Args) -> Result<Exit, Failure> {
    let input = Input::read(&args.file, args.scenario.overrides())?;
    let model = input.load(args.output.quiet)?;
    let sweep = axis(args, &model)?;
    output::prepare(&args.output)?;
    let results = simulate(args, &input, &sweep)?;
    output::plot(&results, &args.output)?;
    if let Some(folder) = &args.output.output {
        output::folder(&results, folder)?;
    }
    output::print(&results, args.output.format)?;
    if args.output.plot.is_none() && args.output.output.is_none() {
        output::hint(&args.output, &next(args))?;
    }
    Ok(exit(&results))
}

/// What `--vary` says, or else the scenario.
fn axis(args: &Args, model: &Model) -> Result<Sweep, Failure> {
    let file = &args.file;
    let missing = || {
        let advice = "add --vary PATH=FROM..TO:POINTS, or a [sweep] table to the file";
        Failure::Usage(format!("{file} does not say what to vary: {advice}"))
    };
    match &args.vary {
        Some(flag) => Sweep::from_flag(flag).map_err(|error| Failure::Usage(format!("--vary {flag}: {error}"))),
        None => model.sweep.clone().ok_or_else(missing),
    }
}

fn simulate(args: &Args, input: &Input, sweep: &Sweep) -> Result<SweepResults, Failure> {
    let ScenarioArgs { threads, every_departure, .. } = args.scenario;
    let options = Options { threads, every_departure, ..Options::default() };
    let read = |name: &str| input.file(name);
    let results = progress::watch(&args.output, &args.file, |control| {
        experiment::sweep(&input.source, sweep, &read, &options, control)
    });
    results.map_err(|diagnostics| {
        terminal::complain(&diagnostics.render(terminal::error_color()));
        Failure::Shown
    })
}

fn exit(results: &SweepResults) -> Exit {
    match results.points.iter().any(|point| point.result.scenario.partial) {
        true => Exit::Interrupted,
        false => Exit::Done,
    }
}

/// What to try next: the same curve as a picture.
fn next(args: &Args) -> String {
    let vary = args.vary.as_ref().map_or_else(String::new, |flag| format!(" --vary {}", terminal::quoted(flag)));
    format!("knee sweep {}{vary} --plot curve.svg", terminal::quoted(&args.file))
}
