//! `[[alert]]`: what somebody is to be told of while it happens.

use super::check::above_zero;
use crate::diagnostic::Span;
use crate::syntax::{At, Decoder, table};
use crate::units::Duration;

table! {
    /// A condition that somebody is told of once it has held for a time.
    pub struct Alert {
        /// What is wrong then, in words.
        pub name: String,
        /// `NAME.METRIC OP VALUE`, as in an objective, such as `app.cpu.utilization > 0.9`.
        pub when: At<String>,
        /// How long it has to hold, in windows that follow each other; at least one.
        pub r#for: At<Duration> = At::new(Duration(0.0)),
        /// Length of the windows: the condition is about the mean over each.
        pub every: At<Duration> = At::new(Duration(10.0)),
    }
    check check_alert
}

fn check_alert(alert: &Alert, _: Span, cx: &mut Decoder) {
    above_zero(alert.every.value.0, alert.every.span, "`every`", cx);
}
