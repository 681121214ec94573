//! What the built-in scenarios say to look for is there to be seen.

#[path = "conclusions/admission.rs"]
mod admission;
#[path = "conclusions/caches.rs"]
mod caches;
#[path = "conclusions/common.rs"]
mod common;
#[path = "conclusions/databases.rs"]
mod databases;
#[path = "conclusions/failover.rs"]
mod failover;
#[path = "conclusions/failure.rs"]
mod failure;
#[path = "conclusions/hardware.rs"]
mod hardware;
#[path = "conclusions/places.rs"]
mod places;
#[path = "conclusions/protection.rs"]
mod protection;
#[path = "conclusions/queues.rs"]
mod queues;
#[path = "conclusions/scaling.rs"]
mod scaling;
#[path = "conclusions/services.rs"]
mod services;
#[path = "conclusions/shards.rs"]
mod shards;
