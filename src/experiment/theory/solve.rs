//! The formula for a station of which everything is known.

use super::Quantity;
use super::station::{Flow, Order, Service, Station};
use crate::laws::{batch, dps, erlang, gim1, impatience, kingman, loss, mg1, priority, ps, repairman};

/// What theory says about a station.
pub(super) struct Solution {
    /// In Kendall's notation.
    pub(super) model: String,
    pub(super) values: Values,
    /// Times and numbers in system are near, not exact.
    pub(super) approximate: bool,
}

impl Solution {
    fn exact(model: String, values: Values) -> Solution {
        Solution { model, values, approximate: false }
    }
}

type Values = Vec<(Quantity, f64)>;

/// States beyond which a chain is not solved: it would take longer than the simulation.
const MOST_STATES: f64 = 1e6;

/// None where no formula fits, or where there is no steady state.
pub(super) fn solve(station: &Station<'_>) -> Option<Solution> {
    let servers = f64::from(station.group.servers.unwrap_or(1));
    if servers > MOST_STATES {
        return None;
    }
    match (station.flow, station.group.servers) {
        (Flow::Poisson, None) => station.infinite(),
        (Flow::Poisson, Some(servers)) => station.poisson(servers),
        (Flow::Users { count, think }, Some(servers)) => station.users(servers, count, think),
        (Flow::Batches { rate, mean, mean_square, fixed }, Some(1)) => {
            let size = fixed.map_or("X".to_string(), |size| size.to_string());
            let response = batch::response(rate, mean, mean_square, station.service.mean);
            let model = format!("M^{size}/M/1");
            station.single_exponential().then(|| Solution::exact(model, station.steady(response, station.service.rate)))
        }
        (Flow::Regular, Some(1)) if station.is_memoryless() => {
            let sigma = gim1::dm1_sigma(station.service.rate, station.service.mean);
            station.renewal("D".to_string(), sigma)
        }
        (Flow::Erlang(stages), Some(1)) if station.is_memoryless() => {
            let sigma = gim1::ekm1_sigma(station.service.rate, station.service.mean, stages);
            station.renewal(format!("E{stages}"), sigma)
        }
        (Flow::Regular, Some(1)) => station.kingman(0.0),
        (Flow::Erlang(stages), Some(1)) => station.kingman(1.0 / f64::from(stages)),
        (Flow::Renewal(scv), Some(1)) => station.kingman(scv),
        _ => None,
    }
}

impl Station<'_> {
    fn load(&self) -> f64 {
        self.service.rate * self.service.mean
    }

    /// The number in system is that of exponential servers, whatever the order: nobody can know
    /// how long a service still takes.
    fn is_memoryless(&self) -> bool {
        self.service.letter == 'M' && self.order != Order::Other
    }

    /// Once begun, a service is finished.
    fn is_uninterrupted(&self) -> bool {
        matches!(self.order, Order::Arrival | Order::Blind | Order::Urgency { preempts: false })
    }

    /// A single exponential server that is not overloaded and takes everyone.
    fn single_exponential(&self) -> bool {
        self.is_memoryless() && self.load() < 1.0 && !self.group.loses()
    }

    /// `M/G/1-PS`.
    fn kendall(&self, rest: &str) -> String {
        let suffix = match self.order {
            Order::Shared => "-PS",
            Order::Weighted => "-DPS",
            Order::LatestPreempts => "-LIFO-PR",
            Order::Urgency { preempts: true } => "-PR",
            Order::Urgency { preempts: false } => "-priority",
            _ => "",
        };
        format!("M/{}/{rest}{suffix}", self.service.letter)
    }

    /// What follows from the mean response time by Little's law (Little 1961) and the utilization law.
    fn steady(&self, response: f64, throughput: f64) -> Values {
        let mut values = vec![(Quantity::ResponseMean, response)];
        if self.is_uninterrupted() && self.group.servers.is_some() && response > self.service.mean {
            values.push((Quantity::WaitMean, response - self.service.mean));
        }
        values.push((Quantity::InSystem, throughput * response));
        values.extend(self.utilization(throughput));
        values.push((Quantity::Throughput, throughput));
        values
    }

    fn utilization(&self, throughput: f64) -> Option<(Quantity, f64)> {
        let servers = f64::from(self.group.servers?);
        Some((Quantity::Utilization, throughput * self.service.mean / servers))
    }

    /// M/G/∞.
    fn infinite(&self) -> Option<Solution> {
        let model = format!("M/{}/∞", self.service.letter);
        (!self.group.loses()).then(|| Solution::exact(model, self.steady(self.service.mean, self.service.rate)))
    }

    fn poisson(&self, servers: u32) -> Option<Solution> {
        match (self.patience, self.group.capacity) {
            (Some(patience), None) => self.impatient(servers, patience),
            (None, Some(capacity)) => self.limited(servers, capacity),
            (Some(_), Some(_)) => None,
            (None, None) if self.load() >= f64::from(servers) => None,
            (None, None) if self.is_memoryless() => Some(self.mmc(servers)),
            (None, None) if self.order == Order::Shared => {
                let response = ps::limited_response(self.service.rate, self.service.mean, servers);
                Some(self.solution(&servers.to_string(), response))
            }
            (None, None) if servers == 1 => self.single(),
            (None, None) => None,
        }
    }

    fn solution(&self, rest: &str, response: f64) -> Solution {
        Solution::exact(self.kendall(rest), self.steady(response, self.service.rate))
    }

    /// M/M/c under any order that does not know sizes.
    fn mmc(&self, servers: u32) -> Solution {
        let (rate, mean) = (self.service.rate, self.service.mean);
        let mut solution = self.solution(&servers.to_string(), erlang::mmc_response(rate, mean, servers));
        if self.is_uninterrupted() {
            solution.values.push((Quantity::WaitProbability, erlang::erlang_c(self.load(), servers)));
        }
        if self.order == Order::Arrival {
            solution.values.push((Quantity::ResponseP99, erlang::mmc_response_quantile(rate, mean, servers, 0.99)));
        }
        solution
    }

    /// One server with service times that are not exponential.
    fn single(&self) -> Option<Solution> {
        let (rate, mean) = (self.service.rate, self.service.mean);
        let response = match self.order {
            Order::Arrival | Order::Blind => mg1::response(rate, mean, self.service.scv),
            // A busy period: that the mean is that of processor sharing is no accident
            // (symmetric queues, Kelly 1979).
            Order::LatestPreempts => ps::response(rate, mean),
            Order::Urgency { preempts } => self.urgency(preempts),
            Order::Weighted if self.streams.iter().all(|stream| stream.is_exponential()) => self.weighted()?,
            _ => return None,
        };
        let mut solution = self.solution("1", response);
        if self.is_uninterrupted() {
            solution.values.push((Quantity::WaitProbability, self.load()));
        }
        if self.order == Order::Arrival && self.service.letter == 'D' {
            solution.values.push((Quantity::ResponseP99, mg1::md1_wait_quantile(rate, mean, 0.99) + mean));
        }
        Some(solution)
    }

    /// The mean over all customers of what Cobham, or White and Christie, say about each class.
    fn urgency(&self, preempts: bool) -> f64 {
        let mut streams = self.streams.clone();
        streams.sort_by_key(|stream| stream.priority);
        let classes: Vec<priority::Class> = streams.chunk_by(|a, b| a.priority == b.priority).map(merge).collect();
        let responses =
            if preempts { priority::preemptive_resume(&classes) } else { priority::non_preemptive(&classes) };
        let weighted = classes.iter().zip(&responses).map(|(class, response)| class.arrival_rate * response);
        weighted.sum::<f64>() / self.service.rate
    }

    fn weighted(&self) -> Option<f64> {
        let class = |stream: &super::station::Stream<'_>| dps::Class {
            arrival_rate: stream.rate,
            service_time: stream.mean,
            weight: stream.weight,
        };
        let classes: Vec<dps::Class> = self.streams.iter().map(class).collect();
        let responses = dps::responses(&classes)?;
        let weighted = classes.iter().zip(&responses).map(|(class, response)| class.arrival_rate * response);
        Some(weighted.sum::<f64>() / self.service.rate)
    }

    /// At most so many in the system; arrivals beyond are lost.
    fn limited(&self, servers: u32, capacity: u32) -> Option<Solution> {
        let (rate, mean) = (self.service.rate, self.service.mean);
        let nobody_waits = capacity <= servers;
        let insensitive = nobody_waits || self.order == Order::Shared;
        if f64::from(capacity) > MOST_STATES || !(insensitive || self.is_memoryless()) {
            return None;
        }
        let queue = loss::mmck(rate, mean, servers.min(capacity), capacity);
        let mut values = self.steady(if nobody_waits { mean } else { queue.response }, queue.throughput);
        values.push((Quantity::RejectedRatio, queue.loss));
        if self.is_uninterrupted() && !nobody_waits {
            let waiting: f64 = queue.probabilities[servers as usize..capacity as usize].iter().sum();
            values.push((Quantity::WaitProbability, waiting / (1.0 - queue.loss)));
        }
        let model = if nobody_waits {
            format!("M/{}/{servers}/{capacity}", self.service.letter)
        } else {
            self.kendall(&format!("{servers}/{capacity}"))
        };
        Some(Solution::exact(model, values))
    }

    /// Erlang A.
    fn impatient(&self, servers: u32, patience: f64) -> Option<Solution> {
        let (rate, mean) = (self.service.rate, self.service.mean);
        let excess = (rate - f64::from(servers) / mean).max(0.0);
        let states = excess * patience + 50.0 * libm::sqrt(rate * patience);
        if !(self.is_memoryless() && self.is_uninterrupted() && states < MOST_STATES) {
            return None;
        }
        let queue = impatience::erlang_a(rate, mean, servers, patience);
        let served = 1.0 - queue.abandoned;
        let mut values = vec![(Quantity::InSystem, queue.line + queue.utilization * f64::from(servers))];
        values.extend(self.utilization(rate * served));
        values.push((Quantity::Throughput, rate * served));
        values.push((Quantity::AbandonedRatio, queue.abandoned));
        // Whoever leaves has waited.
        values.push((Quantity::WaitProbability, (queue.waits - queue.abandoned) / served));
        Some(Solution::exact(format!("M/M/{servers}+M"), values))
    }

    /// GI/M/1, with the probability that an arrival waits.
    fn renewal(&self, letter: String, sigma: f64) -> Option<Solution> {
        if !self.single_exponential() {
            return None;
        }
        let mut values = self.steady(gim1::response(sigma, self.service.mean), self.service.rate);
        if self.is_uninterrupted() {
            values.push((Quantity::WaitProbability, sigma));
        }
        if self.order == Order::Arrival {
            values.push((Quantity::ResponseP99, gim1::response_quantile(sigma, self.service.mean, 0.99)));
        }
        Some(Solution::exact(format!("{letter}/M/1"), values))
    }

    /// GI/G/1 in order of arrival, by Kingman's (1961) approximation: near in heavy traffic, and not exact anywhere unless
    /// arrivals are Poisson. Where nothing varies it is no queue.
    fn kingman(&self, arrival_scv: f64) -> Option<Solution> {
        let Service { rate, mean, scv, .. } = self.service;
        let known = self.order == Order::Arrival && self.load() < 1.0 && !self.group.loses();
        if !(known && arrival_scv + scv > 0.0 && (arrival_scv + scv).is_finite()) {
            return None;
        }
        let wait = kingman::wait_approximation(rate, mean, arrival_scv, scv);
        let values = self.steady(mean + wait, rate);
        Some(Solution { model: "G/G/1 (Kingman)".to_string(), values, approximate: true })
    }

    /// The machine repairman; without thinking, everybody is there all the time.
    fn users(&self, servers: u32, count: u32, think: f64) -> Option<Solution> {
        let room = self.group.capacity.is_none_or(|capacity| capacity >= count);
        let solvable = self.is_memoryless() || self.order == Order::Shared;
        if !(room && solvable && self.group.patience.is_none() && f64::from(count) < MOST_STATES) {
            return None;
        }
        let (throughput, response) = if think > 0.0 {
            let shop = repairman::repairman(count, think, self.service.mean, servers);
            (shop.throughput, shop.response)
        } else {
            let throughput = f64::from(count.min(servers)) / self.service.mean;
            (throughput, f64::from(count) / throughput)
        };
        Some(Solution::exact(self.kendall(&format!("{servers}//{count}")), self.steady(response, throughput)))
    }
}

/// Streams of one priority are one class: the mixture of their service times.
fn merge(streams: &[super::station::Stream<'_>]) -> priority::Class {
    let arrival_rate: f64 = streams.iter().map(|stream| stream.rate).sum();
    let service_time = streams.iter().map(|stream| stream.rate * stream.mean).sum::<f64>() / arrival_rate;
    let square = streams.iter().map(|stream| stream.rate * (1.0 + stream.scv()) * stream.mean * stream.mean);
    let scv = square.sum::<f64>() / arrival_rate / (service_time * service_time) - 1.0;
    priority::Class { arrival_rate, service_time, scv }
}
