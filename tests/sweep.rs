//! Sweeps that are interrupted, and go on: the same bytes as if they had not been, with the real program.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

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

fn start(folder: &Path, more: &[&str]) -> Child {
    let mut command = Command::cargo_bin("knee").expect("the program");
    command.current_dir(folder).args(SWEEP).args(more);
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts")
}

/// What the whole sweep says on standard output and standard error.
fn finish(folder: &Path, more: &[&str]) -> [String; 2] {
    let output = start(folder, more).wait_with_output().expect("it ends");
    let [said, complained] = [output.stdout, output.stderr].map(|text| String::from_utf8(text).expect("text"));
    assert_eq!(output.status.code(), Some(0), "{complained}");
    [said, complained]
}

/// Waits until this many points are kept.
fn await_points(folder: &Path, count: usize) {
    for _ in 0..60_000 {
        if kept(folder) >= count {
            return;
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    panic!("{} points of {count}", kept(folder));
}

fn kept(folder: &Path) -> usize {
    let points = fs::read_dir(folder.join("all/points")).into_iter().flatten().flatten();
    points.filter(|entry| entry.path().extension().is_some_and(|extension| extension == "point")).count()
}

/// All files below a folder.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        match path.is_dir() {
            true => found.extend(files(&path)),
            false => drop(found.insert(path.clone(), fs::read(&path).expect("a file"))),
        }
    }
    found
}

/// The same files with the same bytes, wherever the folders are.
fn assert_same(one: &Path, other: &Path) {
    let relative = |folder: &Path| -> BTreeMap<PathBuf, Vec<u8>> {
        let all = files(&folder.join("all")).into_iter();
        all.map(|(path, bytes)| (path.strip_prefix(folder).expect("inside").to_owned(), bytes)).collect()
    };
    let (one, other) = (relative(one), relative(other));
    assert_eq!(one.keys().collect::<Vec<_>>(), other.keys().collect::<Vec<_>>());
    for (path, bytes) in &one {
        assert!(other[path] == *bytes, "{} differs", path.display());
    }
}

#[test]
fn a_sweep_that_is_killed_again_and_again_ends_in_the_same_bytes() {
    let (whole, killed) = (folder("sweep-whole"), folder("sweep-killed"));
    let [said, _] = finish(&whole, &[]);
    for count in [1, 3, 4, 6] {
        let mut child = start(&killed, &[]);
        await_points(&killed, count);
        child.kill().expect("it can be killed");
        child.wait().expect("it ends");
    }
    let before = kept(&killed);
    assert!((6..=8).contains(&before), "{before}");
    let [again, complained] = finish(&killed, &[]);
    assert_eq!(said, again);
    assert!(complained.contains(&format!("{before} of 8 points were finished before")), "{complained}");
    assert_same(&whole, &killed);
}

#[test]
fn an_interrupted_sweep_is_exit_3_and_goes_on() {
    let (whole, interrupted) = (folder("sweep-not-interrupted"), folder("sweep-interrupted"));
    let [said, _] = finish(&whole, &["--threads=1"]);
    let child = start(&interrupted, &["--threads=1"]);
    await_points(&interrupted, 1);
    let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("a signal");
    assert!(sent.success());
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(3));
    let partial = String::from_utf8(output.stdout).expect("text");
    assert!(partial.starts_with("interrupted: "), "{partial}");
    assert!(partial.ends_with("--output=all --threads=1  # goes on from here\n"), "{partial}");
    assert_eq!(finish(&interrupted, &["--threads=1"])[0], said);
    assert_same(&whole, &interrupted);
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
