//! What is measured, each time in a process of its own: this program starts itself.

#![expect(clippy::disallowed_methods, reason = "a bench looks at the clock")]

use std::process::Command;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};
use std::{env, fs, thread};

use knee::experiment::{self, Control, Options, Results, Store};
use knee::model::load;
use knee::scenario::{Source, SweepAxis};

/// The first argument of a process that measures.
pub(super) const CHILD: &str = "--measure";

/// What is measured in a process of its own.
#[derive(Clone)]
pub(super) struct Run {
    text: String,
    overrides: Vec<String>,
    threads: usize,
    /// Arrivals by which it is swept; empty where it is run once.
    vary: String,
}

/// What a process took.
pub(super) struct Cost {
    /// From start to end.
    pub(super) elapsed: f64,
    /// Of processors, where the system tells: nothing else that runs is in it.
    pub(super) seconds: f64,
    pub(super) requests: f64,
    /// The most memory it ever had.
    pub(super) bytes: f64,
}

impl Run {
    pub(super) fn of(text: &str) -> Run {
        Run { text: text.into(), overrides: Vec::new(), threads: 1, vary: String::new() }
    }

    pub(super) fn with(mut self, change: String) -> Run {
        self.overrides.push(change);
        self
    }

    pub(super) fn on(self, threads: usize) -> Run {
        Run { threads, ..self }
    }

    pub(super) fn vary(self, values: &str) -> Run {
        Run { vary: format!("workload.customers.arrivals.poisson={values}"), ..self }
    }

    pub(super) fn measure(&self) -> Cost {
        let mut command = Command::new(env::current_exe().expect("this program"));
        command.args([CHILD, &self.vary, &self.text]).args(&self.overrides);
        // The threads of a run end with it, and their times with them; those of all runs stay.
        command.env("RAYON_NUM_THREADS", self.threads.to_string());
        let output = command.output().expect("a process");
        let said = String::from_utf8_lossy(&output.stdout);
        let numbers: Vec<f64> = said.split_whitespace().map_while(|word| word.parse().ok()).collect();
        let [elapsed, seconds, requests, bytes] = numbers[..] else {
            panic!("{said}{}", String::from_utf8_lossy(&output.stderr))
        };
        Cost { elapsed, seconds, requests, bytes }
    }
}

/// The other side of [`Run::measure`].
pub(super) fn measure_here(arguments: &[String]) {
    let [vary, text, overrides @ ..] = arguments else { panic!("too few arguments") };
    let source = Source { name: "bench".into(), text: text.clone(), overrides: overrides.to_vec() };
    let options = Options::default();
    let control = Control { progress: &|_| (), cancelled: &AtomicBool::new(false) };
    let read = |path: &str| Err(format!("no file {path}"));
    let (model, diagnostics) = load(&source, &read);
    let model = model.unwrap_or_else(|| panic!("{}", diagnostics.render(false)));
    let before = processor_time();
    let start = Instant::now();
    let results = if vary.is_empty() {
        vec![experiment::run(&model, &options, &control)]
    } else {
        let axis = SweepAxis::from_flag(vary).expect("an axis");
        let found = experiment::sweep(&source, &[axis], &read, &options, &control, Store::NOTHING);
        let found = found.unwrap_or_else(|diagnostics| panic!("{}", diagnostics.render(false)));
        found.points.into_iter().map(|point| point.result).collect()
    };
    let elapsed = start.elapsed().as_secs_f64();
    let seconds = processor_time().map_or(elapsed, |after| after - before.unwrap_or(0.0));
    println!("{elapsed} {seconds} {} {}", results.iter().map(offered).sum::<f64>(), peak());
}

/// Requests in all replications.
fn offered(results: &Results) -> f64 {
    let rate: f64 = results.workloads.values().filter_map(|workload| workload.offered.value).sum();
    (rate * results.scenario.duration_s * f64::from(results.scenario.replications)).round()
}

/// What all threads of this process have had of processors, in seconds (`schedstat`, proc(5)).
fn processor_time() -> Option<f64> {
    // The system adds up when a thread goes to rest.
    thread::sleep(Duration::from_millis(5));
    let threads = fs::read_dir("/proc/self/task").ok()?;
    let nanoseconds = |thread: fs::DirEntry| -> Option<f64> {
        let text = fs::read_to_string(thread.path().join("schedstat")).ok()?;
        text.split_whitespace().next()?.parse().ok()
    };
    let sum: f64 = threads.flatten().filter_map(nanoseconds).sum();
    (sum > 0.0).then_some(sum / 1e9)
}

/// `VmHWM` of this process, in bytes (proc(5)); 0 where the system does not tell.
fn peak() -> f64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM"));
    let kilobytes = line.and_then(|line| line.split_whitespace().nth(1)).and_then(|word| word.parse().ok());
    kilobytes.unwrap_or(0.0) * 1024.0
}
