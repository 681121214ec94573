//! What the policies' tests share, and tests of all policies.

use std::collections::BTreeMap;

use rand_xoshiro::rand_core::SeedableRng;

use super::*;

/// An owned view.
pub(super) struct Scene {
    pub(super) loads: Vec<u32>,
    pub(super) fronts: Vec<u32>,
    pub(super) outstanding: Vec<u32>,
    pub(super) session: Option<u64>,
    pub(super) region: Option<u32>,
    pub(super) distances: Vec<f64>,
}

impl Scene {
    /// Targets with these numbers in system, nothing outstanding, no session.
    pub(super) fn loads(loads: &[u32]) -> Scene {
        let n = loads.len();
        Scene {
            loads: loads.to_vec(),
            fronts: (0..n as u32).collect(),
            outstanding: vec![0; n],
            session: None,
            region: None,
            distances: Vec::new(),
        }
    }

    fn view(&self) -> View<'_> {
        View {
            loads: Loads::Counted(&self.loads),
            fronts: &self.fronts,
            outstanding: &self.outstanding,
            session: self.session,
            region: self.region,
            distances: &self.distances,
        }
    }
}

/// A policy without arguments, for the targets of the scene.
pub(super) fn policy(name: &str, scene: &Scene) -> Box<dyn Balance> {
    let targets = vec![String::from("x"); scene.fronts.len()];
    (find(name).unwrap().build)(None, &targets).unwrap()
}

/// The next choices.
pub(super) fn picks(policy: &mut dyn Balance, scene: &Scene, count: usize) -> Vec<usize> {
    let mut rng = Rng::seed_from_u64(1);
    (0..count).map(|_| policy.choose(&scene.view(), &mut rng)).collect()
}

/// The share of ten thousand choices that each target gets.
pub(super) fn shares_of(policy: &mut dyn Balance, scene: &Scene) -> Vec<f64> {
    let mut shares = vec![0.0; scene.fronts.len()];
    for pick in picks(policy, scene, 10_000) {
        shares[pick] += 1e-4;
    }
    shares.iter().map(|s| (s * 1e4_f64).round() / 1e4).collect()
}

/// The same for a policy without arguments.
pub(super) fn shares(name: &str, scene: &Scene) -> Vec<f64> {
    shares_of(&mut *policy(name, scene), scene)
}

fn entry_args(name: &str) -> Option<Args> {
    let numbers: &[(&str, f64)] = match name {
        "weighted" | "weighted-random" => &[("app", 1.0), ("db", 2.0)],
        "power-of-d" => &[("choices", 2.0)],
        "range" => &[("keys", 100.0)],
        _ => return None,
    };
    let numbers: BTreeMap<String, f64> = numbers.iter().map(|&(k, v)| (k.into(), v)).collect();
    Some(Args { numbers })
}

#[test]
fn every_policy_builds_chooses_a_target_and_refuses_wrong_arguments() {
    let targets = ["app[0]", "app[1]", "db"].map(String::from);
    let nonsense = Args { numbers: BTreeMap::from([("nonsense".into(), 1.0)]) };
    for entry in REGISTRY {
        let mut policy = (entry.build)(entry_args(entry.name).as_ref(), &targets).unwrap();
        assert!(picks(&mut *policy, &Scene::loads(&[1, 0, 2]), 50).iter().all(|&p| p < 3), "{}", entry.name);
        assert_eq!(policy.needs_answers(), policy.fresh().needs_answers());
        assert!((entry.build)(Some(&nonsense), &targets).is_err(), "{}", entry.name);
    }
}

#[test]
fn one_target_is_always_chosen() {
    for entry in REGISTRY {
        let mut args = entry_args(entry.name);
        if let Some(args) = &mut args {
            args.numbers.remove("db");
        }
        let mut policy = (entry.build)(args.as_ref(), &[String::from("app")]).unwrap();
        assert_eq!(picks(&mut *policy, &Scene::loads(&[3]), 3), [0, 0, 0], "{}", entry.name);
    }
}

#[test]
fn names_are_unique() {
    let mut names: Vec<&str> = REGISTRY.iter().map(|e| e.name).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), REGISTRY.len());
}
