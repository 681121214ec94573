//! How exact a metric is to be.

use super::Model;
use super::objective::{Metric, Names};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::scenario::{self, Scenario};
use crate::syntax::At;
use crate::units::{Duration, Rate, Ratio};

/// Replications go on until the interval of a metric is narrow enough.
#[derive(Debug, Clone, PartialEq)]
pub struct Precision {
    /// The metric.
    pub metric: Metric,
    /// The half-width of its 95 % interval that is good enough.
    pub within: Within,
    /// As written.
    pub written: String,
    /// Replications after which to give up.
    pub most: u32,
}

/// A half-width that is good enough.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Within {
    /// As a share of the estimate.
    Share(f64),
    /// In the unit of the metric: seconds, or per second.
    Amount(f64),
}

impl Within {
    /// Whether a half-width is narrow enough for an estimate; how many times too wide it is otherwise.
    pub fn excess(self, value: f64, half: f64) -> f64 {
        let allowed = match self {
            Within::Share(share) => share * value.abs(),
            Within::Amount(amount) => amount,
        };
        if half <= allowed { 0.0 } else { half / allowed }
    }
}

/// Compiles `[run] precision`; says what is wrong with it.
pub(super) fn compile(scenario: &Scenario, model: &Model, diagnostics: &mut Diagnostics) -> Option<Precision> {
    let written = scenario.run.precision.as_ref()?;
    let metric = known(&written.metric, model).map_err(|problem| {
        diagnostics.push(Diagnostic::error(written.metric.span, problem).help(FORM));
    });
    let within = metric.as_ref().ok().and_then(|metric| {
        let said = within(metric, &written.within.value);
        said.map_err(|problem| diagnostics.push(Diagnostic::error(written.within.span, problem).help(FORM))).ok()
    });
    check_most(scenario, written, diagnostics);
    let (Ok(metric), Some(within)) = (metric, within) else { return None };
    Some(Precision { metric, within, written: written.within.value.clone(), most: written.most.value.0 })
}

const FORM: &str = "such as `precision = { metric = \"shoppers.latency.p99\", within = \"2%\" }`";

fn known(metric: &At<String>, model: &Model) -> Result<Metric, String> {
    let metric = Metric::parse(&metric.value)?;
    Names::new(model).check(&metric)?;
    if metric == Metric::Cost { Err("a cost is no estimate: name another metric".to_owned()) } else { Ok(metric) }
}

/// A share of the estimate, or an amount in its unit.
fn within(metric: &Metric, text: &str) -> Result<Within, String> {
    if let Ok(share) = Ratio::parse(text) {
        return positive(share.0, text).map(Within::Share);
    }
    let amount = match metric {
        Metric::Latency(..) | Metric::Wait(..) | Metric::Response(..) | Metric::Staleness(_) | Metric::Lag(_) => {
            Duration::parse(text).map(|duration| duration.0)
        }
        Metric::Throughput(_) => Rate::parse(text).map(|rate| rate.0),
        _ => Err(format!("`{text}` is not a share of the estimate, such as `2%`")),
    };
    amount.and_then(|amount| positive(amount, text)).map(Within::Amount)
}

fn positive(value: f64, text: &str) -> Result<f64, String> {
    if value > 0.0 { Ok(value) } else { Err(format!("`{text}` is not above zero: no interval is that narrow")) }
}

fn check_most(scenario: &Scenario, precision: &scenario::Precision, diagnostics: &mut Diagnostics) {
    let begun = scenario.run.replications;
    if begun.value.0 < 2 {
        let message = "one replication has no interval";
        let diagnostic =
            Diagnostic::error(begun.span, message).note(precision.metric.span, "this asks for a narrow one");
        diagnostics.push(diagnostic.help("begin with 5 replications or more"));
    } else if precision.most.value.0 < begun.value.0 {
        let message = "`most` is less than the replications that are run anyway";
        let help =
            format!("they are {}: write `most = {}` or more, or fewer `replications`", begun.value.0, begun.value.0);
        diagnostics.push(Diagnostic::error(precision.most.span, message).help(help));
    }
}
