//! What became of single requests, step by step.
//!
//! The tracer only looks: after each event it compares what the tasks of a few requests do with what they did
//! before. So a traced run is the run that it would have been, and no other run knows of it. What takes no time
//! is not seen.

use super::record::Job;
use super::task::{Client, FrameKind, NONE, Task};
use super::{Engine, GoOn, Settings};
use crate::model::Model;
use crate::policy::discipline::Rule;

/// Which requests are traced.
#[derive(Debug, Clone, Copy)]
pub struct Sampling {
    /// The first that is issued then, in ticks from the end of warm-up.
    pub from: u64,
    /// How many, from that one on.
    pub requests: u32,
}

/// What was seen of the sampled requests.
#[derive(Debug, Clone, Default)]
pub struct TraceRecord {
    /// Whether it was given up, or reached a limit, before it had all that was asked for.
    pub partial: bool,
    /// The requests, in the order in which they were issued.
    pub requests: Vec<TracedRequest>,
    /// What they did, in the order in which it ended.
    pub spans: Vec<TraceSpan>,
}

/// A request that was traced.
#[derive(Debug, Clone, Copy)]
pub struct TracedRequest {
    /// Its workload.
    pub workload: u32,
    /// Its operation.
    pub operation: u16,
    /// Its index among its workload's requests.
    pub index: u32,
    /// When it was issued, in ticks from the start of the run.
    pub issued: u64,
    /// Index into `OUTCOMES`; none while it was in flight when the trace ended.
    pub outcome: Option<u8>,
}

/// Something that a task of a request did for a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TraceSpan {
    /// Index of the request.
    pub request: u32,
    /// Which of its tasks: 0 is the one that the client waits for. A number is used again once its task is over.
    pub track: u32,
    /// When, in ticks from the start of the run.
    pub from: u64,
    /// Until when.
    pub until: u64,
    /// What.
    pub doing: Doing,
}

/// What a task does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doing {
    /// All of a request, from its issue to its answer.
    Request,
    /// Something beside it: an arm, a message, or work that nobody waits for any more.
    Task,
    /// A call at a site, to one of its targets.
    Call {
        /// The site.
        site: u32,
        /// The target.
        target: u32,
    },
    /// One of the attempts of a call, counted from 1.
    Attempt(u32),
    /// Waits for arms.
    Fork,
    /// Is on the way between caller and callee.
    Hop,
    /// Holds a server of a station.
    Hold(u32),
    /// Waits at a station.
    Wait(u32),
    /// Is served at a station.
    Service(u32),
    /// Lets time pass.
    Pause,
}

/// Runs one replication as far as it takes to trace some requests, and as long as somebody wants it to go on.
pub fn trace(model: &Model, settings: &Settings, sampling: Sampling, go_on: GoOn<'_>) -> TraceRecord {
    let settings = Settings { jobs: true, buckets: 0, virtual_departures: false, ..*settings };
    let mut engine = Engine::new(model, &settings);
    engine.clocks.clear();
    let mut tracer = Tracer { sampling, record: TraceRecord::default(), tracks: Vec::new(), known: Vec::new() };
    let went_on = engine.watch(go_on, |engine| {
        tracer.look(engine);
        !tracer.is_done()
    });
    tracer.record.partial = !went_on || engine.stopped.is_some();
    tracer.finish(engine.now)
}

/// Something that a task is doing: two of the same key are the same.
#[derive(Debug, Clone, Copy)]
struct Layer {
    key: (u32, u64),
    doing: Doing,
    from: u64,
}

/// One task of a request, or none at the moment, and what it does, from the whole to the detail.
struct Track {
    request: u32,
    number: u32,
    task: u32,
    layers: Vec<Layer>,
}

struct Tracer {
    sampling: Sampling,
    record: TraceRecord,
    tracks: Vec<Track>,
    /// Tasks of sampled requests, and what shows that they have moved.
    known: Vec<(u32, [u64; 4])>,
}

impl Tracer {
    fn samples(&self) -> bool {
        (self.record.requests.len() as u32) < self.sampling.requests
    }

    fn is_done(&self) -> bool {
        !self.samples() && self.record.requests.iter().all(|request| request.outcome.is_some())
    }

    /// Sees what has changed with an event.
    fn look(&mut self, engine: &mut Engine<'_>) {
        let has_moved = |&(task, before): &(u32, [u64; 4])| signature(&engine.tasks.tasks[task]) != before;
        if engine.jobs.is_empty() && !self.samples() && !self.known.iter().any(has_moved) {
            return;
        }
        let ended = std::mem::take(&mut engine.jobs);
        self.note_ends(&ended);
        let tasks = || engine.tasks.live().filter(|(_, task)| task.client.workload != NONE);
        if self.samples() && engine.now >= engine.start.saturating_add(self.sampling.from) {
            let new = tasks().map(|(_, task)| task).filter(|task| task.client.issued == engine.now);
            self.sample(new.filter(|task| task.client.waits).collect(), &ended);
        }
        let of = |(id, task): (u32, &Task)| Some((id, self.request_of(task)?));
        let found: Vec<(u32, u32)> = tasks().filter_map(of).collect();
        self.known = found.iter().map(|&(id, _)| (id, signature(&engine.tasks.tasks[id]))).collect();
        self.follow(engine, &found);
    }

    /// Requests that were answered, or have failed.
    fn note_ends(&mut self, ended: &[Job]) {
        for job in ended {
            if let Some(request) = self.find(job.workload, job.index as u32, job.issued) {
                self.record.requests[request].outcome = Some(job.outcome);
            }
        }
    }

    /// Takes requests that are new, in the order of their workloads and indices, unless they are over already.
    fn sample(&mut self, mut new: Vec<&Task>, ended: &[Job]) {
        new.sort_by_key(|task| (task.client.workload, task.client.index));
        for Client { workload, index, issued, operation, .. } in new.into_iter().map(|task| task.client) {
            let is_over = ended.iter().any(|job| (job.workload, job.index) == (workload, u64::from(index)));
            if self.samples() && !is_over && self.find(workload, index, issued).is_none() {
                self.record.requests.push(TracedRequest { workload, operation, index, issued, outcome: None });
            }
        }
    }

    /// The place of a request among those sampled, which are in order of their issue.
    fn find(&self, workload: u32, index: u32, issued: u64) -> Option<usize> {
        let requests = &self.record.requests;
        let first = requests.partition_point(|request| request.issued < issued);
        let mut same = requests[first..].iter().take_while(|request| request.issued == issued);
        same.position(|request| (request.workload, request.index) == (workload, index)).map(|at| first + at)
    }

    /// The sampled request that a task works for; none for its client, once that has its answer.
    fn request_of(&self, task: &Task) -> Option<u32> {
        let Client { workload, index, issued, waits, .. } = task.client;
        let request = self.find(workload, index, issued)?;
        let is_over = waits && self.record.requests[request].outcome.is_some();
        (!is_over).then_some(request as u32)
    }

    /// Brings every track up to now.
    fn follow(&mut self, engine: &Engine<'_>, found: &[(u32, u32)]) {
        let waits = |task: u32| engine.tasks.tasks[task].client.waits;
        for index in 0..self.tracks.len() {
            let Track { request, number, task, .. } = self.tracks[index];
            // Who waits is another task after it has given up on its call.
            let goes_on = |&(at, of): &(u32, u32)| {
                request == of && if number == 0 { waits(at) } else { at == task && !waits(at) }
            };
            if !found.iter().any(goes_on) {
                self.close(index, 0, engine.now);
            }
        }
        for &(task, request) in found {
            let track = if waits(task) { self.track(request, 0) } else { self.side_track(request, task) };
            self.compare(track, engine.layers(task), engine.now);
            self.tracks[track].task = task;
        }
    }

    fn track(&mut self, request: u32, number: u32) -> usize {
        let known = self.tracks.iter().position(|track| (track.request, track.number) == (request, number));
        known.unwrap_or_else(|| {
            self.tracks.push(Track { request, number, task: NONE, layers: Vec::new() });
            self.tracks.len() - 1
        })
    }

    /// The track of a task that no client waits for: its own, or one that is free.
    fn side_track(&mut self, request: u32, task: u32) -> usize {
        let aside = || self.tracks.iter().filter(|track| track.request == request && track.number > 0);
        let found = aside().find(|track| track.task == task).or_else(|| aside().find(|track| track.task == NONE));
        let number = found.map(|track| track.number);
        let number = number.unwrap_or_else(|| aside().map(|track| track.number).max().unwrap_or(0) + 1);
        self.track(request, number)
    }

    /// Ends what a task does no more, and begins what it does now.
    fn compare(&mut self, index: usize, layers: Vec<Layer>, now: u64) {
        let before = &self.tracks[index].layers;
        let same = before.iter().zip(&layers).take_while(|(before, layer)| before.key == layer.key).count();
        self.close(index, same, now);
        let track = &mut self.tracks[index];
        track.layers.extend(layers.into_iter().skip(same).map(|layer| Layer { from: now, ..layer }));
    }

    /// Ends what a track does, but for the first few.
    fn close(&mut self, index: usize, keep: usize, now: u64) {
        let track = &mut self.tracks[index];
        let (request, number) = (track.request, track.number);
        for layer in track.layers.drain(keep..).rev().filter(|layer| layer.from < now) {
            let span = TraceSpan { request, track: number, from: layer.from, until: now, doing: layer.doing };
            self.record.spans.push(span);
        }
        if keep == 0 {
            track.task = NONE;
        }
    }

    fn finish(mut self, now: u64) -> TraceRecord {
        (0..self.tracks.len()).for_each(|index| self.close(index, 0, now));
        self.record
    }
}

/// What changes whenever a task moves.
pub(super) fn signature(task: &Task) -> [u64; 4] {
    let place = u64::from(task.pc) << 32 | u64::from(task.frame);
    let whose = u64::from(task.station) << 32 | u64::from(task.client.index);
    [place, whose, task.started, task.pending << 1 | u64::from(task.client.waits)]
}

impl Engine<'_> {
    /// What a task does, from the whole to the detail.
    fn layers(&self, id: u32) -> Vec<Layer> {
        let task = &self.tasks.tasks[id];
        let doing = if task.client.waits { Doing::Request } else { Doing::Task };
        let mut layers = vec![Layer { key: (NONE, 0), doing, from: 0 }];
        let frames = self.tasks.stack(id).filter_map(|(frame, at)| {
            let (key, doing) = match at.kind {
                FrameKind::Call { site, target, sent, .. } => (sent, Doing::Call { site, target }),
                FrameKind::Try { attempt, .. } => (u64::from(attempt), Doing::Attempt(attempt)),
                FrameKind::Fork { fork } => (u64::from(fork), Doing::Fork),
                FrameKind::Hop { .. } => (0, Doing::Hop),
                FrameKind::Hold { station, started, .. } => (started, Doing::Hold(station)),
                _ => return None,
            };
            Some(Layer { key: (frame, key), doing, from: 0 })
        });
        let mut frames: Vec<Layer> = frames.collect();
        frames.reverse();
        layers.extend(frames);
        layers.extend(self.leaf(task));
        layers
    }

    /// What a task does at the moment, if it is not described by whom it waits for.
    fn leaf(&self, task: &Task) -> Option<Layer> {
        if task.station == NONE {
            let pauses = task.pending != 0;
            return pauses.then_some(Layer { key: (NONE, task.pending), doing: Doing::Pause, from: 0 });
        }
        let group = self.group(task.station);
        let is_shared = matches!(group.rule, Rule::Shared { .. });
        let doing = match is_shared || task.is_served() && !group.room {
            true => Doing::Service(task.station),
            false => Doing::Wait(task.station),
        };
        Some(Layer { key: (NONE, task.order << 1 | u64::from(task.is_served())), doing, from: 0 })
    }
}
