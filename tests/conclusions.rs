//! What the built-in scenarios say to look for is there to be seen.

#[path = "conclusions/common.rs"]
mod common;
#[path = "conclusions/services.rs"]
mod services;
