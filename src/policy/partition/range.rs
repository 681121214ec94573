//! `range`: neighbouring keys together.
//!
//! ```toml
//! balance = { range = { keys = 1000000 } }             # equal ranges of keys 0 to 999999
//! policy = { range = { hot = 1000 } }                  # keys below 1000 to `hot`, the others to the other target
//! policy = { range = { hot = 1000, keys = 1000000 } }  # the others in equal ranges to the other targets
//! ```
//!
//! A bound is the first key that is beyond its target, which begins where the next smaller bound
//! is. Targets of one bound, such as the replicas of a component, share its range equally; so do
//! those without a bound, up to `keys`. Keys beyond the end are on the last of all.
//!
//! The ranges of Bigtable's tablets (Chang et al. 2006), which do not move or split here.

use std::sync::Arc;

use super::{Args, Entry, Partition, args};

pub(super) const ENTRY: Entry = Entry {
    name: "range",
    doc: "Equal ranges of `keys` keys, or a bound for each target: `{ hot = 1000, keys = 1000000 }` (Chang et al. 2006).",
    build,
};

/// The name of the argument that is no target.
const KEYS: &str = "keys";

#[derive(Debug, Clone)]
struct Range {
    /// Ends of the ranges but the last, in order: the first keys that are beyond them.
    ends: Vec<u64>,
    /// Whose the ranges are, one more than there are ends.
    owners: Vec<u32>,
}

pub(in crate::policy) fn build(args: Option<&Args>, targets: &[String]) -> Result<Arc<dyn Partition>, String> {
    let keys = args::whole(args, KEYS)?;
    let mut targets = bounds(args, targets)?;
    // Those without a bound come last; among equals the order of the targets is kept.
    targets.sort_by_key(|&(_, bound)| bound.unwrap_or(u64::MAX));
    let mut range = Range { ends: Vec::new(), owners: Vec::new() };
    let mut start = 0;
    for group in targets.chunk_by(|a, b| a.1 == b.1) {
        let end = group[0].1.or(keys);
        start = range.share(group, start, end)?;
    }
    range.ends.pop();
    Ok(Arc::new(range))
}

/// Every target and its bound, which a component gives to each of its replicas.
fn bounds(args: Option<&Args>, targets: &[String]) -> Result<Vec<(u32, Option<u64>)>, String> {
    let names = args.into_iter().flat_map(|args| args.numbers.keys());
    for name in names.filter(|name| *name != KEYS) {
        if !targets.iter().any(|target| target == name || args::component(target) == name) {
            return Err(format!("`{name}` is neither `{KEYS}` nor a target: {}", targets.join(", ")));
        }
    }
    // A target that has the name of the argument cannot have a bound.
    let given = |name: &str| if name == KEYS { Ok(None) } else { args::whole(args, name) };
    let bound = |(index, target): (usize, &String)| {
        let bound = given(target)?.or(given(args::component(target))?);
        Ok((index as u32, bound))
    };
    targets.iter().enumerate().map(bound).collect()
}

impl Range {
    /// Gives the keys from `start` to `end` to the targets of a group, in equal parts.
    fn share(&mut self, group: &[(u32, Option<u64>)], start: u64, end: Option<u64>) -> Result<u64, String> {
        let parts = group.len() as u64;
        let end = match end {
            Some(end) if end > start => end,
            Some(end) => return Err(format!("`{KEYS} = {end}` ends before the last bound, {start}")),
            // A single target needs no end: it takes all that is left.
            None if parts == 1 => u64::MAX,
            None => return Err(format!("write `{{ {KEYS} = n }}`: how many keys there are, numbered from 0")),
        };
        for (part, &(target, _)) in (1u64..).zip(group) {
            let width = u128::from(end - start) * u128::from(part) / u128::from(parts);
            self.ends.push(start + width as u64);
            self.owners.push(target);
        }
        Ok(end)
    }
}

impl Partition for Range {
    fn targets(&self) -> usize {
        self.owners.len()
    }

    fn place(&self, key: u64) -> usize {
        self.owners[self.ends.partition_point(|&end| end <= key)] as usize
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::names;
    use super::*;
    use crate::policy::partition::shares;

    fn range(numbers: &[(&str, f64)], targets: &[&str]) -> Result<Arc<dyn Partition>, String> {
        let numbers = numbers.iter().map(|&(key, n)| (key.to_string(), n)).collect();
        let targets: Vec<String> = targets.iter().map(|name| name.to_string()).collect();
        build(Some(&Args { numbers }), &targets)
    }

    fn places(partition: &dyn Partition, keys: &[u64]) -> Vec<usize> {
        keys.iter().map(|&key| partition.place(key)).collect()
    }

    #[test]
    fn ranges_are_equal_and_the_last_is_open() {
        let ten = range(&[("keys", 10.0)], &["a", "b", "c", "d"]).unwrap();
        assert_eq!(places(&*ten, &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, u64::MAX]), [0, 0, 1, 1, 1, 2, 2, 3, 3, 3, 3, 3]);
        let many = range(&[("keys", 9_007_199_254_740_992.0)], &["a", "b", "c"]).unwrap();
        assert_eq!(places(&*many, &[0, 3_002_399_751_580_330, 9_007_199_254_740_991]), [0, 1, 2]);
        let exact = build(Some(&Args { numbers: [("keys".into(), 999.0)].into() }), &names(3)).unwrap();
        assert!(shares(&*exact, (0..999).map(|key| (key, 1.0))).iter().all(|share| (share - 1.0 / 3.0).abs() < 1e-12));
    }

    #[test]
    fn keys_below_a_bound_go_to_its_target_whatever_the_order_of_targets() {
        for (targets, hot) in [(["hot", "cold"], 0), (["cold", "hot"], 1)] {
            let split = range(&[("hot", 1000.0)], &targets).unwrap();
            assert_eq!(places(&*split, &[0, 999, 1000, u64::MAX]), [hot, hot, 1 - hot, 1 - hot]);
        }
        let three = range(&[("b", 10.0), ("a", 20.0), ("c", 30.0)], &["a", "b", "c"]).unwrap();
        assert_eq!(places(&*three, &[9, 10, 19, 20, 29, 30]), [1, 0, 0, 2, 2, 2]);
    }

    #[test]
    fn replicas_share_the_range_of_their_component_and_the_rest_is_shared() {
        let targets = ["hot[0]", "hot[1]", "a", "b"];
        let split = range(&[("hot", 10.0), ("keys", 30.0)], &targets).unwrap();
        assert_eq!(places(&*split, &[0, 4, 5, 9, 10, 19, 20, 29, 30]), [0, 0, 1, 1, 2, 2, 3, 3, 3]);
        let own = range(&[("hot", 10.0), ("hot[1]", 2.0), ("a", 50.0)], &targets).unwrap();
        assert_eq!(places(&*own, &[0, 1, 2, 9, 10, 49, 50]), [1, 1, 0, 0, 2, 2, 3]);
    }

    #[test]
    fn a_single_target_needs_no_keys() {
        assert_eq!(build(None, &names(1)).unwrap().place(7), 0);
    }

    #[test]
    fn what_cannot_be_is_an_error() {
        for (numbers, word) in [
            (&[][..], "how many keys there are"),
            (&[("a", 10.0)], "how many keys there are"),
            (&[("x", 10.0)], "`x` is neither `keys` nor a target: a, b, c"),
            (&[("a", 0.0)], "whole number of at least 1"),
            (&[("keys", 1.5)], "whole number of at least 1"),
            (&[("a", 10.0), ("keys", 10.0)], "ends before the last bound, 10"),
        ] {
            let problem = range(numbers, &["a", "b", "c"]).unwrap_err();
            assert!(problem.contains(word), "{problem}");
        }
    }
}
