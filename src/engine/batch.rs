//! Batches: requests wait in a room, and go on together.

use super::Engine;
use super::interpret::Flow;
use super::task::{FrameKind, NONE};
use crate::arena::Arena;
use crate::model::Model;

/// All batches of a run.
#[derive(Debug, Default)]
pub(super) struct Batches {
    /// By step and replica: the timer of the open batch.
    timers: Vec<Vec<u32>>,
    /// Members of each batch for which something is done.
    members: Arena<Vec<u32>>,
}

impl Batches {
    pub(super) fn new(model: &Model) -> Batches {
        let replicas = |spec: &crate::model::program::BatchSpec| model.groups[spec.group as usize].count as usize;
        let timers = model.messages.batches.iter().map(|spec| vec![NONE; replicas(spec)]).collect();
        Batches { timers, members: Arena::default() }
    }
}

impl Engine<'_> {
    fn batch_room(&self, index: u32, replica: u32) -> u32 {
        let group = &self.model.groups[self.model.messages.batches[index as usize].group as usize];
        group.place().station(replica)
    }

    fn batch_timer(&mut self, index: u32, replica: u32) -> &mut u32 {
        let timers = &mut self.batches.timers[index as usize];
        let at = if timers.len() == 1 { 0 } else { replica as usize };
        &mut timers[at]
    }

    /// A request joins the open batch of its replica, or opens one.
    pub(super) fn gather(&mut self, task: u32, index: u32) -> Flow {
        let spec = &self.model.messages.batches[index as usize];
        let replica = self.tasks.tasks[task].replica;
        let room = self.batch_room(index, replica);
        // A room turns nobody away.
        self.offer(task, room, 0);
        let members = self.loads[room as usize];
        if members >= spec.size {
            self.go_together(index, replica);
        } else if members == 1
            && let Some(linger) = spec.linger
        {
            // The members of an earlier batch may all have left.
            self.stop_timer(index, replica);
            let time = self.now.saturating_add(linger);
            *self.batch_timer(index, replica) = self.start_timer(spec.timer, time, replica);
        }
        Flow::Off
    }

    fn stop_timer(&mut self, index: u32, replica: u32) {
        let timer = std::mem::replace(self.batch_timer(index, replica), NONE);
        if timer != NONE {
            self.vanish(timer);
        }
    }

    /// A batch has lingered long enough.
    pub(super) fn close_batch(&mut self, task: u32, index: u32) -> Flow {
        let replica = self.tasks.tasks[task].replica;
        *self.batch_timer(index, replica) = NONE;
        if self.loads[self.batch_room(index, replica) as usize] > 0 {
            self.go_together(index, replica);
        }
        Flow::On
    }

    /// A batch goes: its members at once, or after what is done for all of them.
    fn go_together(&mut self, index: u32, replica: u32) {
        self.stop_timer(index, replica);
        let spec = &self.model.messages.batches[index as usize];
        let room = self.batch_room(index, replica);
        let size = self.loads[room as usize].min(spec.size);
        self.groups[spec.group as usize].count_batch(u64::from(size));
        let mut members = Vec::new();
        for _ in 0..size {
            let Some(member) = self.let_out(room) else { break };
            match spec.work {
                None => self.wake(member),
                Some(_) => members.push(member),
            }
        }
        if let (Some(work), Some(&first)) = (spec.work, members.first()) {
            self.start_batch(index, work, first, members);
        }
    }

    /// What is done for all is a task of its own: a member that gives up takes nothing from the others.
    fn start_batch(&mut self, index: u32, routine: u32, first: u32, members: Vec<u32>) {
        let work = self.message(first, self.model.routines[routine as usize].entry);
        let batch = self.batches.members.insert(members);
        for at in 0..self.batches.members[batch].len() {
            let member = self.batches.members[batch][at];
            self.tasks.push(member, NONE, FrameKind::Member { batch });
        }
        self.tasks.push(work, NONE, FrameKind::Batch { batch, index });
        self.wake(work);
    }

    /// The work is done: the members go on.
    pub(super) fn disband(&mut self, task: u32) -> Flow {
        if let Some(frame) = self.tasks.pop(task)
            && let FrameKind::Batch { batch, .. } = frame.kind
        {
            self.end_batch(batch, None);
        }
        Flow::On
    }

    /// The members go on: where they are, or, if the work has failed, where they fail.
    pub(super) fn end_batch(&mut self, batch: u32, failed: Option<u32>) {
        let members = std::mem::take(&mut self.batches.members[batch]);
        self.batches.members.remove(batch);
        for member in members {
            self.tasks.pop(member);
            let at = &mut self.tasks.tasks[member];
            at.pc = failed.map_or(at.pc, |index| self.model.messages.batches[index as usize].failed);
            self.wake(member);
        }
    }

    /// A member gives up: the batch goes on without it.
    pub(super) fn leave_batch(&mut self, task: u32, batch: u32) {
        self.batches.members[batch].retain(|&member| member != task);
    }
}
