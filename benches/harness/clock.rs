//! Times of several ways to do something, taken in turn: machines drift, and all ways drift together.

#![expect(clippy::disallowed_methods, reason = "a bench looks at the clock")]

use std::hint::black_box;
use std::time::Instant;

/// How long something takes, in nanoseconds, and what it says.
pub(crate) fn timed<T>(work: impl FnOnce() -> T) -> (f64, T) {
    let start = Instant::now();
    let result = black_box(work());
    (start.elapsed().as_secs_f64() * 1e9, result)
}

/// Medians over rounds of what each side says in a round, which it is told. Who is first changes from round to round.
pub(crate) fn medians<const N: usize>(rounds: u64, sides: [&mut dyn FnMut(u64) -> f64; N]) -> [f64; N] {
    let mut values = [const { Vec::new() }; N];
    for round in 0..rounds {
        for turn in 0..N {
            let side = (turn + round as usize) % N;
            values[side].push(sides[side](round));
        }
    }
    values.map(median)
}

/// The one in the middle.
pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
