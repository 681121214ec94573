//! The knee of a curve: where throughput over latency is greatest.

use super::results::{Knee, SweepPoint, SweepResults, best};

/// The best knee, and with several axes all of them. There is none in the middle of a sweep, nor along words.
pub(super) fn knees(sweep: &SweepResults) -> (Option<Knee>, Option<Vec<Knee>>) {
    let is_ordered = sweep.axis.first().is_some_and(|axis| axis.ordered);
    let curves = if is_ordered && !sweep.partial { sweep.curves() } else { Vec::new() };
    let all: Vec<Knee> = curves.iter().filter_map(|curve| of_curve(curve)).collect();
    let greatest = all.iter().max_by(|a, b| a.power().total_cmp(&b.power())).cloned();
    (greatest, (sweep.axis.len() > 1).then_some(all))
}

/// The point of greatest power, unless it has the least or the greatest value of all: then the curve bends outside
/// the sweep, or nowhere.
fn of_curve(curve: &[&SweepPoint]) -> Option<Knee> {
    let best = best(curve.iter().copied())?;
    let inside = |beyond: fn(f64, f64) -> bool| curve.iter().any(|point| beyond(point.at[0], best.at[0]));
    (inside(|at, best| at < best) && inside(|at, best| at > best)).then_some(best)
}
