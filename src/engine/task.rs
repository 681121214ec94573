//! Tasks: a request's threads of control, their stacks, and the forks that join them.

use super::record::Failure;
use crate::arena::Arena;

/// No index.
pub(crate) const NONE: u32 = u32::MAX;

/// Not served.
pub(crate) const WAITING: u64 = u64::MAX;

/// Of a service that counts as another one's: nothing remains of one's own.
pub(crate) const RIDES: u64 = u64::MAX;

/// One thread of control. A request is one task, and more while its arms run at once.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Task {
    /// What it does next.
    pub(crate) pc: u32,
    /// Top of its stack.
    pub(crate) frame: u32,
    /// The replica that it works on.
    pub(crate) replica: u32,
    /// The station where it is, waiting or in service.
    pub(crate) station: u32,
    /// Sequence number of its valid event; 0 is none.
    pub(crate) pending: u64,
    /// Number of its visit, in order of arrival; an entry of a waiting line that shows another is stale.
    pub(crate) order: u64,
    /// When it came to the station.
    pub(crate) arrived: u64,
    /// When it last began to be served; `WAITING` while it is not.
    pub(crate) started: u64,
    /// Service that it asks for at the station.
    pub(crate) service: u64,
    /// Service that it still needs, where it may be interrupted.
    pub(crate) remaining: u64,
    /// Who it works for.
    pub(crate) client: Client,
    /// The fork that it is an arm of; none when nobody waits for it any more.
    pub(crate) fork: u32,
    /// The arm before it in the fork's list.
    pub(crate) previous: u32,
    /// The arm after it.
    pub(crate) next: u32,
    /// What it carries for its component: which message, which version.
    pub(crate) ticket: u32,
}

/// What all tasks of a request share.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Client {
    /// The workload whose request it is; `NONE` for customers that were there at the start.
    pub(crate) workload: u32,
    /// Index of the operation in the workload.
    pub(crate) operation: u16,
    /// Smaller is more urgent.
    pub(crate) priority: i32,
    /// Share under weighted processor sharing.
    pub(crate) weight: f32,
    /// Which user, of a closed workload.
    pub(crate) user: u32,
    /// What the request is about.
    pub(crate) key: u64,
    /// The request has a key.
    pub(crate) keyed: bool,
    /// The client waits for this task; not for arms, messages and abandoned work.
    pub(crate) waits: bool,
    /// When it was issued.
    pub(crate) issued: u64,
    /// Index among its workload's requests.
    pub(crate) index: u32,
    /// Service time that a replayed job brings; `u64::MAX` is none.
    pub(crate) service: u64,
}

impl Client {
    /// Nobody: customers that were there at the start.
    pub(crate) const NOBODY: Client = Client {
        workload: NONE,
        operation: 0,
        priority: 0,
        weight: 1.0,
        user: NONE,
        key: 0,
        keyed: false,
        waits: false,
        issued: 0,
        index: 0,
        service: u64::MAX,
    };
}

impl Default for Task {
    fn default() -> Task {
        Task {
            pc: NONE,
            frame: NONE,
            replica: 0,
            station: NONE,
            pending: 0,
            order: 0,
            arrived: 0,
            started: WAITING,
            service: 0,
            remaining: 0,
            client: Client::NOBODY,
            fork: NONE,
            previous: NONE,
            next: NONE,
            ticket: NONE,
        }
    }
}

impl Task {
    /// Begins a new life. Field by field: a task written elsewhere and copied here costs more than
    /// everything else about it.
    #[inline(always)]
    pub(crate) fn reset(&mut self, pc: u32) {
        self.pc = pc;
        self.frame = NONE;
        self.replica = 0;
        self.station = NONE;
        self.started = WAITING;
        self.pending = 0;
        self.fork = NONE;
        self.ticket = NONE;
    }

    /// It is at a station now.
    #[inline(always)]
    pub(crate) fn come_to(&mut self, station: u32, order: u64, now: u64, service: u64) {
        self.station = station;
        self.started = WAITING;
        self.order = order;
        self.arrived = now;
        self.service = service;
    }

    /// A server begins, or goes on, with it.
    #[inline(always)]
    pub(crate) fn begin(&mut self, now: u64) {
        self.started = now;
        self.pending = 0;
    }

    /// It is at no station any more.
    #[inline(always)]
    pub(crate) fn go(&mut self) {
        self.station = NONE;
        self.started = WAITING;
    }

    /// Whether a server works on it, or is held by it.
    #[inline(always)]
    pub(crate) fn is_served(&self) -> bool {
        self.started != WAITING
    }
}

/// Something to undo or return to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Frame {
    /// The frame below.
    pub(crate) below: u32,
    /// Where to continue: after the call, or at the beginning of an attempt.
    pub(crate) pc: u32,
    /// What it is.
    pub(crate) kind: FrameKind,
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum FrameKind {
    /// Works for a caller, who is at `replica` of its own component.
    Call { site: u32, target: u32, replica: u32, sent: u64 },
    /// Is one of several calls; what is `kept` in the log of the node `owner` is sent again if it was `lost`. When it was
    /// sent, logs had been resent `round` times.
    Post { site: u32, target: u32, owner: u32, round: u32, since: u64, kept: bool, lost: bool, again: bool },
    /// Is on the way between the caller and the callee of the call below.
    Hop { leg: Leg },
    /// The caller has given up; the work goes on for nobody.
    Orphan,
    /// Nobody will ever answer, and nobody says so.
    Lost,
    /// Holds one of a station's servers.
    Hold { station: u32, arrived: u64, started: u64 },
    /// Is behind a gate, with so many others when it came in; its `pc` is the replica.
    Inside { gate: u32, inside: u32, since: u64 },
    /// In a loop, with this many passes to go.
    Loop { left: u32 },
    /// Failures come back here for another attempt.
    Try { retry: u32, attempt: u32, waited: u64 },
    /// Given up when the timer at this place of its lane rings; whoever takes the frame off clears it.
    Deadline { deadline: u32, timer: u64, task: u32 },
    /// What it does is watched by a breaker of this age.
    Watch { guard: u32, row: u32, age: u32 },
    /// Failures come back here, and something else is done.
    Rescue { guard: u32 },
    /// Does the first copy of an attempt, sent then; another one follows when the timer rings.
    Hedge { hedge: u32, task: u32, timer: u64, since: u64 },
    /// The first copy of an attempt as a task of its own, sent then.
    Sent { hedge: u32, since: u64 },
    /// Copies of what is called may begin to work until then.
    Expires { until: u64 },
    /// Work that is dropped when the timer rings.
    Expiry { hedge: u32, timer: u64, task: u32 },
    /// An optimistic attempt: which one, and how many commits there were when it began.
    Attempt { counter: u32, attempt: u32, seen: u64 },
    /// Waits for its arms.
    Fork { fork: u32 },
    /// Has drawn so much work, to be done in shares.
    Work { ticks: u64 },
    /// A consumer that works on what was delivered.
    Delivery { delivery: u32 },
    /// Works for all members of a batch.
    Batch { batch: u32, index: u32 },
    /// Waits for the work of its batch.
    Member { batch: u32 },
    /// Writes a version; carried another ticket before.
    Version { store: u32, ticket: u32 },
    /// Reads what copies have; carried another ticket before.
    Reader { store: u32, ticket: u32 },
    /// Carries a version to the copy of a node.
    Transit { copies: u32, node: u32, since: u64 },
}

/// Which part of a call's way, and what comes after it.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Leg {
    /// To the callee, at this replica.
    There { replica: u32 },
    /// Back to the caller, with an answer.
    Back,
    /// Back to the caller, with this news.
    Failed(Failure),
}

/// Arms and who waits for them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fork {
    /// The task that waits.
    pub(crate) parent: u32,
    /// Index of its specification.
    pub(crate) spec: u32,
    /// How many arms have to finish yet.
    pub(crate) need: u32,
    /// How many arms run.
    pub(crate) running: u32,
    /// The first arm.
    pub(crate) arms: u32,
}

/// All tasks, stacks and forks of a run.
#[derive(Debug, Default)]
pub(crate) struct Tasks {
    pub(crate) tasks: Arena<Task>,
    pub(crate) frames: Arena<Frame>,
    pub(crate) forks: Arena<Fork>,
    /// By task, where requests have a limit: the place of its timer.
    pub(crate) limits: Vec<u64>,
}

impl Tasks {
    /// Keeps the timer of a request's limit.
    #[inline(always)]
    pub(crate) fn set_limit(&mut self, task: u32, timer: u64) {
        match self.limits.get_mut(task as usize) {
            Some(known) => *known = timer,
            None => self.add_limit(task, timer),
        }
    }

    #[cold]
    fn add_limit(&mut self, task: u32, timer: u64) {
        self.limits.resize(task as usize, 0);
        self.limits.push(timer);
    }

    /// Ends a task.
    #[inline]
    pub(crate) fn free(&mut self, task: u32) {
        let ended = &mut self.tasks[task];
        ended.pc = NONE;
        ended.pending = 0;
        ended.station = NONE;
        self.tasks.remove(task);
    }

    /// Every task that is not over.
    pub(crate) fn live(&self) -> impl Iterator<Item = (u32, &Task)> {
        self.tasks.slots().filter(|(_, task)| task.pc != NONE)
    }

    /// A task's frames, top first.
    pub(crate) fn stack(&self, task: u32) -> impl Iterator<Item = (u32, &Frame)> {
        let top = self.tasks[task].frame;
        let below = |&(_, frame): &(u32, &Frame)| self.at(frame.below);
        std::iter::successors(self.at(top), below)
    }

    /// What a task carried when it made this call: what it began since then knows.
    pub(crate) fn ticket_below(&self, task: u32, call: u32) -> u32 {
        let since = self.stack(task).take_while(|&(id, _)| id != call);
        let before = since.filter_map(|(_, frame)| match frame.kind {
            FrameKind::Version { ticket, .. } | FrameKind::Reader { ticket, .. } => Some(ticket),
            _ => None,
        });
        before.last().unwrap_or(self.tasks[task].ticket)
    }

    fn at(&self, frame: u32) -> Option<(u32, &Frame)> {
        (frame != NONE).then(|| (frame, &self.frames[frame]))
    }

    /// Puts a frame on a task's stack.
    #[inline]
    pub(crate) fn push(&mut self, task: u32, pc: u32, kind: FrameKind) -> u32 {
        let below = self.tasks[task].frame;
        let frame = self.frames.insert(Frame { below, pc, kind });
        self.tasks[task].frame = frame;
        frame
    }

    /// The work that a task has drawn and is doing shares of.
    #[inline]
    pub(crate) fn work(&self, task: u32) -> Option<u64> {
        match self.tasks[task].frame {
            NONE => None,
            top => match self.frames[top].kind {
                FrameKind::Work { ticks } => Some(ticks),
                _ => None,
            },
        }
    }

    /// Takes the top frame off a task's stack.
    #[inline]
    pub(crate) fn pop(&mut self, task: u32) -> Option<Frame> {
        let top = self.tasks[task].frame;
        if top == NONE {
            return None;
        }
        let frame = self.frames[top];
        self.tasks[task].frame = frame.below;
        if matches!(frame.kind, FrameKind::Hedge { .. } | FrameKind::Expiry { .. }) {
            // A timer that rings later finds no copy here.
            self.frames[top].kind = FrameKind::Orphan;
        }
        self.frames.remove(top);
        Some(frame)
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_request_in_flight_fits_in_two_cache_lines() {
        assert_eq!(std::mem::size_of::<super::Task>(), 128);
        assert!(std::mem::size_of::<super::Frame>() <= 40);
    }
}
