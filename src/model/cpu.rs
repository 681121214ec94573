//! Steps on the cores of a machine: `cpu`, and `speedup`, whose work is drawn once and done on one core and then on all.

use super::build::Builder;
use super::program::{ForkSpec, Losers, Op, Place, ShareSpec};
use super::steps::{Body, Caller};
use crate::diagnostic::{Diagnostic, Span};
use crate::scenario::{Distribution, Speedup};
use crate::syntax::At;

/// Most parts of one job.
const MOST_ARMS: u32 = 10_000;

impl<'a> Builder<'a> {
    pub(super) fn compile_cpu(&mut self, caller: &Caller, time: &At<Distribution>, span: Span) {
        let Some((place, speed)) = caller.hardware.cpu else {
            return self.lacks_cpu(caller, span);
        };
        let law = self.law(time, speed);
        self.emit(Op::Visit { place, law, own: false });
    }

    fn lacks_cpu(&mut self, caller: &Caller, span: Span) {
        // A machine that is not found has been reported.
        if self.machine_of(&caller.name).is_none() {
            let message = format!("`{}` has no CPU", caller.name);
            let help = "give the service a `machine` or a `host`, or use `wait`";
            self.diagnostics.push(Diagnostic::error(span, message).help(help));
        }
    }

    /// Says that a step needs a part that the caller's machine lacks, unless that is the consequence of another mistake.
    pub(super) fn lacks_part(&mut self, caller: &Caller, span: Span, part: &str, example: &str) {
        let help = match self.machine_of(&caller.name) {
            None => format!("give the service a `machine` with {example}"),
            Some(name) => match self.scenario.machine.entries.get(name) {
                Some(machine) if machine.complete => format!("add {example} to `[machine.{name}]`"),
                _ => return,
            },
        };
        let message = format!("`{}` has no {part}", caller.name);
        self.diagnostics.push(Diagnostic::error(span, message).help(help));
    }

    /// The kind of machine that a service runs on; an empty name if the host is not known.
    fn machine_of(&self, service: &str) -> Option<&'a str> {
        let service = self.scenario.service.get(service)?;
        match (&service.machine, &service.host) {
            (Some(machine), _) => Some(&machine.value),
            (None, Some(host)) => Some(self.scenario.host.get(&host.value).map_or("", |host| &host.machine.value)),
            (None, None) => None,
        }
    }

    pub(super) fn compile_speedup(&mut self, caller: &Caller, job: &Speedup) {
        let Some((place, speed)) = caller.hardware.cpu else {
            return self.lacks_cpu(caller, job.work.span);
        };
        let cores = caller.hardware.cores;
        if cores > MOST_ARMS {
            let message = format!("a job on {cores} cores at once");
            self.diagnostics
                .push(Diagnostic::error(job.work.span, message).label(format!("at most {MOST_ARMS} cores")));
            return;
        }
        let law = self.law(&job.work, speed);
        let stream = self.stream(&caller.streams, "speedup");
        self.emit(Op::Draw { law, stream });
        let serial = job.serial.0;
        if serial > 0.0 {
            self.emit_share(place, law, serial);
        }
        if serial < 1.0 {
            let part = self.share(law, (1.0 - serial) / f64::from(cores));
            let arm = self.routine(format!("{}/core", caller.name), Body::Share { place, share: part });
            let arms = vec![arm; cores as usize];
            self.forks.push(ForkSpec { arms, need: cores, losers: Losers::Cancel });
            self.emit(Op::Fork { fork: self.forks.len() as u32 - 1 });
        }
        self.emit(Op::End);
    }

    fn emit_share(&mut self, place: Place, law: u32, share: f64) {
        let share = self.share(law, share);
        self.emit(Op::Share { place, share });
    }

    fn share(&mut self, law: u32, share: f64) -> u32 {
        self.shares.push(ShareSpec { law, share });
        self.shares.len() as u32 - 1
    }
}
