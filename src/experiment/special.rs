//! What is measured only at stations that are special: servers that are away, customers that wait
//! elsewhere for room, set-ups, services of many.

use super::estimate::mean;
use super::results::{Estimate, StationResult};
use crate::engine::StationRecord;
use crate::model::Group;

/// What one replication says of it.
#[derive(Clone, Copy)]
pub(super) struct SpecialNumbers {
    down: f64,
    /// Time in which servers could not work, in ticks, summed over servers: one that rests because nobody waited is no less
    /// loaded for it.
    pub(super) unavailable: f64,
    blocked: f64,
    set_ups: f64,
    batch_size: f64,
}

impl SpecialNumbers {
    /// Of stations of a group, in a window of so many ticks and seconds.
    pub(super) fn new(group: &Group, stations: &[StationRecord], window: u64, seconds: f64) -> SpecialNumbers {
        let sum = |value: fn(&StationRecord) -> u128| stations.iter().map(value).sum::<u128>() as f64;
        let span = window as f64;
        let servers = f64::from(group.servers_ever()) * stations.len() as f64;
        let batches = sum(|station| u128::from(station.batches));
        SpecialNumbers {
            down: sum(|station| station.down_area) / span / servers,
            unavailable: sum(|station| station.down_area - station.vacation_area),
            blocked: sum(|station| station.door_area) / span,
            set_ups: sum(|station| u128::from(station.set_ups)) / seconds,
            batch_size: sum(|station| u128::from(station.completed)) / batches,
        }
    }
}

/// Adds to a station's result what is special about it.
pub(super) fn add<'a>(
    group: &Group,
    own: impl Iterator<Item = &'a SpecialNumbers> + Clone,
    result: StationResult,
) -> StationResult {
    let special = &group.special;
    let estimate = |wanted: bool, value: fn(&SpecialNumbers) -> f64| -> Option<Estimate> {
        wanted.then(|| mean(own.clone().map(value)))
    };
    StationResult {
        down: estimate(special.is_absent(), |own| own.down),
        blocked: estimate(special.blocks, |own| own.blocked),
        set_ups: estimate(special.sets_up, |own| own.set_ups),
        batch_size: estimate(special.batch > 1, |own| own.batch_size).or(result.batch_size),
        ..result
    }
}
