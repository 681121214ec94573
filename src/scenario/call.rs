//! How a call is made, and what the caller does when there is no answer, for steps and workloads alike.

use serde_json::{Value as Json, json};

use super::check::{above_zero, require};
use super::{Breaker, Budget, Deadline, Distribution, Hedge, Step};
use crate::diagnostic::Span;
use crate::syntax::{At, Count, Decode, Decoder, Node, SchemaBuilder, Value, choice, table};
use crate::units::{Bytes, Duration};

/// `call = "name"` or `call = { to = "name", … }`.
#[derive(Debug, Clone, PartialEq)]
pub struct CallStep(pub Box<CallOptions>);

table! {
    /// Another component asked, and what the caller does when it does not answer.
    pub struct CallOptions {
        /// The component, or `component.operation`, to ask.
        pub to: At<String>,
        /// How long an attempt may take.
        pub timeout: Option<At<Duration>> = None,
        /// How long the call may take over all its attempts.
        pub deadline: Option<At<Deadline>> = None,
        /// Whether and how a failed attempt is tried again.
        pub retry: Option<At<Retry>> = None,
        /// Whether an attempt that takes long is sent to somebody else too.
        pub hedge: Option<At<Hedge>> = None,
        /// When to stop calling somebody who fails.
        pub breaker: Option<At<Breaker>> = None,
        /// What is done instead when the call has failed; then the request goes on.
        pub fallback: Option<At<Vec<At<Step>>>> = None,
        /// How much is sent to ask, over links and networks. Default: next to nothing.
        pub request: At<Bytes> = At::default(),
        /// How much is sent back as an answer. Default: next to nothing.
        pub response: At<Bytes> = At::default(),
        /// What happens to work whose caller has given up.
        pub losers: Losers = Losers::Abandon,
    } check check_call
}

fn check_call(call: &CallOptions, _: Span, cx: &mut Decoder) {
    check_limits(call.timeout, call.deadline, cx);
}

/// What holds for the limits of a call and of a workload alike.
pub(super) fn check_limits(timeout: Option<At<Duration>>, deadline: Option<At<Deadline>>, cx: &mut Decoder) {
    let deadline = deadline.map(|deadline| deadline.time);
    for (limit, name) in [(timeout, "`timeout`"), (deadline, "`deadline`")] {
        if let Some(limit) = limit {
            above_zero(limit.0, limit.span, name, cx);
        }
    }
}

impl Decode for CallStep {
    fn decode(node: &Node, cx: &mut Decoder) -> Option<CallStep> {
        match node.value {
            Value::String(_) => At::decode(node, cx).map(|to| CallStep(Box::new(CallOptions::to(to)))),
            _ => CallOptions::decode(node, cx).map(|call| CallStep(Box::new(call))),
        }
    }

    fn schema(s: &mut SchemaBuilder) -> Json {
        json!({ "oneOf": [String::schema(s), CallOptions::schema(s)] })
    }

    fn example() -> String {
        String::example()
    }
}

impl CallOptions {
    /// A plain call: no limits, no retries.
    pub fn to(to: At<String>) -> CallOptions {
        CallOptions {
            to,
            timeout: None,
            deadline: None,
            retry: None,
            hedge: None,
            breaker: None,
            fallback: None,
            request: At::default(),
            response: At::default(),
            losers: Losers::Abandon,
        }
    }
}

choice! {
    /// What happens to work whose caller has given up on it.
    #[derive(Copy)]
    pub enum Losers {
        /// It goes on to its end, for nothing.
        Abandon,
        /// It is taken out where it waits; what is in service goes on.
        CancelQueued,
        /// It is taken out at once, also from service; remaining work is discarded.
        Cancel,
    }
}

table! {
    /// Trying a failed attempt again.
    pub struct Retry {
        /// How often at most, counting the first: a number or `"unlimited"`.
        pub attempts: At<Attempts>,
        /// How long to wait before trying again. Default: not at all.
        pub backoff: Option<Backoff> = None,
        /// How many retries there may be for each first attempt, all calls taken together. Default: no limit.
        pub budget: Option<Budget> = None,
    }
}

/// A number of attempts, or `"unlimited"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attempts {
    /// At most this many, counting the first (at least 1).
    Limited(u32),
    /// For ever.
    Unlimited,
}

impl Decode for Attempts {
    fn decode(node: &Node, cx: &mut Decoder) -> Option<Attempts> {
        match &node.value {
            Value::String(word) if word == "unlimited" => Some(Attempts::Unlimited),
            Value::Integer(_) => Count::decode(node, cx).map(|count| Attempts::Limited(count.0)),
            _ => cx.mismatch(node, "a number or \"unlimited\"", "3"),
        }
    }

    fn schema(s: &mut SchemaBuilder) -> Json {
        let schema = json!({ "oneOf": [Count::schema(s), { "const": "unlimited" }] });
        s.define("Attempts", "A number of attempts, counting the first, or \"unlimited\".", schema)
    }

    fn example() -> String {
        "3".to_owned()
    }
}

choice! {
    /// How long to wait before trying again.
    pub enum Backoff {
        /// An independent delay each time.
        Delay(At<Distribution>),
        /// Before retry k wait min(cap, base·factor^(k−1)), jittered.
        Exponential(ExponentialBackoff),
    }
}

table! {
    /// `{ exponential = { base = "20ms", factor = 2, cap = "1s", jitter = "full" } }`
    pub struct ExponentialBackoff {
        /// The first wait.
        pub base: At<Duration>,
        /// How much longer each wait is than the one before.
        pub factor: At<f64> = At::new(2.0),
        /// The longest wait. Default: no limit.
        pub cap: Option<At<Duration>> = None,
        /// How the wait is randomised.
        pub jitter: Jitter = Jitter::None,
    } check check_backoff
}

fn check_backoff(backoff: &ExponentialBackoff, _: Span, cx: &mut Decoder) {
    above_zero(backoff.base.0, backoff.base.span, "`base`", cx);
    let factor = backoff.factor;
    require(
        factor.value >= 1.0,
        factor.span,
        "`factor` is below 1",
        "each wait is at least as long as the one before",
        cx,
    );
}

choice! {
    /// How a back-off is randomised (Brooker, AWS Architecture Blog, 2015).
    #[derive(Copy)]
    pub enum Jitter {
        /// Not at all.
        None,
        /// U(0, w).
        Full,
        /// w/2 + U(0, w/2).
        Equal,
        /// min(cap, U(base, 3·previous)).
        Decorrelated,
    }
}
