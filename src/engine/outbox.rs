//! Outboxes: messages written down by publishers, and the relay that publishes them.
//!
//! The relay looks at every multiple of its period. It is woken only where there is something to find,
//! which nobody can tell from looking every time.

use super::Engine;
use super::calendar::Class;
use super::interpret::Flow;
use super::messages::Origin;
use super::task::Client;
use crate::model::program::OutboxSpec;

/// A relay and its outbox.
#[derive(Debug, Default)]
pub(super) struct Relay {
    rows: Vec<Row>,
    /// How many of the rows it has found.
    found: usize,
    /// It will look again.
    runs: bool,
}

/// A message that is written down.
#[derive(Debug, Clone, Copy)]
struct Row {
    client: Client,
    origin: u32,
}

impl Relay {
    /// Memory of the outbox, in bytes.
    pub(super) fn bytes(&self) -> usize {
        self.rows.len() * size_of::<Row>()
    }
}

impl Engine<'_> {
    /// A publisher writes a message down.
    pub(super) fn write_down(&mut self, client: Client, topic: u32) {
        let Some(outbox) = self.model.messages.topics[topic as usize].outbox else { return };
        let origin = self.brokers.origins.insert(Origin { committed: self.now, ..Origin::default() });
        self.brokers.hold(origin);
        let relay = &mut self.brokers.topics[topic as usize].relay;
        relay.rows.push(Row { client, origin });
        if !relay.runs {
            relay.runs = true;
            self.start_timer(outbox.relay, self.next_poll(outbox), 0);
        }
    }

    /// The next multiple of the period.
    fn next_poll(&self, outbox: OutboxSpec) -> u64 {
        (self.now / outbox.poll + 1).saturating_mul(outbox.poll)
    }

    /// The relay looks.
    pub(super) fn poll(&mut self, task: u32, topic: u32) -> Flow {
        if self.outage(topic).is_some() {
            return self.look_again(task, topic);
        }
        let relay = &mut self.brokers.topics[topic as usize].relay;
        relay.found = relay.rows.len();
        Flow::On
    }

    /// The relay publishes what it has found; what it does not note, or the broker has no room for, stays.
    pub(super) fn relay(&mut self, task: u32, topic: u32) -> Flow {
        if self.outage(topic).is_some() {
            return self.look_again(task, topic);
        }
        let relay = &mut self.brokers.topics[topic as usize].relay;
        let rows = std::mem::take(&mut relay.rows);
        let (found, later) = rows.split_at(relay.found);
        for &row in found {
            if !self.publish_row(row, topic) {
                self.brokers.topics[topic as usize].relay.rows.push(row);
            }
        }
        let relay = &mut self.brokers.topics[topic as usize].relay;
        relay.rows.extend_from_slice(later);
        relay.runs = !relay.rows.is_empty();
        if relay.runs { self.look_again(task, topic) } else { self.vanish(task) }
    }

    /// Whether a row is published and noted.
    fn publish_row(&mut self, row: Row, topic: u32) -> bool {
        let spec = &self.model.messages.topics[topic as usize];
        let partition = self.partition(topic, &row.client);
        if !self.has_room(topic, partition) {
            return false;
        }
        self.accept(topic, partition, row.client, Some(row.origin));
        self.deliver_all(topic, partition);
        let crash = spec.outbox.map_or(0.0, |outbox| outbox.crash);
        if crash > 0.0 && self.chance(spec.stream) < crash {
            return false;
        }
        self.brokers.drop(row.origin);
        true
    }

    fn look_again(&mut self, task: u32, topic: u32) -> Flow {
        let Some(outbox) = self.model.messages.topics[topic as usize].outbox else { return Flow::Off };
        let time = self.next_poll(outbox);
        let relay = &mut self.tasks.tasks[task];
        relay.pc = self.model.routines[outbox.relay as usize].entry;
        relay.pending = self.calendar.schedule(time, Class::Completion, task);
        Flow::Off
    }
}
