//! What happens on the timeline.

use super::Engine;
use super::network::Loss;
use crate::model::program::Change;

impl Engine<'_> {
    /// Something happens, or is over.
    pub(super) fn happen(&mut self, index: u32) {
        let happening = self.base.timeline[index as usize];
        match (happening.change, happening.ends) {
            (Change::Crash { node, silent }, false) => self.crash(node, silent),
            (Change::Crash { node, silent }, true) => self.restart(node, silent),
            (Change::Pause { node }, ends) => self.stand_still(node, !ends),
            (Change::Scale { scaler, to, layer }, false) => self.scale_to(scaler, to, layer),
            (Change::Scale { scaler, layer, .. }, true) => self.scale_back(scaler, layer),
            (Change::Slow { station, factor }, ends) => self.change_speed(station, factor, ends),
            (Change::Set { variant }, _) => self.set_numbers(variant),
            (Change::Cut { from, to }, false) => self.cut(from, to),
            (Change::Cut { from, to }, true) => self.mend(from, to),
            (Change::Lose { from, to, share, stream, lane }, ends) => {
                self.lose_share(Loss { from, to, share, stream, lane }, ends);
            }
            (Change::TakeOut { balancer, target }, false) => self.balancers[balancer as usize].absent.take_out(target),
            (Change::TakeOut { balancer, target }, true) => self.balancers[balancer as usize].absent.put_back(target),
        }
    }
}
