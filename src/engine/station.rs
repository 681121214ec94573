//! A station: servers, a waiting line, and the sums that its statistics are made of.

use super::line::Line;
use super::sharing::Sharing;
use super::special::Special;
use super::task::NONE;
use crate::model::Group;
use crate::policy::discipline::{Passed, Rule};
use crate::policy::shed::Shed;
use crate::stats::Integral;

/// One station (one replica of a group).
pub(crate) struct Station {
    pub(crate) group: u32,
    pub(crate) service_stream: u32,
    pub(crate) discipline_stream: u32,
    /// Servers that are there at this moment.
    pub(crate) servers: u32,
    pub(crate) capacity: u32,
    pub(crate) busy: u32,
    /// Whoever begins to be served is served to the end, for the time asked for.
    pub(crate) plain: bool,
    /// Whoever is served may be interrupted, so `running` is kept.
    pub(crate) interrupts: bool,
    pub(crate) patience: Option<u32>,
    pub(crate) tally: Tally,
    pub(crate) line: Line,
    pub(crate) sharing: Option<Box<Sharing>>,
    /// Whom it serves, in the order in which they began; kept only where they may be interrupted.
    pub(crate) running: Vec<u32>,
    /// What a station of a textbook does not have.
    pub(crate) special: Option<Box<Special>>,
    /// Time with 0, 1, 2, … in system, where asked for.
    pub(crate) states: Option<Box<States>>,
}

impl Station {
    /// The station of a group; `blocks` if some station of the model keeps customers where they are.
    pub(crate) fn new(group: &Group, index: u32, states: bool, blocks: bool) -> Station {
        let servers = if group.room { 0 } else { group.servers.unwrap_or(NONE) };
        let sharing = match group.rule {
            Rule::Shared { weighted } => Some(Box::new(Sharing::new(servers, weighted, &group.special))),
            _ => None,
        };
        let uninterrupted = match group.rule {
            Rule::InOrder | Rule::LatestFirst | Rule::LatestBeyond { .. } | Rule::AtRandom => true,
            Rule::Ranked { .. } | Rule::Shared { .. } | Rule::Turns => false,
        };
        let textbook = group.special.is_none() && !blocks;
        Station {
            group: index,
            service_stream: group.service_stream,
            discipline_stream: group.discipline_stream,
            servers,
            capacity: group.capacity.unwrap_or(NONE),
            busy: 0,
            plain: uninterrupted && !group.held && group.patience.is_none() && textbook,
            interrupts: matches!(group.rule, Rule::Ranked { preempts: true, .. })
                || group.special.is_absent() && !group.held,
            patience: group.patience,
            tally: Tally::default(),
            line: Line::new(group.rule, group.keyed),
            sharing,
            running: Vec::new(),
            special: (!textbook).then(|| Box::new(Special::new(group))),
            states: states.then(Box::default),
        }
    }

    /// Customers are shed from its line.
    pub(crate) fn shed_by(&mut self, policy: &dyn Shed) {
        if let Some(special) = &mut self.special {
            special.shed = Some(policy.fresh());
        }
    }

    /// One comes in.
    #[inline(always)]
    pub(crate) fn enter(&mut self, now: u64, load: &mut u32) {
        self.keep_state(now, *load);
        *load += 1;
        self.tally.present.up(now);
        self.tally.arrivals += 1;
    }

    /// One goes out, for whatever reason, who came at `arrived`; `start` is when the window began.
    #[inline(always)]
    pub(crate) fn leave(&mut self, now: u64, load: &mut u32, arrived: u64, start: u64) {
        self.keep_state(now, *load);
        *load -= 1;
        self.tally.present.down(now);
        self.tally.departures += 1;
        self.tally.sojourn += u128::from(now.saturating_sub(arrived.max(start)));
    }

    /// Some came, were served, and went, all since somebody last looked.
    pub(crate) fn add_passed(&mut self, passed: Passed) {
        let Passed { customers, response, service } = passed;
        let tally = &mut self.tally;
        tally.present.pass_all(response);
        tally.busy.pass_all(service);
        tally.arrivals += customers;
        tally.departures += customers;
        tally.sojourn += response;
        tally.completed += customers;
        tally.response += response;
        tally.service += service;
    }

    /// A server becomes busy.
    #[inline(always)]
    pub(crate) fn occupy(&mut self, now: u64) {
        self.busy += 1;
        self.tally.busy.up(now);
    }

    /// A server becomes idle.
    #[inline(always)]
    pub(crate) fn free(&mut self, now: u64) {
        self.busy -= 1;
        self.tally.busy.down(now);
    }

    /// This many servers are busy now.
    pub(crate) fn set_busy(&mut self, now: u64, busy: u32) {
        self.tally.busy.change(now, self.busy, busy);
        self.busy = busy;
    }

    /// Where it is asked for, the time with this many in system is kept.
    #[inline(always)]
    pub(crate) fn keep_state(&mut self, now: u64, load: u32) {
        if let Some(states) = &mut self.states {
            states.keep(now, load);
        }
    }
}

/// Time with 0, 1, 2, … in system.
#[derive(Debug, Default)]
pub(crate) struct States {
    pub(crate) times: Vec<u64>,
    pub(crate) since: u64,
}

impl States {
    fn keep(&mut self, now: u64, load: u32) {
        if self.times.len() <= load as usize {
            self.times.resize(load as usize + 1, 0);
        }
        self.times[load as usize] += now - self.since;
        self.since = now;
    }
}

/// What a station counts within the window. Times are in ticks.
///
/// The integrals follow the numbers as they change; the sums follow each customer. That they
/// agree is Little's law, flow balance and the utilization law, and is checked on every run.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tally {
    /// Of the number in system.
    pub(crate) present: Integral,
    /// Of the number of busy servers.
    pub(crate) busy: Integral,
    /// Sum of the times spent here, each clipped to the window.
    pub(crate) sojourn: u128,
    /// Service received in the window by those who did not complete in it, less what those who
    /// did had received before.
    pub(crate) received: i128,
    pub(crate) arrivals: u64,
    pub(crate) departures: u64,
    /// In system when the window began.
    pub(crate) present_at_start: u64,
    /// Completed, with the sums of their whole response and service.
    pub(crate) completed: u64,
    pub(crate) response: u128,
    pub(crate) service: u128,
    pub(crate) rejected: u64,
    pub(crate) abandoned: u64,
}

impl Tally {
    /// One has been served, who came at `arrived`.
    #[inline(always)]
    pub(crate) fn complete(&mut self, response: u64, service: u64) {
        self.completed += 1;
        self.response += u128::from(response);
        self.service += u128::from(service);
    }
}
