//! `region`: each region has a target of its own.
//!
//! ```toml
//! sharding = { shards = 3, by = "region" }
//! ```
//!
//! The client's region counts, or else the caller's: the first region, in the order of their names, has the first target,
//! and so on, round again where there are fewer targets. Requests from nowhere in particular go anywhere, at random.

use super::{Args, Balance, Entry, View, any, args};
use crate::rng::Rng;

pub(super) const ENTRY: Entry = Entry {
    name: "region",
    doc: "By the client's region: a target for each, in the order of their names; from nowhere, at random.",
    build,
};

#[derive(Debug, Clone, Copy)]
struct Region;

fn build(args: Option<&Args>, _: &[String]) -> Result<Box<dyn Balance>, String> {
    args::none(args)?;
    Ok(Box::new(Region))
}

impl Balance for Region {
    fn choose(&mut self, view: &View<'_>, rng: &mut Rng) -> usize {
        match view.region {
            Some(region) => region as usize % view.len(),
            None => any(view.len(), rng),
        }
    }

    fn fresh(&self) -> Box<dyn Balance> {
        Box::new(*self)
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{Scene, picks, shares};
    use super::*;

    #[test]
    fn each_region_has_its_target() {
        for (region, target) in [(0, 0), (2, 2), (4, 1)] {
            let scene = Scene { region: Some(region), ..Scene::loads(&[0; 3]) };
            assert!(picks(&mut Region, &scene, 3).iter().all(|&pick| pick == target));
        }
    }

    #[test]
    fn from_nowhere_any_target_will_do() {
        for share in shares("region", &Scene::loads(&[0, 0])) {
            assert!((share - 0.5).abs() < 0.02, "{share}");
        }
    }
}
