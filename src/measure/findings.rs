//! Everything that is found in a log, for reports and for a scenario.

use serde::Serialize;

use super::arrivals::{Arrivals, arrivals, spread};
use super::clock;
use super::coarse::{by_bins, by_percentiles, percentile};
use super::fit::{Candidate, LEAST, candidates};
use super::log::{Log, Operation, Problem, Row};
use super::sample::{Points, Sample};
use super::waiting::{crowding, service_times};

/// Servers busier than this make requests wait so much that latencies are no service times.
const BUSY: f64 = 0.3;
/// Requests that find many others take so much longer only if they wait for them.
const CROWDED: f64 = 1.25;
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

/// What times were measured, and the law that describes them.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Times {
    /// How many.
    pub count: f64,
    /// Their mean, in seconds, and so on.
    pub mean_s: f64,
    /// Their coefficient of variation.
    pub cv: f64,
    /// Their median.
    pub p50_s: f64,
    /// Their 95th percentile.
    pub p95_s: f64,
    /// Their 99th percentile.
    pub p99_s: f64,
    /// What they are rounded to, if to much.
    pub rounded_to_s: Option<f64>,
    /// `values`, `bins` or `percentiles`.
    pub evidence: &'static str,
    /// The word of the family that is chosen, or `empirical` where none describes them.
    pub chosen: &'static str,
    /// All that were tried, the best first.
    pub candidates: Vec<Candidate>,
    /// The values themselves, where there are any.
    #[serde(skip)]
    pub points: Option<Points>,
    /// The percentiles that are known instead.
    #[serde(skip)]
    pub percentiles: Vec<(f64, f64)>,
}

impl Times {
    /// The family that is chosen; `None` where the values themselves are.
    pub fn best(&self) -> Option<&Candidate> {
        self.candidates.first().filter(|_| self.chosen != "empirical")
    }
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
    /// Whether they are sent at a constant rate.
    pub steady: bool,
    /// How long requests take: service times, once waiting is taken off.
    pub times: Option<Times>,
    /// By operation, the most frequent first.
    pub operations: Vec<Share>,
    /// The mean number of requests in the system, by Little's law: rate × mean latency.
    pub in_flight: Option<f64>,
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
    log.rows.sort_by_key(|row| row.start);
    let first = log.rows.first().map_or(0, |row| row.start);
    let mut notes = Vec::new();
    let latency = total(&log.operations);
    if about.as_response {
        take_waiting_off(&mut log, about.servers.unwrap_or(1), &mut notes);
    }
    let origin = origin(&log);
    let (kept, place) = merged(std::mem::take(&mut log.operations), about.operations);
    let times = times(&log, &total(&kept));
    let stream = (!log.rows.is_empty()).then(|| stream(&log.rows, first));
    let arrivals = stream.as_ref().map(|(times, rounded)| {
        let date = first as f64 * 1e-9;
        arrivals(times, Some(date).filter(|date| *date > DATES), *rounded)
    });
    let rate = arrivals.as_ref().map(|found| found.rate.value).filter(|rate| *rate > 0.0);
    let rate = rate.or(log.summary.as_ref().and_then(|summary| summary.rate));
    let mean = latency.points().map(|points| points.mean()).or(times.as_ref().map(|times| times.mean_s));
    let in_flight = rate.zip(mean).map(|(rate, mean)| rate * mean);
    let busy = rate.zip(times.as_ref()).zip(about.servers).map(|((rate, times), n)| rate * times.mean_s / f64::from(n));
    let trace = trace(&log.rows, stream.map(|stream| stream.0).unwrap_or_default(), &place);
    let operations = shares(kept, origin.requests);
    let mut findings = Findings {
        origin,
        arrivals,
        rate,
        users: log.summary.as_ref().and_then(|summary| summary.users),
        steady: log.summary.as_ref().is_some_and(|summary| summary.steady),
        times,
        operations,
        in_flight,
        servers: about.servers,
        utilization: busy,
        treated_as: if about.as_response { "response" } else { "service" },
        notes,
        trace,
    };
    remarks(&mut findings, &log, about);
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
    if log.summary.is_some() && (has_requests || !log.bins.is_empty()) {
        return Err("a summary cannot be put together with single requests: fit them one by one".into());
    }
    if !has_requests && log.bins.is_empty() && log.summary.is_none() {
        return Err("there are no requests in it".into());
    }
    let timed = log.rows.iter().filter(|row| !row.latency.is_nan()).count();
    if about.as_response && timed * 2 < log.operations.iter().map(|operation| operation.requests as usize).sum() {
        return Err("waiting can be taken off only where each request has an instant and a latency".into());
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
    let (mut wrong, mut count) = (0, 0);
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
        let share = wrong as f64 / f64::from(count) * 100.0;
        notes.push(format!(
            "{share:.1} % of the requests left before one of {servers} servers was free: there are more servers, or they \
             are not served in order of arrival"
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

fn times(log: &Log, sample: &Sample) -> Option<Times> {
    if let Some(summary) = &log.summary {
        let mut known = summary.percentiles.clone();
        known.sort_by(|a, b| a.0.total_cmp(&b.0));
        let all = by_percentiles(&known, summary.mean);
        return of_percentiles(known, summary.mean, all, "percentiles", summary.requests.unwrap_or(0) as f64);
    }
    if !log.bins.is_empty() {
        let total = log.bins.iter().map(|bin| bin.1).sum::<u64>() as f64;
        let mut share = 0.0;
        let known = log.bins.iter().map(|&(upper, count)| {
            share += count as f64 / total;
            (share, upper)
        });
        return of_percentiles(known.collect(), None, by_bins(&log.bins), "bins", total);
    }
    of_points(sample.points()?)
}

fn of_points(points: Points) -> Option<Times> {
    let candidates = candidates(&points);
    let is_good = candidates.first().is_some_and(|best| best.goodness.is_good) && points.count() >= LEAST;
    Some(Times {
        count: points.count(),
        mean_s: points.mean(),
        cv: points.cv(),
        p50_s: points.quantile(0.5),
        p95_s: points.quantile(0.95),
        p99_s: points.quantile(0.99),
        rounded_to_s: points.resolution.filter(|_| points.is_rounded()),
        evidence: "values",
        chosen: candidates.first().filter(|_| is_good).map_or("empirical", |best| best.family),
        candidates,
        points: Some(points),
        percentiles: Vec::new(),
    })
}

/// Where there are no values to fall back on, the best family is taken, however good it is.
fn of_percentiles(
    known: Vec<(f64, f64)>,
    mean: Option<f64>,
    candidates: Vec<Candidate>,
    evidence: &'static str,
    count: f64,
) -> Option<Times> {
    let best = candidates.first()?;
    Some(Times {
        count,
        mean_s: mean.unwrap_or(best.law.mean()),
        cv: libm::sqrt(best.law.scv()),
        p50_s: percentile(&known, 0.5),
        p95_s: percentile(&known, 0.95),
        p99_s: percentile(&known, 0.99),
        rounded_to_s: None,
        evidence,
        chosen: best.family,
        candidates,
        points: None,
        percentiles: known,
    })
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

/// Names that parts of a component have.
const PARTS: [&str; 6] = ["cpu", "disk", "memory", "network", "primary", "threads"];

/// A name as scenarios have them: `GET /users/:id` is `get-users-id`.
fn named(text: &str) -> String {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let name = words.map(str::to_ascii_lowercase).collect::<Vec<_>>().join("-");
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

/// Instants in seconds from the first; spread, where they are rounded to more than is between them.
fn stream(rows: &[Row], first: i64) -> (Vec<f64>, Option<f64>) {
    let mut times: Vec<f64> = rows.iter().map(|row| (row.start - first) as f64 * 1e-9).collect();
    let distinct = rows.windows(2).filter(|pair| pair[0].start != pair[1].start).count() + 1;
    let unit = [1_000_000_000, 1_000_000].into_iter().find(|unit| rows.iter().all(|row| row.start % unit == 0));
    let rounded = unit.filter(|_| distinct * 4 < rows.len() * 3).map(|unit| unit as f64 * 1e-9);
    if let Some(unit) = rounded {
        spread(&mut times, unit);
    }
    (times, rounded)
}

fn trace(rows: &[Row], times: Vec<f64>, place: &[usize]) -> Vec<(f64, usize, Option<f64>)> {
    let service = |row: &Row| Some(row.latency).filter(|latency| !latency.is_nan());
    let row = |(row, time): (&Row, f64)| (time, place[usize::from(row.operation)], service(row));
    rows.iter().zip(times).map(row).collect()
}

fn remarks(findings: &mut Findings, log: &Log, about: &About) {
    let mut notes = std::mem::take(&mut findings.notes);
    if let Some(unit) = findings.arrivals.as_ref().and_then(|arrivals| arrivals.rounded_to_s) {
        notes.push(format!("instants are rounded to {unit} s: arrivals were spread evenly at random within it"));
    }
    if let Some(times) = &findings.times {
        notes.extend(about_times(times));
    }
    let crowding = (!about.as_response).then(|| crowding(&intervals(&log.rows))).flatten();
    if let Some(ratio) = crowding.filter(|ratio| *ratio > CROWDED) {
        notes.push(format!(
            "requests that found many others took {ratio:.1} times as long as those that found few: these latencies have \
             waiting in them; --as response --servers N takes it off"
        ));
    } else if let Some(busy) = findings.utilization.filter(|busy| *busy > BUSY && !about.as_response) {
        notes.push(format!(
            "{} servers would be {:.0} % busy: part of these latencies may be waiting; --as response takes it off",
            about.servers.unwrap_or(1),
            busy * 100.0
        ));
    }
    if let Some(busy) = findings.utilization.filter(|busy| *busy >= 1.0) {
        let servers = about.servers.unwrap_or(1);
        notes.push(format!("{servers} servers cannot do this work: they would be {:.0} % busy", busy * 100.0));
    }
    findings.notes = notes;
}

fn about_times(times: &Times) -> Vec<String> {
    let mut notes = Vec::new();
    if let Some(unit) = times.rounded_to_s.filter(|unit| *unit > 0.1 * times.p50_s) {
        notes.push(format!("times are rounded to {} ms, which is coarse next to their median: a fit is a guess", unit * 1e3));
    }
    if let Some(zeros) = times.points.as_ref().map(|points| points.zeros).filter(|zeros| *zeros > 0) {
        notes.push(format!("{zeros} times are 0: they count as half of the unit that times are rounded to"));
    }
    if times.evidence == "values" && times.count < LEAST {
        notes.push(format!("{} values are too few to choose a family by", times.count));
    }
    let is_bad = times.best().is_some_and(|best| !best.goodness.is_good);
    if is_bad {
        notes.push(format!("no family describes these {} well: single values would tell more", times.evidence));
    }
    notes
}
