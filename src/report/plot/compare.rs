//! The picture of a comparison: by how much each metric changes, with its interval.

use super::panel::{Frame, Panel, Series};
use super::picture::{Anchor, GREY, PALETTE, Picture};
use super::scale::Scale;
use crate::experiment::results::{Change, CompareResults, Difference};
use crate::report::quantity::Kind;

const TOP: f64 = 104.0;
const HEIGHT: f64 = 200.0;
const GAP: f64 = 104.0;
/// Changes that are drawn: the first ones.
const MOST: usize = 12;

/// A panel for each change: metrics side by side, how much they change as a share of what they were.
pub(super) fn picture(results: &CompareResults) -> Picture {
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
    let shown: Vec<&Difference> = change.differences.iter().filter(|difference| share(difference).is_some()).collect();
    let words: Vec<String> = shown.iter().map(|difference| difference.metric.clone()).collect();
    let points = |keep: fn(&Difference) -> bool| -> Vec<(f64, f64, Option<[f64; 2]>)> {
        let kept = shown.iter().enumerate().filter(move |(_, difference)| keep(difference));
        kept.filter_map(|(at, difference)| share(difference).map(|(value, ci)| (at as f64, value, ci))).collect()
    };
    let all = points(|_| true);
    let values = all.iter().flat_map(|&(_, value, ci)| [Some(value), ci.map(|ci| ci[0]), ci.map(|ci| ci[1])]);
    let values: Vec<f64> = values.flatten().chain([0.0]).collect();
    let name = |index: usize| results.steps.get(index).map_or("", |step| step.name.as_str());
    let heading = format!("{} against {}", name(change.to), name(change.from));
    let frame = Frame { left: 84.0, top, width: 700.0, height: HEIGHT, right: 892.0 };
    let scales = (Scale::words(&words), Scale::linear(Kind::Ratio, values.into_iter()));
    let mut panel = Panel::new(picture, frame, scales, [&heading, "change", ""]);
    panel.axes();
    let kinds: [(&str, fn(&Difference) -> bool); 4] = [
        ("better", |difference| difference.better == Some(true)),
        ("worse", |difference| difference.better == Some(false)),
        ("real", |difference| difference.real && difference.better.is_none()),
        ("within chance", |difference| !difference.real),
    ];
    let colors = [PALETTE[2], PALETTE[1], PALETTE[0], GREY];
    for ((name, keep), color) in kinds.into_iter().zip(colors) {
        let series = Series { name: name.into(), color, joined: false, dashed: false, points: points(keep) };
        if !series.points.is_empty() {
            panel.bars(&series);
            panel.line(&series);
        }
    }
    panel.finish();
}

/// The change as a share of what it was, and its interval.
fn share(difference: &Difference) -> Option<(f64, Option<[f64; 2]>)> {
    let was = difference.before.value.filter(|was| *was != 0.0)?;
    let change = &difference.difference;
    Some((change.value? / was, change.ci95.map(|ci| ci.map(|end| end / was))))
}
