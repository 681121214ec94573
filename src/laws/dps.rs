//! Discriminatory processor sharing: everybody is served at once, each class at a speed
//! proportional to its weight.

use super::jackson::traffic;

/// A class of customers with exponential service times, arriving in a Poisson stream.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Class {
    /// Arrivals per second.
    pub arrival_rate: f64,
    /// Mean service time in seconds.
    pub service_time: f64,
    /// Share of a customer, relative to others.
    pub weight: f64,
}

/// Mean response time of each class at one server (Fayolle, Mitrani and Iasnogorodski 1980), from
/// T(k) = s(k) + Σ λ(j) g(j) (T(k) + T(j)) / (g(j) / s(j) + g(k) / s(k)), with g the weights.
///
/// None when overloaded.
///
/// ```
/// use knee::laws::dps::{Class, responses};
/// let heavy = Class { arrival_rate: 30.0, service_time: 0.010, weight: 4.0 };
/// let light = Class { arrival_rate: 20.0, service_time: 0.020, weight: 1.0 };
/// let response = responses(&[heavy, light]).unwrap();
/// assert!((response[0] - 0.02043010753).abs() < 1e-11);
/// assert!((response[1] - 0.07634408602).abs() < 1e-11);
/// ```
pub fn responses(classes: &[Class]) -> Option<Vec<f64>> {
    let load: f64 = classes.iter().map(|class| class.arrival_rate * class.service_time).sum();
    if load >= 1.0 {
        return None;
    }
    // T(k) (1 − Σ a(k, j)) = s(k) + Σ a(k, j) T(j) has the form of traffic equations.
    let delays =
        |k: &Class, j: &Class| j.arrival_rate * j.weight / (j.weight / j.service_time + k.weight / k.service_time);
    let left = |k: &Class| 1.0 - classes.iter().map(|j| delays(k, j)).sum::<f64>();
    let alone: Vec<f64> = classes.iter().map(|k| k.service_time / left(k)).collect();
    let row = |j: &Class| classes.iter().map(|k| delays(k, j) / left(k)).collect();
    let coupling: Vec<Vec<f64>> = classes.iter().map(row).collect();
    traffic(&alone, &coupling)
}

#[cfg(test)]
mod tests {
    use super::super::{assert_close, ps};
    use super::*;

    #[test]
    fn equal_weights_are_processor_sharing() {
        let class = |arrival_rate, service_time| Class { arrival_rate, service_time, weight: 3.0 };
        let response = responses(&[class(30.0, 0.01), class(20.0, 0.02)]).unwrap();
        for (response, own) in response.iter().zip([0.01, 0.02]) {
            assert_close(*response, ps::conditional_response(50.0, 0.014, own), 1e-12);
        }
    }

    #[test]
    fn overload_has_no_steady_state() {
        assert_eq!(responses(&[Class { arrival_rate: 1.0, service_time: 1.0, weight: 1.0 }]), None);
    }
}
