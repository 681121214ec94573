//! Links and TCP: windows, slow start, and loss. Times in seconds, bandwidths in bytes per second.

/// The bandwidth–delay product in bytes: what is in flight when a link is full (RFC 7323).
pub fn bandwidth_delay(bandwidth: f64, round_trip: f64) -> f64 {
    bandwidth * round_trip
}

/// The throughput of one connection that may have `window` bytes in flight: window / round trip, up
/// to the bandwidth.
///
/// ```
/// // 64 KiB over 100 ms: 5.24 Mbit/s of a link of 1 Gbit/s.
/// let bytes = knee::laws::network::window_limit(125e6, 0.1, 65536.0);
/// assert!((bytes * 8.0 - 5242880.0).abs() < 1e-6);
/// ```
pub fn window_limit(bandwidth: f64, round_trip: f64, window: f64) -> f64 {
    bandwidth.min(window / round_trip)
}

/// Segments of at most `segment_size` bytes that `bytes` take.
pub fn segments(bytes: u64, segment_size: u64) -> u64 {
    bytes.div_ceil(segment_size.max(1))
}

/// Round trips of slow start until `segments` are sent, with a window that begins at
/// `initial_window` segments and doubles each round trip, without loss (RFC 6928; Cardwell, Savage
/// and Anderson 2000): the smallest k with `initial_window` (2^k − 1) ≥ `segments`.
///
/// ```
/// use knee::laws::network::{segments, slow_start_rounds};
/// assert_eq!(slow_start_rounds(segments(1_000_000, 1460), 10), 7);
/// ```
pub fn slow_start_rounds(segments: u64, initial_window: u64) -> u32 {
    let windows = segments.div_ceil(initial_window.max(1));
    // 2^k − 1 ≥ windows
    u64::BITS - windows.leading_zeros()
}

/// Seconds from the first packet of a connection to the last byte of an answer of `segments`, when
/// bandwidth is no limit: `handshakes` round trips (1 for TCP, 2 with TLS 1.3, 3 with TLS 1.2), then
/// those of slow start, the first of which carries the request.
///
/// ```
/// let seconds = knee::laws::network::transfer_time(685, 10, 0.1, 1);
/// assert!((seconds - 0.8).abs() < 1e-12);
/// ```
pub fn transfer_time(segments: u64, initial_window: u64, round_trip: f64, handshakes: u32) -> f64 {
    (f64::from(handshakes) + f64::from(slow_start_rounds(segments, initial_window))) * round_trip
}

/// The mean window in segments of a long TCP connection that loses one segment in 1 / `loss`, with
/// an acknowledgement for each segment (Mathis, Semke, Mahdavi and Ott 1997): √(3 / 2p).
pub fn mathis_window(loss: f64) -> f64 {
    libm::sqrt(1.5 / loss)
}

/// Its throughput in bytes per second: segment size · window / round trip.
///
/// ```
/// let bytes = knee::laws::network::mathis_throughput(1460.0, 0.1, 1e-4);
/// assert!((bytes - 1788127.512).abs() < 1e-3);
/// ```
pub fn mathis_throughput(segment_size: f64, round_trip: f64, loss: f64) -> f64 {
    segment_size * mathis_window(loss) / round_trip
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slow_start_doubles() {
        for (segments, rounds) in [(0, 0), (1, 1), (10, 1), (11, 2), (30, 2), (31, 3), (70, 3), (71, 4)] {
            assert_eq!(slow_start_rounds(segments, 10), rounds, "{segments}");
        }
        assert_eq!(slow_start_rounds(u64::MAX, 1), 64);
    }

    #[test]
    fn a_wide_window_fills_the_link() {
        let window = bandwidth_delay(125e6, 0.1);
        assert_eq!(window_limit(125e6, 0.1, window), 125e6);
        assert_eq!(window_limit(125e6, 0.1, window * 3.0), 125e6);
    }
}
