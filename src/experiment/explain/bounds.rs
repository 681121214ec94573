//! What no run can exceed, and what saturates first.

use super::network::Network;
use super::plan::{BalancedJob, Bottleneck, Bounds, Highest, Source};
use crate::laws::bounds as laws;

/// Bounds on a class while the others are as they are.
pub(super) fn of(network: &Network<'_>, class: usize, product_form: bool) -> Bounds {
    let duration = network.classes[class].traffic.duration;
    let limit = saturation(network, class);
    match network.classes[class].source {
        Source::Open { .. } | Source::Replayed { .. } => {
            Bounds { throughput_high: limit, response_low_s: duration, ..Bounds::default() }
        }
        Source::Closed { users, think_time } => {
            let alone = network.classes.len() == 1;
            let bounds = closed(f64::from(users), think_time, duration, limit);
            match alone && product_form {
                true => with_product_form(network, users, think_time, bounds),
                false => bounds,
            }
        }
    }
}

/// X ≤ min(N / (D + Z), limit), and R ≥ N / X − Z. D is the time without waiting, which is less than the sum of all
/// service where some of it is done at once.
fn closed(users: f64, think_time: f64, duration: f64, limit: Option<f64>) -> Bounds {
    let by_users = users / (duration + think_time);
    let high = by_users.min(limit.unwrap_or(f64::INFINITY));
    let knee = limit.map(|limit| (duration + think_time) * limit);
    let finite = |value: f64| value.is_finite().then_some(value);
    Bounds {
        throughput_high: finite(high),
        response_low_s: if high.is_finite() { (users / high - think_time).max(duration) } else { duration },
        knee_users: knee,
        ..Bounds::default()
    }
}

/// The other side of the bounds, and the narrower ones, which need to know that whoever waits does so for a service.
fn with_product_form(network: &Network<'_>, users: u32, think_time: f64, bounds: Bounds) -> Bounds {
    let delays = network.groups().filter(|&group| network.capacity(group).is_none());
    let apart: f64 = network.delay(0) + delays.map(|group| network.demand(0, group)).sum::<f64>();
    let mut demands = Vec::new();
    for group in network.groups().filter(|&group| network.capacity(group).is_some()) {
        let demand = network.demand(0, group);
        demands.extend(network.shares(0, group).iter().map(|share| share * demand).filter(|demand| *demand > 0.0));
    }
    if demands.is_empty() || users == 0 {
        return bounds;
    }
    let rest = think_time + apart;
    let wide = laws::asymptotic(&demands, rest, users);
    let single = network.groups().all(|group| {
        network.demand(0, group) == 0.0 || network.group(group).servers.is_none_or(|servers| servers == 1)
    });
    let narrow = single.then(|| laws::balanced_job(&demands, rest, users));
    Bounds {
        throughput_low: Some(wide.throughput_low),
        response_high_s: Some(wide.response_high + apart),
        balanced_job: narrow.map(|narrow| BalancedJob {
            throughput_low: narrow.throughput_low,
            throughput_high: narrow.throughput_high,
            response_low_s: narrow.response_low + apart,
            response_high_s: narrow.response_high + apart,
        }),
        ..bounds
    }
}

/// The rate of a class at which the first station saturates, while the open ones among the others are as they are.
fn saturation(network: &Network<'_>, class: usize) -> Option<f64> {
    let others: Vec<f64> =
        open_rates(network).enumerate().map(|(at, rate)| if at == class { 0.0 } else { rate }).collect();
    let limits = (0..network.model.groups.len()).filter_map(|group| {
        let capacity = network.capacity(group).filter(|_| !network.group(group).room)?;
        let demand = network.demand(class, group);
        let left = network.work(group, &others).into_iter().zip(network.shares(class, group));
        let rates =
            left.filter(|(_, share)| **share > 0.0).map(|(work, share)| (capacity - work).max(0.0) / (demand * share));
        rates.filter(|rate| rate.is_finite()).reduce(f64::min)
    });
    limits.reduce(f64::min)
}

/// Requests per second that come whatever the system does; 0 of users.
fn open_rates<'a>(network: &'a Network<'_>) -> impl Iterator<Item = f64> + 'a {
    network.classes.iter().map(|class| match class.source {
        Source::Open { rate } | Source::Replayed { rate } => rate,
        Source::Closed { .. } => 0.0,
    })
}

/// The group that saturates first at rates in these proportions, then the one that does so if the first has no limit,
/// and so on. What is merely held is so because of something else: it comes after what serves with the same load.
pub(super) fn ranking(network: &Network<'_>, rates: &[f64]) -> Vec<Bottleneck> {
    let mut ranking: Vec<(bool, Bottleneck)> = Vec::new();
    for group in 0..network.model.groups.len() {
        let Some(capacity) = network.capacity(group).filter(|_| !network.group(group).room) else { continue };
        let work = network.work(group, rates);
        let Some(most) = (0..work.len()).reduce(|a, b| if work[b] > work[a] { b } else { a }) else { continue };
        let load = work[most] / capacity;
        if load <= 0.0 {
            continue;
        }
        let name = |class: &super::network::Class<'_>| class.workload.name.clone();
        let throughput = network.classes.iter().map(name).zip(rates.iter().map(|rate| rate / load)).collect();
        let station = network.name(group, &work, most);
        ranking.push((!network.serves(group), Bottleneck { station, load, factor: 1.0 / load, throughput }));
    }
    // Rounding decides nothing.
    let rank = |load: f64| (load * 1e12).round();
    ranking.sort_by(|(held_a, a), (held_b, b)| rank(b.load).total_cmp(&rank(a.load)).then(held_a.cmp(held_b)));
    ranking.into_iter().map(|(_, bottleneck)| bottleneck).collect()
}

/// How far the load from outside may grow. Users wait for their answers: their load has no limit of its own.
pub(super) fn highest(network: &Network<'_>, first: Option<&Bottleneck>) -> Option<Highest> {
    let rates: Vec<f64> = open_rates(network).collect();
    if rates.iter().all(|rate| *rate == 0.0) {
        return None;
    }
    let closed = network.classes.iter().any(|class| matches!(class.source, Source::Closed { .. }));
    let factor = match closed {
        true => ranking(network, &rates).first()?.factor,
        false => first?.factor,
    };
    let open = network.classes.iter().zip(&rates).filter(|(_, rate)| **rate > 0.0);
    let rates = open.map(|(class, rate)| (class.workload.name.clone(), factor * rate)).collect();
    Some(Highest { factor, rates })
}
