//! Points of a sweep that are kept: found again where nothing is different that their results depend on, as they were.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::AtomicBool;

use assert_cmd::cargo::CommandCargoExt;
use knee::experiment::{self, Control, Options, Store, SweepResults};
use knee::scenario::{Source, SweepAxis};

/// Each replication takes some hundredths of a second, and the service times are in a file.
const QUEUE: &str = r#"
[workload.customers]
to = "desk"
arrivals = { poisson = "800/s" }

[station.desk]
service-time = { empirical = "times.csv" }

[run]
duration = "60s"
warm-up = "5s"
replications = 3
"#;

const SWEEP: [&str; 7] = [
    "sweep",
    "queue.toml",
    "--vary",
    "workload.customers.arrivals.poisson=200/s..900/s:4",
    "--vary",
    "station.desk.discipline=fifo,lifo",
    "--output=all",
];

/// A folder of this test's own, with the scenario and its file in it.
fn folder(test: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(test);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder");
    fs::write(folder.join("queue.toml"), QUEUE).expect("a scenario");
    fs::write(folder.join("times.csv"), "0.0005\n0.001\n0.0015\n").expect("a file");
    folder
}

/// What the whole sweep says on standard output and standard error.
fn finish(folder: &Path, more: &[&str]) -> [String; 2] {
    let mut command = Command::cargo_bin("knee").expect("the program");
    let output = command.current_dir(folder).args(SWEEP).args(more).output().expect("it ends");
    let [said, complained] = [output.stdout, output.stderr].map(|text| String::from_utf8(text).expect("text"));
    assert_eq!(output.status.code(), Some(0), "{complained}");
    [said, complained]
}

#[test]
fn nothing_that_changes_results_finds_the_points_of_before() {
    let folder = folder("sweep-changed");
    finish(&folder, &["--duration=1s"]);
    let none = |more: &[&str]| {
        let [_, complained] = finish(&folder, more);
        assert!(!complained.contains("finished before"), "{more:?}: {complained}");
    };
    none(&["--duration=1s", "--seed=2"]);
    none(&["--duration=2s"]);
    fs::write(folder.join("times.csv"), "0.0005\n0.001\n0.0014\n").expect("a file");
    none(&["--duration=1s"]);
    fs::write(folder.join("times.csv"), "0.0005\n0.001\n0.0015\n").expect("a file");
    let [_, complained] = finish(&folder, &["--duration=1s", "--threads=2"]);
    assert!(complained.contains("8 of 8 points were finished before"), "{complained}");
}

/// What results are made of differs from scenario to scenario: every shipped one is read back as it was.
#[test]
fn results_of_every_kind_are_read_back_exactly() {
    let scenarios = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios")).expect("scenarios");
    for path in scenarios.flatten().map(|entry| entry.path()).filter(|path| path.is_file()) {
        let text = fs::read_to_string(&path).expect("a scenario");
        let short =
            ["run.duration=2s", "run.warm-up=0s", "run.replications=2", "run.series=1s", "run.observe-at=[\"1s\"]"];
        let overrides = short.map(str::to_owned).to_vec();
        let source = Source { name: path.display().to_string(), text, overrides };
        let kept: Mutex<BTreeMap<String, Vec<u8>>> = Mutex::default();
        let get = |name: &str| kept.lock().unwrap().get(name).cloned();
        let put = |name: &str, bytes: &[u8]| drop(kept.lock().unwrap().insert(name.to_owned(), bytes.to_vec()));
        let fresh = sweep(&source, Store { get: &|_| None, put: &put, found: &|| () });
        let unused = |name: &str, _: &[u8]| panic!("{}: {name} is run again", source.name);
        let read = sweep(&source, Store { get: &get, put: &unused, found: &|| () });
        assert_eq!(format!("{fresh:?}"), format!("{read:?}"), "{}", source.name);
    }
}

fn sweep(source: &Source, store: Store<'_>) -> SweepResults {
    let seeds = [SweepAxis::from_flag("run.seed=1,2").expect("an axis")];
    let options = Options { states: true, ..Options::default() };
    let control = Control { progress: &|_| (), cancelled: &AtomicBool::new(false) };
    let found = experiment::sweep(source, &seeds, &|path| Err(path.into()), &options, &control, store);
    found.unwrap_or_else(|problems| panic!("{}", problems.render(false)))
}
