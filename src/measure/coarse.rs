//! Families fitted to less than single values: bins of a histogram, or a few percentiles.

use super::family::{Family, REGISTRY};
use super::fit::{Candidate, Fitted, Number};
use super::goodness::{CLOSE, Goodness, NEAR, SHARES};
use super::search::minimize;
use crate::distribution::Law;

/// Where the search for a second parameter begins.
const STARTS: [f64; 3] = [0.4, 1.1, 3.0];

/// Families fitted to bins, the best first: most likely given how many times are in each (grouped maximum likelihood, Kulldorff
/// 1961). Bins are upper bounds in ascending order, and counts.
///
/// ```
/// use knee::{distribution::Law, measure::by_bins};
/// let law = Law::exponential(0.01)?;
/// let bounds = (1..=150).map(|i| f64::from(i) * 0.001);
/// let bins: Vec<(f64, u64)> = bounds.map(|x| (x, (1e6 * (law.cdf(x) - law.cdf(x - 0.001))) as u64)).collect();
/// let best = by_bins(&bins).swap_remove(0);
/// assert_eq!(best.family, "exponential");
/// assert!((best.parameters[0].number.value / 0.01 - 1.0).abs() < 0.03);
/// # Ok::<(), String>(())
/// ```
pub fn by_bins(bins: &[(f64, u64)]) -> Vec<Candidate> {
    let total = bins.iter().map(|bin| bin.1).sum::<u64>() as f64;
    let mut share = 0.0;
    let cumulative = bins.iter().map(|&(upper, count)| {
        share += count as f64 / total;
        (share, upper)
    });
    let known: Vec<(f64, f64)> = cumulative.collect();
    let loss = |law: &Law| {
        let mut below = 0.0;
        let bin = |&(upper, count): &(f64, u64)| {
            let through = law.cdf(upper);
            let inside = f64::max(through - below, 1e-12);
            below = through;
            -(count as f64 / total) * libm::log(inside)
        };
        bins.iter().map(bin).sum()
    };
    let filled = bins.iter().filter(|bin| bin.1 > 0).count();
    let mut all = fitted(&known, None, filled.saturating_sub(1), &loss, &|law| {
        let apart = |&(share, upper): &(f64, f64)| (law.cdf(upper) - share).abs();
        let ks = known.iter().map(apart).fold(0.0, f64::max);
        let is_near = ks <= f64::max(NEAR, 1.36 / libm::sqrt(total));
        (ks, is_near && SHARES.iter().all(|&(_, share)| is_within(&known, total, share, law)))
    });
    for (candidate, loss) in &mut all {
        let free = candidate.parameters.len() as f64;
        candidate.aic = Some(2.0 * free + 2.0 * total * *loss);
        candidate.bic = Some(free * libm::log(total) + 2.0 * total * *loss);
    }
    sorted(all)
}

/// Whether a law's percentile is in a bin where that of so many times may be.
fn is_within(known: &[(f64, f64)], total: f64, share: f64, law: &Law) -> bool {
    let spread = 1.96 * libm::sqrt(share * (1.0 - share) / total);
    let below = known.iter().rev().find(|point| point.0 < share - spread).map_or(0.0, |point| point.1);
    let above = known.iter().find(|point| point.0 >= share + spread).map_or(f64::INFINITY, |point| point.1);
    law.quantile(share).is_some_and(|own| (below * (1.0 - CLOSE)..=above * (1.0 + CLOSE)).contains(&own))
}

/// Families fitted to percentiles, and to the mean if it is known, the best first: the least squares of the logarithms.
/// Percentiles are shares and times.
///
/// ```
/// use knee::{distribution::Law, measure::by_percentiles};
/// let law = Law::lognormal_cv(0.02, 0.9)?;
/// let known = [0.5, 0.9, 0.95, 0.99].map(|share| (share, law.quantile(share).unwrap()));
/// let best = by_percentiles(&known, None).swap_remove(0);
/// assert_eq!(best.family, "lognormal");
/// assert!((best.parameters[1].number.value / 0.9 - 1.0).abs() < 1e-3);
/// # Ok::<(), String>(())
/// ```
pub fn by_percentiles(percentiles: &[(f64, f64)], mean: Option<f64>) -> Vec<Candidate> {
    let mut known: Vec<(f64, f64)> =
        percentiles.iter().copied().filter(|(share, time)| *share > 0.0 && *share < 1.0 && *time > 0.0).collect();
    known.sort_by(|a, b| a.0.total_cmp(&b.0));
    let off = |own: f64, measured: f64| libm::log(own / measured);
    let loss = |law: &Law| {
        let percentile = |&(share, time): &(f64, f64)| off(law.quantile(share).unwrap_or(f64::NAN), time).powi(2);
        known.iter().map(percentile).sum::<f64>() + mean.map_or(0.0, |mean| off(law.mean(), mean).powi(2))
    };
    let all = fitted(&known, mean, known.len() + usize::from(mean.is_some()), &loss, &|law| {
        let ks = known.iter().map(|&(share, time)| (law.cdf(time) - share).abs()).fold(0.0, f64::max);
        let error = |&(share, time): &(f64, f64)| (law.quantile(share).unwrap_or(f64::NAN) / time - 1.0).abs();
        (ks, known.iter().all(|percentile| error(percentile) <= CLOSE))
    });
    sorted(all)
}

/// Each family with the parameters of the least loss, and that loss: of those with no more parameters than `free`, which is
/// how many numbers there are to fit. `known` are shares and times; `judge` tells the greatest distance and whether it is
/// good enough.
fn fitted(
    known: &[(f64, f64)],
    mean: Option<f64>,
    free: usize,
    loss: &impl Fn(&Law) -> f64,
    judge: &impl Fn(&Law) -> (f64, bool),
) -> Vec<(Candidate, f64)> {
    let middle = known.iter().find(|(share, _)| *share >= 0.5).or(known.last());
    let Some(&(_, middle)) = middle.filter(|point| point.1 > 0.0) else { return Vec::new() };
    let candidate = |family: &&'static Family| {
        let (at, loss) = search(family, mean.unwrap_or(1.2 * middle), loss)?;
        let law = (family.law)(&at).ok()?;
        let (ks, is_good) = judge(&law);
        let errors = SHARES.map(|(_, share)| law.quantile(share).unwrap_or(f64::NAN) / percentile(known, share) - 1.0);
        let goodness = Goodness { ks, anderson_darling: f64::NAN, p_value: None, errors, is_good };
        let parameter = |(parameter, value): (&super::family::Parameter, f64)| Fitted {
            name: parameter.name,
            is_time: parameter.is_time,
            number: Number { value, ci95: None },
        };
        let parameters = family.parameters.iter().zip(at).map(parameter).collect();
        Some((Candidate { family: family.name, parameters, aic: None, bic: None, goodness, law }, loss))
    };
    let may_be = |family: &&&Family| family.by_percentiles && family.parameters.len() <= free;
    REGISTRY.iter().filter(may_be).filter_map(candidate).collect()
}

fn search(family: &Family, mean: f64, loss: &impl Fn(&Law) -> f64) -> Option<(Vec<f64>, f64)> {
    let value = |logs: &[f64]| {
        let at: Vec<f64> = logs.iter().map(|log| libm::exp(*log)).collect();
        (family.law)(&at).map_or(f64::INFINITY, |law| loss(&law))
    };
    let from = |second: f64| {
        let start: Vec<f64> = [mean, second].iter().take(family.parameters.len()).map(|x| libm::log(*x)).collect();
        minimize(&start, 0.3, value)
    };
    let best = STARTS.map(from).into_iter().min_by(|a, b| a.1.total_cmp(&b.1))?;
    best.1.is_finite().then(|| (best.0.iter().map(|log| libm::exp(*log)).collect(), best.1))
}

/// The time of a share between those that are known, on scales of logarithms; not a number beyond them.
pub(super) fn percentile(known: &[(f64, f64)], share: f64) -> f64 {
    let pair = known.windows(2).find(|pair| pair[0].0 <= share && share <= pair[1].0);
    let Some(&[(low, from), (high, to)]) = pair else {
        return known.iter().find(|point| (point.0 - share).abs() < 1e-9).map_or(f64::NAN, |point| point.1);
    };
    // Straight lines between these are Weibull laws.
    let depth = |share: f64| libm::log(-libm::log1p(-share.clamp(1e-12, 1.0 - 1e-12)));
    let part = if high > low { (depth(share) - depth(low)) / (depth(high) - depth(low)) } else { 0.0 };
    libm::exp(libm::log(from) + part * libm::log(to / from))
}

fn sorted(mut all: Vec<(Candidate, f64)>) -> Vec<Candidate> {
    // One parameter less is worth a little: percentiles carry no likelihood to weigh it by.
    let rank = |(candidate, loss): &(Candidate, f64)| (!candidate.goodness.is_good, candidate.bic.unwrap_or(*loss));
    all.sort_by(|a, b| rank(a).0.cmp(&rank(b).0).then(rank(a).1.total_cmp(&rank(b).1)));
    all.into_iter().map(|(candidate, _)| candidate).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_of_each_family_give_its_parameters_back() {
        let cases = [
            ("gamma", Law::gamma(0.01, 0.5).unwrap(), vec![0.01, 0.5]),
            ("lognormal", Law::lognormal_cv(0.3, 2.0).unwrap(), vec![0.3, 2.0]),
            ("weibull", Law::weibull(0.002, 0.6).unwrap(), vec![0.002, 0.6]),
            ("hyperexponential", Law::hyperexponential(1.0, 3.0).unwrap(), vec![1.0, 3.0]),
            ("pareto", Law::pareto_low(0.01, 2.2).unwrap(), vec![0.01, 2.2]),
        ];
        for (family, law, expected) in cases {
            let known = [0.5, 0.75, 0.9, 0.95, 0.99].map(|share| (share, law.quantile(share).unwrap()));
            let best = by_percentiles(&known, Some(law.mean())).swap_remove(0);
            assert_eq!(best.family, family);
            for (parameter, expected) in best.parameters.iter().zip(expected) {
                assert!((parameter.number.value / expected - 1.0).abs() < 1e-3, "{best:?}");
            }
            assert!(best.goodness.is_good && best.goodness.errors.iter().all(|error| error.abs() < 1e-3));
        }
        assert!(by_percentiles(&[], None).is_empty());
        assert!(by_bins(&[]).is_empty() && by_bins(&[(0.0, 3)]).is_empty());
    }

    #[test]
    fn between_percentiles_time_grows_as_an_exponential_law_s() {
        let law = Law::exponential(1.0).unwrap();
        let known = [0.5, 0.9, 0.99].map(|share| (share, law.quantile(share).unwrap()));
        assert!((percentile(&known, 0.95) / law.quantile(0.95).unwrap() - 1.0).abs() < 0.02);
        assert!(percentile(&known, 0.999).is_nan() && percentile(&known, 0.1).is_nan());
    }
}
