//! Groups of equal stations, and what they do that stations of textbooks do not.

use super::program::{self, Place};
use crate::policy::discipline::Rule;

/// Equal stations, one a replica, reported together.
#[derive(Debug, Clone)]
pub struct Group {
    /// The component.
    pub component: String,
    /// Which part of it, if it is not a station by itself: `cpu`, `primary.cpu`.
    pub part: Option<String>,
    /// How many stations each replica of the component has of this part: the nodes of a role.
    pub copies: u32,
    /// How many stations each of those nodes has of this part, one after another: the disks of an array.
    pub width: u32,
    /// Index of the first station.
    pub first: u32,
    /// How many.
    pub count: u32,
    /// Servers of each; none is infinite.
    pub servers: Option<u32>,
    /// The most servers that each ever has, where their number changes.
    pub most_servers: Option<u32>,
    /// Most customers in each, waiting and in service; none is no limit.
    pub capacity: Option<u32>,
    /// Who is served next.
    pub rule: Rule,
    /// Quantum of round-robin, in ticks.
    pub quantum: u64,
    /// How long a customer waits before it leaves.
    pub patience: Option<u32>,
    /// Customers at the start, in each.
    pub initial: u32,
    /// Routine of the customers at the start.
    pub initial_routine: u32,
    /// Held until released rather than for a service time.
    pub held: bool,
    /// One holder per key.
    pub keyed: bool,
    /// What it does that a station of a textbook does not.
    pub special: Special,
    /// A waiting room: nobody is served, whoever is in it waits until let out.
    pub room: bool,
    /// Random stream of service times.
    pub service_stream: u32,
    /// Random stream of patience.
    pub patience_stream: u32,
    /// Random stream of the discipline.
    pub discipline_stream: u32,
}

impl Group {
    /// `desk`, `app.cpu`.
    pub fn name(&self) -> String {
        match &self.part {
            Some(part) => format!("{}.{part}", self.component),
            None => self.component.clone(),
        }
    }

    /// `desk[2]`, `app[2].cpu`, `orders.replica[1].cpu`, `orders[3].replica[1].cpu`, `db[0].disk[3]`, `db.disk[3]`.
    pub fn replica_name(&self, replica: u32) -> String {
        let (name, part) = (&self.component, self.part.as_deref().unwrap_or(""));
        let (nodes, node) = (self.count / self.width, replica / self.width);
        let slot = if self.width == 1 { String::new() } else { format!("[{}]", replica % self.width) };
        let dotted = if part.is_empty() { String::new() } else { format!(".{part}") };
        if self.copies == 1 {
            let whole = if nodes == 1 && self.width > 1 { String::new() } else { format!("[{node}]") };
            return format!("{name}{whole}{dotted}{slot}");
        }
        let (role, rest) =
            part.split_once('.').map_or((part, String::new()), |(role, rest)| (role, format!(".{rest}")));
        let whole = if nodes == self.copies { String::new() } else { format!("[{}]", node / self.copies) };
        format!("{name}{whole}.{role}[{}]{rest}{slot}", node % self.copies)
    }

    /// The most servers that each ever has; of endless ones, one stands for all.
    pub fn servers_ever(&self) -> u32 {
        self.most_servers.or(self.servers).unwrap_or(1)
    }

    /// Servers of so many of its stations; none is infinite. A waiting room has none.
    pub fn working(&self, stations: u32) -> Option<u64> {
        if self.room { Some(0) } else { self.servers.map(|servers| u64::from(servers) * u64::from(stations)) }
    }

    /// Where a visit to this group goes.
    pub fn place(&self) -> Place {
        if self.count == 1 { Place::shared(self.first) } else { Place::per_replica(self.first) }
    }

    /// Whether customers may be turned away or leave: such a station is never unstable.
    pub fn loses(&self) -> bool {
        self.capacity.is_some() && !self.special.blocks || self.patience.is_some() || self.special.shed.is_some()
    }

    /// The most service that all of its servers can do per unit of time; none is without limit.
    pub fn most_service(&self) -> Option<f64> {
        let special = &self.special;
        let each = special.availability * f64::from(special.batch);
        self.servers.map(|servers| f64::from(servers) * f64::from(self.count) * each)
    }
}

/// What a station does that a station of a textbook does not.
#[derive(Debug, Clone)]
pub struct Special {
    /// What happens to its servers.
    pub daemons: Vec<program::Daemon>,
    /// The share of time in which a server that always had work would be there.
    pub availability: f64,
    /// Servers that are off are set up when needed.
    pub sets_up: bool,
    /// How long an idle server stays, in ticks.
    pub keep_alive: u64,
    /// Whoever finds it full waits where he is.
    pub blocks: bool,
    /// Most customers in one service.
    pub batch: u32,
    /// Contention and coherency: how customers slow each other.
    pub slowdown: Option<(f64, f64)>,
    /// Something may happen to all of it at once.
    pub eventful: bool,
    /// Who is shed from its lines: index into the model's.
    pub shed: Option<u32>,
    /// Its node crashes at random.
    pub crashes: bool,
    /// It may become slower.
    pub slowed: bool,
    /// Random stream of which server fails, and when.
    pub stream: u32,
}

impl Special {
    /// Whether it is not special at all.
    pub fn is_none(&self) -> bool {
        !self.is_absent() && !self.blocks && self.batch == 1 && self.slowdown.is_none() && self.shed.is_none()
    }

    /// Whether its servers are not always there.
    pub fn is_absent(&self) -> bool {
        self.eventful || !self.daemons.is_empty()
    }
}
