//! The pictures of a run: how long requests take, how busy the stations are, what happened over time, what it costs.

use super::panel::{Frame, Panel, Series};
use super::picture::{PALE, PALETTE, Picture};
use super::scale::Scale;
use super::sheet::{CELL, cell, in_rows, sheet};
use super::{cost, heat, over_time, theory, why};
use crate::experiment::results::Results;
use crate::report::quantity::Kind;

/// Shares below this are too rare for the curve to be smooth.
const RAREST: f64 = 1e-5;

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
    pictures.extend(results.why.iter().flat_map(why::pictures));
    let run = &results.scenario;
    let mut note = format!("{}: seed {}, {} replications, knee {}", run.file, run.seed, run.replications, run.version);
    if !results.series.is_empty() && run.replications > 1 {
        note += "; bands are 95 % confidence intervals";
    }
    sheet(&run.title, in_rows(pictures, 2), &note)
}

/// How long requests take.
pub(in crate::report) fn latency(results: &Results) -> Picture {
    let (mut picture, frame) = cell(CELL);
    survival(&mut picture, frame, results);
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

fn survival(picture: &mut Picture, frame: Frame, results: &Results) {
    let curves = &results.curves.survival;
    let seen = |&(t, share): &(f64, f64)| t > 0.0 && share >= RAREST;
    let points = || curves.iter().flat_map(|(_, points)| points).filter(|p| seen(p));
    // Before nearly every request is still unanswered there is nothing to see.
    let bend = || points().filter(|p| p.1 <= 0.98).map(|p| p.0);
    let lowest = points().map(|p| p.1).fold(0.01, f64::min);
    let x = Scale::log(Kind::Time, bend());
    let y = Scale::log(Kind::Ratio, [lowest, 1.0].into_iter());
    let says = ["How long requests take", "share of requests that take longer", "latency"];
    let mut panel = Panel::new(picture, frame, (x, y), says);
    panel.axes();
    for (index, (name, points)) in curves.iter().enumerate() {
        let points = points.iter().filter(|p| seen(p)).map(|&(t, share)| (t, share, None));
        panel.line(&series(name, index, points.collect()));
    }
    let from = bend().fold(f64::INFINITY, f64::min);
    let known = curves.iter().filter_map(|(name, _)| theory::survival(results, name, (from, lowest)));
    known.filter(|_| from.is_finite()).for_each(|line| panel.guide(&line));
    panel.finish_in_column();
}

/// A line in the colour of its index; beyond the palette, pale and without a name.
fn series(name: &str, index: usize, points: Vec<(f64, f64, Option<[f64; 2]>)>) -> Series {
    let color = PALETTE.get(index).copied();
    let name = if color.is_some() { name.to_owned() } else { String::new() };
    Series { name, color: color.unwrap_or(PALE), joined: true, dashed: false, points }
}
