//! Progress on the terminal, and Ctrl-C.

use std::io::IsTerminal;
use std::sync::atomic::{AtomicBool, Ordering};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use knee::experiment::Control;

use super::options::OutputArgs;
use super::terminal;

/// Set by Ctrl-C, and when the time is up. What was finished by then is reported.
static CANCELLED: AtomicBool = AtomicBool::new(false);
/// Set when there is something to stop.
static BEGUN: AtomicBool = AtomicBool::new(false);

const STEPS: u64 = 1000;

/// Runs `work` with a progress bar called `name`, if a person is looking, until somebody stops it.
pub(crate) fn watch<T>(args: &OutputArgs, name: &str, work: impl FnOnce(&Control<'_>) -> T) -> T {
    listen_for_interrupts();
    BEGUN.store(true, Ordering::Relaxed);
    let shown = std::io::stderr().is_terminal() && !args.quiet && !args.no_progress;
    let target = if shown { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
    let bar = ProgressBar::with_draw_target(Some(STEPS), target).with_prefix(name.to_owned()).with_style(style());
    let progress = |done: f64| bar.set_position((done.clamp(0.0, 1.0) * STEPS as f64) as u64);
    let result = work(&Control { progress: &progress, cancelled: &CANCELLED });
    bar.finish_and_clear();
    result
}

fn style() -> ProgressStyle {
    let template = "{prefix} {wide_bar} {percent:>3} % {eta:>4} left";
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}

/// The first Ctrl-C asks the simulation to stop, the second stops the program; so does the end of the session, or a
/// request to end. Where one of these is ignored already, as under `nohup`, all are left as they are.
fn listen_for_interrupts() {
    let _ = ctrlc::try_set_handler(|| {
        if CANCELLED.swap(true, Ordering::Relaxed) {
            std::process::exit(3);
        }
        announce("stopping, and reporting what is finished; Ctrl-C again stops at once");
    });
}

/// It has taken as long as it may: the simulation stops. While the input is still read, and in commands that do not simulate,
/// nobody would notice, and there is nothing to report: the program ends.
pub(crate) fn time_is_up(most: &str) {
    if !BEGUN.load(Ordering::Relaxed) {
        announce(&format!("stopping after {most}, the limit of --max-time: nothing was simulated"));
        std::process::exit(3);
    }
    if !CANCELLED.swap(true, Ordering::Relaxed) {
        announce(&format!("stopping after {most}, the limit of --max-time, and reporting what is finished"));
    }
}

fn announce(what: &str) {
    // On a terminal, `^C` or the bar stands on this line already.
    let start = if std::io::stderr().is_terminal() { "\n" } else { "" };
    terminal::complain(&format!("{start}{what}\n"));
}
