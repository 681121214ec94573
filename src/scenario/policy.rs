//! A policy as written: a word, or a table with that word as its one key. What it takes is settled when
//! the model is built, by the policy itself.

use serde_json::{Value as Json, json};

use crate::policy::{balance, evict};
use crate::syntax::{At, Decode, Decoder, Node, SchemaBuilder, Value};

/// A policy as written: its name and what it takes.
#[derive(Debug, Clone, PartialEq)]
pub struct Written {
    /// The policy.
    pub name: At<String>,
    /// What it takes, if it was written as a table.
    pub args: Option<Node>,
}

/// How one of several replicas is picked.
#[derive(Debug, Clone, PartialEq)]
pub struct Balance(pub Written);

/// Which entry of a full cache goes.
#[derive(Debug, Clone, PartialEq)]
pub struct Eviction(pub Written);

impl Balance {
    /// A policy that is meant where none is written.
    pub fn usual(name: &str) -> Balance {
        Balance(Written { name: At::new(name.to_string()), args: None })
    }
}

impl Written {
    fn decode(node: &Node, cx: &mut Decoder, example: &str) -> Option<Written> {
        match &node.value {
            Value::String(_) => At::decode(node, cx).map(|name| Written { name, args: None }),
            Value::Table(table) if table.entries.len() == 1 => {
                let (key, args) = &table.entries[0];
                let name = At { span: key.span, value: key.name.clone() };
                Some(Written { name, args: Some(args.clone()) })
            }
            _ => cx.mismatch(node, "a policy, or a table with one", example),
        }
    }
}

/// A word of these, or a table with one of them as its one key.
pub(super) fn schema(s: &mut SchemaBuilder, name: &str, what: &str, words: &[&str]) -> Json {
    let table = json!({
        "type": "object",
        "propertyNames": { "enum": words },
        "minProperties": 1,
        "maxProperties": 1,
        "title": "table with one of them",
    });
    let word = json!({ "enum": words, "title": words.join(", ") });
    let doc = format!("{what}: a word, or a table with that word as its one key.");
    s.define(name, &doc, json!({ "oneOf": [word, table] }))
}

impl Decode for Balance {
    fn decode(node: &Node, cx: &mut Decoder) -> Option<Balance> {
        Written::decode(node, cx, &Self::example()).map(Balance)
    }

    fn schema(s: &mut SchemaBuilder) -> Json {
        let words: Vec<&str> = balance::REGISTRY.iter().map(|entry| entry.name).collect();
        schema(s, "Balance", "How one of several replicas is picked", &words)
    }

    fn example() -> String {
        "\"round-robin\"".to_owned()
    }
}

impl Decode for Eviction {
    fn decode(node: &Node, cx: &mut Decoder) -> Option<Eviction> {
        Written::decode(node, cx, &Self::example()).map(Eviction)
    }

    fn schema(s: &mut SchemaBuilder) -> Json {
        let words: Vec<&str> = evict::REGISTRY.iter().map(|entry| entry.name).collect();
        schema(s, "Eviction", "Which entry of a full cache goes", &words)
    }

    fn example() -> String {
        "\"lru\"".to_owned()
    }
}
