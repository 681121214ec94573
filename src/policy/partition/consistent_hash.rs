//! `consistent-hash`: a ring on which each target has many points.
//!
//! ```toml
//! sharding = { shards = 4, by = "consistent-hash" }
//! policy = { consistent-hash = { virtual-nodes = 500 } }   # points of each target, 100 if not said
//! ```
//!
//! A key belongs to the first point clockwise from its hash (Karger et al. 1997; virtual nodes:
//! Stoica et al. 2001). A point depends on the name of its target only, so that it stays where it
//! is when others come or go: of n targets, one that leaves moves its own 1/n of the keys.
//!
//! The shares of n targets with V points each have a Dirichlet distribution: their coefficient of
//! variation is √((n − 1) / (nV + 1)), 10 % for V = 100.

use std::sync::Arc;

use super::hash::split_mix;
use super::{Args, Entry, Partition, args};

pub(super) const ENTRY: Entry = Entry {
    name: "consistent-hash",
    doc: "A ring on which each target has `virtual-nodes` points, 100 if not said (Karger et al. 1997).",
    build,
};

/// Its only argument.
pub(in crate::policy) const VIRTUAL_NODES: &str = "virtual-nodes";

const DEFAULT_VIRTUAL_NODES: u64 = 100;

/// The most points of a ring, so that memory stays in bounds: a point takes 12 bytes.
const MOST_POINTS: u64 = 10_000_000;

/// Points of targets on the circle of all 64-bit numbers.
#[derive(Debug, Clone)]
pub(in crate::policy) struct Ring {
    /// Where the points are, in order.
    points: Vec<u64>,
    /// Whose they are.
    owners: Vec<u32>,
    targets: usize,
}

pub(in crate::policy) fn build(args: Option<&Args>, targets: &[String]) -> Result<Arc<dyn Partition>, String> {
    args::known(args, &[VIRTUAL_NODES])?;
    Ok(Arc::new(Ring::build(args, targets)?))
}

impl Ring {
    /// The ring of these targets. Other arguments than its own are left to the caller.
    pub(in crate::policy) fn build(args: Option<&Args>, targets: &[String]) -> Result<Ring, String> {
        let virtual_nodes = args::whole(args, VIRTUAL_NODES)?.unwrap_or(DEFAULT_VIRTUAL_NODES);
        let most = MOST_POINTS / targets.len() as u64;
        if virtual_nodes > most {
            return Err(format!("`{VIRTUAL_NODES}` may be at most {most} here: {MOST_POINTS} points in all"));
        }
        let identities: Vec<u64> = targets.iter().map(|name| identity(name)).collect();
        Ok(Ring::new(&identities, virtual_nodes))
    }

    /// A ring of targets known by numbers, O(nV log nV).
    fn new(identities: &[u64], virtual_nodes: u64) -> Ring {
        let of = |(target, &identity): (usize, &u64)| {
            (0..virtual_nodes).map(move |node| (split_mix(identity ^ node), target as u32))
        };
        let mut points: Vec<(u64, u32)> = identities.iter().enumerate().flat_map(of).collect();
        points.sort_unstable();
        let (points, owners) = points.into_iter().unzip();
        Ring { points, owners, targets: identities.len() }
    }
}

/// A number for a name: its bytes, hashed one after the other.
fn identity(name: &str) -> u64 {
    name.bytes().fold(split_mix(name.len() as u64), |hash, byte| split_mix(hash ^ u64::from(byte)))
}

impl Partition for Ring {
    fn targets(&self) -> usize {
        self.targets
    }

    fn bytes(&self) -> u64 {
        (size_of_val(&*self.points) + size_of_val(&*self.owners)) as u64
    }

    /// O(log nV).
    fn place(&self, key: u64) -> usize {
        let hash = split_mix(key);
        let at = self.points.partition_point(|&point| point < hash);
        // Past the last point the circle begins again.
        self.owners[if at < self.owners.len() { at } else { 0 }] as usize
    }

    /// The owner of the first living point clockwise.
    fn place_alive(&self, key: u64, alive: &dyn Fn(usize) -> bool) -> Option<usize> {
        let hash = split_mix(key);
        let at = self.points.partition_point(|&point| point < hash);
        let (before, after) = self.owners.split_at(at);
        after.iter().chain(before).map(|&owner| owner as usize).find(|&target| alive(target))
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{names, over, uniform};
    use super::*;
    use crate::policy::partition::moved;

    /// One of many independent rings of ten targets or more.
    fn ring(number: u64, targets: u64, virtual_nodes: u64) -> Ring {
        let identities: Vec<u64> = (0..targets).map(|target| split_mix(split_mix(number) ^ target)).collect();
        Ring::new(&identities, virtual_nodes)
    }

    /// Share of the circle that each target has, over the mean.
    fn arcs(ring: &Ring) -> Vec<f64> {
        let mut arcs = vec![0.0; ring.targets];
        let mut before = ring.points[ring.points.len() - 1];
        for (&point, &owner) in ring.points.iter().zip(&ring.owners) {
            arcs[owner as usize] += point.wrapping_sub(before) as f64;
            before = point;
        }
        let whole = 18_446_744_073_709_551_616.0 / ring.targets as f64;
        arcs.iter().map(|arc| arc / whole).collect()
    }

    /// Fails unless the mean is within three standard errors of the true one.
    fn expect(what: &str, sample: &[f64], known: f64, rounding: f64) {
        let n = sample.len() as f64;
        let mean = sample.iter().sum::<f64>() / n;
        let variance = sample.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / (n - 1.0);
        let error = libm::sqrt(variance / n);
        assert!((mean - known).abs() < 3.0 * error + rounding, "{what}: {mean} ± {error}, not {known}");
    }

    /// Shares ~ Dirichlet(V, …, V): E[max / mean] is E[max of n Gamma(V, 1)] / V, which is the
    /// harmonic number of n for V = 1 (David and Nagaraja 2003).
    #[test]
    fn the_imbalance_of_ten_targets_is_that_of_random_points() {
        for (virtual_nodes, rings, most, deviation, least, rounding) in [
            (1, 20_000, 2.928_968_254, 0.904_534_033_7, 0.1, 0.0),
            (10, 20_000, 1.538_478_935, 0.298_511_157_1, 0.574_9, 5e-5),
            (100, 4_000, 1.159_426_379, 0.094_820_931_19, 0.852, 5e-4),
        ] {
            let arcs: Vec<Vec<f64>> = (0..rings).map(|number| arcs(&ring(number, 10, virtual_nodes))).collect();
            let of = |f: fn(&[f64]) -> f64| -> Vec<f64> { arcs.iter().map(|arcs| f(arcs)).collect() };
            let name = |what| format!("{what}, {virtual_nodes} virtual nodes");
            expect(&name("max / mean"), &of(|arcs| arcs.iter().copied().fold(0.0, f64::max)), most, 0.0);
            let square = of(|arcs| arcs.iter().map(|x| (x - 1.0) * (x - 1.0)).sum::<f64>() / arcs.len() as f64);
            expect(&name("squared coefficient of variation"), &square, deviation * deviation, 0.0);
            expect(&name("min / mean"), &of(|arcs| arcs.iter().copied().fold(10.0, f64::min)), least, rounding);
        }
    }

    #[test]
    fn one_more_target_moves_its_own_share_and_nothing_else() {
        let share = |number| {
            let (ten, eleven) = (ring(number, 10, 100), ring(number, 11, 100));
            let goes_elsewhere = |key: &u64| ten.place(*key) != eleven.place(*key);
            assert!((0..2000).filter(goes_elsewhere).all(|key| eleven.place(key) == 10));
            moved(&ten, &eleven, uniform(2000))
        };
        let shares: Vec<f64> = (0..300).map(share).collect();
        expect("moved keys", &shares, 1.0 / 11.0, 0.0);
    }

    #[test]
    fn a_target_in_the_middle_leaves_the_others_where_they_are() {
        let ring = |names: &[&str]| {
            let names: Vec<String> = names.iter().map(|name| name.to_string()).collect();
            (Ring::build(None, &names).unwrap(), names)
        };
        let ((three, names), (two, left)) = (ring(&["a", "b", "c"]), ring(&["a", "c"]));
        for key in (0..5000).filter(|&key| three.place(key) != 1) {
            assert_eq!(names[three.place(key)], left[two.place(key)]);
        }
        for key in 0..5000 {
            let alive = three.place_alive(key, &|target| target != 1).unwrap();
            assert_eq!(names[alive], left[two.place(key)], "who stands in is who comes next");
        }
    }

    #[test]
    fn places_keep_their_values() {
        let ring = over("consistent-hash", 5);
        let places: Vec<usize> = (0..12).map(|key| ring.place(key)).collect();
        // Computed independently.
        assert_eq!(places, [3, 2, 4, 1, 4, 2, 3, 2, 3, 1, 2, 1]);
    }

    #[test]
    fn the_circle_closes() {
        let ring = Ring { points: vec![10, 20], owners: vec![1, 0], targets: 2 };
        let key = (0..).find(|&key| split_mix(key) > 20).unwrap();
        assert_eq!((ring.place(key), ring.place_alive(key, &|target| target == 0)), (1, Some(0)));
        assert_eq!(ring.place_alive(key, &|_| false), None);
    }

    #[test]
    fn rings_have_a_greatest_size() {
        let nodes = |n: f64| Args { numbers: [(VIRTUAL_NODES.into(), n)].into() };
        assert_eq!(Ring::build(Some(&nodes(7.0)), &names(3)).unwrap().points.len(), 21);
        let problem = Ring::build(Some(&nodes(1e9)), &names(100)).unwrap_err();
        assert!(problem.contains("at most 100000 here"), "{problem}");
        assert!(Ring::build(Some(&nodes(0.5)), &names(2)).is_err());
    }
}
