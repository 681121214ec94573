//! `knee sweep`: the curve of latency against what is varied.

use knee::experiment;
use knee::experiment::results::SweepResults;
use knee::model::Model;
use knee::scenario::SweepAxis;

use super::input::Input;
use super::next::Subject;
use super::options::{OutputArgs, ScenarioArgs};
use super::points::Points;
use super::{Exit, Failure, output, progress, terminal};

const EXAMPLES: &str = "\
Examples:
  knee sweep shop.toml                    varies what its [sweep] says
  knee sweep shop.toml --vary service.app.replicas=1..8:8 --plot shop.svg
  knee sweep shop.toml --vary workload.shoppers.arrivals.poisson=100/s..900/s:9
  knee sweep shop.toml --vary station.desk.servers=1,2,4,8 --format csv
  knee sweep shop.toml --vary workload.shoppers.arrivals.poisson=100/s..900/s:9
    --vary service.app.replicas=2,4,8 --output curves

With several axes every combination of values is a point, and each curve runs
along the first. With --output finished points are kept: the same command goes
on where it was interrupted.

The knee is the stable point at which throughput over mean latency is greatest.
Points beyond it may be overloaded or miss objectives: the exit code is 0 all
the same.";

/// Vary one value or several and draw the curves: where does latency bend?
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// A scenario file, the name of a built-in scenario, or - for standard input
    #[arg(value_name = "FILE")]
    file: String,
    /// What to vary and over which values, instead of the scenario's [sweep]; repeatable, one for each axis
    #[arg(long, value_name = "PATH=FROM..TO:POINTS")]
    vary: Vec<String>,
    #[command(flatten)]
    pub(super) scenario: ScenarioArgs,
    #[command(flatten)]
    output: OutputArgs,
}

/// Simulates every point and reports the curves.
pub(crate) fn main(args: &Args) -> Result<Exit, Failure> {
    let input = Input::read(&args.file, args.scenario.overrides())?;
    let model = input.load(args.output.quiet)?;
    let axes = axes(args, &model)?;
    output::prepare(&args.output, Vec::new(), &input.paths())?;
    let results = simulate(args, &input, &axes)?;
    let about = output::about(&args.output, &[&input], std::slice::from_ref(&model));
    output::deliver(&results, &args.output, &about, Vec::new())?;
    hint(args, &input, &model, &results)?;
    Ok(exit(&results))
}

/// What `--vary` says, or else the scenario.
fn axes(args: &Args, model: &Model) -> Result<Vec<SweepAxis>, Failure> {
    let file = &args.file;
    if args.vary.is_empty() {
        let advice = "add --vary run.load=0.5..1.5:5 or another PATH=FROM..TO:POINTS, or a [sweep] table to the file";
        let missing = || Failure::Usage(format!("{file} does not say what to vary: {advice}"));
        return model.sweep.as_ref().map(|sweep| sweep.axes()).ok_or_else(missing);
    }
    flags("--vary", &args.vary)
}

/// An axis for each flag of this name.
pub(super) fn flags(name: &str, flags: &[String]) -> Result<Vec<SweepAxis>, Failure> {
    let wrong = |flag: &String, error: String| Failure::Usage(format!("{name} {flag}: {error}"));
    flags.iter().map(|flag| SweepAxis::from_flag(flag).map_err(|error| wrong(flag, error))).collect()
}

fn simulate(args: &Args, input: &Input, axes: &[SweepAxis]) -> Result<SweepResults, Failure> {
    let options = args.scenario.options();
    let read = |name: &str| input.file(name);
    let points = Points::new(args.output.output.as_deref())?;
    let results = progress::watch(&args.output, &input.source.name, |control| {
        points.with(|store| experiment::sweep(&input.source, axes, &read, &options, control, store))
    });
    let results = results.map_err(|diagnostics| terminal::refusal(&diagnostics))?;
    points.conclude(results.points.len(), args.output.quiet);
    Ok(results)
}

fn exit(results: &SweepResults) -> Exit {
    if results.partial { Exit::Interrupted } else { Exit::Done }
}

/// What to try next: go on, or how much it can take.
fn hint(args: &Args, input: &Input, model: &Model, results: &SweepResults) -> Result<(), Failure> {
    let same: Vec<String> = std::env::args().skip(1).map(|word| terminal::quoted(&word)).collect();
    let same = format!("knee {}", same.join(" "));
    let command = match &args.output.output {
        Some(_) if results.is_interrupted() => format!("{same}  # goes on from here"),
        None if results.is_interrupted() => format!("{same} --output results  # keeps what is done"),
        _ => Subject { file: &args.file, said: args.scenario.said(), input, model }.limit(),
    };
    output::hint(&args.output, &command)
}
