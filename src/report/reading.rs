//! What reports have to read off results in the same way everywhere.

use super::quantity::Kind;
use crate::experiment::results::{Axis, Outcome, Results, SweepResults, TheoryLine, Trial};

/// Units of time in the language.
const TIMES: [&str; 7] = ["min", "day", "ns", "us", "ms", "s", "h"];

/// Whether some station gets more work than it can do, so that there is no steady state.
pub(crate) fn overloaded(results: &Results) -> bool {
    !results.unstable.is_empty()
}

/// Why the results of a point are not those of a steady state, if they are not.
pub(crate) fn doubt(results: &Results) -> Option<&'static str> {
    match overloaded(results) {
        true => Some("overloaded"),
        false if results.scenario.stopped.is_some() => Some("stopped early"),
        false => results.unsettled.map(|_| "not settled"),
    }
}

/// Why results are not whole, if they are not: somebody interrupted them, or runs were stopped at this limit.
pub(crate) fn cut_short(partial: bool, stopped: Option<&str>) -> Option<&'static str> {
    match stopped {
        Some("events") => Some("stopped at --max-events"),
        Some("in-flight") => Some("stopped at --max-in-flight"),
        Some("memory") => Some("stopped at --max-memory"),
        Some(_) => Some("stopped: requests went round without time passing"),
        None => partial.then_some("interrupted"),
    }
}

/// The same as the beginning of a sentence.
pub(crate) fn cut_short_first(partial: bool, stopped: Option<&str>) -> String {
    cut_short(partial, stopped).map_or_else(String::new, |said| format!("{said}; "))
}

/// What came out at a value that was tried.
pub(crate) fn outcome(trial: &Trial) -> &'static str {
    match trial.outcome {
        Outcome::Holds => "holds",
        Outcome::Fails => "fails",
        Outcome::TooEasy => "asks for more",
        Outcome::Overloaded => "overloaded",
        Outcome::Undecided if trial.stopped.is_some() => "stopped early",
        Outcome::Undecided if trial.unsettled.is_some() => "not settled",
        Outcome::Undecided => "undecided",
    }
}

/// The file and what was replaced in it, in words: `shop.toml with service.app.replicas=8, without run.precision`.
pub(crate) fn named(file: &str, set: &[String]) -> String {
    let words: Vec<String> = set.iter().enumerate().map(|(index, change)| worded(index, change)).collect();
    format!("{file}{}", words.concat())
}

fn worded(index: usize, change: &str) -> String {
    let comma = if index == 0 { "" } else { "," };
    match change.strip_prefix('-') {
        Some(path) => format!("{comma} without {path}"),
        None => format!("{comma} with {change}"),
    }
}

/// The same where there is one line for it: how many values, if they are too long.
#[cfg(feature = "plot")]
pub(crate) fn named_shortly(file: &str, set: &[String]) -> String {
    let all = named(file, set);
    let count = set.len();
    let values = if count == 1 { "value" } else { "values" };
    if all.chars().count() > ONE_LINE && count > 0 { format!("{file} with {count} {values} replaced") } else { all }
}

/// Characters that have room beside what else a picture says below.
#[cfg(feature = "plot")]
const ONE_LINE: usize = 72;

/// The value of one axis at one of its points, as it was written but no longer than four digits.
pub(crate) fn label(axis: &Axis, value: f64) -> String {
    let index = axis.values.iter().position(|&other| other == value);
    let Some(written) = index.and_then(|index| axis.labels.get(index)) else {
        return number(value);
    };
    let (digits, unit) = split(written);
    match digits.parse() {
        Ok(value) => number(value) + unit,
        Err(_) => written.clone(),
    }
}

/// Where a point is: its value on the first axis, and the others by name: `0.8/s, desk.servers 2`.
pub(crate) fn place(sweep: &SweepResults, at: &[f64]) -> String {
    let first = sweep.axis.first().map(|axis| label(axis, at[0]));
    let others = Some(setting(sweep, at)).filter(|others| !others.is_empty());
    first.into_iter().chain(others).collect::<Vec<_>>().join(", ")
}

/// The values on all axes but the first, which make a curve: `desk.servers 2, app.threads 16`.
pub(crate) fn setting(sweep: &SweepResults, at: &[f64]) -> String {
    let others = sweep.axis.iter().zip(at).skip(1);
    let others: Vec<String> =
        others.map(|(axis, &value)| format!("{} {}", short(&axis.path), label(axis, value))).collect();
    others.join(", ")
}

/// How many replications the points have: `5 replications a point`, or of points that differ, `5 to 40`.
pub(crate) fn replications(sweep: &SweepResults) -> String {
    let each = || sweep.points.iter().map(|point| point.result.scenario.replications);
    let (asked, least, most) = (sweep.replications, each().min().unwrap_or(0), each().max().unwrap_or(0));
    match (sweep.is_interrupted(), least < most) {
        (true, _) => format!("{asked} replications a point asked for"),
        (false, true) => format!("{least} to {most} replications a point"),
        (false, false) => format!("{most} replications a point"),
    }
}

/// A path without the kind of its component.
pub(crate) fn short(path: &str) -> &str {
    path.split_once('.').map_or(path, |(_, rest)| rest)
}

/// What theory predicts, in words, and what kind of number it is.
pub(crate) fn quantity(line: &TheoryLine) -> (String, Kind) {
    let (name, kind) = match line.quantity.as_str() {
        "throughput" => ("throughput", Kind::Rate),
        "utilization" => ("utilization", Kind::Ratio),
        name => match name.strip_suffix("-s") {
            Some(name) => (name, Kind::Time),
            None => (name, Kind::Count),
        },
    };
    (name.replace('-', " "), kind)
}

/// What kind of number is varied, by the unit in which its values were written.
pub(crate) fn kind(axis: &Axis) -> Kind {
    let unit = axis.labels.first().map_or("", |written| split(written).1);
    match unit {
        "" => Kind::Count,
        unit if unit.starts_with('/') => Kind::Rate,
        unit if TIMES.contains(&unit) => Kind::Time,
        _ => Kind::Count,
    }
}

/// A quantity's number and its unit.
fn split(written: &str) -> (&str, &str) {
    let is_digit = |c: char| c.is_ascii_digit() || ".-_e".contains(c);
    written.split_at(written.find(|c| !is_digit(c)).unwrap_or(written.len()))
}

/// At most four significant digits, and no zeros that say nothing.
pub(crate) fn number(x: f64) -> String {
    digits(x, 4)
}

/// At most this many significant digits, and no zeros that say nothing.
pub(crate) fn digits(x: f64, most: i32) -> String {
    let magnitude = match x.abs() {
        0.0 => 0,
        size => libm::floor(libm::log10(size)) as i32,
    };
    if !(-9..15).contains(&magnitude) {
        return format!("{x:.*e}", usize::try_from(most - 1).unwrap_or(0));
    }
    let decimals = usize::try_from((most - 1 - magnitude).clamp(0, 12)).unwrap_or(0);
    let text = format!("{x:.decimals$}");
    match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_replaced_is_named() {
        let set = ["service.app.replicas=8", "-run.load", "station.db.servers=2"].map(str::to_owned);
        assert_eq!(named("shop.toml", &[]), "shop.toml");
        assert_eq!(
            named("shop.toml", &set),
            "shop.toml with service.app.replicas=8, without run.load, with station.db.servers=2"
        );
        #[cfg(feature = "plot")]
        {
            assert_eq!(named_shortly("shop.toml", &set[..1]), "shop.toml with service.app.replicas=8");
            assert_eq!(named_shortly("shop.toml", &set), "shop.toml with 3 values replaced");
        }
    }

    #[test]
    fn axis_values_are_short() {
        assert_eq!(number(0.8), "0.8");
        assert_eq!(number(2000.0), "2000");
        assert_eq!(number(0.000_25), "0.00025");
        assert_eq!(number(1.0 / 3.0), "0.3333");
        assert_eq!((number(1.234_56e-13), number(1e300)), ("1.235e-13".into(), "1.000e300".into()));
    }

    #[test]
    fn values_keep_their_unit_and_words_stay_words() {
        let axis = |labels: &[&str]| Axis {
            path: "p".into(),
            with: vec![],
            values: (0..labels.len()).map(|i| i as f64).collect(),
            labels: labels.iter().map(|&text| text.to_owned()).collect(),
            ordered: true,
        };
        let rates = axis(&["0.5/s", "154.285714286/s"]);
        assert_eq!(label(&rates, 0.0), "0.5/s");
        assert_eq!(label(&rates, 1.0), "154.3/s");
        assert_eq!(label(&axis(&["fifo", "lifo"]), 1.0), "lifo");
        assert_eq!(label(&axis(&[]), 12.0), "12");
    }
}
