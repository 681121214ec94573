//! Curves in the terminal, in dots of braille letters: the same lines as in pictures.

mod canvas;
mod chart;
mod intervals;
mod strokes;

use super::ink::Ink;
use crate::experiment::law::Answer;
use crate::experiment::results::{CapacityResults, CompareResults, OptimizeResults, Results, SweepResults};
use crate::measure::Findings;
use crate::report::graph;

/// Rows between the axes of a chart …
const ROWS: usize = 16;
/// … and of one among several.
const FEWER: usize = 11;

/// The share of requests slower than t and, if there is a series, p99 over time; with `color`, in ANSI colours.
pub fn run(results: &Results, color: bool) -> String {
    let survival = graph::run::survival(results);
    match results.series.is_empty() {
        true => chart::draw(&survival, ROWS, Ink(color)),
        false => several(&[survival, graph::run::tail_over_time(results)], color),
    }
}

/// Latency against what was varied; with `color`, in ANSI colours.
pub fn sweep(results: &SweepResults, color: bool) -> String {
    chart::draw(&graph::sweep::latency(results), ROWS, Ink(color))
}

/// What was measured at each value that a search for the capacity tried; with `color`, in ANSI colours.
pub fn capacity(results: &CapacityResults, color: bool) -> String {
    match &graph::capacity::graphs(results)[..] {
        [] => "no objective was measured: there is nothing to draw\n".into(),
        [one] => chart::draw(one, ROWS, Ink(color)),
        graphs => several(graphs, color),
    }
}

/// By how much each metric of a comparison changes, with its interval; with `color`, in ANSI colours.
pub fn compare(results: &CompareResults, color: bool) -> String {
    let changes = results.changes.iter().take(graph::compare::MOST);
    let drawn: Vec<String> = changes.map(|change| intervals::draw(results, change, Ink(color))).collect();
    drawn.join("\n")
}

/// Cost against latency of every configuration that was simulated; with `color`, in ANSI colours.
pub fn optimize(results: &OptimizeResults, color: bool) -> String {
    chart::draw(&graph::optimize::graph(results), ROWS, Ink(color))
}

/// The curve of a law; with `color`, in ANSI colours.
pub fn law(answer: &Answer, color: bool) -> String {
    chart::draw(&graph::law::page(answer).graph, ROWS, Ink(color))
}

/// The share of requests slower than t, as measured and as fitted; with `color`, in ANSI colours.
pub fn fit(findings: &Findings, color: bool) -> String {
    chart::draw(&graph::fit::graph(findings), ROWS, Ink(color))
}

fn several(graphs: &[graph::Graph], color: bool) -> String {
    let drawn: Vec<String> = graphs.iter().map(|graph| chart::draw(graph, FEWER, Ink(color))).collect();
    drawn.join("\n")
}

#[cfg(test)]
mod tests;
