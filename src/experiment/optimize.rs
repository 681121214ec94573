//! The cheapest configuration that meets every objective.
//!
//! Configurations are looked at in ascending order of what they cost at least, so the first that is decided to meet every
//! objective is the cheapest, whatever more of anything does to latency. Where costs follow the load (autoscaling), what one
//! costs is known only after it has been simulated; then the search goes on for as long as another may cost less.

use super::decide::{Rule, Verdict, judged, looks, until_decided};
use super::grid::{Grid, GridPoint, grid_for};
use super::objectives::measure;
use super::replicate::{Control, Options};
use super::results::*;
use crate::diagnostic::{Diagnostic, Diagnostics, Span};
use crate::model::{Condition, Metric, Model, Percentile, Read, Relation};
use crate::scenario::{Source, SweepAxis};

/// How sure to be, and how long to look.
#[derive(Debug, Clone, PartialEq)]
pub struct Effort {
    /// The probability with which each decision is to be right.
    pub confidence: f64,
    /// Most replications of one configuration.
    pub replications: u32,
    /// Most configurations to simulate; none is no limit.
    pub most: Option<u32>,
    /// Simulate those too that cost more than the cheapest, for the whole frontier.
    pub frontier: bool,
}

/// Finds the cheapest combination of the axes' values with which every objective holds.
///
/// Configurations in which a station is certain to be overloaded, and those that cost more than one that holds, are not
/// simulated.
///
/// # Errors
/// What is wrong with the axes, or with the scenario at one of the points; that nothing has a price.
pub fn optimize(
    source: &Source,
    axes: &[SweepAxis],
    read: Read<'_>,
    effort: &Effort,
    options: &Options,
    control: &Control<'_>,
) -> Result<OptimizeResults, Diagnostics> {
    let (search, go_on) = (Some(effort.replications), || !control.is_cancelled());
    let Grid { axes, mut points, whole } = grid_for(search, source, axes, read, options, &go_on)?;
    if whole && !points.iter().any(|point| is_priced(&point.model)) {
        return Err(unpriced());
    }
    points.sort_by(|a, b| least_cost(&a.model).total_cmp(&least_cost(&b.model)));
    let stable = points.iter().filter(|point| point.model.forecast.unstable.is_empty()).count();
    let ended = (!whole).then_some(Stopped::Interrupted);
    let mut search = Search { effort, options, control, stable, simulated: 0, best: f64::INFINITY, ended };
    let metric = points.first().map_or(Metric::Cost, |point| latency(&point.model));
    let mut configurations: Vec<Configuration> =
        points.iter_mut().map(|point| search.look_at(point, &axes, &metric)).collect();
    mark_frontier(&mut configurations);
    let looked_at_all = configurations.iter().all(|one| one.status != Status::Dearer);
    let ended_by = search.ended.unwrap_or(if looked_at_all { Stopped::Exhausted } else { Stopped::Found });
    let first = points.first().map(|point| &point.model);
    let stopped = configurations.iter().find_map(|one| one.stopped.clone());
    Ok(OptimizeResults {
        title: first.map_or_else(String::new, |model| model.title.clone()),
        file: source.name.clone(),
        set: source.changes(),
        metric: metric.to_string(),
        axis: axes,
        cheapest: cheapest(&configurations).cloned(),
        closest: first.and_then(|model| closest(model, &configurations)),
        counts: count(&configurations),
        configurations,
        ended_by,
        confidence: effort.confidence,
        partial: ended_by == Stopped::Interrupted || stopped.is_some(),
        stopped,
        seed: first.map_or(0, |model| model.seed),
        version: env!("CARGO_PKG_VERSION"),
    })
}

/// What a configuration costs at least: machines that are always there, and the fewest of those that are scaled.
fn least_cost(model: &Model) -> f64 {
    let fewest = |decider: &crate::model::program::Decider, start: u32| decider.min.min(start);
    let scaled = model.scalers.iter().filter(|_| model.timeline.is_empty());
    let scaled = scaled.filter_map(|spec| Some(spec.price * f64::from(fewest(spec.decider.as_ref()?, spec.start))));
    model.cost_per_hour + scaled.sum::<f64>()
}

fn is_priced(model: &Model) -> bool {
    model.cost_per_hour > 0.0 || model.scalers.iter().any(|spec| spec.price > 0.0)
}

fn unpriced() -> Diagnostics {
    let mut diagnostics = Diagnostics::default();
    let found = Diagnostic::error(Span::default(), "no configuration costs anything");
    diagnostics.push(found.help("give machines a `price`, in dollars an hour"));
    diagnostics
}

/// The latency of the first objective about one; the mean of the first workload where there is none.
fn latency(model: &Model) -> Metric {
    let metrics = model.objectives.iter().map(|objective| &objective.condition.metric);
    let first = metrics.clone().find(|metric| matches!(metric, Metric::Latency(..))).cloned();
    let of_workload = || model.workloads.first().map(|it| Metric::Latency(it.name.clone(), Percentile::Mean));
    first.or_else(of_workload).unwrap_or(Metric::Cost)
}

struct Search<'a> {
    effort: &'a Effort,
    options: &'a Options,
    control: &'a Control<'a>,
    /// How many configurations may have to be simulated.
    stable: usize,
    simulated: u32,
    /// What the cheapest that holds costs.
    best: f64,
    /// Why the search ended before its end.
    ended: Option<Stopped>,
}

impl Search<'_> {
    fn look_at(&mut self, point: &mut GridPoint, axes: &[Axis], metric: &Metric) -> Configuration {
        let model = &mut point.model;
        let floor = least_cost(model);
        let skipped = self.skip(model, floor);
        let counts = looks(model, self.effort.replications);
        let rule = Rule { confidence: self.effort.confidence, looks: counts.len() as u32 };
        let results = if skipped.is_none() { self.simulate(model, (&counts, rule)) } else { None };
        let (status, results) = match results {
            Some((status, results)) => (status, Some(results)),
            None => (skipped.unwrap_or(Status::Untried), None),
        };
        let at_least = Estimate { value: Some(floor), ci95: None };
        let of = |metric: &Metric| results.as_ref().map(|results| measure(metric, results));
        let cost = results.as_ref().map_or(at_least, cost);
        if let (Status::Holds, Some(cost)) = (status, cost.value) {
            self.best = self.best.min(cost);
        }
        Configuration {
            written: axes.iter().zip(&point.at).map(|(axis, &at)| axis.written(at)).collect(),
            at: point.at.clone(),
            cost,
            per_million_requests: results.as_ref().and_then(|results| results.cost.per_million_requests),
            status,
            stopped: results.as_ref().and_then(|results| results.scenario.stopped.clone()),
            replications: results.as_ref().map_or(0, |results| results.scenario.replications),
            latency: of(metric).unwrap_or_default(),
            frontier: false,
            overloaded: model.forecast.unstable.iter().cloned().collect(),
            objectives: results.as_ref().map_or(Vec::new(), |results| judged(model, results, rule)),
            measured: model.objectives.iter().filter_map(|objective| of(&objective.condition.metric)).collect(),
        }
    }

    /// Why a configuration need not be simulated, or will not be.
    fn skip(&mut self, model: &Model, floor: f64) -> Option<Status> {
        if !model.forecast.unstable.is_empty() {
            return Some(Status::Overloaded);
        }
        if floor > self.best && !self.effort.frontier {
            return Some(Status::Dearer);
        }
        if self.ended.is_none() && self.control.is_cancelled() {
            self.ended = Some(Stopped::Interrupted);
        }
        if self.ended.is_none() && self.effort.most.is_some_and(|most| self.simulated >= most) {
            self.ended = Some(Stopped::Budget);
        }
        self.ended.map(|_| Status::Untried)
    }

    /// Adds replications until the objectives are decided, or there are enough of them; none if there is not one.
    fn simulate(&mut self, model: &mut Model, (counts, rule): (&[u32], Rule)) -> Option<(Status, Results)> {
        let (begun, all) = (f64::from(self.simulated), self.stable.max(1) as f64);
        self.simulated += 1;
        let progress = |share: f64| (self.control.progress)((begun + share) / all);
        let control = Control { progress: &progress, cancelled: self.control.cancelled };
        let (verdict, results) = until_decided(model, (counts, rule), self.options, &control);
        let status = match verdict {
            _ if results.scenario.partial => Status::Undecided,
            Verdict::Holds => Status::Holds,
            Verdict::Fails(_) => Status::Fails,
            Verdict::Open => Status::Undecided,
        };
        (results.scenario.replications > 0).then_some((status, results))
    }
}

/// Dollars an hour; with an interval where it differs from replication to replication.
fn cost(results: &Results) -> Estimate {
    let sample = results.samples.iter().find(|sample| sample.metric == Metric::Cost);
    let values = sample.map_or(&[][..], |sample| &sample.values);
    let varies = values.windows(2).any(|pair| pair[0] != pair[1]);
    let interval = super::estimate::mean(values.iter().copied()).ci95;
    Estimate { value: Some(results.cost.per_hour), ci95: interval.filter(|_| varies) }
}

/// Of those that hold the cheapest, and of equally cheap ones the fastest.
fn cheapest(all: &[Configuration]) -> Option<&Configuration> {
    let price = |one: &Configuration| one.cost.value.unwrap_or(f64::INFINITY);
    let time = |one: &Configuration| one.latency.value.unwrap_or(f64::INFINITY);
    let holds = all.iter().filter(|one| one.status == Status::Holds);
    holds.min_by(|a, b| price(a).total_cmp(&price(b)).then(time(a).total_cmp(&time(b))))
}

/// Marks those that are clearly faster than all that cost no more: from the cheapest up, each whose interval lies below
/// that of the one marked last. What is faster by chance only is left out.
fn mark_frontier(all: &mut [Configuration]) {
    let ends = |one: &Configuration| one.latency.ci95.or(one.latency.value.map(|value| [value, value]));
    let place = |one: &Configuration| Some((one.cost.value?, one.latency.value?));
    let mut order: Vec<usize> = (0..all.len()).filter(|&index| all[index].is_simulated()).collect();
    order.retain(|&index| place(&all[index]).is_some());
    order.sort_by(|&a, &b| {
        let (a, b) = (place(&all[a]).unwrap_or_default(), place(&all[b]).unwrap_or_default());
        a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1))
    });
    let mut below = f64::INFINITY;
    for index in order {
        if let Some([low, high]) = ends(&all[index]).filter(|[_, high]| *high < below) {
            all[index].frontier = true;
            below = low.min(high);
        }
    }
}

/// Where nothing holds: the one whose worst miss is the least, as a share of the limit.
fn closest(model: &Model, all: &[Configuration]) -> Option<Closest> {
    if all.iter().any(|one| one.status == Status::Holds) {
        return None;
    }
    let conditions: Vec<&Condition> = model.objectives.iter().map(|objective| &objective.condition).collect();
    let miss = |one: &Configuration| {
        let each = conditions.iter().zip(&one.measured).map(|(condition, measured)| miss(condition, measured));
        each.fold(0.0, f64::max)
    };
    let simulated = all.iter().filter(|one| one.is_simulated());
    let closest = simulated.min_by(|a, b| miss(a).total_cmp(&miss(b)))?;
    let missed = |objective: &&ObjectiveResult| objective.met != Some(true);
    Some(Closest {
        at: closest.at.clone(),
        written: closest.written.clone(),
        cost: closest.cost,
        misses: closest.objectives.iter().filter(missed).cloned().collect(),
    })
}

/// By how much it is beyond the limit, as a share of it; infinite where it could not be measured.
fn miss(condition: &Condition, measured: &Estimate) -> f64 {
    let Some(value) = measured.value else { return f64::INFINITY };
    let beyond = match condition.relation {
        Relation::Less | Relation::AtMost => value - condition.limit,
        Relation::Greater | Relation::AtLeast => condition.limit - value,
    };
    let size = if condition.limit == 0.0 { 1.0 } else { condition.limit.abs() };
    f64::max(beyond / size, 0.0)
}

fn count(all: &[Configuration]) -> Counts {
    let of = |status: Status| all.iter().filter(|one| one.status == status).count();
    Counts {
        configurations: all.len(),
        overloaded: of(Status::Overloaded),
        dearer: of(Status::Dearer),
        simulated: all.iter().filter(|one| one.replications > 0).count(),
        hold: of(Status::Holds),
        fail: of(Status::Fails),
        undecided: of(Status::Undecided),
        untried: of(Status::Untried),
    }
}
