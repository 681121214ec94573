//! Laws of scaling fitted to a sweep over a size, and the station that is their serial part.

use super::results::{AmdahlFit, Fits, SerialPart, StationResult, SweepPoint, UslFit};
use crate::laws::usl_fit::{Form, fit};

/// Last words of paths that say how much there is of something.
const SIZES: [&str; 6] = ["replicas", "cores", "servers", "threads", "users", "size"];

/// Utilization per throughput that falls slower than this power of the size does not shrink with it: half way, in
/// logarithms, between a station that nothing is added to and one that is added to in proportion.
const SLOPE: f64 = -0.5;

/// The universal scalability law and Amdahl's, fitted to the throughput over the sizes, and the serial part; empty where
/// the axis is no size.
pub(super) fn fits(path: &str, points: &[SweepPoint]) -> Fits {
    let is_size = path.rsplit('.').next().is_some_and(|last| SIZES.contains(&last));
    if !is_size || points.iter().any(|point| point.at.first().is_none_or(|size| *size < 1.0)) {
        return Fits::default();
    }
    let measured: Vec<(f64, f64)> = points.iter().map(|point| (point.at[0], throughput(point))).collect();
    let amdahl = fit(&measured, Form::Amdahl);
    let lambda = amdahl.map(|fit| fit.law.lambda);
    Fits {
        usl: fit(&measured, Form::Usl).as_ref().map(UslFit::from),
        amdahl: amdahl.as_ref().map(AmdahlFit::from),
        serial: serial(points).map(|part| SerialPart { share: lambda.map(|lambda| lambda / part.limit), ..part }),
        warnings: offered(points).into_iter().collect(),
    }
}

/// Successes per second of all workloads.
fn throughput(point: &SweepPoint) -> f64 {
    point.result.workloads.values().filter_map(|workload| workload.throughput.value).sum()
}

/// Warns where the arrivals decide the throughput.
fn offered(points: &[SweepPoint]) -> Option<String> {
    let (least, most) = points.iter().map(throughput).fold((f64::MAX, 0.0_f64), |(l, m), x| (l.min(x), m.max(x)));
    let busiest = last(points)?.result.bottleneck.as_ref()?;
    let says = "throughput is what is offered at every size, so the fits say nothing about the system: raise the load";
    (most < 1.05 * least && busiest.utilization < 0.9).then(|| says.to_owned())
}

/// The point of the greatest size.
fn last(points: &[SweepPoint]) -> Option<&SweepPoint> {
    points.iter().max_by(|a, b| a.at[0].total_cmp(&b.at[0]))
}

/// The station that limits as the size goes to infinity: of those whose demand does not shrink, the one that was busiest at
/// the greatest size. By the utilization law (Denning and Buzen 1978) U = X D / c, so U / X is the demand on each of its
/// servers, and X / U what it lets through. What is held is busy because of what its holders do, so the bottleneck of that
/// point, which knows what is held, is preferred to a station that is hardly busier.
fn serial(points: &[SweepPoint]) -> Option<SerialPart> {
    let last = last(points)?;
    let whole = throughput(last);
    let lasting = last.result.stations.0.iter().filter(|(name, station)| lasts(points, name, station));
    let parts = lasting.filter_map(|(name, station)| Some((name, station.utilization.value?)));
    let parts: Vec<(&String, f64)> = parts.collect();
    let busiest = parts.iter().copied().max_by(|a, b| a.1.total_cmp(&b.1))?;
    let named = last.result.bottleneck.as_ref().map(|bottleneck| &bottleneck.station);
    let preferred = parts.iter().copied().find(|(name, busy)| Some(*name) == named && *busy >= 0.9 * busiest.1);
    let (name, utilization) = preferred.unwrap_or(busiest);
    let part = SerialPart { station: name.clone(), limit: whole / utilization, utilization, share: None };
    (utilization > 0.0 && whole > 0.0).then_some(part)
}

/// Whether a station has no more servers, and no less to do for each request, as the size grows.
fn lasts(points: &[SweepPoint], name: &str, at_last: &StationResult) -> bool {
    let Some(servers) = at_last.servers else { return false };
    let seen = points.iter().filter_map(|point| Some((point, point.result.stations.get(name)?)));
    let seen: Vec<(&SweepPoint, &StationResult)> = seen.collect();
    let has_grown = seen.iter().any(|(_, station)| station.servers.is_some_and(|earlier| earlier < servers));
    let demand = |(point, station): &(&SweepPoint, &StationResult)| {
        let demand = station.utilization.value? / throughput(point);
        (demand > 0.0 && demand.is_finite()).then(|| (libm::log(point.at[0]), libm::log(demand)))
    };
    let places: Vec<(f64, f64)> = seen.iter().filter_map(demand).collect();
    !has_grown && slope(&places).is_some_and(|slope| slope > SLOPE)
}

/// Of the straight line by least squares; none where all points lie above each other.
fn slope(points: &[(f64, f64)]) -> Option<f64> {
    let count = points.len() as f64;
    let (x, y) = points.iter().fold((0.0, 0.0), |(x, y), point| (x + point.0 / count, y + point.1 / count));
    let squares: f64 = points.iter().map(|point| (point.0 - x) * (point.0 - x)).sum();
    let products: f64 = points.iter().map(|point| (point.0 - x) * (point.1 - y)).sum();
    (squares > 0.0).then(|| products / squares)
}
