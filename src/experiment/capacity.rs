//! How far a number of a scenario can be turned until an objective fails.
//!
//! What holds at one value is taken to hold at all easier ones: at lower loads, at larger sizes. The search doubles the distance
//! until it has a value that holds and one that fails, then halves what lies between. At each value replications are added
//! until the objectives are decided or there are `most`; common random numbers make neighbours see the same customers.

mod search;

use std::collections::BTreeMap;

use super::decide::{Rule, Verdict, judged, looks, until_decided};
use super::limits::{admit_beside, reached_by};
use super::objectives::measure;
use super::replicate::{Control, Options};
use super::results::*;
use super::size::Held;
use crate::diagnostic::Diagnostics;
use crate::model::{Condition, Metric, Model, Read, Relation, load};
use crate::scenario::{Knob, Source};
use search::Search;

/// What to look for, and how sure to be.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// What is turned.
    pub knob: Knob,
    /// In which direction it gets harder.
    pub find: Find,
    /// The probability with which each decision is to be right.
    pub confidence: f64,
    /// How narrow the limit is to be, as a share of its value; whole numbers are told apart anyway.
    pub resolution: f64,
    /// Most replications at one value.
    pub most: u32,
}

/// Finds the furthest value at which every objective holds.
///
/// A value at which a station is certain to be overloaded fails without being simulated. One at which a run is stopped at a
/// limit, or would be for certain, is open.
///
/// # Errors
/// What is wrong with the scenario, as it is or at the first value that is tried.
pub fn capacity(
    source: &Source,
    question: &Question,
    read: Read<'_>,
    options: &Options,
    control: &Control<'_>,
) -> Result<CapacityResults, Diagnostics> {
    let mut trials =
        Trials { source, question, read, options, control, done: Vec::new(), title: String::new(), seed: 0 };
    let mut search = Search::new(question);
    while let Some(at) = search.next() {
        match trials.at(at) {
            Ok(outcome) => search.learn(at, outcome),
            // Far out, a value may be none that the scenario can have.
            Err(Refused::Scenario(_)) if search.may_end_at(at) => search.end_before(at),
            Err(Refused::Scenario(diagnostics) | Refused::Limit(diagnostics)) => return Err(diagnostics),
        }
        if control.is_cancelled() {
            search.stop();
        }
    }
    Ok(trials.results(&search))
}

/// Why a value cannot be tried.
enum Refused {
    /// The scenario is wrong there.
    Scenario(Diagnostics),
    /// It is too much to simulate.
    Limit(Diagnostics),
}

/// The values that have been tried.
struct Trials<'a> {
    source: &'a Source,
    question: &'a Question,
    read: Read<'a>,
    options: &'a Options,
    control: &'a Control<'a>,
    done: Vec<(Trial, Option<There>)>,
    title: String,
    seed: u64,
}

/// What is told of the results at the limit.
struct There {
    workloads: BTreeMap<String, WorkloadResult>,
    bottleneck: Option<Bottleneck>,
}

impl Trials<'_> {
    fn at(&mut self, at: f64) -> Result<Outcome, Refused> {
        let mut model = self.model(at)?;
        (self.title, self.seed) = (model.title.clone(), model.seed);
        let mut trial = Trial {
            at,
            written: self.question.knob.written(at),
            outcome: Outcome::Overloaded,
            replications: 0,
            duration_s: None,
            unsettled: None,
            stopped: None,
            overloaded: model.forecast.unstable.iter().cloned().collect(),
            objectives: Vec::new(),
            measured: Vec::new(),
        };
        let admitted = admit_beside(&model, Some(self.question.most), &mut Held::default(), self.options);
        let there = match admitted {
            _ if !trial.overloaded.is_empty() => None,
            Ok(()) => Some(self.fill(&mut trial, &mut model)),
            Err(refused) if self.done.iter().all(|(_, there)| there.is_none()) => return Err(Refused::Limit(refused)),
            Err(_) => {
                trial.outcome = Outcome::Undecided;
                trial.stopped = Some(reached_by(&model, &self.options.limits).to_owned());
                None
            }
        };
        let outcome = trial.outcome;
        self.done.push((trial, there));
        Ok(outcome)
    }

    /// Simulates it, and writes down what came out.
    fn fill(&self, trial: &mut Trial, model: &mut Model) -> There {
        let asked = model.horizon;
        let (outcome, results, rule) = self.simulate(model);
        trial.outcome = outcome;
        trial.replications = results.scenario.replications;
        trial.duration_s = (model.horizon != asked).then_some(results.scenario.duration_s);
        trial.unsettled = results.unsettled;
        trial.stopped.clone_from(&results.scenario.stopped);
        trial.objectives = judged(model, &results, rule);
        trial.measured = measured(model, &results);
        There { workloads: results.workloads, bottleneck: results.bottleneck }
    }

    fn model(&self, at: f64) -> Result<Model, Refused> {
        let mut source = self.source.clone();
        source.overrides.extend(self.question.knob.overrides(at));
        let (model, diagnostics) = load(&source, self.read);
        model.ok_or(Refused::Scenario(diagnostics))
    }

    /// Adds replications until the objectives are decided.
    fn simulate(&self, model: &mut Model) -> (Outcome, Results, Rule) {
        let counts = looks(model, self.question.most);
        let rule = Rule { confidence: self.question.confidence, looks: counts.len() as u32 };
        let begun = self.done.len() as f64;
        let progress = |share: f64| (self.control.progress)((begun + share) / (begun + 1.0).max(EXPECTED));
        let control = Control { progress: &progress, cancelled: self.control.cancelled };
        let (verdict, results) = until_decided(model, (&counts, rule), self.options, &control);
        let outcome = match verdict {
            _ if results.scenario.partial => Outcome::Undecided,
            Verdict::Holds => Outcome::Holds,
            Verdict::Fails(index) if self.is_too_easy(model, index) => Outcome::TooEasy,
            Verdict::Fails(_) => Outcome::Fails,
            Verdict::Open => Outcome::Undecided,
        };
        (outcome, results, rule)
    }

    /// Whether an objective fails because of too little load, or too much of what costs, rather than the opposite.
    fn is_too_easy(&self, model: &Model, index: usize) -> bool {
        let Condition { metric, relation, limit } = &model.objectives[index].condition;
        let wants_more = matches!(relation, Relation::Greater | Relation::AtLeast);
        match (self.question.find, metric) {
            (Find::Highest, Metric::Throughput(name)) if wants_more => {
                let workload = model.workloads.iter().position(|workload| workload.name == *name);
                workload.is_some_and(|index| model.forecast.rates[index] <= *limit)
            }
            (Find::Lowest, Metric::Cost) => !wants_more,
            _ => false,
        }
    }

    fn results(mut self, search: &Search<'_>) -> CapacityResults {
        self.done.sort_by(|a, b| a.0.at.total_cmp(&b.0.at));
        let limit = search.limit();
        let find = |at: Option<f64>| self.done.iter().find(|(trial, _)| Some(trial.at) == at);
        let stopped = search.open().iter().find_map(|&at| find(Some(at))?.0.stopped.clone());
        let hard = find(search.failed()).map(|(trial, _)| trial);
        let ended_by = match hard.map(|trial| trial.outcome) {
            _ if search.stopped() => Ended::Interrupted,
            _ if limit.is_none() && stopped.is_some() => Ended::Undecided,
            _ if limit.is_none() => Ended::Nowhere,
            Some(Outcome::Overloaded) => Ended::Overload,
            Some(_) => Ended::Objective,
            None if search.is_undecided() => Ended::Undecided,
            None => Ended::Range,
        };
        let today = self.question.knob.today.filter(|today| *today != 0.0);
        let there = find(search.held()).and_then(|(_, there)| there.as_ref());
        CapacityResults {
            title: std::mem::take(&mut self.title),
            file: self.source.name.clone(),
            set: self.source.changes(),
            path: self.question.knob.paths.join(","),
            find: self.question.find,
            unit: self.question.knob.unit.clone(),
            today: self.question.knob.today,
            headroom: limit.zip(today).map(|(limit, today)| limit.value / today - 1.0),
            capacity: limit,
            confidence: self.question.confidence,
            ended_by,
            binding: hard.and_then(binding),
            workloads: there.map_or_else(Default::default, |there| there.workloads.clone()),
            bottleneck: there.and_then(|there| there.bottleneck.clone()),
            partial: search.stopped() || stopped.is_some(),
            stopped,
            seed: self.seed,
            version: env!("CARGO_PKG_VERSION"),
            trials: self.done.into_iter().map(|(trial, _)| trial).collect(),
        }
    }
}

/// Trials that a search takes, more or less.
const EXPECTED: f64 = 12.0;

fn measured(model: &Model, results: &Results) -> Vec<Estimate> {
    model.objectives.iter().map(|objective| measure(&objective.condition.metric, results)).collect()
}

/// The objective that fails: the first that was decided to.
fn binding(trial: &Trial) -> Option<Binding> {
    let failed = trial.objectives.iter().find(|objective| objective.met == Some(false))?;
    Some(Binding { name: failed.name.clone(), require: failed.require.clone() })
}
