//! The first visit of a request: read off the program, by following it from its entry to where it
//! can be made to wait.

use crate::model::Model;
use crate::model::program::{Choice, Op, Pc, Place, Site};

/// A visit before which nobody is made to wait.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Head {
    /// Where.
    pub(super) group: usize,
    /// Law of the service time.
    pub(super) law: u32,
    /// The share of requests that come this way.
    pub(super) chance: f64,
    /// Nothing is drawn on the way: requests come as they are issued, or all later by the same time.
    pub(super) as_issued: bool,
    /// No time passes on the way.
    pub(super) at_once: bool,
    /// After the visit there is nothing but the answer.
    pub(super) last: bool,
}

/// Enough for any sensible scenario; branches could multiply without end.
const MOST_STEPS: u32 = 10_000;

/// The heads of a routine; none at all if it is too long to follow.
pub(super) fn heads(model: &Model, routine: u32) -> Vec<Head> {
    let pc = model.routines[routine as usize].entry;
    let mut walk = Walk { model, heads: Vec::new(), steps: 0 };
    walk.follow(Position { pc, chance: 1.0, as_issued: true, at_once: true, calls: Vec::new() });
    if walk.steps < MOST_STEPS { walk.heads } else { Vec::new() }
}

struct Walk<'a> {
    model: &'a Model,
    heads: Vec<Head>,
    steps: u32,
}

#[derive(Clone)]
struct Position {
    pc: Pc,
    chance: f64,
    as_issued: bool,
    at_once: bool,
    /// Where the calls on the way return to.
    calls: Vec<Pc>,
}

impl Position {
    fn draw(&mut self, chance: f64, to: Pc) {
        self.chance *= chance;
        self.as_issued = false;
        self.pc = to;
    }
}

impl Walk<'_> {
    fn follow(&mut self, mut at: Position) {
        while self.steps < MOST_STEPS {
            self.steps += 1;
            let next = at.pc + 1;
            match self.model.program[at.pc as usize] {
                Op::Visit { place, law, .. } => return self.found(at, place, law),
                Op::Branch { choice, .. } => {
                    return self.branch(&at, &self.model.choices[choice as usize]);
                }
                Op::Fail { chance, .. } => at.draw(1.0 - self.model.chances[chance as usize], next),
                Op::Wait { .. } => {
                    at.at_once = false;
                    at.draw(1.0, next);
                }
                Op::Delay { .. } => {
                    at.at_once = false;
                    at.pc = next;
                }
                _ if step(self.model, &mut at) => {}
                _ => return,
            }
        }
    }

    fn branch(&mut self, at: &Position, choice: &Choice) {
        let mut below = 0.0;
        for (&sum, &target) in choice.cumulative.iter().zip(&choice.targets) {
            let mut arm = at.clone();
            arm.draw(sum - below, target);
            below = sum;
            if arm.chance > 0.0 {
                self.follow(arm);
            }
        }
    }

    fn found(&mut self, at: Position, place: Place, law: u32) {
        let station = place.station(0);
        let inside = |group: &crate::model::Group| (group.first..group.first + group.count).contains(&station);
        let Some(group) = self.model.groups.iter().position(inside) else {
            return;
        };
        let head = Head { group, law, chance: at.chance, as_issued: at.as_issued, at_once: at.at_once, last: false };
        let last = self.only_answers(at);
        self.heads.push(Head { last, ..head });
    }

    fn only_answers(&mut self, mut at: Position) -> bool {
        at.pc += 1;
        while self.steps < MOST_STEPS && step(self.model, &mut at) {
            self.steps += 1;
        }
        self.model.program[at.pc as usize] == Op::Answer
    }
}

/// Passes an op that takes no time and makes nobody wait; false if it is not one.
fn step(model: &Model, at: &mut Position) -> bool {
    at.pc = match model.program[at.pc as usize] {
        Op::Jump { to } => to,
        Op::Release => at.pc + 1,
        Op::Acquire { place } if is_unlimited(model, place) => at.pc + 1,
        Op::Enter { site } if is_plain(&model.sites[site as usize]) => {
            at.calls.push(at.pc + 1);
            model.routines[model.sites[site as usize].routines[0] as usize].entry
        }
        Op::Return => match at.calls.pop() {
            Some(back) => back,
            None => return false,
        },
        _ => return false,
    };
    true
}

/// Whether a call goes to its only target, with nothing in between.
fn is_plain(site: &Site) -> bool {
    site.balancer.is_none() && site.wiring.is_none()
}

/// Whether everybody gets what they ask for at once, such as one of infinitely many threads.
fn is_unlimited(model: &Model, place: Place) -> bool {
    let station = place.station(0);
    let mut groups = model.groups.iter();
    let group = groups.find(|group| (group.first..group.first + group.count).contains(&station));
    group.is_some_and(|group| group.servers.is_none() && group.capacity.is_none() && !group.keyed)
}
