//! `knee capacity`: how much it can take.

use clap::ValueEnum;
use knee::experiment::results::{CapacityResults, Find};
use knee::experiment::{self, Question};
use knee::model::{Condition, Model};
use knee::scenario::{Knob, Source};

use super::input::Input;
use super::next::{Subject, is_open};
use super::options::{OutputArgs, ScenarioArgs};
use super::{Exit, Failure, output, progress, terminal};

const EXAMPLES: &str = "\
Examples:
  knee capacity shop.toml                     how much busier may all workloads become?
  knee capacity shop.toml --over workload.shoppers.arrivals.poisson
  knee capacity shop.toml --over service.app.replicas      how few replicas will do?
  knee capacity shop.toml --over service.app.replicas=1..64 --load 3
  knee capacity shop.toml --require 'shoppers.latency.p99 < 100ms'

A value holds if every objective does, decided at --confidence; one at which a
station is overloaded fails. Exit code 1: there is no value that holds.";

/// Find the highest load at which every objective holds, or the smallest size that will do.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// A scenario file, the name of a built-in scenario, or - for standard input
    #[arg(value_name = "FILE")]
    file: String,
    /// What to turn, from today's value or within a range [default: the load of all workloads]
    #[arg(long, value_name = "PATH[=FROM..TO]")]
    over: Option<String>,
    /// Look for the highest value, or the lowest [default: the lowest of whole numbers other than users]
    #[arg(long, value_enum, value_name = "highest|lowest", hide_possible_values = true)]
    find: Option<Direction>,
    /// One more objective, such as 'shoppers.latency.p99 < 100ms'; repeatable
    #[arg(long, value_name = "CONDITION")]
    require: Vec<String>,
    /// All workloads, so many times as busy
    #[arg(long, value_name = "FACTOR")]
    load: Option<f64>,
    /// The probability with which each decision is right, at least
    #[arg(long, value_name = "SHARE", default_value_t = 0.99, value_parser = confidence)]
    confidence: f64,
    /// How narrow the limit is to be, as a share of its value
    #[arg(long, value_name = "SHARE", default_value_t = 0.01, value_parser = resolution)]
    resolution: f64,
    /// Most replications at one value [default: four times those of the scenario, or 40]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(2..=100_000))]
    most: Option<u32>,
    #[command(flatten)]
    pub(super) scenario: ScenarioArgs,
    #[command(flatten)]
    output: OutputArgs,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Direction {
    /// As of a load
    Highest,
    /// As of a size
    Lowest,
}

/// Searches, and reports what was found.
pub(crate) fn main(args: &Args) -> Result<Exit, Failure> {
    let load = args.load.map(|load| format!("run.load={load}"));
    let mut input = Input::read(&args.file, args.scenario.overrides().into_iter().chain(load).collect())?;
    let model = require(&mut input, &args.require, args.output.quiet)?;
    let question = question(args, &input.source, &model)?;
    if model.objectives.is_empty() && !is_open(&model) {
        let advice = "add an [[objective]], or --require 'NAME.METRIC OP VALUE'";
        return Err(Failure::Usage(format!("{} does not say what is good enough: {advice}", args.file)));
    }
    output::prepare(&args.output, Vec::new(), &input.paths())?;
    let results = search(args, &input, &question)?;
    let about = output::about(&args.output, &[&input], std::slice::from_ref(&model));
    output::deliver(&results, &args.output, &about, Vec::new())?;
    output::hint(&args.output, &next(args, &input, &model, &results))?;
    Ok(exit(&results))
}

/// The model with objectives of the command line after those of the file, if they mean anything.
pub(super) fn require(input: &mut Input, conditions: &[String], quiet: bool) -> Result<Model, Failure> {
    let model = input.load(quiet)?;
    for condition in conditions {
        let wrong = |problem: String| Failure::Usage(format!("--require {condition:?}: {problem}"));
        let known = Condition::parse(condition).map_err(wrong)?;
        model.knows(&known.metric).map_err(wrong)?;
        let quoted = condition.replace('\\', "\\\\").replace('"', "\\\"");
        input.source.text += &format!("\n[[objective]]\nname = \"{quoted}\"\nrequire = \"{quoted}\"\n");
    }
    if conditions.is_empty() { Ok(model) } else { input.load(true) }
}

fn question(args: &Args, source: &Source, model: &Model) -> Result<Question, Failure> {
    let knob = match &args.over {
        Some(flag) => {
            Knob::from_flag(flag, source).map_err(|problem| Failure::Usage(format!("--over {flag}: {problem}")))?
        }
        None => Knob::load(source),
    };
    let counts_users = knob.paths.iter().any(|path| path.rsplit('.').next() == Some("users"));
    let find = match args.find {
        Some(Direction::Highest) => Find::Highest,
        Some(Direction::Lowest) => Find::Lowest,
        None if knob.whole && !counts_users => Find::Lowest,
        None => Find::Highest,
    };
    let most = args.most.unwrap_or(4 * model.replications.max(10));
    Ok(Question { knob, find, confidence: args.confidence, resolution: args.resolution, most })
}

fn search(args: &Args, input: &Input, question: &Question) -> Result<CapacityResults, Failure> {
    let options = args.scenario.options();
    let read = |name: &str| input.file(name);
    let results = progress::watch(&args.output, &input.source.name, |control| {
        experiment::capacity(&input.source, question, &read, &options, control)
    });
    results.map_err(|diagnostics| terminal::refusal(&diagnostics))
}

fn exit(results: &CapacityResults) -> Exit {
    match results.capacity {
        _ if results.partial => Exit::Interrupted,
        Some(_) => Exit::Done,
        None => Exit::ObjectiveFailed,
    }
}

/// What to try next: what it takes to bear more, or the scenario at its limit.
fn next(args: &Args, input: &Input, model: &Model, results: &CapacityResults) -> String {
    let subject = Subject { file: &args.file, said: args.scenario.said(), input, model };
    let requires = args.require.iter().map(|condition| format!(" --require {}", terminal::quoted(condition)));
    if let Some(more) = subject.more(results, &requires.collect::<String>()) {
        return more;
    }
    let held = results.trials.iter().find(|trial| results.capacity.is_some_and(|limit| limit.value == trial.at));
    let Some(trial) = held else { return subject.command("explain", "") };
    let load = args.load.map(|load| format!("run.load={load}"));
    let turned = results.path.split(',').map(|path| format!("{path}={}", trial.written));
    let set: Vec<String> =
        load.into_iter().chain(turned).map(|one| format!(" --set {}", terminal::quoted(&one))).collect();
    subject.command("run", &set.concat())
}

pub(super) fn confidence(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(share) if (0.5..1.0).contains(&share) => Ok(share),
        _ => Err("write a share from 0.5 to below 1, such as 0.99".into()),
    }
}

fn resolution(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(share) if (1e-5..=1.0).contains(&share) => Ok(share),
        _ => Err("write a share from 0.00001 to 1, such as 0.01".into()),
    }
}
