//! Staffing, M/M/c, the machine-repair model.

use super::super::ink::{Ink, Tone};
use super::super::lines;
use super::super::table::{Cell, Table};
use super::{head, joined};
use crate::experiment::law::{Queue, Repairman, Staffing, StaffingRow};
use crate::report::quantity::{Kind, show};
use crate::report::reading::number;

/// How many servers.
pub(super) fn staffing(law: &Staffing, ink: Ink) -> String {
    let load = number(law.load);
    let verdict = match (law.servers, law.targets.first()) {
        (Some(servers), _) => format!("{} for {load} erlangs{}", counted(servers), kept(&law.targets)),
        (None, Some(row)) => format!("{} for {load} erlangs, without a waiting room", counted(row.servers)),
        (None, None) => format!("square-root staffing of {load} erlangs: load + β √load servers"),
    };
    let source = "Erlang (1917): C where arrivals wait, B where they are lost. Square root: Halfin and Whitt (1981), whose \
                  approximation stands beside the exact C.";
    joined(&[head(&verdict, source, ink), targets(law, ink), square_root(law, ink)])
}

fn counted(servers: u32) -> String {
    if servers == 1 { "1 server".into() } else { format!("{servers} servers") }
}

/// What a number of servers keeps.
fn kept(rows: &[StaffingRow]) -> String {
    let waiting: Vec<&str> = rows.iter().filter(|row| !row.is_loss).map(|row| row.target.as_str()).collect();
    format!(" keep {}", waiting.join(" and "))
}

fn targets(law: &Staffing, ink: Ink) -> String {
    if law.targets.is_empty() {
        return String::new();
    }
    let mut table = Table::new(&["fewest for", "servers", "busy", "P(wait)", "mean wait", "lost"]);
    for row in &law.targets {
        table.row(vec![
            row.target.as_str().into(),
            row.servers.to_string().into(),
            busy(row.utilization),
            share(row.wait_probability),
            show(Kind::Time, row.mean_wait_s).into(),
            share(row.loss),
        ]);
    }
    table.render(ink)
}

fn square_root(law: &Staffing, ink: Ink) -> String {
    if law.square_root.is_empty() {
        return String::new();
    }
    let mut table = Table::new(&["square root", "servers", "busy", "P(wait)", "Halfin–Whitt", "mean wait"]);
    for row in &law.square_root {
        table.row(vec![
            format!("β = {}", number(row.beta)).into(),
            row.servers.to_string().into(),
            busy(row.utilization),
            share(Some(row.wait_probability)),
            share(Some(row.halfin_whitt)),
            show(Kind::Time, row.mean_wait_s).into(),
        ]);
    }
    table.render(ink)
}

/// M/M/c.
pub(super) fn queue(law: &Queue, ink: Ink) -> String {
    let rate = show(Kind::Rate, Some(law.rate));
    let stable = law.rows.iter().find(|row| row.utilization < 1.0);
    let verdict = match stable {
        Some(row) => format!(
            "{} {} {rate} in {} on average, {} for 99 %",
            row.servers,
            if row.servers == 1 { "server answers" } else { "servers answer" },
            show(Kind::Time, row.response.mean),
            show(Kind::Time, row.response.p99),
        ),
        None => format!("overloaded: {rate} are {} servers' work", number(law.load)),
    };
    let source = "M/M/c (Erlang 1917): Poisson arrivals, exponential service, one line, first come, first served.";
    let mut table = Table::of_numbers(&["servers", "busy", "P(wait)", "wait", "p95", "p99", "response", "p95", "p99"]);
    for row in &law.rows {
        let mut cells = vec![row.servers.to_string().into(), busy(row.utilization), share(Some(row.wait_probability))];
        for times in [&row.wait, &row.response] {
            cells.extend([times.mean, times.p95, times.p99].map(|time| match row.utilization < 1.0 {
                true => Cell::from(show(Kind::Time, time)),
                false => Cell::new("∞", Tone::Bad),
            }));
        }
        table.row(cells);
    }
    let tone = if stable.is_some() { Tone::Head } else { Tone::Bad };
    joined(&[lines(&verdict, tone, ink) + &lines(source, Tone::Dim, ink), table.render(ink)])
}

/// A closed population.
pub(super) fn repairman(law: &Repairman, ink: Ink) -> String {
    let most = f64::from(law.servers) / law.service_time_s;
    let server = if law.servers == 1 { "the server is" } else { "the servers are" };
    let verdict = format!(
        "the knee is at {} users: with more, {server} the limit, {}",
        number(law.knee),
        show(Kind::Rate, Some(most))
    );
    let source = "Machine repair (Palm 1943): exponential times. The bound is reached by constant times out of step (Denning \
                  and Buzen 1978); all in step is Amdahl's law (Gunther 2008).";
    let in_step = law.servers == 1;
    let mut names = vec!["users", "throughput", "response", "busy", "bound"];
    names.extend(in_step.then_some("in step"));
    let mut table = Table::of_numbers(&names);
    for row in &law.rows {
        let rate = |rate| Cell::from(show(Kind::Rate, Some(rate)));
        let response = show(Kind::Time, Some(row.response_s)).into();
        let mut cells =
            vec![row.users.to_string().into(), rate(row.throughput), response, busy(row.utilization), rate(row.bound)];
        cells.extend(row.synchronous.map(rate));
        table.row(cells);
    }
    joined(&[head(&verdict, source, ink), table.render(ink)])
}

fn busy(utilization: f64) -> Cell {
    Cell::new(show(Kind::Ratio, Some(utilization)), Tone::of_utilization(utilization))
}

fn share(ratio: Option<f64>) -> Cell {
    show(Kind::Ratio, ratio).into()
}
