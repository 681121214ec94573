//! Events resolved: which nodes each is about, and when it begins and ends.

use super::Group;
use super::build::Builder;
use super::monitor::Trigger;
use super::names::Kind;
use super::program::{Change, Happening};
use crate::diagnostic::Diagnostic;
use crate::scenario::{Event, Slow};
use crate::syntax::At;

impl Builder<'_> {
    /// Puts what happens on the timeline.
    pub(super) fn lower_events(&mut self) {
        let scenario = self.scenario;
        scenario.event.iter().for_each(|event| self.lower_event(event));
        let crashing = self.groups.iter().filter(|group| group.special.crashes);
        let stations: Vec<u32> = crashing.flat_map(|group| group.first..group.first + group.count).collect();
        for node in 0..self.nodes.len() as u32 {
            // Groups are in the order of their stations.
            if self.nodes[node as usize].stations.iter().any(|station| stations.binary_search(station).is_ok()) {
                self.make_eventful(node);
            }
        }
    }

    fn lower_event(&mut self, event: &Event) {
        let first = self.timeline.len();
        self.lower_action(event);
        self.add_trigger(event, first);
    }

    /// What happens for as long as anything of it lasts; what disturbs the system, so that it has to come back, is a
    /// trigger as well.
    fn add_trigger(&mut self, event: &Event, first: usize) {
        let from = self.interval_of(event).0;
        let changes = &self.timeline[first..];
        let lasts = |ends| changes.iter().filter(move |happening| happening.ends == ends);
        let ends = lasts(true).count() == lasts(false).count();
        let last = lasts(true).map(|happening| happening.at).max();
        let until = if changes.is_empty() { self.interval_of(event).1 } else { last.filter(|_| ends) };
        self.planned.extend(event.what().map(|name| Trigger { name, from, until }));
        let Some(name) = event.trouble() else { return };
        // What begins and ends together is one trigger: nobody could tell what comes of which.
        match self.triggers.iter_mut().find(|known| (known.from, known.until) == (from, until)) {
            Some(known) => known.name = format!("{}, {name}", known.name),
            None => self.triggers.push(Trigger { name, from, until }),
        }
    }

    fn lower_action(&mut self, event: &Event) {
        if let Some(crash) = &event.crash {
            let silent = crash.value.0.silent;
            if self.lower_queue_outage(event, &crash.value.0.what.value) {
                return;
            }
            self.happens_to(event, &crash.value.0.what, |node| Change::Crash { node, silent });
            if !silent {
                self.leave_rings(event, &crash.value.0.what);
            }
        }
        if let Some(what) = &event.pause {
            if self.lower_queue_outage(event, &what.value) {
                return;
            }
            self.check_stands_still(what);
            self.happens_to(event, what, |node| Change::Pause { node });
        }
        if let Some(scale) = &event.scale {
            self.scale_at(event, scale);
        }
        if let Some(slow) = &event.slow {
            self.lower_slow(event, &slow.value);
        }
        if let Some(rolling) = &event.rolling {
            self.lower_rolling(event, &rolling.value);
        }
        if let Some(groups) = &event.partition {
            self.lower_partition(event, &groups.value);
        }
        if let Some(dropped) = &event.drop {
            self.lower_drop(event, &dropped.value);
        }
    }

    /// A broker that crashes or stands still cannot be reached, and loses nothing: what it has is on its disk. True if it
    /// is a queue that is named.
    fn lower_queue_outage(&mut self, event: &Event, name: &str) -> bool {
        let (from, until) = self.interval_of(event);
        for (queue, entry) in &self.scenario.queue.entries {
            let is_there = entry.value.region.as_ref().is_some_and(|region| region.value == name);
            let topics = self.messages.topics.iter_mut().filter(|topic| topic.name == *queue);
            let meant = topics.filter(|_| queue == name || is_there);
            meant.for_each(|topic| topic.outages.push((from, until.unwrap_or(u64::MAX))));
        }
        self.scenario.queue.contains(name)
    }

    /// Clients of a cache know at once which of its nodes are not there: others stand in.
    fn leave_rings(&mut self, event: &Event, what: &At<String>) {
        let (from, until) = self.interval_of(event);
        let meant = self.nodes_meant(what);
        let scenario = self.scenario;
        for name in scenario.cache.entries.keys() {
            let balancer = self.lowered.get(name).and_then(|lowered| lowered.balancer);
            let (Some(balancer), Some(&nodes)) = (balancer, self.node_ranges.get(name)) else { continue };
            for target in (0..nodes.count).filter(|&replica| meant.contains(&nodes.of(replica))) {
                self.happens(from, until, Change::TakeOut { balancer, target });
            }
        }
    }

    /// What stands still are stations: there has to be one.
    fn check_stands_still(&mut self, what: &At<String>) {
        let nodes = self.nodes_meant(what);
        if !nodes.is_empty() && nodes.iter().all(|&node| self.nodes[node as usize].stations.is_empty()) {
            let message = format!("`{}` has nothing that could stand still", what.value);
            let help = "give it a `machine` or a `service-time`, or let it `crash`";
            self.diagnostics.push(Diagnostic::error(what.span, message).help(help));
        }
    }

    /// The same change at each node that is meant.
    fn happens_to(&mut self, event: &Event, what: &At<String>, change: impl Fn(u32) -> Change) {
        let (from, until) = self.interval_of(event);
        for node in self.nodes_meant(what) {
            self.make_eventful(node);
            self.happens(from, until, change(node));
        }
    }

    /// When an event begins and ends, in ticks.
    pub(super) fn interval_of(&mut self, event: &Event) -> (u64, Option<u64>) {
        let from = self.ticks(event.at.value.0, event.at.span);
        let length = event.r#for.map(|length| self.ticks(length.value.0, length.span));
        (from, length.map(|length| from.saturating_add(length)))
    }

    /// A change that lasts for a time, or for ever.
    pub(super) fn happens(&mut self, from: u64, until: Option<u64>, change: Change) {
        self.timeline.push(Happening { at: from, ends: false, change });
        self.timeline.extend(until.map(|at| Happening { at, ends: true, change }));
    }

    /// The stations of a node are ready to be stopped.
    pub(super) fn make_eventful(&mut self, node: u32) {
        for station in self.nodes[node as usize].stations.clone() {
            if let Some(group) = self.group_with(station) {
                group.special.eventful = true;
            }
        }
    }

    fn group_with(&mut self, station: u32) -> Option<&mut Group> {
        self.group_index(station).map(|index| &mut self.groups[index])
    }

    fn lower_slow(&mut self, event: &Event, slow: &Slow) {
        let (from, until) = self.interval_of(event);
        self.slow_down(from, until, slow);
    }

    /// Slows the stations that work for a time; threads and locks are held for as long as their holders take.
    pub(super) fn slow_down(&mut self, from: u64, until: Option<u64>, slow: &Slow) {
        let meant = self.stations_meant(&slow.what);
        let works = |builder: &Self, station| builder.group_of(station).is_some_and(|group| !group.held && !group.room);
        let stations: Vec<u32> = meant.iter().flatten().copied().filter(|&station| works(self, station)).collect();
        if stations.is_empty() && meant.is_some() {
            let message = format!("`{}` has nothing that could be slow", slow.what.value);
            let help = "what takes time there is a delay: name a station, or give it a `machine`";
            self.diagnostics.push(Diagnostic::error(slow.what.span, message).help(help));
        }
        for station in stations {
            if let Some(group) = self.group_with(station) {
                (group.special.eventful, group.special.slowed) = (true, true);
            }
            self.happens(from, until, Change::Slow { station, factor: slow.factor.value });
        }
    }

    /// The stations that a name means: `app`, `app.cpu`, `app[2].cpu`, or those of the nodes that it means.
    fn stations_meant(&mut self, what: &At<String>) -> Option<Vec<u32>> {
        let names = self.groups.iter().flat_map(|group| (0..group.count).map(move |at| (group, at)));
        let named = names.filter(|(group, at)| is_meant(&group.replica_name(*at), &what.value));
        let named: Vec<u32> = named.map(|(group, at)| group.first + at).collect();
        if !named.is_empty() {
            return Some(named);
        }
        let nodes = self.nodes_meant(what);
        let stations = nodes.iter().flat_map(|&node| self.nodes[node as usize].stations.clone());
        (!nodes.is_empty()).then(|| stations.collect())
    }

    /// The nodes that a name means: `app`, `app[2]`, `orders.primary`, `orders[1].replica[0]`, `box`, `eu`, `a`. Says what is
    /// wrong with the name otherwise.
    pub(super) fn nodes_meant(&mut self, what: &At<String>) -> Vec<u32> {
        if let Some(place) = self.names.region(&what.value).filter(|_| self.kind(&what.value).is_none()) {
            let region = u8::try_from(place).unwrap_or(0);
            return (0..self.nodes.len() as u32).filter(|&node| self.nodes[node as usize].region == region).collect();
        }
        let zone = self.names.zone(&what.value).filter(|_| self.kind(&what.value).is_none());
        if zone.is_some() {
            return (0..self.nodes.len() as u32).filter(|&node| self.nodes[node as usize].zone == zone).collect();
        }
        let nodes = self.nodes_named(&what.value);
        let nodes = nodes.iter().flat_map(|&node| self.with_guests(node)).collect::<Vec<u32>>();
        if nodes.is_empty() {
            self.no_such_node(what);
        }
        nodes
    }

    /// The nodes whose names are this, or begin like it.
    fn nodes_named(&self, pattern: &str) -> Vec<u32> {
        let named = self.nodes.iter().enumerate().filter(|(_, node)| is_meant(&node.name, pattern));
        named.map(|(node, _)| node as u32).collect()
    }

    /// With a host goes whatever runs on it.
    fn with_guests(&self, node: u32) -> Vec<u32> {
        let name = &self.nodes[node as usize].name;
        if self.kind(name) != Some(Kind::Host) {
            return vec![node];
        }
        let scenario = self.scenario;
        let services = scenario.service.entries.iter().map(|(guest, entry)| (guest, entry.value.host.as_ref()));
        let databases = scenario.database.entries.iter().map(|(guest, entry)| (guest, entry.value.host.as_ref()));
        let guests = services.chain(databases).filter(|(_, host)| host.is_some_and(|host| host.value == *name));
        let guests = guests.flat_map(|(guest, _)| self.nodes_named(guest));
        std::iter::once(node).chain(guests).collect()
    }

    fn no_such_node(&mut self, what: &At<String>) {
        if let Some(Kind::Lock | Kind::Pool | Kind::Link | Kind::Workload) = self.kind(&what.value) {
            let message = format!("`{}` is no place where anything is done", what.value);
            let help = "name what holds or uses it: a component, a host or a region";
            return self.diagnostics.push(Diagnostic::error(what.span, message).help(help));
        }
        let known = self.nodes.iter().map(|node| node.name.as_str()).chain(self.node_ranges.keys().map(String::as_str));
        let message = format!("there is nothing called `{}` that this could happen to", what.value);
        let found = Diagnostic::error(what.span, message).did_you_mean(&what.value, known);
        let help = "name a component, one replica such as `app[2]`, a role such as `orders.primary`, a host, a region or a zone";
        self.diagnostics.push(found.help(help));
    }
}

/// Whether a pattern without some or all of its indices, or of its roles, means a node. What is there once may be called the
/// first of its kind.
fn is_meant(node: &str, pattern: &str) -> bool {
    let (nodes, patterns): (Vec<&str>, Vec<&str>) = (node.split('.').collect(), pattern.split('.').collect());
    let whole = nodes.len() == patterns.len();
    let same = |(node, pattern): (&&str, &&str)| {
        node == pattern || node.split('[').next() == Some(pattern) || whole && pattern.strip_suffix("[0]") == Some(node)
    };
    nodes.len() >= patterns.len() && nodes.iter().zip(&patterns).all(same)
}
