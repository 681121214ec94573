//! `knee schema`: the JSON Schema of scenarios.

use super::{Exit, Failure, terminal};

const EXAMPLES: &str = "\
Example:
  knee schema > knee.schema.json

Then begin a scenario with `#:schema ./knee.schema.json`: editors with a TOML
language server complete keys and mark mistakes.";

/// Print the JSON Schema of scenarios, for editors.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {}

/// Prints the schema.
pub(crate) fn main(_: &Args) -> Result<Exit, Failure> {
    let schema = serde_json::to_string_pretty(&knee::scenario::schema());
    let schema = schema.map_err(|error| Failure::Other(error.to_string()))?;
    terminal::print(&(schema + "\n"))?;
    Ok(Exit::Done)
}
