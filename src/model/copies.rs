//! Reads and writes of a database compiled to ops: which nodes they go to, what is waited for, and
//! how writes reach the other copies.

use super::build::Builder;
use super::lower::{Hardware, Owner};
use super::program::{ForkSpec, Losers, Op, Place};
use super::steps::{Body, Caller};
use crate::scenario::{Database, Distribution, Mode, PrimaryWrites, Reads, Replication, Spread};
use crate::syntax::At;

/// Where the nodes of a database are.
#[derive(Debug, Clone, Default)]
pub(super) struct Layout {
    /// How many shards.
    pub(super) shards: u32,
    /// The nodes that take writes, unless nobody is primary.
    pub(super) primary: Option<Role>,
    /// The other nodes.
    pub(super) replica: Option<Role>,
    /// Which versions they have, where there are copies.
    pub(super) store: Option<u32>,
    /// Who chooses the node of a read.
    pub(super) readers: Option<u32>,
    /// Among so many nodes of each shard.
    pub(super) readable: u32,
    /// Which roles are among them: whether each is the primary.
    pub(super) read_from: Vec<bool>,
}

/// The nodes of one role.
#[derive(Debug, Clone)]
pub(super) struct Role {
    /// Whose they are, and how many.
    pub(super) owner: Owner,
    /// What each runs on.
    pub(super) hardware: Hardware,
    /// What each request holds there.
    pub(super) connections: Place,
    /// The station that stands for the first.
    pub(super) front: u32,
    /// Which copies they have.
    pub(super) copies: Option<u32>,
    /// All nodes of a shard, as targets.
    pub(super) all: Option<u32>,
    /// Where writes are applied one at a time.
    pub(super) apply: Option<Place>,
}

/// Code of a database besides its operations.
#[derive(Debug, Clone)]
pub(super) enum Part {
    /// A read, at a primary or a replica.
    Read { primary: bool },
    /// A write of a client, at a primary or a replica.
    Write { primary: bool },
    /// A write that reaches a node from another.
    Copy { primary: bool },
    /// An arm of a write: the primary does it.
    AtPrimary,
    /// An arm of a write: as many replicas as are waited for acknowledge it.
    AtReplicas,
    /// A read that finds out how soon a write is seen: which, and how long after, in ticks.
    Probe(u32, u64),
}

impl Role {
    /// `orders.primary`, and the same for its random streams.
    pub(super) fn names(&self) -> (String, String) {
        let role = self.owner.role.unwrap_or_default();
        (format!("{}.{role}", self.owner.component), format!("{}.{role}", self.owner.streams))
    }

    fn caller(&self) -> Caller {
        let (name, streams) = self.names();
        Caller { replicas: self.owner.count, hardware: self.hardware.clone(), ..Caller::single(&name, &streams) }
    }
}

impl Layout {
    fn role(&self, primary: bool) -> Option<&Role> {
        if primary { self.primary.as_ref() } else { self.replica.as_ref() }
    }
}

impl<'a> Builder<'a> {
    /// A database's operation: at the shard that the request came to.
    pub(super) fn compile_database(&mut self, name: &str, operation: &str) {
        let Some(layout) = self.databases.get(name).cloned() else { return };
        let written = self.replication(name);
        match (operation, written, layout.store) {
            ("read", Some(written), Some(store)) => {
                self.emit(Op::Read { store });
                self.emit_read(name, &layout, written);
                self.emit(Op::Done);
            }
            ("read", ..) => self.emit_at(name, &layout, Part::Read { primary: true }),
            (_, Some(written), Some(store)) => {
                self.emit(Op::Write { store });
                self.emit_write(name, &layout, written, store);
                self.emit_probes(name, store);
                self.emit(Op::Done);
            }
            _ => self.emit_at(name, &layout, Part::Write { primary: true }),
        }
    }

    fn replication(&self, name: &str) -> Option<&'a Replication> {
        Some(&self.scenario.database.get(name)?.replication.as_ref()?.value)
    }

    /// Code of a database besides its operations.
    pub(super) fn compile_part(&mut self, name: &str, part: &Part) {
        let Some(layout) = self.databases.get(name).cloned() else { return };
        let Some(database) = self.scenario.database.get(name) else { return };
        match *part {
            Part::Read { primary } => self.compile_node_read(database, layout.role(primary)),
            Part::Write { primary } => self.compile_node_write(database, layout.role(primary)),
            Part::Copy { primary } => self.compile_copy(database, layout.role(primary)),
            Part::AtPrimary => {
                self.emit_at(name, &layout, Part::Write { primary: true });
                self.emit(Op::Join);
            }
            Part::AtReplicas => {
                let written = self.replication(name);
                let acks = written.map_or(1, |written| match written.mode.value {
                    Mode::SemiSync => written.acks.map_or(1, |acks| acks.0),
                    _ => written.replicas(),
                });
                self.emit_copies(name, &layout, false, Some(acks));
                self.emit(Op::Join);
            }
            Part::Probe(probe, after) => self.compile_probe(name, &layout, probe, after),
        }
    }

    fn part(&mut self, name: &str, part: Part) -> u32 {
        let label = match &part {
            Part::Read { primary } => format!("{name}.read at {}", role(*primary)),
            Part::Write { primary } => format!("{name}.write at {}", role(*primary)),
            Part::Copy { primary } => format!("{name}.write to {}", role(*primary)),
            Part::AtPrimary => format!("{name}.write/primary"),
            Part::AtReplicas => format!("{name}.write/replicas"),
            Part::Probe(probe, _) => format!("{name}/probe {}", probe + 1),
        };
        let known = self.routines.iter().position(|routine| routine.name == label);
        let body = Body::Database { name: name.to_string(), part };
        known.map_or_else(|| self.routine(label, body), |index| index as u32)
    }

    /// A site of the database itself, whose shards choose among their own nodes only.
    fn node_site(&mut self, name: &str, layout: &Layout, balancer: Option<u32>, width: u32, parts: Vec<Part>) -> u32 {
        let routines = parts.into_iter().map(|part| self.part(name, part)).collect();
        let streams = self.lowered.get(name).map_or(String::new(), |lowered| lowered.streams.clone());
        let caller = Caller { replicas: layout.shards, ..Caller::single(name, &streams) };
        let site = self.add_site(&caller, balancer, routines);
        if balancer.is_some() {
            self.sites[site as usize].slice = Some(width);
        }
        site
    }

    /// A call of the only node that can do it: the primary of the shard.
    fn emit_at(&mut self, name: &str, layout: &Layout, part: Part) {
        let Some(role) = &layout.primary else { return };
        let site = self.node_site(name, layout, role.all, role.owner.copies, vec![part]);
        self.emit(Op::Enter { site });
    }

    /// A read: of one node, or of a quorum.
    fn emit_read(&mut self, name: &str, layout: &Layout, written: &Replication) {
        if written.mode.value == Mode::Quorum {
            return self.emit_quorum(name, layout, written, written.r, Part::Read { primary: false });
        }
        let parts = layout.read_from.iter().map(|&primary| Part::Read { primary }).collect();
        let site = self.node_site(name, layout, layout.readers, layout.readable, parts);
        let home = matches!(written.reads.map(|reads| reads.value), Some(Reads::Home));
        self.emit(if home { Op::EnterHome { site } } else { Op::Enter { site } });
    }

    /// All nodes, or as many as are waited for; the first of them that answer are enough.
    fn emit_quorum(
        &mut self,
        name: &str,
        layout: &Layout,
        written: &Replication,
        size: Option<At<crate::syntax::Count>>,
        part: Part,
    ) {
        let Some(role) = &layout.replica else { return };
        let need = written.quorum(size);
        let narrow = matches!(written.spread.map(|spread| spread.value), Some(Spread::Quorum));
        let asked = if narrow { need } else { role.owner.copies };
        let site = self.node_site(name, layout, role.all, role.owner.copies, vec![part]);
        self.emit_fan(site, asked, Some((need, Losers::Abandon)));
    }

    /// A write, until it is committed and on its way to everybody.
    fn emit_write(&mut self, name: &str, layout: &Layout, written: &Replication, store: u32) {
        match written.mode.value {
            Mode::Async => {
                self.emit_at(name, layout, Part::Write { primary: true });
                self.emit(Op::CommitWrite { store });
                self.emit_copies(name, layout, false, None);
            }
            Mode::Sync | Mode::SemiSync => {
                let arms = [Part::AtPrimary, Part::AtReplicas].map(|part| self.part(name, part)).to_vec();
                let need = arms.len() as u32;
                self.forks.push(ForkSpec { arms, need, losers: Losers::Abandon });
                self.emit(Op::Fork { fork: self.forks.len() as u32 - 1 });
                self.emit(Op::CommitWrite { store });
            }
            Mode::Quorum => {
                self.emit_quorum(name, layout, written, written.w, Part::Write { primary: false });
                self.emit(Op::CommitWrite { store });
            }
            Mode::MultiPrimary => {
                let Some(role) = &layout.primary else { return };
                let (balancer, width) = (layout.readers, role.owner.copies);
                let site = self.node_site(name, layout, balancer, width, vec![Part::Write { primary: true }]);
                let home = matches!(written.writes.map(|writes| writes.value), Some(PrimaryWrites::Home));
                self.emit(if home { Op::EnterHome { site } } else { Op::Enter { site } });
                self.emit_copies(name, layout, true, None);
            }
        }
    }

    /// Sends a write to all nodes of a role, and waits for so many of them, or for nobody.
    fn emit_copies(&mut self, name: &str, layout: &Layout, primary: bool, waits: Option<u32>) {
        let Some(role) = layout.role(primary) else { return };
        let width = role.owner.copies;
        let site = self.node_site(name, layout, role.all, width, vec![Part::Copy { primary }]);
        self.emit_fan(site, width, waits.map(|need| (need, Losers::Abandon)));
    }

    fn emit_probes(&mut self, name: &str, store: u32) {
        let probes = self.stores[store as usize].probes.clone();
        for (index, (_, after)) in probes.into_iter().enumerate() {
            let routine = self.part(name, Part::Probe(index as u32, after));
            self.emit(Op::Spawn { routine });
        }
    }

    fn compile_probe(&mut self, name: &str, layout: &Layout, probe: u32, after: u64) {
        let (Some(written), Some(store)) = (self.replication(name), layout.store) else { return };
        if after > 0 {
            let lane = self.lane(after);
            self.emit(Op::Delay { lane });
        }
        self.emit(Op::ReadProbe { store, probe });
        self.emit_read(name, layout, written);
        self.emit(Op::Done);
        self.emit(Op::Vanish);
    }

    fn compile_node_read(&mut self, database: &'a Database, role: Option<&Role>) {
        let Some(role) = role else { return };
        let legs = database.replication.as_ref().map(|replication| &replication.value);
        self.leg(role, "read", legs.and_then(|legs| legs.read.as_ref()));
        self.emit(Op::Acquire { place: role.connections });
        self.compile_steps(&role.caller(), &database.read);
        self.program.extend(role.copies.map(|copies| Op::Peek { copies }));
        self.emit(Op::Release);
        self.leg(role, "response", legs.and_then(|legs| legs.response.as_ref()));
        self.program.extend(role.copies.map(|copies| Op::Show { copies }));
        self.emit(Op::Return);
    }

    /// A client's write; only where nobody is primary it is a message, and one of several.
    fn compile_node_write(&mut self, database: &'a Database, role: Option<&Role>) {
        let Some(role) = role else { return };
        let legs = database.replication.as_ref().map(|replication| &replication.value);
        let quorum = legs.filter(|legs| legs.mode.value == Mode::Quorum);
        let shipped = role.copies.filter(|_| quorum.is_some());
        self.program.extend(shipped.map(|copies| Op::Ship { copies }));
        self.leg(role, "write", quorum.and_then(|legs| legs.write.as_ref()));
        self.emit(Op::Acquire { place: role.connections });
        self.compile_steps(&role.caller(), &database.write);
        let independent = legs.is_some_and(|legs| legs.mode.value == Mode::MultiPrimary);
        let written = |copies| if independent { Op::Update { copies } } else { Op::Apply { copies } };
        self.program.extend(role.copies.map(written));
        self.emit(Op::Release);
        self.program.extend(shipped.map(|_| Op::Done));
        self.leg(role, "ack", quorum.and_then(|legs| legs.ack.as_ref()));
        self.emit(Op::Return);
    }

    /// A write that comes from another node: it arrives late, is applied, or done again.
    fn compile_copy(&mut self, database: &'a Database, role: Option<&Role>) {
        let (Some(role), Some(replication)) = (role, &database.replication) else { return };
        let Some(copies) = role.copies else { return };
        let written = &replication.value;
        self.emit(Op::Ship { copies });
        self.leg(role, "write", written.write.as_ref());
        if let (Some(place), Some(time)) = (role.apply, &written.apply) {
            let law = self.law(time, 1.0);
            self.emit(Op::Visit { place, law, own: false });
        } else if written.lag.is_some() {
            self.leg(role, "lag", written.lag.as_ref());
        } else {
            self.compile_steps(&role.caller(), &database.write);
        }
        self.emit(Op::Apply { copies });
        self.emit(Op::Done);
        self.leg(role, "ack", written.ack.as_ref());
        self.emit(Op::Return);
    }

    /// A message on its way, with random numbers of its own.
    fn leg(&mut self, role: &Role, purpose: &str, time: Option<&At<Distribution>>) {
        let Some(time) = time else { return };
        let law = self.law(time, 1.0);
        match self.laws[law as usize].as_constant() {
            Some(ticks) if ticks < 0.5 => {}
            Some(ticks) => {
                let lane = self.lane(ticks.round() as u64);
                self.emit(Op::Delay { lane });
            }
            None => {
                let stream = self.stream(&role.names().1, purpose);
                self.emit(Op::Wait { law, stream });
            }
        }
    }
}

fn role(primary: bool) -> &'static str {
    if primary { "primary" } else { "replica" }
}
