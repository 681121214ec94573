//! The step `batch`: requests go on together.

use super::Step;
use super::check::above_zero;
use crate::diagnostic::{Diagnostic, Span};
use crate::syntax::{At, Count, Decoder, table};
use crate::units::Duration;

table! {
    /// `batch = { size = 16, linger = "10ms" }`: a request waits in the open batch of its replica, which goes on when it
    /// has so many members, or so long after its first one came.
    pub struct Gather {
        /// Most members. Default: no limit.
        pub size: Option<Count> = None,
        /// How long the first member waits for others. Default: until there are `size`.
        pub linger: Option<At<Duration>> = None,
        /// What is done once for the whole batch.
        pub steps: Vec<At<Step>> = Vec::new(),
    } check check_gather
}

fn check_gather(gather: &Gather, span: Span, cx: &mut Decoder) {
    match (gather.size, gather.linger) {
        (None, None) if !cx.has_problem_in(span) => {
            let found = Diagnostic::error(span, "this batch never goes").label("needs `size` or `linger`");
            cx.push(found.help("add `size = 16`, `linger = \"10ms\"`, or both"));
        }
        (_, Some(linger)) => above_zero(linger.0, linger.span, "`linger`", cx),
        _ => {}
    }
}
