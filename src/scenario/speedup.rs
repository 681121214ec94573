//! The step `speedup`: a parallel job.

use super::Distribution;
use crate::syntax::{At, table};
use crate::units::Ratio;

table! {
    /// `speedup = { work = "1s", serial = 0.05 }`: the serial share of the work on one core of the machine, then the
    /// rest on all of its cores at once, an equal part on each (Amdahl 1967).
    pub struct Speedup {
        /// How long it takes on one core, divided by the machine's speed.
        pub work: At<Distribution>,
        /// The share of it that only one core can do.
        pub serial: Ratio = Ratio(0.0),
    }
}
