//! Axes: from a value to a place between 0 and 1, and where the ticks go.

#[cfg(feature = "plot")]
use crate::report::quantity::show;
use crate::report::quantity::{Kind, short};

/// One axis.
#[derive(Debug, Clone)]
pub(crate) struct Scale {
    low: f64,
    high: f64,
    log: bool,
    /// Of a clock: the unit of its ticks in seconds, and what it is called.
    clock: Option<(f64, &'static str)>,
    /// What stands at 0, 1, 2, … instead of numbers.
    words: Vec<String>,
    /// What its numbers are.
    pub(crate) kind: Kind,
}

impl Scale {
    /// Equal steps, from 0 or below the least value to a round number above the greatest.
    pub(crate) fn linear(kind: Kind, values: impl Iterator<Item = f64>) -> Self {
        let (low, high) = range(values).unwrap_or((0.0, 1.0));
        let low = low.min(0.0);
        let high = if high > low { high } else { low + 1.0 };
        let step = step(high - low);
        let high = libm::ceil(high / step - 1e-9) * step;
        Self { low, high, log: false, clock: None, words: Vec::new(), kind }
    }

    /// Equal ratios, from 1, 2 or 5 times a power of ten to another.
    pub(crate) fn log(kind: Kind, values: impl Iterator<Item = f64>) -> Self {
        let (low, high) = range(values.filter(|v| *v > 0.0)).unwrap_or((1.0, 10.0));
        let round = [1.0, 2.0, 5.0, 10.0];
        let power = |v: f64| libm::pow(10.0, libm::floor(libm::log10(v)));
        let below = round.iter().rev().map(|r| r * power(low)).find(|v| *v <= low * 1.001);
        let above = round.iter().map(|r| r * power(high)).find(|v| *v >= high * 0.999);
        let (low, mut high) = (below.unwrap_or(low), above.unwrap_or(high));
        if high <= low * 1.001 {
            high = low * 10.0;
        }
        Self { low, high, log: true, clock: None, words: Vec::new(), kind }
    }

    /// A clock from 0 on, in seconds, minutes, hours or days.
    #[cfg(feature = "plot")]
    pub(crate) fn clock(end: f64) -> Self {
        let clock = CLOCKS.into_iter().find(|(_, _, least)| end >= *least).map(|(size, name, _)| (size, name));
        Self { clock, ..Self::linear(Kind::Time, std::iter::empty()).exactly(0.0, end) }
    }

    /// Words, evenly spaced: the first at 0, the next at 1.
    pub(crate) fn words(words: &[String]) -> Self {
        let high = words.len().max(1) as f64 - 0.5;
        Self { low: -0.5, high, log: false, clock: None, words: words.to_vec(), kind: Kind::Count }
    }

    /// Share of the axis that the label of a tick may take, if the labels may be long.
    pub(crate) fn room(&self) -> Option<f64> {
        (!self.words.is_empty()).then(|| 1.0 / self.words.len() as f64)
    }

    /// The same axis from and to exactly these values.
    pub(crate) fn exactly(mut self, low: f64, high: f64) -> Self {
        (self.low, self.high) = (low, if high > low { high } else { low + 1.0 });
        self
    }

    /// Where the value lies: 0 at the low end, 1 at the high end; none where it has no place.
    pub(crate) fn place(&self, value: f64) -> Option<f64> {
        let place = if self.log {
            libm::log(value / self.low) / libm::log(self.high / self.low)
        } else {
            (value - self.low) / (self.high - self.low)
        };
        place.is_finite().then_some(place)
    }

    /// A value of this axis with its unit, or the word that stands there.
    #[cfg(feature = "plot")]
    pub(crate) fn says(&self, value: f64) -> String {
        let word = self.words.get(value.max(0.0) as usize);
        word.cloned().unwrap_or_else(|| show(self.kind, Some(value)))
    }

    /// The ticks and their labels.
    pub(crate) fn ticks(&self) -> Vec<(f64, String)> {
        if !self.words.is_empty() {
            return (0_u32..).map(f64::from).zip(self.words.iter().cloned()).collect();
        }
        if let Some((size, name)) = self.clock {
            return self.clock_ticks(size).into_iter().map(|count| (count * size, format!("{count} {name}"))).collect();
        }
        let values = if self.log { self.log_ticks() } else { self.linear_ticks() };
        values.into_iter().map(|value| (value, short(self.kind, value))).collect()
    }

    /// Of how many ticks in a row one may be labelled, where there is no room for all: of 1, 2, 5, 10, 20, … none or two
    /// are passed over.
    #[cfg(feature = "plot")]
    pub(crate) fn strides(&self) -> Vec<usize> {
        if self.has_fives() { vec![1, 3, 6, 9] } else { vec![1, 2, 3, 4, 5, 10, 20, 50, 100] }
    }

    /// The first tick that is labelled: of 1, 2, 5, 10, 20, … the first power of ten.
    #[cfg(feature = "plot")]
    pub(crate) fn first_label(&self, stride: usize) -> usize {
        if stride == 1 || !self.has_fives() {
            return 0;
        }
        let is_power = |value: &f64| (libm::log10(*value) - libm::round(libm::log10(*value))).abs() < 1e-9;
        self.log_ticks().iter().position(is_power).unwrap_or(0)
    }

    /// Twos and fives have ticks, too.
    fn has_fives(&self) -> bool {
        self.log && libm::log10(self.high / self.low) < 2.5
    }

    fn linear_ticks(&self) -> Vec<f64> {
        let step = step(self.high - self.low);
        let first = libm::ceil(self.low / step - 1e-9);
        let count = libm::floor(self.high / step + 1e-9) - first;
        (0..=count as u32).map(|i| (first + f64::from(i)) * step).collect()
    }

    /// Whole numbers of a unit of time, as clocks and calendars have them.
    fn clock_ticks(&self, size: f64) -> Vec<f64> {
        let most = self.high / size;
        let step = STEPS.into_iter().find(|step| *step >= most / 5.0).unwrap_or_else(|| step(most));
        (0..=libm::floor(most / step + 1e-9) as u32).map(|index| f64::from(index) * step).collect()
    }

    /// Every power of ten; also 2 and 5 times it over less than two and a half decades; every
    /// second power over more than eight.
    fn log_ticks(&self) -> Vec<f64> {
        let (first, last) = (libm::floor(libm::log10(self.low)), libm::ceil(libm::log10(self.high)));
        let decades = libm::log10(self.high / self.low);
        let factors: &[f64] = if self.has_fives() { &[1.0, 2.0, 5.0] } else { &[1.0] };
        let every = if decades > 8.0 { 2 } else { 1 };
        let powers = (first as i32..=last as i32).step_by(every);
        let values = powers.flat_map(|p| factors.iter().map(move |f| f * libm::pow(10.0, f64::from(p))));
        values.filter(|v| *v >= self.low * 0.999 && *v <= self.high * 1.001).collect()
    }
}

/// Units of a clock: size in seconds, name, and from which length of time on they are used.
#[cfg(feature = "plot")]
const CLOCKS: [(f64, &str, f64); 3] =
    [(86_400.0, "d", 5.0 * 86_400.0), (3600.0, "h", 5.0 * 3600.0), (60.0, "min", 900.0)];
/// How many minutes, hours or days are between ticks.
const STEPS: [f64; 8] = [1.0, 2.0, 3.0, 6.0, 12.0, 24.0, 30.0, 60.0];

fn range(values: impl Iterator<Item = f64>) -> Option<(f64, f64)> {
    let finite = values.filter(|v| v.is_finite());
    finite.fold(None, |range, v| match range {
        None => Some((v, v)),
        Some((low, high)) => Some((v.min(low), v.max(high))),
    })
}

/// A step of 1, 2, 2.5 or 5 times a power of ten that divides `width` in about five.
fn step(width: f64) -> f64 {
    let rough = width / 5.0;
    let power = libm::pow(10.0, libm::floor(libm::log10(rough)));
    let round = [1.0, 2.0, 2.5, 5.0, 10.0].map(|r| r * power);
    round.into_iter().find(|s| *s >= rough * 0.999).unwrap_or(rough)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(scale: &Scale) -> Vec<String> {
        scale.ticks().into_iter().map(|(_, label)| label).collect()
    }

    #[test]
    fn linear_axes_start_at_zero_and_end_round() {
        let scale = Scale::linear(Kind::Rate, [0.2, 0.93].into_iter());
        assert_eq!(labels(&scale), ["0/s", "0.2/s", "0.4/s", "0.6/s", "0.8/s", "1/s"]);
        assert_eq!(scale.place(0.5), Some(0.5));
    }

    #[cfg(feature = "plot")]
    #[test]
    fn clocks_have_hours() {
        assert_eq!(labels(&Scale::clock(86_400.0)), ["0 h", "6 h", "12 h", "18 h", "24 h"]);
        assert_eq!(labels(&Scale::clock(1800.0)), ["0 min", "6 min", "12 min", "18 min", "24 min", "30 min"]);
        assert_eq!(labels(&Scale::clock(200.0)), ["0 s", "50 s", "100 s", "150 s", "200 s"]);
    }

    #[test]
    fn log_axes_take_powers_of_ten() {
        let scale = Scale::log(Kind::Time, [0.0013, 7.0].into_iter());
        assert_eq!(labels(&scale), ["1 ms", "10 ms", "100 ms", "1 s", "10 s"]);
        assert_eq!(scale.place(0.0), None);
    }

    #[test]
    fn narrow_log_axes_take_twos_and_fives() {
        let scale = Scale::log(Kind::Time, [0.03, 0.4].into_iter());
        assert_eq!(labels(&scale), ["20 ms", "50 ms", "100 ms", "200 ms", "500 ms"]);
    }
}
