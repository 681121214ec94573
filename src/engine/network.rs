//! What becomes of messages between places: some never arrive, and nobody is told.
//!
//! Whether a message is lost is decided when it sets out.

use super::Engine;
use crate::model::program::{NOWHERE, Region};

/// Which ways are cut or lossy at the moment.
#[derive(Debug, Default)]
pub(super) struct Network {
    /// Each way that is cut, once for each reason.
    cuts: Vec<(Region, Region)>,
    losses: Vec<Loss>,
}

/// A way on which a share of the messages is lost.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Loss {
    pub(super) from: Region,
    pub(super) to: Region,
    pub(super) share: f64,
    pub(super) stream: u32,
    /// The lane of the time after which a log sends again what was lost.
    pub(super) lane: u32,
}

impl Network {
    /// Whether anything may be lost.
    #[inline]
    pub(super) fn is_troubled(&self) -> bool {
        !self.cuts.is_empty() || !self.losses.is_empty()
    }

    /// Whether nothing that is sent from one place arrives at another.
    pub(super) fn is_cut(&self, from: Region, to: Region) -> bool {
        from != NOWHERE && to != NOWHERE && self.cuts.contains(&(from, to))
    }

    /// One more reason for a way to be cut.
    fn cut(&mut self, from: Region, to: Region) {
        self.cuts.push((from, to));
    }

    fn mend(&mut self, from: Region, to: Region) {
        let at = self.cuts.iter().position(|&way| way == (from, to));
        at.into_iter().for_each(|at| _ = self.cuts.swap_remove(at));
    }
}

impl Engine<'_> {
    /// A way is open again: what logs have kept is sent.
    pub(super) fn mend(&mut self, from: Region, to: Region) {
        self.network.mend(from, to);
        self.watch_health();
        self.resend();
        self.clear_hung();
    }

    /// Nothing that is sent from one place arrives at another any more.
    pub(super) fn cut(&mut self, from: Region, to: Region) {
        self.network.cut(from, to);
        self.watch_health();
    }

    /// A way begins, or ceases, to lose messages.
    pub(super) fn lose_share(&mut self, loss: Loss, ends: bool) {
        match ends {
            true => self.network.losses.retain(|known| *known != loss),
            false => self.network.losses.push(loss),
        }
        self.clear_hung();
    }

    /// Loses what a task sends from one place to another, or does not.
    #[cold]
    pub(super) fn is_lost_between(&mut self, task: u32, from: Region, to: Region) -> bool {
        if self.network.is_cut(from, to) {
            self.hang(task);
            return true;
        }
        for index in 0..self.network.losses.len() {
            let loss = self.network.losses[index];
            if (loss.from, loss.to) == (from, to) && self.chance(loss.stream) < loss.share {
                self.lose_message(task, loss.lane);
                return true;
            }
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::Network;

    #[test]
    fn a_way_is_open_when_no_reason_is_left_and_nowhere_is_never_cut_off() {
        let mut network = Network::default();
        network.cut(1, 2);
        network.cut(1, 2);
        network.cut(0, 2);
        assert!(network.is_cut(1, 2) && !network.is_cut(2, 1) && !network.is_cut(0, 2));
        network.mend(1, 2);
        assert!(network.is_cut(1, 2));
        network.mend(1, 2);
        network.mend(0, 2);
        assert!(!network.is_cut(1, 2) && !network.is_troubled());
    }
}
