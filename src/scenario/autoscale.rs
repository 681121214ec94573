//! `autoscale`: how many replicas there are, decided while the scenario runs.

use serde_json::{Value as Json, json};

use super::Distribution;
use super::check::{above_zero, at_most, require};
use super::station::MOST_REPLICAS;
use crate::diagnostic::{Diagnostic, Span};
use crate::syntax::{At, Count, Decode, Decoder, Node, SchemaBuilder, Value, choice, table};
use crate::units::{Duration, Rate, Ratio};

table! {
    /// How many replicas are in service, decided while the scenario runs: from a metric, by a schedule, or both.
    pub struct Autoscale {
        /// What is looked at, per replica in service, on average since the decision before.
        pub metric: Option<At<ScaleMetric>> = None,
        /// What each replica should have of it: `ceil(replicas × metric / target)` are wanted. With `arrival-rate` it may be
        /// left out: 1.
        pub target: Option<At<Level>> = None,
        /// Where metric / target is no farther from 1, nothing changes.
        pub tolerance: Ratio = Ratio(0.1),
        /// Instead of a target: steps, such as `[[0.3, -1], [0.8, 2]]`: one fewer below 0.3, two more from 0.8 on.
        pub step: Option<At<Vec<At<ScaleStep>>>> = None,
        /// How many from which time on: times of day such as `"08:00"`, where time zero is midnight, every day; or durations,
        /// once. With a metric these are the fewest there are.
        pub schedule: Option<At<Vec<At<Switch>>>> = None,
        /// The fewest that a decision leaves.
        pub min: At<Count> = At::new(Count(1)),
        /// The most that a decision asks for. Needed with a metric.
        pub max: Option<At<Count>> = None,
        /// How often it is decided.
        pub every: At<Duration> = At::new(Duration(15.0)),
        /// How long a replica needs to start before it is in service; it costs from the beginning.
        pub boot: Option<At<Distribution>> = None,
        /// How long after a change nothing is taken away; or `{ out, in }`, how long nothing is added, or taken away.
        pub cool_down: CoolDown = CoolDown::default(),
        /// What it is the number of.
        pub of: At<Scaled> = At::new(Scaled::Replicas),
    } check check_autoscale
}

choice! {
    /// What decides how many replicas there should be.
    pub enum ScaleMetric {
        /// The share of the time that the cores of a replica are busy.
        Cpu,
        /// The share of the time that the servers of a replica of a station are busy.
        Utilization,
        /// Requests at a replica, waiting or worked on.
        Concurrency,
        /// Requests that wait at a replica, and a replica's share of the messages in the queues that it consumes.
        QueueLength,
        /// Requests that arrive, as a multiple of what a replica is for.
        ArrivalRate(ReplicaRate),
    }
}

table! {
    /// `{ arrival-rate = { per-replica = "100/s" } }`
    pub struct ReplicaRate {
        /// Requests per unit of time that a replica is for.
        pub per_replica: At<Rate>,
    } check check_replica_rate
}

choice! {
    /// What is scaled.
    #[derive(Copy)]
    pub enum Scaled {
        /// Replicas, each with a queue of its own.
        Replicas,
        /// The servers of a station with one queue.
        Servers,
    }
}

/// A threshold of the metric, and how many more there are to be from there on, or how many fewer below.
pub type ScaleStep = (At<Level>, At<i32>);

/// When a schedule switches, and how many there are from then on.
pub type Switch = (At<Moment>, At<Count>);

/// A value of a metric: a number, or a percentage.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Level(pub f64);

/// A time of day, or a time from the end of warm-up.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Moment {
    /// Seconds since midnight, every day.
    Clock(f64),
    /// Seconds since the end of warm-up, once.
    After(f64),
}

/// How long after a change there is no other.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct CoolDown(pub CoolDowns);

table! {
    /// `{ out = "0s", in = "300s" }`
    #[derive(Copy)]
    pub struct CoolDowns {
        /// After a change nothing is added for so long.
        pub out: Duration = Duration(0.0),
        /// After a change nothing is taken away for so long.
        pub r#in: Duration = Duration(0.0),
    }
}

impl Default for CoolDowns {
    fn default() -> CoolDowns {
        CoolDowns { out: Duration(0.0), r#in: Duration(0.0) }
    }
}

impl Decode for CoolDown {
    fn decode(node: &Node, cx: &mut Decoder) -> Option<CoolDown> {
        if let Value::Table(_) = node.value {
            return CoolDowns::decode(node, cx).map(CoolDown);
        }
        Duration::decode(node, cx).map(|r#in| CoolDown(CoolDowns { r#in, ..CoolDowns::default() }))
    }

    fn schema(s: &mut SchemaBuilder) -> Json {
        json!({ "oneOf": [Duration::schema(s), CoolDowns::schema(s)] })
    }

    fn example() -> String {
        Duration::example()
    }

    fn written(&self) -> Option<Json> {
        Duration::written(&self.0.r#in)
    }
}

impl Decode for Level {
    fn decode(node: &Node, cx: &mut Decoder) -> Option<Level> {
        match &node.value {
            Value::String(_) => Ratio::decode(node, cx).map(|ratio| Level(ratio.0)),
            _ => f64::decode(node, cx).map(Level),
        }
    }

    fn schema(s: &mut SchemaBuilder) -> Json {
        json!({ "oneOf": [f64::schema(s), { "type": "string", "examples": ["60%"] }] })
    }

    fn example() -> String {
        "0.6".to_owned()
    }
}

impl Decode for Moment {
    fn decode(node: &Node, cx: &mut Decoder) -> Option<Moment> {
        match node.as_text().and_then(|text| text.split_once(':')) {
            Some((hours, minutes)) => match clock(hours, minutes) {
                Some(seconds) => Some(Moment::Clock(seconds)),
                None => cx.out_of_range(node, format!("{} is no time of day", node.describe()), "from 00:00 to 23:59"),
            },
            None => Duration::decode(node, cx).map(|after| Moment::After(after.0)),
        }
    }

    fn schema(s: &mut SchemaBuilder) -> Json {
        let clock = json!({ "type": "string", "pattern": "^[0-2]?[0-9]:[0-5][0-9]$", "examples": ["08:00"] });
        json!({ "oneOf": [clock, Duration::schema(s)] })
    }

    fn example() -> String {
        "\"08:00\"".to_owned()
    }
}

/// Seconds since midnight.
fn clock(hours: &str, minutes: &str) -> Option<f64> {
    let digits = |text: &str| (1..=2).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    let number = |text: &str| text.parse::<u32>().ok().filter(|_| digits(text));
    let (hours, minutes) = (number(hours)?, number(minutes).filter(|_| minutes.len() == 2)?);
    (hours < 24 && minutes < 60).then(|| f64::from(3600 * hours + 60 * minutes))
}

impl Moment {
    /// Seconds, since midnight or since the end of warm-up.
    pub fn seconds(self) -> f64 {
        match self {
            Moment::Clock(seconds) | Moment::After(seconds) => seconds,
        }
    }

    /// Whether it comes every day.
    pub fn is_daily(self) -> bool {
        matches!(self, Moment::Clock(_))
    }
}

fn check_replica_rate(rate: &ReplicaRate, _: Span, cx: &mut Decoder) {
    above_zero(rate.per_replica.0, rate.per_replica.span, "the rate", cx);
}

fn check_autoscale(scale: &Autoscale, span: Span, cx: &mut Decoder) {
    above_zero(scale.every.0, scale.every.span, "`every`", cx);
    if !cx.is_partial() {
        check_ways(scale, span, cx);
    }
    if let Some(target) = &scale.target {
        above_zero(target.value.0, target.span, "`target`", cx);
    }
    if let Some(max) = scale.max {
        at_most(max.0, MOST_REPLICAS, max.span, "replicas", cx);
        require(scale.min.0 <= max.0, max.span, "`max` is less than `min`", "must be at least as many", cx);
    }
    scale.step.iter().for_each(|steps| check_steps(steps, cx));
    scale.schedule.iter().for_each(|schedule| check_schedule(scale, schedule, cx));
}

/// A metric has a target or steps, and a most; without a metric there is a schedule.
fn check_ways(scale: &Autoscale, span: Span, cx: &mut Decoder) {
    let Some(metric) = &scale.metric else {
        let lone = scale.target.map(|target| target.span).or(scale.step.as_ref().map(|step| step.span));
        match lone {
            Some(lone) => require(false, lone, "there is no metric that this could be about", "needs `metric`", cx),
            None => {
                let label = "needs a `metric` or a `schedule`";
                require(scale.schedule.is_some(), span, "nothing decides how many there are", label, cx);
            }
        }
        return;
    };
    require(scale.max.is_some(), metric.span, "this metric could ask for any number", "needs `max`", cx);
    match (&scale.target, &scale.step) {
        (Some(target), Some(step)) => {
            let found = Diagnostic::error(step.span, "a metric has a target or steps, not both");
            cx.push(found.note(target.span, "the target").help("leave one of them out"));
        }
        (None, None) => {
            let known = matches!(metric.value, ScaleMetric::ArrivalRate(_));
            require(known, metric.span, "this metric has nothing to be compared with", "needs `target` or `step`", cx);
        }
        _ => {}
    }
}

fn check_steps(steps: &[At<ScaleStep>], cx: &mut Decoder) {
    let zero = steps.iter().find(|step| step.value.1.value == 0);
    if let Some(zero) = zero {
        require(false, zero.value.1.span, "a step that changes nothing", "must not be zero", cx);
    }
    let back = steps.iter().filter(|step| step.value.1.value < 0);
    let highest = back.max_by(|a, b| a.value.0.value.0.total_cmp(&b.value.0.value.0));
    let clash = steps
        .iter()
        .find(|step| step.value.1.value > 0 && highest.is_some_and(|back| step.value.0.value.0 < back.value.0.value.0));
    if let (Some(clash), Some(back)) = (clash, highest) {
        let found = Diagnostic::error(clash.span, "a value could ask for more and for fewer");
        cx.push(found.label("adds from here on").note(back.span, "takes away up to here"));
    }
}

fn check_schedule(scale: &Autoscale, schedule: &At<Vec<At<Switch>>>, cx: &mut Decoder) {
    require(!schedule.is_empty() || cx.is_partial(), schedule.span, "an empty schedule", "needs an entry", cx);
    for pair in schedule.windows(2) {
        let ((first, _), (second, _)) = (&pair[0].value, &pair[1].value);
        if first.is_daily() != second.is_daily() {
            let found = Diagnostic::error(second.span, "times of day and durations in one schedule");
            cx.push(found.note(first.span, "the other kind").help("use one kind for all"));
        } else if first.seconds() >= second.seconds() {
            let found = Diagnostic::error(second.span, "the times of a schedule must increase");
            cx.push(found.label("not after the one before").note(first.span, "the one before"));
        }
    }
    for entry in schedule.iter() {
        let number = entry.value.1;
        at_most(number.0, MOST_REPLICAS, number.span, "replicas", cx);
        let most = scale.max.map_or(u32::MAX, |max| max.0);
        let label = "must be from `min` to `max`";
        require((scale.min.0..=most).contains(&number.0), number.span, "a number that is not allowed", label, cx);
    }
}

#[cfg(test)]
mod tests {
    use super::clock;

    #[test]
    fn times_of_day() {
        assert_eq!(clock("08", "30"), Some(30_600.0));
        assert_eq!(clock("8", "00"), Some(28_800.0));
        for (hours, minutes) in [("24", "00"), ("8", "60"), ("8", "0"), ("+8", "00"), ("", "00"), ("8", "")] {
            assert_eq!(clock(hours, minutes), None, "{hours}:{minutes}");
        }
    }
}
