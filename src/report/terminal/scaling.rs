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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::results::ScalingResult;
    use crate::report::fixture;

    #[test]
    fn what_is_scaled_has_a_row() {
        let mut run = fixture::run();
        assert_eq!(scaling(&run, Ink(false)), "");
        let number = run.stations.0[0].1.utilization;
        let scaled = ScalingResult {
            replicas: number,
            min: 2,
            max: 12,
            paid: number,
            replica_hours: number,
            scaled_out: 345,
            scaled_in: 67,
        };
        run.scaling.insert("app".into(), scaled);
        let said = scaling(&run, Ink(false));
        assert!(said.contains("app") && said.contains("345"), "{said}");
        assert!(said.lines().all(|line| line.chars().count() <= 80), "{said}");
    }
}
