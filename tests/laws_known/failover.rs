//! Primaries that fail and are replaced.

use knee::laws::failover::{availability, failed_requests, mean_detection};

use super::agree;

/// A = MTBF / (MTBF + detect + promote) (renewal rewards).
#[test]
fn failover() {
    let up = 720.0 * 3600.0;
    let (available, outage) = (availability(up, 30.0), 30.0);
    agree(&[
        ("availability", available, 0.99998842606),
        ("unavailability", 1.0 - available, 1.157394012e-05),
        ("downtime in 30 days", (1.0 - available) * 30.0 * 86_400.0, 29.99965278),
        ("failed requests per failure", failed_requests(50.0, outage), 1500.0),
        ("detection by heartbeats", mean_detection(2.0, 3), 5.0),
    ]);
}
