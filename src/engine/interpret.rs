//! The interpreter: one `match` over the ops.

use super::Engine;
use super::calendar::Class;
use super::queueing::Offer;
use super::record::{Failure, Stopped, workload_of};
use super::task::{FrameKind, NONE};
use crate::model::program::{Op, Place};

/// Whether the task goes on at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flow {
    /// The next op is its own.
    On,
    /// It waits, or is over.
    Off,
}

impl Engine<'_> {
    /// Runs a task until it waits or is over. The first op is interpreted in line: at each place
    /// that resumes tasks, the processor learns what usually comes.
    #[inline(always)]
    pub(super) fn resume(&mut self, task: u32) {
        if self.step(task) == Flow::On {
            self.interpret(task);
        }
    }

    /// Runs a task until it waits or is over.
    pub(super) fn interpret(&mut self, task: u32) {
        while self.step(task) == Flow::On {}
    }

    #[inline(always)]
    pub(super) fn step(&mut self, task: u32) -> Flow {
        let pc = self.tasks.tasks[task].pc;
        self.step_at(task, pc)
    }

    /// The op at this place of the program.
    #[inline(always)]
    pub(super) fn step_at(&mut self, task: u32, pc: u32) -> Flow {
        self.tasks.tasks[task].pc = pc + 1;
        match self.model.program[pc as usize] {
            Op::Visit { place, law, own } => self.visit(task, place, law, own),
            Op::Share { place, share } => self.visit_for_share(task, place, share),
            Op::Wait { law, stream } => {
                let time = self.draw(law, stream);
                self.sleep(task, time)
            }
            Op::Delay { lane } => {
                let pending = self.calendar.schedule_lane(lane, self.now, Class::Completion, task);
                self.tasks.tasks[task].pending = pending;
                Flow::Off
            }
            Op::Acquire { place } => self.acquire(task, place),
            Op::Release => self.release_top(task),
            Op::Enter { site } | Op::Look { site, .. } => self.call(task, site),
            Op::Pick { site } => {
                let target = self.choose(task, site);
                if target == NONE {
                    self.refuse(task, false);
                    return Flow::Off;
                }
                self.tasks.tasks[task].replica = self.target(site, target).replica;
                Flow::On
            }
            Op::Return => self.return_to_caller(task, 0),
            Op::Skip => self.return_to_caller(task, 1),
            Op::Jump { to } => self.jump(task, to),
            Op::Branch { choice, stream } => self.branch(task, choice, stream),
            Op::Loop { times } => {
                self.tasks.push(task, NONE, FrameKind::Loop { left: times });
                Flow::On
            }
            Op::Next { back } => self.next_pass(task, back),
            Op::Fork { fork } => self.fork(task, fork),
            Op::FanOut { fan } => self.fan_out(task, fan),
            Op::Join => self.join(task),
            Op::EnterHome { site } => self.call_home(task, site),
            Op::Spawn { routine } => self.send(task, routine),
            Op::Refuse { silent } => {
                self.refuse(task, silent);
                Flow::Off
            }
            Op::Fail { chance, stream } => {
                if self.chance(stream) >= self.model.chances[chance as usize] {
                    return Flow::On;
                }
                self.fail(task, Failure::Failed);
                Flow::Off
            }
            Op::Try { retry } => {
                self.tasks.push(task, pc + 1, FrameKind::Try { retry, attempt: 1, waited: 0 });
                Flow::On
            }
            Op::Deadline { deadline } => self.set_deadline(task, deadline),
            Op::End => self.end(task),
            Op::Answer => self.answer(task, None),
            Op::Vanish => self.vanish(task),
            // It was set when the request was issued.
            Op::Limit { .. } => Flow::On,
            op => self.use_component(task, op),
        }
    }

    /// Ops on what components keep: contents, copies, counters, messages; and on work, and servers.
    fn use_component(&mut self, task: u32, op: Op) -> Flow {
        match op {
            Op::Probe { contents, hit, again } => self.probe_contents(task, contents, hit, again),
            Op::Fill { contents, renew, dirty } => self.fill_contents(task, contents, renew, dirty),
            Op::Drop { contents } => self.drop_entry(task, contents),
            Op::Launder { contents, clean } => self.launder(task, contents, clean),
            Op::Write { store } => self.write(task, store),
            Op::CommitWrite { store } => self.commit_write(task, store),
            Op::Apply { copies } => self.apply(task, copies),
            Op::Update { copies } => self.update(task, copies),
            Op::Ship { copies } => self.ship(task, copies),
            Op::Read { store } => self.read(task, store, None),
            Op::ReadProbe { store, probe } => self.read(task, store, Some(probe)),
            Op::Peek { copies } => self.peek(task, copies),
            Op::Show { copies } => self.show(task, copies),
            Op::Done => self.done(task),
            Op::Protect { act, index } => self.protect(task, act, index),
            Op::Rescue { guard, to } => self.begin_rescue(task, guard, to),
            Op::Begin { counter } => self.begin_attempt(task, counter),
            Op::Commit { counter, back, most } => self.commit(task, counter, back, most),
            Op::Message { act, index } => self.act(task, act, index),
            Op::EnterPrimary { site, store } => self.call_primary(task, site, store),
            Op::Send => self.send_post(task),
            Op::Draw { law, stream } => {
                let ticks = self.draw(law, stream);
                self.tasks.push(task, NONE, FrameKind::Work { ticks });
                Flow::On
            }
            Op::Admit { gate } => self.come_to_gate(task, gate),
            Op::Leave => self.leave_gate(task),
            Op::Shed => {
                self.fail(task, Failure::Rejected);
                Flow::Off
            }
            op => self.daemon(task, op),
        }
    }

    #[inline(always)]
    fn visit(&mut self, task: u32, place: Place, law: u32, own: bool) -> Flow {
        let at = &self.tasks.tasks[task];
        let (station, brought) = (place.station(at.replica), at.client.service);
        if self.blocks && self.is_barred(station) {
            // The visit is made when there is room.
            self.tasks.tasks[task].pc -= 1;
            return self.stand_at_door(task, station);
        }
        let drawn = self.draw(law, self.stations[station as usize].service_stream);
        let service = if own && brought != u64::MAX { brought } else { drawn };
        if self.offer(task, station, service) == Offer::Refused {
            self.refused_at(task, station);
        }
        Flow::Off
    }

    /// A visit for a share of the work drawn, to the nearest tick.
    fn visit_for_share(&mut self, task: u32, place: Place, share: u32) -> Flow {
        let station = place.station(self.tasks.tasks[task].replica);
        let work = self.tasks.work(task).unwrap_or(0) as f64;
        let service = (work * self.model.shares[share as usize].share + 0.5) as u64;
        if self.offer(task, station, service) == Offer::Refused {
            self.refused_at(task, station);
        }
        Flow::Off
    }

    fn acquire(&mut self, task: u32, place: Place) -> Flow {
        let station = place.station(self.tasks.tasks[task].replica);
        // Ends here when granted at once, and comes back to this op when granted later.
        if self.tasks.tasks[task].is_served() && self.tasks.tasks[task].station == station {
            return self.hold(task, station);
        }
        match self.offer(task, station, 0) {
            Offer::Granted => self.hold(task, station),
            Offer::Accepted => {
                self.tasks.tasks[task].pc -= 1;
                Flow::Off
            }
            Offer::Refused => {
                self.refused_at(task, station);
                Flow::Off
            }
        }
    }

    fn hold(&mut self, task: u32, station: u32) -> Flow {
        let holder = &mut self.tasks.tasks[task];
        let (arrived, started) = (holder.arrived, holder.started);
        holder.go();
        self.tasks.push(task, NONE, FrameKind::Hold { station, arrived, started });
        Flow::On
    }

    fn release_top(&mut self, task: u32) -> Flow {
        if let Some(frame) = self.tasks.pop(task)
            && let FrameKind::Hold { station, arrived, started } = frame.kind
        {
            self.release(self.tasks.tasks[task].client, station, arrived, started);
        }
        Flow::On
    }

    /// The end of an attempt, of work drawn, or of what a deadline was set for.
    #[inline]
    fn end(&mut self, task: u32) -> Flow {
        if let Some(frame) = self.tasks.pop(task)
            && let FrameKind::Deadline { timer, .. } = frame.kind
        {
            self.calendar.clear_timer(timer);
        }
        Flow::On
    }

    #[inline]
    pub(super) fn jump(&mut self, task: u32, to: u32) -> Flow {
        self.tasks.tasks[task].pc = to;
        self.count_move();
        if self.over { Flow::Off } else { Flow::On }
    }

    /// Counts what happens at one instant: what goes round for ever without time passing is stopped.
    #[inline]
    pub(super) fn count_move(&mut self) {
        self.moves += 1;
        if self.moves > self.stuck_at {
            self.stop(Stopped::Livelock);
        }
    }

    #[inline]
    fn branch(&mut self, task: u32, choice: u32, stream: u32) -> Flow {
        let chance = self.chance(stream);
        let choice = &self.model.choices[choice as usize];
        let arm = choice.cumulative.iter().position(|&up_to| chance < up_to).unwrap_or(choice.targets.len() - 1);
        self.jump(task, choice.targets[arm])
    }

    fn next_pass(&mut self, task: u32, back: u32) -> Flow {
        let top = self.tasks.tasks[task].frame;
        if let FrameKind::Loop { left } = &mut self.tasks.frames[top].kind
            && *left > 1
        {
            *left -= 1;
            return self.jump(task, back);
        }
        self.tasks.pop(task);
        Flow::On
    }

    /// The task does nothing for a time.
    pub(super) fn sleep(&mut self, task: u32, time: u64) -> Flow {
        let time = self.now.saturating_add(time);
        self.tasks.tasks[task].pending = self.calendar.schedule(time, Class::Completion, task);
        Flow::Off
    }

    /// Sends a message: a task of its own.
    fn send(&mut self, task: u32, routine: u32) -> Flow {
        let message = self.message(task, self.model.routines[routine as usize].entry);
        self.wake(message);
        Flow::On
    }

    /// The request is answered, or has failed.
    #[inline(always)]
    pub(super) fn answer(&mut self, task: u32, failure: Option<Failure>) -> Flow {
        let client = &self.tasks.tasks[task].client;
        let Some(workload) = workload_of(client) else { return self.vanish(task) };
        if !self.tasks.limits.is_empty() && self.model.workloads[workload].limit.is_some() {
            // Answered in time, or failed: it does not ring any more.
            self.calendar.clear_timer(self.tasks.limits[task as usize]);
        }
        self.records[workload].end(self.now, client.issued, client.operation, failure);
        if let (Some(probe), None) = (&mut self.probe, failure) {
            probe.answer(workload, self.now, self.now - client.issued);
        }
        let user = client.user;
        if self.settings.jobs && self.recording {
            self.keep_job(task, failure);
        }
        if user != NONE {
            self.alive -= 1;
            self.think(task, workload);
            return Flow::Off;
        }
        self.vanish(task)
    }

    #[inline]
    pub(super) fn vanish(&mut self, task: u32) -> Flow {
        self.alive -= 1;
        self.tasks.free(task);
        Flow::Off
    }
}
