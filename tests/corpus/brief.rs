//! Runs that are over in a moment.

use knee::model::Model;

/// What makes one replication of so many seconds of a scenario.
pub(crate) fn lasting(seconds: f64) -> Vec<String> {
    let duration = format!("{seconds}s");
    let short = [("duration", duration.as_str()), ("warm-up", "0s"), ("replications", "1"), ("observe-at", "[]")];
    short.map(|(key, value)| format!("run.{key}={value}")).to_vec()
}

/// In so many seconds there are about a hundred requests, or visits to the busiest station.
pub(crate) fn seconds(model: &Model) -> f64 {
    let rate: f64 = model.forecast.rates.iter().sum();
    let busiest = model.forecast.groups.iter().map(|group| group.visits).fold(rate, f64::max);
    if busiest > 0.0 { (100.0 / busiest).clamp(1e-9, 1e4) } else { 1e-3 }
}
