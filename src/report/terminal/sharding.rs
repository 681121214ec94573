//! How keys are spread over shards.

use super::ink::Ink;
use super::table::{Cell, Table};
use crate::experiment::results::Results;
use crate::report::quantity::{Kind, show};

/// A row for everything that spreads keys.
pub(super) fn sharding(results: &Results, ink: Ink) -> String {
    if results.sharding.is_empty() {
        return String::new();
    }
    let mut table = Table::new(&["keys of", "by", "shards", "fair share", "hottest", "moved by one more"]);
    for (name, sharding) in &results.sharding {
        let fair = 1.0 / f64::from(sharding.shards);
        let numbers = [Some(fair), sharding.hottest_share, sharding.moved_by_one_more];
        let cells =
            [Cell::from(name.clone()), Cell::from(sharding.by.clone()), Cell::from(sharding.shards.to_string())];
        table.row(cells.into_iter().chain(numbers.map(|number| Cell::from(show(Kind::Ratio, number)))).collect());
    }
    table.render(ink)
}
