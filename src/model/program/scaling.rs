//! What is scaled, and who decides.

use super::Nodes;
use crate::policy::scale::{Scale, Schedule};

/// Something of which there are now more, now fewer.
#[derive(Debug)]
pub struct ScalerSpec {
    /// Its name.
    pub name: String,
    /// What it consists of.
    pub units: Units,
    /// The most units that are ever asked for.
    pub most: u32,
    /// Units in service at the start.
    pub start: u32,
    /// Per unit: the station that stands for it, of which this is the first.
    pub front: u32,
    /// Queues whose messages the units consume.
    pub queues: Vec<u32>,
    /// How long a unit needs to start, a law, and its random stream; none is no time.
    pub boot: Option<(u32, u32)>,
    /// Dollars an hour of each unit.
    pub price: f64,
    /// Who decides, if anybody does.
    pub decider: Option<Decider>,
}

/// What is scaled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Units {
    /// Replicas.
    Nodes(Nodes),
    /// The servers of a station.
    Servers {
        /// Which.
        station: u32,
    },
}

/// Decides how many units there should be. Times are in ticks.
#[derive(Debug)]
pub struct Decider {
    /// What is looked at, and what follows from it; none where only the schedule counts.
    pub policy: Option<(Signal, Box<dyn Scale>)>,
    /// How often.
    pub every: u64,
    /// The fewest units that it leaves.
    pub min: u32,
    /// The most units that it asks for.
    pub max: u32,
    /// How long after a change no units are added.
    pub quiet_out: u64,
    /// How long after a change no units are taken away.
    pub quiet_in: u64,
    /// How many at which time: the fewest, where there is a policy.
    pub schedule: Option<Schedule>,
}

/// What is measured, as an integral or a count over stations.
#[derive(Debug, Clone, PartialEq)]
pub struct Signal {
    /// Of what.
    pub of: Quantity,
    /// First station.
    pub first: u32,
    /// How many stations.
    pub count: u32,
    /// How much of it stands for 1 per unit: cores, or arrivals in a tick.
    pub unit: f64,
}

/// What is measured at stations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quantity {
    /// Busy servers.
    Busy,
    /// Customers, waiting or served.
    Present,
    /// Customers who wait, and messages that wait for consumers.
    Waiting,
    /// Arrivals, also of those who are turned away.
    Arrivals,
}
