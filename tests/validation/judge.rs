//! Whether what was simulated agrees with what is known.

use super::case::{Expectation, Kind};
use super::measure::{Measured, Runs, student_t};

/// What came of an expectation.
pub(crate) struct Verdict {
    /// Within the 95 % interval, in the sense of its kind.
    pub(crate) agrees: bool,
    /// Within the interval that is wide enough for the whole family.
    pub(crate) possible: bool,
    /// Cells of the table: predicted, simulated, half-width.
    pub(crate) cells: [String; 3],
    /// The same in words.
    pub(crate) line: String,
}

/// Relative difference that rounding may cause where nothing is random.
const ROUNDING: f64 = 1e-9;

/// Compares one expectation, one of a family of so many.
pub(crate) fn judge(expect: &Expectation, runs: &Runs, family: usize) -> Verdict {
    if let Some(text) = &expect.text {
        return plain(text, runs.says(&expect.path, text), "");
    }
    if let Some(jobs) = &expect.jobs {
        let ends = runs.ends();
        let equal = ends.len() == jobs.len() && ends.iter().zip(jobs).all(|(a, b)| (a - b).abs() <= ROUNDING * b);
        return plain(&format!("{jobs:?}"), equal, &format!("{ends:?}"));
    }
    let value = expect.value.expect("an expectation has a value, jobs or text");
    match runs.measure(expect) {
        Ok(measured) => number(expect, value, measured, family),
        Err(problem) => plain(&value.to_string(), false, &problem),
    }
}

fn plain(predicted: &str, agrees: bool, found: &str) -> Verdict {
    let found = if found.is_empty() { if agrees { "yes" } else { "no" } } else { found };
    Verdict {
        agrees,
        possible: agrees,
        cells: [predicted.into(), found.into(), String::new()],
        line: format!("predicted {predicted}, found {found}"),
    }
}

fn number(expect: &Expectation, value: f64, measured: Measured, family: usize) -> Verdict {
    let wide = student_t(1.0 - 0.005 / family as f64, measured.n) / student_t(0.975, measured.n);
    Verdict {
        agrees: within(expect, value, measured, 1.0),
        possible: within(expect, value, measured, wide),
        line: format!("predicted {value}, simulated {} ± {}", measured.value, measured.half),
        cells: [digits(value, 6), digits(measured.value, 6), digits(measured.half, 2)],
    }
}

/// Whether a value is within an interval stretched by a factor.
fn within(expect: &Expectation, value: f64, measured: Measured, stretch: f64) -> bool {
    let slack = stretch * (measured.half + expect.half_width) + (ROUNDING + expect.rel_tol) * value.abs();
    let excess = measured.value - value;
    match expect.kind {
        Kind::BoundUpper => excess <= slack,
        Kind::BoundLower => -excess <= slack,
        _ => excess.abs() <= slack,
    }
}

/// A number with so many significant digits.
fn digits(x: f64, count: i32) -> String {
    let magnitude = if x == 0.0 { 0 } else { x.abs().log10().floor() as i32 };
    format!("{x:.*}", (count - 1 - magnitude).max(0) as usize)
}

#[test]
fn a_value_far_outside_its_interval_is_impossible_and_one_just_outside_only_disagrees() {
    let text = r#"{ "quantity": "q", "path": "p", "kind": "exact", "value": 1.0 }"#;
    let expect: Expectation = serde_json::from_str(text).unwrap();
    let verdict = |value| {
        let verdict = number(&expect, 1.0, Measured { value, half: 0.01, n: 10 }, 100);
        (verdict.agrees, verdict.possible)
    };
    assert_eq!(verdict(1.009), (true, true));
    assert_eq!(verdict(0.98), (false, true));
    assert_eq!(verdict(1.1), (false, false));
}

#[test]
fn bounds_are_one_sided_and_what_is_not_random_is_exact() {
    let judged = |kind: &str, value: f64| {
        let text = format!(r#"{{ "quantity": "q", "path": "p", "kind": "{kind}", "value": 1.0 }}"#);
        let expect: Expectation = serde_json::from_str(&text).unwrap();
        number(&expect, 1.0, Measured { value, half: 0.0, n: 1 }, 100).possible
    };
    assert!(judged("bound_upper", 0.5) && !judged("bound_upper", 1.1));
    assert!(judged("bound_lower", 1.5) && !judged("bound_lower", 0.9));
    assert!(judged("exact", 1.0 + 1e-10) && !judged("exact", 1.0 + 1e-8));
}
