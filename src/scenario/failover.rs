//! `failover = { … }` of a database's replication: how a replica takes the place of a primary that is down.

use serde_json::{Value as Json, json};

use super::check::above_zero;
use crate::diagnostic::Span;
use crate::syntax::{At, Count, Decode, Decoder, Node, SchemaBuilder, Value, table};
use crate::units::Duration;

table! {
    /// `{ detect = "10s", promote = "20s" }`: a replica takes the place of a primary that has crashed.
    pub struct Failover {
        /// How long a node is down until that is noticed: `"10s"`, or `{ every = "2s", missed = 3 }`.
        pub detect: At<Detect>,
        /// How long it then takes until a replica is the primary.
        pub promote: At<Duration>,
    }
}

/// When it is noticed that a node is down.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Detect {
    /// So long after it went down.
    After(Duration),
    /// When it has not sent so many heartbeats.
    Missed(Heartbeat),
}

table! {
    /// `{ every = "2s", missed = 3 }`
    #[derive(Copy)]
    pub struct Heartbeat {
        /// How often a node says that it is there.
        pub every: At<Duration>,
        /// How many of these in a row are missed until it counts as down.
        pub missed: Count,
    } check check_heartbeat
}

fn check_heartbeat(heartbeat: &Heartbeat, _: Span, cx: &mut Decoder) {
    above_zero(heartbeat.every.0, heartbeat.every.span, "`every`", cx);
}

impl Decode for Detect {
    fn decode(node: &Node, cx: &mut Decoder) -> Option<Detect> {
        match node.value {
            Value::Table(_) => Heartbeat::decode(node, cx).map(Detect::Missed),
            _ => Duration::decode(node, cx).map(Detect::After),
        }
    }

    fn schema(s: &mut SchemaBuilder) -> Json {
        json!({ "oneOf": [Duration::schema(s), Heartbeat::schema(s)] })
    }

    fn example() -> String {
        "\"10s\"".to_owned()
    }
}
