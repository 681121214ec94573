//! Databases, caches and hardware of random scenarios.
//!
//! `d` is a database, `c0` a cache in front of it or of a station, `c1` one in front of `c0` that each caller has
//! for itself, and `c2` one in front of any of them: so nobody waits in a circle.

use crate::generate::Writer;
use crate::places;

pub(crate) fn tables(writer: &mut Writer<'_>, tables: &mut Vec<String>) {
    tables.push(database(writer));
    let origin = ["d", "s0"][writer.choices.below(2)];
    tables.push(format!("[cache.c0]\norigin = \"{origin}\"\n{}{}", shared(writer), contents(writer)));
    let origin = ["c0", "d"][writer.choices.below(2)];
    let own = contents(writer);
    tables.push(format!("[cache.c1]\norigin = \"{origin}\"\nscope = \"per-replica\"\n{own}"));
    let origin = ["c1", "d", "c0"][writer.choices.below(3)];
    tables.push(format!("[cache.c2]\norigin = \"{origin}\"\n{}{}", shared(writer), contents(writer)));
}

/// A database or an operation of a cache.
pub(crate) fn target(writer: &mut Writer<'_>) -> &'static str {
    const TARGETS: [&str; 9] = ["c0", "c1", "d", "d.write", "c0.write", "c1.write", "c0.delete", "c1.delete", "c2"];
    TARGETS[writer.choices.below(TARGETS.len())]
}

pub(crate) fn cache(writer: &mut Writer<'_>) -> &'static str {
    ["c0", "c1", "c2"][writer.choices.below(3)]
}

/// The parts of the machine besides its cores. What is constant is not varied, and has no scale.
pub(crate) fn disk(writer: &mut Writer<'_>) -> String {
    const ARRAYS: [&str; 6] = [
        "",
        ", disks = 3, raid = 0",
        ", disks = 2, raid = 1",
        ", disks = 4, raid = 5",
        ", disks = 4, raid = 6",
        ", disks = 4, raid = 10",
    ];
    let (latency, write) = (writer.law(), writer.law());
    let array = ARRAYS[writer.choices.below(ARRAYS.len())];
    let kind = match writer.choices.below(6) {
        4 => format!(", seek = {}", writer.law()),
        5 => ", queue-depth = 4, channels = 2".to_string(),
        1 => ", queue-depth = 3".to_string(),
        2 if !writer.wanted.varied => format!(", queue-depth = 2, bandwidth = {}", writer.units.bandwidth(2)),
        3 if !writer.wanted.varied => format!(", rotation = {}", writer.units.milliseconds(8)),
        _ => String::new(),
    };
    let levels = if writer.wanted.varied { String::new() } else { levels(writer) };
    const PRESETS: [&str; 5] = [
        "\"hdd\"",
        "\"ssd\"",
        "\"nvme\"",
        "{ hdd = { bandwidth = \"9MB/s\" } }",
        "{ ssd = { bandwidth = \"1MB/s\" } }",
    ];
    let preset = PRESETS.get(writer.choices.below(15)).filter(|_| writer.units.is_usual());
    let made = format!("{{ latency = {latency}, write-latency = {write}{kind}{array} }}");
    format!("disk = {}\n{levels}", preset.copied().unwrap_or(&made))
}

/// Levels of memory.
fn levels(writer: &Writer<'_>) -> String {
    let units = writer.units;
    let (near, far, ram) = (units.microseconds(1), units.microseconds(5), units.milliseconds(1));
    let bandwidth = units.bandwidth(64);
    format!(
        "memory-hierarchy = [{{ name = \"near\", size = \"128B\", latency = {near} }}, \
         {{ name = \"far\", size = \"256B\", latency = {far}, bandwidth = {bandwidth}, channels = 2, miss = 0.5 }}, \
         {{ name = \"ram\", latency = {ram} }}]\n"
    )
}

/// A step that needs a machine.
pub(crate) fn hardware_step(writer: &mut Writer<'_>) -> String {
    match writer.choices.below(6) {
        1 => "disk = { write = \"4KiB\" }".to_string(),
        4 if !writer.wanted.varied => "memory = { bytes = \"64B\", accesses = 2, working-set = \"512B\" }".to_string(),
        5 => places::transfer(writer),
        2 => format!("speedup = {{ work = {}, serial = 0.25 }}", writer.law()),
        3 if !writer.wanted.varied => "memory = { bytes = \"64B\", accesses = 2 }".to_string(),
        _ => "disk = { read = \"4KiB\" }".to_string(),
    }
}

fn database(writer: &mut Writer<'_>) -> String {
    let guard = writer.admission();
    let connections = writer.maybe(2, |it| {
        let queue = it.maybe(3, |it| format!("queue = {}", it.choices.below(4)));
        format!("connections = {}\n{queue}{}", 1 + it.choices.below(3), it.shedding())
    });
    let (read, write) = (hardware_step(writer), hardware_step(writer));
    let wait = writer.law();
    let places = writer.maybe(3, |_| "regions = [\"north\", \"south\"]".to_string());
    let machine = ["machine = \"box\"", "host = \"rack\""][writer.choices.below(if places.is_empty() { 2 } else { 1 })];
    let ways = if places.is_empty() { 1 } else { 3 };
    let failover = failover(writer);
    let replication = match writer.choices.below(8) {
        1 => {
            let reads = ["any", "replicas", "primary", "nearest"][writer.choices.below(2 + ways.min(2))];
            let balance = writer.maybe(2, |_| ", balance = \"least-outstanding\"".to_string());
            let balance = if ["any", "replicas"].contains(&reads) { balance } else { String::new() };
            let (lag, balance) = (writer.law(), balance.trim_end().to_string());
            format!("{{ mode = \"async\", replicas = 2, lag = {lag}, reads = \"{reads}\"{failover}{balance} }}")
        }
        2 => format!("{{ mode = \"sync\", replicas = 2, reads = \"any\"{failover} }}"),
        3 => format!("{{ mode = \"semi-sync\", replicas = 2, acks = 1, apply = {}{failover} }}", writer.law()),
        4 => {
            let spread = ["", ", spread = \"quorum\"", ", spread = \"all\""][writer.choices.below(3)];
            let legs = format!(
                "write = {}, ack = {}, read = {}, response = {}",
                writer.law(),
                writer.law(),
                writer.law(),
                writer.law()
            );
            format!("{{ mode = \"quorum\", n = 3, r = 2, w = 2{spread}, reads = \"quorum\", {legs} }}")
        }
        5 => {
            let [reads, writes] = [(); 2].map(|()| ["any", "home", "nearest"][writer.choices.below(ways)]);
            let lag = writer.law();
            format!(
                "{{ mode = \"multi-primary\", replicas = 2, lag = {lag}, reads = \"{reads}\", writes = \"{writes}\" }}"
            )
        }
        _ => String::new(),
    };
    let replication = if replication.is_empty() { replication } else { format!("replication = {replication}\n") };
    let sharding = writer.maybe(3, |it| {
        const WAYS: [&str; 5] =
            ["\"hash\"", "\"modulo\"", "\"consistent-hash\"", "\"tenant\"", "{ range = { keys = 20 } }"];
        format!("sharding = {{ shards = 3, by = {} }}", WAYS[it.choices.below(5)])
    });
    format!(
        "[database.d]\n{places}{machine}\nread = [{{ {read} }}, {{ wait = {wait} }}]\nwrite = [{{ {write} }}]\n\
         {connections}{guard}{replication}{sharding}"
    )
}

/// Another node may become primary.
fn failover(writer: &mut Writer<'_>) -> String {
    if !writer.choices.one_in(3) {
        return String::new();
    }
    let (detect, promote) = (writer.units.milliseconds(200), writer.units.milliseconds(100));
    format!(", failover = {{ detect = {detect}, promote = \"{}\" }}", promote.trim_matches('"'))
}

/// What only a cache of all has.
fn shared(writer: &mut Writer<'_>) -> String {
    let machine = writer.maybe(3, |_| "machine = \"box\"".to_string());
    let replicas = writer.maybe(3, |it| {
        // Without a machine there is no queue that a policy could look at.
        let policy = ["random", "round-robin", "least-outstanding", "modulo"][it.choices.below(4)];
        let balance = it.maybe(2, |_| format!("balance = \"{policy}\""));
        format!("replicas = {}\n{balance}", 2 + it.choices.below(3))
    });
    machine + &replicas
}

fn contents(writer: &mut Writer<'_>) -> String {
    const POLICIES: [&str; 11] = [
        "\"lru\"",
        "\"fifo\"",
        "\"random\"",
        "\"lfu\"",
        "{ lfu = { remember = 1 } }",
        "\"clock\"",
        "\"sieve\"",
        "\"s3-fifo\"",
        "\"arc\"",
        "\"w-tinylfu\"",
        "\"lru-k\"",
    ];
    let writes = ["invalidate", "through", "back", "around"][writer.choices.below(4)];
    let mut text = format!("writes = \"{writes}\"\n");
    text += &writer.maybe(2, |it| format!("lookup = {}", it.law()));
    if writes != "back" && writer.choices.one_in(8) {
        return text + "hit-ratio = 0.4\n";
    }
    text += &writer.maybe(2, |it| {
        let most = it.choices.below(6).max(1);
        let capacity = match it.choices.one_in(4) {
            true => format!("\"{most}KiB\"\nentry = \"1KiB\""),
            false => most.to_string(),
        };
        format!("capacity = {capacity}\neviction = {}", POLICIES[it.choices.below(POLICIES.len())])
    });
    let back = writes == "back";
    text += &writer.maybe(3, |it| {
        let from = ["\"TTL\"", "{ from-last-use = \"TTL\" }", "{ from-insertion = \"TTL\" }"][it.choices.below(3)];
        let ttl = it.units.milliseconds(100 + it.choices.below(100));
        let refresh = it.maybe(2, |it| format!("refresh-after = {}", it.units.milliseconds(20)));
        format!("ttl = {}\n{refresh}", from.replace("\"TTL\"", &ttl))
    });
    // What is too old has been written before.
    let flush = format!("flush-after = {}\n", writer.units.milliseconds(50));
    text += &if back && text.contains("ttl") {
        flush
    } else {
        writer.maybe(2, |_| if back { flush } else { String::new() })
    };
    text += &writer.maybe(2, |_| "coalesce = true".to_string());
    text + &writer.maybe(4, |_| "start = \"warm\"".to_string())
}
