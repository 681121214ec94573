//! `knee law` as people run it, against numbers that were computed elsewhere or are in print.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use assert_cmd::cargo::CommandCargoExt;
use serde_json::Value;

/// SPEC SDM91 (Gunther 2007, ch. 5).
const SDM91: &str = "load,throughput\n1,64.9\n18,995.9\n36,1652.4\n72,1853.2\n108,1828.9\n144,1775.0\n216,1702.2\n";

/// An empty folder of this test's own, with the measurements in it.
fn folder(test: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("law").join(test);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("sdm91.csv"), SDM91).unwrap();
    folder
}

fn command(folder: &Path, args: &str) -> Command {
    let mut command = Command::cargo_bin("knee").unwrap();
    command.current_dir(folder).env_remove("CLICOLOR_FORCE").arg("law").args(args.split_whitespace());
    command
}

fn law(folder: &Path, args: &str) -> Output {
    command(folder, args).output().unwrap()
}

/// What the command prints as JSON.
#[track_caller]
fn json(folder: &Path, args: &str) -> Value {
    let output = law(folder, &format!("{args} --format json"));
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Fails unless the number at a place, such as `/curve/0/speedup`, is within a relative 1e-9.
#[track_caller]
fn close(value: &Value, place: &str, expected: f64, tolerance: f64) {
    let found = value.pointer(place).and_then(Value::as_f64);
    let found = found.unwrap_or_else(|| panic!("no number at {place} of {value:#}"));
    assert!((found - expected).abs() <= tolerance * expected.abs(), "{place}: {found} instead of {expected}");
}

#[track_caller]
fn all(value: &Value, places: &[(&str, f64)]) {
    places.iter().for_each(|(place, expected)| close(value, place, *expected, 1e-9));
}

#[test]
fn amdahl_of_twenty_hours() {
    let folder = folder("amdahl");
    let found = json(&folder, "amdahl --serial 5% --work 20h --sizes 2,10,20,95,1000");
    all(&found, &[("/serial", 0.05), ("/limit", 20.0), ("/half-limit-size", 19.0)]);
    let rows = [
        (10.5, 1.904761905, 1.95),
        (2.9, 6.896551724, 9.55),
        (1.95, 10.25641026, 19.05),
        (1.2, 16.66666667, 90.3),
        (1.019, 19.62708538, 950.05),
    ];
    for (index, (hours, speedup, scaled)) in rows.into_iter().enumerate() {
        let row = &found["curve"][index];
        all(row, &[("/run-time-s", 3600.0 * hours), ("/speedup", speedup), ("/gustafson", scaled)]);
    }
    let half = json(&folder, "amdahl --serial 0.5 --work 20h --sizes 2,4,16,1000");
    all(&half, &[("/limit", 2.0), ("/half-limit-size", 1.0), ("/curve/2/run-time-s", 3600.0 * 10.625)]);
    all(&half, &[("/curve/3/speedup", 1.998001998), ("/curve/3/gustafson", 500.5), ("/curve/1/speedup", 1.6)]);
    let scaled = json(&folder, "gustafson --serial 5% --sizes 95,1000");
    all(&scaled, &[("/curve/0/speedup", 90.3), ("/curve/1/speedup", 950.05), ("/curve/0/amdahl", 16.66666667)]);
}

/// Measured run times of the same job give the share back, at every size (Karp & Flatt 1990).
#[test]
fn amdahl_from_run_times() {
    let folder = folder("karp-flatt");
    fs::write(folder.join("times.csv"), "cores,time\n1,20h\n2,10.5h\n10,2.9h\n20,1.95h\n95,1.2h\n1000,1.019h\n")
        .unwrap();
    let found = json(&folder, "amdahl --fit times.csv");
    for (place, expected) in [("/serial", 0.05), ("/limit", 20.0), ("/work-s", 72_000.0), ("/fit/r-squared", 1.0)] {
        close(&found, place, expected, 1e-6);
    }
    (1..6).for_each(|index| close(&found["measured"][index], "/karp-flatt", 0.05, 1e-9));
    assert_eq!(found["measured"][0]["karp-flatt"], Value::Null);
}

/// As R's package usl 3.0 fits it, to six digits.
#[test]
fn usl_of_sdm91() {
    let found = json(&folder("usl"), "usl --fit sdm91.csv");
    let numbers = [
        ("/alpha", 0.0277284),
        ("/beta", 0.000104366),
        ("/lambda", 89.9952),
        ("/peak", 96.5194),
        ("/peak-throughput", 1883.9),
        ("/asymptote", 3245.59),
        ("/measured/0/fitted", 89.9952),
        ("/measured/1/fitted", 1077.56),
        ("/measured/2/fitted", 1541.31),
        ("/measured/3/fitted", 1850.15),
        ("/measured/4/fitted", 1878.89),
        ("/measured/5/fitted", 1821.6),
        ("/measured/6/fitted", 1646.2),
    ];
    numbers.iter().for_each(|(place, expected)| close(&found, place, *expected, 1e-5));
    let errors = [("alpha", 9.122e-3), ("beta", 1.988e-5), ("lambda", 14.21)];
    for (name, expected) in errors {
        close(&found["fit"]["standard-error"], &format!("/{name}"), expected, 5e-4);
        let end = |index: usize| found["fit"]["ci95"][name][index].as_f64().unwrap();
        assert!((end(1) - end(0) - 2.0 * 2.776445 * expected).abs() < 1e-3 * (end(1) - end(0)), "{name}");
    }
    close(&found, "/fit/r-squared", 0.9896, 1e-4);
    assert_eq!(found["fit"]["degrees-of-freedom"], 4);
}

#[test]
fn usl_with_given_parameters() {
    let found = json(&folder("given"), "usl --lambda 1000/s --alpha 0.02 --beta 0.0005 --sizes 1,8,32,44,64,128");
    all(&found, &[("/peak", 44.27188724), ("/curve/0/throughput", 1000.0), ("/curve/1/throughput", 6849.315068)]);
    all(&found, &[("/curve/2/throughput", 15122.87335), ("/curve/3/throughput", 15680.68425)]);
    all(&found, &[("/curve/4/throughput", 14967.25912), ("/curve/5/throughput", 10970.17484)]);
    all(&found, &[("/curve/1/response", 0.001168), ("/curve/5/response", 0.011668), ("/curve/0/response", 0.001)]);
}

/// In step, out of step, exponential (Gunther 2008).
#[test]
fn amdahl_as_a_repairman() {
    let found = json(&folder("repairman"), "repairman --users 1,4,20,64 --think-time 950ms --service-time 50ms");
    let rows =
        [(1.0, 1.0, 1.0), (3.47826087, 4.0, 3.967300039), (10.25641026, 20.0, 17.32477117), (15.42168675, 20.0, 20.0)];
    for (index, (in_step, bound, exponential)) in rows.into_iter().enumerate() {
        all(&found["rows"][index], &[("/synchronous", in_step), ("/bound", bound), ("/throughput", exponential)]);
    }
    close(&found, "/knee", 20.0, 1e-12);
}

#[test]
fn staffing_of_a_hundred_erlangs() {
    let folder = folder("staffing");
    let found = json(&folder, "staffing --load 100 --wait-probability 10%");
    all(&found, &[("/servers", 115.0), ("/targets/0/utilization", 0.8695652174)]);
    let rows = [
        (105.0, 0.5157074268, 0.504538641),
        (110.0, 0.2370075003, 0.2233612748),
        (120.0, 0.03319589535, 0.02688136243),
    ];
    for (index, (servers, exact, limit)) in rows.into_iter().enumerate() {
        let row = &found["square-root"][index];
        all(row, &[("/servers", servers), ("/wait-probability", exact), ("/halfin-whitt", limit)]);
    }
    // 80 erlangs lose 2.62 % with 90 servers, and wait where they may.
    let lost = json(&folder, "staffing --rate 80/s --service-time 1s --loss 2.63% --wait p95=5s --mean-wait 1s");
    all(&lost["targets"][2], &[("/servers", 90.0), ("/loss", 0.0262319839), ("/utilization", 0.8655715699)]);
    assert_eq!(
        lost["servers"],
        lost["targets"][0]["servers"].as_u64().max(lost["targets"][1]["servers"].as_u64()).unwrap()
    );
}

/// M/M/16 (Harchol-Balter 2013, ch. 14).
#[test]
fn a_queue() {
    let found = json(&folder("queue"), "queue --rate 1440/s --service-time 10ms --servers 14,16");
    assert_eq!(found["rows"][0]["response"]["mean"], Value::Null);
    let row = &found["rows"][1];
    all(row, &[("/wait-probability", 0.5913433939), ("/wait/mean", 0.003695896212), ("/response/p99", 0.05269834601)]);
    all(row, &[("/wait/p99", 0.02549882371), ("/in-system", 19.72209054), ("/utilization", 0.9)]);
}

#[test]
fn a_job_and_its_deadline() {
    let found = json(&folder("speedup"), "speedup --work 20h --serial 5% --cores 19 --within 2h --price 0.1");
    all(&found, &[("/deadline/cores", 19.0), ("/shortest-s", 3600.0), ("/curve/0/run-time-s", 7200.0)]);
    all(&found, &[("/curve/0/core-hours", 38.0), ("/curve/0/cost", 3.8)]);
}

/// Every problem of a file at once, each with its line; nothing on standard output.
#[test]
fn nonsense_is_refused() {
    let folder = folder("nonsense");
    fs::write(folder.join("bad.csv"), "load,tput\n0,5\n2,-1\nthree,4\n4\n").unwrap();
    let output = law(&folder, "usl --fit bad.csv");
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{said}");
    for line in 2..=5 {
        assert!(said.contains(&format!("error: bad.csv:{line}: ")), "{said}");
    }
    let wrong = [
        ("usl --fit few.csv", "2 different sizes"),
        ("usl --fit none.csv", "cannot read none.csv"),
        ("amdahl --serial 120%", "a share is at most 1"),
        ("amdahl", "--serial"),
        ("usl --lambda 5", "--alpha"),
        ("staffing", "--load ERLANGS"),
        ("staffing --load 5 --wait p95=1s", "--service-time"),
        ("staffing --load 0", "above 0"),
        ("staffing --load 5 --loss 0", "no number of servers gives 0"),
        ("queue --rate 1/s --service-time 1s --servers 1.5", "whole numbers"),
        ("amdahl --serial 5% --sizes 0", "at least 1"),
    ];
    fs::write(folder.join("few.csv"), "1,10\n2,18\n").unwrap();
    for (args, expected) in wrong {
        let output = law(&folder, args);
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.code() == Some(2) && said.contains(expected), "{args}: {said}");
    }
}

#[test]
fn measurements_come_from_a_pipe_and_go_to_a_folder() {
    let folder = folder("pipe");
    let mut running = command(&folder, "usl --fit - --output out --format csv");
    let mut running = running.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    running.stdin.take().unwrap().write_all(SDM91.as_bytes()).unwrap();
    let output = running.wait_with_output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.starts_with("section,name,metric,value,low,high\n") && text.contains("\nalpha,,,0.0277"), "{text}");
    assert_eq!(fs::read_to_string(folder.join("out/data.csv")).unwrap(), text);
    let files = ["result.json", "summary.txt", "plot.svg", "plot.png"];
    assert!(files.iter().all(|name| folder.join("out").join(name).is_file()));
}

/// What the page shows is what is printed.
#[test]
fn the_sessions_on_the_page_are_true() {
    let folder = folder("page");
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/law.md")).unwrap();
    assert!(page.contains(&format!("```text\n{SDM91}```")), "the measurements on the page are others");
    let blocks = page.split("```console\n$ knee law ").skip(1);
    let mut count = 0;
    for block in blocks {
        let (args, shown) = block.split_once('\n').unwrap();
        let (shown, _) = shown.split_once("```").unwrap();
        let output = law(&folder, args);
        assert_eq!(String::from_utf8(output.stdout).unwrap(), shown, "knee law {args}");
        count += 1;
    }
    assert!(count >= 7);
}
