//! The cheapest configuration that a search finds is the one that theory knows.

use knee::experiment::results::{OptimizeResults, Status, Stopped};
use knee::experiment::{self, Effort};
use knee::laws::erlang::mmc_response;
use knee::scenario::SweepAxis;

use super::*;

/// Machines whose price is their number of cores: each replica gets a random share of the arrivals, so it is M/M/c.
fn shop(rate: f64, service: f64, limit: f64) -> String {
    let duration = 30_000.0 / rate;
    format!(
        "[workload.w]\nto = \"app\"\narrivals = {{ poisson = \"{rate}/s\" }}\n\
         [machine.node]\ncores = 1\nprice = 1\n\
         [service.app]\nmachine = \"node\"\nreplicas = 1\nbalance = \"random\"\n\
         steps = [{{ cpu = {{ exponential = \"{service}s\" }} }}]\n\
         [[objective]]\nname = \"quick\"\nrequire = \"w.latency.mean < {limit}s\"\n\
         [run]\nwarm-up = \"{}s\"\nduration = \"{duration}s\"\nreplications = 10\n",
        duration / 20.0
    )
}

const OVER: [&str; 2] = ["service.app.replicas=1..5:5", "machine.node.cores,machine.node.price=1,2,4"];

fn search(text: &str, over: &[&str], effort: &Effort) -> OptimizeResults {
    let axes: Vec<SweepAxis> = over.iter().map(|flag| SweepAxis::from_flag(flag).unwrap()).collect();
    let found = experiment::optimize(&source(text), &axes, &no_file, effort, &options(), &control());
    found.unwrap_or_else(|diagnostics| panic!("{}", diagnostics.render(false)))
}

fn effort() -> Effort {
    Effort { confidence: 0.99, replications: 40, most: None, frontier: false }
}

#[test]
fn the_cheapest_is_that_of_brute_force_by_erlang_c() {
    let cases = [(10.0, 0.1, 0.3), (10.0, 0.1, 0.13), (25.0, 0.1, 0.2), (25.0, 0.1, 0.115), (400.0, 0.005, 0.009)];
    cases.into_iter().for_each(assert_cheapest);
}

#[test]
fn so_it_is_at_other_loads() {
    let cases = [(400.0, 0.005, 0.02), (3.0, 1.0, 1.3), (3.0, 1.0, 2.5), (55.0, 0.1, 0.17), (0.2, 10.0, 25.0)];
    cases.into_iter().for_each(assert_cheapest);
}

fn assert_cheapest((rate, service, limit): (f64, f64, f64)) {
    let found = search(&shop(rate, service, limit), &OVER, &effort());
    let all = (1..=5).flat_map(|replicas| [1, 2, 4].map(|cores| (replicas, cores)));
    let time = |(replicas, cores): (u32, u32)| mmc_response(rate / f64::from(replicas), service, cores);
    let cost = |(replicas, cores): (u32, u32)| f64::from(replicas * cores);
    let exact = all.clone().filter(|&one| time(one) < limit).map(cost).fold(f64::INFINITY, f64::min);
    let best = found.cheapest.as_ref().unwrap_or_else(|| panic!("{rate} {service} {limit}: nothing"));
    assert_eq!(best.cost.value, Some(exact), "{rate} {service} {limit}");
    let simulated = found.configurations.iter().filter(|one| one.replications > 0).count();
    let (over, counts) = (all.filter(|&one| time(one).is_infinite()).count(), found.counts);
    assert_eq!((counts.configurations, counts.overloaded, counts.simulated), (15, over, simulated));
    assert_eq!(counts.overloaded + counts.dearer + counts.simulated, 15);
}

#[test]
fn where_nothing_holds_the_closest_is_named() {
    let found = search(&shop(10.0, 0.1, 0.05), &OVER, &effort());
    assert!(found.cheapest.is_none());
    assert_eq!((found.ended_by, found.counts.hold), (Stopped::Exhausted, 0));
    let closest = found.closest.expect("one that was simulated");
    assert_eq!(closest.misses[0].met, Some(false));
    let least = found.configurations.iter().filter_map(|one| one.latency.value).fold(f64::INFINITY, f64::min);
    let there = found.configurations.iter().find(|one| one.at == closest.at).unwrap();
    assert_eq!(there.latency.value, Some(least));
}

#[test]
fn what_cannot_be_told_is_never_chosen() {
    // What two cores really take, to the last digit.
    let limit = mmc_response(10.0, 0.1, 2);
    let over = ["machine.node.cores,machine.node.price=2,3"];
    let found = search(&shop(10.0, 0.1, limit), &over, &Effort { replications: 10, ..effort() });
    assert_eq!(found.configurations[0].status, Status::Undecided);
    assert_eq!(found.cheapest.map(|best| best.at), Some(vec![3.0]));
    assert_eq!(found.counts.undecided, 1);
}

#[test]
fn a_budget_ends_the_search_and_the_frontier_goes_on() {
    let text = shop(10.0, 0.1, 0.13);
    let found = search(&text, &OVER, &Effort { most: Some(1), ..effort() });
    assert_eq!((found.ended_by, found.counts.simulated), (Stopped::Budget, 1));
    assert!(found.cheapest.is_none() && found.counts.untried > 0);
    let found = search(&text, &OVER, &Effort { frontier: true, ..effort() });
    assert_eq!((found.ended_by, found.counts.dearer), (Stopped::Exhausted, 0));
    let frontier: Vec<(f64, f64)> = found
        .configurations
        .iter()
        .filter(|one| one.frontier)
        .map(|one| (one.cost.value.unwrap(), one.latency.value.unwrap()))
        .collect();
    assert!(frontier.len() > 1 && frontier.windows(2).all(|pair| pair[0].0 < pair[1].0 && pair[0].1 > pair[1].1));
}

#[test]
fn what_has_no_price_cannot_be_the_cheapest() {
    let text = shop(10.0, 0.1, 0.3).replace("price = 1\n", "");
    let axes = [SweepAxis::from_flag("service.app.replicas=2,3").unwrap()];
    let refused = experiment::optimize(&source(&text), &axes, &no_file, &effort(), &options(), &control());
    assert!(refused.err().unwrap().render(false).contains("no configuration costs anything"));
}

/// The cheapest is overloaded, which is known without a run: that is not all that there is to know.
#[test]
fn who_is_stopped_before_all_configurations_are_built_has_not_looked_at_all() {
    let axes = [SweepAxis::from_flag("service.app.replicas=1..5:5").unwrap()];
    let control = Control { progress: &|_| (), cancelled: &AtomicBool::new(true) };
    let text = shop(25.0, 0.1, 0.2);
    let found = experiment::optimize(&source(&text), &axes, &no_file, &effort(), &options(), &control).ok().unwrap();
    assert_eq!((found.configurations.len(), found.ended_by, found.partial), (1, Stopped::Interrupted, true));
}
