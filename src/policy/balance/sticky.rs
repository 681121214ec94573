//! `sticky`: every request of a session to the same target.
//!
//! ```toml
//! balance = "sticky"
//! ```
//!
//! A hash of the session (SplitMix64's finaliser: Steele, Lea and Flood 2014) modulo the number of
//! targets; at random where a request has no session.

use super::sharded::Sharded;
use super::{Args, Balance, Entry, args};
use crate::policy::partition;

pub(super) const ENTRY: Entry = Entry {
    name: "sticky",
    doc: "Every request of a client or key to the same target, by a hash (SplitMix64, Steele et al. 2014).",
    build,
};

fn build(args: Option<&Args>, targets: &[String]) -> Result<Box<dyn Balance>, String> {
    args::none(args)?;
    Ok(Sharded::boxed(partition::hash::build(None, targets)?))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{Scene, picks, policy, shares};

    #[test]
    fn a_session_stays_and_sessions_spread() {
        let mut counts = [0; 4];
        for session in 0..4000 {
            let scene = Scene { session: Some(session), ..Scene::loads(&[0; 4]) };
            let picks = picks(&mut *policy("sticky", &scene), &scene, 3);
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
