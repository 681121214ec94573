//! The table of who was let in, and how many were shed.

use super::ink::{Ink, Tone};
use super::lines;
use super::table::{Cell, Table};
use crate::experiment::results::{AdmissionResult, Estimate, Results};
use crate::report::quantity::{Kind, estimate};

/// A row per component that does not let everybody in, and a line per station that shed someone.
pub(super) fn admission(results: &Results, ink: Ink) -> String {
    let mut text = String::new();
    if !results.admission.is_empty() {
        let mut table = Table::new(&["admission", "let in", "refused", "waited", "inside", "limit"]);
        results.admission.iter().for_each(|(name, gate)| row(&mut table, name, gate));
        text = table.render(ink);
    }
    for (name, station) in &results.stations.0 {
        if let Some(shed @ 1..) = station.shed {
            let line = format!("{name}: {shed} shed from the line in all replications");
            text.push_str(&lines(&line, Tone::Bad, ink));
        }
    }
    text
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;

    #[test]
    fn who_was_kept_out_is_shown_and_only_then() {
        let mut results = fixture::run();
        assert_eq!(admission(&results, Ink(false)), "");
        results.stations.0[0].1.shed = Some(3);
        assert_eq!(admission(&results, Ink(false)), "desk: 3 shed from the line in all replications\n");
        let share = |value| Estimate { value: Some(value), ci95: None };
        let gate = AdmissionResult {
            admitted: 80,
            refused: 20,
            throughput: share(8.0),
            refused_ratio: share(0.2),
            wait: None,
            inside: Some(share(2.5)),
            limit: Some(share(4.0)),
        };
        results.admission.insert("desk".into(), gate);
        let text = admission(&results, Ink(false));
        assert!(text.contains("desk       8.00/s   20.0 %            2.50   4.00"), "{text}");
    }
}
