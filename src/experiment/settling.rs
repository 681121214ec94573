//! Whether a run had settled when it was measured: as many are in the system in the second half of the window as in the first.
//!
//! A start-up that is longer than what was cut makes all replications wrong in the same direction: their interval, which tells
//! only by how much they differ, is narrow around the wrong value.

use super::numbers::Numbers;
use super::results::Unsettled;
use super::theory::shows_steady_state;
use crate::engine::{Areas, Mark, Observations};
use crate::model::{Horizon, Model, SourceSpec};
use crate::stats::{half_width_at, t_quantile};
use crate::units::round_to_digits;

/// How often a difference by chance is taken for one.
const ERROR: f64 = 0.01;
/// A difference that is less than this share of the number in system matters to nobody. What is left of a start-up that
/// wears off early in the window makes a mean over all of it wrong by half as much.
const SHARE: f64 = 0.05;

/// The number in system, of all stations together, in each half of the window, on average over time; none where it was not kept.
pub(super) fn halves(seen: &Observations) -> Option<[f64; 2]> {
    let last = seen.buckets.last()?;
    // Buckets are of one length, but for the last.
    let half = seen.buckets.iter().take_while(|bucket| bucket.at <= last.at / 2).last()?;
    let (first, all) = (present(&half.areas), present(&last.areas));
    Some([first / half.at as f64, (all - first) / (last.at - half.at) as f64])
}

/// What the number in system of all stations adds up to over time.
fn present(areas: &[Areas]) -> f64 {
    areas.iter().map(|area| area.present).sum::<u128>() as f64
}

/// How the number in system changes over the window, if it does by more than chance, and is not meant to.
pub(super) fn unsettled<'a>(model: &Model, numbers: impl Iterator<Item = &'a Numbers>) -> Option<Unsettled> {
    let halves: Vec<[f64; 2]> = numbers.filter(|_| is_meant_to_settle(model)).filter_map(|own| own.halves).collect();
    let n = halves.len() as f64;
    let mean = |half: usize| halves.iter().map(|own| own[half]).sum::<f64>() / n;
    let (from, to) = (mean(0), mean(1));
    let difference = to - from;
    let matters = difference.abs() > SHARE * (from + to) / 2.0;
    // How far the mean difference may be from zero by chance: Student's t of pairs.
    let differences: Vec<f64> = halves.iter().map(|[first, second]| second - first).collect();
    let chance = half_width_at(&differences, 1.0 - ERROR)?;
    (matters && difference.abs() > chance).then_some(Unsettled { from, to })
}

/// Parts of what is left of a pilot.
const PARTS: usize = 4;

/// Whether the number in system of pilots still rises or falls after a cut, by more than chance and by enough to matter: the
/// slope over the parts of what is left, each pilot around its own mean.
pub(super) fn drifts(model: &Model, pilots: &[&[Mark]], cut: u64) -> bool {
    let pilots: Vec<[f64; PARTS]> = pilots.iter().filter_map(|levels| parts(levels, cut)).collect();
    if pilots.len() < 2 || !is_meant_to_settle(model) {
        return false;
    }
    let middle = (PARTS as f64 - 1.0) / 2.0;
    let places: Vec<f64> = (0..PARTS).map(|part| part as f64 - middle).collect();
    let n = pilots.len() as f64;
    let spread = n * places.iter().map(|x| x * x).sum::<f64>();
    let (mut slope, mut squares, mut mean) = (0.0, 0.0, 0.0);
    for pilot in &pilots {
        let own = pilot.iter().sum::<f64>() / PARTS as f64;
        mean += own / n;
        squares += pilot.iter().map(|level| (level - own) * (level - own)).sum::<f64>();
        slope += places.iter().zip(pilot).map(|(x, level)| x * (level - own)).sum::<f64>() / spread;
    }
    // A mean for each pilot, and the slope of all.
    let freedom = pilots.len() * (PARTS - 1) - 1;
    let rest = (squares - slope * slope * spread).max(0.0) / freedom as f64;
    let error = t_quantile(freedom as u64, 1.0 - ERROR / 2.0) * libm::sqrt(rest / spread);
    slope.abs() > error && slope.abs() * PARTS as f64 / 2.0 > SHARE * mean
}

/// The number in system on average over each of equal parts of what comes after a cut; none where that is too short.
fn parts(levels: &[Mark], cut: u64) -> Option<[f64; PARTS]> {
    let kept = &levels[levels.partition_point(|mark| mark.at <= cut).saturating_sub(1)..];
    let step = (kept.len().checked_sub(1)?) / PARTS;
    let part = |part: usize| {
        let (from, to) = (&kept[part * step], &kept[(part + 1) * step]);
        (present(&to.areas) - present(&from.areas)) / (to.at - from.at) as f64
    };
    (step > 0).then(|| std::array::from_fn(part))
}

/// Load and system stay as they are, and the one is not too much for the other, which is said already.
fn is_meant_to_settle(model: &Model) -> bool {
    let stays = |source: &SourceSpec| match source {
        SourceSpec::Open { profile, .. } => profile.is_none(),
        SourceSpec::Trace(_) => false,
        SourceSpec::Users { .. } => true,
    };
    let is_steady = model.workloads.iter().all(|workload| stays(&workload.source)) && model.scalers.is_empty();
    let is_there = model.messages.topics.iter().all(|topic| topic.outages.is_empty())
        && model.contents.iter().all(|contents| contents.outages.is_empty());
    is_steady && is_there && shows_steady_state(model) && model.forecast.unstable.is_empty()
}

/// Doubles the length of a model's replications, unless those that have been run are much longer than asked for already.
///
/// A queue near saturation takes a time to settle that grows as 1 / (1 − ρ)²: a search for the highest load comes there from
/// lengths that were long enough for today's.
pub(super) fn lengthen(model: &mut Model, asked: Horizon) -> bool {
    let (Horizon::Ticks(window), Horizon::Ticks(asked)) = (model.horizon, asked) else { return false };
    let longer = window.checked_mul(2).filter(|longer| *longer <= asked.saturating_mul(MOST) && *longer < LONGEST);
    model.horizon = longer.map_or(model.horizon, Horizon::Ticks);
    longer.is_some()
}

/// Replications become at most so many times as long.
const MOST: u64 = 8;
/// In ticks: warm-up and window have room in what time is counted in.
const LONGEST: u64 = u64::MAX / 4;

/// What the user should know.
pub(super) fn warning(found: &Unsettled) -> String {
    let Unsettled { from, to } = *found;
    let (word, changes) = if to > from { ("still filling up", "rises") } else { ("not settled yet", "falls") };
    let [from, to] = [from, to].map(|number| round_to_digits(number, 3));
    format!(
        "{word}: the number in system {changes} from {from} in the first half of the window to {to} in the second; run \
         longer (--duration) or cut more (--warm-up)"
    )
}
