//! `[database.NAME]`: data on nodes: what a read and a write do there, copies, shards.

use serde_json::{Value as Json, json};

use super::check::{at_most, require};
use super::policy;
use super::replication::{PrimaryWrites, Reads, Replication};
use super::station::MOST_REPLICAS;
use super::{Admissions, Balance, Servers, Shed, Step};
use crate::diagnostic::{Diagnostic, Span};
use crate::syntax::{At, Count, Decode, Decoder, Node, SchemaBuilder, table};

table! {
    /// A database: `call = "orders"` reads, `call = "orders.write"` writes.
    pub struct Database {
        /// The kind of machine that each node has for itself.
        pub machine: Option<At<String>> = None,
        /// A `[host.NAME]` that all nodes share with other components.
        pub host: Option<At<String>> = None,
        /// Requests that a node works on at once; others wait for a connection. Default: `"infinite"`.
        pub connections: At<Servers> = At::new(Servers::Infinite),
        /// Requests that may wait for a connection, per node; beyond it they are rejected. Default: no limit.
        pub queue: Option<At<u32>> = None,
        /// Which of those who wait for a connection are rejected, so that others get one in time.
        pub shed: Option<At<Shed>> = None,
        /// Which requests the database lets in: one policy, or a list of them. Others are rejected.
        pub admit: Admissions = Admissions::default(),
        /// What a read does at the node that it goes to.
        pub read: Vec<At<Step>> = Vec::new(),
        /// What a write does at each node that executes it.
        pub write: Vec<At<Step>> = Vec::new(),
        /// Copies of the data, and when they have what is written. Default: one copy.
        pub replication: Option<At<Replication>> = None,
        /// Data spread over shards by key. Default: one shard.
        pub sharding: Option<Sharding> = None,
        /// The region where all nodes are. Default: nowhere in particular, next to everything.
        pub region: Option<At<String>> = None,
        /// Instead of `region`: copy i of each shard is in region i modulo their number, the primary first; with shards
        /// `by = "region"`, all copies of shard i.
        pub regions: Option<At<Vec<At<String>>>> = None,
        /// The zone with which it is lost.
        pub zone: Option<At<String>> = None,
        /// Instead of `zone`: the copies of each shard, the primary first, are spread over several in turn.
        pub zones: Option<At<Vec<At<String>>>> = None,
        /// Name of the random streams to use instead of the database's own name.
        pub stream: Option<String> = None,
    } check check_database
}

fn check_database(database: &Database, _: Span, cx: &mut Decoder) {
    check_nearest(database, cx);
    let Some(sharding) = &database.sharding else { return };
    let copies = database.replication.as_ref().map_or(1, |replication| replication.value.nodes());
    let nodes = sharding.shards.0.saturating_mul(copies);
    at_most(nodes, MOST_REPLICAS, sharding.shards.span, "nodes", cx);
}

/// Nothing is nearest where nodes are nowhere in particular.
fn check_nearest(database: &Database, cx: &mut Decoder) {
    let Some(replication) = &database.replication else { return };
    let (reads, writes) = (replication.value.reads, replication.value.writes);
    let reads = reads.filter(|reads| matches!(reads.value, Reads::Nearest)).map(|reads| reads.span);
    let writes = writes.filter(|writes| matches!(writes.value, PrimaryWrites::Nearest)).map(|writes| writes.span);
    // On a host they are where it is.
    let placed = database.regions.is_some() || database.region.is_some() || database.host.is_some();
    for span in [reads, writes].into_iter().flatten().filter(|_| !placed) {
        let found = Diagnostic::error(span, "no node is nearer than another one");
        cx.push(found.help("say where they are, `regions = [\"eu\", \"us\"]`, or use `\"any\"`"));
    }
}

table! {
    /// `{ shards = 4, by = "hash" }`: each key is on one shard, which is a set of nodes of its own.
    pub struct Sharding {
        /// How many shards.
        pub shards: At<Count>,
        /// Which shard has a key. Requests without keys go to any shard.
        pub by: ShardBy = ShardBy::default(),
    } check check_sharding
}

fn check_sharding(sharding: &Sharding, _: Span, cx: &mut Decoder) {
    at_most(sharding.shards.0, MOST_REPLICAS, sharding.shards.span, "shards", cx);
}

/// Which shard has a key: a word, or a table with that word as its one key. What it takes is that
/// of the balancing policy of the same name.
#[derive(Debug, Clone, PartialEq)]
pub struct ShardBy(pub Balance);

const WAYS: [&str; 6] = ["hash", "modulo", "range", "consistent-hash", "region", "tenant"];

impl Default for ShardBy {
    fn default() -> ShardBy {
        ShardBy(Balance::usual("hash"))
    }
}

impl Decode for ShardBy {
    fn decode(node: &Node, cx: &mut Decoder) -> Option<ShardBy> {
        let by = Balance::decode(node, cx)?;
        let (word, span) = (by.0.name.value.as_str(), by.0.name.span);
        if !WAYS.contains(&word) {
            let found = Diagnostic::error(span, format!("data cannot be sharded by `{word}`"));
            let found = found.did_you_mean(word, WAYS);
            cx.push(found.help(format!("one of: {}", WAYS.join(", "))));
            return None;
        }
        Some(ShardBy(by))
    }

    fn schema(s: &mut SchemaBuilder) -> Json {
        policy::schema(s, "ShardBy", "Which shard has a key", &WAYS)
    }

    fn example() -> String {
        "\"hash\"".to_owned()
    }

    fn written(&self) -> Option<Json> {
        Some(json!(self.0.0.name.value))
    }
}

table! {
    /// `[probe.x] of = "orders", after = ["0ms", "1ms"]`: is a read that long after a write consistent?
    pub struct Probe {
        /// The database. Each of its writes is followed by one read of the same key for each time.
        pub of: At<String>,
        /// How long after the write is committed the reads begin.
        pub after: At<Vec<At<crate::units::Duration>>>,
    } check check_probe
}

fn check_probe(probe: &Probe, _: Span, cx: &mut Decoder) {
    let after = &probe.after;
    let said = !after.value.is_empty() || cx.has_problem_in(after.span);
    require(said, after.span, "this probe never looks", "needs at least one time, such as \"0ms\"", cx);
}
