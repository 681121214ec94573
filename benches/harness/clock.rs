//! Times of several ways to do something, taken in turn: machines drift, and all ways drift together.

#![expect(clippy::disallowed_methods, reason = "a bench looks at the clock")]

use std::fs;
use std::hint::black_box;
use std::thread::yield_now;
use std::time::Instant;

/// How long something keeps this thread busy, in nanoseconds, and what it says. Where the system does not tell, it
/// is how long it takes.
pub(crate) fn timed<T>(work: impl FnOnce() -> T) -> (f64, T) {
    let before = busy();
    let (nanoseconds, result) = elapsed(work);
    match (before, busy()) {
        (Some(before), Some(after)) => (after - before, result),
        _ => (nanoseconds, result),
    }
}

/// How long something takes, in nanoseconds, and what it says: for work that is not this thread's alone.
pub(crate) fn elapsed<T>(work: impl FnOnce() -> T) -> (f64, T) {
    let start = Instant::now();
    let result = black_box(work());
    (start.elapsed().as_secs_f64() * 1e9, result)
}

/// Nanoseconds for which this thread has had a processor, so that whatever else the machine does takes no time. Linux
/// brings the number up to date when the thread offers its processor to others.
fn busy() -> Option<f64> {
    yield_now();
    let text = fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    text.split(' ').next()?.parse().ok()
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
