use super::*;

const A: Session = Session { origin: 0, user: 1, request: (0, 0) };
const B: Session = Session { origin: 0, user: 2, request: (0, 0) };
const DATUM: Datum = (0, 7);

fn store(independent: bool) -> Store {
    let spec = StoreSpec { copies: 2, answers: 1, independent, ..StoreSpec::default() };
    Store::new(&spec)
}

/// Reads a copy, at time 100.
fn read(store: &mut Store, copy: u32, session: Session) {
    let ticket = store.begin_read(DATUM, session, None);
    store.look(ticket, copy);
    store.show(ticket, copy);
    store.end_read(ticket, 100, true);
}

/// A write that is committed at the first copy.
fn write(store: &mut Store, session: Session, now: u64) -> u32 {
    let number = store.write(DATUM);
    store.apply(DATUM, 0, number);
    store.commit(DATUM, number, session, now);
    store.end_write(DATUM);
    number
}

#[test]
fn a_copy_that_lacks_a_committed_version_is_stale_since_that_was_committed() {
    let mut store = store(false);
    write(&mut store, A, 10);
    let last = write(&mut store, B, 30);
    read(&mut store, 0, A);
    read(&mut store, 1, A);
    assert_eq!((store.record.reads, store.record.behind[0], store.record.behind[2]), (2, 1, 1));
    assert_eq!((store.record.staleness.sum, store.record.own), (90, 1));
    store.apply(DATUM, 1, last);
    read(&mut store, 1, A);
    assert_eq!(store.record.behind[0], 2);
}

#[test]
fn what_every_copy_has_is_forgotten() {
    let mut store = store(false);
    let (first, second) = (write(&mut store, A, 10), write(&mut store, A, 20));
    store.apply(DATUM, 1, second);
    assert!(store.data.is_empty() && store.flux.is_empty());
    // One that arrives late changes nothing.
    store.apply(DATUM, 1, first);
    read(&mut store, 1, A);
    assert!(store.data.is_empty() && store.record.behind[0] == 1);
}

#[test]
fn a_write_that_is_never_committed_makes_nobody_stale() {
    let mut store = store(false);
    let number = store.write(DATUM);
    store.apply(DATUM, 0, number);
    store.end_write(DATUM);
    assert!(store.data.is_empty());
    read(&mut store, 1, A);
    assert_eq!(store.record.behind[0], 1);
}

#[test]
fn only_answers_that_are_waited_for_count_and_the_newest_of_them() {
    let mut store = store(false);
    write(&mut store, A, 10);
    let ticket = store.begin_read(DATUM, B, None);
    store.look(ticket, 1);
    store.look(ticket, 0);
    store.show(ticket, 1);
    store.show(ticket, 0);
    store.end_read(ticket, 100, true);
    assert_eq!(store.record.behind[1], 1);
    store.answers = 2;
    let ticket = store.begin_read(DATUM, B, None);
    for copy in [1, 0] {
        store.look(ticket, copy);
        store.show(ticket, copy);
    }
    store.end_read(ticket, 100, true);
    assert_eq!(store.record.behind[0], 1);
}

#[test]
fn updates_that_had_not_seen_each_other_are_in_conflict() {
    let mut store = store(true);
    let (first, second) = (store.write(DATUM), store.write(DATUM));
    store.update(DATUM, 0, first, A, 10);
    store.update(DATUM, 1, second, B, 20);
    assert_eq!((store.record.pairs, store.record.lost), (1, 1));
    assert_eq!(store.record.conflicted, [1, 1]);
    store.apply(DATUM, 1, first);
    store.apply(DATUM, 0, second);
    assert!(store.knows(DATUM, 0, first) && store.knows(DATUM, 0, second));
    let third = store.write(DATUM);
    store.update(DATUM, 1, third, B, 30);
    assert!(store.knows(DATUM, 1, third) && !store.knows(DATUM, 0, third));
    assert_eq!(store.record.pairs, 1);
    (0..3).for_each(|_| store.end_write(DATUM));
    store.apply(DATUM, 0, third);
    assert!(store.data.is_empty());
}

#[test]
fn what_the_copy_that_counts_lacks_is_lost_and_expected_by_nobody() {
    let mut store = store(false);
    let first = write(&mut store, A, 10);
    store.apply(DATUM, 1, first);
    write(&mut store, A, 20);
    let last = write(&mut store, B, 30);
    assert_eq!((store.missed(0, 0), store.missed(0, 1), store.missed(1, 1)), (0, 2, 0));
    assert!(store.has(DATUM, 0, last) && !store.has(DATUM, 1, last));
    store.lose_primary(40);
    store.install(0, 1, 50);
    assert_eq!((store.record.lost, store.record.failovers), (2, 1));
    assert!(store.data.is_empty());
    read(&mut store, 1, A);
    assert_eq!((store.record.behind[0], store.record.own), (1, 0));
    // The next version is newer than what was lost.
    assert!(write(&mut store, A, 60) > last);
    assert_eq!(store.close(100).vacant, 10);
}

#[test]
fn what_the_copy_that_counts_has_already_is_still_on_its_way_to_others() {
    let spec = StoreSpec { copies: 3, answers: 1, ..StoreSpec::default() };
    let mut store = Store::new(&spec);
    let first = write(&mut store, A, 10);
    write(&mut store, A, 20);
    store.apply(DATUM, 1, first);
    store.lose_primary(30);
    store.install(0, 1, 30);
    assert_eq!((store.record.lost, store.missed(0, 0), store.missed(0, 2)), (1, 0, 1));
    read(&mut store, 2, A);
    assert_eq!((store.record.behind[1], store.record.own), (1, 1));
}
