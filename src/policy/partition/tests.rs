//! What the policies' tests share, and tests of all policies.

use super::*;

/// Names of so many targets.
pub(super) fn names(targets: usize) -> Vec<String> {
    (0..targets).map(|target| format!("shard[{target}]")).collect()
}

/// A policy without arguments.
pub(super) fn over(name: &str, targets: usize) -> Arc<dyn Partition> {
    (find(name).unwrap().build)(None, &names(targets)).unwrap()
}

/// So many keys, equally popular.
pub(super) fn uniform(keys: u64) -> impl Iterator<Item = (u64, f64)> {
    (0..keys).map(|key| (key, 1.0))
}

fn entry_args(name: &str) -> Option<Args> {
    let (word, n) = match name {
        "range" => ("keys", 1000.0),
        "tenant" => ("keys-per-tenant", 10.0),
        _ => return None,
    };
    Some(Args { numbers: [(word.into(), n)].into() })
}

fn all(targets: usize) -> impl Iterator<Item = (&'static str, Arc<dyn Partition>)> {
    REGISTRY.iter().map(move |entry| {
        let built = (entry.build)(entry_args(entry.name).as_ref(), &names(targets));
        (entry.name, built.unwrap())
    })
}

#[test]
fn every_policy_uses_all_targets_and_refuses_wrong_arguments() {
    for (name, partition) in all(7) {
        assert_eq!(partition.targets(), 7, "{name}");
        let shares = shares(&*partition, uniform(1000));
        assert!(shares.iter().all(|&share| share > 0.05), "{name}: {shares:?}");
        assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-12, "{name}");
        assert!(partition.place(u64::MAX) < 7, "{name}");
    }
    let nonsense = Args { numbers: [("nonsense".into(), 1.0)].into() };
    for entry in REGISTRY {
        assert!((entry.build)(Some(&nonsense), &names(7)).is_err(), "{}", entry.name);
    }
}

#[test]
fn a_single_target_owns_everything() {
    for (name, partition) in all(1) {
        assert!([0, 1, 999, u64::MAX].iter().all(|&key| partition.place(key) == 0), "{name}");
    }
}

#[test]
fn who_is_dead_is_replaced_by_somebody_alive() {
    for (name, partition) in all(5) {
        for key in 0..1000 {
            assert_eq!(partition.place_alive(key, &|_| true), Some(partition.place(key)), "{name}");
            assert_eq!(partition.place_alive(key, &|_| false), None, "{name}");
            assert_eq!(partition.place_alive(key, &|target| target == 3), Some(3), "{name}");
        }
    }
    assert_eq!(over("modulo", 5).place_alive(4, &|target| target != 4), Some(0), "the next, and round");
}

#[test]
fn shares_and_moves_are_weighted_by_load() {
    let (two, four) = (over("modulo", 2), over("modulo", 4));
    let load = [(0, 5.0), (1, 2.0), (2, 1.0)];
    assert_eq!(shares(&*two, load), [0.75, 0.25]);
    assert_eq!(moved(&*two, &*four, load), 0.125);
    assert_eq!((moved(&*two, &*four, []), shares(&*two, [])), (0.0, vec![0.0; 2]));
}

#[test]
fn names_are_unique() {
    let mut names: Vec<&str> = REGISTRY.iter().map(|entry| entry.name).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), REGISTRY.len());
}
