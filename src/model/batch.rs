//! The step `batch` compiled: a waiting room, what is done for all, and what becomes of the members.

use super::build::Builder;
use super::lower::Owner;
use super::program::{Act, BatchSpec, Op};
use super::steps::{Body, Caller};
use crate::scenario::Gather;

impl<'a> Builder<'a> {
    pub(super) fn compile_batch(&mut self, caller: &Caller, gather: &'a Gather) {
        let index = self.messages.batches.len() as u32;
        let part = self.batch_part(&caller.name);
        let owner = Owner::replicas(&caller.name, &caller.streams, caller.replicas);
        let group = self.groups.len() as u32;
        self.add_room(&owner, Some(&part));
        let name = format!("{}/{part}", caller.name);
        let work = Body::Gathered { batch: index, caller: caller.clone(), steps: &gather.steps };
        let work = (!gather.steps.is_empty()).then(|| self.routine(format!("{name}/steps"), work));
        let timer = self.routine(format!("{name}/linger"), Body::Act { act: Act::Close, index });
        let linger = gather.linger.map(|linger| self.ticks(linger.0, linger.span));
        let size = gather.size.map_or(u32::MAX, |size| size.0);
        let failed = self.here() + 2;
        self.messages.batches.push(BatchSpec { group, size, linger, work, timer, failed });
        self.emit(Act::Gather.of(index));
        self.emit(Op::Jump { to: failed + 1 });
        self.emit(Act::Spoil.of(index));
    }

    /// `batch`, and `batch-2`, `batch-3` where a component has several.
    fn batch_part(&self, component: &str) -> String {
        let is_batch = |group: &&super::Group| {
            group.component == component && group.part.as_deref().is_some_and(|part| part.starts_with("batch"))
        };
        match self.groups.iter().filter(is_batch).count() {
            0 => "batch".to_string(),
            before => format!("batch-{}", before + 1),
        }
    }
}
