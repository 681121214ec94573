//! `[machine.NAME]`: a kind of machine: what it has and what it costs.

use super::check::{above_zero, not_negative};
use super::{Discipline, Network};
use crate::diagnostic::Span;
use crate::syntax::{At, Count, Decoder, choice, table};
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
        /// Main memory.
        pub memory: Option<Bytes> = None,
        /// The disk.
        pub disk: Option<DiskPreset> = None,
        /// The network interface: its bandwidth, or a table.
        pub network: Option<Network> = None,
        /// Dollars an hour.
        pub price: At<f64> = At::new(0.0),
    } later { "memory-hierarchy" }
    check check_machine
}

fn check_machine(machine: &Machine, _: Span, cx: &mut Decoder) {
    above_zero(machine.speed.value, machine.speed.span, "`speed`", cx);
    not_negative(machine.price.value, machine.price.span, "`price`", cx);
}

choice! {
    /// A disk by its kind.
    #[derive(Copy)]
    pub enum DiskPreset {
        /// A spinning disk.
        Hdd,
        /// A solid-state disk on SATA.
        Ssd,
        /// A solid-state disk on PCI Express.
        Nvme,
    }
}
