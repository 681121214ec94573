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
const LADDER: &[Scenario] = scenarios![
    "ladder/01-one-server",
    "ladder/02-more-memory",
    "ladder/03-ssd",
    "ladder/04-more-cores",
    "ladder/05-finer-lock",
    "ladder/06-32-cores",
    "ladder/07-own-database",
    "ladder/08-connection-pool",
    "ladder/09-five-replicas",
    "ladder/10-shortest-queue",
    "ladder/11-local-cache",
    "ladder/12-queue",
    "ladder/13-shared-cache",
    "ladder/14-cdn",
    "ladder/15-16-replicas",
    "ladder/16-read-replica",
    "ladder/17-shards-by-range",
    "ladder/18-shards-by-hash",
    "ladder/19-bad-day",
    "ladder/20-health-check",
    "ladder/21-failover",
    "ladder/22-three-zones",
    "ladder/23-retries",
    "ladder/24-backoff",
    "ladder/25-headroom",
    "ladder/26-second-region",
    "ladder/27-geo-copies",
    "ladder/28-orders-at-home",
    "ladder/29-a-day",
    "ladder/30-autoscaling",
];
const GROWTH: &[Scenario] = scenarios![
    "growth/daily-peak",
    "growth/rewrite",
    "growth/supermarket",
    "growth/ten-servers-of-a-hundred-users",
    "growth/thousandfold-cache",
    "growth/thousandfold-copies",
    "growth/thousandfold-machine",
    "growth/thousandfold-regions",
    "growth/thousandfold-replicas",
    "growth/thousandfold-shards",
    "growth/tide",
    "growth/tide-handover",
    "growth/tide-shared",
    "growth/vertical",
];
// </written>
