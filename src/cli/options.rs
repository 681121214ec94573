//! Flags that several commands share.

use std::path::{Path, PathBuf};

use clap::ValueEnum;
use knee::experiment::Options;

use super::limits::LimitArgs;
use super::terminal::quoted;

/// What changes the scenario or how it is run.
#[derive(Debug, Default, clap::Args)]
#[command(next_help_heading = "Scenario")]
pub(crate) struct ScenarioArgs {
    /// Replace a value in the scenario, such as service.app.replicas=8; repeatable
    #[arg(long, value_name = "PATH=VALUE", value_parser = assignment)]
    set: Vec<String>,
    /// Take a key or a table out of the scenario, before values are replaced; repeatable
    #[arg(long, value_name = "PATH", value_parser = path)]
    unset: Vec<String>,
    /// Where the random numbers start: the same seed gives the same results
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// How many independent runs the estimates are made from
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    replications: Option<u32>,
    /// Measured time of each replication, such as 10min, or until-empty
    #[arg(long, value_name = "TIME")]
    duration: Option<String>,
    /// Time cut from the start of each replication, such as 100s, or auto
    #[arg(long, value_name = "TIME")]
    warm_up: Option<String>,
    /// How many threads work at once, at most four a core; changes no result [default: all cores]
    #[arg(long, value_name = "N", value_parser = threads)]
    pub(crate) threads: Option<usize>,
    /// Schedule an event for every departure, also where it could be computed on arrival; changes no result
    #[arg(long, hide = true)]
    pub(crate) every_departure: bool,
    #[command(flatten)]
    pub(crate) limits: LimitArgs,
}

impl ScenarioArgs {
    /// The flags as overrides, in the order in which they are applied: what is taken out, what is set, the others.
    pub(crate) fn overrides(&self) -> Vec<String> {
        let number = |key: &str, value: Option<u64>| value.map(|v| format!("run.{key}={v}"));
        let word = |key: &str, value: &Option<String>| value.as_ref().map(|v| format!("run.{key}={v}"));
        let flags = [
            number("seed", self.seed),
            number("replications", self.replications.map(u64::from)),
            word("duration", &self.duration),
            word("warm-up", &self.warm_up),
        ];
        let unset = self.unset.iter().map(|path| format!("-{path}"));
        unset.chain(self.set.iter().cloned()).chain(flags.into_iter().flatten()).collect()
    }
}

impl ScenarioArgs {
    /// How to run what a search or a comparison runs: with nothing kept beyond the estimates.
    pub(crate) fn options(&self) -> Options {
        let limits = self.limits.limits();
        Options { threads: self.threads, every_departure: self.every_departure, limits, ..Options::default() }
    }

    /// The flags that change the scenario as they are typed, each behind a blank: for commands to try next.
    pub(crate) fn said(&self) -> String {
        let unset = self.unset.iter().map(|path| ("unset", path.clone()));
        let set = unset.chain(self.set.iter().map(|set| ("set", set.clone())));
        let rest = [
            ("seed", self.seed.map(|seed| seed.to_string())),
            ("replications", self.replications.map(|count| count.to_string())),
            ("duration", self.duration.clone()),
            ("warm-up", self.warm_up.clone()),
        ];
        let rest = rest.into_iter().filter_map(|(flag, value)| Some((flag, value?)));
        let all = set.chain(rest).chain(self.limits.said());
        all.map(|(flag, value)| format!(" --{flag} {}", quoted(&value))).collect()
    }
}

/// What is said, in which form, and where it goes.
#[derive(Debug, Clone, Default, clap::Args)]
#[command(next_help_heading = "Output")]
pub(crate) struct OutputArgs {
    /// A text for people, json with everything for programs, or csv with a row per number
    #[arg(long, value_enum, default_value_t, value_name = "text|json|csv", hide_possible_values = true)]
    pub(crate) format: Form,
    /// Also write result.json, summary.txt, data.csv, the plots, and what else there is into this folder
    #[arg(long, value_name = "DIR")]
    pub(crate) output: Option<PathBuf>,
    /// Also draw the results, or with - here in the terminal
    #[arg(long, value_name = "FILE.svg|.png|-", value_parser = picture)]
    pub(crate) plot: Option<PathBuf>,
    /// Also write a page that shows everything, for a browser: one file that needs no network
    #[arg(long, value_name = "FILE.html", value_parser = page)]
    pub(crate) report: Option<PathBuf>,
    /// Print the results only: no warnings, hints or progress
    #[arg(long, short)]
    pub(crate) quiet: bool,
    /// Show no progress
    #[arg(long)]
    pub(crate) no_progress: bool,
}

impl OutputArgs {
    /// Whether to draw in the terminal.
    pub(crate) fn draws(&self) -> bool {
        self.plot.as_deref().is_some_and(|file| file == Path::new("-"))
    }

    /// The file of the picture.
    pub(crate) fn picture(&self) -> Option<&PathBuf> {
        self.plot.as_ref().filter(|_| !self.draws())
    }
}

/// The form of the results.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum Form {
    /// A summary for people
    #[default]
    Text,
    /// Everything, for programs
    Json,
    /// A row per number, for spreadsheets
    Csv,
}

fn assignment(text: &str) -> Result<String, String> {
    match text.split_once('=') {
        Some((path, value)) if !path.trim().is_empty() && !value.is_empty() => Ok(text.into()),
        _ => Err("write PATH=VALUE, such as service.app.replicas=8".into()),
    }
}

fn path(text: &str) -> Result<String, String> {
    match text.trim().is_empty() || text.contains('=') {
        true => Err("write PATH, such as workload.shoppers.timeout".into()),
        false => Ok(text.trim().into()),
    }
}

/// A number of threads, at most as many as are of use.
pub(crate) fn threads(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(0) | Err(_) => Err("write a whole number from 1, or leave the flag out".into()),
        Ok(threads) => Ok(usize::min(threads, most_threads())),
    }
}

/// More than a few threads a core only cost memory.
fn most_threads() -> usize {
    4 * std::thread::available_parallelism().map_or(1, usize::from)
}

fn picture(text: &str) -> Result<PathBuf, String> {
    let path = PathBuf::from(text);
    match path.extension().and_then(|e| e.to_str()) {
        Some("svg" | "png") => Ok(path),
        _ if text == "-" => Ok(path),
        _ => Err("write a file name that ends in .svg or .png, or - to draw here".into()),
    }
}

fn page(text: &str) -> Result<PathBuf, String> {
    let path = PathBuf::from(text);
    match path.extension().and_then(|e| e.to_str()) {
        Some("html" | "htm") => Ok(path),
        _ => Err("write a file name that ends in .html".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_are_assignments_after_set() {
        let args = ScenarioArgs {
            set: vec!["a.b=1".into(), "run.seed=5".into()],
            unset: vec!["a.c".into()],
            seed: Some(7),
            duration: Some("10min".into()),
            ..ScenarioArgs::default()
        };
        assert_eq!(args.said(), " --unset a.c --set a.b=1 --set run.seed=5 --seed 7 --duration 10min");
        assert_eq!(args.overrides(), ["-a.c", "a.b=1", "run.seed=5", "run.seed=7", "run.duration=10min"]);
    }

    #[test]
    fn values_are_checked() {
        assert!(path("a.b=1").is_err() && path("").is_err() && path("a.b[0]").is_ok());
        assert!(assignment("a.b").is_err() && assignment("=1").is_err());
        assert!(picture("a.jpg").is_err() && picture("a.svg").is_ok() && picture("-").is_ok());
        assert!(page("a.svg").is_err() && page("a.html").is_ok());
        assert!(threads("0").is_err() && threads("2").is_ok());
        assert_eq!(threads("1000000"), Ok(most_threads()));
    }
}
