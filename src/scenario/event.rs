//! `[[event]]`: what happens at an instant, and what is over later.

use serde_json::{Value as Json, json};

use super::Changes;
use super::check::{above_zero, require};
use crate::diagnostic::{Diagnostic, Span};
use crate::syntax::{At, Count, Decode, Decoder, Named, Node, SchemaBuilder, Value, table};
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
        /// How many replicas of a service or station are in service from then on: `{ app = 8 }`.
        pub scale: Option<At<Named<At<Count>>>> = None,
        /// What works more slowly: `{ what = "app[2]", factor = 10 }`.
        pub slow: Option<At<Slow>> = None,
        /// Replicas that are replaced by turns: `{ what = "app", at-a-time = 1, drain = "10s", down = "20s" }`.
        pub rolling: Option<At<Rolling>> = None,
        /// Values that change, by their dotted paths as with `--set`: `{ "workload.shoppers.arrivals.poisson" = "4000/s" }`.
        pub set: Option<At<Changes>> = None,
        /// Groups of regions that do not hear each other: `[["eu"], ["us"]]`. A region in none of them hears all.
        pub partition: Option<At<Vec<Vec<At<String>>>>> = None,
        /// The share of messages over a link that is lost, and nobody is told: `{ link = "atlantic", share = 0.05 }`.
        pub drop: Option<At<Dropped>> = None,
    }
    check check_event
}

fn check_event(event: &Event, span: Span, cx: &mut Decoder) {
    if let Some(length) = event.r#for {
        above_zero(length.0, length.span, "`for`", cx);
    }
    if let (Some(length), Some(_)) = (event.r#for, &event.rolling) {
        require(false, length.span, "a deployment lasts until all replicas are back", "leave `for` out", cx);
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
            self.scale.as_ref().map(|scale| scale.span),
            self.slow.as_ref().map(|slow| slow.span),
            self.set.as_ref().map(|set| set.span),
            self.rolling.as_ref().map(|rolling| rolling.span),
            self.partition.as_ref().map(|groups| groups.span),
            self.drop.as_ref().map(|dropped| dropped.span),
        ];
        actions.into_iter().flatten().collect()
    }
}

impl Event {
    /// What happens, in a few words.
    pub fn what(&self) -> Option<String> {
        let scale = self.scale.as_ref().map(|scale| {
            let each = scale.value.iter().map(|(name, entry)| format!("{name} to {}", entry.value.value.0));
            format!("scaling of {}", each.collect::<Vec<_>>().join(", "))
        });
        self.trouble().or(scale)
    }

    /// What it is called where the system has to come back from it; none for one that does no harm.
    pub fn trouble(&self) -> Option<String> {
        let crash = self.crash.as_ref().map(|crash| format!("crash of {}", crash.value.0.what.value));
        let pause = self.pause.as_ref().map(|what| format!("pause of {}", what.value));
        let slow = self.slow.as_ref().map(|slow| format!("slowness of {}", slow.value.what.value));
        let rolling = self.rolling.as_ref().map(|rolling| format!("deployment of {}", rolling.value.what.value));
        let drop = self.drop.as_ref().map(|dropped| format!("losses on {}", dropped.value.link.value));
        let partition = self.partition.as_ref().map(|_| "partition".to_string());
        let set = self.set.as_ref().map(|_| "other settings".to_string());
        crash.or(pause).or(slow).or(rolling).or(drop).or(partition).or(set)
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
    /// `{ what = "app[2].cpu", factor = 10 }`
    pub struct Slow {
        /// A component, a replica, one of their parts, a host or a region.
        pub what: At<String>,
        /// How many times as long everything takes there; less than 1 is faster.
        pub factor: At<f64>,
    } check check_slow
}

fn check_slow(slow: &Slow, _: Span, cx: &mut Decoder) {
    let factor = slow.factor;
    above_zero(factor.value, factor.span, "`factor`", cx);
    require(factor.value.is_finite(), factor.span, "this would stop it", "use `pause`", cx);
}

table! {
    /// `{ what = "app", at-a-time = 1, drain = "10s", down = "20s", cold = { for = "30s", factor = 3 } }`
    pub struct Rolling {
        /// The component whose replicas are replaced.
        pub what: At<String>,
        /// How many at a time.
        pub at_a_time: Count = Count(1),
        /// For so long balancers do not choose a replica any more, before it goes down with what it has not finished.
        pub drain: Option<At<Duration>> = None,
        /// How long each is down.
        pub down: At<Duration>,
        /// A replica that is back is slow at first.
        pub cold: Option<Cold> = None,
    }
}

table! {
    /// `{ for = "30s", factor = 3 }`
    #[derive(Copy)]
    pub struct Cold {
        /// How long.
        pub r#for: At<Duration>,
        /// How many times as long everything takes.
        pub factor: At<f64>,
    } check check_cold
}

fn check_cold(cold: &Cold, _: Span, cx: &mut Decoder) {
    above_zero(cold.factor.value, cold.factor.span, "`factor`", cx);
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
