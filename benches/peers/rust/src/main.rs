//! The same queueing models on other engines, to be timed beside knee.
//!
//! `peers ENGINE` reads runs from standard input, one a line: `STATIONS SERVERS RATE CUSTOMERS SEED`. It answers each
//! with one line, `MEAN SECONDS`: the mean response time that was simulated, and how long that took on the clock.

#![expect(clippy::disallowed_methods, reason = "a bench looks at the clock")]

mod desque;
mod desru;
mod nexosim;
mod odem;
mod setup;
mod simcore;
mod simrs;
mod simu;

use std::io::{self, BufRead, Write};
use std::process::ExitCode;
use std::time::Instant;

use setup::Setup;

/// Simulates once; the mean response time.
type Engine = fn(&Setup) -> f64;

const ENGINES: [(&str, Engine); 7] = [
    ("desque", desque::run),
    ("desru", desru::run),
    ("nexosim", nexosim::run),
    ("odem-rs", odem::run),
    ("simcore", simcore::run),
    ("simrs", simrs::run),
    ("simu-des", simu::run),
];

fn main() -> ExitCode {
    let wanted = std::env::args().nth(1).unwrap_or_default();
    let Some((_, engine)) = ENGINES.iter().find(|(name, _)| *name == wanted) else {
        let names: Vec<&str> = ENGINES.iter().map(|(name, _)| *name).collect();
        eprintln!("usage: peers ENGINE, one of {}", names.join(", "));
        return ExitCode::from(2);
    };
    for line in io::stdin().lock().lines() {
        let line = line.expect("a readable line");
        let Some(setup) = Setup::parse(&line) else {
            eprintln!("not STATIONS SERVERS RATE CUSTOMERS SEED: {line}");
            return ExitCode::from(2);
        };
        let start = Instant::now();
        let mean = engine(&setup);
        println!("{mean} {}", start.elapsed().as_secs_f64());
        io::stdout().flush().expect("a reader");
    }
    ExitCode::SUCCESS
}
