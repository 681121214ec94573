//! What happened to messages, from all replications.

use std::collections::BTreeMap;

use super::estimate::{mean, quantile};
use super::results::{Estimate, QueueResult, Times};
use crate::engine::{Observations, QueueRecord, Sample};
use crate::model::Model;
use crate::stats::Histogram;

/// What one replication says about one queue: times in seconds.
pub(super) struct QueueNumbers {
    depth: f64,
    lag: TimeNumbers,
    publish_delay: TimeNumbers,
}

#[derive(Clone, Copy)]
struct TimeNumbers {
    mean: f64,
    p99: f64,
}

/// Counts and histograms of one queue, over all replications.
#[derive(Default)]
pub(super) struct QueuePool {
    counts: QueueRecord,
    lag: Histogram,
    publish_delay: Histogram,
}

/// What one replication says about every queue.
pub(super) fn numbers(model: &Model, seen: &Observations) -> Vec<QueueNumbers> {
    let queues = model.messages.queues.iter().zip(&seen.queues);
    let numbers = |(spec, record): (&crate::model::program::QueueSpec, &QueueRecord)| {
        let group = &model.groups[spec.group as usize];
        let rooms = &seen.stations[group.first as usize..(group.first + group.count) as usize];
        QueueNumbers {
            depth: rooms.iter().map(|room| room.present_area).sum::<u128>() as f64 / seen.window as f64,
            lag: TimeNumbers::new(&record.lag, model.ticks_per_second),
            publish_delay: TimeNumbers::new(&record.publish_delay, model.ticks_per_second),
        }
    };
    queues.map(numbers).collect()
}

impl QueueNumbers {
    pub(super) fn depth(&self) -> f64 {
        self.depth
    }

    /// The mean time to the first delivery.
    pub(super) fn lag(&self) -> f64 {
        self.lag.mean
    }
}

impl TimeNumbers {
    fn new(sample: &Sample, ticks: f64) -> TimeNumbers {
        TimeNumbers {
            mean: sample.sum as f64 / sample.histogram.count() as f64 / ticks,
            p99: sample.histogram.quantile(0.99).map_or(f64::NAN, |p99| p99 / ticks),
        }
    }
}

impl QueuePool {
    /// Adds what one replication counted.
    pub(super) fn add(&mut self, seen: &QueueRecord) {
        let sum = &mut self.counts;
        for (sum, more) in [
            (&mut sum.published, seen.published),
            (&mut sum.republished, seen.republished),
            (&mut sum.delivered, seen.delivered),
            (&mut sum.redelivered, seen.redelivered),
            (&mut sum.effects, seen.effects),
            (&mut sum.duplicates, seen.duplicates),
            (&mut sum.suppressed, seen.suppressed),
            (&mut sum.acknowledged, seen.acknowledged),
            (&mut sum.dead_lettered, seen.dead_lettered),
            (&mut sum.lost, seen.lost),
            (&mut sum.at_start, seen.at_start),
            (&mut sum.live, seen.live),
        ] {
            *sum += more;
        }
        sum.deepest = sum.deepest.max(seen.deepest);
        self.lag.merge(&seen.lag.histogram);
        self.publish_delay.merge(&seen.publish_delay.histogram);
    }
}

/// Every queue, by name.
pub(super) fn results<'a>(
    model: &Model,
    pools: &[QueuePool],
    own: impl Iterator<Item = &'a Vec<QueueNumbers>> + Clone,
) -> BTreeMap<String, QueueResult> {
    let specs = model.messages.queues.iter().zip(pools).enumerate();
    let result = |(index, (spec, pool)): (usize, (&crate::model::program::QueueSpec, &QueuePool))| {
        let own = own.clone().map(move |queues| &queues[index]);
        let outbox = model.messages.topics[spec.topic as usize].outbox.is_some();
        (spec.name.clone(), queue_result(model, pool, own, outbox))
    };
    specs.map(result).collect()
}

fn queue_result<'a>(
    model: &Model,
    pool: &QueuePool,
    own: impl Iterator<Item = &'a QueueNumbers> + Clone,
    outbox: bool,
) -> QueueResult {
    let ticks = model.ticks_per_second;
    let p99 =
        |pooled: &Histogram, value: fn(&QueueNumbers) -> f64| quantile(pooled, 0.99, own.clone().map(value), ticks);
    let publish_delay = Times {
        mean: mean(own.clone().map(|own| own.publish_delay.mean)),
        p99: Some(p99(&pool.publish_delay, |own| own.publish_delay.p99)),
        ..Times::default()
    };
    let counts = &pool.counts;
    QueueResult {
        depth: mean(own.clone().map(|own| own.depth)),
        depth_max: counts.deepest,
        lag: mean(own.clone().map(|own| own.lag.mean)),
        lag_p99: p99(&pool.lag, |own| own.lag.p99),
        lag_max: pool.lag.max().map(|max| model.seconds(max as f64)),
        publish_delay: outbox.then_some(publish_delay),
        published: counts.published,
        republished: counts.republished,
        delivered: counts.delivered,
        redelivered: counts.redelivered,
        effects: counts.effects,
        duplicates: counts.duplicates,
        suppressed: counts.suppressed,
        acknowledged: counts.acknowledged,
        dead_lettered: counts.dead_lettered,
        lost: counts.lost,
        at_start: counts.at_start,
        at_end: counts.live,
    }
}

/// The mean number of messages, or requests, that left together; none where they leave one by one.
pub(super) fn batch_size(sizes: impl Iterator<Item = f64>) -> Option<Estimate> {
    let size = mean(sizes);
    size.value.map(|_| size)
}
