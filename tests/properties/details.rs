//! Keys that any scenario may have besides: names of streams, defaults that are written, what is watched.

use crate::generate::Writer;
use crate::places;

/// Adds keys to a table, just below its header.
pub(crate) fn add(writer: &mut Writer<'_>, table: &mut String) {
    let Some((header, _)) = table.split_once('\n') else { return };
    let Some((kind, name)) = header.trim_matches(['[', ']']).split_once('.') else { return };
    let is_own = !table.contains("scope = \"per-replica\"");
    let text = match kind {
        _ if name.contains('.') => return,
        "station" => places::several(writer) + &stream(writer, name) + &station(writer, table),
        "service" => service(writer, table) + &stream(writer, name),
        "balancer" => places::one(writer) + &stream(writer, name) + &balancer(writer, table),
        "cache" if is_own => places::several(writer) + &stream(writer, name) + &cache(writer, table),
        "database" => database(writer, table) + &stream(writer, name),
        "queue" => places::one(writer) + &queue(writer, table),
        "workload" => places::one(writer) + &places::sizes(writer).join("\n") + "\n" + &stream(writer, name),
        "host" => places::one(writer) + &writer.maybe(3, |_| "zone = \"hall\"".to_string()),
        _ => return,
    };
    let at = header.len() + 1;
    table.insert_str(at, &text);
}

fn stream(writer: &mut Writer<'_>, name: &str) -> String {
    writer.maybe(5, |_| format!("stream = \"{name}'s own\""))
}

fn station(writer: &mut Writer<'_>, table: &str) -> String {
    let limited = table.contains("\ncapacity") && !table.contains("when-full");
    writer.maybe(3, |_| if limited { "when-full = \"reject\"".into() } else { String::new() })
}

fn service(writer: &mut Writer<'_>, table: &str) -> String {
    let place = if table.contains("host =") { String::new() } else { places::several(writer) };
    let every = writer.units.milliseconds(if writer.wanted.drains { 5_000 } else { 200 });
    let cpu = table.contains("machine =");
    let pauses = writer.maybe(6, |it| {
        let pauses = format!("pauses = {{ every = {{ exponential = {every} }}, for = {} }}", it.law());
        if cpu { pauses } else { String::new() }
    });
    let in_order = table.contains("\nthreads =") && !table.contains("discipline");
    let set_up = writer.maybe(6, |it| {
        let keep = it.maybe(2, |it| format!("keep-alive = {}", it.units.milliseconds(40)));
        if in_order { format!("set-up = {}\n{keep}", it.law()) } else { String::new() }
    });
    place + &pauses + &set_up
}

fn balancer(writer: &mut Writer<'_>, table: &str) -> String {
    let check = writer.maybe(4, |it| {
        format!("health-check = {{ every = {}, failures = 2, successes = 2 }}", it.units.milliseconds(50))
    });
    // Who looks a name up knows nothing of queues.
    let blind = ["\"random\"", "\"round-robin\"", "{ weighted"].iter().any(|policy| table.contains(policy));
    let name = if blind && !table.contains("service-time") && !table.contains("admit") {
        writer.maybe(2, |it| format!("dns-ttl = {}", it.units.milliseconds(100)))
    } else {
        String::new()
    };
    check + &name + &writer.maybe(4, |_| "zone = \"hall\"".to_string())
}

fn cache(writer: &mut Writer<'_>, table: &str) -> String {
    let mut text = writer.maybe(4, |_| "scope = \"shared\"".to_string());
    if !table.contains("start =") {
        text += &writer.maybe(4, |_| "start = \"cold\"".to_string());
    }
    if table.contains("capacity") && !table.contains("hit-ratio") {
        text += &writer.maybe(4, |it| {
            let (at, length) = (it.units.milliseconds(1_000), it.units.milliseconds(200));
            let node = ["", ", node = 0"][it.choices.below(2)];
            format!("outages = [{{ at = {at}, for = {length}{node} }}]")
        });
    }
    text
}

fn database(writer: &mut Writer<'_>, table: &str) -> String {
    if table.contains("host =") || table.contains("regions =") { String::new() } else { places::several(writer) }
}

fn queue(writer: &mut Writer<'_>, table: &str) -> String {
    let mut text = String::new();
    let lacks = |key: &str| !table.contains(key);
    if lacks("delivery") {
        text += &writer.maybe(4, |_| "delivery = \"at-least-once\"".to_string());
    }
    // Messages of a partition are delivered in order.
    if lacks("partitions") && lacks("linger") {
        text += &writer.maybe(4, |it| format!("discipline = {}", ["\"fifo\"", "\"priority\""][it.choices.below(2)]));
    }
    if lacks("when-full") && table.contains("\ncapacity") {
        text += &writer.maybe(2, |_| "when-full = \"reject\"".to_string());
    }
    text + &writer.maybe(5, |it| {
        format!("outages = [{{ at = {}, for = {} }}]", it.units.milliseconds(1_000), it.units.milliseconds(200))
    })
}

/// What is watched of the first workload; and what only other commands ask for.
pub(crate) fn watched(writer: &mut Writer<'_>, tables: &[String]) -> String {
    let mut text = writer.maybe(4, |it| {
        let (every, lasts) = (it.units.milliseconds(250), it.units.milliseconds(500));
        let than = it.units.milliseconds(50);
        let when = format!("w0.latency.p95 > {}", than.trim_matches('"'));
        format!("[[alert]]\nname = \"slow\"\nwhen = \"{when}\"\nevery = {every}\nfor = {lasts}")
    });
    if tables.iter().any(|table| table.starts_with("[database.d]") && table.contains("replication =")) {
        text +=
            &writer.maybe(4, |it| format!("[probe.seen]\nof = \"d\"\nafter = [\"0s\", {}]", it.units.milliseconds(5)));
    }
    text += &writer.maybe(4, |_| "[[objective]]\nname = \"well\"\nrequire = \"w0.error-rate < 10%\"".to_string());
    text + &writer.maybe(4, |it| {
        let axis = "vary = \"run.load\", from = 0.5, to = 1.5, points = 3, scale = \"log\"";
        match it.choices.below(3) {
            0 => format!("[sweep]\naxes = [{{ {axis} }}, {{ vary = \"run.seed\", values = [1, 2] }}]"),
            1 => format!("[sweep]\n{}", axis.replace(", ", "\n").replace("log", "linear")),
            _ => "[sweep]\nvary = \"run.load\"\nvalues = [1, 2]".to_string(),
        }
    })
}

/// How the run is done, besides its length.
pub(crate) fn run(writer: &mut Writer<'_>) -> String {
    let mut text = writer.maybe(4, |it| format!("seed = {}", it.choices.below(9)));
    text += &writer.maybe(4, |it| format!("series = {}", it.units.milliseconds(250)));
    text += &writer.maybe(4, |it| {
        let times = [0, 1, 1_000].map(|time| it.units.milliseconds(time)).join(", ");
        format!("observe-at = [{times}]")
    });
    text += &writer.maybe(8, |_| "load = 0.75".to_string());
    text + &writer.maybe(8, |_| "precision = { metric = \"w0.throughput\", within = \"20%\", most = 3 }".to_string())
}
