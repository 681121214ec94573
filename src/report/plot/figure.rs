//! Figures of one's own: lines against a common axis, drawn like everything else here.

use super::picture::Picture;
use super::sheet::{WIDE, in_cell, sheet};
use crate::report::Kind;
use crate::report::graph::color::{GREY, PALETTE};
use crate::report::graph::{Graph, Scale, Series};

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

/// The whole page: charts one above the other.
pub(super) fn picture(figure: &Figure) -> Picture {
    let size = if figure.charts.len() > 1 { (WIDE.0, 310.0) } else { WIDE };
    let rows = figure.charts.iter().map(|chart| vec![in_cell(size, &graph(figure, chart))]).collect();
    sheet(&figure.title, rows, &figure.note)
}

fn graph(figure: &Figure, chart: &Chart) -> Graph {
    let points = || chart.lines.iter().flat_map(|line| line.points.iter().copied());
    let all = figure.charts.iter().flat_map(|chart| &chart.lines).flat_map(|line| &line.points);
    let scales = (scale(&figure.x, all.map(|point| point.0)), scale(&chart.y, points().map(|point| point.1)));
    let mut colors = PALETTE.into_iter();
    let mut lines = Vec::new();
    for line in &chart.lines {
        let color = if line.dashed { Some(GREY) } else { colors.next() };
        let Some(color) = color else { break };
        let points = line.points.iter().map(|&(x, y)| (x, y, None)).collect();
        lines.push(Series { name: line.name.clone(), color, joined: true, dashed: line.dashed, points });
    }
    Graph::new([&chart.heading, &chart.y.name, &figure.x.name], scales, lines)
}

fn scale(axis: &Axis, values: impl Iterator<Item = f64>) -> Scale {
    match axis.log {
        true => Scale::log(axis.kind, values),
        false => Scale::linear(axis.kind, values),
    }
}
