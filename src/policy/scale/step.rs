//! Step scaling: the farther the metric is from where it should be, the larger the step.
//!
//! ```toml
//! [service.app.autoscale]
//! metric = "cpu"
//! step = [[0.3, -1], [0.8, 2], [0.95, 4]]      # below 0.3 one less; from 0.8 two more, from 0.95 four more
//! ```
//!
//! After Amazon EC2 Auto Scaling's step policies (AWS documentation, *Step and simple scaling policies*): replicas that
//! boot count as part of a step that was taken already.

use super::{Measured, Scale};

/// Adds or takes away some replicas, by how large the metric is.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// Thresholds, and how many more from there on, or fewer below.
    pub steps: Vec<(f64, i32)>,
}

impl Step {
    /// The change that a value asks for: the largest one that it has reached, or fallen below.
    fn change(&self, value: f64) -> i32 {
        let out = self.steps.iter().filter(|&&(from, change)| change > 0 && value >= from);
        let out = out.max_by(|a, b| a.0.total_cmp(&b.0));
        let back = self.steps.iter().filter(|&&(below, change)| change < 0 && value < below);
        let back = back.min_by(|a, b| a.0.total_cmp(&b.0));
        out.or(back).map_or(0, |&(_, change)| change)
    }
}

impl Scale for Step {
    fn wanted(&self, measured: &Measured) -> Option<u32> {
        let change = self.change(measured.value);
        let next = measured.serving.saturating_add_signed(change);
        match change {
            0 => None,
            1.. => Some(next.max(measured.wanted)),
            _ => Some(next),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(value: f64, wanted: u32) -> Option<u32> {
        let step = Step { steps: vec![(0.2, -3), (0.5, -1), (0.8, 2), (0.95, 4)] };
        step.wanted(&Measured { serving: 4, wanted, value })
    }

    #[test]
    fn the_step_is_that_of_the_threshold_that_was_passed_last() {
        for (value, expected) in [
            (0.1, Some(1)),
            (0.2, Some(3)),
            (0.49, Some(3)),
            (0.5, None),
            (0.8, Some(6)),
            (0.94, Some(6)),
            (0.95, Some(8)),
            (2.0, Some(8)),
        ] {
            assert_eq!(wanted(value, 4), expected, "{value}");
        }
    }

    #[test]
    fn what_boots_is_part_of_the_step() {
        assert_eq!((wanted(0.9, 6), wanted(0.9, 8), wanted(1.0, 6)), (Some(6), Some(8), Some(8)));
    }
}
