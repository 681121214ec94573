//! What is simulated, and the parts of it that an engine leaves to its user.

use std::collections::VecDeque;

use rand::rngs::SmallRng;
use rand::{RngExt, SeedableRng};
use rand_distr::{Distribution, Exp};

/// Customers arrive in a Poisson process and join the shorter of two stations drawn at random (or the only one).
/// A station serves in order of arrival, for an exponential time of mean 1. The run ends when all have left.
#[derive(Clone, Copy)]
pub struct Setup {
    pub stations: usize,
    /// At each station.
    pub servers: usize,
    /// Arrivals per second at all stations together.
    pub rate: f64,
    pub customers: u64,
    pub seed: u64,
}

impl Setup {
    pub fn parse(line: &str) -> Option<Setup> {
        let mut words = line.split_whitespace();
        let setup = Setup {
            stations: words.next()?.parse().ok()?,
            servers: words.next()?.parse().ok()?,
            rate: words.next()?.parse().ok()?,
            customers: words.next()?.parse().ok()?,
            seed: words.next()?.parse().ok()?,
        };
        words.next().is_none().then_some(setup)
    }
}

/// A server pool and its queue, for engines that bring only a calendar.
struct Station<T> {
    busy: usize,
    /// When each of the waiting arrived.
    waiting: VecDeque<T>,
}

/// The state of the model, for engines that bring only a calendar. Times are the engine's own, of type `T`.
pub struct Bank<T> {
    servers: usize,
    stations: Vec<Station<T>>,
    /// Customers that have yet to arrive.
    to_come: u64,
    customers: u64,
    /// Of all response times so far, in seconds.
    sum: f64,
    draws: Draws,
}

impl<T: Copy> Bank<T> {
    pub fn new(setup: &Setup) -> Bank<T> {
        let station = || Station { busy: 0, waiting: VecDeque::new() };
        Bank {
            servers: setup.servers,
            stations: (0..setup.stations).map(|_| station()).collect(),
            to_come: setup.customers,
            customers: setup.customers,
            sum: 0.0,
            draws: Draws::new(setup),
        }
    }

    /// Time until the next arrival, if there is one.
    pub fn next_arrival(&mut self) -> Option<f64> {
        self.to_come = self.to_come.checked_sub(1)?;
        Some(self.draws.gap())
    }

    /// Somebody arrives and joins a station. If a server is free: which station, and how long service takes.
    pub fn join(&mut self, now: T) -> Option<(usize, f64)> {
        let at = self.draws.choose(self.stations.len(), |at| {
            let station: &Station<T> = &self.stations[at];
            station.busy + station.waiting.len()
        });
        let station = &mut self.stations[at];
        if station.busy < self.servers {
            station.busy += 1;
            return Some((at, self.draws.service()));
        }
        station.waiting.push_back(now);
        None
    }

    /// Somebody leaves this station after so many seconds there. Who was next in line, if anybody: the time of arrival,
    /// and how long service takes.
    pub fn leave(&mut self, at: usize, response: f64) -> Option<(T, f64)> {
        self.sum += response;
        let station = &mut self.stations[at];
        match station.waiting.pop_front() {
            Some(arrived) => Some((arrived, self.draws.service())),
            None => {
                station.busy -= 1;
                None
            }
        }
    }

    pub fn mean(&self) -> f64 {
        self.sum / self.customers as f64
    }
}

/// Random numbers: xoshiro256++ and the ziggurat, as good as anything for an engine that doesn't insist on its own.
pub struct Draws {
    rng: SmallRng,
    gaps: Exp<f64>,
    services: Exp<f64>,
}

impl Draws {
    pub fn new(setup: &Setup) -> Draws {
        Draws {
            rng: SmallRng::seed_from_u64(setup.seed),
            gaps: Exp::new(setup.rate).expect("a positive rate"),
            services: Exp::new(1.0).expect("a positive rate"),
        }
    }

    pub fn gap(&mut self) -> f64 {
        self.gaps.sample(&mut self.rng)
    }

    pub fn service(&mut self) -> f64 {
        self.services.sample(&mut self.rng)
    }

    /// The less loaded of two of so many stations, drawn at random.
    pub fn choose(&mut self, stations: usize, load: impl Fn(usize) -> usize) -> usize {
        let rng = &mut self.rng;
        shorter_of_two(stations, |below| rng.random_range(0..below), load)
    }
}

/// The less loaded of two distinct stations, drawn at random; the first of two that are equal.
pub fn shorter_of_two(stations: usize, mut draw: impl FnMut(usize) -> usize, load: impl Fn(usize) -> usize) -> usize {
    if stations == 1 {
        return 0;
    }
    let first = draw(stations);
    let second = draw(stations - 1);
    let second = if second < first { second } else { second + 1 };
    if load(second) < load(first) { second } else { first }
}
