//! Steps on the cores of a machine: `cpu`, and `speedup`, whose work is drawn once and done on one core and then on all.

use super::build::Builder;
use super::program::{ForkSpec, Losers, Op, Place, ShareSpec};
use super::steps::{Body, Caller};
use crate::diagnostic::{Diagnostic, Span};
use crate::scenario::{Distribution, Speedup};
use crate::syntax::At;

/// Most parts of one job.
const MOST_ARMS: u32 = 10_000;

/// The component of a caller.
fn component_of(caller: &str) -> &str {
    caller.split('.').next().unwrap_or(caller)
}

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
            let (name, kind) = self.owner_of(caller);
            let message = format!("`{name}` has no CPU");
            let help = format!("give the {kind} a `machine` or a `host`, or use `wait`");
            self.diagnostics.push(Diagnostic::error(span, message).help(help));
        }
    }

    /// Says that a step needs a part that the caller's machine lacks, unless that is the consequence of another mistake.
    pub(super) fn lacks_part(&mut self, caller: &Caller, span: Span, part: &str, example: &str) {
        let (owner, kind) = self.owner_of(caller);
        let help = match self.machine_of(&caller.name) {
            None => format!("give the {kind} a `machine` with {example}"),
            Some(name) => match self.scenario.machine.entries.get(name) {
                Some(machine) if machine.complete => format!("add {example} to `[machine.{name}]`"),
                _ => return,
            },
        };
        let message = format!("`{owner}` has no {part}");
        self.diagnostics.push(Diagnostic::error(span, message).help(help));
    }

    /// The component of a caller, which may be its nodes of one role, and what it is.
    fn owner_of<'c>(&self, caller: &'c Caller) -> (&'c str, &'static str) {
        let name = component_of(&caller.name);
        (name, if self.scenario.database.contains(name) { "database" } else { "service" })
    }

    /// The kind of machine that a component runs on; an empty name if the host is not known.
    fn machine_of(&self, caller: &str) -> Option<&'a str> {
        let name = component_of(caller);
        let service = self.scenario.service.get(name).map(|one| (&one.machine, &one.host));
        let database = self.scenario.database.get(name).map(|one| (&one.machine, &one.host));
        match service.or(database)? {
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
