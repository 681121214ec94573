//! M/M/c, the fewest servers for a target, and the machine-repair model.

use serde::Serialize;

use super::{Answer, finite};
use crate::laws::staffing::{Staffed, fewest};
use crate::laws::{erlang, repairman as shop, scaling};

/// How many servers an offered load takes.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Staffing {
    /// In erlangs: arrival rate × mean service time.
    pub load: f64,
    /// Mean service time in seconds, if it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service_time_s: Option<f64>,
    /// The fewest servers for all targets with a waiting room; none without one.
    pub servers: Option<u32>,
    /// The fewest servers for each target.
    pub targets: Vec<StaffingRow>,
    /// Square-root staffing.
    pub square_root: Vec<SquareRoot>,
}

/// What so many servers shall do.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Target {
    /// At most this share has to wait.
    Waits(f64),
    /// The mean wait is at most this, in mean service times.
    MeanWait(f64),
    /// This quantile of the wait is at most so many mean service times.
    Wait(f64, f64),
    /// At most this share is lost, without a waiting room.
    Loss(f64),
}

impl Target {
    fn is_met(self, staffed: &Staffed) -> bool {
        match self {
            Target::Waits(most) => staffed.waits <= most,
            Target::MeanWait(most) => staffed.mean_wait() <= most,
            Target::Wait(p, most) => staffed.wait_quantile(p) <= most,
            Target::Loss(most) => staffed.loss <= most,
        }
    }
}

/// The fewest servers for a target, and what the load meets with them.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct StaffingRow {
    /// As it was asked for.
    pub target: String,
    /// Whether who finds all servers busy is lost, rather than waits.
    pub is_loss: bool,
    /// How many.
    pub servers: u32,
    /// The share of their time in which they are busy.
    pub utilization: f64,
    /// The share that has to wait (Erlang's C); none where it is lost.
    pub wait_probability: Option<f64>,
    /// In seconds, if the service time is known; none where nobody waits.
    pub mean_wait_s: Option<f64>,
    /// The share that is lost (Erlang's B); none where it waits.
    pub loss: Option<f64>,
}

/// ⌈R + β √R⌉ servers.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct SquareRoot {
    /// As it was asked for.
    pub beta: f64,
    /// How many.
    pub servers: u32,
    /// What β is with a whole number of servers.
    pub effective_beta: f64,
    /// The share of their time in which they are busy.
    pub utilization: f64,
    /// The share that has to wait, exactly (Erlang's C).
    pub wait_probability: f64,
    /// The same by Halfin and Whitt's approximation (1981), at the effective β.
    pub halfin_whitt: f64,
    /// In seconds, if the service time is known.
    pub mean_wait_s: Option<f64>,
}

/// M/M/c.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Queue {
    /// Arrivals per second.
    pub rate: f64,
    /// Mean service time in seconds.
    pub service_time_s: f64,
    /// In erlangs.
    pub load: f64,
    /// By number of servers.
    pub rows: Vec<QueueRow>,
}

/// M/M/c with a number of servers. Times are none when overloaded.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct QueueRow {
    /// How many.
    pub servers: u32,
    /// Load by servers.
    pub utilization: f64,
    /// Erlang's C.
    pub wait_probability: f64,
    /// Before service.
    pub wait: Waiting,
    /// With service.
    pub response: Waiting,
    /// Waiting and in service, on average over time.
    pub in_system: Option<f64>,
}

/// A time's mean and percentiles, in seconds; none when overloaded.
#[derive(Debug, Clone, Serialize)]
pub struct Waiting {
    /// The mean.
    pub mean: Option<f64>,
    /// The median.
    pub p50: Option<f64>,
    /// The 95th percentile.
    pub p95: Option<f64>,
    /// The 99th percentile.
    pub p99: Option<f64>,
}

/// The machine-repair model: users who think and then share servers.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Repairman {
    /// Mean time between an answer and the next request, in seconds.
    pub think_time_s: f64,
    /// Mean service time in seconds.
    pub service_time_s: f64,
    /// How many.
    pub servers: u32,
    /// The users with whom the servers would be busy if nobody ever waited: (Z + S) c / S.
    pub knee: f64,
    /// By number of users.
    pub rows: Vec<RepairmanRow>,
}

/// So many users.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct RepairmanRow {
    /// How many.
    pub users: u32,
    /// Requests per second (Palm 1943), for exponential times.
    pub throughput: f64,
    /// Mean response time in seconds.
    pub response_s: f64,
    /// The share of the servers' time in which they are busy.
    pub utilization: f64,
    /// No throughput is greater, and constant times in step reach it: min(N / (Z + S), c / S) (Denning and Buzen 1978).
    pub bound: f64,
    /// All users at once, one server: N / (Z + N S), which is Amdahl's law (Gunther 2008). None for several servers.
    pub synchronous: Option<f64>,
}

/// The fewest servers for each target, and square-root staffing for each β.
///
/// # Errors
/// If no number of servers meets a target; the text names it.
pub fn staffing(
    load: f64,
    service_time_s: Option<f64>,
    targets: &[(String, Target)],
    betas: &[f64],
) -> Result<Answer, String> {
    let row = |(target, wanted): &(String, Target)| {
        let found = fewest(load, |staffed| wanted.is_met(staffed));
        let found = found.ok_or_else(|| format!("no number of servers gives {target} at {load} erlangs"))?;
        Ok(staffing_row(target, matches!(wanted, Target::Loss(_)), &found, service_time_s))
    };
    let targets: Vec<StaffingRow> = targets.iter().map(row).collect::<Result<_, String>>()?;
    let servers = targets.iter().filter(|row| !row.is_loss).map(|row| row.servers).max();
    let square_root = betas.iter().map(|&beta| square_root(load, beta, service_time_s)).collect();
    Ok(Answer::Staffing(Staffing { load, service_time_s, servers, targets, square_root }))
}

fn staffing_row(target: &str, is_loss: bool, found: &Staffed, service_time_s: Option<f64>) -> StaffingRow {
    let carried = if is_loss { 1.0 - found.loss } else { 1.0 };
    StaffingRow {
        target: target.to_owned(),
        is_loss,
        servers: found.servers,
        utilization: carried * found.utilization(),
        wait_probability: (!is_loss).then_some(found.waits),
        mean_wait_s: service_time_s.filter(|_| !is_loss).map(|service| service * found.mean_wait()),
        loss: is_loss.then_some(found.loss),
    }
}

fn square_root(load: f64, beta: f64, service_time_s: Option<f64>) -> SquareRoot {
    let found = Staffed::new(load, scaling::square_root_staffing(load, beta).max(1));
    SquareRoot {
        beta,
        servers: found.servers,
        effective_beta: found.beta(),
        utilization: found.utilization(),
        wait_probability: found.waits,
        halfin_whitt: found.halfin_whitt(),
        mean_wait_s: service_time_s.and_then(|service| finite(service * found.mean_wait())),
    }
}

/// M/M/c with each number of servers (Erlang 1917; Harchol-Balter 2013, ch. 14).
pub fn queue(rate: f64, service_time_s: f64, servers: &[u32]) -> Answer {
    let row = |&servers: &u32| {
        let waits = |p| erlang::mmc_wait_quantile(rate, service_time_s, servers, p);
        let responds = |p| erlang::mmc_response_quantile(rate, service_time_s, servers, p);
        let response = waiting(erlang::mmc_response(rate, service_time_s, servers), responds);
        QueueRow {
            servers,
            utilization: rate * service_time_s / f64::from(servers),
            wait_probability: erlang::erlang_c(rate * service_time_s, servers),
            wait: waiting(erlang::mmc_wait(rate, service_time_s, servers), waits),
            in_system: response.mean.map(|mean| rate * mean),
            response,
        }
    };
    Answer::Queue(Queue { rate, service_time_s, load: rate * service_time_s, rows: servers.iter().map(row).collect() })
}

fn waiting(mean: f64, quantile: impl Fn(f64) -> f64) -> Waiting {
    let [p50, p95, p99] = [0.5, 0.95, 0.99].map(|p| finite(quantile(p)));
    Waiting { mean: finite(mean), p50, p95, p99 }
}

/// The machine-repair model with each number of users.
pub fn repairman(think_time_s: f64, service_time_s: f64, servers: u32, users: &[u32]) -> Answer {
    let capacity = f64::from(servers) / service_time_s;
    let row = |&users: &u32| {
        let exact = shop::repairman(users, think_time_s, service_time_s, servers);
        let n = f64::from(users);
        RepairmanRow {
            users,
            throughput: exact.throughput,
            response_s: exact.response,
            utilization: exact.utilization,
            bound: capacity.min(n / (think_time_s + service_time_s)),
            synchronous: (servers == 1).then(|| n / (think_time_s + n * service_time_s)),
        }
    };
    let knee = (think_time_s + service_time_s) * capacity;
    Answer::Repairman(Repairman { think_time_s, service_time_s, servers, knee, rows: users.iter().map(row).collect() })
}
