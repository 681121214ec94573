//! Where requests spent their time: what was waited for on the way that decided when the answer came.
//!
//! As the tracer, the watcher only looks: after each event it compares what the tasks of some requests do with what they
//! did before. Requests are taken at even intervals, so that those of busy times are neither over- nor underrepresented;
//! of each, only sums remain once it is answered.

mod decompose;

use super::record::Job;
use super::task::{Frame, FrameKind, NONE, Task};
use super::tracer::signature;
use super::{Engine, GoOn, Settings};
use crate::model::Model;
use crate::policy::discipline::Rule;

/// Which requests are watched, by workload: each of so many, until there are enough.
#[derive(Debug, Clone)]
pub struct Watch {
    /// One in so many.
    pub every: Vec<u64>,
    /// How many at most.
    pub most: Vec<usize>,
}

/// A request that was answered, and where its time went.
#[derive(Debug, Clone)]
pub struct Anatomy {
    /// Its workload.
    pub workload: u32,
    /// From its issue to its answer, in ticks.
    pub latency: u64,
    /// They add up to its latency.
    pub parts: Vec<Part>,
}

/// Time that went to one thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// To what.
    pub cause: Cause,
    /// At which group of stations, if it was at one.
    pub group: Option<u32>,
    /// How much, in ticks.
    pub ticks: u64,
}

/// What time goes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// Waiting for a server; under processor sharing, what sharing adds.
    Wait,
    /// Being served.
    Service,
    /// Waiting for something that others hold: a lock, a thread, a connection.
    Hold,
    /// On the way between caller and callee.
    Network,
    /// Attempts that failed, and the time before the next one.
    Retry,
    /// Pauses of the program.
    Pause,
    /// Everything else: messages, batches, work that is not followed.
    Other,
}

/// What a task does at the moment.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Doing {
    leaf: Leaf,
    on_the_way: bool,
    /// Waits for its next attempt.
    backs_off: bool,
    /// Attempts under way, from the outermost: which of the program's, and its number.
    attempts: Vec<(u64, u32)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Leaf {
    Wait(u32),
    Hold(u32),
    Service(u32),
    /// Served together with others: the visit, and the service that it asks for.
    Shared(u32, u64, u64),
    Fork(u32),
    Pause,
    Nothing,
}

/// Something that a task did for a time.
#[derive(Debug)]
struct Piece {
    from: u64,
    until: u64,
    doing: Doing,
}

/// A task of a request.
#[derive(Debug)]
struct Track {
    /// `NONE` once it is over.
    task: u32,
    /// Of which fork it is an arm.
    fork: u32,
    signature: [u64; 4],
    since: u64,
    doing: Doing,
    pieces: Vec<Piece>,
}

/// A request under way; its first track is the task that the client waits for.
#[derive(Debug)]
struct Request {
    workload: u32,
    index: u32,
    issued: u64,
    tracks: Vec<Track>,
}

/// Runs one replication, and watches some of its requests that are issued after the warm-up and answered before the end;
/// none if it was given up.
pub fn anatomies(model: &Model, settings: &Settings, watch: &Watch, go_on: GoOn<'_>) -> Option<Vec<Anatomy>> {
    let settings = Settings { jobs: true, buckets: 0, virtual_departures: false, ..*settings };
    let mut engine = Engine::new(model, &settings);
    engine.clocks.clear();
    let workloads = model.workloads.len();
    let (seen, taken) = (vec![0; workloads], vec![0; workloads]);
    let mut watcher = Watcher { watch, seen, taken, live: Vec::new(), done: Vec::new() };
    let is_whole = engine.watch(go_on, |engine| {
        watcher.look(engine);
        !watcher.is_done()
    });
    is_whole.then_some(watcher.done)
}

struct Watcher<'a> {
    watch: &'a Watch,
    /// Requests issued so far, by workload.
    seen: Vec<u64>,
    taken: Vec<usize>,
    live: Vec<Request>,
    done: Vec<Anatomy>,
}

impl Watcher<'_> {
    fn is_done(&self) -> bool {
        self.live.is_empty() && self.taken.iter().zip(&self.watch.most).all(|(taken, most)| taken >= most)
    }

    /// Sees what has changed with an event.
    fn look(&mut self, engine: &mut Engine<'_>) {
        let ended = std::mem::take(&mut engine.jobs);
        self.follow(engine);
        ended.iter().for_each(|job| self.end(engine.model, job));
        let new = self.new_ones(engine);
        if !new.is_empty() {
            self.take(engine, &new, &ended);
        }
    }

    /// Requests to be watched that were issued with this event: workload and index.
    fn new_ones(&mut self, engine: &Engine<'_>) -> Vec<(u32, u64)> {
        let mut new = Vec::new();
        for (workload, record) in engine.records.iter().enumerate() {
            let issued = record.issued;
            if issued != self.seen[workload] && engine.recording {
                let every = self.watch.every[workload].max(1);
                let first = self.seen[workload].min(issued).next_multiple_of(every);
                new.extend((first..issued).step_by(every as usize).map(|index| (workload as u32, index)));
            }
            self.seen[workload] = issued;
        }
        new.retain(|(workload, _)| self.taken[*workload as usize] < self.watch.most[*workload as usize]);
        new
    }

    fn take(&mut self, engine: &Engine<'_>, new: &[(u32, u64)], ended: &[Job]) {
        let is_over = |task: &Task| {
            let same = |job: &Job| (job.workload, job.index) == (task.client.workload, u64::from(task.client.index));
            ended.iter().any(same)
        };
        for (id, task) in engine.tasks.live().filter(|(_, task)| task.client.waits && task.client.issued == engine.now)
        {
            let client = &task.client;
            if new.contains(&(client.workload, u64::from(client.index))) && !is_over(task) {
                self.taken[client.workload as usize] += 1;
                let mut request = Request {
                    workload: client.workload,
                    index: client.index,
                    issued: client.issued,
                    tracks: vec![Track::new(engine, id, engine.now)],
                };
                request.follow(engine);
                self.live.push(request);
            }
        }
    }

    fn follow(&mut self, engine: &Engine<'_>) {
        let moved = |track: &Track| track.task != NONE && track.signature != signature(&engine.tasks.tasks[track.task]);
        for request in &mut self.live {
            if request.tracks.iter().any(moved) {
                request.follow(engine);
            }
        }
    }

    /// A request is over: what remains of it are sums, if it was answered.
    fn end(&mut self, model: &Model, job: &Job) {
        let same = |request: &Request| {
            (request.workload, u64::from(request.index), request.issued) == (job.workload, job.index, job.issued)
        };
        let Some(at) = self.live.iter().position(same) else { return };
        let mut request = self.live.swap_remove(at);
        request.tracks.iter_mut().for_each(|track| track.close(job.ended));
        if super::record::OUTCOMES[usize::from(job.outcome)] == "ok" {
            self.done.push(request.anatomy(model, job.ended));
        } else {
            // Another one is taken in its place.
            self.taken[request.workload as usize] -= 1;
        }
    }
}

impl Request {
    /// Brings every track up to now, and finds new ones.
    fn follow(&mut self, engine: &Engine<'_>) {
        let mine = |task: &Task| {
            let client = &task.client;
            (client.workload, client.index, client.issued) == (self.workload, self.index, self.issued)
        };
        // Nearly always it is one task, and goes on as that.
        if let [only] = self.tracks.as_mut_slice() {
            let task = &engine.tasks.tasks[only.task];
            if task.pc != NONE && task.client.waits && mine(task) {
                only.update(engine);
                if !matches!(only.doing.leaf, Leaf::Fork(_)) {
                    return;
                }
            }
        }
        let tasks: Vec<(u32, bool)> =
            engine.tasks.live().filter(|(_, task)| mine(task)).map(|(id, task)| (id, task.client.waits)).collect();
        // Who waits is another task after it has given up on its call.
        if let (Some(&(id, _)), Some(first)) = (tasks.iter().find(|(_, waits)| *waits), self.tracks.first_mut()) {
            first.task = id;
        }
        for (index, track) in self.tracks.iter_mut().enumerate().filter(|(_, track)| track.task != NONE) {
            let lives = tasks.iter().any(|&(id, waits)| id == track.task && (waits == (index == 0)));
            match lives {
                true => track.update(engine),
                false if index > 0 => track.close(engine.now),
                false => {}
            }
        }
        // Nobody waits for what is no arm of a fork.
        let is_arm = |id: u32| engine.tasks.tasks[id].fork != NONE;
        for (id, _) in tasks.into_iter().filter(|&(id, waits)| !waits && is_arm(id)) {
            if !self.tracks.iter().any(|track| track.task == id) {
                self.tracks.push(Track::new(engine, id, engine.now));
            }
        }
    }
}

impl Track {
    fn new(engine: &Engine<'_>, task: u32, now: u64) -> Track {
        let at = &engine.tasks.tasks[task];
        let doing = engine.doing(task);
        Track { task, fork: at.fork, signature: signature(at), since: now, doing, pieces: Vec::new() }
    }

    fn update(&mut self, engine: &Engine<'_>) {
        let now = signature(&engine.tasks.tasks[self.task]);
        self.signature = now;
        let doing = engine.doing(self.task);
        if doing != self.doing {
            self.cut(engine.now);
            self.doing = doing;
        }
    }

    fn cut(&mut self, now: u64) {
        if now > self.since {
            self.pieces.push(Piece { from: self.since, until: now, doing: self.doing.clone() });
        }
        self.since = now;
    }

    fn close(&mut self, now: u64) {
        if self.task != NONE {
            self.cut(now);
        }
        self.task = NONE;
    }
}

impl Engine<'_> {
    fn doing(&self, id: u32) -> Doing {
        let task = &self.tasks.tasks[id];
        let frames: Vec<Frame> = self.tasks.stack(id).map(|(_, &frame)| frame).collect();
        let kinds = || frames.iter().map(|frame| frame.kind);
        let on_top = kinds().find(|kind| !matches!(kind, FrameKind::Deadline { .. }));
        let leaf = self.leaf_of(task, kinds().next());
        let backs_off = leaf == Leaf::Pause && matches!(on_top, Some(FrameKind::Try { attempt: 2.., .. }));
        let on_the_way = kinds().any(|kind| matches!(kind, FrameKind::Hop { .. }));
        Doing { leaf, on_the_way, backs_off, attempts: attempts(&frames) }
    }

    fn leaf_of(&self, task: &Task, top: Option<FrameKind>) -> Leaf {
        if task.station == NONE {
            return match top {
                Some(FrameKind::Fork { fork }) => Leaf::Fork(fork),
                _ if task.pending != 0 => Leaf::Pause,
                _ => Leaf::Nothing,
            };
        }
        let group = self.group(task.station);
        match group.rule {
            Rule::Shared { .. } => Leaf::Shared(task.station, task.order, task.service),
            _ if group.held => Leaf::Hold(task.station),
            _ if task.is_served() && !group.room => Leaf::Service(task.station),
            _ => Leaf::Wait(task.station),
        }
    }
}

/// The attempts of a stack, from the outermost. Which of the program's one is depends on everything below it: where each
/// caller goes on, and the passes of loops. Two calls of a service that retries are two things to attempt.
fn attempts(frames: &[Frame]) -> Vec<(u64, u32)> {
    let (mut attempts, mut place) = (Vec::new(), 0);
    for frame in frames.iter().rev() {
        place = mix(place, u64::from(frame.pc));
        match frame.kind {
            FrameKind::Call { site, .. } | FrameKind::Post { site, .. } => place = mix(place, u64::from(site)),
            FrameKind::Loop { left } => place = mix(place, u64::from(left)),
            FrameKind::Try { retry, attempt, .. } => {
                place = mix(place, u64::from(retry));
                attempts.push((place, attempt));
            }
            _ => {}
        }
    }
    attempts
}

/// The hash of what there was and one more: the finalizer of SplitMix64 (Steele, Lea and Flood 2014).
fn mix(hash: u64, more: u64) -> u64 {
    let mut mixed = (hash ^ more).wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ mixed >> 31
}
