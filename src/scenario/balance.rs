//! How one of several replicas is picked: a word, or a table with that word as its one key.

use serde_json::{Value as Json, json};

use crate::syntax::{At, Decode, Decoder, Node, SchemaBuilder, Value};

/// The words there are, for editors. What they mean is settled when the model is built.
const POLICIES: [&str; 12] = [
    "random",
    "round-robin",
    "weighted",
    "weighted-random",
    "least-outstanding",
    "join-shortest-queue",
    "join-idle-queue",
    "power-of-two",
    "power-of-d",
    "least-response-time",
    "sticky",
    "nearest",
];

/// A balancing policy as written: its name and what it takes.
#[derive(Debug, Clone, PartialEq)]
pub struct Balance {
    /// The policy.
    pub name: At<String>,
    /// What it takes, if it was written as a table.
    pub args: Option<Node>,
}

impl Decode for Balance {
    fn decode(node: &Node, cx: &mut Decoder) -> Option<Balance> {
        match &node.value {
            Value::String(_) => At::decode(node, cx).map(|name| Balance { name, args: None }),
            Value::Table(table) if table.entries.len() == 1 => {
                let (key, args) = &table.entries[0];
                let name = At { span: key.span, value: key.name.clone() };
                Some(Balance { name, args: Some(args.clone()) })
            }
            _ => cx.mismatch(node, "a policy, or a table with one", &Self::example()),
        }
    }

    fn schema(s: &mut SchemaBuilder) -> Json {
        let table = json!({
            "type": "object",
            "propertyNames": { "enum": POLICIES },
            "minProperties": 1,
            "maxProperties": 1,
            "title": "table with one of them",
        });
        let word = json!({ "enum": POLICIES, "title": POLICIES.join(", ") });
        let doc = "How one of several replicas is picked: a word, or a table with that word as its one key.";
        s.define("Balance", doc, json!({ "oneOf": [word, table] }))
    }

    fn example() -> String {
        "\"round-robin\"".to_owned()
    }
}
