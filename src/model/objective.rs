//! Conditions such as `shoppers.latency.p99 < 250ms`.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Model;
use crate::diagnostic::{Diagnostic, Diagnostics, Span};
use crate::scenario::Scenario;
use crate::syntax::At;
use crate::units::{Duration, Rate, Ratio};

/// A condition that a good result meets.
#[derive(Debug, Clone)]
pub struct Objective {
    /// Its name.
    pub name: String,
    /// As written.
    pub require: String,
    /// What it means.
    pub condition: Condition,
}

/// A metric and its limit.
#[derive(Debug, Clone, PartialEq)]
pub struct Condition {
    /// What is looked at.
    pub metric: Metric,
    /// On which side of the limit it has to be.
    pub relation: Relation,
    /// The limit, in seconds, per second, as a ratio, or a number.
    pub limit: f64,
}

impl Condition {
    /// Reads `NAME.METRIC OP VALUE`; whether there is such a name is not looked at.
    ///
    /// # Errors
    /// Says what it lacks.
    ///
    /// ```
    /// use knee::model::{Condition, Relation};
    /// let condition = Condition::parse("shoppers.latency.p99 < 250ms").unwrap();
    /// assert_eq!((condition.relation, condition.limit), (Relation::Less, 0.25));
    /// ```
    pub fn parse(text: &str) -> Result<Condition, String> {
        parse(text)
    }
}

/// A number of a result.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Metric {
    /// Latency of a workload: mean or a percentile.
    Latency(String, Percentile),
    /// Errors over errors plus successes of a workload.
    ErrorRate(String),
    /// Successes per second of a workload, or completions of a station.
    Throughput(String),
    /// Requests of a workload in flight.
    InFlight(String),
    /// Busy share of a station.
    Utilization(String),
    /// Waiting at a station.
    QueueLength(String),
    /// Waiting and in service at a station.
    InSystem(String),
    /// Waiting time at a station.
    Wait(String, Percentile),
    /// Response time of a station.
    Response(String, Percentile),
    /// Hits over lookups of a cache.
    HitRatio(String),
    /// Share of a database's reads that are shown something old.
    StaleReads(String),
    /// How old that is, on average.
    Staleness(String),
    /// Messages that wait in a queue.
    Depth(String),
    /// Time from the publication of a message to its first delivery, on average.
    Lag(String),
    /// Dollars an hour.
    Cost,
}

impl Metric {
    /// Reads the path of a metric, as [`fmt::Display`] writes it; whether there is such a name is not looked at.
    ///
    /// # Errors
    /// Says what it lacks.
    ///
    /// ```
    /// use knee::model::Metric;
    /// assert_eq!(Metric::parse("desk.utilization"), Ok(Metric::Utilization("desk".into())));
    /// assert!(Metric::parse("desk.speed").is_err());
    /// ```
    pub fn parse(text: &str) -> Result<Metric, String> {
        metric(text.trim())
    }
}

impl fmt::Display for Metric {
    /// The path of the metric, as a condition names it: `shoppers.latency.p99`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, what, percentile) = match self {
            Metric::Cost => return f.write_str("cost"),
            Metric::Latency(name, percentile) => (name, "latency", Some(percentile)),
            Metric::Wait(name, percentile) => (name, "wait", Some(percentile)),
            Metric::Response(name, percentile) => (name, "response", Some(percentile)),
            Metric::ErrorRate(name) => (name, "error-rate", None),
            Metric::Throughput(name) => (name, "throughput", None),
            Metric::InFlight(name) => (name, "in-flight", None),
            Metric::Utilization(name) => (name, "utilization", None),
            Metric::QueueLength(name) => (name, "queue-length", None),
            Metric::InSystem(name) => (name, "in-system", None),
            Metric::HitRatio(name) => (name, "hit-ratio", None),
            Metric::StaleReads(name) => (name, "stale-read-ratio", None),
            Metric::Staleness(name) => (name, "staleness", None),
            Metric::Depth(name) => (name, "depth", None),
            Metric::Lag(name) => (name, "lag", None),
        };
        write!(f, "{name}.{what}")?;
        percentile.map_or(Ok(()), |percentile| write!(f, ".{percentile}"))
    }
}

/// Mean or percentile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Percentile {
    /// The mean.
    Mean,
    /// The median.
    P50,
    /// The 90th percentile.
    P90,
    /// The 95th percentile.
    P95,
    /// The 99th percentile.
    P99,
    /// The 99.9th percentile.
    P99_9,
}

impl fmt::Display for Percentile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let known = PERCENTILES.iter().find(|(_, percentile)| percentile == self);
        f.write_str(known.map_or("", |(word, _)| word))
    }
}

/// The words of a mean and of percentiles.
const PERCENTILES: [(&str, Percentile); 6] = [
    ("mean", Percentile::Mean),
    ("p50", Percentile::P50),
    ("p90", Percentile::P90),
    ("p95", Percentile::P95),
    ("p99", Percentile::P99),
    ("p99.9", Percentile::P99_9),
];

/// A comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    Greater,
    /// `>=`
    AtLeast,
}

impl Relation {
    /// Whether a value is on the right side of a limit.
    pub fn holds(self, value: f64, limit: f64) -> bool {
        match self {
            Relation::Less => value < limit,
            Relation::AtMost => value <= limit,
            Relation::Greater => value > limit,
            Relation::AtLeast => value >= limit,
        }
    }
}

pub(super) const FORM: &str = "a condition is NAME.METRIC OP VALUE, such as `shoppers.latency.p99 < 250ms`, \
                    `shoppers.error-rate < 0.1%`, `app.cpu.utilization < 80%` or `cost < 2.50/h`";

const METRICS: &str = "latency, error-rate, throughput and in-flight of a workload; utilization, throughput, queue-length, \
                       in-system, wait and response of a station; hit-ratio of a cache; stale-read-ratio and staleness of a database; \
                       depth and lag of a queue";

/// What a condition may name.
pub(super) struct Names {
    workloads: Vec<String>,
    stations: Vec<String>,
    caches: Vec<String>,
    stores: Vec<String>,
    queues: Vec<String>,
}

impl Names {
    pub(super) fn new(model: &Model) -> Names {
        let mut stations: Vec<String> = model.groups.iter().map(|group| group.name()).collect();
        for group in model.groups.iter().filter(|group| group.count > 1) {
            stations.extend((0..group.count.min(64)).map(|replica| group.replica_name(replica)));
        }
        Names {
            workloads: model.workloads.iter().map(|workload| workload.name.clone()).collect(),
            stations,
            caches: model.caches.clone(),
            stores: model.stores.iter().map(|store| store.name.clone()).collect(),
            queues: model.messages.queues.iter().map(|queue| queue.name.clone()).collect(),
        }
    }

    /// The condition, if something has its metric.
    pub(super) fn known(&self, condition: Condition) -> Result<Condition, String> {
        self.check(&condition.metric).map(|()| condition)
    }

    /// The name must be that of a workload, a station, a cache, a database with copies or a queue, as the metric wants.
    pub(super) fn check(&self, metric: &Metric) -> Result<(), String> {
        match metric {
            Metric::Latency(name, _) | Metric::ErrorRate(name) | Metric::InFlight(name) => {
                known_name(name, &self.workloads, "workload")
            }
            Metric::Throughput(name) if self.workloads.contains(name) => Ok(()),
            Metric::Throughput(name)
            | Metric::Utilization(name)
            | Metric::QueueLength(name)
            | Metric::InSystem(name)
            | Metric::Wait(name, _)
            | Metric::Response(name, _) => known_name(name, &self.stations, "station"),
            Metric::HitRatio(name) => known_name(name, &self.caches, "cache"),
            Metric::StaleReads(name) | Metric::Staleness(name) => {
                known_name(name, &self.stores, "database with `replication`")
            }
            Metric::Depth(name) | Metric::Lag(name) => known_name(name, &self.queues, "queue"),
            Metric::Cost => Ok(()),
        }
    }
}

/// Compiles every objective; says what is wrong with those that mean nothing.
pub(super) fn compile(scenario: &Scenario, model: &Model, diagnostics: &mut Diagnostics) -> Vec<Objective> {
    let names = Names::new(model);
    let mut objectives = Vec::new();
    for objective in &scenario.objective {
        let require = &objective.value.require;
        match parse(&require.value).and_then(|condition| names.known(condition)) {
            Ok(condition) => objectives.push(Objective {
                name: objective.value.name.clone(),
                require: require.value.clone(),
                condition,
            }),
            Err(problem) => diagnostics.push(Diagnostic::error(span(require), problem).help(FORM)),
        }
    }
    objectives
}

/// Checks the form of every objective and alert of a scenario that cannot be compiled.
pub(super) fn check_syntax(scenario: &Scenario, diagnostics: &mut Diagnostics) {
    let objectives = scenario.objective.iter().map(|objective| &objective.value.require);
    for written in objectives.chain(scenario.alert.iter().map(|alert| &alert.value.when)) {
        if let Err(problem) = parse(&written.value) {
            diagnostics.push(Diagnostic::error(span(written), problem).help(FORM));
        }
    }
}

fn span(written: &At<String>) -> Span {
    written.span
}

/// A condition from its text.
pub(crate) fn parse(text: &str) -> Result<Condition, String> {
    let operators =
        [("<=", Relation::AtMost), (">=", Relation::AtLeast), ("<", Relation::Less), (">", Relation::Greater)];
    let found = operators.iter().find_map(|&(symbol, relation)| Some((text.split_once(symbol)?, relation)));
    let Some(((left, right), relation)) = found else {
        return Err("there is no comparison in this condition".to_string());
    };
    let metric = metric(left.trim())?;
    let limit = limit(&metric, right.trim())?;
    Ok(Condition { metric, relation, limit })
}

fn metric(path: &str) -> Result<Metric, String> {
    if path == "cost" {
        return Ok(Metric::Cost);
    }
    let parts: Vec<&str> = path.split('.').collect();
    let name = |used: usize| parts[..parts.len() - used].join(".");
    // `p99.9` has a dot of its own.
    let (parts, tail) = match parts.as_slice() {
        [.., "p99", "9"] => (&parts[..parts.len() - 2], Some("p99.9")),
        [.., last] => (&parts[..parts.len() - 1], Some(*last)),
        [] => (&parts[..], None),
    };
    let tail = tail.unwrap_or("");
    if let (Some(percentile), Some((what, owner))) = (percentile(tail), parts.split_last()) {
        let owner = owner.join(".");
        return match *what {
            "latency" => Ok(Metric::Latency(owner, percentile)),
            "wait" => Ok(Metric::Wait(owner, percentile)),
            "response" => Ok(Metric::Response(owner, percentile)),
            _ => Err(format!("`{what}` has no `{tail}`: use latency, wait or response")),
        };
    }
    let owner = name(1);
    match tail {
        "error-rate" => Ok(Metric::ErrorRate(owner)),
        "throughput" => Ok(Metric::Throughput(owner)),
        "in-flight" => Ok(Metric::InFlight(owner)),
        "utilization" => Ok(Metric::Utilization(owner)),
        "queue-length" => Ok(Metric::QueueLength(owner)),
        "in-system" => Ok(Metric::InSystem(owner)),
        "hit-ratio" => Ok(Metric::HitRatio(owner)),
        "stale-read-ratio" => Ok(Metric::StaleReads(owner)),
        "staleness" => Ok(Metric::Staleness(owner)),
        "depth" => Ok(Metric::Depth(owner)),
        "lag" => Ok(Metric::Lag(owner)),
        "latency" | "wait" | "response" => Err(format!("say which `{tail}`: mean, p50, p90, p95, p99 or p99.9")),
        other if parts.last().is_some_and(|what| ["latency", "wait", "response"].contains(what)) => {
            Err(format!("there is no percentile `{other}`: mean, p50, p90, p95, p99 or p99.9"))
        }
        other => Err(format!("there is no metric `{other}`: {METRICS}")),
    }
}

fn percentile(word: &str) -> Option<Percentile> {
    PERCENTILES.iter().find(|(known, _)| *known == word).map(|&(_, percentile)| percentile)
}

/// The limit, in the unit of its metric.
fn limit(metric: &Metric, text: &str) -> Result<f64, String> {
    match metric {
        Metric::Latency(..) | Metric::Wait(..) | Metric::Response(..) | Metric::Staleness(_) | Metric::Lag(_) => {
            Duration::parse(text).map(|duration| duration.0)
        }
        Metric::Throughput(_) => Rate::parse(text).map(|rate| rate.0),
        Metric::ErrorRate(_) | Metric::Utilization(_) | Metric::HitRatio(_) | Metric::StaleReads(_) => {
            Ratio::parse(text).map(|ratio| ratio.0)
        }
        Metric::InFlight(_) | Metric::QueueLength(_) | Metric::InSystem(_) | Metric::Depth(_) => number(text),
        Metric::Cost => number(text.strip_suffix("/h").unwrap_or(text)),
    }
}

fn number(text: &str) -> Result<f64, String> {
    text.trim().parse().map_err(|_| format!("`{text}` is not a number"))
}

fn known_name(name: &String, names: &[String], what: &str) -> Result<(), String> {
    if names.contains(name) {
        return Ok(());
    }
    let meant = crate::diagnostic::closest(name, names.iter().map(String::as_str));
    let meant = meant.map_or(String::new(), |meant| format!(": did you mean `{meant}`?"));
    Err(format!("there is no {what} `{name}`{meant}"))
}

#[cfg(test)]
mod tests {
    use super::{Condition, Metric, Percentile, Relation, metric, parse};

    #[test]
    fn conditions_of_every_kind() {
        let parsed = |text| parse(text).unwrap();
        let expected =
            Condition { metric: Metric::Latency("w".into(), Percentile::P99_9), relation: Relation::Less, limit: 0.25 };
        assert_eq!(parsed("w.latency.p99.9 < 250ms"), expected);
        assert_eq!(parsed("app.cpu.utilization <= 80%").metric, Metric::Utilization("app.cpu".into()));
        assert_eq!(parsed("cost < 2.50/h").limit, 2.5);
        assert_eq!(parsed("w.throughput > 1900/s").limit, 1900.0);
        let lag = Condition { metric: Metric::Lag("emails.mailer".into()), relation: Relation::Less, limit: 5.0 };
        assert_eq!(parsed("emails.mailer.lag < 5s"), lag);
        assert_eq!(parsed("emails.depth <= 100").metric, Metric::Depth("emails".into()));
        for path in ["w.latency.p99.9", "app.cpu.wait.mean", "db.stale-read-ratio", "emails.mailer.lag", "cost"] {
            assert_eq!(metric(path).map(|metric| metric.to_string()), Ok(path.to_owned()));
        }
    }

    #[test]
    fn what_a_condition_lacks_is_said() {
        assert_eq!(parse("w.latency.p99"), Err("there is no comparison in this condition".into()));
        assert_eq!(parse("w.latency < 1s"), Err("say which `latency`: mean, p50, p90, p95, p99 or p99.9".into()));
        assert!(parse("w.latency.p99 < 250").is_err());
    }
}
