//! The knee of a curve: where throughput over latency, called power, is greatest.

use super::results::{Knee, SweepPoint, SweepResults, best};
use crate::model::{Metric, Percentile};
use crate::stats::mean_interval;

/// The best knee, and with several axes all of them. There is none in the middle of a sweep, nor along words.
pub(super) fn knees(sweep: &SweepResults) -> (Option<Knee>, Option<Vec<Knee>>) {
    let is_ordered = sweep.axis.first().is_some_and(|axis| axis.ordered);
    let curves = if is_ordered && !sweep.is_interrupted() { sweep.curves() } else { Vec::new() };
    let all: Vec<Knee> = curves.into_iter().filter_map(of_curve).collect();
    let greatest = all.iter().max_by(|a, b| a.power().total_cmp(&b.power())).cloned();
    (greatest, (sweep.axis.len() > 1).then_some(all))
}

/// The point of greatest power, unless it has the least or the greatest value of all: then the curve bends outside
/// the sweep, or nowhere.
fn of_curve(mut curve: Vec<&SweepPoint>) -> Option<Knee> {
    curve.sort_by(|a, b| a.at[0].total_cmp(&b.at[0]));
    let best = best(curve.iter().copied())?;
    let inside = |beyond: fn(f64, f64) -> bool| curve.iter().any(|point| beyond(point.at[0], best.at[0]));
    let is_inside = inside(|at, best| at < best) && inside(|at, best| at > best);
    is_inside.then(|| Knee { range: range(&curve, &best), ..best })
}

/// From where to where the neighbours' power cannot be told from that at the knee.
fn range(curve: &[&SweepPoint], knee: &Knee) -> Option<[f64; 2]> {
    let at = curve.iter().position(|point| point.at == knee.at)?;
    let own = powers(curve[at]);
    mean_interval(&own)?.1?;
    let alike = |point: &&&SweepPoint| is_alike(&own, &powers(point));
    let low = curve[..at].iter().rev().take_while(alike).last().unwrap_or(&curve[at]);
    let high = curve[at + 1..].iter().take_while(alike).last().unwrap_or(&curve[at]);
    Some([low.at[0], high.at[0]])
}

/// Whether the 95 % interval of the mean difference of logarithms has zero in it: replications are pairs, since both
/// points have the same customers.
fn is_alike(ours: &[f64], theirs: &[f64]) -> bool {
    let differences: Vec<f64> =
        ours.iter().zip(theirs).map(|(a, b)| libm::log(a / b)).filter(|difference| difference.is_finite()).collect();
    matches!(mean_interval(&differences), Some((mean, Some(half))) if mean.abs() <= half)
}

/// Throughput over mean latency in each replication, over all workloads.
fn powers(point: &SweepPoint) -> Vec<f64> {
    let result = &point.result;
    let values = |metric: Metric| {
        let sample = result.samples.iter().find(|sample| sample.metric == metric);
        sample.map_or(&[][..], |sample| sample.values.as_slice())
    };
    let of = |name: &String| {
        (values(Metric::Throughput(name.clone())), values(Metric::Latency(name.clone(), Percentile::Mean)))
    };
    let workloads: Vec<(&[f64], &[f64])> = result.workloads.keys().map(of).collect();
    let power = |replication: usize| {
        let (mut throughput, mut weighted) = (0.0, 0.0);
        for (rates, latencies) in &workloads {
            if let (Some(rate), Some(latency)) = (rates.get(replication), latencies.get(replication))
                && *rate > 0.0
            {
                throughput += rate;
                weighted += rate * latency;
            }
        }
        throughput * throughput / weighted
    };
    (0..result.scenario.replications as usize).map(power).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_in_every_pair_is_told_apart_however_the_pairs_vary() {
        let ours = [1.0, 2.0, 4.0, 8.0, 16.0];
        let a_tenth_more: Vec<f64> = ours.iter().map(|power| power * 1.1).collect();
        assert!(!is_alike(&ours, &a_tenth_more));
        assert!(is_alike(&ours, &[2.0, 1.0, 8.0, 4.0, 16.0]));
        assert!(!is_alike(&ours, &[]), "nothing says that they are alike");
    }
}
