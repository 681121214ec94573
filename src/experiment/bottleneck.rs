//! Which station limits what the system can do, by what was measured.

use super::estimate::mean;
use super::numbers::ReplicaNumbers;
use super::results::{Bottleneck, Estimate};
use super::summary::Summary;
use crate::model::{Group, Model};

/// A replica that is busier than its group by this factor is named instead of the group.
const STANDS_OUT: f64 = 1.1;

/// And by so many standard errors of a count, so that a replica is not named by chance in a short run.
const BY_CHANCE: f64 = 4.0;

/// Replicas that were there for shares of the time that differ by more than this are not compared.
const AS_LONG: f64 = 0.05;

/// A candidate: its name, and its utilization.
type Limit = (String, f64);

impl Summary {
    /// The busiest station: a group of replicas, or the one of them that is clearly busier than the others. What is held
    /// is busy because of what its holders do: it counts only where no server that works is about as busy.
    pub(super) fn bottleneck(&self, model: &Model) -> Option<Bottleneck> {
        let busiest = |held: bool| {
            let groups = model.groups.iter().enumerate().filter(|(_, group)| group.held == held);
            let known = groups.filter_map(|(index, group)| self.limit(index, group));
            known.fold(None, |best: Option<Limit>, new| match best {
                Some(best) if best.1 >= new.1 => Some(best),
                _ => Some(new),
            })
        };
        let chosen = match (busiest(false), busiest(true)) {
            (Some(works), Some(held)) if held.1 > 0.0 && works.1 < 0.9 * held.1 => Some(held),
            (Some(works), _) => Some(works),
            (None, held) => held,
        };
        chosen.map(|(station, utilization)| Bottleneck { station, utilization })
    }

    /// How busy a group is, or its hottest replica where that stands out; none without a limit.
    fn limit(&self, index: usize, group: &Group) -> Option<Limit> {
        group.servers?;
        let together = mean(self.finished().map(|numbers| numbers.groups[index].utilization)).value?;
        let hottest = self.hottest(index).filter(|(replica, busy)| self.stands_out(index, *replica, busy, together));
        let named = hottest.and_then(|(replica, busy)| Some((group.replica_name(replica as u32), busy.value?)));
        Some(named.unwrap_or_else(|| (group.name(), together)))
    }

    /// The busiest of the replicas that are reported, if all of those were there for as long.
    fn hottest(&self, index: usize) -> Option<(usize, Estimate)> {
        let count = self.finished().next()?.replicas[index].len();
        let of = |replica: usize, value: fn(&ReplicaNumbers) -> f64| {
            mean(self.finished().map(move |numbers| value(&numbers.replicas[index][replica])))
        };
        let away = (0..count).filter_map(|replica| of(replica, |own| own.away).value);
        let (least, most) = away.fold((f64::MAX, f64::MIN), |(least, most), away| (least.min(away), most.max(away)));
        let busy = (0..count).map(|replica| (replica, of(replica, |own| own.utilization)));
        let hottest =
            busy.max_by(|a, b| a.1.value.unwrap_or(0.0).total_cmp(&b.1.value.unwrap_or(0.0)).then(b.0.cmp(&a.0)));
        hottest.filter(|_| most - least <= AS_LONG)
    }

    /// Whether a replica is busier than its group by so much that it matters, and by more than chance.
    fn stands_out(&self, index: usize, replica: usize, busy: &Estimate, together: f64) -> bool {
        let served = self.finished().map(|numbers| numbers.replicas[index][replica].throughput * numbers.window);
        let by_chance = BY_CHANCE / libm::sqrt(served.sum::<f64>().max(1.0));
        let factor = busy.value.unwrap_or(0.0) / together;
        factor > STANDS_OUT.max(1.0 + by_chance) && busy.ci95.is_none_or(|[low, _]| low > together)
    }
}

#[cfg(test)]
mod tests {
    use crate::experiment::results::Bottleneck;
    use crate::experiment::{Control, Options, run};
    use crate::model;
    use crate::scenario::Source;
    use std::sync::atomic::AtomicBool;

    fn bottleneck(keys: &str, desk: &str) -> Bottleneck {
        let text = format!(
            "[workload.users]\nto = \"desk\"\narrivals = {{ poisson = \"240/s\" }}\n{keys}\n[station.desk]\nreplicas = 4\n\
             service-time = {{ exponential = \"10ms\" }}\n{desk}\n\
             [run]\nduration = \"40s\"\nwarm-up = \"5s\"\nreplications = 4\n"
        );
        let source = Source { name: "it.toml".into(), text, overrides: Vec::new() };
        let (model, diagnostics) = model::load(&source, &|path| Err(path.into()));
        let model = model.unwrap_or_else(|| panic!("{}", diagnostics.render(false)));
        let control = Control { progress: &|_| (), cancelled: &AtomicBool::new(false) };
        run(&model, &Options::default(), &control).bottleneck.unwrap()
    }

    #[test]
    fn a_hot_shard_is_named_and_not_the_mean_of_all() {
        let found = bottleneck("keys = { zipf = { count = 1000, exponent = 1.0 } }", "balance = \"modulo\"");
        assert_eq!(found.station, "desk[0]");
        assert!(found.utilization > 0.7, "{found:?}");
    }

    #[test]
    fn replicas_that_differ_by_chance_are_named_together() {
        for balance in ["random", "round-robin", "join-shortest-queue"] {
            let found = bottleneck("", &format!("balance = \"{balance}\""));
            assert_eq!(found.station, "desk", "{balance}");
            assert!((found.utilization - 0.6).abs() < 0.03, "{found:?}");
        }
    }

    /// The last replicas are there in the busiest times only: they are no limit of their own.
    #[test]
    fn replicas_that_were_there_for_a_time_are_not_compared() {
        let scaled = "balance = \"random\"\n[[event]]\nat = \"1s\"\nscale = { desk = 3 }\n";
        assert_eq!(bottleneck("", scaled).station, "desk");
    }
}
