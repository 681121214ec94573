//! The integral over time of a number that goes up and down.

/// The integral of a level that changes by whole numbers, in level × ticks, exact.
///
/// Integration by parts: each unit that comes subtracts its time, each that goes adds its own, and
/// what is still there counts up to now. So a change costs one addition, and nothing is multiplied
/// until someone asks.
///
/// ```
/// use knee::stats::Integral;
/// let mut present = Integral::default();
/// present.up(10);
/// present.up(20);
/// present.down(50);
/// assert_eq!(present.area(60, 1), 40 + 40); // from 10 to 50, and from 20 to 60
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Integral(i128);

impl Integral {
    /// The level rises by one.
    #[inline(always)]
    pub fn up(&mut self, now: u64) {
        self.0 -= i128::from(now);
    }

    /// The level falls by one.
    #[inline(always)]
    pub fn down(&mut self, now: u64) {
        self.0 += i128::from(now);
    }

    /// The level was higher by one several times, for so many ticks in all.
    pub fn pass_all(&mut self, ticks: u128) {
        self.0 += ticks as i128;
    }

    /// The level changes from one number to another.
    #[inline]
    pub fn change(&mut self, now: u64, from: u32, to: u32) {
        self.0 += i128::from(now) * (i128::from(from) - i128::from(to));
    }

    /// The integral from the start until now, at which the level is this.
    pub fn area(&self, now: u64, level: u32) -> u128 {
        (self.0 + i128::from(now) * i128::from(level)).max(0) as u128
    }

    /// An integral that starts now, at this level.
    pub fn starting(now: u64, level: u32) -> Integral {
        Integral(-i128::from(now) * i128::from(level))
    }
}

#[cfg(test)]
mod tests {
    use super::Integral;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn it_is_the_sum_of_level_times_elapsed(steps in prop::collection::vec((0u64..1000, 0u32..20), 1..50), start in 0u32..5) {
            let (mut now, mut level, mut sum) = (17, start, 0u128);
            let mut integral = Integral::starting(now, level);
            for (elapsed, next) in steps {
                sum += u128::from(elapsed) * u128::from(level);
                now += elapsed;
                integral.change(now, level, next);
                level = next;
            }
            prop_assert_eq!(integral.area(now, level), sum);
        }
    }
}
