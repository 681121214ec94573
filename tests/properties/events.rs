//! Random events for random scenarios.

use crate::words::Choices;

/// Some `[[event]]` tables for a scenario, given as its tables.
pub(crate) fn events(bytes: &[u8], tables: &[String]) -> String {
    let mut choices = Choices::new(bytes);
    let text = tables.concat();
    let names = named(&text, &["station", "service", "balancer", "cache", "database", "host"]);
    (0..1 + choices.below(5)).map(|_| event(&mut choices, &names, tables)).collect()
}

/// The names of all components of these kinds.
fn named(text: &str, kinds: &[&str]) -> Vec<String> {
    let header = |line: &str| {
        let (kind, name) = line.strip_prefix('[')?.strip_suffix(']')?.split_once('.')?;
        (kinds.contains(&kind) && !name.contains('.')).then(|| name.to_string())
    };
    // What is private fails with its callers.
    text.lines().filter_map(header).filter(|name| name != "c1").collect()
}

fn event(choices: &mut Choices<'_>, names: &[String], tables: &[String]) -> String {
    let at = 20 * choices.below(150);
    let length = 1 + 15 * choices.below(60);
    let lasts = if choices.one_in(6) { String::new() } else { format!("for = \"{length}ms\"\n") };
    let name = &names[choices.below(names.len())];
    if choices.one_in(8) {
        let rolled = rolling(choices, names);
        return format!("[[event]]\nat = \"{at}ms\"\n{rolled}\n");
    }
    let what = match choices.below(4) {
        0 => format!("crash = {{ what = \"{name}\", silent = {} }}", choices.one_in(3)),
        1 => pause(choices, names),
        2 => slow(choices, names),
        _ => set(choices, tables).unwrap_or(format!("crash = \"{name}\"")),
    };
    format!("[[event]]\nat = \"{at}ms\"\n{lasts}{what}\n")
}

/// Other components may have nothing that could stand still.
fn pause(choices: &mut Choices<'_>, names: &[String]) -> String {
    let working: Vec<&String> = names.iter().filter(|name| name.starts_with(['s', 'a', 'r'])).collect();
    format!("pause = \"{}\"", working[choices.below(working.len())])
}

/// Stations work for a time; other components may have nothing that could be slow.
fn slow(choices: &mut Choices<'_>, names: &[String]) -> String {
    let stations: Vec<&String> = names.iter().filter(|name| name.starts_with('s')).collect();
    let name = stations[choices.below(stations.len())];
    let factor = ["3", "10", "0.5", "1.7"][choices.below(4)];
    format!("slow = {{ what = \"{name}\", factor = {factor} }}")
}

fn rolling(choices: &mut Choices<'_>, names: &[String]) -> String {
    let stations: Vec<&String> = names.iter().filter(|name| name.starts_with(['s', 'a'])).collect();
    let name = stations[choices.below(stations.len())];
    let (down, drain) = (10 + choices.below(200), 10 * choices.below(10));
    // Services may have nothing that could be slow.
    let ways = if name.starts_with('s') { 3 } else { 2 };
    let more = ["", ", at-a-time = 2", ", cold = { for = \"100ms\", factor = 3 }"][choices.below(ways)];
    format!("rolling = {{ what = \"{name}\", drain = \"{drain}ms\", down = \"{down}ms\"{more} }}")
}

/// A value that is written in one of the tables.
fn set(choices: &mut Choices<'_>, tables: &[String]) -> Option<String> {
    let table = &tables[choices.below(tables.len())];
    let path = table.lines().next()?.strip_prefix('[')?.strip_suffix(']')?;
    let has = |key: &str| table.lines().any(|line| line.starts_with(key) && !line.contains("infinite"));
    let simple = ["fails", "vacation", "set-up", "weighted", "slowdown"].iter().all(|word| !table.contains(word));
    let more = 1 + choices.below(4);
    let (key, value) = match path.split('.').next()? {
        "station" if has("servers") && simple => ("servers", more.to_string()),
        "station" if has("capacity") => ("capacity", (more + 1).to_string()),
        // A queue counts the threads of its consumer.
        "service" if has("threads") && !consumes(path, tables) => ("threads", more.to_string()),
        "pool" => ("size", more.to_string()),
        "workload" if table.contains("arrivals = { poisson") => ("arrivals.poisson", format!("\"{}/s\"", 20 * more)),
        "workload" if has("timeout") => ("timeout", format!("\"{}ms\"", 10 * more)),
        "workload" if has("priority") => ("priority", more.to_string()),
        _ => return None,
    };
    Some(format!("set = {{ \"{path}.{key}\" = {value} }}"))
}

fn consumes(path: &str, tables: &[String]) -> bool {
    let name = path.trim_start_matches("service.");
    tables.iter().any(|table| table.contains(&format!("consumer = \"{name}")))
}
