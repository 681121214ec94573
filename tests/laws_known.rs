//! The laws against numbers computed elsewhere, by other programs or in print, to eight digits.
//!
//! Each test is named after a model; its comment gives the formula and whose it is. The same
//! models are simulated in `tests/validation/`.

#[path = "laws_known/balancing.rs"]
mod balancing;
#[path = "laws_known/closed.rs"]
mod closed;
#[path = "laws_known/exponential.rs"]
mod exponential;
#[path = "laws_known/general.rs"]
mod general;
#[path = "laws_known/open.rs"]
mod open;

/// Fails with all that differ by more than a relative 1e-8: name, computed, expected.
#[track_caller]
fn agree(values: &[(&str, f64, f64)]) {
    let differs = |(_, value, expected): &&(&str, f64, f64)| {
        let close = (value - expected).abs() <= 1e-8 * expected.abs();
        !close
    };
    let wrong: Vec<_> = values.iter().filter(differs).collect();
    assert!(wrong.is_empty(), "name, computed, expected: {wrong:#?}");
}
