//! A duration that may vary: `"2ms"`, or a table with the family as its one key.

use serde_json::{Value as Json, json};

use super::check::sum_to_one;
use crate::diagnostic::{Diagnostic, Span};
use crate::distribution::Law;
use crate::syntax::{At, Count, Decode, Decoder, FilePath, Node, SchemaBuilder, Value, choice, table};
use crate::units::{Duration, Ratio};

/// A distribution of durations as written: ready, or the name of a file with its samples.
#[derive(Debug, Clone, PartialEq)]
pub enum Distribution {
    /// Everything is known; times in seconds.
    Law(Law),
    /// Samples (seconds, one number a line) are in this file.
    Empirical(At<FilePath>),
    /// Weighted arms, at least one of which needs a file.
    Mixture(Vec<(f64, Distribution)>),
}

choice! {
    /// A family of distributions. `cv` is the coefficient of variation: standard deviation over mean.
    enum Family {
        /// Memoryless, with this mean.
        Exponential(At<Duration>),
        /// Anything between two bounds, equally likely.
        Uniform(At<(Duration, Duration)>),
        /// A sum of equal exponential stages.
        Erlang(At<ErlangParameters>),
        /// The exponential of a normal variable, by mean and cv or by two percentiles.
        Lognormal(At<LognormalParameters>),
        /// One of two exponential phases, with balanced means.
        Hyperexponential(At<MeanAndCv>),
        /// The classical (type I) power law, by its mean or its least value, and its tail index.
        Pareto(At<ParetoParameters>),
        /// Failure rate falling (shape below 1) or rising (above 1).
        Weibull(At<MeanAndShape>),
        /// A gamma variable by mean and cv.
        Gamma(At<MeanAndCv>),
        /// A power law cut at both ends.
        BoundedPareto(At<BoundedParetoParameters>),
        /// One of several distributions, by probability.
        Mixture(At<Vec<(At<Ratio>, Distribution)>>),
        /// Drawn from the samples in a file: seconds, one number a line.
        Empirical(At<FilePath>),
    } check check_family
}

table! {
    /// `{ erlang = { mean = "2ms", stages = 4 } }`
    struct ErlangParameters {
        /// Mean of the sum.
        mean: Duration,
        /// How many stages.
        stages: Count,
    }
}

table! {
    /// `{ lognormal = { mean = "2ms", cv = 1.5 } }` or `{ lognormal = { p50 = "2ms", p99 = "30ms" } }`
    struct LognormalParameters {
        /// Mean; with `cv`.
        mean: Option<Duration> = None,
        /// Coefficient of variation; with `mean`.
        cv: Option<f64> = None,
        /// Median; with `p99`.
        p50: Option<Duration> = None,
        /// 99th percentile; with `p50`.
        p99: Option<Duration> = None,
    }
}

table! {
    /// `{ mean = "2ms", cv = 2.0 }`
    struct MeanAndCv {
        /// Mean.
        mean: Duration,
        /// Coefficient of variation.
        cv: f64,
    }
}

table! {
    /// `{ mean = "2ms", shape = 0.7 }`
    struct MeanAndShape {
        /// Mean.
        mean: Duration,
        /// Shape.
        shape: f64,
    }
}

table! {
    /// `{ pareto = { mean = "2ms", shape = 2.5 } }` or `{ pareto = { low = "1ms", shape = 2.5 } }`
    struct ParetoParameters {
        /// Mean; instead of `low`.
        mean: Option<Duration> = None,
        /// Least value; instead of `mean`.
        low: Option<Duration> = None,
        /// Tail index.
        shape: f64,
    }
}

table! {
    /// `{ bounded-pareto = { low = "1ms", high = "1s", shape = 1.5 } }`
    struct BoundedParetoParameters {
        /// Least value.
        low: Duration,
        /// Greatest value.
        high: Duration,
        /// Tail index of the power law that is cut.
        shape: f64,
    }
}

fn check_family(family: &Family, _: Span, cx: &mut Decoder) {
    if let Family::Mixture(arms) = family {
        let shares = arms.iter().map(|arm| arm.0.value.0);
        sum_to_one(shares, arms.span, "the probabilities of `mixture`", cx);
    }
}

impl Decode for Distribution {
    fn decode(node: &Node, cx: &mut Decoder) -> Option<Distribution> {
        let Value::Table(_) = node.value else {
            let duration = Duration::decode(node, cx)?;
            return accept(Law::constant(duration.0), node.span, cx);
        };
        let problems = cx.found.len();
        let family = Family::decode(node, cx)?;
        // With a problem inside, its parameters may not be those that were meant.
        if cx.found.len() > problems { None } else { family.distribution(cx) }
    }

    fn schema(s: &mut SchemaBuilder) -> Json {
        let schema = json!({ "oneOf": [Duration::schema(s), Family::schema(s)] });
        s.define("Distribution", "A duration that may vary: constant, or of a family.", schema)
    }

    fn example() -> String {
        "{ exponential = \"2ms\" }".to_owned()
    }
}

/// The law, or a report of why there is no such law.
fn accept(law: Result<Law, String>, span: Span, cx: &mut Decoder) -> Option<Distribution> {
    match law {
        Ok(law) => Some(Distribution::Law(law)),
        Err(problem) => {
            cx.push(Diagnostic::error(span, "there is no such distribution").label(problem));
            None
        }
    }
}

impl Family {
    fn distribution(self, cx: &mut Decoder) -> Option<Distribution> {
        let (law, span) = match self {
            Family::Empirical(file) => return Some(Distribution::Empirical(file)),
            Family::Mixture(arms) => return mixture(arms, cx),
            Family::Exponential(mean) => (Law::exponential(mean.0), mean.span),
            Family::Uniform(bounds) => (Law::uniform(bounds.0.0, bounds.1.0), bounds.span),
            Family::Erlang(it) => (Law::erlang(it.mean.0, it.stages.0), it.span),
            Family::Lognormal(it) => (lognormal(&it), it.span),
            Family::Hyperexponential(it) => (Law::hyperexponential(it.mean.0, it.cv), it.span),
            Family::Pareto(it) => (pareto(&it), it.span),
            Family::Weibull(it) => (Law::weibull(it.mean.0, it.shape), it.span),
            Family::Gamma(it) => (Law::gamma(it.mean.0, it.cv), it.span),
            Family::BoundedPareto(it) => (Law::bounded_pareto(it.low.0, it.high.0, it.shape), it.span),
        };
        accept(law, span, cx)
    }
}

fn lognormal(it: &LognormalParameters) -> Result<Law, String> {
    match (it.mean, it.cv, it.p50, it.p99) {
        (Some(mean), Some(cv), None, None) => Law::lognormal_cv(mean.0, cv),
        (None, None, Some(p50), Some(p99)) => Law::lognormal_percentiles(p50.0, p99.0),
        _ => Err("needs either `mean` and `cv`, or `p50` and `p99`".to_owned()),
    }
}

fn pareto(it: &ParetoParameters) -> Result<Law, String> {
    match (it.mean, it.low) {
        (Some(mean), None) => Law::pareto_mean(mean.0, it.shape),
        (None, Some(low)) => Law::pareto_low(low.0, it.shape),
        _ => Err("needs either `mean` or `low`, and `shape`".to_owned()),
    }
}

/// A law when all arms are, else arms that wait for their files.
fn mixture(arms: At<Vec<(At<Ratio>, Distribution)>>, cx: &mut Decoder) -> Option<Distribution> {
    let law = |(share, arm): &(At<Ratio>, Distribution)| match arm {
        Distribution::Law(law) => Some((share.0, law.clone())),
        _ => None,
    };
    match arms.iter().map(law).collect::<Option<Vec<_>>>() {
        Some(laws) => accept(Law::mixture(laws), arms.span, cx),
        None => {
            let arms = arms.value.into_iter().map(|(share, arm)| (share.0, arm));
            Some(Distribution::Mixture(arms.collect()))
        }
    }
}
