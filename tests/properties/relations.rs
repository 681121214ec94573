//! What does not matter to results: strangers, and names.

use std::cell::Cell;
use std::collections::BTreeSet;

use serde_json::Value;

use crate::generate::{Wanted, scenario};
use crate::{always, bytes, decisions, parsed, run, sound};

/// What is said of components and workloads, each by its name. What `sharding` says is not of a run: it is about the keys
/// of the workload that has most of them, a stranger's too.
const BY_NAME: [&str; 9] =
    ["workloads", "stations", "admission", "caches", "replication", "optimistic", "calls", "queues", "scaling"];

/// The kinds of component that may draw from the streams of another name.
const STREAMS: [&str; 6] = ["workload", "station", "service", "balancer", "cache", "database"];

/// Kind and name of all that tables declare.
fn declared(tables: &[String]) -> Vec<(String, String)> {
    let header = |line: &str| {
        let (kind, name) = line.strip_prefix('[')?.strip_suffix(']')?.split_once('.')?;
        (!name.contains('.')).then(|| (kind.to_string(), name.to_string()))
    };
    tables.iter().flat_map(|table| table.lines().filter_map(header)).collect()
}

/// Renames whatever stands as a word of its own.
fn renamed(text: &str, new: impl Fn(&str) -> Option<String>) -> String {
    let is_part = |letter: char| letter.is_ascii_alphanumeric() || letter == '-';
    let mut result = String::new();
    let mut rest = text;
    while let Some(start) = rest.find(is_part) {
        let end = rest[start..].find(|letter| !is_part(letter)).map_or(rest.len(), |length| start + length);
        let word = &rest[start..end];
        result += &rest[..start];
        result += &new(word).unwrap_or_else(|| word.to_string());
        rest = &rest[end..];
    }
    result + rest
}

/// Another scenario, none of whose names is one of the first.
fn strangers(bytes: &[u8]) -> Vec<String> {
    let tables = scenario(bytes, Wanted::ANY);
    let own: BTreeSet<String> = declared(&tables).into_iter().map(|(_, name)| name).collect();
    let foreign = |word: &str| (own.contains(word) || word.starts_with("row")).then(|| format!("strange-{word}"));
    let others = tables.iter().filter(|table| !table.starts_with("[run]") && !table.contains("[sweep]"));
    others.map(|table| renamed(table, foreign)).collect()
}

fn assert_same(one: &Value, other: &Value, text: &str) {
    for part in BY_NAME {
        for (name, entry) in one[part].as_object().into_iter().flatten() {
            assert_eq!(*entry, other[part][name], "{part} of {name} in\n{text}");
        }
    }
}

#[test]
fn strangers_change_no_byte() {
    always(60, (decisions(), decisions()), |(one, other)| {
        let text = scenario(&one, Wanted::ANY).concat();
        let beside = text.clone() + &strangers(&other).concat();
        assert_same(&parsed(&run(&sound(&text), 1)), &parsed(&run(&sound(&beside), 2)), &beside);
    });
}

/// What is said of a scenario, with a name as it was before.
fn said(text: &str, new: &str, old: &str) -> Value {
    serde_json::from_str(&bytes(&run(&sound(text), 1)).replace(new, old)).expect("results are JSON")
}

fn draws_from_another(tables: &[String], kind: &str, name: &str) -> bool {
    let header = format!("[{kind}.{name}]\n");
    tables.iter().any(|table| table.starts_with(&header) && table.contains("\nstream ="))
}

/// A new name is other random numbers for what bears it, and for nothing else.
#[test]
fn a_new_name_changes_its_own_numbers_only() {
    let changed = Cell::new(0);
    always(60, (decisions(), decisions(), 0usize..100), |(one, other, which)| {
        let tables = scenario(&one, Wanted::ANY);
        let candidates: Vec<(String, String)> = declared(&tables)
            .into_iter()
            .filter(|(kind, name)| STREAMS.contains(&kind.as_str()) && !draws_from_another(&tables, kind, name))
            .collect();
        let Some((kind, name)) = candidates.get(which % candidates.len().max(1)) else { return };
        let new = format!("{name}-anew");
        // How often it is run may depend on what is seen of a workload.
        let text: String = tables
            .concat()
            .lines()
            .filter(|line| !line.contains("precision"))
            .fold(String::new(), |text, line| text + line + "\n");
        let with_new = renamed(&text, |word| (word == name).then(|| new.clone()));
        let before = said(&text, &new, name);
        changed.set(changed.get() + u32::from(said(&with_new, &new, name) != before));

        let header = format!("[{kind}.{new}]\n");
        let pinned = with_new.replace(&header, &format!("{header}stream = \"{name}\"\n"));
        assert_eq!(before, said(&pinned, &new, name), "with the streams of its old name, it is another in\n{pinned}");

        let strangers = strangers(&other).concat();
        let [before, after] = [text, with_new].map(|own| parsed(&run(&sound(&(own + &strangers)), 1)));
        for part in BY_NAME {
            for (name, entry) in before[part].as_object().into_iter().flatten() {
                let is_own = !name.starts_with("strange-");
                assert!(is_own || *entry == after[part][name], "{part} of {name} beside {new}: {strangers}");
            }
        }
    });
    assert!(changed.get() > 10, "names matter in {} cases", changed.get());
}
