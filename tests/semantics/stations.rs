use super::*;

fn served_by(discipline: &str, jobs: &str) -> Vec<f64> {
    ends(&replay(&desk(&format!("discipline = \"{discipline}\"")), jobs))
}

#[test]
fn s20_service_is_drawn_on_arrival_under_every_discipline() {
    let rows = "0\n".repeat(40);
    let makespan = |discipline: &str| {
        let desk = desk(&format!("discipline = \"{discipline}\"\nservice-time = {{ exponential = \"1s\" }}"));
        replay(&desk, &format!("time\n{rows}")).scenario.duration_s
    };
    let fifo = makespan("fifo");
    for discipline in ["lifo", "random", "shortest-job-first", "shortest-remaining-first", "preemptive-lifo"] {
        assert_eq!(makespan(discipline), fifo, "{discipline}");
    }
    assert!((makespan("processor-sharing") - fifo).abs() < 1e-9);
}

#[test]
fn s20_who_is_turned_away_has_drawn_too() {
    let last = |capacity: &str| {
        let desk = desk(&format!("{capacity}\nservice-time = {{ exponential = \"1s\" }}"));
        let results = replay(&desk, "time\n0\n0\n100\n");
        *ends(&results).last().expect("three jobs")
    };
    assert_eq!(last("capacity = 1"), last(""));
}

#[test]
fn s21_capacity_counts_those_in_service() {
    let results = replay(&desk("capacity = 2"), "time,service-time\n0,1\n0,1\n0,1\n");
    assert_eq!(outcomes(&results), ["ok", "ok", "rejected"]);
    assert_eq!(results.stations.get("desk").and_then(|desk| desk.rejected), Some(1));
}

#[test]
fn s22_patience_is_for_the_first_service() {
    let desk = desk("discipline = \"preemptive-priority\"\npatience = \"2s\"");
    let results = replay(&desk, "time,service-time,priority\n0,3,1\n1,5,0\n");
    assert_eq!(outcomes(&results), ["ok", "ok"]);
    assert_eq!(ends(&results), [8.0, 6.0]);
}

#[test]
fn s23_who_leaves_counts_in_wait_all() {
    let results = replay(&desk("patience = \"2s\""), "time,service-time\n0,5\n0,5\n");
    assert_eq!(outcomes(&results), ["ok", "abandoned"]);
    assert_eq!(ends(&results), [5.0, 2.0]);
    let desk = results.stations.get("desk").expect("a desk");
    assert_eq!((desk.abandoned, desk.wait.mean.value), (Some(1), Some(0.0)));
    assert_eq!(desk.wait_all.and_then(|wait| wait.mean.value), Some(1.0));
}

#[test]
fn s24_each_discipline_has_its_order_and_some_never_interrupt() {
    let jobs = "time,service-time,priority\n0,4,5\n1,3,2\n2,2,1\n3,1,1\n";
    for (discipline, expected) in [
        ("fifo", [4.0, 7.0, 9.0, 10.0]),
        ("lifo", [4.0, 10.0, 7.0, 5.0]),
        ("shortest-job-first", [4.0, 10.0, 7.0, 5.0]),
        ("priority", [4.0, 10.0, 6.0, 7.0]),
    ] {
        assert_eq!(served_by(discipline, jobs), expected, "{discipline}");
    }
}

#[test]
fn s25_interrupted_work_resumes() {
    let jobs = "time,service-time,priority\n0,4,5\n1,3,2\n2,1,3\n";
    for (discipline, expected) in [
        ("preemptive-priority", [8.0, 4.0, 5.0]),
        ("preemptive-lifo", [8.0, 5.0, 3.0]),
        ("shortest-remaining-first", [5.0, 8.0, 3.0]),
    ] {
        assert_eq!(served_by(discipline, jobs), expected, "{discipline}");
    }
}

#[test]
fn s25_equals_do_not_interrupt_each_other() {
    let equal = served_by("preemptive-priority", "time,service-time,priority\n0,3,1\n1,1,1\n");
    assert_eq!(equal, [3.0, 4.0]);
    assert_eq!(served_by("shortest-remaining-first", "time,service-time\n0,3\n1,2\n"), [3.0, 5.0]);
}

#[test]
fn s25_the_least_urgent_in_service_is_interrupted() {
    let desk = desk("servers = 2\ndiscipline = \"preemptive-priority\"");
    let results = replay(&desk, "time,service-time,priority\n0,10,1\n0,10,2\n1,2,0\n");
    assert_eq!(ends(&results), [10.0, 12.0, 3.0]);
}

#[test]
fn s26_the_interrupted_is_ahead_of_later_arrivals_of_its_rank() {
    let jobs = "time,service-time,priority\n0,4,1\n1,1,0\n1.5,1,1\n";
    assert_eq!(served_by("preemptive-priority", jobs), [5.0, 2.0, 6.0]);
}

#[test]
fn s27_round_robin_takes_turns() {
    let desk = desk("discipline = { round-robin = { quantum = \"2s\" } }");
    let results = replay(&desk, "time,service-time\n0,5\n0,2\n0,3\n");
    assert_eq!(ends(&results), [10.0, 4.0, 9.0]);
}

#[test]
fn s28_processor_sharing_shares_equally() {
    assert_eq!(served_by("processor-sharing", "time,service-time\n0,2\n1,2\n"), [3.0, 4.0]);
    let two = desk("servers = 2\ndiscipline = \"processor-sharing\"");
    // Alone a job uses one server only; three share two.
    let results = replay(&two, "time,service-time\n0,3\n1,3\n1,3\n");
    assert_eq!(ends(&results), [4.0, 5.0, 5.0]);
}

#[test]
fn s28_a_shared_completion_between_ticks_happens_at_the_later_one() {
    let jobs = "time,service-time\n0,0.000000000001\n0,0.000000000001\n0,0.000000000002\n";
    assert_eq!(served_by("processor-sharing", jobs), [3e-12, 3e-12, 4e-12]);
    let two = desk("servers = 2\ndiscipline = \"processor-sharing\"");
    let jobs = "time,service-time\n0,0.000000000001\n0,0.000000000001\n0,0.000000000001\n";
    assert_eq!(ends(&replay(&two, jobs)), [2e-12; 3]);
}

#[test]
fn s29_weights_share_in_proportion() {
    let workload = |name: &str, weight: u32| {
        format!("[workload.{name}]\nto = \"desk\"\nweight = {weight}\ntrace = \"jobs.csv\"\n")
    };
    let desk = "[station.desk]\ndiscipline = \"weighted-processor-sharing\"\n";
    let text = format!("{}{}{desk}", workload("light", 1), workload("heavy", 3));
    let results = replay(&text, "time,service-time\n0,3\n");
    assert_eq!(ends_of(&results, "heavy"), [4.0]);
    assert_eq!(ends_of(&results, "light"), [6.0]);
}

#[test]
fn s30_waiting_is_response_less_service_under_sharing_too() {
    let results = replay(&desk("discipline = \"processor-sharing\""), "time,service-time\n0,2\n0,2\n");
    let desk = results.stations.get("desk").expect("a desk");
    assert_eq!(desk.response.mean.value, Some(4.0));
    assert_eq!((desk.service.mean.value, desk.wait.mean.value), (Some(2.0), Some(2.0)));
    assert_eq!(desk.in_system.value, Some(2.0));
    assert_eq!(desk.queue_length.and_then(|length| length.value), Some(1.0));
}
