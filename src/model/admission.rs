//! Gates compiled: who is let in at the door of a component, and who is shed from its lines.

use super::Group;
use super::build::Builder;
use super::program::{GateSpec, Op, ShedSpec};
use super::steps::Body;
use crate::diagnostic::{Diagnostic, Span};
use crate::policy::admit::{Admit, Aimd, Concurrency, Gradient, LeakyBucket, TokenBucket};
use crate::policy::shed;
use crate::scenario::{Admission, Admissions, AimdLimit, GradientLimit, Per, Shed};
use crate::syntax::At;
use crate::units::Rate;

/// The gates of a component, and whether a request is inside each of them until it leaves.
#[derive(Debug, Clone, Default)]
pub(super) struct Gates(Vec<(u32, bool)>);

impl Builder<'_> {
    /// The gates of a component or of one of its operations, each with a state a replica. Written down once.
    pub(super) fn gates(&mut self, name: &str, written: &Admissions, replicas: u32) -> Gates {
        if let Some(known) = self.gates_of.get(name) {
            return known.clone();
        }
        let mut gates = Gates::default();
        for (index, admission) in written.0.iter().enumerate() {
            let (policy, per) = self.admission(admission);
            gates.0.push((self.gates.len() as u32, policy.limit().is_some()));
            let label = label(name, written, index);
            self.gates.push(GateSpec { name: label, policy, per, replicas });
        }
        self.gates_of.insert(name.to_string(), gates.clone());
        gates
    }

    /// A request passes the gates of a component.
    pub(super) fn emit_arrival(&mut self, gates: &Gates) {
        gates.0.iter().for_each(|&(gate, _)| self.emit(Op::Admit { gate }));
    }

    /// It leaves those that count who is inside.
    pub(super) fn emit_departure(&mut self, gates: &Gates) {
        gates.0.iter().filter(|&&(_, inside)| inside).for_each(|_| self.emit(Op::Leave));
    }

    fn admission(&mut self, written: &At<Admission>) -> (Box<dyn Admit>, Per) {
        let ticks = self.ticks_per_second;
        match &written.value {
            Admission::TokenBucket(bucket) => {
                let rate = self.paced(&bucket.rate);
                (Box::new(TokenBucket::new(rate, bucket.burst.0, ticks)), bucket.per)
            }
            Admission::LeakyBucket(bucket) => {
                let rate = self.paced(&bucket.rate);
                (Box::new(LeakyBucket::new(rate, bucket.queue, ticks)), bucket.per)
            }
            Admission::Concurrency(fixed) => (Box::new(Concurrency::new(fixed.limit.0)), fixed.per),
            Admission::Aimd(aimd) => (Box::new(self.aimd(aimd)), Per::All),
            Admission::Gradient(gradient) => (Box::new(limit_by_gradient(gradient)), Per::All),
        }
    }

    /// A rate per second whose tokens are at least a tick apart.
    fn paced(&mut self, rate: &At<Rate>) -> f64 {
        self.check_resolution(1.0 / rate.value.0, rate.span);
        rate.value.0
    }

    fn aimd(&mut self, aimd: &AimdLimit) -> Aimd {
        let target = self.ticks(aimd.target.value.0, aimd.target.span);
        Aimd::new(target, aimd.bounds(), [aimd.increase.value, aimd.decrease.value])
    }

    /// Sheds customers from the lines of a group.
    pub(super) fn set_shed(&mut self, group: &mut Group, written: Option<&At<Shed>>, line: Line) {
        let Some(written) = written else { return };
        self.check_line(group, written, line);
        let policy: Box<dyn shed::Shed> = match &written.value {
            Shed::Codel(codel) => {
                let target = self.ticks(codel.target.0, codel.target.span);
                Box::new(shed::Codel::new(target, self.ticks(codel.interval.0, codel.interval.span)))
            }
            Shed::QueueTimeout(limit) => {
                let timeout = self.ticks(limit.timeout.0, limit.timeout.span);
                let overloaded = limit.overloaded.as_ref().map_or(timeout, |time| self.ticks(time.value.0, time.span));
                Box::new(shed::QueueTimeout::new(timeout, overloaded))
            }
            Shed::Priority(priority) => {
                let levels = priority.levels.value.iter().map(|level| (level.from, level.queue));
                Box::new(shed::Priority::new(levels.collect()))
            }
        };
        let refused = match self.sheds.first() {
            Some(known) => known.refused,
            None => self.routine("refused".to_string(), Body::Refused),
        };
        group.special.shed = Some(self.sheds.len() as u32);
        self.sheds.push(ShedSpec { policy, refused });
    }

    /// Customers are shed from a line in which they wait for a service that is not interrupted.
    fn check_line(&mut self, group: &Group, written: &At<Shed>, line: Line) {
        let mut wrong = |message: &str, at: Option<Span>, help: &str| {
            let found = Diagnostic::error(written.span, message);
            let found = if let Some(at) = at { found.note(at, "the reason") } else { found };
            self.diagnostics.push(found.help(help));
        };
        if group.servers.is_none() {
            return wrong("nobody waits where servers are endless", None, line.help);
        }
        if !group.rule.is_uninterrupted() {
            let help = "use `fifo`, `lifo`, `adaptive-lifo`, `random`, `shortest-job-first` or `priority`";
            return wrong("nobody is taken out of a line in which services are interrupted", line.discipline, help);
        }
        if group.special.batch > 1 || group.special.blocks {
            let help = "leave out `shed`, or `batch` and `when-full = \"block-upstream\"`";
            return wrong("customers are shed one by one, from a line of their own", None, help);
        }
        if group.patience.is_some() && matches!(written.value, Shed::QueueTimeout(_)) {
            let help = "use `patience`, or `shed = { codel = … }` beside it";
            wrong("these customers leave by themselves already", line.patience, help);
        }
    }
}

/// Where a line is described, for those who are told what is wrong.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Line {
    /// Its discipline.
    pub(super) discipline: Option<Span>,
    /// Its customers' patience.
    pub(super) patience: Option<Span>,
    /// How to have one.
    pub(super) help: &'static str,
}

fn limit_by_gradient(written: &GradientLimit) -> Gradient {
    Gradient::new(written.bounds(), written.tolerance.value, written.smoothing.value, written.queue, written.window.0)
}

/// `app`; where there are several, `app.token-bucket`, and the second of the same kind `app.token-bucket-2`.
fn label(name: &str, written: &Admissions, index: usize) -> String {
    if written.0.len() == 1 {
        return name.to_string();
    }
    let word = |admission: &At<Admission>| match admission.value {
        Admission::TokenBucket(_) => "token-bucket",
        Admission::LeakyBucket(_) => "leaky-bucket",
        Admission::Concurrency(_) => "concurrency",
        Admission::Aimd(_) => "aimd",
        Admission::Gradient(_) => "gradient",
    };
    let own = word(&written.0[index]);
    match written.0[..index].iter().filter(|other| word(other) == own).count() {
        0 => format!("{name}.{own}"),
        before => format!("{name}.{own}-{}", before + 1),
    }
}
