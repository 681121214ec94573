//! Which of a balancer's targets are there, and who is chosen while some are not.

use crate::policy::balance::{Balance, View, WhenAbsent};
use crate::rng::Rng;

/// Targets that are not chosen at the moment, each for so many reasons.
#[derive(Debug, Default)]
pub(super) struct Absent {
    reasons: Vec<u32>,
    absent: u32,
    present: Present,
}

/// Which of a row of targets are there, and the stations that stand for them: the same until somebody comes or goes.
#[derive(Debug, Default)]
struct Present {
    first: usize,
    /// How long the row is; none if that is to be looked at anew.
    len: Option<usize>,
    targets: Vec<usize>,
    fronts: Vec<u32>,
}

impl Absent {
    /// Every target is there.
    #[inline(always)]
    pub(super) fn is_none(&self) -> bool {
        self.absent == 0
    }

    /// Whether a target is there.
    pub(super) fn has(&self, target: usize) -> bool {
        self.reasons.get(target).is_none_or(|&reasons| reasons == 0)
    }

    /// One more reason not to choose a target.
    pub(super) fn take_out(&mut self, target: u32) {
        let least = target as usize + 1;
        self.reasons.resize(self.reasons.len().max(least), 0);
        let reasons = &mut self.reasons[target as usize];
        self.absent += u32::from(*reasons == 0);
        *reasons += 1;
        self.present.len = None;
    }

    /// One reason less.
    pub(super) fn put_back(&mut self, target: u32) {
        let Some(reasons) = self.reasons.get_mut(target as usize).filter(|reasons| **reasons > 0) else { return };
        *reasons -= 1;
        self.absent -= u32::from(*reasons == 0);
        self.present.len = None;
    }

    /// Looks who of the targets of `view` is there, the first of which is `first`.
    fn look(&mut self, view: &View<'_>, first: usize) {
        let len = Some(view.len());
        if (self.present.first, self.present.len) == (first, len) {
            return;
        }
        let targets: Vec<usize> = (0..view.len()).filter(|&target| self.has(first + target)).collect();
        let fronts = targets.iter().map(|&target| view.fronts[target]).collect();
        self.present = Present { first, len, targets, fronts };
    }

    /// A target that is there, among those of `view`, the first of which is `first`; none if nobody is.
    pub(super) fn choose(
        &mut self,
        policy: &mut dyn Balance,
        view: &View<'_>,
        first: usize,
        rng: &mut Rng,
    ) -> Option<usize> {
        self.look(view, first);
        let Present { targets, fronts, .. } = &self.present;
        if targets.is_empty() {
            return None;
        }
        let alive = |target: usize| self.has(first + target);
        match policy.when_absent() {
            WhenAbsent::Unseen => Some(targets[view.only(targets, fronts, |view| policy.choose(view, rng))]),
            WhenAbsent::Again => {
                // What falls on nobody is repeated; targets of no weight stand in only where there are no others.
                let again = (0..TURNS * view.len()).map(|_| policy.choose(view, rng)).find(|&chosen| alive(chosen));
                again.or_else(|| policy.stand_in(view, 0, &alive))
            }
            WhenAbsent::StandIn => {
                let chosen = policy.choose(view, rng);
                policy.stand_in(view, chosen, &alive)
            }
        }
    }
}

/// Rounds of turns or draws before a target of no weight stands in.
const TURNS: usize = 16;

#[cfg(test)]
mod tests {
    use super::Absent;

    #[test]
    fn a_target_is_there_again_when_no_reason_is_left() {
        let mut absent = Absent::default();
        absent.take_out(2);
        absent.take_out(2);
        absent.put_back(2);
        assert!(!absent.is_none() && !absent.has(2) && absent.has(1) && absent.has(9));
        absent.put_back(2);
        absent.put_back(2);
        assert!(absent.is_none() && absent.has(2));
    }
}
