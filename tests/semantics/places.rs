use super::*;

/// Two regions with a link of these keys, clients in one of them, and `app` in the other.
fn abroad(link: &str, workload: &str, parts: &str) -> String {
    format!(
        "[region.eu]\n[region.us]\n[link.atlantic]\nbetween = [\"eu\", \"us\"]\n{link}\n\
         [workload.jobs]\nto = \"app\"\nregion = \"eu\"\ntrace = \"jobs.csv\"\n{workload}\n{parts}\n"
    )
}

const WAIT: &str = "[service.app]\nregion = \"us\"\nsteps = [{ wait = \"5ms\" }]";
const LATENCY: &str = "latency = \"40ms\"";

#[test]
fn p1_a_call_crosses_the_link_there_and_its_answer_back() {
    let results = replay(&abroad(LATENCY, "", WAIT), "time\n0\n1\n");
    assert_eq!(ends(&results), [0.085, 1.085]);
    let station = "[station.app]\nregion = \"us\"\nservice-time = \"5ms\"";
    assert_eq!(ends(&replay(&abroad(LATENCY, "", station), "time\n0\n")), [0.085]);
}

#[test]
fn p1_a_visit_crosses_as_a_call_does() {
    let parts = "[service.app]\nregion = \"eu\"\nsteps = [{ visit = \"desk\" }, { call = \"desk\" }]\n\
                 [station.desk]\nregion = \"us\"\nservice-time = \"5ms\"";
    assert_eq!(ends(&replay(&abroad(LATENCY, "", parts), "time\n0\n")), [0.17]);
}

#[test]
fn p2_what_is_nowhere_is_next_to_everything() {
    for parts in [
        "[service.app]\nsteps = [{ wait = \"5ms\" }]",
        "[service.app]\nregion = \"eu\"\nsteps = [{ wait = \"5ms\" }]",
        "[service.app]\nsteps = [{ call = \"desk\" }]\n[station.desk]\nregion = \"us\"\nservice-time = \"5ms\"",
    ] {
        assert_eq!(ends(&replay(&abroad(LATENCY, "", parts), "time\n0\n")), [0.005], "{parts}");
    }
}

#[test]
fn p2_a_balancer_without_a_region_is_beside_its_caller() {
    // Two in a row; the inner one is a queue, the same for both workloads, and `jobs` is first in it.
    for (region, end) in [("eu", 0.086), ("us", 0.006)] {
        let parts = format!(
            "[balancer.app]\nto = [\"inner\"]\n[balancer.inner]\nto = [\"far\"]\nservice-time = \"1ms\"\n\
             [service.far]\nregion = \"us\"\nsteps = [{{ wait = \"4ms\" }}]\n\
             [workload.others]\nto = \"app\"\nregion = \"{region}\"\ntrace = \"jobs.csv\"\n"
        );
        let results = replay(&abroad(LATENCY, "", &parts), "time\n0\n");
        assert_eq!(ends_of(&results, "others"), [end], "{region}");
    }
}

#[test]
fn p2_a_balancer_with_a_region_is_there() {
    let parts = "[balancer.app]\nto = [\"near\"]\nregion = \"us\"\n[service.near]\nregion = \"eu\"\nsteps = [{ wait = \"5ms\" }]";
    assert_eq!(ends(&replay(&abroad(LATENCY, "", parts), "time\n0\n")), [0.165]);
}

#[test]
fn p3_replicas_are_spread_over_regions_in_turn() {
    let parts = "[service.app]\nreplicas = 3\nregions = [\"us\", \"eu\"]\nbalance = \"round-robin\"\nsteps = [{ wait = \"5ms\" }]";
    let results = replay(&abroad(LATENCY, "", parts), "time\n0\n1\n2\n");
    assert_eq!(ends(&results), [0.085, 1.005, 2.085]);
}

#[test]
fn p3_each_replica_calls_from_where_it_is() {
    let parts = "[service.app]\nreplicas = 2\nregions = [\"us\", \"eu\"]\nbalance = \"round-robin\"\n\
                 steps = [{ call = \"desk\" }]\n[station.desk]\nregion = \"eu\"\nservice-time = \"5ms\"";
    let results = replay(&abroad(LATENCY, "", parts), "time\n0\n1\n");
    assert_eq!(ends(&results), [0.165, 1.005]);
}

#[test]
fn p4_a_failure_is_known_where_the_answer_would_be() {
    let parts = "[service.app]\nregion = \"us\"\nsteps = [{ wait = \"5ms\" }, { fail = 1.0 }]";
    let results = replay(&abroad(LATENCY, "", parts), "time\n0\n");
    assert_eq!((ends(&results), outcomes(&results)), (vec![0.085], vec!["failed"]));
    let parts = "[station.app]\nregion = \"us\"\nservice-time = \"1s\"\ncapacity = 1";
    let results = replay(&abroad(LATENCY, "", parts), "time\n0\n0.5\n");
    assert_eq!((ends(&results), outcomes(&results)), (vec![1.08, 0.58], vec!["ok", "rejected"]));
}

#[test]
fn p4_a_failure_across_is_tried_again() {
    let parts = "[service.app]\nregion = \"us\"\nsteps = [{ wait = \"5ms\" }, { fail = 1.0 }]";
    let results = replay(&abroad(LATENCY, "retry = { attempts = 2 }", parts), "time\n0\n");
    assert_eq!((ends(&results), outcomes(&results)), (vec![0.17], vec!["failed"]));
}

#[test]
fn p4_a_call_gives_back_what_it_holds_when_it_fails_abroad() {
    // The thread abroad is free at once, the one at home when the news is there.
    let parts = "[service.app]\nregion = \"eu\"\nthreads = 1\nsteps = [{ call = \"far\" }]\n\
                 [service.far]\nregion = \"us\"\nthreads = 1\nsteps = [{ wait = \"20ms\" }, { fail = 1.0 }]";
    let results = replay(&abroad(LATENCY, "", parts), "time\n0\n0\n");
    assert_eq!(ends(&results), [0.1, 0.2]);
}

#[test]
fn p5_a_timeout_rings_at_the_caller_wherever_the_call_is() {
    for (timeout, end) in [("20ms", 0.02), ("43ms", 0.043), ("60ms", 0.06), ("85ms", 0.085)] {
        for losers in ["abandon", "cancel-queued", "cancel"] {
            let keys = format!("timeout = \"{timeout}\"\nlosers = \"{losers}\"");
            let results = replay(&abroad(LATENCY, &keys, WAIT), "time\n0\n");
            assert_eq!(ends(&results), [end], "{timeout} {losers}");
        }
    }
}

#[test]
fn p5_abandoned_work_arrives_and_cancelled_work_does_not() {
    let parts = "[station.app]\nregion = \"us\"\nservice-time = \"5ms\"";
    for (losers, count) in [("abandon", 1.0), ("cancel", 0.0)] {
        let keys = format!("timeout = \"20ms\"\nlosers = \"{losers}\"");
        let results = replay(&abroad(LATENCY, &keys, parts), "time\n0\n");
        assert_eq!(served(&results, "app"), count, "{losers}");
    }
}

#[test]
fn p5_what_is_on_its_way_is_outstanding() {
    let parts = "[balancer.app]\nto = [\"one\", \"two\"]\npolicy = \"least-outstanding\"\n\
                 [service.one]\nregion = \"us\"\nsteps = [{ wait = \"1ms\" }]\n\
                 [service.two]\nregion = \"us\"\nsteps = [{ wait = \"1ms\" }]\n";
    for seed in 1..6 {
        let text = abroad(LATENCY, "", parts).replace(
            "[workload.jobs]",
            &format!("[run]\nseed = {seed}\nduration = \"until-empty\"\nreplications = 1\n[workload.jobs]"),
        );
        let results = run(&text, &[("jobs.csv", "time\n0\n0.07\n")]);
        assert_eq!(served(&results, "one.threads"), 1.0);
    }
}

#[test]
fn p6_messages_wait_in_line_for_the_link_one_line_for_each_direction() {
    let keys = "request = \"1000B\"\nresponse = \"2000B\"";
    let link = "latency = \"40ms\"\nbandwidth = \"8kbit/s\"";
    // Each second sends a thousand bytes: requests are through at 1 and 2, answers at 3.045 and 5.045.
    let results = replay(&abroad(link, keys, WAIT), "time\n0\n0\n");
    assert_eq!(ends(&results), [3.085, 5.085]);
    assert_eq!(served(&results, "atlantic.eu-us"), 2.0);
    assert_eq!(served(&results, "atlantic.us-eu"), 2.0);
}

#[test]
fn p6_what_a_call_sends_goes_through_balancers() {
    let parts = "[balancer.app]\nto = [\"far\"]\n[service.far]\nregion = \"us\"\nsteps = [{ wait = \"5ms\" }]";
    let link = "latency = \"40ms\"\nbandwidth = \"8kbit/s\"";
    let results = replay(&abroad(link, "request = \"1000B\"", parts), "time\n0\n");
    assert_eq!(ends(&results), [1.085]);
}

#[test]
fn p7_a_lost_packet_is_sent_again_after_a_while() {
    // Half of all messages of one packet are lost, each time they are sent: 2 · (0.2 s + …) on average.
    let text = abroad("loss = 0.5", "", "[service.app]\nregion = \"us\"\nsteps = [{ wait = \"0s\" }]");
    let rows: String = (0..20_000).map(|row| format!("{row}\n")).collect();
    let results = replay(&text, &format!("time\n{rows}"));
    let mean = results.workloads["jobs"].latency.mean.value.expect("a mean");
    // There and back: a geometric number of losses with mean 1 each, and variance 2.
    assert!((mean - 0.4).abs() < 4.0 * 0.2 * 2.0 / 20_000_f64.sqrt(), "{mean}");
}

#[test]
fn p8_calls_that_send_something_go_through_the_networks_of_their_machines() {
    let text = app(
        "machine = \"m\"\nsteps = [{ call = { to = \"db\", request = \"1000B\", response = \"2000B\" } }, { call = \"db\" }]\n\
                    [machine.m]\nnetwork = { bandwidth = \"8kbit/s\", latency = \"40ms\" }\n\
                    [service.db]\nmachine = \"fast\"\nsteps = [{ wait = \"5ms\" }]\n[machine.fast]\nnetwork = \"16kbit/s\"\n",
    );
    let results = replay(&text, "time\n0\n");
    assert_eq!(ends(&results), [1.0 + 0.04 + 0.005 + 1.0 + 0.005]);
    assert_eq!(served(&results, "app.network"), 1.0);
    assert_eq!(served(&results, "db.network"), 1.0);
}

#[test]
fn p9_a_network_step_waits_in_line_and_is_under_way() {
    let machine = "[machine.m]\nnetwork = { bandwidth = \"8kbit/s\", latency = \"40ms\" }\n";
    let text = app(&format!("machine = \"m\"\nsteps = [{{ network = \"500B\" }}]\n{machine}"));
    assert_eq!(ends(&replay(&text, "time\n0\n0\n")), [0.54, 1.04]);
}

/// When one transfer is over, with these keys, through a machine with this network.
fn transfer(keys: &str, network: &str) -> f64 {
    let text = app(&format!(
        "machine = \"m\"\nsteps = [{{ network = {{ {keys} }} }}]\n[machine.m]\nnetwork = {{ {network} }}\n"
    ));
    ends(&replay(&text, "time\n0\n"))[0]
}

#[test]
fn p10_a_transfer_opens_the_connection_and_takes_a_round_trip_for_each_window() {
    let rtt = "latency = \"50ms\"";
    for (keys, end) in [
        ("bytes = \"1MB\"", 0.8),
        ("bytes = \"1MB\", tls = \"1.3\"", 0.9),
        ("bytes = \"1MB\", tls = \"1.2\"", 1.0),
        ("bytes = \"1MB\", handshake = 0", 0.7),
        ("bytes = \"1MB\", slow-start = false", 0.2),
        ("bytes = \"64KiB\", slow-start = false, window = \"32KiB\", handshake = 0", 0.2),
        ("bytes = \"100kB\", initial-window = 1, mss = \"1000B\", window = \"4000B\"", 0.1 * (1.0 + 2.0 + 25.0)),
        ("bytes = \"0B\"", 0.2),
    ] {
        assert!((transfer(keys, rtt) - end).abs() < 1e-12, "{keys}");
    }
}

#[test]
fn p11_a_window_takes_a_round_trip_or_as_long_as_it_takes_to_send() {
    // A thousand bytes a second; windows of 100 and 1000 bytes, round trips of 500 ms.
    let network = "bandwidth = \"8kbit/s\", latency = \"250ms\"";
    let keys = |window| {
        format!("bytes = \"3000B\", window = \"{window}B\", mss = \"100B\", slow-start = false, handshake = 0")
    };
    // All but the last overlap with their acknowledgement.
    assert!((transfer(&keys(100), network) - (29.0 * 0.5 + 0.1 + 0.5)).abs() < 1e-12);
    assert!((transfer(&keys(1000), network) - (2.0 + 1.0 + 0.5)).abs() < 1e-12);
}

/// Three regions in a row: `eu` is nearer to `us` than `asia` is.
fn world(policy: &str, workload: &str) -> String {
    format!(
        "[region.asia]\n[region.eu]\n[region.us]\n\
         [link.a]\nbetween = [\"eu\", \"us\"]\nlatency = \"40ms\"\n\
         [link.b]\nbetween = [\"asia\", \"us\"]\nlatency = \"70ms\"\n\
         [link.c]\nbetween = [\"asia\", \"eu\"]\nlatency = \"100ms\"\n\
         [service.app-asia]\nregion = \"asia\"\nsteps = [{{ wait = \"1ms\" }}]\n\
         [service.app-eu]\nregion = \"eu\"\nreplicas = 2\nsteps = [{{ wait = \"2ms\" }}]\n\
         [balancer.geo]\nto = [\"app-asia\", \"app-eu\"]\n{policy}\n\
         [workload.jobs]\nto = \"geo\"\ntrace = \"jobs.csv\"\n{workload}\n"
    )
}

#[test]
fn p12_the_nearest_is_the_one_in_the_own_region_or_behind_the_shortest_link() {
    for (region, end) in [("asia", 0.001), ("eu", 0.002), ("us", 0.082)] {
        let results = replay(&world("policy = \"nearest\"", &format!("region = \"{region}\"")), "time\n0\n1\n");
        assert_eq!(ends(&results), [end, 1.0 + end], "{region}");
    }
}

#[test]
fn p12_equally_near_targets_are_chosen_at_random() {
    let rows: String = (0..1000).map(|row| format!("{row}\n")).collect();
    let results = replay(&world("policy = \"nearest\"", "region = \"eu\""), &format!("time\n{rows}"));
    let first = served(&results, "app-eu[0].threads");
    assert!((first - 500.0).abs() < 65.0, "{first}");
    assert_eq!(served(&results, "app-eu.threads"), 1000.0);
}

#[test]
fn p13_a_client_keeps_what_it_looked_up_for_a_time() {
    // Turns: asia, eu, asia …; keys 1 and 2 are two clients.
    let text = world("policy = \"round-robin\"\ndns-ttl = \"10s\"", "region = \"eu\"");
    let jobs = "time,key\n0,1\n1,2\n2,1\n3,2\n9.5,1\n10,1\n10.5,2\n11,2\n";
    let ends = ends(&replay(&text, jobs));
    let far: Vec<bool> =
        ends.iter().zip([0.0, 1.0, 2.0, 3.0, 9.5, 10.0, 10.5, 11.0]).map(|(end, at)| end - at > 0.1).collect();
    // At 10 the first client looks again (asia), at 11 the second (eu).
    assert_eq!(far, [true, false, true, false, true, true, false, false]);
}

#[test]
fn p13_behind_a_looked_up_name_the_components_own_balance_picks_the_replica() {
    let text = world("policy = \"nearest\"\ndns-ttl = \"1h\"", "region = \"us\"")
        .replace("replicas = 2", "replicas = 2\nbalance = \"round-robin\"");
    let results = replay(&text, "time\n0\n1\n2\n3\n");
    assert_eq!(ends(&results), [0.082, 1.082, 2.082, 3.082]);
    assert_eq!(served(&results, "app-eu[0].threads"), 2.0);
}

#[test]
fn p14_regions_between_which_calls_go_need_a_link() {
    let text = "[region.eu]\n[region.us]\n[workload.w]\nto = \"app\"\nregion = \"eu\"\nusers = 1\n\
                [service.app]\nregion = \"us\"\nsteps = [{ wait = \"1ms\" }]\n";
    assert!(problems(text).contains("no link between `eu` and `us`"), "{}", problems(text));
    // Nobody calls from one to the other.
    let text = text.replace("region = \"us\"", "region = \"eu\"");
    assert!(load(&text, &[]).0.is_some());
}

#[test]
fn p15_links_and_networks_have_an_expected_load() {
    let open = |region| format!("region = \"{region}\"\narrivals = {{ poisson = \"10/s\" }}\nresponse = \"1MB\"");
    let text = world("policy = \"nearest\"\ndns-ttl = \"1h\"", &open("us"))
        .replace("trace = \"jobs.csv\"", "")
        .replace("latency = \"40ms\"", "latency = \"40ms\"\nbandwidth = \"80Mbit/s\"")
        .replace("latency = \"70ms\"", "latency = \"70ms\"\nbandwidth = \"80Mbit/s\"");
    let (model, diagnostics) = load(&text, &[]);
    let model = model.unwrap_or_else(|| panic!("{}", diagnostics.render(false)));
    let load = |name: &str| {
        let groups = model.groups.iter().zip(&model.forecast.groups);
        groups.filter(|(group, _)| group.name() == name).map(|(_, forecast)| forecast.load).next().flatten()
    };
    assert_eq!(load("a.eu-us"), Some(1.0));
    for idle in ["a.us-eu", "b.us-asia", "b.asia-us"] {
        assert_eq!(load(idle), Some(0.0), "{idle}");
    }
    assert_eq!(model.forecast.unstable.len(), 1, "{:?}", model.forecast.unstable);
}
