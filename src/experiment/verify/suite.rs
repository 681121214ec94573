//! The suite itself: the files of `validation/`, which are part of the program.

use super::Case;

/// Defines the lists from names of files in `validation/`.
macro_rules! suite {
    (cases: $($name:literal)+, files: $($file:literal)+) => {
        /// Names, scenarios, and what is known of them.
        const CASES: &[[&str; 3]] = &[$([
            $name,
            include_str!(concat!("../../../validation/", $name, ".toml")),
            include_str!(concat!("../../../validation/", $name, ".expect.toml")),
        ]),+];

        /// The files that scenarios name.
        const FILES: &[(&str, &str)] = &[$(
            ($file, include_str!(concat!("../../../validation/", $file)))
        ),+];
    };
}

/// Every case, by name.
///
/// # Errors
/// Only if a file of the suite cannot be read as a case, which a test excludes.
pub fn suite() -> Result<Vec<Case>, String> {
    CASES.iter().map(|[name, scenario, known]| Case::parse(name, scenario, known)).collect()
}

/// A file that a scenario of the suite names.
pub(super) fn file(name: &str) -> Result<String, String> {
    let found = FILES.iter().find(|(file, _)| *file == name);
    found.map(|(_, text)| (*text).to_owned()).ok_or_else(|| format!("the suite has no {name}"))
}

#[rustfmt::skip]
suite! {
    cases:
    "A001-mm1" "A002-mm2" "A003-mm16" "A004-mm100" "A005-mm1k" "A006a-mm2-3" "A006b-mm2-5" "A007a-erlang-b-constant"
    "A007b-erlang-b-exponential" "A008-md1" "A009-md4" "A010-mg1-lognormal" "A011-mh21" "A012-mg1-bounded-pareto"
    "A013a-ps-constant" "A013b-ps-exponential" "A013c-ps-hyperexponential" "A013d-ps-two-sizes" "A014a-lifo"
    "A014b-lifo-preemptive" "A015a-srpt" "A015b-sjf" "A016-priority" "A017-preemptive-priority" "A018-gc-pauses"
    "A019-dm1" "A020-gg1" "A021-vacations" "A022-setup" "A023-breakdowns" "A024-breakdown-busy" "A025-erlang-a"
    "A026-mm1-patience" "A027-batch-arrivals" "A028-mmpp" "A029a-mginf" "A029b-mginf-from-empty"
    "A030-transient-mm1" "A031-retrial" "A032a-schedule-fcfs" "A032b-schedule-lifo" "A032c-schedule-lifo-preemptive"
    "A032d-schedule-sjf" "A032e-schedule-srpt" "A032f-schedule-ps" "A032g-schedule-round-robin"
    "A033a-schedule-basics" "A033b-schedule-basics" "A033c-schedule-basics" "A033d-schedule-basics" "A040-tandem"
    "A041-tandem-constant" "A042-jackson" "A044-feedback" "A045-closed-n01" "A045-closed-n02" "A045-closed-n03"
    "A045-closed-n05" "A045-closed-n10" "A045-closed-n20" "A046-closed-jain" "A047-central-server" "A048-repairman"
    "A049a-two-classes" "A049b-two-classes" "A050-three-tiers-n01" "A050-three-tiers-n02" "A050-three-tiers-n04"
    "A050-three-tiers-n07" "A050-three-tiers-n10" "A050-three-tiers-n20" "A051-bookstore" "A052-bcmp-ps"
    "A053-multicore-ps" "A054-dps" "A060-random-split" "A061-round-robin-2" "A062-round-robin-10" "A063-jsq"
    "A064-jiq" "A065a-least-connections-exponential" "A065b-least-connections-constant"
    "A065c-least-connections-lognormal" "A066-power-of-two-50" "A066-power-of-two-70" "A066-power-of-two-90"
    "A066-power-of-two-95" "A066-power-of-two-95-n400" "A067a-weighted-proportional" "A067b-weighted-optimal"
    "A067c-equal-split-unstable" "A070-hot-shard" "A071-fan-out-100" "A071b-fan-out-10" "A072a-tail-at-scale-100"
    "A072b-tail-at-scale-2000" "A073a-tail-leaf" "A073b-tail-hedged" "A074-quorum-2of3" "A074b-quorum-3of3"
    "A075-hedge-exp" "A076-fork-join-2" "A077-redundancy-2-of-4" "A078-split-merge" "A079-fork-join-100" "A080a-lru"
    "A080b-fifo" "A080c-random" "A080d-perfect-lfu" "A081-fifo-01k" "A081-fifo-10k" "A081-lru-01k" "A081-lru-10k"
    "A081-random-01k" "A082a-ttl-fixed" "A082b-ttl-renewed" "A082c-ttl-hottest" "A083a-clock-3" "A083a-clock-4"
    "A083a-fifo-3" "A083a-fifo-4" "A083a-lru-3" "A083a-lru-4" "A083a-sieve-3" "A083a-sieve-4" "A083b-clock-3"
    "A083b-clock-4" "A083b-fifo-3" "A083b-fifo-4" "A083b-lru-3" "A083b-lru-4" "A083b-sieve-3" "A083b-sieve-4"
    "A085-two-levels" "A086-amat" "A088a-mlp-10" "A088b-mlp-31" "A088c-mlp-32" "A088d-mlp-64" "A089a-stampede"
    "A089b-coalesced" "A090-cache-and-database" "A091-hdd" "A092a-raid-0" "A092b-raid-10" "A092c-raid-5"
    "A092d-raid-6" "A093a-ssd-channels" "A093b-ssd-queue-each" "A094a-link-queue" "A094b-link-between-regions"
    "A094c-window" "A094d-window-and-bandwidth" "A094e-remote-queue" "A095-tcp" "A098-usl-station"
    "A099a-amdahl-in-step" "A099b-amdahl-out-of-step" "A099c-amdahl-exponential" "A100-read-replicas-n01"
    "A100-read-replicas-n02" "A100-read-replicas-n05" "A100-read-replicas-n10" "A101a-mutex" "A101b-mutex-constant"
    "A102-optimistic-n01" "A102-optimistic-n02" "A102-optimistic-n08" "A102-pessimistic-n01" "A102-pessimistic-n02"
    "A102-pessimistic-n08" "A104-lock-round-trip" "A110-availability" "A112a-failover" "A112b-heartbeats"
    "A113-retry-amplification" "A113-retry-budget" "A113-retry-outage" "A114a-metastable-0" "A114a-metastable-1"
    "A114a-metastable-3" "A114b-metastable-0" "A114b-metastable-1" "A114b-metastable-3" "A115-circuit-breaker"
    "A116a-token-bucket-1" "A116b-token-bucket-5" "A116c-token-bucket-20" "A117a-token-bucket-exact"
    "A117b-token-bucket-burst" "A118-backoff" "A120a-staleness" "A120b-staleness" "A120c-staleness"
    "A121a-read-your-writes" "A121b-read-your-writes" "A122-multi-primary-conflicts" "A123a-outbox"
    "A123b-visibility" "A123c-inbox" "A124a-semi-sync" "A124b-sync" "A124c-async" "A125a-replica-lag"
    "A125b-replica-lag" "A126a-pbs-ssd-r1w1" "A126a-pbs-ssd-r1w2" "A126a-pbs-ssd-r2w1" "A126b-pbs-disk-r1w1"
    "A126b-pbs-disk-r1w2" "A126b-pbs-disk-r2w1" "A127-k-staleness" "A131a-mt-infinity" "A131b-mt-infinity"
    "A132-autoscaler-step" "A133-hpa" "A134a-keepalive" "A134b-keepalive-regular" "A140-pipeline" "A141a-drain"
    "A141b-time-to-empty" "A142a-blocking0" "A142b-blocking4" "A143a-window" "A143b-window-constant"
    "A144-bulk-service" "A145a-linger" "A145b-linger-only" "A146a-partitions" "A146b-skewed-partitions"
    "A147-dead-letters" "A160-architecture" "A161-closed-architecture",
    files:
    "A032-jobs.csv" "A033a-jobs.csv" "A033b-jobs.csv" "A033c-jobs.csv" "A033d-jobs.csv" "A083a-keys.csv"
    "A083b-keys.csv" "A115-blocker.csv" "A115-requests.csv" "A117a-requests.csv" "A117b-requests.csv"
}
