//! A circuit breaker: closed, open, half open (Nygard, *Release It!*, 2007). It never sees what it protects.

use crate::model::program::{BreakerSpec, Trip};

/// How many parts the window of a breaker has.
const STEPS: usize = 10;

/// One breaker. Calls that began before it last opened or closed are none of its business: each
/// call knows the breaker's age when it was let through.
#[derive(Debug, Clone, Default)]
pub(crate) struct Breaker {
    state: State,
    age: u32,
    /// Failures without a success in between.
    in_a_row: u32,
    window: Window,
}

#[derive(Debug, Clone, Default, PartialEq)]
enum State {
    /// Calls go through.
    #[default]
    Closed,
    /// None does, until then.
    Open { until: u64 },
    /// A few do.
    HalfOpen { trying: u32, passed: u32 },
}

impl Breaker {
    /// Whether a call may go through; with what it has to say when it is over.
    pub(crate) fn admit(&mut self, now: u64, spec: &BreakerSpec) -> Option<u32> {
        match &mut self.state {
            State::Closed => {}
            State::Open { until } if now < *until => return None,
            State::Open { .. } => self.turn(State::HalfOpen { trying: 1, passed: 0 }),
            State::HalfOpen { trying, .. } if *trying < spec.probes => *trying += 1,
            State::HalfOpen { .. } => return None,
        }
        Some(self.age)
    }

    /// A call has succeeded.
    pub(crate) fn succeed(&mut self, age: u32, now: u64, spec: &BreakerSpec) {
        if age != self.age {
            return;
        }
        match &mut self.state {
            State::HalfOpen { passed, .. } if *passed + 1 < spec.probes => *passed += 1,
            State::HalfOpen { .. } => self.turn(State::Closed),
            _ => {
                self.in_a_row = 0;
                self.window.add(now, spec, 0);
            }
        }
    }

    /// A call has failed; true if the breaker opens.
    pub(crate) fn fail(&mut self, age: u32, now: u64, spec: &BreakerSpec) -> bool {
        if age != self.age {
            return false;
        }
        if self.state == State::Closed {
            self.in_a_row += 1;
            self.window.add(now, spec, 1);
            let trips = match spec.trip {
                Trip::Consecutive(failures) => self.in_a_row >= failures,
                Trip::Ratio { threshold, minimum, .. } => self.window.is_bad(threshold, minimum),
            };
            if !trips {
                return false;
            }
        }
        self.turn(State::Open { until: now.saturating_add(spec.open) });
        true
    }

    /// Nobody will hear what became of a call: a trial is to be made again.
    pub(crate) fn release(&mut self, age: u32) {
        if let State::HalfOpen { trying, .. } = &mut self.state
            && age == self.age
        {
            *trying -= 1;
        }
    }

    fn turn(&mut self, state: State) {
        self.state = state;
        self.age = self.age.wrapping_add(1);
        self.in_a_row = 0;
        self.window = Window::default();
    }
}

/// Calls and failures of the last tenths of a window.
#[derive(Debug, Clone, Default)]
struct Window {
    steps: [(u32, u32); STEPS],
    /// The number of the last step that was begun.
    last: u64,
}

impl Window {
    fn add(&mut self, now: u64, spec: &BreakerSpec, failed: u32) {
        let Trip::Ratio { step, .. } = spec.trip else { return };
        let number = now / step;
        for old in 1..=(number - self.last).min(STEPS as u64) {
            self.steps[((self.last + old) % STEPS as u64) as usize] = (0, 0);
        }
        self.last = number;
        let (calls, failures) = &mut self.steps[(number % STEPS as u64) as usize];
        *calls += 1;
        *failures += failed;
    }

    fn is_bad(&self, threshold: f64, minimum: u32) -> bool {
        let sum = |(a, b): (u64, u64), &(c, d): &(u32, u32)| (a + u64::from(c), b + u64::from(d));
        let (calls, failures) = self.steps.iter().fold((0, 0), sum);
        calls >= u64::from(minimum) && failures as f64 >= threshold * calls as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONSECUTIVE: BreakerSpec = BreakerSpec { trip: Trip::Consecutive(5), open: 9_970, probes: 1 };

    /// Requests every 100 ms; what is behind fails at once for the first 60 s.
    #[test]
    fn it_opens_probes_and_closes_again() {
        let mut breaker = Breaker::default();
        let (mut reached, mut failed, mut rejected, mut succeeded, mut closes) = (0, 0, 0, 0, 0);
        for now in (50..100_000).step_by(100) {
            let Some(age) = breaker.admit(now, &CONSECUTIVE) else {
                rejected += 1;
                continue;
            };
            reached += 1;
            if now < 60_000 {
                failed += 1;
                breaker.fail(age, now, &CONSECUTIVE);
            } else {
                succeeded += 1;
                let was = breaker.state.clone();
                breaker.succeed(age, now, &CONSECUTIVE);
                closes = if breaker.state == was { closes } else { now };
            }
        }
        assert_eq!((reached, failed, rejected, succeeded, closes), (406, 10, 594, 396, 60_450));
    }

    #[test]
    fn a_success_starts_the_count_anew() {
        let mut breaker = Breaker::default();
        for _ in 0..3 {
            assert!((0..4).all(|now| !breaker.fail(0, now, &CONSECUTIVE)));
            breaker.succeed(0, 4, &CONSECUTIVE);
        }
        assert_eq!(breaker.state, State::Closed);
    }

    #[test]
    fn all_probes_have_to_succeed_and_nobody_else_is_let_through() {
        let spec = BreakerSpec { probes: 2, trip: Trip::Consecutive(1), open: 10 };
        let mut breaker = Breaker::default();
        let first = breaker.admit(0, &spec).unwrap();
        assert!(breaker.fail(first, 0, &spec));
        assert_eq!(breaker.admit(9, &spec), None);
        let (one, other) = (breaker.admit(10, &spec).unwrap(), breaker.admit(10, &spec).unwrap());
        assert_eq!(breaker.admit(10, &spec), None);
        breaker.succeed(one, 11, &spec);
        assert_eq!(breaker.admit(11, &spec), None);
        // One that is given up is made again.
        breaker.release(other);
        let again = breaker.admit(12, &spec).unwrap();
        breaker.succeed(again, 13, &spec);
        assert_eq!(breaker.state, State::Closed);
    }

    #[test]
    fn what_began_before_it_opened_does_not_count() {
        let spec = BreakerSpec { trip: Trip::Consecutive(1), open: 10, probes: 1 };
        let mut breaker = Breaker::default();
        let (one, late) = (breaker.admit(0, &spec).unwrap(), breaker.admit(0, &spec).unwrap());
        assert!(breaker.fail(one, 1, &spec));
        assert!(!breaker.fail(late, 5, &spec));
        assert!(breaker.admit(11, &spec).is_some());
        breaker.succeed(late, 12, &spec);
        assert_ne!(breaker.state, State::Closed);
    }

    #[test]
    fn a_share_of_failures_is_that_of_the_window() {
        let trip = Trip::Ratio { threshold: 0.5, step: 10, minimum: 4 };
        let spec = BreakerSpec { trip, open: 10, probes: 1 };
        let mut breaker = Breaker::default();
        // Too few calls to judge by.
        assert!((0..3).all(|now| !breaker.fail(0, now, &spec)));
        // Those are forgotten after a window.
        assert!((100..103).all(|now| !breaker.fail(0, now, &spec)));
        (103..107).for_each(|now| breaker.succeed(0, now, &spec));
        assert!(breaker.fail(0, 199, &spec), "4 of 8");
    }
}
