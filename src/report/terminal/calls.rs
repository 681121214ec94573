//! The table of protected calls.

use super::ink::{Ink, Tone};
use super::table::{Cell, Table};
use crate::experiment::results::{CallResult, Results};
use crate::report::quantity::{Kind, estimate, show};

/// A row per call that is protected: only what some of them have.
pub(super) fn calls(results: &Results, ink: Ink) -> String {
    if results.calls.is_empty() {
        return String::new();
    }
    let mut table = Table::new(&["call", "calls", "attempts", "copies", "denied", "cut off", "fallback", "late"])
        .spare(&["late", "copies"]);
    for (name, call) in &results.calls {
        let count = |count: u64| show(Kind::Count, Some(count as f64));
        let (attempts, half) = estimate(Kind::Count, &call.attempts_per_call);
        let (copies, spread) = copies(call);
        let counts = [call.retries_denied, call.breaker_rejected, call.fallbacks, call.expired].map(count);
        let front = [name.clone(), count(call.calls), attempts, copies];
        table.row(front.into_iter().chain(counts).map(Cell::from).collect());
        table.details(vec![String::new(), String::new(), half, spread]);
    }
    table.render(ink) + &note(results, ink)
}

fn copies(call: &CallResult) -> (String, String) {
    match call.hedges {
        0 => (show(Kind::Count, Some(0.0)), String::new()),
        _ => estimate(Kind::Ratio, &call.hedges_per_attempt),
    }
}

fn note(results: &Results, ink: Ink) -> String {
    let opened: u64 = results.calls.values().map(|call| call.breaker_opened).sum();
    let opened = match opened {
        0 => String::new(),
        1 => "\na breaker opened once".to_string(),
        _ => format!("\nbreakers opened {opened} times"),
    };
    let note = format!("attempts are per call, copies per attempt; the rest are totals{opened}");
    ink.paint(Tone::Dim, &note) + "\n"
}
