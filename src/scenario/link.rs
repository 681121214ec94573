//! `[link.NAME]`: what connects two regions.

use super::Distribution;
use super::check::{above_zero, require};
use crate::diagnostic::Span;
use crate::syntax::{At, Decoder, table};
use crate::units::{Bandwidth, Duration, Ratio};

table! {
    /// A link between two regions. Calls between them cross it, and so do their answers.
    pub struct Link {
        /// The two regions.
        pub between: At<(At<String>, At<String>)>,
        /// How long a message is under way, in either direction. Default: no time.
        pub latency: Option<At<Distribution>> = None,
        /// How fast it sends, in each direction; messages wait in line. Default: sending takes no time.
        pub bandwidth: Option<At<Bandwidth>> = None,
        /// The share of packets that get lost.
        pub loss: At<Ratio> = At::new(Ratio(0.0)),
        /// How long until the sender notices a loss and sends the packet again
        /// (Linux: at least 200 ms; RFC 6298 asks for 1 s).
        pub retransmit_after: At<Duration> = At::new(Duration(0.2)),
    } check check_link
}

fn check_link(link: &Link, _: Span, cx: &mut Decoder) {
    let (one, other) = &link.between.value;
    let differ = one.value != other.value;
    require(differ, other.span, "this link leads nowhere", "the other region, a different one", cx);
    check_wire(link.bandwidth, link.loss, cx);
    above_zero(link.retransmit_after.0, link.retransmit_after.span, "`retransmit-after`", cx);
}

/// What holds for everything that sends.
pub(super) fn check_wire(bandwidth: Option<At<Bandwidth>>, loss: At<Ratio>, cx: &mut Decoder) {
    if let Some(bandwidth) = bandwidth {
        above_zero(bandwidth.0, bandwidth.span, "`bandwidth`", cx);
    }
    require(loss.0 < 1.0, loss.span, "everything is lost", "`loss` must be below 1", cx);
}
