//! Closed networks with one class of customers, solved exactly.
//!
//! The results are those of mean value analysis (Reiser and Lavenberg 1980). They are computed by
//! convolution (Buzen 1973), because the recursion over the marginal probabilities of a station
//! with several servers subtracts nearly equal numbers. Here nothing is subtracted, and nothing
//! overflows: the demands are scaled by a throughput near the answer, so that all factors are
//! close to probabilities.

use crate::numeric::bisect;

/// A station of a closed network. The demand is the seconds of service that one cycle of a
/// customer needs there, all visits together.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Station {
    /// One server and a line.
    Queue(f64),
    /// As many servers as customers: nobody waits.
    Delay(f64),
    /// Several servers and one line: the demand, and how many servers.
    Servers(f64, u32),
}

/// The steady state of a closed network.
#[derive(Debug, Clone, PartialEq)]
pub struct Closed {
    /// Cycles per second.
    pub throughput: f64,
    /// Mean time of a cycle without thinking, in seconds.
    pub response: f64,
    /// Mean number at each station.
    pub numbers: Vec<f64>,
}

/// Solves a closed network of `population` customers who think for `think_time` between cycles.
///
/// Takes time proportional to stations × population², but none where there are only delays.
///
/// ```
/// use knee::laws::mva::{Station, mva};
/// let stations = [0.605, 2.1, 1.35].map(Station::Queue);
/// let network = mva(&stations, 15.0, 20);
/// assert!((network.throughput - 0.474516328).abs() < 1e-9);
/// assert!((network.response - 27.14818083).abs() < 1e-8);
/// ```
pub fn mva(stations: &[Station], think_time: f64, population: u32) -> Closed {
    let mut places = stations.to_vec();
    places.push(Station::Delay(think_time));
    let n = population as usize;
    if n == 0 || places.iter().all(|place| place.demand() == 0.0) {
        return Closed { throughput: 0.0, response: 0.0, numbers: vec![0.0; stations.len()] };
    }
    if places.iter().all(|place| matches!(place, Station::Delay(_))) {
        return apart(stations, think_time, population);
    }
    let scale = open_throughput(&places, n);
    let factors: Vec<Vec<f64>> = places.iter().map(|place| place.factor(scale, n)).collect();
    let (numbers, empty_place) = marginals(&factors, n);
    let throughput = scale * empty_place;
    let response = f64::from(population) / throughput - think_time;
    Closed { throughput, response, numbers: numbers[..stations.len()].to_vec() }
}

/// Customers who never meet.
fn apart(stations: &[Station], think_time: f64, population: u32) -> Closed {
    let response = stations.iter().map(Station::demand).sum::<f64>();
    let throughput = f64::from(population) / (think_time + response);
    Closed { throughput, response, numbers: stations.iter().map(|station| throughput * station.demand()).collect() }
}

impl Station {
    fn demand(&self) -> f64 {
        match *self {
            Station::Queue(demand) | Station::Delay(demand) | Station::Servers(demand, _) => demand,
        }
    }

    /// How many of `k` customers are in service.
    fn busy(&self, k: usize) -> f64 {
        match *self {
            Station::Queue(_) => 1.0,
            Station::Delay(_) => k as f64,
            Station::Servers(_, servers) => k.min(servers as usize) as f64,
        }
    }

    /// Probabilities of 0..=n customers if they arrived in a Poisson stream of this rate, up to a
    /// factor: the largest is 1.
    fn factor(&self, rate: f64, n: usize) -> Vec<f64> {
        let load = libm::log(rate * self.demand());
        let mut logs = vec![0.0];
        for k in 1..=n {
            logs.push(logs[k - 1] + load - libm::log(self.busy(k)));
        }
        let largest = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        logs.iter().map(|log| libm::exp(log - largest)).collect()
    }

    /// The mean number under Poisson arrivals, truncated at n.
    fn open_mean(&self, rate: f64, n: usize) -> f64 {
        let factor = self.factor(rate, n);
        let weighted: f64 = factor.iter().enumerate().map(|(k, weight)| k as f64 * weight).sum();
        weighted / factor.iter().sum::<f64>()
    }
}

/// The rate at which the stations, fed by Poisson streams, would hold `n` customers on average.
/// Any rate gives the same answer; this one keeps P(n customers in all) far from underflow.
fn open_throughput(places: &[Station], n: usize) -> f64 {
    let total: f64 = places.iter().map(Station::demand).sum();
    let full = |rate: f64| places.iter().map(|place| place.open_mean(rate, n)).sum::<f64>();
    // A share of the highest conceivable throughput, n customers who never meet.
    let highest = n as f64 / total;
    highest * bisect(0.0, 1.0, |share| full(highest * share) >= n as f64)
}

/// The mean number at each place, and G(n − 1) / G(n) with G the normalization constant.
fn marginals(factors: &[Vec<f64>], n: usize) -> (Vec<f64>, f64) {
    let nobody = || (0..=n).map(|k| if k == 0 { 1.0 } else { 0.0 }).collect::<Vec<f64>>();
    let mut before = vec![nobody()];
    for factor in factors {
        before.push(convolve(&before[before.len() - 1], factor));
    }
    let all = &before[factors.len()];
    let mut after = nobody();
    let mut numbers = vec![0.0; factors.len()];
    for (i, factor) in factors.iter().enumerate().rev() {
        let others = convolve(&before[i], &after);
        let joint = |k: usize| factor[k] * others[n - k];
        let total: f64 = (0..=n).map(joint).sum();
        numbers[i] = (0..=n).map(|k| k as f64 * joint(k)).sum::<f64>() / total;
        after = convolve(&after, factor);
    }
    (numbers, all[n - 1] / all[n])
}

/// The sum over all splits, scaled so that the largest is 1.
fn convolve(a: &[f64], b: &[f64]) -> Vec<f64> {
    let split = |n: usize| a[..=n].iter().zip(b[..=n].iter().rev()).map(|(x, y)| x * y).sum();
    let sums: Vec<f64> = (0..a.len()).map(split).collect();
    let largest = sums.iter().copied().fold(0.0, f64::max);
    sums.iter().map(|sum| sum / largest).collect()
}

#[cfg(test)]
mod tests {
    use super::super::{assert_close, repairman::repairman};
    use super::*;

    #[test]
    fn known_values() {
        let jain = [2.0, 3.0, 1.0].map(Station::Queue);
        assert_close(mva(&jain, 4.0, 20).throughput, 0.333_246_512_2, 1e-9);
        let tiers = [Station::Queue(0.008), Station::Servers(0.045, 4), Station::Queue(0.25 * 0.06)];
        assert_close(mva(&tiers, 1.0, 60).throughput, 53.243_738_57, 1e-9);
    }

    #[test]
    fn one_station_is_the_repairman() {
        for (population, servers) in [(1, 1), (100, 1), (60, 4), (500, 3)] {
            let network = mva(&[Station::Servers(0.63, servers)], 30.0, population);
            let shop = repairman(population, 30.0, 0.63, servers);
            assert_close(network.throughput, shop.throughput, 1e-10);
            assert_close(network.numbers[0], shop.mean_in_system, 1e-10);
        }
    }

    #[test]
    fn where_nobody_meets_anybody_a_million_takes_no_time() {
        let delays = [0.25, 0.75].map(Station::Delay);
        let few = [delays[0], delays[1], Station::Queue(0.0)];
        let (many, few) = (mva(&delays, 1.0, 1_000_000), mva(&few, 1.0, 10));
        assert_eq!((many.throughput, many.response, many.numbers), (500_000.0, 1.0, vec![125_000.0, 375_000.0]));
        assert_close(few.throughput, 5.0, 1e-12);
        assert_close(few.numbers[1], 3.75, 1e-12);
    }

    /// The textbook recursion, which is exact for single servers and delays.
    #[test]
    fn agrees_with_the_recursion() {
        let demands = [0.2, 0.05, 0.19, 0.2];
        let (think_time, population) = (50.0, 700);
        let (mut numbers, mut throughput) = ([0.0; 4], 0.0);
        for n in 1..=population {
            let residence: Vec<f64> = (0..4).map(|i| demands[i] * (1.0 + numbers[i])).collect();
            throughput = f64::from(n) / (think_time + residence.iter().sum::<f64>());
            (0..4).for_each(|i| numbers[i] = throughput * residence[i]);
        }
        let network = mva(&demands.map(Station::Queue), think_time, population);
        assert_close(network.throughput, throughput, 1e-10);
        (0..4).for_each(|i| assert_close(network.numbers[i], numbers[i], 1e-9));
    }

    #[test]
    fn nobody_and_nothing() {
        assert_eq!(mva(&[Station::Queue(1.0)], 1.0, 0).throughput, 0.0);
        assert_eq!(mva(&[Station::Queue(0.0)], 0.0, 5).throughput, 0.0);
        assert_close(mva(&[Station::Delay(1.0), Station::Queue(0.0)], 3.0, 8).throughput, 2.0, 1e-9);
    }
}
