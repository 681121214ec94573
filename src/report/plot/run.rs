//! The picture of a run: how long requests take beside how busy the stations are.

use super::panel::draw;
use super::picture::Picture;
use super::sheet::{cell, sheet};
use super::why;
use crate::experiment::results::Results;
use crate::report::graph::{Graph, run};
use crate::report::reading::named_shortly;

/// How long requests take beside how busy stations are; below, what happened over time where there is a series, and where
/// the time went where that is known.
pub(super) fn picture(results: &Results) -> Picture {
    let mut rows = vec![vec![latency(results), utilization(results)]];
    if !results.series.is_empty() {
        rows.push(vec![answered(results), tail(results)]);
    }
    rows.extend(results.why.iter().map(|why| vec![why::picture(why)]));
    let run = &results.scenario;
    let file = named_shortly(&run.file, &run.set);
    let note = format!("{file}: seed {}, {} replications, knee {}", run.seed, run.replications, run.version);
    sheet(&run.title, rows, &note)
}

/// How long requests take.
pub(in crate::report) fn latency(results: &Results) -> Picture {
    in_cell(&run::survival(results))
}

/// How busy stations are over time.
pub(in crate::report) fn utilization(results: &Results) -> Picture {
    in_cell(&run::utilization(results))
}

/// How much is answered over time.
pub(in crate::report) fn answered(results: &Results) -> Picture {
    in_cell(&run::throughput_over_time(results))
}

/// How long the slowest requests take over time.
pub(in crate::report) fn tail(results: &Results) -> Picture {
    in_cell(&run::tail_over_time(results))
}

fn in_cell(graph: &Graph) -> Picture {
    let (mut picture, frame) = cell();
    draw(&mut picture, frame, graph);
    picture
}
