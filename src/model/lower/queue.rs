//! A queue becomes waiting rooms and what its broker knows; `publish` becomes what a publisher does.

use super::{Lowered, Owner, finite};
use crate::model::build::Builder;
use crate::model::names::Kind;
use crate::model::places::Written;
use crate::model::program::{Act, Op, OutboxSpec, Pull, QueueSpec, Target, TopicSpec};
use crate::model::steps::{Body, Caller, cumulative};
use crate::model::wiring::Destination;
use crate::policy::balance;
use crate::policy::discipline::{self, Customer, Rule};
use crate::scenario::{Balance, Delivery, Outbox, Queue, QueueFull, QueueOrder};
use crate::syntax::At;

/// In the order of publication: what asks for service in a room is the number of a message.
fn by_number(message: &Customer) -> u64 {
    message.service
}

/// A consumer: service and operation.
type Consumer = (String, String);

impl<'a> Builder<'a> {
    /// Every queue: first their numbers, since dead letters go from one to another.
    pub(super) fn lower_queues(&mut self) {
        let scenario = self.scenario;
        for (topic, (name, entry)) in scenario.queue.entries.iter().enumerate() {
            let regions = self.regions(Written { region: entry.value.region.as_ref(), ..Written::default() }, 1);
            let lowered = Lowered { replicas: 1, streams: name.clone(), regions, ..Lowered::default() };
            self.lowered.insert(name.clone(), lowered);
            self.lower_topic(topic as u32, name, &entry.value);
        }
    }

    fn lower_topic(&mut self, topic: u32, name: &str, table: &Queue) {
        let consumers: Vec<&At<String>> = table.all_consumers().collect();
        let known = consumers.iter().map(|consumer| self.reference(consumer, &[Kind::Service]));
        let known: Vec<Option<Consumer>> = known.collect();
        let first = self.messages.queues.len() as u32;
        for (written, consumer) in consumers.iter().zip(&known) {
            let part = (consumers.len() > 1).then_some(written.value.as_str());
            self.lower_queue(topic, name, part, table, consumer.as_ref());
        }
        let shares = table.partitions.as_ref().map(|partitions| &partitions.0.shares.value);
        let shares = shares.map_or(&[1.0][..], Vec::as_slice);
        let total: f64 = shares.iter().sum();
        let blocks = table.capacity.is_some() && table.when_full == QueueFull::Block;
        let owner = Owner::replicas(name, name, shares.len() as u32);
        let spec = TopicSpec {
            name: name.to_string(),
            first,
            count: consumers.len() as u32,
            partitions: cumulative(shares.iter().map(|share| share / total)),
            rotates: shares.windows(2).all(|pair| pair[0] == pair[1]),
            capacity: table.capacity.map(|capacity| capacity.0),
            blocked: blocks.then(|| self.add_room(&owner, Some("publishers"))),
            outbox: table.outbox.as_ref().map(|outbox| self.outbox(topic, name, outbox)),
            outages: self.outages(table),
            stream: self.stream(name, "broker"),
        };
        self.messages.topics.push(spec);
    }

    fn outbox(&mut self, topic: u32, name: &str, outbox: &At<Outbox>) -> OutboxSpec {
        OutboxSpec {
            poll: self.ticks(outbox.poll.0, outbox.poll.span).max(1),
            crash: outbox.crash_before_mark.0,
            relay: self.routine(format!("{name}/relay"), Body::Poll { topic }),
        }
    }

    fn outages(&mut self, table: &Queue) -> Vec<(u64, u64)> {
        let mut outages = Vec::new();
        for outage in &table.outages {
            let at = self.ticks(outage.at.0, outage.span);
            outages.push((at, at.saturating_add(self.ticks(outage.r#for.0, outage.span))));
        }
        outages
    }

    fn lower_queue(&mut self, topic: u32, name: &str, part: Option<&str>, table: &Queue, consumer: Option<&Consumer>) {
        let index = self.messages.queues.len() as u32;
        let partitions = table.partitions.as_ref().map(|partitions| partitions.0.shares.len() as u32);
        let group = self.groups.len() as u32;
        let room = self.add_room(&Owner::replicas(name, name, partitions.unwrap_or(1)), part);
        if let (QueueOrder::Priority, Some(group)) = (table.discipline.value, self.groups.last_mut()) {
            let found = discipline::REGISTRY.iter().find(|(known, _)| *known == "priority");
            group.rule = found.map_or(group.rule, |&(_, rule)| rule);
        }
        if let (Some(_), Some(group)) = (partitions, self.groups.last_mut()) {
            group.rule = Rule::Ranked { rank: by_number, preempts: false };
        }
        let full = part.map_or(name.to_string(), |part| format!("{name}.{part}"));
        let to = table.dead_letter_to.as_ref().and_then(|to| self.reference(to, &[Kind::Queue]));
        let (work, balancer) = self.delivery([name, &full], index, partitions, consumer);
        let spec = QueueSpec {
            topic,
            group,
            room,
            ordered: partitions.is_some(),
            consumers: None,
            balancer,
            slots: consumer.and_then(|(service, _)| self.consumer_threads(service)),
            batch: table.batch.as_ref().map_or(1, |batch| batch.max.0),
            linger: table.batch.as_ref().map_or(0, |batch| self.ticks(batch.linger.0, batch.linger.span)),
            redeliver: table.redeliver_after.map(|at| self.ticks(at.0, at.span)),
            attempts: table.dead_letter_after.map(|attempts| attempts.0),
            once: table.delivery.value == Delivery::AtMostOnce,
            dead_letters: to.and_then(|(to, _)| self.topic(&to)),
            inbox: table.inbox,
            message: self.act(&full, "message", Act::Return, index),
            work,
            timer: self.act(&full, "timer", Act::Serve, index),
            name: full,
        };
        self.messages.queues.push(spec);
        self.consuming.extend(consumer.map(|(service, _)| (index, service.clone())));
    }

    /// Which queues each replica of a service takes messages from.
    pub(in crate::model) fn tell_consumers(&mut self) {
        for (queue, service) in std::mem::take(&mut self.consuming) {
            let Some(&nodes) = self.node_ranges.get(&service) else { continue };
            let front = self.lowered.get(&service).and_then(|lowered| lowered.front);
            let threads = front.and_then(|front| self.group_of(front)).and_then(|group| group.servers);
            let spec = &mut self.messages.queues[queue as usize];
            spec.consumers = Some(nodes);
            let balancer = spec.balancer.map(|balancer| (balancer, &self.balancers[balancer as usize].targets));
            let targets = balancer.map_or(1, |(_, targets)| targets.len() as u32);
            for target in 0..targets {
                let replica = balancer.map_or(0, |(_, targets)| targets[target as usize].replica);
                let target = balancer.map(|(balancer, _)| (balancer, target));
                let slots = threads.filter(|_| !spec.ordered);
                self.nodes[nodes.of(replica) as usize].pulls.push(Pull { queue, target, slots });
            }
        }
    }

    fn act(&mut self, owner: &str, what: &str, act: Act, index: u32) -> u32 {
        self.routine(format!("{owner}/{what}"), Body::Act { act, index })
    }

    /// The number of a topic: they are numbered in the order of their names.
    pub(in crate::model) fn topic(&self, name: &str) -> Option<u32> {
        self.topics.binary_search(&name).ok().map(|index| index as u32)
    }

    /// How many messages a service can work on at once.
    fn consumer_threads(&self, service: &str) -> Option<u32> {
        let threads = finite(self.scenario.service.get(service)?.threads.value)?;
        Some(threads.saturating_mul(self.lowered.get(service)?.replicas))
    }

    /// What a consumer does with a delivery: the replica with the fewest requests takes it, or, with
    /// partitions, the one to which the partition belongs.
    fn delivery(
        &mut self,
        [topic, name]: [&str; 2],
        queue: u32,
        partitions: Option<u32>,
        consumer: Option<&Consumer>,
    ) -> (u32, Option<u32>) {
        let Some((service, operation)) = consumer else { return (0, None) };
        let replicas = self.lowered.get(service).map_or(1, |lowered| lowered.replicas);
        let balancer = match partitions {
            _ if replicas == 1 => None,
            Some(partitions) => self.assignment(name, service, partitions, replicas),
            None => {
                let shortest = Balance::usual("join-shortest-queue");
                self.add_balancer(name, name, Some(&shortest), std::slice::from_ref(service), None)
            }
        };
        let routine = self.entry(service, operation);
        let regions = self.lowered.get(topic).map(|lowered| lowered.regions.clone()).unwrap_or_default();
        let caller = Caller { replicas: partitions.unwrap_or(1), regions, ..Caller::single(name, name) };
        let site = self.add_site(&caller, balancer, vec![routine]);
        self.sites[site as usize].slice = balancer.and(partitions).map(|_| 1);
        self.wire(site, &caller, &[Destination::to(service, operation)]);
        (self.routine(format!("{name}/delivery"), Body::Delivery { queue, site }), balancer)
    }

    /// Partition p belongs to replica p mod replicas.
    fn assignment(&mut self, name: &str, service: &str, partitions: u32, replicas: u32) -> Option<u32> {
        let front = self.lowered.get(service)?.front?;
        let policy = balance::find("random").and_then(|entry| (entry.build)(None, &[]).ok())?;
        let owners = (0..partitions).map(|partition| partition % replicas);
        let targets = owners.clone().map(|replica| Target { component: 0, replica }).collect();
        let fronts = owners.map(|replica| front + replica).collect();
        Some(self.push_balancer(name, name, policy, targets, fronts))
    }

    /// A group of waiting rooms; returns the first one's station.
    pub(in crate::model) fn add_room(&mut self, owner: &Owner, part: Option<&str>) -> u32 {
        let mut group = self.group(owner, part);
        group.servers = None;
        group.held = true;
        group.room = true;
        let first = self.stations;
        self.add_group(group);
        first
    }

    /// The publisher waits for the broker, unless it only writes the message down.
    pub(in crate::model) fn compile_publish(&mut self, caller: &Caller, queue: &'a At<String>) {
        let Some((name, _)) = self.reference(queue, &[Kind::Queue]) else { return };
        if !self.is_apart(caller, &name) || self.scenario.queue.get(&name).is_some_and(|table| table.outbox.is_some()) {
            return self.compile_acceptance(caller, &name);
        }
        let routine = self.routine(format!("{name}/publish"), Body::Publish { queue: name.clone() });
        let site = self.add_site(caller, None, vec![routine]);
        self.wire(site, caller, &[Destination::to(&name, "")]);
        self.emit(Op::Enter { site });
    }

    /// What the broker does with what is published.
    pub(in crate::model) fn compile_acceptance(&mut self, caller: &Caller, name: &str) {
        let (Some(topic), Some(table)) = (self.topic(name), self.scenario.queue.get(name)) else { return };
        if table.outbox.is_none() {
            if !self.messages.topics[topic as usize].outages.is_empty() {
                self.emit(Act::Reach.of(topic));
            }
            self.compile_acknowledge(&Caller { streams: name.to_string(), ..caller.clone() }, table);
        }
        self.emit(Act::Publish.of(topic));
    }

    fn compile_acknowledge(&mut self, caller: &Caller, table: &Queue) {
        if let Some(acknowledge) = &table.acknowledge {
            self.compile_wait(caller, acknowledge);
        }
    }

    /// A relay looks, waits for the broker once, and publishes what it has found.
    pub(in crate::model) fn compile_poll(&mut self, topic: u32) {
        let scenario = self.scenario;
        let name = self.topics[topic as usize];
        let Some(table) = scenario.queue.get(name) else { return };
        self.emit(Act::Poll.of(topic));
        self.compile_acknowledge(&Caller::single(name, name), table);
        self.emit(Act::Relay.of(topic));
    }
}
