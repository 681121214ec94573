//! Steps compiled to ops.

use super::build::Builder;
use super::circle::join;
use super::lower::{CacheTask, Hardware, Nic};
use super::names::Kind;
use super::network::Hop;
use super::program::{Act, Choice, ForkSpec, Losers, Op, Place, Region, Routine};
use super::wiring::{Destination, Payload};
use crate::scenario::{Distribution, Hold, Parallel, Repeat, Step, VisitStep};
use crate::syntax::At;
use crate::units::Ratio;

/// Code that is still to be written.
#[derive(Debug, Clone)]
pub(super) enum Body<'a> {
    /// What a component does with a request.
    Operation { component: String, operation: String },
    /// One arm of a `parallel`.
    Arm { caller: Caller, steps: &'a [At<Step>] },
    /// The end of a call among several.
    Join,
    /// What a database does besides its operations.
    Database { name: String, part: super::layout::Part },
    /// One visit with a service time of its own.
    Visit { station: String, place: Place, law: u32 },
    /// Visits one after another: to a disk of an array.
    Visits(Vec<(Place, u32)>),
    /// The same call to both disks of a pair.
    Mirrors { site: u32 },
    /// The end of a parallel job on one core.
    Share { place: Place, share: u32 },
    /// The data of one window, as one arm of a round.
    Window { place: Place, law: u32 },
    /// There and back, as the other arm.
    RoundTrip { nic: Nic },
    /// What a call passes on its way.
    Hop(Box<Hop>),
    /// A component whose own balancer picks the replica, behind a balancer.
    Relay { balancer: String, component: String, operation: String, payload: Payload },
    /// A balancer, for calls that send something.
    Carrying { balancer: String, operation: String, payload: Payload },
    /// A customer that is there at the start.
    Initial { station: String },
    /// An entry of a cache on its way to the origin, or a new one on its way from there.
    Refresh { cache: String, holder: String, task: CacheTask },
    /// A consumer's call with what was delivered.
    Delivery { queue: u32, site: u32 },
    /// A message that comes to a broker elsewhere.
    Publish { queue: String },
    /// The relay of a topic.
    Poll { topic: u32 },
    /// One thing to do with messages or a batch.
    Act { act: Act, index: u32 },
    /// What is done once for all members of a batch.
    Gathered { batch: u32, caller: Caller, steps: &'a [At<Step>] },
    /// One copy of a hedged attempt.
    Copy { hedge: u32, site: u32, first: bool },
    /// Who was shed from a line.
    Refused,
    /// A workload's request.
    Request { workload: String, component: String, operation: String },
}

/// Whose steps these are.
#[derive(Debug, Clone)]
pub(super) struct Caller {
    /// The component, or the workload.
    pub(super) name: String,
    /// How many replicas it has.
    pub(super) replicas: u32,
    /// Who owns its random streams.
    pub(super) streams: String,
    /// What it runs on.
    pub(super) hardware: Hardware,
    /// Where its replicas are; empty is nowhere in particular.
    pub(super) regions: Vec<Region>,
    /// It is wherever it is called from.
    pub(super) anywhere: bool,
    /// What its calls send.
    pub(super) payload: Payload,
}

impl Caller {
    /// Someone outside, or a component without replicas or CPU.
    pub(super) fn single(name: &str, streams: &str) -> Caller {
        Caller {
            name: name.to_string(),
            replicas: 1,
            streams: streams.to_string(),
            hardware: Hardware::default(),
            regions: Vec::new(),
            anywhere: false,
            payload: Payload::default(),
        }
    }
}

impl<'a> Builder<'a> {
    /// A new routine, whose code is written later.
    pub(super) fn routine(&mut self, name: String, body: Body<'a>) -> u32 {
        let index = self.routines.len() as u32;
        self.routines.push(Routine { name, entry: 0, end: 0, nodes: None });
        self.pending.push((index, body));
        index
    }

    /// Writes the code of every routine, each in one stretch.
    pub(super) fn compile_pending(&mut self) {
        while let Some((index, body)) = self.pending.pop() {
            let (entry, nodes) = (self.here(), self.nodes_of(&body));
            self.compile_body(body);
            let end = self.here();
            let routine = &mut self.routines[index as usize];
            (routine.entry, routine.end, routine.nodes) = (entry, end, nodes);
        }
    }

    pub(super) fn here(&self) -> u32 {
        self.program.len() as u32
    }

    pub(super) fn emit(&mut self, op: Op) {
        self.program.push(op);
    }

    fn compile_body(&mut self, body: Body<'a>) {
        match body {
            Body::Operation { component, operation } => self.compile_operation(&component, &operation),
            Body::Arm { caller, steps } => {
                self.compile_steps(&caller, steps);
                self.emit(Op::Join);
            }
            Body::Join => self.emit_join(),
            Body::Database { name, part } => self.compile_part(&name, &part),
            Body::Visit { station, place, law } => {
                self.emit_visit(&station, Op::Visit { place, law, own: false });
                self.emit(Op::Return);
            }
            Body::Visits(visits) => {
                self.emit_visits(&visits);
                self.emit(Op::Return);
            }
            Body::Mirrors { site } => {
                self.emit_fan(site, 2, Some((2, Losers::Abandon)));
                self.emit(Op::Return);
            }
            Body::Share { place, share } => self.program.extend([Op::Share { place, share }, Op::End, Op::Join]),
            Body::Window { place, law } => {
                self.emit(Op::Visit { place, law, own: false });
                self.emit(Op::Join);
            }
            Body::RoundTrip { nic } => self.compile_round_trip(&nic),
            Body::Hop(hop) => self.compile_hop(&hop),
            Body::Relay { balancer, component, operation, payload } => {
                self.compile_relay(&balancer, &component, &operation, payload);
            }
            Body::Carrying { balancer, operation, payload } => {
                self.compile_balancer(&balancer, &operation, payload);
                self.emit(Op::Return);
            }
            Body::Initial { station } => {
                // It is inside already.
                if let Some((place, law)) = self.own_visit(&station) {
                    self.emit(Op::Visit { place, law, own: true });
                }
                self.emit(Op::Vanish);
            }
            Body::Refresh { cache, holder, task } => self.compile_cache_task(&cache, &holder, task),
            Body::Delivery { queue, site } => {
                self.emit(Op::Enter { site });
                self.emit(Act::Processed.of(queue));
                self.emit(Op::Vanish);
            }
            Body::Publish { queue } => {
                self.compile_acceptance(&Caller::single(&queue, &queue), &queue);
                self.emit(Op::Return);
            }
            Body::Poll { topic } => self.compile_poll(topic),
            Body::Act { act, index } => {
                self.emit(act.of(index));
                self.emit(Op::Vanish);
            }
            Body::Gathered { batch, caller, steps } => {
                self.compile_steps(&caller, steps);
                self.emit(Act::Disband.of(batch));
                self.emit(Op::Vanish);
            }
            Body::Copy { hedge, site, first } => self.compile_call_copy(hedge, site, first),
            Body::Refused => self.emit(Op::Shed),
            Body::Request { workload, component, operation } => self.compile_request(&workload, &component, &operation),
        }
    }

    fn compile_operation(&mut self, component: &str, operation: &str) {
        match self.kind(component) {
            Some(Kind::Station) => self.compile_station(component),
            Some(Kind::Service) => self.compile_service(component, operation),
            Some(Kind::Cache) => return self.compile_cache(component, operation),
            Some(Kind::Balancer) => self.compile_balancer(component, operation, Payload::default()),
            Some(Kind::Database) => self.compile_database(component, operation),
            _ => {}
        }
        self.emit(Op::Return);
    }

    /// A visit to the station for its own service time.
    pub(super) fn compile_station(&mut self, name: &str) {
        let Some((place, law)) = self.own_visit(name) else { return };
        self.emit_visit(name, Op::Visit { place, law, own: true });
    }

    /// A visit to a station, through its gates.
    fn emit_visit(&mut self, name: &str, visit: Op) {
        let Some(station) = self.scenario.station.get(name) else { return };
        let gates = self.gates(name, &station.admit, self.most_replicas(name, station.replicas));
        self.emit_arrival(&gates);
        self.emit(visit);
        self.emit_departure(&gates);
    }

    fn own_visit(&mut self, name: &str) -> Option<(Place, u32)> {
        let place = self.lowered.get(name)?.held?;
        let law = match &self.scenario.station.get(name)?.service_time {
            Some(written) => self.law(written, 1.0),
            None => self.add_law(crate::distribution::Law::Constant(Default::default())),
        };
        Some((place, law))
    }

    fn compile_service(&mut self, name: &str, operation: &str) {
        let Some(service) = self.scenario.service.get(name) else { return };
        let Some(lowered) = self.lowered.get(name).cloned() else { return };
        let caller = Caller {
            replicas: lowered.replicas,
            hardware: lowered.hardware,
            regions: lowered.regions,
            ..Caller::single(name, &lowered.streams)
        };
        let gates = self.gates(name, &service.admit, lowered.replicas);
        let own = service.operation.get(operation).map(|own| &own.admit);
        let own = own.map(|own| self.gates(&join(name, operation), own, lowered.replicas)).unwrap_or_default();
        self.emit_arrival(&gates);
        self.emit_arrival(&own);
        let bulkhead = self.bulkheads.get(&(name.to_string(), operation.to_string())).copied();
        let held = bulkhead.or(lowered.held);
        if let Some(place) = held {
            self.emit(Op::Acquire { place });
        }
        if let Some(route) = &service.route {
            self.compile_route(&caller, &route.value);
        } else if let Some(operation) = service.operation.get(operation) {
            self.compile_steps(&caller, &operation.steps);
        } else if let Some(steps) = &service.steps {
            self.compile_steps(&caller, &steps.value);
        }
        if held.is_some() {
            self.emit(Op::Release);
        }
        self.emit_departure(&own);
        self.emit_departure(&gates);
    }

    pub(super) fn compile_steps(&mut self, caller: &Caller, steps: &'a [At<Step>]) {
        for step in steps {
            self.compile_step(caller, step);
        }
    }

    fn compile_step(&mut self, caller: &Caller, step: &'a At<Step>) {
        match &step.value {
            Step::Cpu(time) => self.compile_cpu(caller, time, step.span),
            Step::Memory(memory) => self.compile_memory(caller, memory),
            Step::Disk(disk) => self.compile_disk(caller, disk),
            Step::Speedup(job) => self.compile_speedup(caller, job),
            Step::Network(network) => self.compile_network(caller, network, step.span),
            Step::Wait(time) => self.compile_wait(caller, time),
            Step::Visit(visit) => self.compile_visit(caller, visit),
            Step::Call(call) => self.compile_call(caller, &call.0),
            Step::Parallel(parallel) => self.compile_parallel(caller, parallel),
            Step::FanOut(fan) => self.compile_fan_out(caller, fan),
            Step::LookAside(look) => self.compile_look_aside(caller, look),
            Step::Choose(arms) => self.compile_choose(caller, &arms.value),
            Step::Repeat(repeat) => self.compile_repeat(caller, &repeat.value),
            Step::Hold(hold) => self.compile_hold(caller, hold),
            Step::Optimistic(optimistic) => self.compile_optimistic(caller, optimistic),
            Step::Publish(queue) => self.compile_publish(caller, queue),
            Step::Batch(batch) => self.compile_batch(caller, batch),
            Step::Fail(chance) => {
                let stream = self.stream(&caller.streams, "fail");
                self.chances.push(chance.value.0);
                self.emit(Op::Fail { chance: self.chances.len() as u32 - 1, stream });
            }
        }
    }

    pub(super) fn compile_wait(&mut self, caller: &Caller, time: &At<Distribution>) {
        let law = self.law(time, 1.0);
        let stream = self.stream(&caller.streams, "wait");
        self.emit_delay(law, stream);
    }

    fn compile_visit(&mut self, caller: &Caller, visit: &'a VisitStep) {
        let (reference, wanted) = (&visit.0.station, [Kind::Station]);
        let Some((name, _)) = self.reference(reference, &wanted) else { return };
        let Some(station) = self.scenario.station.get(&name) else { return };
        let Some((place, own)) = self.own_visit(&name) else { return };
        let law = visit.0.service_time.as_ref().map(|time| self.law(time, 1.0));
        if law.is_none() && station.service_time.is_none() {
            self.lacks_service_time(&name, reference.span);
        }
        let balancer = self.lowered.get(&name).and_then(|lowered| lowered.balancer);
        let op = Op::Visit { place, law: law.unwrap_or(own), own: law.is_none() };
        let apart = self.is_apart(caller, &name);
        if balancer.is_none() && !apart {
            return self.emit_visit(&name, op);
        }
        let routine = match law {
            Some(law) => self.routine(format!("{name}/visit"), Body::Visit { station: name.clone(), place, law }),
            None => self.entry(&name, ""),
        };
        let site = self.add_site(caller, balancer, vec![routine]);
        self.wire(site, caller, &[Destination::to(&name, "")]);
        self.emit(Op::Enter { site });
    }

    fn compile_parallel(&mut self, caller: &Caller, parallel: &'a Parallel) {
        let written = &parallel.0.arms;
        let count = written.value.len() as u32;
        let need = parallel.0.need.as_ref().map_or(count, |need| need.value.0);
        let mut arms = Vec::new();
        for (index, steps) in written.value.iter().enumerate() {
            let name = format!("{}/arm {}", caller.name, index + 1);
            arms.push(self.routine(name, Body::Arm { caller: caller.clone(), steps }));
        }
        self.forks.push(ForkSpec { arms, need, losers: parallel.0.losers });
        self.emit(Op::Fork { fork: self.forks.len() as u32 - 1 });
    }

    fn compile_choose(&mut self, caller: &Caller, arms: &'a [(At<Ratio>, Vec<At<Step>>)]) {
        let stream = self.stream(&caller.streams, "choose");
        let choice = self.choices.len() as u32;
        let shares = arms.iter().map(|(share, _)| share.value.0);
        self.choices.push(Choice { cumulative: cumulative(shares), targets: Vec::new() });
        self.emit(Op::Branch { choice, stream });
        let (mut targets, mut jumps) = (Vec::new(), Vec::new());
        for (_, steps) in arms {
            targets.push(self.here());
            self.compile_steps(caller, steps);
            jumps.push(self.here());
            self.emit(Op::Jump { to: 0 });
        }
        let to = self.here();
        jumps.iter().for_each(|&jump| self.program[jump as usize] = Op::Jump { to });
        self.choices[choice as usize].targets = targets;
    }

    fn compile_repeat(&mut self, caller: &Caller, repeat: &'a Repeat) {
        if let Some(times) = &repeat.times {
            self.emit(Op::Loop { times: times.value.0 });
            let back = self.here();
            self.compile_steps(caller, &repeat.steps);
            return self.emit(Op::Next { back });
        }
        let again = repeat.again.as_ref().map_or(0.0, |again| again.value.0);
        let back = self.here();
        self.compile_steps(caller, &repeat.steps);
        let stream = self.stream(&caller.streams, "repeat");
        let on = self.here() + 1;
        self.choices.push(Choice { cumulative: vec![again, 1.0], targets: vec![back, on] });
        self.emit(Op::Branch { choice: self.choices.len() as u32 - 1, stream });
    }

    fn compile_hold(&mut self, caller: &Caller, hold: &'a Hold) {
        let known = self.reference(&hold.of, &[Kind::Lock, Kind::Pool]);
        let place = known.and_then(|(name, _)| self.lowered.get(&name)?.held);
        if let Some(place) = place {
            self.emit(Op::Acquire { place });
        }
        self.compile_steps(caller, &hold.steps);
        if place.is_some() {
            self.emit(Op::Release);
        }
    }
}

/// Sums of shares up to each; the last is exactly 1.
pub(super) fn cumulative(shares: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut sum = 0.0;
    let mut sums: Vec<f64> = shares
        .map(|share| {
            sum += share;
            sum
        })
        .collect();
    if let Some(last) = sums.last_mut() {
        *last = 1.0;
    }
    sums
}
