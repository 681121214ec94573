//! The files of `scenarios/`. What is between the marks is written by
//! `KNEE_BLESS=1 cargo test --test catalogue`, which also sees to it that nothing is forgotten.

use super::builtin::{Group, Scenario};

/// [`Scenario`]s of names of files in `scenarios/`.
macro_rules! scenarios {
    ($($name:literal),* $(,)?) => {
        &[$(Scenario {
            name: $name,
            text: include_str!(concat!("../../scenarios/", $name, ".toml")),
        }),*]
    };
}

/// The scenarios of no group, in the order of `knee list`: simple ones first.
pub(crate) const MAIN: &[Scenario] = scenarios![
    "single-queue",
    "scale-up",
    "scale-out",
    "web-and-database",
    "closed-users",
    "priority-traffic",
    "connection-pool",
    "overload",
    "noisy-neighbour",
    "lock-contention",
    "memory-ladder",
    "cache-and-database",
    "cache-stampede",
    "local-and-shared-cache",
    "cdn",
    "hot-shard",
    "resharding",
    "cross-shard-query",
    "hot-and-cold",
    "work-queue",
    "outbox",
    "autoscaler-too-slow",
    "microservices",
    "sticky-sessions",
    "distributed-lock",
    "tail-at-scale",
    "circuit-breaker",
    "two-regions",
    "read-replicas",
    "sync-async",
    "quorum",
    "multi-primary",
    "geo-replication",
    "failover",
    "partition",
    "failure-headroom",
    "region-lost",
    "rolling-deployment",
    "gc-pauses",
    "cache-restart",
    "retry-storm",
];

/// The groups: the folders of `scenarios/`.
pub(crate) const GROUPS: &[Group] = &[
    Group { name: "lessons", about: "of the lessons in docs/lessons", scenarios: LESSONS },
    Group { name: "ladder", about: "a site on its way from one machine to the world, step by step", scenarios: LADDER },
    Group { name: "growth", about: "systems that grow with their users", scenarios: GROWTH },
];

// <written>
const LESSONS: &[Scenario] = scenarios![
    "lessons/amdahl",
    "lessons/autoscale",
    "lessons/buses",
    "lessons/celebrity",
    "lessons/chatty-page",
    "lessons/copies",
    "lessons/economies-of-scale",
    "lessons/failing-jobs",
    "lessons/fan-out",
    "lessons/hockey-stick",
    "lessons/latency-numbers",
    "lessons/littles-law",
    "lessons/look-aside",
    "lessons/plan",
    "lessons/plan-crash",
    "lessons/pooling",
    "lessons/retries",
    "lessons/shards",
    "lessons/short-and-long",
    "lessons/three-nodes",
    "lessons/thumbnails",
    "lessons/usl",
    "lessons/variability",
];
const LADDER: &[Scenario] = scenarios![];
const GROWTH: &[Scenario] = scenarios![];
// </written>
