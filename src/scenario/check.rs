//! Checks that several tables share. Each reports at most one problem.

use crate::diagnostic::{Diagnostic, Span};
use crate::syntax::{At, Decoder, Named};
use crate::units::Ratio;

/// How far shares may sum from 1: what is lost when writing them as decimals.
const TOLERANCE: f64 = 1e-9;

/// Reports `message` unless `holds`.
pub(super) fn require(holds: bool, span: Span, message: &str, label: &str, cx: &mut Decoder) {
    if !holds {
        cx.push(Diagnostic::error(span, message).label(label));
    }
}

/// Reports a number that is not above zero.
pub(super) fn above_zero(number: f64, span: Span, what: &str, cx: &mut Decoder) {
    let problem = if number == 0.0 { "zero" } else { "negative" };
    require(number > 0.0, span, &format!("{what} is {problem}"), "must be above zero", cx);
}

/// Reports a number below zero.
pub(super) fn not_negative(number: f64, span: Span, what: &str, cx: &mut Decoder) {
    require(number >= 0.0, span, &format!("{what} is negative"), "must be at least zero", cx);
}

/// Reports a number of things that would not fit into memory.
pub(super) fn at_most(count: u32, most: u32, span: Span, what: &str, cx: &mut Decoder) {
    let message = format!("too many {what}: {count}");
    let label = format!("at most {most}");
    require(count <= most, span, &message, &label, cx);
}

/// Reports shares that do not sum to 1, unless one of them could not be read.
pub(super) fn sum_to_one(shares: impl Iterator<Item = f64>, span: Span, what: &str, cx: &mut Decoder) {
    let sum: f64 = shares.sum();
    let holds = (sum - 1.0).abs() <= TOLERANCE || cx.has_problem_in(span);
    require(holds, span, &format!("{what} do not sum to 1"), &format!("they sum to {}", shown(sum)), cx);
}

/// Reports a row of routing probabilities that sums to more than 1; the rest leaves.
pub(super) fn check_routing(from: &str, row: &At<Named<At<Ratio>>>, cx: &mut Decoder) {
    let sum: f64 = row.iter().map(|(_, share)| share.value.value.0).sum();
    let message = format!("the probabilities of leaving `{from}` sum to more than 1");
    require(sum <= 1.0 + TOLERANCE, row.span, &message, &format!("they sum to {}", shown(sum)), cx);
}

/// Reports the first of several numbers that is not greater than the one before it.
pub(super) fn increasing(numbers: &[At<f64>], what: &str, cx: &mut Decoder) {
    if let Some(pair) = numbers.windows(2).find(|pair| pair[0].value >= pair[1].value) {
        let found = Diagnostic::error(pair[1].span, format!("{what} must increase"));
        cx.push(found.label("not after the one before").note(pair[0].span, "the one before"));
    }
}

/// A sum without the dust of binary fractions.
fn shown(sum: f64) -> f64 {
    crate::units::round_to_digits(sum, 9)
}
