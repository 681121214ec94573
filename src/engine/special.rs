//! What a station has that a station of a textbook does not: servers that are away, a door at
//! which customers wait elsewhere, many customers in one service.

use std::collections::VecDeque;

use super::task::NONE;
use crate::model::Group;
use crate::policy::shed::Shed;
use crate::stats::Integral;

/// Beside a station that is special.
pub(crate) struct Special {
    /// Servers that there are, here or away.
    pub(crate) installed: u32,
    /// Servers that there ever are.
    pub(crate) most: u32,
    /// Its servers are not always there.
    pub(crate) absent: bool,
    /// Whoever finds it full waits where he is.
    pub(crate) blocks: bool,
    /// The node that it is part of, if something may happen to that.
    pub(crate) node: u32,
    /// Most customers in one service.
    pub(crate) batch: u32,
    /// How long an idle server stays.
    pub(crate) keep_alive: u64,
    /// Pauses that go on now.
    pub(crate) paused: u32,
    /// How many times as long everything takes now, and each cause of it.
    pub(crate) slowness: f64,
    pub(crate) slowed: Vec<f64>,
    /// Single servers that are away.
    pub(crate) away: u32,
    /// Servers that are away because they found nobody waiting.
    pub(crate) resting: u32,
    /// Servers that go away as soon as they are free.
    pub(crate) leaving: u32,
    /// The scaler that waits for those who are here to leave.
    pub(crate) drains: Option<u32>,
    /// Servers on which customers stay who are done, and cannot go where they want to.
    pub(crate) held_up: u32,
    /// Servers that are being set up.
    pub(crate) warming: u32,
    /// Whose servers were taken away: when each began to be served, and who it is.
    pub(crate) interrupted: VecDeque<(u64, u32)>,
    /// Since when each idle server is idle; the last one is used first.
    pub(crate) idle: VecDeque<u64>,
    /// Daemons that wait for an idle server.
    pub(crate) watchers: VecDeque<u32>,
    /// Daemons that wait for a customer.
    pub(crate) starters: VecDeque<u32>,
    /// The daemon that waits until the server has worked for a time.
    pub(crate) wear: Option<Wear>,
    pub(crate) bells: Vec<Bell>,
    /// Who waits for room here, at another station or at none.
    pub(crate) door: VecDeque<u32>,
    /// How many are served now together with the first of them.
    pub(crate) riders: u32,
    /// Who is served together; each service is that of the first.
    pub(crate) batches: Vec<Vec<u32>>,
    /// Who is shed from the line.
    pub(crate) shed: Option<Box<dyn Shed>>,
    pub(crate) tally: SpecialTally,
}

/// A daemon that waits until the server has worked for a time.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wear {
    pub(crate) task: u32,
    /// Work that is left.
    pub(crate) left: u64,
    /// When the work of now began.
    pub(crate) since: Option<u64>,
}

/// Rings that nobody has answered, or who waits for one.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Bell {
    pub(crate) rung: u32,
    pub(crate) waits: Option<u32>,
}

/// What a special station counts within the window.
#[derive(Debug, Clone, Default)]
pub(crate) struct SpecialTally {
    /// Integral of the number of servers that are away.
    pub(crate) down: Integral,
    /// Integral of the number of servers on vacation, and not stopped by a pause besides.
    pub(crate) vacation: Integral,
    /// Integral of the number who are served together with the first of them.
    pub(crate) riders: Integral,
    /// Integral of the number who wait at the door.
    pub(crate) door: Integral,
    /// Set-ups begun.
    pub(crate) set_ups: u64,
    /// Services of many completed.
    pub(crate) batches: u64,
    /// Taken out of the line and turned away.
    pub(crate) shed: u64,
}

impl Special {
    pub(crate) fn new(group: &Group) -> Special {
        let special = &group.special;
        Special {
            installed: group.servers.unwrap_or(NONE),
            most: group.servers.map_or(NONE, |_| group.servers_ever()),
            absent: special.is_absent(),
            blocks: special.blocks,
            node: NONE,
            batch: special.batch,
            keep_alive: special.keep_alive,
            paused: 0,
            slowness: 1.0,
            slowed: Vec::new(),
            away: 0,
            resting: 0,
            leaving: 0,
            drains: None,
            held_up: 0,
            warming: 0,
            interrupted: VecDeque::new(),
            idle: VecDeque::new(),
            watchers: VecDeque::new(),
            starters: VecDeque::new(),
            wear: None,
            bells: Vec::new(),
            door: VecDeque::new(),
            riders: 0,
            batches: Vec::new(),
            shed: None,
            tally: SpecialTally::default(),
        }
    }

    /// Servers that are there, and not held up.
    pub(crate) fn available(&self) -> u32 {
        match self.installed {
            _ if self.paused > 0 => 0,
            NONE => NONE,
            installed => installed.saturating_sub(self.away + self.held_up + self.leaving),
        }
    }

    /// Servers that may be busy: those that are available, and those that go away when they are free.
    pub(crate) fn most_busy(&self) -> u32 {
        if self.paused > 0 { 0 } else { self.available().saturating_add(self.leaving) }
    }

    /// Servers that are away; of endless ones, one stands for all.
    pub(crate) fn down(&self) -> u32 {
        match self.installed {
            NONE => u32::from(self.paused > 0),
            _ if self.paused > 0 => self.most,
            installed => installed.min(self.away) + self.most - installed,
        }
    }

    /// Servers on vacation; those that a pause stops are down anyway.
    pub(crate) fn on_vacation(&self) -> u32 {
        if self.paused > 0 { 0 } else { self.resting.min(self.away) }
    }

    /// A bell by its number.
    pub(crate) fn bell(&mut self, bell: u32) -> &mut Bell {
        let least = bell as usize + 1;
        self.bells.resize(self.bells.len().max(least), Bell::default());
        &mut self.bells[bell as usize]
    }

    /// Counting begins anew.
    pub(crate) fn restart(&mut self, now: u64) {
        self.tally = SpecialTally {
            down: Integral::starting(now, self.down()),
            vacation: Integral::starting(now, self.on_vacation()),
            riders: Integral::starting(now, self.riders),
            door: Integral::starting(now, self.door.len() as u32),
            ..SpecialTally::default()
        };
    }
}
