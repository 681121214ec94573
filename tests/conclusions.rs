//! What the scenarios that come with the program are meant to show: the conclusions in their comments, simulated.

#[path = "conclusions/common.rs"]
mod common;
#[path = "conclusions/places.rs"]
mod places;
