//! What stands around protected calls: their counters, retry budgets, breakers, and fallbacks.

use super::Engine;
use super::breaker::Breaker;
use super::interpret::Flow;
use super::record::Failure;
use super::task::{Frame, FrameKind};
use crate::model::program::{GuardSpec, Losers, Op, RETRY, Shield};

/// What the calls of one place did.
#[derive(Debug, Clone, Copy, Default)]
pub struct CallRecord {
    /// Calls begun.
    pub calls: u64,
    /// Attempts after the first.
    pub retries: u64,
    /// Retries for which the budget had nothing left.
    pub denied: u64,
    /// Copies sent, the first of each attempt not counted.
    pub hedges: u64,
    /// Those whose answer was the first.
    pub hedge_wins: u64,
    /// Attempts that an open breaker rejected.
    pub rejected: u64,
    /// How often a breaker opened.
    pub opened: u64,
    /// Calls that failed and were replaced by something else.
    pub fallbacks: u64,
    /// Work that was dropped because its deadline had passed.
    pub expired: u64,
}

/// The state of the guards of one place, by replica of the caller.
#[derive(Debug)]
pub(crate) struct Guard {
    pub(crate) tally: CallRecord,
    /// Retries that are saved up, in millionths.
    saved: Vec<u64>,
    breakers: Vec<Breaker>,
}

impl Guard {
    pub(crate) fn new(spec: &GuardSpec) -> Guard {
        let rows = spec.rows.max(1) as usize;
        Guard {
            tally: CallRecord::default(),
            saved: spec.budget.map_or(Vec::new(), |budget| vec![budget.most; rows]),
            breakers: spec.breaker.map_or(Vec::new(), |_| vec![Breaker::default(); rows]),
        }
    }
}

impl Engine<'_> {
    pub(super) fn protect(&mut self, task: u32, act: Shield, index: u32) -> Flow {
        match act {
            Shield::Begin => self.begin_call(task, index),
            Shield::Break => self.ask_breaker(task, index),
            Shield::Passed => self.pass(task),
            Shield::Rescued => {
                self.tasks.pop(task);
                Flow::On
            }
            Shield::Hedge => self.hedge(task, index),
            Shield::Answered => self.answer_first(task),
            Shield::Race => self.race(task, index),
            Shield::SendCopy => self.send_copy(task, index),
            Shield::JoinFirst => self.join_first(task),
            Shield::JoinCopy => self.join_copy(task, index),
            Shield::Expires => self.begin_to_expire(task, index),
            Shield::Expire => self.drop_expired(task, index),
        }
    }

    /// The caller's row in the state of a guard.
    fn guarded_row(&self, task: u32, guard: u32) -> usize {
        let last = self.model.guards[guard as usize].rows.saturating_sub(1);
        self.tasks.tasks[task].replica.min(last) as usize
    }

    fn begin_call(&mut self, task: u32, guard: u32) -> Flow {
        let row = self.guarded_row(task, guard);
        let at = &mut self.guards[guard as usize];
        at.tally.calls += 1;
        if let Some(budget) = self.model.guards[guard as usize].budget {
            at.saved[row] = (at.saved[row] + budget.deposit).min(budget.most);
        }
        Flow::On
    }

    /// Whether there may be another attempt, which is then counted.
    pub(super) fn may_retry(&mut self, task: u32, guard: u32) -> bool {
        let row = self.guarded_row(task, guard);
        let at = &mut self.guards[guard as usize];
        if let Some(saved) = at.saved.get_mut(row) {
            if *saved < RETRY {
                at.tally.denied += 1;
                return false;
            }
            *saved -= RETRY;
        }
        at.tally.retries += 1;
        true
    }

    fn ask_breaker(&mut self, task: u32, guard: u32) -> Flow {
        let row = self.guarded_row(task, guard);
        let Some(spec) = &self.model.guards[guard as usize].breaker else { return Flow::On };
        let at = &mut self.guards[guard as usize];
        match at.breakers[row].admit(self.now, spec) {
            Some(age) => {
                self.tasks.push(task, 0, FrameKind::Watch { guard, row: row as u32, age });
                Flow::On
            }
            None => {
                at.tally.rejected += 1;
                self.fail(task, Failure::Rejected);
                Flow::Off
            }
        }
    }

    /// What the breaker let through has succeeded.
    fn pass(&mut self, task: u32) -> Flow {
        if let Some(Frame { kind: FrameKind::Watch { guard, row, age }, .. }) = self.tasks.pop(task)
            && let Some(spec) = &self.model.guards[guard as usize].breaker
        {
            self.guards[guard as usize].breakers[row as usize].succeed(age, self.now, spec);
        }
        Flow::On
    }

    /// What the breaker let through has failed, or is given up by somebody further out.
    pub(super) fn end_watch(&mut self, [guard, row, age]: [u32; 3], losers: Option<Losers>) {
        let Some(spec) = &self.model.guards[guard as usize].breaker else { return };
        let at = &mut self.guards[guard as usize];
        let breaker = &mut at.breakers[row as usize];
        match losers {
            Some(_) => breaker.release(age),
            None => at.tally.opened += u64::from(breaker.fail(age, self.now, spec)),
        }
    }

    /// What follows is replaced by something else when it fails.
    pub(super) fn begin_rescue(&mut self, task: u32, guard: u32, to: u32) -> Flow {
        self.tasks.push(task, to, FrameKind::Rescue { guard });
        Flow::On
    }

    /// A failure that goes through a frame: whether somebody does something about it.
    #[cold]
    pub(super) fn rescues(&mut self, task: u32, frame: Frame) -> bool {
        let FrameKind::Rescue { guard } = frame.kind else { return false };
        self.guards[guard as usize].tally.fallbacks += 1;
        self.tasks.tasks[task].pc = frame.pc;
        self.wake(task);
        true
    }
}

/// Whether an op is the sending of a copy: a task that stands there has not begun to work.
pub(super) fn sends_copy(op: Op) -> bool {
    matches!(op, Op::Protect { act: Shield::SendCopy, .. })
}
