//! Erlang: the whole number of stages that is most likely, with the sample's mean.

use super::{Family, MEAN, Parameter, gamma};
use crate::distribution::Law;
use crate::measure::Points;

/// More stages than this are as good as constant.
const MOST: f64 = 10_000.0;

pub(super) const FAMILY: Family = Family {
    name: "erlang",
    parameters: &[MEAN, Parameter { name: "stages", is_time: false, is_smooth: false }],
    fit,
    log_density: |at, x| gamma::log_density(at[1], at[0], x),
    law: |at| Law::erlang(at[0], at[1] as u32),
    by_percentiles: false,
};

/// One stage is exponential, which is a family of its own.
fn fit(points: &Points) -> Option<Vec<f64>> {
    let shape = gamma::shape(points)?;
    let likelihood = |stages: f64| gamma::mean_log_likelihood(stages, points.mean(), points.mean_of(libm::log));
    let (below, above) = (libm::floor(shape), libm::ceil(shape));
    let stages = if likelihood(below.max(1.0)) >= likelihood(above) { below } else { above };
    (2.0..=MOST).contains(&stages).then(|| vec![points.mean(), stages])
}
