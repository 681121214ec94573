//! What more processors are worth: of a job whose size is given (Amdahl), and of one that grows with them (Gustafson).

/// How many times as fast a job of given size is on `n` processors, of whose work a share `serial` is done by one alone:
/// 1 / (s + (1 − s)/n) (Amdahl 1967).
///
/// ```
/// use knee::laws::amdahl::speedup;
/// assert!((speedup(0.05, 20.0) - 10.25641026).abs() < 1e-8);
/// ```
pub fn speedup(serial: f64, n: f64) -> f64 {
    1.0 / (serial + (1.0 - serial) / n)
}

/// The speedup of any number of processors is below this, 1/s (Amdahl 1967); infinite where nothing is serial.
pub fn limit(serial: f64) -> f64 {
    if serial > 0.0 { 1.0 / serial } else { f64::INFINITY }
}

/// With so many processors the speedup is a `share` of its limit, at least 1: (1/s − 1) q / (1 − q), from Amdahl's law.
/// Infinite where nothing is serial.
///
/// ```
/// // Half of what is possible takes 19 processors, nine tenths 171.
/// use knee::laws::amdahl::size_for;
/// assert!((size_for(0.05, 0.5) - 19.0).abs() < 1e-12 && (size_for(0.05, 0.9) - 171.0).abs() < 1e-9);
/// ```
pub fn size_for(serial: f64, share: f64) -> f64 {
    if serial <= 0.0 {
        return f64::INFINITY;
    }
    // Of 1/s rather than (1 − s)/s, which rounds 19 to less.
    ((1.0 / serial - 1.0) * share / (1.0 - share)).max(1.0)
}

/// The fewest processors, not rounded, on which a job that takes `work` on one is done within `time`, at least 1:
/// (1 − s) W / (t − s W). Infinite where the serial part alone takes as long.
pub fn size_within(serial: f64, work: f64, time: f64) -> f64 {
    let spare = time - serial * work;
    if spare <= 0.0 {
        return f64::INFINITY;
    }
    ((1.0 - serial) * work / spare).max(1.0)
}

/// How many times as much work `n` processors do in a time of which a share `serial` is spent by one alone, the rest by
/// all: n − s (n − 1) (Gustafson 1988).
///
/// ```
/// assert_eq!(knee::laws::amdahl::scaled_speedup(0.05, 20.0), 19.05);
/// ```
pub fn scaled_speedup(serial: f64, n: f64) -> f64 {
    n - serial * (n - 1.0)
}

/// The serial share that a measured speedup amounts to, (1/S − 1/n) / (1 − 1/n) (Karp and Flatt 1990); none for one
/// processor. If it grows with n, more than a serial part slows the job: that is overhead.
///
/// ```
/// let share = knee::laws::amdahl::karp_flatt(10.25641026, 20.0).unwrap();
/// assert!((share - 0.05).abs() < 1e-9);
/// ```
pub fn karp_flatt(speedup: f64, n: f64) -> Option<f64> {
    (n > 1.0 && speedup > 0.0).then(|| (1.0 / speedup - 1.0 / n) / (1.0 - 1.0 / n))
}

#[cfg(test)]
mod tests {
    use super::super::assert_close;
    use super::*;

    #[test]
    fn sizes_are_inverses() {
        for serial in [0.001, 0.05, 0.5] {
            for share in [0.6, 0.9, 0.99] {
                let n = size_for(serial, share);
                assert_close(speedup(serial, n), share * limit(serial), 1e-12);
                assert_close(size_within(serial, 20.0, 20.0 / speedup(serial, n)), n, 1e-9);
            }
        }
        assert_eq!((size_for(0.9, 0.5), size_for(0.0, 0.5)), (1.0, f64::INFINITY));
        assert_eq!((size_within(0.5, 20.0, 10.0), size_within(0.5, 20.0, 30.0)), (f64::INFINITY, 1.0));
    }

    #[test]
    fn one_processor_is_no_faster() {
        assert_eq!((speedup(0.3, 1.0), scaled_speedup(0.3, 1.0), karp_flatt(1.0, 1.0)), (1.0, 1.0, None));
        assert_eq!(limit(0.0), f64::INFINITY);
    }
}
