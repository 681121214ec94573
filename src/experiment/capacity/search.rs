//! Which value to try next.

use super::Question;
use crate::experiment::results::{Find, Limit, Outcome};

/// The state of a search: what is known to hold and to fail.
pub(super) struct Search<'q> {
    question: &'q Question,
    /// The furthest value that holds.
    held: Option<f64>,
    /// The nearest value that fails.
    failed: Option<f64>,
    /// The nearest easier value that fails because it is too easy: there may be values in between that hold.
    too_easy: Option<f64>,
    /// Values in between that could not be decided, ascending.
    open: Vec<f64>,
    tried: u32,
    /// Values beyond this one are none.
    end: Option<f64>,
    stopped: bool,
}

/// Trials after which a search ends, whatever is still open.
const MOST_TRIALS: u32 = 60;
/// How many times today's value a load may become, unless a range says more: the work of a simulation grows with it.
const HIGHEST: f64 = 64.0;
/// And a size, or what divides either of them.
const FURTHEST: f64 = 1024.0;

impl<'q> Search<'q> {
    pub(super) fn new(question: &'q Question) -> Search<'q> {
        Search {
            question,
            held: None,
            failed: None,
            too_easy: None,
            open: Vec::new(),
            tried: 0,
            end: None,
            stopped: false,
        }
    }

    pub(super) fn held(&self) -> Option<f64> {
        self.held
    }

    pub(super) fn failed(&self) -> Option<f64> {
        self.failed
    }

    /// Whether values beyond the limit could not be decided, and none failed.
    pub(super) fn is_undecided(&self) -> bool {
        self.failed.is_none() && !self.open.is_empty()
    }

    /// Values beside the limit that could not be decided.
    pub(super) fn open(&self) -> &[f64] {
        &self.open
    }

    pub(super) fn stopped(&self) -> bool {
        self.stopped
    }

    pub(super) fn stop(&mut self) {
        self.stopped = true;
    }

    /// The value to try next; none where nothing is left to find out.
    pub(super) fn next(&self) -> Option<f64> {
        if self.stopped || self.tried >= MOST_TRIALS {
            return None;
        }
        match (self.held, self.failed) {
            (None, None) if self.open.is_empty() => Some(self.first()),
            // On the hard side failing is plain.
            (None, None) => self.harder(self.hardest()?).or_else(|| self.easier(self.easiest()?)),
            (Some(held), None) => match self.hardest() {
                None => self.harder(held),
                Some(hardest) => self.harder(hardest).or_else(|| self.between(held, self.easiest()?)),
            },
            (None, Some(failed)) => match self.too_easy {
                Some(easy) => self.between(easy, failed),
                None => self.easier(self.easiest().unwrap_or(failed)),
            },
            (Some(held), Some(failed)) => self.between(held, failed),
        }
    }

    /// What came of a trial.
    pub(super) fn learn(&mut self, at: f64, outcome: Outcome) {
        self.tried += 1;
        match outcome {
            Outcome::Holds => self.held = Some(at),
            Outcome::TooEasy => self.too_easy = Some(at),
            Outcome::Fails | Outcome::Overloaded => self.failed = Some(at),
            Outcome::Undecided => self.open.push(at),
        }
        let (held, failed) = (self.held, self.failed);
        let is_between = |at: f64| {
            held.is_none_or(|held| self.question.is_harder(at, held))
                && failed.is_none_or(|failed| self.question.is_harder(failed, at))
        };
        let mut open = std::mem::take(&mut self.open);
        open.retain(|&at| is_between(at));
        open.sort_by(f64::total_cmp);
        self.open = open;
    }

    /// Whether a value that the scenario cannot have may simply be the end of what can be tried.
    pub(super) fn may_end_at(&self, at: f64) -> bool {
        self.tried > 0 && self.first() != at && (self.held.is_none() || self.failed.is_none())
    }

    pub(super) fn end_before(&mut self, at: f64) {
        self.tried += 1;
        self.end = Some(at);
    }

    /// The furthest value that holds, and how much further the limit may be.
    pub(super) fn limit(&self) -> Option<Limit> {
        let value = self.held?;
        let far = self.failed.or(self.hardest()).unwrap_or(value);
        Some(Limit { value, interval: [value.min(far), value.max(far)] })
    }

    /// Today's value, within the range.
    fn first(&self) -> f64 {
        let knob = &self.question.knob;
        let today = knob.today.or(knob.from).unwrap_or(1.0);
        knob.rounded(today.clamp(knob.from.unwrap_or(f64::MIN), knob.to.unwrap_or(f64::MAX)))
    }

    /// The hardest value that could not be decided.
    fn hardest(&self) -> Option<f64> {
        match self.question.find {
            Find::Highest => self.open.last().copied(),
            Find::Lowest => self.open.first().copied(),
        }
    }

    /// The easiest value that could not be decided.
    fn easiest(&self) -> Option<f64> {
        match self.question.find {
            Find::Highest => self.open.first().copied(),
            Find::Lowest => self.open.last().copied(),
        }
    }

    fn harder(&self, at: f64) -> Option<f64> {
        self.moved(at, self.question.find == Find::Highest)
    }

    fn easier(&self, at: f64) -> Option<f64> {
        self.moved(at, self.question.find == Find::Lowest)
    }

    /// Twice or half as far, within the range; none where that has been tried.
    fn moved(&self, at: f64, up: bool) -> Option<f64> {
        let knob = &self.question.knob;
        let least = if knob.whole { 1.0 } else { f64::MIN };
        let (low, high) = (knob.from.unwrap_or(least), knob.to.unwrap_or(f64::MAX));
        let next = match (at == 0.0, up) {
            // Nothing is twice nothing: a small step of what there is.
            (true, true) if knob.whole => 1.0,
            (true, true) => knob.to.or(knob.today).map_or(1.0, |far| far.abs() / FURTHEST),
            (_, true) => 2.0 * at,
            (_, false) => at / 2.0,
        };
        let next = if knob.whole && !up { next.floor() } else { next };
        let mut next = knob.rounded(next.max(low).min(high));
        if let Some(end) = self.end.filter(|&end| up == (end > at)) {
            // Half way to what is no value.
            next = if up { next.min(knob.rounded((at + end) / 2.0)) } else { next.max(knob.rounded((at + end) / 2.0)) };
        }
        let start = match self.first().abs() {
            0.0 => 1.0,
            start => start,
        };
        let most = if self.question.find == Find::Highest { HIGHEST } else { FURTHEST };
        let beyond = next.abs() > start * most && knob.to.is_none();
        let far = beyond || (next.abs() < start / FURTHEST && knob.from.is_none() && !up);
        (next != at && !far && Some(next) != self.end).then_some(next)
    }

    /// The middle of the wider gap beside what could not be decided, unless all gaps are narrow enough.
    fn between(&self, held: f64, failed: f64) -> Option<f64> {
        let (low, high) = (held.min(failed), held.max(failed));
        let gaps = match (self.open.first(), self.open.last()) {
            (Some(&first), Some(&last)) => vec![(low, first), (last, high)],
            _ => vec![(low, high)],
        };
        let widest = gaps.into_iter().max_by(|a, b| (a.1 - a.0).total_cmp(&(b.1 - b.0)))?;
        let middle = self.question.knob.rounded((widest.0 + widest.1) / 2.0);
        let is_new = middle != widest.0 && middle != widest.1;
        (is_new && widest.1 - widest.0 > self.narrow(held)).then_some(middle)
    }

    fn narrow(&self, held: f64) -> f64 {
        if self.question.knob.whole { 1.0 } else { self.question.resolution * held.abs() }
    }
}

impl Question {
    /// Whether the first value asks more of the system than the second.
    fn is_harder(&self, a: f64, b: f64) -> bool {
        match self.find {
            Find::Highest => a > b,
            Find::Lowest => a < b,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Knob;

    fn question(whole: bool, find: Find, range: Option<(f64, f64)>, today: f64) -> Question {
        let knob = Knob {
            paths: vec!["a.b".into()],
            today: Some(today),
            from: range.map(|range| range.0),
            to: range.map(|range| range.1),
            unit: String::new(),
            whole,
        };
        Question { knob, find, confidence: 0.99, resolution: 0.01, most: 40 }
    }

    /// The limit found, and in how many trials, where values up to `holds` hold and those beyond `fails` fail.
    fn run(question: &Question, outcome: impl Fn(f64) -> Outcome) -> (Option<Limit>, u32) {
        let mut search = Search::new(question);
        while let Some(at) = search.next() {
            search.learn(at, outcome(at));
        }
        (search.limit(), search.tried)
    }

    fn up_to(limit: f64) -> impl Fn(f64) -> Outcome {
        move |at| if at <= limit { Outcome::Holds } else { Outcome::Fails }
    }

    #[test]
    fn the_limit_is_enclosed_wherever_it_is() {
        let question = question(false, Find::Highest, None, 1.0);
        for limit in [0.002, 0.3, 0.999, 1.0, 1.3, 7.7, 60.0] {
            let (found, tried) = run(&question, up_to(limit));
            let [low, high] = found.unwrap().interval;
            assert!(low <= limit && limit < high && high - low <= 0.0101 * low, "{limit}: {low} {high}");
            assert!(tried < 25, "{limit}: {tried}");
        }
    }

    #[test]
    fn the_fewest_are_found_exactly() {
        for today in [1.0, 4.0, 100.0] {
            let question = question(true, Find::Lowest, None, today);
            for needed in [1.0, 2.0, 3.0, 17.0, 64.0, 65.0] {
                let enough = |at: f64| if at >= needed { Outcome::Holds } else { Outcome::Overloaded };
                let found = run(&question, enough).0.unwrap();
                assert_eq!((found.value, found.interval[0]), (needed, (needed - 1.0).max(1.0)), "from {today}");
            }
        }
    }

    #[test]
    fn what_cannot_be_decided_is_enclosed() {
        let question = question(false, Find::Highest, None, 1.0);
        for (holds, fails) in [(0.9, 1.1), (2.0, 2.6), (1.0, 1.0001)] {
            let outcome = |at: f64| match at {
                at if at <= holds => Outcome::Holds,
                at if at >= fails => Outcome::Fails,
                _ => Outcome::Undecided,
            };
            let [low, high] = run(&question, outcome).0.unwrap().interval;
            assert!((holds - low).abs() <= 0.011 * low && (high - fails).abs() <= 0.011 * low, "{low} {high}");
        }
    }

    #[test]
    fn a_window_between_too_hard_and_too_easy_is_found() {
        for (from, until) in [(15.0, 19.0), (7.0, 7.0), (12.0, 100.0)] {
            let outcome = |at: f64| match at {
                at if at < from => Outcome::Fails,
                at if at > until => Outcome::TooEasy,
                _ => Outcome::Holds,
            };
            let found = run(&question(true, Find::Lowest, None, 4.0), outcome).0.unwrap();
            assert_eq!(found.interval, [from - 1.0, from]);
        }
        let load = |at: f64| match at {
            at if at > 0.66 => Outcome::Fails,
            at if at < 0.62 => Outcome::TooEasy,
            _ => Outcome::Holds,
        };
        let [low, high] = run(&question(false, Find::Highest, None, 1.0), load).0.unwrap().interval;
        assert!(low <= 0.66 && 0.66 < high && high - low < 0.01, "{low} {high}");
    }

    #[test]
    fn what_is_undecided_to_the_end_is_within_the_interval() {
        let question = question(false, Find::Highest, None, 1.0);
        let outcome = |at: f64| if at <= 3.0 { Outcome::Holds } else { Outcome::Undecided };
        let [low, high] = run(&question, outcome).0.unwrap().interval;
        assert!((2.97..=3.0).contains(&low) && high == 64.0, "{low} {high}");
    }

    #[test]
    fn nothing_is_a_value_too() {
        let queue = question(true, Find::Lowest, Some((0.0, 8.0)), 4.0);
        assert_eq!(run(&queue, |_| Outcome::Holds).0.unwrap().value, 0.0);
        let below = question(true, Find::Lowest, Some((-1.0, 0.0)), 0.0);
        assert!(run(&below, |_| Outcome::Holds).0.is_some());
        let wait = question(false, Find::Highest, Some((0.0, 900.0)), 0.0);
        let [low, high] = run(&wait, up_to(333.0)).0.unwrap().interval;
        assert!(low <= 333.0 && 333.0 < high && high - low < 4.0, "{low} {high}");
    }

    #[test]
    fn ranges_end_the_search() {
        let narrow = question(false, Find::Highest, Some((0.5, 3.0)), 1.0);
        assert_eq!(run(&narrow, up_to(100.0)).0.unwrap().interval, [3.0, 3.0]);
        assert_eq!(run(&narrow, up_to(0.1)).0, None);
        let replicas = question(true, Find::Lowest, Some((2.0, 8.0)), 1.0);
        assert_eq!(run(&replicas, up_to(1.0)).0, None);
        assert_eq!(run(&replicas, |_| Outcome::Holds).0.unwrap().interval, [2.0, 2.0]);
        let forever = question(false, Find::Highest, None, 1.0);
        assert_eq!(run(&forever, |_| Outcome::Holds).0.unwrap().value, 64.0);
        assert_eq!(run(&forever, |_| Outcome::Undecided).0, None);
    }

    #[test]
    fn values_that_are_none_end_it_too() {
        let question = question(true, Find::Highest, None, 4.0);
        let mut search = Search::new(&question);
        while let Some(at) = search.next() {
            match at {
                at if at <= 37.0 => search.learn(at, Outcome::Holds),
                at => search.end_before(at),
            }
        }
        assert_eq!(search.limit().unwrap().value, 37.0);
    }
}
