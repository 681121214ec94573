//! Results as people and programs read them: text, JSON, CSV, pictures. Pure: nothing here
//! reads or writes a file; every function returns what it made.

mod about;
mod chosen;
pub mod csv;
mod folding;
#[cfg_attr(not(feature = "plot"), expect(dead_code, reason = "some of it is drawn only"))]
mod graph;
#[cfg(feature = "plot")]
pub mod html;
pub mod json;
pub mod markdown;
pub mod mermaid;
mod names;
pub mod openmetrics;
#[cfg(feature = "plot")]
pub mod plot;
mod quantity;
mod reading;
pub mod samples;
pub mod terminal;
pub mod toml;
pub mod trace;
mod verification;

pub use about::{About, ScenarioText};
pub use quantity::Kind;

#[cfg(test)]
mod crowd;
#[cfg(test)]
mod fixture;
