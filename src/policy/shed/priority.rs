//! `priority`: the fuller the line, the more urgent one has to be to join it.
//!
//! ```toml
//! shed = { priority = { levels = [{ from = 2, queue = 10 }, { from = 1, queue = 50 }] } }
//! ```
//!
//! Zhou et al., Overload control for scaling WeChat microservices (DAGOR), SoCC 2018; Beyer et al., Site Reliability
//! Engineering, 2016, chapter 21 (criticality). A customer of priority `from` or less urgent is shed if `queue` others
//! wait already. Who is more urgent than every `from` is never shed.

use super::{Entry, Shed};

/// Room in the line by priority.
#[derive(Debug, Clone)]
pub struct Priority {
    /// From which priority on, and how many may wait then.
    levels: Vec<(i32, u32)>,
}

impl Priority {
    /// Each level: from which priority on, and how many may wait then.
    pub fn new(levels: Vec<(i32, u32)>) -> Priority {
        Priority { levels }
    }
}

impl Shed for Priority {
    fn enter(&mut self, _: u64, priority: i32, waiting: u32) -> Entry {
        let mut own = self.levels.iter().filter(|&&(from, _)| priority >= from);
        if own.any(|&(_, queue)| waiting >= queue) { Entry::Shed } else { Entry::Join }
    }

    fn fresh(&self) -> Box<dyn Shed> {
        Box::new(self.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_least_urgent_go_first() {
        let mut policy = Priority::new(vec![(2, 10), (1, 50)]);
        let mut shed = |priority, waiting| policy.enter(0, priority, waiting) == Entry::Shed;
        assert!(!shed(2, 9) && shed(2, 10) && shed(7, 10));
        assert!(!shed(1, 49) && shed(1, 50) && !shed(0, 5000));
    }
}
