//! How fast scenarios run: against hand-written loops of the same models, and against the goals.
//!
//! `cargo bench --bench engine` prints two tables. Rows can be picked by their words and rounds be
//! fewer: `cargo bench --bench engine -- mm1 hedges --quick`.
//!
//! The first table compares ten scenarios, run with every statistic on, with flat event loops in
//! `hand/` that compute the mean response time and nothing else. Both sides are run in turn, in one
//! process, and the ratio is of medians: machines differ and drift, and both sides drift together, so
//! that a ratio can be quoted where a time cannot. Times are those of the processor, where Linux tells
//! them: other programs cost it caches, but no time. Each round is a replication of its own, so the
//! rounds also say how well both means are known. Where these are further apart than four standard
//! errors, the row says `disagree` in place of a speed, and the program ends with 1.
//!
//! The second table has the goals: what was wanted, what was measured in this very run, and whether it
//! holds. A goal that is missed does not fail the bench, since the machine may be busy with something else.

mod hand;
mod harness;

use std::process::ExitCode;

use harness::{Arguments, Goals, Versus};

fn main() -> ExitCode {
    if harness::answer_parent() {
        return ExitCode::SUCCESS;
    }
    let arguments = Arguments::read(std::env::args().skip(1));
    println!("{}\n", harness::describe());
    let versus = harness::compare(&arguments);
    Goals::print(&arguments, &versus);
    if versus.iter().all(Versus::agrees) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
