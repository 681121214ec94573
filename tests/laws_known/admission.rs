//! Who is let in.

use knee::laws::admission::token_bucket;

use super::agree;

/// G / (1 + ρ G), bounded work in M/D/1 (Takács 1962); with one token λ / (1 + λ/r) (Feller).
#[test]
fn token_buckets() {
    let accepted = |burst| token_bucket(120.0, 100.0, burst);
    agree(&[
        ("share of 1", accepted(1), 0.4545454545),
        ("rate of 1", 120.0 * accepted(1), 54.54545455),
        ("share of 5", accepted(5), 0.8008533067),
        ("rate of 5", 120.0 * accepted(5), 96.1023968),
        ("share of 20", accepted(20), 0.8332373345),
        ("rate of 20", 120.0 * accepted(20), 99.98848015),
    ]);
}
