//! Everything that is found in a log, for reports and for a scenario.

use serde::Serialize;

use super::arrivals::{Arrivals, arrivals};
use super::clock;
use super::fit::LEAST;
use super::log::{Log, Operation, Problem, Row};
use super::remarks::{counted, remarks};
use super::sample::Sample;
use super::times::{Times, of_points, times};
use super::waiting::{crowding, service_times};
use crate::rng;

/// Waiting cannot be taken off where instants are rounded to more than this share of the mean latency.
const COARSE: f64 = 0.1;
/// Instants later than this, in seconds since 1970, are dates.
const DATES: f64 = 1e8;

/// What the user says about the system.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct About {
    /// How many servers there are, if it is known.
    pub servers: Option<u32>,
    /// Whether latencies are response times, from which waiting is to be taken off; otherwise they count as service times.
    pub as_response: bool,
    /// How many operations are told apart: the most frequent.
    pub operations: usize,
}

/// Where the data come from.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Origin {
    /// Each file and the name of its format.
    pub files: Vec<(String, &'static str)>,
    /// How many requests they tell of.
    pub requests: u64,
    /// How many of those failed: status 5xx, or no answer.
    pub failed: u64,
    /// Requests by the first digit of their status; 0 for those without.
    pub statuses: Vec<(u16, u64)>,
    /// Lines that could not be read.
    pub malformed: u64,
    /// The first of those.
    pub problems: Vec<Problem>,
    /// When the first request came, if that is a date.
    pub from: Option<String>,
    /// When the last request came.
    pub to: Option<String>,
}

/// What is asked for, and how often.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Share {
    /// Its name in a scenario.
    pub name: String,
    /// As the data say it.
    pub measured_as: String,
    /// How many requests.
    pub requests: u64,
    /// Of all.
    pub share: f64,
    /// The share of its requests that fail.
    pub error_rate: f64,
    /// How long it takes, where there are enough values of its own.
    pub times: Option<Times>,
}

/// Everything that is found in a log.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Findings {
    /// Where the data come from.
    pub origin: Origin,
    /// How requests arrive, if instants are known.
    pub arrivals: Option<Arrivals>,
    /// Requests per second, from instants or from a summary.
    pub rate: Option<f64>,
    /// Clients that wait for their answers, if it is they who ask.
    pub users: Option<u32>,
    /// Whether their number is known; otherwise it is rate × mean latency, by Little's law.
    pub users_are_known: bool,
    /// Whether they are sent at a constant rate.
    pub steady: bool,
    /// How long requests take: service times, once waiting is taken off.
    pub times: Option<Times>,
    /// By operation, the most frequent first.
    pub operations: Vec<Share>,
    /// The mean number of requests in the system, by Little's law: rate × mean latency.
    pub in_flight: Option<f64>,
    /// Whether there are no single requests, only counts or percentiles of them.
    #[serde(skip)]
    pub is_summed_up: bool,
    /// What the user says.
    pub servers: Option<u32>,
    /// How busy those servers are.
    pub utilization: Option<f64>,
    /// `service` where latencies count as service times, `response` where waiting was taken off.
    pub treated_as: &'static str,
    /// What should be known about these numbers.
    pub notes: Vec<String>,
    /// Instants in seconds from the first, the index of the operation, and service times where known.
    #[serde(skip)]
    pub trace: Vec<(f64, usize, Option<f64>)>,
}

/// Looks at a log.
///
/// # Errors
/// If it has nothing to look at, if more than half of it could not be read, or if waiting cannot be taken off.
pub fn findings(mut log: Log, about: &About) -> Result<Findings, String> {
    check(&log, about)?;
    let rounded_to = log.rounded_to().filter(|_| !about.as_response);
    spread(&mut log.rows, rounded_to.unwrap_or(1));
    let first = log.rows.first().map_or(0, |row| row.start);
    let mut notes: Vec<String> = log.assumed.iter().map(|text| (*text).to_owned()).collect();
    let latency = total(&log.operations);
    if about.as_response {
        take_waiting_off(&mut log, about.servers.unwrap_or(1), &mut notes);
    }
    let origin = origin(&log);
    let (kept, place) = merged(std::mem::take(&mut log.operations), about.operations);
    let times = times(&log, &total(&kept));
    let instants: Vec<f64> = log.rows.iter().map(|row| row.start.saturating_sub(first) as f64 * 1e-9).collect();
    let date = Some(first as f64 * 1e-9).filter(|date| *date > DATES);
    let arrivals = (!instants.is_empty()).then(|| arrivals(&instants, date, rounded_to.map(|unit| unit as f64 * 1e-9)));
    let rate = arrivals.as_ref().map(|found| found.rate.value).filter(|rate| *rate > 0.0);
    let rate = rate.or(log.summary.as_ref().and_then(|summary| summary.rate));
    let mean = latency.points().map(|points| points.mean()).or(times.as_ref().map(|times| times.mean_s));
    let in_flight = rate.zip(mean).map(|(rate, mean)| rate * mean);
    let busy = rate.zip(times.as_ref()).zip(about.servers).map(|((rate, times), n)| rate * times.mean_s / f64::from(n));
    let trace = trace(&log.rows, &instants, &place);
    let operations = shares(kept, origin.requests);
    let summary = log.summary.clone().unwrap_or_default();
    let mut findings = Findings {
        origin,
        arrivals,
        rate,
        users: summary.users.or(in_flight.filter(|_| summary.is_closed).map(|n| n.round().clamp(1.0, 1e6) as u32)),
        users_are_known: summary.users.is_some(),
        steady: summary.steady,
        times,
        operations,
        in_flight,
        is_summed_up: log.summary.is_some() || !log.bins.is_empty(),
        servers: about.servers,
        utilization: busy,
        treated_as: if about.as_response { "response" } else { "service" },
        notes,
        trace,
    };
    let crowding = (!about.as_response).then(|| crowding(&intervals(&log.rows))).flatten();
    remarks(&mut findings, crowding, about);
    Ok(findings)
}

fn check(log: &Log, about: &About) -> Result<(), String> {
    if log.malformed * 2 > log.entries {
        let first = log.problems.first().map_or(String::new(), |problem| {
            format!("; the first: {}:{}: {}", problem.file, problem.line, problem.what)
        });
        return Err(format!("{} of {} lines could not be read{first}", log.malformed, log.entries));
    }
    let has_requests = log.operations.iter().any(|operation| operation.requests > 0);
    let kinds = [has_requests, log.summary.is_some(), !log.bins.is_empty()];
    if kinds.iter().filter(|found| **found).count() > 1 {
        return Err("requests, histograms and summaries cannot be put together: fit them one by one".into());
    }
    has_some(log)?;
    let timed = log.rows.iter().filter(|row| !row.latency.is_nan()).count();
    if about.as_response && timed * 2 < log.operations.iter().map(|operation| operation.requests as usize).sum() {
        return Err("waiting can be taken off only where each request has an instant and a latency".into());
    }
    let mean = total(&log.operations).points().map_or(0.0, |points| points.mean());
    let unit = log.rounded_to().map_or(0.0, |unit| unit as f64 * 1e-9);
    if about.as_response && unit > COARSE * mean {
        return Err(format!("waiting cannot be taken off: instants are rounded to {unit} s, which is too coarse"));
    }
    Ok(())
}

/// Whether there are requests, and times that are not all 0.
fn has_some(log: &Log) -> Result<(), String> {
    let binned = log.bins.iter().any(|bin| bin.1 > 0);
    let has_requests = log.operations.iter().any(|operation| operation.requests > 0);
    let has_summary = log.summary.as_ref().is_some_and(|summary| summary.requests != Some(0));
    if !binned && !has_requests && !has_summary {
        return Err("there are no requests in it".into());
    }
    let all = total(&log.operations);
    let known = log.summary.as_ref().map(|summary| &summary.percentiles);
    let is_zero = |known: &Vec<(f64, f64)>| !known.is_empty() && known.iter().all(|percentile| percentile.1 <= 0.0);
    if all.count() > 0 && all.points().is_none() || known.is_some_and(is_zero) {
        return Err("all latencies are 0: whatever wrote them rounded them away, so they say nothing".into());
    }
    Ok(())
}

fn total(operations: &[Operation]) -> Sample {
    let mut all = Sample::default();
    operations.iter().for_each(|operation| all.merge(&operation.sample));
    all
}

fn origin(log: &Log) -> Origin {
    let of_log = |f: fn(&Operation) -> u64| log.operations.iter().map(f).sum::<u64>();
    let binned = log.bins.iter().map(|bin| bin.1).sum::<u64>();
    let summary = log.summary.as_ref();
    let date = |row: Option<&Row>| row.filter(|row| row.start as f64 * 1e-9 > DATES).map(|row| clock::show(row.start));
    Origin {
        files: log.files.clone(),
        requests: of_log(|operation| operation.requests) + binned + summary.and_then(|it| it.requests).unwrap_or(0),
        failed: of_log(|operation| operation.failed) + summary.map_or(0, |summary| summary.failed),
        statuses: log.statuses.iter().map(|(&class, &count)| (class, count)).collect(),
        malformed: log.malformed,
        problems: log.problems.clone(),
        from: date(log.rows.first()),
        to: date(log.rows.last()),
    }
}

/// Arrivals and departures in order of arrival, of those with a latency.
fn intervals(rows: &[Row]) -> Vec<(i64, i64)> {
    let timed = rows.iter().filter(|row| !row.latency.is_nan());
    timed.map(|row| (row.start, row.start.saturating_add((row.latency * 1e9).round() as i64))).collect()
}

/// Replaces latencies by service times.
fn take_waiting_off(log: &mut Log, servers: u32, notes: &mut Vec<String>) {
    let services = service_times(&intervals(&log.rows), servers);
    log.operations.iter_mut().for_each(|operation| operation.sample = Sample::default());
    let (mut wrong, mut count) = (0u64, 0u64);
    let timed = log.rows.iter_mut().filter(|row| !row.latency.is_nan());
    for (row, service) in timed.zip(services) {
        count += 1;
        match service {
            Some(service) => {
                row.latency = service as f64 * 1e-9;
                let sample = &mut log.operations[usize::from(row.operation)].sample;
                if !row.failed {
                    sample.add(row.latency, 1);
                }
            }
            None => {
                wrong += 1;
                row.latency = f64::NAN;
            }
        }
    }
    if wrong * 100 > count {
        let share = wrong as f64 / count as f64 * 100.0;
        notes.push(format!(
            "{share:.1} % of the requests left before one of {} was free: there are more servers, or requests are not \
             served in order of arrival",
            counted(servers)
        ));
    }
}

/// The most frequent operations, with the others as one, and which each has become.
fn merged(operations: Vec<Operation>, most: usize) -> (Vec<Operation>, Vec<usize>) {
    let mut order: Vec<usize> = (0..operations.len()).collect();
    order.sort_by_key(|&index| std::cmp::Reverse(operations[index].requests));
    let mut place = vec![0; operations.len()];
    let mut kept: Vec<Operation> = Vec::new();
    for (rank, &index) in order.iter().enumerate() {
        let operation = &operations[index];
        place[index] = rank.min(most);
        match kept.get_mut(most) {
            Some(other) => {
                other.requests += operation.requests;
                other.failed += operation.failed;
                other.sample.merge(&operation.sample);
            }
            None if rank == most && operations.len() > most + 1 => {
                kept.push(Operation { name: "other".into(), ..operation.clone() });
            }
            None => kept.push(operation.clone()),
        }
    }
    (kept, place)
}

fn shares(operations: Vec<Operation>, requests: u64) -> Vec<Share> {
    let alone = operations.len() < 2;
    let mut shares: Vec<Share> = Vec::new();
    for operation in operations {
        let points = operation.sample.points().filter(|points| points.count() >= LEAST && !alone);
        let name = unique(&named(&operation.name), &shares);
        shares.push(Share {
            name,
            measured_as: operation.name,
            requests: operation.requests,
            share: operation.requests as f64 / requests.max(1) as f64,
            error_rate: operation.failed as f64 / operation.requests.max(1) as f64,
            times: points.and_then(of_points),
        });
    }
    shares
}

/// Longer names are cut.
const NAME: usize = 40;
/// Names that parts of a component have.
const PARTS: [&str; 6] = ["cpu", "disk", "memory", "network", "primary", "threads"];

/// A name as scenarios have them: `GET /users/:id` is `get-users-id`.
fn named(text: &str) -> String {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let name = words.map(str::to_ascii_lowercase).collect::<Vec<_>>().join("-");
    let name = name.chars().take(NAME).collect::<String>().trim_end_matches('-').to_owned();
    match name.starts_with(|c: char| c.is_ascii_alphabetic()) && !PARTS.contains(&name.as_str()) {
        true => name,
        false => format!("op-{name}").trim_end_matches('-').to_owned(),
    }
}

fn unique(name: &str, taken: &[Share]) -> String {
    let is_free = |name: &String| taken.iter().all(|share| share.name != *name);
    let numbered = (2..).map(|n| format!("{name}-{n}"));
    std::iter::once(name.to_owned()).chain(numbered).find(is_free).unwrap_or_default()
}

/// Puts rows in order of arrival. Where instants are rounded, they are spread evenly at random over the unit: rounding to
/// seconds spoils every test, and spreading mends it (Kim and Whitt 2014).
fn spread(rows: &mut [Row], unit: i64) {
    let mut random = rng::stream(1, 0, "rounded instants");
    if unit > 1 {
        rows.iter_mut()
            .for_each(|row| row.start = row.start.saturating_add((unit as f64 * rng::unit(&mut random)) as i64));
    }
    rows.sort_by_key(|row| row.start);
}

fn trace(rows: &[Row], instants: &[f64], place: &[usize]) -> Vec<(f64, usize, Option<f64>)> {
    let service = |row: &Row| Some(row.latency).filter(|latency| !latency.is_nan());
    let row = |(row, time): (&Row, &f64)| (*time, place[usize::from(row.operation)], service(row));
    rows.iter().zip(instants).map(row).collect()
}
