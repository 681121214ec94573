//! Whether a system comes back after something has disturbed it.
//!
//! A system is metastable when it stays overloaded though what overloaded it is over (Bronson, Aghayev, Charapko
//! and Zhu, *Metastable Failures in Distributed Systems*, HotOS 2021). Goodput is what shows it: the rate of
//! requests that are answered, in proportion to those that are asked.

use super::estimate::mean;
use super::results::Recovery;
use super::series::WindowNumbers;
use crate::model::{Model, SourceSpec, Trigger};
use crate::units::round_to_digits;

/// The share of what it was before that goodput has to reach.
const ENOUGH: f64 = 0.95;
/// Standard deviations of the windows before that count as chance: among a thousand normal windows not one in
/// thirty runs has one beyond.
const CHANCE: f64 = 4.0;

/// Requests in a window, on average, below which windows are taken together: fewer are mostly chance.
const REQUESTS: f64 = 30.0;

/// How one workload fared in one replication; rates per second.
pub(super) struct Course {
    before: f64,
    during: f64,
    after: f64,
    back: Back,
}

/// Whether goodput came back.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Back {
    /// It cannot be told: nothing came before or after.
    Unknown,
    Never,
    /// So many ticks after the end of the trigger.
    After(u64),
}

/// A window of one workload: when, what was asked for and what was answered.
#[derive(Debug, Clone, Copy)]
struct Span {
    from: u64,
    to: u64,
    demand: f64,
    goodput: f64,
}

/// By trigger and workload, how one replication went.
pub(super) fn courses(model: &Model, windows: &[WindowNumbers]) -> Vec<Course> {
    let mut courses = Vec::new();
    for trigger in &model.triggers {
        for workload in 0..model.workloads.len() {
            courses.push(course(&model.triggers, trigger, &spans(model, windows, workload), model.ticks_per_second));
        }
    }
    courses
}

/// Windows of one length; users ask for as much as they are given, so what they ask for is constant.
fn spans(model: &Model, windows: &[WindowNumbers], workload: usize) -> Vec<Span> {
    let is_closed = matches!(model.workloads[workload].source, SourceSpec::Users { .. });
    let span = |window: &WindowNumbers| {
        let numbers = &window.workloads[workload];
        let demand = if is_closed { 1.0 } else { numbers.offered };
        Span { from: window.from, to: window.to, demand, goodput: numbers.throughput }
    };
    let length = windows.first().map_or(0, |window| window.to - window.from);
    windows.iter().filter(|window| window.to - window.from == length).map(span).collect()
}

fn course(all: &[Trigger], trigger: &Trigger, spans: &[Span], ticks_per_second: f64) -> Course {
    let first = all.iter().map(|other| other.from).min().unwrap_or(0);
    let until = trigger.until.unwrap_or(u64::MAX);
    let next = all.iter().map(|other| other.from).filter(|&from| from >= until).min().unwrap_or(u64::MAX);
    let part = |chosen: &dyn Fn(&Span) -> bool| spans.iter().copied().filter(|span| chosen(span)).collect::<Vec<_>>();
    let before = part(&|span| span.to <= first);
    let during = part(&|span| span.from < until && span.to > trigger.from);
    let after = part(&|span| span.from >= until && span.to <= next);
    let length = spans.first().map_or(0.0, |span| (span.to - span.from) as f64 / ticks_per_second);
    let several = libm::ceil(REQUESTS / (goodput(&before) * length));
    let several = if several.is_finite() { several.max(1.0) as usize } else { 1 };
    Course {
        before: goodput(&before),
        during: goodput(&during),
        after: goodput(&after),
        back: back(&merged(&before, several), &merged(&after, several), until, 1.0 / (length * several as f64)),
    }
}

/// So many windows in a row as one; what is left at the end is left out.
fn merged(spans: &[Span], several: usize) -> Vec<Span> {
    let mean = |chunk: &[Span], value: fn(&Span) -> f64| chunk.iter().map(value).sum::<f64>() / chunk.len() as f64;
    let merge = |chunk: &[Span]| Span {
        from: chunk[0].from,
        to: chunk[chunk.len() - 1].to,
        demand: mean(chunk, |span| span.demand),
        goodput: mean(chunk, |span| span.goodput),
    };
    spans.chunks_exact(several).map(merge).collect()
}

fn goodput(spans: &[Span]) -> f64 {
    spans.iter().map(|span| span.goodput).sum::<f64>() / spans.len() as f64
}

/// When goodput is back for good: no window from there on falls short, but for chance, and all of them together
/// do not. `one` is what a single request in a window is per second: the least that is chance.
fn back(before: &[Span], after: &[Span], until: u64, one: f64) -> Back {
    let demand: f64 = before.iter().map(|span| span.demand).sum();
    let share = before.iter().map(|span| span.goodput).sum::<f64>() / demand;
    if after.is_empty() || share.is_nan() || share <= 0.0 {
        return Back::Unknown;
    }
    let short = |span: &Span| ENOUGH * share * span.demand - span.goodput;
    let chance = f64::max(CHANCE * deviation(before, share), one);
    let bad = after.iter().rposition(|span| short(span) > chance);
    let rest = &after[bad.map_or(0, |bad| bad + 1)..];
    match rest.first() {
        Some(first) if rest.iter().map(short).sum::<f64>() <= 0.0 => Back::After(match bad {
            Some(_) => first.from - until,
            None => 0,
        }),
        _ => Back::Never,
    }
}

/// How far goodput is usually from its share of what is asked for: the root of the mean square.
fn deviation(before: &[Span], share: f64) -> f64 {
    let squares: f64 = before.iter().map(|span| square(span.goodput - share * span.demand)).sum();
    libm::sqrt(squares / before.len() as f64)
}

fn square(x: f64) -> f64 {
    x * x
}

/// By trigger and workload, all replications together.
pub(super) fn results<'a>(model: &Model, own: impl Iterator<Item = &'a Vec<Course>> + Clone) -> Vec<Recovery> {
    if model.monitor.recovery.is_none() {
        return Vec::new();
    }
    let mut results = Vec::new();
    for trigger in &model.triggers {
        for workload in &model.workloads {
            let index = results.len();
            let own = own.clone().map(move |courses| &courses[index]);
            results.push(result(model, trigger, workload.name.clone(), own));
        }
    }
    results
}

fn result<'a>(
    model: &Model,
    trigger: &Trigger,
    workload: String,
    own: impl Iterator<Item = &'a Course> + Clone,
) -> Recovery {
    let estimate = |value: fn(&Course) -> f64| mean(own.clone().map(value));
    let times = own.clone().filter_map(|course| match course.back {
        Back::After(ticks) => Some(model.seconds(ticks as f64)),
        _ => None,
    });
    let known = own.clone().filter(|course| course.back != Back::Unknown).count();
    let share = (known > 0).then(|| times.clone().count() as f64 / known as f64);
    let time = mean(times);
    Recovery {
        trigger: trigger.name.clone(),
        from_s: model.seconds(trigger.from as f64),
        until_s: trigger.until.map(|until| model.seconds(until as f64)),
        workload,
        before: estimate(|course| course.before),
        during: estimate(|course| course.during),
        after: estimate(|course| course.after),
        recovered: share.and_then(recovered),
        share,
        verdict: verdict(model, trigger, share, time.value),
        time_to_recover_s: time,
    }
}

/// Whether a workload comes back, of which so large a share of replications did: none where it depends on chance.
fn recovered(share: f64) -> Option<bool> {
    match share {
        1.0 => Some(true),
        share if share > 0.5 => None,
        _ => Some(false),
    }
}

fn verdict(model: &Model, trigger: &Trigger, share: Option<f64>, time: Option<f64>) -> String {
    let percent = |share: f64| format!("in {} % of replications", round_to_digits(share * 100.0, 3));
    let Some(until) = trigger.until else { return "the trigger does not end".into() };
    let seconds = |ticks: u64| round_to_digits(model.seconds(ticks as f64), 3);
    match (share, time) {
        (None, _) => "there is nothing to compare with: nothing was answered before, or nothing comes after".into(),
        (Some(share), Some(time)) if share > 0.5 => {
            let when = if time > 0.0 { format!("{} s after", round_to_digits(time, 3)) } else { "when".into() };
            let some = format!(" {}, and did not in the others", percent(share));
            format!("recovered {when} the trigger ended{}", if share < 1.0 { &some } else { "" })
        }
        (Some(share), _) => {
            let after = end(model, until) - until;
            let what = match after >= LONG_ENOUGH * (until - trigger.from) {
                true => "metastable: overloaded",
                false => "not yet recovered",
            };
            let some = format!(", {}", percent(1.0 - share));
            format!("{what} {} s after the trigger ended{}", seconds(after), if share > 0.0 { &some } else { "" })
        }
    }
}

/// A backlog may take some times as long to go as it took to come: what has not come back after so many times the length
/// of the trigger is called metastable, and nothing before.
const LONG_ENOUGH: u64 = 5;

/// Until when one can look for an end of the trouble: the next trigger, or the end of the run.
fn end(model: &Model, until: u64) -> u64 {
    let next = model.triggers.iter().map(|other| other.from).filter(|&from| from >= until);
    let window = match model.horizon {
        crate::model::Horizon::Ticks(window) => window,
        crate::model::Horizon::UntilEmpty => until,
    };
    next.fold(window, u64::min).max(until)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spans(goodputs: &[f64]) -> Vec<Span> {
        let span = |(at, &goodput): (u64, &f64)| Span { from: at, to: at + 1, demand: 10.0, goodput };
        (0..).zip(goodputs).map(span).collect()
    }

    fn trigger(from: u64, until: Option<u64>) -> Trigger {
        Trigger { name: "a stop".into(), from, until }
    }

    #[test]
    fn it_comes_back_if_it_always_does() {
        assert_eq!([1.0, 0.6, 0.5, 0.0].map(recovered), [Some(true), None, Some(false), Some(false)]);
    }

    #[test]
    fn it_is_back_after_the_last_window_that_falls_short() {
        let stop = trigger(2, Some(4));
        let back = |goodputs: &[f64]| course(std::slice::from_ref(&stop), &stop, &spans(goodputs), 0.1).back;
        assert_eq!(back(&[9.0, 9.0, 0.0, 0.0, 0.0, 4.0, 9.0, 9.0]), Back::After(2));
        assert_eq!(back(&[9.0, 9.0, 0.0, 0.0, 9.0, 9.0]), Back::After(0));
        assert_eq!(back(&[9.0, 9.0, 0.0, 0.0, 0.0, 9.0, 4.0]), Back::Never);
        assert_eq!(back(&[9.0, 9.0, 0.0, 0.0]), Back::Unknown);
        assert_eq!(back(&[0.0, 0.0, 0.0, 0.0, 9.0]), Back::Unknown);
    }

    #[test]
    fn many_windows_that_fall_a_little_short_are_no_chance() {
        let stop = trigger(4, Some(5));
        let back = |after: f64| {
            course(std::slice::from_ref(&stop), &stop, &spans(&[8.0, 10.0, 8.0, 10.0, 0.0, after, after]), 0.1).back
        };
        assert_eq!(back(8.6), Back::After(0));
        assert_eq!(back(8.0), Back::Never);
    }

    #[test]
    fn a_trigger_is_judged_up_to_the_next() {
        let stops = [trigger(1, Some(2)), trigger(4, Some(5))];
        let spans = spans(&[10.0, 0.0, 5.0, 10.0, 0.0, 0.0, 0.0]);
        let first = course(&stops, &stops[0], &spans, 0.1);
        assert_eq!((first.back, first.before, first.during, first.after), (Back::After(1), 10.0, 0.0, 7.5));
        assert_eq!(course(&stops, &stops[1], &spans, 0.1).back, Back::Never);
    }
}
