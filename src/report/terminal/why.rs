//! Where requests spent their time, and what a faster station would change.

use super::ink::{Ink, Tone};
use super::table::{Cell, Table};
use super::{shortened, wrap};
use crate::experiment::results::{Band, Difference, Results, Why, WhyPart, WhyWorkload};
use crate::report::quantity::{Kind, show};

/// Parts beyond these are left to JSON and CSV.
const MOST_PARTS: usize = 10;
/// Most characters of a name in a table.
const LONGEST: usize = 20;

/// A table for each workload, and one of faster stations; empty where nobody asked.
pub(super) fn why(results: &Results, ink: Ink) -> String {
    let Some(why) = &results.why else { return String::new() };
    let mut parts = Vec::new();
    for (name, workload) in &why.workloads {
        parts.push(workload_table(name, workload, ink));
        let faster = faster_table(name, why, ink);
        parts.extend((!faster.is_empty()).then_some(faster));
    }
    parts.join("\n")
}

fn workload_table(name: &str, workload: &WhyWorkload, ink: Ink) -> String {
    let bands = [("mean", &workload.mean), ("around p50", &workload.p50), ("around p99", &workload.p99)];
    let told: Vec<(&str, &Band)> = bands.into_iter().filter(|(_, band)| band.withheld.is_none()).collect();
    let mut text = String::new();
    if !told.is_empty() {
        let short = shortened(name, LONGEST);
        let mut head = vec![short.as_str()];
        told.iter().for_each(|(name, _)| head.extend([*name, "of it"]));
        let mut table = Table::new(&head);
        let mut total: Vec<Cell> = vec!["latency".into()];
        told.iter().for_each(|(_, band)| total.extend([show(Kind::Time, band.latency_s).into(), Cell::default()]));
        table.row(total);
        let shown = largest(&told);
        for (cause, station) in &shown {
            let mut cells: Vec<Cell> = vec![label(cause, *station).into()];
            for (_, band) in &told {
                let same = |part: &&WhyPart| (part.cause, part.station.as_deref()) == (*cause, *station);
                let same = band.parts.iter().find(same);
                cells.push(show(Kind::Time, same.map(|part| part.time_s)).into());
                cells.push(same.map_or_else(Cell::default, |part| percent(part.share)));
            }
            table.row(cells);
        }
        rest(&mut table, &told, &shown);
        text.push_str(&table.render(ink));
    }
    for (band, withheld) in bands.iter().filter_map(|(name, band)| Some((name, band.withheld.as_ref()?))) {
        text.push_str(&wrap(&format!("{name}, {band}: {withheld}"), 2));
        text.push('\n');
    }
    let said = format!(
        "from {} requests of {name}, one in {}; {} of them around p99",
        workload.requests, workload.one_in, workload.p99.requests
    );
    text + &ink.paint(Tone::Dim, &wrap(&said, 2)) + "\n"
}

/// A cause and where, if it is somewhere.
type Reason<'a> = (&'static str, Option<&'a str>);

/// What takes the largest share in some band.
fn largest<'a>(told: &[(&str, &'a Band)]) -> Vec<Reason<'a>> {
    let mut shares: Vec<(Reason<'a>, f64)> = Vec::new();
    for part in told.iter().flat_map(|(_, band)| &band.parts) {
        let reason = (part.cause, part.station.as_deref());
        match shares.iter_mut().find(|(known, _)| *known == reason) {
            Some((_, share)) => *share = share.max(part.share),
            None => shares.push((reason, part.share)),
        }
    }
    shares.sort_by(|a, b| b.1.total_cmp(&a.1));
    shares.into_iter().take(MOST_PARTS).map(|(reason, _)| reason).collect()
}

/// All that is not shown by itself.
fn rest(table: &mut Table, told: &[(&str, &Band)], shown: &[Reason<'_>]) {
    let mut cells: Vec<Cell> = vec!["everything else".into()];
    let mut count = 0;
    for (_, band) in told {
        let is_hidden = |part: &&WhyPart| !shown.contains(&(part.cause, part.station.as_deref()));
        let hidden: Vec<&WhyPart> = band.parts.iter().filter(is_hidden).collect();
        count += hidden.len();
        cells.push(show(Kind::Time, Some(hidden.iter().fold(0.0, |sum, part| sum + part.time_s))).into());
        cells.push(percent(hidden.iter().fold(0.0, |sum, part| sum + part.share)));
    }
    if count > 0 {
        table.row(cells);
    }
}

/// `database wait`, `retry`.
fn label(cause: &str, station: Option<&str>) -> String {
    station.map_or_else(|| cause.to_string(), |station| format!("{} {cause}", shortened(station, LONGEST)))
}

fn percent(share: f64) -> Cell {
    let tone = if share >= 0.5 { Tone::Close } else { Tone::Dim };
    Cell::new(format!("{:.0} %", share * 100.0), tone)
}

/// What happens to a workload's latency if a station is twice as fast.
fn faster_table(workload: &str, why: &Why, ink: Ink) -> String {
    if why.faster.is_empty() {
        return String::new();
    }
    let factor = why.faster[0].factor;
    let head = format!("{factor} × as fast");
    let mut table = Table::new(&[&head, "mean", "±", "p99", "±"]);
    for faster in &why.faster {
        let of = |metric: &str| {
            let metric = format!("{workload}.latency.{metric}");
            faster.changes.iter().find(|change| change.metric == metric)
        };
        let mut cells: Vec<Cell> = vec![shortened(&faster.station, LONGEST).into()];
        ["mean", "p99"].iter().for_each(|metric| cells.extend(change(of(metric))));
        table.row(cells);
    }
    table.render(ink)
}

/// A change in percent, and half of its interval; one that may be chance says so.
fn change(change: Option<&Difference>) -> [Cell; 2] {
    let Some((change, before)) = change.and_then(|change| Some((change, change.before.value?))) else {
        return ["–".into(), Cell::default()];
    };
    let Some(relative) = change.relative.filter(|_| change.real) else {
        return [Cell::new("no real change", Tone::Dim), Cell::default()];
    };
    let half = change.difference.ci95.map(|[low, high]| (high - low) / 2.0 / before);
    let half = half.map_or_else(String::new, |half| format!("{:.1}", half.abs() * 100.0));
    let tone = if relative < 0.0 { Tone::Good } else { Tone::Bad };
    let sign = if relative < 0.0 { "−" } else { "+" };
    [Cell::new(format!("{sign}{:.1} %", relative.abs() * 100.0), tone), Cell::new(half, Tone::Dim)]
}
