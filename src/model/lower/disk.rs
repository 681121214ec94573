//! A disk becomes one or two stations; an array, those of each of its disks, and who chooses among them.

use super::Owner;
use crate::diagnostic::Diagnostic;
use crate::distribution::Law;
use crate::model::build::Builder;
use crate::model::program::Place;
use crate::scenario::{Disk, DiskParameters, Distribution, MOST_REPLICAS};
use crate::syntax::At;

/// The disk of a machine, or the array of its disks.
#[derive(Debug, Clone)]
pub(in crate::model) struct Drive {
    /// Where the latency is spent; the transfer too, unless it has a place of its own.
    pub(in crate::model) access: Place,
    /// Where data is transferred, if the disk does several things at once.
    pub(in crate::model) transfer: Option<Place>,
    /// What a read takes besides its transfer, in seconds.
    pub(in crate::model) read: Law,
    /// The same for a write.
    pub(in crate::model) write: Law,
    /// Bytes per second.
    pub(in crate::model) bandwidth: f64,
    /// How several disks work together.
    pub(in crate::model) array: Option<Array>,
}

/// Several disks that work together (Patterson, Gibson and Katz 1988).
#[derive(Debug, Clone)]
pub(in crate::model) struct Array {
    /// 0, 1, 5, 6 or 10.
    pub(in crate::model) raid: u32,
    /// How many disks.
    pub(in crate::model) disks: u32,
    /// Who chooses among the disks of all machines.
    pub(in crate::model) chooser: u32,
    /// Who chooses among their mirrored pairs.
    pub(in crate::model) pairs: Option<u32>,
    /// Each of several machines has an array of its own.
    pub(in crate::model) own: bool,
}

impl Builder<'_> {
    pub(super) fn lower_disk(&mut self, owner: &Owner, disk: &At<Disk>) -> Option<Drive> {
        let parameters = &disk.value.0;
        let disks = parameters.disks.map_or(1, |disks| disks.value.0);
        if owner.count.saturating_mul(disks) > MOST_REPLICAS {
            let message = format!("too many disks: {disks} on each of {} machines", owner.count);
            let span = parameters.disks.map_or(disk.span, |disks| disks.span);
            self.diagnostics.push(Diagnostic::error(span, message).label(format!("at most {MOST_REPLICAS} in all")));
            return None;
        }
        let parallel = parameters.parallelism();
        let first = self.stations;
        let access = self.add_disks(owner, "disk", disks, parallel);
        let apart = parallel > 1 && parameters.bandwidth.is_some();
        let transfer = apart.then(|| self.add_disks(owner, "disk-transfer", disks, 1));
        let read = self.disk_time(parameters, parameters.latency.as_ref());
        let write = self.disk_time(parameters, parameters.write_latency.as_ref().or(parameters.latency.as_ref()));
        let bandwidth = parameters.bandwidth.map_or(f64::INFINITY, |bandwidth| bandwidth.value.0);
        let raid = parameters.raid.map(|raid| raid.value);
        let array = raid.and_then(|raid| self.add_array(owner, raid, disks, first));
        Some(Drive { access, transfer, read, write, bandwidth, array })
    }

    fn add_disks(&mut self, owner: &Owner, part: &str, disks: u32, servers: u32) -> Place {
        let mut group = self.group(owner, Some(part));
        group.servers = Some(servers);
        group.width = disks;
        group.count = owner.count * disks;
        self.add_group(group)
    }

    fn add_array(&mut self, owner: &Owner, raid: u32, disks: u32, first: u32) -> Option<Array> {
        let role = owner.role.map_or(String::new(), |role| format!(".{role}"));
        let (name, streams) = (format!("{}{role}.disk", owner.component), format!("{}{role}.disk", owner.streams));
        let end = first + owner.count * disks;
        let chooser = self.add_random(&name, &streams, (first..end).collect())?;
        let pairs = (raid == 10).then(|| (first..end).step_by(2).collect());
        let pairs = pairs.and_then(|pairs| self.add_random(&name, &format!("{streams}.pairs"), pairs));
        Some(Array { raid, disks, chooser, pairs, own: owner.count > 1 })
    }

    /// Seek, rotation and latency, in seconds: the sector is anywhere on its track.
    fn disk_time(&mut self, parameters: &DiskParameters, latency: Option<&At<Distribution>>) -> Law {
        let times = [parameters.seek.as_ref(), latency];
        let mut laws: Vec<Law> =
            times.iter().flatten().map(|written| self.resolve(&written.value, written.span)).collect();
        laws.extend(parameters.rotation.and_then(|rotation| Law::uniform(0.0, rotation.value.0).ok()));
        Law::sum(&laws).unwrap_or(Law::Constant(Default::default()))
    }
}
