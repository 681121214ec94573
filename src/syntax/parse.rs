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
/// So many bytes are parsed to find where statements with errors begin; then everything up to an error is taken for one.
const MOST_LOOKED_AT: usize = 1 << 26;

/// Parses a document whose first byte has the place `base`. What could not be read is reported and
/// is [`Value::Broken`] in the tree.
pub fn parse_document(text: &str, base: usize) -> (Table, Vec<Diagnostic>) {
    let mut repaired = text.to_owned();
    let mut broken = Vec::new();
    let mut found: Vec<Diagnostic> = Vec::new();
    let mut budget = MOST_LOOKED_AT;
    loop {
        let (tree, errors) = DeTable::parse_recoverable(&repaired);
        let first = errors.iter().filter(|error| !is_duplicate(error)).min_by_key(|error| place(error).start);
        if let Some(first) = first.filter(|_| found.len() < MAX_REPAIRS) {
            let statement = statement_around(&repaired, place(first).start, &mut budget);
            found.push(unclosed(&repaired, &statement, first, base).unwrap_or_else(|| explain(text, first, base)));
            let repair = placeholder(&repaired[statement.clone()]);
            broken.push(statement.clone());
            repaired.replace_range(statement, &repair);
            continue;
        }
        let mut again: Vec<usize> = errors.iter().map(|error| place(error).start).collect();
        again.sort_unstable();
        let headers: Vec<Range<usize>> = headers(text).collect();
        let is_said = |error: &&Error| is_duplicate(error) && is_in_duplicate(&headers, place(error).start, &again);
        let rest = errors.iter().filter(|error| !is_said(error));
        found.extend(rest.map(|error| explain(text, error, base)));
        let context = Context { base, broken: &broken };
        let root = context.table(tree.get_ref(), Span { start: base, end: base });
        return (root, found);
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

/// Whether the key stands in a table that is itself written a second time: one report is enough. Both lists are in order.
fn is_in_duplicate(headers: &[Range<usize>], key: usize, duplicates: &[usize]) -> bool {
    let above = headers.partition_point(|header| header.start <= key);
    let Some(header) = above.checked_sub(1).map(|last| &headers[last]) else { return false };
    let first = duplicates.partition_point(|place| *place < header.start);
    key >= header.end && duplicates.get(first).is_some_and(|place| *place < header.end)
}

/// The lines that open a table.
fn headers(text: &str) -> impl Iterator<Item = Range<usize>> {
    let starts = line_starts(text).filter(|start| is_header(&text[*start..]));
    starts.map(|start| start..start + text[start..].lines().next().unwrap_or_default().len())
}

fn is_header(line: &str) -> bool {
    line.trim_start_matches(BLANK).starts_with('[')
}

const BLANK: [char; 2] = [' ', '\t'];

/// The whole lines of the statement that has an error at `offset`; of a table header, all the table. To find it, no more is
/// parsed than the budget has bytes.
fn statement_around(text: &str, offset: usize, budget: &mut usize) -> Range<usize> {
    let starts: Vec<usize> = line_starts(text).filter(|start| *start <= offset).collect();
    // Not every line begins a statement: up to one that does, everything is right.
    let is_right = |start: usize| DeTable::parse_recoverable(&text[..start]).1.iter().all(is_duplicate);
    let mut affordable = starts.iter().rev().map_while(|start| {
        *budget = budget.checked_sub(*start)?;
        Some(*start)
    });
    let start = affordable.find(|start| is_right(*start)).unwrap_or(0);
    let indent = indent(&text[start..]);
    let is_table = is_header(&text[start..]);
    let ends = |line: &usize| {
        let rest = &text[*line..];
        *line > start && (rest.starts_with('[') || (!is_table && begins_with_key(rest, indent)))
    };
    start..line_starts(text).find(ends).unwrap_or(text.len())
}

fn line_starts(text: &str) -> impl Iterator<Item = usize> {
    std::iter::once(0).chain(text.match_indices('\n').map(|(index, _)| index + 1))
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start_matches(BLANK).len()
}

/// Whether the line is a `key = …` not further to the right than `most`: inside a value, lines are
/// usually indented.
fn begins_with_key(text: &str, most: usize) -> bool {
    let line = text.lines().next().unwrap_or_default();
    if indent(line) > most {
        return false;
    }
    let line = line.trim_start_matches(BLANK);
    let is_key = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '"');
    line.trim_start_matches(is_key).trim_start().starts_with('=') && line.starts_with(is_key)
}

/// As many bytes as `statement`, with its line ends; `key=0` where it names a key and `[name]` where
/// it names a table, so that these count as written.
fn placeholder(statement: &str) -> String {
    let blank = |byte: u8| if byte == b'\n' { '\n' } else { ' ' };
    let blanked: String = statement.bytes().map(blank).collect();
    let indent = indent(statement);
    let fits = |name: &String| {
        let room = blanked.len() - indent - usize::from(blanked.ends_with('\n'));
        name.len() <= room && DeTable::parse(name).is_ok()
    };
    let name = stand_ins(&statement[indent..]).into_iter().find(fits).unwrap_or_default();
    blanked[..indent].to_owned() + &name + &blanked[indent + name.len()..]
}

/// What may stand for a broken statement, the best first.
fn stand_ins(statement: &str) -> Vec<String> {
    let name =
        |text: &str, is_part: fn(char) -> bool| text[..text.find(|c| !is_part(c)).unwrap_or(text.len())].to_owned();
    let is_bare = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let is_dotted = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    match statement.strip_prefix('[') {
        Some(header) => vec![format!("[{}]", name(header, is_dotted))],
        None => vec![format!("{}=0", name(statement, is_dotted)), format!("{}=0", name(statement, is_bare))],
    }
}

/// The error as a bracket that is never closed, if that is the cause: the parser then complains of
/// whatever comes next.
fn unclosed(text: &str, statement: &Range<usize>, error: &Error, base: usize) -> Option<Diagnostic> {
    let here = text.get(place(error)).unwrap_or_default();
    // A bare word inside is a mistake by itself; one in a later statement is not.
    if statement.contains(&place(error).start) && is_unquoted(error.message()) && !here.trim().is_empty() {
        return None;
    }
    let written = &text[statement.clone()];
    let written = if is_header(written) { written.lines().next()? } else { written };
    let (offset, bracket) = unclosed_bracket(written)?;
    let start = base + statement.start + offset;
    let found = Diagnostic::error(Span { start, end: start + 1 }, format!("this `{bracket}` is never closed"));
    let closing = if bracket == '[' { "]" } else { "}" };
    Some(found.label(format!("needs a `{closing}`")))
}

/// The innermost bracket that is still open at the end, or at a bracket of the other kind; `None`
/// when there is none or when a text is not closed either.
fn unclosed_bracket(text: &str) -> Option<(usize, char)> {
    let mut open: Vec<(usize, char)> = Vec::new();
    let mut characters = text.char_indices().peekable();
    while let Some((index, character)) = characters.next() {
        match character {
            '[' | '{' => open.push((index, character)),
            ']' if open.last().is_some_and(|last| last.1 == '{') => break,
            '}' if open.last().is_some_and(|last| last.1 == '[') => break,
            ']' | '}' => drop(open.pop()?),
            '#' => while characters.next_if(|next| next.1 != '\n').is_some() {},
            '"' | '\'' => loop {
                match characters.next()?.1 {
                    '\n' => return None,
                    '\\' if character == '"' => drop(characters.next()),
                    end if end == character => break,
                    _ => {}
                }
            },
            _ => {}
        }
    }
    open.pop()
}

fn is_unquoted(message: &str) -> bool {
    message.starts_with("string values must be quoted") || message.starts_with("invalid boolean")
}

/// A syntax error in the words of this language.
fn explain(text: &str, error: &Error, base: usize) -> Diagnostic {
    let (place, message) = (place(error), error.message());
    let span = Span { start: base + place.start, end: base + place.end };
    let here = text.get(place.clone()).unwrap_or_default();
    let unquoted = is_unquoted(message);
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
        let value = match value.get_ref() {
            // A table may hold more than the stand-in of what is broken.
            DeValue::Table(table) if !table.is_empty() => Value::Table(self.table(table, span)),
            _ if is_broken => Value::Broken,
            value => self.value(value, span),
        };
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

/// An integer; one that does not fit is kept as text, to be refused where a count is expected.
fn integer(number: &DeInteger<'_>) -> Value {
    match i64::from_str_radix(number.as_str(), number.radix()) {
        Ok(integer) => Value::Integer(integer),
        Err(_) if number.radix() == 10 => Value::Large(number.as_str().to_owned()),
        Err(_) => {
            let number = u128::from_str_radix(number.as_str(), number.radix()).unwrap_or(u128::MAX);
            Value::Large(number.to_string())
        }
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
            ("x = [1, 2", "this `[` is never closed", "x = \"\", "),
            ("x = { e = \"1s\"", "this `{` is never closed", "x = \"\", "),
            ("x.v = { e = 1s }", "`1s` is not in quotes", "x = { v = \"\" }, "),
            ("x = { e = , f = 2 }", "extra comma in inline table", "x = \"\", "),
            ("x = [\n  { e = 1s },\n  2,\n]", "`1s` is not in quotes", "x = \"\", "),
        ] {
            let (tree, found) = parse(&format!("[a]\n{statement}\ny = 2\n[b]\nz = 3\n"));
            assert_eq!(found, [message], "{statement}");
            assert_eq!(tree, format!("{{ a = {{ {rest}y = 2 }}, b = {{ z = 3 }} }}"), "{statement}");
        }
    }

    #[test]
    fn a_broken_header_breaks_its_table_only() {
        let (tree, found) = parse("[a\nx = 1\n[b]\nz = 3\n");
        assert_eq!((tree.as_str(), found.len()), ("{ a = \"\", b = { z = 3 } }", 1));
    }

    /// What takes time with the square of its length would take minutes.
    #[test]
    fn long_nonsense_is_read_quickly() {
        let (_, found) = parse(&format!("x = [\n{}", "  [1, 2],\n".repeat(50_000)));
        assert_eq!(found[0], "this `[` is never closed");
        let (_, found) = parse(&"a = 1\n".repeat(100_000));
        assert_eq!(found.len(), 99_999);
        let (_, found) = parse(&"[a]\nb = 1\n".repeat(50_000));
        assert_eq!(found.len(), 49_999);
    }

    #[test]
    fn duplicates_are_each_reported() {
        let (tree, found) = parse("[a]\nx = 1\nx = 2\n[a]\nw = 4\n");
        assert_eq!(found, ["`x` is written twice", "`a` is written twice"]);
        assert_eq!(tree, "{ a = { x = 1, w = 4 } }");
    }
}
