//! `[service.NAME]`: a program that works on requests, in replicas, on machines.

use super::check::{at_most, check_routing, require};
use super::station::MOST_REPLICAS;
use super::{Admissions, Autoscale, Balance, Discipline, Distribution, HealthCheck, Pauses, Servers, Shed, Step};
use crate::diagnostic::{Diagnostic, Span};
use crate::syntax::{At, Count, Decoder, Named, table};
use crate::units::{Duration, Ratio};

table! {
    /// A service: what each of its replicas does with a request.
    pub struct Service {
        /// The kind of machine that each replica has for itself.
        pub machine: Option<At<String>> = None,
        /// A `[host.NAME]` that all replicas share with other components.
        pub host: Option<At<String>> = None,
        /// How many replicas.
        pub replicas: At<Count> = At::new(Count(1)),
        /// Where the replicas are.
        pub region: Option<At<String>> = None,
        /// Several places: the replicas are spread over them in turn.
        pub regions: Option<At<Vec<At<String>>>> = None,
        /// The zone with which it is lost.
        pub zone: Option<At<String>> = None,
        /// Instead of `zone`: the replicas are spread over several in turn.
        pub zones: Option<At<Vec<At<String>>>> = None,
        /// How callers pick a replica.
        pub balance: Option<Balance> = None,
        /// How callers find out that a replica is down, where no balancer is in front.
        pub health_check: Option<HealthCheck> = None,
        /// Requests that a replica works on at once; others wait. Default: `"infinite"`.
        pub threads: At<Servers> = At::new(Servers::Infinite),
        /// Requests that may wait for a thread, per replica; beyond it they are rejected. Default: no limit.
        pub queue: Option<At<u32>> = None,
        /// Which of those who wait for a thread gets the next one.
        pub discipline: At<Discipline> = At::default(),
        /// Which requests a replica lets in: one policy, or a list of them. Others are rejected.
        pub admit: Admissions = Admissions::default(),
        /// Which of those who wait for a thread are rejected, so that others get one in time.
        pub shed: Option<At<Shed>> = None,
        /// Each replica's processors stop from time to time, as for the collection of garbage.
        pub pauses: Option<At<Pauses>> = None,
        /// How long a thread needs to start: a cold start. Threads are off until someone waits for one.
        pub set_up: Option<At<Distribution>> = None,
        /// With `set-up`: how long an idle thread stays on. Default: 0.
        pub keep_alive: Option<At<Duration>> = None,
        /// What a request does here, for a service with one kind of request.
        pub steps: Option<At<Vec<At<Step>>>> = None,
        /// What each kind of request does, by name.
        pub operation: Named<Operation> = Named::default(),
        /// Routing by probability between stations, instead of steps: from each station (or `start`)
        /// to stations, with probabilities; the rest leaves.
        pub route: Option<At<Named<At<Named<At<Ratio>>>>>> = None,
        /// Name of the random streams to use instead of the service's own name.
        pub stream: Option<String> = None,
        /// How many replicas are in service, decided while the scenario runs.
        pub autoscale: Option<At<Autoscale>> = None,
    } check check_service
}

fn check_service(service: &Service, span: Span, cx: &mut Decoder) {
    let replicas = service.replicas;
    at_most(replicas.0, MOST_REPLICAS, replicas.span, "replicas", cx);
    check_work(service, span, cx);
    check_operation_names(service, cx);
    let rows = service.route.iter().flat_map(|route| route.iter());
    rows.for_each(|(from, row)| check_routing(from, &row.value, cx));
}

/// What `service.NAME` means besides an operation, in objectives and reports.
const PARTS: [&str; 7] = ["cpu", "disk", "disk-transfer", "threads", "primary", "memory", "network"];

fn check_operation_names(service: &Service, cx: &mut Decoder) {
    for (name, entry) in service.operation.iter().filter(|(name, _)| PARTS.contains(name)) {
        let found = Diagnostic::error(entry.key, format!("`{name}` is the name of a part, not of an operation"));
        cx.push(found.help("choose another name: parts and operations are both written `service.name`"));
    }
}

/// A service says in exactly one way what a request does.
fn check_work(service: &Service, span: Span, cx: &mut Decoder) {
    if cx.is_partial() {
        return;
    }
    let operations = !service.operation.is_empty();
    let ways = [service.steps.is_some(), operations, service.route.is_some()];
    let message = match ways.iter().filter(|&&way| way).count() {
        0 => "this service does not say what it does with a request",
        1 => return,
        _ => "this service says in several ways what it does with a request",
    };
    let label = "needs either `steps`, or a table `operation` for each kind of request, or a `route`";
    require(false, span, message, label, cx);
}

table! {
    /// One kind of request.
    pub struct Operation {
        /// A bulkhead: requests of this kind have so many threads of each replica for themselves, and none of the service's.
        pub threads: Option<At<Count>> = None,
        /// With `threads`: how many may wait for one; beyond it they are rejected. Default: no limit.
        pub queue: Option<At<u32>> = None,
        /// Which requests of this kind a replica lets in, after `admit` of the service.
        pub admit: Admissions = Admissions::default(),
        /// What a request does.
        pub steps: Vec<At<Step>>,
    }
}
