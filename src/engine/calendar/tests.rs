use std::collections::BTreeSet;

use super::{Calendar, Class, Event, FEW, MANY, NEVER, SOME};
use crate::rng::{self, Rng};
use proptest::prelude::*;

#[test]
fn an_event_keeps_its_parts() {
    let event = Event::new(u64::MAX, Class::Patience, (1 << 34) - 1, (1 << 27) - 1);
    assert_eq!(event.time(), u64::MAX);
    assert_eq!(event.class(), Class::Patience);
    assert_eq!((event.sequence(), event.slot()), ((1 << 34) - 1, (1 << 27) - 1));
}

#[test]
fn at_one_instant_classes_go_in_order_and_equals_in_age() {
    let mut calendar = Calendar::new(&[5]);
    calendar.schedule(5, Class::Patience, 1);
    calendar.schedule(5, Class::Completion, 2);
    calendar.schedule_lane(0, 0, Class::Completion, 3);
    calendar.schedule(5, Class::Completion, 4);
    let order: Vec<u32> = drain(&mut calendar).iter().map(|event| event.slot()).collect();
    assert_eq!(order, [2, 3, 4, 1]);
}

#[test]
fn no_number_is_zero_and_the_last_one_is_followed_by_the_first() {
    let mut calendar = Calendar::new(&[]);
    assert_eq!(calendar.number(), 1);
    calendar.sequence = u64::MAX;
    assert_eq!(calendar.number(), 1);
    assert_eq!(calendar.schedule(7, Class::Quantum, 3), 2);
    assert_eq!(calendar.peek(), Event::new(7, Class::Quantum, 2, 3));
}

fn drain(calendar: &mut Calendar) -> Vec<Event> {
    let mut events = Vec::new();
    while calendar.peek() != NEVER {
        let event = calendar.peek();
        calendar.pop(event);
        events.push(event);
    }
    events
}

#[test]
fn a_timer_rings_unless_it_was_cleared_and_where_it_belongs_now() {
    let mut calendar = Calendar::new(&[5]);
    let places = [1, 2, 3, 4].map(|slot| calendar.set_timer(0, 0, slot));
    calendar.clear_timer(places[1]);
    calendar.clear_timer(places[0]);
    calendar.readdress(places[2], 7);
    let rung: Vec<u32> = drain(&mut calendar).iter().map(|event| event.slot()).collect();
    assert_eq!(rung, [7, 4]);
    // They have rung: nothing happens, also to what stands there now.
    calendar.set_timer(0, 9, 8);
    places.into_iter().for_each(|place| calendar.clear_timer(place));
    assert_eq!(drain(&mut calendar).len(), 1);
}

proptest! {
    #[test]
    fn timers_ring_in_order_unless_they_were_cleared(
        steps in prop::collection::vec((0u64..7, any::<prop::sample::Index>()), 1..300)
    ) {
        let mut delays = [7, 30];
        let mut calendar = Calendar::new(&delays);
        // What ought to be there: the timer, and the slot, which says how old it is.
        let (mut now, mut set, mut waiting) = (0, 0, Vec::new());
        let mut expected: Vec<(u64, u32)> = Vec::new();
        let mut rung = Vec::new();
        for (step, index) in steps {
            match step {
                0..3 => {
                    let lane = (step % 2) as u32;
                    waiting.push((calendar.set_timer(lane, now, set), set));
                    expected.push((now + delays[lane as usize], set));
                    set += 1;
                }
                3 => {
                    calendar.schedule(now + 1 + index.index(20) as u64, Class::Completion, 0);
                }
                4 if !waiting.is_empty() => {
                    let (timer, slot) = waiting.swap_remove(index.index(waiting.len()));
                    calendar.clear_timer(timer);
                    expected.retain(|&(_, other)| other != slot);
                }
                5 if index.index(4) == 0 => {
                    delays.reverse();
                    calendar.set_delays(&delays);
                }
                _ => {
                    let event = calendar.peek();
                    if event != NEVER {
                        calendar.pop(event);
                        now = event.time();
                        waiting.retain(|&(_, slot)| event.class() != Class::Deadline || slot != event.slot());
                        rung.push(event);
                    }
                }
            }
        }
        rung.extend(drain(&mut calendar));
        prop_assert!(rung.is_sorted());
        let rung = rung.iter().filter(|event| event.class() == Class::Deadline);
        let rung: Vec<(u64, u32)> = rung.map(|event| (event.time(), event.slot())).collect();
        expected.sort();
        prop_assert_eq!(rung, expected);
    }

    #[test]
    fn pops_are_sorted_whatever_the_mix(steps in prop::collection::vec((0u64..50, any::<bool>()), 1..300)) {
        let mut calendar = Calendar::new(&[7, 30]);
        let (mut now, mut pushed, mut popped) = (0, 0, Vec::new());
        for (delay, pop) in steps {
            match delay {
                0..4 => { calendar.schedule_lane((delay % 2) as u32, now, Class::Completion, 0); }
                _ => { calendar.schedule(now + delay, Class::Completion, 0); }
            }
            pushed += 1;
            if pop {
                let event = calendar.peek();
                calendar.pop(event);
                now = event.time();
                popped.push(event);
            }
        }
        popped.extend(drain(&mut calendar));
        prop_assert_eq!(popped.len(), pushed);
        prop_assert!(popped.is_sorted());
    }
}

/// A calendar, and what ought to be in it.
struct Checked {
    calendar: Calendar,
    expected: BTreeSet<Event>,
    timers: Vec<(u64, Event)>,
    now: u64,
    rng: Rng,
}

const DELAYS: [u64; 2] = [1_000, 1_000_000];
const CLASSES: [Class; 4] = [Class::Completion, Class::Timeline, Class::Arrival, Class::Copy];

impl Checked {
    fn new(seed: u64) -> Checked {
        let rng = rng::stream(seed, 0, "calendar");
        Checked { calendar: Calendar::new(&DELAYS), expected: BTreeSet::new(), timers: Vec::new(), now: 0, rng }
    }

    /// From nothing to 10^7 ticks, every order of magnitude as often as any other, and now and then forever.
    fn delay(&mut self) -> u64 {
        match rng::below(&mut self.rng, 9) {
            8 => u64::MAX >> rng::below(&mut self.rng, 5),
            magnitude => u64::from(rng::below(&mut self.rng, 10_u32.pow(magnitude))),
        }
    }

    fn schedule(&mut self) {
        let time = self.now.saturating_add(self.delay());
        let class = CLASSES[rng::below(&mut self.rng, 4) as usize];
        let slot = rng::below(&mut self.rng, 100);
        let number = self.calendar.schedule(time, class, slot);
        self.expected.insert(Event::new(time, class, number, slot));
    }

    fn set_timer(&mut self) {
        let (lane, number) = (rng::below(&mut self.rng, 2), self.calendar.number() + 1);
        let timer = self.calendar.set_timer(lane, self.now, 7);
        let event = Event::new(self.now.saturating_add(DELAYS[lane as usize]), Class::Deadline, number, 7);
        self.expected.insert(event);
        self.timers.push((timer, event));
    }

    fn clear_timer(&mut self) {
        if !self.timers.is_empty() {
            let index = rng::below(&mut self.rng, self.timers.len() as u32);
            let (timer, event) = self.timers.swap_remove(index as usize);
            self.calendar.clear_timer(timer);
            self.expected.remove(&event);
        }
    }

    /// Takes the next event. Some come from elsewhere in between, which ask what is next and take nothing.
    fn pop(&mut self) {
        let next = self.calendar.peek();
        assert_eq!(next, self.expected.first().copied().unwrap_or(NEVER));
        if next == NEVER {
            return;
        }
        if rng::below(&mut self.rng, 3) == 0 {
            self.now += (next.time() - self.now) / 2;
            self.schedule();
        }
        let next = self.calendar.peek();
        assert_eq!(Some(next), self.expected.pop_first());
        self.calendar.pop(next);
        self.now = next.time();
    }

    fn add(&mut self) {
        match rng::below(&mut self.rng, 8) {
            0 => self.set_timer(),
            1 => self.clear_timer(),
            _ => self.schedule(),
        }
    }

    /// Lets the number of pending events drift to this.
    fn drift(&mut self, pending: usize) {
        let grows = self.expected.len() < pending;
        while (self.expected.len() < pending) == grows && self.now < u64::MAX >> 6 {
            if (rng::below(&mut self.rng, 4) == 0) == grows { self.pop() } else { self.add() }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]
    #[test]
    fn the_order_is_that_of_a_sorted_set_however_many_are_pending(
        seed in any::<u64>(),
        sizes in prop::collection::vec(0..3 * MANY, 1..6)
    ) {
        let mut checked = Checked::new(seed);
        sizes.into_iter().for_each(|size| checked.drift(size));
        while !checked.expected.is_empty() {
            checked.pop();
        }
        prop_assert_eq!(checked.calendar.peek(), NEVER);
    }
}

/// Replaces each event by one such a delay later.
fn hold(calendar: &mut Calendar, steps: usize, mut delay: impl FnMut() -> u64) {
    let mut now = 0;
    for _ in 0..steps {
        let event = calendar.peek();
        assert!(event.time() >= now);
        now = event.time();
        calendar.pop(event);
        calendar.schedule(now + delay(), Class::Completion, event.slot());
    }
}

/// A calendar with so many events within 10^9 ticks.
fn filled(pending: usize) -> (Calendar, impl FnMut() -> u64) {
    let mut rng = rng::stream(1, 0, "filled");
    let mut calendar = Calendar::new(&[]);
    let mut delay = move || u64::from(rng::below(&mut rng, 1_000_000_000));
    for slot in 0..pending {
        calendar.schedule(delay(), Class::Completion, slot as u32);
    }
    (calendar, delay)
}

#[test]
fn many_events_are_kept_apart_until_they_are_few() {
    let (mut calendar, delay) = filled(MANY);
    assert_eq!(calendar.far.len(), 0);
    calendar.schedule(u64::MAX - 1, Class::Timeline, 0);
    assert_eq!(calendar.far.len(), MANY + 1);
    hold(&mut calendar, 10 * MANY, delay);
    assert!(calendar.far.len() > MANY / 2);
    // It is looked at when something comes near.
    for _ in 0..MANY - FEW + 2 * SOME {
        let event = calendar.peek();
        calendar.pop(event);
    }
    assert_eq!(calendar.far.len(), 0);
    assert!(drain(&mut calendar).is_sorted());
}

#[test]
fn a_far_event_takes_hardly_more_than_its_own_memory() {
    let pending = 200_000;
    let (mut calendar, delay) = filled(pending);
    hold(&mut calendar, 3 * pending, delay);
    let bytes = calendar.far.bytes() / pending;
    assert!(bytes <= 20, "{bytes} bytes each");
}

#[test]
fn many_events_of_one_instant_stay_in_order() {
    let mut calendar = Calendar::new(&[]);
    for slot in 0..5 * MANY as u32 {
        calendar.schedule(9, Class::Patience, slot);
    }
    let first = calendar.peek();
    calendar.pop(first);
    calendar.schedule(9, Class::Completion, 0);
    let order = drain(&mut calendar);
    assert_eq!((order.len(), order[0].class()), (5 * MANY, Class::Completion));
    assert!(order.is_sorted());
}
