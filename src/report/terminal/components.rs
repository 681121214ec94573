//! Tables of what components did beyond queueing.

use std::collections::BTreeMap;

use super::ink::{Ink, Tone};
use super::table::{Cell, Table};
use crate::experiment::results::{OptimisticResult, Results};
use crate::report::quantity::{Kind, estimate, show};

/// A row per cache.
pub(super) fn caches(results: &Results, ink: Ink) -> String {
    if results.caches.is_empty() {
        return String::new();
    }
    let mut table = Table::new(&["cache", "hits", "entries", "lookups", "evicted", "expired", "coalesced"])
        .spare(&["coalesced", "expired"]);
    for (name, cache) in &results.caches {
        let (hits, half) = estimate(Kind::Ratio, &cache.hit_ratio);
        let (entries, spread) = estimate(Kind::Count, &cache.entries);
        let counts = [cache.hits + cache.misses, cache.evictions, cache.expired, cache.coalesced];
        let counts = counts.map(|count| show(Kind::Count, Some(count as f64)));
        table.row([name.clone(), hits, entries].into_iter().chain(counts).map(Cell::from).collect());
        table.details(vec![String::new(), half, spread]);
    }
    table.render(ink) + &note(results, ink)
}

/// A row per name that is written optimistically.
pub(super) fn optimistic(written: &BTreeMap<String, OptimisticResult>, ink: Ink) -> String {
    if written.is_empty() {
        return String::new();
    }
    let mut table = Table::new(&["optimistic", "commits", "aborts", "abort ratio"]);
    for (name, result) in written {
        let numbers = [
            estimate(Kind::Rate, &result.commits),
            estimate(Kind::Rate, &result.aborts),
            estimate(Kind::Ratio, &result.abort_ratio),
        ];
        let (values, halves): (Vec<String>, Vec<String>) = numbers.into_iter().unzip();
        table.row(std::iter::once(name.clone()).chain(values).map(Cell::from).collect());
        table.details(std::iter::once(String::new()).chain(halves).collect());
    }
    table.render(ink)
}

fn note(results: &Results, ink: Ink) -> String {
    if results.scenario.replications == 1 {
        return String::new();
    }
    ink.paint(Tone::Dim, "counts are totals over replications") + "\n"
}
