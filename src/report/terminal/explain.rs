//! What is said of a scenario that has not been run.

use super::architecture::architecture;
use super::ink::{Ink, Tone};
use super::table::{Cell, Table};
use super::wrap;
use crate::experiment::explain::{Bottleneck, Explanation, Source, StationPlan, WorkloadPlan};
use crate::report::quantity::{Kind, show};

/// Stations beyond these are left to JSON and CSV.
const MOST_STATIONS: usize = 24;
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
    let title = format!("{} ({})", explanation.scenario.title, explanation.scenario.file);
    format!("{}\n{}\n", lines.join("\n"), ink.paint(Tone::Dim, &title))
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
    if let [(name, plan)] = explanation.workloads.iter().collect::<Vec<_>>()[..] {
        if let (Source::Closed { users, .. }, Some(knee)) = (plan.source, plan.bounds.knee_users) {
            let rate = show(Kind::Rate, first.throughput.get(name).copied());
            let beyond = if f64::from(users) > knee { "beyond" } else { "below" };
            said = format!(
                "{said}: at most {rate}, from about {} users on ({users} are {beyond} that)",
                show(Kind::Count, Some(knee))
            );
        }
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

fn workloads(explanation: &Explanation, ink: Ink) -> String {
    let exact = explanation.workloads.values().any(|plan| plan.exact.is_some());
    let users = explanation.workloads.values().any(|plan| plan.bounds.knee_users.is_some());
    let mut head = vec!["workload", "demand", "alone", "at most"];
    head.extend(users.then_some("knee N*"));
    head.extend(users.then_some("R at least"));
    head.extend(exact.then_some("throughput"));
    head.extend(exact.then_some("mean response"));
    let mut table = Table::new(&head);
    for (name, plan) in &explanation.workloads {
        table.row(workload(name, plan, users, exact));
    }
    let mut text = table.render(ink);
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

fn workload(name: &str, plan: &WorkloadPlan, users: bool, exact: bool) -> Vec<Cell> {
    let mut cells: Vec<Cell> = vec![
        name.into(),
        time(Some(plan.demand_s)).into(),
        time(Some(plan.unloaded_response_s)).into(),
        show(Kind::Rate, plan.bounds.throughput_high).into(),
    ];
    if users {
        cells.push(show(Kind::Count, plan.bounds.knee_users).into());
        cells.push(time(Some(plan.bounds.response_low_s)).into());
    }
    if exact {
        cells.push(show(Kind::Rate, plan.exact.map(|exact| exact.throughput)).into());
        cells.push(time(plan.exact.map(|exact| exact.response_mean_s)).into());
    }
    cells
}

/// A row for each group of stations, and under it one for each workload, if there are several.
fn stations(explanation: &Explanation, ink: Ink) -> String {
    let exact = explanation.stations.0.iter().any(|(_, station)| station.exact.is_some());
    let mut head = vec!["station", "servers", "visits", "demand", "busy"];
    head.extend(exact.then_some(["in system", "time a visit", "residence"]).into_iter().flatten());
    let mut table = Table::new(&head);
    let all = &explanation.stations.0;
    // Threads without end limit nobody, and waiting rooms serve nobody.
    let limits = |station: &StationPlan| station.servers != Some(0) && !(station.held && station.servers.is_none());
    let mut shown: Vec<&(String, StationPlan)> = all.iter().filter(|(_, station)| limits(station)).collect();
    let count = shown.len();
    if count == 0 {
        return String::new();
    }
    if count > MOST_STATIONS {
        shown.sort_by(|a, b| b.1.load.unwrap_or(0.0).total_cmp(&a.1.load.unwrap_or(0.0)));
        shown.truncate(BUSIEST);
    }
    for (name, station) in &shown {
        rows(&mut table, explanation, name, station);
    }
    let mut text = table.render(ink);
    if count > shown.len() {
        let line = format!("… and {} less busy ones: --format csv has them all\n", count - shown.len());
        text.push_str(&ink.paint(Tone::Dim, &line));
    }
    text + &notes(explanation, &shown, ink)
}

fn rows(table: &mut Table, explanation: &Explanation, name: &str, station: &StationPlan) {
    let several = explanation.workloads.len() > 1;
    let servers = station.servers.map_or_else(|| "∞".into(), |servers| servers.to_string());
    let tone = station.load.map_or(Tone::Plain, Tone::of_utilization);
    let number = |value: Option<f64>| show(Kind::Count, value);
    let only = |values: &std::collections::BTreeMap<String, f64>| values.values().next().copied().filter(|_| !several);
    let mark = match (station.guessed, station.held) {
        (true, _) => " ?",
        (_, true) => " ≥",
        _ => "",
    };
    let mut cells: Vec<Cell> = vec![
        format!("{name}{mark}").into(),
        servers.into(),
        only(&station.visits).map_or_else(String::new, |visits| number(Some(visits))).into(),
        only(&station.demand_s).map_or_else(String::new, |demand| time(Some(demand))).into(),
        Cell::new(station.load.map_or_else(String::new, percent), tone),
    ];
    if let Some(exact) = &station.exact {
        cells.push(number(Some(exact.in_system)).into());
        cells.push(time(Some(exact.response_mean_s)).into());
        cells.push(only(&exact.residence_s).map_or_else(String::new, |residence| time(Some(residence))).into());
    }
    table.row(cells);
    for (workload, visits) in station.visits.iter().filter(|_| several) {
        let residence = station.exact.as_ref().and_then(|exact| exact.residence_s.get(workload));
        let demand = time(station.demand_s.get(workload).copied().or(Some(0.0)));
        let mut cells = vec![format!("  {workload}"), String::new(), number(Some(*visits)), demand];
        if let Some(residence) = residence {
            cells.extend([String::new(), String::new(), String::new(), time(Some(*residence))]);
        }
        table.details(cells);
    }
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

/// Whether theory knows the answer, and if not, why.
fn solution(explanation: &Explanation, ink: Ink) -> String {
    let solution = &explanation.solution;
    if let (true, Some(method)) = (solution.exact, &solution.method) {
        return wrap(&format!("{} exact means, by {method}", ink.mark(Some(true))), 2) + "\n";
    }
    let mut text = wrap("bounds only, no exact solution, because the conditions of a product form fail:", 2) + "\n";
    for reason in solution.because.iter().take(6) {
        text.push_str(&format!("  {}\n", wrap(&format!("- {reason}"), 4)));
    }
    if solution.because.len() > 6 {
        text.push_str(&format!("  - and {} more\n", solution.because.len() - 6));
    }
    text
}

fn listing(explanation: &Explanation, ink: Ink) -> String {
    let mut text = String::new();
    for routine in &explanation.program {
        text.push_str(&ink.paint(Tone::Head, &routine.name));
        text.push('\n');
        for (op, at) in routine.ops.iter().zip(routine.entry..) {
            text.push_str(&format!("{at:>6}  {}\n", wrap(op, 10)));
        }
    }
    text
}
