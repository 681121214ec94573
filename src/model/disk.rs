//! `disk` compiled: visits to a disk, or to those of an array that a read or write touches.

use super::build::Builder;
use super::lower::{Array, Drive};
use super::program::{Losers, Op, Place, Site};
use super::steps::{Body, Caller};
use crate::diagnostic::Span;
use crate::distribution::Law;
use crate::scenario::DiskStep;
use crate::syntax::At;

/// Stations and laws, one after another.
type Visits = Vec<(Place, u32)>;

impl Builder<'_> {
    pub(super) fn compile_disk(&mut self, caller: &Caller, step: &At<DiskStep>) {
        let Some(drive) = caller.hardware.disk.clone() else {
            return self.lacks_part(caller, step.span, "disk", "`disk = \"ssd\"`");
        };
        match (&drive.array, step.value) {
            (None, DiskStep::Read(size)) => {
                let visits = self.disk_visits(&drive, &drive.read, size.value.0, size.span);
                self.emit_visits(&visits);
            }
            (None, DiskStep::Write(size)) => {
                let visits = self.disk_visits(&drive, &drive.write, size.value.0, size.span);
                self.emit_visits(&visits);
            }
            (Some(array), DiskStep::Read(size)) => {
                let visits = self.disk_visits(&drive, &drive.read, size.value.0, size.span);
                let site = self.disks_site(caller, array, visits);
                self.emit(Op::Enter { site });
            }
            (Some(array), DiskStep::Write(size)) => {
                let visits = self.disk_visits(&drive, &drive.write, size.value.0, size.span);
                let before = self.disk_visits(&drive, &drive.read, size.value.0, size.span);
                self.write_array(caller, array, before, visits);
            }
        }
    }

    /// A write smaller than a stripe. Where there is parity, the old data and the old parity are read, and then both are
    /// written: four accesses on two disks, or six on three (Patterson, Gibson and Katz 1988).
    fn write_array(&mut self, caller: &Caller, array: &Array, read: Visits, write: Visits) {
        let arms = match array.raid {
            1 => array.disks,
            5 => 2,
            6 => 3,
            _ => 1,
        };
        let parity = matches!(array.raid, 5 | 6);
        let site = self.disks_site(caller, array, if parity { [read, write].concat() } else { write });
        if let Some(pairs) = array.pairs {
            self.sites[site as usize].slice = Some(2);
            let both = self.routine("disks".to_string(), Body::Mirrors { site });
            let site = self.array_site(caller, array, pairs, both, array.disks / 2);
            self.emit(Op::Enter { site });
        } else if arms == 1 {
            self.emit(Op::Enter { site });
        } else {
            self.emit_fan(site, arms, Some((arms, Losers::Abandon)));
        }
    }

    /// A call to disks of the array.
    fn disks_site(&mut self, caller: &Caller, array: &Array, visits: Visits) -> u32 {
        let routine = self.routine("disk".to_string(), Body::Visits(visits));
        self.array_site(caller, array, array.chooser, routine, array.disks)
    }

    fn array_site(&mut self, caller: &Caller, array: &Array, chooser: u32, routine: u32, width: u32) -> u32 {
        let site = self.add_site(caller, Some(chooser), vec![routine]);
        let at: &mut Site = &mut self.sites[site as usize];
        at.slice = array.own.then_some(width);
        site
    }

    /// The latency, then the transfer, or both at once.
    fn disk_visits(&mut self, drive: &Drive, time: &Law, bytes: f64, span: Span) -> Visits {
        let transfer = bytes / drive.bandwidth;
        let Some(place) = drive.transfer else {
            let whole = Law::constant(transfer).and_then(|transfer| Law::sum(&[time.clone(), transfer]));
            return vec![(drive.access, self.seconds_law(whole, span))];
        };
        let time = self.seconds_law(Ok(time.clone()), span);
        vec![(drive.access, time), (place, self.seconds_law(Law::constant(transfer), span))]
    }

    pub(super) fn emit_visits(&mut self, visits: &[(Place, u32)]) {
        visits.iter().for_each(|&(place, law)| self.emit(Op::Visit { place, law, own: false }));
    }

    /// The number of a law that was put together from others, in seconds.
    pub(super) fn seconds_law(&mut self, law: Result<Law, String>, span: Span) -> u32 {
        let law = law.unwrap_or(Law::Constant(Default::default()));
        self.check_resolution(law.mean(), span);
        self.add_law(law.scaled(self.ticks_per_second))
    }
}
