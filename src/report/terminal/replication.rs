//! What copies of data showed their readers.

use super::ink::{Ink, Tone};
use super::table::{Cell, Table};
use crate::experiment::results::{ReplicationResult, Results};
use crate::report::quantity::{Kind, estimate, show};

/// A row per database with copies, then conflicts and probes where there are any.
pub(super) fn replication(results: &Results, ink: Ink) -> String {
    if results.replication.is_empty() {
        return String::new();
    }
    let mut table =
        Table::new(&["copies of", "reads", "stale", "by", "own missed", "writes", "lag", "p99"]).spare(&["p99", "by"]);
    for (name, copies) in &results.replication {
        row(&mut table, name, copies);
    }
    let mut text = table.render(ink);
    for (name, copies) in &results.replication {
        text.push_str(&conflicts(name, copies, ink));
        text.push_str(&failovers(name, copies, ink));
        text.push_str(&probes(copies, ink));
    }
    text
}

fn row(table: &mut Table, name: &str, copies: &ReplicationResult) {
    let numbers = [
        estimate(Kind::Rate, &copies.reads),
        estimate(Kind::Ratio, &copies.stale_read_ratio),
        estimate(Kind::Time, &copies.staleness),
        estimate(Kind::Ratio, &copies.read_your_writes_violations),
        estimate(Kind::Rate, &copies.writes),
        estimate(Kind::Time, &copies.lag.mean),
        estimate(Kind::Time, &copies.lag.p99),
    ];
    let (values, halves): (Vec<String>, Vec<String>) = numbers.into_iter().unzip();
    table.row(std::iter::once(name.to_owned()).chain(values).map(Cell::from).collect());
    table.details(std::iter::once(String::new()).chain(halves).collect());
}

fn conflicts(name: &str, copies: &ReplicationResult, ink: Ink) -> String {
    if copies.conflicts == 0 {
        return String::new();
    }
    let shares: Vec<String> = copies.conflict_ratio.iter().map(|share| show(Kind::Ratio, share.value)).collect();
    let few = if shares.len() <= 4 { format!(" ({} of updates)", shares.join(", ")) } else { String::new() };
    let rate = show(Kind::Rate, copies.conflict_rate.value);
    let lost = format!("{name}: {rate} pairs of updates in conflict{few}, {} lost", copies.lost_writes);
    ink.paint(Tone::Bad, &super::wrap(&lost, 2)) + "\n"
}

fn failovers(name: &str, copies: &ReplicationResult, ink: Ink) -> String {
    let Some(count @ 1..) = copies.failovers else { return String::new() };
    let times = if count == 1 { "1 failover".to_owned() } else { format!("{count} failovers") };
    let without = show(Kind::Time, copies.unavailable_s.and_then(|unavailable| unavailable.value));
    let (lost, tone) = match copies.lost_writes {
        0 => ("no write lost".to_owned(), Tone::Good),
        1 => ("1 write lost".to_owned(), Tone::Bad),
        lost => (format!("{lost} writes lost"), Tone::Bad),
    };
    let text = format!("{name}: {times}, {lost}; no primary for {without} of each run");
    ink.paint(tone, &super::wrap(&text, 2)) + "\n"
}

fn probes(copies: &ReplicationResult, ink: Ink) -> String {
    if copies.probes.is_empty() {
        return String::new();
    }
    let mut table = Table::new(&["probe", "after", "consistent"]);
    for (probe, points) in &copies.probes {
        for point in points {
            let (share, half) = estimate(Kind::Ratio, &point.consistent);
            table.row(vec![probe.into(), show(Kind::Time, Some(point.after_s)).into(), share.into()]);
            table.details(vec![String::new(), String::new(), half]);
        }
    }
    table.render(ink)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::results::{Estimate, ProbePoint};
    use crate::report::fixture;

    fn copies_with_failovers() -> ReplicationResult {
        let unavailable = Estimate { value: Some(30.0), ci95: None };
        ReplicationResult {
            failovers: Some(2),
            lost_writes: 4,
            unavailable_s: Some(unavailable),
            ..ReplicationResult::default()
        }
    }

    #[test]
    fn copies_conflicts_and_probes_are_shown_in_eighty_columns() {
        let share = Estimate { value: Some(0.0909), ci95: Some([0.09, 0.0918]) };
        let mut run = fixture::run();
        let mut copies = ReplicationResult { stale_read_ratio: share, conflicts: 7, ..ReplicationResult::default() };
        copies.conflict_ratio = vec![share; 2];
        copies.probes.insert("visible".into(), vec![ProbePoint { after_s: 0.001, consistent: share }]);
        run.replication.insert("orders".into(), copies);
        let mut again = copies_with_failovers();
        again.lost_writes = 0;
        run.replication.insert("stock".into(), copies_with_failovers());
        run.replication.insert("users".into(), again);
        let text = replication(&run, Ink(false));
        assert!(text.contains("stock: 2 failovers, 4 writes lost; no primary for 30.0 s"), "{text}");
        assert!(text.contains("users: 2 failovers, no write lost"), "{text}");
        assert!(text.contains("9.1 %") && text.contains("visible") && text.contains("in conflict"), "{text}");
        assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
        assert!(replication(&fixture::run(), Ink(false)).is_empty());
    }
}
