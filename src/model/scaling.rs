//! What is scaled: as many replicas as are ever asked for, those that are there at the start, and who decides.

use super::Group;
use super::build::Builder;
use super::lower::Owner;
use super::program::{Change, Decider, Quantity, ScalerSpec, Signal, Units};
use crate::diagnostic::{Diagnostic, Span};
use crate::policy::scale::{Scale, Schedule, Step, Target};
use crate::scenario::{Autoscale, Event, ScaleMetric, Scaled, Servers, Switch};
use crate::syntax::{At, Count, Named};

/// Seconds of a day.
const DAY: f64 = 86_400.0;

impl<'a> Builder<'a> {
    fn autoscale(&self, name: &str) -> Option<&'a At<Autoscale>> {
        let (services, stations) = (&self.scenario.service, &self.scenario.station);
        let service = services.get(name).and_then(|service| service.autoscale.as_ref());
        service.or_else(|| stations.get(name).and_then(|station| station.autoscale.as_ref()))
    }

    /// What events ask for.
    fn asked(&self, name: &str) -> impl Iterator<Item = u32> + use<'a> {
        let (scenario, name) = (self.scenario, name.to_string());
        let named = scenario.event.iter().filter_map(|event| event.value.scale.as_ref());
        named.filter_map(move |scale| scale.value.get(&name).map(|count| count.value.0))
    }

    fn is_scaled(&self, name: &str) -> bool {
        self.autoscale(name).is_some() || self.asked(name).next().is_some()
    }

    fn scales_servers(&self, name: &str) -> bool {
        self.autoscale(name).is_some_and(|scale| scale.of.value == Scaled::Servers)
    }

    /// As many as are there at the start, or are ever asked for.
    fn most(&self, name: &str, written: u32) -> u32 {
        let scale = self.autoscale(name);
        let schedule = scale.iter().flat_map(|scale| &scale.schedule).flat_map(|schedule| &schedule.value);
        let scheduled = schedule.map(|entry| entry.value.1.value.0);
        let bounds = scale.iter().flat_map(|scale| [Some(scale.min), scale.max]).flatten().map(|count| count.value.0);
        let asked = self.asked(name).chain(scheduled).chain(bounds);
        asked.fold(written, u32::max)
    }

    /// How many replicas a component has, out of service or in it.
    pub(super) fn most_replicas(&self, name: &str, written: At<Count>) -> u32 {
        if self.scales_servers(name) { written.value.0 } else { self.most(name, written.value.0) }
    }

    /// How many servers a station has, out of service or in it.
    pub(super) fn most_servers(&self, name: &str, written: Servers) -> Option<u32> {
        match written {
            Servers::Finite(servers) if self.scales_servers(name) => Some(self.most(name, servers)),
            Servers::Finite(servers) => Some(servers),
            Servers::Infinite => None,
        }
    }

    /// The price of the machines of an owner's nodes: of each by itself, where they come and go.
    pub(super) fn add_price(&mut self, owner: &Owner, price: f64) {
        if self.is_scaled(&owner.component) {
            *self.bill.of_one.entry(owner.component.clone()).or_default() += price;
        } else {
            let price = price * f64::from(owner.count);
            self.bill.per_hour += price;
            *self.bill.by_component.entry(owner.component.clone()).or_default() += price;
        }
    }

    /// Whatever is scaled, in the order of the names.
    pub(super) fn lower_scalers(&mut self) {
        let scenario = self.scenario;
        for (name, entry) in &scenario.service.entries {
            if self.is_scaled(name) {
                self.lower_scaler(name, entry.value.replicas, None);
            }
        }
        for (name, entry) in &scenario.station.entries {
            if self.is_scaled(name) {
                self.check_station_scaling(name);
                self.lower_scaler(name, entry.value.replicas, Some(entry.value.servers));
            }
        }
    }

    fn lower_scaler(&mut self, name: &str, replicas: At<Count>, servers: Option<At<Servers>>) {
        let (Some(lowered), Some(&nodes)) = (self.lowered.get(name), self.node_ranges.get(name)) else { return };
        let Some(front) = lowered.front else { return };
        let streams = lowered.streams.clone();
        let scale = self.autoscale(name);
        let (written, units) = match (servers, self.scales_servers(name)) {
            (Some(At { span, value: Servers::Finite(servers) }), true) => {
                (At { span, value: Count(servers) }, Units::Servers { station: front })
            }
            _ => (replicas, Units::Nodes(nodes)),
        };
        (nodes.first..nodes.first + nodes.count).for_each(|node| self.make_eventful(node));
        let boot = scale.and_then(|scale| scale.boot.as_ref());
        let boot = boot.map(|boot| (self.law(boot, 1.0), self.stream(&streams, "boot")));
        let decider = scale.and_then(|scale| self.decider(name, scale, units));
        let spec = ScalerSpec {
            name: name.to_string(),
            units,
            most: self.most(name, written.value.0),
            start: self.units_at_start(written, scale, decider.as_ref()),
            front,
            queues: self.consumed_by(name),
            boot,
            price: self.bill.of_one.get(name).copied().unwrap_or(0.0),
            decider,
        };
        self.scalers.push(spec);
    }

    /// As many as are written, or what the schedule says at the beginning, or the fewest.
    fn units_at_start(&mut self, written: At<Count>, scale: Option<&At<Autoscale>>, decider: Option<&Decider>) -> u32 {
        let Some(scale) = scale else { return written.value.0 };
        let scheduled = decider.and_then(|decider| decider.schedule.as_ref()?.at(0));
        if written.span == Span::default() {
            return scheduled.unwrap_or(scale.min.value.0);
        }
        let most = scale.max.map_or(u32::MAX, |max| max.value.0);
        if !(scale.min.value.0..=most).contains(&written.value.0) {
            let message = "it begins with a number that `autoscale` does not allow";
            let found = Diagnostic::error(written.span, message).note(scale.span, "from `min` to `max`");
            self.diagnostics.push(found.help("leave it out: it begins with `min`, or with what the schedule says"));
        }
        written.value.0
    }

    fn decider(&mut self, name: &str, scale: &'a At<Autoscale>, units: Units) -> Option<Decider> {
        let policy = match &scale.metric {
            Some(metric) => Some((self.signal(name, metric, units)?, policy(scale)?)),
            None => None,
        };
        let schedule = scale.schedule.as_ref().map(|schedule| {
            let daily = schedule.first().is_some_and(|entry| entry.value.0.value.is_daily());
            let switch = |entry: &At<Switch>| {
                ((entry.value.0.value.seconds() * self.ticks_per_second).round() as u64, entry.value.1.value.0)
            };
            let period = daily.then_some((DAY * self.ticks_per_second) as u64);
            Schedule { switches: schedule.iter().map(switch).collect(), period }
        });
        let quiet = scale.cool_down.0;
        Some(Decider {
            policy,
            every: self.ticks(scale.every.value.0, scale.every.span).max(1),
            min: scale.min.value.0,
            max: scale.max.map_or(u32::MAX, |max| max.value.0),
            quiet_out: (quiet.out.0 * self.ticks_per_second).round() as u64,
            quiet_in: (quiet.r#in.0 * self.ticks_per_second).round() as u64,
            schedule,
        })
    }

    /// Where a metric is measured.
    fn signal(&mut self, name: &str, metric: &At<ScaleMetric>, units: Units) -> Option<Signal> {
        let Some(group) = self.measured_group(name, &metric.value) else {
            let (message, help) = match metric.value {
                ScaleMetric::Cpu => (
                    format!("`{name}` has no cores of its own"),
                    "give a service a `machine`, use `utilization` of a station, or `concurrency`, `queue-length` or `arrival-rate`",
                ),
                _ => (
                    format!("`{name}` is no station with servers that are busy"),
                    "use `cpu`, `concurrency`, `queue-length` or `arrival-rate`",
                ),
            };
            self.diagnostics.push(Diagnostic::error(metric.span, message).help(help));
            return None;
        };
        let servers = match units {
            Units::Servers { .. } => 1.0,
            Units::Nodes(_) => f64::from(group.servers.unwrap_or(1)),
        };
        let (of, unit) = match &metric.value {
            ScaleMetric::Cpu | ScaleMetric::Utilization => (Quantity::Busy, servers),
            ScaleMetric::Concurrency => (Quantity::Present, 1.0),
            ScaleMetric::QueueLength => (Quantity::Waiting, 1.0),
            ScaleMetric::ArrivalRate(rate) => (Quantity::Arrivals, rate.per_replica.0 / self.ticks_per_second),
        };
        Some(Signal { of, first: group.first, count: group.count, unit })
    }

    fn measured_group(&self, name: &str, metric: &ScaleMetric) -> Option<&Group> {
        let is_service = self.scenario.service.contains(name);
        let part = match metric {
            ScaleMetric::Cpu => Some("cpu"),
            _ => is_service.then_some("threads"),
        };
        let group = self.groups.iter().find(|group| group.component == name && group.part.as_deref() == part)?;
        let busy = matches!(metric, ScaleMetric::Utilization);
        (!busy || !is_service && group.servers.is_some()).then_some(group)
    }

    /// The queues whose messages a service consumes. Partitions stay with their replicas.
    fn consumed_by(&mut self, name: &str) -> Vec<u32> {
        let (scenario, mut queues, mut next) = (self.scenario, Vec::new(), 0);
        for entry in scenario.queue.entries.values() {
            for consumer in entry.value.all_consumers() {
                if consumer.value.split('.').next() == Some(name) {
                    queues.push(next);
                    if let Some(partitions) = &entry.value.partitions {
                        let message = format!("`{name}` is scaled, and its replicas have partitions of this queue");
                        let help = "leave `partitions` out, or keep the number of replicas";
                        self.diagnostics.push(Diagnostic::error(partitions.span, message).help(help));
                    }
                }
                next += 1;
            }
        }
        queues
    }

    /// What is scaled at a station has to be all that comes and goes there.
    fn check_station_scaling(&mut self, name: &str) {
        let Some(entry) = self.scenario.station.entries.get(name) else { return };
        let station = &entry.value;
        let servers = self.scales_servers(name);
        let span = self.autoscale(name).map_or(entry.key, |scale| scale.span);
        if !servers && station.initial > 0 {
            let message = format!("`{name}` has customers at the start in replicas that may not be there");
            self.diagnostics.push(Diagnostic::error(span, message).help("leave `initial` out"));
        }
        let reasons = [
            station.fails.as_ref().map(|fails| fails.span),
            station.vacation.as_ref().map(|vacation| vacation.span),
            station.set_up.as_ref().map(|set_up| set_up.span),
        ];
        if let (true, Some(other)) = (servers, reasons.into_iter().flatten().next()) {
            let message = "single servers go away here for two reasons";
            let found = Diagnostic::error(span, message).note(other, "the other one");
            self.diagnostics.push(found.help("scale `replicas` of one server each"));
        }
        if servers && (station.replicas.value.0 > 1 || station.servers.value == Servers::Infinite) {
            let message = "what is scaled are the servers of one station";
            let help = "leave `replicas` out and say how many `servers` there are at the start; or scale `replicas`";
            self.diagnostics.push(Diagnostic::error(span, message).help(help));
        }
    }

    /// So many from now on, of each that is named.
    pub(super) fn scale_at(&mut self, event: &Event, scale: &At<Named<At<Count>>>) {
        let (from, until) = self.interval_of(event);
        for (name, entry) in scale.value.iter() {
            match self.scalers.iter().position(|scaler| scaler.name == name) {
                Some(scaler) => {
                    let layer = until.map(|_| self.timeline.len() as u32);
                    let change = Change::Scale { scaler: scaler as u32, to: entry.value.value.0, layer };
                    self.happens(from, until, change);
                }
                None => self.not_scaled(name, entry.key),
            }
        }
    }

    fn not_scaled(&mut self, name: &str, span: Span) {
        let scenario = self.scenario;
        if scenario.service.contains(name) || scenario.station.contains(name) {
            return;
        }
        let known = scenario.service.entries.keys().chain(scenario.station.entries.keys());
        let found = Diagnostic::error(span, format!("`{name}` is no service or station"));
        let found = found.did_you_mean(name, known.map(String::as_str));
        self.diagnostics.push(found.help("what is scaled are the replicas of a service or of a station"));
    }
}

/// What follows from a metric.
fn policy(scale: &Autoscale) -> Option<Box<dyn Scale>> {
    if let Some(steps) = &scale.step {
        let steps = steps.iter().map(|step| (step.value.0.value.0, step.value.1.value)).collect();
        return Some(Box::new(Step { steps }));
    }
    let target = scale.target.as_ref().map_or(1.0, |target| target.value.0);
    Some(Box::new(Target { target, tolerance: scale.tolerance.0 }))
}
