//! Waiting taken off response times: what a line of known servers must have added.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Service times of requests that came to `servers` equal servers and were served in order of arrival: a request begins when
/// it comes or when a server is free, whichever is later (Lindley 1952; Kiefer and Wolfowitz 1955, solved for the service).
///
/// `requests` are arrivals and departures in nanoseconds, in order of arrival. A request that left before a server was free
/// has `None`: then the servers are more, or the order is another.
///
/// ```
/// let line = [(0, 10), (2, 15), (20, 24)];
/// assert_eq!(knee::measure::service_times(&line, 1), [Some(10), Some(5), Some(4)]);
/// ```
pub fn service_times(requests: &[(i64, i64)], servers: u32) -> Vec<Option<i64>> {
    let mut free: BinaryHeap<Reverse<i64>> = BinaryHeap::new();
    let serve = |&(arrival, departure): &(i64, i64)| {
        let begin = match free.len() < servers as usize {
            true => arrival,
            false => free.pop().map_or(arrival, |Reverse(at)| at.max(arrival)),
        };
        free.push(Reverse(departure.max(begin)));
        Some(departure.saturating_sub(begin)).filter(|service| *service >= 0)
    };
    requests.iter().map(serve).collect()
}

/// How much longer requests take that find many others than those that find few: the mean latency of the quarter that found
/// most over that of the quarter that found fewest. It is about 1 where nobody waits for anybody. `None` for few requests.
///
/// `requests` are arrivals and departures in nanoseconds, in order of arrival.
pub(super) fn crowding(requests: &[(i64, i64)]) -> Option<f64> {
    const LEAST: usize = 400;
    let mut present: BinaryHeap<Reverse<i64>> = BinaryHeap::new();
    let found = |&(arrival, departure): &(i64, i64)| {
        while present.peek().is_some_and(|Reverse(end)| *end <= arrival) {
            present.pop();
        }
        let found = present.len();
        present.push(Reverse(departure));
        (found, (departure - arrival) as f64)
    };
    let mut found: Vec<(usize, f64)> = requests.iter().map(found).collect();
    if found.len() < LEAST {
        return None;
    }
    found.sort_by_key(|request| request.0);
    let quarter = found.len() / 4;
    let mean = |part: &[(usize, f64)]| part.iter().map(|request| request.1).sum::<f64>() / part.len() as f64;
    let (few, many) = (mean(&found[..quarter]), mean(&found[found.len() - quarter..]));
    let differ = found[quarter].0 < found[found.len() - quarter].0;
    (differ && few > 0.0).then(|| many / few)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distribution::Law;
    use crate::rng;

    /// A line of c servers, simulated; its service times come back to the nanosecond.
    #[test]
    fn service_times_come_back_exactly() {
        for servers in [1, 2, 7] {
            let mut random = rng::stream(1, 0, "line");
            let (gap, law) = (Law::exponential(1e6).unwrap(), Law::gamma(0.8e6 * f64::from(servers), 1.3).unwrap());
            let (mut now, mut free) = (0, vec![0i64; servers as usize]);
            let (mut requests, mut services) = (Vec::new(), Vec::new());
            for _ in 0..5000 {
                now += gap.sample(&mut random) as i64;
                let service = law.sample(&mut random) as i64;
                let first = free.iter_mut().min().unwrap();
                *first = now.max(*first) + service;
                requests.push((now, *first));
                services.push(Some(service));
            }
            assert_eq!(service_times(&requests, servers), services);
            let fewer = service_times(&requests, 1);
            assert_eq!(fewer.iter().any(Option::is_none), servers > 1);
        }
    }

    /// Nobody waits among infinitely many servers; one server at 70 % load is another matter.
    #[test]
    fn who_waits_finds_others() {
        let (gap, law) = (Law::exponential(1e6).unwrap(), Law::exponential(0.7e6).unwrap());
        let mut random = rng::stream(2, 0, "crowd");
        let (mut now, mut free) = (0, 0);
        let (mut alone, mut line) = (Vec::new(), Vec::new());
        for _ in 0..20_000 {
            now += gap.sample(&mut random) as i64;
            let service = law.sample(&mut random) as i64;
            alone.push((now, now + service));
            free = now.max(free) + service;
            line.push((now, free));
        }
        assert!((crowding(&alone).unwrap() - 1.0).abs() < 0.1);
        assert!(crowding(&line).unwrap() > 2.0);
        assert_eq!(crowding(&line[..10]), None);
    }
}
