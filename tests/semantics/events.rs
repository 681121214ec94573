use super::*;

/// What happens, added to a scenario.
fn with(text: &str, event: &str) -> String {
    format!("{text}[[event]]\n{event}\n")
}

const THREE: &str = "time,service-time\n0,4\n1,4\n6,1\n";

#[test]
fn e1_a_crash_loses_all_that_a_component_was_doing_and_its_callers_fail_at_once() {
    let results = replay(&with(&desk(""), "at = \"2s\"\nfor = \"3s\"\ncrash = \"desk\""), THREE);
    assert_eq!(outcomes(&results), ["failed", "failed", "ok"]);
    assert_eq!(ends(&results), [2.0, 2.0, 7.0]);
    let shared = replay(
        &with(&desk("discipline = \"processor-sharing\""), "at = \"2s\"\nfor = \"3s\"\ncrash = \"desk\""),
        THREE,
    );
    assert_eq!(ends(&shared), [2.0, 2.0, 7.0]);
}

#[test]
fn e1_a_service_loses_whatever_its_requests_do() {
    let steps = "threads = 1\nsteps = [{ visit = \"desk\" }, { wait = \"2s\" }]\n[station.desk]\nservice-time = \"1s\"";
    let crash = |at: &str| with(&app(steps), &format!("at = \"{at}\"\nfor = \"3s\"\ncrash = \"app\""));
    for at in ["0.5s", "2.5s"] {
        // One works or waits, another one is in line for the thread.
        let results = replay(&crash(at), "time\n0\n0\n9\n");
        assert_eq!(outcomes(&results), ["failed", "failed", "ok"]);
        assert_eq!(ends(&results)[2], 12.0);
    }
}

#[test]
fn e1_arms_that_sleep_are_lost_with_their_node() {
    let steps = "machine = \"m\"\nsteps = [{ parallel = [[{ wait = \"10s\" }, { cpu = \"1s\" }], [{ wait = \"30s\" }]] }]\n[machine.m]";
    let results = replay(&with(&app(steps), "at = \"5s\"\nfor = \"1s\"\ncrash = \"app\""), "time\n0\n50\n");
    assert_eq!((outcomes(&results), served(&results, "app.cpu")), (vec!["failed", "ok"], 1.0));
}

#[test]
fn e2_who_calls_what_is_down_is_refused_at_once() {
    for text in [desk("service-time = \"1s\""), app("steps = [{ wait = \"1s\" }]")] {
        let name = if text.contains("station") { "desk" } else { "app" };
        let event = format!("at = \"2s\"\nfor = \"3s\"\ncrash = \"{name}\"");
        let results = replay(&with(&text, &event), "time\n3\n5\n");
        assert_eq!((ends(&results), outcomes(&results)), (vec![3.0, 6.0], vec!["failed", "ok"]));
    }
}

#[test]
fn e2_nobody_waits_for_room_at_what_is_down() {
    let full = desk("service-time = \"4s\"\ncapacity = 1\nwhen-full = \"block-upstream\"");
    let results = replay(&with(&full, "at = \"2s\"\nfor = \"3s\"\ncrash = \"desk\""), "time\n0\n1\n3\n5\n");
    assert_eq!(outcomes(&results), ["failed", "failed", "failed", "ok"]);
    assert_eq!(ends(&results), [2.0, 2.0, 3.0, 9.0]);
}

#[test]
fn e3_what_hangs_keeps_its_thread() {
    let text = |limit: &str| {
        format!(
            "[workload.jobs]\nto = \"app\"\ntrace = \"jobs.csv\"\ntimeout = \"5s\"\n{limit}\n\
             [service.app]\nthreads = 1\nsteps = [{{ call = \"desk\" }}]\n[station.desk]\nservice-time = \"1s\"\n"
        )
    };
    let silent = "at = \"0.5s\"\nfor = \"7.5s\"\ncrash = { what = \"desk\", silent = true }";
    let jobs = "time\n0\n0.1\n6.9\n7\n12\n";
    let results = replay(&with(&text(""), silent), jobs);
    // The thread is free when the desk is back, at 8, and the work of the second job, which was given up as well, is next.
    assert_eq!(ends(&results), [5.0, 5.1, 10.0, 11.0, 13.0]);
    // Otherwise the next one would hold it, from 6.9 on, and find nobody.
    let cancelled = replay(&with(&text("losers = \"cancel\""), silent), jobs);
    assert_eq!(ends(&cancelled), [5.0, 5.1, 11.9, 12.0, 13.0]);
}

#[test]
fn e3_a_silent_crash_is_noticed_by_timeouts_only() {
    let silent = "at = \"2s\"\nfor = \"3s\"\ncrash = { what = \"desk\", silent = true }";
    let timeout = desk("service-time = \"2s\"").replace("[station", "timeout = \"10s\"\n[station");
    let results = replay(&with(&timeout, silent), "time\n1\n3\n6\n");
    assert_eq!(outcomes(&results), ["timed-out", "timed-out", "ok"]);
    assert_eq!(ends(&results), [11.0, 13.0, 8.0]);
    // Without one, nobody ever knows.
    let results = replay(&with(&desk("service-time = \"2s\""), silent), "time\n1\n3\n6\n");
    assert_eq!(ends(&results), [8.0]);
}

#[test]
fn e4_what_a_component_had_asked_of_others_goes_on_for_nobody() {
    let text = "[workload.jobs]\nto = \"app\"\ntrace = \"jobs.csv\"\n[service.app]\nsteps = [{ call = \"desk\" }]\n\
                [station.desk]\nservice-time = \"5s\"\n";
    let results = replay(&with(text, "at = \"2s\"\nfor = \"1s\"\ncrash = \"app\""), "time\n0\n4\n");
    assert_eq!((ends(&results), outcomes(&results)), (vec![2.0, 10.0], vec!["failed", "ok"]));
    assert_eq!(served(&results, "desk"), 2.0);
}

#[test]
fn e4_a_visit_is_the_component_s_own_work() {
    let text = "[workload.jobs]\nto = \"app\"\ntrace = \"jobs.csv\"\n[service.app]\nsteps = [{ visit = \"desk\" }]\n\
                [station.desk]\nservice-time = \"5s\"\n";
    let results = replay(&with(text, "at = \"2s\"\nfor = \"1s\"\ncrash = \"app\""), "time\n0\n4\n");
    assert_eq!(ends(&results), [2.0, 9.0]);
}

#[test]
fn e4_a_crash_is_no_failure_of_those_who_were_asked() {
    let text = "[workload.jobs]\nto = \"app\"\ntrace = \"jobs.csv\"\n[service.app]\nsteps = [{ call = { to = \"desk\", \
                breaker = { consecutive = { failures = 1, open = \"60s\" } } } }]\n\
                [station.desk]\nservice-time = \"1s\"\nservers = \"infinite\"\n";
    let results = replay(&with(text, "at = \"0.5s\"\nfor = \"1s\"\ncrash = \"app\""), "time\n0\n2\n");
    assert_eq!(outcomes(&results), ["failed", "ok"]);
}

#[test]
fn e5_a_pause_loses_nothing_and_answers_nobody() {
    let results = replay(&with(&desk(""), "at = \"2s\"\nfor = \"3s\"\npause = \"desk\""), THREE);
    assert_eq!(ends(&results), [7.0, 11.0, 12.0]);
    let steps = "threads = 1\nsteps = [{ wait = \"2s\" }]";
    let results = replay(&with(&app(steps), "at = \"1s\"\nfor = \"5s\"\npause = \"app\""), "time\n0\n3\n");
    assert_eq!(ends(&results), [2.0, 8.0]);
}

#[test]
fn e6_the_timeline_begins_when_warm_up_ends_and_comes_after_completions() {
    let text = "[workload.jobs]\nto = \"desk\"\narrivals = { constant = \"1/s\" }\n[station.desk]\nservice-time = \"1s\"\n\
                [run]\nwarm-up = \"5s\"\nduration = \"10s\"\nreplications = 1\n";
    let results = run(&with(text, "at = \"2s\"\nfor = \"3s\"\ncrash = \"desk\""), &[]);
    // Issued at 6, 7, … 15; at 7 one is complete and another fails as it arrives, and so on until 10, when the desk is back.
    let failed = results.workloads.get("jobs").expect("a workload").errors.failed;
    assert_eq!(failed, 3);
}

#[test]
fn e7_the_time_for_which_something_is_down_is_no_time_in_which_it_could_work() {
    let text = "[workload.jobs]\nto = \"desk\"\ntrace = \"jobs.csv\"\n[station.desk]\n\
                [run]\nwarm-up = \"0s\"\nduration = \"10s\"\nreplications = 1\n";
    let text = with(text, "at = \"5s\"\nfor = \"3s\"\ncrash = \"desk\"");
    let results = run(&text, &[("jobs.csv", "time,service-time\n0,3.5\n")]);
    let utilization = results.stations.get("desk").expect("a desk").utilization;
    assert_eq!(utilization.value, Some(0.5));
}

#[test]
fn e8_an_event_is_about_a_component_a_replica_a_role_a_host_or_a_region() {
    let text = |event: &str| {
        with(
            "[workload.jobs]\nto = \"app\"\ntrace = \"jobs.csv\"\n[region.eu]\n[region.us]\n[machine.m]\ncores = 8\n\
             [link.sea]\nbetween = [\"eu\", \"us\"]\n\
             [service.app]\nreplicas = 2\nregions = [\"eu\", \"us\"]\nbalance = \"round-robin\"\n\
             steps = [{ call = \"orders.write\" }]\n\
             [host.box]\nmachine = \"m\"\nregion = \"eu\"\n\
             [database.orders]\nhost = \"box\"\nwrite = [{ wait = \"1s\" }]\nread = [{ wait = \"1s\" }]\n",
            &format!("at = \"0s\"\ncrash = \"{event}\""),
        )
    };
    let failed = |event: &str| {
        let results = replay(&text(event), "time\n1\n1\n");
        outcomes(&results).iter().filter(|&&outcome| outcome == "failed").count()
    };
    for (event, expected) in [
        ("app", 2),
        ("app[0]", 1),
        ("app[1]", 1),
        ("orders", 2),
        ("orders.primary", 2),
        ("box", 2),
        ("us", 1),
        ("eu", 2),
    ] {
        assert_eq!(failed(event), expected, "{event}");
    }
}

#[test]
fn e9_messages_wait_for_a_consumer_that_has_crashed() {
    let text = |replicas: u32, keys: &str| {
        format!(
            "[workload.jobs]\nto = \"letters\"\ntrace = \"jobs.csv\"\n[queue.letters]\nconsumer = \"mailer\"\n{keys}\n\
             [service.mailer]\nthreads = 1\nreplicas = {replicas}\nsteps = [{{ wait = \"0.5s\" }}]\n"
        )
    };
    let delivered = |text: &str, crash: &str| {
        let crash = format!("at = \"0.25s\"\nfor = \"10s\"\ncrash = {crash}");
        let results = replay(&with(text, &crash), "time\n0\n1\n2\n");
        let queue = &results.queues["letters"];
        (queue.delivered, queue.redelivered, queue.dead_lettered)
    };
    let limited = "redeliver-after = \"1s\"\ndead-letter-after = 3";
    for crash in ["\"mailer\"", "{ what = \"mailer\", silent = true }"] {
        assert_eq!(delivered(&text(1, limited), crash), (4, 1, 0));
        assert_eq!(delivered(&text(1, ""), crash), (4, 1, 0));
    }
    // The other replica takes them.
    assert_eq!(delivered(&text(2, limited), "\"mailer[0]\"").2, 0);
    assert_eq!(delivered(&text(2, "partitions = 2"), "\"mailer[0]\"").2, 0);
}
