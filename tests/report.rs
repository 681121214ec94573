//! What people see at the end of a run and of a sweep: `tests/golden/report/*.txt`, every character.
//! `KNEE_BLESS=1` writes the files anew: look at them before they stay.

use std::fs;
use std::path::Path;
use std::process::Command;

use assert_cmd::cargo::CommandCargoExt;

fn assert_golden(name: &str, args: &[&str]) {
    assert_printed(name, &[args, &["--no-progress", "--warm-up", "10s"]].concat());
}

/// The same of a command that simulates nothing.
fn assert_printed(name: &str, args: &[&str]) {
    let mut command = Command::cargo_bin("knee").expect("the program");
    let output = command.args(args).output().expect("it starts");
    let found = String::from_utf8(output.stdout).expect("text");
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/report").join(name);
    if std::env::var_os("KNEE_BLESS").is_some() {
        fs::write(&golden, &found).expect("the golden file can be written");
    }
    assert_eq!(found, fs::read_to_string(&golden).unwrap_or_default(), "KNEE_BLESS=1 accepts it");
    // A command to copy is not broken into lines.
    let mut lines = found.lines().filter(|line| !line.starts_with("next: "));
    assert!(lines.all(|line| line.chars().count() <= 80), "wider than a terminal:\n{found}");
}

#[test]
fn a_run() {
    assert_golden("run.txt", &["run", "web-and-database", "--replications", "3", "--duration", "20s"]);
}

#[test]
fn a_run_of_two_workloads_that_fails() {
    let objective = "objective[0].require=shoppers.latency.p99 < 20ms";
    let short = ["--replications", "3", "--duration", "200s"];
    assert_golden("failed.txt", &[&["run", "priority-traffic", "--set", objective][..], &short].concat());
}

#[test]
fn a_run_that_says_why() {
    assert_golden("why.txt", &["run", "web-and-database", "--why", "--replications", "3", "--duration", "20s"]);
}

#[test]
fn an_explanation_of_what_theory_knows() {
    assert_golden("explain-exact.txt", &["explain", "closed-users", "--set", "workload.users.users=150"]);
}

#[test]
fn an_explanation_of_what_has_bounds_only() {
    assert_golden("explain-bounds.txt", &["explain", "microservices", "--program"]);
}

#[test]
fn a_sweep_into_overload() {
    let vary = "workload.customers.arrivals.poisson=0.3/s..1.2/s:4";
    assert_golden(
        "sweep.txt",
        &["sweep", "single-queue", "--vary", vary, "--replications", "3", "--duration", "20000s"],
    );
}

#[test]
fn a_sweep_of_two_axes() {
    let rates = "workload.customers.arrivals.poisson=0.3/s..2.4/s:4";
    let servers = "station.desk.servers=1,2,3";
    let vary = ["sweep", "single-queue", "--vary", rates, "--vary", servers];
    assert_golden("curves.txt", &[&vary[..], &["--replications", "3", "--duration", "5000s"]].concat());
}

#[test]
fn a_sweep_over_a_size() {
    assert_golden("sweep-size.txt", &["sweep", "lock-contention", "--replications", "3", "--duration", "2s"]);
}

#[test]
fn laws() {
    assert_printed("law-amdahl.txt", &["law", "amdahl", "--serial", "5%", "--work", "20h"]);
    let measured = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/samples/sdm91.csv");
    let fit = measured.to_str().expect("a path");
    let words = ["law", "usl", "--quiet", "--fit", fit, "--sizes", "1,48,96,192"];
    assert_printed("law-usl.txt", &words);
    let targets = ["--wait-probability", "10%", "--wait", "p95=20ms", "--loss", "1%"];
    let load = ["law", "staffing", "--rate", "500/s", "--service-time", "200ms"];
    assert_printed("law-staffing.txt", &[&load[..], &targets].concat());
    assert_printed("law-queue.txt", &["law", "queue", "--rate", "80/s", "--service-time", "50ms", "--servers", "4..8"]);
}

#[test]
fn a_search_for_the_cheapest() {
    let over = ["--over", "service.app.replicas=9..16:8", "--over", "balancer.edge.policy=random,power-of-two"];
    let short = ["optimize", "scale-out", "--duration", "20s", "--frontier"];
    assert_golden("optimize.txt", &[&short[..], &over[..]].concat());
}

#[test]
fn a_sweep_in_the_terminal() {
    let vary = "workload.customers.arrivals.poisson=0.2/s..1.2/s:6";
    let quick = ["--replications", "3", "--duration", "5000s", "--plot", "-"];
    assert_golden("plot-sweep.txt", &[&["sweep", "single-queue", "--vary", vary][..], &quick].concat());
}

#[test]
fn a_run_in_the_terminal() {
    let quick = ["--replications", "3", "--duration", "60s", "--series", "5s", "--plot", "-"];
    assert_golden("plot-run.txt", &[&["run", "web-and-database"][..], &quick].concat());
}

#[test]
fn a_comparison_in_the_terminal() {
    let with = ["compare", "single-queue", "--with", "station.desk.servers=2"];
    assert_golden(
        "plot-compare.txt",
        &[&with[..], &["--replications", "3", "--duration", "5000s", "--plot", "-"]].concat(),
    );
}

#[test]
fn a_capacity_in_the_terminal() {
    let quick = ["--replications", "3", "--duration", "5000s", "--most", "6", "--plot", "-"];
    assert_golden("plot-capacity.txt", &[&["capacity", "single-queue"][..], &quick].concat());
}

#[test]
fn a_law_in_the_terminal() {
    let words = ["law", "queue", "--rate", "80/s", "--service-time", "50ms", "--servers", "5", "--plot", "-"];
    assert_printed("plot-law.txt", &words);
}
