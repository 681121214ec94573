//! `[cache.NAME]`: answers kept near those who ask.

use serde_json::{Value as Json, json};

use super::check::{above_zero, at_most, require};
use super::station::MOST_REPLICAS;
use super::{Balance, Distribution, Eviction};
use crate::diagnostic::{Diagnostic, Span};
use crate::syntax::{At, Count, Decode, Decoder, Node, SchemaBuilder, Value, choice, table};
use crate::units::{Bytes, Duration, Ratio};

table! {
    /// A cache. `call = "name"` reads through it: a miss asks the origin and keeps the answer; `name.write` and
    /// `name.delete` change the origin's data. A step `look-aside` uses it from outside.
    pub struct Cache {
        /// Who has what is not here: a database, service, station, balancer or another cache. May be left out
        /// where the cache is only looked at from aside.
        pub origin: Option<At<String>> = None,
        /// The kind of machine that each replica has: a lookup then takes its CPU. Without one it is a delay.
        pub machine: Option<At<String>> = None,
        /// How many nodes the keys are spread over.
        pub replicas: At<Count> = At::new(Count(1)),
        /// Whether all callers share it.
        pub scope: At<Scope> = At::new(Scope::Shared),
        /// How callers pick a node. Default: consistent hashing of the key; the nearest, where there are `regions`.
        pub balance: Option<Balance> = None,
        /// How much each node holds: a number of entries, or a size. Default: everything.
        pub capacity: Option<At<Capacity>> = None,
        /// The size of an entry, where the capacity is a size and a trace does not tell.
        pub entry: Option<At<Bytes>> = None,
        /// Which entry goes when there is no more room.
        pub eviction: Option<Eviction> = None,
        /// How long an entry is valid: a duration from its insertion, or `{ from-last-use = … }`. Default: for ever.
        pub ttl: Option<At<Ttl>> = None,
        /// A hit on an entry that is older than this asks the origin for a new one in the background.
        pub refresh_after: Option<At<Duration>> = None,
        /// What a write does.
        pub writes: At<Writes> = At::new(Writes::Invalidate),
        /// Under write-back: how long after it was changed an entry is written to the origin. Default: when it is evicted.
        pub flush_after: Option<At<Duration>> = None,
        /// One miss per key at a time: others wait for its answer.
        pub coalesce: At<bool> = At::new(false),
        /// How long a lookup takes. Default: no time.
        pub lookup: Option<At<Distribution>> = None,
        /// States the share of hits instead of keeping contents.
        pub hit_ratio: Option<At<Ratio>> = None,
        /// Where it is.
        pub region: Option<At<String>> = None,
        /// Where its nodes are, in turn: the edges of a content delivery network.
        pub regions: Option<At<Vec<At<String>>>> = None,
        /// The zone with which it is lost.
        pub zone: Option<At<String>> = None,
        /// Instead of `zone`: the nodes are spread over several in turn.
        pub zones: Option<At<Vec<At<String>>>> = None,
        /// When nodes are lost, with all that they hold: their keys go to the others until they are back, empty.
        pub outages: Vec<At<NodeOutage>> = Vec::new(),
        /// What is there at the start.
        pub start: Start = Start::Cold,
        /// Name of the random streams to use instead of the cache's own name.
        pub stream: Option<String> = None,
    } check check_cache
}

table! {
    /// `{ at = "60s", for = "30s", node = 1 }`
    #[derive(Copy)]
    pub struct NodeOutage {
        /// When it begins, from the end of warm-up.
        pub at: At<Duration>,
        /// How long it lasts.
        pub r#for: At<Duration>,
        /// Which node, from 0. Default: all of them.
        pub node: Option<At<u32>> = None,
    } check check_outage
}

fn check_outage(outage: &NodeOutage, _: Span, cx: &mut Decoder) {
    above_zero(outage.r#for.0, outage.r#for.span, "`for`", cx);
}

choice! {
    /// Who shares a cache.
    #[derive(Copy)]
    pub enum Scope {
        /// Every caller.
        Shared,
        /// Nobody: each replica of each caller has one of its own, in its own memory.
        PerReplica,
    }
}

choice! {
    /// What a write through a cache does.
    #[derive(Copy)]
    pub enum Writes {
        /// Writes to the origin, then takes the entry out.
        Invalidate,
        /// Writes to the origin and to the cache, and then is answered.
        Through,
        /// Writes to the cache and is answered; the origin is written later.
        Back,
        /// Writes to the origin only; an entry that is there stays.
        Around,
    }
}

choice! {
    /// What a cache holds at the start.
    #[derive(Copy)]
    pub enum Start {
        /// Nothing.
        Cold,
        /// The most popular keys of the workloads, as many as there is room for.
        Warm,
    }
}

/// How long an entry is valid.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Ttl {
    /// From when it came in, whatever its uses.
    FromInsertion(Duration),
    /// From when it was last used.
    FromLastUse(Duration),
}

choice! {
    /// From when on an entry's time to live counts.
    enum TtlFrom {
        /// From when it came in.
        FromInsertion(Duration),
        /// From its last use.
        FromLastUse(Duration),
    }
}

impl Ttl {
    /// The duration.
    pub fn duration(self) -> Duration {
        match self {
            Ttl::FromInsertion(duration) | Ttl::FromLastUse(duration) => duration,
        }
    }
}

impl Decode for Ttl {
    fn decode(node: &Node, cx: &mut Decoder) -> Option<Ttl> {
        let Value::Table(_) = node.value else { return Duration::decode(node, cx).map(Ttl::FromInsertion) };
        Some(match TtlFrom::decode(node, cx)? {
            TtlFrom::FromInsertion(duration) => Ttl::FromInsertion(duration),
            TtlFrom::FromLastUse(duration) => Ttl::FromLastUse(duration),
        })
    }

    fn schema(s: &mut SchemaBuilder) -> Json {
        json!({ "oneOf": [Duration::schema(s), TtlFrom::schema(s)] })
    }

    fn example() -> String {
        "\"60s\"".to_owned()
    }
}

/// How much fits.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Capacity {
    /// So many entries, whatever their size.
    Entries(u32),
    /// So many bytes.
    Size(Bytes),
}

impl Decode for Capacity {
    fn decode(node: &Node, cx: &mut Decoder) -> Option<Capacity> {
        match node.value {
            Value::String(_) => Bytes::decode(node, cx).map(Capacity::Size),
            Value::Integer(_) | Value::Large(_) => Count::decode(node, cx).map(|count| Capacity::Entries(count.0)),
            _ => cx.mismatch(node, "a number of entries or a size", "10000"),
        }
    }

    fn schema(s: &mut SchemaBuilder) -> Json {
        json!({ "oneOf": [Count::schema(s), Bytes::schema(s)] })
    }

    fn example() -> String {
        "10000".to_owned()
    }
}

fn check_cache(cache: &Cache, _: Span, cx: &mut Decoder) {
    at_most(cache.replicas.0, MOST_REPLICAS, cache.replicas.span, "replicas", cx);
    if let Some(ttl) = cache.ttl {
        above_zero(ttl.duration().0, ttl.span, "`ttl`", cx);
    }
    if let Some(entry) = cache.entry {
        require(entry.0 >= 1.0, entry.span, "an entry without a size", "at least 1B", cx);
    }
    check_refresh(cache, cx);
    check_stated(cache, cx);
    check_nodes(cache, cx);
    let private = cache.scope.value == Scope::PerReplica;
    if private && cache.machine.is_some() {
        let found = Diagnostic::error(cache.scope.span, "a private cache has no machine of its own");
        cx.push(found.help("leave `machine` out: it is in its caller's memory"));
    }
    if private && cache.replicas.0 > 1 {
        let found = Diagnostic::error(cache.replicas.span, "a private cache has as many replicas as its caller");
        cx.push(found.help("leave `replicas` out"));
    }
}

fn check_nodes(cache: &Cache, cx: &mut Decoder) {
    let private = cache.scope.value == Scope::PerReplica;
    for outage in &cache.outages {
        require(!private, outage.span, "a private cache is lost with its caller", "needs `scope = \"shared\"`", cx);
        let Some(node) = outage.value.node else { continue };
        let known = node.value < cache.replicas.0;
        require(known, node.span, &format!("there is no node {}", node.value), "nodes are counted from 0", cx);
    }
}

fn check_refresh(cache: &Cache, cx: &mut Decoder) {
    for (after, name) in [(cache.refresh_after, "`refresh-after`"), (cache.flush_after, "`flush-after`")] {
        if let Some(after) = after {
            above_zero(after.0, after.span, name, cx);
        }
    }
    if let (Some(refresh), Some(ttl)) = (cache.refresh_after, cache.ttl) {
        let before = refresh.0 < ttl.duration().0;
        require(before, refresh.span, "entries are gone before they are refreshed", "must be below `ttl`", cx);
    }
    check_flush(cache, cx);
    if let Some(flush) = cache.flush_after {
        require(
            cache.writes.value == Writes::Back,
            flush.span,
            "nothing is written later",
            "needs `writes = \"back\"`",
            cx,
        );
    }
}

/// What has changed must be written before it is too old to be there.
fn check_flush(cache: &Cache, cx: &mut Decoder) {
    let (Some(ttl), Writes::Back, Some(_)) = (cache.ttl, cache.writes.value, &cache.origin) else { return };
    if cache.flush_after.is_some_and(|flush| flush.0 < ttl.duration().0) {
        return;
    }
    let span = cache.flush_after.map_or(ttl.span, |flush| flush.span);
    let found = Diagnostic::error(span, "changed entries are gone before they are written");
    cx.push(found.note(cache.writes.span, "they are written later").help("say a `flush-after` below `ttl`"));
}

/// With a stated hit ratio there are no contents that anything else could be said of.
fn check_stated(cache: &Cache, cx: &mut Decoder) {
    let Some(stated) = cache.hit_ratio else { return };
    let beside = [
        (cache.capacity.map(|it| it.span), "capacity"),
        (cache.eviction.as_ref().map(|it| it.0.name.span), "eviction"),
        (cache.ttl.map(|it| it.span), "ttl"),
        (cache.refresh_after.map(|it| it.span), "refresh-after"),
        (cache.coalesce.value.then_some(cache.coalesce.span), "coalesce"),
        ((cache.writes.value == Writes::Back).then_some(cache.writes.span), "writes = \"back\""),
    ];
    for (span, name) in beside {
        let Some(span) = span else { continue };
        let found = Diagnostic::error(span, format!("`{name}` means nothing where the hit ratio is stated"));
        cx.push(found.note(stated.span, "stated here").help("leave one of them out"));
    }
}
