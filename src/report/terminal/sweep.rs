//! The summary of a sweep: where its curves bend, and a line per point.

use super::curves::{self, Tables};
use super::fits;
use super::ink::{Ink, Tone};
use super::{titled, wrap};
use crate::experiment::results::{Axis, Knee, Results, SweepPoint, SweepResults};
use crate::report::quantity::{Kind, show};
use crate::report::reading::{cut_short, label, named, overloaded, place, replications};

/// Verdict, tables, fitted laws.
pub(super) fn summary(sweep: &SweepResults, ink: Ink) -> String {
    let mut parts = vec![verdict(sweep, ink)];
    let Tables { parts: tables, are_priced } = curves::tables(sweep, ink);
    parts.extend(tables);
    parts.extend(fits::section(&sweep.fits, ink));
    let prices = if are_priced { ink.paint(Tone::Dim, PRICES) + "\n" } else { String::new() };
    parts.push(prices + &provenance(sweep, ink));
    parts.join("\n")
}

fn verdict(sweep: &SweepResults, ink: Ink) -> String {
    let all = sweep.points.len();
    let some = |count: usize, said: &str| match count {
        0 => String::new(),
        n => format!("; {said} at {n} of {all} points"),
    };
    let count = |is_so: fn(&Results) -> bool| sweep.points.iter().filter(|point| is_so(&point.result)).count();
    let stopped = cut_short(false, sweep.stopped.as_deref()).unwrap_or_default();
    let tail = some(count(overloaded), "overloaded")
        + &some(count(|result| result.scenario.stopped.is_some()), stopped)
        + &some(count(|result| result.unsettled.is_some()), "not settled (run longer: --duration)");
    let (said, tone) = match &sweep.knee {
        _ if sweep.is_interrupted() => (interrupted(sweep), Tone::Bad),
        Some(_) => (bend(sweep), Tone::Head),
        None => (bend(sweep), Tone::Close),
    };
    let lines = wrap(&(said + &tail), 2);
    let lines: Vec<String> = lines.lines().map(|line| ink.paint(tone, line)).collect();
    format!("{}\n{}\n", lines.join("\n"), about(sweep, ink))
}

fn interrupted(sweep: &SweepResults) -> String {
    let is_finished = |point: &&SweepPoint| !point.result.scenario.partial;
    let finished = sweep.points.iter().filter(is_finished).count();
    format!("interrupted: {finished} of {} points finished", sweep.points.len())
}

/// Where the curve bends.
fn bend(sweep: &SweepResults) -> String {
    let Some(best) = sweep.knee.clone().or_else(|| sweep.best()) else {
        let is_stable = sweep.points.iter().any(|point| !overloaded(&point.result));
        let why = if is_stable { "nothing is answered at any point" } else { "no point of the sweep is stable" };
        return format!("no knee: {why}");
    };
    let place = place(sweep, &best.at);
    let rate = show(Kind::Rate, Some(best.throughput));
    let latency = show(Kind::Time, Some(best.latency));
    let several = sweep.points.first().is_some_and(|point| point.result.workloads.len() > 1);
    let all = if several { " of all workloads together" } else { "" };
    let there = format!("{place}: {rate}{all} answered in {latency} on average");
    let is_ordered = sweep.axis.first().is_none_or(|axis| axis.ordered);
    match (&sweep.knee, &sweep.knees) {
        (Some(_), Some(all)) => {
            let curves = sweep.curves().len();
            format!("{} of {curves} curves have a knee, the best at {there}", all.len())
        }
        (Some(knee), None) => format!("the knee is at {there}{}", vague(sweep, knee)),
        (None, None) if is_ordered => {
            let end = match sweep.points.iter().all(|point| point.at[0] >= best.at[0]) {
                true => "least",
                false => "greatest",
            };
            format!("no knee within the sweep: throughput over latency is best at its {end} value, {place}")
        }
        (None, Some(_)) if is_ordered => {
            format!("no curve has a knee within the sweep: throughput over latency is best at {there}")
        }
        (None, _) => format!("throughput over latency is best at {there}"),
    }
}

/// Up to where the neighbours are as good, as far as can be told.
fn vague(sweep: &SweepResults, knee: &Knee) -> String {
    match (sweep.axis.first(), knee.range) {
        (Some(axis), Some([low, high])) if low < high => {
            format!(" (as good, within the noise: {} to {})", label(axis, low), label(axis, high))
        }
        _ => String::new(),
    }
}

/// The scenario and what was varied in it.
fn about(sweep: &SweepResults, ink: Ink) -> String {
    let scenario = sweep.points.first().map(|point| &point.result.scenario);
    let title = scenario.map_or_else(String::new, |run| titled(&run.title, &named(&run.file, &run.set), ink));
    let together = |axis: &Axis| [std::slice::from_ref(&axis.path), &axis.with].concat().join(" and ");
    let paths: Vec<String> = sweep.axis.iter().map(together).collect();
    let varied = wrap(&format!("varied: {}", paths.join(", ")), 2);
    format!("{title}\n{}", ink.paint(Tone::Dim, &varied))
}

/// What the columns of prices say.
const PRICES: &str = "$/h: dollars an hour; $/M: dollars a million requests";

fn provenance(sweep: &SweepResults, ink: Ink) -> String {
    let Some(first) = sweep.points.first() else {
        return String::new();
    };
    let run = &first.result.scenario;
    let said = format!("seed {}, {}, knee {}", run.seed, replications(sweep), run.version);
    ink.paint(Tone::Dim, &said) + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::results::{Unsettled, WorkloadResult};
    use crate::report::fixture;

    #[test]
    fn the_knee_and_the_overload_are_marked() {
        let text = summary(&fixture::sweep(), Ink(false));
        assert!(text.starts_with("the knee is at 0.6/s: 0.600/s answered"), "{text}");
        assert!(text.replace("\n  ", " ").contains("(as good, within the noise: 0.4/s to 0.7/s)"), "{text}");
        assert!(text.contains("\nknee →"), "{text}");
        assert!(text.contains("\noverloaded"), "{text}");
        assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    }

    #[test]
    fn what_has_not_settled_is_marked() {
        let mut sweep = fixture::sweep();
        assert!(!summary(&sweep, Ink(false)).contains("not settled"));
        sweep.points[3].result.unsettled = Some(Unsettled { from: 1.0, to: 2.0 });
        let text = summary(&sweep, Ink(false)).replace("\n  ", " ");
        assert!(text.contains("; not settled (run longer: --duration) at 1 of 8 points"), "{text}");
        assert!(text.contains("\nnot settled"), "{text}");
    }

    #[test]
    fn where_nothing_is_answered_that_is_said() {
        let mut sweep = fixture::sweep();
        sweep.knee = None;
        for point in &mut sweep.points {
            let nothing = |workload: &mut WorkloadResult| {
                workload.throughput.value = Some(0.0);
                workload.latency.mean.value = None;
            };
            point.result.workloads.values_mut().for_each(nothing);
        }
        assert!(summary(&sweep, Ink(false)).starts_with("no knee: nothing is answered at any point"));
        sweep.points.iter_mut().for_each(|point| point.result.unstable = vec!["desk".into()]);
        assert!(summary(&sweep, Ink(false)).starts_with("no knee: no point of the sweep is stable"));
    }

    #[test]
    fn a_knee_at_an_end_is_not_called_one() {
        let mut sweep = fixture::sweep();
        sweep.points.drain(..2);
        sweep.knee = None;
        let text = summary(&sweep, Ink(false));
        assert!(text.starts_with("no knee within the sweep: throughput over latency is best at its least"), "{text}");
        assert!(!text.contains("knee →"), "{text}");
    }

    #[test]
    fn an_interrupted_sweep_says_how_far_it_came() {
        let mut sweep = fixture::sweep();
        (sweep.partial, sweep.knee) = (true, None);
        sweep.points[7].result.scenario.partial = true;
        let text = summary(&sweep, Ink(false));
        assert!(text.starts_with("interrupted: 7 of 8 points finished"), "{text}");
        assert!(text.contains("5 replications a point asked for"), "{text}");
    }

    #[test]
    fn points_may_have_different_numbers_of_replications() {
        let mut sweep = fixture::sweep();
        sweep.points[3].result.scenario.replications = 40;
        let text = summary(&sweep, Ink(false));
        assert!(text.contains(", 5 to 40 replications a point, "), "{text}");
    }

    #[test]
    fn paths_that_move_together_are_all_said() {
        let mut sweep = fixture::sweep();
        sweep.axis[0].with = vec!["station.desk.servers".into()];
        let text = summary(&sweep, Ink(false));
        assert!(
            text.replace("\n ", "").contains("varied: workload.customers.arrivals.poisson and station.desk.servers"),
            "{text}"
        );
    }

    #[test]
    fn every_curve_has_a_block_of_its_own() {
        let text = summary(&fixture::curves(), Ink(false));
        assert!(text.starts_with("2 of 2 curves have a knee, the best at 0.6/s, desk.servers 2:"), "{text}");
        assert!(text.contains("\ndesk.servers 1\n") && text.contains("\ndesk.servers 2\n"), "{text}");
        assert_eq!(text.matches("knee →").count(), 2, "{text}");
        assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    }
}
