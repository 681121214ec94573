//! What the bench of the engine is made of: running both sides, timing them in turn, and saying what came out.

mod arguments;
mod child;
mod clock;
mod features;
mod goals;
mod machine;
mod memory;
mod parts;
mod scale;
mod simulation;
mod versus;

pub(crate) use arguments::Arguments;
pub(crate) use child::answer_parent;
pub(crate) use goals::Goals;
pub(crate) use machine::describe;
pub(crate) use versus::{Versus, compare};

use goals::Goal;
