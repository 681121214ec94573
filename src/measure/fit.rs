//! The family that describes a sample best, if one does.

use serde::Serialize;

use super::family::{Family, REGISTRY};
use super::goodness::{Goodness, compare, p_value};
use super::sample::Points;
use crate::distribution::Law;

/// Fewer values than this support no choice among families.
pub const LEAST: f64 = 30.0;
/// Values that differ by less, as a share of their mean, are constant.
const STEADY: f64 = 1e-3;
/// A difference of Schwarz's criterion that is strong evidence.
const STRONG: f64 = 6.0;

/// A number, and its 95 % interval where there is one.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Number {
    /// The number.
    pub value: f64,
    /// The ends of the interval.
    pub ci95: Option<[f64; 2]>,
}

/// A parameter of a fitted family.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Fitted {
    /// Its key in the language; empty where there is none.
    pub name: &'static str,
    /// Whether it is a time, in seconds.
    pub is_time: bool,
    /// Its value.
    #[serde(flatten)]
    pub number: Number,
}

/// A family fitted to a sample.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Candidate {
    /// The family's word in the language.
    pub family: &'static str,
    /// Its parameters, in the order of the language.
    pub parameters: Vec<Fitted>,
    /// Akaike's criterion (1974): smaller is better.
    pub aic: Option<f64>,
    /// Schwarz's (1978), by which the family is chosen: it asks more of each parameter.
    pub bic: Option<f64>,
    /// How well it describes the sample.
    pub goodness: Goodness,
    /// The law itself.
    #[serde(skip)]
    pub law: Law,
}

/// All families that can be fitted, the best first: those that describe the sample before those that do not, then by
/// [`Candidate::bic`]. Of those less than 6 from the best, which is no strong evidence (Raftery 1995), the first in
/// [`REGISTRY`] is taken. A sample that does not vary is constant, and nothing else is tried.
///
/// ```
/// use knee::{distribution::Law, measure::{Points, candidates}, rng};
/// let law = Law::erlang(0.02, 3)?;
/// let mut random = rng::stream(1, 0, "values");
/// let values: Vec<f64> = (0..5000).map(|_| law.sample(&mut random)).collect();
/// let best = candidates(&Points::of(&values).unwrap()).swap_remove(0);
/// assert_eq!((best.family, best.parameters[1].number.value), ("erlang", 3.0));
/// # Ok::<(), String>(())
/// ```
pub fn candidates(points: &Points) -> Vec<Candidate> {
    if points.max() - points.min() <= STEADY * points.mean() {
        return constant(points).into_iter().collect();
    }
    let mut all: Vec<Candidate> = REGISTRY.iter().filter_map(|family| candidate(family, points)).collect();
    let least = |all: &[Candidate]| all.iter().map(rank).min_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
    let best = least(&all).and_then(|(is_bad, bic)| {
        all.iter().position(|candidate| rank(candidate).0 == is_bad && rank(candidate).1 < bic + STRONG)
    });
    let best = best.map(|index| all.remove(index));
    all.sort_by(|a, b| rank(a).0.cmp(&rank(b).0).then(rank(a).1.total_cmp(&rank(b).1)));
    all.splice(0..0, best);
    if let Some(best) = all.first_mut() {
        let family = REGISTRY.iter().find(|family| family.name == best.family);
        best.goodness.p_value = family.and_then(|family| p_value(points, family, &best.law));
    }
    all
}

/// Those that describe the sample first, then by the criterion.
fn rank(candidate: &Candidate) -> (bool, f64) {
    (!candidate.goodness.is_good, candidate.bic.unwrap_or(f64::INFINITY))
}

fn constant(points: &Points) -> Option<Candidate> {
    let law = Law::constant(points.mean()).ok()?;
    let exact = Goodness { ks: 0.0, anderson_darling: 0.0, p_value: None, errors: [0.0; 3], is_good: true };
    let number = Number { value: points.mean(), ci95: None };
    let parameters = vec![Fitted { name: "", is_time: true, number }];
    Some(Candidate { family: "constant", parameters, aic: None, bic: None, goodness: exact, law })
}

fn candidate(family: &'static Family, points: &Points) -> Option<Candidate> {
    let at = (family.fit)(points)?;
    let law = (family.law)(&at).ok()?;
    let likelihood = family.log_likelihood(&at, points);
    if !likelihood.is_finite() {
        return None;
    }
    let free = family.parameters.len() as f64;
    let intervals = intervals(family, &at, points);
    let parameters = family.parameters.iter().zip(&at).zip(intervals);
    Some(Candidate {
        family: family.name,
        parameters: parameters
            .map(|((parameter, &value), ci95)| Fitted {
                name: parameter.name,
                is_time: parameter.is_time,
                number: Number { value, ci95 },
            })
            .collect(),
        aic: Some(2.0 * free - 2.0 * likelihood),
        bic: Some(free * libm::log(points.count()) - 2.0 * likelihood),
        goodness: compare(points, &law),
        law,
    })
}

/// 95 % intervals by the curvature of the log-likelihood at its top (observed Fisher information; Efron and Hinkley 1978),
/// on the scale of logarithms, so that they stay above 0. Parameters in which it is not smooth have none.
fn intervals(family: &Family, at: &[f64], points: &Points) -> Vec<Option<[f64; 2]>> {
    let smooth: Vec<usize> = (0..at.len()).filter(|&index| family.parameters[index].is_smooth).collect();
    let shifted = |moves: &[(usize, f64)]| {
        let mut moved = at.to_vec();
        moves.iter().for_each(|&(index, by)| moved[index] *= libm::exp(by));
        family.log_likelihood(&moved, points)
    };
    let top = shifted(&[]);
    let curvature = |a: usize, b: usize| {
        const H: f64 = 1e-3;
        if a == b {
            return -(shifted(&[(a, H)]) - 2.0 * top + shifted(&[(a, -H)])) / (H * H);
        }
        let corner = |i: f64, j: f64| shifted(&[(a, i * H), (b, j * H)]);
        -(corner(1.0, 1.0) - corner(1.0, -1.0) - corner(-1.0, 1.0) + corner(-1.0, -1.0)) / (4.0 * H * H)
    };
    let variances: Vec<f64> = match *smooth.as_slice() {
        [a] => vec![1.0 / curvature(a, a)],
        [a, b] => {
            let (aa, bb, ab) = (curvature(a, a), curvature(b, b), curvature(a, b));
            let determinant = aa * bb - ab * ab;
            vec![bb / determinant, aa / determinant]
        }
        _ => Vec::new(),
    };
    let interval = |index: usize| {
        let place = smooth.iter().position(|&smooth| smooth == index)?;
        let reach = libm::exp(1.96 * libm::sqrt(variances[place]));
        reach.is_finite().then(|| [at[index] / reach, at[index] * reach])
    };
    (0..at.len()).map(interval).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng;

    fn drawn(law: &Law, count: usize, round: u64) -> Points {
        let mut random = rng::stream(7, round, "a sample");
        Points::of(&(0..count).map(|_| law.sample(&mut random)).collect::<Vec<f64>>()).unwrap()
    }

    fn fitted(family: &str, points: &Points) -> Candidate {
        let family = REGISTRY.iter().find(|other| other.name == family).unwrap();
        candidate(family, points).unwrap()
    }

    /// Each family with several parameters: the laws, and what should be found.
    fn cases() -> Vec<(&'static str, Law, Vec<f64>)> {
        let mut cases = vec![
            ("uniform", Law::uniform(0.001, 0.003).unwrap(), vec![0.001, 0.003]),
            ("uniform", Law::uniform(0.1, 9.0).unwrap(), vec![0.1, 9.0]),
        ];
        for mean in [2e-5, 0.003, 4.0] {
            cases.push(("exponential", Law::exponential(mean).unwrap(), vec![mean]));
        }
        for (mean, stages) in [(0.01, 2), (0.2, 5), (3.0, 40)] {
            cases.push(("erlang", Law::erlang(mean, stages).unwrap(), vec![mean, f64::from(stages)]));
        }
        for (mean, cv) in [(0.01, 0.55), (0.5, 0.8), (2.0, 1.7)] {
            cases.push(("gamma", Law::gamma(mean, cv).unwrap(), vec![mean, cv]));
        }
        for (mean, cv) in [(0.001, 0.2), (0.04, 1.0), (5.0, 3.0)] {
            cases.push(("lognormal", Law::lognormal_cv(mean, cv).unwrap(), vec![mean, cv]));
        }
        for (mean, shape) in [(0.01, 0.6), (0.3, 1.6), (7.0, 4.0)] {
            cases.push(("weibull", Law::weibull(mean, shape).unwrap(), vec![mean, shape]));
        }
        for (mean, cv) in [(0.01, 1.5), (0.3, 2.5), (7.0, 5.0)] {
            cases.push(("hyperexponential", Law::hyperexponential(mean, cv).unwrap(), vec![mean, cv]));
        }
        for (low, shape) in [(0.001, 1.2), (0.02, 2.5), (1.0, 6.0)] {
            cases.push(("pareto", Law::pareto_low(low, shape).unwrap(), vec![low, shape]));
        }
        for (low, high, shape) in [(0.001, 1.0, 0.8), (0.01, 0.5, 1.5), (1.0, 8.0, 2.0)] {
            cases.push(("bounded-pareto", Law::bounded_pareto(low, high, shape).unwrap(), vec![low, high, shape]));
        }
        cases
    }

    /// Within twice the interval of a smooth parameter; the ends of the range as near as so many values come to them.
    #[test]
    fn every_family_is_recognised_and_its_parameters_recovered() {
        for (family, law, expected) in cases() {
            let found = candidates(&drawn(&law, 5000, 0)).swap_remove(0);
            assert_eq!(found.family, family, "{law:?}");
            assert!(found.goodness.is_good, "{law:?}");
            for (parameter, expected) in found.parameters.iter().zip(expected) {
                let value = parameter.number.value;
                match parameter.number.ci95 {
                    Some([low, high]) => {
                        let reach = 2.0 * libm::log(high / low) / 2.0;
                        assert!(libm::log(value / expected).abs() < reach, "{law:?} {parameter:?}");
                        assert!(reach < 0.2, "{law:?} {parameter:?}");
                    }
                    None => assert!((value / expected - 1.0).abs() < 0.15, "{law:?} {parameter:?}"),
                }
            }
        }
    }

    /// 95 % intervals cover the truth in about 95 of 100 samples.
    #[test]
    fn intervals_cover_what_they_should() {
        for (family, law, expected) in cases() {
            let mut covered = vec![0; expected.len()];
            for round in 0..100 {
                let found = fitted(family, &drawn(&law, 400, round));
                for ((count, parameter), expected) in covered.iter_mut().zip(&found.parameters).zip(&expected) {
                    let within = |[low, high]: [f64; 2]| low <= *expected && *expected <= high;
                    *count += parameter.number.ci95.map_or(95, |ci| if within(ci) { 100 } else { 0 });
                }
            }
            // Heavy tails bend the likelihood: its curvature is worth less there.
            assert!(covered.iter().all(|count| (8600..=10_000).contains(count)), "{law:?} {covered:?}");
        }
    }

    /// Fisher's information of a Weibull law (Cohen 1965): var k̂ = 0.608 k²/n; of a lognormal one: var ln mean =
    /// σ²(1 + σ²/2)/n; of an exponential one: var ln mean = 1/n.
    #[test]
    fn intervals_are_those_of_theory() {
        let half = |number: Number| number.ci95.map(|[low, high]| libm::log(high / low) / 2.0 / 1.96).unwrap();
        let root = libm::sqrt(10_000.0);
        let close = |found: f64, theory: f64| assert!((found / theory - 1.0).abs() < 0.05, "{found} {theory}");
        let weibull = fitted("weibull", &drawn(&Law::weibull(0.1, 1.4).unwrap(), 10_000, 0));
        close(half(weibull.parameters[1].number), libm::sqrt(0.608) / root);
        let lognormal = fitted("lognormal", &drawn(&Law::lognormal_cv(0.1, 1.0).unwrap(), 10_000, 0));
        let variance = std::f64::consts::LN_2;
        close(half(lognormal.parameters[0].number), libm::sqrt(variance * (1.0 + variance / 2.0)) / root);
        let exponential = fitted("exponential", &drawn(&Law::exponential(0.1).unwrap(), 10_000, 0));
        close(half(exponential.parameters[0].number), 1.0 / root);
    }

    #[test]
    fn what_does_not_vary_is_constant_and_a_mixture_is_of_no_family() {
        assert_eq!(candidates(&Points::of(&[0.25; 40]).unwrap())[0].family, "constant");
        let arms = vec![(0.7, Law::gamma(0.001, 0.2).unwrap()), (0.3, Law::gamma(0.1, 0.2).unwrap())];
        let found = candidates(&drawn(&Law::mixture(arms).unwrap(), 5000, 0));
        assert!(found.iter().all(|candidate| !candidate.goodness.is_good));
    }

    /// Logs of whole milliseconds.
    #[test]
    fn rounding_does_not_spoil_a_fit() {
        let law = Law::lognormal_cv(0.04, 0.8).unwrap();
        let mut random = rng::stream(3, 0, "rounded");
        let values: Vec<f64> = (0..20_000).map(|_| (law.sample(&mut random) * 1e3).round() / 1e3).collect();
        let found = candidates(&Points::of(&values).unwrap()).swap_remove(0);
        assert!(found.goodness.is_good && found.family == "lognormal", "{found:?}");
        assert!((found.parameters[0].number.value / 0.04 - 1.0).abs() < 0.02);
    }
}
