//! Which workloads are shown where there is no room for all of them.

use std::cmp::Ordering;

use crate::experiment::results::{Results, WorkloadResult};
use crate::model::{Condition, Metric};

/// As many as there are colours that tell them apart.
pub(crate) const MOST: usize = 6;

/// All workloads, those first of which there is most to say: of which an objective fails, or which do not recover; the
/// slowest one, which verdicts name; those that objectives are about; then the most errors, then the slowest.
pub(crate) fn ranked(results: &Results) -> Vec<&str> {
    let mut all: Vec<(&str, [f64; 5])> =
        results.workloads.iter().map(|(name, own)| (name.as_str(), weight(results, name, own))).collect();
    let descending = |a: &[f64; 5], b: &[f64; 5]| {
        let pairs = a.iter().zip(b).map(|(a, b)| b.total_cmp(a));
        pairs.fold(Ordering::Equal, Ordering::then)
    };
    all.sort_by(|a, b| descending(&a.1, &b.1));
    all.into_iter().map(|(name, _)| name).collect()
}

/// The first of them in the order of their names, which gives each its colour.
pub(crate) fn chosen(results: &Results) -> Vec<&str> {
    let mut first = ranked(results);
    first.truncate(MOST);
    first.sort_unstable();
    first
}

/// How many of how many, if not all: ` (6 of 14 workloads)`.
pub(crate) fn of(shown: usize, all: usize, what: &str) -> String {
    if shown < all { format!(" ({shown} of {all} {what})") } else { String::new() }
}

fn weight(results: &Results, name: &str, own: &WorkloadResult) -> [f64; 5] {
    let about = || results.objectives.iter().filter(|objective| is_about(&objective.require, name));
    let fails = about().any(|objective| objective.met == Some(false));
    let stuck = results.recovery.iter().any(|one| one.workload == name && one.recovered == Some(false));
    let mean = |own: &WorkloadResult| own.latency.mean.value.unwrap_or(0.0);
    let slowest = results.workloads.values().all(|other| mean(other) <= mean(own));
    let flag = |is: bool| f64::from(u8::from(is));
    [
        flag(fails || stuck),
        flag(slowest),
        flag(about().next().is_some()),
        own.error_rate.value.unwrap_or(0.0),
        mean(own),
    ]
}

fn is_about(require: &str, workload: &str) -> bool {
    let condition = Condition::parse(require).ok();
    condition.is_some_and(|condition| match condition.metric {
        Metric::Latency(name, _) | Metric::ErrorRate(name) | Metric::Throughput(name) | Metric::InFlight(name) => {
            name == workload
        }
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::results::{Estimate, ObjectiveResult};
    use crate::report::fixture;

    #[test]
    fn those_of_which_there_is_most_to_say_are_chosen() {
        let mut run = fixture::run();
        let own = run.workloads["customers"].clone();
        let with = |mean: f64, errors: f64| {
            let mut own = own.clone();
            own.latency.mean = Estimate { value: Some(mean), ci95: None };
            own.error_rate = Estimate { value: Some(errors), ci95: None };
            own
        };
        run.workloads = (0..14).map(|index| (format!("w-{index:02}"), with(1.0 + f64::from(index), 0.0))).collect();
        run.workloads.insert("w-03".into(), with(1.0, 0.5));
        let objective = |name: &str, met: Option<bool>| ObjectiveResult {
            name: String::new(),
            require: format!("{name}.latency.p99 < 1s"),
            value: None,
            met,
        };
        run.objectives = vec![objective("w-00", Some(true)), objective("w-01", Some(false))];
        assert_eq!(ranked(&run)[..6], ["w-01", "w-13", "w-00", "w-03", "w-12", "w-11"]);
        assert_eq!(chosen(&run), ["w-00", "w-01", "w-03", "w-11", "w-12", "w-13"]);
        assert_eq!((of(6, 14, "workloads").as_str(), of(6, 6, "workloads").as_str()), (" (6 of 14 workloads)", ""));
    }
}
