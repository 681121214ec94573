//! What every replication said of every metric, one by one: what pairs of runs are compared by.

use super::numbers::{GroupNumbers, Numbers, SampleNumbers, WorkloadNumbers};
use super::results::Sample;
use super::summary::Summary;
use crate::model::{Metric, Model, Percentile};

/// The percentiles of a replication's own, in their order.
const PERCENTILES: [Percentile; 5] =
    [Percentile::P50, Percentile::P90, Percentile::P95, Percentile::P99, Percentile::P99_9];

impl Summary {
    /// Every metric that a condition can name, with its value in each replication.
    pub(super) fn samples(&self, model: &Model) -> Vec<Sample> {
        let mut gathered = Gathered { summary: self, samples: Vec::new() };
        for (index, workload) in model.workloads.iter().enumerate() {
            gathered.workload(&workload.name, index);
        }
        for (index, group) in model.groups.iter().enumerate() {
            gathered.group(&group.name(), index);
        }
        for (index, cache) in model.caches.iter().enumerate() {
            gathered.add(Metric::HitRatio(cache.clone()), |own| own.caches[index].hit_ratio());
        }
        for (index, store) in model.stores.iter().enumerate() {
            gathered.add(Metric::StaleReads(store.name.clone()), |own| own.stores[index].stale_reads());
            gathered.add(Metric::Staleness(store.name.clone()), |own| own.stores[index].staleness());
        }
        for (index, queue) in model.messages.queues.iter().enumerate() {
            gathered.add(Metric::Depth(queue.name.clone()), |own| own.queues[index].depth());
            gathered.add(Metric::Lag(queue.name.clone()), |own| own.queues[index].lag());
        }
        gathered.add(Metric::Cost, |own| cost(model, own));
        gathered.samples
    }
}

/// Dollars an hour of one replication.
fn cost(model: &Model, own: &Numbers) -> f64 {
    let scaled = model.scalers.iter().zip(&own.scaling);
    model.cost_per_hour + scaled.map(|(spec, numbers)| spec.price * numbers.paid()).sum::<f64>()
}

struct Gathered<'s> {
    summary: &'s Summary,
    samples: Vec<Sample>,
}

impl Gathered<'_> {
    fn add(&mut self, metric: Metric, value: impl Fn(&Numbers) -> f64) {
        let own = self.summary.numbers.iter();
        let values = own.map(|own| own.as_ref().map_or(f64::NAN, &value)).collect();
        self.samples.push(Sample { metric, values });
    }

    fn workload(&mut self, name: &str, index: usize) {
        let name = || name.to_owned();
        let of = move |value: fn(&WorkloadNumbers) -> f64| move |own: &Numbers| value(&own.workloads[index]);
        self.add(Metric::Throughput(name()), of(|own| own.throughput));
        self.add(Metric::ErrorRate(name()), of(|own| own.error_rate));
        self.add(Metric::InFlight(name()), of(|own| own.in_flight));
        self.times(|percentile| Metric::Latency(name(), percentile), move |own| &own.workloads[index].latency);
    }

    fn group(&mut self, name: &str, index: usize) {
        let name = || name.to_owned();
        let of = move |value: fn(&GroupNumbers) -> f64| move |own: &Numbers| value(&own.groups[index]);
        self.add(Metric::Utilization(name()), of(|own| own.utilization));
        self.add(Metric::Throughput(name()), of(|own| own.throughput));
        self.add(Metric::QueueLength(name()), of(|own| own.queue_length));
        self.add(Metric::InSystem(name()), of(|own| own.in_system));
        self.times(|percentile| Metric::Wait(name(), percentile), move |own| &own.groups[index].wait);
        self.times(|percentile| Metric::Response(name(), percentile), move |own| &own.groups[index].response);
    }

    fn times(&mut self, metric: impl Fn(Percentile) -> Metric, times: impl Fn(&Numbers) -> &SampleNumbers) {
        self.add(metric(Percentile::Mean), |own| times(own).mean);
        for (index, percentile) in PERCENTILES.into_iter().enumerate() {
            self.add(metric(percentile), |own| times(own).percentiles[index]);
        }
    }
}
