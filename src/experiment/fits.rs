//! Laws of scaling fitted to a sweep over a size, and the station that is their serial part.

use super::law::{doubts, of_one};
use super::results::{AmdahlFit, Fits, SerialPart, StationResult, SweepPoint, UslFit};
use crate::laws::usl_fit::{Form, fit};

/// Last words of paths that say how much there is of something.
const SIZES: [&str; 6] = ["replicas", "cores", "servers", "threads", "users", "size"];

/// Utilization per throughput that falls slower than this power of the size does not shrink with it: half way, in
/// logarithms, between a station that nothing is added to and one that is added to in proportion.
const SLOPE: f64 = -0.5;

/// The universal scalability law and Amdahl's, fitted to the throughput over the sizes, and the serial part; empty where
/// the axis is no size, and without laws where throughput does not depend on it.
pub(super) fn fits(path: &str, points: &[SweepPoint]) -> Fits {
    let is_size = path.rsplit('.').next().is_some_and(|last| SIZES.contains(&last));
    if !is_size || points.iter().any(|point| point.at.first().is_none_or(|size| *size < 1.0)) {
        return Fits::default();
    }
    if let Some(reason) = offered(points) {
        return Fits { warnings: vec![reason], ..Fits::default() };
    }
    let measured: Vec<(f64, f64)> = points.iter().map(|point| (point.at[0], throughput(point))).collect();
    let (usl, amdahl) = (fit(&measured, Form::Usl), fit(&measured, Form::Amdahl));
    let one = of_one(&measured).or(amdahl.map(|fit| fit.law.lambda));
    let doubts = [("USL", &usl), ("Amdahl", &amdahl)].into_iter().flat_map(|(law, fit)| {
        let doubts = fit.iter().flat_map(|fit| doubts(&measured, fit));
        doubts.map(move |doubt| format!("{law}: {doubt}")).collect::<Vec<_>>()
    });
    Fits {
        usl: usl.as_ref().map(UslFit::from),
        amdahl: amdahl.as_ref().map(AmdahlFit::from),
        serial: serial(points).map(|part| SerialPart { share: one.map(|one| one / part.limit), ..part }),
        warnings: doubts.collect(),
    }
}

/// Successes per second of all workloads.
fn throughput(point: &SweepPoint) -> f64 {
    point.result.workloads.values().filter_map(|workload| workload.throughput.value).sum()
}

/// Why nothing can be fitted: where the arrivals decide the throughput, it does not depend on the size.
fn offered(points: &[SweepPoint]) -> Option<String> {
    let (least, most) = points.iter().map(throughput).fold((f64::MAX, 0.0_f64), |(l, m), x| (l.min(x), m.max(x)));
    let busiest = last(points)?.result.bottleneck.as_ref()?;
    let says = "throughput is what is offered at every size, so no law of scaling can be fitted to it: raise the load";
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::{Control, Options, Store, sweep};
    use crate::scenario::{Source, SweepAxis};
    use std::sync::atomic::AtomicBool;

    fn swept(text: &str, axis: &str) -> Fits {
        let source = Source { name: "it.toml".into(), text: text.into(), overrides: Vec::new() };
        let control = Control { progress: &|_| (), cancelled: &AtomicBool::new(false) };
        let axes = [SweepAxis::from_flag(axis).unwrap()];
        let found = sweep(&source, &axes, &|path| Err(path.into()), &Options::default(), &control, Store::NOTHING);
        found.unwrap_or_else(|diagnostics| panic!("{}", diagnostics.render(false))).fits
    }

    const RUN: &str = "[run]\nduration = \"20s\"\nwarm-up = \"2s\"\nreplications = 3\n";

    /// A tenth of the work is done under a lock that all replicas share.
    #[test]
    fn the_lock_that_all_replicas_share_is_the_serial_part() {
        let text = "[workload.workers]\nto = \"app\"\nusers = 40\n[service.app]\nreplicas = 1\nthreads = 1\nsteps = [\n\
            { wait = { exponential = \"9ms\" } },\n{ hold = { of = \"mutex\", steps = [{ wait = { exponential = \"1ms\" } }] } } ]\n\
            [lock.mutex]\nby = \"all\"\n";
        let fits = swept(&(text.to_owned() + RUN), "service.app.replicas=1,2,4,8,16,32");
        let part = fits.serial.unwrap();
        assert_eq!(part.station, "mutex");
        assert!((part.limit / 1000.0 - 1.0).abs() < 0.03 && (part.share.unwrap() - 0.1).abs() < 0.005, "{part:?}");
        assert!(
            fits.usl.is_some() && !fits.warnings.iter().any(|warning| warning.contains("offered")),
            "{:?}",
            fits.warnings
        );
    }

    /// Each replica of the application adds a core; the database does not grow.
    #[test]
    fn the_database_behind_a_pool_is_named_and_not_the_pool() {
        let text = "[workload.users]\nto = \"app\"\nusers = 60\n[service.app]\nreplicas = 1\nthreads = 10\n\
            steps = [{ visit = \"core\" }, { hold = { of = \"connections\", steps = [{ visit = \"disk\" }] } }]\n\
            [station.core]\nservers = \"infinite\"\nservice-time = { exponential = \"20ms\" }\n\
            [station.disk]\nservice-time = { exponential = \"2ms\" }\n[pool.connections]\nsize = 8\n";
        let fits = swept(&(text.to_owned() + RUN), "service.app.replicas=1,2,3,4,6");
        let part = fits.serial.unwrap();
        assert!(part.station == "disk" && (part.limit / 500.0 - 1.0).abs() < 0.05, "{part:?}");
    }

    #[test]
    fn nothing_is_serial_where_all_of_it_grows() {
        let text = "[workload.users]\nto = \"app\"\nusers = 60\n[service.app]\nreplicas = 1\nthreads = 2\n\
            steps = [{ wait = { exponential = \"10ms\" } }]\n";
        let fits = swept(&(text.to_owned() + RUN), "service.app.replicas=1,2,4,8");
        assert!(fits.serial.is_none(), "{:?}", fits.serial);
        let serial = fits.amdahl.unwrap().serial;
        assert!(serial < 0.02, "{serial}");
    }

    #[test]
    fn what_is_offered_says_nothing_of_the_system() {
        let text = "[workload.users]\nto = \"desk\"\narrivals = { poisson = \"20/s\" }\n[station.desk]\nservers = 1\n\
            service-time = { exponential = \"10ms\" }\n";
        let fits = swept(&(text.to_owned() + RUN), "station.desk.servers=1,2,4");
        let [reason] = &fits.warnings[..] else { panic!("{:?}", fits.warnings) };
        assert!(reason.starts_with("throughput is what is offered at every size"), "{reason}");
        assert!(fits.usl.is_none() && fits.amdahl.is_none() && fits.serial.is_none(), "{fits:?}");
    }

    #[test]
    fn no_size_no_fit() {
        let text = "[workload.users]\nto = \"desk\"\narrivals = { poisson = \"20/s\" }\n[station.desk]\n\
            service-time = { exponential = \"10ms\" }\n";
        let fits = swept(&(text.to_owned() + RUN), "workload.users.arrivals.poisson=20/s,40/s,60/s");
        assert!(fits.usl.is_none() && fits.amdahl.is_none() && fits.serial.is_none());
    }
}
