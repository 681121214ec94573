//! The picture of a sweep: latency and throughput against what was varied.

use super::panel::{Frame, draw};
use super::picture::{Anchor, Picture};
use crate::experiment::results::SweepResults;
use crate::report::graph::color::GREY;
use crate::report::graph::sweep::{drawn, latency, ordered, throughput};
use crate::report::reading;

/// Two panels over the same axis, one above the other.
pub(in crate::report) fn picture(sweep: &SweepResults) -> Picture {
    let mut picture = Picture::new(760.0, 680.0);
    let title = sweep.points.first().map_or("", |p| p.result.scenario.title.as_str());
    picture.heading((24.0, 26.0), title, 16.0);
    let frame = |top: f64, height: f64| Frame { left: 84.0, top, width: 530.0, height, right: 752.0 };
    let mut times = latency(sweep);
    // The panel below says what the axis of both is.
    times.says[2].clear();
    draw(&mut picture, frame(104.0, 280.0), &times);
    draw(&mut picture, frame(484.0, 120.0), &throughput(sweep));
    picture.text((24.0, 664.0), &note(sweep), GREY, Anchor::Start);
    picture
}

fn note(sweep: &SweepResults) -> String {
    sweep.points.first().map_or_else(String::new, |point| {
        let run = &point.result.scenario;
        let ran = format!(
            "{}: seed {}, {}",
            reading::named_shortly(&run.file, &run.set),
            run.seed,
            reading::replications(sweep)
        );
        let cut = if sweep.partial { ", interrupted" } else { "" };
        let how = if ordered(sweep) { "bands" } else { "bars" };
        let (all, drawn) = (sweep.curves().len(), drawn(sweep).len());
        let some = if drawn < all { format!("{drawn} of {all} curves; ") } else { String::new() };
        format!("{some}{ran}{cut}, knee {}; {how} are 95 % confidence intervals", run.version)
    })
}
