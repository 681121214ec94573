//! Disks: what one access takes, what arrays and channels deliver, how long data last.

/// A disk with a moving head. Seeks and rotation are uniform between 0 and their maximum.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Disk {
    /// The longest seek in seconds.
    pub longest_seek: f64,
    /// Revolutions per minute.
    pub rpm: f64,
    /// Bytes per second once the head is there.
    pub bandwidth: f64,
    /// Seconds of the controller for each access.
    pub controller: f64,
}

impl Disk {
    /// Mean seconds from the command until the data pass: half a revolution.
    pub fn mean_rotation(&self) -> f64 {
        30.0 / self.rpm
    }

    /// Mean service time of an access of `bytes`: seek, rotation, transfer and controller (Ruemmler
    /// and Wilkes 1994). Its inverse is the number of random accesses per second (IOPS).
    ///
    /// ```
    /// use knee::laws::storage::Disk;
    /// let disk = Disk { longest_seek: 0.017, rpm: 7200.0, bandwidth: 150e6, controller: 0.0001 };
    /// assert!((disk.service_time(65536.0) - 0.01320357333).abs() < 1e-11);
    /// assert!((disk.service_deviation() - 0.005465379252).abs() < 1e-12);
    /// ```
    pub fn service_time(&self, bytes: f64) -> f64 {
        self.longest_seek / 2.0 + self.mean_rotation() + bytes / self.bandwidth + self.controller
    }

    /// Standard deviation of the service time, of accesses of equal size.
    pub fn service_deviation(&self) -> f64 {
        let revolution = 2.0 * self.mean_rotation();
        libm::sqrt((self.longest_seek * self.longest_seek + revolution * revolution) / 12.0)
    }

    /// Squared coefficient of variation of the service time of accesses of `bytes`, as
    /// [`mg1::wait`](super::mg1::wait) takes it.
    pub fn service_scv(&self, bytes: f64) -> f64 {
        let ratio = self.service_deviation() / self.service_time(bytes);
        ratio * ratio
    }
}

/// How an array of disks keeps copies or parity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Raid {
    /// Striping only.
    Raid0,
    /// Mirrored pairs, striped.
    Raid10,
    /// One parity block a stripe.
    Raid5,
    /// Two parity blocks a stripe.
    Raid6,
}

impl Raid {
    /// Disk accesses for each small write: 1, 2, 4 (read and write data and parity), or 6
    /// (Patterson, Gibson and Katz 1988).
    pub fn write_penalty(self) -> f64 {
        match self {
            Raid::Raid0 => 1.0,
            Raid::Raid10 => 2.0,
            Raid::Raid5 => 4.0,
            Raid::Raid6 => 6.0,
        }
    }

    /// The most accesses per second that the array serves in perfect balance, a share
    /// `write_fraction` of them small writes: n · iops / (1 − w + w · penalty).
    ///
    /// ```
    /// use knee::laws::storage::Raid;
    /// assert!((Raid::Raid5.throughput(8, 180.0, 0.3) - 757.8947368).abs() < 1e-7);
    /// ```
    pub fn throughput(self, disks: u32, iops: f64, write_fraction: f64) -> f64 {
        f64::from(disks) * iops / (1.0 - write_fraction + write_fraction * self.write_penalty())
    }
}

/// Accesses per second of a device whose `channels` take from one queue that always holds
/// `queue_depth` accesses: min(channels, depth) / s.
pub fn shared_channels(channels: u32, service_time: f64, queue_depth: u32) -> f64 {
    f64::from(channels.min(queue_depth)) / service_time
}

/// Accesses per second of a device with a line at each of its `channels`, each access at one chosen
/// at random, exponential service, `queue_depth` accesses at any time: the balanced closed network
/// (Buzen 1973; Zahorjan et al. 1982), c D / s (c + D − 1).
///
/// ```
/// use knee::laws::storage::{separate_channels, shared_channels};
/// assert!((separate_channels(8, 100e-6, 32) - 65641.02564).abs() < 1e-5);
/// assert!((shared_channels(8, 100e-6, 32) - 80000.0).abs() < 1e-8);
/// ```
pub fn separate_channels(channels: u32, service_time: f64, queue_depth: u32) -> f64 {
    if channels == 0 || queue_depth == 0 {
        return 0.0;
    }
    let (channels, depth) = (f64::from(channels), f64::from(queue_depth));
    channels * depth / (service_time * (channels + depth - 1.0))
}

/// Mean time to data loss of `disks` disks that survive `tolerated` failures at a time, one being
/// rebuilt at a time; lives and rebuilds are exponential (Patterson, Gibson and Katz 1988; Gibson
/// 1992). NaN when fewer than `tolerated` + 1 disks are there.
///
/// The first passage of a birth–death chain: from k failed disks to k + 1 takes
/// h(k) = (1 + h(k−1) / repair) / failures(k).
///
/// ```
/// // A mirror, in hours.
/// let hours = knee::laws::storage::mean_time_to_data_loss(2, 1, 1000.0, 10.0);
/// assert!((hours - 51500.0).abs() < 1e-6);
/// ```
pub fn mean_time_to_data_loss(disks: u32, tolerated: u32, life: f64, rebuild: f64) -> f64 {
    if tolerated >= disks {
        return f64::NAN;
    }
    let (mut step, mut total) = (0.0, 0.0);
    for failed in 0..=tolerated {
        step = (1.0 + step / rebuild) * life / f64::from(disks - failed);
        total += step;
    }
    total
}

#[cfg(test)]
mod tests {
    use super::super::assert_close;
    use super::*;

    /// Without repair the failures follow each other: Σ life / k.
    #[test]
    fn without_rebuild_disks_just_die() {
        let dying = mean_time_to_data_loss(4, 2, 12.0, 1e300);
        assert_close(dying, 3.0 + 4.0 + 6.0, 1e-12);
        assert!(mean_time_to_data_loss(2, 2, 1.0, 1.0).is_nan());
    }

    /// Gibson (1992): ((2N − 1) λ + μ) / N (N − 1) λ².
    #[test]
    fn one_tolerated_failure_has_a_closed_form() {
        let (n, life, rebuild) = (8.0, 500.0, 20.0);
        let closed = ((2.0 * n - 1.0) / life + 1.0 / rebuild) * life * life / (n * (n - 1.0));
        assert_close(mean_time_to_data_loss(8, 1, life, rebuild), closed, 1e-12);
    }
}
