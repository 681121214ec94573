//! What is done with the bytes of a user: fuzzers (`fuzz/`) call these functions, and `tests/corpus.rs` with what they found.

mod brief;
mod csv;
mod logs;
mod overrides;
mod points;
mod scenario;

/// Reads bytes and does what a user would; says whether they were good for anything.
pub(crate) type Target = fn(&[u8]) -> bool;

/// What is done with each kind of input.
pub(crate) const TARGETS: [(&str, Target); 5] = [
    ("scenario", scenario::try_bytes),
    ("overrides", overrides::try_bytes),
    ("csv", csv::try_bytes),
    ("logs", logs::try_bytes),
    ("points", points::try_bytes),
];
