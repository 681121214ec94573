//! `memory-hierarchy` of a machine, and the step that looks things up in it.

use std::collections::BTreeMap;

use super::check::{above_zero, require};
use crate::diagnostic::{Diagnostic, Span};
use crate::syntax::{At, Count, Decoder, table};
use crate::units::{Bandwidth, Bytes, Duration, Ratio};

table! {
    /// A level of memory. One without a bandwidth takes its latency, however many look. One with a bandwidth is
    /// a queue: each of its channels transfers one thing at a time, for size / bandwidth, and then the rest of
    /// the latency passes, so that 64 bytes that do not wait take exactly the latency.
    pub struct MemoryLevel {
        /// Its name: `l1` of `app` is reported as `app.memory.l1`.
        pub name: At<String>,
        /// How much is in it; with `working-set`.
        pub size: Option<At<Bytes>> = None,
        /// How long a look takes, whether it finds something or not.
        pub latency: At<Duration>,
        /// How fast each channel transfers. Default: at once.
        pub bandwidth: Option<At<Bandwidth>> = None,
        /// Channels that transfer at once. Default: 1.
        pub channels: Option<At<Count>> = None,
        /// Share of the looks that do not find it here and go on to the next level. Default: what sizes imply.
        pub miss: Option<At<Ratio>> = None,
    } check check_level
}

table! {
    /// `memory = { bytes = "64B" }`: looks through the machine's memory, level by level.
    pub struct MemoryStep {
        /// How much each access is about.
        pub bytes: At<Bytes>,
        /// How many accesses, each of which waits for the one before.
        pub accesses: Count = Count(1),
        /// What is accessed, uniformly at random. A level finds its size's share of it, if it does not say `miss`.
        /// Default: as little as fits into the first level.
        pub working_set: Option<At<Bytes>> = None,
    } check check_step
}

fn check_step(step: &MemoryStep, _: Span, cx: &mut Decoder) {
    above_zero(step.bytes.value.0, step.bytes.span, "`bytes`", cx);
    if let Some(working_set) = step.working_set {
        above_zero(working_set.value.0, working_set.span, "`working-set`", cx);
    }
}

fn check_level(level: &MemoryLevel, _: Span, cx: &mut Decoder) {
    let fits = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
    let name = &level.name;
    let is_name = !name.is_empty() && name.chars().all(fits);
    let message = format!("`{}` is not a name", name.value);
    require(is_name, name.span, &message, "a name has letters, digits, `-` and `_`", cx);
    if let Some(bandwidth) = level.bandwidth {
        above_zero(bandwidth.value.0, bandwidth.span, "`bandwidth`", cx);
    }
    if let (Some(channels), None) = (level.channels, level.bandwidth) {
        let found = Diagnostic::error(channels.span, "channels without a bandwidth transfer nothing");
        cx.push(found.help("add `bandwidth = \"25GB/s\"`, that of each channel"));
    }
}

/// Checks what the levels are together.
pub(super) fn check_hierarchy(levels: &At<Vec<MemoryLevel>>, cx: &mut Decoder) {
    let is_there = !levels.is_empty() || cx.has_problem_in(levels.span);
    require(is_there, levels.span, "a memory without levels", "needs at least one level", cx);
    let mut names: BTreeMap<&str, Span> = BTreeMap::new();
    for level in &levels.value {
        if let Some(first) = names.insert(&level.name.value, level.name.span) {
            let found = Diagnostic::error(level.name.span, format!("two levels are named `{}`", level.name.value));
            cx.push(found.note(first, "the other one").help("rename one of them"));
        }
    }
    if let Some(miss) = levels.last().and_then(|last| last.miss) {
        let found = Diagnostic::error(miss.span, "the last level always hits");
        cx.push(found.help("leave `miss` out, or add the level that it goes on to"));
    }
}
