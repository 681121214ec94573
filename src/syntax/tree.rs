//! The tree of a TOML document, in file order, every part with its place.

use crate::diagnostic::Span;
use crate::units;

/// A value and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// Where the value stands; of a table with a header, the header.
    pub span: Span,
    /// What it is.
    pub value: Value,
}

/// What a TOML value can be.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// `"text"`
    String(String),
    /// `8`
    Integer(i64),
    /// A whole number that is too large for the others, as text.
    Large(String),
    /// `0.5`
    Float(f64),
    /// `true`
    Boolean(bool),
    /// A date or time, as text.
    Datetime(String),
    /// `[1, 2]`, or the tables of `[[name]]`.
    Array(Vec<Node>),
    /// `{ a = 1 }`, or what stands under `[name]`.
    Table(Table),
    /// Something whose syntax is wrong, which has been reported.
    Broken,
}

/// Keys and their values.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Table {
    /// The braces, or the header.
    pub span: Span,
    /// In the order of the file.
    pub entries: Vec<(Key, Node)>,
}

/// A key and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// The key.
    pub name: String,
    /// Where it stands.
    pub span: Span,
}

impl Node {
    /// A value that stands nowhere.
    pub fn unwritten(value: Value) -> Node {
        Node { span: Span::default(), value }
    }

    /// The table, if it is one.
    pub fn as_table(&self) -> Option<&Table> {
        match &self.value {
            Value::Table(table) => Some(table),
            _ => None,
        }
    }

    /// Whether the syntax of it or of something in it is wrong.
    pub fn has_broken(&self) -> bool {
        match &self.value {
            Value::Broken => true,
            Value::Array(items) => items.iter().any(Node::has_broken),
            Value::Table(table) => table.entries.iter().any(|(_, node)| node.has_broken()),
            _ => false,
        }
    }

    /// The text, if it is one.
    pub fn as_text(&self) -> Option<&str> {
        match &self.value {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// The number that it stands for: a plain one, or a quantity in seconds, per second, bytes or
    /// bytes per second.
    pub fn number(&self) -> Option<f64> {
        match &self.value {
            Value::Integer(number) => Some(*number as f64),
            Value::Float(number) => Some(*number),
            Value::Large(text) => text.parse().ok(),
            Value::String(text) => units::written(text).map(|quantity| quantity.base),
            _ => None,
        }
    }

    /// What it is, for people: `the number 5`, `a table`.
    pub fn describe(&self) -> String {
        match &self.value {
            Value::String(text) => format!("the text \"{text}\""),
            Value::Integer(number) => format!("the number {number}"),
            Value::Float(number) => format!("the number {number}"),
            Value::Large(text) => format!("the number {text}"),
            Value::Boolean(value) => format!("`{value}`"),
            Value::Datetime(text) => format!("the date {text}"),
            Value::Array(_) => "a list".to_owned(),
            Value::Table(_) => "a table".to_owned(),
            Value::Broken => "something unreadable".to_owned(),
        }
    }

    /// The value as TOML on one line.
    ///
    /// ```
    /// use knee::syntax::{Node, Value};
    /// let ratio = Node::unwritten(Value::Float(2.0));
    /// assert_eq!(Node::unwritten(Value::Array(vec![ratio])).to_toml(), "[2.0]");
    /// ```
    pub fn to_toml(&self) -> String {
        match &self.value {
            Value::String(text) => quoted(text),
            Value::Integer(number) => number.to_string(),
            Value::Float(number) => format!("{number:?}").replace("NaN", "nan"),
            Value::Boolean(value) => value.to_string(),
            Value::Datetime(text) | Value::Large(text) => text.clone(),
            Value::Array(items) => {
                let items: Vec<String> = items.iter().map(Node::to_toml).collect();
                format!("[{}]", items.join(", "))
            }
            Value::Table(table) => table.to_toml(),
            Value::Broken => quoted(""),
        }
    }
}

impl Table {
    /// The value of a key.
    pub fn get(&self, name: &str) -> Option<&Node> {
        self.entries.iter().find(|(key, _)| key.name == name).map(|(_, node)| node)
    }

    /// The value of a key, to be changed.
    pub fn get_mut(&mut self, name: &str) -> Option<&mut Node> {
        self.entries.iter_mut().find(|(key, _)| key.name == name).map(|(_, node)| node)
    }

    /// The keys, in the order of the file.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().map(|(key, _)| key.name.as_str())
    }

    fn to_toml(&self) -> String {
        let entry = |(key, node): &(Key, Node)| format!("{} = {}", key.to_toml(), node.to_toml());
        let entries: Vec<String> = self.entries.iter().map(entry).collect();
        match entries.is_empty() {
            true => "{}".to_owned(),
            false => format!("{{ {} }}", entries.join(", ")),
        }
    }
}

impl Key {
    fn to_toml(&self) -> String {
        let is_bare = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        match !self.name.is_empty() && self.name.chars().all(is_bare) {
            true => self.name.clone(),
            false => quoted(&self.name),
        }
    }
}

/// A TOML basic string.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            control if control.is_control() => quoted.push_str(&format!("\\u{:04X}", u32::from(control))),
            plain => quoted.push(plain),
        }
    }
    quoted + "\""
}
