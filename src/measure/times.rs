//! How long requests take: what was measured, and the law that describes it.

use serde::Serialize;

use super::coarse::{by_bins, by_percentiles, percentile};
use super::fit::{Candidate, LEAST, candidates};
use super::log::Log;
use super::sample::{Points, Sample};

/// What times were measured, and the law that describes them.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Times {
    /// How many.
    pub count: f64,
    /// Their mean, in seconds, and so on.
    pub mean_s: f64,
    /// Their coefficient of variation.
    pub cv: f64,
    /// Their median.
    pub p50_s: f64,
    /// Their 95th percentile.
    pub p95_s: f64,
    /// Their 99th percentile.
    pub p99_s: f64,
    /// What they are rounded to, if to much.
    pub rounded_to_s: Option<f64>,
    /// `values`, `bins` or `percentiles`.
    pub evidence: &'static str,
    /// The word of the family that is chosen, or `empirical` where none describes them.
    pub chosen: &'static str,
    /// All that were tried, the best first.
    pub candidates: Vec<Candidate>,
    /// The values themselves, where there are any.
    #[serde(skip)]
    pub points: Option<Points>,
    /// The percentiles that are known instead.
    #[serde(skip)]
    pub percentiles: Vec<(f64, f64)>,
}

impl Times {
    /// The family that is chosen; `None` where the values themselves are.
    pub fn best(&self) -> Option<&Candidate> {
        self.candidates.first().filter(|_| self.chosen != "empirical")
    }
}

/// Of a log, whose single values are these.
pub(super) fn times(log: &Log, sample: &Sample) -> Option<Times> {
    if let Some(summary) = &log.summary {
        let mut known = summary.percentiles.clone();
        known.sort_by(|a, b| a.0.total_cmp(&b.0));
        let all = by_percentiles(&known, summary.mean);
        return of_percentiles(known, summary.mean, all, "percentiles", summary.requests.unwrap_or(0) as f64);
    }
    if !log.bins.is_empty() {
        let total = log.bins.iter().map(|bin| bin.1).sum::<u64>() as f64;
        let mut share = 0.0;
        let known = log.bins.iter().map(|&(upper, count)| {
            share += count as f64 / total;
            (share, upper)
        });
        return of_percentiles(known.collect(), None, by_bins(&log.bins), "bins", total);
    }
    of_points(sample.points()?)
}

/// Of single values.
pub(super) fn of_points(points: Points) -> Option<Times> {
    let candidates = candidates(&points);
    let is_good = candidates.first().is_some_and(|best| best.goodness.is_good) && points.count() >= LEAST;
    Some(Times {
        count: points.count(),
        mean_s: points.mean(),
        cv: points.cv(),
        p50_s: points.quantile(0.5),
        p95_s: points.quantile(0.95),
        p99_s: points.quantile(0.99),
        rounded_to_s: points.resolution.filter(|_| points.is_rounded()),
        evidence: "values",
        chosen: candidates.first().filter(|_| is_good).map_or("empirical", |best| best.family),
        candidates,
        points: Some(points),
        percentiles: Vec::new(),
    })
}

/// Where there are no values to fall back on, the best family is taken, however good it is.
fn of_percentiles(
    known: Vec<(f64, f64)>,
    mean: Option<f64>,
    candidates: Vec<Candidate>,
    evidence: &'static str,
    count: f64,
) -> Option<Times> {
    // A law that no percentile can be held against is an invention.
    let best = candidates.first().filter(|best| best.goodness.errors.iter().any(|error| error.is_finite()))?;
    Some(Times {
        count,
        mean_s: mean.unwrap_or(best.law.mean()),
        cv: libm::sqrt(best.law.scv()),
        p50_s: percentile(&known, 0.5),
        p95_s: percentile(&known, 0.95),
        p99_s: percentile(&known, 0.99),
        rounded_to_s: None,
        evidence,
        chosen: best.family,
        candidates,
        points: None,
        percentiles: known,
    })
}
