//! Runs, from their first event to their last, in slices: between two of them what a run has used is looked at, and
//! whoever runs it may give it up.

use super::limits::Limits;
use super::probe::Probe;
use super::record::{Observations, Stopped};
use super::series::{self, Clock};
use super::{Engine, Settings};
use crate::model::Model;

/// Asked between slices whether a run goes on; told how many bytes it holds.
pub type GoOn<'a> = &'a dyn Fn(u64) -> bool;

/// Moves between two looks: milliseconds. In models of very many stations a look takes about as long.
const SLICE: u64 = 1 << 17;

/// The same where somebody looks after each event, which may take him long.
const WATCHED: u64 = 1 << 12;

/// In so many parts of a pilot it is kept how many are in the system.
const LEVELS: u32 = 200;

/// Runs one replication.
pub fn simulate(model: &Model, settings: &Settings) -> Observations {
    ended(model, settings, &|_| true).0.finish()
}

/// Runs one replication, as long as somebody wants it to go on; none if it was given up.
pub fn simulate_while(model: &Model, settings: &Settings, go_on: GoOn<'_>) -> Option<Observations> {
    let (engine, is_whole) = ended(model, settings, go_on);
    is_whole.then(|| engine.finish())
}

/// A run that is over, and whether it was not given up.
fn ended<'m>(model: &'m Model, settings: &Settings, go_on: GoOn<'_>) -> (Engine<'m>, bool) {
    let mut engine = Engine::new(model, settings);
    let is_whole = engine.run(go_on);
    if engine.passages.on && engine.stopped.is_some() {
        // When exactly a run is stopped is what events say; what it holds is not needed any more.
        drop(engine);
        return ended(model, &Settings { virtual_departures: false, ..*settings }, go_on);
    }
    (engine, is_whole)
}

/// Runs a replication for its series only, to find where the start-up ends; none if it was given up.
pub fn pilot(model: &Model, replication: u64, length: u64, limits: Limits, go_on: GoOn<'_>) -> Option<Probe> {
    let settings = Settings {
        replication,
        warm_up: 0,
        window: Some(length),
        states: false,
        jobs: false,
        buckets: LEVELS,
        virtual_departures: false,
        limits,
        kept: 1,
    };
    let mut engine = Engine::new(model, &settings);
    engine.probe = Some(Probe::new(model));
    engine.clocks.retain(Clock::is_plain);
    let is_whole = engine.run(go_on);
    let mut probe = engine.probe?;
    probe.levels = series::hand_over(engine.clocks).0;
    is_whole.then_some(probe)
}

impl Engine<'_> {
    /// Lets everything happen; false if it was not to go on.
    pub(super) fn run(&mut self, go_on: GoOn<'_>) -> bool {
        match self.passages.on {
            true => self.in_slices(SLICE, go_on, Engine::let_pass),
            false => self.in_slices(SLICE, go_on, |engine| engine.let_happen(|_| true)),
        }
    }

    /// Lets everything happen, and somebody look after each event for as long as he wants to; false if it was not to go on.
    pub(super) fn watch(&mut self, go_on: GoOn<'_>, mut look: impl FnMut(&mut Self) -> bool) -> bool {
        self.in_slices(WATCHED, go_on, |engine| engine.let_happen(&mut look))
    }

    /// So many moves at a time, as long as `slice` says that there are more, and as it is to go on; false if it was not.
    #[inline(always)]
    fn in_slices(&mut self, moves: u64, go_on: GoOn<'_>, mut slice: impl FnMut(&mut Self) -> bool) -> bool {
        self.begin_run();
        while self.go_far(moves) {
            if !slice(self) {
                return true;
            }
            if !go_on(self.look_at_memory()) {
                return false;
            }
        }
        true
    }

    /// Lets things happen until the next look; false if nothing will happen any more, or nobody wants it to.
    #[inline(always)]
    fn let_happen(&mut self, mut look: impl FnMut(&mut Self) -> bool) -> bool {
        while self.moves < self.pause_at {
            if !self.turn() || !look(self) {
                return false;
            }
        }
        true
    }

    /// How far to go until the next look: so many moves, unless the run is over.
    fn go_far(&mut self, moves: u64) -> bool {
        let most = self.settings.limits.events;
        if self.moves >= most && !self.over {
            self.stop(Stopped::Events);
        }
        if !self.over {
            self.pause_at = most.min(self.moves + moves);
        }
        !self.over
    }
}
