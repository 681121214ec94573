//! `codel`: sheds more and more often while the least time that customers wait stays above a target.
//!
//! ```toml
//! shed = { codel = { target = "5ms", interval = "100ms" } }
//! ```
//!
//! Nichols and Jacobson, Controlling queue delay, ACM Queue 10 (5), 2012; the rules are those of RFC 8289 (2018), with
//! customers for packets. Whenever a server turns to the next customer, the time that it has waited counts. If all have
//! waited for `target` or longer for a whole `interval`, the customer at hand is shed, and the next one a time later
//! that shrinks with the square root of how many have been shed: interval / √n. It ends with the first who has
//! waited less, or behind whom nobody waits.

use super::Shed;

/// Controlled delay.
#[derive(Debug, Clone, Copy)]
pub struct Codel {
    target: u64,
    interval: u64,
    /// When waits will have been too long for a whole interval, if they are.
    first_above: Option<u64>,
    dropping: bool,
    /// When the next one is shed.
    next: u64,
    /// How many have been shed since it began.
    count: u64,
    /// How many there were when it last began.
    last_count: u64,
    /// One has been shed at this instant, and the next time is still to be set.
    shed: bool,
}

/// So many intervals after it ended, it goes on from where it was if it begins again.
const MEMORY: u64 = 16;

impl Codel {
    /// Times in ticks.
    pub fn new(target: u64, interval: u64) -> Codel {
        Codel { target, interval, first_above: None, dropping: false, next: 0, count: 0, last_count: 0, shed: false }
    }

    /// Whether waits have been too long for an interval.
    fn is_late(&mut self, now: u64, waited: u64, behind: u32) -> bool {
        if waited < self.target || behind == 0 {
            self.first_above = None;
            return false;
        }
        let first_above = *self.first_above.get_or_insert(now.saturating_add(self.interval));
        now >= first_above
    }

    /// The control law.
    fn after(&self, time: u64) -> u64 {
        time.saturating_add((self.interval as f64 / libm::sqrt(self.count as f64)) as u64)
    }

    fn begin(&mut self, now: u64) {
        let delta = self.count - self.last_count;
        let recent = now.saturating_sub(self.next) < MEMORY * self.interval;
        self.count = if delta > 1 && recent { delta } else { 1 };
        self.dropping = true;
        self.next = self.after(now);
        self.last_count = self.count;
    }
}

impl Shed for Codel {
    fn sheds(&mut self, now: u64, waited: u64, behind: u32) -> bool {
        let late = self.is_late(now, waited, behind);
        let again = std::mem::take(&mut self.shed);
        if !late {
            self.dropping = false;
            return false;
        }
        if !self.dropping {
            self.begin(now);
            return true;
        }
        if again {
            self.next = self.after(self.next);
        }
        if now < self.next {
            return false;
        }
        self.count += 1;
        self.shed = true;
        true
    }

    fn empty(&mut self, _: u64) {
        self.first_above = None;
        self.dropping = false;
        self.shed = false;
    }

    fn fresh(&self) -> Box<dyn Shed> {
        Box::new(Codel::new(self.target, self.interval))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_is_shed_after_an_interval_and_then_ever_more_often() {
        let mut codel = Codel::new(5, 100);
        // One a tick, each of whom has waited for 10.
        let shed: Vec<u64> = (0..500).filter(|&now| codel.sheds(now, 10, 9)).collect();
        // 100/√1, 100/√2, 100/√3, … apart.
        assert_eq!(shed, [100, 200, 270, 327, 377, 421, 461, 498]);
    }

    #[test]
    fn one_short_wait_ends_it_and_it_soon_goes_on_from_where_it_was() {
        let mut codel = Codel::new(5, 100);
        (0..400).for_each(|now| _ = codel.sheds(now, 10, 9));
        assert!(!codel.sheds(400, 4, 9) && !codel.dropping);
        let shed: Vec<u64> = (401..700).filter(|&now| codel.sheds(now, 10, 9)).collect();
        // Five were shed, the first of them when it began: it goes on with four.
        assert_eq!(shed[..3], [501, 551, 595]);
    }

    #[test]
    fn the_last_one_in_line_is_never_shed() {
        let mut codel = Codel::new(5, 100);
        assert!((0..500).all(|now| !codel.sheds(now, 1000, 0)));
    }

    #[test]
    fn several_are_shed_at_once_if_servers_are_slow() {
        let mut codel = Codel::new(5, 100);
        (0..=100).for_each(|now| _ = codel.sheds(now, 10, 9));
        // Nobody was served for three times as long.
        let shed = (0..10).filter(|_| codel.sheds(400, 300, 9)).count();
        // Due at 200, 270, 327, 377.
        assert_eq!(shed, 4);
    }
}
