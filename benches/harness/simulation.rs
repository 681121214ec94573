//! Scenarios on the engine, with every statistic on unless it says otherwise.

use knee::engine::{Limits, Settings, simulate};
use knee::model::{Horizon, Model, load};
use knee::scenario::Source;

use super::clock::timed;
use crate::hand::Answer;

/// How a model is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// As a user's run does it.
    Usual,
    /// Without what is only done in models that allow it.
    General,
    /// Nothing is recorded: all of the run is warm-up.
    Unrecorded,
    /// Without the marks for curves over time, each of which looks at every station.
    Unmarked,
}

/// Marks over the window, for curves over time: as many as a user's run makes.
const BUCKETS: u32 = 200;

/// Compiles a scenario, which has to be sound.
pub(crate) fn compile(text: &str) -> Model {
    let source = Source { name: "bench".into(), text: text.into(), overrides: Vec::new() };
    let (model, diagnostics) = load(&source, &|_| Err("no files".into()));
    model.unwrap_or_else(|| panic!("{}", diagnostics.render(false)))
}

/// The settings of a run.
fn settings(model: &Model, replication: u64, way: Way) -> Settings {
    let length = match model.horizon {
        Horizon::Ticks(ticks) => ticks,
        Horizon::UntilEmpty => unreachable!("scenarios of the bench have a duration"),
    };
    let (warm_up, window) = if way == Way::Unrecorded { (length, 1) } else { (0, length) };
    let buckets = if way == Way::Unmarked { 0 } else { BUCKETS };
    let virtual_departures = way != Way::General;
    let (limits, kept) = (Limits::default(), 1);
    let (states, jobs, window) = (false, false, Some(window));
    Settings { replication, warm_up, window, states, jobs, buckets, virtual_departures, limits, kept }
}

/// Runs one replication; times are in ticks, of which a second has as many as in the loops.
pub(crate) fn run(model: &Model, replication: u64, way: Way) -> Answer {
    let observations = simulate(model, &settings(model, replication, way));
    let customers = &observations.workloads[0];
    Answer { offered: customers.offered, answered: customers.latency.histogram.count(), sum: customers.latency.sum }
}

/// Nanoseconds a customer of one replication.
pub(crate) fn cost(model: &Model, replication: u64, way: Way) -> f64 {
    let (nanoseconds, answer) = timed(|| run(model, replication, way));
    nanoseconds / answer.offered as f64
}
