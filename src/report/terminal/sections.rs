//! The tables of a run's summary.

use std::collections::BTreeMap;

use super::few::{few, others};
use super::ink::{Ink, Tone};
use super::lines;
use super::table::{Cell, Table};
use crate::experiment::results::{
    Errors, Estimate, Latency, Observed, Results, StationMap, StationResult, TheoryLine, WorkloadResult,
};
use crate::report::quantity::{Kind, Scale, estimate, show};
use crate::report::reading;

/// Replicas are listed one by one only where there are at most this many.
const FEW_REPLICAS: usize = 4;

/// A row per workload, or for the largest of very many, and per operation where there are several.
pub(super) fn workloads(results: &Results, ink: Ink) -> String {
    let mut table = Table::new(&["workload", "offered", "throughput", "errors", "mean", "p50", "p95", "p99"])
        .spare(&["p50", "p95"]);
    let offered = |(_, workload): &(&String, &WorkloadResult)| workload.offered.value.unwrap_or(0.0);
    let (shown, left_out) = few(results.workloads.iter().collect(), offered);
    for &(name, workload) in &shown {
        let rate = (&workload.throughput, &workload.error_rate);
        requests(&mut table, name, Some(&workload.offered), rate, &workload.latency);
        if workload.operations.len() > 1 {
            for (name, operation) in &workload.operations {
                let rate = (&operation.throughput, &operation.error_rate);
                requests(&mut table, &format!("  {name}"), None, rate, &operation.latency);
            }
        }
    }
    let mut text = table.render(ink) + &others(left_out, "workloads with fewer requests", ink);
    for (name, workload) in shown {
        text.push_str(&errors(name, &workload.errors, ink));
    }
    if results.scenario.replications > 1 {
        let note = "± is the half-width of the 95 % confidence interval";
        text.push_str(&ink.paint(Tone::Dim, note));
        text.push('\n');
    }
    text
}

fn requests(
    table: &mut Table,
    name: &str,
    offered: Option<&Estimate>,
    (throughput, error_rate): (&Estimate, &Estimate),
    latency: &Latency,
) {
    let none = (String::new(), String::new());
    let mut numbers = vec![
        offered.map_or(none, |e| estimate(Kind::Rate, e)),
        estimate(Kind::Rate, throughput),
        estimate(Kind::Ratio, error_rate),
    ];
    let times = [&latency.mean, &latency.p50, &latency.p95, &latency.p99];
    numbers.extend(times.map(|e| estimate(Kind::Time, e)));
    let (values, halves): (Vec<String>, Vec<String>) = numbers.into_iter().unzip();
    let mut cells: Vec<Cell> = std::iter::once(name.to_owned()).chain(values).map(Cell::from).collect();
    if error_rate.value.is_some_and(|rate| rate > 0.0) {
        cells[3] = Cell::new(estimate(Kind::Ratio, error_rate).0, Tone::Bad);
    }
    table.row(cells);
    table.details(std::iter::once(String::new()).chain(halves).collect());
}

fn errors(name: &str, errors: &Errors, ink: Ink) -> String {
    let kinds = [
        (errors.rejected, "rejected"),
        (errors.timed_out, "timed out"),
        (errors.failed, "failed"),
        (errors.abandoned, "abandoned"),
    ];
    let said: Vec<String> = kinds.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{n} {what}")).collect();
    if said.is_empty() {
        return String::new();
    }
    lines(&format!("{name}: {} in all replications", said.join(", ")), Tone::Bad, ink)
}

/// A row per station, or for the busiest of very many; replicas one by one only where they are few.
pub(super) fn stations(stations: &StationMap, ink: Ink) -> String {
    let replicas = replicas(stations);
    let are_few = |pooled: &String| replicas.get(pooled).is_some_and(|&count| count <= FEW_REPLICAS);
    let told = stations.0.iter().filter(|(name, station)| says_something(name, station));
    let rows = told.filter_map(|(name, station)| match pooled_name(name) {
        None => Some((name.clone(), station)),
        Some(pooled) => are_few(&pooled).then(|| (format!("  {name}"), station)),
    });
    let (shown, left_out) = few(rows.collect(), |(_, station)| station.utilization.value.unwrap_or(0.0));
    if shown.is_empty() {
        return String::new();
    }
    let mut table = Table::new(&["station", "servers", "busy", "throughput", "queue", "wait", "response", "p99"])
        .spare(&["queue", "throughput"]);
    shown.into_iter().for_each(|(name, station)| station_rows(&mut table, name, station));
    table.render(ink) + &others(left_out, "less busy stations", ink)
}

/// Nobody waits for threads or connections that are without limit; parts of machines may never be used.
fn says_something(name: &str, station: &StationResult) -> bool {
    let may_be_held = [".threads", ".connections"].iter().any(|part| name.ends_with(part));
    let unlimited = may_be_held && station.servers.is_none();
    let unused = name.contains('.') && station.in_system.value == Some(0.0) && station.throughput.value == Some(0.0);
    !unlimited && !unused
}

/// `app.cpu` for `app[2].cpu`; none for a name without a replica.
fn pooled_name(name: &str) -> Option<String> {
    let mut parts = name.split('[');
    let mut pooled = parts.next()?.to_owned();
    let before = pooled.len();
    parts.filter_map(|part| part.split_once(']')).for_each(|(_, after)| pooled.push_str(after));
    (before < name.len()).then_some(pooled)
}

/// How many replicas there are of each pooled name.
fn replicas(stations: &StationMap) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for pooled in stations.0.iter().filter_map(|(name, _)| pooled_name(name)) {
        *counts.entry(pooled).or_default() += 1;
    }
    counts
}

fn station_rows(table: &mut Table, name: String, station: &StationResult) {
    let servers = match station.servers {
        None => "∞".to_owned(),
        // A waiting room.
        Some(0) => "–".to_owned(),
        Some(n) => n.to_string(),
    };
    let none = Estimate::default();
    let numbers = [
        estimate(Kind::Ratio, &station.utilization),
        estimate(Kind::Rate, &station.throughput),
        estimate(Kind::Count, station.queue_length.as_ref().unwrap_or(&none)),
        estimate(Kind::Time, &station.wait.mean),
        estimate(Kind::Time, &station.response.mean),
        estimate(Kind::Time, station.response.p99.as_ref().unwrap_or(&none)),
    ];
    let (values, halves): (Vec<String>, Vec<String>) = numbers.into_iter().unzip();
    let mut cells: Vec<Cell> = [name, servers].into_iter().chain(values).map(Cell::from).collect();
    if let Some(busy) = station.utilization.value {
        cells[2] = Cell::new(estimate(Kind::Ratio, &station.utilization).0, Tone::of_utilization(busy));
    }
    let blank = || String::new();
    table.row(cells);
    table.details([blank(), blank()].into_iter().chain(halves).collect());
}

/// A row per station whose servers may be away, that keeps others from leaving theirs, or that
/// serves many at once.
pub(super) fn special(stations: &StationMap, ink: Ink) -> String {
    let said = stations.0.iter().filter(|(name, station)| says_something(name, station));
    let rows = said.map(|(name, station)| (name, peculiar(station)));
    // Only what some station knows has a column, and only who knows something a row.
    let rows = rows.filter(|(_, row)| row.iter().any(Option::is_some));
    let sum =
        |(_, row): &(&String, [Option<Estimate>; 4])| row.iter().filter_map(|number| number.as_ref()?.value).sum();
    let (rows, left_out) = few(rows.collect(), sum);
    let columns: Vec<usize> = (0..PECULIAR.len()).filter(|&c| rows.iter().any(|(_, row)| row[c].is_some())).collect();
    if columns.is_empty() {
        return String::new();
    }
    let head: Vec<&str> = std::iter::once("station").chain(columns.iter().map(|&column| PECULIAR[column].0)).collect();
    let mut table = Table::new(&head);
    for (name, numbers) in &rows {
        let number = |&column: &usize| numbers[column].map(|e| estimate(PECULIAR[column].1, &e)).unwrap_or_default();
        let (values, halves): (Vec<String>, Vec<String>) = columns.iter().map(number).unzip();
        table.row(std::iter::once((*name).clone()).chain(values).map(Cell::from).collect());
        table.details(std::iter::once(String::new()).chain(halves).collect());
    }
    table.render(ink) + &others(left_out, "more like these", ink)
}

/// What only some stations know of themselves.
const PECULIAR: [(&str, Kind); 4] =
    [("away", Kind::Ratio), ("blocked", Kind::Count), ("set-ups", Kind::Rate), ("batch", Kind::Count)];

fn peculiar(station: &StationResult) -> [Option<Estimate>; 4] {
    [station.down, station.blocked, station.set_ups, station.batch_size]
}

/// With `observe-at`: a row per instant and station.
pub(super) fn observed(observed: &[Observed], ink: Ink) -> String {
    if observed.is_empty() {
        return String::new();
    }
    let mut table = Table::new(&["observed", "at", "in system", "empty"]);
    for instant in observed {
        for (name, station) in &instant.stations {
            let (count, count_half) = estimate(Kind::Count, &station.in_system);
            let (empty, empty_half) = estimate(Kind::Ratio, &station.empty);
            let at = show(Kind::Time, Some(instant.at_s));
            table.row(vec![name.into(), at.into(), count.into(), empty.into()]);
            table.details(vec![String::new(), String::new(), count_half, empty_half]);
        }
    }
    table.render(ink)
}

/// What formulas predict beside what was simulated.
pub(super) fn theory(lines: &[TheoryLine], ink: Ink) -> String {
    let (shown, left_out) = few(lines.iter().collect(), |line| f64::from(u8::from(!line.agrees)));
    if shown.is_empty() {
        return String::new();
    }
    let mut table = Table::new(&["theory", "model", "quantity", "predicted", "simulated", ""]);
    for line in shown {
        let (quantity, kind) = reading::quantity(line);
        let number = |value: f64| Cell::from(Scale::with_digits(kind, value, 4).show(value));
        table.row(vec![
            line.station.as_str().into(),
            Cell::left(&line.model),
            Cell::left(quantity),
            number(line.predicted),
            line.simulated.map_or_else(|| "–".into(), number),
            agreement(line),
        ]);
    }
    let near = lines.iter().any(|line| line.near && !line.approximate);
    let near = if near { super::lines(NEAR, Tone::Dim, ink) } else { String::new() };
    table.render(ink) + &others(left_out, "more like these", ink) + &near
}

/// What the mark of such lines means.
const NEAR: &str = "~ outside the 95 % interval, as one line in twenty is by chance, but within twice its half-width";

/// Whether they agree; of an approximation, how far the simulation is from it.
fn agreement(line: &TheoryLine) -> Cell {
    let off = line.simulated.map(|value| (value / line.predicted - 1.0).abs());
    match (line.approximate, line.agrees) {
        (true, false) => Cell::new(format!("≈ {} off", show(Kind::Ratio, off)), Tone::Dim),
        (true, true) => Cell::new("≈ agrees", Tone::Dim),
        (false, true) if line.near => Cell::new("~ near", Tone::Close),
        (false, true) => Cell::new("✓ agrees", Tone::Good),
        (false, false) => Cell::new("✗ differs", Tone::Bad),
    }
}
