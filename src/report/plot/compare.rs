//! The picture of a comparison: by how much each metric changes, with its interval.

use super::panel::{Frame, Panel};
use super::picture::{Anchor, Picture};
use crate::experiment::results::{Change, CompareResults, Difference};
use crate::report::graph::color::{Color, GREY, PALETTE};
use crate::report::graph::compare::{MOST, said, shares};
use crate::report::graph::{Place, Scale, Series};
use crate::report::quantity::Kind;

const TOP: f64 = 104.0;
const HEIGHT: f64 = 200.0;
const GAP: f64 = 104.0;

/// A panel for each change: metrics side by side, how much they change as a share of what they were.
pub(in crate::report) fn picture(results: &CompareResults) -> Picture {
    let changes: Vec<&Change> = results.changes.iter().take(MOST).collect();
    let mut picture = Picture::new(900.0, TOP + changes.len().max(1) as f64 * (HEIGHT + GAP) + 4.0);
    picture.heading((24.0, 26.0), "What changes, as a share of what it was", 16.0);
    for (index, change) in changes.iter().enumerate() {
        panel(&mut picture, TOP + index as f64 * (HEIGHT + GAP), results, change);
    }
    let bottom = picture.height - 16.0;
    let note = format!(
        "bars are 95 % confidence intervals of paired differences; {} tests together, real with 5 % error (Holm)",
        results.tests
    );
    picture.text((24.0, bottom), &note, GREY, Anchor::Start);
    picture
}

fn panel(picture: &mut Picture, top: f64, results: &CompareResults, change: &Change) {
    let shown = shares(change);
    let words: Vec<String> = shown.iter().map(|(difference, _)| difference.metric.clone()).collect();
    let values = shown.iter().map(|(_, share)| *share);
    let values = values.flat_map(|(value, ci)| [Some(value), ci.map(|ci| ci[0]), ci.map(|ci| ci[1])]);
    let values: Vec<f64> = values.flatten().chain([0.0]).collect();
    let name = |index: usize| results.steps.get(index).map_or("", |step| step.name.as_str());
    let heading = format!("{} against {}", name(change.to), name(change.from));
    let frame = Frame { left: 84.0, top, width: 700.0, height: HEIGHT, right: 892.0 };
    let mut panel = Panel::new(picture, frame, (Scale::words(&words), y_scale(&values)), [&heading, "change", ""]);
    panel.axes();
    panel.horizontal(0.0, "as it was");
    for (at, (difference, (value, ci))) in shown.into_iter().enumerate() {
        let color = color(difference);
        let points: Vec<Place> = vec![(at as f64, value, ci)];
        let top = ci.map_or(value, |[low, high]| low.max(high));
        let series = Series { name: String::new(), color, joined: false, dashed: false, points };
        panel.bars(&series);
        panel.line(&series);
        panel.remark((at as f64, top), &said(value, difference), color);
    }
    panel.finish();
}

/// Green for the better, vermilion for the worse, blue for what is neither.
fn color(difference: &Difference) -> Color {
    match (difference.real, difference.better) {
        (false, _) => GREY,
        (true, Some(true)) => PALETTE[2],
        (true, Some(false)) => PALETTE[1],
        (true, None) => PALETTE[0],
    }
}

/// With room above and below for what is said of points there.
fn y_scale(values: &[f64]) -> Scale {
    let (low, high) = values.iter().fold((f64::MAX, f64::MIN), |(low, high), &value| (low.min(value), high.max(value)));
    let room = 0.15 * (high - low).max(0.001);
    Scale::linear(Kind::Ratio, values.iter().copied()).exactly(low - room, high + room)
}
