//! Tables of named things that were written without names, or as lists: said once, in place of what
//! each of their values would be said to be.

use crate::diagnostic::Diagnostic;
use crate::syntax::{Key, Node, Table, Value};

/// The tables whose keys are names.
const NAMED: [&str; 15] = [
    "workload", "station", "machine", "host", "service", "balancer", "cache", "lock", "pool", "database", "queue",
    "region", "zone", "link", "probe",
];

/// The tables of which there may be several without names.
const LISTS: [&str; 3] = ["event", "objective", "alert"];

/// Marks what stands where named tables should as broken, and says what to write; and one table where a list should.
pub(super) fn mark(root: &mut Table) -> Vec<Diagnostic> {
    let single = |node: &Node| matches!(node.value, Value::Table(_));
    let lists = root.entries.iter_mut().filter(|(key, node)| LISTS.contains(&key.name.as_str()) && single(node));
    let mut found: Vec<Diagnostic> = lists.map(|(key, node)| mark_single(key, node)).collect();
    let named = root.entries.iter_mut().filter(|(key, _)| NAMED.contains(&key.name.as_str()));
    found.extend(named.filter_map(|(key, node)| mark_kind(key, node)));
    found
}

fn mark_single(key: &Key, node: &mut Node) -> Diagnostic {
    node.value = Value::Broken;
    let found = Diagnostic::error(key.span, format!("there may be several of `{}`", key.name));
    found.help(format!("write `[[{}]]`, in double brackets", key.name))
}

fn mark_kind(kind: &Key, node: &mut Node) -> Option<Diagnostic> {
    match &mut node.value {
        Value::Array(_) => {
            node.value = Value::Broken;
            Some(needs_name(kind))
        }
        Value::Table(table) => mark_entries(kind, table),
        _ => None,
    }
}

/// Only the first is reported: the others have the same cause.
fn mark_entries(kind: &Key, table: &mut Table) -> Option<Diagnostic> {
    let mut first = None;
    for (name, node) in &mut table.entries {
        let found = match &node.value {
            Value::Table(_) | Value::Broken => continue,
            // In `[[workload.w]]` the name is part of what spans the first table.
            Value::Array(items) if items.first().is_some_and(|item| item.span.contains(name.span)) => {
                is_a_list(kind, name)
            }
            _ => needs_name(kind).note(name.span, "of which one?"),
        };
        node.value = Value::Broken;
        first = first.or(Some(found));
    }
    first
}

fn needs_name(kind: &Key) -> Diagnostic {
    let found = Diagnostic::error(kind.span, format!("`[{}]` needs a name", kind.name));
    found.help(format!("write `[{}.NAME]`", kind.name))
}

fn is_a_list(kind: &Key, name: &Key) -> Diagnostic {
    let found = Diagnostic::error(name.span, format!("`{}` is a list of tables", name.name));
    found.label("there is one of each name").help(format!("write `[{}.{}]`, in single brackets", kind.name, name.name))
}
