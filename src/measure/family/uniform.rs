//! Uniform: between the least and the greatest value.

use super::{Family, HIGH, LOW};
use crate::distribution::Law;

pub(super) const FAMILY: Family = Family {
    name: "uniform",
    parameters: &[LOW, HIGH],
    fit: |points| (points.max() > points.min()).then(|| vec![points.min(), points.max()]),
    log_density: |at, _| -libm::log(at[1] - at[0]),
    law: |at| Law::uniform(at[0], at[1]),
    by_percentiles: false,
};
