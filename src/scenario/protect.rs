//! What protects a call and what it goes to: deadlines that travel, retry budgets, hedges, breakers.

use serde_json::{Value as Json, json};

use super::Losers;
use super::check::{above_zero, at_most, require};
use crate::diagnostic::Span;
use crate::syntax::{At, Count, Decode, Decoder, Node, SchemaBuilder, Value, choice, table};
use crate::units::{Duration, Ratio};

/// How long a call may take over all its attempts: a time, or `{ time = "1s", propagate = true }`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Deadline {
    /// How long.
    pub time: At<Duration>,
    /// The deadline travels with the request: nobody begins to work on it after that.
    pub propagate: bool,
}

table! {
    /// `{ time = "1s", propagate = true }`
    #[derive(Copy)]
    struct DeadlineOptions {
        /// How long the call may take over all its attempts.
        time: At<Duration>,
        /// The deadline travels with the request: work that has not begun by then never begins.
        propagate: bool = false,
    }
}

impl Decode for Deadline {
    fn decode(node: &Node, cx: &mut Decoder) -> Option<Deadline> {
        match node.value {
            Value::Table(_) => DeadlineOptions::decode(node, cx)
                .map(|DeadlineOptions { time, propagate }| Deadline { time, propagate }),
            _ => At::decode(node, cx).map(|time| Deadline { time, propagate: false }),
        }
    }

    fn schema(s: &mut SchemaBuilder) -> Json {
        let schema = json!({ "oneOf": [Duration::schema(s), DeadlineOptions::schema(s)] });
        s.define("Deadline", "A time, or a table that says whether the deadline travels with the request.", schema)
    }

    fn example() -> String {
        Duration::example()
    }
}

/// How many retries a caller may add to its first attempts: a share, or `{ ratio = 0.1, burst = 10 }`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Budget {
    /// Retries for each first attempt, in the long run.
    pub ratio: Ratio,
    /// Retries that may be saved up.
    pub burst: Count,
}

/// What may be saved up, unless it is said.
const BURST: Count = Count(10);

/// A larger number would not be a limit.
const MOST_BURST: u32 = 1_000_000;

table! {
    /// `{ ratio = 0.1, burst = 10 }`
    #[derive(Copy)]
    struct BudgetOptions {
        /// Retries for each first attempt, in the long run.
        ratio: At<Ratio>,
        /// Retries that may be saved up; so many are there at the start.
        burst: At<Count> = At::new(BURST),
    } check check_budget
}

fn check_budget(budget: &BudgetOptions, _: Span, cx: &mut Decoder) {
    at_most(budget.burst.0, MOST_BURST, budget.burst.span, "retries saved up", cx);
}

impl Decode for Budget {
    fn decode(node: &Node, cx: &mut Decoder) -> Option<Budget> {
        match node.value {
            Value::Table(_) => BudgetOptions::decode(node, cx)
                .map(|BudgetOptions { ratio, burst }| Budget { ratio: ratio.value, burst: burst.value }),
            _ => Ratio::decode(node, cx).map(|ratio| Budget { ratio, burst: BURST }),
        }
    }

    fn schema(s: &mut SchemaBuilder) -> Json {
        let schema = json!({ "oneOf": [Ratio::schema(s), BudgetOptions::schema(s)] });
        s.define("Budget", "Retries as a share of first attempts, and how many may be saved up.", schema)
    }

    fn example() -> String {
        "0.1".to_owned()
    }
}

table! {
    /// Another copy of a call, sent to somebody else when there is no answer yet (Dean & Barroso 2013).
    #[derive(Copy)]
    pub struct Hedge {
        /// When: after a time, or after a percentile of the response times seen so far, such as `"p95"`.
        pub after: At<After>,
        /// How many copies at most, the first one not counted; each comes so long after the one before.
        pub most: At<Count> = At::new(Count(1)),
        /// What happens to the copies that are still under way when the first answer is there.
        pub losers: Losers = Losers::Abandon,
    } check check_hedge
}

/// More copies than this would be a flood.
const MOST_COPIES: u32 = 100;

fn check_hedge(hedge: &Hedge, _: Span, cx: &mut Decoder) {
    at_most(hedge.most.0, MOST_COPIES, hedge.most.span, "copies", cx);
    match hedge.after.value {
        After::Time(time) => above_zero(time.0, hedge.after.span, "`after`", cx),
        After::Percentile(share) => {
            let holds = share > 0.0 && share < 1.0;
            require(holds, hedge.after.span, "there is no such percentile", "above p0 and below p100", cx);
        }
    }
}

/// How long a hedge waits.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum After {
    /// So long.
    Time(Duration),
    /// As long as this share of the response times seen so far.
    Percentile(f64),
}

impl Decode for After {
    fn decode(node: &Node, cx: &mut Decoder) -> Option<After> {
        let percent = node.as_text().and_then(|text| text.strip_prefix('p')?.parse::<f64>().ok());
        match percent.filter(|percent| percent.is_finite()) {
            Some(percent) => Some(After::Percentile(percent / 100.0)),
            None => Duration::decode(node, cx).map(After::Time),
        }
    }

    fn schema(s: &mut SchemaBuilder) -> Json {
        let percentile = json!({ "type": "string", "pattern": "^p[0-9.]+$", "examples": ["p95"] });
        let schema = json!({ "oneOf": [Duration::schema(s), percentile] });
        s.define("After", "A time, or a percentile of what was seen so far, such as \"p95\".", schema)
    }

    fn example() -> String {
        Duration::example()
    }
}

choice! {
    /// When a caller stops to call somebody who does not answer (Nygard, *Release It!*, 2007).
    #[derive(Copy)]
    pub enum Breaker {
        /// Opens after so many failures in a row.
        Consecutive(Consecutive),
        /// Opens when too large a share of the calls fails.
        Ratio(FailureRatio),
    }
}

table! {
    /// `{ consecutive = { failures = 5, open = "10s" } }`
    #[derive(Copy)]
    pub struct Consecutive {
        /// Opens at this many failures without a success in between.
        pub failures: At<Count> = At::new(Count(5)),
        /// How long it stays open, from the failure that opened it.
        pub open: At<Duration>,
        /// Trial calls after that; all of them have to succeed.
        pub probes: At<Count> = At::new(Count(1)),
    } check check_consecutive
}

fn check_consecutive(breaker: &Consecutive, _: Span, cx: &mut Decoder) {
    above_zero(breaker.open.0, breaker.open.span, "`open`", cx);
}

table! {
    /// `{ ratio = { threshold = 0.5, window = "10s", minimum = 20, open = "30s" } }`
    #[derive(Copy)]
    pub struct FailureRatio {
        /// Opens when this share of the calls within the window, or more, has failed.
        pub threshold: At<Ratio> = At::new(Ratio(0.5)),
        /// How far back it looks, in steps of a tenth of it.
        pub window: At<Duration> = At::new(Duration(10.0)),
        /// It does not judge by fewer calls than this.
        pub minimum: At<Count> = At::new(Count(20)),
        /// How long it stays open, from the failure that opened it.
        pub open: At<Duration>,
        /// Trial calls after that; all of them have to succeed.
        pub probes: At<Count> = At::new(Count(1)),
    } check check_ratio
}

fn check_ratio(breaker: &FailureRatio, _: Span, cx: &mut Decoder) {
    above_zero(breaker.threshold.0, breaker.threshold.span, "`threshold`", cx);
    above_zero(breaker.window.0, breaker.window.span, "`window`", cx);
    above_zero(breaker.open.0, breaker.open.span, "`open`", cx);
}
