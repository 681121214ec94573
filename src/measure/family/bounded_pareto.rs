//! Pareto between the least and the greatest value: the shape at which its score is 0 (Aban, Meerschaert and Panorska 2006).

use super::{Family, HIGH, LOW, SHAPE};
use crate::distribution::Law;
use crate::measure::Points;
use crate::numeric::bisect;

pub(super) const FAMILY: Family = Family {
    name: "bounded-pareto",
    parameters: &[LOW, HIGH, SHAPE],
    fit,
    log_density,
    law: |at| Law::bounded_pareto(at[0], at[1], at[2]),
    by_percentiles: false,
};

const SHAPES: [f64; 2] = [0.001, 100.0];

fn fit(points: &Points) -> Option<Vec<f64>> {
    let (low, high) = (points.min(), points.max());
    let range = libm::log(high / low);
    let spread = points.mean_of(|x| libm::log(x / low));
    // ln(X / low) is exponential, cut at the range: its mean falls with the shape.
    let excess = |shape: f64| 1.0 / shape - range / libm::expm1(shape * range) - spread;
    if range < 1e-9 || excess(SHAPES[0]) <= 0.0 || excess(SHAPES[1]) > 0.0 {
        return None;
    }
    Some(vec![low, high, bisect(SHAPES[0], SHAPES[1], |shape| excess(shape) <= 0.0)])
}

fn log_density(at: &[f64], x: f64) -> f64 {
    let [low, high, shape] = [at[0], at[1], at[2]];
    let kept = -libm::expm1(shape * libm::log(low / high));
    libm::log(shape / low / kept) - (shape + 1.0) * libm::log(x / low)
}
