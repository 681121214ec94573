//! How often each op of a routine is run, along all the ways through it.

use crate::model::Model;
use crate::model::program::{Act, Op, Shield};

const MOST_PASSES: u32 = 100_000;

/// A pass over a routine that changes nothing more than this is the last.
const TOLERANCE: f64 = 1e-13;

/// How often each op of a routine is run per call: forward in one pass, and again while what
/// comes back from later ops still changes.
pub(super) fn frequencies(model: &Model, entry: usize, end: usize) -> Vec<f64> {
    let mut frequency = vec![0.0; end - entry];
    let backward = backward_edges(model, entry, end);
    for _ in 0..MOST_PASSES {
        let mut inflow = vec![0.0; end - entry];
        inflow.iter_mut().take(1).for_each(|first| *first = 1.0);
        backward.iter().for_each(|&(from, to, share)| inflow[to] += frequency[from] * share);
        let mut change = 0.0f64;
        for pc in entry..end {
            let now = inflow[pc - entry];
            change = change.max((now - frequency[pc - entry]).abs() / (1.0 + now));
            frequency[pc - entry] = now;
            forward(model, pc, |to, share| {
                if to > pc && to < end {
                    inflow[to - entry] += now * share;
                }
            });
        }
        if change < TOLERANCE {
            break;
        }
    }
    frequency
}

/// Jumps to earlier ops: from, to, with what probability.
fn backward_edges(model: &Model, entry: usize, end: usize) -> Vec<(usize, usize, f64)> {
    let mut edges = Vec::new();
    for pc in entry..end {
        forward(model, pc, |to, share| {
            if to <= pc && to >= entry {
                edges.push((pc - entry, to - entry, share));
            }
        });
    }
    edges
}

/// Where an op leads, and with what weight: a loop weighs its body by its passes.
fn forward(model: &Model, pc: usize, mut to: impl FnMut(usize, f64)) {
    match model.program[pc] {
        Op::Jump { to: target } => to(target as usize, 1.0),
        Op::Branch { choice, .. } => {
            let choice = &model.choices[choice as usize];
            let mut below = 0.0;
            for (&sum, &target) in choice.cumulative.iter().zip(&choice.targets) {
                to(target as usize, sum - below);
                below = sum;
            }
        }
        Op::Loop { times } => to(pc + 1, f64::from(times)),
        Op::Next { back } => to(pc + 1, 1.0 / passes(model.program[back as usize - 1])),
        // Nothing is sent to the copy that was written.
        Op::Ship { copies } if model.stores[model.copies[copies as usize].store as usize].independent => {
            to(pc + 1, 1.0 - 1.0 / f64::from(model.copies[copies as usize].width));
        }
        // Nothing is expected to fail.
        Op::Rescue { to: instead, .. } => {
            to(instead as usize, 0.0);
            to(pc + 1, 1.0);
        }
        Op::Protect { act: Shield::JoinFirst | Shield::JoinCopy | Shield::Expire, .. } => {}
        Op::Fail { chance, .. } => to(pc + 1, 1.0 - model.chances[chance as usize]),
        Op::Probe { contents, hit, again } => {
            let found = if again { 0.0 } else { model.contents[contents as usize].expected };
            to(hit as usize, found);
            to(pc + 1, 1.0 - found);
        }
        Op::Look { contents, again, .. } => {
            let found = if again { 0.0 } else { model.contents[contents as usize].expected };
            to(pc + 1, 1.0 - found);
            to(pc + 2, found);
        }
        Op::Launder { clean, .. } => {
            to(clean as usize, 0.0);
            to(pc + 1, 1.0);
        }
        Op::Return
        | Op::Skip
        | Op::Join
        | Op::Answer
        | Op::Vanish
        | Op::Shed
        | Op::Refuse { .. }
        | Op::Message { act: Act::Spoil, .. } => {}
        // What happens to servers happens for ever; no request comes by.
        Op::GiveBack { .. } | Op::Signal { .. } => {}
        _ => to(pc + 1, 1.0),
    }
}

fn passes(op: Op) -> f64 {
    match op {
        Op::Loop { times } => f64::from(times),
        _ => 1.0,
    }
}
