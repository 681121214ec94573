//! By how much each metric of a comparison changes: a bar for each interval.

use super::super::ink::{Ink, Tone};
use super::super::{WIDTH, shortened, wrap};
use super::canvas::Canvas;
use super::chart::below;
use crate::experiment::results::{Change, CompareResults};
use crate::report::graph::Scale;
use crate::report::graph::color::GREY;
use crate::report::graph::compare::{color, said, shares};
use crate::report::quantity::Kind;

/// Columns of the name of a metric, of the bars, and of what is said of them.
const NAME: usize = 27;
const BARS: usize = 36;
const SAID: usize = WIDTH - NAME - BARS - 3;

/// The metrics of one change, one below the other.
pub(super) fn draw(results: &CompareResults, change: &Change, ink: Ink) -> String {
    let shown = shares(change);
    let name = |index: usize| results.steps.get(index).map_or("", |step| step.name.as_str());
    let heading = wrap(&format!("{} against {}", name(change.to), name(change.from)), 2);
    let mut text: String = heading.lines().map(|line| ink.paint(Tone::Head, line) + "\n").collect();
    if shown.is_empty() {
        return text + "nothing there can be drawn as a share of what it was\n";
    }
    let scale = scale(shown.iter().map(|(_, share)| *share));
    let column = |value: f64| (scale.place(value).unwrap_or(0.0).clamp(0.0, 1.0) * (BARS - 1) as f64).round() as usize;
    for (difference, (value, interval)) in shown {
        let color = color(difference);
        let mut bar = Canvas::new(BARS + 1 + SAID, 1);
        bar.back(column(0.0), 0, '│', GREY);
        if let Some(ends) = interval {
            let [a, b] = ends.map(column);
            let (low, high) = (a.min(b), a.max(b));
            (low..=high).for_each(|at| bar.text(at, 0, "─", color));
            bar.text(low, 0, "├", color);
            bar.text(high, 0, "┤", color);
        }
        bar.text(column(value), 0, "●", color);
        bar.text(BARS + 1, 0, &said(value, difference), color);
        let metric = shortened(&difference.metric, NAME);
        text += format!("{metric:NAME$} {}", bar.lines(ink).concat()).trim_end();
        text.push('\n');
    }
    let [axis, labels] = below(&scale, BARS);
    let lead = " ".repeat(NAME + 1);
    text + &format!(
        "{lead}{axis}\n{lead}{labels}\n{lead}{}\n",
        ink.paint(Tone::Dim, "change, as a share of what it was")
    )
}

/// All intervals and what did not change, with some room.
fn scale(shares: impl Iterator<Item = (f64, Option<[f64; 2]>)>) -> Scale {
    let all: Vec<f64> = shares.flat_map(|(value, ci)| [value].into_iter().chain(ci.into_iter().flatten())).collect();
    let (low, high) = all.iter().fold((0.0_f64, 0.0_f64), |(low, high), &value| (low.min(value), high.max(value)));
    let room = 0.05 * (high - low).max(0.001);
    Scale::linear(Kind::Ratio, all.into_iter()).exactly(low - room, high + room)
}
