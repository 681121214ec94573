//! Messages and batches, as the engine sees them.
//!
//! A queue is a waiting room (a station without servers) and a broker that lets messages out of it
//! to consumers. What one publishes to is a *topic*: one queue, or one for each of several consumers.
//! A message is a task that waits in the room, then, while it is delivered, for its acknowledgement.

use super::program::{Op, Pc};

/// All topics, queues and batches of a scenario.
#[derive(Debug, Clone, Default)]
pub struct Messages {
    /// What one publishes to.
    pub topics: Vec<TopicSpec>,
    /// Whom messages go to.
    pub queues: Vec<QueueSpec>,
    /// Steps at which requests wait for each other.
    pub batches: Vec<BatchSpec>,
}

/// What one publishes to. Times are in ticks.
#[derive(Debug, Clone)]
pub struct TopicSpec {
    /// Its name.
    pub name: String,
    /// Index of its first queue; the others follow.
    pub first: u32,
    /// How many queues get every message.
    pub count: u32,
    /// Per partition: its share and those before it, up to 1.
    pub partitions: Vec<f64>,
    /// Equal shares: what has no key goes round.
    pub rotates: bool,
    /// Most messages that wait in each partition.
    pub capacity: Option<u32>,
    /// The room in which publishers wait where it is full, the first of one a partition; none is turned away.
    pub blocked: Option<u32>,
    /// The relay that publishes what was written down; none where publishers publish by themselves.
    pub outbox: Option<OutboxSpec>,
    /// From and until when the broker cannot be reached, from the end of warm-up.
    pub outages: Vec<(u64, u64)>,
    /// Random stream of partitions and crashes.
    pub stream: u32,
}

/// A relay.
#[derive(Debug, Clone, Copy)]
pub struct OutboxSpec {
    /// It looks at every multiple of this.
    pub poll: u64,
    /// The probability that it publishes a message and does not note it.
    pub crash: f64,
    /// Its routine.
    pub relay: u32,
}

/// A queue: one consumer of a topic. Times are in ticks.
#[derive(Debug, Clone)]
pub struct QueueSpec {
    /// Its name: that of its waiting room.
    pub name: String,
    /// Its topic.
    pub topic: u32,
    /// Index of its group of stations.
    pub group: u32,
    /// Its waiting room, the first of one a partition.
    pub room: u32,
    /// Messages of a partition go one after the other.
    pub ordered: bool,
    /// The replicas of its consumer, if those may fail.
    pub consumers: Option<super::program::Nodes>,
    /// Who chooses among them.
    pub balancer: Option<u32>,
    /// Calls of the consumer at a time; none is no limit. Where it is ordered, one a partition.
    pub slots: Option<u32>,
    /// Most messages in one call.
    pub batch: u32,
    /// How long the first message of a call waits for others.
    pub linger: u64,
    /// The time after which a message is delivered again.
    pub redeliver: Option<u64>,
    /// Most deliveries of a message.
    pub attempts: Option<u32>,
    /// Nothing is delivered twice.
    pub once: bool,
    /// The topic that gets dead letters.
    pub dead_letters: Option<u32>,
    /// Consumers remember what they have done.
    pub inbox: bool,
    /// What a message does when its time is up.
    pub message: u32,
    /// What a consumer does with a delivery.
    pub work: u32,
    /// What a timer of the broker does.
    pub timer: u32,
}

/// A step at which requests wait for each other.
#[derive(Debug, Clone)]
pub struct BatchSpec {
    /// Index of its group of stations.
    pub group: u32,
    /// Most members.
    pub size: u32,
    /// How long the first member waits, in ticks; none is until there are enough.
    pub linger: Option<u64>,
    /// What is done once for all; none is nothing.
    pub work: Option<u32>,
    /// What a timer does.
    pub timer: u32,
    /// Where members continue whose batch has failed.
    pub failed: Pc,
}

/// What a task does with messages or a batch; the operand is an index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// Make sure that the broker of this topic is there.
    Reach,
    /// Publish to this topic.
    Publish,
    /// This queue's message was not acknowledged in time, or its processing has failed.
    Return,
    /// A delivery of this queue is processed.
    Processed,
    /// Deliver what this queue can deliver.
    Serve,
    /// The relay of this topic looks into its outbox.
    Poll,
    /// The relay of this topic publishes what it has found.
    Relay,
    /// Wait for the others of this batch.
    Gather,
    /// This batch has lingered long enough.
    Close,
    /// The work of this batch is done.
    Disband,
    /// The work of this batch has failed.
    Spoil,
}

impl Act {
    /// The op that does this.
    pub(super) fn of(self, index: u32) -> Op {
        Op::Message { act: self, index }
    }
}
