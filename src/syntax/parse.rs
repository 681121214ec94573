//! From TOML text to a [`Table`], going on after every syntax error.
//!
//! The TOML parser recovers from an error as it can, which may swallow the rest of the file. So the
//! statement that holds the first error is replaced by a placeholder of the same length, and what
//! is left is parsed again, until nothing is wrong with it.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeArray, DeInteger, DeTable, DeValue, Error};

use super::tree::{Key, Node, Table, Value};
use crate::diagnostic::{Diagnostic, Span};

/// After this many syntax errors the rest is taken as it is.
const MAX_REPAIRS: usize = 100;

/// Parses a document whose first byte has the place `base`. What could not be read is reported and
/// is [`Value::Broken`] in the tree.
pub fn parse_document(text: &str, base: usize) -> (Table, Vec<Diagnostic>) {
    let mut repaired = text.to_owned();
    let mut broken = Vec::new();
    let mut found: Vec<(Range<usize>, String)> = Vec::new();
    loop {
        let (tree, errors) = DeTable::parse_recoverable(&repaired);
        let first = errors.iter().filter(|error| !is_duplicate(error)).min_by_key(|error| place(error).start);
        if let Some(first) = first.filter(|_| found.len() < MAX_REPAIRS) {
            found.push((place(first), first.message().to_owned()));
            let statement = statement_around(&repaired, place(first).start);
            let repair = placeholder(&repaired[statement.clone()]);
            broken.push(statement.clone());
            repaired.replace_range(statement, &repair);
            continue;
        }
        found.extend(errors.iter().map(|error| (place(error), error.message().to_owned())));
        let context = Context { base, broken: &broken };
        let root = context.table(tree.get_ref(), Span { start: base, end: base });
        let diagnostics = found.iter().map(|(place, message)| explain(text, place, message, base));
        return (root, diagnostics.collect());
    }
}

/// Parses one value whose first byte has the place `base`; `None` when it is not TOML.
pub fn parse_value(text: &str, base: usize) -> Option<Node> {
    let value = DeValue::parse(text).ok()?;
    Some(Context { base, broken: &[] }.node(&value))
}

fn place(error: &Error) -> Range<usize> {
    error.span().unwrap_or(0..0)
}

/// A key written twice needs no repair: the parser keeps the first.
fn is_duplicate(error: &Error) -> bool {
    error.message() == "duplicate key"
}

/// The whole lines of the statement that has an error at `offset`; of a table header, all the table.
fn statement_around(text: &str, offset: usize) -> Range<usize> {
    let starts: Vec<usize> = line_starts(text).filter(|start| *start <= offset).collect();
    // Not every line begins a statement: up to one that does, everything is right.
    let is_right = |start: &&usize| {
        let (_, errors) = DeTable::parse_recoverable(&text[..**start]);
        errors.iter().all(is_duplicate)
    };
    let start = starts.iter().rev().find(is_right).copied().unwrap_or(0);
    let is_header = text[start..].starts_with('[');
    let ends = |line: &usize| {
        *line > start && (text[*line..].starts_with('[') || (!is_header && begins_with_key(&text[*line..])))
    };
    start..line_starts(text).find(ends).unwrap_or(text.len())
}

fn line_starts(text: &str) -> impl Iterator<Item = usize> {
    std::iter::once(0).chain(text.match_indices('\n').map(|(index, _)| index + 1))
}

/// Whether the line is an unindented `key = …`: inside a value, lines are usually indented.
fn begins_with_key(text: &str) -> bool {
    let line = text.lines().next().unwrap_or_default();
    let is_key = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '"');
    line.trim_start_matches(is_key).trim_start().starts_with('=') && line.starts_with(is_key)
}

/// As many bytes as `statement`, with its line ends; `key=0` where it names a key, so that the key
/// counts as written.
fn placeholder(statement: &str) -> String {
    let blank = |byte: u8| if byte == b'\n' { '\n' } else { ' ' };
    let blanked: String = statement.bytes().map(blank).collect();
    let is_bare = |c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '_');
    let key = &statement[..statement.find(is_bare).unwrap_or(statement.len())];
    let assignment = format!("{key}=0");
    match blanked.get(..assignment.len()) {
        Some(room) if !key.is_empty() && !room.contains('\n') => assignment.clone() + &blanked[assignment.len()..],
        _ => blanked,
    }
}

/// A syntax error in the words of this language.
fn explain(text: &str, place: &Range<usize>, message: &str, base: usize) -> Diagnostic {
    let span = Span { start: base + place.start, end: base + place.end };
    let here = text.get(place.clone()).unwrap_or_default();
    let unquoted = message.starts_with("string values must be quoted") || message.starts_with("invalid boolean");
    if message == "duplicate key" {
        return Diagnostic::error(span, format!("`{here}` is written twice")).label("already written above");
    }
    if unquoted && here.trim().is_empty() {
        return Diagnostic::error(span, "a value is missing").label("expected a value after `=`");
    }
    if unquoted {
        let found = Diagnostic::error(span, format!("`{here}` is not in quotes"));
        return found.label("words and quantities are written in quotes").help(format!("write \"{here}\""));
    }
    match message.split_once(", expected ") {
        Some((what, expected)) => Diagnostic::error(span, what).label(format!("expected {expected}")),
        None => Diagnostic::error(span, message),
    }
}

/// How places in the parsed text become places in the source map.
struct Context<'a> {
    base: usize,
    broken: &'a [Range<usize>],
}

impl Context<'_> {
    fn span(&self, range: &Range<usize>) -> Span {
        Span { start: self.base + range.start, end: self.base + range.end }
    }

    fn node(&self, value: &Spanned<DeValue<'_>>) -> Node {
        let span = self.span(&value.span());
        let is_broken = self.broken.iter().any(|statement| statement.contains(&value.span().start));
        let value = if is_broken { Value::Broken } else { self.value(value.get_ref(), span) };
        Node { span, value }
    }

    fn value(&self, value: &DeValue<'_>, span: Span) -> Value {
        match value {
            DeValue::String(text) => Value::String(text.to_string()),
            DeValue::Integer(number) => integer(number),
            DeValue::Float(number) => Value::Float(number.as_str().parse().unwrap_or(f64::NAN)),
            DeValue::Boolean(value) => Value::Boolean(*value),
            DeValue::Datetime(date) => Value::Datetime(date.to_string()),
            DeValue::Array(items) => Value::Array(self.array(items)),
            DeValue::Table(table) => Value::Table(self.table(table, span)),
        }
    }

    fn array(&self, items: &DeArray<'_>) -> Vec<Node> {
        items.iter().map(|item| self.node(item)).collect()
    }

    fn table(&self, table: &DeTable<'_>, span: Span) -> Table {
        let entry = |(key, value): (&Spanned<_>, &Spanned<DeValue<'_>>)| {
            let name: &std::borrow::Cow<'_, str> = key.get_ref();
            (Key { name: name.to_string(), span: self.span(&key.span()) }, self.node(value))
        };
        let mut entries: Vec<(Key, Node)> = table.iter().map(entry).collect();
        entries.sort_by_key(|(key, _)| key.span);
        Table { span, entries }
    }
}

/// An integer; one that does not fit is kept as a float, to be refused where a count is expected.
fn integer(number: &DeInteger<'_>) -> Value {
    match i64::from_str_radix(number.as_str(), number.radix()) {
        Ok(integer) => Value::Integer(integer),
        Err(_) => Value::Float(number.as_str().parse().unwrap_or(f64::NAN)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> (String, Vec<String>) {
        let (table, found) = parse_document(text, 1);
        let shown = Node { span: table.span, value: Value::Table(table) }.to_toml();
        (shown, found.into_iter().map(|one| one.message).collect())
    }

    #[test]
    fn a_document_keeps_its_order_and_places() {
        let (table, found) = parse_document("b = 1\n[a]\nc = [\"x\", { y = 0.5 }]\n", 100);
        assert!(found.is_empty());
        assert_eq!(table.keys().collect::<Vec<_>>(), ["b", "a"]);
        let inner = table.get("a").unwrap();
        assert_eq!(inner.span, Span { start: 106, end: 109 });
        assert_eq!(inner.to_toml(), "{ c = [\"x\", { y = 0.5 }] }");
    }

    #[test]
    fn nothing_after_an_error_is_lost() {
        for (statement, message, rest) in [
            ("x =", "a value is missing", "x = \"\", "),
            ("x = \"abc", "invalid basic string", "x = \"\", "),
            ("x = 5ms", "`5ms` is not in quotes", "x = \"\", "),
            ("x = fifo", "`fifo` is not in quotes", "x = \"\", "),
            ("x 5", "key with no value", "x = \"\", "),
            ("x", "key with no value", ""),
            ("= 5", "unquoted keys cannot be empty", ""),
            ("x = [1, 2", "missing comma between array elements", "x = \"\", "),
            ("x = { e = \"1s\"", "missing comma between key-value pairs", "x = \"\", "),
            ("x = { e = , f = 2 }", "extra comma in inline table", "x = \"\", "),
            ("x = [\n  { e = 1s },\n  2,\n]", "`1s` is not in quotes", "x = \"\", "),
        ] {
            let (tree, found) = parse(&format!("[a]\n{statement}\ny = 2\n[b]\nz = 3\n"));
            assert_eq!(found, [message], "{statement}");
            assert_eq!(tree, format!("{{ a = {{ {rest}y = 2 }}, b = {{ z = 3 }} }}"), "{statement}");
        }
    }

    #[test]
    fn a_broken_header_loses_its_table_only() {
        let (tree, found) = parse("[a\nx = 1\n[b]\nz = 3\n");
        assert_eq!((tree.as_str(), found.len()), ("{ b = { z = 3 } }", 1));
    }

    #[test]
    fn duplicates_are_each_reported() {
        let (tree, found) = parse("[a]\nx = 1\nx = 2\n[a]\nw = 4\n");
        assert_eq!(found, ["`x` is written twice", "`a` is written twice"]);
        assert_eq!(tree, "{ a = { x = 1, w = 4 } }");
    }
}
