use knee::experiment::results::ScalingResult;

use super::*;

/// A station of replicas, or servers, and something that changes their number.
fn scaled(keys: &str, more: &str) -> String {
    format!("{}{more}\n", desk(keys))
}

fn scale(at: &str, more: &str) -> String {
    format!("[[event]]\nat = \"{at}\"\n{more}")
}

fn autoscale(keys: &str) -> String {
    format!("[station.desk.autoscale]\n{keys}\n")
}

fn scaling<'a>(results: &'a Results, name: &str) -> &'a ScalingResult {
    &results.scaling[name]
}

/// Replica-seconds in service, and paid for.
fn seconds(results: &Results, name: &str) -> (f64, f64) {
    let scaled = scaling(results, name);
    let total = |mean: Option<f64>| (mean.expect("a mean") * results.scenario.duration_s * 1e6).round() / 1e6;
    (total(scaled.replicas.value), total(scaled.paid.value))
}

/// One job of so long at time 0, and one much later, so that the run goes on.
fn load(seconds: f64, until: f64) -> String {
    format!("time,service-time\n0,{seconds}\n{until},1\n")
}

#[test]
fn z1_what_is_not_in_service_is_chosen_by_nobody_and_is_not_available() {
    let text = scaled("balance = \"round-robin\"", &scale("100s", "scale = { desk = 3 }"));
    let results = replay(&text, "time,service-time\n0,4\n1,4\n2,2\n");
    assert_eq!(ends(&results), [4.0, 8.0, 10.0]);
    let utilization = |name: &str| results.stations.get(name).expect("a station").utilization.value;
    assert_eq!((utilization("desk"), utilization("desk[0]"), utilization("desk[2]")), (Some(1.0), Some(1.0), None));
    assert_eq!(seconds(&results, "desk"), (10.0, 10.0));
    // It begins with `min`, or with what the schedule says, or with what is written.
    for (replicas, keys, expected) in [
        ("", "min = 2\nmax = 5\nmetric = \"concurrency\"\ntarget = 1", 2),
        ("", "schedule = [[\"06:00\", 3], [\"18:00\", 4]]", 4),
        ("replicas = 3", "min = 2\nmax = 5\nmetric = \"concurrency\"\ntarget = 1", 3),
    ] {
        let results = replay(&scaled(replicas, &autoscale(keys)), "time,service-time\n0,1\n");
        assert_eq!(scaling(&results, "desk").max, expected, "{keys}");
    }
}

#[test]
fn z1_the_number_at_the_start_stays_during_warm_up() {
    let text = "[workload.jobs]\nto = \"desk\"\narrivals = { constant = \"1/s\" }\n[station.desk]\nservice-time = \"3s\"\n\
                [station.desk.autoscale]\nmetric = \"concurrency\"\ntarget = 1\nmax = 9\nevery = \"1s\"\n\
                [run]\nwarm-up = \"50s\"\nduration = \"1s\"\nreplications = 1\n";
    let results = run(text, &[]);
    assert_eq!((scaling(&results, "desk").max, scaling(&results, "desk").scaled_out), (1, 0));
}

#[test]
fn z2_an_event_says_how_many_there_are_until_it_is_over() {
    let jobs = "time,service-time\n1,10\n3,1\n7,1\n";
    let text = |event: &str| scaled("balance = \"join-shortest-queue\"", &scale("2s", event));
    assert_eq!(ends(&replay(&text("for = \"4s\"\nscale = { desk = 2 }"), jobs)), [11.0, 4.0, 12.0]);
    assert_eq!(ends(&replay(&text("scale = { desk = 2 }"), jobs)), [11.0, 4.0, 8.0]);
    // From 0 to 10 three, from 2 to 4 and from 8 to 12 two; what is not over counts, the last one first.
    let events = [("0s", "10s", 3), ("2s", "2s", 2), ("8s", "4s", 2)];
    let events = events.map(|(at, length, to)| scale(at, &format!("for = \"{length}\"\nscale = {{ desk = {to} }}\n")));
    let results = replay(&scaled("", &events.concat()), &load(1.0, 19.0));
    assert_eq!(seconds(&results, "desk").0, 2.0 * 3.0 + 2.0 * 2.0 + 4.0 * 3.0 + 4.0 * 2.0 + 8.0);
    // What is said for good ends what was said for a time.
    let events = [scale("0s", "for = \"10s\"\nscale = { desk = 3 }\n"), scale("5s", "scale = { desk = 2 }\n")];
    let results = replay(&scaled("", &events.concat()), &load(1.0, 19.0));
    assert_eq!(seconds(&results, "desk").0, 5.0 * 3.0 + 15.0 * 2.0);
}

#[test]
fn z3_a_replica_that_goes_finishes_what_it_has_and_costs_until_then() {
    let text = scaled("replicas = 2\nbalance = \"round-robin\"", &scale("2s", "scale = { desk = 1 }"));
    let results = replay(&text, "time,service-time\n0,5\n1,5\n1.5,1\n1.75,1\n3,1\n");
    assert_eq!(ends(&results), [5.0, 6.0, 6.0, 7.0, 7.0]);
    assert_eq!(seconds(&results, "desk"), (2.0 * 2.0 + 5.0, 14.0));
    // One that has nothing to do is gone at once.
    let results = replay(&text, "time,service-time\n0,5\n");
    assert_eq!(seconds(&results, "desk"), (7.0, 7.0));
}

#[test]
fn z3_what_boots_goes_first_and_then_the_highest_number() {
    let schedule = autoscale("schedule = [[\"1s\", 4], [\"2s\", 3], [\"5s\", 2]]\nboot = \"2s\"");
    let text = scaled("replicas = 2\nbalance = \"round-robin\"", &schedule);
    let results = replay(&text, "time,service-time\n0,1\n4,9\n4,9\n4,9\n7,1\n7,1\n");
    // The third boots from 1 to 3; the fourth only until 2. At 5 the third has work until 13, and gets no more.
    assert_eq!(seconds(&results, "desk"), (2.0 * 3.0 + 3.0 * 2.0 + 2.0 * 9.0, 2.0 * 14.0 + 12.0 + 1.0));
    assert_eq!(ends(&results), [1.0, 13.0, 13.0, 13.0, 14.0, 14.0]);
}

#[test]
fn z3_who_is_on_the_way_is_waited_for() {
    let text = "[workload.jobs]\nto = \"app\"\ntrace = \"jobs.csv\"\nregion = \"us\"\n[region.eu]\n[region.us]\n\
                [link.sea]\nbetween = [\"eu\", \"us\"]\nlatency = \"3s\"\n\
                [service.app]\nregion = \"eu\"\nreplicas = 2\nbalance = \"round-robin\"\nsteps = [{ wait = \"1s\" }]\n";
    let results = replay(&format!("{text}{}", scale("1s", "scale = { app = 1 }\n")), "time\n0\n0\n2\n");
    assert_eq!((ends(&results), outcomes(&results)), (vec![7.0, 7.0, 9.0], vec!["ok", "ok", "ok"]));
    assert_eq!(seconds(&results, "app"), (1.0 + 9.0, 4.0 + 9.0));
}

#[test]
fn z3_so_is_who_waits_at_its_gate() {
    let text = "[workload.jobs]\nto = \"app\"\ntrace = \"jobs.csv\"\n[service.app]\nreplicas = 2\nbalance = \"round-robin\"\n\
                admit = { leaky-bucket = { rate = \"1/s\", queue = 10 } }\nsteps = [{ wait = \"10ms\" }]\n";
    let results = replay(&format!("{text}{}", scale("1s", "scale = { app = 1 }\n")), "time\n0\n0\n0\n0\n0\n0\n");
    assert_eq!(outcomes(&results), ["ok"; 6]);
}

#[test]
fn z4_what_was_going_stays_before_others_come() {
    let text = "[workload.jobs]\nto = \"desk\"\ntrace = \"jobs.csv\"\n[station.desk]\nreplicas = 3\n";
    let events = [scale("1s", "scale = { desk = 1 }\n"), scale("2s", "scale = { desk = 2 }\n")];
    let text = format!("{text}balance = \"round-robin\"\n{}", events.concat());
    let results = replay(&text, "time,service-time\n0,8\n0,8\n0,8\n3,1\n3,1\n");
    // The second is still there and comes back; the third finishes.
    assert_eq!(ends(&results), [8.0, 8.0, 8.0, 9.0, 9.0]);
    assert_eq!(seconds(&results, "desk"), (3.0 + 1.0 + 2.0 * 7.0, 8.0 + 9.0 + 9.0));
}

#[test]
fn z4_a_replica_that_boots_costs_and_is_not_in_service_yet() {
    let boots = autoscale("schedule = [[\"1s\", 2]]\nboot = \"3s\"");
    let text = scaled("replicas = 1\nbalance = \"join-shortest-queue\"", &boots);
    let results = replay(&text, "time,service-time\n0,10\n2,1\n5,1\n");
    assert_eq!(ends(&results), [10.0, 11.0, 6.0]);
    assert_eq!(seconds(&results, "desk"), (11.0 + 7.0, 11.0 + 10.0));
}

#[test]
fn z5_balancers_choose_among_those_in_service() {
    let policies = ["random", "round-robin", "least-outstanding", "join-idle-queue", "power-of-two", "modulo"];
    for policy in policies.iter().chain(&["hash", "consistent-hash", "bounded-load-hash", "least-response-time"]) {
        let text = scaled(&format!("replicas = 3\nbalance = \"{policy}\""), &scale("1s", "scale = { desk = 1 }"));
        let jobs: String = (0..20).map(|key| format!("{},{key},1\n", 2 + key)).collect();
        let results = replay(&text, &format!("time,key,service-time\n{jobs}"));
        assert_eq!(outcomes(&results), ["ok"; 20], "{policy}");
        assert_eq!(served(&results, "desk[0]"), 20.0, "{policy}");
    }
    let text =
        "steps = [{ fan-out = { to = \"desk\", count = 4 } }]\n[station.desk]\nreplicas = 4\nservice-time = \"1s\"\n";
    let text = format!("{}{}", app(text), scale("1s", "scale = { desk = 2 }\n"));
    let results = replay(&text, "time\n0\n2\n");
    assert_eq!((ends(&results), outcomes(&results)), (vec![1.0, 4.0], vec!["ok", "ok"]));
}

#[test]
fn z6_it_is_decided_from_the_average_since_the_decision_before() {
    let text = scaled("", &autoscale("metric = \"utilization\"\ntarget = 0.5\nmax = 9\nevery = \"10s\""));
    let results = replay(&text, &load(6.0, 34.0));
    // From 0 to 10 busy for 6 s: one and a fifth are wanted. From 10 to 20 for none.
    assert_eq!(seconds(&results, "desk").0, 10.0 + 20.0 + 15.0);
    let scaled = scaling(&results, "desk");
    assert_eq!((scaled.min, scaled.max, scaled.scaled_out, scaled.scaled_in), (1, 2, 1, 1));
}

#[test]
fn z7_what_the_metrics_count() {
    let jobs = "time,service-time\n0,2\n0,2\n0,2\n0,2\n15,1\n";
    // In 10 s one server is busy for 8; those there are 2 on average, of whom 1.2 wait.
    for (metric, target, expected) in [
        ("\"utilization\"", 0.2, 4),
        ("\"concurrency\"", 0.4, 5),
        ("\"queue-length\"", 0.4, 3),
        ("{ arrival-rate = { per-replica = \"0.05/s\" } }", 1.0, 8),
        ("{ arrival-rate = { per-replica = \"0.1/s\" } }", 0.5, 8),
    ] {
        let keys = format!("metric = {metric}\ntarget = {target}\nmax = 20\nevery = \"10s\"");
        let results = replay(&scaled("", &autoscale(&keys)), jobs);
        assert_eq!(scaling(&results, "desk").max, expected, "{metric}");
    }
    let refused = scaled(
        "capacity = 1",
        &autoscale("metric = { arrival-rate = { per-replica = \"0.05/s\" } }\nmax = 20\nevery = \"10s\""),
    );
    assert_eq!(scaling(&replay(&refused, jobs), "desk").max, 8);
    let cpu = "machine = \"box\"\nsteps = [{ cpu = \"2s\" }]\n[machine.box]\ncores = 2\n\
               [service.app.autoscale]\nmetric = \"cpu\"\ntarget = \"10%\"\nmax = 20\nevery = \"10s\"";
    assert_eq!(scaling(&replay(&app(cpu), "time\n0\n0\n0\n0\n15\n"), "app").max, 4);
    // Six messages, one after the other: 20 s of waiting before the first decision.
    let queue = "threads = 1\nsteps = [{ wait = \"3s\" }]\n[queue.letters]\nconsumer = \"app\"\n\
                 [service.app.autoscale]\nmetric = \"queue-length\"\ntarget = 1\nmax = 20\nevery = \"10s\"";
    let text = app(queue).replace("to = \"app\"", "to = \"letters\"");
    let results = replay(&text, "time\n0\n0\n0\n0\n15\n");
    assert_eq!(scaling(&results, "app").max, 2);
}

#[test]
fn z8_what_boots_is_not_asked_for_twice_and_a_little_is_tolerated() {
    let text = |keys: &str| {
        let more = format!("metric = \"utilization\"\nmax = 3\nevery = \"10s\"\n{keys}");
        scaled("", &autoscale(&more))
    };
    let outcome = |keys: &str, seconds: f64| {
        let results = replay(&text(keys), &load(seconds, 45.0));
        (scaling(&results, "desk").max, scaling(&results, "desk").scaled_out)
    };
    assert_eq!(outcome("target = 0.5", 5.5), (1, 0));
    assert_eq!(outcome("target = 0.5\ntolerance = 0.05", 5.5), (2, 1));
    assert_eq!(outcome("target = 0.5\nboot = \"25s\"", 40.0), (2, 1));
    assert_eq!(outcome("target = 0.1", 10.0), (3, 1));
}

#[test]
fn z9_steps_add_and_take_away() {
    let steps = "metric = \"utilization\"\nstep = [[0.3, -1], [0.5, 2], [0.9, 4]]\nmax = 9\nevery = \"10s\"";
    let results = replay(&scaled("", &autoscale(steps)), &load(6.0, 45.0));
    // From 10 on three, from 20 two, from 30 one.
    assert_eq!(seconds(&results, "desk").0, 10.0 + 30.0 + 20.0 + 16.0);
    let boots = format!("{steps}\nboot = \"15s\"");
    let results = replay(&scaled("", &autoscale(&boots)), &load(40.0, 45.0));
    // Four more at 10; while they boot not four more yet, and then there is nothing to do for them.
    assert_eq!(scaling(&results, "desk").max, 5);
}

#[test]
fn z10_a_schedule_says_how_many_and_with_a_metric_how_many_at_least() {
    let day = autoscale("schedule = [[\"08:00\", 3], [\"20:00\", 1]]");
    let results = replay(&scaled("", &day), &load(1.0, 129_599.0));
    assert_eq!(seconds(&results, "desk").0, 36.0 * 3600.0 + 2.0 * 12.0 * 3600.0 + 2.0 * 4.0 * 3600.0);
    let once = autoscale("schedule = [[\"10s\", 3], [\"20s\", 2]]");
    let results = replay(&scaled("replicas = 1", &once), &load(1.0, 29.0));
    assert_eq!(seconds(&results, "desk").0, 10.0 + 30.0 + 20.0);
    let both =
        "metric = \"utilization\"\ntarget = 0.5\nmax = 9\nevery = \"8s\"\nschedule = [[\"10s\", 3], [\"20s\", 1]]";
    let results = replay(&scaled("replicas = 1", &autoscale(both)), &load(1.0, 29.0));
    // At once at 10; at 16 nothing may go; at 24 two go.
    assert_eq!(seconds(&results, "desk").0, 10.0 + 14.0 * 3.0 + 6.0);
}

#[test]
fn z11_after_a_change_there_is_none_for_a_time() {
    let text = |cool_down: &str, seconds: f64| {
        let keys = format!("metric = \"utilization\"\ntarget = 0.5\nmax = 9\nevery = \"10s\"\ncool-down = {cool_down}");
        let results = replay(&scaled("", &autoscale(&keys)), &load(seconds, 54.0));
        super::scaling::seconds(&results, "desk").0
    };
    assert_eq!(text("\"0s\"", 6.0), 10.0 + 20.0 + 35.0);
    assert_eq!(text("\"20s\"", 6.0), 10.0 + 40.0 + 25.0);
    assert_eq!(text("{ in = \"30s\" }", 6.0), 10.0 + 60.0 + 15.0);
    // One replica is busy all the time: two from 10 on, and one again from 30 on.
    assert_eq!(text("{ out = \"100s\" }", 20.0), 10.0 + 40.0 + 25.0);
}

#[test]
fn z12_a_queue_delivers_to_as_many_as_there_are() {
    let text = "[workload.jobs]\nto = \"letters\"\ntrace = \"jobs.csv\"\n[queue.letters]\nconsumer = \"app\"\n\
                [service.app]\nthreads = 1\nsteps = [{ wait = \"4s\" }]\n";
    let jobs = "time\n0\n0\n0\n0\n0\n0\n";
    let results = replay(&format!("{text}{}", scale("5s", "scale = { app = 3 }\n")), jobs);
    // Done at 4, 8, 9, 9, 12 and 13.
    assert_eq!((results.scenario.duration_s, results.queues["letters"].effects), (13.0, 6));
    let fewer = text.replace("threads = 1", "threads = 1\nreplicas = 3");
    let results = replay(&format!("{fewer}{}", scale("1s", "scale = { app = 1 }\n")), jobs);
    assert_eq!((results.scenario.duration_s, results.queues["letters"].effects), (16.0, 6));
}

#[test]
fn z13_what_happens_to_a_replica_that_is_away_happens_to_nobody() {
    let crash = scale("1s", "for = \"10s\"\ncrash = \"desk[1]\"\n");
    let text = |scaled: &str| format!("{}{crash}{scaled}", desk("balance = \"round-robin\""));
    let jobs = "time,service-time\n3,1\n3,1\n12,1\n12,1\n";
    let later = replay(&text(&scale("11.5s", "scale = { desk = 2 }\n")), jobs);
    assert_eq!((outcomes(&later), ends(&later)), (vec!["ok"; 4], vec![4.0, 5.0, 13.0, 13.0]));
    let within = replay(&text(&scale("2s", "scale = { desk = 2 }\n")), jobs);
    assert_eq!(outcomes(&within), ["ok", "failed", "ok", "ok"]);
    // Nor does a queue miss it.
    let text = "[workload.jobs]\nto = \"letters\"\ntrace = \"jobs.csv\"\n[queue.letters]\nconsumer = \"app\"\n\
                [service.app]\nthreads = 1\nsteps = [{ wait = \"100ms\" }]\n";
    let crash = scale("1s", "for = \"50s\"\ncrash = \"app[1]\"\n");
    let results = replay(&format!("{text}{crash}{}", scale("90s", "scale = { app = 2 }\n")), "time\n2\n3\n4\n");
    assert!(results.scenario.duration_s < 10.0 && results.queues["letters"].delivered == 3);
}

#[test]
fn z14_a_server_that_is_to_go_finishes_its_service() {
    let servers = autoscale("of = \"servers\"\nschedule = [[\"2s\", 1]]");
    let results = replay(&scaled("servers = 2", &servers), "time,service-time\n0,5\n0,6\n1,1\n");
    assert_eq!(ends(&results), [5.0, 6.0, 7.0]);
    assert_eq!(results.stations.get("desk").expect("a desk").utilization.value, Some(1.0));
    assert_eq!(seconds(&results, "desk"), (2.0 * 2.0 + 5.0, 5.0 + 7.0));
    let shared = "servers = 2\ndiscipline = \"processor-sharing\"";
    let results = replay(&scaled(shared, &servers), "time,service-time\n0,4\n0,4\n");
    assert_eq!(ends(&results), [6.0, 6.0]);
    let turns = "servers = 2\ndiscipline = { round-robin = { quantum = \"1s\" } }";
    let results = replay(&scaled(turns, &servers), "time,service-time\n0,4\n0,4\n");
    assert_eq!((ends(&results), seconds(&results, "desk").1), (vec![5.0, 6.0], 2.0 * 2.0 + 4.0));
    // More of them serve those who wait at once, and one that was to go stays.
    let more = autoscale("of = \"servers\"\nschedule = [[\"1s\", 1], [\"2s\", 2], [\"3s\", 3]]");
    let results = replay(&scaled("servers = 2", &more), "time,service-time\n0,9\n0,9\n0,1\n");
    assert_eq!((ends(&results), seconds(&results, "desk").1), (vec![9.0, 9.0, 4.0], 2.0 * 9.0 + 6.0));
}

#[test]
fn z15_while_an_event_lasts_nobody_decides() {
    let keys = "metric = \"utilization\"\ntarget = 0.5\nmax = 9\nevery = \"10s\"";
    let event = scale("5s", "for = \"20s\"\nscale = { desk = 4 }\n");
    let results = replay(&scaled("", &format!("{}{event}", autoscale(keys))), &load(20.0, 44.0));
    // Four from 5 to 25, then one again; at 30 nothing has happened since 20.
    assert_eq!(seconds(&results, "desk").0, 5.0 + 80.0 + 20.0);
    // For good: the decisions go on from there.
    let event = scale("5s", "scale = { desk = 4 }\n");
    let results = replay(&scaled("", &format!("{}{event}", autoscale(keys))), &load(20.0, 44.0));
    assert_eq!(seconds(&results, "desk").0, 5.0 + 5.0 * 4.0 + 10.0 * 2.0 + 10.0 * 2.0 + 15.0);
}

#[test]
fn z16_machines_are_paid_for_as_long_as_they_are_there() {
    let text = "[workload.jobs]\nto = \"app\"\narrivals = { constant = \"1/s\" }\n[machine.box]\nprice = 0.5\n\
                [service.app]\nmachine = \"box\"\nsteps = [{ cpu = \"1ms\" }]\n[host.other]\nmachine = \"box\"\n\
                [run]\nwarm-up = \"5s\"\nduration = \"10s\"\nreplications = 1\n";
    let results = run(&format!("{text}{}", scale("5s", "scale = { app = 3 }\n")), &[]);
    assert_eq!(results.cost.per_hour, 0.5 + 0.5 * 2.0);
    assert_eq!(scaling(&results, "app").replica_hours.value, Some(20.0 / 3600.0));
    assert_eq!(run(text, &[]).cost.per_hour, 1.0);
}

#[test]
fn z17_a_load_that_the_most_can_carry_has_a_steady_state() {
    let unstable = |rate: &str| {
        let text = format!(
            "[workload.jobs]\nto = \"desk\"\narrivals = {{ constant = \"{rate}\" }}\n[station.desk]\nservice-time = \"1s\"\n\
             [station.desk.autoscale]\nmetric = \"concurrency\"\ntarget = 1\nmax = 4\n\
             [run]\nwarm-up = \"0s\"\nduration = \"10s\"\nreplications = 1\n"
        );
        run(&text, &[]).unstable
    };
    assert_eq!((unstable("3/s"), unstable("5/s")), (vec![], vec!["desk".to_string()]));
}
