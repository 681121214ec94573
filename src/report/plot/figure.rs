//! Figures of one's own: lines against a common axis, drawn like everything else here.

use super::panel::{Panel, Series};
use super::picture::{GREY, PALETTE, Picture, Point};
use super::scale::Scale;
use super::sheet::{CELL, WIDE, cell, sheet};
use crate::report::Kind;

/// Charts one above the other, with a common axis from left to right.
///
/// ```
/// use knee::report::Kind;
/// use knee::report::plot::{self, Axis, Chart, Figure, Format, Line};
/// let points = [1e3, 1e4, 1e5].map(|requests| (requests, 80e-9 + 1e-3 / requests)).to_vec();
/// let figure = Figure {
///     title: "What a request costs".into(),
///     x: Axis { name: "requests in a run (log scale)".into(), kind: Kind::Count, log: true },
///     charts: vec![Chart {
///         heading: "Time".into(),
///         y: Axis { name: "for each request".into(), kind: Kind::Time, log: false },
///         lines: vec![Line { name: "one queue".into(), points, dashed: false }],
///     }],
///     note: String::new(),
/// };
/// assert!(plot::figure(&figure, Format::Svg)?.starts_with(b"<svg"));
/// # Ok::<(), String>(())
/// ```
#[derive(Debug, Clone)]
pub struct Figure {
    /// Written above all charts.
    pub title: String,
    /// From left to right.
    pub x: Axis,
    /// From the top.
    pub charts: Vec<Chart>,
    /// Written below all charts: where the numbers are from.
    pub note: String,
}

/// One chart of a figure.
#[derive(Debug, Clone)]
pub struct Chart {
    /// What it shows.
    pub heading: String,
    /// From the bottom.
    pub y: Axis,
    /// The first six have colours and names.
    pub lines: Vec<Line>,
}

/// What an axis means.
#[derive(Debug, Clone)]
pub struct Axis {
    /// Written beside it.
    pub name: String,
    /// What its numbers are, hence their units.
    pub kind: Kind,
    /// Equal ratios are equally far apart: it has no place for 0.
    pub log: bool,
}

/// One line of a chart.
#[derive(Debug, Clone)]
pub struct Line {
    /// Written at its end.
    pub name: String,
    /// x and y, ascending in x.
    pub points: Vec<(f64, f64)>,
    /// Not measured: dashed, in grey.
    pub dashed: bool,
}

/// The whole page.
pub(super) fn picture(figure: &Figure) -> Picture {
    let size = if figure.charts.len() > 1 { (WIDE.0, 310.0) } else { WIDE };
    let rows = figure.charts.iter().map(|chart| vec![panel(figure, chart, size)]).collect();
    sheet(&figure.title, rows, &figure.note)
}

/// Each chart by itself.
pub(super) fn charts(figure: &Figure) -> Vec<Picture> {
    figure.charts.iter().map(|chart| panel(figure, chart, CELL)).collect()
}

fn panel(figure: &Figure, chart: &Chart, size: Point) -> Picture {
    let points = || chart.lines.iter().flat_map(|line| line.points.iter().copied());
    let all = figure.charts.iter().flat_map(|chart| &chart.lines).flat_map(|line| &line.points);
    let scales = (scale(&figure.x, all.map(|point| point.0)), scale(&chart.y, points().map(|point| point.1)));
    let (mut picture, frame) = cell(size);
    let mut panel = Panel::new(&mut picture, frame, scales, [&chart.heading, &chart.y.name, &figure.x.name]);
    panel.axes();
    let mut colors = PALETTE.into_iter();
    for line in &chart.lines {
        let color = if line.dashed { Some(GREY) } else { colors.next() };
        let Some(color) = color else { break };
        let points = line.points.iter().map(|&(x, y)| (x, y, None)).collect();
        panel.line(&Series { name: line.name.clone(), color, joined: true, dashed: line.dashed, points });
    }
    panel.finish();
    picture
}

fn scale(axis: &Axis, values: impl Iterator<Item = f64>) -> Scale {
    match axis.log {
        true => Scale::log(axis.kind, values),
        false => Scale::linear(axis.kind, values),
    }
}
