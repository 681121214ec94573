//! Laws of scaling fitted to a sweep over a size.

use std::collections::BTreeMap;

use super::results::SweepPoint;
use crate::laws::usl::{fit, fit_amdahl};

/// Last words of paths that say how much there is of something.
const SIZES: [&str; 6] = ["replicas", "cores", "servers", "threads", "users", "size"];

/// The universal scalability law and Amdahl's, fitted to the throughput over the sizes; empty where
/// the axis is no size, or there are too few points. Infinite limits and peaks are left out.
pub(super) fn fits(path: &str, points: &[SweepPoint]) -> BTreeMap<String, BTreeMap<String, f64>> {
    let is_size = path.rsplit('.').next().is_some_and(|last| SIZES.contains(&last));
    if !is_size || points.iter().any(|point| point.at.first().is_none_or(|size| *size < 1.0)) {
        return BTreeMap::new();
    }
    let measured: Vec<(f64, f64)> = points.iter().map(|point| (point.at[0], throughput(point))).collect();
    let usl = fit(&measured)
        .map(|law| [("lambda", law.lambda), ("alpha", law.alpha), ("beta", law.beta), ("peak", law.peak())].to_vec());
    let amdahl = fit_amdahl(&measured).map(|law| [("serial", law.alpha), ("limit", law.limit())].to_vec());
    let named = [("usl", usl), ("amdahl", amdahl)];
    let finite = |(name, law): (&str, Vec<(&str, f64)>)| {
        let law = law.into_iter().filter(|(_, value)| value.is_finite());
        (name.to_string(), law.map(|(name, value)| (name.to_string(), value)).collect())
    };
    named.into_iter().filter_map(|(name, law)| Some(finite((name, law?)))).collect()
}

/// Successes per second of all workloads.
fn throughput(point: &SweepPoint) -> f64 {
    point.result.workloads.values().filter_map(|workload| workload.throughput.value).sum()
}
