//! `[machine.NAME]`: a kind of machine: what it has and what it costs.

use super::check::{above_zero, not_negative};
use super::memory::check_hierarchy;
use super::{Discipline, Disk, Fails, MemoryLevel, Network, Pauses};
use crate::diagnostic::Span;
use crate::syntax::{At, Count, Decoder, table};
use crate::units::Bytes;

table! {
    /// A kind of machine.
    pub struct Machine {
        /// Cores: servers of its CPU.
        pub cores: At<Count> = At::new(Count(1)),
        /// Speed relative to the machine that the demands were measured on.
        pub speed: At<f64> = At::new(1.0),
        /// How the CPU shares its cores among requests.
        pub discipline: At<Discipline> = At::default(),
        /// All cores stop from time to time.
        pub pauses: Option<At<Pauses>> = None,
        /// The machine breaks down from time to time, with all its cores; what it does is resumed.
        pub fails: Option<At<Fails>> = None,
        /// Main memory.
        pub memory: Option<Bytes> = None,
        /// What a `memory` step looks through, in order; the last level always hits.
        pub memory_hierarchy: Option<At<Vec<MemoryLevel>>> = None,
        /// The disk: a preset, a preset with some of its keys replaced, or keys.
        pub disk: Option<At<Disk>> = None,
        /// The network interface: its bandwidth, or a table.
        pub network: Option<Network> = None,
        /// Dollars an hour.
        pub price: At<f64> = At::new(0.0),
    } check check_machine
}

fn check_machine(machine: &Machine, _: Span, cx: &mut Decoder) {
    above_zero(machine.speed.value, machine.speed.span, "`speed`", cx);
    not_negative(machine.price.value, machine.price.span, "`price`", cx);
    machine.memory_hierarchy.iter().for_each(|levels| check_hierarchy(levels, cx));
}
