//! What one replication observed: counts, sums and histograms, in ticks.

use super::data_record::{CommitRecord, ContentsRecord, StoreRecord};
use super::gate_record::GateRecord;
use super::guards::CallRecord;
use super::message_record::QueueRecord;
use super::scaler::ScalerRecord;
use super::series::Mark;
use super::station::Station;
use super::task::Client;
use crate::model::Model;
use crate::stats::{Histogram, Integral, Squares};

/// Why a request failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// Refused by a gate or a full station, or shed from a line.
    Rejected,
    /// Given up at a timeout or deadline.
    TimedOut,
    /// Failed by a `fail` step.
    Failed,
    /// Ran out of patience.
    Abandoned,
}

/// How a request ended, for `--jobs`.
pub const OUTCOMES: [&str; 5] = ["rejected", "timed-out", "failed", "abandoned", "ok"];

/// Everything that one replication observed.
#[derive(Debug)]
pub struct Observations {
    /// Cut from the start.
    pub warm_up: u64,
    /// Length of the window.
    pub window: u64,
    /// By workload.
    pub workloads: Vec<WorkloadRecord>,
    /// By station.
    pub stations: Vec<StationRecord>,
    /// By group of stations.
    pub groups: Vec<GroupRecord>,
    /// By node of each cache, as in the model's contents.
    pub contents: Vec<ContentsRecord>,
    /// By what is written optimistically.
    pub commits: Vec<CommitRecord>,
    /// By what protects calls.
    pub calls: Vec<CallRecord>,
    /// By gate.
    pub gates: Vec<GateRecord>,
    /// By store.
    pub stores: Vec<StoreRecord>,
    /// Number in system, by instant to observe and group.
    pub observed: Vec<Vec<u64>>,
    /// What was counted up to the end of each bucket of the window: integrals only.
    pub buckets: Vec<Mark>,
    /// By clock of the model's monitor: what was counted up to the end of each of its windows.
    pub series: Vec<Vec<Mark>>,
    /// By queue.
    pub queues: Vec<QueueRecord>,
    /// By scaler.
    pub scalers: Vec<ScalerRecord>,
    /// Every request, where asked for.
    pub jobs: Vec<Job>,
    /// The simulation stopped before its end: why.
    pub stopped: Option<Stopped>,
}

/// Why a simulation stopped before its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stopped {
    /// Requests go round without time passing.
    Livelock,
    /// It had as many events as it may have.
    Events,
    /// More requests in flight than there may be.
    InFlight,
    /// It held more memory than it may.
    Memory,
}

/// Times of one kind: how often, how long.
#[derive(Debug, Clone, Default)]
pub struct Sample {
    /// Every value.
    pub histogram: Histogram,
    /// Their sum.
    pub sum: u128,
    /// The sum of their squares.
    pub squares: Squares,
}

impl Sample {
    #[inline]
    pub(crate) fn record(&mut self, value: u64) {
        self.histogram.record(value);
        self.sum += u128::from(value);
        self.squares.add(value);
    }
}

impl Sample {
    fn merge(&mut self, other: &Sample) {
        self.histogram.merge(&other.histogram);
        self.sum += other.sum;
        self.squares.merge(other.squares);
    }
}

/// Times of one kind whose sum is kept elsewhere.
#[derive(Debug, Clone, Default)]
pub struct Spread {
    /// Every value.
    pub histogram: Histogram,
    /// The sum of their squares.
    pub squares: Squares,
}

impl Spread {
    #[inline(always)]
    pub(crate) fn record(&mut self, value: u64) {
        self.histogram.record(value);
        self.squares.add(value);
    }

    pub(crate) fn merge(&mut self, histogram: &Histogram, squares: Squares) {
        self.histogram.merge(histogram);
        self.squares.merge(squares);
    }
}

/// What one workload's requests experienced.
#[derive(Debug, Clone, Default)]
pub struct WorkloadRecord {
    /// Requests issued.
    pub offered: u64,
    /// Latency of successes.
    pub latency: Sample,
    /// Failures by kind, in the order of `Failure`.
    pub errors: [u64; 4],
    /// Integral of the number issued and unanswered.
    pub in_flight: u128,
    /// Issued and unanswered at the end, counted request by request.
    pub unanswered_at_end: u64,
    /// By operation: latency of successes, failures.
    pub operations: Vec<(Sample, u64)>,
    pub(crate) pending: Integral,
    pub(crate) unanswered: u32,
    pub(crate) issued: u64,
}

/// What one station counted; see the fields of the same name in the engine.
#[derive(Debug, Clone, Default)]
pub struct StationRecord {
    /// Its group.
    pub group: u32,
    /// Integral of the number in system.
    pub present_area: u128,
    /// Integral of the number of busy servers.
    pub busy_area: u128,
    /// Sum over customers of the time spent here within the window.
    pub sojourn: u128,
    /// Sum over customers of the service received within the window.
    pub received: i128,
    /// Arrivals that entered.
    pub arrivals: u64,
    /// Departures for whatever reason.
    pub departures: u64,
    /// In system when the window began.
    pub present_at_start: u64,
    /// In system when it ended, counted customer by customer.
    pub present_at_end: u64,
    /// Departures after complete service.
    pub completed: u64,
    /// Sum of their response times.
    pub response: u128,
    /// Sum of the service that they received.
    pub service: u128,
    /// Turned away.
    pub rejected: u64,
    /// Ran out of patience.
    pub abandoned: u64,
    /// Taken out of the line and turned away.
    pub shed: u64,
    /// Integral of the number of servers that are away.
    pub down_area: u128,
    /// Integral of the number of servers on vacation, which are part of those.
    pub vacation_area: u128,
    /// Integral of the number who are served together with another, who counts as the busy server.
    pub riders_area: u128,
    /// Integral of the number who wait for room.
    pub door_area: u128,
    /// Set-ups begun.
    pub set_ups: u64,
    /// Services of many completed.
    pub batches: u64,
    /// Integral by number in system, where asked for.
    pub states: Vec<u64>,
}

impl StationRecord {
    /// What a station with `load` customers has counted up to now.
    pub(crate) fn new(station: &mut Station, load: u32, now: u64) -> StationRecord {
        let (tally, special) = (&station.tally, station.special.as_deref());
        StationRecord {
            group: station.group,
            present_area: tally.present.area(now, load),
            busy_area: tally.busy.area(now, station.busy),
            sojourn: tally.sojourn,
            received: tally.received + tally.service as i128,
            arrivals: tally.arrivals,
            departures: tally.departures,
            present_at_start: tally.present_at_start,
            present_at_end: 0,
            completed: tally.completed,
            response: tally.response,
            service: tally.service,
            rejected: tally.rejected,
            abandoned: tally.abandoned,
            shed: special.map_or(0, |special| special.tally.shed),
            down_area: special.map_or(0, |special| special.tally.down.area(now, special.down())),
            vacation_area: special.map_or(0, |special| special.tally.vacation.area(now, special.on_vacation())),
            riders_area: special.map_or(0, |special| special.tally.riders.area(now, special.riders)),
            door_area: special.map_or(0, |special| special.tally.door.area(now, special.door.len() as u32)),
            set_ups: special.map_or(0, |special| special.tally.set_ups),
            batches: special.map_or(0, |special| special.tally.batches),
            states: station.states.take().map_or(Vec::new(), |states| states.times),
        }
    }
}

/// Times per visit, pooled over a group's stations.
#[derive(Debug, Clone, Default)]
pub struct GroupRecord {
    /// Response times of completed visits; their sum is in the stations' records.
    pub response: Spread,
    /// Waiting times of completed visits: response less service.
    pub wait: Spread,
    /// Sum of squares of the service received.
    pub service_squares: Squares,
    /// Completed visits that had to wait.
    pub waited: u64,
    /// Waiting times of visits that ran out of patience.
    pub gave_up: Sample,
    /// Batches that left together.
    pub batches: u64,
    /// Their sizes, summed.
    pub batched: u64,
}

impl GroupRecord {
    /// So many leave together.
    pub(crate) fn count_batch(&mut self, size: u64) {
        self.batches += 1;
        self.batched += size;
    }

    /// A visit is complete.
    #[inline(always)]
    pub(crate) fn record(&mut self, response: u64, service: u64) {
        let wait = response.saturating_sub(service);
        self.response.record(response);
        self.wait.record(wait);
        self.waited += u64::from(wait > 0);
        self.service_squares.add(service);
    }
}

/// One request.
#[derive(Debug, Clone, Copy)]
pub struct Job {
    /// Its workload.
    pub workload: u32,
    /// Its operation.
    pub operation: u32,
    /// Index among its workload's requests.
    pub index: u64,
    /// When it was issued.
    pub issued: u64,
    /// When it ended.
    pub ended: u64,
    /// Index into `OUTCOMES`.
    pub outcome: u8,
}

impl WorkloadRecord {
    pub(crate) fn new(operations: usize) -> WorkloadRecord {
        let operations = if operations > 1 { vec![Default::default(); operations] } else { Vec::new() };
        WorkloadRecord { operations, ..WorkloadRecord::default() }
    }

    /// The integral is complete up to now.
    pub(crate) fn close(&mut self, now: u64) {
        self.in_flight = self.pending.area(now, self.unanswered);
    }

    /// One is issued; returns its index.
    #[inline]
    pub(crate) fn issue(&mut self, now: u64) -> u64 {
        self.pending.up(now);
        self.unanswered += 1;
        self.offered += 1;
        self.issued += 1;
        self.issued - 1
    }

    /// One ends that was issued then.
    #[inline(always)]
    pub(crate) fn end(&mut self, now: u64, issued: u64, operation: u16, failure: Option<Failure>) {
        self.pending.down(now);
        self.unanswered -= 1;
        let latency = now - issued;
        match failure {
            None => self.latency.record(latency),
            Some(kind) => self.errors[kind as usize] += 1,
        }
        if let Some((sample, errors)) = self.operations.get_mut(usize::from(operation)) {
            match failure {
                None => sample.record(latency),
                Some(_) => *errors += 1,
            }
        }
    }

    /// Requests were issued and answered, and took these times; there is one operation.
    pub(crate) fn add_passages(&mut self, times: &Sample) {
        let count = times.histogram.count();
        self.offered += count;
        self.issued += count;
        self.pending.pass_all(times.sum);
        self.latency.merge(times);
    }

    /// Forgets what was counted so far, but not who is in flight.
    pub(crate) fn reset(&mut self, now: u64) {
        let (unanswered, issued) = (self.unanswered, self.issued);
        let pending = Integral::starting(now, unanswered);
        *self = WorkloadRecord { unanswered, issued, pending, ..WorkloadRecord::new(self.operations.len()) };
    }
}

/// The workload of a client who waits for an answer.
pub(crate) fn workload_of(client: &Client) -> Option<usize> {
    client.waits.then_some(client.workload as usize)
}

/// Fresh records for a model.
pub(crate) fn workload_records(model: &Model) -> Vec<WorkloadRecord> {
    model.workloads.iter().map(|workload| WorkloadRecord::new(workload.operations.len())).collect()
}
