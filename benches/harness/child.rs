//! Runs of which the memory counts, each in a process of its own: this program starts itself.

use std::env;
use std::fs;
use std::process::Command;

use super::simulation::{Way, compile, run};

/// What a process is asked for by its parent.
const ASKED: &str = "--peak-of";

/// The most memory that a process ever has in use while it runs this scenario, in bytes; none where the system does
/// not tell.
pub(super) fn peak(scenario: &str) -> Option<f64> {
    let program = env::current_exe().ok()?;
    let output = Command::new(program).args([ASKED, scenario]).output().ok()?;
    String::from_utf8_lossy(&output.stdout).trim().parse().ok()
}

/// If this process is a child, it does what it is asked for: whether it is one.
pub(crate) fn answer_parent() -> bool {
    let mut arguments = env::args().skip_while(|argument| argument != ASKED).skip(1);
    let Some(scenario) = arguments.next() else { return false };
    run(&compile(&scenario), 0, Way::Usual);
    if let Some(bytes) = high_water_mark() {
        println!("{bytes}");
    }
    true
}

/// `VmHWM` of this process, in bytes (proc(5)).
fn high_water_mark() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM"))?;
    line.split_whitespace().nth(1)?.parse::<u64>().ok().map(|kilobytes| kilobytes * 1024)
}
