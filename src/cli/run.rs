//! `knee run`: simulates, and reports what was found.

use std::ffi::OsStr;
use std::path::{Component, Path, PathBuf};

use knee::experiment::results::{Results, Trace};
use knee::experiment::{self, Options, Replicas, Sampled};
use knee::model::{Horizon, Model};
use knee::report::{self, csv, openmetrics};
use knee::units::Duration;

use super::files::Content;
use super::input::{self, Input, load_all, paths};
use super::next::Subject;
use super::options::{Form, OutputArgs, ScenarioArgs};
use super::{Exit, Failure, files, output, progress, terminal};

const EXAMPLES: &str = "\
Examples:
  knee run shop.toml
  knee run shop.toml --set service.app.replicas=8 --plot shop.svg
  knee run shop.toml --format json | jq .bottleneck
  knee run single-queue --seed 2 --replications 20 --output results";

/// Simulate: what is the latency, what is the bottleneck, are the objectives met?
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
    /// Also tell where requests spent their time, and what a station that is twice as fast would change: follows requests
    /// of a run of their own, and runs the scenario again for each such station
    #[arg(long, help_heading = "Output")]
    why: bool,
    /// Also write a row per request
    #[arg(long, value_name = "FILE.csv", help_heading = "Output")]
    jobs: Option<PathBuf>,
    /// Also report what happened in windows of this length, one after another [default: 10s]
    #[arg(long, value_name = "TIME", num_args = 0..=1, default_missing_value = "10s", help_heading = "Output")]
    series: Option<String>,
    /// Also follow some requests step by step, for Perfetto and other viewers of Chrome traces
    #[arg(long, value_name = "FILE.json", help_heading = "Output")]
    trace: Option<PathBuf>,
    /// How many requests to follow
    #[arg(long, value_name = "N", default_value_t = 100, requires = "trace", help_heading = "Output",
        value_parser = clap::value_parser!(u32).range(1..=100_000))]
    trace_requests: u32,
    /// From when on, counted from the end of the warm-up, such as 60s [default: its end]
    #[arg(long, value_name = "TIME", requires = "trace", value_parser = duration, help_heading = "Output")]
    trace_from: Option<f64>,
    /// Also write the results in the OpenMetrics text format
    #[arg(long, value_name = "FILE.txt", help_heading = "Output")]
    metrics: Option<PathBuf>,
    /// Also estimate how often 0, 1, 2, … are at each station (in JSON and CSV)
    #[arg(long, help_heading = "Output")]
    states: bool,
    /// Results of their own for few replicas (at most 64 of a component, and none where these are above 10000 in all), for
    /// all, or for all of components by name, separated by commas
    #[arg(long, value_name = "few|all|NAME,…", default_value = "few", value_parser = replicas, help_heading = "Output")]
    replicas: Replicas,
}

/// Simulates every scenario and reports them together.
pub(crate) fn main(args: &Args) -> Result<Exit, Failure> {
    only_one(args)?;
    apart(args)?;
    let inputs: Result<Vec<Input>, Failure> =
        args.scenarios.iter().map(|file| Input::read(file, overrides(args))).collect();
    let inputs = inputs?;
    let models = over_time(args, &inputs, load_all(&inputs, args.output.quiet)?)?;
    are_known(args, &models)?;
    input::admit(&models, &options(args))?;
    prepare(args, &paths(&inputs))?;
    let results = simulate(args, &inputs, &models);
    warn(args, &results);
    let trace = follow(args, &models, &results);
    let written = write(args, &inputs, &models, &results, trace.as_ref());
    let exit = results.iter().map(exit).chain(trace.iter().map(exit_of_trace)).max().unwrap_or(Exit::Done);
    let results = asked(args, results);
    output::print(results.as_slice(), &args.output).and(written)?;
    if let ([file], [input], [model], [result]) =
        (args.scenarios.as_slice(), inputs.as_slice(), models.as_slice(), results.as_slice())
    {
        let subject = Subject { file, said: args.scenario.said(), input, model };
        output::hint(&args.output, &subject.after_run(result, args.why))?;
    }
    Ok(exit)
}

/// A duration of the language, in seconds.
fn duration(text: &str) -> Result<f64, String> {
    Duration::parse(text).map(|duration| duration.0)
}

/// What the flags change in the scenario.
fn overrides(args: &Args) -> Vec<String> {
    let series = args.series.iter().map(|every| format!("run.series={every}"));
    args.scenario.overrides().into_iter().chain(series).collect()
}

/// The models, with a series where a report is to show what happened over time and the scenario does not say in which windows.
fn over_time(args: &Args, inputs: &[Input], models: Vec<Model>) -> Result<Vec<Model>, Failure> {
    let ([input], [model], Some(_)) = (inputs, models.as_slice(), &args.output.report) else { return Ok(models) };
    let (Horizon::Ticks(window), None) = (model.horizon, model.monitor.series) else { return Ok(models) };
    let every = round_up(window as f64 / model.ticks(1.0) as f64 / WINDOWS);
    let all = overrides(args).into_iter().chain([format!("run.series={every}s")]);
    Ok(vec![input.with(all.collect()).load(true)?])
}

/// About as many windows as a picture has room for.
const WINDOWS: f64 = 60.0;

/// To 1, 2 or 5 times a power of ten.
fn round_up(x: f64) -> f64 {
    let power = 10f64.powi(x.log10().floor() as i32);
    [1.0, 2.0, 5.0, 10.0].map(|round| round * power).into_iter().find(|round| *round >= x * 0.999).unwrap_or(x)
}

/// The value of `--replicas`.
fn replicas(text: &str) -> Result<Replicas, String> {
    match text {
        "few" => Ok(Replicas::Few),
        "all" => Ok(Replicas::All),
        _ => Ok(Replicas::Of(text.split(',').map(|name| name.trim().to_owned()).collect())),
    }
}

/// Refuses names of components that no scenario has.
fn are_known(args: &Args, models: &[Model]) -> Result<(), Failure> {
    let Replicas::Of(names) = &args.replicas else { return Ok(()) };
    let is_known =
        |name: &&String| models.iter().any(|model| model.groups.iter().any(|group| group.component == **name));
    match names.iter().find(|name| !is_known(name)) {
        Some(name) => Err(Failure::Usage(format!("--replicas: no component with stations is called {name}"))),
        None => Ok(()),
    }
}

fn only_one(args: &Args) -> Result<(), Failure> {
    let flags = [
        ("--plot", args.output.plot.is_some()),
        ("--report", args.output.report.is_some()),
        ("--jobs", args.jobs.is_some()),
        ("--trace", args.trace.is_some()),
        ("--metrics", args.metrics.is_some()),
    ];
    match flags.iter().find(|(_, given)| *given && args.scenarios.len() > 1) {
        Some((flag, _)) => {
            let advice = "run the scenarios one by one, or use --output DIR";
            Err(Failure::Usage(format!("{flag} takes the results of one scenario: {advice}")))
        }
        None => Ok(()),
    }
}

/// Refuses scenarios whose folders under `--output` would be the same, or elsewhere.
fn apart(args: &Args) -> Result<(), Failure> {
    if args.output.output.is_none() || args.scenarios.len() == 1 {
        return Ok(());
    }
    for (index, name) in args.scenarios.iter().enumerate() {
        // `...toml` without its ending is the folder above.
        if !matches!(Path::new(stem(name)).components().collect::<Vec<_>>()[..], [Component::Normal(_)]) {
            let advice = "give it another name, or run it alone";
            return Err(Failure::Usage(format!("{name} cannot have a folder of its name: {advice}")));
        }
        if let Some(other) = args.scenarios[..index].iter().find(|other| stem(other) == stem(name)) {
            let (folder, advice) = (stem(name).display(), "run them one by one, each with an --output of its own");
            return Err(Failure::Usage(format!("{other} and {name} would both be written to {folder}: {advice}")));
        }
    }
    Ok(())
}

/// The name of a scenario's folder under `--output`, where there are several.
fn stem(name: &str) -> &OsStr {
    Path::new(name).file_stem().unwrap_or_default()
}

/// Finds out whether all outputs can be written.
fn prepare(args: &Args, inputs: &[PathBuf]) -> Result<(), Failure> {
    let mut more: Vec<PathBuf> = [&args.jobs, &args.trace, &args.metrics].into_iter().flatten().cloned().collect();
    for folder in args.scenarios.iter().filter_map(|name| own_folder(args, name)) {
        files::folder(&folder)?;
        more.extend(output::in_folder(&folder));
    }
    output::prepare(&args.output, more, inputs)
}

/// The folder of one of several scenarios under `--output`.
fn own_folder(args: &Args, name: &str) -> Option<PathBuf> {
    args.output.output.as_ref().filter(|_| args.scenarios.len() > 1).map(|folder| folder.join(stem(name)))
}

fn options(args: &Args) -> Options {
    Options {
        states: args.states,
        jobs: args.jobs.is_some(),
        replicas: args.replicas.clone(),
        ..args.scenario.options()
    }
}

/// The scenarios one after the other. Whatever stops one of them, all are there: those after an interruption with nothing
/// that was finished, so that nobody takes what is left of an earlier command for theirs.
fn simulate(args: &Args, inputs: &[Input], models: &[Model]) -> Vec<Results> {
    let options = options(args);
    let mut results: Vec<Results> = Vec::new();
    for (model, input) in models.iter().zip(inputs) {
        let name = &input.source.name;
        let mut result = progress::watch(&args.output, name, |control| experiment::run(model, &options, control));
        if (args.why || args.output.report.is_some()) && !result.scenario.partial {
            let fresh = || input.model().0;
            result.why = Some(progress::watch(&args.output, name, |control| {
                experiment::why(model, &result, &fresh, &args.scenario.options(), control)
            }));
        }
        results.push(result);
    }
    results
}

/// Warnings go to standard error, unless the summary shows them on the same screen.
fn warn(args: &Args, results: &[Results]) {
    let shown = args.output.format == Form::Text && terminal::is_shared();
    if args.output.quiet || shown {
        return;
    }
    for result in results {
        result.warnings.iter().for_each(|warning| terminal::warning(warning));
        let undecided = result.objectives.iter().filter(|objective| objective.met.is_none());
        for objective in undecided {
            let why = match objective.value {
                Some(_) => "is too close to tell: run longer, or with more --replications",
                None => "cannot be told: nothing was observed that would tell",
            };
            terminal::warning(&format!("objective {:?} {why}", objective.name));
        }
    }
}

/// What is printed: a report tells why even where that was not asked for.
fn asked(args: &Args, mut results: Vec<Results>) -> Vec<Results> {
    results.iter_mut().filter(|_| !args.why).for_each(|result| result.why = None);
    results
}

/// Some requests of the first replication, step by step, if that was asked for.
fn follow(args: &Args, models: &[Model], results: &[Results]) -> Option<Trace> {
    let ([model], [result], Some(_)) = (models, results, &args.trace) else { return None };
    let sampled = Sampled { from_s: args.trace_from.unwrap_or(0.0), requests: args.trace_requests };
    Some(progress::watch(&args.output, "trace", |control| {
        experiment::trace(model, result.scenario.warm_up_s, sampled, &args.scenario.options(), control)
    }))
}

/// Writes everything that was asked for.
fn write(
    args: &Args,
    inputs: &[Input],
    models: &[Model],
    results: &[Results],
    trace: Option<&Trace>,
) -> Result<(), Failure> {
    let about = |index: usize| output::about(&args.output, &[&inputs[index]], &models[index..=index]);
    let mut more = Vec::new();
    if let [result] = results {
        more.extend(extras(args, result, trace)?);
    }
    for (index, (name, result)) in args.scenarios.iter().zip(results).enumerate() {
        if let Some(folder) = own_folder(args, name) {
            more.extend(output::folder_files(std::slice::from_ref(result), &folder, &about(index))?);
        }
    }
    // With several scenarios, each has a folder of its own.
    let several = OutputArgs { output: None, ..args.output.clone() };
    let own = if args.scenarios.len() > 1 { &several } else { &args.output };
    output::write(results, own, &about(0), more)
}

/// What can be written of one scenario beyond its results.
fn extras(args: &Args, result: &Results, trace: Option<&Trace>) -> Result<Vec<Content>, Failure> {
    let mut all = Vec::new();
    if let Some(path) = &args.jobs {
        all.push((path.clone(), csv::jobs(result).map_err(Failure::Other)?.into_bytes()));
    }
    if let Some(path) = &args.metrics {
        all.push((path.clone(), openmetrics::run(result).into_bytes()));
    }
    if let (Some(path), Some(trace)) = (&args.trace, trace) {
        all.push((path.clone(), report::trace::trace(trace).map_err(Failure::Other)?.into_bytes()));
    }
    Ok(all)
}

fn is_partial(result: &Results) -> bool {
    result.scenario.partial || result.why.as_ref().is_some_and(|why| why.partial)
}

fn exit(result: &Results) -> Exit {
    if is_partial(result) {
        Exit::Interrupted
    } else if result.objectives.iter().any(|objective| objective.met == Some(false)) {
        Exit::ObjectiveFailed
    } else {
        Exit::Done
    }
}

fn exit_of_trace(trace: &Trace) -> Exit {
    if trace.partial { Exit::Interrupted } else { Exit::Done }
}
