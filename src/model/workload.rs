//! Workloads: how requests arise, what they are about, and where they go.

use std::sync::Arc;

use super::build::Builder;
use super::call::Protection;
use super::circle::join;
use super::names::{ADDRESSABLE, CALLABLE, Kind};
use super::program::{NOWHERE, Op};
use super::source::{Batch, KeySpec, Process, ProfileSpec, SourceSpec};
use super::steps::{Body, Caller, cumulative};
use super::wiring::Payload;
use super::{OperationSpec, Workload, trace};
use crate::diagnostic::{Diagnostic, Span};
use crate::distribution::{Law, Zipf};
use crate::scenario::{self, Arrivals, BatchSize, Keys, Profile};
use crate::syntax::{At, Entry, FilePath};
use crate::units::Rate;

impl<'a> Builder<'a> {
    /// Every workload, in the order of their names.
    pub(super) fn workloads(&mut self) -> Vec<Workload> {
        let scenario = self.scenario;
        let initial = scenario.station.entries.values().any(|entry| entry.value.initial > 0);
        if scenario.workload.is_empty() && scenario.workload.broken.is_empty() && !initial {
            let message = "nobody asks for anything: the scenario has no workload";
            let help = "add a table such as\n[workload.users]\nto = \"desk\"\narrivals = { poisson = \"10/s\" }";
            self.diagnostics.push(Diagnostic::error(Span::default(), message).help(help));
        }
        let entries = scenario.workload.entries.iter();
        entries.filter_map(|(name, entry)| self.workload(name, entry)).collect()
    }

    fn workload(&mut self, name: &str, entry: &'a Entry<scenario::Workload>) -> Option<Workload> {
        let workload = &entry.value;
        let region = workload.region.as_ref().map_or(NOWHERE, |region| self.place(region));
        let streams = workload.stream.as_deref().unwrap_or(name);
        let streams = ["arrivals", "operations", "keys"].map(|purpose| self.stream(streams, purpose));
        let operations = self.operations(name, workload);
        let keys = workload.keys.as_ref().and_then(|keys| self.keys(keys));
        let source = self.source(entry, &operations);
        Some(Workload {
            name: name.to_string(),
            source: source?,
            keys,
            priority: workload.priority,
            weight: workload.weight.value,
            region,
            operations,
            limit: None,
            streams,
        })
    }

    /// The operations that a workload's requests ask for, with their shares.
    fn operations(&mut self, name: &str, workload: &'a scenario::Workload) -> Vec<OperationSpec> {
        let Some(shares) = &workload.operations else {
            let Some((component, operation)) = self.reference(&workload.to, &ADDRESSABLE) else { return Vec::new() };
            return vec![self.request(name, workload, &component, &operation, String::new(), 1.0)];
        };
        let to = &workload.to;
        if to.value.contains('.') {
            let message = "`to` names one operation, and `operations` names others";
            let diagnostic = Diagnostic::error(shares.span, message).note(to.span, "this one");
            self.diagnostics.push(diagnostic.help("leave one of them out"));
            return Vec::new();
        }
        if self.names.component(to, &to.value, &CALLABLE, self.diagnostics).is_none() {
            return Vec::new();
        }
        let sums = cumulative(shares.value.entries.values().map(|entry| entry.value.value.0));
        let mut operations = Vec::new();
        for ((operation, entry), sum) in shares.value.entries.iter().zip(sums) {
            let reference = At { span: entry.key, value: join(&to.value, operation) };
            let Some((component, known)) = self.reference(&reference, &CALLABLE) else { continue };
            operations.push(self.request(name, workload, &component, &known, operation.clone(), sum));
        }
        operations
    }

    fn request(
        &mut self,
        name: &str,
        workload: &'a scenario::Workload,
        component: &str,
        operation: &str,
        label: String,
        cumulative: f64,
    ) -> OperationSpec {
        self.check_service_time(workload, component);
        let body = Body::Request {
            workload: name.to_string(),
            component: component.to_string(),
            operation: operation.to_string(),
        };
        let routine = self.routine(format!("workload {}", join(name, operation)), body);
        OperationSpec { name: label, cumulative, routine, passage: None }
    }

    /// A station's customers bring their service times or the station says how long it takes.
    fn check_service_time(&mut self, workload: &scenario::Workload, component: &str) {
        let lacks = self.scenario.station.get(component).is_some_and(|station| station.service_time.is_none());
        if lacks && workload.trace.is_none() {
            self.lacks_service_time(component, workload.to.span);
        }
    }

    /// A request: the call with its protection, then the answer.
    pub(super) fn compile_request(&mut self, name: &str, component: &str, operation: &str) {
        let Some(workload) = self.scenario.workload.get(name) else { return };
        let streams = workload.stream.as_deref().unwrap_or(name);
        let payload = Payload { request: workload.request.value.0, response: workload.response.value.0 };
        let regions = workload.region.iter().map(|region| self.place(region)).collect();
        let caller = Caller { payload, regions, ..Caller::single(name, streams) };
        let mut protection = Protection {
            timeout: workload.timeout.as_ref(),
            deadline: workload.deadline.as_ref(),
            retry: workload.retry.as_ref(),
            hedge: workload.hedge.as_ref(),
            breaker: workload.breaker.as_ref(),
            fallback: None,
            losers: workload.losers,
        };
        let guard = protection.is_guarded().then(|| self.guard_of_workload(&caller, &workload.to.value, &protection));
        if let Some(time) = protection.take_outermost() {
            let deadline = self.deadline(time, workload.losers);
            self.emit(Op::Limit { deadline });
        }
        if self.kind(component) == Some(Kind::Queue) {
            self.check_publish(&protection);
            self.protect(&caller, &protection, guard, |builder, _| builder.compile_publish(&caller, &workload.to));
            return self.emit(Op::Answer);
        }
        let site = self.site(&caller, component, operation);
        // Who gives up a visit leaves it at the station, but what he has taken on the way goes with him.
        let gated = self.scenario.station.get(component).is_some_and(|station| !station.admit.0.is_empty());
        let visits = self.kind(component) == Some(Kind::Station) && protection.allows_visits() && !gated;
        let direct = visits && self.is_direct(site) && !self.is_wired(site);
        self.protect(&caller, &protection, guard, |builder, guard| match direct {
            true => builder.compile_direct(site, component),
            false => builder.compile_attempt(&caller, &protection, guard, site),
        });
        self.emit(Op::Answer);
    }

    /// Tells workloads which limit their requests begin with.
    pub(super) fn settle_limits(&self, workloads: &mut [Workload]) {
        for workload in workloads {
            let first = workload.operations.first().map(|operation| &self.routines[operation.routine as usize]);
            workload.limit = match first.and_then(|routine| self.program.get(routine.entry as usize)) {
                Some(&Op::Limit { deadline }) => Some(self.deadlines[deadline as usize]),
                _ => None,
            };
        }
    }

    /// A visit that is no call: there is nothing to return to.
    fn compile_direct(&mut self, site: u32, component: &str) {
        if self.sites[site as usize].balancer.is_some() {
            self.emit(Op::Pick { site });
        }
        self.compile_station(component);
    }

    /// Whether nobody needs to hear of the answer: then there is no need to return.
    fn is_direct(&self, site: u32) -> bool {
        let balancer = self.sites[site as usize].balancer;
        balancer.is_none_or(|balancer| !self.balancers[balancer as usize].answers)
    }

    fn source(&mut self, entry: &'a Entry<scenario::Workload>, operations: &[OperationSpec]) -> Option<SourceSpec> {
        let workload = &entry.value;
        let ways = [workload.arrivals.is_some(), workload.trace.is_some(), workload.users.is_some()];
        if ways.iter().filter(|&&way| way).count() != 1 {
            if entry.complete {
                let count = if ways.contains(&true) { "several" } else { "none" };
                let message = "a workload has exactly one of `arrivals`, `trace` and `users`";
                let help =
                    "open: `arrivals = { poisson = \"10/s\" }`; replayed: `trace = \"jobs.csv\"`; closed: `users = 20`";
                self.diagnostics
                    .push(Diagnostic::error(entry.key, message).label(format!("has {count} of them")).help(help));
            }
            return None;
        }
        if let (Some(think_time), None) = (&workload.think_time, &workload.users) {
            let message = "only users think";
            self.diagnostics
                .push(Diagnostic::error(think_time.span, message).help("add `users`, or leave `think-time` out"));
        }
        if let (Some(profile), None) = (&workload.profile, &workload.arrivals) {
            let message = "a profile changes an arrival rate, and this workload has none";
            self.diagnostics
                .push(Diagnostic::error(profile.span, message).help("use `arrivals`, or leave `profile` out"));
        }
        if let Some(users) = &workload.users {
            let think = workload.think_time.as_ref().map(|time| self.law(time, 1.0));
            let count = (f64::from(users.value.0) * self.load()).round().max(1.0);
            return Some(SourceSpec::Users { count: count.min(f64::from(u32::MAX)) as u32, think });
        }
        if let Some(path) = &workload.trace {
            let names: Vec<&str> = operations.iter().map(|operation| operation.name.as_str()).collect();
            let rows = self.replayed(path, &names)?;
            self.check_trace(workload, path, &rows);
            return Some(SourceSpec::Trace(rows));
        }
        let arrivals = workload.arrivals.as_ref()?;
        let profile = workload.profile.as_ref().map(|profile| self.profile(&profile.value));
        self.open(arrivals, profile)
    }

    /// A station without a service time needs one from every job.
    fn check_trace(&mut self, workload: &scenario::Workload, path: &At<FilePath>, rows: &[super::TraceRow]) {
        let lacks = self.scenario.station.get(&workload.to.value).is_some_and(|station| station.service_time.is_none());
        if lacks && rows.iter().any(|row| row.service == u64::MAX) {
            let message = format!("neither `{}` nor these jobs say how long a service takes", workload.to.value);
            let help = "add a column `service-time`, or `service-time` to the station";
            self.diagnostics.push(Diagnostic::error(path.span, message).help(help));
        }
    }

    /// The jobs of a file, which come the closer together the greater the load.
    fn replayed(&mut self, path: &At<FilePath>, operations: &[&str]) -> Option<Arc<[super::TraceRow]>> {
        let text = self.file(path)?;
        let mut jobs = trace::jobs(&text, operations, self.ticks_per_second, self.rows_left());
        let load = self.load();
        if load != 1.0 {
            jobs.iter_mut().flatten().for_each(|job| job.time = (job.time as f64 / load).round() as u64);
        }
        self.parsed(path, jobs)
    }

    /// All workloads are so many times as busy as they say.
    fn load(&self) -> f64 {
        self.scenario.run.load.value
    }

    fn parsed<T>(&mut self, path: &At<FilePath>, parsed: Result<Vec<T>, String>) -> Option<Arc<[T]>> {
        let problem = |problem| Diagnostic::error(path.span, format!("`{}`: {problem}", path.value.0));
        let rows = parsed.map_err(|text| self.diagnostics.push(problem(text))).ok()?;
        self.known.rows += rows.len();
        Some(rows.into())
    }

    fn open(&mut self, arrivals: &'a At<Arrivals>, profile: Option<ProfileSpec>) -> Option<SourceSpec> {
        let (ticks, load) = (self.ticks_per_second, self.load());
        let mut batch = Batch::Fixed(1);
        let process = match &arrivals.value {
            Arrivals::Poisson(rate) => Process::Renewal(Law::exponential(self.gap(rate)).ok()?),
            Arrivals::Constant(rate) => Process::Renewal(Law::constant(self.gap(rate)).ok()?),
            Arrivals::Renewal(gap) => {
                let law = self.law(gap, self.load());
                let law = self.laws[law as usize].clone();
                if law.mean() <= 0.0 {
                    let message = "interarrival times of zero mean an endless rate";
                    self.diagnostics.push(Diagnostic::error(gap.span, message).help("use a positive mean"));
                    return None;
                }
                Process::Renewal(law)
            }
            Arrivals::Batch(written) => {
                batch = match written.size.value {
                    BatchSize::Fixed(size) => Batch::Fixed(size),
                    BatchSize::Geometric(success) => Batch::Geometric(success),
                };
                Process::Renewal(Law::exponential(self.gap(&written.rate)).ok()?)
            }
            Arrivals::Mmpp(written) => Process::Mmpp {
                gaps: written.rates.value.iter().map(|rate| ticks / (rate.value.0 * load)).collect(),
                dwell: written.dwell.value.iter().map(|dwell| dwell.value.0 * ticks).collect(),
            },
            Arrivals::Trace(path) => {
                return self.replayed(path, &[""]).map(SourceSpec::Trace);
            }
        };
        Some(SourceSpec::Open { process, batch, profile })
    }

    /// The mean interarrival time of a rate, in ticks.
    fn gap(&mut self, rate: &At<Rate>) -> f64 {
        let gap = 1.0 / (rate.value.0 * self.load());
        self.check_resolution(gap, rate.span);
        self.ticks_per_second / (rate.value.0 * self.load())
    }

    fn keys(&mut self, keys: &'a At<Keys>) -> Option<KeySpec> {
        match &keys.value {
            Keys::Uniform(count) => Some(KeySpec::Uniform(count.value.0)),
            Keys::HotSet(written) => {
                let (hot, count) = (written.hot_keys(), written.count.value.0);
                Some(KeySpec::HotSet { hot, count, share: written.share.value.0 })
            }
            Keys::Zipf(written) => {
                let zipf = Zipf::new(u64::from(written.count.value.0), written.exponent.value);
                zipf.map(KeySpec::Zipf)
                    .map_err(|problem| self.diagnostics.push(Diagnostic::error(written.exponent.span, problem)))
                    .ok()
            }
            Keys::Trace(path) => {
                let text = self.file(path)?;
                self.parsed(path, trace::keys(&text, self.rows_left())).map(KeySpec::Trace)
            }
        }
    }

    fn profile(&self, profile: &Profile) -> ProfileSpec {
        let ticks = self.ticks_per_second;
        match profile {
            Profile::Steps(steps) => {
                let steps = steps.iter().map(|step| (step.value.0.0 * ticks, step.value.1)).collect();
                ProfileSpec::Steps { steps, period: None }
            }
            Profile::Ramp(ramp) => {
                ProfileSpec::Ramp { from: ramp.from, to: ramp.to, over: (ramp.over.0 * ticks).max(1.0) }
            }
            Profile::Diurnal(wave) => ProfileSpec::Diurnal {
                low: wave.low,
                peak: wave.peak,
                period: wave.period.0 * ticks,
                phase: wave.phase,
            },
            Profile::Hours(hours) => {
                let hour = 3600.0 * ticks;
                let steps = hours.value.iter().enumerate().map(|(at, &factor)| (at as f64 * hour, factor)).collect();
                ProfileSpec::Steps { steps, period: Some(24.0 * hour) }
            }
        }
    }
}
