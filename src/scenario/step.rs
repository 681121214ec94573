//! The steps of a request through a service.

use serde_json::{Value as Json, json};

use super::check::{require, sum_to_one};
use super::{
    CallStep, DiskStep, Distribution, FanOut, Gather, LookAside, MemoryStep, NetworkStep, Optimistic, Speedup,
};
use crate::diagnostic::{Diagnostic, Span};
use crate::syntax::{At, Count, Decode, Decoder, Node, SchemaBuilder, Value, choice, table};
use crate::units::Ratio;

choice! {
    /// One thing that a request does.
    pub enum Step {
        /// Holds a core of its replica's machine for this long, divided by the machine's speed.
        Cpu(At<Distribution>),
        /// Accesses its machine's memory.
        Memory(At<MemoryStep>),
        /// Reads from or writes to its machine's disk.
        Disk(At<DiskStep>),
        /// A parallel job on its machine's cores.
        Speedup(Speedup),
        /// Time passes; nothing is held by it.
        Wait(At<Distribution>),
        /// Sends through the network of its replica's machine: a message of this size, or a transfer over TCP.
        Network(NetworkStep),
        /// Queues at a station.
        Visit(VisitStep),
        /// Asks another component and waits for the answer.
        Call(CallStep),
        /// All arms at once; goes on when all, or `need`, are done.
        Parallel(Parallel),
        /// The same call several times at once, to different replicas or shards.
        FanOut(FanOut),
        /// Looks into a cache, and on a miss does the steps and puts the answer in.
        LookAside(LookAside),
        /// One arm, by probability.
        Choose(At<Vec<(At<Ratio>, Vec<At<Step>>)>>),
        /// A loop.
        Repeat(At<Repeat>),
        /// Takes one of a lock or pool, does the steps, and gives it back, also on failure.
        Hold(Hold),
        /// Does the steps without a lock, and again if another committed to the same since they began.
        Optimistic(Optimistic),
        /// Hands a message to a queue and goes on when the broker has it.
        Publish(At<String>),
        /// Waits for others, and goes on with them.
        Batch(Gather),
        /// Fails with this probability.
        Fail(At<Ratio>),
    }
    check check_step
}

fn check_step(step: &Step, _: Span, cx: &mut Decoder) {
    if let Step::Choose(arms) = step {
        let shares = arms.iter().map(|arm| arm.0.value.0);
        sum_to_one(shares, arms.span, "the probabilities of `choose`", cx);
    }
    if let Step::Parallel(Parallel(ParallelOptions { arms, .. })) = step {
        let has_arms = !arms.is_empty() || cx.has_problem_in(arms.span);
        require(has_arms, arms.span, "`parallel` without arms", "needs at least one list of steps", cx);
    }
}

/// `visit = "station"` or `visit = { station = "name", service-time = … }`.
#[derive(Debug, Clone, PartialEq)]
pub struct VisitStep(pub VisitOptions);

impl Decode for VisitStep {
    fn decode(node: &Node, cx: &mut Decoder) -> Option<VisitStep> {
        let plain = |station| VisitStep(VisitOptions { station, service_time: None });
        match node.value {
            Value::String(_) => At::decode(node, cx).map(plain),
            _ => VisitOptions::decode(node, cx).map(VisitStep),
        }
    }

    fn schema(s: &mut SchemaBuilder) -> Json {
        json!({ "oneOf": [String::schema(s), VisitOptions::schema(s)] })
    }

    fn example() -> String {
        String::example()
    }
}

table! {
    /// A visit to a station, perhaps with a service time of its own.
    pub struct VisitOptions {
        /// The station.
        pub station: At<String>,
        /// Instead of the station's own.
        pub service_time: Option<At<Distribution>> = None,
    }
}

/// `parallel = [[steps], [steps]]` or `parallel = { need = k, arms = [[…], […]] }`.
#[derive(Debug, Clone, PartialEq)]
pub struct Parallel(pub ParallelOptions);

impl Decode for Parallel {
    fn decode(node: &Node, cx: &mut Decoder) -> Option<Parallel> {
        let all = |arms| ParallelOptions { need: None, arms, losers: super::Losers::Abandon };
        match node.value {
            Value::Array(_) => At::decode(node, cx).map(|arms| Parallel(all(arms))),
            _ => ParallelOptions::decode(node, cx).map(Parallel),
        }
    }

    fn schema(s: &mut SchemaBuilder) -> Json {
        json!({ "oneOf": [Vec::<Vec<At<Step>>>::schema(s), ParallelOptions::schema(s)] })
    }

    fn example() -> String {
        Vec::<Vec<At<Step>>>::example()
    }
}

table! {
    /// Arms that run at once.
    pub struct ParallelOptions {
        /// How many arms have to finish. Default: all.
        pub need: Option<At<Count>> = None,
        /// The arms, each a list of steps.
        pub arms: At<Vec<Vec<At<Step>>>>,
        /// What happens to the arms that are not needed any more.
        pub losers: super::Losers = super::Losers::Abandon,
    } check check_parallel
}

fn check_parallel(parallel: &ParallelOptions, _: Span, cx: &mut Decoder) {
    let Some(need) = parallel.need else { return };
    let arms = parallel.arms.len();
    let is_broken = cx.has_problem_in(parallel.arms.span);
    let message = format!("{} arms are needed of {arms}", need.0);
    require(is_broken || need.0 as usize <= arms, need.span, &message, "more than there are", cx);
}

table! {
    /// `{ times = 3, steps = […] }`, or `{ again = 0.35, steps = […] }`: at least one pass.
    pub struct Repeat {
        /// How many passes.
        pub times: Option<At<Count>> = None,
        /// The probability of another pass after each.
        pub again: Option<At<Ratio>> = None,
        /// What each pass does.
        pub steps: Vec<At<Step>>,
    } check check_repeat
}

fn check_repeat(repeat: &Repeat, span: Span, cx: &mut Decoder) {
    match (repeat.times, repeat.again) {
        (None, None) if !cx.has_problem_in(span) => {
            let found = Diagnostic::error(span, "`repeat` does not say how often");
            cx.push(found.label("needs `times` or `again`").help("add `times = 3` or `again = 0.5`"));
        }
        (Some(times), Some(again)) => {
            let found = Diagnostic::error(again.span, "`repeat` has both `times` and `again`");
            cx.push(found.label("this or the other").note(times.span, "the other"));
        }
        (None, Some(again)) => {
            require(again.0 < 1.0, again.span, "this loop never ends", "`again` must be below 1", cx);
        }
        _ => {}
    }
}

table! {
    /// `hold = { of = "lock or pool", steps = […] }`
    pub struct Hold {
        /// The lock or pool.
        pub of: At<String>,
        /// What is done while it is held.
        pub steps: Vec<At<Step>>,
    }
}
