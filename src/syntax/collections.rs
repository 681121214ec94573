//! Values made of others: with their place, optional, in lists, in pairs, by name.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Deref;

use serde_json::{Value as Json, json};

use super::decode::{Decode, Decoder};
use super::schema::SchemaBuilder;
use super::tree::{Key, Node, Value};
use crate::diagnostic::{Diagnostic, Span};

/// A value and where it was written. Equality includes the place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct At<T> {
    /// Where; the default when it was not written but is a default.
    pub span: Span,
    /// What.
    pub value: T,
}

impl<T> At<T> {
    /// A value that was not written.
    pub fn new(value: T) -> At<T> {
        At { span: Span::default(), value }
    }
}

impl<T> Deref for At<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: Decode> Decode for At<T> {
    fn decode(node: &Node, cx: &mut Decoder) -> Option<At<T>> {
        T::decode(node, cx).map(|value| At { span: node.span, value })
    }

    fn schema(s: &mut SchemaBuilder) -> Json {
        T::schema(s)
    }

    fn example() -> String {
        T::example()
    }

    fn written(&self) -> Option<Json> {
        self.value.written()
    }
}

impl<T: Decode> Decode for Option<T> {
    fn decode(node: &Node, cx: &mut Decoder) -> Option<Option<T>> {
        T::decode(node, cx).map(Some)
    }

    fn schema(s: &mut SchemaBuilder) -> Json {
        T::schema(s)
    }

    fn example() -> String {
        T::example()
    }

    fn written(&self) -> Option<Json> {
        self.as_ref().and_then(Decode::written)
    }
}

impl<T: Decode> Decode for Vec<T> {
    fn decode(node: &Node, cx: &mut Decoder) -> Option<Vec<T>> {
        let Value::Array(items) = &node.value else {
            return cx.mismatch(node, "a list", &Self::example());
        };
        // A broken item is left out; the others are checked all the same.
        Some(items.iter().filter_map(|item| cx.item(item)).collect())
    }

    fn schema(s: &mut SchemaBuilder) -> Json {
        json!({ "type": "array", "items": T::schema(s) })
    }

    fn example() -> String {
        format!("[{}]", T::example())
    }
}

impl<A: Decode, B: Decode> Decode for (A, B) {
    fn decode(node: &Node, cx: &mut Decoder) -> Option<(A, B)> {
        let Value::Array(items) = &node.value else {
            return cx.mismatch(node, "a list of two", &Self::example());
        };
        let [first, second] = items.as_slice() else {
            let message = format!("expected a list of two, found {} in it", items.len());
            cx.push(Diagnostic::error(node.span, message).help(format!("such as {}", Self::example())));
            return None;
        };
        let (first, second) = (cx.item(first), cx.item(second));
        Some((first?, second?))
    }

    fn schema(s: &mut SchemaBuilder) -> Json {
        json!({ "type": "array", "prefixItems": [A::schema(s), B::schema(s)], "minItems": 2, "maxItems": 2 })
    }

    fn example() -> String {
        format!("[{}, {}]", A::example(), B::example())
    }
}

impl Decode for Node {
    fn decode(node: &Node, _: &mut Decoder) -> Option<Node> {
        (node.value != Value::Broken).then(|| node.clone())
    }

    fn schema(_: &mut SchemaBuilder) -> Json {
        json!({ "title": "any value" })
    }

    fn example() -> String {
        "1".to_owned()
    }
}

/// Values by their names, in the order of the names.
#[derive(Debug, Clone, PartialEq)]
pub struct Named<T> {
    /// Those that could be read.
    pub entries: BTreeMap<String, Entry<T>>,
    /// Names whose value could not be read: they exist, so that referring to them is no mistake.
    pub broken: BTreeSet<String>,
}

/// One of [`Named`].
#[derive(Debug, Clone, PartialEq)]
pub struct Entry<T> {
    /// Where the name stands.
    pub key: Span,
    /// Where the value stands: the header, for a table with one.
    pub span: Span,
    /// The value.
    pub value: T,
    /// Whether all of it could be read. Otherwise parts are missing or have their defaults, and what
    /// is missing from it may just be unreadable.
    pub complete: bool,
}

impl<T> Named<T> {
    /// The value of a name, if it could be read.
    pub fn get(&self, name: &str) -> Option<&T> {
        self.entries.get(name).map(|entry| &entry.value)
    }

    /// Names and values that could be read, in the order of the names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Entry<T>)> {
        self.entries.iter().map(|(name, entry)| (name.as_str(), entry))
    }

    /// Whether the name exists, readable or not.
    pub fn contains(&self, name: &str) -> bool {
        self.entries.contains_key(name) || self.broken.contains(name)
    }

    /// How many could be read.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether none could be read.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

impl<T> Default for Named<T> {
    fn default() -> Named<T> {
        Named { entries: BTreeMap::new(), broken: BTreeSet::new() }
    }
}

impl<T: Decode> Decode for Named<T> {
    fn decode(node: &Node, cx: &mut Decoder) -> Option<Named<T>> {
        let Some(table) = node.as_table() else {
            return cx.mismatch(node, "a table of names", &Self::example());
        };
        let mut named = Named::default();
        for (key, node) in &table.entries {
            check_name(key, cx);
            let problems = cx.found.len();
            match cx.item(node) {
                Some(value) => {
                    let complete = cx.found.len() == problems && !node.has_broken();
                    let entry = Entry { key: key.span, span: node.span, value, complete };
                    named.entries.insert(key.name.clone(), entry);
                }
                None => {
                    named.broken.insert(key.name.clone());
                }
            }
        }
        Some(named)
    }

    fn schema(s: &mut SchemaBuilder) -> Json {
        json!({ "type": "object", "additionalProperties": T::schema(s), "propertyNames": { "pattern": "^[\\w-]+$" } })
    }

    fn example() -> String {
        format!("{{ name = {} }}", T::example())
    }
}

/// Names appear in paths such as `app[2].cpu`, so they cannot hold what separates those.
fn check_name(key: &Key, cx: &mut Decoder) {
    let fits = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
    if key.name.is_empty() || !key.name.chars().all(fits) {
        let message = format!("`{}` is not a name", key.name);
        cx.push(Diagnostic::error(key.span, message).label("a name has letters, digits, `-` and `_`"));
    }
}
