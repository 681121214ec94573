//! `knee compare`: what really changes.

use knee::diagnostic::printable;
use knee::experiment::results::CompareResults;
use knee::experiment::{self, Comparison};
use knee::model::{Metric, Model};

use super::input::{self, Input, load_all, paths};
use super::options::{OutputArgs, ScenarioArgs};
use super::{Exit, Failure, output, progress, terminal};

const EXAMPLES: &str = "\
Examples:
  knee compare before.toml after.toml
  knee compare shop.toml --with service.app.replicas=8
  knee compare shop.toml --with service.app.balance=random --with service.app.balance=round-robin --first
  knee compare step-1.toml step-2.toml step-3.toml --format csv
  knee compare a.toml b.toml --metric customers.latency.p99

Workloads of the same name bring the same customers to all scenarios. What is
called a difference is one: over all that is tested, the chance of any false
one is 5 % at most.";

/// Compare scenarios under the same customers: which differences are real?
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Scenario files or names of built-in scenarios; each is compared with the one before
    #[arg(required = true, value_name = "FILE")]
    scenarios: Vec<String>,
    /// One more step: the first scenario with these values, separated by `;`, and without what -PATH
    /// names; repeatable
    #[arg(long, value_name = "PATH=VALUE[;…]", allow_hyphen_values = true)]
    with: Vec<String>,
    /// Compare each with the first, rather than with the one before
    #[arg(long)]
    first: bool,
    /// Test only this metric, such as shoppers.latency.p99; repeatable
    #[arg(long, value_name = "NAME.METRIC", value_parser = metric)]
    metric: Vec<Metric>,
    #[command(flatten)]
    pub(super) scenario: ScenarioArgs,
    #[command(flatten)]
    output: OutputArgs,
}

/// Runs all scenarios and reports what is different.
pub(crate) fn main(args: &Args) -> Result<Exit, Failure> {
    let (names, inputs) = steps(args)?;
    let models = load_all(&inputs, args.output.quiet)?;
    check(args, &models)?;
    let options = args.scenario.options();
    input::admit(&models, &options)?;
    output::prepare(&args.output, Vec::new(), &paths(&inputs))?;
    let comparison = Comparison { names, with_first: args.first, metrics: args.metric.clone() };
    let results = progress::watch(&args.output, "compare", |control| {
        experiment::compare(&models, &comparison, &options, control)
    });
    warn(args, &models, &results);
    let about = output::about(&args.output, &inputs.iter().collect::<Vec<_>>(), &models);
    output::deliver(&results, &args.output, &about, Vec::new())?;
    output::hint(&args.output, &next(args, &results))?;
    Ok(if results.partial { Exit::Interrupted } else { Exit::Done })
}

/// The scenarios, and what to call them.
fn steps(args: &Args) -> Result<(Vec<String>, Vec<Input>), Failure> {
    if args.scenarios.iter().skip(1).any(|file| file == "-") {
        return Err(Failure::Usage("standard input can only be the first scenario".into()));
    }
    let files = args.scenarios.iter().map(|file| (file, stem(file), Vec::new()));
    let first = &args.scenarios[0];
    let variants = args.with.iter().map(|with| (first, with.clone(), changes(with)));
    let (mut names, mut inputs): (Vec<String>, Vec<Input>) = Default::default();
    for (file, name, changes) in files.chain(variants) {
        let overrides: Vec<String> = args.scenario.overrides().into_iter().chain(changes).collect();
        // Standard input can be read once only.
        let known = inputs.iter().position(|_| file == "-").filter(|_| first == "-");
        inputs.push(match known {
            Some(_) => inputs[0].with(overrides),
            None => Input::read(file, overrides)?,
        });
        names.push(printable(&name));
    }
    if inputs.len() < 2 {
        let advice = "name another scenario, or a change of this one: --with PATH=VALUE";
        return Err(Failure::Usage(format!("there is nothing to compare {first} with: {advice}")));
    }
    Ok((unlike(names), inputs))
}

/// A file's name without its folder and ending.
fn stem(file: &str) -> String {
    std::path::Path::new(file).file_stem().map_or(file.to_owned(), |stem| stem.to_string_lossy().into_owned())
}

/// Equal names get a number.
fn unlike(names: Vec<String>) -> Vec<String> {
    let nth = |index: usize| names[..index].iter().filter(|name| **name == names[index]).count() + 1;
    let named = names.iter().enumerate().map(|(index, name)| match nth(index) {
        1 => name.clone(),
        n => format!("{name} ({n})"),
    });
    named.collect()
}

/// An interval of differences takes two pairs of replications; a metric has to be there.
fn check(args: &Args, models: &[Model]) -> Result<(), Failure> {
    if models.iter().any(|model| model.replications < 2) {
        return Err(Failure::Usage("differences have an interval from two replications on: --replications 10".into()));
    }
    for metric in &args.metric {
        if models.iter().all(|model| model.knows(metric).is_err()) {
            let problem = models[0].knows(metric).err().unwrap_or_default();
            return Err(Failure::Usage(format!("--metric {metric}: {problem}")));
        }
    }
    Ok(())
}

fn warn(args: &Args, models: &[Model], results: &CompareResults) {
    if args.output.quiet {
        return;
    }
    if models.iter().any(|model| model.seed != models[0].seed) {
        terminal::warning("the scenarios have different seeds, hence other customers: differences are less certain");
    }
    for step in results.steps.iter().filter(|step| step.result.unsettled.is_some()) {
        step.result.warnings.iter().for_each(|warning| terminal::warning(&format!("{}: {warning}", step.name)));
    }
    for step in results.steps.iter().filter(|step| !step.result.unstable.is_empty()) {
        let which = step.result.unstable.join(", ");
        terminal::warning(&format!(
            "{}: {which} is overloaded: what is compared depends on how long it ran",
            step.name
        ));
    }
}

/// What to try next: the step that is last by itself, or the first, where the last is no better.
fn next(args: &Args, results: &CompareResults) -> String {
    let mut differences = results.changes.last().into_iter().flat_map(|change| &change.differences);
    let is_worth_it = differences.any(|difference| difference.real && difference.better != Some(false));
    let with = args.with.last().filter(|_| is_worth_it);
    let is_first = !(is_worth_it && args.with.is_empty());
    let file = if is_first { args.scenarios.first() } else { args.scenarios.last() };
    let changes = with.map_or_else(Vec::new, |with| changes(with));
    let flag = |one: &String| match one.strip_prefix('-') {
        Some(path) => format!(" --unset {}", terminal::quoted(path)),
        None => format!(" --set {}", terminal::quoted(one)),
    };
    let set: Vec<String> = changes.iter().map(flag).collect();
    format!("knee run {}{}{}", terminal::quoted(file.map_or("", String::as_str)), args.scenario.said(), set.concat())
}

/// The assignments of one `--with`.
fn changes(with: &str) -> Vec<String> {
    with.split(';').map(|one| one.trim().to_owned()).filter(|one| !one.is_empty()).collect()
}

fn metric(text: &str) -> Result<Metric, String> {
    Metric::parse(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_names_are_told_apart() {
        let names = ["a", "b", "a", "a"].map(str::to_owned).to_vec();
        assert_eq!(unlike(names), ["a", "b", "a (2)", "a (3)"]);
        assert_eq!(stem("steps/01-one-server.toml"), "01-one-server");
    }
}
