//! Gates: who is let in at the door of a component, and who is inside.

use std::collections::BTreeMap;

use super::Engine;
use super::gate_record::GateRecord;
use super::interpret::Flow;
use super::record::Failure;
use super::task::{Client, FrameKind, NONE};
use crate::model::program::{GateSpec, Op};
use crate::policy::admit::{Admit, Done, Verdict};
use crate::scenario::Per;
use crate::stats::Integral;

/// The gates of a component's replicas.
pub(crate) struct Gate {
    /// By replica.
    shared: Vec<Door>,
    /// By replica, and workload or key, where there is one for each.
    own: BTreeMap<(u32, u64), Door>,
    /// Inside, and how many may be, at all replicas together.
    inside: u32,
    limit: u32,
    tally: Tally,
}

/// One policy at work.
struct Door {
    policy: Box<dyn Admit>,
    inside: u32,
}

#[derive(Default)]
struct Tally {
    inside: Integral,
    limit: Integral,
    counts: GateRecord,
}

impl Gate {
    pub(crate) fn new(spec: &GateSpec) -> Gate {
        let shared: Vec<Door> = (0..spec.replicas).map(|_| Door::new(spec)).collect();
        let limit = shared.iter().filter_map(|door| door.policy.limit()).sum();
        let tally = Tally { limit: Integral::starting(0, limit), ..Tally::default() };
        Gate { shared, own: BTreeMap::new(), inside: 0, limit, tally }
    }

    /// How many have a policy of their own.
    pub(super) fn len(&self) -> usize {
        self.own.len()
    }

    fn door(&mut self, spec: &GateSpec, replica: u32, who: Option<u64>) -> &mut Door {
        // What is not replicated has one, whichever replica of its caller is at it.
        let replica = if spec.replicas > 1 { replica } else { 0 };
        match who {
            None => &mut self.shared[replica as usize],
            Some(who) => self.own.entry((replica, who)).or_insert_with(|| Door::new(spec)),
        }
    }

    fn arrive(&mut self, spec: &GateSpec, replica: u32, who: Option<u64>, now: u64) -> Verdict {
        let door = self.door(spec, replica, who);
        let verdict = door.policy.arrive(now, door.inside);
        let counts = &mut self.tally.counts;
        match verdict {
            Verdict::Refuse => counts.refused += 1,
            Verdict::Admit => counts.wait.record(0),
            Verdict::Wait(ticks) => counts.wait.record(ticks),
        }
        verdict
    }

    /// One comes in; returns how many are inside of the same door.
    fn enter(&mut self, spec: &GateSpec, replica: u32, who: Option<u64>, now: u64) -> u32 {
        self.tally.inside.up(now);
        self.inside += 1;
        let door = self.door(spec, replica, who);
        door.inside += 1;
        door.inside
    }

    fn leave(&mut self, spec: &GateSpec, replica: u32, who: Option<u64>, now: u64, done: Done) {
        self.tally.inside.down(now);
        self.inside -= 1;
        let door = self.door(spec, replica, who);
        door.inside -= 1;
        let before = door.policy.limit().unwrap_or(0);
        door.policy.leave(now, done);
        let after = door.policy.limit().unwrap_or(0);
        if who.is_none() && before != after {
            let limit = self.limit - before + after;
            self.tally.limit.change(now, self.limit, limit);
            self.limit = limit;
        }
    }

    /// Counting begins anew.
    pub(crate) fn restart(&mut self, now: u64) {
        let (inside, limit) = (Integral::starting(now, self.inside), Integral::starting(now, self.limit));
        self.tally = Tally { inside, limit, counts: GateRecord::default() };
    }

    /// What was counted.
    pub(crate) fn close(self, now: u64) -> GateRecord {
        let (inside, limit) = (&self.tally.inside, &self.tally.limit);
        GateRecord {
            inside_area: inside.area(now, self.inside),
            inside_at_end: self.inside,
            limit_area: limit.area(now, self.limit),
            ..self.tally.counts
        }
    }
}

impl Door {
    fn new(spec: &GateSpec) -> Door {
        Door { policy: spec.policy.fresh(), inside: 0 }
    }
}

/// Whose door it is, where everybody has one.
fn owner(spec: &GateSpec, client: &Client) -> Option<u64> {
    match spec.per {
        Per::All => None,
        Per::Workload => Some(u64::from(client.workload)),
        // Those without a key share one, which no key is.
        Per::Key => Some(if client.keyed { client.key } else { u64::MAX }),
    }
}

impl Engine<'_> {
    /// A request comes to a gate.
    pub(super) fn come_to_gate(&mut self, task: u32, gate: u32) -> Flow {
        let spec = &self.model.gates[gate as usize];
        let at = &self.tasks.tasks[task];
        let (replica, who) = (at.replica, owner(spec, &at.client));
        let own = &mut self.gates[gate as usize];
        match own.arrive(spec, replica, who, self.now) {
            Verdict::Refuse => {
                self.fail(task, Failure::Rejected);
                Flow::Off
            }
            Verdict::Wait(ticks) => self.sleep(task, ticks),
            Verdict::Admit if spec.policy.limit().is_none() => Flow::On,
            Verdict::Admit => {
                let inside = own.enter(spec, replica, who, self.now);
                self.tasks.push(task, replica, FrameKind::Inside { gate, inside, since: self.now });
                Flow::On
            }
        }
    }

    /// Whether a task waits for its turn at a gate: at no station, with an event to come, just past a gate.
    pub(super) fn waits_at_gate(&self, id: u32) -> bool {
        let task = &self.tasks.tasks[id];
        let before = (task.pc as usize).checked_sub(1).and_then(|before| self.model.program.get(before));
        task.pending != 0 && task.station == NONE && matches!(before, Some(Op::Admit { .. }))
    }

    /// A request is done with what is behind a gate.
    pub(super) fn leave_gate(&mut self, task: u32) -> Flow {
        if let Some(frame) = self.tasks.pop(task)
            && let FrameKind::Inside { gate, inside, since } = frame.kind
        {
            self.pass_out(task, frame.pc, gate, Done { since, inside, answered: true });
        }
        Flow::On
    }

    /// A request that was let in at a replica is over.
    pub(super) fn pass_out(&mut self, task: u32, replica: u32, gate: u32, done: Done) {
        let spec = &self.model.gates[gate as usize];
        let who = owner(spec, &self.tasks.tasks[task].client);
        self.gates[gate as usize].leave(spec, replica, who, self.now, done);
    }
}
