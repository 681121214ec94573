//! How requests arise, in ticks: what the engine draws from.

use std::sync::Arc;

use crate::distribution::Law;
use crate::distribution::Zipf;

/// How a workload's requests arise.
#[derive(Debug, Clone, PartialEq)]
pub enum SourceSpec {
    /// From outside, whatever the system does.
    Open {
        /// When.
        process: Process,
        /// How many at once.
        batch: Batch,
        /// How the rate changes.
        profile: Option<ProfileSpec>,
    },
    /// Replayed.
    Trace(Arc<[TraceRow]>),
    /// Users who wait for their answer, then think.
    Users {
        /// How many.
        count: u32,
        /// Law of the think time; none is no time.
        think: Option<u32>,
    },
}

/// A point process.
#[derive(Debug, Clone, PartialEq)]
pub enum Process {
    /// Independent interarrival times.
    Renewal(Law),
    /// A Poisson process with a rate that a cyclic Markov chain switches.
    Mmpp {
        /// Mean interarrival time in each state; infinite where nothing arrives.
        gaps: Vec<f64>,
        /// Mean dwell in each state.
        dwell: Vec<f64>,
    },
}

impl Process {
    /// The mean interval in the long run.
    pub fn mean_gap(&self) -> f64 {
        match self {
            Process::Renewal(law) => law.mean(),
            Process::Mmpp { gaps, dwell } => {
                let arrivals: f64 = gaps.iter().zip(dwell).map(|(gap, dwell)| dwell / gap).sum();
                dwell.iter().sum::<f64>() / arrivals
            }
        }
    }
}

/// How many requests arrive at once.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Batch {
    /// Always this many.
    Fixed(u32),
    /// 1, 2, … with this success probability.
    Geometric(f64),
}

/// One job of a replayed workload.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TraceRow {
    /// When it arrives, from the start.
    pub time: u64,
    /// What it is about.
    pub key: Option<u64>,
    /// Which of the workload's operations.
    pub operation: u32,
    /// Smaller is more urgent; none is the workload's own.
    pub priority: Option<i32>,
    /// Service time that it brings; `u64::MAX` is none.
    pub service: u64,
    /// Size of what it is about, in bytes.
    pub size: Option<u64>,
}

/// What requests are about.
#[derive(Debug, Clone)]
pub enum KeySpec {
    /// Ranks by Zipf's law.
    Zipf(Zipf),
    /// Each of this many as likely as the others.
    Uniform(u32),
    /// The first `hot` of so many keys get a share of the requests, the others the rest; all as likely within each.
    HotSet {
        /// How many are hot, at least 1.
        hot: u32,
        /// How many there are.
        count: u32,
        /// The share of requests for the hot ones.
        share: f64,
    },
    /// In turn, over and over.
    Trace(Arc<[u64]>),
}

impl KeySpec {
    /// How many keys there are, numbered from 0; none for a trace, which may have any.
    pub fn count(&self) -> Option<u64> {
        match self {
            KeySpec::Zipf(zipf) => Some(zipf.count()),
            &KeySpec::Uniform(count) | &KeySpec::HotSet { count, .. } => Some(u64::from(count)),
            KeySpec::Trace(_) => None,
        }
    }

    /// The share of requests for a numbered key: the lower its number, the greater.
    pub fn probability(&self, key: u64) -> f64 {
        match self {
            KeySpec::Zipf(zipf) => zipf.probability(key),
            &KeySpec::Uniform(count) => 1.0 / f64::from(count),
            &KeySpec::HotSet { hot, count, .. } if hot == count => 1.0 / f64::from(count),
            &KeySpec::HotSet { hot, share, .. } if key < u64::from(hot) => share / f64::from(hot),
            &KeySpec::HotSet { hot, count, share } => (1.0 - share) / f64::from(count - hot),
            KeySpec::Trace(_) => 0.0,
        }
    }
}

/// A factor on the rate as a function of time, in ticks from the end of warm-up.
#[derive(Debug, Clone, PartialEq)]
pub enum ProfileSpec {
    /// Constant from each instant to the next; repeats where there is a period.
    Steps {
        /// Beginning and factor of each step; the first begins at 0.
        steps: Vec<(f64, f64)>,
        /// Length of one round.
        period: Option<f64>,
    },
    /// Linear, then constant.
    Ramp {
        /// At time 0.
        from: f64,
        /// At the end.
        to: f64,
        /// How long it takes.
        over: f64,
    },
    /// low + (peak − low)(1 − cos 2π(t/period − phase))/2.
    Diurnal {
        /// Least factor.
        low: f64,
        /// Greatest factor.
        peak: f64,
        /// Length of a wave.
        period: f64,
        /// Shift as a share of the period.
        phase: f64,
    },
}

impl ProfileSpec {
    /// The factor at a time.
    ///
    /// Before time zero it is the value at zero, except for periodic profiles.
    pub fn factor(&self, at: f64) -> f64 {
        match self {
            ProfileSpec::Steps { steps, period } => step_at(steps, *period, at).0,
            &ProfileSpec::Ramp { from, to, over } => from + (to - from) * (at / over).clamp(0.0, 1.0),
            &ProfileSpec::Diurnal { low, peak, period, phase } => {
                low + (peak - low) * (1.0 - libm::cos(TAU * (at / period - phase))) / 2.0
            }
        }
    }

    /// The time at which the integral of the factor since `at` reaches `amount`.
    ///
    /// This is the time change that turns a process of rate 1 into one that follows the profile
    /// (Çinlar 1975, *Introduction to Stochastic Processes*, ch. 4). Infinite if it never does.
    pub fn advance(&self, at: f64, amount: f64) -> f64 {
        match self {
            ProfileSpec::Steps { steps, period } => advance_steps(steps, *period, at, amount),
            &ProfileSpec::Ramp { from, to, over } => advance_ramp(from, to, over, at, amount),
            ProfileSpec::Diurnal { .. } => self.advance_wave(at, amount),
        }
    }

    /// The average factor from time 0 to `until`.
    pub fn mean(&self, until: f64) -> f64 {
        const PARTS: u32 = 10_000;
        let sum: f64 = (0..PARTS).map(|part| self.factor(until * (f64::from(part) + 0.5) / f64::from(PARTS))).sum();
        sum / f64::from(PARTS)
    }

    /// Solves integral = amount by bisection: the integral is increasing.
    fn advance_wave(&self, at: f64, amount: f64) -> f64 {
        let ProfileSpec::Diurnal { low, peak, period, .. } = *self else { return f64::INFINITY };
        let mean = (low + peak) / 2.0;
        let (mut near, mut far) = (amount / peak, amount / mean + period);
        while far - near > 0.25 && far - near > 1e-15 * (at.abs() + far) {
            let middle = near + (far - near) / 2.0;
            if self.wave_integral(at, middle) < amount { near = middle } else { far = middle }
        }
        at + far
    }

    fn wave_integral(&self, at: f64, span: f64) -> f64 {
        let ProfileSpec::Diurnal { low, peak, period, phase } = *self else { return 0.0 };
        let sine = |t: f64| libm::sin(TAU * (t / period - phase));
        low * span + (peak - low) / 2.0 * (span - period / TAU * (sine(at + span) - sine(at)))
    }
}

/// Later than any run: there is no need to look further.
const NEVER: f64 = u64::MAX as f64;
const TAU: f64 = std::f64::consts::TAU;

/// The factor at a time, and when the next step begins.
fn step_at(steps: &[(f64, f64)], period: Option<f64>, at: f64) -> (f64, f64) {
    let round = period.map_or(0.0, |period| libm::floor(at / period) * period);
    let within = at - round;
    let next = steps.partition_point(|&(begin, _)| begin <= within);
    let factor = steps[next.saturating_sub(1)].1;
    let end = steps.get(next).map(|&(begin, _)| begin).or(period).unwrap_or(f64::INFINITY);
    (factor, round + end)
}

fn advance_steps(steps: &[(f64, f64)], period: Option<f64>, mut at: f64, mut amount: f64) -> f64 {
    loop {
        let (factor, end) = step_at(steps, period, at);
        let available = if factor == 0.0 { 0.0 } else { factor * (end - at) };
        if available >= amount {
            return at + amount / factor;
        }
        if end == f64::INFINITY || end <= at || at > NEVER {
            return f64::INFINITY;
        }
        amount -= available;
        at = end;
    }
}

fn advance_ramp(from: f64, to: f64, over: f64, at: f64, amount: f64) -> f64 {
    let flat = |factor: f64, at: f64, amount: f64| if factor > 0.0 { at + amount / factor } else { f64::INFINITY };
    if at < 0.0 {
        let before = flat(from, at, amount);
        return if before <= 0.0 { before } else { advance_ramp(from, to, over, 0.0, amount + from * at) };
    }
    if at >= over {
        return flat(to, at, amount);
    }
    let slope = (to - from) / over;
    let here = from + slope * at;
    let rest = (here + to) / 2.0 * (over - at);
    if rest < amount {
        return flat(to, over, amount - rest);
    }
    // here·x + slope·x²/2 = amount, in the form that does not cancel.
    at + 2.0 * amount / (here + libm::sqrt((here * here + 2.0 * slope * amount).max(0.0)))
}

#[cfg(test)]
mod tests {
    use super::ProfileSpec;
    use proptest::prelude::*;

    fn profiles() -> [ProfileSpec; 5] {
        let steps = vec![(0.0, 1.0), (100.0, 8.0), (150.0, 0.0), (200.0, 2.0)];
        [
            ProfileSpec::Steps { steps: steps.clone(), period: None },
            ProfileSpec::Steps { steps, period: Some(300.0) },
            ProfileSpec::Ramp { from: 1.0, to: 10.0, over: 200.0 },
            ProfileSpec::Ramp { from: 10.0, to: 1.0, over: 200.0 },
            ProfileSpec::Diurnal { low: 0.5, peak: 3.0, period: 200.0, phase: 0.3 },
        ]
    }

    proptest! {
        #[test]
        fn advance_inverts_the_integral(at in -500.0..500.0f64, amount in 0.001..2000.0f64) {
            for profile in profiles() {
                let end = profile.advance(at, amount);
                let parts = 200_000;
                let width = (end - at) / f64::from(parts);
                let sum: f64 = (0..parts).map(|i| profile.factor(at + width * (f64::from(i) + 0.5))).sum();
                let integral = sum * width;
                prop_assert!((integral - amount).abs() < 1e-3 * amount + 2.0, "{profile:?}: {integral} is not {amount}");
            }
        }
    }

    #[test]
    fn a_rate_that_stays_zero_never_arrives() {
        let profile = ProfileSpec::Steps { steps: vec![(0.0, 1.0), (10.0, 0.0)], period: None };
        assert_eq!(profile.advance(5.0, 100.0), f64::INFINITY);
        assert_eq!(profile.advance(5.0, 4.0), 9.0);
    }
}
