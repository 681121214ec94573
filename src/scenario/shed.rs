//! `shed = …`: who is taken out of a waiting line, so that those who are served are served in time.

use super::check::{above_zero, require};
use crate::diagnostic::Span;
use crate::syntax::{At, Decoder, choice, table};
use crate::units::Duration;

choice! {
    /// Who is taken out of a waiting line unserved.
    pub enum Shed {
        /// Those at the head of the line, ever more often while all have waited too long (Nichols and Jacobson 2012).
        Codel(CodelShed),
        /// Those who have waited for a time, which is short while the line does not get empty (Maurer 2015).
        QueueTimeout(QueueTimeout),
        /// Those who are not urgent enough for a line as long as this.
        Priority(PriorityShed),
    }
}

table! {
    /// `{ target = "5ms", interval = "100ms" }`
    pub struct CodelShed {
        /// The time that customers should wait at most.
        pub target: At<Duration>,
        /// For so long all have to have waited longer before the first is shed.
        pub interval: At<Duration>,
    } check check_codel
}

fn check_codel(codel: &CodelShed, _: Span, cx: &mut Decoder) {
    above_zero(codel.target.0, codel.target.span, "`target`", cx);
    let (target, interval) = (codel.target, codel.interval);
    let message = "`interval` is not longer than `target`";
    let label = "the line is judged by the least wait in an interval";
    require(target.0 <= 0.0 || interval.0 > target.0, interval.span, message, label, cx);
}

table! {
    /// `{ timeout = "100ms", overloaded = "5ms" }`
    pub struct QueueTimeout {
        /// How long a customer may wait.
        pub timeout: At<Duration>,
        /// How long one may wait who joins a line that has not been empty for `timeout`. Default: as long.
        pub overloaded: Option<At<Duration>> = None,
    } check check_timeout
}

fn check_timeout(written: &QueueTimeout, _: Span, cx: &mut Decoder) {
    above_zero(written.timeout.0, written.timeout.span, "`timeout`", cx);
    if let Some(overloaded) = written.overloaded {
        let message = "`overloaded` is longer than `timeout`";
        let label = "under overload customers wait for a shorter time";
        require(overloaded.0 <= written.timeout.0, overloaded.span, message, label, cx);
    }
}

table! {
    /// `{ levels = [{ from = 2, queue = 10 }, { from = 1, queue = 50 }] }`
    pub struct PriorityShed {
        /// The less urgent, the shorter the line that they may join.
        pub levels: At<Vec<At<PriorityLevel>>>,
    } check check_levels
}

table! {
    /// `{ from = 2, queue = 10 }`
    #[derive(Copy)]
    pub struct PriorityLevel {
        /// Of customers of this priority and less urgent ones, which have greater numbers.
        pub from: i32,
        /// They are rejected when so many wait already.
        pub queue: u32,
    }
}

fn check_levels(written: &PriorityShed, _: Span, cx: &mut Decoder) {
    let (levels, span) = (&written.levels.value, written.levels.span);
    let complete = !cx.has_problem_in(span);
    require(!levels.is_empty() || !complete, span, "nobody is ever shed", "`levels` is empty", cx);
    let by_urgency = |level: &&At<PriorityLevel>| level.from;
    let mut sorted: Vec<&At<PriorityLevel>> = levels.iter().collect();
    sorted.sort_by_key(by_urgency);
    let wrong = sorted.windows(2).find(|pair| pair[0].from == pair[1].from || pair[0].queue <= pair[1].queue);
    if let Some(pair) = wrong {
        let message = "less urgent customers are shed no sooner";
        let label = "needs a shorter `queue` than that of more urgent ones, and a `from` of its own";
        require(false, pair[1].span, message, label, cx);
    }
}
