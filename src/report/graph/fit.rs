//! A fit: what was measured, and what the law says.

use super::color::{Color, GREY, PALETTE};
use super::{Graph, Names, Scale, Series};
use crate::measure::{Findings, Times};
use crate::report::quantity::Kind;

/// Kinds of requests that are drawn: as many as are told apart.
const MOST: usize = 3;
/// Points of a line.
const POINTS: usize = 300;
/// So many times lower than the lowest line the axis begins.
const ROOM: f64 = 3.0;
/// Rarer requests than this are not drawn, however many there are.
const RAREST: f64 = 1e-5;

/// Survival functions on axes of logarithms, on which an exponential tail bends down and a power law is straight.
pub(crate) fn graph(findings: &Findings) -> Graph {
    let own = findings.operations.iter().filter_map(|share| Some((share.measured_as.as_str(), share.times.as_ref()?)));
    let mut kinds: Vec<(&str, &Times)> = own.take(MOST).collect();
    if kinds.is_empty() {
        kinds.extend(findings.times.as_ref().map(|times| ("measured", times)));
    }
    let drawn: Vec<Series> =
        kinds.iter().zip(PALETTE).flat_map(|((name, times), color)| lines(name, times, color)).collect();
    let heading = match findings.treated_as {
        "response" => "How long service takes, without the waiting",
        _ => "How long requests take",
    };
    let points = || drawn.iter().flat_map(|line| &line.points);
    let x = Scale::log(Kind::Time, points().map(|point| point.0));
    // Names are below the ends of lines.
    let least = points().map(|point| point.1).fold(1.0, f64::min);
    let y = Scale::log(Kind::Ratio, points().map(|point| point.1).chain([least / ROOM]));
    let graph = Graph::new([heading, "share of requests that take longer", "time"], (x, y), drawn);
    Graph { names: Names::BelowEnds, ..graph }
}

/// What was measured, and below it what was fitted.
fn lines(name: &str, times: &Times, color: Color) -> Vec<Series> {
    let measured: Vec<(f64, f64)> = match &times.points {
        Some(points) => {
            let shares = shares(points.count());
            shares.iter().map(|&share| (points.quantile(1.0 - share), share)).collect()
        }
        None => times.percentiles.iter().map(|&(share, time)| (time, 1.0 - share)).collect(),
    };
    let measured: Vec<(f64, f64)> = measured.into_iter().filter(|(time, share)| *time > 0.0 && *share > 0.0).collect();
    let least = measured.iter().map(|point| point.1).fold(1.0, f64::min);
    let fitted = times.best().map(|best| {
        let shares = shares(1.0 / least).into_iter().filter(|share| *share < 0.98);
        shares.filter_map(|share| Some((best.law.quantile(1.0 - share)?, share))).collect()
    });
    let line = |name: String, points: Vec<(f64, f64)>, color: Color, dashed: bool| {
        let points = points.into_iter().map(|(x, y)| (x, y, None)).collect();
        Series { name, color, joined: true, dashed, points }
    };
    let fitted = fitted.map(|points| line(format!("fitted: {}", times.chosen), points, GREY, true));
    std::iter::once(line(name.into(), measured, color, false)).chain(fitted).collect()
}

/// Shares from nearly all down to one of `count`, in equal ratios.
fn shares(count: f64) -> Vec<f64> {
    let last = libm::log((1.0 / count).max(RAREST));
    (1..=POINTS).map(|i| libm::exp(last * i as f64 / POINTS as f64)).filter(|share| *share < 0.98).collect()
}
