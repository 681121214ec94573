use super::*;

fn value(estimate: Option<knee::experiment::results::Estimate>) -> f64 {
    estimate.and_then(|estimate| estimate.value).expect("a value")
}

#[test]
fn a1_a_pause_stops_all_servers_and_work_goes_on_where_it_stopped() {
    let pausing = "pauses = { every = \"4s\", for = \"1s\" }";
    assert_eq!(ends(&replay(&desk(pausing), "time,service-time\n0,3\n3,2\n")), [3.0, 6.0]);
    let two = desk(&format!("servers = 2\n{pausing}"));
    assert_eq!(ends(&replay(&two, "time,service-time\n0,3\n3,2\n3,2\n")), [3.0, 6.0, 6.0]);
    let endless = desk(&format!("servers = \"infinite\"\n{pausing}"));
    assert_eq!(ends(&replay(&endless, "time,service-time\n0,3\n3,2\n3,2\n")), [3.0, 6.0, 6.0]);
}

#[test]
fn a1_pauses_that_overlap_follow_each_other() {
    let text = "[workload.w]\nto = \"desk\"\narrivals = { constant = \"1/s\" }\n\
                [station.desk]\nservice-time = \"1s\"\npauses = { every = \"2s\", for = \"3s\" }\n\
                [run]\nduration = \"10s\"\nwarm-up = \"0s\"\nreplications = 1\n";
    let results = run(text, &[]);
    assert_eq!(value(results.stations.get("desk").expect("a desk").down), 0.8);
    assert_eq!(results.unstable, ["desk"]);
}

#[test]
fn a2_a_service_complete_at_the_instant_of_a_pause_is_complete() {
    let results = replay(&desk("pauses = { every = \"4s\", for = \"1s\" }"), "time,service-time\n0,4\n4,1\n");
    assert_eq!(ends(&results), [4.0, 6.0]);
}

#[test]
fn a3_a_server_is_up_for_a_time_and_then_repaired() {
    let failing = desk("fails = { every = \"3s\", repair = \"1s\" }");
    assert_eq!(ends(&replay(&failing, "time,service-time\n0,5\n")), [6.0]);
}

#[test]
fn a4_only_work_wears_out() {
    let failing = desk("fails = { every = \"3s\", repair = \"1s\", only = \"busy\" }");
    assert_eq!(ends(&replay(&failing, "time,service-time\n1,2\n10,2\n")), [3.0, 13.0]);
}

#[test]
fn a5_an_idle_server_fails_before_one_that_works() {
    // Both fail at 3: the idle one, and then the one that works.
    let two = desk("servers = 2\nfails = { every = \"3s\", repair = \"1s\" }");
    assert_eq!(ends(&replay(&two, "time,service-time\n0,5\n")), [6.0]);
    let one = desk("servers = 2\nfails = { every = \"3s\", repair = \"10s\" }\n[station.other]\nservice-time = \"1s\"");
    assert_eq!(ends(&replay(&one, "time,service-time\n0,3\n")), [3.0]);
}

#[test]
fn a6_the_interrupted_go_on_first_unless_the_discipline_interrupts() {
    let jobs = "time,service-time\n0,6\n4.5,1\n";
    let pausing =
        |discipline: &str| desk(&format!("discipline = \"{discipline}\"\npauses = {{ every = \"4s\", for = \"1s\" }}"));
    assert_eq!(ends(&replay(&pausing("fifo"), jobs)), [7.0, 8.0]);
    assert_eq!(ends(&replay(&pausing("lifo"), jobs)), [7.0, 8.0]);
    assert_eq!(ends(&replay(&pausing("preemptive-lifo"), jobs)), [8.0, 6.0]);
    assert_eq!(ends(&replay(&pausing("shortest-remaining-first"), jobs)), [8.0, 6.0]);
}

#[test]
fn a7_shared_service_stands_still_without_servers() {
    let shared = desk("discipline = \"processor-sharing\"\npauses = { every = \"3s\", for = \"1s\" }");
    let results = replay(&shared, "time,service-time\n0,2\n0,2\n");
    assert_eq!(ends(&results), [5.0, 5.0]);
    assert!(results.checks.utilization_law && results.checks.little);
}

#[test]
fn a8_a_server_without_work_goes_on_vacation_again_and_again() {
    let text = desk("vacation = \"2s\"");
    assert_eq!(ends(&replay(&text, "time,service-time\n1,1\n3.5,1\n")), [3.0, 6.0]);
}

#[test]
fn a9_a_cold_server_is_started_by_a_customer_who_waits() {
    let text = desk("set-up = \"1s\"");
    let results = replay(&text, "time,service-time\n1,1\n2.5,1\n5,1\n");
    assert_eq!(ends(&results), [3.0, 4.0, 7.0]);
    let set_ups = value(results.stations.get("desk").expect("a desk").set_ups) * results.scenario.duration_s;
    assert!((set_ups - 2.0).abs() < 1e-9);
    // One server for each who waits, and none for whom a server will be ready.
    let three = desk("servers = 3\nset-up = \"1s\"");
    assert_eq!(ends(&replay(&three, "time,service-time\n0,1\n0,1\n0.5,1\n")), [2.0, 2.0, 2.5]);
}

#[test]
fn a10_an_idle_server_is_kept_for_a_while() {
    let text = desk("set-up = \"1s\"\nkeep-alive = \"2s\"");
    assert_eq!(ends(&replay(&text, "time,service-time\n1,1\n5,1\n9,1\n")), [3.0, 6.0, 11.0]);
    // Of two idle servers the one that was used last works; so the other one is switched off first.
    let two = desk("servers = 2\nset-up = \"1s\"\nkeep-alive = \"2s\"");
    let results = replay(&two, "time,service-time\n0,1\n0,1\n3,1\n5,1\n5.5,1\n");
    assert_eq!(ends(&results), [2.0, 2.0, 4.0, 6.0, 7.0]);
}

#[test]
fn a11_busy_is_a_share_of_the_servers_that_are_there() {
    let text = "[workload.w]\nto = \"desk\"\nusers = 1\n\
                [station.desk]\nservice-time = \"1s\"\npauses = { every = \"4s\", for = \"1s\" }\n\
                [run]\nduration = \"8s\"\nwarm-up = \"0s\"\nreplications = 1\n";
    let results = run(text, &[]);
    let desk = results.stations.get("desk").expect("a desk");
    assert_eq!((value(desk.down), desk.utilization.value), (0.125, Some(1.0)));
    assert_eq!(desk.queue_length.and_then(|length| length.value), Some(0.125));
}

#[test]
fn a11_a_server_on_vacation_could_as_well_be_idle() {
    let shares = |text: &str| {
        let results = replay(text, "time,service-time\n0.5,1\n3.5,1\n");
        assert_eq!(ends(&results), [2.0, 5.0]);
        let desk = results.stations.get("desk").expect("a desk");
        (value(desk.down), desk.utilization.value)
    };
    let text = desk("vacation = \"1s\"");
    assert_eq!(shares(&text), (0.6, Some(0.4)));
    // A pause within a vacation is a pause.
    assert_eq!(shares(&(text + "pauses = { every = \"2.5s\", for = \"500ms\" }\n")), (0.6, Some(2.0 / 4.5)));
}

/// Two stations in a row, of which the second has room for one.
const LINE: &str = "[workload.jobs]\nto = \"line\"\ntrace = \"jobs.csv\"\n\
     [service.line]\nsteps = [{ visit = \"first\" }, { visit = \"second\" }]\n\
     [station.first]\nservice-time = \"1s\"\n\
     [station.second]\nservice-time = \"3s\"\ncapacity = 1\nwhen-full = \"block-upstream\"\n";

#[test]
fn a12_who_finds_no_room_stays_on_his_server() {
    let results = replay(LINE, "time\n0\n0\n0\n");
    assert_eq!(ends(&results), [4.0, 7.0, 10.0]);
    let first = results.stations.get("first").expect("a station");
    // Busy for 3 of 10 s; the second and the third stay for 2 s each after their service.
    assert_eq!(first.utilization.value, Some(0.3));
    assert_eq!(value(results.stations.get("second").expect("a station").blocked), 0.4);
    assert!((first.response.mean.value.expect("a mean") - (1.0 + 4.0 + 7.0) / 3.0).abs() < 1e-9);
    assert!(results.checks.little && results.checks.flow_balance && results.checks.utilization_law);
}

#[test]
fn a13_who_comes_from_outside_waits_at_the_door() {
    let text = desk("service-time = \"3s\"\ncapacity = 1\nwhen-full = \"block-upstream\"");
    let results = replay(&text, "time\n0\n1\n2\n");
    assert_eq!((ends(&results), outcomes(&results)), (vec![3.0, 6.0, 9.0], vec!["ok"; 3]));
    assert_eq!(results.stations.get("desk").expect("a desk").in_system.value, Some(1.0));
}

#[test]
fn a13_who_came_to_the_door_first_comes_in_first() {
    // The one from outside comes at 1.5, between the two from the first station.
    let text = format!("{LINE}[workload.late]\nto = \"second\"\ntrace = \"late.csv\"\n{ONCE}");
    let results = run(&text, &[("jobs.csv", "time\n0\n0\n1.8\n"), ("late.csv", "time\n1.5\n")]);
    assert_eq!(ends_of(&results, "late"), [7.0]);
    assert_eq!(ends(&results), [4.0, 10.0, 13.0]);
}

#[test]
fn a14_who_gives_up_at_the_door_is_gone_from_where_he_stood() {
    let slow = "[workload.slow]\nto = \"second\"\ntrace = \"slow.csv\"\n";
    let impatient = "timeout = \"3s\"\nlosers = \"cancel\"";
    let line = LINE.replace("trace = \"jobs.csv\"", &format!("trace = \"jobs.csv\"\n{impatient}"));
    let text = format!("{line}{slow}{ONCE}");
    let results = run(&text, &[("jobs.csv", "time\n0\n2\n"), ("slow.csv", "time,service-time\n0,10\n")]);
    assert_eq!((ends(&results), ends_of(&results, "slow")), (vec![3.0, 5.0], vec![10.0]));
    assert_eq!((served(&results, "first"), served(&results, "second")), (2.0, 1.0));
    let alone = "service-time = \"3s\"\ncapacity = 1\nwhen-full = \"block-upstream\"";
    let text = desk(alone).replace("to =", "timeout = \"2s\"\nlosers = \"cancel-queued\"\nto =");
    let results = replay(&text, "time\n0\n0.5\n");
    assert_eq!((outcomes(&results), served(&results, "desk")), (vec!["timed-out"; 2], 1.0));
}

#[test]
fn a15_one_service_for_all_who_wait_up_to_a_number() {
    let text = desk("service-time = \"1s\"\nbatch = { max = 2 }");
    let results = replay(&text, "time\n0\n0.5\n0.5\n0.5\n");
    assert_eq!(ends(&results), [1.0, 2.0, 2.0, 3.0]);
    let desk = results.stations.get("desk").expect("a desk");
    assert!((value(desk.batch_size) - 4.0 / 3.0).abs() < 1e-12);
    assert_eq!((desk.utilization.value, desk.service.mean.value), (Some(1.0), Some(1.0)));
    // Three wait from 0.5 to 1 s, one of them until 2 s: by Little's law as many as `wait` says.
    assert_eq!(desk.queue_length.and_then(|length| length.value), Some(2.5 / 3.0));
    assert_eq!(desk.wait.mean.value, Some(2.5 / 4.0));
    assert!(results.checks.utilization_law && results.checks.little);
}

#[test]
fn a15_the_first_brings_the_service_time_and_may_leave_the_others() {
    let jobs = "time,service-time\n0,1\n0.5,2\n0.5,5\n";
    let text = desk("batch = { max = 2 }");
    assert_eq!(ends(&replay(&text, jobs)), [1.0, 3.0, 3.0]);
    let impatient = text.replace("to =", "timeout = \"1.5s\"\nlosers = \"cancel\"\nto =");
    let results = replay(&impatient, "time,service-time\n0,1\n0.25,2\n0.75,5\n");
    assert_eq!((ends(&results), outcomes(&results)), (vec![1.0, 1.75, 2.25], vec!["ok", "timed-out", "timed-out"]));
    assert!(results.checks.utilization_law && results.checks.little && results.checks.flow_balance);
}

#[test]
fn a15_a_pause_stops_a_service_of_many() {
    let text = desk("service-time = \"2s\"\nbatch = { max = 3 }\npauses = { every = \"3s\", for = \"1s\" }");
    let results = replay(&text, "time\n0\n1\n1\n3.5\n");
    assert_eq!(ends(&results), [2.0, 5.0, 5.0, 8.0]);
    // Two wait from 1 to 2 s and while they are stopped from 3 to 4 s; one from 3.5 to 5 s, and from 6 to 7 s.
    let queue = results.stations.get("desk").expect("a desk").queue_length.and_then(|length| length.value);
    assert_eq!(queue, Some(6.5 / 8.0));
    assert!(results.checks.utilization_law && results.checks.little);
}

#[test]
fn a16_customers_slow_each_other() {
    let slow = "slowdown = { contention = 0.5, coherency = 0.25 }";
    let results = replay(&desk(&format!("servers = \"infinite\"\n{slow}")), "time,service-time\n0,1\n0,1\n");
    // 1 + 0.5 · 1 + 0.25 · 2 · 1.
    assert_eq!(ends(&results), [2.0, 2.0]);
    assert_eq!(results.stations.get("desk").expect("a desk").service.mean.value, Some(2.0));
    assert!(results.checks.utilization_law);
    let shared = desk(&format!("discipline = \"processor-sharing\"\n{slow}"));
    let results = replay(&shared, "time,service-time\n0,1\n0,1\n");
    assert_eq!(ends(&results), [4.0, 4.0]);
    assert_eq!(results.stations.get("desk").expect("a desk").service.mean.value, Some(2.0));
}

#[test]
fn a17_absences_do_not_keep_a_run_going() {
    let text = desk("pauses = { every = \"4s\", for = \"100s\" }");
    assert_eq!(replay(&text, "time,service-time\n0,3\n").scenario.duration_s, 3.0);
    // Each stands on the server that the other one waits for.
    let text = "[workload.one]\nto = \"there\"\ntrace = \"jobs.csv\"\n[workload.other]\nto = \"back\"\ntrace = \"jobs.csv\"\n\
         [service.there]\nsteps = [{ visit = \"a\" }, { visit = \"b\" }]\n\
         [service.back]\nsteps = [{ visit = \"b\" }, { visit = \"a\" }]\n\
         [station.a]\nservice-time = \"1s\"\ncapacity = 1\nwhen-full = \"block-upstream\"\n\
         [station.b]\nservice-time = \"1s\"\ncapacity = 1\nwhen-full = \"block-upstream\"\n\
         pauses = { every = \"1s\", for = \"1ms\" }\n";
    let results = replay(text, "time\n0\n");
    assert_eq!(results.workloads["one"].throughput.value, Some(0.0));
}

#[test]
fn a18_a_service_pauses_its_processors_and_starts_its_threads() {
    let pausing =
        "machine = \"box\"\npauses = { every = \"2s\", for = \"1s\" }\nsteps = [{ cpu = \"3s\" }]\n[machine.box]";
    assert_eq!(ends(&replay(&app(pausing), "time\n0\n")), [4.0]);
    let cold = "threads = 1\nset-up = \"1s\"\nkeep-alive = \"5s\"\nsteps = [{ wait = \"1s\" }]";
    assert_eq!(ends(&replay(&app(cold), "time\n0\n3\n10\n")), [2.0, 4.0, 12.0]);
    let failing = "machine = \"box\"\nsteps = [{ cpu = \"3s\" }]\n[machine.box]\ncores = 2\nfails = { every = \"2s\", repair = \"5s\" }";
    assert_eq!(ends(&replay(&app(failing), "time\n0\n")), [8.0]);
}

/// Who gives up while served together with others is served like anybody else where it goes next.
#[test]
fn a_caller_who_gives_up_on_a_ride_is_not_riding() {
    let text = "[run]\nduration = \"4s\"\nwarm-up = \"500ms\"\nreplications = 20\n\
                [station.bus]\nservice-time = { exponential = \"17ms\" }\nbatch = { max = 4 }\n\
                [balancer.gate]\nto = [\"bus\"]\nservice-time = { exponential = \"3ms\" }\n\
                [workload.w]\nto = \"gate\"\nusers = 6\nthink-time = \"10ms\"\ndeadline = \"30ms\"\n";
    assert!(run(text, &[]).checks.utilization_law);
}
