use super::{Calendar, Class, Event, NEVER};
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
