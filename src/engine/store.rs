//! Copies of data and the versions that they have. A store is passive: requests write versions,
//! carry them to copies, and look at what a copy has.
//!
//! A version is a number from one counter. Only what is in flux is kept: a datum all of whose copies
//! have what was committed, and that nobody writes, is forgotten. So memory follows the writes in
//! flight, not the number of keys.

mod rollback;

use std::collections::{BTreeMap, VecDeque};

use super::data_record::{MOST_BEHIND, StoreRecord};
use super::footprint::ROW;
use super::task::NONE;
use crate::arena::Arena;
use crate::model::program::StoreSpec;
use crate::stats::Integral;

/// Which datum: the part of the data, and the key in it.
pub(super) type Datum = (u32, u64);

/// Who reads and writes: a user, or a request by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Session {
    /// Which workload, as far as it is known.
    pub(super) origin: u32,
    /// Which of its users.
    pub(super) user: u32,
    /// Where there are no users: which request.
    pub(super) request: (u64, u32),
}

/// Versions by datum and copy, and who reads them.
pub(super) struct Store {
    copies: usize,
    answers: u32,
    independent: bool,
    /// The last version.
    counter: u32,
    data: BTreeMap<Datum, u32>,
    flux: Arena<Flux>,
    readers: BTreeMap<u32, Reader>,
    next_reader: u32,
    /// Lists of answers to use again.
    spare: Vec<Vec<(u32, Answer)>>,
    /// Versions on their way to copies.
    on_the_way: u32,
    transit: Integral,
    /// Parts of the data without a primary.
    vacant: u32,
    vacancy: Integral,
    /// Since when this is counted.
    counted_since: u64,
    pub(super) record: StoreRecord,
}

/// A datum whose copies may differ.
#[derive(Debug, Default, Clone)]
struct Flux {
    /// The version of each copy.
    copies: Vec<u32>,
    /// Writes that have not ended.
    writers: u32,
    /// Committed versions that some copy lacks, by number.
    versions: VecDeque<Version>,
    /// The last of these by session.
    sessions: BTreeMap<Session, u32>,
}

#[derive(Debug, Clone, Copy)]
struct Version {
    number: u32,
    committed: u64,
    session: Session,
    /// The copy that was written, and the set of those that know of it, where writers are independent.
    copy: u32,
    seen: u64,
    /// Another update had not seen it, nor it the other.
    conflicted: bool,
    /// It was overwritten by one that had not seen it.
    lost: bool,
}

/// A read under way.
#[derive(Debug)]
struct Reader {
    datum: Datum,
    session: Session,
    /// The newest version that was committed when the read began.
    expected: u32,
    /// The probe that asks.
    probe: u32,
    /// Answers that are still waited for.
    left: u32,
    /// Answers on their way, by copy.
    pending: Vec<(u32, Answer)>,
    best: Option<Answer>,
}

/// What a copy had when it was looked at.
#[derive(Debug, Clone, Copy)]
struct Answer {
    version: u32,
    /// How many of the expected versions are newer.
    missed: u32,
    /// When the oldest of these was committed.
    oldest: u64,
    /// One of these is the reader's own.
    own: bool,
}

impl Store {
    pub(super) fn new(spec: &StoreSpec) -> Store {
        Store {
            copies: spec.copies as usize,
            answers: spec.answers,
            independent: spec.independent,
            counter: 0,
            data: BTreeMap::new(),
            flux: Arena::default(),
            readers: BTreeMap::new(),
            next_reader: 0,
            spare: Vec::new(),
            on_the_way: 0,
            transit: Integral::default(),
            vacant: 0,
            vacancy: Integral::default(),
            counted_since: 0,
            record: StoreRecord::new(spec),
        }
    }

    /// Memory of what is in flux and of who reads, in bytes.
    pub(super) fn bytes(&self) -> u64 {
        let flux = size_of::<Flux>() + self.copies * size_of::<u32>();
        let versions = self.flux.slots().map(|(_, flux)| flux.versions.len()).sum::<usize>();
        let each = size_of::<Version>() as u64 + ROW;
        self.flux.most() as u64 * (flux as u64 + ROW) + versions as u64 * each + self.readers.len() as u64 * 4 * ROW
    }

    /// A new version begins; returns its number.
    pub(super) fn write(&mut self, datum: Datum) -> u32 {
        let before = self.counter;
        self.counter += 1;
        let index = *self.data.entry(datum).or_insert_with(|| {
            // Whoever had the place before left it empty, but for the memory.
            let index = self.flux.take();
            self.flux[index].copies.clear();
            self.flux[index].copies.resize(self.copies, before);
            index
        });
        self.flux[index].writers += 1;
        self.counter
    }

    /// The version is committed.
    pub(super) fn commit(&mut self, datum: Datum, number: u32, session: Session, now: u64) {
        self.record.writes += 1;
        let version = Version { number, committed: now, session, copy: NONE, seen: 0, conflicted: false, lost: false };
        if let Some(&index) = self.data.get(&datum)
            && self.flux[index].copies.iter().any(|&copy| copy < number)
        {
            self.flux[index].insert(version);
        }
    }

    /// A copy has the version now, unless it has a newer one.
    pub(super) fn apply(&mut self, datum: Datum, copy: u32, number: u32) {
        let Some(&index) = self.data.get(&datum) else { return };
        let flux = &mut self.flux[index];
        let had = &mut flux.copies[copy as usize];
        *had = number.max(*had);
        self.learn(datum, copy, number);
    }

    /// A copy knows of the version, or never will.
    pub(super) fn learn(&mut self, datum: Datum, copy: u32, number: u32) {
        let Some(&index) = self.data.get(&datum) else { return };
        if self.independent
            && let Some(version) = self.flux[index].version(number)
        {
            version.seen |= 1 << copy;
        }
        self.settle(datum, index);
    }

    /// A copy is written by itself, and the write is committed. It is in conflict with those of
    /// which the copy has not heard: their copies had not heard of it either (Gray et al. 1996).
    pub(super) fn update(&mut self, datum: Datum, copy: u32, number: u32, session: Session, now: u64) {
        let Some(&index) = self.data.get(&datum) else { return };
        let (flux, record) = (&mut self.flux[index], &mut self.record);
        let seen = 1 << copy;
        let mut own = Version { number, committed: now, session, copy, seen, conflicted: false, lost: false };
        for other in flux.versions.iter_mut().filter(|other| other.seen & seen == 0) {
            record.pairs += 1;
            let older = if other.number < number { &mut *other } else { &mut own };
            record.lost += u64::from(!std::mem::replace(&mut older.lost, true));
            for version in [&mut *other, &mut own] {
                let is_new = !std::mem::replace(&mut version.conflicted, true);
                record.conflicted[version.copy as usize] += u64::from(is_new);
            }
        }
        record.writes += 1;
        record.updates[copy as usize] += 1;
        flux.insert(own);
        self.apply(datum, copy, number);
    }

    /// A write has ended, well or not.
    pub(super) fn end_write(&mut self, datum: Datum) {
        let Some(&index) = self.data.get(&datum) else { return };
        self.flux[index].writers -= 1;
        self.settle(datum, index);
    }

    /// Whether a copy that takes writes by itself knows of this version. What all know is not kept.
    pub(super) fn knows(&mut self, datum: Datum, copy: u32, number: u32) -> bool {
        let Some(&index) = self.data.get(&datum) else { return self.independent };
        let knows = |version: &mut Version| version.seen & 1 << copy != 0;
        self.independent && self.flux[index].version(number).is_none_or(knows)
    }

    /// Forgets what every copy has.
    fn settle(&mut self, datum: Datum, index: u32) {
        let all = if self.copies < 64 { (1 << self.copies) - 1 } else { u64::MAX };
        let flux = &mut self.flux[index];
        let least = flux.copies.iter().copied().min().unwrap_or(0);
        let independent = self.independent;
        let settled = |version: &Version| if independent { version.seen == all } else { version.number <= least };
        while let Some(version) = flux.versions.front().copied().filter(settled) {
            flux.versions.pop_front();
            if flux.sessions.get(&version.session) == Some(&version.number) {
                flux.sessions.remove(&version.session);
            }
        }
        if flux.writers == 0 && flux.versions.is_empty() {
            self.data.remove(&datum);
            self.flux.remove(index);
        }
    }

    /// A version has been on its way to a copy since then.
    pub(super) fn ship(&mut self, since: u64) {
        self.transit.up(since.max(self.counted_since));
        self.on_the_way += 1;
    }

    /// It has arrived, or is lost.
    pub(super) fn arrive(&mut self, now: u64) {
        self.transit.down(now);
        self.on_the_way -= 1;
    }

    /// A read begins; returns its ticket. A probe expects the version that it asks for.
    pub(super) fn begin_read(&mut self, datum: Datum, session: Session, probe: Option<(u32, u32)>) -> u32 {
        let newest = || self.data.get(&datum).and_then(|&index| self.flux[index].versions.back());
        let (probe, expected) = probe.unwrap_or_else(|| (NONE, newest().map_or(0, |version| version.number)));
        let (left, pending) = (self.answers, self.spare.pop().unwrap_or_default());
        let ticket = self.next_reader;
        self.next_reader = self.next_reader.wrapping_add(1);
        self.readers.insert(ticket, Reader { datum, session, expected, probe, left, pending, best: None });
        ticket
    }

    /// What a copy has now is its answer.
    pub(super) fn look(&mut self, ticket: u32, copy: u32) {
        let Some(reader) = self.readers.get_mut(&ticket) else { return };
        let answer = match self.data.get(&reader.datum) {
            Some(&index) => self.flux[index].answer(copy, reader.expected, reader.session),
            None => Answer { version: self.counter, missed: 0, oldest: 0, own: false },
        };
        reader.pending.push((copy, answer));
    }

    /// The answer has arrived; the newest of those that are waited for counts.
    pub(super) fn show(&mut self, ticket: u32, copy: u32) {
        let Some(reader) = self.readers.get_mut(&ticket) else { return };
        let Some(at) = reader.pending.iter().position(|&(from, _)| from == copy) else { return };
        let (_, answer) = reader.pending.swap_remove(at);
        if reader.left == 0 {
            return;
        }
        reader.left -= 1;
        if reader.best.is_none_or(|best| best.version < answer.version) {
            reader.best = Some(answer);
        }
    }

    /// A read is over, and counts if it was shown something.
    pub(super) fn end_read(&mut self, ticket: u32, now: u64, counts: bool) {
        let Some(mut reader) = self.readers.remove(&ticket) else { return };
        reader.pending.clear();
        self.spare.push(reader.pending);
        let Some(best) = reader.best.filter(|_| counts) else { return };
        let record = &mut self.record;
        if let Some((consistent, all)) = record.probes.get_mut(reader.probe as usize) {
            *consistent += u64::from(best.version >= reader.expected);
            *all += 1;
            return;
        }
        record.reads += 1;
        record.own += u64::from(best.own);
        record.behind[best.missed.min(MOST_BEHIND) as usize] += 1;
        if best.missed > 0 {
            record.staleness.record(now - best.oldest);
        }
    }

    /// Forgets what was counted so far, but not what is in flux.
    pub(super) fn reset(&mut self, spec: &StoreSpec, now: u64) {
        self.record = StoreRecord::new(spec);
        self.transit = Integral::starting(now, self.on_the_way);
        self.vacancy = Integral::starting(now, self.vacant);
        self.counted_since = now;
    }

    /// What was observed until now.
    pub(super) fn close(self, now: u64) -> StoreRecord {
        let (on_the_way, vacant) = (self.transit.area(now, self.on_the_way), self.vacancy.area(now, self.vacant));
        StoreRecord { on_the_way, vacant, ..self.record }
    }
}

impl Flux {
    fn insert(&mut self, version: Version) {
        let at = self.place(version.number);
        self.versions.insert(at, version);
        let last = self.sessions.entry(version.session).or_insert(version.number);
        *last = version.number.max(*last);
    }

    /// How many versions are older than this.
    fn place(&self, number: u32) -> usize {
        self.versions.partition_point(|version| version.number < number)
    }

    fn version(&mut self, number: u32) -> Option<&mut Version> {
        let at = self.place(number);
        self.versions.get_mut(at).filter(|version| version.number == number)
    }

    fn answer(&self, copy: u32, expected: u32, session: Session) -> Answer {
        let version = self.copies[copy as usize];
        let (from, to) = (self.place(version + 1), self.place(expected.saturating_add(1)));
        let oldest = self.versions.get(from).map_or(0, |version| version.committed);
        let own = self.sessions.get(&session).is_some_and(|&own| own > version && own <= expected);
        Answer { version, missed: to.saturating_sub(from) as u32, oldest, own }
    }
}

#[cfg(test)]
mod tests;
