//! Nodes that crash, stand still and come back, and what becomes of the work there.
//!
//! A crash takes every task off the node that works there or is called there. Its caller goes on with the
//! failure, or hangs, if nobody tells it. What the node had asked of others goes on for nobody.

use super::Engine;
use super::record::Failure;
use super::station::Station;
use super::task::{FrameKind, NONE, Task};
use crate::model::Model;
use crate::model::program::{Losers, NodeSpec};

/// How each node is.
#[derive(Debug, Default)]
pub(super) struct NodeStates {
    states: Vec<NodeState>,
    /// How many reasons there are for nodes to be down.
    pub(super) troubled: u32,
    /// How many of them nobody is told of.
    pub(super) silent: u32,
    /// Somebody has waited in vain.
    pub(super) hangs: bool,
}

/// For how many reasons a node is down.
#[derive(Debug, Clone, Copy, Default)]
struct NodeState {
    down: u32,
    /// Of these, those that nobody is told of.
    silent: u32,
    /// Of these, crashes.
    crashes: u32,
    /// For how many reasons it takes no messages.
    idle: u32,
    /// For how many reasons it stands still.
    still: u32,
}

impl NodeStates {
    pub(super) fn new(model: &Model) -> NodeStates {
        NodeStates { states: vec![NodeState::default(); model.nodes.len()], troubled: 0, silent: 0, hangs: false }
    }

    /// Whether a node is down.
    pub(super) fn is_down(&self, node: u32) -> bool {
        self.states[node as usize].down > 0
    }

    /// Whether a node is out of service: it is down for a reason that is no crash.
    pub(super) fn is_away(&self, node: u32) -> bool {
        let state = self.states[node as usize];
        state.down > state.crashes
    }

    /// There is one more reason, or one less, to take no messages; true if it is the first, or was the last.
    pub(super) fn idles(&mut self, node: u32, begins: bool) -> bool {
        let idle = &mut self.states[node as usize].idle;
        let before = *idle;
        *idle = if begins { before + 1 } else { before - 1 };
        before.max(*idle) == 1
    }

    /// Whether who asks a node that is down gets no answer: it is silent if nothing else would tell.
    fn is_silent(&self, node: u32) -> bool {
        let state = self.states[node as usize];
        state.silent == state.down
    }

    /// Whether a node would answer.
    pub(super) fn is_well(&self, node: u32) -> bool {
        let state = self.states[node as usize];
        state.down + state.still == 0
    }

    fn add(&mut self, node: u32, silent: bool) {
        let state = &mut self.states[node as usize];
        state.down += 1;
        state.silent += u32::from(silent);
        self.troubled += 1;
        self.silent += u32::from(silent);
    }

    fn remove(&mut self, node: u32, silent: bool) {
        let state = &mut self.states[node as usize];
        state.down -= 1;
        state.silent -= u32::from(silent);
        self.troubled -= 1;
        self.silent -= u32::from(silent);
    }
}

/// Each station that something may happen to knows of which node it is part.
pub(super) fn tell_stations(model: &Model, stations: &mut [Station]) {
    for (node, spec) in model.nodes.iter().enumerate() {
        for &station in &spec.stations {
            if let Some(special) = &mut stations[station as usize].special {
                special.node = node as u32;
            }
        }
    }
}

impl<'m> Engine<'m> {
    pub(super) fn node(&self, node: u32) -> &'m NodeSpec {
        &self.model.nodes[node as usize]
    }

    /// A node stops; whatever it was doing is lost.
    pub(super) fn crash(&mut self, node: u32, silent: bool) {
        let was_up = !self.nodes.is_down(node);
        self.close(node, silent);
        self.nodes.states[node as usize].crashes += 1;
        self.stop_pulling(node);
        self.watch_health();
        self.lose_contents(node);
        let concerns =
            |&task: &u32| self.outermost_at(task, node).is_some() || self.is_at(self.tasks.tasks[task].station, node);
        let mut work: Vec<u32> = self.tasks.live().map(|(task, _)| task).filter(concerns).collect();
        // In an order that has nothing to do with who else there is: slots are given to whoever comes.
        work.sort_by_key(|&task| self.seniority(task));
        for task in work {
            self.lose_work(task, node, silent);
        }
        self.clear_doors(node, silent);
        self.hold_back(node);
        if was_up {
            self.miss(node);
        }
    }

    /// Nobody is let into a node any more, and nobody is served there.
    pub(super) fn close(&mut self, node: u32, silent: bool) {
        self.nodes.add(node, silent);
        for &station in &self.node(node).stations {
            self.stations[station as usize].capacity = 0;
            self.set_still(station, true);
        }
    }

    /// Who was issued first, or began first to do what it does.
    pub(super) fn seniority(&self, task: u32) -> impl Ord {
        let Task { client, station, order, pending, pc, replica, .. } = self.tasks.tasks[task];
        let visit = if station == NONE { 0 } else { order };
        (client.issued, client.workload, client.index, visit, pending, pc, replica)
    }

    /// A node that crashed is back, with nothing to do.
    pub(super) fn restart(&mut self, node: u32, silent: bool) {
        self.reopen(node, silent);
        self.nodes.states[node as usize].crashes -= 1;
        self.pull_again(node);
    }

    /// There is one reason less why nobody is let into a node.
    pub(super) fn reopen(&mut self, node: u32, silent: bool) {
        self.nodes.remove(node, silent);
        self.watch_health();
        let is_up = !self.nodes.is_down(node);
        for &station in &self.node(node).stations {
            if is_up {
                let capacity = self.group(station).capacity.unwrap_or(NONE);
                self.stations[station as usize].capacity = capacity;
                self.opened.push_back(station);
            }
            self.set_still(station, false);
        }
        if is_up {
            self.welcome(node);
            self.resend();
        }
        self.clear_hung();
    }

    /// The stations of a node stop, or go on.
    pub(super) fn stand_still(&mut self, node: u32, stops: bool) {
        let still = &mut self.nodes.states[node as usize].still;
        *still = if stops { *still + 1 } else { *still - 1 };
        self.watch_health();
        for &station in &self.node(node).stations {
            self.set_still(station, stops);
        }
    }

    /// The servers of a station stop, or go on. That somebody fetches a key is no work of a server.
    fn set_still(&mut self, station: u32, stops: bool) {
        if self.group(station).keyed {
            return;
        }
        self.change(station, |special| match stops {
            true => special.paused += 1,
            false => special.paused -= 1,
        });
    }

    /// Whoever waits for room at a node's stations will not get any.
    fn clear_doors(&mut self, node: u32, silent: bool) {
        for &station in &self.node(node).stations {
            while let Some(task) = self.leave_front(station) {
                self.take_back(task);
                self.refuse(task, silent);
            }
        }
    }

    /// What a task does at a node that crashes is lost, if it does anything there.
    fn lose_work(&mut self, task: u32, node: u32, silent: bool) {
        if self.tasks.tasks[task].pc == NONE || task < self.daemons {
            return;
        }
        let from = self.outermost_at(task, node);
        if from.is_none() && !self.is_at(self.tasks.tasks[task].station, node) {
            return;
        }
        let caller = match from {
            Some(frame) => self.part_or_take_back(task, frame),
            None => self.take_back(task),
        };
        self.mark_lost(caller);
        // The call itself is left: whoever made it is told by its failure.
        while from.is_some_and(|frame| self.tasks.tasks[caller].frame != frame) {
            let Some(above) = self.tasks.pop(caller) else { break };
            if let FrameKind::Fork { fork } = above.kind {
                self.lose_arms(fork);
            }
            // What the node had asked of others has not failed: nobody is there to hear of it.
            let asked = matches!(above.kind, FrameKind::Watch { .. });
            self.undo(caller, above, asked.then_some(Losers::Abandon));
        }
        self.refuse(caller, silent);
    }

    /// Arms at a node that crashes are lost with it, unless they have asked others.
    fn lose_arms(&mut self, fork: u32) {
        let mut arm = self.tasks.forks[fork].arms;
        while arm != NONE {
            let next = self.tasks.tasks[arm].next;
            let asks = self.tasks.stack(arm).any(|(_, frame)| matches!(frame.kind, FrameKind::Call { .. }));
            if !asks {
                self.lose_arm(arm);
            }
            arm = next;
        }
    }

    /// The outermost frame of what a task does at a node.
    fn outermost_at(&self, task: u32, node: u32) -> Option<u32> {
        let mut arrived = true;
        let mut found = None;
        for (id, frame) in self.tasks.stack(task) {
            let here = match frame.kind {
                FrameKind::Call { site, target, .. } => arrived && self.callee(site, target) == Some(node),
                FrameKind::Hold { station, .. } => self.is_at(station, node),
                _ => false,
            };
            // Who is on the way to a node, or back from it, is not there.
            arrived = !matches!(frame.kind, FrameKind::Hop { .. });
            found = if here { Some(id) } else { found };
        }
        found
    }

    /// The node that a call goes to.
    pub(super) fn callee(&self, site: u32, target: u32) -> Option<u32> {
        let to = self.target(site, target);
        let routine = self.model.sites[site as usize].routines[to.component as usize];
        Some(self.model.routines[routine as usize].nodes?.of(to.replica))
    }

    fn is_at(&self, station: u32, node: u32) -> bool {
        station != NONE && self.whole_of(station) == node
    }

    /// The node that a station is part of, if something may happen to that.
    pub(super) fn whole_of(&self, station: u32) -> u32 {
        self.stations[station as usize].special.as_ref().map_or(NONE, |special| special.node)
    }

    /// Whether a station is part of a node that is down.
    pub(super) fn is_closed(&self, station: u32) -> bool {
        let node = self.whole_of(station);
        node != NONE && self.nodes.is_down(node)
    }

    /// Separates a caller from what the node, whose work begins at `frame`, asked of others; or takes it back from where
    /// it is.
    fn part_or_take_back(&mut self, task: u32, frame: u32) -> u32 {
        let is_call = |kind: &FrameKind| matches!(kind, FrameKind::Call { .. });
        let asks = self.tasks.stack(task).take_while(|&(id, _)| id != frame).any(|(_, above)| is_call(&above.kind));
        if asks && !self.is_lost(task) { self.part(task, frame) } else { self.take_back(task) }
    }

    /// Whether a call that begins at a replica finds nobody there; then that is what happens next.
    pub(super) fn is_refused(&mut self, task: u32, routine: u32, replica: u32) -> bool {
        let nodes = self.model.routines[routine as usize].nodes;
        let Some(node) = nodes.map(|nodes| nodes.of(replica)).filter(|&node| self.nodes.is_down(node)) else {
            return false;
        };
        self.tasks.tasks[task].pc = u32::from(self.nodes.is_silent(node));
        true
    }

    /// A station has turned a task away: it is full, or down.
    #[cold]
    pub(super) fn refused_at(&mut self, task: u32, station: u32) {
        let node = self.whole_of(station);
        if node == NONE || !self.nodes.is_down(node) {
            return self.fail(task, Failure::Rejected);
        }
        self.refuse(task, self.nodes.is_silent(node));
    }

    /// A task finds that nobody is there: at once, or never.
    pub(super) fn refuse(&mut self, task: u32, silent: bool) {
        match silent {
            true => self.hang(task),
            false => {
                self.mark_lost(task);
                self.fail(task, Failure::Failed);
            }
        }
    }
}
