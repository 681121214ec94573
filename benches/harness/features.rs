//! What a feature costs that seldom has anything to do: scenarios with it against the same without it.

use super::Goal;
use super::clock::{medians, timed};
use super::simulation::{Way, compile, cost, run};

/// Customers of a round.
const CUSTOMERS: f64 = 200_000.0;

/// Stations of some servers each at 80 % load, whose callers choose at random, and a workload with some more keys.
fn stations(replicas: u32, servers: u32, more: &str) -> String {
    let rate = 0.8 * f64::from(replicas * servers);
    format!(
        "[workload.customers]\nto = \"desk\"\narrivals = {{ poisson = \"{rate}/s\" }}\n{more}\n\
         [station.desk]\nreplicas = {replicas}\nservers = {servers}\nbalance = \"random\"\n\
         service-time = {{ exponential = \"1s\" }}\n\
         [run]\nwarm-up = \"0s\"\nduration = \"{}s\"\n",
        CUSTOMERS / rate
    )
}

/// How much longer a customer takes with it, in per cent. Without it the general path is taken too.
fn slower(rounds: u64, replicas: u32, servers: u32, more: &str) -> f64 {
    let [with, without] = [more, ""].map(|more| compile(&stations(replicas, servers, more)));
    let way = Way::General;
    let sides: [&mut dyn FnMut(u64) -> f64; 2] =
        [&mut |round| cost(&with, round, way), &mut |round| cost(&without, round, way)];
    let [with, without] = medians(rounds, sides);
    (with / without - 1.0) * 100.0
}

/// Hardly anybody waits for 100 services.
pub(super) fn timeouts(rounds: u64) -> Vec<Goal> {
    let goal = |servers: u32| {
        let measured = slower(rounds, 1, servers, "timeout = \"100s\"");
        Goal::at_most(format!("a timeout on every request is slower, M/M/{servers}"), 5.0, "%", measured)
    };
    vec![goal(1), goal(16)]
}

pub(super) fn attempts(rounds: u64) -> Vec<Goal> {
    let measured = slower(rounds, 1, 1, "retry = { attempts = 3 }");
    vec![Goal::at_most("three attempts are slower, M/M/1", 15.0, "%", measured)]
}

/// The response time has mean 5 s: one in twenty takes longer than 15 s.
pub(super) fn hedge(rounds: u64) -> Vec<Goal> {
    let measured = slower(rounds, 10, 1, "hedge = { after = \"15s\", losers = \"cancel\" }");
    vec![Goal::at_most("a hedge is slower, for one request in twenty or less", 40.0, "%", measured)]
}

/// The same customers come, but without statistics nobody counts them.
pub(super) fn statistics(rounds: u64) -> Vec<Goal> {
    let goal = |servers: u32| {
        let model = compile(&stations(1, servers, ""));
        let time = |round, way| timed(|| run(&model, round, way)).0;
        let [on, off] =
            medians(rounds, [&mut |round| time(round, Way::Usual), &mut |round| time(round, Way::Unrecorded)]);
        Goal::at_most(format!("statistics on to off, M/M/{servers}"), 1.3, "×", on / off)
    };
    vec![goal(1), goal(16)]
}
