use super::*;
use crate::model;
use crate::scenario::Source;

fn model_of(text: &str) -> Model {
    let source = Source { name: "it.toml".into(), text: text.into(), overrides: Vec::new() };
    let (model, diagnostics) = model::load(&source, &|_| Err("no files".into()));
    model.unwrap_or_else(|| panic!("{}", diagnostics.render(false)))
}

fn close(actual: f64, expected: f64) {
    assert!((actual / expected - 1.0).abs() < 1e-9, "{actual} instead of {expected}");
}

const SHOP: &str = r#"
[workload.shoppers]
to = "edge"
arrivals = { poisson = "100/s" }
[workload.robots]
to = "app"
arrivals = { poisson = "20/s" }
[balancer.edge]
to = ["app"]
[service.app]
replicas = 2
machine = "box"
balance = "random"
steps = [{ cpu = { exponential = "10ms" } }, { repeat = { times = 3, steps = [{ call = "db" }] } }]
[machine.box]
cores = 1
[station.db]
servers = 2
service-time = { exponential = "2ms" }
"#;

/// Traffic is followed from above, flows are summed from below.
#[test]
fn both_directions_find_the_same_visits() {
    let network = model_of(SHOP);
    let traffic = network.traffic();
    let group = |name: &str| network.groups.iter().position(|group| group.name() == name).expect("a group");
    let index = network.workloads.iter().position(|workload| workload.name == "shoppers").expect("shoppers");
    let shoppers = &traffic[index];
    close(shoppers.asks[group("db")].visits, 3.0);
    close(shoppers.asks[group("app.cpu")].service, 0.010);
    let component = |name: &str| network.components.iter().position(|(known, _)| known == name).expect("one") as u32;
    close(shoppers.links[&(None, component("edge"))], 1.0);
    close(shoppers.links[&(Some(component("edge")), component("app"))], 1.0);
    close(shoppers.links[&(Some(component("app")), component("db"))], 3.0);
    close(shoppers.duration, 0.016);
}

#[test]
fn an_open_network_is_solved_station_by_station() {
    let it = explain(&model_of(SHOP));
    assert!(it.solution.exact, "{:?}", it.solution);
    // Two M/M/1 queues with load 0.6, then M/M/2 with 360 visits a second.
    let db = crate::laws::erlang::mmc_response(360.0, 0.002, 2);
    close(it.workloads["robots"].exact.expect("exact").response_mean_s, 0.010 / 0.4 + 3.0 * db);
    let app = it.stations.get("app.cpu").and_then(|station| station.exact.clone()).expect("exact");
    close(app.in_system, 2.0 * 0.6 / 0.4);
    let first = it.bottleneck.expect("a bottleneck");
    assert_eq!(first.station, "app.cpu");
    close(first.factor, 1.0 / 0.6);
    close(it.next_bottleneck.expect("another").load, 0.36);
    close(it.highest.expect("a limit").rates["robots"], 20.0 / 0.6);
}

#[test]
fn what_breaks_a_product_form_is_said() {
    let said = |more: &str| {
        let text = format!("[workload.w]\nto = \"s\"\narrivals = {{ poisson = \"1/s\" }}\n[station.s]\n{more}");
        explain(&model_of(&text)).solution.because
    };
    assert_eq!(said("service-time = \"10ms\"\nservers = 2"), ["s: service times are not exponential"]);
    assert_eq!(said("service-time = { exponential = \"10ms\" }\ncapacity = 3"), ["s: its capacity is finite"]);
    let turns =
        said("service-time = \"10ms\"\nreplicas = 2\nbalance = \"round-robin\"\ndiscipline = \"processor-sharing\"");
    assert_eq!(turns, ["s: which replica is chosen depends on earlier requests"]);
    assert!(said("service-time = \"10ms\"\ndiscipline = \"processor-sharing\"").is_empty());
    // Pollaczek and Khinchine know this one.
    assert!(said("service-time = \"10ms\"").is_empty());
}

/// Every key has a shard: the hottest one is the limit, whatever the others do.
#[test]
fn the_hottest_replica_saturates_first() {
    let text = r#"
[workload.w]
to = "shard"
arrivals = { poisson = "10/s" }
keys = { hot-set = { count = 100, hot = 0.01, share = 0.5 } }
[station.shard]
replicas = 4
balance = "modulo"
service-time = { exponential = "10ms" }
"#;
    let it = explain(&model_of(text));
    let first = it.bottleneck.expect("a bottleneck");
    assert_eq!(first.station, "shard[0]");
    // Half of the requests are for key 0, and 24 of the other 99 keys are there too.
    let share = 0.5 + 0.5 * 24.0 / 99.0;
    close(first.factor, 10.0 / share);
    let hottest = it.stations.get("shard").and_then(|shard| shard.hottest.clone()).expect("uneven");
    close(hottest.share, share);
}

/// Two workloads, of which only one has keys, or whose keys differ.
fn mixed(keys: &str) -> Explanation {
    explain(&model_of(&format!(
        "[workload.keyed]\nto = \"shard\"\narrivals = {{ poisson = \"1/s\" }}\n\
         keys = {{ zipf = {{ count = 1000, exponent = 1.5 }} }}\n\
         [workload.plain]\nto = \"shard\"\narrivals = {{ poisson = \"280/s\" }}\n{keys}\n\
         [station.shard]\nreplicas = 4\nbalance = \"modulo\"\nservice-time = {{ exponential = \"10ms\" }}\n"
    )))
}

#[test]
fn requests_without_keys_go_to_all_replicas_alike() {
    let it = mixed("");
    assert!(it.solution.exact, "{:?}", it.solution);
    let shard = it.stations.get("shard").expect("shard");
    let share = shard.hottest.as_ref().expect("uneven").share;
    assert!(share > 0.25 && share < 0.2515, "{share}");
    // M/M/1 with 70/s, and a little.
    let response = it.workloads["plain"].exact.expect("exact").response_mean_s;
    assert!(response > 1.0 / 30.0 && response < 1.01 / 30.0, "{response}");
}

#[test]
fn each_workload_has_its_own_keys() {
    // The workload with fewer keys has nearly all requests: 31 % of them for key 0.
    let it = mixed("keys = { hot-set = { count = 4, hot = 0.25, share = 0.31 } }");
    let share = it.stations.get("shard").and_then(|shard| shard.hottest.clone()).expect("uneven").share;
    assert!((share - 0.31).abs() < 0.002, "{share}");
}

#[test]
fn users_far_beyond_the_knee_get_what_the_bottleneck_gives() {
    let text = "[workload.w]\nto = \"s\"\nusers = 500\nthink-time = { exponential = \"10s\" }\n[station.s]\nservers = 4\nservice-time = { exponential = \"1s\" }\n";
    let it = explain(&model_of(text));
    let plan = &it.workloads["w"];
    close(plan.bounds.throughput_high.expect("bounded"), 4.0);
    close(plan.bounds.knee_users.expect("a knee"), 44.0);
    close(plan.exact.expect("exact").throughput, 4.0);
    assert!(plan.bounds.balanced_job.is_none(), "those are for single servers");
}

#[test]
fn the_program_names_what_it_refers_to() {
    let routines = program(&model_of(SHOP));
    let app = routines.iter().find(|routine| routine.name == "app").expect("app");
    assert!(app.ops.contains(&"visit app.cpu for exponential 10 ms".to_string()), "{:?}", app.ops);
    assert!(app.ops.contains(&"loop 3 times".to_string()));
}

#[test]
fn a_run_is_told_what_theory_says_if_it_shows_a_steady_state() {
    let text = "[workload.w]\nto = \"s\"\narrivals = { poisson = \"8/s\" }\n[station.s]\nservice-time = { exponential = \"100ms\" }\n";
    let of = |more: &str| exact(&model_of(&format!("{text}{more}")));
    let known = of("").expect("M/M/1");
    close(known.workloads["w"].response_mean_s, 0.5);
    assert_eq!(known.method, "product form of an open network: each station as if alone");
    assert_eq!(of("[run]\nwarm-up = \"0s\"\n"), None);
    assert_eq!(of("[run]\nwarm-up = \"1s\"\n[[event]]\nat = \"1s\"\nfor = \"1s\"\npause = \"s\"\n"), None);
    assert_eq!(exact(&model_of(&text.replace("8/s", "11/s"))), None, "there is no steady state");
}

/// Ten thousand keys before four shards, the most popular of which all have the same shard.
fn sharded(cache: &str) -> Model {
    model_of(&format!(
        "[workload.users]\nto = \"front\"\narrivals = {{ poisson = \"900/s\" }}\n\
         keys = {{ zipf = {{ count = 10000, exponent = 1.0 }} }}\n\
         [cache.front]\norigin = \"shard\"\n{cache}\n\
         [station.shard]\nreplicas = 4\nbalance = \"modulo\"\nservice-time = {{ exponential = \"4ms\" }}\n"
    ))
}

fn popularity() -> Vec<f64> {
    crate::laws::popularity::zipf(10_000, 1.0)
}

/// The share of requests that come to the shards, and the share of those that the first one gets.
fn behind(cache: &str) -> (f64, f64) {
    let it = explain(&sharded(cache));
    let shard = it.stations.get("shard").expect("a shard");
    (shard.throughput / 900.0, shard.hottest.as_ref().expect("a hottest").share)
}

#[test]
fn what_a_cache_hits_depends_on_its_policy() {
    use crate::laws::cache::{fifo, lfu, lru};
    type Law = fn(&[f64], usize) -> f64;
    let laws: [(&str, Law); 5] = [
        ("\"lru\"", lru),
        ("\"fifo\"", fifo),
        ("\"random\"", fifo),
        ("{ lfu = { remember = 1 } }", lfu),
        ("\"sieve\"", lru),
    ];
    for (eviction, law) in laws {
        let (missed, _) = behind(&format!("capacity = 100\neviction = {eviction}"));
        // Groups of unpopular keys stand for each of them.
        assert!((missed - (1.0 - law(&popularity(), 100))).abs() < 2e-3, "{eviction}: {missed}");
    }
}

/// Of four shards one gets keys 0, 4, 8, …: what it gets behind a cache is what that misses of them.
#[test]
fn behind_a_cache_popular_keys_are_less_popular() {
    let popularity = popularity();
    let hottest = |missed: &dyn Fn(usize, f64) -> f64| {
        let each: Vec<f64> = popularity.iter().enumerate().map(|(key, p)| p * missed(key, *p)).collect();
        let shard = |which: usize| each.iter().skip(which).step_by(4).sum::<f64>();
        (0..4).map(shard).fold(0.0, f64::max) / each.iter().sum::<f64>()
    };
    let (_, plain) = behind("hit-ratio = 0.5");
    assert!((plain - hottest(&|_, _| 1.0)).abs() < 1e-3, "{plain}");
    let (_, share) = behind("capacity = 10\neviction = { lfu = { remember = 1 } }");
    let expected = hottest(&|key, _| if key < 10 { 0.0 } else { 1.0 });
    assert!((share - expected).abs() < 1e-3, "{share} instead of {expected}");
    let (_, share) = behind("capacity = 100");
    let time = crate::laws::cache::lru_time(&popularity, 100);
    let expected = hottest(&|_, p| libm::exp(-p * time));
    assert!((share - expected).abs() < 2e-3, "{share} instead of {expected}");
    // By Zipf's law alone 0.3078, and behind the cache 0.2501.
    assert!(plain > 0.307 && share < 0.253, "{plain} and {share}");
}

/// A time to live does the same: what is asked for often is nearly always there.
#[test]
fn behind_a_time_to_live_too() {
    let (_, share) = behind("ttl = \"1s\"");
    let popularity = popularity();
    let missed = |(key, p): (usize, &f64)| (key, p / (1.0 + 900.0 * p));
    let (mut own, mut all) = (0.0, 0.0);
    for (key, missed) in popularity.iter().enumerate().map(missed) {
        all += missed;
        own += if key % 4 == 0 { missed } else { 0.0 };
    }
    assert!((share - own / all).abs() < 2e-3, "{share} instead of {}", own / all);
}
