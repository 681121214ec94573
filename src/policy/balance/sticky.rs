//! `sticky`: every request of a session to the same target.
//!
//! ```toml
//! balance = "sticky"
//! ```
//!
//! A hash of the session (SplitMix64's finaliser: Steele, Lea and Flood 2014) modulo the number of
//! targets; at random where a request has no session.

use super::{Args, Balance, Entry, View, any, args};
use crate::rng::Rng;

pub(super) const ENTRY: Entry = Entry {
    name: "sticky",
    doc: "Every request of a client or key to the same target, by a hash (SplitMix64, Steele et al. 2014).",
    build,
};

#[derive(Debug, Clone, Copy)]
struct Sticky;

fn build(args: Option<&Args>, _: &[String]) -> Result<Box<dyn Balance>, String> {
    args::none(args)?;
    Ok(Box::new(Sticky))
}

impl Balance for Sticky {
    fn choose(&mut self, view: &View<'_>, rng: &mut Rng) -> usize {
        match view.session {
            Some(session) => (split_mix(session) % view.len() as u64) as usize,
            None => any(view.len(), rng),
        }
    }

    fn fresh(&self) -> Box<dyn Balance> {
        Box::new(*self)
    }
}

/// The output of SplitMix64 in state `x`.
fn split_mix(x: u64) -> u64 {
    let x = x.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{Scene, picks, shares};
    use super::*;

    #[test]
    fn the_hash_is_the_published_one() {
        // The first outputs of the reference implementation from the states 0 and 1234567.
        assert_eq!(split_mix(0), 0xe220_a839_7b1d_cdaf);
        assert_eq!(split_mix(1_234_567), 6_457_827_717_110_365_317);
    }

    #[test]
    fn a_session_stays_and_sessions_spread() {
        let mut counts = [0; 4];
        for session in 0..4000 {
            let scene = Scene { session: Some(session), ..Scene::loads(&[0; 4]) };
            let picks = picks(&mut Sticky, &scene, 3);
            assert!(picks.iter().all(|&p| p == picks[0]));
            counts[picks[0]] += 1;
        }
        assert!(counts.iter().all(|&n| (850..1150).contains(&n)), "{counts:?}");
    }

    #[test]
    fn without_a_session_any_target_will_do() {
        for share in shares("sticky", &Scene::loads(&[0, 0])) {
            assert!((share - 0.5).abs() < 0.02, "{share}");
        }
    }
}
