//! The language as JSON Schema and as a reference, from the same declarations as the parser.

use serde_json::Value as Json;

use super::Scenario;
use crate::syntax::{Decode, SchemaBuilder};

/// The JSON Schema (draft 2020-12) of a scenario, for editors.
pub fn schema() -> Json {
    let mut builder = SchemaBuilder::default();
    let root = Scenario::schema(&mut builder);
    builder.document(&root, "A scenario of knee")
}

/// The reference of the language in Markdown: every table and choice, with defaults.
pub fn reference() -> String {
    let mut builder = SchemaBuilder::default();
    Scenario::schema(&mut builder);
    builder.markdown()
}
