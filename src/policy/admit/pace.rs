//! A rate in whole numbers: so many units a tick, so many units a token. Nothing is rounded while it runs.

/// How fast tokens come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Pace {
    /// Units that come in a tick.
    pub(super) gain: u128,
    /// Units of one token.
    pub(super) token: u128,
}

/// Beyond these, products of a time and a gain, or of a number of tokens and their units, would overflow.
const MOST_GAIN: u128 = 1 << 53;
const MOST_PARTS: u128 = 1 << 40;

impl Pace {
    /// So many tokens a second, which has so many ticks. The rate is taken to be the fraction with the least
    /// denominator that is the same floating-point number (continued fractions): a third is a third, and "100/min"
    /// is five thirds a second. A rate without such a fraction below 2⁴⁰ is that of its last convergent.
    pub(super) fn new(per_second: f64, ticks_per_second: f64) -> Pace {
        let (gain, parts) = fraction(per_second);
        Pace { gain, token: parts * ticks_per_second as u128 }
    }

    /// Units that have come since the beginning of time.
    pub(super) fn units(&self, ticks: u64) -> u128 {
        u128::from(ticks) * self.gain
    }
}

/// The fraction that a positive number is.
fn fraction(value: f64) -> (u128, u128) {
    let (mut last, mut now) = ((1, 0), (value as u128, 1));
    let mut rest = value - libm::floor(value);
    while rest > 0.0 && (now.0 as f64 / now.1 as f64 - value).abs() > value * f64::EPSILON {
        let inverse = 1.0 / rest;
        let term = inverse as u128;
        let next =
            (term.saturating_mul(now.0).saturating_add(last.0), term.saturating_mul(now.1).saturating_add(last.1));
        if next.0 > MOST_GAIN || next.1 > MOST_PARTS {
            break;
        }
        (last, now) = (now, next);
        rest = inverse - libm::floor(inverse);
    }
    if now.0 == 0 { (1, MOST_PARTS) } else { now }
}

#[cfg(test)]
mod tests {
    use super::{Pace, fraction};

    #[test]
    fn a_rate_is_the_fraction_that_it_looks_like() {
        for (value, expected) in [
            (10.0, (10, 1)),
            (0.1, (1, 10)),
            (100.0 / 60.0, (5, 3)),
            (1.0 / 3600.0, (1, 3600)),
            (2.5e9, (2_500_000_000, 1)),
        ] {
            assert_eq!(fraction(value), expected, "{value}");
        }
    }

    #[test]
    fn any_rate_is_close() {
        for value in [std::f64::consts::PI, 1e-3 * std::f64::consts::E, 12_345.678_9, 1e-9] {
            let (gain, parts) = fraction(value);
            assert!((gain as f64 / parts as f64 - value).abs() < 1e-9 * value, "{value}: {gain}/{parts}");
        }
        assert_eq!(Pace::new(1.5, 1e12), Pace { gain: 3, token: 2_000_000_000_000 });
    }
}
