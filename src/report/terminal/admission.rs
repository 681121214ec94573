//! The table of who was let in.

use super::ink::{Ink, Tone};
use super::table::{Cell, Table};
use crate::experiment::results::{AdmissionResult, Estimate, Results};
use crate::report::quantity::{Kind, estimate};

/// A row per component that does not let everybody in.
pub(super) fn admission(results: &Results, ink: Ink) -> String {
    if results.admission.is_empty() {
        return String::new();
    }
    let mut table = Table::new(&["admission", "let in", "refused", "waited", "inside", "limit"]);
    results.admission.iter().for_each(|(name, gate)| row(&mut table, name, gate));
    table.render(ink)
}

fn row(table: &mut Table, name: &str, gate: &AdmissionResult) {
    let shown = |kind: Kind, one: Option<&Estimate>| one.map_or(Default::default(), |one| estimate(kind, one));
    let numbers = [
        estimate(Kind::Rate, &gate.throughput),
        estimate(Kind::Ratio, &gate.refused_ratio),
        shown(Kind::Time, gate.wait.as_ref().map(|wait| &wait.mean)),
        shown(Kind::Count, gate.inside.as_ref()),
        shown(Kind::Count, gate.limit.as_ref()),
    ];
    let (values, halves): (Vec<String>, Vec<String>) = numbers.into_iter().unzip();
    let mut cells: Vec<Cell> = std::iter::once(name.to_owned()).chain(values).map(Cell::from).collect();
    if gate.refused > 0 {
        cells[2] = Cell::new(estimate(Kind::Ratio, &gate.refused_ratio).0, Tone::Bad);
    }
    table.row(cells);
    table.details(std::iter::once(String::new()).chain(halves).collect());
}
