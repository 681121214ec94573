//! `[station.NAME]`: the bare queueing station that every other component is made of.

use serde_json::{Value as Json, json};

use super::check::{above_zero, at_most};
use super::{
    Admissions, Autoscale, Balance, BulkService, Distribution, Fails, HealthCheck, Pauses, Shed, Slowdown, WhenFull,
};
use crate::diagnostic::{Span, closest};
use crate::syntax::{At, Count, Decode, Decoder, Node, SchemaBuilder, Value, choice, table};
use crate::units::Duration;

table! {
    /// A queueing station: customers wait, are served, and leave.
    pub struct Station {
        /// Servers working in parallel: a number, or `"infinite"`.
        pub servers: At<Servers> = At::default(),
        /// How long one service takes. May be left out only where every visit brings its own.
        pub service_time: Option<At<Distribution>> = None,
        /// Customers allowed in the station, waiting plus in service; an arrival beyond it is rejected. Default: no limit.
        pub capacity: Option<At<Count>> = None,
        /// What becomes of an arrival beyond `capacity`.
        pub when_full: At<WhenFull> = At::new(WhenFull::Reject),
        /// Who is served next.
        pub discipline: At<Discipline> = At::default(),
        /// How long a customer waits before leaving unserved. Default: for ever.
        pub patience: Option<At<Distribution>> = None,
        /// Who may come in, besides `capacity`: one policy, or a list of them. Whoever may not is rejected.
        pub admit: Admissions = Admissions::default(),
        /// Who is taken out of the line and rejected, so that others are served in time.
        pub shed: Option<At<Shed>> = None,
        /// How many such stations there are, each with a queue of its own.
        pub replicas: At<Count> = At::new(Count(1)),
        /// Where the replicas are.
        pub region: Option<At<String>> = None,
        /// Several places: the replicas are spread over them in turn.
        pub regions: Option<At<Vec<At<String>>>> = None,
        /// The zone with which it is lost.
        pub zone: Option<At<String>> = None,
        /// Instead of `zone`: the replicas are spread over several in turn.
        pub zones: Option<At<Vec<At<String>>>> = None,
        /// How callers choose among the replicas.
        pub balance: Option<Balance> = None,
        /// How callers find out that a replica is down, where no balancer is in front.
        pub health_check: Option<HealthCheck> = None,
        /// Serve many at once, for one service time.
        pub batch: Option<At<BulkService>> = None,
        /// Serve more slowly the more are there.
        pub slowdown: Option<At<Slowdown>> = None,
        /// All servers stop from time to time.
        pub pauses: Option<At<Pauses>> = None,
        /// Each server breaks down from time to time.
        pub fails: Option<At<Fails>> = None,
        /// A server that finds nobody waiting goes away for so long, again and again.
        pub vacation: Option<At<Distribution>> = None,
        /// A server that is off needs so long to start; a waiting customer starts one.
        pub set_up: Option<At<Distribution>> = None,
        /// With `set-up`: how long an idle server stays on. Default: 0, it is switched off at once.
        pub keep_alive: Option<At<Duration>> = None,
        /// Customers present when the simulation starts, in each replica.
        pub initial: u32 = 0,
        /// Name of the random streams to use instead of the station's own name.
        pub stream: Option<String> = None,
        /// How many replicas, or servers, are in service, decided while the scenario runs.
        pub autoscale: Option<At<Autoscale>> = None,
    }
    check check_station
}

/// Most replicas of one component: each is a station with statistics of its own.
pub const MOST_REPLICAS: u32 = 100_000;

/// Most requests that may be there at one time from a single cause.
pub(super) const MOST_AT_ONCE: u32 = 10_000_000;

fn check_station(station: &Station, span: Span, cx: &mut Decoder) {
    let replicas = station.replicas;
    at_most(replicas.0, MOST_REPLICAS, replicas.span, "replicas", cx);
    let initial = station.initial.saturating_mul(replicas.0);
    at_most(initial, MOST_AT_ONCE, span, "customers at the start", cx);
}

/// How many servers: a number or `"infinite"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Servers {
    /// This many, at least one.
    Finite(u32),
    /// As many as there are customers: nobody waits.
    Infinite,
}

impl Default for Servers {
    fn default() -> Servers {
        Servers::Finite(1)
    }
}

impl Decode for Servers {
    fn decode(node: &Node, cx: &mut Decoder) -> Option<Servers> {
        match &node.value {
            Value::String(word) if word == "infinite" => Some(Servers::Infinite),
            Value::Integer(_) | Value::Large(_) => Count::decode(node, cx).map(|count| Servers::Finite(count.0)),
            Value::String(word) if closest(word, ["infinite"]).is_some() => {
                let message = format!("expected a number or \"infinite\", found {}", node.describe());
                cx.out_of_range(node, message, "did you mean `infinite`?")
            }
            _ => cx.mismatch(node, "a number or \"infinite\"", "1"),
        }
    }

    fn schema(s: &mut SchemaBuilder) -> Json {
        let schema = json!({ "oneOf": [Count::schema(s), { "const": "infinite" }] });
        s.define("Servers", "How many work in parallel: a number, or \"infinite\".", schema)
    }

    fn example() -> String {
        "1".to_owned()
    }

    fn written(&self) -> Option<Json> {
        match self {
            Servers::Finite(count) => Some(json!(count)),
            Servers::Infinite => Some(json!("infinite")),
        }
    }
}

choice! {
    /// Who is served next.
    #[derive(Copy)]
    pub enum Discipline {
        /// First come, first served.
        Fifo,
        /// Last come, first served; service is never interrupted.
        Lifo,
        /// First come, first served, while few wait; last come, first served, beyond a threshold.
        AdaptiveLifo(AdaptiveLifo),
        /// Any waiting customer, each as likely as the others.
        Random,
        /// All at once, at equal shares of the servers; nobody uses more than one server.
        ProcessorSharing,
        /// All at once, each at a share proportional to its workload's `weight`.
        WeightedProcessorSharing,
        /// The shortest service time first; service is never interrupted.
        ShortestJobFirst,
        /// The least remaining service first; interrupts longer ones, which resume.
        ShortestRemainingFirst,
        /// The most urgent priority (smallest number) first; service is never interrupted.
        Priority,
        /// The most urgent priority first; interrupts less urgent ones, which resume.
        PreemptivePriority,
        /// Last come, first served, at once; the interrupted one resumes.
        PreemptiveLifo,
        /// First come, first served, for one quantum at a time.
        RoundRobin(RoundRobin),
    }
}

// `choice!` keeps attributes of variants for documentation, so `#[default]` is written out.
#[expect(clippy::derivable_impls, reason = "the macro does not pass `#[default]` on")]
impl Default for Discipline {
    fn default() -> Discipline {
        Discipline::Fifo
    }
}

table! {
    /// `{ adaptive-lifo = { threshold = 10 } }`
    #[derive(Copy)]
    pub struct AdaptiveLifo {
        /// If more than so many wait, the one who came last is served next.
        pub threshold: Count,
    }
}

table! {
    /// `{ round-robin = { quantum = "4s" } }`
    #[derive(Copy)]
    pub struct RoundRobin {
        /// Longest uninterrupted service.
        pub quantum: Duration,
    } check check_round_robin
}

fn check_round_robin(round_robin: &RoundRobin, span: Span, cx: &mut Decoder) {
    above_zero(round_robin.quantum.0, span, "`quantum`", cx);
}

impl Discipline {
    /// Its name in the language.
    pub fn name(&self) -> &'static str {
        match self {
            Discipline::Fifo => "fifo",
            Discipline::Lifo => "lifo",
            Discipline::AdaptiveLifo(_) => "adaptive-lifo",
            Discipline::Random => "random",
            Discipline::ProcessorSharing => "processor-sharing",
            Discipline::WeightedProcessorSharing => "weighted-processor-sharing",
            Discipline::ShortestJobFirst => "shortest-job-first",
            Discipline::ShortestRemainingFirst => "shortest-remaining-first",
            Discipline::Priority => "priority",
            Discipline::PreemptivePriority => "preemptive-priority",
            Discipline::PreemptiveLifo => "preemptive-lifo",
            Discipline::RoundRobin(_) => "round-robin",
        }
    }
}
