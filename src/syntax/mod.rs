//! From text to typed values: a TOML tree that knows where everything stands, and a way to decode
//! it that reports every problem instead of stopping at the first.
//!
//! The tables and choices of the language are declared with `table!` and `choice!`; parser, errors,
//! JSON Schema and reference all come from those declarations.

mod collections;
mod decode;
mod macros;
mod parse;
mod scalars;
mod schema;
mod tree;

pub use collections::{At, Entry, Named};
pub use decode::{Decode, Decoder, Fields, Word, decode_nothing};
pub(crate) use macros::{choice, table};
pub use parse::{parse_document, parse_value};
pub use scalars::{Count, FilePath};
pub use schema::{Field, SchemaBuilder, Variant};
pub use tree::{Key, Node, Table, Value};
