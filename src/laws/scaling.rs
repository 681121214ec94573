//! How many servers it takes, of a load that changes and of one that does not.

use std::f64::consts::PI;

use super::staffing::fewest;

/// A number that swings around its mean.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Swing {
    /// Its mean over a period.
    pub mean: f64,
    /// How far it swings to each side.
    pub amplitude: f64,
    /// How long after the load it has its peak, in the unit of the period.
    pub lag: f64,
}

impl Swing {
    /// The number at a time, where the load is highest a quarter of a period after time 0.
    pub fn at(&self, time: f64, period: f64) -> f64 {
        self.mean + self.amplitude * libm::sin(2.0 * PI * (time - self.lag) / period)
    }
}

/// Mean number busy of M_t/M/∞ whose arrival rate is `rate` + `amplitude` · sin(2πt/`period`), in periodic steady state:
/// the load's swing, damped and late (Eick, Massey & Whitt 1993). The number itself is Poisson.
///
/// ```
/// let busy = knee::laws::scaling::exponential_swing(50.0, 30.0, 600.0, 60.0);
/// assert!((busy.mean + busy.amplitude - 4524.119429).abs() < 1e-6);
/// assert!((busy.lag - 53.56984606).abs() < 1e-8);
/// ```
pub fn exponential_swing(rate: f64, amplitude: f64, period: f64, service_time: f64) -> Swing {
    let (speed, service_rate) = (2.0 * PI / period, 1.0 / service_time);
    Swing {
        mean: rate * service_time,
        amplitude: amplitude / libm::hypot(service_rate, speed),
        lag: libm::atan(speed / service_rate) / speed,
    }
}

/// The same of M_t/D/∞ (Eick, Massey & Whitt 1993).
pub fn constant_swing(rate: f64, amplitude: f64, period: f64, service_time: f64) -> Swing {
    let speed = 2.0 * PI / period;
    let damped = 2.0 * amplitude / speed * libm::sin(speed * service_time / 2.0);
    Swing { mean: rate * service_time, amplitude: damped, lag: service_time / 2.0 }
}

/// The `p` quantile of a Poisson number: the least k with P(N ≤ k) ≥ p.
pub fn poisson_quantile(mean: f64, p: f64) -> u64 {
    let term = |k: u64| libm::exp(k as f64 * libm::log(mean) - mean - libm::lgamma(k as f64 + 1.0));
    let (mut k, mut below) = (0, term(0));
    while below < p && (k as f64) < 2.0 * mean + 1000.0 {
        k += 1;
        below += term(k);
    }
    k
}

/// Square-root staffing: ⌈R + β√R⌉ servers for an offered load of R erlangs (Halfin & Whitt 1981; Borst, Mandelbaum &
/// Reiman 2004).
pub fn square_root_staffing(load: f64, beta: f64) -> u32 {
    (load + beta * libm::sqrt(load)).ceil() as u32
}

/// The probability of having to wait with R + β√R servers, for large R: 1 / (1 + β Φ(β)/φ(β)) (Halfin & Whitt 1981).
pub fn halfin_whitt(beta: f64) -> f64 {
    let below = 0.5 * libm::erfc(-beta / std::f64::consts::SQRT_2);
    let density = libm::exp(-beta * beta / 2.0) / libm::sqrt(2.0 * PI);
    1.0 / (1.0 + beta * below / density)
}

/// The fewest servers of M/M/c with which no more than a share `wait` of the arrivals has to wait.
pub fn servers_for_wait(load: f64, wait: f64) -> u32 {
    fewest(load, |staffed| staffed.waits <= wait).map_or(u32::MAX, |staffed| staffed.servers)
}

/// What becomes of a queue, first come, first served, whose load jumps beyond its capacity until there is more: a fluid.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Overload {
    /// Who waits when there is more capacity.
    pub backlog: f64,
    /// When nobody waits any more.
    pub gone: f64,
    /// The longest wait.
    pub longest: f64,
    /// Who waits longest came then.
    pub longest_at: f64,
    /// The mean wait of those who came until nobody waited.
    pub mean: f64,
}

/// The load is `rate`, the capacity is less until `ready` and more afterwards.
///
/// ```
/// let spike = knee::laws::scaling::overload(900.0, 400.0, 1300.0, 60.0);
/// assert_eq!((spike.backlog, spike.gone), (30_000.0, 135.0));
/// ```
pub fn overload(rate: f64, before: f64, after: f64, ready: f64) -> Overload {
    let backlog = (rate - before) * ready;
    let longest_at = ready * before / rate;
    Overload {
        backlog,
        gone: ready + backlog / (after - rate),
        longest: ready - longest_at,
        longest_at,
        mean: backlog / 2.0 / rate,
    }
}
