//! `[queue.NAME]`: messages handed over now, worked on later.

use serde_json::{Value as Json, json};

use super::check::{above_zero, at_most, require};
use super::{Distribution, MOST_REPLICAS};
use crate::diagnostic::{Diagnostic, Span};
use crate::syntax::{At, Count, Decode, Decoder, Node, SchemaBuilder, Value, choice, table};
use crate::units::{Duration, Ratio};

table! {
    /// A message queue: `publish` hands a message over; a consumer works on it. With several `consumers` it is a
    /// topic: each of them gets every message.
    pub struct Queue {
        /// How long the broker takes to accept a message.
        pub acknowledge: Option<At<Distribution>> = None,
        /// The service, or `service.operation`, whose threads pull the messages.
        pub consumer: Option<At<String>> = None,
        /// Instead of `consumer`: several, each of which gets every message.
        pub consumers: Option<At<Vec<At<String>>>> = None,
        /// What the broker promises.
        pub delivery: At<Delivery> = At::new(Delivery::AtLeastOnce),
        /// A message that is not done so long after its delivery is delivered again (visibility timeout), and so is
        /// one whose processing failed. Default: at once when it fails, and otherwise never.
        pub redeliver_after: Option<At<Duration>> = None,
        /// How many deliveries a message gets at most; then it is a dead letter. Default: no limit.
        pub dead_letter_after: Option<At<Count>> = None,
        /// Another queue that gets the dead letters.
        pub dead_letter_to: Option<At<String>> = None,
        /// Separate lines: a number, or their `shares`. Messages of one partition are delivered in order, one at a time.
        pub partitions: Option<At<Partitions>> = None,
        /// Messages that may wait for delivery, in each partition. Default: no limit.
        pub capacity: Option<At<Count>> = None,
        /// What a publisher meets that finds the queue full.
        pub when_full: QueueFull = QueueFull::Reject,
        /// Which message is delivered next.
        pub discipline: At<QueueOrder> = At::new(QueueOrder::Fifo),
        /// Hands up to so many messages over in one call of the consumer.
        pub batch: Option<At<Deliveries>> = None,
        /// Publishers write messages down with their own data; a relay publishes them (transactional outbox).
        pub outbox: Option<At<Outbox>> = None,
        /// Consumers remember what they have done, and drop a message that comes again.
        pub inbox: bool = false,
        /// The region where the broker is. Default: nowhere in particular, next to everything.
        pub region: Option<At<String>> = None,
        /// When the broker cannot be reached, in time from the end of warm-up.
        pub outages: Vec<At<Outage>> = Vec::new(),
    } check check_queue
}

impl Queue {
    /// Whoever gets every message.
    pub fn all_consumers(&self) -> impl Iterator<Item = &At<String>> {
        let several = self.consumers.iter().flat_map(|consumers| &consumers.value);
        self.consumer.iter().chain(several)
    }
}

choice! {
    /// What the broker promises.
    #[derive(Copy, Eq)]
    pub enum Delivery {
        /// Every message is delivered until it is done: perhaps more than once.
        AtLeastOnce,
        /// No message is delivered twice: one whose processing fails is lost.
        AtMostOnce,
    }
}

choice! {
    /// What a publisher meets that finds the queue full.
    #[derive(Copy, Eq)]
    pub enum QueueFull {
        /// It is refused.
        Reject,
        /// It waits until there is room (back-pressure).
        Block,
    }
}

choice! {
    /// Which message is delivered next.
    #[derive(Copy, Eq)]
    pub enum QueueOrder {
        /// First in, first out.
        Fifo,
        /// The most urgent priority (smallest number) of the requests that published them.
        Priority,
    }
}

table! {
    /// `batch = { max = 100, linger = "50ms" }`: goes when there are so many, or so long after the first one came.
    #[derive(Copy)]
    pub struct Deliveries {
        /// Most messages in one call of the consumer.
        pub max: Count,
        /// How long the first message waits for others. Default: not at all.
        pub linger: At<Duration> = At::new(Duration(0.0)),
    }
}

table! {
    /// `outbox = { poll = "1s", crash-before-mark = 0.02 }`
    #[derive(Copy)]
    pub struct Outbox {
        /// The relay looks for messages at every multiple of this time.
        pub poll: At<Duration>,
        /// The probability that the relay crashes between publishing a message and marking it as published: it is
        /// then published again at the next poll.
        pub crash_before_mark: At<Ratio> = At::new(Ratio(0.0)),
    } check check_outbox
}

fn check_outbox(outbox: &Outbox, _: Span, cx: &mut Decoder) {
    above_zero(outbox.poll.0, outbox.poll.span, "`poll`", cx);
    let crash = outbox.crash_before_mark;
    require(crash.0 < 1.0, crash.span, "no message is ever marked as published", "must be below 1", cx);
}

table! {
    /// `{ at = "60s", for = "30s" }`
    #[derive(Copy)]
    pub struct Outage {
        /// When it begins, from the end of warm-up.
        pub at: Duration,
        /// How long it lasts.
        pub r#for: Duration,
    } check check_outage
}

fn check_outage(outage: &Outage, span: Span, cx: &mut Decoder) {
    above_zero(outage.r#for.0, span, "`for`", cx);
}

/// `partitions = 12`, or `partitions = { shares = [5, 1, 1, 1] }`.
#[derive(Debug, Clone, PartialEq)]
pub struct Partitions(pub PartitionShares);

impl Decode for Partitions {
    fn decode(node: &Node, cx: &mut Decoder) -> Option<Partitions> {
        match node.value {
            Value::Table(_) => PartitionShares::decode(node, cx).map(Partitions),
            _ => {
                let count = Count::decode(node, cx)?;
                at_most(count.0, MOST_REPLICAS, node.span, "partitions", cx);
                let shares = At::new(vec![1.0; count.0.min(MOST_REPLICAS) as usize]);
                Some(Partitions(PartitionShares { shares }))
            }
        }
    }

    fn schema(s: &mut SchemaBuilder) -> Json {
        json!({ "oneOf": [Count::schema(s), PartitionShares::schema(s)] })
    }

    fn example() -> String {
        Count::example()
    }
}

table! {
    /// Partitions that do not get equally many messages.
    pub struct PartitionShares {
        /// The share of messages that goes to each, as numbers of any sum.
        pub shares: At<Vec<f64>>,
    } check check_shares
}

fn check_shares(partitions: &PartitionShares, _: Span, cx: &mut Decoder) {
    let shares = &partitions.shares;
    let right = shares.iter().all(|&share| share >= 0.0) && shares.iter().sum::<f64>() > 0.0;
    let right = right || cx.has_problem_in(shares.span);
    require(right, shares.span, "these are no shares", "needs numbers from 0 on, not all of them 0", cx);
}

fn check_queue(queue: &Queue, span: Span, cx: &mut Decoder) {
    check_consumers(queue, span, cx);
    check_redelivery(queue, cx);
    check_room(queue, cx);
    if let Some(time) = queue.redeliver_after {
        above_zero(time.0, time.span, "`redeliver-after`", cx);
    }
    if let (Some(partitions), QueueOrder::Priority) = (&queue.partitions, queue.discipline.value) {
        let found = Diagnostic::error(queue.discipline.span, "messages of a partition are delivered in order");
        cx.push(found.note(partitions.span, "partitions").help("leave one of them out"));
    }
    if let (Some(batch), QueueOrder::Priority) = (queue.batch, queue.discipline.value)
        && batch.linger.0 > 0.0
    {
        let found = Diagnostic::error(batch.linger.span, "`linger` counts from the first message of a line in order");
        cx.push(found.help("leave `linger` out, or use `discipline = \"fifo\"`"));
    }
}

/// Most consumers of a topic: who has processed a message is a bit of one word.
const MOST_CONSUMERS: u32 = 64;

fn check_consumers(queue: &Queue, span: Span, cx: &mut Decoder) {
    match (&queue.consumer, &queue.consumers) {
        (None, None) if !cx.is_partial() => {
            let found = Diagnostic::error(span, "nobody consumes these messages").label("needs `consumer`");
            cx.push(found.help("add `consumer = \"name\"`, a service whose threads pull the messages"));
        }
        (Some(one), Some(several)) => {
            let found = Diagnostic::error(several.span, "`consumer` and `consumers` at the same time");
            cx.push(found.label("this or the other").note(one.span, "the other"));
        }
        (None, Some(several)) => {
            let right = !several.is_empty() || cx.has_problem_in(several.span);
            require(right, several.span, "nobody consumes these messages", "needs at least one service", cx);
            at_most(several.len() as u32, MOST_CONSUMERS, several.span, "consumers", cx);
            check_twice(several, cx);
        }
        _ => {}
    }
}

fn check_twice(consumers: &[At<String>], cx: &mut Decoder) {
    for (index, one) in consumers.iter().enumerate() {
        if let Some(before) = consumers[..index].iter().find(|before| before.value == one.value) {
            let found = Diagnostic::error(one.span, format!("`{}` is a consumer of this queue already", one.value));
            cx.push(found.note(before.span, "here").help("each consumer gets every message once: leave it out"));
        }
    }
}

/// What is delivered at most once is not delivered again.
fn check_redelivery(queue: &Queue, cx: &mut Decoder) {
    let once = queue.delivery.value == Delivery::AtMostOnce;
    let again = [queue.redeliver_after.map(|at| at.span), queue.dead_letter_after.map(|at| at.span)];
    if let (true, Some(span)) = (once, again.into_iter().flatten().next()) {
        let found = Diagnostic::error(span, "under `at-most-once` nothing is delivered again");
        cx.push(found.note(queue.delivery.span, "promised here").help("leave it out, or use `at-least-once`"));
    }
    if let (Some(to), None) = (&queue.dead_letter_to, queue.dead_letter_after) {
        let found = Diagnostic::error(to.span, "no message ever becomes a dead letter");
        cx.push(found.help("add `dead-letter-after = 5`, or leave this out"));
    }
}

/// Back-pressure reaches one publisher from one line.
fn check_room(queue: &Queue, cx: &mut Decoder) {
    let Some(capacity) = queue.capacity else { return };
    if queue.consumers.as_ref().is_some_and(|consumers| consumers.len() > 1) {
        let found = Diagnostic::error(capacity.span, "the lines of several consumers have no common capacity");
        cx.push(found.help("use queues with one `consumer` each, and publish to all of them"));
    }
}
