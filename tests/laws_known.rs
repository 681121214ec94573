//! The laws against numbers computed elsewhere, by other programs or in print, to nine digits.
//!
//! Each test is named after a model; its comment gives the formula and whose it is. The same
//! models are simulated in `validation/`.

#[path = "laws_known/absence.rs"]
mod absence;
#[path = "laws_known/admission.rs"]
mod admission;
#[path = "laws_known/balancing.rs"]
mod balancing;
#[path = "laws_known/caches.rs"]
mod caches;
#[path = "laws_known/closed.rs"]
mod closed;
#[path = "laws_known/exponential.rs"]
mod exponential;
#[path = "laws_known/failover.rs"]
mod failover;
#[path = "laws_known/fanout.rs"]
mod fanout;
#[path = "laws_known/general.rs"]
mod general;
#[path = "laws_known/hardware.rs"]
mod hardware;
#[path = "laws_known/messaging.rs"]
mod messaging;
#[path = "laws_known/open.rs"]
mod open;
#[path = "laws_known/pipelines.rs"]
mod pipelines;
#[path = "laws_known/reliability.rs"]
mod reliability;
#[path = "laws_known/replication.rs"]
mod replication;
#[path = "laws_known/samplers.rs"]
mod samplers;
#[path = "laws_known/scaling.rs"]
mod scaling;
#[path = "laws_known/sharding.rs"]
mod sharding;
#[path = "laws_known/speedup.rs"]
mod speedup;
#[path = "laws_known/transactions.rs"]
mod transactions;

/// Fails with all that differ by more than a relative 1e-9: name, computed, expected.
#[track_caller]
fn agree(values: &[(&str, f64, f64)]) {
    let differs = |(_, value, expected): &&(&str, f64, f64)| {
        let close = (value - expected).abs() <= 1e-9 * expected.abs();
        !close
    };
    let wrong: Vec<_> = values.iter().filter(differs).collect();
    assert!(wrong.is_empty(), "name, computed, expected: {wrong:#?}");
}
