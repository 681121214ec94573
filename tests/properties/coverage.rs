//! Which keys and words of the language random scenarios use, by the schema of the language.

use std::collections::BTreeSet;

use knee::scenario::schema;
use serde_json::{Map, Value as Json};
use toml::de::{DeTable, DeValue};

/// The keys and words that some scenarios use, each with its type: `Station.capacity`.
pub(crate) struct Used {
    schema: Json,
    names: BTreeSet<String>,
}

impl Used {
    pub(crate) fn new() -> Used {
        Used { schema: schema(), names: BTreeSet::new() }
    }

    /// Those that no scenario uses.
    pub(crate) fn never(&self) -> Vec<String> {
        let mut all = BTreeSet::new();
        for (owner, definition) in self.definitions() {
            let keys = definition["properties"].as_object().into_iter().flatten().map(|(key, _)| key.as_str());
            let words = definition["oneOf"].as_array().into_iter().flatten().filter_map(word);
            all.extend(keys.chain(words).map(|name| format!("{owner}.{name}")));
        }
        all.difference(&self.names).cloned().collect()
    }

    /// Adds what a scenario uses.
    pub(crate) fn add(&mut self, text: &str) {
        let table = DeTable::parse(text).unwrap_or_else(|error| panic!("{error} in\n{text}"));
        let root = self.schema.clone();
        self.visit(&json(DeValue::Table(table.into_inner())), &root, "");
    }

    fn definitions(&self) -> &Map<String, Json> {
        self.schema["$defs"].as_object().expect("definitions")
    }

    /// Follows a value along its schema, which belongs to the definition `owner`.
    fn visit(&mut self, value: &Json, schema: &Json, owner: &str) {
        if let Some(name) = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next()) {
            let definition = self.definitions()[name].clone();
            return self.visit(value, &definition, name);
        }
        for option in schema["oneOf"].as_array().into_iter().flatten() {
            if let Some(word) = option["const"].as_str().filter(|&word| value == word) {
                self.names.insert(format!("{owner}.{word}"));
            }
            self.visit(value, option, owner);
        }
        match value {
            Json::Object(entries) => self.visit_table(entries, schema, owner),
            Json::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    let own = schema["prefixItems"].get(index).or(schema.get("items"));
                    own.cloned().into_iter().for_each(|own| self.visit(item, &own, owner));
                }
            }
            _ => {}
        }
    }

    fn visit_table(&mut self, entries: &Map<String, Json>, schema: &Json, owner: &str) {
        if let Some(properties) = schema["properties"].as_object()
            && entries.keys().all(|key| properties.contains_key(key))
        {
            for (key, value) in entries {
                self.names.insert(format!("{owner}.{key}"));
                self.visit(value, &properties[key], owner);
            }
        }
        if schema["additionalProperties"].is_object() {
            entries.values().for_each(|value| self.visit(value, &schema["additionalProperties"], owner));
        }
    }
}

/// The word that one option of a choice is about.
fn word(option: &Json) -> Option<&str> {
    let only = || option["properties"].as_object()?.keys().next();
    option["const"].as_str().or_else(|| only().map(String::as_str))
}

fn json(value: DeValue<'_>) -> Json {
    match value {
        DeValue::Array(items) => items.into_iter().map(|item| json(item.into_inner())).collect(),
        DeValue::Table(table) => {
            table.into_iter().map(|(key, value)| (key.into_inner().into_owned(), json(value.into_inner()))).collect()
        }
        DeValue::String(text) => Json::from(text.into_owned()),
        other => Json::from(format!("{other:?}")),
    }
}
