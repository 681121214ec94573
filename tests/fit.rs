//! `knee fit` as people use it: every format, what it writes, and back through the simulator.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use assert_cmd::cargo::CommandCargoExt;
use serde_json::Value;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// An empty folder of this test's own.
fn folder(test: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("fit-{test}"));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn knee(folder: &Path, args: &[&str]) -> Output {
    Command::cargo_bin("knee").unwrap().current_dir(folder).args(args).output().unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// Where the samples of formats are.
fn samples() -> PathBuf {
    Path::new(ROOT).join("tests/fit")
}

fn json(folder: &Path, args: &[&str]) -> Value {
    let output = knee(folder, &[&["fit"], args, &["--format", "json"]].concat());
    assert_eq!(output.status.code(), Some(0), "{args:?}: {}", err(&output));
    serde_json::from_str(&out(&output)).unwrap()
}

/// Each format is recognised, its numbers are read, and the scenario made of it runs as it is.
#[test]
fn every_format_becomes_a_scenario_that_runs() {
    let folder = folder("formats");
    for (file, format, requests) in [
        ("common.log", "common", 300),
        ("common.log.gz", "common", 300),
        ("plain.log", "common", 150),
        ("alb.log", "alb", 200),
        ("latencies.csv", "csv", 500),
        ("bursts.csv", "csv", 1500),
        ("histogram.csv", "histogram", 100_000),
        ("k6.json", "k6", 80),
        ("k6-summary.json", "k6", 12_000),
        ("vegeta.json", "vegeta", 200),
        ("vegeta.txt", "vegeta", 30_000),
        ("vegeta-report.json", "vegeta", 30_000),
        ("wrk.txt", "wrk", 95_196),
        ("hey.txt", "hey", 119_080),
        ("hey.csv", "hey", 200),
    ] {
        let path = samples().join(file).display().to_string();
        let found = json(&folder, &[&path]);
        assert_eq!(found["origin"]["files"][0][1], format, "{file}");
        assert_eq!(found["origin"]["requests"], requests, "{file}");
        let has_times = found["times"]["mean-s"].as_f64().is_some_and(|mean| mean > 0.0);
        assert_eq!(has_times, file != "plain.log", "{file}");
        let text = out(&knee(&folder, &["fit", &path, "--empirical", "latencies.csv", "--quiet"]));
        let (_, scenario) = text.split_once("ready to paste:\n\n").unwrap();
        fs::write(folder.join("pasted.toml"), scenario).unwrap();
        let checked = knee(&folder, &["check", "pasted.toml"]);
        assert!(out(&checked).starts_with("pasted.toml: no problems\n"), "{}", err(&checked));
        let short = ["run", "pasted.toml", "--duration", "2s", "--warm-up", "0s", "--replications", "2", "--quiet"];
        let run = knee(&folder, &short);
        assert_eq!(run.status.code(), Some(0), "{file}: {}", err(&run));
    }
}

#[test]
fn a_folder_has_everything() {
    let folder = folder("folder");
    json(&folder, &[&samples().join("common.log").display().to_string(), "--output", "made"]);
    for made in ["result.json", "summary.txt", "data.csv", "plot.svg", "plot.png", "scenario.toml"] {
        assert!(folder.join("made").join(made).is_file(), "{made}");
    }
}

/// Percentiles of one and the same law, in the reports of four tools.
#[test]
fn reports_of_tools_agree() {
    let folder = folder("tools");
    for file in ["vegeta.txt", "vegeta-report.json", "wrk.txt", "hey.txt"] {
        let found = json(&folder, &[&samples().join(file).display().to_string()]);
        let best = &found["times"]["candidates"][0];
        assert_eq!(best["family"], "lognormal", "{file}");
        assert!((best["parameters"][0]["value"].as_f64().unwrap() / 0.0126 - 1.0).abs() < 0.03, "{file}: {best}");
        assert_eq!(found["times"]["evidence"], "percentiles");
    }
    let users = |file: &str| {
        let found = json(&folder, &[&samples().join(file).display().to_string()]);
        (found["users"].clone(), found["users-are-known"].clone())
    };
    assert_eq!(users("wrk.txt"), (40.into(), true.into()));
    assert_eq!(users("hey.txt"), (50.into(), false.into()));
    assert_eq!(users("vegeta.txt"), (Value::Null, false.into()));
    let histogram = json(&folder, &[&samples().join("histogram.csv").display().to_string()]);
    let best = &histogram["times"]["candidates"][0];
    assert_eq!(best["family"], "exponential");
    assert!((best["parameters"][0]["value"].as_f64().unwrap() / 0.02 - 1.0).abs() < 0.01, "{best}");
}

/// Simulates with a row per request, fits the rows, and simulates what came of it: the percentiles, before and after.
fn round_trip(test: &str, scenario: &str, flags: &[&str]) -> [[f64; 2]; 2] {
    let folder = folder(test);
    fs::write(folder.join("first.toml"), scenario).unwrap();
    let run = |file: &str, flags: &[&str]| {
        let output = knee(&folder, &[&["run", file, "--format", "json", "--quiet"], flags].concat());
        let value: Value = serde_json::from_str(&out(&output)).unwrap_or_else(|_| panic!("{}", err(&output)));
        let latency = &value["workloads"].as_object().unwrap().values().next().unwrap()["latency"];
        ["p50", "p99"].map(|percentile| latency[percentile]["value"].as_f64().unwrap())
    };
    let before = run("first.toml", &["--jobs", "jobs.csv"]);
    json(&folder, &[&["jobs.csv", "--output", "fit"], flags].concat());
    [before, run("fit/scenario.toml", &[])]
}

fn assert_close([before, after]: [[f64; 2]; 2], most: f64) {
    for (before, after) in before.iter().zip(after) {
        assert!((after / before - 1.0).abs() < most, "{before} became {after}");
    }
}

/// Where nobody waits, latencies are service times, and the fitted law gives them back.
#[test]
fn without_waiting_a_fitted_log_gives_its_percentiles_back() {
    for (name, law) in [
        ("lognormal", "{ lognormal = { mean = \"40ms\", cv = 1.2 } }"),
        ("gamma", "{ gamma = { mean = \"40ms\", cv = 0.55 } }"),
        (
            "mixture",
            "{ mixture = [[0.8, { gamma = { mean = \"5ms\", cv = 0.3 } }], [0.2, { gamma = { mean = \"80ms\", cv = 0.2 } }]] }",
        ),
    ] {
        let scenario = format!(
            "[workload.clients]\nto = \"app\"\narrivals = {{ poisson = \"50/s\" }}\n[station.app]\nservers = \"infinite\"\n\
             service-time = {law}\n[run]\nduration = \"250s\"\nwarm-up = \"5s\"\nreplications = 2\n"
        );
        assert_close(round_trip(name, &scenario, &[]), 0.05);
    }
}

/// One server at 70 % load: with the waiting taken off, the fitted law waits as long again. So do two servers.
#[test]
fn with_waiting_taken_off_a_fitted_line_gives_its_percentiles_back() {
    for servers in ["1", "2"] {
        let scenario = format!(
            "[workload.clients]\nto = \"app\"\narrivals = {{ poisson = \"70/s\" }}\n[station.app]\nservers = {servers}\n\
             service-time = {{ gamma = {{ mean = \"{servers}0ms\", cv = 0.55 }} }}\n[run]\nduration = \"300s\"\n\
             warm-up = \"10s\"\nreplications = 3\n"
        );
        let trip = round_trip(&format!("line-{servers}"), &scenario, &["--as", "response", "--servers", servers]);
        assert_close(trip, 0.05);
    }
}

/// Instants and service times replayed are the same run again, burst by burst.
#[test]
fn an_exact_replay_is_the_same_run() {
    let scenario = "[workload.clients]\nto = \"app\"\narrivals = { mmpp = { rates = [\"200/s\", \"20/s\"], dwell = [\"1s\", \"4s\"] } }\n\
                    [station.app]\nservers = 2\nservice-time = { lognormal = { mean = \"20ms\", cv = 1.0 } }\n\
                    [run]\nduration = \"300s\"\nwarm-up = \"0s\"\nreplications = 1\n";
    let replay = ["--as", "response", "--servers", "2", "--trace", "replay.csv"];
    assert_close(round_trip("replay", scenario, &replay), 0.002);
}

#[test]
fn bursts_are_recognised_and_replayed() {
    let folder = folder("bursts");
    let bursts = samples().join("bursts.csv").display().to_string();
    let found = json(&folder, &[&bursts, "--output", "fit"]);
    assert_eq!(found["arrivals"]["kind"], "bursty");
    assert_eq!(found["times"]["chosen"], "empirical");
    let scenario = fs::read_to_string(folder.join("fit/scenario.toml")).unwrap();
    assert!(scenario.contains("trace = \"arrivals.csv\"") && scenario.contains("{ empirical = \"latencies.csv\" }"));
    assert_eq!(fs::read_to_string(folder.join("fit/arrivals.csv")).unwrap().lines().count(), 1501);
    // Alone, a file of times is written where it is asked for.
    let flags = ["fit", &bursts, "--empirical", "times.csv", "--trace", "all.csv", "--quiet"];
    let output = knee(&folder, &flags);
    assert!(out(&output).contains("{ empirical = \"times.csv\" }") && out(&output).contains("trace = \"all.csv\""));
    assert!(fs::read_to_string(folder.join("all.csv")).unwrap().starts_with("time,service-time\n0,"));
    assert_eq!(fs::read_to_string(folder.join("times.csv")).unwrap().lines().count(), 1501);
}

#[test]
fn wrong_usage_is_exit_2_and_says_what_to_do() {
    let folder = folder("usage");
    fs::write(folder.join("bad.csv"), format!("latency_ms\n1\n{}", "fast\n".repeat(5))).unwrap();
    fs::write(folder.join("what.txt"), "hello\nworld\n").unwrap();
    fs::write(folder.join("times.csv"), "latency_ms\n1\n2\n").unwrap();
    let scaling = samples().join("scaling.csv").display().to_string();
    for (args, said) in [
        (&["fit"][..], "LOG"),
        (&["fit", "none.log"], "cannot read none.log"),
        (&["fit", "what.txt"], "--from"),
        (&["fit", "bad.csv"], "5 of 6 lines could not be read; the first: bad.csv:3: `fast` is not a number"),
        (&["fit", &scaling], "knee law usl --fit"),
        (&["fit", "times.csv", "--as", "response"], "--servers N"),
        (&["fit", "times.csv", "--as", "response", "--servers", "1"], "an instant and a latency"),
        (&["fit", "times.csv", "--trace", "x.csv"], "no instants"),
        (&["fit", "times.csv", "--from", "log4j"], "common, csv"),
        (&["fit", "times.csv", "--unit", "min"], "ns, us, ms or s"),
    ] {
        let output = knee(&folder, args);
        assert_eq!(output.status.code(), Some(2), "{args:?}: {}", err(&output));
        assert!(said.split(", ").all(|part| err(&output).contains(part)), "{args:?}: {}", err(&output));
        assert!(out(&output).is_empty() && !folder.join("x.csv").exists());
    }
}

#[test]
fn inputs_are_never_written_over() {
    let folder = folder("inputs");
    let log = "time_s,latency_s\n0,0.1\n1,0.2\n2,0.1\n3,0.4\n";
    fs::create_dir_all(folder.join("made")).unwrap();
    for name in ["log.csv", "made/data.csv", "made/latencies.csv", "log.svg"] {
        fs::write(folder.join(name), log).unwrap();
    }
    for args in [
        &["fit", "log.csv", "--trace", "log.csv"][..],
        &["fit", "log.csv", "--empirical", "./made/../log.csv"],
        &["fit", "log.csv", "made/data.csv", "--output", "made"],
        &["fit", "made/latencies.csv", "--output", "made"],
        &["fit", "log.svg", "--plot", "log.svg"],
    ] {
        let output = knee(&folder, args);
        assert_eq!(output.status.code(), Some(2), "{args:?}: {}", err(&output));
        assert!(err(&output).contains("is one of the inputs"), "{args:?}: {}", err(&output));
        assert_eq!(fs::read_to_string(folder.join(args[1])).unwrap(), log);
    }
    assert!(!folder.join("made/scenario.toml").exists());
    assert_eq!(fs::read_to_string(folder.join("made/data.csv")).unwrap(), log);
}

/// Few values, equal ones, extreme ones: what is said is true of them, fits a terminal, and is a scenario.
#[test]
fn odd_data_become_scenarios_too() {
    let folder = folder("odd");
    let rows = |f: fn(u32) -> String| (0..60).map(f).collect::<String>();
    let long = |i: u32| format!("{i},0.{},GET /some-long-name-of-a-service-{}/and-more-of-it\n", i % 7 + 1, i % 6);
    for (log, said) in [
        ("latency_s\n0.25\n".into(), "1 request; too few times"),
        (format!("latency_s\n{}", "0.25\n".repeat(40)), "times are constant"),
        ("latency_s\n1e-12\n1e9\n".into(), "2 requests"),
        (format!("time_s,latency_s\n{}", rows(|i| format!("{},1e9\n", f64::from(i) * 1e8))), "times are constant"),
        (format!("time_ns,latency_ns\n{}", rows(|i| format!("{},0.001\n", i / 59))), "times are constant"),
        (format!("time,latency_s,operation\n{}", rows(long)), "60 requests"),
        ("le,count\n0.1,500\n".into(), "500 requests log (histogram)"),
        ("Running 1s test @ x\n  50%  1ms\n  99%  9ms\n  Latency 1e9s\nRequests/sec: 1e308\n".into(), "unknown number"),
    ] {
        fs::write(folder.join("log"), &log).unwrap();
        let output = knee(&folder, &["fit", "log", "--empirical", "latencies.csv", "--quiet"]);
        let text = out(&output);
        let words: Vec<&str> = text.split_whitespace().collect();
        assert!(words.join(" ").contains(said), "{log}{text}{}", err(&output));
        assert!(!text.contains("constant by maximum likelihood"), "{text}");
        assert!(!text.contains("of so many values") && !text.contains("1 values"), "{text}");
        assert!(text.lines().all(|line| line.chars().count() <= 80), "wider than a terminal:\n{text}");
        fs::write(folder.join("pasted.toml"), text.split_once("ready to paste:\n\n").unwrap().1).unwrap();
        let checked = knee(&folder, &["check", "pasted.toml"]);
        assert!(out(&checked).starts_with("pasted.toml: no problems\n"), "{log}{}", err(&checked));
    }
}

#[test]
fn the_session_on_the_page_is_what_the_command_prints() {
    let page = fs::read_to_string(Path::new(ROOT).join("docs/fit.md")).unwrap();
    let golden = fs::read_to_string(Path::new(ROOT).join("tests/golden/fit/access.txt")).unwrap();
    assert!(page.contains(&format!("$ knee fit access.log\n{golden}```")));
}

/// What people see, every character: `KNEE_BLESS=1` writes the files anew.
#[test]
fn summaries_are_as_they_were() {
    let samples = Path::new(ROOT).join("docs/samples");
    let tools = self::samples();
    for (name, folder, args) in [
        ("access.txt", &samples, &["fit", "access.log"][..]),
        ("wrk.txt", &tools, &["fit", "wrk.txt"]),
        ("bursts.txt", &tools, &["fit", "bursts.csv"]),
        ("latencies.csv", &tools, &["fit", "latencies.csv", "--format", "csv"]),
    ] {
        let output = knee(folder, args);
        let (found, golden) = (out(&output), Path::new(ROOT).join("tests/golden/fit").join(name));
        if std::env::var_os("KNEE_BLESS").is_some() {
            fs::write(&golden, &found).expect("the golden file can be written");
        }
        assert_eq!(found, fs::read_to_string(&golden).unwrap_or_default(), "KNEE_BLESS=1 accepts it");
        assert!(
            name.ends_with(".csv") || found.lines().all(|line| line.chars().count() <= 80),
            "wider than a terminal:\n{found}"
        );
    }
}
