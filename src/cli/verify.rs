//! `knee verify`: the models with known answers that the program carries with it.

use std::path::{Path, PathBuf};

use clap::ValueEnum;
use knee::experiment::verify::{Case, Verification, suite};
use knee::experiment::{self, Form as Length, VerifyResults};
use knee::report::{csv, json, markdown, terminal as text};

use super::limits::LimitArgs;
use super::options::{self, OutputArgs};
use super::{Exit, Failure, files, progress, terminal};

const EXAMPLES: &str = "\
Examples:
  knee verify                 every model whose answer is known, a line each
  knee verify A045 jackson    those whose names contain one of these, value by value
  knee verify --list          names, formulas and sources
  knee verify --long A001     with intervals of about 1 %

Of true values 5 % lie outside their 95 % intervals by chance: `?` marks them.
Exit code 1: a value is impossible, or more than 8 % of the whole suite miss.";

/// Simulate models whose answers are known, and compare.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Only the cases whose names contain one of these [default: all]
    #[arg(value_name = "NAME")]
    names: Vec<String>,
    /// Only list the cases, with formulas and sources
    #[arg(long)]
    list: bool,
    /// Every value, not only those that miss
    #[arg(long)]
    all: bool,
    /// Run long enough for intervals of about 1 %
    #[arg(long)]
    long: bool,
    /// How many threads work at once, at most four a core; changes no result [default: all cores]
    #[arg(long, value_name = "N", value_parser = options::threads)]
    threads: Option<usize>,
    #[command(flatten)]
    pub(super) limits: LimitArgs,
    /// A text for people, json or csv for programs, or markdown for a page with everything
    #[arg(long, value_enum, default_value_t, value_name = "text|json|csv|markdown", hide_possible_values = true)]
    format: Form,
    /// Also write result.json, summary.txt, data.csv and validation.md into this folder
    #[arg(long, value_name = "DIR")]
    output: Option<PathBuf>,
    /// Print the results only: no hints or progress
    #[arg(long, short)]
    quiet: bool,
    /// Show no progress
    #[arg(long)]
    no_progress: bool,
}

/// The form of the results.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum Form {
    /// A summary for people
    #[default]
    Text,
    /// Everything, for programs
    Json,
    /// A row per value, for spreadsheets
    Csv,
    /// A page
    Markdown,
}

/// Simulates the cases, and reports how many agree.
pub(crate) fn main(args: &Args) -> Result<Exit, Failure> {
    let all = suite().map_err(Failure::Other)?;
    let (family, count) = (all.iter().map(Case::expectations).sum(), all.len());
    let cases = chosen(all, &args.names)?;
    if args.list {
        return list(&cases);
    }
    if let Some(folder) = &args.output {
        files::folder(folder)?;
        files::prepare(&FILES.map(|name| folder.join(name)), &[])?;
    }
    let verification = Verification {
        whole: cases.len() == count,
        family,
        cases: &cases,
        form: if args.long { Length::Long } else { Length::Short },
        threads: args.threads,
        limits: args.limits.limits(),
    };
    let quiet = OutputArgs { quiet: args.quiet, no_progress: args.no_progress, ..OutputArgs::default() };
    let results = progress::watch(&quiet, "knee verify", |control| experiment::verify(&verification, control));
    report(args, &results)?;
    Ok(match results.agrees {
        _ if results.partial => Exit::Interrupted,
        true => Exit::Done,
        false => Exit::ObjectiveFailed,
    })
}

/// The cases whose names contain one of these; all if there are none.
fn chosen(cases: Vec<Case>, names: &[String]) -> Result<Vec<Case>, Failure> {
    let contains = |case: &Case, name: &String| case.name.to_lowercase().contains(&name.to_lowercase());
    if let Some(unknown) = names.iter().find(|name| !cases.iter().any(|case| contains(case, name))) {
        return Err(Failure::Usage(format!("no case is called {unknown}; `knee verify --list` names them")));
    }
    let is_chosen = |case: &Case| names.is_empty() || names.iter().any(|name| contains(case, name));
    Ok(cases.into_iter().filter(is_chosen).collect())
}

fn list(cases: &[Case]) -> Result<Exit, Failure> {
    let lines = cases.iter().map(|case| format!("{}\n    {}\n    {}\n", case.name, case.formula(), case.source()));
    terminal::print(&lines.collect::<String>())?;
    Ok(Exit::Done)
}

/// The files of a folder with what was found.
const FILES: [&str; 4] = ["result.json", "summary.txt", "data.csv", "validation.md"];

/// Writes and prints; the latter in any case, as other commands do.
fn report(args: &Args, results: &VerifyResults) -> Result<(), Failure> {
    let all = args.all || !args.names.is_empty();
    let written = args.output.as_deref().map_or(Ok(()), |folder| write(folder, results, all));
    let text = match args.format {
        Form::Text => Ok(text::verify(results, all, terminal::color())),
        Form::Json => json::object(results),
        Form::Csv => csv::verify(results),
        Form::Markdown => Ok(markdown::verify(results)),
    };
    terminal::print(&text.map_err(Failure::Other)?).and(written)?;
    match args.format == Form::Text && !args.quiet {
        true => terminal::print(&format!("\nnext: {}\n", next(args, results))),
        false => Ok(()),
    }
}

fn write(folder: &Path, results: &VerifyResults, all: bool) -> Result<(), Failure> {
    let texts = [
        json::object(results).map_err(Failure::Other)?,
        text::verify(results, all, false),
        csv::verify(results).map_err(Failure::Other)?,
        markdown::verify(results),
    ];
    let files = FILES.iter().zip(texts).map(|(name, text)| (folder.join(name), text.into_bytes()));
    files::write(&files.collect::<Vec<_>>())
}

/// What to try next: what misses, for longer; or whatever was not done yet.
fn next(args: &Args, results: &VerifyResults) -> String {
    let misses = |case: &&experiment::VerifiedCase| case.values.iter().any(|value| !value.agrees);
    let impossible = |case: &&experiment::VerifiedCase| case.values.iter().any(|value| !value.possible);
    let worst = results.cases.iter().find(impossible).or_else(|| results.cases.iter().find(misses));
    match worst {
        Some(case) if !args.long => format!("knee verify {} --long", case.name),
        _ if args.names.is_empty() => "knee verify --list".into(),
        _ => "knee verify".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_choose_by_what_they_contain() {
        let names = |names: &[&str]| {
            let names: Vec<String> = names.iter().map(|name| (*name).into()).collect();
            let cases = chosen(suite().unwrap(), &names)?;
            Ok::<_, Failure>(cases.into_iter().map(|case| case.name).collect::<Vec<_>>())
        };
        assert_eq!(names(&["a001", "JACKSON"]).unwrap(), ["A001-mm1", "A042-jackson"]);
        assert_eq!(names(&[]).unwrap().len(), suite().unwrap().len());
        assert!(matches!(names(&["nobody"]), Err(Failure::Usage(message)) if message.contains("nobody")));
    }
}
