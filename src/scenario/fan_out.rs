//! The step `fan-out`: the same call to several replicas or shards at once.

use super::Losers;
use super::check::require;
use crate::diagnostic::Span;
use crate::syntax::{At, Count, Decoder, table};

table! {
    /// `fan-out = { to = "leaf", count = 10 }`: the same call many times at once, to different replicas or shards
    /// as long as there are enough of them.
    pub struct FanOut {
        /// The component, or `component.operation`, to ask.
        pub to: At<String>,
        /// How many calls. Default: one to each replica or shard.
        pub count: Option<At<Count>> = None,
        /// How many answers are needed. Default: all.
        pub need: Option<At<Count>> = None,
        /// What happens to the calls that are not needed any more.
        pub losers: Losers = Losers::Abandon,
    } check check_fan_out
}

fn check_fan_out(fan: &FanOut, _: Span, cx: &mut Decoder) {
    if let (Some(need), Some(count)) = (fan.need, fan.count) {
        let message = format!("{} answers are needed of {} calls", need.0, count.0);
        require(need.0 <= count.0, need.span, &message, "more than there are", cx);
    }
}
