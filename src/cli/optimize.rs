//! `knee optimize`: what to buy.

use knee::experiment::results::OptimizeResults;
use knee::experiment::{self, Effort};
use knee::model::Model;
use knee::scenario::SweepAxis;

use super::capacity::{confidence, require};
use super::input::Input;
use super::options::{OutputArgs, ScenarioArgs};
use super::{Exit, Failure, output, progress, sweep, terminal};

const EXAMPLES: &str = "\
Examples:
  knee optimize shop.toml --over service.app.replicas=1..8:8
  knee optimize shop.toml --over service.app.replicas=1..8:8
    --over machine.web-node.cores,machine.web-node.price=1,2,4
  knee optimize shop.toml --over service.app.replicas=1..8:8 --frontier --plot cost.svg
  knee optimize shop.toml --over service.app.replicas=1..8:8 --require 'cost < 2/h'

Every combination of the values is a configuration. They are looked at from the
cheapest up; one meets the objectives if that is decided at --confidence.
Exit code 1: there is none that does.";

/// Find the cheapest configuration that meets every objective.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// A scenario file, the name of a built-in scenario, or - for standard input
    #[arg(value_name = "FILE")]
    file: String,
    /// What may be chosen, and among which values; repeatable. Paths joined by commas take the same value
    #[arg(long, required = true, value_name = "PATH=FROM..TO:POINTS")]
    over: Vec<String>,
    /// One more objective, such as 'shoppers.latency.p99 < 100ms'; repeatable
    #[arg(long, value_name = "CONDITION")]
    require: Vec<String>,
    /// All workloads, so many times as busy
    #[arg(long, value_name = "FACTOR")]
    load: Option<f64>,
    /// The probability with which each decision is right, at least
    #[arg(long, value_name = "SHARE", default_value_t = 0.99, value_parser = confidence)]
    confidence: f64,
    /// Most configurations to simulate [default: no limit]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    most: Option<u32>,
    /// Most replications of a configuration [default: four times those of the scenario, or 40]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(2..=100_000))]
    most_replications: Option<u32>,
    /// Also simulate what costs more than the cheapest, for the whole frontier of cost and latency
    #[arg(long)]
    frontier: bool,
    #[command(flatten)]
    pub(super) scenario: ScenarioArgs,
    #[command(flatten)]
    output: OutputArgs,
}

/// Searches, and reports what was found.
pub(crate) fn main(args: &Args) -> Result<Exit, Failure> {
    let load = args.load.map(|load| format!("run.load={load}"));
    let mut input = Input::read(&args.file, args.scenario.overrides().into_iter().chain(load).collect())?;
    let model = require(&mut input, &args.require, args.output.quiet)?;
    if model.objectives.is_empty() {
        let advice = "add an [[objective]], or --require 'NAME.METRIC OP VALUE'";
        return Err(Failure::Usage(format!("{} does not say what is good enough: {advice}", args.file)));
    }
    let axes = sweep::flags("--over", &args.over)?;
    output::prepare(&args.output, Vec::new(), &input.paths())?;
    let results = search(args, &input, &axes, &model)?;
    let about = output::about(&args.output, &[&input], &[model]);
    output::deliver(&results, &args.output, &about, Vec::new())?;
    output::hint(&args.output, &next(args, &results, &axes))?;
    Ok(exit(&results))
}

fn search(args: &Args, input: &Input, axes: &[SweepAxis], model: &Model) -> Result<OptimizeResults, Failure> {
    let options = args.scenario.options();
    let effort = Effort {
        confidence: args.confidence,
        replications: args.most_replications.unwrap_or(4 * model.replications.max(10)),
        most: args.most,
        frontier: args.frontier,
    };
    let read = |name: &str| input.file(name);
    let results = progress::watch(&args.output, &input.source.name, |control| {
        experiment::optimize(&input.source, axes, &read, &effort, &options, control)
    });
    results.map_err(|diagnostics| terminal::refusal(&diagnostics))
}

fn exit(results: &OptimizeResults) -> Exit {
    match results.cheapest {
        _ if results.partial => Exit::Interrupted,
        Some(_) => Exit::Done,
        None => Exit::ObjectiveFailed,
    }
}

/// What to try next: the configuration that was found, or else the one that came closest.
fn next(args: &Args, results: &OptimizeResults, axes: &[SweepAxis]) -> String {
    let (file, said) = (terminal::quoted(&args.file), args.scenario.said());
    let load = args.load.map_or_else(String::new, |load| format!(" --set run.load={load}"));
    let closest = || results.closest.as_ref().map(|closest| &closest.written);
    let Some(written) = results.cheapest.as_ref().map(|best| &best.written).or_else(closest) else {
        return format!("knee check {file}{said}{load}");
    };
    let set = axes.iter().zip(written).flat_map(|(axis, value)| {
        let paths = axis.vary.value.0.iter();
        paths.map(move |path| format!(" --set {}", terminal::quoted(&format!("{}={value}", path.value))))
    });
    format!("knee run {file}{said}{load}{}", set.collect::<String>())
}
