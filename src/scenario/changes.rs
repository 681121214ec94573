//! What an event sets: values by their paths, as with `--set`.

use serde_json::{Value as Json, json};

use super::set;
use crate::diagnostic::Diagnostic;
use crate::syntax::{At, Decode, Decoder, Key, Node, SchemaBuilder, Table, Value};

/// `{ "workload.shoppers.arrivals.poisson" = "4000/s" }`: values by their paths.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Changes(pub Vec<(Key, Node)>);

/// Tables that say what is done with a system rather than what it is.
const APART: [&str; 6] = ["title", "run", "event", "objective", "alert", "sweep"];

impl Decode for Changes {
    fn decode(node: &Node, cx: &mut Decoder) -> Option<Changes> {
        let Value::Table(table) = &node.value else {
            return cx.mismatch(node, "a table of paths and values", &Changes::example());
        };
        for (key, _) in &table.entries {
            if let Some(apart) = APART.iter().find(|apart| key.name.split(['.', '[']).next() == Some(apart)) {
                let found = Diagnostic::error(key.span, format!("`{apart}` is no part of the system"));
                cx.push(found.help("an event changes workloads and components"));
            }
        }
        Some(Changes(table.entries.clone()))
    }

    fn schema(_: &mut SchemaBuilder) -> Json {
        json!({ "type": "object", "minProperties": 1, "title": "values by their dotted paths" })
    }

    fn example() -> String {
        "{ \"workload.shoppers.arrivals.poisson\" = \"4000/s\" }".to_string()
    }
}

impl Changes {
    /// Makes the changes in the tree of a scenario, in turn.
    pub(super) fn apply(&self, root: &mut Table) -> Vec<Diagnostic> {
        let changes = self.0.iter().map(|(key, value)| {
            // The path stands behind its quotation mark.
            let path = At { span: key.span, value: key.name.clone() };
            set::apply_value(root, &path.value, path.span.start + 1, value.clone())
        });
        changes.filter_map(|changed| changed.err().map(|problem| *problem)).collect()
    }
}
