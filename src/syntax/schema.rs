//! The language described: as JSON Schema for editors and as Markdown for people.

use std::fmt::Write as _;

use serde_json::{Map, Value as Json, json};

use super::decode::{Decode, kebab};

/// Collects the definitions of named types, in the order in which they are met.
#[derive(Debug, Default)]
pub struct SchemaBuilder {
    definitions: Vec<Definition>,
}

#[derive(Debug)]
struct Definition {
    name: String,
    doc: String,
    body: Body,
}

#[derive(Debug)]
enum Body {
    Table(Vec<Field>),
    Choice(Vec<Variant>),
    Plain(Json),
}

/// A key of a table.
#[derive(Debug)]
pub struct Field {
    key: String,
    doc: String,
    schema: Json,
    required: bool,
    default: Option<Json>,
}

/// A word of a choice.
#[derive(Debug)]
pub struct Variant {
    word: String,
    doc: String,
    payload: Option<Json>,
}

impl Field {
    /// The key for the field `name` (as in Rust) with its documentation and default.
    pub fn new<T: Decode>(name: &str, doc: &str, default: Option<fn() -> T>, s: &mut SchemaBuilder) -> Field {
        Field {
            key: kebab(name),
            doc: tidy(doc),
            schema: T::schema(s),
            required: default.is_none(),
            default: default.and_then(|default| default().written()),
        }
    }

    /// `key = example`, for a key that has to be written.
    pub fn example<T: Decode>(name: &str, default: Option<fn() -> T>) -> Option<String> {
        default.is_none().then(|| format!("{} = {}", kebab(name), T::example()))
    }

    /// An inline table of those.
    pub fn example_of_table(fields: &[Option<String>]) -> String {
        let fields: Vec<&str> = fields.iter().flatten().map(String::as_str).collect();
        if fields.is_empty() { "{}".to_owned() } else { format!("{{ {} }}", fields.join(", ")) }
    }
}

impl Variant {
    /// The word for the variant `name` (as in Rust) with its documentation and the schema of its
    /// payload.
    pub fn new(name: &str, doc: &str, payload: Option<Json>) -> Variant {
        Variant { word: kebab(name), doc: tidy(doc), payload }
    }
}

impl SchemaBuilder {
    /// Defines a type that is neither a table nor a choice. Returns the reference to it.
    pub fn define(&mut self, name: &str, doc: &str, schema: Json) -> Json {
        self.add(name, doc, |_| Body::Plain(schema))
    }

    /// Defines a table. Returns the reference to it.
    pub fn table(&mut self, name: &str, doc: &str, fields: impl FnOnce(&mut Self) -> Vec<Field>) -> Json {
        self.add(name, doc, |s| Body::Table(fields(s)))
    }

    /// Defines a choice. Returns the reference to it.
    pub fn choice(&mut self, name: &str, doc: &str, variants: impl FnOnce(&mut Self) -> Vec<Variant>) -> Json {
        self.add(name, doc, |s| Body::Choice(variants(s)))
    }

    fn add(&mut self, name: &str, doc: &str, body: impl FnOnce(&mut Self) -> Body) -> Json {
        if !self.definitions.iter().any(|known| known.name == name) {
            // Known before its body is made, so that types may contain themselves.
            let index = self.definitions.len();
            let body_to_come = Body::Plain(Json::Null);
            self.definitions.push(Definition { name: name.to_owned(), doc: tidy(doc), body: body_to_come });
            self.definitions[index].body = body(self);
        }
        json!({ "$ref": format!("#/$defs/{name}") })
    }

    /// The JSON Schema (draft 2020-12) of a document that is a `root`.
    pub fn document(self, root: &Json, title: &str) -> Json {
        let definitions: Map<String, Json> =
            self.definitions.iter().map(|one| (one.name.clone(), one.schema())).collect();
        json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": title,
            "$ref": root["$ref"],
            "$defs": definitions,
        })
    }

    /// The reference: a section for every type, those of single values last.
    pub fn markdown(&self) -> String {
        let is_plain = |one: &&Definition| matches!(one.body, Body::Plain(_));
        let (plain, structured): (Vec<_>, Vec<_>) = self.definitions.iter().partition(is_plain);
        let sections: Vec<String> = structured.iter().chain(&plain).map(|one| one.markdown()).collect();
        sections.join("\n")
    }
}

impl Definition {
    fn schema(&self) -> Json {
        let mut schema = match &self.body {
            Body::Table(fields) => table_schema(fields),
            Body::Choice(variants) => {
                json!({ "oneOf": variants.iter().map(Variant::schema).collect::<Vec<_>>() })
            }
            Body::Plain(schema) => schema.clone(),
        };
        schema["description"] = json!(self.doc);
        schema
    }

    fn markdown(&self) -> String {
        let mut text = format!("## {}\n\n{}\n", title(&self.name), self.doc);
        match &self.body {
            Body::Table(fields) if !fields.is_empty() => {
                text += "\n| key | value | default | meaning |\n|---|---|---|---|\n";
                fields.iter().for_each(|field| text += &field.row());
            }
            Body::Choice(variants) => {
                text += "\n| word | takes | meaning |\n|---|---|---|\n";
                variants.iter().for_each(|variant| text += &variant.row());
            }
            Body::Plain(schema) if schema.get("oneOf").is_some() => {
                let _ = write!(text, "\nWritten as {}.\n", shape(schema));
            }
            _ => {}
        }
        text
    }
}

fn table_schema(fields: &[Field]) -> Json {
    let properties: Map<String, Json> = fields.iter().map(|field| (field.key.clone(), field.schema())).collect();
    let required: Vec<&str> = fields.iter().filter(|field| field.required).map(|field| field.key.as_str()).collect();
    json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false })
}

impl Field {
    fn schema(&self) -> Json {
        let mut schema = self.schema.clone();
        schema["description"] = json!(self.doc);
        if let Some(default) = &self.default {
            schema["default"] = default.clone();
        }
        schema
    }

    fn row(&self) -> String {
        let default = match (&self.default, self.required) {
            (_, true) => "required".to_owned(),
            (Some(default), _) => format!("`{default}`"),
            (None, _) => String::new(),
        };
        format!("| `{}` | {} | {default} | {} |\n", self.key, shape(&self.schema), in_cell(&self.doc))
    }
}

impl Variant {
    fn schema(&self) -> Json {
        let mut schema = match &self.payload {
            None => json!({ "const": self.word }),
            Some(payload) => json!({
                "type": "object",
                "properties": { self.word.as_str(): payload },
                "required": [self.word],
                "additionalProperties": false,
            }),
        };
        schema["description"] = json!(self.doc);
        schema
    }

    fn row(&self) -> String {
        let takes = self.payload.as_ref().map(shape).unwrap_or_default();
        format!("| `{}` | {takes} | {} |\n", self.word, in_cell(&self.doc))
    }
}

/// What a schema asks for, in words, with links to definitions.
fn shape(schema: &Json) -> String {
    let text = |key: &str| schema.get(key).and_then(Json::as_str);
    let list = |key: &str| schema.get(key).and_then(Json::as_array);
    let join = |items: &[Json], by: &str| items.iter().map(shape).collect::<Vec<_>>().join(by);
    if let Some(name) = text("$ref").and_then(|path| path.rsplit('/').next()) {
        return format!("[{}](#{})", title(name).to_lowercase(), title(name).to_lowercase().replace(' ', "-"));
    }
    if let Some(word) = schema.get("const") {
        return format!("`{word}`");
    }
    if let Some(items) = list("prefixItems") {
        return format!("[{}]", join(items, ", "));
    }
    if let Some(options) = list("oneOf") {
        return join(options, " or ");
    }
    if let Some(items) = schema.get("items") {
        return format!("list of {}", shape(items));
    }
    if let Some(values) = schema.get("additionalProperties").filter(|values| values.is_object()) {
        return format!("table of names, each {}", shape(values));
    }
    match schema.get("properties").and_then(Json::as_object) {
        Some(keys) => keys.iter().map(|(key, value)| format!("`{{ {key} = `{}` }}`", shape(value))).collect(),
        None => text("title").or(text("type")).unwrap_or("anything").to_owned(),
    }
}

/// `ProcessorSharing` as a heading: `Processor sharing`.
fn title(name: &str) -> String {
    let words = kebab(name).replace('-', " ");
    let mut characters = words.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}

fn in_cell(doc: &str) -> String {
    doc.replace('\n', " ").replace('|', "\\|")
}

/// A doc comment without the space that begins each of its lines.
fn tidy(doc: &str) -> String {
    let lines: Vec<&str> = doc.lines().map(|line| line.strip_prefix(' ').unwrap_or(line)).collect();
    lines.join("\n").trim().to_owned()
}
