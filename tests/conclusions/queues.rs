//! Queues, outboxes.

use super::common::run;

#[test]
fn a_work_queue_moves_the_waiting_from_uploads_to_jobs() {
    let queued = run("work-queue", &[]);
    let uploads = &queued.workloads["uploads"].latency;
    assert!((uploads.mean.value.unwrap() - 0.007).abs() < 1e-9);
    assert_eq!(uploads.max, Some(0.007));
    let jobs = &queued.queues["jobs"];
    // Two more a second for a minute, on average; the deepest and latest of 20 runs are beyond that.
    assert!((100..220).contains(&jobs.depth_max), "{}", jobs.depth_max);
    assert!((25.0..60.0).contains(&jobs.lag_max.unwrap()), "{:?}", jobs.lag_max);
    let waiting = &queued.curves.in_system.iter().find(|(name, _)| name == "jobs").unwrap().1;
    let at = |time: f64| waiting.iter().min_by_key(|(t, _)| ((t - time).abs() * 1e6) as u64).unwrap().1;
    assert!((at(120.0) - 120.0).abs() < 20.0, "{}", at(120.0));
    assert!(at(210.0) < 20.0, "{}", at(210.0));
}

#[test]
fn without_a_queue_uploads_wait_as_long_as_their_jobs() {
    let called = run("work-queue", &["service.web.steps[1]={ call = \"encoder\" }"]);
    let queued = run("work-queue", &[]);
    let of_job = queued.queues["jobs"].lag.value.unwrap() + 2.0;
    let of_upload = called.workloads["uploads"].latency.mean.value.unwrap();
    assert!((of_upload / of_job - 1.0).abs() < 0.15, "{of_upload} {of_job}");
}

#[test]
fn an_outbox_loses_nothing_in_an_outage() {
    let results = run("outbox", &[]);
    let direct = &results.workloads["by-hand"];
    let relayed = &results.workloads["by-relay"];
    let runs = u64::from(results.scenario.replications);
    assert!((direct.error_rate.value.unwrap() - 1.0 / 6.0).abs() < 0.01);
    assert!((direct.errors.failed / runs).abs_diff(600) < 30);
    assert_eq!(relayed.error_rate.value, Some(0.0));
    let invoices = &results.queues["invoices"];
    // 5/6 of them wait half a second, 1/6 wait 15 s more, both for 2 ms of the broker.
    let delay = invoices.publish_delay.unwrap().mean.value.unwrap();
    assert!((delay - (0.502 + 15.0 / 6.0)).abs() < 0.15, "{delay}");
    assert!(invoices.republished > 0 && invoices.duplicates == 0 && invoices.lost == 0);
    assert!(invoices.published.abs_diff(runs * 3600) < 600, "{}", invoices.published);
    assert!(invoices.effects.abs_diff(invoices.published) < 100);
}
