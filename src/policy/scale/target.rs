//! Target tracking: so many replicas that each has its share.
//!
//! ```toml
//! [service.app.autoscale]
//! metric = "cpu"
//! target = 0.6
//! tolerance = 0.1
//! ```
//!
//! The formula is that of Kubernetes' Horizontal Pod Autoscaler (Kubernetes documentation, *Horizontal Pod Autoscaling*,
//! "Algorithm details").

use super::{Measured, Scale};

/// Keeps the metric of each replica near a target.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Target {
    /// What each replica should have.
    pub target: f64,
    /// A ratio that is no farther from 1 changes nothing.
    pub tolerance: f64,
}

/// What is lost in rounding: 3 × 0.7 / 0.3 is meant to be 7.
const DUST: f64 = 1e-9;

/// How many replicas there should be: ⌈current · metric / target⌉, or as many as now if |metric / target − 1| is at most
/// the tolerance (Kubernetes documentation, *Horizontal Pod Autoscaling*).
///
/// ```
/// use knee::policy::scale::desired;
/// assert_eq!(desired(4, 200.0, 100.0, 0.1), 8);
/// assert_eq!(desired(4, 50.0, 100.0, 0.1), 2);
/// assert_eq!(desired(10, 105.0, 100.0, 0.1), 10);
/// ```
pub fn desired(current: u32, metric: f64, target: f64, tolerance: f64) -> u32 {
    if is_near(metric, target, tolerance) {
        return current;
    }
    let exact = f64::from(current) * metric / target;
    (exact - DUST * exact.max(1.0)).ceil().max(0.0) as u32
}

fn is_near(metric: f64, target: f64, tolerance: f64) -> bool {
    (metric / target - 1.0).abs() <= tolerance + DUST
}

impl Scale for Target {
    fn wanted(&self, measured: &Measured) -> Option<u32> {
        let Target { target, tolerance } = *self;
        let changes = !is_near(measured.value, target, tolerance);
        changes.then(|| desired(measured.serving, measured.value, target, tolerance))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_values_of_the_documentation() {
        for (current, metric, target, expected) in [
            (4, 200.0, 100.0, 8),
            (4, 50.0, 100.0, 2),
            (4, 90.0, 60.0, 6),
            (10, 105.0, 100.0, 10),
            (10, 111.0, 100.0, 12),
            (3, 70.0, 100.0, 3),
        ] {
            assert_eq!(desired(current, metric, target, 0.1), expected, "{current} {metric} {target}");
        }
    }

    #[test]
    fn rounding_asks_for_nobody() {
        assert_eq!(desired(3, 0.7, 0.3, 0.1), 7);
        assert_eq!(desired(10, 1.1, 1.0, 0.1), 10);
        assert_eq!(desired(5, 0.0, 0.6, 0.1), 0);
    }

    #[test]
    fn within_the_tolerance_what_boots_goes_on_booting() {
        let target = Target { target: 0.5, tolerance: 0.1 };
        let measured = Measured { serving: 4, wanted: 7, value: 0.52 };
        assert_eq!(target.wanted(&measured), None);
        assert_eq!(target.wanted(&Measured { value: 0.8, ..measured }), Some(7));
        // 3.9 of 4 is beyond the tolerance, and still needs four.
        let narrow = Target { tolerance: 0.0, ..target };
        assert_eq!(narrow.wanted(&Measured { value: 0.49, ..measured }), Some(4));
    }
}
