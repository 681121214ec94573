//! The picture of a fit: what was measured, and what the law says.

use super::figure::{self, Axis, Chart, Figure, Line};
use super::picture::Picture;
use crate::measure::{Findings, Times};
use crate::report::Kind;

/// Kinds of requests that are drawn: as many as have colours and are told apart.
const MOST: usize = 3;
/// Points of a line.
const POINTS: usize = 300;
/// Rarer requests than this are not drawn, however many there are.
const RAREST: f64 = 1e-5;

/// The page with it.
pub(super) fn picture(findings: &Findings) -> Picture {
    figure::picture(&figure(findings))
}

/// How long requests take: as measured, and as the fitted law says.
pub(in crate::report) fn tail(findings: &Findings) -> Vec<Picture> {
    figure::charts(&figure(findings))
}

/// One chart: survival functions on axes of logarithms, on which an exponential tail bends down and a power law is straight.
fn figure(findings: &Findings) -> Figure {
    let own = findings.operations.iter().filter_map(|share| Some((share.measured_as.as_str(), share.times.as_ref()?)));
    let mut kinds: Vec<(&str, &Times)> = own.take(MOST).collect();
    if kinds.is_empty() {
        kinds.extend(findings.times.as_ref().map(|times| ("measured", times)));
    }
    let files: Vec<&str> = findings.origin.files.iter().map(|file| file.0.as_str()).collect();
    let lines = kinds.iter().flat_map(|(name, times)| lines(name, times)).collect();
    let heading = match findings.treated_as {
        "response" => "How long service takes, without the waiting",
        _ => "How long requests take",
    };
    Figure {
        title: files.join(", "),
        x: Axis { name: "time".into(), kind: Kind::Time, log: true },
        charts: vec![Chart {
            heading: heading.into(),
            y: Axis { name: "share of requests that take longer".into(), kind: Kind::Ratio, log: true },
            lines,
        }],
        note: format!("{} requests; dashed: the law that was fitted", findings.origin.requests),
    }
}

/// What was measured, and below it what was fitted.
fn lines(name: &str, times: &Times) -> Vec<Line> {
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
    let measured = Line { name: name.into(), points: measured, dashed: false };
    let fitted = fitted.map(|points| Line { name: format!("fitted: {}", times.chosen), points, dashed: true });
    std::iter::once(measured).chain(fitted).collect()
}

/// Shares from nearly all down to one of `count`, in equal ratios.
fn shares(count: f64) -> Vec<f64> {
    let last = libm::log((1.0 / count).max(RAREST));
    (1..=POINTS).map(|i| libm::exp(last * i as f64 / POINTS as f64)).filter(|share| *share < 0.98).collect()
}
