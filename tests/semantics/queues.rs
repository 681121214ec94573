//! Messages and batches.

use knee::experiment::results::{QueueResult, Results};

use super::{app, ends, outcomes, problems, replay, run, served};

/// `app` publishes to `emails`, which has these keys; these are the consumer's.
fn queue(keys: &str, mailer: &str) -> String {
    let steps = "steps = [{ publish = \"emails\" }]\n";
    app(&format!("{steps}[queue.emails]\nconsumer = \"mailer\"\n{keys}\n[service.mailer]\n{mailer}\n"))
}

fn emails(results: &Results) -> &QueueResult {
    &results.queues["emails"]
}

/// Whatever came is somewhere; the laws hold.
fn check(results: &Results) {
    for queue in results.queues.values() {
        let came = queue.at_start + queue.published + queue.republished;
        assert_eq!(came, queue.acknowledged + queue.dead_lettered + queue.lost + queue.at_end, "{queue:?}");
        assert!(queue.duplicates <= queue.effects && queue.redelivered <= queue.delivered);
    }
    assert!(results.checks.little && results.checks.flow_balance && results.checks.utilization_law);
}

#[test]
fn s36_a_workload_may_publish_by_itself() {
    let through = queue("acknowledge = \"1s\"", "threads = 1\nsteps = [{ wait = \"2s\" }]");
    for to in ["app", "emails"] {
        let text = through.replace("to = \"app\"", &format!("to = \"{to}\""));
        let results = replay(&text, "time\n0\n0\n3\n");
        check(&results);
        assert_eq!(ends(&results), [1.0, 1.0, 4.0]);
        assert_eq!((emails(&results).published, emails(&results).effects), (3, 3));
    }
}

#[test]
fn q1_a_message_waits_in_its_queue_until_a_thread_is_free() {
    let results = replay(&queue("", "threads = 1\nsteps = [{ wait = \"2s\" }]"), "time\n0\n0\n0\n");
    check(&results);
    assert_eq!(ends(&results), [0.0, 0.0, 0.0]);
    // Delivered at 0, 2 and 4 s.
    assert_eq!(emails(&results).lag.value, Some(2.0));
    assert_eq!(emails(&results).lag_max, Some(4.0));
    assert_eq!(emails(&results).depth_max, 2);
    assert_eq!(emails(&results).depth.value, Some(6.0 / 6.0));
    assert_eq!(results.stations.get("mailer.threads").unwrap().wait.mean.value, Some(0.0));
    assert_eq!(results.stations.get("emails").unwrap().wait.mean.value, Some(2.0));
}

#[test]
fn q1_the_replica_with_the_fewest_requests_takes_it() {
    let text = queue("", "replicas = 3\nthreads = 1\nsteps = [{ wait = \"2s\" }]");
    let results = replay(&text, "time\n0\n0\n0\n1\n");
    check(&results);
    assert_eq!(results.scenario.duration_s, 4.0);
    assert_eq!(emails(&results).lag_max, Some(1.0));
}

#[test]
fn q2_each_consumer_of_a_topic_gets_every_message() {
    let text = app("steps = [{ publish = \"orders\" }]\n[queue.orders]\nconsumers = [\"mailer\", \"stock.take\"]\n\
         [service.mailer]\nsteps = [{ wait = \"1s\" }]\n[service.stock.operation.take]\nsteps = [{ wait = \"3s\" }]\n");
    let results = replay(&text, "time\n0\n0\n");
    check(&results);
    assert_eq!(results.scenario.duration_s, 3.0);
    for queue in ["orders.mailer", "orders.stock.take"] {
        assert_eq!((results.queues[queue].published, results.queues[queue].effects), (2, 2));
    }
}

#[test]
fn q3_a_message_whose_time_is_up_is_delivered_again_and_the_first_work_goes_on() {
    let keys = "redeliver-after = \"3s\"\ndead-letter-after = 2";
    let results = replay(&queue(keys, "steps = [{ wait = \"5s\" }]"), "time\n0\n");
    check(&results);
    // Delivered at 0 and 3 s; given up at 6 s; the works end at 5 and 8 s.
    let queue = emails(&results);
    assert_eq!((queue.delivered, queue.redelivered, queue.dead_lettered), (2, 1, 1));
    assert_eq!((queue.effects, queue.duplicates, queue.acknowledged), (2, 1, 0));
    assert_eq!(results.scenario.duration_s, 8.0);
}

#[test]
fn q3_an_acknowledgement_at_that_instant_is_in_time() {
    let results = replay(&queue("redeliver-after = \"5s\"", "steps = [{ wait = \"5s\" }]"), "time\n0\n");
    check(&results);
    assert_eq!((emails(&results).delivered, emails(&results).acknowledged), (1, 1));
}

#[test]
fn q4_a_failed_delivery_comes_back_when_its_time_is_up_or_at_once() {
    let fails = "steps = [{ wait = \"1s\" }, { fail = 1.0 }]";
    for (keys, end) in [("", 3.0), ("redeliver-after = \"10s\"", 30.0)] {
        let results = replay(&queue(&format!("{keys}\ndead-letter-after = 3"), fails), "time\n0\n");
        check(&results);
        let queue = emails(&results);
        assert_eq!((queue.delivered, queue.dead_lettered, queue.effects), (3, 1, 0));
        assert_eq!(results.scenario.duration_s, end, "{keys}");
    }
}

#[test]
fn q4_dead_letters_go_to_another_queue() {
    let keys = "dead-letter-after = 2\ndead-letter-to = \"dead\"\n[queue.dead]\nconsumer = \"clerk\"\n\
                [service.clerk]\nsteps = [{ wait = \"7s\" }]";
    let results = replay(&queue(keys, "steps = [{ fail = 1.0 }]"), "time\n0\n");
    check(&results);
    assert_eq!((emails(&results).dead_lettered, results.queues["dead"].effects), (1, 1));
    assert_eq!(results.scenario.duration_s, 7.0);
}

#[test]
fn q5_at_most_once_loses_what_fails() {
    let results = replay(&queue("delivery = \"at-most-once\"", "steps = [{ fail = 1.0 }]"), "time\n0\n0\n");
    check(&results);
    assert_eq!((emails(&results).delivered, emails(&results).lost), (2, 2));
}

#[test]
fn q6_a_partition_is_worked_on_in_order_one_at_a_time_by_its_own_replica() {
    let text = queue("partitions = 3", "replicas = 2\nthreads = 1\nsteps = [{ wait = \"1s\" }]");
    // Partitions 0, 1, 2, 0: replica 0 has partitions 0 and 2.
    let results = replay(&text, "time\n0\n0\n0\n0\n");
    check(&results);
    assert_eq!(results.scenario.duration_s, 3.0);
    assert_eq!(results.stations.get("mailer[1].threads").unwrap().utilization.value, Some(1.0 / 3.0));
}

#[test]
fn q6_what_comes_back_to_a_partition_comes_before_the_others() {
    let keys = "partitions = 1\nredeliver-after = \"4s\"\ndead-letter-after = 2";
    let results = replay(&queue(keys, "steps = [{ wait = \"1s\" }, { fail = 1.0 }]"), "time\n0\n1\n");
    check(&results);
    // The first at 0 and 4 s, then the second at 8 and 12 s.
    assert_eq!(emails(&results).lag_max, Some(7.0));
    assert_eq!(results.scenario.duration_s, 16.0);
}

#[test]
fn q7_a_full_queue_refuses_publishers_or_makes_them_wait() {
    let mailer = "threads = 1\nsteps = [{ wait = \"2s\" }]";
    let refused = replay(&queue("capacity = 1", mailer), "time\n0\n0\n0\n0\n");
    check(&refused);
    assert_eq!(outcomes(&refused), ["ok", "ok", "rejected", "rejected"]);
    let blocked = replay(&queue("capacity = 1\nwhen-full = \"block\"", mailer), "time\n0\n0\n0\n0\n");
    check(&blocked);
    assert_eq!(ends(&blocked), [0.0, 0.0, 2.0, 4.0]);
    assert_eq!(blocked.stations.get("emails.publishers").unwrap().wait.mean.value, Some(3.0));
}

#[test]
fn q8_the_most_urgent_message_is_next() {
    let text = "[workload.jobs]\nto = \"app\"\ntrace = \"jobs.csv\"\npriority = 5\n\
         [workload.urgent]\nto = \"app\"\ntrace = \"urgent.csv\"\npriority = 1\n\
         [service.app]\nsteps = [{ publish = \"emails\" }]\n[queue.emails]\nconsumer = \"mailer\"\ndiscipline = \"priority\"\n\
         [service.mailer]\nthreads = 1\nsteps = [{ visit = \"desk\" }]\n[station.desk]\nservice-time = \"1s\"\n";
    let files = [("jobs.csv", "time,service-time\n0,10\n0,3\n"), ("urgent.csv", "time,service-time\n1,1\n")];
    let results = run(&format!("{text}{}", super::ONCE), &files);
    check(&results);
    // At 10 s the urgent one, at 11 s the other: lags 0, 11 and 9 s.
    assert_eq!(results.queues["emails"].lag_max, Some(11.0));
}

#[test]
fn q9_a_call_of_the_consumer_takes_many_messages() {
    let keys = "batch = { max = 3, linger = \"2s\" }";
    let results = replay(&queue(keys, "threads = 1\nsteps = [{ wait = \"10s\" }]"), "time\n0\n1\n1.5\n5\n6\n20\n");
    check(&results);
    // Three at 1.5 s, since they are enough; two at 11.5 s; one at 22 s, which has waited 2 s.
    assert_eq!(results.scenario.duration_s, 32.0);
    assert_eq!(served(&results, "mailer.threads"), 3.0);
    assert_eq!(results.stations.get("emails").unwrap().batch_size.unwrap().value, Some(2.0));
    assert_eq!(emails(&results).effects, 6);
}

#[test]
fn q9_the_messages_of_a_failed_call_come_back_together() {
    let keys = "partitions = 1\nbatch = { max = 2 }\ndead-letter-after = 2";
    let results = replay(&queue(keys, "steps = [{ wait = \"1s\" }, { fail = 1.0 }]"), "time\n0\n0.5\n0.5\n");
    check(&results);
    // The first from 0 to 1 s, with the second to 2 s; the second with the third to 3 s; the third alone to 4 s.
    assert_eq!(emails(&results).dead_lettered, 3);
    assert_eq!(served(&results, "mailer.threads"), 4.0);
    assert_eq!(results.scenario.duration_s, 4.0);
}

#[test]
fn q10_a_relay_publishes_what_was_written_down_at_multiples_of_its_period() {
    let keys = "acknowledge = \"100ms\"\noutbox = { poll = \"2s\" }";
    let results = replay(&queue(keys, "steps = [{ wait = \"1s\" }]"), "time\n0.5\n2\n");
    check(&results);
    assert_eq!(ends(&results), [0.5, 2.0]);
    // At 2 s and at 4 s, and 0.1 s for the broker.
    let delay = emails(&results).publish_delay.unwrap().mean.value.unwrap();
    assert!((delay - (1.6 + 2.1) / 2.0).abs() < 1e-12, "{delay}");
    assert_eq!(results.scenario.duration_s, 5.1);
}

#[test]
fn q11_an_inbox_drops_what_has_been_processed() {
    let keys = "inbox = true\noutbox = { poll = \"1s\", crash-before-mark = 0.5 }";
    let rows = "0.5\n".repeat(100);
    let results = replay(&queue(keys, "steps = [{ wait = \"100ms\" }]"), &format!("time\n{rows}"));
    check(&results);
    let queue = emails(&results);
    assert_eq!((queue.effects, queue.duplicates), (100, 0));
    assert_eq!(queue.suppressed, queue.republished);
    assert!((50..200).contains(&queue.republished), "{}", queue.republished);
    assert_eq!(served(&results, "mailer.threads"), 100.0);
}

#[test]
fn q12_while_the_broker_is_out_publishers_fail_and_nothing_in_it_is_lost() {
    let keys = "outages = [{ at = \"10s\", for = \"5s\" }]";
    let mailer = "threads = 1\nsteps = [{ wait = \"4s\" }]";
    let results = replay(&queue(keys, mailer), "time\n8\n9\n10\n14.9\n15\n");
    check(&results);
    assert_eq!(outcomes(&results), ["ok", "ok", "failed", "failed", "ok"]);
    // 8 to 12 s, 15 to 19 s, 19 to 23 s.
    assert_eq!(results.scenario.duration_s, 23.0);
    assert_eq!(emails(&results).effects, 3);
}

#[test]
fn q12_a_relay_tries_again_when_the_broker_is_out() {
    let keys = "outbox = { poll = \"1s\" }\noutages = [{ at = \"1s\", for = \"3s\" }]";
    let results = replay(&queue(keys, "steps = [{ wait = \"1s\" }]"), "time\n0.5\n2.5\n");
    check(&results);
    assert_eq!(outcomes(&results), ["ok", "ok"]);
    assert_eq!(emails(&results).publish_delay.unwrap().mean.value, Some((3.5 + 1.5) / 2.0));
}

#[test]
fn q13_a_batch_goes_when_it_is_full_or_has_lingered() {
    let text = app("steps = [{ batch = { size = 3, linger = \"2s\" } }]");
    let results = replay(&text, "time\n0\n1\n3\n4\n4.5\n10\n");
    check(&results);
    // Two linger until 2 s, three are enough at 4.5 s, one lingers from 10 to 12 s.
    assert_eq!(ends(&results), [2.0, 2.0, 4.5, 4.5, 4.5, 12.0]);
    let room = results.stations.get("app.batch").unwrap();
    assert_eq!(room.batch_size.unwrap().value, Some(2.0));
    assert_eq!(room.wait.mean.value, Some((2.0 + 1.0 + 1.5 + 0.5 + 2.0) / 6.0));
}

#[test]
fn q14_what_is_done_for_a_batch_is_done_once() {
    let steps = "[{ visit = \"disk\" }]";
    let disk = "[station.disk]\nservice-time = \"5s\"\n";
    let text = app(&format!("steps = [{{ batch = {{ size = 2, steps = {steps} }} }}]\n{disk}"));
    let results = replay(&text, "time\n0\n1\n2\n3\n");
    assert_eq!(ends(&results), [6.0, 6.0, 11.0, 11.0]);
    assert_eq!(served(&results, "disk"), 2.0);
    assert_eq!(results.stations.get("app.batch").unwrap().wait.mean.value, Some(0.5));
}

#[test]
fn q14_a_batch_that_fails_fails_for_all() {
    let text = app("steps = [{ batch = { size = 2, steps = [{ wait = \"1s\" }, { fail = 1.0 }] } }]");
    let results = replay(&text, "time\n0\n0\n");
    assert_eq!((ends(&results), outcomes(&results)), (vec![1.0, 1.0], vec!["failed", "failed"]));
}

#[test]
fn q15_who_gives_up_leaves_its_batch_to_the_others() {
    for losers in ["abandon", "cancel"] {
        let steps = "steps = [{ batch = { size = 3, linger = \"4s\", steps = [{ wait = \"3s\" }] } }]";
        let text = format!(
            "[workload.jobs]\nto = \"app\"\ntrace = \"jobs.csv\"\n[workload.hasty]\nto = \"app\"\ntrace = \"hasty.csv\"\n\
             timeout = \"1s\"\nlosers = \"{losers}\"\n[service.app]\n{steps}\n{}",
            super::ONCE
        );
        let results = run(&text, &[("jobs.csv", "time\n0.5\n"), ("hasty.csv", "time\n0\n4\n")]);
        assert_eq!(super::ends_of(&results, "hasty"), [1.0, 5.0]);
        // The batch that was opened at 0 s goes at 4 s.
        assert_eq!(super::ends_of(&results, "jobs"), [7.0], "{losers}");
        assert!(results.checks.little && results.checks.flow_balance && results.checks.utilization_law, "{losers}");
    }
}

#[test]
fn q16_messages_are_neither_made_nor_lost() {
    let text = "[workload.jobs]\nto = \"app\"\narrivals = { poisson = \"50/s\" }\nkeys = { uniform = 100 }\n\
         [service.app]\nsteps = [{ parallel = [[{ publish = \"a\" }], [{ publish = \"b\" }], [{ publish = \"c\" }]] }]\n\
         [queue.a]\nconsumers = [\"mailer\", \"clerk\"]\nredeliver-after = \"200ms\"\ndead-letter-after = 3\n\
         dead-letter-to = \"b\"\noutbox = { poll = \"500ms\", crash-before-mark = 0.2 }\ninbox = true\n\
         outages = [{ at = \"5s\", for = \"2s\" }]\n\
         [queue.b]\nconsumer = \"mailer\"\npartitions = { shares = [3, 1, 1] }\ncapacity = 5\nwhen-full = \"block\"\n\
         batch = { max = 4, linger = \"20ms\" }\ndead-letter-after = 2\noutages = [{ at = \"6s\", for = \"500ms\" }]\n\
         [queue.c]\nconsumer = \"clerk\"\ndelivery = \"at-most-once\"\nbatch = { max = 5 }\ncapacity = 3\n\
         [service.mailer]\nreplicas = 2\nthreads = 6\nsteps = [{ wait = { exponential = \"80ms\" } }, { fail = 0.2 }]\n\
         [service.clerk]\nthreads = 3\nsteps = [{ call = { to = \"desk\", timeout = \"100ms\", retry = { attempts = 2 } } }]\n\
         [station.desk]\nservers = 4\nservice-time = { exponential = \"30ms\" }\n\
         [run]\nduration = \"20s\"\nwarm-up = \"2s\"\nreplications = 3\n";
    let results = run(text, &[]);
    check(&results);
    let a = &results.queues["a.mailer"];
    let counts = [a.republished, a.redelivered, a.dead_lettered, a.suppressed, results.queues["c"].lost];
    assert!(counts.iter().all(|&count| count > 0), "{counts:?}");
    assert_eq!(a.duplicates, 0);
    assert!(results.stations.get("b.publishers").unwrap().throughput.value > Some(0.0));
}

#[test]
fn q17_mistakes_of_queues_are_said() {
    for (keys, said) in [
        ("consumers = [\"mailer\"]", "at the same time"),
        ("delivery = \"at-most-once\"\nredeliver-after = \"1s\"", "nothing is delivered again"),
        ("dead-letter-to = \"emails\"", "no message ever becomes a dead letter"),
        ("dead-letter-after = 2\ndead-letter-to = \"emails\"", "circle"),
        ("partitions = { shares = [0, 0] }", "no shares"),
        ("outbox = { poll = \"0s\" }", "`poll` is zero"),
        ("discipline = \"priority\"\npartitions = 2", "in order"),
    ] {
        let said_instead = problems(&queue(keys, "steps = [{ wait = \"1s\" }]"));
        assert!(said_instead.contains(said), "{said_instead}");
    }
    let said = problems(&app("steps = [{ batch = { steps = [] } }]"));
    assert!(said.contains("this batch never goes"), "{said}");
}

#[test]
fn q18_a_broker_elsewhere_is_behind_a_link() {
    let text = |keys: &str, consumer: &str| {
        format!(
            "[region.eu]\n[region.us]\n[link.a]\nbetween = [\"eu\", \"us\"]\nlatency = \"40ms\"\n\
             [workload.jobs]\nto = \"app\"\ntrace = \"jobs.csv\"\n\
             [service.app]\nregion = \"eu\"\nsteps = [{{ publish = \"emails\" }}]\n\
             [queue.emails]\nregion = \"us\"\nconsumer = \"worker\"\nacknowledge = \"1ms\"\n{keys}\n\
             [service.worker]\nregion = \"{consumer}\"\nthreads = 1\nsteps = [{{ wait = \"2ms\" }}]\n"
        )
    };
    let results = |keys: &str, consumer: &str| replay(&text(keys, consumer), "time\n0\n0\n");
    for (consumer, processed) in [("us", 0.002), ("eu", 0.082)] {
        // Both are accepted at 41 ms, and the second waits until the only worker has done the first.
        let results = results("", consumer);
        assert_eq!(ends(&results), [0.081, 0.081], "{consumer}");
        let waited = results.queues["emails"].lag_max.expect("messages");
        assert!((waited - processed).abs() < 1e-9, "{consumer}: {waited}");
    }
    let outbox = results("outbox = { poll = \"10ms\" }", "us");
    assert_eq!(ends(&outbox), [0.0, 0.0]);
    let missing = text("", "us").replace(
        "between = [\"eu\", \"us\"]",
        "between = [\"eu\", \"ap\"]\n[region.ap]\n[link.b]\nbetween = [\"us\", \"ap\"]",
    );
    let missing = missing.replace("trace = \"jobs.csv\"", "users = 1");
    assert!(problems(&missing).contains("no link between `eu` and `us`"), "{}", problems(&missing));
}
