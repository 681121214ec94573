//! `[service.NAME]`: a program that works on requests, in replicas, on machines.

use super::check::check_routing;
use super::{Balance, Servers, Step};
use crate::diagnostic::Span;
use crate::syntax::{At, Count, Decoder, Named, table};
use crate::units::Ratio;

table! {
    /// A service: what each of its replicas does with a request.
    pub struct Service {
        /// The kind of machine that each replica has for itself.
        pub machine: Option<At<String>> = None,
        /// A `[host.NAME]` that all replicas share with other components.
        pub host: Option<At<String>> = None,
        /// How many replicas.
        pub replicas: At<Count> = At::new(Count(1)),
        /// How callers pick a replica.
        pub balance: Option<Balance> = None,
        /// Requests that a replica works on at once; others wait. Default: `"infinite"`.
        pub threads: At<Servers> = At::new(Servers::Infinite),
        /// Requests that may wait for a thread, per replica; beyond it they are rejected. Default: no limit.
        pub queue: Option<At<u32>> = None,
        /// What a request does here, for a service with one kind of request.
        pub steps: Option<At<Vec<At<Step>>>> = None,
        /// What each kind of request does, by name.
        pub operation: Named<Operation> = Named::default(),
        /// Routing by probability between stations, instead of steps: from each station (or `start`)
        /// to stations, with probabilities; the rest leaves.
        pub route: Option<At<Named<At<Named<At<Ratio>>>>>> = None,
        /// Name of the random streams to use instead of the service's own name.
        pub stream: Option<String> = None,
    } later { "autoscale" }
    check check_service
}

fn check_service(service: &Service, _: Span, cx: &mut Decoder) {
    let rows = service.route.iter().flat_map(|route| route.iter());
    rows.for_each(|(from, row)| check_routing(from, &row.value, cx));
}

table! {
    /// One kind of request.
    pub struct Operation {
        /// What a request does.
        pub steps: Vec<At<Step>>,
    }
}
