//! What goes wrong around the program, done to it for real: signals, kills, full disks, closed pipes, lost terminals.
//! There is no panic and no half of a file, what was there before is kept, and the message says what to do.

#[cfg(target_os = "linux")]
#[path = "interruption/disks.rs"]
mod disks;
#[path = "interruption/given_up.rs"]
mod given_up;
#[cfg(unix)]
#[path = "interruption/inputs.rs"]
mod inputs;
#[path = "interruption/kills.rs"]
mod kills;
#[path = "interruption/limits.rs"]
mod limits;
#[path = "interruption/outputs.rs"]
mod outputs;
#[cfg(target_os = "linux")]
#[path = "interruption/signals.rs"]
mod signals;
#[cfg(target_os = "linux")]
#[path = "interruption/streams.rs"]
mod streams;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use assert_cmd::cargo::CommandCargoExt;

/// A queue whose service times are in a file, and whose machines have a price; each replication is over soon.
const QUEUE: &str = r#"
[workload.customers]
to = "desk"
arrivals = { poisson = "800/s" }

[machine.node]
cores = 2
price = 1

[service.desk]
machine = "node"
steps = [{ cpu = { empirical = "times.csv" } }]

[[objective]]
name = "soon"
require = "customers.latency.p99 < 10s"

[run]
duration = "5s"
warm-up = "1s"
replications = 3
"#;

/// An empty folder of this test's own, with the queue and what it reads in it.
fn folder(test: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("interruption").join(test);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder");
    fs::write(folder.join("queue.toml"), QUEUE).expect("a scenario");
    fs::write(folder.join("times.csv"), "0.0005\n0.001\n0.0015\n").expect("times");
    fs::write(folder.join("scaling.csv"), "1,955\n2,1878\n4,3548\n8,6531\n16,11044\n").expect("measurements");
    folder
}

/// The program, in a folder.
fn program() -> PathBuf {
    Command::cargo_bin("knee").expect("the program").get_program().into()
}

fn knee(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(program());
    command.current_dir(folder).args(args).env_remove("CLICOLOR_FORCE").stdin(Stdio::null());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// How the program ended, and what it said.
#[derive(Debug)]
struct Ended {
    /// None: by a signal.
    code: Option<i32>,
    out: String,
    err: String,
}

impl From<Output> for Ended {
    fn from(output: Output) -> Ended {
        let [out, err] = [output.stdout, output.stderr].map(|text| String::from_utf8(text).expect("text"));
        assert!(!err.contains("panicked") && !out.contains("panicked"), "{out}{err}");
        Ended { code: output.status.code(), out, err }
    }
}

impl Ended {
    /// Asserts the exit code, and that this was said on standard error.
    #[track_caller]
    fn with(self, code: i32, said: &str) -> Ended {
        assert!(self.code == Some(code) && self.err.contains(said), "exit code {code} and {said:?}: {self:#?}");
        self
    }
}

fn end(mut command: Command) -> Ended {
    command.output().expect("it runs").into()
}

/// All files below a folder.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        match path.is_dir() {
            true => found.extend(files(&path)),
            // It may be gone already: somebody is at work there.
            false => found.extend(fs::read(&path).ok().map(|bytes| (path, bytes))),
        }
    }
    found
}

/// All that was written has the same bytes in both folders.
fn assert_same(one: &Path, other: &Path) {
    let relative = |folder: &Path| -> BTreeMap<PathBuf, Vec<u8>> {
        let all = files(folder).into_iter();
        all.map(|(path, bytes)| (path.strip_prefix(folder).expect("inside").to_owned(), bytes)).collect()
    };
    let (one, other) = (relative(one), relative(other));
    assert_eq!(one.keys().collect::<Vec<_>>(), other.keys().collect::<Vec<_>>());
    for (path, bytes) in &one {
        assert!(other[path] == *bytes, "{} differs", path.display());
    }
}

fn is_temporary(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "part")
}

/// Waits for something to become true, for five minutes at least.
#[track_caller]
fn await_that(what: &str, mut is_so: impl FnMut() -> bool) {
    for _ in 0..300_000 {
        if is_so() {
            return;
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    panic!("waited in vain for this: {what}");
}
