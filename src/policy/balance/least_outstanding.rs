//! `least-outstanding`: the target with the fewest requests of this caller in flight.
//!
//! ```toml
//! balance = "least-outstanding"
//! ```
//!
//! Also called least connections (Linux Virtual Server `lc`, Zhang 2000; Envoy `LEAST_REQUEST`).
//! It knows only what the caller itself has sent and not had answered; ties at random.

use super::{Args, Balance, Entry, View, WhenAbsent, args, least};
use crate::rng::Rng;

pub(super) const ENTRY: Entry = Entry {
    name: "least-outstanding",
    doc: "The fewest requests sent by this caller and not answered; ties at random (least connections, Zhang 2000).",
    build,
};

#[derive(Debug, Clone, Copy)]
struct LeastOutstanding;

fn build(args: Option<&Args>, _: &[String]) -> Result<Box<dyn Balance>, String> {
    args::none(args)?;
    Ok(Box::new(LeastOutstanding))
}

impl Balance for LeastOutstanding {
    fn choose(&mut self, view: &View<'_>, rng: &mut Rng) -> usize {
        least(view.len(), rng, |i| view.outstanding[i])
    }

    fn needs_answers(&self) -> bool {
        true
    }

    fn when_absent(&self) -> WhenAbsent {
        WhenAbsent::Unseen
    }

    fn fresh(&self) -> Box<dyn Balance> {
        Box::new(*self)
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{Scene, shares};

    #[test]
    fn only_this_callers_requests_count() {
        let scene = Scene { outstanding: vec![2, 1, 3], ..Scene::loads(&[0, 9, 0]) };
        assert_eq!(shares("least-outstanding", &scene), [0.0, 1.0, 0.0]);
    }

    #[test]
    fn ties_are_broken_evenly() {
        let scene = Scene { outstanding: vec![1, 2, 1], ..Scene::loads(&[0, 0, 0]) };
        let shares = shares("least-outstanding", &scene);
        assert!((shares[0] - 0.5).abs() < 0.02 && shares[1] == 0.0, "{shares:?}");
    }
}
