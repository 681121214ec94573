//! The summary of a sweep: a line per point.

use super::fits;
use super::ink::{Ink, Tone};
use super::table::{Cell, Table};
use super::{WIDTH, wrap};
use crate::experiment::results::{Estimate, SweepPoint, SweepResults, WorkloadResult};
use crate::report::quantity::{Kind, estimate, show};
use crate::report::reading::{is_ordered, label, overloaded};

/// Verdict, a table per workload, fitted laws.
pub(super) fn summary(sweep: &SweepResults, ink: Ink) -> String {
    let mut parts = vec![verdict(sweep, ink)];
    parts.extend(names(sweep).iter().map(|name| table(sweep, name, ink)));
    parts.extend(fits::section(&sweep.fits, ink));
    parts.push(provenance(sweep, ink));
    parts.join("\n")
}

fn verdict(sweep: &SweepResults, ink: Ink) -> String {
    let overloads = sweep.points.iter().filter(|p| overloaded(&p.result));
    let tail = match (overloads.count(), sweep.points.len()) {
        (0, _) => String::new(),
        (n, all) => format!("; overloaded at {n} of {all} points"),
    };
    let (said, tone) = match &sweep.knee {
        _ if sweep.partial => (interrupted(sweep), Tone::Bad),
        Some(_) => (bend(sweep), Tone::Head),
        None => (bend(sweep), Tone::Close),
    };
    let lines = wrap(&(said + &tail), 2);
    let lines: Vec<String> = lines.lines().map(|line| ink.paint(tone, line)).collect();
    format!("{}\n{}\n", lines.join("\n"), ink.paint(Tone::Dim, &about(sweep)))
}

fn interrupted(sweep: &SweepResults) -> String {
    let asked = |point: &&SweepPoint| point.result.scenario.replications == sweep.replications;
    let finished = sweep.points.iter().filter(asked).count();
    format!("interrupted: {finished} of {} points finished", sweep.points.len())
}

/// Where the curve bends.
fn bend(sweep: &SweepResults) -> String {
    let Some(best) = sweep.knee.clone().or_else(|| sweep.best()) else {
        return "no knee: no point of the sweep is stable".into();
    };
    let place = place(sweep, &best.at);
    let rate = show(Kind::Rate, Some(best.throughput));
    let latency = show(Kind::Time, Some(best.latency));
    let there = format!("{place}: {rate} answered in {latency} on average");
    if !sweep.axis.iter().all(is_ordered) {
        return format!("throughput over latency is best at {there}");
    }
    if sweep.knee.is_some() {
        return format!("the knee is at {there}");
    }
    let end = match sweep.points.iter().all(|point| point.at[0] >= best.at[0]) {
        true => "least",
        false => "greatest",
    };
    format!("no knee within the sweep: throughput over latency is best at its {end} value, {place}")
}

/// The scenario and what was varied in it.
fn about(sweep: &SweepResults) -> String {
    let scenario = sweep.points.first().map(|point| &point.result.scenario);
    let title = scenario.map_or_else(String::new, |run| format!("{} ({})", run.title, run.file));
    let paths: Vec<&str> = sweep.axis.iter().map(|axis| axis.path.as_str()).collect();
    format!("{title}\nvaried: {}", paths.join(", "))
}

fn names(sweep: &SweepResults) -> Vec<String> {
    let first = sweep.points.first();
    first.map_or_else(Vec::new, |point| point.result.workloads.keys().cloned().collect())
}

/// With the half-widths of as many times as fit the terminal.
fn table(sweep: &SweepResults, workload: &str, ink: Ink) -> String {
    let fits = |&halves: &usize| {
        let plain = rows(sweep, workload, halves).render(Ink(false));
        plain.lines().all(|line| line.chars().count() <= WIDTH)
    };
    let halves = [2, 1].into_iter().find(fits).unwrap_or(0);
    rows(sweep, workload, halves).render(ink)
}

fn rows(sweep: &SweepResults, workload: &str, halves: usize) -> Table {
    let mut results = sweep.points.iter().filter_map(|point| point.result.workloads.get(workload));
    let errors = results.any(|result| result.error_rate.value.is_some_and(|rate| rate > 0.0));
    let mut head = vec![workload, "at", "throughput"];
    head.extend(errors.then_some("errors"));
    for (index, time) in ["mean", "p99"].into_iter().enumerate() {
        head.push(time);
        head.extend((index < halves).then_some("±"));
    }
    head.extend(["bottleneck", "busy"]);
    let mut table = Table::new(&head);
    for point in &sweep.points {
        if let Some(result) = point.result.workloads.get(workload) {
            table.row(row(sweep, point, result, (errors, halves)));
        }
    }
    table
}

fn row(
    sweep: &SweepResults,
    point: &SweepPoint,
    workload: &WorkloadResult,
    (errors, halves): (bool, usize),
) -> Vec<Cell> {
    let throughput = show(Kind::Rate, workload.throughput.value);
    let mut cells = vec![remark(sweep, point), place(sweep, &point.at).into(), throughput.into()];
    cells.extend(errors.then(|| failures(workload)));
    let times = [&workload.latency.mean, &workload.latency.p99];
    for (index, time) in times.into_iter().enumerate() {
        cells.extend(duration(time, index < halves));
    }
    if let Some(limit) = &point.result.bottleneck {
        let busy = show(Kind::Ratio, Some(limit.utilization));
        cells.push(Cell::left(&limit.station));
        cells.push(Cell::new(busy, Tone::of_utilization(limit.utilization)));
    }
    cells
}

fn duration(time: &Estimate, half: bool) -> Vec<Cell> {
    let (value, width) = estimate(Kind::Time, time);
    let mut cells = vec![Cell::from(value)];
    cells.extend(half.then(|| Cell::new(width, Tone::Dim)));
    cells
}

fn failures(workload: &WorkloadResult) -> Cell {
    let rate = workload.error_rate.value;
    let tone = if rate.is_some_and(|rate| rate > 0.0) { Tone::Bad } else { Tone::Plain };
    Cell::new(show(Kind::Ratio, rate), tone)
}

fn remark(sweep: &SweepResults, point: &SweepPoint) -> Cell {
    if overloaded(&point.result) {
        return Cell::new("overloaded", Tone::Bad);
    }
    match &sweep.knee {
        Some(knee) if knee.at == point.at => Cell::new("knee →", Tone::Good),
        _ => Cell::default(),
    }
}

/// The value on each axis, such as `0.8/s` or `8, 0.5`.
fn place(sweep: &SweepResults, at: &[f64]) -> String {
    let values = sweep.axis.iter().zip(at);
    let values: Vec<String> = values.map(|(axis, &value)| label(axis, value)).collect();
    values.join(", ")
}

fn provenance(sweep: &SweepResults, ink: Ink) -> String {
    let Some(first) = sweep.points.first() else {
        return String::new();
    };
    let run = &first.result.scenario;
    let asked = if sweep.partial { " asked for" } else { "" };
    let replications = format!("{} replications a point{asked}", sweep.replications);
    let said = format!("seed {}, {replications}, knee {}", run.seed, run.version);
    ink.paint(Tone::Dim, &said) + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;

    #[test]
    fn the_knee_and_the_overload_are_marked() {
        let text = summary(&fixture::sweep(), Ink(false));
        assert!(text.starts_with("the knee is at 0.6/s: 0.600/s answered"), "{text}");
        assert!(text.contains("\nknee →"), "{text}");
        assert!(text.contains("\noverloaded"), "{text}");
        assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
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
        sweep.points[7].result.scenario.replications = 2;
        let text = summary(&sweep, Ink(false));
        assert!(text.starts_with("interrupted: 7 of 8 points finished"), "{text}");
        assert!(text.contains("5 replications a point asked for"), "{text}");
    }
}
