//! The program of a model as text: what requests run.

use serde::Serialize;

use crate::model::Model;
use crate::model::program::{Op, Place};

/// One routine, op by op.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Listing {
    /// What it is: `app.browse`, `workload shoppers`.
    pub name: String,
    /// Where it begins.
    pub entry: u32,
    /// Its ops, in order.
    pub ops: Vec<String>,
}

/// All routines, in order of their entry.
pub(super) fn listing(model: &Model) -> Vec<Listing> {
    let one = |routine: &crate::model::program::Routine| Listing {
        name: routine.name.clone(),
        entry: routine.entry,
        ops: model.program[routine.entry as usize..routine.end as usize].iter().map(|&op| say(model, op)).collect(),
    };
    let mut routines: Vec<Listing> = model.routines.iter().map(one).collect();
    routines.sort_by_key(|routine| routine.entry);
    routines
}

/// An op with the names of what it refers to.
fn say(model: &Model, op: Op) -> String {
    let routine = |index: u32| model.routines[index as usize].name.clone();
    match op {
        Op::Visit { place, law, .. } => format!("visit {} for {}", at(model, place), time(model, law)),
        Op::Share { place, share } => {
            let share = model.shares[share as usize].share;
            format!("visit {} for {:.4} of what was drawn", at(model, place), share)
        }
        Op::Draw { law, .. } => format!("draw {}", time(model, law)),
        Op::Wait { law, .. } => format!("wait {}", time(model, law)),
        Op::Delay { lane } => format!("wait {}", seconds(model, model.lanes[lane as usize] as f64)),
        Op::Rest { law, .. } => format!("rest {}", time(model, law)),
        Op::WaitBusy { place, law } => format!("wait {} of busy time of {}", time(model, law), at(model, place)),
        Op::Acquire { place } => format!("acquire {}", at(model, place)),
        Op::Enter { site } => format!("call {}", targets(model, site)),
        Op::EnterHome { site } => format!("call the workload's own of {}", targets(model, site)),
        Op::EnterPrimary { site, .. } => format!("call the primary of {}", targets(model, site)),
        Op::Pick { site } => format!("pick one of {} stations", choices(model, site)),
        Op::Look { site, contents, .. } => format!("look into {} by {}", cache(model, contents), targets(model, site)),
        Op::Probe { contents, hit, .. } => format!("look into {}, on a hit to {hit}", cache(model, contents)),
        Op::Fill { contents, .. } => format!("put into {}", cache(model, contents)),
        Op::Drop { contents } => format!("take out of {}", cache(model, contents)),
        Op::Launder { contents, clean } => {
            format!("write back from {}, if it is clean to {clean}", cache(model, contents))
        }
        Op::Jump { to } => format!("jump to {to}"),
        Op::Branch { choice, .. } => branch(model, choice),
        Op::Loop { times } => format!("loop {times} times"),
        Op::Next { back } => format!("end of the loop from {back}"),
        Op::Fork { fork } => {
            let spec = &model.forks[fork as usize];
            let arms: Vec<String> = spec.arms.iter().map(|&arm| routine(arm)).collect();
            format!("at once, until {} of {} are done: {}", spec.need, arms.len(), arms.join(", "))
        }
        Op::FanOut { fan } => {
            let fan = &model.fans[fan as usize];
            let until = fan.fork.map(|fork| format!(", until {} answer", model.forks[fork as usize].need));
            format!("call {} times at once {}{}", fan.arms, targets(model, fan.site), until.unwrap_or_default())
        }
        Op::Spawn { routine: index } => format!("start {}", routine(index)),
        Op::Try { retry } => match model.retries[retry as usize].attempts {
            Some(most) => format!("try, at most {most} times"),
            None => "try until it succeeds".into(),
        },
        Op::Deadline { deadline } | Op::Limit { deadline } => {
            let lane = model.deadlines[deadline as usize].lane;
            format!("within {}", seconds(model, model.lanes[lane as usize] as f64))
        }
        Op::Fail { chance, .. } => format!("fail with probability {}", model.chances[chance as usize]),
        Op::Admit { gate } => format!("ask to be let in by {}", model.gates[gate as usize].name),
        Op::Begin { counter } => format!("begin an attempt at {}", model.counters[counter as usize].name),
        Op::Commit { counter, back, .. } => {
            format!("commit to {}, on a conflict to {back}", model.counters[counter as usize].name)
        }
        Op::Rescue { to, .. } => format!("on failure to {to}"),
        Op::Message { act, index } => message(model, act, index),
        Op::Protect { act, .. } => format!("protect: {}", words(&format!("{act:?}"))),
        Op::Write { store } | Op::CommitWrite { store } | Op::Read { store } | Op::ReadProbe { store, .. } => {
            let name = words(&format!("{op:?}"));
            format!("{} of {}", name.split(" {").next().unwrap_or("version"), model.stores[store as usize].name)
        }
        other => words(&format!("{other:?}")),
    }
}

/// `CommitWrite { store: 1 }` as `commit write { store: 1 }`: ops that refer to nothing with a name.
fn words(debug: &str) -> String {
    let mut text = String::new();
    for (index, c) in debug.char_indices() {
        if c.is_uppercase() && index > 0 && !text.ends_with([' ', '(']) {
            text.push(' ');
        }
        text.extend(c.to_lowercase());
    }
    text
}

fn message(model: &Model, act: crate::model::program::Act, index: u32) -> String {
    use crate::model::program::Act;
    let (topics, queues) = (&model.messages.topics, &model.messages.queues);
    let name = match act {
        Act::Publish | Act::Reach | Act::Poll | Act::Relay => topics.get(index as usize).map(|topic| &topic.name),
        Act::Return | Act::Processed | Act::Serve => queues.get(index as usize).map(|queue| &queue.name),
        Act::Gather | Act::Close | Act::Disband | Act::Spoil => None,
    };
    let act = words(&format!("{act:?}"));
    name.map_or_else(|| act.clone(), |name| format!("{act} {name}"))
}

fn branch(model: &Model, choice: u32) -> String {
    let choice = &model.choices[choice as usize];
    let mut below = 0.0;
    let ways = choice.cumulative.iter().zip(&choice.targets).map(|(&sum, target)| {
        let share = sum - below;
        below = sum;
        format!("{:.4} to {target}", share)
    });
    format!("choose {}", ways.collect::<Vec<_>>().join(", "))
}

fn at(model: &Model, place: Place) -> String {
    let group = &model.groups[model.group_of(place)];
    if group.count > 1 && place.station(0) == place.station(1) {
        return group.replica_name(place.station(0) - group.first);
    }
    group.name()
}

fn cache(model: &Model, contents: u32) -> String {
    let index = model.contents[contents as usize].cache;
    model.caches.get(index as usize).cloned().unwrap_or_else(|| "memory".into())
}

fn targets(model: &Model, site: u32) -> String {
    let site = &model.sites[site as usize];
    let names: Vec<&str> =
        site.routines.iter().map(|&routine| model.routines[routine as usize].name.as_str()).collect();
    let count = site.balancer.map_or(1, |balancer| model.balancers[balancer as usize].targets.len());
    let among = if count > 1 { format!(" (one of {count})") } else { String::new() };
    format!("{}{among}", names.join(" or "))
}

fn choices(model: &Model, site: u32) -> usize {
    let site = &model.sites[site as usize];
    let all = site.balancer.map_or(1, |balancer| model.balancers[balancer as usize].targets.len());
    site.slice.map_or(all, |slice| slice as usize)
}

/// The family of a law and its mean.
fn time(model: &Model, law: u32) -> String {
    let law = &model.laws[law as usize];
    let family = format!("{law:?}");
    let family = family.split(['(', ' ']).next().unwrap_or_default().to_lowercase();
    format!("{family} {}", seconds(model, law.mean()))
}

/// A time with a unit that fits; four digits.
fn seconds(model: &Model, ticks: f64) -> String {
    let seconds = model.seconds(ticks);
    let units = [(1.0, "s"), (1e-3, "ms"), (1e-6, "us"), (1e-9, "ns")];
    let (size, unit) = units.into_iter().find(|(size, _)| seconds >= *size).unwrap_or((1e-9, "ns"));
    let digits = format!("{:.3}", seconds / size);
    let digits = digits.trim_end_matches('0').trim_end_matches('.');
    format!("{digits} {unit}")
}
