//! `admit = …`: who is let in at the door of a component.

use serde_json::{Value as Json, json};

use super::check::{above_zero, require};
use crate::diagnostic::Span;
use crate::syntax::{At, Count, Decode, Decoder, Node, SchemaBuilder, Value, choice, table};
use crate::units::{Duration, Rate};

/// The limit at first of those that adapt.
const FIRST_LIMIT: u32 = 20;

/// Who is let in: all that are written have to agree, in this order.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Admissions(pub Vec<At<Admission>>);

impl Decode for Admissions {
    fn decode(node: &Node, cx: &mut Decoder) -> Option<Admissions> {
        match &node.value {
            Value::Array(_) => Vec::decode(node, cx).map(Admissions),
            _ => At::decode(node, cx).map(|one| Admissions(vec![one])),
        }
    }

    fn schema(s: &mut SchemaBuilder) -> Json {
        let one = Admission::schema(s);
        let several = json!({ "type": "array", "items": one, "title": "list of these" });
        let doc =
            "Who is let in: one policy, or a list of policies that all have to let a request in, one after another.";
        s.define("Admissions", doc, json!({ "oneOf": [one, several] }))
    }

    fn example() -> String {
        Admission::example()
    }

    fn written(&self) -> Option<Json> {
        self.0.is_empty().then(|| json!([]))
    }
}

choice! {
    /// Who is let in.
    pub enum Admission {
        /// Whoever finds a token in a bucket into which tokens come at a steady rate (Turner 1986).
        TokenBucket(TokenBucket),
        /// One after another at a steady rate; some wait for their turn (Turner 1986).
        LeakyBucket(LeakyBucket),
        /// At most so many at once.
        Concurrency(FixedLimit),
        /// At most so many at once as answers come in time: more after quick ones, by a factor less after a late one (Chiu
        /// and Jain 1989).
        Aimd(AimdLimit),
        /// At most so many at once that answers hardly take longer than they usually do (Netflix 2018).
        Gradient(GradientLimit),
    }
}

choice! {
    /// For whom there is one of it.
    #[derive(Copy)]
    pub enum Per {
        /// One for all requests.
        All,
        /// One for each workload.
        Workload,
        /// One for each key; requests without a key share one.
        Key,
    }
}

table! {
    /// `{ rate = "100/s", burst = 20 }`
    pub struct TokenBucket {
        /// How fast tokens come.
        pub rate: At<Rate>,
        /// How many tokens the bucket holds; it is full at first.
        pub burst: At<Count> = At::new(Count(1)),
        /// For whom there is a bucket.
        pub per: Per = Per::All,
    } check check_token_bucket
}

fn check_token_bucket(bucket: &TokenBucket, _: Span, cx: &mut Decoder) {
    above_zero(bucket.rate.0, bucket.rate.span, "`rate`", cx);
}

table! {
    /// `{ rate = "100/s", queue = 50 }`
    pub struct LeakyBucket {
        /// How fast requests leave the bucket.
        pub rate: At<Rate>,
        /// How many may wait for their turn; beyond it they are rejected. With 0 nobody waits.
        pub queue: u32 = 0,
        /// For whom there is a bucket.
        pub per: Per = Per::All,
    } check check_leaky_bucket
}

fn check_leaky_bucket(bucket: &LeakyBucket, _: Span, cx: &mut Decoder) {
    above_zero(bucket.rate.0, bucket.rate.span, "`rate`", cx);
}

table! {
    /// `{ limit = 100 }`
    pub struct FixedLimit {
        /// How many may be inside at once.
        pub limit: At<Count>,
        /// For whom there is a limit.
        pub per: Per = Per::All,
    }
}

table! {
    /// `{ target = "50ms" }`
    pub struct AimdLimit {
        /// An answer that takes longer is late.
        pub target: At<Duration>,
        /// The limit at first. Default: 20, or what is next to it between `min` and `max`.
        pub initial: Option<At<Count>> = None,
        /// The limit never falls below this.
        pub min: At<Count> = At::new(Count(1)),
        /// The limit never rises above this.
        pub max: At<Count> = At::new(Count(1000)),
        /// What a round of quick answers, one for each that may be inside, adds to the limit.
        pub increase: At<f64> = At::new(1.0),
        /// What a late answer multiplies the limit by.
        pub decrease: At<f64> = At::new(0.9),
    } check check_aimd
}

fn check_aimd(aimd: &AimdLimit, _: Span, cx: &mut Decoder) {
    above_zero(aimd.target.0, aimd.target.span, "`target`", cx);
    above_zero(aimd.increase.value, aimd.increase.span, "`increase`", cx);
    let decrease = aimd.decrease;
    let less = decrease.value > 0.0 && decrease.value < 1.0;
    require(less, decrease.span, "`decrease` makes nothing smaller", "must be between 0 and 1", cx);
    check_bounds(aimd.initial, aimd.min, aimd.max, cx);
}

table! {
    /// `{ initial = 20, max = 200 }`
    pub struct GradientLimit {
        /// The limit at first. Default: 20, or what is next to it between `min` and `max`.
        pub initial: Option<At<Count>> = None,
        /// The limit never falls below this.
        pub min: At<Count> = At::new(Count(1)),
        /// The limit never rises above this.
        pub max: At<Count> = At::new(Count(200)),
        /// Answers may take this many times as long as usual before the limit shrinks.
        pub tolerance: At<f64> = At::new(1.5),
        /// The weight of each new limit against the one before it.
        pub smoothing: At<f64> = At::new(0.2),
        /// How many requests may queue inside: what the limit grows by.
        pub queue: u32 = 4,
        /// The usual time is the mean of about so many answers.
        pub window: At<Count> = At::new(Count(600)),
    } check check_gradient
}

fn check_gradient(gradient: &GradientLimit, _: Span, cx: &mut Decoder) {
    let (tolerance, smoothing) = (gradient.tolerance, gradient.smoothing);
    let label = "must be at least 1: answers take as long as usual, usually";
    require(tolerance.value >= 1.0, tolerance.span, "`tolerance` is less than 1", label, cx);
    let share = smoothing.value > 0.0 && smoothing.value <= 1.0;
    require(share, smoothing.span, "`smoothing` is not a weight", "must be above 0 and at most 1", cx);
    check_bounds(gradient.initial, gradient.min, gradient.max, cx);
}

impl AimdLimit {
    /// The limit at first, the least and the greatest.
    pub fn bounds(&self) -> [u32; 3] {
        bounds(self.initial, self.min.0, self.max.0)
    }
}

impl GradientLimit {
    /// The limit at first, the least and the greatest.
    pub fn bounds(&self) -> [u32; 3] {
        bounds(self.initial, self.min.0, self.max.0)
    }
}

fn bounds(initial: Option<At<Count>>, min: u32, max: u32) -> [u32; 3] {
    let initial = initial.map_or(FIRST_LIMIT, |initial| initial.0);
    [initial.max(min).min(max), min, max]
}

fn check_bounds(initial: Option<At<Count>>, min: At<Count>, max: At<Count>, cx: &mut Decoder) {
    if min.0 > max.0 {
        let span = if min.span == Span::default() { max.span } else { min.span };
        let label = format!("`min` is {}, `max` {}", min.0, max.0);
        return require(false, span, "`min` is greater than `max`", &label, cx);
    }
    let Some(initial) = initial else { return };
    let label = format!("`min` is {}, `max` {}", min.0, max.0);
    let inside = min.0 <= initial.0 && initial.0 <= max.0;
    require(inside, initial.span, "the first limit is not between the least and the greatest", &label, cx);
}
