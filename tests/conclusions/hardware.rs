//! Scenarios about machines.

use knee::experiment::Results;

use crate::common::run;

/// The memory ladder with this working set, for fewer lookups than it ships with.
fn ladder(working_set: &str) -> Results {
    let set = format!("service.store.steps[0].memory.working-set={working_set}");
    run("memory-ladder", &[&set, "run.duration=5s", "run.replications=4"])
}

fn mean(results: &Results) -> f64 {
    results.workloads["lookups"].latency.mean.value.expect("a mean")
}

/// The average memory access time: each level costs its latency for the share of lookups that reach it.
fn expected(working_set: f64) -> f64 {
    let levels = [(48.0 * 1024.0, 1e-9), (2_097_152.0, 4e-9), (33_554_432.0, 15e-9), (68_719_476_736.0, 90e-9)];
    let (mut reach, mut time) = (1.0, 0.0);
    for (size, latency) in [&levels[..], &[(2e12, 100e-6), (f64::INFINITY, 500e-6)]].concat() {
        time += reach * latency;
        reach = 1.0 - (size / working_set).min(1.0);
    }
    time
}

#[test]
fn memory_ladder_pays_every_rung_and_falls_off_where_data_no_longer_fits() {
    let gib = 1_073_741_824.0;
    for (written, bytes) in [("32KiB", 32_768.0), ("1MiB", 1_048_576.0), ("1GiB", gib), ("4000GiB", 4000.0 * gib)] {
        let (mean, expected) = (mean(&ladder(written)), expected(bytes));
        assert!((mean / expected - 1.0).abs() < 0.02, "{written}: {mean} rather than {expected}");
    }
    let (fits, spills) = (ladder("32GiB"), ladder("66GiB"));
    // As much as fits costs the same, big or not.
    assert!(mean(&fits) < 1.1 * mean(&ladder("1GiB")));
    let latency = &spills.workloads["lookups"].latency;
    assert!((mean(&spills) / expected(66.0 * gib) - 1.0).abs() < 0.05 && mean(&spills) > 25.0 * mean(&fits));
    assert!(latency.p50.value < Some(0.2e-6) && latency.p99.value > Some(90e-6));
    // A tenth of ten times as much fits: the cliff is at RAM.
    assert!(mean(&ladder("640GiB")) > 500.0 * mean(&ladder("64GiB")));
}
