//! Where the start-up ends: one cut for all replications, found on pilot replications by MSER-5
//! (White, Cobb & Spratt 2000).
//!
//! Every series of a pilot (latency of each workload, number found by arrivals at each station)
//! asks for a cut. Pilots differ by chance, so the median over pilots speaks for a series; the
//! longest over series is taken.

use std::sync::atomic::Ordering;

use rayon::prelude::*;

use super::replicate::Control;
use crate::engine::{Series, pilot};
use crate::model::{Horizon, Model};
use crate::stats::Cut;

const PILOTS: u64 = 3;
/// Together the pilots are as long as one replication.
const SHARE: u64 = PILOTS;

/// The cut in ticks, and what the user should know about it.
pub(super) fn find(model: &Model, control: &Control<'_>) -> (u64, Vec<String>) {
    let Horizon::Ticks(window) = model.horizon else { return (0, Vec::new()) };
    if control.cancelled.load(Ordering::Relaxed) {
        return (0, Vec::new());
    }
    let length = (window / SHARE).max(1);
    // Numbered from the top, so that no replication sees the same customers.
    let numbers: Vec<u64> = (0..PILOTS).map(|index| u64::MAX - index).collect();
    let cuts = |&number: &u64| pilot(model, number, length).cuts();
    let pilots: Vec<_> = numbers.par_iter().with_max_len(1).map(cuts).collect();
    let mut longest = 0;
    let mut never = Vec::new();
    for (index, &(series, _)) in pilots.first().into_iter().flatten().enumerate() {
        // Where nobody comes nothing starts up: the way back over a link, if answers have no size.
        if matches!(series, Series::Queue(group) if model.forecast.groups[group].visits == 0.0) {
            continue;
        }
        match median(pilots.iter().map(|pilot| pilot[index].1)) {
            Cut::At(time) => longest = longest.max(time),
            Cut::NotFound => never.push(name(model, series)),
        }
    }
    // What has no steady state by its load is said already.
    if never.is_empty() || !model.forecast.unstable.is_empty() {
        return (longest, Vec::new());
    }
    let warning = format!(
        "no steady state found within {} of simulated time for {}: give `warm-up`, or a longer `duration`",
        crate::units::duration(model.seconds(length as f64)),
        never.join(", ")
    );
    (longest.max(length / 2), vec![warning])
}

/// The middle one; a cut that was not found is later than any.
fn median(cuts: impl Iterator<Item = Cut>) -> Cut {
    let mut cuts: Vec<u64> = cuts.map(|cut| if let Cut::At(time) = cut { time } else { u64::MAX }).collect();
    cuts.sort_unstable();
    match cuts[cuts.len() / 2] {
        u64::MAX => Cut::NotFound,
        time => Cut::At(time),
    }
}

fn name(model: &Model, series: Series) -> String {
    match series {
        Series::Latency(workload) => format!("the latency of {}", model.workloads[workload].name),
        Series::Queue(group) => format!("the queue of {}", model.groups[group].name()),
    }
}
