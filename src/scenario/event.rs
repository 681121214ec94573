//! `[[event]]`: what happens at an instant, and what is over later.

use serde_json::{Value as Json, json};

use super::check::{above_zero, require};
use crate::diagnostic::{Diagnostic, Span};
use crate::syntax::{At, Decode, Decoder, Node, SchemaBuilder, Value, table};
use crate::units::{Duration, Ratio};

table! {
    /// Something that happens at an instant, to whatever is named: a component, one of its replicas, a host, or all that is
    /// in a region.
    pub struct Event {
        /// When, from the end of warm-up.
        pub at: At<Duration>,
        /// How long it lasts. Default: to the end of the run.
        pub r#for: Option<At<Duration>> = None,
        /// What stops and loses all that it was doing: `"orders.primary"`, or `{ what = "app[2]", silent = true }`.
        pub crash: Option<At<Crash>> = None,
        /// What stands still, gives no answer, and goes on afterwards where it stopped.
        pub pause: Option<At<String>> = None,
        /// Groups of regions that do not hear each other: `[["eu"], ["us"]]`. A region in none of them hears all.
        pub partition: Option<At<Vec<Vec<At<String>>>>> = None,
        /// The share of messages over a link that is lost, and nobody is told: `{ link = "atlantic", share = 0.05 }`.
        pub drop: Option<At<Dropped>> = None,
    } later { "slow", "set", "scale" }
    check check_event
}

fn check_event(event: &Event, span: Span, cx: &mut Decoder) {
    if let Some(length) = event.r#for {
        above_zero(length.0, length.span, "`for`", cx);
    }
    event.partition.iter().for_each(|groups| check_groups(groups, cx));
    let happens = event.actions();
    let message = "an event in which nothing happens";
    require(!happens.is_empty() || cx.is_partial(), span, message, "needs `crash`, `pause`, …", cx);
    if let [_, second, ..] = happens[..] {
        require(false, second, "an event is one thing", "write another `[[event]]` for this", cx);
    }
}

/// Groups hear nothing of each other only if there are two, and nobody is in both.
fn check_groups(groups: &At<Vec<Vec<At<String>>>>, cx: &mut Decoder) {
    let enough = groups.value.len() > 1 && groups.value.iter().all(|group| !group.is_empty());
    let message = "a partition is between at least two groups of regions";
    require(enough || cx.has_problem_in(groups.span), groups.span, message, "such as [[\"eu\"], [\"us\"]]", cx);
    let mut seen: Vec<&At<String>> = Vec::new();
    for region in groups.value.iter().flatten() {
        if let Some(before) = seen.iter().find(|before| before.value == region.value) {
            let found = Diagnostic::error(region.span, format!("`{}` is on both sides", region.value));
            cx.push(found.note(before.span, "it is here already").help("name each region once"));
        }
        seen.push(region);
    }
}

impl Event {
    /// Where each thing that happens is written.
    fn actions(&self) -> Vec<Span> {
        let actions = [
            self.crash.as_ref().map(|crash| crash.span),
            self.pause.as_ref().map(|what| what.span),
            self.partition.as_ref().map(|groups| groups.span),
            self.drop.as_ref().map(|dropped| dropped.span),
        ];
        actions.into_iter().flatten().collect()
    }
}

/// What crashes, and whether anybody notices.
#[derive(Debug, Clone, PartialEq)]
pub struct Crash(pub CrashOptions);

table! {
    /// `{ what = "app[2]", silent = true }`
    pub struct CrashOptions {
        /// A component, a replica, a host or a region.
        pub what: At<String>,
        /// Whoever asks gets no answer, rather than a refusal at once.
        pub silent: bool = false,
    }
}

table! {
    /// `{ link = "atlantic", share = 0.05 }`
    pub struct Dropped {
        /// The link, in both directions.
        pub link: At<String>,
        /// How many of the messages.
        pub share: At<Ratio>,
    } check check_dropped
}

fn check_dropped(dropped: &Dropped, _: Span, cx: &mut Decoder) {
    above_zero(dropped.share.0, dropped.share.span, "`share`", cx);
}

impl Decode for Crash {
    fn decode(node: &Node, cx: &mut Decoder) -> Option<Crash> {
        match node.value {
            Value::String(_) => At::decode(node, cx).map(|what| Crash(CrashOptions { what, silent: false })),
            _ => CrashOptions::decode(node, cx).map(Crash),
        }
    }

    fn schema(s: &mut SchemaBuilder) -> Json {
        json!({ "oneOf": [String::schema(s), CrashOptions::schema(s)] })
    }

    fn example() -> String {
        String::example()
    }
}
