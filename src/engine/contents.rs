//! What caches hold: keys, how old they are, and what becomes of them.

mod warmth;

use super::Engine;
use super::data_record::ContentsRecord;
use super::interpret::Flow;
use super::task::{Client, NONE};
use crate::arena::Arena;
use crate::keymap::KeyMap;
use crate::model::{ContentsSpec, Lifetime, SourceSpec};
use crate::policy::evict::Evict;
use crate::stats::Integral;

/// The contents of one node.
pub(super) struct Contents {
    policy: Box<dyn Evict>,
    /// Kept only where age or changes matter.
    notes: Option<Notes>,
    lifetime: Option<Lifetime>,
    /// Of the number of entries.
    entries: Integral,
    tally: ContentsRecord,
    /// Keys that an insertion pushed out.
    gone: Vec<u64>,
    /// When everything is lost, the next time last.
    losses: Vec<u64>,
}

/// What is known of each entry, in the order of their age.
#[derive(Default)]
struct Notes {
    index: KeyMap,
    notes: Arena<Note>,
    oldest: u32,
    youngest: u32,
}

#[derive(Debug, Clone, Copy)]
struct Note {
    key: u64,
    /// From when on its age counts.
    since: u64,
    /// When a newer one was last asked for.
    asked: u64,
    /// The origin does not know it yet.
    dirty: bool,
    older: u32,
    younger: u32,
}

impl Notes {
    fn new() -> Notes {
        Notes { oldest: NONE, youngest: NONE, ..Notes::default() }
    }

    fn add(&mut self, key: u64, since: u64) -> u32 {
        let note = Note { key, since, asked: since, dirty: false, older: self.youngest, younger: NONE };
        let id = self.notes.insert(note);
        self.index.insert(key, id);
        self.link(id);
        id
    }

    /// Makes a note the youngest.
    fn link(&mut self, id: u32) {
        self.notes[id].older = self.youngest;
        self.notes[id].younger = NONE;
        match self.youngest {
            NONE => self.oldest = id,
            before => self.notes[before].younger = id,
        }
        self.youngest = id;
    }

    fn unlink(&mut self, id: u32) {
        let Note { older, younger, .. } = self.notes[id];
        match older {
            NONE => self.oldest = younger,
            older => self.notes[older].younger = younger,
        }
        match younger {
            NONE => self.youngest = older,
            younger => self.notes[younger].older = older,
        }
    }

    /// An entry is as good as new.
    fn renew(&mut self, id: u32, now: u64) {
        self.unlink(id);
        self.link(id);
        let note = &mut self.notes[id];
        (note.since, note.asked) = (now, now);
    }

    /// Forgets an entry; returns what was known of it.
    fn remove(&mut self, key: u64) -> Option<Note> {
        let id = self.index.remove(key)?;
        self.unlink(id);
        self.notes.remove(id);
        Some(self.notes[id])
    }
}

impl Contents {
    /// What a node holds; the window begins at `start`.
    pub(super) fn new(spec: &ContentsSpec, node: u32, start: u64) -> Contents {
        let own = spec.outages.iter().filter(|outage| outage.target == node);
        let mut losses: Vec<u64> = own.map(|outage| start.saturating_add(outage.from)).collect();
        losses.sort_unstable_by_key(|&at| std::cmp::Reverse(at));
        let noted = spec.lifetime.is_some() || spec.refresh.is_some() || spec.spill.is_some();
        Contents {
            policy: spec.policy.fresh(),
            notes: noted.then(Notes::new),
            lifetime: spec.lifetime,
            entries: Integral::default(),
            tally: ContentsRecord::default(),
            gone: Vec::new(),
            losses,
        }
    }

    /// How many keys something is known of, whether they are there or not.
    pub(super) fn keys(&self) -> u64 {
        self.policy.known() as u64
    }

    fn len(&self) -> u32 {
        self.policy.len() as u32
    }

    /// Takes out whatever has become too old or was lost, each at its own time.
    #[inline]
    fn expire(&mut self, now: u64) {
        if self.lifetime.is_some() || !self.losses.is_empty() {
            self.expire_all(now);
        }
    }

    fn expire_all(&mut self, now: u64) {
        while let Some(loss) = self.losses.pop_if(|&mut loss| loss <= now) {
            self.lose(loss);
        }
        self.outlive(now);
    }

    fn outlive(&mut self, now: u64) {
        let (Some(notes), Some(lifetime)) = (&mut self.notes, self.lifetime) else { return };
        while notes.oldest != NONE {
            let Note { key, since, .. } = notes.notes[notes.oldest];
            let end = since.saturating_add(lifetime.ticks);
            if end > now {
                return;
            }
            notes.remove(key);
            self.policy.remove(key);
            self.entries.down(end);
            self.tally.expired += 1;
        }
    }

    /// All that is there is lost.
    fn lose(&mut self, now: u64) {
        self.outlive(now);
        self.tally.lost += u64::from(self.len());
        self.entries.change(now, self.len(), 0);
        self.policy.clear();
        self.notes = self.notes.take().map(|_| Notes::new());
    }

    /// Forgets what was counted, but nothing of what is there.
    pub(super) fn open_window(&mut self, now: u64) {
        self.expire(now);
        self.tally = ContentsRecord::default();
        self.entries = Integral::starting(now, self.len());
    }

    /// What was counted up to now.
    pub(super) fn close(&mut self, now: u64) -> ContentsRecord {
        self.expire(now);
        ContentsRecord { entries_area: self.entries.area(now, self.len()), ..self.tally }
    }

    /// An entry is in: its age is kept, and whether the origin has to hear of it. Tells whether it has just
    /// become so.
    fn note(&mut self, key: u64, now: u64, renew: bool, dirty: bool) -> bool {
        let Some(notes) = &mut self.notes else { return false };
        let id = match notes.index.get(key) {
            Some(id) if renew => {
                notes.renew(id, now);
                id
            }
            Some(id) => id,
            None => notes.add(key, now),
        };
        let note = &mut notes.notes[id];
        let newly = dirty && !note.dirty;
        note.dirty |= dirty;
        newly
    }

    /// Forgets those that were pushed out; keeps in `gone` whom the origin has to hear of.
    fn forget(&mut self, gone: &mut Vec<u64>) {
        self.tally.evicted += gone.len() as u64;
        match &mut self.notes {
            Some(notes) => gone.retain(|&key| notes.remove(key).is_some_and(|note| note.dirty)),
            None => gone.clear(),
        }
    }
}

impl Engine<'_> {
    /// What a node has in memory is lost with it.
    pub(super) fn lose_contents(&mut self, node: u32) {
        for spec in &self.model.contents {
            let Some(holders) = spec.holders else { continue };
            for part in (0..spec.count).filter(|&part| holders.of(part) == node) {
                self.contents[(spec.first + part) as usize].lose(self.now);
            }
        }
    }

    fn contents_of(&self, task: u32, index: u32) -> usize {
        let spec = &self.model.contents[index as usize];
        let node = if spec.count == 1 { 0 } else { self.tasks.tasks[task].replica };
        (spec.first + node) as usize
    }

    pub(super) fn probe_contents(&mut self, task: u32, index: u32, hit: u32, again: bool) -> Flow {
        let found = self.look(task, index, again);
        let at = self.contents_of(task, index);
        let tally = &mut self.contents[at].tally;
        match (found, again) {
            (true, false) => tally.hits += 1,
            (true, true) => tally.coalesced += 1,
            (false, false) => tally.misses += 1,
            (false, true) => {}
        }
        if found {
            self.tasks.tasks[task].pc = hit;
        }
        Flow::On
    }

    /// Whether the key of a task is there, and all that a look brings with it. Who looks again, and does not find
    /// it, has looked once.
    fn look(&mut self, task: u32, index: u32, again: bool) -> bool {
        let spec = &self.model.contents[index as usize];
        if let Some(share) = spec.stated {
            return self.chance(spec.stream) < share;
        }
        let (at, now, key) = (self.contents_of(task, index), self.now, self.tasks.tasks[task].client.key);
        let contents = &mut self.contents[at];
        contents.expire(now);
        if again && !contents.policy.contains(key) {
            return false;
        }
        if !contents.policy.lookup(key, &mut self.streams[spec.stream as usize]) {
            return false;
        }
        let Some(notes) = &mut contents.notes else { return true };
        let Some(id) = notes.index.get(key) else { return true };
        if contents.lifetime.is_some_and(|lifetime| lifetime.from_last_use) {
            notes.renew(id, now);
        }
        if let Some((after, routine)) = spec.refresh
            && now - notes.notes[id].asked >= after
        {
            notes.notes[id].asked = now;
            contents.tally.refreshed += 1;
            self.send_for(task, routine, key);
        }
        true
    }

    /// Sends a message about a key from the node at which a task is.
    fn send_for(&mut self, task: u32, routine: u32, key: u64) {
        let message = self.message(task, self.model.routines[routine as usize].entry);
        let client = &mut self.tasks.tasks[message].client;
        (client.key, client.keyed) = (key, true);
        self.wake(message);
    }

    /// Puts the key of a task in; what is pushed out by it, or does not fit, is written to the origin if it has to be.
    pub(super) fn fill_contents(&mut self, task: u32, index: u32, renew: bool, dirty: bool) -> Flow {
        let spec = &self.model.contents[index as usize];
        let time = self.now.wrapping_sub(self.start);
        let at = self.contents_of(task, index);
        let node = at as u32 - spec.first;
        let is_down = spec.holders.is_some_and(|holders| self.nodes.is_down(holders.of(node)));
        let is_out = is_down || spec.outages.iter().any(|outage| outage.covers(node, time));
        if spec.stated.is_some() || is_out {
            return Flow::On;
        }
        let now = self.now;
        let client = &self.tasks.tasks[task].client;
        let (key, size) = (client.key, self.units(spec, client));
        let contents = &mut self.contents[at];
        contents.expire(now);
        let before = contents.len();
        let mut gone = std::mem::take(&mut contents.gone);
        let rng = &mut self.streams[spec.stream as usize];
        let fits = contents.policy.insert(key, size, rng, &mut |key| gone.push(key));
        contents.entries.change(now, before, contents.len());
        contents.forget(&mut gone);
        let changed = fits && contents.note(key, now, renew, dirty);
        gone.extend((dirty && !fits).then_some(key));
        gone.drain(..).for_each(|key| spec.spill.iter().for_each(|&routine| self.send_for(task, routine, key)));
        self.contents[at].gone = gone;
        spec.flush.filter(|_| changed).iter().for_each(|&routine| self.send_for(task, routine, key));
        Flow::On
    }

    /// Units of capacity that the entry of a request takes.
    fn units(&self, spec: &ContentsSpec, client: &Client) -> u64 {
        if !spec.in_bytes || client.workload == NONE {
            return spec.entry;
        }
        match &self.model.workloads[client.workload as usize].source {
            SourceSpec::Trace(rows) => rows.get(client.index as usize).and_then(|row| row.size).unwrap_or(spec.entry),
            _ => spec.entry,
        }
    }

    /// Takes the key of a task out.
    pub(super) fn drop_entry(&mut self, task: u32, index: u32) -> Flow {
        let (at, now, key) = (self.contents_of(task, index), self.now, self.tasks.tasks[task].client.key);
        let contents = &mut self.contents[at];
        contents.expire(now);
        if contents.policy.remove(key) {
            contents.entries.down(now);
            contents.notes.as_mut().map(|notes| notes.remove(key));
        }
        Flow::On
    }

    /// The entry of a task is written to the origin now, unless there is no need to.
    pub(super) fn launder(&mut self, task: u32, index: u32, clean: u32) -> Flow {
        let (at, now, key) = (self.contents_of(task, index), self.now, self.tasks.tasks[task].client.key);
        let contents = &mut self.contents[at];
        contents.expire(now);
        let notes = contents.notes.as_mut();
        let note = notes.and_then(|notes| notes.index.get(key).map(|id| &mut notes.notes[id]));
        match note {
            Some(note) if note.dirty => note.dirty = false,
            _ => self.tasks.tasks[task].pc = clean,
        }
        Flow::On
    }
}

#[cfg(test)]
mod tests {
    use super::Notes;

    #[test]
    fn notes_are_in_the_order_of_their_age() {
        let mut notes = Notes::new();
        let ids = [1, 2, 3].map(|key| notes.add(key, key));
        notes.renew(ids[0], 10);
        let oldest = |notes: &Notes| notes.notes[notes.oldest].key;
        assert_eq!(oldest(&notes), 2);
        assert!(notes.remove(2).is_some() && notes.remove(2).is_none());
        assert_eq!((oldest(&notes), notes.notes[notes.youngest].key), (3, 1));
    }
}
