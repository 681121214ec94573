//! `[run]`: how long, how often, from which seed.

use serde_json::{Value as Json, json};

use super::check::{above_zero, at_most, require};
use crate::diagnostic::Span;
use crate::syntax::{At, Count, Decode, Decoder, Node, SchemaBuilder, decode_nothing, table};
use crate::units::Duration;

table! {
    /// How the simulation is run.
    pub struct Run {
        /// Measured time after warm-up, or `"until-empty"`. Default: long enough for about a million requests.
        pub duration: Option<At<RunDuration>> = None,
        /// Time cut from the start: a duration, or `"auto"`.
        pub warm_up: At<WarmUp> = At::new(WarmUp::Auto),
        /// Independent repetitions.
        pub replications: At<Count> = At::new(Count(10)),
        /// Where the random streams start; same seed, same bytes.
        pub seed: u64 = 1,
        /// Instants, from the end of warm-up, at which the state is looked at.
        pub observe_at: Vec<At<Duration>> = Vec::new(),
        /// Length of the windows of a time series of every workload and station. Default: no series.
        pub series: Option<At<Duration>> = None,
        /// All workloads together: every arrival rate and number of users is multiplied by this.
        pub load: At<f64> = At::new(1.0),
        /// Replicate until the interval of a metric is narrow enough.
        pub precision: Option<Precision> = None,
    } check check_run
}

table! {
    /// `{ metric = "shoppers.latency.p99", within = "2%" }`
    pub struct Precision {
        /// The metric, as objectives name it.
        pub metric: At<String>,
        /// The half-width of the 95 % interval that is good enough: a share of the estimate (`"2%"`), or an amount
        /// (`"1ms"`).
        pub within: At<String>,
        /// Replications after which to give up.
        pub most: At<Count> = At::new(Count(1000)),
    } check check_precision
}

fn check_precision(precision: &Precision, _: Span, cx: &mut Decoder) {
    at_most(precision.most.0, MOST_REPLICATIONS, precision.most.span, "replications", cx);
}

/// Each has a place of its own.
const MOST_REPLICATIONS: u32 = 1_000_000;

fn check_run(run: &Run, _: Span, cx: &mut Decoder) {
    let replications = run.replications;
    at_most(replications.0, MOST_REPLICATIONS, replications.span, "replications", cx);
    let load = run.load;
    above_zero(load.value, load.span, "`load`", cx);
    require(load.value <= 1e6, load.span, "`load` is out of range", "at most 1000000", cx);
    if let Some(At { span, value: RunDuration::For(duration) }) = run.duration {
        above_zero(duration.0, span, "`duration`", cx);
        not_too_long(duration, span, "`duration`", cx);
    }
    if let WarmUp::For(duration) = run.warm_up.value {
        not_too_long(duration, run.warm_up.span, "`warm-up`", cx);
    }
    if let Some(every) = run.series {
        above_zero(every.value.0, every.span, "`series`", cx);
    }
}

/// The longest duration or warm-up, in seconds: both together are within what the simulator's clock reaches.
pub const LONGEST: f64 = 100_000.0 * 86_400.0;

fn not_too_long(duration: Duration, span: Span, what: &str, cx: &mut Decoder) {
    require(duration.0 <= LONGEST, span, &format!("{what} is too long"), "at most 100000day", cx);
}

impl Default for Run {
    fn default() -> Run {
        decode_nothing()
    }
}

/// How long a replication is measured.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum RunDuration {
    /// This long.
    For(Duration),
    /// Until no request is left.
    UntilEmpty,
}

/// How the start is cut.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum WarmUp {
    /// Found by the MSER-5 rule on pilot replications.
    Auto,
    /// This long.
    For(Duration),
}

impl Decode for RunDuration {
    fn decode(node: &Node, cx: &mut Decoder) -> Option<RunDuration> {
        match node.as_text() {
            Some("until-empty") => Some(RunDuration::UntilEmpty),
            _ => Duration::decode(node, cx).map(RunDuration::For),
        }
    }

    fn schema(s: &mut SchemaBuilder) -> Json {
        let schema = json!({ "oneOf": [{ "const": "until-empty" }, Duration::schema(s)] });
        s.define("RunDuration", "How long a replication is measured.", schema)
    }

    fn example() -> String {
        "\"100s\"".to_owned()
    }
}

impl Decode for WarmUp {
    fn decode(node: &Node, cx: &mut Decoder) -> Option<WarmUp> {
        match node.as_text() {
            Some("auto") => Some(WarmUp::Auto),
            _ => Duration::decode(node, cx).map(WarmUp::For),
        }
    }

    fn schema(s: &mut SchemaBuilder) -> Json {
        let schema = json!({ "oneOf": [{ "const": "auto" }, Duration::schema(s)] });
        s.define("WarmUp", "How the start is cut.", schema)
    }

    fn example() -> String {
        "\"auto\"".to_owned()
    }

    fn written(&self) -> Option<Json> {
        match self {
            WarmUp::Auto => Some(json!("auto")),
            WarmUp::For(duration) => duration.written(),
        }
    }
}
