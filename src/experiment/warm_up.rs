//! Where the start-up ends: one cut for all replications, found on pilot replications by MSER-5
//! (White, Cobb & Spratt 2000).
//!
//! Every series of a pilot (latency of each workload, number found by arrivals at each station)
//! asks for a cut. Pilots differ by chance, so the median over pilots speaks for a series; the
//! longest over series is taken. Pilots are shorter than replications, unless they turn out to be too short: a cut lies in
//! their second half (White 1997), or the number in system drifts after it. Then they are made anew, as long as a replication.

use rayon::prelude::*;

use super::replicate::Control;
use super::room::Room;
use super::settling;
use crate::engine::{Limits, Mark, Probe, Series, at_rest, pilot};
use crate::model::{Horizon, Model};
use crate::stats::Cut;

const PILOTS: u64 = 3;
/// Together the pilots are as long as one replication.
const SHARE: u64 = PILOTS;

/// The cut in ticks, and what the user should know about it.
pub(super) fn find(model: &Model, limits: Limits, control: &Control<'_>) -> (u64, Vec<String>) {
    let Horizon::Ticks(window) = model.horizon else { return (0, Vec::new()) };
    let is_known_to_grow = !model.forecast.unstable.is_empty();
    let Some(short) = look(model, (window / SHARE).max(1), limits, control) else { return (0, Vec::new()) };
    // What has no steady state by its load is said already, and longer pilots show none either.
    let (found, length) = match short.never.is_empty() || is_known_to_grow {
        true => (short, window / SHARE),
        false => match look(model, window, limits, control) {
            Some(found) => (found, window),
            None => return (0, Vec::new()),
        },
    };
    if found.never.is_empty() || is_known_to_grow {
        return (found.longest, Vec::new());
    }
    let warning = format!(
        "no steady state found within {} of simulated time for {}: give `warm-up`, or a longer `duration`",
        crate::units::duration(model.seconds(length as f64)),
        found.never.join(", ")
    );
    (found.longest.max(length / 2), vec![warning])
}

/// What pilots show.
struct Found {
    /// The longest cut, in ticks.
    longest: u64,
    /// What does not come to rest.
    never: Vec<String>,
}

/// Runs pilots of this length; none if somebody has stopped them.
fn look(model: &Model, length: u64, limits: Limits, control: &Control<'_>) -> Option<Found> {
    // Numbered from the top, so that no replication sees the same customers.
    let numbers: Vec<u64> = (0..PILOTS).map(|index| u64::MAX - index).collect();
    let room = Room::new(limits.memory, control.cancelled);
    let run = |&number: &u64| room.work(at_rest(model), |go_on| pilot(model, number, length, limits, go_on));
    let probes: Vec<Probe> = numbers.par_iter().with_max_len(1).map(run).collect::<Option<_>>()?;
    let pilots: Vec<_> = probes.iter().map(Probe::cuts).collect();
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
    let levels: Vec<&[Mark]> = probes.iter().map(|probe| probe.levels.as_slice()).collect();
    if never.is_empty() && settling::drifts(model, &levels, longest) {
        never.push("the number in system".into());
    }
    Some(Found { longest, never })
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
