//! How cost grows with what there is: stations, pending events, threads.

use std::sync::atomic::AtomicBool;

use knee::experiment::{self, Control, Options};

use super::Goal;
use super::clock::{elapsed, medians, timed};
use super::simulation::{Way, compile, run};
use crate::hand::{Mm1, Model as _};

/// Few and many.
const SIZES: [u32; 2] = [1_000, 1_000_000];
/// Customers of a short run; a long one has three times as many.
const CUSTOMERS: f64 = 400_000.0;

/// Ten replications on one thread and on two.
pub(super) fn threads(rounds: u64) -> Vec<Goal> {
    // As many as a run has that says nothing of its duration.
    let model = compile(&Mm1 { load: 0.8, customers: 1_000_000 }.scenario());
    let control = Control { progress: &|_| {}, cancelled: &AtomicBool::new(false) };
    let time = |threads: usize| {
        let options = Options { threads: Some(threads), ..Options::default() };
        elapsed(|| experiment::run(&model, &options, &control)).0
    };
    let [one, two] = medians(rounds, [&mut |_| time(1), &mut |_| time(2)]);
    vec![Goal::at_least("two threads to one, independent replications", 1.85, "×", one / two)]
}

/// Stations at 80 % load, chosen at random. A component has 100,000 replicas at most, so there are ten components.
pub(super) fn stations(rounds: u64) -> Vec<Goal> {
    let names: Vec<String> = (0..10).map(|index| format!("desk{index}")).collect();
    let component = |name: &String, replicas: u32| {
        format!("[station.{name}]\nreplicas = {replicas}\nservice-time = {{ exponential = \"1s\" }}\n")
    };
    let text = |stations: u32, customers: f64| {
        let rate = 0.8 * f64::from(stations);
        let components: String = names.iter().map(|name| component(name, stations / 10)).collect();
        format!(
            "[workload.customers]\nto = \"edge\"\narrivals = {{ poisson = \"{rate}/s\" }}\n\
             [balancer.edge]\nto = {names:?}\npolicy = \"random\"\n{components}\
             [run]\nwarm-up = \"0s\"\nduration = \"{}s\"\n",
            customers / rate
        )
    };
    vec![Goal::at_most("a customer among 10⁶ stations to 10³", 4.0, "×", growth(rounds, text))]
}

/// Services of 1 s under way.
pub(super) fn events(rounds: u64) -> Vec<Goal> {
    let text = |pending: u32, customers: f64| {
        format!(
            "[workload.customers]\nto = \"desk\"\narrivals = {{ poisson = \"{pending}/s\" }}\n\
             [station.desk]\nservers = \"infinite\"\ninitial = {pending}\nservice-time = {{ exponential = \"1s\" }}\n\
             [run]\nwarm-up = \"0s\"\nduration = \"{}s\"\n",
            customers / f64::from(pending)
        )
    };
    vec![Goal::at_most("a customer among 10⁶ pending events to 10³", 4.0, "×", growth(rounds, text))]
}

/// How often a customer among many takes the time of one among few. What is done once, before anyone comes, is in
/// the short run and in the long one, and so not in their difference.
fn growth(rounds: u64, text: impl Fn(u32, f64) -> String) -> f64 {
    let [few, many] = SIZES.map(|size| [1.0, 3.0].map(|times| compile(&text(size, times * CUSTOMERS))));
    let time = |models: &[_; 2], round| {
        let [short, long] = [0, 1].map(|run_| timed(|| run(&models[run_], round, Way::Unmarked)).0);
        long - short
    };
    let [few, many] = medians(rounds, [&mut |round| time(&few, round), &mut |round| time(&many, round)]);
    many / few
}
