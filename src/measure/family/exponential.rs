//! Exponential: the most likely mean is the sample's.

use super::{Family, Parameter};
use crate::distribution::Law;

pub(super) const FAMILY: Family = Family {
    name: "exponential",
    parameters: &[Parameter { name: "", is_time: true, is_smooth: true }],
    fit: |points| Some(vec![points.mean()]),
    log_density: |at, x| -libm::log(at[0]) - x / at[0],
    law: |at| Law::exponential(at[0]),
    by_percentiles: true,
};
