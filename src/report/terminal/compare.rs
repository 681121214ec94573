//! The summary of a comparison: what really changes, step by step.

use super::ink::{Ink, Tone};
use super::table::{Cell, Table};
use super::wrap;
use crate::experiment::results::{Change, CompareResults, Difference, Step};
use crate::model::Metric;
use crate::report::quantity::{self, Kind, dollars, show};
use crate::report::reading::cut_short;

/// Verdict, a table of the steps, and one of the differences.
pub(super) fn summary(results: &CompareResults, ink: Ink) -> String {
    let mut parts = vec![verdict(results, ink)];
    let workloads = results.steps.first().map(|step| step.result.workloads.keys());
    if results.steps.len() > 2 {
        parts.extend(workloads.into_iter().flatten().map(|name| steps(results, name, ink)));
    }
    let shown = results
        .changes
        .iter()
        .filter(|change| results.changes.len() <= FEW || change.differences.iter().any(|d| d.real));
    parts.extend(shown.map(|change| differences(results, change, ink)));
    parts.push(footer(results, ink));
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join("\n")
}

/// Tables of differences are shown whether anything is real or not, up to so many.
const FEW: usize = 3;

fn verdict(results: &CompareResults, ink: Ink) -> String {
    let lines = results.changes.iter().flat_map(|change| {
        let said = wrap(&said(results, change), 2);
        let tone = tone(change);
        said.lines().map(|line| ink.paint(tone, line)).collect::<Vec<_>>()
    });
    let partial = cut_short(results.partial, results.stopped.as_deref());
    let partial =
        partial.map(|cut| ink.paint(Tone::Bad, &format!("{cut}: not all replications were run to their end")));
    let lines: Vec<String> = partial.into_iter().chain(lines).collect();
    lines.join("\n") + "\n"
}

fn tone(change: &Change) -> Tone {
    let any = |better: bool| change.differences.iter().any(|difference| difference.better == Some(better));
    match (any(true), any(false)) {
        (true, false) => Tone::Good,
        (false, true) => Tone::Bad,
        (true, true) => Tone::Close,
        (false, false) => Tone::Head,
    }
}

/// What changes most, in a sentence.
fn said(results: &CompareResults, change: &Change) -> String {
    let name = |index: usize| results.steps.get(index).map_or("", |step| step.name.as_str());
    let (from, to) = (name(change.from), name(change.to));
    let mut real: Vec<&Difference> = change.differences.iter().filter(|difference| difference.real).collect();
    match (real.is_empty(), change.pairs) {
        (true, 0 | 1) => return format!("{from} and {to} cannot be told apart by so few replications"),
        (true, _) => return format!("no real difference between {from} and {to}"),
        (false, _) => {}
    }
    let weight = |difference: &&Difference| difference.relative.map_or(f64::INFINITY, f64::abs);
    real.sort_by(|a, b| weight(b).total_cmp(&weight(a)));
    let said: Vec<String> = real.iter().take(SAID).map(|difference| moved(difference)).collect();
    let more = real.len().saturating_sub(SAID);
    let more = if more > 0 { format!(", and {more} more") } else { String::new() };
    format!("{to} against {from}: {}{more}", said.join(", "))
}

/// Differences named in the verdict.
const SAID: usize = 3;

/// `shoppers.latency.p99 falls by 31 %`.
fn moved(difference: &Difference) -> String {
    let value = difference.difference.value.unwrap_or(0.0);
    let verb = if value < 0.0 { "falls" } else { "rises" };
    let by = match difference.relative {
        Some(share) if share.abs() < 10.0 => show(Kind::Ratio, Some(share.abs())),
        Some(share) => format!("a factor of {}", show(Kind::Count, Some(1.0 + share.abs()))),
        None => show(kind(difference), Some(value.abs())),
    };
    format!("{} {verb} by {by}", difference.metric)
}

fn kind(difference: &Difference) -> Kind {
    Metric::parse(&difference.metric).map_or(Kind::Count, |metric| Kind::of(&metric))
}

/// A row per step; arrows where it really differs from what it is compared with.
fn steps(results: &CompareResults, workload: &str, ink: Ink) -> String {
    let priced = is_priced(results);
    let whole = step_rows(results, workload, if priced { 2 } else { 0 });
    let table = if whole.fits() { whole } else { step_rows(results, workload, usize::from(priced)) };
    table.render(ink)
}

/// With so many prices: of an hour, and of a million requests.
fn step_rows(results: &CompareResults, workload: &str, prices: usize) -> Table {
    let mut head = vec![workload, "throughput", "errors", "mean", "p99"];
    head.extend(&["$/h", "$/M"][..prices]);
    head.extend(["bottleneck", "busy"]);
    // What is nothing everywhere is the least loss; how busy the bottleneck is, the next.
    let failed = |step: &Step| step.result.workloads.get(workload).and_then(|found| found.error_rate.value) > Some(0.0);
    let spare: &[&str] = if results.steps.iter().any(failed) { &["busy"] } else { &["errors", "busy"] };
    let mut table = Table::new(&head).spare(spare);
    for (index, step) in results.steps.iter().enumerate() {
        let change = results.changes.iter().find(|change| change.to == index);
        table.row(step_row(step, workload, change, prices));
    }
    table
}

fn step_row(step: &Step, workload: &str, change: Option<&Change>, prices: usize) -> Vec<Cell> {
    let mut cells = vec![Cell::from(shortened(&step.name))];
    let found = step.result.workloads.get(workload);
    let numbers = found.map(|found| {
        [
            (Kind::Rate, "throughput", found.throughput.value),
            (Kind::Ratio, "error-rate", found.error_rate.value),
            (Kind::Time, "latency.mean", found.latency.mean.value),
            (Kind::Time, "latency.p99", found.latency.p99.value),
        ]
    });
    for (kind, metric, value) in numbers.into_iter().flatten() {
        cells.push(marked(change, &format!("{workload}.{metric}"), show(kind, value)));
    }
    cells.resize_with(5, Cell::default);
    let million = step.result.cost.per_million_requests;
    let costs = [
        marked(change, "cost", format!("{:.2}", step.result.cost.per_hour)),
        million.map_or("–".to_owned(), |amount| dollars(amount).trim_start_matches('$').to_owned()).into(),
    ];
    cells.extend(costs.into_iter().take(prices));
    if let Some(limit) = &step.result.bottleneck {
        cells.push(Cell::left(&limit.station));
        cells.push(Cell::new(show(Kind::Ratio, Some(limit.utilization)), Tone::of_utilization(limit.utilization)));
    }
    cells
}

/// Room for the name of a step.
const NAME: usize = 18;

fn shortened(name: &str) -> String {
    match name.chars().count() {
        n if n <= NAME => name.to_owned(),
        n => format!("…{}", name.chars().skip(n - NAME + 1).collect::<String>()),
    }
}

/// With an arrow where it really changed.
fn marked(change: Option<&Change>, metric: &str, shown: String) -> Cell {
    let difference = change.and_then(|change| change.differences.iter().find(|difference| difference.metric == metric));
    let Some(difference) = difference.filter(|difference| difference.real) else {
        return Cell::from(shown + " ·");
    };
    let arrow = if difference.difference.value.is_some_and(|value| value < 0.0) { "↓" } else { "↑" };
    Cell::new(format!("{shown} {arrow}"), Tone::of(difference.better))
}

/// A table for each workload, and one for whatever else was tested.
fn differences(results: &CompareResults, change: &Change, ink: Ink) -> String {
    let name = |index: usize| results.steps.get(index).map_or("", |step| step.name.as_str());
    let heading = wrap(&format!("{} → {}", name(change.from), name(change.to)), 2);
    let mut text: String = heading.lines().map(|line| ink.paint(Tone::Head, line) + "\n").collect();
    let mut tables: Vec<(String, Table)> = Vec::new();
    for difference in change.differences.iter().filter(|difference| says_something(difference)) {
        let (owner, metric) = difference.metric.split_once('.').unwrap_or(("", &difference.metric));
        if tables.last().is_none_or(|(last, _)| last != owner) {
            tables.push((owner.to_owned(), Table::new(&[owner, "before", "after", "difference", "±", "", "p"])));
        }
        if let Some((_, table)) = tables.last_mut() {
            table.row(difference_row(metric, difference));
        }
    }
    text.extend(tables.iter().map(|(_, table)| table.render(ink)));
    text
}

/// What is nothing before and after says nothing.
fn says_something(difference: &Difference) -> bool {
    [difference.before.value, difference.after.value].iter().any(|value| value.is_some_and(|value| value != 0.0))
}

fn difference_row(metric: &str, difference: &Difference) -> Vec<Cell> {
    let kind = kind(difference);
    let like = difference.before.value.unwrap_or(0.0);
    let (value, half) = quantity::difference(kind, like, &difference.difference);
    let (word, tone) = match (difference.real, difference.better) {
        (false, _) => ("within chance", Tone::Dim),
        (true, Some(true)) => ("better", Tone::Good),
        (true, Some(false)) => ("worse", Tone::Bad),
        (true, None) => ("real", Tone::Close),
    };
    vec![
        Cell::from(metric),
        Cell::from(show(kind, difference.before.value)),
        Cell::from(show(kind, difference.after.value)),
        Cell::from(value),
        Cell::new(half, Tone::Dim),
        Cell::new(word, tone),
        Cell::new(probability(difference.adjusted_p), Tone::Dim),
    ]
}

fn probability(p: Option<f64>) -> String {
    match p {
        None => "–".to_owned(),
        Some(p) if p < 0.001 => "<0.001".to_owned(),
        Some(p) => format!("{p:.3}"),
    }
}

/// What the columns of prices say, where there are any.
fn prices(results: &CompareResults) -> &'static str {
    match results.steps.len() > 2 && is_priced(results) {
        true => "$/h: dollars an hour, $/M: dollars a million requests; ",
        false => "",
    }
}

fn is_priced(results: &CompareResults) -> bool {
    results.steps.iter().any(|step| step.result.cost.per_hour > 0.0)
}

fn footer(results: &CompareResults, ink: Ink) -> String {
    let Some(first) = results.steps.first().map(|step| &step.result.scenario) else { return String::new() };
    let pairs = results.changes.iter().map(|change| change.pairs).min().unwrap_or(0);
    let plural = if pairs == 1 { "" } else { "s" };
    let said = format!(
        "{}seed {}, {pairs} pair{plural} of replications with the same customers; ± is for 95 %; a difference is real where p, \
         adjusted for {} tests (Holm), is at most 0.05; knee {}",
        prices(results),
        first.seed,
        results.tests,
        first.version
    );
    let said = wrap(&said, 2);
    let lines: Vec<String> = said.lines().map(|line| ink.paint(Tone::Dim, line)).collect();
    lines.join("\n") + "\n"
}
