//! The table of what is scaled.

use super::ink::Ink;
use super::table::{Cell, Table};
use crate::experiment::results::Results;
use crate::report::quantity::{Kind, estimate};

/// A row per component: how many replicas were in service and paid for, and how often that changed.
pub(super) fn scaling(results: &Results, ink: Ink) -> String {
    if results.scaling.is_empty() {
        return String::new();
    }
    let mut table = Table::new(&["scaled", "replicas", "min", "max", "paid", "out", "in"]);
    for (name, scaled) in &results.scaling {
        let (replicas, replicas_half) = estimate(Kind::Count, &scaled.replicas);
        let (paid, paid_half) = estimate(Kind::Count, &scaled.paid);
        let counts = [u64::from(scaled.min), u64::from(scaled.max), scaled.scaled_out, scaled.scaled_in];
        let [min, max, out, back] = counts.map(|count| Cell::from(count.to_string()));
        table.row(vec![name.as_str().into(), replicas.into(), min, max, paid.into(), out, back]);
        table.details(vec![String::new(), replicas_half, String::new(), String::new(), paid_half]);
    }
    table.render(ink)
}
