//! Servers that are not always there: daemons that take them away and give them back.

use crate::diagnostic::{Diagnostic, Span};
use crate::model::build::Builder;
use crate::model::program::{Daemon, Op, Place, Routine, Taken};
use crate::model::{Group, Special};
use crate::policy::discipline::Rule;
use crate::scenario::{Distribution, Fails, Pauses, Slowdown, Station, WhenFull};
use crate::syntax::At;
use crate::units::Duration;

/// Why servers of a station are not there.
#[derive(Default)]
pub(super) struct Absences<'a> {
    /// Servers fail all at once: they are one machine.
    pub(super) whole: bool,
    pub(super) pauses: Option<&'a At<Pauses>>,
    pub(super) fails: Option<&'a At<Fails>>,
    pub(super) vacation: Option<&'a At<Distribution>>,
    pub(super) set_up: Option<&'a At<Distribution>>,
    pub(super) keep_alive: Option<&'a At<Duration>>,
}

impl Builder<'_> {
    /// What is special about a station, besides absences.
    pub(super) fn set_special(&mut self, group: &mut Group, station: &Station) {
        if station.when_full.value == WhenFull::BlockUpstream {
            group.special.blocks = true;
            if station.capacity.is_none() {
                let message = "a station without `capacity` is never full";
                self.diagnostics.push(Diagnostic::error(station.when_full.span, message).help("add `capacity`"));
            }
        }
        if let Some(batch) = &station.batch {
            group.special.batch = batch.max.0;
            if !group.rule.is_blind() {
                let message = "a service of many at once is not interrupted, shared or chosen by the customer";
                let help = "use `discipline = \"fifo\"`, `\"lifo\"` or `\"random\"` with `batch`";
                let found = Diagnostic::error(batch.span, message).note(station.discipline.span, "the discipline");
                self.diagnostics.push(found.help(help));
            }
        }
        if let Some(slowdown) = &station.slowdown {
            self.set_slowdown(group, slowdown, station);
        }
    }

    /// Where customers slow each other, all are served at once.
    fn set_slowdown(&mut self, group: &mut Group, slowdown: &At<Slowdown>, station: &Station) {
        let shared = matches!(group.rule, Rule::Shared { weighted: false });
        let endless = group.servers.is_none() && matches!(group.rule, Rule::InOrder);
        if !shared && !endless || station.batch.is_some() {
            let message = "customers slow each other where all are served at once";
            let help = "use `servers = \"infinite\"`, or `discipline = \"processor-sharing\"`, without `batch`";
            self.diagnostics.push(Diagnostic::error(slowdown.span, message).help(help));
        }
        group.rule = Rule::Shared { weighted: false };
        group.special.slowdown = Some((slowdown.contention, slowdown.coherency));
    }

    /// Adds daemons to the group of a place.
    pub(super) fn add_absences(&mut self, place: Place, streams: &str, absences: &Absences<'_>) {
        let Some(index) = self.group_index(place.station(0)) else { return };
        self.check_absences(index, absences);
        if let Some(pauses) = absences.pauses {
            self.add_pauses(index, streams, &pauses.value);
        }
        if let Some(fails) = absences.fails {
            self.add_fails(index, streams, &fails.value, absences.whole);
        }
        if let Some(vacation) = absences.vacation {
            self.add_vacations(index, streams, vacation);
        }
        if let Some(set_up) = absences.set_up {
            self.groups[index].special.keep_alive = absences.keep_alive.map_or(0, |time| self.ticks(time.0, time.span));
            self.add_set_ups(index, streams, set_up);
        }
    }

    fn check_absences(&mut self, index: usize, absences: &Absences<'_>) {
        let servers = self.groups[index].servers;
        let own = [
            absences.fails.filter(|fails| !absences.whole && !fails.crash).map(|fails| fails.span),
            absences.vacation.map(|vacation| vacation.span),
            absences.set_up.map(|set_up| set_up.span),
        ];
        if let (Some(span), None) = (own.into_iter().flatten().next(), servers) {
            self.refuse(span, "there are no single servers that could go away", "say how many there are");
        }
        let wear = absences.fails.and_then(|fails| fails.only.as_ref());
        if let (Some(only), true) = (wear, servers != Some(1)) {
            let help = "leave `only` out, or use `replicas` of one server each";
            self.refuse(only.span, "what wears out by work is a single server", help);
        }
        if let (Some(vacation), Some(_)) = (absences.vacation, absences.set_up) {
            let help = "leave `vacation` or `set-up` out";
            self.refuse(vacation.span, "an idle server either goes on vacation or is switched off", help);
        }
        if let (Some(keep_alive), None) = (absences.keep_alive, absences.set_up) {
            self.refuse(keep_alive.span, "nothing is ever switched off here", "add `set-up`, or leave this out");
        }
    }

    fn refuse(&mut self, span: Span, message: &str, help: &str) {
        self.diagnostics.push(Diagnostic::error(span, message).help(help));
    }

    /// One daemon says when, the other one pauses: so pauses that overlap follow each other.
    fn add_pauses(&mut self, index: usize, streams: &str, pauses: &Pauses) {
        let place = self.groups[index].place();
        let special = &self.groups[index].special;
        let bell = special.daemons.len() as u32;
        let (every, length) = (self.interval(&pauses.every), self.law(&pauses.r#for, 1.0));
        let (when, lasts) = (self.stream(streams, "pause"), self.stream(streams, "pause-for"));
        self.lose(index, |every, away| 1.0 - (away / every).min(1.0), every, length);
        self.daemon(index, 1, "rhythm", &[], &[Op::Rest { law: every, stream: when }, Op::Signal { place, bell }]);
        let (which, wait) = (Taken::All, Op::Rest { law: length, stream: lasts });
        let ops = [Op::AwaitSignal { place, bell }, Op::TakeAway { place, which }, wait, Op::GiveBack { place, which }];
        self.daemon(index, 1, "pause", &[], &ops);
    }

    fn add_fails(&mut self, index: usize, streams: &str, fails: &Fails, whole: bool) {
        let place = self.groups[index].place();
        let (every, repair) = (self.interval(&fails.every), self.law(&fails.repair, 1.0));
        let (when, lasts) = (self.stream(streams, "failure"), self.stream(streams, "repair"));
        self.lose(index, |every, away| every / (every + away), every, repair);
        let up = match fails.only {
            Some(_) => Op::WaitBusy { place, law: every },
            None => Op::Rest { law: every, stream: when },
        };
        let which = match fails.crash {
            true => Taken::Crash,
            false if whole => Taken::All,
            false => Taken::One,
        };
        let copies = if whole || fails.crash { 1 } else { self.groups[index].servers.unwrap_or(1) };
        self.groups[index].special.crashes |= fails.crash;
        let ops =
            [up, Op::TakeAway { place, which }, Op::Rest { law: repair, stream: lasts }, Op::GiveBack { place, which }];
        self.daemon(index, copies, "failure", &[], &ops);
    }

    fn add_vacations(&mut self, index: usize, streams: &str, vacation: &At<Distribution>) {
        let place = self.groups[index].place();
        let (law, stream) = (self.interval(vacation), self.stream(streams, "vacation"));
        let copies = self.groups[index].servers.unwrap_or(1);
        let which = Taken::Vacation;
        let (away, back) = (Op::TakeAway { place, which }, Op::GiveBack { place, which });
        self.daemon(index, copies, "vacation", &[], &[Op::AwaitIdle { place }, away, Op::Rest { law, stream }, back]);
    }

    /// Off at the start; set up for a customer; off again after idling.
    fn add_set_ups(&mut self, index: usize, streams: &str, set_up: &At<Distribution>) {
        let place = self.groups[index].place();
        let (law, stream) = (self.law(set_up, 1.0), self.stream(streams, "set-up"));
        self.groups[index].special.sets_up = true;
        let ops = [
            Op::AwaitCustomer { place },
            Op::Rest { law, stream },
            Op::GiveBack { place, which: Taken::SetUp },
            Op::AwaitIdle { place },
            Op::TakeAway { place, which: Taken::Idle },
        ];
        let copies = self.groups[index].servers.unwrap_or(1);
        self.daemon(index, copies, "set-up", &[Op::TakeAway { place, which: Taken::One }], &ops);
    }

    /// A law of times between events, which must not all be zero.
    fn interval(&mut self, written: &At<Distribution>) -> u32 {
        let law = self.law(written, 1.0);
        if self.laws[law as usize].mean() <= 0.0 {
            self.refuse(written.span, "this happens again and again without time passing", "use more than 0s");
        }
        law
    }

    /// A group's servers are there for a smaller share of the time.
    fn lose(&mut self, index: usize, share: fn(f64, f64) -> f64, every: u32, away: u32) {
        let (every, away) = (self.laws[every as usize].mean(), self.laws[away as usize].mean());
        let special: &mut Special = &mut self.groups[index].special;
        special.availability *= share(every, away);
    }

    /// A routine that does something first, and something else again and again.
    fn daemon(&mut self, index: usize, copies: u32, what: &str, first: &[Op], again: &[Op]) {
        let entry = self.here();
        first.iter().for_each(|&op| self.emit(op));
        let to = self.here();
        again.iter().for_each(|&op| self.emit(op));
        self.emit(Op::Jump { to });
        let end = self.here();
        let group = &mut self.groups[index];
        let routine = self.routines.len() as u32;
        self.routines.push(Routine { name: format!("{}/{what}", group.name()), entry, end, nodes: None });
        group.special.daemons.push(Daemon { routine, copies });
    }
}
