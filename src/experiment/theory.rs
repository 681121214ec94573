//! Where a station is a model that theory has solved: what theory says, beside the simulation.
//!
//! A station is recognized only if all that comes to it is known exactly: every visit, of every
//! workload, is the first thing on a request's way that can make it wait. Splitting, merging and
//! delaying Poisson streams leaves them Poisson, so draws and delays before the visit are allowed.
//! What cannot be recognized is left alone. Predictions are of the steady state: there are none
//! where a run is not meant to show it.

mod heads;
mod solve;
mod station;

pub(super) use station::looks_at;

use super::results::{Estimate, Results, StationResult, TheoryLine};
use crate::model::{Horizon, Model, WarmUp};

/// What theory says about one quantity of one station.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Prediction {
    /// The station.
    pub(super) station: String,
    /// The model, in Kendall's notation: `M/M/4/10`, `M/G/1-PS`, `M/M/1//20`.
    pub(super) model: String,
    /// What is predicted.
    pub(super) quantity: Quantity,
    /// By the formula, in seconds, requests per second, or as a number.
    pub(super) predicted: f64,
    /// By a formula that is near, not exact.
    pub(super) approximate: bool,
}

/// What theory speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Quantity {
    /// Mean response time of those who are served, in seconds.
    ResponseMean,
    /// 99th percentile of the response time, in seconds.
    ResponseP99,
    /// Mean waiting time of those who are served, in seconds.
    WaitMean,
    /// Share of those served who have to wait.
    WaitProbability,
    /// Mean number waiting or in service.
    InSystem,
    /// Share of the servers' time spent serving.
    Utilization,
    /// Completions per second.
    Throughput,
    /// Share of arrivals turned away.
    RejectedRatio,
    /// Share of arrivals that run out of patience.
    AbandonedRatio,
}

impl Quantity {
    /// Its name in results.
    pub(super) fn name(self) -> &'static str {
        match self {
            Quantity::ResponseMean => "response-mean-s",
            Quantity::ResponseP99 => "response-p99-s",
            Quantity::WaitMean => "wait-mean-s",
            Quantity::WaitProbability => "wait-probability",
            Quantity::InSystem => "in-system",
            Quantity::Utilization => "utilization",
            Quantity::Throughput => "throughput",
            Quantity::RejectedRatio => "rejected-ratio",
            Quantity::AbandonedRatio => "abandoned-ratio",
        }
    }

    fn simulated(self, station: &StationResult, time: f64) -> Estimate {
        match self {
            Quantity::ResponseMean => station.response.mean,
            Quantity::ResponseP99 => station.response.p99.unwrap_or_default(),
            Quantity::WaitMean => station.wait.mean,
            Quantity::WaitProbability => station.wait.probability.unwrap_or_default(),
            Quantity::InSystem => station.in_system,
            Quantity::Utilization => station.utilization,
            Quantity::Throughput => station.throughput,
            Quantity::RejectedRatio => lost(station.rejected, station.throughput, time),
            Quantity::AbandonedRatio => lost(station.abandoned, station.throughput, time),
        }
    }
}

/// All that theory says about the stations of a model.
pub(super) fn predictions(model: &Model) -> Vec<Prediction> {
    if !shows_steady_state(model) {
        return Vec::new();
    }
    all(model).collect()
}

/// Those that are exact, whatever the run is meant to show.
pub(super) fn predictions_of_stations(model: &Model) -> Vec<Prediction> {
    all(model).filter(|prediction| !prediction.approximate).collect()
}

fn all(model: &Model) -> impl Iterator<Item = Prediction> {
    station::known(model).into_iter().flat_map(|station| predict(&station))
}

/// Whether a run begins with a warm-up, ends at a time, and nothing happens in between: otherwise its beginning or end or
/// what happens is what it is about.
pub(super) fn shows_steady_state(model: &Model) -> bool {
    let nothing_happens = model.timeline.is_empty() && !model.groups.iter().any(|group| group.special.crashes);
    let settles = matches!(model.horizon, Horizon::Ticks(_)) && model.warm_up != WarmUp::Ticks(0);
    nothing_happens && settles && model.observe_at.is_empty()
}

fn predict(station: &station::Station<'_>) -> Vec<Prediction> {
    let Some(solution) = solve::solve(station) else {
        return Vec::new();
    };
    let finite = solution.values.into_iter().filter(|(_, value)| value.is_finite());
    let line = |(quantity, predicted)| Prediction {
        station: station.group.name(),
        model: solution.model.clone(),
        quantity,
        predicted,
        // What is served, and how busy that keeps the servers, follows from what comes.
        approximate: solution.approximate && !matches!(quantity, Quantity::Utilization | Quantity::Throughput),
    };
    finite.map(line).collect()
}

/// Sets the simulation beside the predictions.
///
/// They agree within two half-widths of the 95 % interval plus 0.1 %; what was not simulated, or
/// not often enough to tell, is left out.
///
/// Half-widths tell nothing where all replications are the same because nobody happened to wait: see [`nobody_waited`].
pub(super) fn compare(predictions: &[Prediction], results: &Results) -> Vec<TheoryLine> {
    let time = results.scenario.duration_s * f64::from(results.scenario.replications);
    let line = |prediction: &Prediction| {
        let station = results.stations.get(&prediction.station)?;
        let simulated = prediction.quantity.simulated(station, time);
        let [within, agrees] = [1.0, 2.0].map(|halves| is_within(halves, prediction.predicted, simulated));
        let served = station.throughput.value.unwrap_or(0.0) * time;
        let tells = simulated.value.is_some() && (agrees || !nobody_waited(prediction, predictions, simulated, served));
        tells.then(|| TheoryLine {
            station: prediction.station.clone(),
            model: prediction.model.clone(),
            quantity: prediction.quantity.name().to_string(),
            predicted: prediction.predicted,
            simulated: simulated.value,
            agrees,
            near: agrees && !within,
            approximate: prediction.approximate,
        })
    };
    predictions.iter().filter_map(line).collect()
}

/// Of fewer customers than this who are expected to wait, chance may leave none: e⁻¹⁰, about 1 in 22,000, if they are
/// independent, is as unlikely as a mean four standard deviations off.
const SELDOM: f64 = 10.0;

/// Whether a quantity is what it would be without waiting, exactly and in all replications, where no more than a few of
/// all that were served were expected to wait.
fn nobody_waited(prediction: &Prediction, all: &[Prediction], simulated: Estimate, served: f64) -> bool {
    let other = |quantity| {
        let mut own = all.iter().filter(|other| other.station == prediction.station);
        own.find(|other| other.quantity == quantity).map(|other| other.predicted)
    };
    let (Some(wait), Some(response)) = (other(Quantity::WaitMean), other(Quantity::ResponseMean)) else {
        return false;
    };
    let without = match prediction.quantity {
        Quantity::WaitMean | Quantity::ResponseMean => prediction.predicted - wait,
        Quantity::WaitProbability => 0.0,
        _ => return false,
    };
    // Who waits, waits about as long as a service takes.
    let share = other(Quantity::WaitProbability).unwrap_or(wait / response);
    let same = simulated.value.is_some_and(|value| (value - without).abs() <= SLACK * without.abs());
    same && half_width(simulated) == 0.0 && served * share < SELDOM
}

const SLACK: f64 = 1e-3;

/// Whether they differ by at most so many half-widths, but for what the resolution of a percentile makes.
fn is_within(halves: f64, predicted: f64, simulated: Estimate) -> bool {
    let Some(value) = simulated.value else {
        return false;
    };
    (value - predicted).abs() <= halves * half_width(simulated) + SLACK * predicted.abs()
}

fn half_width(estimate: Estimate) -> f64 {
    estimate.ci95.map_or(0.0, |[low, high]| (high - low) / 2.0)
}

/// The 97.5 % quantile of the normal law.
const Z: f64 = 1.96;

/// The share of arrivals lost, r = 1 − X / λ. Its half-width is at most what it has from the
/// throughput X, measured, plus what it has from the number n of Poisson arrivals: (1 − r) z / √n.
fn lost(count: Option<u64>, throughput: Estimate, time: f64) -> Estimate {
    let (Some(count), Some(served)) = (count, throughput.value) else {
        return Estimate::default();
    };
    let arrivals = count as f64 + served * time;
    if arrivals <= 0.0 {
        return Estimate::default();
    }
    let ratio = count as f64 / arrivals;
    let half = half_width(throughput) * time / arrivals + (1.0 - ratio) * Z / libm::sqrt(arrivals);
    Estimate { value: Some(ratio), ci95: throughput.ci95.map(|_| [ratio - half, ratio + half]) }
}

#[cfg(test)]
mod tests;
