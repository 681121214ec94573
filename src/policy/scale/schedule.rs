//! A schedule: how many replicas at which time, once or day after day.
//!
//! ```toml
//! [service.app.autoscale]
//! schedule = [["08:00", 10], ["20:00", 4]]     # every day; the end of warm-up is midnight
//! schedule = [["2h", 10], ["3h", 4]]           # once, from the end of warm-up
//! ```

/// How many replicas are wanted from which time on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    /// Times in ticks, increasing, and numbers.
    pub switches: Vec<(u64, u32)>,
    /// After so many ticks it begins again.
    pub period: Option<u64>,
}

impl Schedule {
    /// The number at a time; none before the first switch of a schedule that does not begin again.
    ///
    /// ```
    /// use knee::policy::scale::Schedule;
    /// let day = Schedule { switches: vec![(8, 10), (20, 4)], period: Some(24) };
    /// assert_eq!([0, 8, 19, 20, 32].map(|hour| day.at(hour)), [4, 10, 10, 4, 10].map(Some));
    /// ```
    pub fn at(&self, time: u64) -> Option<u32> {
        let inside = self.period.map_or(time, |period| time % period);
        let now = self.switches.iter().rev().find(|&&(from, _)| from <= inside);
        let before = self.switches.last().filter(|_| self.period.is_some());
        now.or(before).map(|&(_, number)| number)
    }

    /// When it switches next, after a time.
    pub fn next(&self, time: u64) -> Option<u64> {
        let (inside, begun) = self.period.map_or((time, 0), |period| (time % period, time / period * period));
        let later = self.switches.iter().map(|&(at, _)| at).find(|&at| at > inside);
        let tomorrow = || Some(self.switches.first()?.0.saturating_add(self.period?));
        later.or_else(tomorrow).map(|at| begun.saturating_add(at))
    }
}

#[cfg(test)]
mod tests {
    use super::Schedule;

    #[test]
    fn a_day_comes_again() {
        let day = Schedule { switches: vec![(8, 10), (20, 4)], period: Some(24) };
        assert_eq!([0, 8, 20, 24, 47].map(|time| day.next(time)), [8, 20, 32, 32, 56].map(Some));
        let midnight = Schedule { switches: vec![(0, 1)], period: Some(24) };
        assert_eq!((midnight.at(5), midnight.next(0)), (Some(1), Some(24)));
    }

    #[test]
    fn what_does_not_come_again_has_a_beginning_and_an_end() {
        let once = Schedule { switches: vec![(2, 10), (3, 4)], period: None };
        assert_eq!([0, 2, 9].map(|time| once.at(time)), [None, Some(10), Some(4)]);
        assert_eq!([0, 2, 3].map(|time| once.next(time)), [Some(2), Some(3), None]);
    }
}
