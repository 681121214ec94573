//! Messages: published, delivered, acknowledged, delivered again, given up.
//!
//! A message is a task. In the waiting room of its queue it is a customer; while it is delivered it
//! is nowhere and waits for the acknowledgement of the *work*, another task, which holds a `Delivery`.
//! Whatever ends the work, its end or a failure, takes that frame off its stack: so the broker hears
//! of it, and the slot of the consumer is free again.

use super::Engine;
use super::interpret::Flow;
use super::message_record::QueueRecord;
use super::outbox::Relay;
use super::record::Failure;
use super::task::{Client, NONE};
use crate::arena::Arena;
use crate::model::Model;
use crate::model::program::Act;
use crate::rng;

/// All brokers of a run.
#[derive(Debug, Default)]
pub(super) struct Brokers {
    pub(super) topics: Vec<Topic>,
    pub(super) queues: Vec<Queue>,
    pub(super) messages: Arena<Message>,
    /// What was published, however often it is.
    pub(super) origins: Arena<Origin>,
    pub(super) deliveries: Arena<Delivery>,
    /// Number of the last message that was published.
    published: u64,
    /// Number of the last delivery.
    pub(super) delivered: u32,
}

/// What one publishes to.
#[derive(Debug, Default)]
pub(super) struct Topic {
    /// The partition whose turn it is.
    turn: u32,
    pub(super) relay: Relay,
}

/// A queue at work.
#[derive(Debug)]
pub(super) struct Queue {
    /// Slots of consumers that are free, where they are limited; below zero where consumers are going away.
    pub(super) free: Option<i64>,
    /// Per partition: messages that are delivered, where they go one after the other.
    pub(super) out: Vec<u32>,
    /// Per partition: the timer of the first message that waits for others.
    pub(super) timers: Vec<u32>,
    /// The end of this outage is waited for.
    pub(super) resumes: u64,
    pub(super) record: QueueRecord,
}

/// A message of one queue.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Message {
    pub(super) origin: u32,
    /// Its task.
    pub(super) task: u32,
    pub(super) partition: u32,
    /// Its place in the order of publication.
    pub(super) number: u64,
    pub(super) published: u64,
    pub(super) deliveries: u32,
    /// The delivery whose acknowledgement counts; 0 while there is none.
    pub(super) delivery: u32,
}

/// What was published, to all queues of its topic.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Origin {
    /// Messages, deliveries and rows that are about it.
    pub(super) holders: u32,
    /// The queues whose consumers have processed it, a bit each.
    pub(super) processed: u64,
    /// When it was written down or published.
    pub(super) committed: u64,
    /// The broker has had it.
    pub(super) published: bool,
}

/// What a consumer works on in one call.
#[derive(Debug, Default)]
pub(super) struct Delivery {
    pub(super) queue: u32,
    pub(super) partition: u32,
    pub(super) first: Option<Receipt>,
    /// The others, where there are several.
    pub(super) more: Vec<Receipt>,
}

/// A message that was delivered.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Receipt {
    pub(super) message: u32,
    pub(super) delivery: u32,
    pub(super) origin: u32,
}

impl Delivery {
    /// There is nothing to work on.
    pub(super) fn is_empty(&self) -> bool {
        self.first.is_none() && self.more.is_empty()
    }
}

impl Brokers {
    pub(super) fn new(model: &Model) -> Brokers {
        let messages = &model.messages;
        let queue = |spec: &crate::model::program::QueueSpec| {
            let partitions = messages.topics[spec.topic as usize].partitions.len();
            Queue {
                free: spec.slots.filter(|_| !spec.ordered).map(i64::from),
                out: vec![0; partitions],
                timers: vec![NONE; partitions],
                resumes: 0,
                record: QueueRecord::default(),
            }
        };
        Brokers {
            topics: messages.topics.iter().map(|_| Topic::default()).collect(),
            queues: messages.queues.iter().map(queue).collect(),
            ..Brokers::default()
        }
    }

    /// Memory of messages that are not done, in bytes.
    pub(super) fn bytes(&self) -> u64 {
        let arenas = self.messages.most() * size_of::<Message>()
            + self.origins.most() * size_of::<Origin>()
            + self.deliveries.most() * size_of::<Delivery>();
        let outboxes = self.topics.iter().map(|topic| topic.relay.bytes());
        (arenas + outboxes.sum::<usize>()) as u64
    }

    /// Somebody else is about this origin.
    pub(super) fn hold(&mut self, origin: u32) {
        self.origins[origin].holders += 1;
    }

    /// Somebody is about this origin no more.
    pub(super) fn drop(&mut self, origin: u32) {
        self.origins[origin].holders -= 1;
        if self.origins[origin].holders == 0 {
            self.origins.remove(origin);
        }
    }
}

impl Engine<'_> {
    /// What a task does with messages or a batch.
    pub(super) fn act(&mut self, task: u32, act: Act, index: u32) -> Flow {
        match act {
            Act::Reach => self.reach(task, index),
            Act::Publish => self.publish(task, index),
            Act::Return => self.put_back(task, index),
            Act::Processed => self.processed(task),
            Act::Serve => self.serve_queue(task, index),
            Act::Poll => self.poll(task, index),
            Act::Relay => self.relay(task, index),
            Act::Gather => self.gather(task, index),
            Act::Close => self.close_batch(task, index),
            Act::Disband => self.disband(task),
            Act::Spoil => {
                self.fail(task, Failure::Failed);
                Flow::Off
            }
        }
    }

    /// Until when the broker of a topic cannot be reached; none if it can.
    pub(super) fn outage(&self, topic: u32) -> Option<u64> {
        let outages = &self.model.messages.topics[topic as usize].outages;
        let now = self.now.checked_sub(self.start)?;
        let found = outages.iter().filter(|&&(from, until)| from <= now && now < until);
        found.map(|&(_, until)| self.start.saturating_add(until)).max()
    }

    fn reach(&mut self, task: u32, topic: u32) -> Flow {
        if self.outage(topic).is_none() {
            return Flow::On;
        }
        self.fail(task, Failure::Failed);
        Flow::Off
    }

    fn publish(&mut self, task: u32, topic: u32) -> Flow {
        let spec = &self.model.messages.topics[topic as usize];
        let client = self.tasks.tasks[task].client;
        if spec.outbox.is_some() {
            self.write_down(client, topic);
            return Flow::On;
        }
        if self.outage(topic).is_some() {
            self.fail(task, Failure::Failed);
            return Flow::Off;
        }
        let partition = self.partition(topic, &client);
        if self.has_room(topic, partition) {
            self.accept(topic, partition, client, None);
            self.deliver_all(topic, partition);
            return Flow::On;
        }
        match spec.blocked {
            // Nobody is turned away from the room of publishers.
            Some(room) => {
                self.offer(task, room + partition, 0);
            }
            None => {
                let room = self.model.messages.queues[spec.first as usize].room;
                self.stations[(room + partition) as usize].tally.rejected += 1;
                self.fail(task, Failure::Rejected);
            }
        }
        Flow::Off
    }

    /// Where a message goes: by its key, or else round, or by chance where shares differ.
    pub(super) fn partition(&mut self, topic: u32, client: &Client) -> u32 {
        let spec = &self.model.messages.topics[topic as usize];
        let count = spec.partitions.len() as u32;
        if count == 1 {
            return 0;
        }
        if spec.rotates && !client.keyed {
            let turn = &mut self.brokers.topics[topic as usize].turn;
            let now = *turn;
            *turn = (now + 1) % count;
            return now;
        }
        let at = if client.keyed { rng::spread(client.key) } else { self.chance(spec.stream) };
        spec.partitions.partition_point(|&sum| sum <= at).min(count as usize - 1) as u32
    }

    /// Whether one more message may wait.
    pub(super) fn has_room(&self, topic: u32, partition: u32) -> bool {
        let spec = &self.model.messages.topics[topic as usize];
        let room = || self.model.messages.queues[spec.first as usize].room + partition;
        spec.capacity.is_none_or(|capacity| self.loads[room() as usize] < capacity)
    }

    /// The broker has a message: it lines up in each queue of the topic. What is known already was written down.
    pub(super) fn accept(&mut self, topic: u32, partition: u32, client: Client, known: Option<u32>) {
        let spec = &self.model.messages.topics[topic as usize];
        let now = self.now;
        let new = Origin { committed: now, ..Origin::default() };
        let origin = known.unwrap_or_else(|| self.brokers.origins.insert(new));
        let about = &mut self.brokers.origins[origin];
        let again = std::mem::replace(&mut about.published, true);
        let delay = known.filter(|_| !again).map(|_| now - about.committed);
        self.brokers.published += 1;
        let number = self.brokers.published;
        for queue in spec.first..spec.first + spec.count {
            self.brokers.queues[queue as usize].record.publish(again, delay);
            self.brokers.hold(origin);
            let pc = self.model.routines[self.model.messages.queues[queue as usize].message as usize].entry;
            let task = self.spawn(pc, Client { waits: false, user: NONE, ..client });
            self.alive += 1;
            let message = Message { origin, task, partition, number, published: now, deliveries: 0, delivery: 0 };
            self.tasks.tasks[task].ticket = self.brokers.messages.insert(message);
            self.line_up(task, queue);
        }
    }

    /// Each queue of a topic lets out what consumers can take.
    pub(super) fn deliver_all(&mut self, topic: u32, partition: u32) {
        let spec = &self.model.messages.topics[topic as usize];
        (spec.first..spec.first + spec.count).for_each(|queue| self.deliver(queue, partition));
    }

    /// A message joins its line: behind all others, or, in a partition, at its place in the order of publication.
    pub(super) fn line_up(&mut self, task: u32, queue: u32) {
        let message = self.brokers.messages[self.tasks.tasks[task].ticket];
        let room = self.model.messages.queues[queue as usize].room + message.partition;
        // A room turns nobody away.
        self.offer(task, room, message.number);
        self.brokers.queues[queue as usize].record.line_up();
    }

    /// Publishers who found the queue full publish now, as far as there is room.
    pub(super) fn admit_publishers(&mut self, topic: u32, partition: u32) {
        let Some(room) = self.model.messages.topics[topic as usize].blocked else { return };
        while self.has_room(topic, partition)
            && let Some(publisher) = self.let_out(room + partition)
        {
            self.accept(topic, partition, self.tasks.tasks[publisher].client, None);
            self.wake(publisher);
        }
    }
}
