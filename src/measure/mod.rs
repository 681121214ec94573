//! Measured data become a scenario's numbers: latencies, access logs and reports of load-test tools are recognised and read a
//! line at a time ([`Log`]), and what they say about arrivals, operations and service times is found ([`findings()`]).
//!
//! Nothing here reads a file: lines come from whoever has them.

mod arrivals;
mod clock;
mod coarse;
pub mod family;
mod findings;
mod fit;
mod goodness;
mod import;
mod log;
mod remarks;
mod sample;
mod search;
mod times;
mod waiting;

#[cfg(test)]
mod tests;

pub use arrivals::{Arrivals, Dispersion, Kind, PoissonTest, Profile, arrivals};
pub use coarse::{by_bins, by_percentiles};
pub use findings::{About, Findings, Origin, Share, findings};
pub use fit::{Candidate, Fitted, LEAST, Number, candidates};
pub use goodness::{CLOSE, Goodness, NEAR, SHARES, TESTABLE, kolmogorov_p_value};
pub use import::{Entry, Format, Hints, REGISTRY, Request, Summary, find, recognise};
pub use log::{Log, Operation, Problem, Reader, Row};
pub use sample::{Points, Sample};
pub use times::Times;
pub use waiting::service_times;
