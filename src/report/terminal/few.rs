//! Of very many rows those that matter: a summary is read by people.

use super::ink::{Ink, Tone};
use super::lines;

/// A table has no more rows than this.
const MOST: usize = 60;

/// The weightiest rows, in their order, and how many are left out.
pub(super) fn few<T>(rows: Vec<T>, weight: impl Fn(&T) -> f64) -> (Vec<T>, usize) {
    if rows.len() <= MOST {
        return (rows, 0);
    }
    let mut order: Vec<usize> = (0..rows.len()).collect();
    order.sort_by(|&a, &b| weight(&rows[b]).total_cmp(&weight(&rows[a])).then(a.cmp(&b)));
    let mut is_shown = vec![false; rows.len()];
    order.iter().take(MOST).for_each(|&index| is_shown[index] = true);
    let left_out = rows.len() - MOST;
    (rows.into_iter().zip(is_shown).filter_map(|(row, is_shown)| is_shown.then_some(row)).collect(), left_out)
}

/// Says how many are left out: `1,940 less busy stations`.
pub(super) fn others(left_out: usize, what: &str, ink: Ink) -> String {
    match left_out {
        0 => String::new(),
        count => lines(&format!("and {count} {what}: --format csv and json have all"), Tone::Dim, ink),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_weightiest_are_kept_in_their_order() {
        let weight = |&x: &u32| f64::from(x % 100);
        assert_eq!(few((0..MOST as u32).collect(), weight).1, 0);
        let (kept, left_out) = few((0..1000).collect(), weight);
        assert_eq!((kept.len(), left_out), (MOST, 1000 - MOST));
        assert!(kept.is_sorted() && kept.iter().all(|x| x % 100 >= 94));
        assert_eq!(others(0, "others", Ink(false)), "");
    }
}
