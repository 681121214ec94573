//! What tasks do to copies of data: write versions, carry them, read what is there.

use super::Engine;
use super::interpret::Flow;
use super::store::{Datum, Session};
use super::task::{Client, Frame, FrameKind, NONE};

impl Engine<'_> {
    /// What a task is about, and which copy its node has.
    fn copy(&self, task: u32, copies: u32) -> (usize, Datum, u32) {
        let spec = self.model.copies[copies as usize];
        let task = &self.tasks.tasks[task];
        let datum = (task.replica / spec.width, key(&task.client));
        (spec.store as usize, datum, spec.first + task.replica % spec.width)
    }

    fn datum(&self, task: u32) -> Datum {
        let task = &self.tasks.tasks[task];
        (task.replica, key(&task.client))
    }

    /// The task carries another ticket from now on; returns the one that it carried.
    fn take_ticket(&mut self, task: u32, ticket: u32) -> u32 {
        std::mem::replace(&mut self.tasks.tasks[task].ticket, ticket)
    }

    pub(super) fn write(&mut self, task: u32, store: u32) -> Flow {
        let datum = self.datum(task);
        let version = self.stores[store as usize].write(datum);
        let ticket = self.take_ticket(task, version);
        self.tasks.push(task, NONE, FrameKind::Version { store, ticket });
        Flow::On
    }

    pub(super) fn commit_write(&mut self, task: u32, store: u32) -> Flow {
        let (datum, session) = (self.datum(task), self.session_of(task));
        let version = self.tasks.tasks[task].ticket;
        self.stores[store as usize].commit(datum, version, session, self.now);
        Flow::On
    }

    pub(super) fn apply(&mut self, task: u32, copies: u32) -> Flow {
        let (store, datum, copy) = self.copy(task, copies);
        self.stores[store].apply(datum, copy, self.tasks.tasks[task].ticket);
        Flow::On
    }

    pub(super) fn update(&mut self, task: u32, copies: u32) -> Flow {
        let (store, datum, copy) = self.copy(task, copies);
        let (session, version) = (self.session_of(task), self.tasks.tasks[task].ticket);
        self.stores[store].update(datum, copy, version, session, self.now);
        Flow::On
    }

    pub(super) fn ship(&mut self, task: u32, copies: u32) -> Flow {
        let (store, datum, copy) = self.copy(task, copies);
        let post = self.kept_post(task).map(|post| self.tasks.frames[post].kind);
        let version = self.tasks.tasks[task].ticket;
        let again = matches!(post, Some(FrameKind::Post { again: true, .. }));
        if self.stores[store].knows(datum, copy, version) || again && self.stores[store].has(datum, copy, version) {
            return self.return_to_caller(task, 0);
        }
        // On its way since it was sent: it may have crossed a link until here, or have been in a log.
        let since = match post {
            Some(FrameKind::Post { since, .. }) => since,
            _ => self.sent(task),
        };
        self.stores[store].ship(since);
        let node = self.tasks.tasks[task].replica;
        self.tasks.push(task, NONE, FrameKind::Transit { copies, node, since });
        Flow::On
    }

    /// When the innermost call of a task was made.
    fn sent(&self, task: u32) -> u64 {
        match self.tasks.stack(task).next() {
            Some((_, Frame { kind: FrameKind::Call { sent, .. }, .. })) => *sent,
            _ => self.now,
        }
    }

    /// Begins to read; a probe asks for the version that the task carries.
    pub(super) fn read(&mut self, task: u32, store: u32, probe: Option<u32>) -> Flow {
        let (datum, session) = (self.datum(task), self.session_of(task));
        let probe = probe.map(|probe| (probe, self.tasks.tasks[task].ticket));
        let reader = self.stores[store as usize].begin_read(datum, session, probe);
        let ticket = self.take_ticket(task, reader);
        self.tasks.push(task, NONE, FrameKind::Reader { store, ticket });
        Flow::On
    }

    pub(super) fn peek(&mut self, task: u32, copies: u32) -> Flow {
        let (store, _, copy) = self.copy(task, copies);
        self.stores[store].look(self.tasks.tasks[task].ticket, copy);
        Flow::On
    }

    pub(super) fn show(&mut self, task: u32, copies: u32) -> Flow {
        let (store, _, copy) = self.copy(task, copies);
        self.stores[store].show(self.tasks.tasks[task].ticket, copy);
        Flow::On
    }

    /// What was begun last at a store is over, and went well.
    pub(super) fn done(&mut self, task: u32) -> Flow {
        if let Some(frame) = self.tasks.pop(task) {
            self.leave_store(task, frame.kind, true);
        }
        Flow::On
    }

    /// A version, a reader or a transport is over, well or not.
    pub(super) fn leave_store(&mut self, task: u32, kind: FrameKind, well: bool) {
        match kind {
            FrameKind::Version { store, ticket } => {
                let datum = self.datum(task);
                self.stores[store as usize].end_write(datum);
                self.take_ticket(task, ticket);
            }
            FrameKind::Reader { store, ticket } => {
                let reader = self.take_ticket(task, ticket);
                self.stores[store as usize].end_read(reader, self.now, well);
            }
            FrameKind::Transit { copies, node, since } => self.end_transit(task, copies, node, since, well),
            _ => {}
        }
    }

    /// A version that is lost on its way is not waited for.
    fn end_transit(&mut self, task: u32, copies: u32, node: u32, since: u64, well: bool) {
        let is_gone = !well && !self.is_sent_later(task);
        let spec = self.model.copies[copies as usize];
        let carrier = &self.tasks.tasks[task];
        let (datum, version) = ((node / spec.width, key(&carrier.client)), carrier.ticket);
        let store = &mut self.stores[spec.store as usize];
        store.arrive(self.now);
        if well {
            store.record.lag.record(self.now - since);
        } else if is_gone {
            store.learn(datum, spec.first + node % spec.width, version);
        }
    }

    /// Calls the target that a task's workload has for itself.
    pub(super) fn call_home(&mut self, task: u32, site: u32) -> Flow {
        let targets = self.targets_of(task, site);
        let workload = self.tasks.tasks[task].client.workload as usize;
        let target = targets.start + workload % targets.len().max(1);
        self.enter(task, site, target as u32)
    }

    fn session_of(&self, task: u32) -> Session {
        let Client { workload: origin, user, issued, index, .. } = self.tasks.tasks[task].client;
        Session { origin, user, request: if user == NONE { (issued, index) } else { (0, 0) } }
    }
}

/// Requests without keys are all about the same.
pub(super) fn key(client: &Client) -> u64 {
    if client.keyed { client.key } else { 0 }
}
