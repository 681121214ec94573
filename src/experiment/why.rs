//! Why latencies are as they are: where the requests near a percentile spent their time, and what a faster station
//! would change.

use rayon::prelude::*;

use super::compare::against_first;
use super::replicate::{Control, Options, in_pool, run_all};
use super::results::{Band, Faster, Results, Step, Why, WhyPart, WhyWorkload};
use super::room::Room;
use super::trace::settings;
use crate::engine::{self, Anatomy, Cause, Watch};
use crate::model::{Metric, Model, Percentile, WarmUp};

/// Requests to follow of each workload: 1 % of them are 200.
const REQUESTS: f64 = 20_000.0;
/// Replications to follow, if they have enough requests: one of a busy system may be unlike another.
const REPLICATIONS: f64 = 5.0;
/// Requests that are followed at a time; more would take longer, not tell more.
const AT_ONCE: f64 = 50.0;
/// Where many are present, fewer requests are followed: whom a request works through is looked for among all.
const SEARCHES: f64 = 2e8;
/// Requests to follow even then: 1 % of them are 50.
const LEAST_REQUESTS: f64 = 5_000.0;
/// A band of fewer says nothing.
const FEWEST: usize = 50;
/// Stations that are made faster, one at a time.
const STATIONS: usize = 8;
/// How many times as fast.
const FACTOR: f64 = 2.0;
/// A station with less than this share of the time cannot change much.
const LEAST: f64 = 0.01;

/// Follows requests of a model that has been run, and runs it again with faster stations.
///
/// `fresh` makes the same model anew. Latencies of the runs are compared replication by replication: they draw the same
/// random numbers (common random numbers; Law 2015, §11.2).
pub fn why(
    model: &Model,
    results: &Results,
    fresh: &dyn Fn() -> Option<Model>,
    options: &Options,
    control: &Control<'_>,
) -> Why {
    let (watch, replications) = plan(model, results);
    let room = Room::new(options.limits.memory, control.cancelled);
    let follow = |replication: u32| {
        let settings = settings(model, results.scenario.warm_up_s, u64::from(replication), options.limits);
        room.work(engine::at_rest(model), |go_on| engine::anatomies(model, &settings, &watch, go_on))
    };
    let each: Vec<Option<Vec<Anatomy>>> = in_pool(options, || (0..replications).into_par_iter().map(follow).collect());
    let are_all_followed = each.iter().all(Option::is_some);
    let all: Vec<Anatomy> = each.into_iter().flatten().flatten().collect();
    let workloads = model.workloads.iter().enumerate().map(|(index, workload)| {
        let mut own: Vec<&Anatomy> = all.iter().filter(|anatomy| anatomy.workload as usize == index).collect();
        own.sort_by_key(|anatomy| anatomy.latency);
        (workload.name.clone(), told(model, &own, watch.every[index]))
    });
    let workloads = workloads.collect();
    let targets = match model.replications > 1 && !results.scenario.partial {
        true => targets(model, &all),
        false => Vec::new(),
    };
    let (faster, are_all_run) = sensitivities(model, results, &targets, fresh, options, control);
    Why { workloads, faster, partial: control.is_cancelled() && !(are_all_followed && are_all_run) }
}

/// How many replications to follow, and which of their requests: evenly over the time that they take.
fn plan(model: &Model, results: &Results) -> (Watch, u32) {
    let answers = |name: &str| {
        let throughput = results.workloads.get(name).and_then(|workload| workload.throughput.value).unwrap_or(0.0);
        (throughput * results.scenario.duration_s).max(1.0)
    };
    let fewest = model.workloads.iter().map(|workload| answers(&workload.name)).fold(f64::INFINITY, f64::min);
    let present: f64 = results.stations.0.iter().filter_map(|(_, station)| station.in_system.value).sum();
    let wanted = (SEARCHES / present.max(1.0)).clamp(LEAST_REQUESTS, REQUESTS);
    let finished = f64::from(results.scenario.replications.max(1));
    let replications = (wanted / fewest).ceil().max(REPLICATIONS).min(finished);
    let in_flight: f64 = results.workloads.values().filter_map(|workload| workload.in_flight.value).sum();
    let every = |name: &str| {
        let spread = answers(name) * replications / wanted;
        spread.max(in_flight / AT_ONCE).max(1.0) as u64
    };
    let every: Vec<u64> = model.workloads.iter().map(|workload| every(&workload.name)).collect();
    let most = vec![(wanted / replications).ceil() as usize; every.len()];
    (Watch { every, most }, replications as u32)
}

/// What requests in order of their latency tell.
fn told(model: &Model, sorted: &[&Anatomy], every: u64) -> WhyWorkload {
    let between = |from: f64, until: f64| {
        let at = |share: f64| (share * sorted.len() as f64).round() as usize;
        band(model, &sorted[at(from)..at(until)])
    };
    WhyWorkload {
        requests: sorted.len(),
        one_in: every,
        mean: between(0.0, 1.0),
        p50: between(0.45, 0.55),
        p99: between(0.985, 0.995),
    }
}

fn band(model: &Model, requests: &[&Anatomy]) -> Band {
    let count = requests.len();
    if count < FEWEST {
        let withheld = match count {
            0 => "no request was answered that could be followed".to_owned(),
            _ => format!("{count} requests were followed here, and it takes {FEWEST}: run longer"),
        };
        return Band { requests: count, withheld: Some(withheld), ..Band::default() };
    }
    let mut sums: Vec<((Cause, Option<u32>), f64)> = Vec::new();
    for part in requests.iter().flat_map(|request| &request.parts) {
        let key = (part.cause, part.group);
        match sums.iter_mut().find(|(known, _)| *known == key) {
            Some((_, sum)) => *sum += part.ticks as f64,
            None => sums.push((key, part.ticks as f64)),
        }
    }
    let latency = requests.iter().map(|request| request.latency as f64).sum::<f64>();
    sums.sort_by(|(key_a, a), (key_b, b)| b.total_cmp(a).then(key_a.cmp(key_b)));
    let part = |((cause, group), sum): ((Cause, Option<u32>), f64)| WhyPart {
        cause: word(cause),
        station: group.map(|group| model.groups[group as usize].name()),
        time_s: model.seconds(sum) / count as f64,
        share: if latency > 0.0 { sum / latency } else { 0.0 },
    };
    Band {
        requests: count,
        latency_s: Some(model.seconds(latency) / count as f64),
        parts: sums.into_iter().map(part).collect(),
        withheld: None,
    }
}

fn word(cause: Cause) -> &'static str {
    match cause {
        Cause::Wait => "wait",
        Cause::Service => "service",
        Cause::Hold => "hold",
        Cause::Network => "network",
        Cause::Retry => "retry",
        Cause::Pause => "pause",
        Cause::Other => "other",
    }
}

/// Groups that serve, those first at which most of the time is spent: by the slowest hundredth of each workload's
/// requests, where there are enough, since those are in question.
fn targets(model: &Model, all: &[Anatomy]) -> Vec<usize> {
    let mut sums = vec![0.0; model.groups.len()];
    for index in 0..model.workloads.len() as u32 {
        let mut own: Vec<&Anatomy> = all.iter().filter(|anatomy| anatomy.workload == index).collect();
        own.sort_by_key(|anatomy| anatomy.latency);
        let slowest = &own[own.len() - own.len() / 100..];
        for requests in [own.as_slice(), slowest] {
            let latency = requests.iter().map(|request| request.latency as f64).sum::<f64>().max(1.0);
            for part in requests.iter().flat_map(|request| &request.parts) {
                if let (Cause::Wait | Cause::Service, Some(group)) = (part.cause, part.group) {
                    sums[group as usize] += part.ticks as f64 / latency;
                }
            }
        }
    }
    let serves = |group: &usize| !model.groups[*group].held && !model.groups[*group].room && sums[*group] >= LEAST;
    let mut targets: Vec<usize> = (0..sums.len()).filter(serves).collect();
    targets.sort_by(|&a, &b| sums[b].total_cmp(&sums[a]).then(a.cmp(&b)));
    targets.truncate(STATIONS);
    targets
}

/// How latencies change if each of these is faster, one at a time, and whether none is missing: those whose run was
/// interrupted are left out.
fn sensitivities(
    model: &Model,
    results: &Results,
    targets: &[usize],
    fresh: &dyn Fn() -> Option<Model>,
    options: &Options,
    control: &Control<'_>,
) -> (Vec<Faster>, bool) {
    let models = targets.iter().filter_map(|&group| {
        let mut faster = fresh()?;
        faster.speed_up(group, FACTOR);
        // What is compared is what is the same but for the speed.
        faster.warm_up = WarmUp::Ticks(model.ticks(results.scenario.warm_up_s));
        faster.replications = results.scenario.replications;
        faster.precision = None;
        Some(faster)
    });
    let models: Vec<Model> = models.collect();
    if models.len() < targets.len() {
        return (Vec::new(), true);
    }
    let models: Vec<&Model> = models.iter().collect();
    let after = run_all(&models, options, control, &|_, _, _| ());
    let names = targets.iter().map(|&group| model.groups[group].name());
    let whole = names.zip(after).filter(|(_, result)| !result.scenario.partial);
    let mut steps = vec![Step { name: "as it is".into(), result: results.clone() }];
    steps.extend(whole.map(|(name, result)| Step { name, result }));
    let latencies = |percentile: Percentile| {
        model.workloads.iter().map(move |workload| Metric::Latency(workload.name.clone(), percentile))
    };
    let metrics = latencies(Percentile::Mean).chain(latencies(Percentile::P99)).collect();
    let changes = against_first(&steps, metrics);
    let are_all_run = steps.len() > targets.len();
    let names = steps.into_iter().skip(1).map(|step| step.name);
    let faster = |(station, changes)| Faster { station, factor: FACTOR, changes };
    (names.zip(changes).map(faster).collect(), are_all_run)
}
