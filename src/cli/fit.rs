//! `knee fit`: what was measured becomes a scenario.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use knee::diagnostic::printable;
use knee::measure::{self, About, Findings, Hints, Kind, Log};
use knee::report::toml::{Names, scenario};
use knee::report::{csv, json, samples, terminal as text};
use knee::units::Duration;

use super::files::Content;
use super::options::OutputArgs;
use super::output::Report;
use super::{Exit, Failure, files, output, terminal};

const EXAMPLES: &str = "\
Examples:
  knee fit access.log                        Apache, nginx or ALB, plain or .gz
  knee fit latencies.csv --unit ms           one number a line
  knee fit access.log --output measured      writes measured/scenario.toml
  knee fit k6.json --as response --servers 4
  knee run shop.toml --jobs jobs.csv && knee fit jobs.csv

Formats are recognised: common and combined access logs, AWS ALB, CSV of
latencies or of a histogram, k6, wrk, vegeta, hey, and knee run --jobs.";

/// Turn measured latencies, access logs or load-test results into a scenario
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Files to read, plain or .gz, or - for standard input
    #[arg(required = true, value_name = "LOG")]
    logs: Vec<String>,
    /// The format, where it is not recognised: common, combined, alb, csv, histogram, k6, wrk, vegeta, hey or jobs
    #[arg(long, value_name = "FORMAT", value_parser = format)]
    from: Option<String>,
    /// The unit of latencies in CSV and in access logs: ns, us, ms or s [default: as the header says, or s]
    #[arg(long, value_name = "UNIT", value_parser = unit)]
    unit: Option<f64>,
    /// What measured latencies are: service times, as at low load; or response times, from which the waiting in a line of
    /// --servers is taken off
    #[arg(long = "as", value_enum, default_value_t, value_name = "service|response", hide_possible_values = true)]
    treated: Treated,
    /// How many servers there were: requests at a time, over all replicas
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    servers: Option<u32>,
    /// How many operations to tell apart; the rest is one
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u32).range(1..=200))]
    operations: u32,
    /// Also write the arrivals, with their service times, for exact replay
    #[arg(long, value_name = "FILE.csv")]
    trace: Option<PathBuf>,
    /// Where to write measured times if no family describes them [with --output: latencies.csv in DIR]
    #[arg(long, value_name = "FILE.csv")]
    empirical: Option<PathBuf>,
    #[command(flatten)]
    output: OutputArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum Treated {
    /// Service times
    #[default]
    Service,
    /// Response times
    Response,
}

/// Reads everything, looks at it, and says and writes what was found.
pub(crate) fn main(args: &Args) -> Result<Exit, Failure> {
    if args.treated == Treated::Response && args.servers.is_none() {
        let advice = "add --servers N, or leave --as out";
        return Err(Failure::Usage(format!("--as response needs to know how many servers there were: {advice}")));
    }
    let inputs: Vec<PathBuf> = args.logs.iter().map(PathBuf::from).collect();
    output::prepare(&args.output, args.trace.iter().chain(&args.empirical).cloned().collect(), &inputs)?;
    let about = About {
        servers: args.servers,
        as_response: args.treated == Treated::Response,
        operations: args.operations as usize,
    };
    let findings = measure::findings(read(args)?, &about).map_err(Failure::Usage)?;
    if args.trace.is_some() && findings.trace.is_empty() {
        return Err(Failure::Usage("--trace: these data have no instants to replay".into()));
    }
    let names = names(args, &findings);
    let fit = Fit { findings, names };
    let made = made(args, &fit);
    // Only now their names are known.
    let all: Vec<PathBuf> = output::asked(&args.output).chain(made.iter().map(|file| file.0.clone())).collect();
    files::prepare(&all, &inputs)?;
    output::deliver(&fit, &args.output, &output::about(&args.output, &[], &[]), made)?;
    output::hint(&args.output, &next(args, &fit))?;
    Ok(Exit::Done)
}

/// What was found, and the files that the scenario names.
struct Fit {
    findings: Findings,
    names: Names,
}

impl Report for Fit {
    fn text(&self, color: bool) -> String {
        text::fit(&self.findings, &self.names, color)
    }

    fn json(&self) -> Result<String, String> {
        json::object(&self.findings)
    }

    fn csv(&self) -> Result<String, String> {
        csv::fit(&self.findings)
    }

    fn drawing(&self, color: bool) -> Result<String, String> {
        Ok(text::drawing::fit(&self.findings, color))
    }

    #[cfg(feature = "plot")]
    fn page(&self, about: &knee::report::About) -> Result<String, String> {
        Ok(knee::report::html::fit(&self.findings, &self.names, about))
    }

    #[cfg(feature = "plot")]
    fn picture(&self, file: &Path) -> Result<Vec<u8>, String> {
        knee::report::plot::fit(&self.findings, output::format(file))
    }
}

impl Fit {
    /// Files with measured times, for what no family describes: their names, and what is in them.
    fn empirical(&self) -> Vec<(String, String)> {
        let several = self.findings.operations.len() > 1;
        let own = self.findings.operations.iter().filter(|_| several);
        let own = own.filter_map(|share| Some((Some(share.name.as_str()), share.times.as_ref()?)));
        // What has too few values of its own takes those of all.
        let needed = !several || self.findings.operations.iter().any(|share| share.times.is_none());
        let all = self.findings.times.iter().filter(|_| needed).map(|times| (None, times));
        let empirical = all.chain(own).filter(|(_, times)| times.chosen == "empirical");
        let file = |(name, times): (Option<&str>, &measure::Times)| {
            Some((self.names.times(name), samples::times(times.points.as_ref()?)))
        };
        empirical.filter_map(file).collect()
    }
}

fn read(args: &Args) -> Result<Log, Failure> {
    let mut log = Log::default();
    for file in &args.logs {
        let mut lines = open(file)?;
        let mut reader =
            log.reader(&printable(file), args.from.as_deref(), Hints { unit: args.unit }).map_err(Failure::Usage)?;
        let mut buffer = Vec::new();
        while next_line(&mut lines, &mut buffer).map_err(|error| unreadable(file, &error))? {
            reader.line(&String::from_utf8_lossy(&buffer)).map_err(Failure::Usage)?;
        }
        reader.end().map_err(Failure::Usage)?;
    }
    Ok(log)
}

fn open(file: &str) -> Result<Box<dyn BufRead>, Failure> {
    if file == "-" {
        return Ok(Box::new(BufReader::new(io::stdin())));
    }
    let opened = File::open(file).map_err(|error| unreadable(file, &error))?;
    let is_zipped = Path::new(file).extension().is_some_and(|extension| extension == "gz");
    Ok(match is_zipped {
        true => Box::new(BufReader::new(flate2::read::MultiGzDecoder::new(BufReader::new(opened)))),
        false => Box::new(BufReader::new(opened)),
    })
}

/// Reads a line, without its end; false at the end of the file. A line without an end is broken where it is too long.
fn next_line(from: &mut Box<dyn BufRead>, into: &mut Vec<u8>) -> io::Result<bool> {
    const MOST: u64 = 8 << 20;
    into.clear();
    let read = from.by_ref().take(MOST).read_until(b'\n', into)?;
    while into.last().is_some_and(|byte| [b'\n', b'\r'].contains(byte)) {
        into.pop();
    }
    Ok(read > 0)
}

fn unreadable(file: &str, error: &io::Error) -> Failure {
    Failure::Usage(format!("cannot read {file}: {error}"))
}

fn format(text: &str) -> Result<String, String> {
    match measure::find(text) {
        Some(format) => Ok(format.name.to_owned()),
        None => {
            let known: Vec<&str> = measure::REGISTRY.iter().map(|format| format.name).collect();
            Err(format!("write one of {}", known.join(", ")))
        }
    }
}

fn unit(text: &str) -> Result<f64, String> {
    let known = ["ns", "us", "µs", "ms", "s"].contains(&text);
    Duration::parse(&format!("1{text}")).ok().filter(|_| known).map(|unit| unit.0).ok_or("write ns, us, ms or s".into())
}

/// What the files of the scenario are called: in a folder of its own, or where the user says.
fn names(args: &Args, findings: &Findings) -> Names {
    let without = |path: &Path| path.with_extension("").display().to_string();
    if args.output.output.is_some() {
        let bursty = findings.arrivals.as_ref().is_some_and(|found| found.kind == Kind::Bursty);
        let trace = (bursty || args.trace.is_some()).then(|| "arrivals.csv".to_owned());
        return Names { trace, is_exact: args.trace.is_some(), empirical: "latencies".into() };
    }
    Names {
        trace: args.trace.as_ref().map(|path| path.display().to_string()),
        is_exact: true,
        empirical: args.empirical.as_deref().map_or("latencies".into(), without),
    }
}

/// The files that a scenario needs, and in a folder the scenario: their paths, and what is in them.
fn made(args: &Args, fit: &Fit) -> Vec<Content> {
    let mut all: Vec<(PathBuf, String)> = Vec::new();
    all.extend(args.trace.clone().map(|path| (path, samples::trace(&fit.findings, true))));
    if let Some(folder) = &args.output.output {
        all.push((folder.join("scenario.toml"), scenario(&fit.findings, &fit.names)));
        if let Some(name) = &fit.names.trace {
            all.push((folder.join(name), samples::trace(&fit.findings, fit.names.is_exact)));
        }
        all.extend(fit.empirical().into_iter().map(|(name, text)| (folder.join(name), text)));
    } else if args.empirical.is_some() {
        all.extend(fit.empirical().into_iter().map(|(name, text)| (PathBuf::from(name), text)));
    }
    all.into_iter().map(|(path, text)| (path, text.into_bytes())).collect()
}

/// What to try next: run it, or write what it needs.
fn next(args: &Args, fit: &Fit) -> String {
    if let Some(folder) = &args.output.output {
        return format!("knee run {}", terminal::quoted(&folder.join("scenario.toml").display().to_string()));
    }
    let logs: Vec<String> = args.logs.iter().map(|log| terminal::quoted(log)).collect();
    let logs = logs.join(" ");
    match args.empirical.is_none() && !fit.empirical().is_empty() {
        true => format!("knee fit {logs} --empirical latencies.csv"),
        false => format!("knee fit {logs} --output measured"),
    }
}
