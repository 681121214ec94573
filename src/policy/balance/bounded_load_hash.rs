//! `bounded-load-hash`: a ring of hashes on which no target gets far above the mean.
//!
//! ```toml
//! balance = "bounded-load-hash"
//! balance = { bounded-load-hash = { virtual-nodes = 100, factor = 1.25 } }
//! ```
//!
//! Consistent hashing with bounded loads (Mirrokni, Thorup and Zadimoghaddam 2018): with m requests
//! in system at n targets, a target takes the next one only while it has at most ⌈c (m + 1) / n⌉
//! with it, c being `factor`. A key goes to the first target with room clockwise from its hash. A
//! request that has neither key nor user begins anywhere on the ring.

use std::sync::Arc;

use rand_xoshiro::rand_core::Rng as _;

use super::{Args, Balance, Entry, View, args};
use crate::policy::partition::Partition;
use crate::policy::partition::consistent_hash::{Ring, VIRTUAL_NODES};
use crate::rng::Rng;

pub(super) const ENTRY: Entry = Entry {
    name: "bounded-load-hash",
    doc: "By key, on a ring as `consistent-hash`, but to the next target if this one would have more than `factor` \
          times the mean number in system, 1.25 if not said (Mirrokni et al. 2018).",
    build,
};

const FACTOR: &str = "factor";

const DEFAULT_FACTOR: f64 = 1.25;

#[derive(Debug, Clone)]
struct BoundedLoadHash {
    ring: Arc<Ring>,
    factor: f64,
}

fn build(args: Option<&Args>, targets: &[String]) -> Result<Box<dyn Balance>, String> {
    args::known(args, &[VIRTUAL_NODES, FACTOR])?;
    let ring = Arc::new(Ring::build(args, targets)?);
    let factor = args.and_then(|args| args.numbers.get(FACTOR)).copied().unwrap_or(DEFAULT_FACTOR);
    if !factor.is_finite() || factor < 1.0 {
        return Err(format!("`{FACTOR}` must be a number of at least 1"));
    }
    Ok(Box::new(BoundedLoadHash { ring, factor }))
}

impl Balance for BoundedLoadHash {
    /// One more than k is at most ⌈b⌉ if and only if k < b.
    fn choose(&mut self, view: &View<'_>, rng: &mut Rng) -> usize {
        let key = view.session.unwrap_or_else(|| rng.next_u64());
        let total: u64 = (0..view.len()).map(|target| u64::from(view.in_system(target))).sum();
        let bound = self.factor * (total + 1) as f64 / view.len() as f64;
        let has_room = |target| f64::from(view.in_system(target)) < bound;
        // Somebody is at or below the mean, hence below the bound.
        self.ring.place_alive(key, &has_room).unwrap_or_else(|| self.ring.place(key))
    }

    fn by_key(&self) -> bool {
        true
    }

    fn needs_loads(&self) -> bool {
        true
    }

    fn bytes(&self) -> u64 {
        self.ring.bytes()
    }

    fn fresh(&self) -> Box<dyn Balance> {
        Box::new(self.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::super::find;
    use super::super::tests::{Scene, picks, policy, shares};
    use super::*;

    #[test]
    fn with_room_everywhere_it_is_the_ring() {
        for key in 0..100 {
            let scene = Scene { session: Some(key), ..Scene::loads(&[0; 5]) };
            let pick = |name| picks(&mut *policy(name, &scene), &scene, 1);
            assert_eq!(pick("bounded-load-hash"), pick("consistent-hash"));
        }
    }

    #[test]
    fn ten_thousand_keys_on_ten_targets_are_at_most_1250_each() {
        let mut scene = Scene::loads(&[0; 10]);
        let mut bounded = policy("bounded-load-hash", &scene);
        // Half of them are about one key, the others about keys of their own.
        for key in 0..10_000 {
            scene.session = Some(if key % 2 == 0 { 7 } else { key });
            let target = picks(&mut *bounded, &scene, 1)[0];
            scene.loads[target] += 1;
            let most = libm::ceil(1.25 * (key + 1) as f64 / 10.0);
            assert!(f64::from(scene.loads[target]) <= most, "{:?}", scene.loads);
        }
        assert_eq!(scene.loads.iter().max(), Some(&1250));
        assert_eq!(scene.loads.iter().sum::<u32>(), 10_000);
    }

    #[test]
    fn who_is_full_sends_on_to_the_next_clockwise() {
        let names: Vec<String> = ["a", "b", "c"].map(String::from).to_vec();
        let ring = Ring::build(None, &names).unwrap();
        let mut bounded = build(None, &names).unwrap();
        for key in 0..100 {
            let mut scene = Scene { session: Some(key), ..Scene::loads(&[0; 3]) };
            let owner = ring.place(key);
            scene.loads[owner] = 4;
            assert_eq!(Some(picks(&mut *bounded, &scene, 1)[0]), ring.place_alive(key, &|target| target != owner));
        }
    }

    #[test]
    fn without_a_key_the_bound_holds_too() {
        assert_eq!(shares("bounded-load-hash", &Scene::loads(&[3, 3, 0])), [0.0, 0.0, 1.0]);
    }

    #[test]
    fn a_factor_below_one_would_leave_no_room() {
        let build = |factor: f64| {
            let args = Args { numbers: [(FACTOR.into(), factor)].into() };
            (find("bounded-load-hash").unwrap().build)(Some(&args), &["a", "b"].map(String::from))
        };
        assert!([0.9, f64::NAN, f64::INFINITY].iter().all(|&factor| build(factor).is_err()));
        let scene = Scene { session: Some(1), ..Scene::loads(&[1, 0]) };
        assert_eq!(picks(&mut *build(1.0).unwrap(), &scene, 1), [1]);
    }
}
