//! What the shipped scenarios say that one should look for, found in their results.

#[path = "conclusions/common.rs"]
mod common;
#[path = "conclusions/queues.rs"]
mod queues;
