//! Results made by hand, for the tests of every report.

use std::collections::BTreeMap;

use crate::experiment::explain::ExactWorkload;
use crate::experiment::results::*;

/// One queue, one server, at 80 % load: as `knee run` would report it.
pub(crate) fn run() -> Results {
    mm1(0.8)
}

/// A case with three known values, one of which misses.
pub(crate) fn verify() -> VerifyResults {
    let value = |quantity: &str, predicted: f64, simulated: f64, agrees: bool| VerifiedValue {
        quantity: quantity.into(),
        kind: Knowledge::Exact,
        predicted: Reading::Number(predicted),
        simulated: Reading::Number(simulated),
        half_width: 0.05,
        agrees,
        possible: true,
    };
    let case = VerifiedCase {
        name: "A001-mm1".into(),
        title: "M/M/1".into(),
        formula: "1/(mu - lambda)".into(),
        source: "Erlang 1909".into(),
        values: vec![
            value("mean", 1.0, 1.01, true),
            value("P50", std::f64::consts::LN_2, 0.69, true),
            value("P99", 4.60517, 4.7, false),
        ],
    };
    VerifyResults {
        agrees: true,
        form: Form::Short,
        whole: false,
        counts: VerifyCounts { cases: 1, values: 3, agree: 2, miss: 1, impossible: 0 },
        chance: MissShare {
            values: 3,
            miss: 1,
            share: Estimate { value: Some(0.333), ci95: Some([0.02, 0.9]) },
            independent: 3.0,
        },
        kinds: vec![KindCounts { kind: Knowledge::Exact, estimated: 3, miss: 1, fixed: 0, differ: 0 }],
        cases: vec![case],
        partial: false,
        stopped: None,
        version: "0.1.0",
    }
}

/// The same queue from 20 % to 110 % load; the last point is overloaded.
pub(crate) fn sweep() -> SweepResults {
    let values: Vec<f64> = [0.2, 0.4, 0.6, 0.7, 0.8, 0.9, 0.95, 1.1].to_vec();
    let points = values.iter().map(|&rate| SweepPoint { at: vec![rate], result: mm1(rate) });
    SweepResults {
        points: points.collect(),
        axis: vec![Axis {
            path: "workload.customers.arrivals.poisson".into(),
            with: vec![],
            labels: values.iter().map(|rate| format!("{rate}/s")).collect(),
            values,
            ordered: true,
        }],
        partial: false,
        stopped: None,
        whole: true,
        replications: 5,
        knee: Some(Knee { at: vec![0.6], throughput: 0.6, latency: 2.5, range: Some([0.4, 0.7]) }),
        knees: None,
        fits: Fits::default(),
    }
}

/// Two curves of that queue: with one server, and with two that make it half as slow.
pub(crate) fn curves() -> SweepResults {
    let mut sweep = sweep();
    let at = |rate: f64, servers: f64| SweepPoint { at: vec![rate, servers], result: mm1(rate / servers) };
    let rates = sweep.axis[0].values.clone();
    sweep.points = rates.iter().flat_map(|&rate| [at(rate, 1.0), at(rate, 2.0)]).collect();
    let (path, labels) = ("station.desk.servers".into(), vec!["1".into(), "2".into()]);
    sweep.axis.push(Axis { path, with: vec![], labels, values: vec![1.0, 2.0], ordered: true });
    let knee = |servers: f64| Knee { at: vec![0.6, servers], throughput: 0.6, latency: 2.5 / servers, range: None };
    (sweep.knee, sweep.knees) = (Some(knee(2.0)), Some(vec![knee(1.0), knee(2.0)]));
    sweep
}

/// A search over one axis: too few, one that fails, the cheapest that holds, and one that costs more.
pub(crate) fn optimize() -> OptimizeResults {
    let require = "shoppers.latency.p99 < 250ms".to_owned();
    let one = |replicas: f64, status: Status, latency: f64, met: bool| {
        let is_run = latency > 0.0;
        let objective =
            ObjectiveResult { name: "quick".into(), require: require.clone(), value: Some(latency), met: Some(met) };
        Configuration {
            at: vec![replicas],
            written: vec![replicas.to_string()],
            cost: Estimate { value: Some(0.2 * replicas), ci95: None },
            per_million_requests: is_run.then_some(0.25),
            status,
            stopped: None,
            replications: if is_run { 10 } else { 0 },
            latency: if is_run { about(latency, 0.02) } else { Estimate::default() },
            frontier: is_run,
            overloaded: BTreeMap::new(),
            objectives: if is_run { vec![objective] } else { vec![] },
            measured: if is_run { vec![about(latency, 0.02)] } else { vec![] },
        }
    };
    let configurations = vec![
        one(1.0, Status::Overloaded, 0.0, false),
        one(2.0, Status::Fails, 0.5, false),
        one(3.0, Status::Holds, 0.2, true),
        one(4.0, Status::Dearer, 0.0, false),
    ];
    OptimizeResults {
        title: "A shop".into(),
        file: "shop.toml".into(),
        set: Vec::new(),
        axis: vec![Axis {
            path: "service.app.replicas".into(),
            with: vec![],
            values: vec![1.0, 2.0, 3.0, 4.0],
            labels: ["1", "2", "3", "4"].map(str::to_owned).to_vec(),
            ordered: true,
        }],
        metric: "shoppers.latency.p99".into(),
        cheapest: Some(configurations[2].clone()),
        closest: None,
        counts: Counts {
            configurations: 4,
            overloaded: 1,
            dearer: 1,
            simulated: 2,
            hold: 1,
            fail: 1,
            undecided: 0,
            untried: 0,
        },
        ended_by: Stopped::Found,
        confidence: 0.99,
        configurations,
        partial: false,
        stopped: None,
        seed: 1,
        version: "0.1.0",
    }
}

fn mm1(rate: f64) -> Results {
    let stable = rate < 1.0;
    let mean = if stable { 1.002 / (1.0 - rate) } else { 4000.0 };
    let served = rate.min(1.0);
    Results {
        scenario: scenario(),
        workloads: BTreeMap::from([("customers".into(), workload(rate, served, mean))]),
        stations: StationMap(vec![("desk".into(), station(served, mean))]),
        admission: BTreeMap::new(),
        caches: BTreeMap::new(),
        sharding: BTreeMap::new(),
        replication: BTreeMap::new(),
        scaling: BTreeMap::new(),
        queues: BTreeMap::new(),
        optimistic: BTreeMap::new(),
        calls: BTreeMap::new(),
        alerts: Vec::new(),
        alert_summary: Vec::new(),
        timeline: Vec::new(),
        recovery: Vec::new(),
        series: Vec::new(),
        why: None,
        objectives: vec![ObjectiveResult {
            name: "customers are served quickly".into(),
            require: "customers.latency.p99 < 30s".into(),
            value: Some(4.6 * mean),
            met: Some(4.6 * mean < 30.0),
        }],
        cost: Cost { per_hour: 1.8, per_million_requests: Some(0.25), parts: BTreeMap::from([("desk".into(), 1.8)]) },
        bottleneck: Some(Bottleneck { station: "desk".into(), utilization: tidy(served * 1.0015) }),
        theory: vec![TheoryLine {
            approximate: false,
            station: "desk".into(),
            model: "M/M/1".into(),
            quantity: "response-mean-s".into(),
            predicted: 5.0,
            simulated: Some(5.01),
            agrees: true,
            near: false,
        }],
        exact: stable.then(|| Exact {
            method: "product form of an open network: each station as if alone".into(),
            workloads: BTreeMap::from([("customers".into(), exact(rate))]),
        }),
        checks: Checks { little: true, flow_balance: true, utilization_law: true },
        warnings: if stable { vec![] } else { vec![OVERLOADED.into()] },
        unstable: if stable { vec![] } else { vec!["desk".into()] },
        unsettled: None,
        observed: vec![],
        curves: over_time(mean),
        samples: Vec::new(),
        withheld: Vec::new(),
        precision: None,
        jobs: vec![JobRecord {
            replication: 0,
            index: 0,
            workload: "customers".into(),
            operation: String::new(),
            issued_s: 0.5,
            ended_s: 2.0,
            outcome: "ok",
        }],
    }
}

/// What theory says of M/M/1 with a service time of 1 s.
fn exact(rate: f64) -> ExactWorkload {
    let response = 1.0 / (1.0 - rate);
    ExactWorkload { throughput: rate, response_mean_s: response, in_flight: rate * response }
}

/// A search with two objectives, of which the second fails before the first.
pub(crate) fn capacity() -> CapacityResults {
    let objective = |require: &str, value: f64, met: Option<bool>| ObjectiveResult {
        name: require.into(),
        require: require.into(),
        value: Some(value),
        met,
    };
    let trial = |at: f64, outcome: Outcome, p99: f64, [slow, busy]: [Option<bool>; 2]| Trial {
        at,
        written: at.to_string(),
        outcome,
        replications: 10,
        duration_s: None,
        unsettled: None,
        stopped: None,
        overloaded: BTreeMap::new(),
        objectives: vec![
            objective("customers.latency.p99 < 80ms", p99, slow),
            objective("desk.utilization < 80%", 0.77 * at, busy),
        ],
        measured: vec![about(p99, 0.001), about(0.77 * at, 0.001)],
    };
    CapacityResults {
        title: "One queue, one server".into(),
        file: "mm1.toml".into(),
        set: Vec::new(),
        path: "run.load".into(),
        find: Find::Highest,
        unit: String::new(),
        today: Some(1.0),
        capacity: Some(Limit { value: 1.03, interval: [1.03, 1.06] }),
        headroom: Some(0.03),
        confidence: 0.99,
        ended_by: Ended::Objective,
        binding: None,
        workloads: BTreeMap::new(),
        bottleneck: None,
        trials: vec![
            trial(1.0, Outcome::Holds, 0.050, [Some(true); 2]),
            trial(1.03, Outcome::Holds, 0.051, [Some(true); 2]),
            trial(1.04, Outcome::Undecided, 0.052, [Some(true), None]),
            trial(1.06, Outcome::Fails, 0.054, [Some(true), Some(false)]),
            trial(1.25, Outcome::Fails, 0.090, [Some(false); 2]),
        ],
        partial: false,
        stopped: None,
        seed: 1,
        version: "0.1.0",
    }
}

const OVERLOADED: &str = "desk: offered load 1.10 of capacity: no steady state";

fn scenario() -> ScenarioInfo {
    ScenarioInfo {
        stopped: None,
        title: "One queue, one server".into(),
        file: "mm1.toml".into(),
        set: Vec::new(),
        seed: 1,
        replications: 5,
        warm_up_s: 1000.0,
        duration_s: 200_000.0,
        time_to_empty: None,
        events: 1_600_000,
        partial: false,
        version: "0.1.0",
    }
}

fn workload(offered: f64, served: f64, mean: f64) -> WorkloadResult {
    WorkloadResult {
        offered: about(offered, 0.002),
        throughput: about(served, 0.002),
        error_rate: about(0.0, 0.0),
        errors: Errors::default(),
        in_flight: about(served * mean, 0.05),
        latency: Latency {
            mean: about(mean, 0.07),
            std: about(mean, 0.1),
            p50: about(0.69 * mean, 0.05),
            p90: about(2.3 * mean, 0.2),
            p95: about(3.0 * mean, 0.3),
            p99: about(4.6 * mean, 0.6),
            p99_9: about(6.9 * mean, 1.1),
            max: Some(9.0 * mean),
        },
        operations: BTreeMap::new(),
    }
}

fn station(served: f64, mean: f64) -> StationResult {
    StationResult {
        servers: Some(1),
        utilization: about(served, 0.003),
        throughput: about(served, 0.002),
        queue_length: Some(about(served * (mean - 1.0), 0.05)),
        in_system: about(served * mean, 0.06),
        wait: times(mean - 1.0),
        wait_all: None,
        service: Times { mean: about(1.0, 0.003), ..Times::default() },
        response: times(mean),
        down: None,
        blocked: None,
        set_ups: None,
        batch_size: None,
        rejected: Some(0),
        abandoned: None,
        shed: None,
        states: None,
        in_system_std: None,
    }
}

fn times(mean: f64) -> Times {
    Times { mean: about(mean, 0.07), p99: Some(about(4.6 * mean, 0.6)), ..Times::default() }
}

fn over_time(mean: f64) -> Curves {
    let survival = (0..=120).map(|i| {
        let t = 0.01 * mean * libm::pow(1000.0, f64::from(i) / 120.0);
        (t, libm::exp(-t / mean))
    });
    let busy = (0..200).map(|i| {
        let t = f64::from(i);
        (t * 1000.0, 0.8 + 0.05 * libm::sin(t / 3.0) + 0.03 * libm::sin(t * 1.7))
    });
    Curves {
        survival: vec![("customers".into(), survival.filter(|p| p.1 > 1e-6).collect())],
        utilization: vec![("desk".into(), busy.collect())],
        in_system: vec![],
    }
}

fn about(value: f64, half: f64) -> Estimate {
    Estimate { value: Some(tidy(value)), ci95: Some([value - half, value + half].map(tidy)) }
}

/// Rounded, so that tests can name the number.
fn tidy(x: f64) -> f64 {
    libm::round(x * 1e6) / 1e6
}
