//! `nearest`: a target in the region of the caller, or else in the region that is nearest to it.
//!
//! ```toml
//! policy = "nearest"
//! ```
//!
//! Latency-based routing (Amazon Route 53, 2012): near is what has the lowest mean one-way latency. Among
//! targets that are equally near, any, each as likely as the others.

use super::{Args, Balance, Entry, View, any, args, least};
use crate::rng::Rng;

pub(super) const ENTRY: Entry = Entry {
    name: "nearest",
    doc: "The caller's own region, or else the one with the lowest mean latency; ties at random (Route 53, 2012).",
    build,
};

#[derive(Debug, Clone, Copy)]
struct Nearest;

fn build(args: Option<&Args>, _: &[String]) -> Result<Box<dyn Balance>, String> {
    args::none(args)?;
    Ok(Box::new(Nearest))
}

impl Balance for Nearest {
    fn choose(&mut self, view: &View<'_>, rng: &mut Rng) -> usize {
        match view.distances {
            [] => any(view.len(), rng),
            distances => least(view.len(), rng, |i| distances[i]),
        }
    }

    fn needs_distances(&self) -> bool {
        true
    }

    fn shares_at(&self, distances: &[f64]) -> Vec<f64> {
        let nearest = distances.iter().copied().fold(f64::INFINITY, f64::min);
        let ties = distances.iter().filter(|&&distance| distance == nearest).count();
        distances.iter().map(|&distance| if distance == nearest { 1.0 / ties as f64 } else { 0.0 }).collect()
    }

    fn fresh(&self) -> Box<dyn Balance> {
        Box::new(*self)
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{Scene, shares};
    use super::*;

    #[test]
    fn the_nearest_is_chosen_and_ties_are_broken_evenly() {
        let scene = Scene { distances: vec![0.08, 0.0, 0.0, 0.04], ..Scene::loads(&[0, 9, 0, 0]) };
        let shares = shares("nearest", &scene);
        assert!((shares[1] - 0.5).abs() < 0.02 && shares[0] + shares[3] == 0.0, "{shares:?}");
        assert_eq!(Nearest.shares_at(&scene.distances), [0.0, 0.5, 0.5, 0.0]);
    }

    #[test]
    fn without_regions_all_are_equally_near() {
        for share in shares("nearest", &Scene::loads(&[9, 0])) {
            assert!((share - 0.5).abs() < 0.02, "{share}");
        }
    }
}
