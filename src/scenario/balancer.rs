//! `[balancer.NAME]`: spreads requests over components.

use super::check::above_zero;
use super::{Admissions, Balance, Distribution};
use crate::diagnostic::Span;
use crate::syntax::{At, Count, Decoder, table};
use crate::units::Duration;

table! {
    /// A load balancer: a queue of its own, then a choice of replica.
    pub struct Balancer {
        /// Components; their replicas are the targets.
        pub to: At<Vec<At<String>>>,
        /// How a target is picked; replaces the `balance` of the targets.
        pub policy: Option<Balance> = None,
        /// How long the balancer itself takes. Default: no time.
        pub service_time: Option<At<Distribution>> = None,
        /// Which requests it lets in: one policy, or a list of them. Others are rejected.
        pub admit: Admissions = Admissions::default(),
        /// Where it is. Default: beside whoever asks it, wherever that is.
        pub region: Option<At<String>> = None,
        /// The zone with which it is lost.
        pub zone: Option<At<String>> = None,
        /// The balancer is a name that clients look up: each keeps the component that it got for this long. The component's
        /// own `balance` picks the replica.
        pub dns_ttl: Option<At<Duration>> = None,
        /// How the balancer finds out that a replica is down.
        pub health_check: Option<HealthCheck> = None,
        /// Name of the random streams to use instead of the balancer's own name.
        pub stream: Option<String> = None,
    } check check_balancer
}

fn check_balancer(balancer: &Balancer, _: Span, cx: &mut Decoder) {
    if let Some(ttl) = balancer.dns_ttl {
        above_zero(ttl.0, ttl.span, "`dns-ttl`", cx);
    }
}

table! {
    /// `{ every = "5s", failures = 2 }`
    #[derive(Copy)]
    pub struct HealthCheck {
        /// Time between probes.
        pub every: At<Duration>,
        /// Failed probes in a row before a replica is taken out.
        pub failures: Count = Count(1),
        /// Answers in a row before it is chosen again.
        pub successes: Count = Count(1),
    } check check_health
}

fn check_health(check: &HealthCheck, _: Span, cx: &mut Decoder) {
    above_zero(check.every.0, check.every.span, "`every`", cx);
}
