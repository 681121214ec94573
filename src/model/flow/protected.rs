//! What calls that are protected come to.

use super::super::Model;
use super::super::program::{Losers, NOWHERE, Shield};
use super::{Flow, Flows};

impl Flows {
    /// What one act by itself comes to: a first copy; how many follow, and what a breaker rejects, is not
    /// known beforehand.
    pub(super) fn protected(&mut self, model: &Model, act: Shield, index: u32) -> Flow {
        match act {
            Shield::Break => Flow { loses: true, ..Flow::default() },
            // The first copy may be taken back.
            Shield::Hedge => {
                let fork = model.hedges[index as usize].fork;
                Flow { loses: model.forks[fork as usize].losers != Losers::Abandon, ..Flow::default() }
            }
            Shield::Race => {
                let hedge = &model.hedges[index as usize];
                let call = self.site(model, &model.sites[hedge.site as usize], NOWHERE);
                let certain = model.forks[hedge.fork as usize].losers == Losers::Abandon && !hedge.travels;
                let mut flow = Flow { duration: call.duration, loses: call.loses, ..Flow::default() };
                flow.add(&call, 1.0, if certain { 1.0 } else { 0.0 });
                flow
            }
            // The call itself follows.
            _ => Flow::default(),
        }
    }
}
