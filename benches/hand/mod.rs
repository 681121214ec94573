//! Hand-written event loops of the same models: what a specialist would write for one question.
//! They compute the mean response time and nothing else.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

use knee::distribution::Law;
use knee::rng::{self, Rng};

/// M/M/c with the standard library's heap; returns the mean response time in seconds.
pub(crate) fn mmc(rate: f64, mean: f64, servers: u32, customers: u64) -> f64 {
    let mut loop_ = Loop::new(rate, mean);
    let mut waiting: VecDeque<u64> = VecDeque::new();
    let (mut busy, mut done, mut sum) = (0, 0u64, 0u128);
    loop_.arrive(0);
    while done < customers {
        let Some(Reverse((now, _, kind, arrived))) = loop_.events.pop() else { break };
        if kind == ARRIVAL {
            loop_.arrive(now);
            if busy < servers {
                busy += 1;
                loop_.serve(now, now);
            } else {
                waiting.push_back(now);
            }
            continue;
        }
        sum += u128::from(now - arrived);
        done += 1;
        match waiting.pop_front() {
            Some(arrived) => loop_.serve(now, arrived),
            None => busy -= 1,
        }
    }
    sum as f64 / done as f64 / TICKS
}

const TICKS: f64 = 1e12;
const ARRIVAL: u8 = 0;
const DEPARTURE: u8 = 1;

struct Loop {
    events: BinaryHeap<Reverse<(u64, u64, u8, u64)>>,
    sequence: u64,
    gaps: Law,
    services: Law,
    rng: Rng,
}

impl Loop {
    fn new(rate: f64, mean: f64) -> Loop {
        Loop {
            events: BinaryHeap::new(),
            sequence: 0,
            gaps: Law::exponential(TICKS / rate).expect("a positive rate"),
            services: Law::exponential(TICKS * mean).expect("a positive mean"),
            rng: rng::stream(1, 0, "hand"),
        }
    }

    fn arrive(&mut self, now: u64) {
        let gap = self.gaps.sample(&mut self.rng) as u64;
        self.push(now + gap, ARRIVAL, 0);
    }

    fn serve(&mut self, now: u64, arrived: u64) {
        let service = self.services.sample(&mut self.rng) as u64;
        self.push(now + service, DEPARTURE, arrived);
    }

    fn push(&mut self, time: u64, kind: u8, arrived: u64) {
        self.sequence += 1;
        self.events.push(Reverse((time, self.sequence, kind, arrived)));
    }
}
