//! Limits that end a part of a command, or all of it.

use std::fs;

use serde_json::Value;

use super::{QUEUE, end, folder, knee};

/// What was printed, or is in a file.
fn json(text: &str) -> Value {
    serde_json::from_str(text).expect("JSON")
}

#[test]
fn a_limit_that_one_scenario_reaches_stops_no_other() {
    let folder = folder("others");
    fs::write(folder.join("over.toml"), QUEUE.replace("800/s", "9000/s")).unwrap();
    let both = ["run", "over.toml", "queue.toml", "--max-in-flight", "500", "--format", "json"];
    let found = json(&end(knee(&folder, &both)).with(3, "more than 500 requests were in flight").out);
    assert_eq!(found[0]["scenario"]["stopped"], "in-flight");
    assert_eq!((&found[1]["scenario"]["partial"], &found[1]["scenario"]["replications"]), (&false.into(), &3.into()));
}

#[test]
fn scenarios_that_were_not_begun_are_reported_as_such() {
    let folder = folder("not-begun");
    fs::write(folder.join("long.toml"), QUEUE.replace("\"5s\"", "\"500h\"")).unwrap();
    end(knee(&folder, &["run", "long.toml", "queue.toml", "--output", "two", "--duration", "5s"])).with(0, "");
    let both = ["run", "long.toml", "queue.toml", "--output", "two", "--max-time", "1s", "--format", "json"];
    let found = json(&end(knee(&folder, &both)).with(3, "stopping after 1s").out);
    for (index, name) in ["long", "queue"].iter().enumerate() {
        let kept = json(&fs::read_to_string(folder.join("two").join(name).join("result.json")).unwrap());
        for scenario in [&found[index]["scenario"], &kept["scenario"]] {
            assert_eq!(scenario["file"], format!("{name}.toml"));
            assert_eq!((&scenario["partial"], &scenario["replications"]), (&true.into(), &0.into()), "{name}");
        }
    }
}

#[test]
fn a_trace_that_was_given_up_says_so() {
    let folder = folder("trace");
    let trace = |duration: &str, time: &str| {
        let run = ["run", "queue.toml", "--replications", "1", "--duration", duration];
        let trace = ["--trace", "trace.json", "--trace-from", duration, "--max-time", time];
        let ended = end(knee(&folder, &[&run[..], &trace].concat()));
        (ended, json(&fs::read_to_string(folder.join("trace.json")).unwrap())["otherData"]["partial"].clone())
    };
    let (whole, partial) = trace("5s", "1h");
    assert_eq!((whole.code, partial), (Some(0), false.into()));
    // On a slow machine the time is up in the run itself: that is partial as well.
    let (given_up, partial) = trace("20000s", "2s");
    given_up.with(3, "stopping after 2s");
    assert_eq!(partial, true);
}

/// Nobody ever writes to the pipe.
#[test]
#[cfg(unix)]
fn the_time_of_a_command_is_that_of_reading_too() {
    let folder = folder("reading");
    let made = std::process::Command::new("mkfifo").arg(folder.join("pipe.toml")).status();
    assert!(made.expect("mkfifo").success());
    for command in ["run", "check", "explain"] {
        let ended = end(knee(&folder, &[command, "pipe.toml", "--max-time", "200ms"]));
        ended.with(3, "stopping after 200ms, the limit of --max-time: nothing was simulated");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn the_usual_limit_of_memory_is_within_that_of_the_process() {
    let folder = folder("address-space");
    let users = "users = 3_000_000\nthink-time = \"1s\"";
    let crowd = QUEUE.replace("arrivals = { poisson = \"800/s\" }", users);
    fs::write(folder.join("crowd.toml"), crowd).unwrap();
    let command = format!("ulimit -v 400000; exec '{}' run crowd.toml", super::program().display());
    let mut shell = std::process::Command::new("sh");
    let ended = super::Ended::from(shell.current_dir(&folder).args(["-c", &command]).output().unwrap());
    ended.with(2, "--max-memory is 200000KiB");
}
