//! How a tree becomes typed values: the trait, and what the declared tables and choices share.

use serde_json::Value as Json;

use super::schema::SchemaBuilder;
use super::tree::{Key, Node, Table, Value};
use crate::diagnostic::{Diagnostic, Span, closest};

/// A value that a scenario can hold.
pub trait Decode: Sized {
    /// Reads the value. Problems go to `cx`; `None` means that there is no value because of them.
    fn decode(node: &Node, cx: &mut Decoder) -> Option<Self>;

    /// Its JSON Schema, as a reference to a definition where it has a name.
    fn schema(s: &mut SchemaBuilder) -> Json;

    /// How one is written, in TOML.
    fn example() -> String;

    /// The value as JSON, where that is short enough to be shown as a default.
    fn written(&self) -> Option<Json> {
        None
    }
}

/// A value of a type all of whose keys may be left out, with nothing written.
///
/// # Panics
/// When a key of `T` is required, which is a mistake in the language, not in a scenario.
pub fn decode_nothing<T: Decode>() -> T {
    let nothing = Node::unwritten(Value::Table(Table::default()));
    T::decode(&nothing, &mut Decoder::default()).expect("every key of this table has a default")
}

/// Collects the problems found while decoding.
#[derive(Debug, Default)]
pub struct Decoder {
    /// The problems, as found.
    pub found: Vec<Diagnostic>,
    /// The name (as in Rust) of the key whose value is being decoded, for messages.
    key: &'static str,
    /// Whether parts of the table that is being checked could not be read.
    partial: bool,
}

impl Decoder {
    /// Adds a problem.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.found.push(diagnostic);
    }

    /// Whether something inside `span` is known to be wrong, so that what is missing there may have
    /// been meant.
    pub fn has_problem_in(&self, span: Span) -> bool {
        let inside = |found: &Diagnostic| found.span.is_some_and(|it| span.contains(it));
        self.found.iter().any(inside)
    }

    /// Whether parts of the table that is being checked could not be read, so that what is missing
    /// from it may have been written.
    pub fn is_partial(&self) -> bool {
        self.partial
    }

    /// The key whose value is being decoded.
    pub fn key(&self) -> String {
        kebab(self.key)
    }

    /// Decodes an item of a list or a named entry: what a message says of it has no key.
    pub fn item<T: Decode>(&mut self, node: &Node) -> Option<T> {
        self.under("", node)
    }

    /// Decodes the value of a key.
    fn under<T: Decode>(&mut self, key: &'static str, node: &Node) -> Option<T> {
        let outer = std::mem::replace(&mut self.key, key);
        let value = T::decode(node, self);
        self.key = outer;
        value
    }

    /// Reports that something else was expected here, unless what is here is reported already.
    /// Returns `None`, whatever the type, to end a decode with.
    pub fn mismatch<T>(&mut self, node: &Node, expected: &str, example: &str) -> Option<T> {
        if node.value != Value::Broken {
            let message = format!("expected {expected}, found {}", node.describe());
            self.push(Diagnostic::error(node.span, message).help(format!("write {}", self.assignment(example))));
        }
        None
    }

    /// `key = example`, or the example alone where there is no key.
    fn assignment(&self, example: &str) -> String {
        match self.key {
            "" => format!("`{example}`"),
            key => format!("`{} = {example}`", kebab(key)),
        }
    }

    /// Reports that the value is outside of what it may be. Returns `None`, to end a decode with.
    pub fn out_of_range<T>(&mut self, node: &Node, message: impl Into<String>, label: &str) -> Option<T> {
        self.push(Diagnostic::error(node.span, message).label(label));
        None
    }

    /// The fields of a table whose keys may be `names` (as in Rust). Reports all others.
    pub fn table<'n>(
        &mut self,
        node: &'n Node,
        names: &[&str],
        later: &[&str],
        example: fn() -> String,
    ) -> Option<Fields<'n>> {
        let Some(table) = node.as_table() else {
            return self.mismatch(node, "a table", &example());
        };
        let problems = self.found.len();
        let is_known = |key: &&Key| names.iter().any(|name| is_written(name, &key.name));
        let strangers = table.entries.iter().map(|(key, _)| key).filter(|key| !is_known(key));
        let mut meant = Vec::new();
        let mut is_ahead = false;
        for key in strangers {
            let keys: Vec<String> = names.iter().map(|name| kebab(name)).collect();
            self.push(unknown(key.span, &key.name, &keys, later, "key"));
            meant.extend(closest(&key.name, keys.iter().map(String::as_str)).map(str::to_owned));
            is_ahead |= later.contains(&key.name.as_str());
        }
        let has_broken = node.has_broken();
        Some(Fields { table, problems, has_broken, meant, is_ahead })
    }

    /// The word of a choice (as in Rust) and its payload; for a bare word, the word itself.
    pub fn choice<'n>(&mut self, node: &'n Node, words: &[Word], later: &[&str]) -> Option<(&'static str, &'n Node)> {
        let (written, span, payload) = match &node.value {
            Value::String(text) => (text.as_str(), node.span, None),
            Value::Table(table) => match table.entries.as_slice() {
                [(key, value)] => (key.name.as_str(), key.span, Some(value)),
                entries => return self.not_one_word(node, entries, words),
            },
            _ => return self.mismatch(node, "a word or a table with one", &words[0].example()),
        };
        let Some(word) = words.iter().find(|word| is_written(word.name, written)) else {
            let names: Vec<String> = words.iter().map(Word::kebab).collect();
            self.push(unknown(span, written, &names, later, "word"));
            return None;
        };
        match (word.payload, payload) {
            (Some(_), None) => self.word_mistake(span, word, "needs a value"),
            (None, Some(value)) if value.value != Value::Broken => self.word_mistake(span, word, "takes no value"),
            (_, payload) => {
                self.key = word.name;
                Some((word.name, payload.unwrap_or(node)))
            }
        }
    }

    fn word_mistake<T>(&mut self, span: Span, word: &Word, problem: &str) -> Option<T> {
        let help = format!("write {}", self.assignment(&word.example()));
        self.push(Diagnostic::error(span, format!("`{}` {problem}", word.kebab())).help(help));
        None
    }

    fn not_one_word<T>(&mut self, node: &Node, entries: &[(Key, Node)], words: &[Word]) -> Option<T> {
        let names: Vec<String> = words.iter().map(|word| format!("`{}`", word.kebab())).collect();
        let message = format!("expected exactly one key, found {}", entries.len());
        let mut found = Diagnostic::error(node.span, message).help(format!("one of {}", names.join(", ")));
        if let [(first, _), (second, _), ..] = entries {
            found.span = Some(second.span);
            found = found.label("a choice has one key").note(first.span, "the first is here");
        }
        self.push(found);
        None
    }
}

/// One word of a choice, as in Rust, and an example of what it takes, if anything.
#[derive(Debug, Clone, Copy)]
pub struct Word {
    /// The name of the variant.
    pub name: &'static str,
    /// An example of its payload.
    pub payload: Option<fn() -> String>,
}

impl Word {
    /// The word as it is written.
    pub fn kebab(&self) -> String {
        kebab(self.name)
    }

    /// How the choice of this word is written.
    pub fn example(&self) -> String {
        match self.payload {
            None => format!("\"{}\"", self.kebab()),
            Some(example) => format!("{{ {} = {} }}", self.kebab(), example()),
        }
    }
}

/// The keys of one table.
#[derive(Debug)]
pub struct Fields<'n> {
    table: &'n Table,
    /// How many problems were known before this table.
    problems: usize,
    /// Whether the syntax of something in it is wrong.
    has_broken: bool,
    /// Keys that unknown ones were probably meant to be.
    meant: Vec<String>,
    /// Whether it uses keys that are not built yet, perhaps in place of others.
    is_ahead: bool,
}

impl Fields<'_> {
    /// The value of the key for the field `name`. A key that is missing, or whose value is broken,
    /// takes its default; without one, a missing key is reported.
    pub fn get<T: Decode>(&self, name: &'static str, default: Option<fn() -> T>, cx: &mut Decoder) -> Option<T> {
        let entry = self.table.entries.iter().find(|(key, _)| is_written(name, &key.name));
        let value = match (entry, default) {
            (Some((_, node)), _) => cx.under(name, node),
            (None, Some(_)) => None,
            (None, None) => self.miss(&kebab(name), cx),
        };
        value.or_else(|| default.map(|default| default()))
    }

    /// A key that has to be written is not, unless it seems to be.
    fn miss<T: Decode>(&self, key: &str, cx: &mut Decoder) -> Option<T> {
        if !self.is_ahead && !self.meant.iter().any(|meant| meant == key) {
            cx.push(missing::<T>(self.table.span, key));
        }
        None
    }

    /// Begins the checks of the table as a whole, when all its keys have been decoded.
    pub fn finish(&self, cx: &mut Decoder) {
        cx.partial = self.has_broken || cx.found.len() > self.problems;
    }
}

fn missing<T: Decode>(span: Span, key: &str) -> Diagnostic {
    let found = Diagnostic::error(span, format!("`{key}` is missing"));
    found.label(format!("needs `{key}`")).help(format!("add `{key} = {}`", T::example()))
}

/// An unknown key or word: one of those planned, a likely misspelling, or neither.
pub(crate) fn unknown(span: Span, written: &str, known: &[String], later: &[&str], noun: &str) -> Diagnostic {
    if later.contains(&written) {
        return Diagnostic::error(span, format!("`{written}` is not built yet")).label("leave it out for now");
    }
    let found = Diagnostic::error(span, format!("unknown {noun} `{written}`"));
    let found = match closest(written, known.iter().map(String::as_str)) {
        Some(meant) => found.label(format!("did you mean `{meant}`?")),
        None => found.label(format!("not a {noun} that is known here")),
    };
    match known {
        [] => found.help("nothing may be written here"),
        known => found
            .help(format!("one of {}", known.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", "))),
    }
}

/// `service_time` and `ServiceTime` as they are written: `service-time`; `r#for` is `for`.
pub(crate) fn kebab(name: &str) -> String {
    letters(name).map(char::from).collect()
}

/// Whether this is how a name (as in Rust) is written. It is asked for every key of every table.
fn is_written(name: &str, written: &str) -> bool {
    let first = plain(name).as_bytes().first().map(u8::to_ascii_lowercase);
    first == written.bytes().next() && letters(name).eq(written.bytes())
}

/// A key such as `for` is a word of Rust.
fn plain(name: &str) -> &str {
    name.strip_prefix("r#").unwrap_or(name)
}

/// A name of Rust, which is ASCII, letter by letter as it is written.
fn letters(name: &str) -> impl Iterator<Item = u8> {
    plain(name).bytes().enumerate().flat_map(|(at, letter)| {
        let hyphen = letter == b'_' || letter.is_ascii_uppercase() && at > 0;
        let letter = (letter != b'_').then_some(letter.to_ascii_lowercase());
        hyphen.then_some(b'-').into_iter().chain(letter)
    })
}
