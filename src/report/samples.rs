//! Measured times and arrivals as files that a scenario names.

use std::fmt::Write as _;

use crate::measure::{Findings, Points};

/// More values than this are thinned out to as many percentiles.
const MOST: usize = 10_000;

/// Times in seconds, a number a line, for `{ empirical = … }`.
///
/// ```
/// use knee::{measure::Points, report::samples};
/// let points = Points::of(&[0.2, 0.1]).unwrap();
/// assert_eq!(samples::times(&points), "seconds\n0.1\n0.2\n");
/// ```
pub fn times(points: &Points) -> String {
    let count = points.count() as usize;
    let mut text = String::new();
    if count > MOST {
        let _ = writeln!(text, "# {MOST} equally likely values of {count} that were measured");
    }
    text.push_str("seconds\n");
    for value in points.quantiles(count.min(MOST)) {
        let _ = writeln!(text, "{}", rounded(value));
    }
    text
}

/// Arrivals in order, for `trace = …`; `exact` with how long the service of each took.
pub fn trace(findings: &Findings, exact: bool) -> String {
    let has_names = findings.operations.len() > 1;
    let mut text = String::from("time");
    text.push_str(if has_names { ",operation" } else { "" });
    text.push_str(if exact { ",service-time\n" } else { "\n" });
    for (time, operation, service) in &findings.trace {
        let _ = write!(text, "{}", rounded(*time));
        if has_names {
            let _ = write!(text, ",{}", findings.operations[*operation].name);
        }
        if exact {
            let _ = write!(text, ",{}", service.map_or(String::new(), |seconds| rounded(seconds).to_string()));
        }
        text.push('\n');
    }
    text
}

/// To the nanosecond.
fn rounded(seconds: f64) -> f64 {
    (seconds * 1e9).round() / 1e9
}
