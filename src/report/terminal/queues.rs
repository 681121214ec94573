//! The table of queues.

use super::ink::{Ink, Tone};
use super::table::{Cell, Table};
use crate::experiment::results::{QueueResult, Results};
use crate::report::quantity::{Kind, estimate};

/// A row per queue: how many wait, how long, and what became of them in all replications.
pub(super) fn queues(results: &Results, ink: Ink) -> String {
    if results.queues.is_empty() {
        return String::new();
    }
    let mut table = Table::new(&["queue", "depth", "lag", "p99", "delivered", "again", "twice", "dead", "lost"])
        .spare(&["again", "p99"]);
    for (name, queue) in &results.queues {
        row(&mut table, name, queue);
    }
    table.render(ink)
}

fn row(table: &mut Table, name: &str, queue: &QueueResult) {
    let numbers = [(Kind::Count, &queue.depth), (Kind::Time, &queue.lag), (Kind::Time, &queue.lag_p99)]
        .map(|(k, e)| estimate(k, e));
    let (values, halves): (Vec<String>, Vec<String>) = numbers.into_iter().unzip();
    let mut cells: Vec<Cell> = std::iter::once(name.to_owned()).chain(values).map(Cell::from).collect();
    cells.push(queue.delivered.to_string().into());
    cells.push(queue.redelivered.to_string().into());
    for bad in [queue.duplicates, queue.dead_lettered, queue.lost] {
        cells.push(if bad > 0 { Cell::new(bad.to_string(), Tone::Bad) } else { "0".into() });
    }
    table.row(cells);
    table.details(std::iter::once(String::new()).chain(halves).collect());
}
