//! The picture of a run: how long requests take beside how busy the stations are.

use super::panel::{Frame, draw};
use super::picture::{Anchor, Picture};
use super::why;
use crate::experiment::results::Results;
use crate::report::graph::color::GREY;
use crate::report::graph::run::{survival, tail_over_time, throughput_over_time, utilization};

/// Two panels, each a line per workload or station; two more over time, where there is a series.
pub(super) fn picture(results: &Results) -> Picture {
    let series = if results.series.is_empty() { 0.0 } else { 360.0 };
    let below = series + results.why.as_ref().map_or(0.0, why::height);
    let mut picture = Picture::new(960.0, 440.0 + below);
    picture.heading((24.0, 26.0), &results.scenario.title, 16.0);
    let row = |top: f64, left: f64, right: f64| Frame { left, top, width: 310.0, height: 250.0, right };
    draw(&mut picture, row(104.0, 70.0, 490.0), &survival(results));
    draw(&mut picture, row(104.0, 540.0, 952.0), &utilization(results));
    if !results.series.is_empty() {
        draw(&mut picture, row(464.0, 70.0, 490.0), &throughput_over_time(results));
        draw(&mut picture, row(464.0, 540.0, 952.0), &tail_over_time(results));
    }
    if let Some(why) = &results.why {
        why::draw(&mut picture, 440.0 + series, why);
    }
    let run = &results.scenario;
    let note = format!("{}: seed {}, {} replications, knee {}", run.file, run.seed, run.replications, run.version);
    picture.text((24.0, 424.0 + below), &note, GREY, Anchor::Start);
    picture
}
