//! Ctrl-C and other requests to end: what is finished is reported, and marked partial.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use super::{Ended, assert_same, await_that, end, files, folder, is_temporary, knee, program};

/// So many replications that nobody lives to see the last.
const LONG: [&str; 4] = ["--set", "run.replications=1000000", "--format", "json"];

/// Starts the program with signals as they are on a terminal: a shell's background jobs ignore some.
fn start(folder: &Path, args: &[&str]) -> Child {
    let mut command = Command::new("env");
    command.args(["--default-signal=INT,HUP,TERM"]).arg(program()).args(args);
    command.current_dir(folder).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().expect("it starts")
}

fn send(child: &Child, signal: &str) {
    let sent = Command::new("kill").args([&format!("-{signal}"), &child.id().to_string()]).status();
    assert!(sent.expect("`kill` runs").success());
}

/// Waits until the program listens to signals and has worked for so many hundredths of a second.
fn await_work(child: &Child, hundredths: u64) {
    await_that("it works", || {
        let read = |file: &str| fs::read_to_string(format!("/proc/{}/{file}", child.id())).unwrap_or_default();
        let caught =
            read("status").lines().find_map(|line| u64::from_str_radix(line.strip_prefix("SigCgt:")?.trim(), 16).ok());
        // After the name in brackets, which may hold blanks.
        let stat = read("stat");
        let mut fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
        let user: u64 = fields.nth(11).and_then(|ticks| ticks.parse().ok()).unwrap_or(0);
        // SIGINT is signal 2.
        caught.is_some_and(|caught| caught & 0b10 != 0) && user >= hundredths
    });
}

/// What a command says if this signal comes while it simulates.
fn interrupted(test: &str, signal: &str, args: &[&str]) -> (Value, Ended) {
    let folder = folder(test);
    let all = [args, &LONG, &["--output", "all", "--no-progress"]].concat();
    let child = start(&folder, &all);
    await_work(&child, 60);
    send(&child, signal);
    let ended = Ended::from(child.wait_with_output().expect("it ends")).with(3, "Ctrl-C again stops at once\n");
    let value: Value = serde_json::from_str(&ended.out).unwrap_or_else(|error| panic!("{error}: {}", ended.out));
    // The files are whole, and say the same.
    let kept = files(&folder.join("all"));
    assert!(!kept.keys().any(|path| is_temporary(path)), "{:?}", kept.keys());
    assert_eq!(kept[&folder.join("all/result.json")], ended.out.as_bytes());
    (value, ended)
}

#[test]
fn a_run_that_is_interrupted_reports_what_is_finished() {
    for signal in ["INT", "TERM", "HUP"] {
        let (value, _) = interrupted("run", signal, &["run", "queue.toml"]);
        assert_eq!(value["scenario"]["partial"], true, "{signal}");
        let count = value["scenario"]["replications"].as_u64().expect("a count");
        assert!((1..1_000_000).contains(&count), "{signal}: {count}");
        assert!(value["workloads"]["customers"]["throughput"]["value"].as_f64().expect("a rate") > 700.0);
    }
}

#[test]
fn a_sweep_that_is_interrupted_reports_what_is_finished() {
    let vary = "workload.customers.arrivals.poisson=200/s,400/s";
    let (value, _) = interrupted("sweep", "INT", &["sweep", "queue.toml", "--vary", vary]);
    assert_eq!(value["partial"], true);
    let points = value["points"].as_array().expect("points");
    let finished = |point: &&Value| point["result"]["scenario"]["replications"].as_u64().is_some_and(|count| count > 0);
    assert!(points.iter().any(|point| finished(&point)), "{points:?}");
    assert!(points.iter().all(|point| point["result"]["scenario"]["partial"] == true));
}

#[test]
fn a_search_that_is_interrupted_reports_what_is_finished() {
    let (value, _) = interrupted("capacity", "INT", &["capacity", "queue.toml", "--most", "100000"]);
    assert_eq!((&value["partial"], &value["ended-by"]), (&true.into(), &"interrupted".into()));
    assert!(value["trials"][0]["replications"].as_u64().expect("a count") > 0, "{value}");
    let over = ["optimize", "queue.toml", "--over", "service.desk.replicas=1,2", "--most-replications", "100000"];
    let (value, _) = interrupted("optimize", "INT", &over);
    assert_eq!((&value["partial"], &value["ended-by"]), (&true.into(), &"interrupted".into()));
    assert!(!value["configurations"].as_array().expect("configurations").is_empty(), "{value}");
}

#[test]
fn a_comparison_that_is_interrupted_reports_what_is_finished() {
    let with = ["compare", "queue.toml", "--with", "run.load=1.1"];
    let (value, _) = interrupted("compare", "INT", &with);
    assert_eq!(value["partial"], true);
    assert!(value["steps"][0]["result"]["scenario"]["replications"].as_u64().expect("a count") > 0, "{value}");
}

#[test]
fn a_verification_that_is_interrupted_reports_what_is_finished() {
    let folder = folder("verify");
    let child = start(&folder, &["verify", "--format", "json", "--long", "--threads", "1"]);
    await_work(&child, 60);
    send(&child, "INT");
    let ended = Ended::from(child.wait_with_output().expect("it ends")).with(3, "");
    let value: Value = serde_json::from_str(&ended.out).expect("whole");
    assert_eq!(value["partial"], true);
}

#[test]
fn the_text_says_that_it_was_interrupted() {
    let folder = folder("text");
    for args in [
        &["run", "queue.toml"][..],
        &["sweep", "queue.toml", "--vary", "run.load=0.2,0.4"],
        &["capacity", "queue.toml", "--most", "100000"],
        &["compare", "queue.toml", "--with", "run.load=1.1"],
        &["optimize", "queue.toml", "--over", "service.desk.replicas=1,2", "--most-replications", "100000"],
    ] {
        let child = start(&folder, &[args, &LONG[..2]].concat());
        await_work(&child, 60);
        send(&child, "INT");
        let ended = Ended::from(child.wait_with_output().expect("it ends")).with(3, "");
        assert!(ended.out.contains("interrupted"), "{args:?}: {}", ended.out);
    }
}

#[test]
fn a_sweep_that_is_interrupted_goes_on() {
    let (whole, cut) = (folder("sweep-whole"), folder("sweep-cut"));
    let rates = "--vary=workload.customers.arrivals.poisson=200/s..900/s:12";
    let sweep = ["sweep", "queue.toml", rates, "--output=all", "--duration=20s", "--threads=1"];
    let said = end(knee(&whole, &sweep)).with(0, "").out;
    let child = start(&cut, &sweep);
    await_that("a point", || files(&cut.join("all/points")).keys().any(|path| !is_temporary(path)));
    send(&child, "INT");
    let partial = Ended::from(child.wait_with_output().expect("it ends")).with(3, "").out;
    assert!(partial.starts_with("interrupted: "), "{partial}");
    assert!(partial.ends_with("--threads=1  # goes on from here\n"), "{partial}");
    let again = end(knee(&cut, &sweep)).with(0, " of 12 points were finished before\n");
    assert_eq!(again.out, said);
    assert_same(&whole, &cut);
}

/// The program hangs, since nobody reads what it says: the first Ctrl-C changes nothing about that.
#[test]
fn the_second_request_stops_at_once() {
    let folder = folder("second");
    let vary = "run.seed=1..40:40";
    let mut child = start(&folder, &["sweep", "queue.toml", "--vary", vary, "--format", "json", "--duration", "1s"]);
    // All that it has to say does not fit into the pipe.
    let mut out = child.stdout.take().expect("standard output");
    out.read_exact(&mut [0]).expect("it begins to speak");
    let mut said = BufReader::new(child.stderr.take().expect("standard error"));
    let mut line = String::new();
    send(&child, "INT");
    said.read_line(&mut line).expect("a line");
    assert!(line.ends_with("Ctrl-C again stops at once\n"), "{line}");
    assert_eq!(child.try_wait().expect("a state"), None, "it still waits");
    send(&child, "TERM");
    assert_eq!(child.wait().expect("it ends").code(), Some(3));
    said.read_to_string(&mut line).expect("the rest");
    assert!(!line.contains("panicked"), "{line}");
}

/// What a shell has told its jobs to ignore stays ignored: `nohup` protects from the end of the session.
#[test]
fn a_signal_that_is_ignored_stays_ignored() {
    let folder = folder("nohup");
    let mut command = Command::new("env");
    command.args(["--default-signal=INT,TERM", "--ignore-signal=HUP"]).arg(program());
    command.args(["run", "queue.toml", "--duration", "20s", "--replications", "100", "--format", "json"]);
    command.current_dir(&folder).stdout(Stdio::piped()).stderr(Stdio::piped()).stdin(Stdio::null());
    let child = command.spawn().expect("it starts");
    await_that("it works", || {
        let stat = fs::read_to_string(format!("/proc/{}/stat", child.id())).unwrap_or_default();
        let user = stat.rsplit(')').next().unwrap_or_default().split_whitespace().nth(11).unwrap_or("0");
        user.parse::<u64>().is_ok_and(|ticks| ticks > 20)
    });
    send(&child, "HUP");
    let ended = Ended::from(child.wait_with_output().expect("it ends")).with(0, "");
    assert!(ended.out.contains("\"partial\": false"), "{}", ended.out);
}

/// Who is interrupted before there is anything to report ends as every program does.
#[test]
fn there_is_nothing_to_report_before_the_run() {
    let folder = folder("early");
    let mut command = knee(&folder, &["run", "-"]);
    let mut child = command.stdin(Stdio::piped()).spawn().expect("it starts");
    send(&child, "TERM");
    assert_eq!(child.wait().expect("it ends").code(), None);
    end(knee(&folder, &["check", "queue.toml"])).with(0, "");
}
