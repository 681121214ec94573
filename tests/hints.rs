//! What the program says to try next works as it stands: every command's hint is run, from several scenarios.

#[path = "pages/words.rs"]
mod words;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use assert_cmd::cargo::CommandCargoExt;

use words::words;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
/// So that hints, which keep the flags, are quick as well.
const QUICK: &str = "--replications 3 --duration 2s --warm-up 100ms";

/// A folder of its own with a few scenarios and samples.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("hints-{name}"));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder");
    for scenario in
        ["single-queue", "web-and-database", "closed-users", "scale-out", "connection-pool", "lock-contention"]
    {
        let file = format!("{scenario}.toml");
        fs::copy(Path::new(ROOT).join("scenarios").join(&file), folder.join(&file)).expect("a copy");
    }
    for sample in ["access.log", "sdm91.csv"] {
        fs::copy(Path::new(ROOT).join("docs/samples").join(sample), folder.join(sample)).expect("a copy");
    }
    folder
}

fn run(folder: &Path, command: &str) -> Output {
    let mut program = Command::cargo_bin("knee").expect("the program");
    program.current_dir(folder).args(words(command)).output().expect("it starts")
}

/// What a command says to try next; it is run, and has to do what it is asked, whether or not objectives hold.
fn followed(folder: &Path, command: &str) -> String {
    let output = run(folder, command);
    let (said, errors) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    let next = said.lines().rev().find_map(|line| line.strip_prefix("next: knee "));
    let next = next.unwrap_or_else(|| panic!("knee {command}: no hint\n{said}{errors}")).to_owned();
    assert!(said.ends_with(&format!("next: knee {next}\n")), "knee {command}: the hint is last\n{said}");
    let output = run(folder, &next);
    let code = output.status.code().unwrap_or(-1);
    assert!([0, 1].contains(&code), "knee {command}\nnext: {next}\n{}", String::from_utf8_lossy(&output.stderr));
    next
}

#[track_caller]
fn check(folder: &Path, command: &str, next: &str) {
    let found = followed(folder, command);
    assert!(found.starts_with(next), "knee {command}\nnext: {found}\nexpected: {next}");
}

#[test]
fn after_a_run() {
    let folder = folder("run");
    check(&folder, &format!("run web-and-database.toml {QUICK}"), "sweep web-and-database.toml");
    // A scenario without a [sweep].
    let plain = fs::read_to_string(folder.join("single-queue.toml")).expect("a scenario");
    let plain = plain.split("[sweep]").next().expect("what comes before").to_owned();
    fs::write(folder.join("plain.toml"), plain).expect("a file");
    let long = "--replications 3 --duration 500s --warm-up 10s";
    check(&folder, &format!("run plain.toml {long}"), &format!("sweep plain.toml {long} --vary run.load="));
    // Overloaded.
    let busy = "--set run.load=2";
    check(&folder, &format!("run plain.toml {busy} {long}"), &format!("capacity plain.toml {busy} {long}"));
    // An objective that fails.
    let strict = "--require";
    let strict = strict.replace("--require", "--set 'objective[0].require=visitors.latency.p99 < 1ms'");
    let run = format!("run web-and-database.toml {strict} {QUICK}");
    check(&folder, &run, &format!("{run} --why"));
    check(&folder, &format!("{run} --why"), &format!("optimize web-and-database.toml {strict} {QUICK} --over "));
}

#[test]
fn after_searches() {
    let folder = folder("searches");
    check(&folder, &format!("sweep web-and-database.toml {QUICK}"), &format!("capacity web-and-database.toml {QUICK}"));
    check(&folder, &format!("sweep closed-users.toml {QUICK}"), "");
    let searched = followed(&folder, &format!("capacity web-and-database.toml {QUICK} --most 4"));
    assert!(searched.contains(" --over ") && searched.contains(" --load "), "{searched}");
    let pool = "--over pool.connections.size";
    check(&folder, &format!("capacity connection-pool.toml {QUICK} --most 4 {pool}"), "");
    check(
        &folder,
        &format!("optimize scale-out.toml {QUICK} --most-replications 4 --over service.app.replicas=9..12:4"),
        "run scale-out.toml",
    );
    check(
        &folder,
        &format!("compare web-and-database.toml --with service.web.replicas=3 {QUICK}"),
        "run web-and-database.toml",
    );
    // What is no better is not recommended, what is better is.
    let compare =
        |with: &str| format!("compare closed-users.toml --with {with} --replications 4 --duration 60s --warm-up 5s");
    let same = followed(&folder, &compare("run.seed=1"));
    assert!(!same.contains("--set"), "{same}");
    let better = followed(&folder, &compare("workload.users.users=1"));
    assert!(better.ends_with("--set workload.users.users=1"), "{better}");
    // Whoever has too much today asks for what today takes.
    let strict = "--require 'customers.latency.mean < 2s' --duration 2000s --warm-up 100s --replications 4";
    let over = followed(&folder, &format!("capacity single-queue.toml {strict} --resolution 0.2"));
    let load = over.split(" --load ").nth(1).and_then(|rest| rest.split(' ').next()).expect("a load");
    assert_eq!(load, "1", "{over}");
}

#[test]
fn where_nothing_is_answered() {
    let folder = folder("mute");
    let text = "[workload.all]\nto = \"desk\"\narrivals = { poisson = \"100/s\" }\ntimeout = \"1ms\"\n\
                [station.desk]\nservers = 4\nservice-time = \"20ms\"\n[run]\nduration = \"5s\"\nwarm-up = \"1s\"\n\
                [[objective]]\nname = \"quick\"\nrequire = \"all.latency.p99 < 100ms\"\n";
    fs::write(folder.join("mute.toml"), text).expect("a file");
    check(&folder, "run mute.toml", "explain mute.toml");
    let said = run(&folder, "run mute.toml --report mute.html");
    assert_eq!(said.status.code(), Some(1), "a latency that nobody has is within no limit");
    assert!(!String::from_utf8_lossy(&said.stdout).contains("followed"), "why was not asked for");
}

#[test]
fn after_what_simulates_nothing() {
    let folder = folder("nothing");
    check(
        &folder,
        &format!("explain web-and-database.toml --set run.load=0.5 {QUICK}"),
        "run web-and-database.toml --set run.load=0.5",
    );
    check(&folder, &format!("check web-and-database.toml {QUICK}"), "run web-and-database.toml");
    check(&folder, "new shop", "run shop.toml");
    check(&folder, "list", "run single-queue");
    check(&folder, "fit access.log", "fit access.log --output measured");
    let queue = "law queue --rate 80/s --service-time 50ms --servers";
    check(&folder, &format!("{queue} 5"), "run single-queue");
    check(&folder, &format!("{queue} 4..8"), "law staffing --rate 80/s --service-time 0.05s");
    for law in [
        "amdahl --serial 5%",
        "gustafson --serial 5%",
        "usl --fit sdm91.csv",
        "staffing --rate 500/s --service-time 200ms --wait p95=20ms",
        "repairman --think-time 10s --service-time 100ms --users 1,10,100",
    ] {
        check(&folder, &format!("law {law}"), "");
    }
}
