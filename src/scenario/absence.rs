//! Servers that are not always there, and stations that do not serve one customer at a time at one speed.

use super::Distribution;
use super::check::{not_negative, require};
use crate::diagnostic::Span;
use crate::syntax::{At, Count, Decoder, choice, table};

table! {
    /// `{ every = "2s", for = "100ms" }`: all servers stop at once, and go on where they stopped.
    pub struct Pauses {
        /// Time from the beginning of one pause to that of the next.
        pub every: At<Distribution>,
        /// How long a pause lasts. One that is due before the last is over follows it.
        pub r#for: At<Distribution>,
    }
}

table! {
    /// `{ every = { exponential = "10s" }, repair = "500ms" }`: each server breaks down by itself.
    pub struct Fails {
        /// How long a server is up.
        pub every: At<Distribution>,
        /// How long its repair takes. Whom it served goes on where the service stopped.
        pub repair: At<Distribution>,
        /// With `"busy"`, only the time that the server works counts towards `every`.
        pub only: Option<At<Wear>> = None,
        /// The whole replica fails, as by an event `crash`: whatever it was doing is lost.
        pub crash: bool = false,
    }
}

choice! {
    /// What wears a server out.
    #[derive(Copy)]
    pub enum Wear {
        /// Work.
        Busy,
    }
}

choice! {
    /// What becomes of an arrival at a full station.
    #[derive(Copy)]
    pub enum WhenFull {
        /// It is turned away.
        Reject,
        /// It stays where it is, on the server that it has there, until there is room (blocking after service).
        BlockUpstream,
    }
}

table! {
    /// `{ max = 10 }`: a free server takes all who wait, up to so many, for one service time.
    #[derive(Copy)]
    pub struct BulkService {
        /// Most customers in one service.
        pub max: At<Count>,
    }
}

table! {
    /// `{ contention = 0.02, coherency = 0.0005 }`: with n customers each is slowed by
    /// 1 + contention · (n − 1) + coherency · n · (n − 1).
    #[derive(Copy)]
    pub struct Slowdown {
        /// Queueing for what is shared: each other customer adds this share of the service time.
        pub contention: f64 = 0.0,
        /// Keeping copies coherent: each pair of customers adds twice this share.
        pub coherency: f64 = 0.0,
    } check check_slowdown
}

fn check_slowdown(slowdown: &Slowdown, span: Span, cx: &mut Decoder) {
    not_negative(slowdown.contention, span, "`contention`", cx);
    not_negative(slowdown.coherency, span, "`coherency`", cx);
    let finite = slowdown.contention.is_finite() && slowdown.coherency.is_finite();
    require(finite, span, "a slowdown without end", "must be a number", cx);
}
