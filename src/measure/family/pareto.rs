//! Pareto: the least value; the shape is one over the mean of ln(x / low) (Hill 1975).

use super::{Family, LOW, SHAPE};
use crate::distribution::Law;
use crate::measure::Points;

pub(super) const FAMILY: Family = Family {
    name: "pareto",
    parameters: &[LOW, SHAPE],
    fit,
    log_density: |at, x| libm::log(at[1] / at[0]) - (at[1] + 1.0) * libm::log(x / at[0]),
    law: |at| Law::pareto_low(at[0], at[1]),
    by_percentiles: true,
};

fn fit(points: &Points) -> Option<Vec<f64>> {
    let spread = points.mean_of(|x| libm::log(x / points.min()));
    (spread > 1e-9).then(|| vec![points.min(), 1.0 / spread])
}
