//! Reads and writes of a database compiled to ops: which nodes they go to, what is waited for, and
//! how writes reach the other copies.

use super::admission::Gates;
use super::build::Builder;
use super::layout::{Layout, Part, Role, role};
use super::program::{ForkSpec, LogOwner, LogSpec, Losers, NOWHERE, Op, Region};
use super::steps::{Body, Caller};
use super::wiring::{Destination, Origin};
use crate::scenario::{Database, Distribution, Mode, PrimaryWrites, Reads, Replication, Spread};
use crate::syntax::At;

impl<'a> Builder<'a> {
    /// A database's operation: at the shard that the request came to, for callers from nowhere in particular.
    pub(super) fn compile_database(&mut self, name: &str, operation: &str) {
        let Some(layout) = self.databases.get(name).cloned() else { return };
        self.emit_operation(&layout, operation == "write", Origin::default());
    }

    /// What a database whose nodes are somewhere does for callers from a place.
    pub(super) fn entry_from(&mut self, to: &Destination, from: Origin) -> Option<u32> {
        let layout = self.databases.get(&to.component).filter(|layout| layout.is_placed())?.clone();
        let write = to.operation == "write";
        (from.place != NOWHERE).then(|| self.part(&layout, Part::Operation { write, from }))
    }

    fn emit_operation(&mut self, layout: &Layout, write: bool, from: Origin) {
        let gates = match self.scenario.database.get(&layout.name) {
            Some(database) => self.gates(&layout.name, &database.admit, 1),
            None => Gates::default(),
        };
        self.emit_arrival(&gates);
        self.emit_inside(layout, write, from);
        self.emit_departure(&gates);
    }

    fn emit_inside(&mut self, layout: &Layout, write: bool, from: Origin) {
        let caller = layout.from(from);
        match (self.replication(&layout.name), layout.store) {
            (Some(written), Some(store)) if !write => {
                self.emit(Op::Read { store });
                self.emit_read(layout, &caller, written);
                self.emit(Op::Done);
            }
            (Some(_), Some(store)) if layout.homes.is_some() => self.emit_at_primary(layout, &caller, store, from),
            (Some(written), Some(_)) if layout.is_placed() && has_one_primary(written) => {
                self.emit_at(layout, &caller, Part::AtHome { from, home: 0 });
            }
            (Some(_), Some(_)) => self.emit_versioned(layout, &caller, from, 0),
            _ if write => self.emit_at(layout, &caller, Part::Write { primary: true }),
            _ => self.emit_at(layout, &caller, Part::Read { primary: true }),
        }
    }

    /// A new version is written, and probed.
    fn emit_versioned(&mut self, layout: &Layout, caller: &Caller, from: Origin, home: u32) {
        let (Some(written), Some(store)) = (self.replication(&layout.name), layout.store) else { return };
        self.emit(Op::Write { store });
        self.emit_write(layout, caller, written, [store, home]);
        self.emit_probes(layout, store, from.place);
        self.emit(Op::Done);
    }

    pub(super) fn replication(&self, name: &str) -> Option<&'a Replication> {
        Some(&self.scenario.database.get(name)?.replication.as_ref()?.value)
    }

    /// Code of a database besides its operations.
    pub(super) fn compile_part(&mut self, name: &str, part: &Part) {
        let Some(layout) = self.databases.get(name).cloned() else { return };
        let Some(database) = self.scenario.database.get(name) else { return };
        match *part {
            Part::Operation { write, from } => {
                self.emit_operation(&layout, write, from);
                self.emit(Op::Return);
            }
            Part::AtHome { from, home } => {
                self.emit_versioned(&layout, &layout.at_home(home), from, home);
                self.emit(Op::Return);
            }
            Part::Read { primary } => self.compile_node_read(database, &layout, primary),
            Part::Write { primary } => self.compile_node_write(database, &layout, primary),
            Part::Copy { primary } => self.compile_copy(database, &layout, primary),
            Part::AtPrimary { home } => {
                self.emit_at_home(&layout, &layout.at_home(home), home);
                self.emit(Op::Join);
            }
            Part::Log { primary } => self.compile_log(database, &layout, primary),
            Part::AtReplicas { home } => {
                let written = self.replication(name);
                let acks = written.map_or(1, |written| match written.mode.value {
                    Mode::SemiSync => written.acks.map_or(1, |acks| acks.0),
                    _ => written.replicas(),
                });
                self.emit_copies(&layout, &layout.at_home(home), LogOwner::Copy(home), Some(acks));
                self.emit(Op::Join);
            }
            Part::Probe(probe, after, place) => self.compile_probe(&layout, probe, after, place),
        }
    }

    pub(super) fn part(&mut self, layout: &Layout, part: Part) -> u32 {
        let key = (layout.name.clone(), self.label(&layout.name, &part));
        if let Some(&known) = self.entries.get(&key) {
            return known;
        }
        let routine = self.routine(key.1.clone(), Body::Database { name: layout.name.clone(), part });
        self.entries.insert(key, routine);
        routine
    }

    fn label(&self, name: &str, part: &Part) -> String {
        match *part {
            Part::Operation { write, from } => {
                format!("{name}.{} from {}", if write { "write" } else { "read" }, self.origin_name(from))
            }
            Part::AtHome { from, home: 0 } => format!("{name}.write at home from {}", self.origin_name(from)),
            Part::AtHome { from, home } => format!("{name}.write at copy {home} from {}", self.origin_name(from)),
            Part::Read { primary } => format!("{name}.read at {}", role(primary)),
            Part::Write { primary } => format!("{name}.write at {}", role(primary)),
            Part::Copy { primary } => format!("{name}.write to {}", role(primary)),
            Part::AtPrimary { home: 0 } => format!("{name}.write/primary"),
            Part::AtReplicas { home: 0 } => format!("{name}.write/replicas"),
            Part::AtPrimary { home } => format!("{name}.write/copy {home}"),
            Part::AtReplicas { home } => format!("{name}.write/all but copy {home}"),
            Part::Log { primary } => format!("{name}.log to {}", role(primary)),
            Part::Probe(probe, _, NOWHERE) => format!("{name}/probe {}", probe + 1),
            Part::Probe(probe, _, place) => format!("{name}/probe {} from {}", probe + 1, self.place_name(place)),
        }
    }

    fn origin_name(&self, Origin { place, payload }: Origin) -> String {
        format!("{}/{} B/{} B", self.place_name(place), payload.request, payload.response)
    }

    /// A site of the database itself, whose shards choose among their own nodes only.
    pub(super) fn node_site(
        &mut self,
        layout: &Layout,
        caller: &Caller,
        balancer: Option<u32>,
        width: u32,
        parts: Vec<Part>,
    ) -> u32 {
        let destinations: Vec<Destination> = parts.iter().map(|part| layout.destination(part)).collect();
        let routines = parts.into_iter().map(|part| self.part(layout, part)).collect();
        let site = self.add_site(caller, balancer, routines);
        if balancer.is_some() {
            self.sites[site as usize].slice = Some(width);
            self.sites[site as usize].sharing = caller.replicas / layout.shards;
        }
        if layout.is_placed() {
            self.draft(site, caller, destinations);
        }
        site
    }

    /// A call of the only node that can do it: the primary of the shard.
    pub(super) fn emit_at(&mut self, layout: &Layout, caller: &Caller, part: Part) {
        let Some(role) = &layout.primary else { return };
        let site = self.node_site(layout, caller, role.all, role.owner.copies, vec![part]);
        self.emit(Op::Enter { site });
    }

    /// A read: of one node, or of a quorum.
    fn emit_read(&mut self, layout: &Layout, caller: &Caller, written: &Replication) {
        if written.mode.value == Mode::Quorum {
            return self.emit_quorum(layout, caller, written, written.r, Part::Read { primary: false });
        }
        let parts = layout.read_from.iter().map(|&primary| Part::Read { primary }).collect();
        let site = self.node_site(layout, caller, layout.readers, layout.readable, parts);
        let store = layout.store.filter(|_| layout.homes.is_some());
        self.emit(match (written.reads.map(|reads| reads.value), store) {
            (Some(Reads::Home), _) => Op::EnterHome { site },
            (None | Some(Reads::Primary), Some(store)) => Op::EnterPrimary { site, store },
            _ => Op::Enter { site },
        });
    }

    /// All nodes, or as many as are waited for; the first of them that answer are enough.
    fn emit_quorum(
        &mut self,
        layout: &Layout,
        caller: &Caller,
        written: &Replication,
        size: Option<At<crate::syntax::Count>>,
        part: Part,
    ) {
        let Some(role) = &layout.replica else { return };
        let need = written.quorum(size);
        let narrow = matches!(written.spread.map(|spread| spread.value), Some(Spread::Quorum));
        let asked = if narrow { need } else { role.owner.copies };
        let site = self.node_site(layout, caller, role.all, role.owner.copies, vec![part]);
        self.emit_fan(site, asked, Some((need, Losers::Abandon)));
    }

    /// A write, until it is committed and on its way to everybody.
    fn emit_write(&mut self, layout: &Layout, caller: &Caller, written: &Replication, [store, home]: [u32; 2]) {
        match written.mode.value {
            Mode::Async => {
                self.emit_at_home(layout, caller, home);
                self.emit(Op::CommitWrite { store });
                self.emit_copies(layout, caller, LogOwner::Copy(home), None);
            }
            Mode::Sync | Mode::SemiSync => {
                let arms = [Part::AtPrimary { home }, Part::AtReplicas { home }];
                let arms = arms.map(|part| self.part(layout, part)).to_vec();
                let need = arms.len() as u32;
                self.forks.push(ForkSpec { arms, need, losers: Losers::Abandon });
                self.emit(Op::Fork { fork: self.forks.len() as u32 - 1 });
                self.emit(Op::CommitWrite { store });
            }
            Mode::Quorum => {
                self.emit_quorum(layout, caller, written, written.w, Part::Write { primary: false });
                self.emit(Op::CommitWrite { store });
            }
            Mode::MultiPrimary => {
                let Some(role) = &layout.primary else { return };
                let (balancer, width) = (layout.writers, role.owner.copies);
                let site = self.node_site(layout, caller, balancer, width, vec![Part::Write { primary: true }]);
                let home = matches!(written.writes.map(|writes| writes.value), Some(PrimaryWrites::Home));
                self.emit(if home { Op::EnterHome { site } } else { Op::Enter { site } });
                if !self.sends_itself(layout) {
                    self.emit_copies(layout, caller, LogOwner::Here, None);
                }
            }
        }
    }

    /// Sends a write to the other nodes, and waits for so many of them, or for nobody.
    fn emit_copies(&mut self, layout: &Layout, caller: &Caller, owner: LogOwner, waits: Option<u32>) {
        let primary = !matches!(owner, LogOwner::Copy(_));
        let Some(role) = layout.role(primary) else { return };
        let width = role.owner.copies;
        let (balancer, parts) = match (owner, &layout.homes) {
            (LogOwner::Copy(home), Some(homes)) => (Some(homes.copies[home as usize].1), ROLES.map(copy).to_vec()),
            _ => (role.all, vec![Part::Copy { primary }]),
        };
        let site = self.node_site(layout, caller, balancer, width, parts);
        let waits = waits.map(|need| (need, Losers::Abandon));
        match layout.store.filter(|_| self.may_fail(layout)) {
            Some(store) => {
                let join = self.part(layout, Part::Log { primary });
                self.emit_posts(site, width, waits, join, Some(LogSpec { store, owner }));
            }
            None => self.emit_fan(site, width, waits),
        }
    }

    fn emit_probes(&mut self, layout: &Layout, store: u32, place: Region) {
        let probes = self.stores[store as usize].probes.clone();
        for (index, (_, after)) in probes.into_iter().enumerate() {
            let routine = self.part(layout, Part::Probe(index as u32, after, place));
            self.emit(Op::Spawn { routine });
        }
    }

    fn compile_probe(&mut self, layout: &Layout, probe: u32, after: u64, place: Region) {
        let (Some(written), Some(store)) = (self.replication(&layout.name), layout.store) else { return };
        if after > 0 {
            let lane = self.lane(after);
            self.emit(Op::Delay { lane });
        }
        self.emit(Op::ReadProbe { store, probe });
        self.emit_read(layout, &layout.from(Origin { place, ..Origin::default() }), written);
        self.emit(Op::Done);
        self.emit(Op::Vanish);
    }

    fn compile_node_read(&mut self, database: &'a Database, layout: &Layout, primary: bool) {
        let Some(role) = layout.role(primary) else { return };
        let legs = database.replication.as_ref().map(|replication| &replication.value);
        self.leg(role, "read", legs.and_then(|legs| legs.read.as_ref()));
        self.emit(Op::Acquire { place: role.connections });
        self.compile_steps(&role.caller(), &database.read);
        self.program.extend(role.copies.map(|copies| Op::Peek { copies }));
        self.emit(Op::Release);
        self.leg(role, "response", legs.and_then(|legs| legs.response.as_ref()));
        // Where there are places, the answer is still to cross a link.
        let here = role.copies.filter(|_| !layout.is_placed());
        self.program.extend(here.map(|copies| Op::Show { copies }));
        self.emit(Op::Return);
    }

    /// A client's write; only where nobody is primary it is a message, and one of several.
    fn compile_node_write(&mut self, database: &'a Database, layout: &Layout, primary: bool) {
        let Some(role) = layout.role(primary) else { return };
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
        if independent && self.sends_itself(layout) {
            self.emit_copies(layout, &role.caller(), LogOwner::Here, None);
        }
        self.leg(role, "ack", quorum.and_then(|legs| legs.ack.as_ref()));
        self.emit(Op::Return);
    }

    /// A write that comes from another node: it arrives late, is applied, or done again.
    fn compile_copy(&mut self, database: &'a Database, layout: &Layout, primary: bool) {
        let (Some(role), Some(replication)) = (layout.role(primary), &database.replication) else { return };
        let Some(copies) = role.copies else { return };
        let written = &replication.value;
        self.emit(Op::Ship { copies });
        self.leg(role, "write", written.write.as_ref());
        if let (Some(place), Some(time)) = (role.apply, &written.apply) {
            let law = self.law(time, 1.0);
            self.emit(Op::Visit { place, law, own: false });
        } else if written.lag.is_some() {
            // What is kept in a log has been late there.
            self.leg(role, "lag", written.lag.as_ref().filter(|_| !self.may_fail(layout)));
        } else {
            self.compile_steps(&role.caller(), &database.write);
        }
        self.emit(Op::Apply { copies });
        self.emit(Op::Done);
        self.leg(role, "ack", written.ack.as_ref());
        self.emit(Op::Return);
    }

    /// A message on its way, with random numbers of its own.
    pub(super) fn leg(&mut self, role: &Role, purpose: &str, time: Option<&At<Distribution>>) {
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

/// Whether a node is one of those that begin as primaries.
const ROLES: [bool; 2] = [true, false];

fn copy(primary: bool) -> Part {
    Part::Copy { primary }
}

fn has_one_primary(written: &Replication) -> bool {
    !matches!(written.mode.value, Mode::Quorum | Mode::MultiPrimary)
}
