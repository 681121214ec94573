//! Results as people and programs read them: text, JSON, CSV, pictures. Pure: nothing here
//! reads or writes a file; every function returns what it made.

pub mod csv;
mod folding;
mod graph;
pub mod json;
pub mod mermaid;
pub mod openmetrics;
#[cfg(feature = "plot")]
pub mod plot;
mod quantity;
mod reading;
pub mod samples;
pub mod terminal;
pub mod toml;
pub mod trace;

pub use quantity::Kind;

#[cfg(test)]
mod fixture;
