//! Reports: one HTML page each, which shows everything, needs nothing but itself, and can be kept, sent and printed.
//!
//! The pictures are those of [`plot`](crate::report::plot); on a page their lines tell their numbers and can be hidden.
//! Whatever came from a scenario is text: it is escaped, and nothing that a page contains is fetched from anywhere.

mod answers;
mod drawing;
mod markup;
mod numbers;
mod page;
mod run;
mod tables;

use crate::experiment::Explanation;
use crate::experiment::law::Answer;
use crate::experiment::results::{CapacityResults, CompareResults, OptimizeResults, Results, SweepResults};
use crate::measure::Findings;
use crate::report::toml::Names;
use crate::report::{About, terminal};

/// The page of a run.
pub fn run(results: &Results, about: &About) -> String {
    let printed = terminal::run(results, false);
    page::page(run::page(results, about, &printed), about, &printed)
}

/// The page of a sweep.
pub fn sweep(results: &SweepResults, about: &About) -> String {
    let printed = terminal::sweep(results, false);
    page::page(answers::sweep(results, about, &printed), about, &printed)
}

/// The page of a search for the capacity.
pub fn capacity(results: &CapacityResults, about: &About) -> String {
    let printed = terminal::capacity(results, false);
    page::page(answers::capacity(results, about, &printed), about, &printed)
}

/// The page of a comparison.
pub fn compare(results: &CompareResults, about: &About) -> String {
    let printed = terminal::compare(results, false);
    page::page(answers::compare(results, about, &printed), about, &printed)
}

/// The page of a search for the cheapest configuration.
pub fn optimize(results: &OptimizeResults, about: &About) -> String {
    let printed = terminal::optimize(results, false);
    page::page(answers::optimize(results, about, &printed), about, &printed)
}

/// The page of what is known without a run.
pub fn explanation(explanation: &Explanation, about: &About) -> String {
    let printed = terminal::explanation(explanation, false);
    page::page(answers::explanation(explanation, &printed), about, &printed)
}

/// The page of what a law answers.
pub fn law(answer: &Answer, about: &About) -> String {
    let printed = terminal::law(answer, false);
    page::page(answers::law(answer, &printed), about, &printed)
}

/// The page of what was found in a log, and of the scenario that it becomes, which names these files.
pub fn fit(findings: &Findings, names: &Names, about: &About) -> String {
    let printed = terminal::fit(findings, names, false);
    page::page(answers::fit(findings, &printed), about, &printed)
}
