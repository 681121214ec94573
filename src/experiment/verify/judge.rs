//! Whether what was simulated agrees with what is known.

use super::case::Expectation;
use super::measure::{Measured, Runs};
use crate::experiment::results::{Knowledge, Reading, VerifiedValue};
use crate::numeric::t_quantile;

/// Relative difference that rounding may cause where nothing is random.
const ROUNDING: f64 = 1e-9;

/// Of a whole family of true values, one is called impossible with at most this probability.
const FALSE_ALARM: f64 = 0.01;

/// Compares one expectation, one of a family of so many.
pub(super) fn judge(expect: &Expectation, runs: &Runs, family: usize) -> VerifiedValue {
    if let Some(text) = &expect.text {
        let says = runs.says(&expect.path, text);
        return plain(expect, text.clone(), says, if says { "yes" } else { "no" }.into());
    }
    if let Some(jobs) = &expect.jobs {
        let ends = runs.ends();
        let equal = ends.len() == jobs.len() && ends.iter().zip(jobs).all(|(a, b)| (a - b).abs() <= ROUNDING * b);
        return plain(expect, format!("{jobs:?}"), equal, format!("{ends:?}"));
    }
    match (expect.value, runs.measure(expect)) {
        (Some(value), Ok(measured)) => number(expect, value, measured, family),
        (value, Err(problem)) => refuted(expect, value, problem),
        (None, _) => refuted(expect, None, "nothing is predicted".into()),
    }
}

/// An expectation of which nothing could be simulated.
pub(super) fn refuted(expect: &Expectation, value: Option<f64>, problem: String) -> VerifiedValue {
    let predicted = value.map_or_else(|| Reading::Text(String::new()), Reading::Number);
    VerifiedValue { predicted, ..plain(expect, String::new(), false, problem) }
}

fn plain(expect: &Expectation, predicted: String, agrees: bool, found: String) -> VerifiedValue {
    VerifiedValue {
        quantity: expect.quantity.clone(),
        kind: expect.kind,
        predicted: Reading::Text(predicted),
        simulated: Reading::Text(found),
        half_width: 0.0,
        agrees,
        possible: agrees,
    }
}

fn number(expect: &Expectation, value: f64, measured: Measured, family: usize) -> VerifiedValue {
    VerifiedValue {
        quantity: expect.quantity.clone(),
        kind: expect.kind,
        predicted: Reading::Number(value),
        simulated: Reading::Number(measured.value),
        half_width: measured.half,
        agrees: within(expect, value, measured, 1.0),
        possible: within(expect, value, measured, stretch(measured.n, family)),
    }
}

/// How much wider an interval has to be so that all of a family hold at once (Bonferroni 1936).
fn stretch(n: u32, family: usize) -> f64 {
    let freedom = u64::from(n.max(2)) - 1;
    t_quantile(freedom, 1.0 - FALSE_ALARM / 2.0 / family as f64) / t_quantile(freedom, 0.975)
}

/// Whether a value is within an interval stretched by a factor.
fn within(expect: &Expectation, value: f64, measured: Measured, stretch: f64) -> bool {
    let slack = stretch * (measured.half + expect.half_width) + (ROUNDING + expect.rel_tol) * value.abs();
    let excess = measured.value - value;
    match expect.kind {
        Knowledge::BoundUpper => excess <= slack,
        Knowledge::BoundLower => -excess <= slack,
        _ => excess.abs() <= slack,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expecting_one(kind: &str) -> Expectation {
        let text = format!(r#"{{ "quantity": "q", "path": "p", "kind": "{kind}", "value": 1.0 }}"#);
        serde_json::from_str(&text).unwrap()
    }

    #[test]
    fn a_value_far_outside_its_interval_is_impossible_and_one_just_outside_only_misses() {
        let verdict = |value| {
            let verdict = number(&expecting_one("exact"), 1.0, Measured { value, half: 0.01, n: 10 }, 100);
            (verdict.agrees, verdict.possible)
        };
        assert_eq!(verdict(1.009), (true, true));
        assert_eq!(verdict(0.98), (false, true));
        assert_eq!(verdict(1.1), (false, false));
    }

    #[test]
    fn bounds_are_one_sided_and_what_is_not_random_is_exact() {
        let judged = |kind: &str, value: f64| {
            number(&expecting_one(kind), 1.0, Measured { value, half: 0.0, n: 1 }, 100).possible
        };
        assert!(judged("bound_upper", 0.5) && !judged("bound_upper", 1.1));
        assert!(judged("bound_lower", 1.5) && !judged("bound_lower", 0.9));
        assert!(judged("exact", 1.0 + 1e-10) && !judged("exact", 1.0 + 1e-8));
    }
}
