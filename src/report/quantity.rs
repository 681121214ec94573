//! Numbers for people: three significant digits, the unit that fits, half-widths in the same
//! unit and with the same decimals as the number they belong to.

use crate::experiment::results::Estimate;
use crate::model::{Condition, Metric};

/// What kind of number it is, hence which units it may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Seconds.
    Time,
    /// Per second.
    Rate,
    /// A share from 0 to 1, shown as a percentage.
    Ratio,
    /// A bare number.
    Count,
}

impl Kind {
    /// What kind of number a metric is.
    pub fn of(metric: &Metric) -> Kind {
        match metric {
            Metric::Latency(..) | Metric::Wait(..) | Metric::Response(..) | Metric::Staleness(_) | Metric::Lag(_) => {
                Kind::Time
            }
            Metric::Throughput(_) => Kind::Rate,
            Metric::ErrorRate(_) | Metric::Utilization(_) | Metric::HitRatio(_) | Metric::StaleReads(_) => Kind::Ratio,
            Metric::InFlight(_) | Metric::QueueLength(_) | Metric::InSystem(_) | Metric::Depth(_) | Metric::Cost => {
                Kind::Count
            }
        }
    }

    /// What kind of number a condition such as `shoppers.latency.p99 < 250ms` is about.
    pub(crate) fn of_condition(text: &str) -> Kind {
        Condition::parse(text).map_or(Kind::Count, |condition| Kind::of(&condition.metric))
    }
}

/// A unit and its size in the base unit of its kind.
struct Unit {
    size: f64,
    name: &'static str,
}

/// By kind, from the largest; the last is for whatever is smaller.
const TIME: [Unit; 5] = [
    Unit { size: 1.0, name: " s" },
    Unit { size: 1e-3, name: " ms" },
    Unit { size: 1e-6, name: " µs" },
    Unit { size: 1e-9, name: " ns" },
    Unit { size: 1e-12, name: " ps" },
];
const RATE: [Unit; 5] = [
    Unit { size: 1e9, name: "G/s" },
    Unit { size: 1e6, name: "M/s" },
    Unit { size: 1e4, name: "k/s" },
    Unit { size: 1e-3, name: "/s" },
    Unit { size: 0.0, name: "/h" },
];
const COUNT: [Unit; 4] = [
    Unit { size: 1e9, name: " G" },
    Unit { size: 1e6, name: " M" },
    Unit { size: 1e5, name: " k" },
    Unit { size: 0.0, name: "" },
];

/// A number's unit and how many decimals it is shown with.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scale {
    divisor: f64,
    unit: &'static str,
    decimals: usize,
}

impl Scale {
    /// The scale that shows `value` with three significant digits.
    pub(crate) fn of(kind: Kind, value: f64) -> Self {
        Self::with_digits(kind, value, 3)
    }

    /// The scale that shows `value` with this many significant digits.
    pub(crate) fn with_digits(kind: Kind, value: f64, digits: i32) -> Self {
        let (divisor, unit) = unit(kind, value.abs());
        let shown = value.abs() / divisor;
        // 0.9999 is about to be rounded to 1.00: count its digits as if it were.
        let magnitude = libm::floor(libm::log10(shown * 1.0005));
        let magnitude = if shown > 0.0 { magnitude as i32 } else { 0 };
        // A share needs no more than a tenth of a percent until it is nearly 0 or 1.
        let most = if kind == Kind::Ratio && shown >= 1.0 { 1 } else { 6 };
        let decimals = match shown {
            0.0 => 0,
            shown if kind == Kind::Ratio && (99.95..100.0).contains(&shown) => decimals_below_one(100.0 - shown),
            _ => (digits - 1 - magnitude).clamp(0, most),
        };
        Self { divisor, unit, decimals: usize::try_from(decimals).unwrap_or(0) }
    }

    /// The number with its unit: `2.31 s`.
    pub(crate) fn show(&self, value: f64) -> String {
        format!("{}{}", digits(value / self.divisor, self.decimals), self.unit)
    }

    /// Half the interval of a value, in this unit but without its name: `±0.06`. One that dwarfs the value has no more
    /// digits than it can bear, and a unit of its own where this one would be too small for it: `±48.2 ms`.
    fn half_width(&self, kind: Kind, value: f64, [low, high]: [f64; 2]) -> String {
        let half = (high - low) / 2.0;
        let own = Scale::of(kind, half);
        if half >= 1000.0 * self.divisor && own.unit != self.unit {
            return format!("±{}", own.show(half));
        }
        if half > 10.0 * value.abs() && own.unit == self.unit {
            return format!("±{:.*}", own.decimals.min(self.decimals), half / self.divisor);
        }
        let half = half / self.divisor;
        let smallest = 0.5 * libm::pow(10.0, -(self.decimals as f64));
        if half > 0.0 && half < smallest {
            return format!("±<{:.*}", self.decimals, 2.0 * smallest);
        }
        format!("±{}", digits(half, self.decimals))
    }
}

/// With so many decimals; where that would be a long row of digits that say nothing, with a power of ten.
fn digits(value: f64, decimals: usize) -> String {
    if value.abs() < 1e15 { format!("{value:.decimals$}") } else { format!("{value:.2e}") }
}

/// Decimals that tell a percentage from 100, up to 99.999 %: those up to the first digit of what is missing.
fn decimals_below_one(missing: f64) -> i32 {
    let decimals = libm::ceil(-libm::log10(missing)) as i32;
    if decimals > 3 { 0 } else { decimals }
}

fn unit(kind: Kind, value: f64) -> (f64, &'static str) {
    let pick = |units: &[Unit]| {
        let unit = units.iter().find(|u| value >= u.size * 0.9995).or(units.last());
        unit.map_or((1.0, ""), |u| (u.size, u.name))
    };
    match kind {
        Kind::Time if value == 0.0 => (1.0, " s"),
        Kind::Rate if value == 0.0 => (1.0, "/s"),
        Kind::Time => pick(&TIME),
        Kind::Rate => match pick(&RATE) {
            (_, "k/s") => (1e3, "k/s"),
            (_, "/s") => (1.0, "/s"),
            (_, "/h") => (1.0 / 3600.0, "/h"),
            large => large,
        },
        Kind::Ratio => (0.01, " %"),
        Kind::Count => match pick(&COUNT) {
            (_, " k") => (1e3, " k"),
            (_, "") => (1.0, ""),
            large => large,
        },
    }
}

/// The number with its unit, or a dash where there is none.
pub(crate) fn show(kind: Kind, value: Option<f64>) -> String {
    value.filter(|value| value.is_finite()).map_or_else(|| "–".into(), |v| Scale::of(kind, v).show(v))
}

/// The number with its unit and no zeros that say nothing, as on the axis of a plot: `10 ms`.
pub(crate) fn short(kind: Kind, value: f64) -> String {
    let Scale { divisor, unit, .. } = Scale::of(kind, value);
    let text = digits(value / divisor, 6);
    let text = if text.contains('e') { &text } else { text.trim_end_matches('0').trim_end_matches('.') };
    format!("{text}{unit}")
}

/// A difference and its half-width in the unit of a number like those that differ, with the digits that the half-width
/// leaves meaning: `-0.364 ms` and `±0.001`.
pub(crate) fn difference(kind: Kind, like: f64, estimate: &Estimate) -> (String, String) {
    let Some(value) = known(estimate) else { return ("–".into(), String::new()) };
    let Scale { divisor, unit, .. } = Scale::of(kind, if like == 0.0 { value } else { like });
    let half = interval(estimate).map(|[low, high]| (high - low) / 2.0 / divisor);
    let finest = half.filter(|half| *half > 0.0).unwrap_or(value.abs() / divisor / 100.0);
    let decimals = if finest > 0.0 { (-libm::floor(libm::log10(finest))).clamp(0.0, 9.0) as usize } else { 0 };
    let sign = if value > 0.0 { "+" } else { "" };
    let half = half.map_or_else(String::new, |half| format!("±{}", digits(half, decimals)));
    (format!("{sign}{}{unit}", digits(value / divisor, decimals)), half)
}

/// An amount of money: `$0.60`.
pub(crate) fn dollars(amount: f64) -> String {
    let decimals = if amount > 0.0 && amount < 0.1 { 4 } else { 2 };
    format!("${}", digits(amount, decimals))
}

/// The number and its half-width, each as text; a dash and nothing where there is none.
pub(crate) fn estimate(kind: Kind, estimate: &Estimate) -> (String, String) {
    let Some(value) = known(estimate) else {
        return ("–".into(), String::new());
    };
    let scale = Scale::of(kind, value);
    let half = interval(estimate).map_or_else(String::new, |ci| scale.half_width(kind, value, ci));
    (scale.show(value), half)
}

/// A value that can be written: nothing else is ever shown as a number.
fn known(estimate: &Estimate) -> Option<f64> {
    estimate.value.filter(|value| value.is_finite())
}

/// The interval, if both of its ends can be written.
fn interval(estimate: &Estimate) -> Option<[f64; 2]> {
    estimate.ci95.filter(|ends| ends.iter().all(|end| end.is_finite()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_take_the_unit_that_fits() {
        let time = |s| show(Kind::Time, Some(s));
        assert_eq!(time(2.314), "2.31 s");
        assert_eq!(time(0.0214), "21.4 ms");
        assert_eq!(time(0.9999), "1.00 s");
        assert_eq!(time(85e-6), "85.0 µs");
        assert_eq!(time(0.0), "0 s");
        assert_eq!(time(200_000.0), "200000 s");
    }

    #[test]
    fn rates_shares_and_counts() {
        assert_eq!(show(Kind::Rate, Some(2000.0)), "2000/s");
        assert_eq!(show(Kind::Rate, Some(48_300.0)), "48.3k/s");
        assert_eq!(show(Kind::Rate, Some(0.8)), "0.800/s");
        assert_eq!(show(Kind::Rate, Some(1.0 / 3600.0)), "1.00/h");
        assert_eq!(show(Kind::Ratio, Some(0.8012)), "80.1 %");
        assert_eq!(show(Kind::Ratio, Some(0.0)), "0 %");
        assert_eq!(show(Kind::Ratio, Some(0.00042)), "0.0420 %");
        assert_eq!(show(Kind::Count, Some(1.6e6)), "1.60 M");
        assert_eq!(
            [0.9994, 0.9996, 0.9999, 0.999_98].map(|share| show(Kind::Ratio, Some(share))),
            ["99.9 %", "99.96 %", "99.99 %", "99.998 %"]
        );
        assert_eq!([0.999_998, 1.0, 1.0001].map(|share| show(Kind::Ratio, Some(share))), ["100 %"; 3]);
        assert_eq!(show(Kind::Time, Some(f64::NAN)), "–");
        assert_eq!(show(Kind::Count, None), "–");
    }

    #[test]
    fn no_number_is_a_long_row_of_digits() {
        assert_eq!(show(Kind::Time, Some(1e300)), "1.00e300 s");
        assert_eq!((short(Kind::Count, 2e24), short(Kind::Time, 1e200)), ("2.00e15 G".into(), "1.00e200 s".into()));
        assert_eq!(dollars(1e30), "$1.00e30");
    }

    #[test]
    fn differences_are_in_the_unit_of_what_differs() {
        let e = Estimate { value: Some(-0.000_364), ci95: Some([-0.000_365_2, -0.000_362_8]) };
        assert_eq!(difference(Kind::Time, 0.002, &e), ("-0.364 ms".into(), "±0.001".into()));
        let e = Estimate { value: Some(1.6e-4), ci95: Some([-1.8e-4, 5.0e-4]) };
        assert_eq!(difference(Kind::Rate, 500.0, &e), ("+0.0002/s".into(), "±0.0003".into()));
        let same = Estimate { value: Some(0.0), ci95: Some([0.0, 0.0]) };
        assert_eq!(difference(Kind::Ratio, 0.0, &same), ("0 %".into(), "±0".into()));
        assert_eq!(difference(Kind::Count, 1.8, &Estimate { value: Some(0.6), ci95: None }).0, "+0.600");
    }

    #[test]
    fn half_widths_follow_their_number() {
        let e = Estimate { value: Some(0.0214), ci95: Some([0.0209, 0.0219]) };
        assert_eq!(estimate(Kind::Time, &e), ("21.4 ms".into(), "±0.5".into()));
        let narrow = Estimate { value: Some(0.8), ci95: Some([0.79999, 0.80001]) };
        assert_eq!(estimate(Kind::Rate, &narrow).1, "±<0.001");
        let wide = |value: f64, half: f64| Estimate { value: Some(value), ci95: Some([value - half, value + half]) };
        assert_eq!(estimate(Kind::Time, &wide(200e-6, 48.218e-3)), ("200 µs".into(), "±48.2 ms".into()));
        assert_eq!(estimate(Kind::Time, &wide(0.5, 12.345)), ("500 ms".into(), "±12.3 s".into()));
        assert_eq!(estimate(Kind::Time, &wide(1.23, 15.678)).1, "±15.7");
        assert_eq!(estimate(Kind::Ratio, &wide(4.2e-6, 0.012)), ("0.000420 %".into(), "±1.2".into()));
        assert_eq!(estimate(Kind::Rate, &wide(900.0, 1200.0)).1, "±1200");
        let single = Estimate { value: Some(1.0), ci95: None };
        assert_eq!(estimate(Kind::Time, &single).1, "");
    }
}
