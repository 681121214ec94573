//! The pictures of a sweep: latency and throughput against what was varied.

use super::panel::draw_with;
use super::picture::{Picture, Point};
use super::sheet::{CELL, WIDE, cell, sheet};
use super::theory;
use crate::experiment::results::{SweepPoint, SweepResults};
use crate::report::graph::Series;
use crate::report::graph::sweep::{self, drawn, names, ordered};
use crate::report::quantity::Kind;
use crate::report::reading;

/// The size of the throughput under the latency.
const LOW: Point = (WIDE.0, 270.0);

/// Latency above throughput.
pub(super) fn picture(sweep: &SweepResults) -> Picture {
    let title = sweep.points.first().map_or("", |p| p.result.scenario.title.as_str());
    let rows = vec![vec![panel(sweep, WIDE, Kind::Time)], vec![panel(sweep, LOW, Kind::Rate)]];
    sheet(title, rows, &note(sweep))
}

/// How long requests take, against what was varied.
pub(in crate::report) fn latency(sweep: &SweepResults) -> Picture {
    panel(sweep, CELL, Kind::Time)
}

/// How much is answered, against what was varied.
pub(in crate::report) fn throughput(sweep: &SweepResults) -> Picture {
    panel(sweep, CELL, Kind::Rate)
}

fn note(sweep: &SweepResults) -> String {
    sweep.points.first().map_or_else(String::new, |point| {
        let run = &point.result.scenario;
        let ran = format!(
            "{}: seed {}, {}",
            reading::named_shortly(&run.file, &run.set),
            run.seed,
            reading::replications(sweep)
        );
        let cut = reading::cut_short(sweep.partial, sweep.stopped.as_deref())
            .map_or_else(String::new, |cut| format!(", {cut}"));
        let how = if ordered(sweep) { "bands" } else { "bars" };
        let (all, drawn) = (sweep.curves().len(), drawn(sweep).len());
        let some = if drawn < all { format!("{drawn} of {all} curves; ") } else { String::new() };
        format!("{some}{ran}{cut}, knee {}; {how} are 95 % confidence intervals", run.version)
    })
}

fn panel(sweep: &SweepResults, size: Point, kind: Kind) -> Picture {
    let (mut picture, frame) = cell(size);
    let graph = if kind == Kind::Time { sweep::latency(sweep) } else { sweep::throughput(sweep) };
    draw_with(&mut picture, frame, &graph, &known(sweep, kind));
    picture
}

/// What theory says: of each workload, or of each curve of a single one; the last has a name.
fn known(sweep: &SweepResults, kind: Kind) -> Vec<Series> {
    let joined = ordered(sweep);
    let (workloads, curves) = (names(sweep), drawn(sweep));
    let lines = curves.iter().flat_map(|curve| workloads.iter().map(move |name| (curve, name)));
    let line = |(curve, name): (&Vec<&SweepPoint>, &String)| match kind {
        Kind::Time => theory::of_points(curve, name, joined, |means| means.response_mean_s),
        _ if curve.iter().all(|point| theory::is_closed(&point.result)) => {
            theory::of_points(curve, name, joined, |means| means.throughput)
        }
        _ => None,
    };
    // Of several curves and several workloads, the latency that is drawn is that of all requests together.
    let is_drawn = sweep.axis.len() < 2 || workloads.len() < 2;
    let mut known: Vec<Series> = lines.filter(|_| is_drawn).filter_map(line).collect();
    let last = known.len().saturating_sub(1);
    known.iter_mut().take(last).for_each(|line| line.name.clear());
    known
}
