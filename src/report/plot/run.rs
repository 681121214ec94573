//! The pictures of a run: how long requests take, how busy the stations are, what happened over time, what it costs.

use super::panel::draw_with;
use super::picture::Picture;
use super::sheet::{CELL, cell, in_rows, sheet};
use super::{cost, heat, over_time, theory, why};
use crate::experiment::results::Results;
use crate::report::chosen::chosen;
use crate::report::graph::{self, Series};
use crate::report::reading::named_shortly;

/// How long requests take beside how busy stations are; below, whatever else there is to show.
pub(super) fn picture(results: &Results) -> Picture {
    let mut pictures = vec![latency(results), utilization(results)];
    if !results.series.is_empty() {
        pictures.extend([answered(results), tail(results)]);
    }
    pictures.push(queues(results));
    pictures.extend(errors(results));
    pictures.extend(busy_map(results));
    pictures.extend(costs(results));
    let shown = chosen(results);
    pictures.extend(results.why.iter().flat_map(|known| why::pictures(known, &shown)));
    let run = &results.scenario;
    let file = named_shortly(&run.file, &run.set);
    let mut note = format!("{file}: seed {}, {} replications, knee {}", run.seed, run.replications, run.version);
    if !results.series.is_empty() && run.replications > 1 {
        note += "; bands are 95 % confidence intervals";
    }
    if shown.len() < results.workloads.len() {
        note += &format!("; {} of {} workloads are drawn", shown.len(), results.workloads.len());
    }
    sheet(&run.title, in_rows(pictures, 2), &note)
}

/// How long requests take.
pub(in crate::report) fn latency(results: &Results) -> Picture {
    let (mut picture, frame) = cell(CELL);
    let graph = graph::run::survival(results);
    let shares = || graph.lines.iter().flat_map(|line| &line.points).map(|point| point.1);
    let from = graph.lines.iter().flat_map(|line| &line.points).filter(|p| p.1 <= 0.98).map(|p| p.0);
    let (from, lowest) = (from.fold(f64::INFINITY, f64::min), shares().fold(0.01, f64::min));
    let known = results.curves.survival.iter().filter(|_| from.is_finite());
    let known: Vec<Series> = known.filter_map(|(name, _)| theory::survival(results, name, (from, lowest))).collect();
    draw_with(&mut picture, frame, &graph, &known);
    picture
}

/// How busy stations are over time.
pub(in crate::report) fn utilization(results: &Results) -> Picture {
    over_time::utilization(results)
}

/// The same as a map, station by station; none where there are not two of them.
pub(in crate::report) fn busy_map(results: &Results) -> Option<Picture> {
    heat::picture(results)
}

/// How long lines are over time.
pub(in crate::report) fn queues(results: &Results) -> Picture {
    over_time::queues(results)
}

/// How much is answered over time.
pub(in crate::report) fn answered(results: &Results) -> Picture {
    over_time::answered(results)
}

/// How long the slowest requests take over time.
pub(in crate::report) fn tail(results: &Results) -> Picture {
    over_time::tail(results)
}

/// Errors over time by kind; none where there are none, or no windows of time.
pub(in crate::report) fn errors(results: &Results) -> Option<Picture> {
    over_time::errors(results)
}

/// What each component costs; none where nothing costs anything.
pub(in crate::report) fn costs(results: &Results) -> Option<Picture> {
    cost::picture(results)
}
