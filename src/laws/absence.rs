//! One server that is not always there: pauses, vacations, set-up, breakdowns, cold starts. Poisson
//! arrivals, first come first served, interrupted work resumes. Infinite when overloaded.

use super::{mg1, priority};

/// A time, by its mean and its squared coefficient of variation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Time {
    /// Mean in seconds.
    pub mean: f64,
    /// Squared coefficient of variation: 0 if constant, 1 if exponential.
    pub scv: f64,
}

impl Time {
    /// E\[X²\].
    fn square(self) -> f64 {
        self.mean * self.mean * (1.0 + self.scv)
    }

    /// E\[X²\] / 2 E\[X\]: what is left, on average, when somebody looks at any time; 0 if it takes none.
    fn residual(self) -> f64 {
        self.mean * (1.0 + self.scv) / 2.0
    }
}

/// Mean response time with pauses that begin in a Poisson stream, also when idle, and queue if they
/// meet, as those of a garbage collector: a more urgent class that preempts (White and Christie 1958;
/// Avi-Itzhak and Naor 1963).
///
/// ```
/// use knee::laws::absence::{Time, pauses};
/// let (service, pause) = (Time { mean: 0.010, scv: 1.0 }, Time { mean: 0.1, scv: 0.0 });
/// assert!((pauses(50.0, service, 0.5, pause) - 0.02807017544).abs() < 1e-11);
/// ```
pub fn pauses(arrival_rate: f64, service: Time, pause_rate: f64, pause: Time) -> f64 {
    let class = |arrival_rate, time: Time| priority::Class { arrival_rate, service_time: time.mean, scv: time.scv };
    priority::preemptive_resume(&[class(pause_rate, pause), class(arrival_rate, service)])[1]
}

/// Mean wait when the server goes on vacation as soon as nobody is there, and again if nobody is
/// there at its return: that of M/G/1 and E\[V²\] / 2 E\[V\] (Levy and Yechiali 1975; Fuhrmann and
/// Cooper 1985).
///
/// ```
/// use knee::laws::absence::{Time, vacations};
/// let time = |mean| Time { mean, scv: 1.0 };
/// assert!((vacations(60.0, time(0.010), time(0.020)) - 0.035).abs() < 1e-12);
/// ```
pub fn vacations(arrival_rate: f64, service: Time, vacation: Time) -> f64 {
    mg1::wait(arrival_rate, service.mean, service.scv) + vacation.residual()
}

/// Mean wait when the server is switched off as soon as nobody is there, and the next arrival has it
/// set up first: that of M/G/1 and (2 E\[I\] + λ E\[I²\]) / 2 (1 + λ E\[I\]) (Welch 1964). For an
/// exponential set-up that is E\[I\].
///
/// ```
/// use knee::laws::absence::{Time, set_up};
/// let time = |mean| Time { mean, scv: 1.0 };
/// assert!((set_up(50.0, time(0.010), time(0.100)) - 0.11).abs() < 1e-12);
/// ```
pub fn set_up(arrival_rate: f64, service: Time, set_up: Time) -> f64 {
    let (once, square) = (2.0 * set_up.mean, arrival_rate * set_up.square());
    mg1::wait(arrival_rate, service.mean, service.scv) + (once + square) / (2.0 * (1.0 + arrival_rate * set_up.mean))
}

/// A server that breaks down.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Breakdowns {
    /// The share of time at which the server is up.
    pub availability: f64,
    /// λ s over the availability.
    pub utilization: f64,
    /// Mean number waiting or in service.
    pub mean_in_system: f64,
    /// Mean response time.
    pub response: f64,
    /// P(nobody is there).
    pub empty: f64,
}

/// M/M/1 with breakdowns, also when idle (White and Christie 1958; Mitrany and Avi-Itzhak 1968):
/// exponential times up and down, failure rate f and repair rate r. With A = r / (f + r),
/// L = (ρ + λ f / (f + r)²) / (A − ρ).
///
/// The server is up and idle for A − ρ; what goes down then is still empty for f / (λ + r) of that.
///
/// ```
/// let broken = knee::laws::absence::breakdowns(50.0, 0.010, 10.0, 0.5);
/// assert!((broken.response - 0.07223057644).abs() < 1e-11);
/// ```
pub fn breakdowns(arrival_rate: f64, service_time: f64, time_up: f64, time_down: f64) -> Breakdowns {
    let availability = time_up / (time_up + time_down);
    let load = arrival_rate * service_time;
    let spare = availability - load;
    let utilization = load / availability;
    if spare <= 0.0 {
        let endless = f64::INFINITY;
        return Breakdowns { availability, utilization, mean_in_system: endless, response: endless, empty: 0.0 };
    }
    // 1 / (f + r)
    let relaxation = time_up * time_down / (time_up + time_down);
    let response = (service_time + (1.0 - availability) * relaxation) / spare;
    let empty = spare * (1.0 + time_down / (time_up * (1.0 + arrival_rate * time_down)));
    Breakdowns { availability, utilization, mean_in_system: arrival_rate * response, response, empty }
}

/// The time that a service takes, repairs included, when the server fails only while it serves
/// (Gaver 1962; Avi-Itzhak and Naor 1963): E\[C\] = s (1 + f R) and
/// E\[C²\] = E\[S²\] (1 + f R)² + f s E\[R²\]. With it the queue is an M/G/1.
///
/// ```
/// use knee::laws::{absence::{Time, completion}, mg1};
/// let time = |mean| Time { mean, scv: 1.0 };
/// let service = completion(time(0.010), 2.0, time(0.100));
/// assert!((mg1::response(60.0, service.mean, service.scv) - 0.08571428571).abs() < 1e-11);
/// ```
pub fn completion(service: Time, failure_rate: f64, repair: Time) -> Time {
    let stretch = 1.0 + failure_rate * repair.mean;
    let mean = service.mean * stretch;
    let square = service.square() * stretch * stretch + failure_rate * service.mean * repair.square();
    Time { mean, scv: square / (mean * mean) - 1.0 }
}

/// P(cold start) of an instance that is kept for `keep_alive` after its last use, with service times
/// of nearly nothing: e^(−λτ), the gap is longer. The instance is there for the rest of the time.
///
/// ```
/// assert!((knee::laws::absence::cold_start(0.005, 600.0) - 0.04978706837).abs() < 1e-11);
/// ```
pub fn cold_start(arrival_rate: f64, keep_alive: f64) -> f64 {
    libm::exp(-arrival_rate * keep_alive)
}

#[cfg(test)]
mod tests {
    use super::super::assert_close;
    use super::*;

    const SERVICE: Time = Time { mean: 0.01, scv: 4.0 };
    const NEVER: Time = Time { mean: 0.0, scv: 1.0 };

    #[test]
    fn a_server_that_is_always_there_is_mg1() {
        let (wait, response) = (mg1::wait(70.0, 0.01, 4.0), mg1::response(70.0, 0.01, 4.0));
        assert_close(pauses(70.0, SERVICE, 0.0, NEVER), response, 1e-12);
        assert_close(vacations(70.0, SERVICE, NEVER), wait, 1e-12);
        assert_close(set_up(70.0, SERVICE, NEVER), wait, 1e-12);
        assert_close(completion(SERVICE, 0.0, NEVER).scv, 4.0, 1e-12);
        let sound = breakdowns(70.0, 0.01, 1.0, 0.0);
        assert_close(sound.response, mg1::response(70.0, 0.01, 1.0), 1e-12);
        assert_close(sound.empty, 0.3, 1e-12);
    }

    /// Short and frequent absences only slow the server down.
    #[test]
    fn fast_breakdowns_are_a_slower_server() {
        let flicker = breakdowns(50.0, 0.01, 3e-7, 1e-7);
        assert_close(flicker.response, mg1::response(50.0, 0.01 / 0.75, 1.0), 1e-5);
    }

    #[test]
    fn overload_is_infinite() {
        assert_eq!(breakdowns(96.0, 0.01, 10.0, 0.5).response, f64::INFINITY);
        assert_eq!(pauses(96.0, SERVICE, 0.5, Time { mean: 0.1, scv: 0.0 }), f64::INFINITY);
        assert_eq!(vacations(100.0, SERVICE, NEVER), f64::INFINITY);
    }
}
