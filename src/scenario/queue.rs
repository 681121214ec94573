//! `[queue.NAME]`: messages handed over now, worked on later.

use super::Distribution;
use crate::syntax::{At, choice, table};

table! {
    /// A message queue: `publish` hands a message over; a consumer works on it.
    pub struct Queue {
        /// How long the broker takes to accept a message.
        pub acknowledge: Option<At<Distribution>> = None,
        /// The service, or `service.operation`, whose threads pull the messages.
        pub consumer: At<String>,
        /// What the broker promises.
        pub delivery: Delivery = Delivery::AtLeastOnce,
    } later { "redeliver-after", "dead-letter-after", "outbox", "inbox", "partitions", "batch" }
}

choice! {
    /// What the broker promises.
    #[derive(Copy)]
    pub enum Delivery {
        /// Every message is delivered, perhaps more than once.
        AtLeastOnce,
        /// No message is delivered twice; some may be lost.
        AtMostOnce,
    }
}
