//! `--set PATH=VALUE`: changes one value of the tree before it is read.
//!
//! `service.app.replicas=8`, `service.app.operation.buy.steps[0].cpu=5ms`. The value is TOML; a bare
//! word or quantity may go without its quotes, which a shell would eat.
//!
//! `--unset PATH`, here `-PATH`, takes out a key, a table or an item of a list, as if it were not written.

use crate::diagnostic::{Diagnostic, Span};
use crate::syntax::{Key, Node, Table, Value, parse_value};

/// Tables that a file may leave out and an override may begin.
const OPTIONAL_TABLES: [&str; 2] = ["run", "sweep"];

/// Applies `text`, whose first byte has the place `base`, not counting the `-` of what is taken out.
///
/// # Errors
/// When the path does not lead to a table or list, with a suggestion; when the value is not TOML.
pub(super) fn apply(root: &mut Table, text: &str, base: usize) -> Result<(), Box<Diagnostic>> {
    if let Some(path) = text.strip_prefix('-') {
        return take_out(root, &parse_path(path, base)?);
    }
    let whole = Span { start: base, end: base + text.len() };
    let Some((path, value)) = text.split_once('=') else {
        return refuse(Diagnostic::error(whole, "expected PATH=VALUE").help("such as `run.seed=2`"));
    };
    let value = value_node(value, base + path.len() + 1)?;
    apply_value(root, path, base, value)
}

/// Sets what is at a path, whose first byte has the place `base`.
pub(super) fn apply_value(root: &mut Table, path: &str, base: usize, value: Node) -> Result<(), Box<Diagnostic>> {
    let steps = parse_path(path, base)?;
    if let [PathStep::Key(first), _, ..] = steps.as_slice()
        && OPTIONAL_TABLES.contains(&first.name.as_str())
        && root.get(&first.name).is_none()
    {
        let table = Table { span: first.span, entries: Vec::new() };
        root.entries.push((first.clone(), Node { span: first.span, value: Value::Table(table) }));
    }
    set_in_table(root, &steps, value)
}

/// What is at a path; none if the tree has nothing there.
///
/// # Errors
/// When it is not a path.
pub(super) fn value_at<'t>(root: &'t Table, path: &str) -> Result<Option<&'t Node>, String> {
    let steps = parse_path(path, 0).map_err(|problem| problem.message)?;
    let Some((PathStep::Key(first), rest)) = steps.split_first() else { return Ok(None) };
    let mut here = root.get(&first.name);
    for step in rest {
        here = here.and_then(|node| match (step, &node.value) {
            (PathStep::Key(key), Value::Table(table)) => table.get(&key.name),
            (PathStep::Index(index, _), Value::Array(items)) => items.get(*index),
            _ => None,
        });
    }
    Ok(here)
}

fn refuse<T>(problem: Diagnostic) -> Result<T, Box<Diagnostic>> {
    Err(Box::new(problem))
}

/// One step of a path: into a table by a key, or into a list by an index.
enum PathStep {
    Key(Key),
    Index(usize, Span),
}

/// Splits `steps[0].cpu` into its steps.
fn parse_path(path: &str, base: usize) -> Result<Vec<PathStep>, Box<Diagnostic>> {
    let mut steps = Vec::new();
    let mut start = base;
    for part in path.split('.') {
        let (name, indices) = part.split_at(part.find('[').unwrap_or(part.len()));
        let span = Span { start, end: start + name.len() };
        if name.trim().is_empty() {
            let whole = Span { start: base, end: base + path.len() };
            let found = Diagnostic::error(whole, "this path has an empty step");
            return refuse(found.help("such as `station.desk.servers`"));
        }
        steps.push(PathStep::Key(Key { name: name.trim().to_owned(), span }));
        parse_indices(indices.trim_end(), span.end, &mut steps)?;
        start += part.len() + 1;
    }
    Ok(steps)
}

/// Splits `[0][1]`.
fn parse_indices(text: &str, base: usize, steps: &mut Vec<PathStep>) -> Result<(), Box<Diagnostic>> {
    if text.is_empty() {
        return Ok(());
    }
    let span = Span { start: base, end: base + text.len() };
    let inside = text.strip_prefix('[').and_then(|rest| rest.split_once(']'));
    match inside.and_then(|(index, rest)| Some((index.parse().ok()?, rest))) {
        Some((index, rest)) => {
            let end = span.end - rest.len();
            steps.push(PathStep::Index(index, Span { start: base, end }));
            parse_indices(rest, end, steps)
        }
        None => refuse(Diagnostic::error(span, format!("`{text}` is not an index")).help("such as `[0]`, the first")),
    }
}

/// The value as TOML, or as text when it is a bare word.
fn value_node(text: &str, start: usize) -> Result<Node, Box<Diagnostic>> {
    let trimmed = text.trim();
    let base = start + text.len() - text.trim_start().len();
    let span = Span { start: base, end: base + trimmed.len() };
    if let Some(node) = parse_value(trimmed, base) {
        return Ok(node);
    }
    if trimmed.is_empty() || trimmed.starts_with(['{', '[', '"', '\'']) {
        return refuse(
            Diagnostic::error(span, "this value is not TOML").help("quote it for the shell: `--set 'path=\"5ms\"'`"),
        );
    }
    Ok(Node { span, value: Value::String(trimmed.to_owned()) })
}

fn set_in_table(table: &mut Table, steps: &[PathStep], value: Node) -> Result<(), Box<Diagnostic>> {
    let Some((PathStep::Key(key), rest)) = steps.split_first() else {
        return Ok(());
    };
    if table.get(&key.name).is_none() {
        if !rest.is_empty() {
            return refuse(no_such_key(table, key, "set something in"));
        }
        table.entries.push((key.clone(), value));
        return Ok(());
    }
    match table.get_mut(&key.name) {
        Some(node) => set_in_node(node, key, rest, value),
        None => Ok(()),
    }
}

/// Takes out what is at a path.
fn take_out(table: &mut Table, steps: &[PathStep]) -> Result<(), Box<Diagnostic>> {
    let Some((PathStep::Key(key), rest)) = steps.split_first() else { return Ok(()) };
    if table.get(&key.name).is_none() {
        return refuse(no_such_key(table, key, "take out"));
    }
    match table.get_mut(&key.name) {
        Some(node) if !rest.is_empty() => take_out_of(node, key, rest),
        _ => {
            table.entries.retain(|(known, _)| known.name != key.name);
            Ok(())
        }
    }
}

/// Takes out what is at `steps` inside `node`, which is the value of `key`.
fn take_out_of(node: &mut Node, key: &Key, steps: &[PathStep]) -> Result<(), Box<Diagnostic>> {
    match (&steps[0], &mut node.value) {
        (PathStep::Key(_), Value::Table(table)) => take_out(table, steps),
        (PathStep::Index(index, _), Value::Array(items)) if *index < items.len() => {
            if steps.len() > 1 {
                return take_out_of(&mut items[*index], key, &steps[1..]);
            }
            items.remove(*index);
            Ok(())
        }
        _ => refuse(leads_nowhere(node, key, &steps[0])),
    }
}

fn no_such_key(table: &Table, key: &Key, what: &str) -> Diagnostic {
    let found = Diagnostic::error(key.span, format!("there is no `{}` to {what}", key.name));
    let found = found.did_you_mean(&key.name, table.keys());
    match table.keys().collect::<Vec<_>>().as_slice() {
        [] => found,
        keys => {
            found.help(format!("there is {}", keys.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ")))
        }
    }
}

/// Sets `value` at `steps` inside `node`, which is the value of `key`.
fn set_in_node(node: &mut Node, key: &Key, steps: &[PathStep], value: Node) -> Result<(), Box<Diagnostic>> {
    match (steps.first(), &mut node.value) {
        (None, _) => {
            *node = value;
            Ok(())
        }
        (Some(PathStep::Key(_)), Value::Table(table)) => set_in_table(table, steps, value),
        (Some(PathStep::Index(index, _)), Value::Array(items)) if *index < items.len() => {
            set_in_node(&mut items[*index], key, &steps[1..], value)
        }
        (Some(step), _) => refuse(leads_nowhere(node, key, step)),
    }
}

/// Why a step does not lead into `node`, which is the value of `key`.
fn leads_nowhere(node: &Node, key: &Key, step: &PathStep) -> Diagnostic {
    let is = format!("`{}` is {}", key.name, node.describe());
    match (step, &node.value) {
        (PathStep::Index(index, span), Value::Array(items)) => {
            let count = items.len();
            Diagnostic::error(*span, format!("`{}` has no item {index}", key.name))
                .label(format!("it has {count}, counted from 0"))
        }
        (PathStep::Key(inner), _) => {
            Diagnostic::error(inner.span, is).label("only a table has keys").note(node.span, "it is written here")
        }
        (PathStep::Index(_, span), _) => {
            Diagnostic::error(*span, is).label("only a list has an index").note(node.span, "it is written here")
        }
    }
}
