//! What a stream of arrivals is like: how often, how regular, whether it is a Poisson process, how its rate changes.

use serde::Serialize;

use super::fit::{Candidate, Number, candidates};
use super::goodness::{NEAR, kolmogorov_p_value};
use super::sample::Points;
use crate::numeric::normal_quantile;
use crate::stats::mean_interval;

/// Fewer arrivals than this support nothing but their rate.
const LEAST: usize = 100;
/// Windows of this many seconds in which arrivals are counted.
const WINDOWS: [f64; 6] = [0.1, 1.0, 10.0, 60.0, 600.0, 3600.0];
/// Least number of windows for an index of dispersion.
const FEW: f64 = 30.0;
/// Steps of a profile at most, and arrivals in each at least.
const STEPS: usize = 24;
const STEP: usize = 100;
/// Steps that differ by less, as a coefficient of variation, are no profile.
const FLAT: f64 = 0.05;
/// Interarrival times that vary by less are constant.
const REGULAR: f64 = 0.02;
/// A stream is no Poisson process if it were less likely than this to look as it does.
const REJECT: f64 = 0.01;

/// What kind of stream it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Memoryless, perhaps with a rate that changes.
    Poisson,
    /// One every so often.
    Constant,
    /// Independent interarrival times of another law.
    Renewal,
    /// None of these: only a trace replays it.
    Bursty,
    /// Too few to tell.
    Few,
}

/// How the rate changes, as a factor on the mean.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Profile {
    /// From each time on, in seconds.
    Steps(Vec<(f64, f64)>),
    /// By the hour of the day, in UTC.
    Hours(Vec<f64>),
}

/// The variance of the number of arrivals in a window over its mean: 1 for a Poisson process (Cox and Lewis 1966).
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Dispersion {
    /// The length of the windows.
    pub window_s: f64,
    /// The index.
    pub index: f64,
}

/// Whether spacings are those of a Poisson process: Lewis' test (1965) within each step of the rate, as Kim and Whitt (2014)
/// recommend.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct PoissonTest {
    /// Kolmogorov's distance of the transformed spacings from uniform ones.
    pub distance: f64,
    /// The probability of a distance at least as great.
    pub p_value: f64,
}

/// What a stream of arrivals is like.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Arrivals {
    /// How many.
    pub count: u64,
    /// From the first to the last.
    pub span_s: f64,
    /// Per second. The interval is by batch means over twenty parts, so that it allows for bursts; where the rate changes, by
    /// the dispersion within its steps.
    pub rate: Number,
    /// The coefficient of variation of interarrival times.
    pub interarrival_cv: f64,
    /// By the length of the window.
    pub dispersion: Vec<Dispersion>,
    /// Whether it is a Poisson process.
    pub poisson: Option<PoissonTest>,
    /// What instants are rounded to, if to more than is between two arrivals: then they were spread over it.
    pub rounded_to_s: Option<f64>,
    /// What kind of stream it is.
    pub kind: Kind,
    /// How the rate changes.
    pub profile: Option<Profile>,
    /// The law of the interarrival times of a renewal process.
    pub interarrival: Option<Candidate>,
}

/// Describes arrivals at these instants: seconds from the first, in ascending order. `first_s` is when that was, in seconds
/// since 1970, if it is known; `rounded_to_s` what they had been rounded to, if they were spread out.
///
/// ```
/// use knee::{distribution::Law, measure::{Kind, arrivals}, rng};
/// let (gap, mut random) = (Law::exponential(0.1)?, rng::stream(1, 0, "gaps"));
/// let mut now = 0.0;
/// let times: Vec<f64> = (0..5000).map(|_| { now += gap.sample(&mut random); now }).collect();
/// let found = arrivals(&times, None, None);
/// assert_eq!(found.kind, Kind::Poisson);
/// assert!((found.rate.value - 10.0).abs() < 0.5);
/// # Ok::<(), String>(())
/// ```
pub fn arrivals(times: &[f64], first_s: Option<f64>, rounded_to_s: Option<f64>) -> Arrivals {
    let span = times.last().zip(times.first()).map_or(0.0, |(last, first)| last - first);
    let gaps: Vec<f64> = times.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let rate = if span > 0.0 { gaps.len() as f64 / span } else { 0.0 };
    let mut found = Arrivals {
        count: times.len() as u64,
        span_s: span,
        rate: Number { value: rate, ci95: None },
        interarrival_cv: cv(&gaps),
        dispersion: Vec::new(),
        poisson: None,
        rounded_to_s,
        kind: Kind::Few,
        profile: None,
        interarrival: None,
    };
    if times.len() < LEAST || span <= 0.0 {
        return found;
    }
    let from_first: Vec<f64> = times.iter().map(|time| time - times[0]).collect();
    found.dispersion = WINDOWS.iter().filter_map(|&window| dispersion(&from_first, span, window)).collect();
    let step = span / steps(times.len()) as f64;
    found.profile = profile(&from_first, span, first_s);
    found.rate.ci95 = match found.profile {
        Some(_) => Some(around(rate, within(&from_first, span, steps(times.len())), span)),
        None => rate_interval(&from_first, span),
    };
    let length = if found.profile.is_some() { step } else { span };
    let test = lewis(&from_first, length);
    found.poisson = Some(test);
    found.kind = kind(&mut found.interarrival, &gaps, test, found.profile.is_some(), rounded_to_s.is_some());
    found
}

fn kind(law: &mut Option<Candidate>, gaps: &[f64], test: PoissonTest, changes: bool, rounded: bool) -> Kind {
    if cv(gaps) < REGULAR {
        return Kind::Constant;
    }
    if test.p_value >= REJECT || test.distance <= NEAR {
        return Kind::Poisson;
    }
    let positive: Vec<f64> = gaps.iter().copied().filter(|gap| *gap > 0.0).collect();
    if changes || rounded || correlation(gaps).abs() > 0.05 + 2.0 / libm::sqrt(gaps.len() as f64) {
        return Kind::Bursty;
    }
    let best = Points::of(&positive).and_then(|points| candidates(&points).into_iter().next());
    *law = best.filter(|best| best.goodness.is_good && positive.len() == gaps.len());
    if law.is_some() { Kind::Renewal } else { Kind::Bursty }
}

fn steps(count: usize) -> usize {
    (count / STEP).clamp(1, STEPS)
}

fn cv(values: &[f64]) -> f64 {
    let mean = values.iter().sum::<f64>() / values.len().max(1) as f64;
    let squares: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
    if mean > 0.0 { libm::sqrt(squares / values.len() as f64) / mean } else { 0.0 }
}

/// Of each gap with the next.
fn correlation(gaps: &[f64]) -> f64 {
    let mean = gaps.iter().sum::<f64>() / gaps.len().max(1) as f64;
    let squares: f64 = gaps.iter().map(|gap| (gap - mean) * (gap - mean)).sum();
    let products: f64 = gaps.windows(2).map(|pair| (pair[0] - mean) * (pair[1] - mean)).sum();
    if squares > 0.0 { products / squares } else { 0.0 }
}

/// How many arrivals are in each of so many equal parts of the span.
fn counts(times: &[f64], span: f64, parts: usize) -> Vec<f64> {
    let mut counts = vec![0.0; parts];
    for time in times {
        let part = (time / span * parts as f64) as usize;
        counts[part.min(parts - 1)] += 1.0;
    }
    counts
}

fn rate_interval(times: &[f64], span: f64) -> Option<[f64; 2]> {
    const PARTS: usize = 20;
    let rates: Vec<f64> = counts(times, span, PARTS).iter().map(|count| count * PARTS as f64 / span).collect();
    let (_, half) = mean_interval(&rates)?;
    let rate = (times.len() as f64 - 1.0) / span;
    half.map(|half| [(rate - half).max(0.0), rate + half])
}

/// Where the rate changes, only what is left within its steps is chance.
fn around(rate: f64, index: f64, span: f64) -> [f64; 2] {
    let half = 1.96 * libm::sqrt(index * rate / span);
    [(rate - half).max(0.0), rate + half]
}

fn dispersion(times: &[f64], span: f64, window_s: f64) -> Option<Dispersion> {
    let windows = libm::floor(span / window_s);
    if windows < FEW || (times.len() as f64) < windows || windows > 1e7 {
        return None;
    }
    let covered = windows * window_s;
    let inside = times.partition_point(|time| *time < covered);
    let counts = counts(&times[..inside], covered, windows as usize);
    Some(Dispersion { window_s, index: index(&counts) })
}

/// A day or more by the hour, otherwise equal steps; `None` where the rate does not change more than it would by chance.
fn profile(times: &[f64], span: f64, first_s: Option<f64>) -> Option<Profile> {
    let parts = steps(times.len());
    if parts < 4 || !changes(times, span, parts) {
        return None;
    }
    if let Some(hours) = first_s.and_then(|first| hours(times, span, first)) {
        return Some(Profile::Hours(hours));
    }
    let (counts, mean) = (counts(times, span, parts), times.len() as f64 / parts as f64);
    let step = |(index, count): (usize, f64)| (index as f64 * span / parts as f64, count / mean);
    Some(Profile::Steps(counts.into_iter().enumerate().map(step).collect()))
}

/// Whether counts of the steps vary more than those within a step do, by chi-square at 99.9 %.
fn changes(times: &[f64], span: f64, parts: usize) -> bool {
    let coarse = counts(times, span, parts);
    let freedom = parts as f64 - 1.0;
    cv(&coarse) > FLAT && index(&coarse) * freedom / within(times, span, parts).max(0.1) > chi_square(freedom)
}

/// The index of dispersion within steps, on average.
fn within(times: &[f64], span: f64, parts: usize) -> f64 {
    const FINE: usize = 10;
    let fine = counts(times, span, parts * FINE);
    fine.chunks(FINE).map(index).sum::<f64>() / parts as f64
}

/// The variance of counts over their mean.
fn index(counts: &[f64]) -> f64 {
    let (n, cv) = (counts.len() as f64, cv(counts));
    cv * cv * counts.iter().sum::<f64>() / (n - 1.0)
}

/// The 99.9 % quantile of chi-square (Wilson and Hilferty 1931).
fn chi_square(freedom: f64) -> f64 {
    let spread = 2.0 / (9.0 * freedom);
    let root = 1.0 - spread + normal_quantile(0.999) * libm::sqrt(spread);
    freedom * root * root * root
}

/// Factors by hour of the day, if the span covers at least half of every hour.
fn hours(times: &[f64], span: f64, first_s: f64) -> Option<Vec<f64>> {
    let hour = |time: f64| libm::floor((first_s + time) / 3600.0).rem_euclid(24.0) as usize;
    let (mut counts, mut covered) = ([0.0; 24], [0.0; 24]);
    times.iter().for_each(|&time| counts[hour(time)] += 1.0);
    let mut at = 0.0;
    while at < span {
        let next = ((libm::floor((first_s + at) / 3600.0) + 1.0) * 3600.0 - first_s).min(span);
        covered[hour((at + next) / 2.0)] += next - at;
        at = if next > at { next } else { span };
    }
    if covered.iter().any(|seconds| *seconds < 1800.0) {
        return None;
    }
    let mean = times.len() as f64 / span;
    Some(counts.iter().zip(covered).map(|(count, seconds)| count / seconds / mean).collect())
}

/// Given their number, arrivals of a Poisson process in an interval are uniform; Durbin's transformation of their spacings
/// (1961) is uniform too, and far from it if spacings are not exponential.
fn lewis(times: &[f64], length: f64) -> PoissonTest {
    let mut all: Vec<f64> = Vec::with_capacity(times.len());
    let mut from = 0;
    while from < times.len() {
        let part = libm::floor(times[from] / length);
        let upto = from + times[from..].partition_point(|time| libm::floor(time / length) == part);
        durbin(&times[from..upto], part * length, length, &mut all);
        from = upto.max(from + 1);
    }
    all.sort_by(f64::total_cmp);
    let n = all.len() as f64;
    let apart = |(index, u): (usize, &f64)| f64::max((index as f64 + 1.0) / n - u, u - index as f64 / n);
    let distance = all.iter().enumerate().map(apart).fold(0.0, f64::max);
    PoissonTest { distance, p_value: kolmogorov_p_value(distance, n) }
}

fn durbin(times: &[f64], start: f64, length: f64, into: &mut Vec<f64>) {
    let ends = times.iter().map(|time| (time - start) / length).chain([1.0]);
    let mut before = 0.0;
    let mut spacings: Vec<f64> = Vec::with_capacity(times.len() + 1);
    for end in ends {
        spacings.push(f64::max(end - before, 0.0));
        before = end;
    }
    spacings.sort_by(f64::total_cmp);
    let count = spacings.len() as f64;
    let (mut least, mut sum) = (0.0, 0.0);
    for (index, spacing) in spacings.iter().take(times.len()).enumerate() {
        sum += (count - index as f64) * (spacing - least);
        least = *spacing;
        into.push(sum);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distribution::Law;
    use crate::rng;

    fn stream(gap: &Law, count: usize, round: u64) -> Vec<f64> {
        let mut random = rng::stream(1, round, "stream");
        let mut now = 0.0;
        let next = |_| {
            now += gap.sample(&mut random);
            now
        };
        (0..count).map(next).collect()
    }

    #[test]
    fn kinds_are_recognised() {
        let kind = |law: Law| arrivals(&stream(&law, 5000, 0), None, None).kind;
        assert_eq!(kind(Law::exponential(0.01).unwrap()), Kind::Poisson);
        assert_eq!(kind(Law::constant(0.01).unwrap()), Kind::Constant);
        assert_eq!(kind(Law::erlang(0.01, 3).unwrap()), Kind::Renewal);
        assert_eq!(kind(Law::hyperexponential(0.01, 3.0).unwrap()), Kind::Renewal);
        assert_eq!(arrivals(&[0.0, 1.0], None, None).kind, Kind::Few);
        assert_eq!(arrivals(&[], None, None).rate.value, 0.0);
    }

    /// Of Poisson processes about one in a hundred is rejected at 1 %, one in ten at 10 %; their dispersion is 1.
    #[test]
    fn the_test_keeps_its_level() {
        let mut small = 0;
        for round in 0..300 {
            let found = arrivals(&stream(&Law::exponential(0.01).unwrap(), 1000, round), None, None);
            small += u32::from(found.poisson.unwrap().p_value <= 0.1);
        }
        assert!((15..50).contains(&small), "{small} of 300 are at most 0.1");
        let found = arrivals(&stream(&Law::exponential(0.01).unwrap(), 100_000, 0), None, None);
        assert!(found.dispersion.len() >= 3);
        assert!(found.dispersion.iter().all(|it| (it.index - 1.0).abs() < 0.3), "{:?}", found.dispersion);
    }

    /// The rate's interval covers it in about 95 of 100 streams, also in bursty ones.
    #[test]
    fn the_rate_is_within_its_interval() {
        for law in [Law::exponential(0.01).unwrap(), Law::hyperexponential(0.01, 3.0).unwrap()] {
            let covered = |round: &u64| {
                let times = stream(&law, 4000, *round);
                let span = times[3999];
                let [low, high] = rate_interval(&times, span).unwrap();
                low <= 100.0 && 100.0 <= high
            };
            let count = (0..100).filter(covered).count();
            assert!(count >= 88, "{law:?}: {count} of 100");
        }
    }

    /// A Poisson process whose rate doubles half-way: a profile, and Poisson within it.
    #[test]
    fn a_rate_that_changes_is_a_profile() {
        let mut times = stream(&Law::exponential(0.02).unwrap(), 3000, 1);
        let half = *times.last().unwrap();
        times.extend(stream(&Law::exponential(0.01).unwrap(), 6000, 2).iter().map(|time| half + time));
        let found = arrivals(&times, None, None);
        let Some(Profile::Steps(steps)) = &found.profile else { panic!("{found:?}") };
        assert!((steps[2].1 - 2.0 / 3.0).abs() < 0.2 && (steps[20].1 - 4.0 / 3.0).abs() < 0.3, "{steps:?}");
        assert_eq!(found.kind, Kind::Poisson, "{:?}", found.poisson);
        let [low, high] = found.rate.ci95.unwrap();
        // 9,000 arrivals in about 120 s.
        assert!(((high - low) / 2.0 / (1.96 * libm::sqrt(9000.0) / found.span_s) - 1.0).abs() < 0.2);
        assert!(arrivals(&stream(&Law::exponential(0.01).unwrap(), 9000, 3), None, None).profile.is_none());
    }

    /// Two days, with twice the rate from noon on.
    #[test]
    fn days_have_hours() {
        let mut times = Vec::new();
        for half_day in 0..4u32 {
            let rate = if half_day % 2 == 0 { 0.1 } else { 0.2 };
            let part = stream(&Law::exponential(1.0 / rate).unwrap(), 20_000, u64::from(half_day));
            let from = f64::from(half_day) * 43_200.0;
            times.extend(part.into_iter().filter(|time| *time < 43_200.0).map(|time| from + time));
        }
        let Some(Profile::Hours(hours)) = arrivals(&times, Some(86_400.0), None).profile else { panic!("no hours") };
        assert_eq!(hours.len(), 24);
        assert!((hours[3] - 2.0 / 3.0).abs() < 0.15 && (hours[15] - 4.0 / 3.0).abs() < 0.15, "{hours:?}");
    }
}
