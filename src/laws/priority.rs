//! One server, Poisson arrivals in priority classes, the first class the most urgent; first come
//! first served within a class.

/// A priority class.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Class {
    /// Arrivals per second.
    pub arrival_rate: f64,
    /// Mean service time in seconds.
    pub service_time: f64,
    /// Squared coefficient of variation of the service time.
    pub scv: f64,
}

impl Class {
    fn load(&self) -> f64 {
        self.arrival_rate * self.service_time
    }

    /// What this class contributes to the mean residual work: λ E\[S²\] / 2.
    fn residual(&self) -> f64 {
        self.load() * self.service_time * (1.0 + self.scv) / 2.0
    }
}

/// Mean response time of each class when a service once begun is finished (Cobham 1954):
/// W(k) = R / (1 − σ(k−1))(1 − σ(k)), with R the residual work of all classes and σ(k) the load of
/// the first k.
///
/// ```
/// use knee::laws::priority::{Class, non_preemptive};
/// let urgent = Class { arrival_rate: 30.0, service_time: 0.005, scv: 1.0 };
/// let rest = Class { arrival_rate: 60.0, service_time: 0.010, scv: 0.0 };
/// let response = non_preemptive(&[urgent, rest]);
/// assert!((response[0] - 0.009411764706).abs() < 1e-12);
/// assert!((response[1] - 0.02764705882).abs() < 1e-11);
/// ```
pub fn non_preemptive(classes: &[Class]) -> Vec<f64> {
    let residual = classes.iter().map(Class::residual).sum();
    with_loads(classes, |class, above, through| wait(residual, above, through) + class.service_time)
}

/// Mean response time of each class when an urgent arrival interrupts and the interrupted service
/// later resumes (White and Christie 1958): T(k) = s(k) / (1 − σ(k−1)) +
/// R(k) / (1 − σ(k−1))(1 − σ(k)), with R(k) the residual work of the first k classes.
///
/// ```
/// use knee::laws::priority::{Class, preemptive_resume};
/// let class = |arrival_rate, service_time| Class { arrival_rate, service_time, scv: 1.0 };
/// let response = preemptive_resume(&[class(30.0, 0.005), class(60.0, 0.010)]);
/// assert!((response[0] - 0.005882352941).abs() < 1e-12);
/// assert!((response[1] - 0.04352941176).abs() < 1e-11);
/// ```
pub fn preemptive_resume(classes: &[Class]) -> Vec<f64> {
    let mut residual = 0.0;
    with_loads(classes, |class, above, through| {
        residual += class.residual();
        wait(residual, above, through) + class.service_time / (1.0 - above)
    })
}

/// Applies a formula to each class, the load above it and the load including it.
fn with_loads(classes: &[Class], mut formula: impl FnMut(&Class, f64, f64) -> f64) -> Vec<f64> {
    let mut above = 0.0;
    let response = classes.iter().map(|class| {
        let through = above + class.load();
        let response = formula(class, above, through);
        above = through;
        response
    });
    response.collect()
}

fn wait(residual: f64, above: f64, through: f64) -> f64 {
    if through >= 1.0 {
        return f64::INFINITY;
    }
    residual / ((1.0 - above) * (1.0 - through))
}

#[cfg(test)]
mod tests {
    use super::super::{assert_close, mg1};
    use super::*;

    #[test]
    fn one_class_is_mg1() {
        let class = Class { arrival_rate: 70.0, service_time: 0.01, scv: 4.0 };
        let expected = mg1::response(70.0, 0.01, 4.0);
        assert_close(non_preemptive(&[class])[0], expected, 1e-12);
        assert_close(preemptive_resume(&[class])[0], expected, 1e-12);
    }

    #[test]
    fn overload_starves_the_lower_classes() {
        let class = Class { arrival_rate: 60.0, service_time: 0.01, scv: 1.0 };
        for response in [non_preemptive(&[class; 3]), preemptive_resume(&[class; 3])] {
            assert!(response[0].is_finite());
            assert_eq!(response[1..], [f64::INFINITY; 2]);
        }
    }
}
