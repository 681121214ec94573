//! What a request's tasks did, added up along the way that decided.

use super::{Anatomy, Cause, Leaf, Part, Piece, Request, Track};
use crate::model::Model;

impl Request {
    /// Where its time went.
    pub(super) fn anatomy(&self, model: &Model, ended: u64) -> Anatomy {
        let latency = ended - self.issued;
        let mut sums = Sums { model, parts: Vec::new() };
        let failed: Vec<Vec<bool>> = self.tracks.iter().map(|track| failed(&track.pieces)).collect();
        self.add(0, (self.issued, ended), &failed, &mut sums);
        let told: u64 = sums.parts.iter().map(|part| part.ticks).sum();
        sums.add(Cause::Other, None, latency.saturating_sub(told));
        Anatomy { workload: self.workload, latency, parts: sums.parts }
    }

    /// Adds what a track did in a time; where it waited for arms, what the one did that decided.
    fn add(&self, track: usize, (from, until): (u64, u64), failed: &[Vec<bool>], sums: &mut Sums<'_>) {
        for (piece, &failed_then) in self.tracks[track].pieces.iter().zip(&failed[track]) {
            let (start, end) = (piece.from.max(from), piece.until.min(until));
            if start >= end {
                continue;
            }
            let arm = match piece.doing.leaf {
                Leaf::Fork(fork) if !failed_then => self.decided(track, fork, piece),
                _ => None,
            };
            match arm {
                Some(arm) => self.add(arm, (start, end), failed, sums),
                None => sums.piece(piece, failed_then, end - start),
            }
        }
    }

    /// The arm that was the last to be done while a task waited for it.
    fn decided(&self, parent: usize, fork: u32, piece: &Piece) -> Option<usize> {
        let end = |track: &Track| track.pieces.last().map_or(0, |last| last.until);
        let begin = |track: &Track| track.pieces.first().map_or(u64::MAX, |first| first.from);
        let within = |track: &Track| begin(track) < piece.until && end(track) > piece.from && end(track) <= piece.until;
        // A track is only looked into by one that is not part of it.
        let arms = self.tracks.iter().enumerate().skip(1);
        let arms = arms.filter(|(index, track)| *index != parent && track.fork == fork && within(track));
        arms.max_by_key(|(_, track)| end(track)).map(|(index, _)| index)
    }
}

/// Which pieces were for nothing: parts of attempts after which there was another one.
fn failed(pieces: &[Piece]) -> Vec<bool> {
    let mut finals: Vec<(u64, u32)> = Vec::new();
    let mut failed = vec![false; pieces.len()];
    for (piece, failed) in pieces.iter().zip(&mut failed).rev() {
        for &(place, number) in &piece.doing.attempts {
            match finals.iter_mut().find(|(known, _)| *known == place) {
                None => finals.push((place, number)),
                Some((_, last)) if number < *last => *failed = true,
                Some((_, last)) => *last = number,
            }
        }
        *failed |= piece.doing.backs_off;
    }
    failed
}

/// Times added up by cause and group.
struct Sums<'a> {
    model: &'a Model,
    parts: Vec<Part>,
}

impl Sums<'_> {
    fn add(&mut self, cause: Cause, group: Option<u32>, ticks: u64) {
        match self.parts.iter_mut().find(|part| (part.cause, part.group) == (cause, group)) {
            Some(part) => part.ticks += ticks,
            None if ticks > 0 => self.parts.push(Part { cause, group, ticks }),
            None => {}
        }
    }

    fn piece(&mut self, piece: &Piece, failed: bool, ticks: u64) {
        if failed {
            return self.add(Cause::Retry, None, ticks);
        }
        let group = |station: u32| self.model.groups.partition_point(|group| group.first <= station) as u32 - 1;
        let station = match piece.doing.leaf {
            Leaf::Wait(station) | Leaf::Hold(station) | Leaf::Service(station) | Leaf::Shared(station, ..) => {
                Some(group(station))
            }
            Leaf::Fork(_) | Leaf::Pause | Leaf::Nothing => None,
        };
        let cause = match piece.doing.leaf {
            _ if piece.doing.on_the_way => Cause::Network,
            Leaf::Wait(_) => Cause::Wait,
            Leaf::Hold(_) => Cause::Hold,
            Leaf::Service(_) => Cause::Service,
            Leaf::Shared(_, _, asked) => {
                let served = asked.min(piece.until - piece.from).min(ticks);
                self.add(Cause::Service, station, served);
                return self.add(Cause::Wait, station, ticks - served);
            }
            Leaf::Pause => Cause::Pause,
            Leaf::Fork(_) | Leaf::Nothing => Cause::Other,
        };
        self.add(cause, station, ticks);
    }
}
