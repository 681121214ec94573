//! Caches: what comes by their misses, and by what they do in the background.

use super::{Flow, Flows};
use crate::model::Model;
use crate::model::program::{NOWHERE, Op};

impl Flows {
    /// What a cache does by itself when it is looked at or filled. A change is written once, at most; how often a
    /// hit asks for a newer entry is not known.
    pub(super) fn background(&mut self, model: &Model, op: Op) -> Flow {
        let (routine, times) = match op {
            Op::Probe { contents, .. } => (model.contents[contents as usize].refresh.map(|(_, routine)| routine), 0.0),
            Op::Fill { contents, dirty, .. } => {
                let spec = &model.contents[contents as usize];
                let spills = spec.spill.filter(|_| spec.capacity.is_some());
                (spec.flush.or(spills), if dirty { 1.0 } else { 0.0 })
            }
            _ => (None, 0.0),
        };
        let mut flow = Flow::default();
        if let Some(routine) = routine {
            flow.add(self.analyse(model, routine, NOWHERE), times, 0.0);
            flow.demand.values_mut().for_each(|demand| demand.guessed = true);
        }
        flow
    }
}

/// Whether an op is run only on a miss, which can be expected but is not certain.
pub(super) fn depends_on_contents(model: &Model, entry: usize, pc: usize) -> bool {
    missed(model, entry, pc).is_some()
}

/// The contents on whose miss alone an op is run: the last ones that were asked.
pub(super) fn missed(model: &Model, entry: usize, pc: usize) -> Option<u32> {
    let mut asked = model.program[entry..pc].iter().enumerate().filter_map(|(at, op)| match *op {
        Op::Probe { contents, hit, .. } => (pc < hit as usize).then_some(contents),
        Op::Look { contents, .. } => match model.program[entry + at + 2] {
            Op::Jump { to } => (pc < to as usize).then_some(contents),
            _ => None,
        },
        _ => None,
    });
    asked.next_back()
}
