//! What the shipped scenarios say to look for is there to be seen.

#[path = "conclusions/common.rs"]
mod common;
#[path = "conclusions/databases.rs"]
mod databases;
