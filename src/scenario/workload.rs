//! `[workload.NAME]`: who asks, how often, and for what.

use serde_json::{Value as Json, json};

use super::call::check_limits;
use super::check::{above_zero, at_most, increasing, not_negative, require, sum_to_one};
use super::station::MOST_AT_ONCE;
use super::{Breaker, Deadline, Distribution, Hedge, Losers, Retry};
use crate::diagnostic::{Diagnostic, Span};
use crate::syntax::{At, Count, Decode, Decoder, FilePath, Named, Node, SchemaBuilder, Value, choice, table};
use crate::units::{Bytes, Duration, Rate, Ratio};

table! {
    /// A stream of requests: open (`arrivals`), replayed (`trace`), or closed (`users`).
    pub struct Workload {
        /// The component, or `component.operation`, that receives the requests; a queue receives messages.
        pub to: At<String>,
        /// Open workload: how requests arrive.
        pub arrivals: Option<At<Arrivals>> = None,
        /// Replayed workload: a CSV file (plain or .gz) with a header of any of
        /// `time, key, size, operation, priority, service-time`.
        pub trace: Option<At<FilePath>> = None,
        /// Closed workload: this many users who wait for each answer.
        pub users: Option<At<Count>> = None,
        /// Closed workload: how long a user thinks between an answer and the next request.
        pub think_time: Option<At<Distribution>> = None,
        /// How the arrival rate changes over time: multiplies the rate.
        pub profile: Option<At<Profile>> = None,
        /// Shares of the target's operations; they sum to 1.
        pub operations: Option<At<Named<At<Ratio>>>> = None,
        /// What each request is about.
        pub keys: Option<At<Keys>> = None,
        /// Smaller is more urgent.
        pub priority: i32 = 0,
        /// Share under weighted processor sharing.
        pub weight: At<f64> = At::new(1.0),
        /// How long an attempt may take before the client gives up on it.
        pub timeout: Option<At<Duration>> = None,
        /// How long the request may take over all its attempts.
        pub deadline: Option<At<Deadline>> = None,
        /// Whether and how a failed attempt is tried again.
        pub retry: Option<At<Retry>> = None,
        /// Whether an attempt that takes long is sent to somebody else too.
        pub hedge: Option<At<Hedge>> = None,
        /// When to stop calling somebody who fails.
        pub breaker: Option<At<Breaker>> = None,
        /// How much is sent to ask, over links and networks. Default: next to nothing.
        pub request: At<Bytes> = At::default(),
        /// How much is sent back as an answer. Default: next to nothing.
        pub response: At<Bytes> = At::default(),
        /// What happens to work whose caller has given up.
        pub losers: Losers = Losers::Abandon,
        /// Where these clients are.
        pub region: Option<At<String>> = None,
        /// Name of the random streams to use instead of the workload's own name.
        pub stream: Option<String> = None,
    } check check_workload
}

fn check_workload(workload: &Workload, _: Span, cx: &mut Decoder) {
    check_limits(workload.timeout, workload.deadline, cx);
    check_weight(workload.weight, cx);
    if let Some(users) = workload.users {
        at_most(users.0, MOST_AT_ONCE, users.span, "users", cx);
    }
    if let Some(operations) = workload.operations.as_ref().filter(|shares| shares.broken.is_empty()) {
        let shares = operations.iter().map(|(_, share)| share.value.value.0);
        sum_to_one(shares, operations.span, "the shares of `operations`", cx);
    }
}

/// Weights are compared with each other: far apart, the small ones would be lost in rounding.
fn check_weight(weight: At<f64>, cx: &mut Decoder) {
    above_zero(weight.value, weight.span, "`weight`", cx);
    let fits = weight.value <= 0.0 || (1e-3..=1e6).contains(&weight.value);
    require(fits, weight.span, "`weight` is out of range", "from 0.001 to 1000000", cx);
}

choice! {
    /// How requests of an open workload arrive.
    pub enum Arrivals {
        /// A Poisson process of this rate.
        Poisson(At<Rate>),
        /// One every 1/rate, evenly.
        Constant(At<Rate>),
        /// Independent interarrival times from a distribution.
        Renewal(At<Distribution>),
        /// Batches at the instants of a Poisson process.
        Batch(BatchArrivals),
        /// A Poisson process whose rate is switched by a Markov chain.
        Mmpp(Mmpp),
        /// Instants from a CSV file with one `time` column, in seconds.
        Trace(At<FilePath>),
    } check check_arrivals
}

fn check_arrivals(arrivals: &Arrivals, _: Span, cx: &mut Decoder) {
    if let Arrivals::Poisson(rate) | Arrivals::Constant(rate) = arrivals {
        above_zero(rate.0, rate.span, "the rate", cx);
    }
}

table! {
    /// `{ batch = { rate = "10/s", size = 5 } }`
    pub struct BatchArrivals {
        /// Batches per unit of time.
        pub rate: At<Rate>,
        /// Requests in a batch: a number, or `{ geometric = p }` (1, 2, …, mean 1/p).
        pub size: At<BatchSize>,
    } check check_batches
}

fn check_batches(batches: &BatchArrivals, _: Span, cx: &mut Decoder) {
    above_zero(batches.rate.0, batches.rate.span, "the rate", cx);
    if let BatchSize::Fixed(size) = batches.size.value {
        at_most(size, MOST_AT_ONCE, batches.size.span, "requests in a batch", cx);
    }
}

/// Requests in a batch: a number, or a table `{ geometric = p }`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum BatchSize {
    /// Always this many (at least 1).
    Fixed(u32),
    /// 1, 2, … with success probability p (0 < p ≤ 1); mean 1/p.
    Geometric(f64),
}

impl Decode for BatchSize {
    fn decode(node: &Node, cx: &mut Decoder) -> Option<BatchSize> {
        match node.value {
            Value::Integer(_) => Count::decode(node, cx).map(|count| BatchSize::Fixed(count.0)),
            Value::Table(_) => match RandomBatch::decode(node, cx)? {
                RandomBatch::Geometric(p) => Some(BatchSize::Geometric(p.0)),
            },
            _ => cx.mismatch(node, "a number or a table", "{ geometric = 0.25 }"),
        }
    }

    fn schema(s: &mut SchemaBuilder) -> Json {
        json!({ "oneOf": [Count::schema(s), RandomBatch::schema(s)] })
    }

    fn example() -> String {
        "5".to_owned()
    }
}

choice! {
    /// A batch size that varies.
    enum RandomBatch {
        /// 1, 2, … with this success probability; mean 1/p.
        Geometric(At<Ratio>),
    } check check_batch_size
}

fn check_batch_size(size: &RandomBatch, _: Span, cx: &mut Decoder) {
    let RandomBatch::Geometric(p) = size;
    above_zero(p.0, p.span, "the probability", cx);
    let fits = p.0 <= 0.0 || p.0 >= 1e-6;
    require(fits, p.span, "these batches are too large", "at least 0.000001: a mean of a million", cx);
}

table! {
    /// `{ mmpp = { rates = ["100/s", "2000/s"], dwell = ["50s", "5s"] } }`: states are visited in turn.
    pub struct Mmpp {
        /// Arrival rate in each state.
        pub rates: At<Vec<At<Rate>>>,
        /// Mean of the exponential dwell in each state.
        pub dwell: At<Vec<At<Duration>>>,
    } check check_mmpp
}

fn check_mmpp(mmpp: &Mmpp, span: Span, cx: &mut Decoder) {
    mmpp.dwell.iter().for_each(|dwell| above_zero(dwell.0, dwell.span, "a dwell", cx));
    let (rates, dwells) = (mmpp.rates.len(), mmpp.dwell.len());
    if rates != dwells && !cx.has_problem_in(span) {
        let found = Diagnostic::error(mmpp.dwell.span, format!("{rates} rates but {dwells} dwells"));
        cx.push(found.label("each state has a rate and a dwell").note(mmpp.rates.span, "the rates"));
    }
    let is_silent = mmpp.rates.iter().all(|rate| rate.0 == 0.0) && !cx.has_problem_in(span);
    require(!is_silent, mmpp.rates.span, "no state has arrivals", "one rate must be above 0", cx);
}

choice! {
    /// How the rate changes over time: a factor as a function of time.
    pub enum Profile {
        /// `[time, factor]` pairs in increasing time; each factor holds until the next.
        Steps(Vec<At<(Duration, f64)>>),
        /// Linear from one factor to another, which then holds.
        Ramp(Ramp),
        /// A smooth daily wave.
        Diurnal(Diurnal),
        /// 24 factors, one an hour, repeating every day.
        Hours(At<Vec<f64>>),
    } check check_profile
}

fn check_profile(profile: &Profile, span: Span, cx: &mut Decoder) {
    check_factors(profile, span, cx);
    let highest = match profile {
        Profile::Steps(steps) => steps.iter().map(|step| step.1).fold(0.0, f64::max),
        Profile::Hours(factors) => factors.iter().copied().fold(0.0, f64::max),
        Profile::Ramp(ramp) => ramp.from.max(ramp.to),
        Profile::Diurnal(wave) => wave.peak,
    };
    let arrives = highest > 0.0 || cx.has_problem_in(span);
    require(arrives, span, "nobody ever arrives", "every factor is 0", cx);
}

fn check_factors(profile: &Profile, span: Span, cx: &mut Decoder) {
    match profile {
        Profile::Steps(steps) => {
            require(!steps.is_empty(), span, "a profile without steps", "needs at least one", cx);
            steps.iter().for_each(|step| not_negative(step.1, step.span, "a factor", cx));
            let times: Vec<At<f64>> = steps.iter().map(|step| At { span: step.span, value: step.0.0 }).collect();
            increasing(&times, "the times of a profile", cx);
        }
        Profile::Hours(factors) => {
            let count = factors.len();
            let is_day = count == 24 || cx.has_problem_in(factors.span);
            require(is_day, factors.span, &format!("{count} factors for a day"), "needs 24, one an hour", cx);
            factors.iter().for_each(|factor| not_negative(*factor, factors.span, "a factor", cx));
        }
        Profile::Ramp(_) | Profile::Diurnal(_) => {}
    }
}

table! {
    /// `{ ramp = { from = 1.0, to = 10.0, over = "10min" } }`
    #[derive(Copy)]
    pub struct Ramp {
        /// Factor at time zero.
        pub from: f64,
        /// Factor at the end.
        pub to: f64,
        /// How long the change takes.
        pub over: Duration,
    } check check_ramp
}

fn check_ramp(ramp: &Ramp, span: Span, cx: &mut Decoder) {
    not_negative(ramp.from.min(ramp.to), span, "a factor", cx);
    above_zero(ramp.over.0, span, "`over`", cx);
}

table! {
    /// `low + (peak − low)(1 − cos 2π(t/period − phase))/2`
    #[derive(Copy)]
    pub struct Diurnal {
        /// Least factor.
        pub low: f64,
        /// Greatest factor.
        pub peak: f64,
        /// Length of one wave.
        pub period: Duration = Duration(86_400.0),
        /// Shift, as a share of the period.
        pub phase: f64 = 0.0,
    } check check_diurnal
}

fn check_diurnal(wave: &Diurnal, span: Span, cx: &mut Decoder) {
    not_negative(wave.low, span, "`low`", cx);
    above_zero(wave.period.0, span, "`period`", cx);
    require(wave.low <= wave.peak, span, "`peak` is below `low`", "the wave goes from `low` up to `peak`", cx);
}

choice! {
    /// What each request is about.
    pub enum Keys {
        /// Key of rank k with probability proportional to 1/k^exponent.
        Zipf(Zipf),
        /// Each of this many keys as likely as the others.
        Uniform(At<Count>),
        /// A few keys get most of the requests.
        HotSet(HotSet),
        /// Keys in turn from a CSV file with a `key` column.
        Trace(At<FilePath>),
    }
}

table! {
    /// `{ zipf = { count = 1000000, exponent = 0.99 } }`
    pub struct Zipf {
        /// How many keys there are.
        pub count: At<Count>,
        /// Skew: 0 is uniform, 1 is Zipf's law.
        pub exponent: At<f64> = At::new(1.0),
    } check check_zipf
}

fn check_zipf(zipf: &Zipf, _: Span, cx: &mut Decoder) {
    not_negative(zipf.exponent.value, zipf.exponent.span, "`exponent`", cx);
}

table! {
    /// `{ hot-set = { count = 100000, hot = 0.1, share = 0.9 } }`: a tenth of the keys gets nine of ten requests.
    pub struct HotSet {
        /// How many keys there are.
        pub count: At<Count>,
        /// The share of the keys that is hot; within the hot ones, and the others, all are as likely.
        pub hot: At<Ratio> = At::new(Ratio(0.1)),
        /// The share of the requests that is for them.
        pub share: At<Ratio> = At::new(Ratio(0.9)),
    } check check_hot_set
}

fn check_hot_set(set: &HotSet, _: Span, cx: &mut Decoder) {
    above_zero(set.hot.0, set.hot.span, "`hot`", cx);
}

impl HotSet {
    /// How many keys are hot, at least one.
    pub fn hot_keys(&self) -> u32 {
        (f64::from(self.count.0) * self.hot.0).round().clamp(1.0, f64::from(self.count.0)) as u32
    }
}
