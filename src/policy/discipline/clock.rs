//! First come, first served, where nothing that comes later changes it: a recursion instead of events.

/// When the servers of a station are free again. Whoever comes is told at once when it will be served and leave.
///
/// With one server this is Lindley's recursion (1952), with several Kiefer and Wolfowitz's (1955).
///
/// ```
/// use knee::policy::discipline::Clock;
/// let mut desk = Clock::new(Some(1), true);
/// assert_eq!(desk.serve(10, 5), (10, 15));
/// assert_eq!(desk.serve(12, 5), (15, 20));
/// assert_eq!([12, 15, 20].map(|now| desk.in_system(now)), [2, 1, 0]);
/// ```
#[derive(Debug)]
pub struct Clock {
    free: Free,
    /// Kept only where somebody asks how many there are.
    waiting: Option<Box<Waiting>>,
    // What is counted is beside what it is known from, in one line of the processor's cache.
    customers: u64,
    response: u128,
    service: u128,
}

/// Customers who came, were served and left, with the sums of their response and service times.
#[derive(Debug, Clone, Copy, Default)]
pub struct Passed {
    /// How many.
    pub customers: u64,
    /// How long they were there, in ticks.
    pub response: u128,
    /// How long they were served, in ticks.
    pub service: u128,
}

/// When each server is free again.
#[derive(Debug)]
#[expect(clippy::box_collection, reason = "so a clock fits in one line of the processor's cache")]
enum Free {
    /// Always: there is no end of servers.
    Endless,
    /// The only one.
    One(u64),
    /// A heap, the earliest first.
    Several(Box<Vec<u64>>),
}

impl Clock {
    /// An idle station with so many servers, or with no end of them; `counts` if [`in_system`](Self::in_system) is
    /// asked, which needs an end.
    pub fn new(servers: Option<u32>, counts: bool) -> Clock {
        let free = match servers {
            None => Free::Endless,
            Some(1) => Free::One(0),
            Some(servers) => Free::Several(Box::new(vec![0; servers as usize])),
        };
        Clock { free, waiting: counts.then(Box::default), customers: 0, response: 0, service: 0 }
    }

    /// Someone comes who needs so much service: when it begins, and when it ends. Who came earlier has been told earlier.
    #[inline(always)]
    pub fn serve(&mut self, now: u64, service: u64) -> (u64, u64) {
        let (starts, ends) = match &mut self.free {
            Free::One(free) => {
                let starts = now.max(*free);
                *free = starts.saturating_add(service);
                (starts, *free)
            }
            Free::Endless => (now, now.saturating_add(service)),
            Free::Several(free) => occupy_earliest(free, now, service),
        };
        if let Some(waiting) = &mut self.waiting
            && starts > now
        {
            waiting.add(starts, now);
        }
        (starts, ends)
    }

    /// Counts one who has been told.
    #[inline(always)]
    pub fn count(&mut self, response: u64, service: u64) {
        self.customers += 1;
        self.response += u128::from(response);
        self.service += u128::from(service);
    }

    /// Those who were counted since this was last asked.
    pub fn take_passed(&mut self) -> Passed {
        let passed = Passed { customers: self.customers, response: self.response, service: self.service };
        (self.customers, self.response, self.service) = (0, 0, 0);
        passed
    }

    /// How many are there, those who leave at this instant excepted.
    pub fn in_system(&self, now: u64) -> u32 {
        let busy = match &self.free {
            Free::Endless => 0,
            Free::One(free) => u32::from(*free > now),
            Free::Several(free) => free.iter().filter(|&&free| free > now).count() as u32,
        };
        busy + self.waiting.as_ref().map_or(0, |waiting| waiting.after(now))
    }
}

/// When those who had to wait begin to be served, the latest ones in a ring. What is past stays until its place is needed:
/// to count is to look at all places, and no branch depends on what is there.
#[derive(Debug, Default)]
struct Waiting {
    /// None, or a power of two.
    starts: Vec<u64>,
    /// The oldest one, which is replaced next.
    oldest: usize,
}

impl Waiting {
    #[inline(always)]
    fn add(&mut self, starts: u64, now: u64) {
        if self.starts.get(self.oldest).is_none_or(|&oldest| oldest > now) {
            self.grow();
        }
        self.starts[self.oldest] = starts;
        self.oldest = (self.oldest + 1) & (self.starts.len() - 1);
    }

    /// Twice the room; new places are the oldest.
    #[cold]
    fn grow(&mut self) {
        self.starts.rotate_left(self.oldest);
        self.oldest = self.starts.len();
        self.starts.resize((2 * self.starts.len()).max(FEW), 0);
    }

    /// How many begin after this instant.
    fn after(&self, now: u64) -> u32 {
        if self.starts.len() <= FEW {
            return self.starts.iter().map(|&starts| u32::from(starts > now)).sum();
        }
        let (mut low, mut high) = (0, self.starts.len());
        while low < high {
            let middle = (low + high) / 2;
            match self.starts[(self.oldest + middle) & (self.starts.len() - 1)] > now {
                true => high = middle,
                false => low = middle + 1,
            }
        }
        (self.starts.len() - high) as u32
    }
}

/// So many are all looked at.
const FEW: usize = 8;

/// The server that is free first takes the next customer: it sinks to its new place in the heap. Returns when the
/// service begins and ends.
#[inline]
fn occupy_earliest(free: &mut [u64], now: u64, service: u64) -> (u64, u64) {
    let starts = now.max(free[0]);
    let ends = starts.saturating_add(service);
    let mut at = 0;
    loop {
        let mut child = 2 * at + 1;
        if child >= free.len() {
            break;
        }
        if child + 1 < free.len() && free[child + 1] < free[child] {
            child += 1;
        }
        if ends <= free[child] {
            break;
        }
        free[at] = free[child];
        at = child;
    }
    free[at] = ends;
    (starts, ends)
}

#[cfg(test)]
mod tests {
    use super::Clock;
    use proptest::prelude::*;

    /// The textbook way: who is there, server by server.
    fn by_hand(customers: &[(u64, u64)], servers: usize) -> Vec<(u64, u64)> {
        let mut free = vec![0; servers];
        let serve = |&(arrived, service): &(u64, u64)| {
            let server = free.iter_mut().min().expect("a server");
            let starts = arrived.max(*server);
            *server = starts + service;
            (starts, *server)
        };
        customers.iter().map(serve).collect()
    }

    proptest! {
        #[test]
        fn it_tells_what_happens(steps in prop::collection::vec((0u64..5, 0u64..20), 1..80), servers in 1u32..6) {
            let mut now = 0;
            let customers: Vec<(u64, u64)> = steps.iter().map(|&(gap, service)| { now += gap; (now, service) }).collect();
            let expected = by_hand(&customers, servers as usize);
            let mut clock = Clock::new(Some(servers), true);
            for (index, &(arrived, service)) in customers.iter().enumerate() {
                let there = expected[..index].iter().filter(|&&(_, ends)| ends > arrived).count();
                prop_assert_eq!(clock.in_system(arrived) as usize, there);
                prop_assert_eq!(clock.serve(arrived, service), expected[index]);
            }
        }
    }

    #[test]
    fn it_fits_in_a_line_of_the_cache() {
        assert_eq!(std::mem::size_of::<Clock>(), 64);
    }

    #[test]
    fn nobody_waits_where_servers_have_no_end() {
        let mut clock = Clock::new(None, false);
        assert_eq!([clock.serve(5, 100), clock.serve(6, 1)], [(5, 105), (6, 7)]);
    }
}
