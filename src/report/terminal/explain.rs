//! What is said of a scenario that has not been run.

use std::collections::BTreeMap;

use super::architecture::architecture;
use super::ink::{Ink, Tone};
use super::table::{Cell, Table};
use super::{lines, titled, wrap};
use crate::experiment::explain::{Bottleneck, Explanation, Source, StationPlan, WorkloadPlan};
use crate::report::quantity::{Kind, show};
use crate::report::reading;

/// Stations beyond these are left to JSON and CSV.
const MOST_STATIONS: usize = 24;
/// What may be left out of a table, one after the other, before names are cut.
const LEVELS: usize = 2;
/// Of more, this many of the busiest.
const BUSIEST: usize = 16;

/// Verdict, picture, tables, and how the numbers came about.
pub(super) fn summary(explanation: &Explanation, ink: Ink) -> String {
    let parts = [
        verdict(explanation, ink),
        architecture(explanation, ink),
        workloads(explanation, ink),
        stations(explanation, ink),
        solution(explanation, ink),
        listing(explanation, ink),
    ];
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join("\n")
}

fn verdict(explanation: &Explanation, ink: Ink) -> String {
    let said = match (&explanation.bottleneck, &explanation.highest) {
        (None, _) => "nothing ever saturates".to_string(),
        (Some(first), Some(highest)) if highest.factor < 1.0 => {
            format!("overloaded: {} gets {} of what it can do", first.station, percent(first.load))
        }
        (Some(first), Some(_)) if is_open(explanation) => open(explanation, first),
        (Some(first), _) => closed(explanation, first),
    };
    let bad = explanation.highest.as_ref().is_some_and(|highest| highest.factor < 1.0);
    let lines = wrap(&said, 2);
    let tone = if bad { Tone::Bad } else { Tone::Head };
    let lines: Vec<String> = lines.lines().map(|line| ink.paint(tone, line)).collect();
    let scenario = &explanation.scenario;
    let title = titled(&scenario.title, &reading::named(&scenario.file, &scenario.set), ink);
    format!("{}\n{title}\n", lines.join("\n"))
}

fn is_open(explanation: &Explanation) -> bool {
    explanation.workloads.values().all(|plan| !matches!(plan.source, Source::Closed { .. }))
}

fn open(explanation: &Explanation, first: &Bottleneck) -> String {
    let next = explanation
        .next_bottleneck
        .as_ref()
        .map_or_else(String::new, |next| format!("; without that limit {}, at {}", next.station, times(next.factor)));
    let rate: f64 = first.throughput.values().sum();
    let station = &first.station;
    format!(
        "{station} saturates first, at {} today's load ({}){next}",
        times(first.factor),
        show(Kind::Rate, Some(rate))
    )
}

fn closed(explanation: &Explanation, first: &Bottleneck) -> String {
    let mut said = format!("{} saturates first", first.station);
    if let [(name, plan)] = explanation.workloads.iter().collect::<Vec<_>>()[..]
        && let (Source::Closed { users, .. }, Some(knee)) = (plan.source, plan.bounds.knee_users)
    {
        let rate = show(Kind::Rate, first.throughput.get(name).copied());
        let beyond = if f64::from(users) > knee { "beyond" } else { "below" };
        let knee = show(Kind::Count, Some(knee));
        said = format!("{said}: at most {rate}, from about {knee} users on ({users} are {beyond} that)");
    }
    let next = explanation.next_bottleneck.as_ref();
    let next = next.map(|next| {
        format!("; without that limit {}, at {} the throughput", next.station, times(first.load / next.load))
    });
    said + &next.unwrap_or_default()
}

fn times(factor: f64) -> String {
    format!("{} ×", show(Kind::Count, Some(factor)))
}

fn percent(share: f64) -> String {
    show(Kind::Ratio, Some(share))
}

fn time(value: Option<f64>) -> String {
    show(Kind::Time, value)
}

/// The table with the most columns that fits the terminal: those that are left out first come last in the levels.
fn fitting(table: impl Fn(usize) -> Table, ink: Ink) -> String {
    let fits = |level: &usize| table(*level).fits();
    let level = (0..LEVELS).find(fits).unwrap_or(LEVELS);
    let shown = table(level);
    let missing = shown.missing_of(&table(0), ink);
    shown.render(ink) + &missing
}

fn workloads(explanation: &Explanation, ink: Ink) -> String {
    let mut text = fitting(|level| workload_table(explanation, level), ink);
    for (name, plan) in &explanation.workloads {
        if let Some(narrow) = plan.bounds.balanced_job {
            let rate = |value| show(Kind::Rate, Some(value));
            let line = format!(
                "balanced job bounds of {name}: {} to {}, mean response {} to {}",
                rate(narrow.throughput_low),
                rate(narrow.throughput_high),
                time(Some(narrow.response_low_s)),
                time(Some(narrow.response_high_s)),
            );
            text.push_str(&ink.paint(Tone::Dim, &wrap(&line, 2)));
            text.push('\n');
        }
    }
    text
}

fn workload_table(explanation: &Explanation, level: usize) -> Table {
    let exact = explanation.workloads.values().any(|plan| plan.exact.is_some());
    let users = explanation.workloads.values().any(|plan| plan.bounds.knee_users.is_some());
    let row = |name: &str, plan: &WorkloadPlan| -> Vec<(bool, &'static str, String)> {
        vec![
            (true, "workload", name.to_owned()),
            (true, "demand", time(Some(plan.demand_s))),
            (level < 2, "alone", time(Some(plan.unloaded_response_s))),
            (true, "at most", show(Kind::Rate, plan.bounds.throughput_high)),
            (users, "knee N*", show(Kind::Count, plan.bounds.knee_users)),
            (users && level < 1, "R at least", time(Some(plan.bounds.response_low_s))),
            (exact, "throughput", show(Kind::Rate, plan.exact.map(|exact| exact.throughput))),
            (exact, "response", time(plan.exact.map(|exact| exact.response_mean_s))),
        ]
    };
    let rows: Vec<_> = explanation.workloads.iter().map(|(name, plan)| row(name, plan)).collect();
    let head = rows.first().into_iter().flatten().filter(|(shown, ..)| *shown).map(|(_, head, _)| *head);
    let mut table = Table::new(&head.collect::<Vec<_>>());
    for row in rows {
        table.row(row.into_iter().filter(|(shown, ..)| *shown).map(|(.., text)| text.into()).collect());
    }
    table
}

/// A row for each group of stations, and under it one for each workload, if there are several.
fn stations(explanation: &Explanation, ink: Ink) -> String {
    // Threads without end limit nobody, and waiting rooms serve nobody.
    let limits = |station: &StationPlan| station.servers != Some(0) && !(station.held && station.servers.is_none());
    let mut shown: Vec<&(String, StationPlan)> =
        explanation.stations.0.iter().filter(|(_, station)| limits(station)).collect();
    let count = shown.len();
    if count == 0 {
        return String::new();
    }
    if count > MOST_STATIONS {
        shown.sort_by(|a, b| b.1.load.unwrap_or(0.0).total_cmp(&a.1.load.unwrap_or(0.0)));
        shown.truncate(BUSIEST);
    }
    let mut text = fitting(|level| station_table(explanation, &shown, level), ink);
    if count > shown.len() {
        let line = format!("… and {} less busy ones: --format csv has them all\n", count - shown.len());
        text.push_str(&ink.paint(Tone::Dim, &line));
    }
    text + &notes(explanation, &shown, ink)
}

fn station_table(explanation: &Explanation, shown: &[&(String, StationPlan)], level: usize) -> Table {
    let exact = shown.iter().any(|(_, station)| station.exact.is_some());
    let columns = [exact && level < 2, exact && level < 1, exact];
    let mut head = vec!["station", "servers", "visits", "demand", "busy"];
    let more = columns.into_iter().zip(["present", "each visit", "residence"]);
    head.extend(more.filter(|(shown, _)| *shown).map(|(_, name)| name));
    let mut table = Table::new(&head);
    for (name, station) in shown {
        let several = explanation.workloads.len() > 1;
        table.row(station_row(name, station, several, columns));
        for (workload, visits) in station.visits.iter().filter(|_| several) {
            table.details(share_row(workload, *visits, station, columns));
        }
    }
    table
}

fn station_row(name: &str, station: &StationPlan, several: bool, columns: [bool; 3]) -> Vec<Cell> {
    let only = |values: &BTreeMap<String, f64>| values.values().next().copied().filter(|_| !several);
    let said = |kind: Kind, value: Option<f64>| value.map_or_else(String::new, |value| show(kind, Some(value)));
    let mark = match (station.guessed, station.held) {
        (true, _) => " ?",
        (_, true) => " ≥",
        _ => "",
    };
    let tone = station.load.map_or(Tone::Plain, Tone::of_utilization);
    let mut cells: Vec<Cell> = vec![
        format!("{name}{mark}").into(),
        station.servers.map_or_else(|| "∞".into(), |servers| servers.to_string()).into(),
        said(Kind::Count, only(&station.visits)).into(),
        said(Kind::Time, only(&station.demand_s)).into(),
        Cell::new(said(Kind::Ratio, station.load), tone),
    ];
    let exact = station.exact.as_ref();
    let more = [
        said(Kind::Count, exact.map(|exact| exact.in_system)),
        said(Kind::Time, exact.map(|exact| exact.response_mean_s)),
        said(Kind::Time, exact.and_then(|exact| only(&exact.residence_s))),
    ];
    cells.extend(more.into_iter().zip(columns).filter(|(_, shown)| *shown).map(|(text, _)| text.into()));
    cells
}

/// What a station has to do with one workload among several.
fn share_row(workload: &str, visits: f64, station: &StationPlan, columns: [bool; 3]) -> Vec<String> {
    let demand = station.demand_s.get(workload).copied();
    let residence = station.exact.as_ref().and_then(|exact| exact.residence_s.get(workload)).copied();
    let mut cells = vec![format!("  {workload}"), String::new(), show(Kind::Count, Some(visits)), time(demand)];
    if let Some(residence) = residence {
        let blanks = 1 + columns[..2].iter().filter(|shown| **shown).count();
        cells.extend(std::iter::repeat_n(String::new(), blanks));
        cells.push(time(Some(residence)));
    }
    cells
}

fn notes(explanation: &Explanation, shown: &[&(String, StationPlan)], ink: Ink) -> String {
    let mut notes = Vec::new();
    for (name, station) in shown {
        if let (Some(hottest), Some(coldest)) = (&station.hottest, &station.coldest) {
            let at = |extreme: &crate::experiment::explain::Extreme| {
                let load = extreme.load.map_or_else(String::new, |load| format!(", {} busy", percent(load)));
                format!("{} gets {} of it{load}", extreme.station, percent(extreme.share))
            };
            notes.push(format!("{name} is not loaded evenly: {}; {}", at(hottest), at(coldest)));
        }
    }
    if shown.iter().any(|(_, station)| station.held && !station.guessed) {
        notes.push("≥ held while something else is done: at least this, without the waits in between".into());
    }
    if shown.iter().any(|(_, station)| station.guessed) {
        notes.push("? depends on what caches hold: a guess".into());
    }
    if !explanation.solution.exact && explanation.workloads.values().any(|plan| plan.bounds.knee_users.is_some()) {
        notes.push("busy: at the highest throughput that the bounds allow".into());
    }
    notes.iter().map(|note| ink.paint(Tone::Dim, &wrap(note, 2)) + "\n").collect()
}

/// A line that begins with something, and goes on below what follows it.
fn hanging(lead: &str, text: &str) -> String {
    // Lines are not broken at blanks of this kind.
    let line = wrap(&format!("{}{text}", lead.replace(' ', "\u{a0}")), lead.chars().count());
    line.replace('\u{a0}', " ") + "\n"
}

/// Whether theory knows the answer, and if not, why.
fn solution(explanation: &Explanation, ink: Ink) -> String {
    let solution = &explanation.solution;
    if let (true, Some(method)) = (solution.exact, &solution.method) {
        return wrap(&format!("{} exact means, by {method}", ink.mark(Some(true))), 2) + "\n";
    }
    let mut text = wrap("bounds only, no exact solution, because the conditions of a product form fail:", 2) + "\n";
    for reason in solution.because.iter().take(6) {
        text.push_str(&hanging("  - ", reason));
    }
    if solution.because.len() > 6 {
        text.push_str(&format!("  - and {} more\n", solution.because.len() - 6));
    }
    text
}

fn listing(explanation: &Explanation, ink: Ink) -> String {
    let mut text = String::new();
    for routine in &explanation.program {
        text.push_str(&lines(&routine.name, Tone::Head, ink));
        for (op, at) in routine.ops.iter().zip(routine.entry..) {
            text.push_str(&hanging(&format!("{at:>6}  "), op));
        }
    }
    text
}
