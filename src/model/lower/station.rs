//! A station becomes a group of stations, one a replica.

use super::absence::Absences;
use super::{Lowered, Owner};
use crate::diagnostic::{Diagnostic, Span};
use crate::model::Group;
use crate::model::admission::Line;
use crate::model::build::Builder;
use crate::model::places::Written;
use crate::model::steps::Body;
use crate::policy::discipline::{self, Rule};
use crate::scenario::{Discipline, MOST_REPLICAS};
use crate::syntax::At;

impl Builder<'_> {
    pub(super) fn lower_station(&mut self, name: &str) {
        let Some(station) = self.scenario.station.get(name) else { return };
        let streams = station.stream.clone().unwrap_or_else(|| name.to_string());
        // Too many are an error already, and would not fit into memory.
        let replicas = self.most_replicas(name, station.replicas).min(MOST_REPLICAS);
        let mut group = self.group(&Owner::replicas(name, &streams, replicas), None);
        group.servers = self.most_servers(name, station.servers.value);
        group.capacity = station.capacity.as_ref().map(|capacity| capacity.value.0);
        group.patience = station.patience.as_ref().map(|patience| self.law(patience, 1.0));
        self.set_rule(&mut group, &station.discipline);
        group.initial = station.initial;
        self.set_special(&mut group, station);
        let line = Line {
            discipline: Some(station.discipline.span),
            patience: station.patience.as_ref().map(|patience| patience.span),
            help: "say how many `servers` there are",
        };
        self.set_shed(&mut group, station.shed.as_ref(), line);
        let front = self.stations;
        let place = self.add_group(group);
        let absences = Absences {
            whole: false,
            pauses: station.pauses.as_ref(),
            fails: station.fails.as_ref(),
            vacation: station.vacation.as_ref(),
            set_up: station.set_up.as_ref(),
            keep_alive: station.keep_alive.as_ref(),
        };
        self.add_absences(place, &streams, &absences);
        let written = Written { region: station.region.as_ref(), regions: station.regions.as_ref() };
        let regions = self.regions(written, replicas);
        let lowered =
            Lowered { replicas, front: Some(front), held: Some(place), streams, regions, ..Lowered::default() };
        self.lowered.insert(name.to_string(), lowered);
        self.add_own_balancer(name, station.balance.as_ref());
        if station.initial > 0 && station.service_time.is_none() {
            let key = self.scenario.station.entries.get(name).map_or(Span::default(), |entry| entry.key);
            self.lacks_service_time(name, key);
        }
        let most = station.capacity.as_ref().map_or(u32::MAX, |capacity| capacity.value.0);
        if station.initial > most {
            let message = format!("{} customers at the start do not fit in a capacity of {most}", station.initial);
            let span = station.capacity.as_ref().map_or(Span::default(), |capacity| capacity.span);
            self.diagnostics.push(Diagnostic::error(span, message).help("make `initial` smaller or `capacity` larger"));
        }
        if station.initial > 0 {
            let routine = self.routine(format!("{name}/initial"), Body::Initial { station: name.to_string() });
            if let Some(group) = self.groups.last_mut() {
                group.initial_routine = routine;
            }
        }
    }

    pub(in crate::model) fn set_rule(&mut self, group: &mut Group, discipline: &At<Discipline>) {
        let name = discipline.value.name();
        let found = discipline::REGISTRY.iter().find(|(known, _)| *known == name);
        group.rule = found.map_or(Rule::InOrder, |&(_, rule)| rule);
        if let (Rule::LatestBeyond { threshold }, Discipline::AdaptiveLifo(written)) =
            (&mut group.rule, discipline.value)
        {
            *threshold = written.threshold.0;
        }
        if let Discipline::RoundRobin(turns) = discipline.value {
            group.quantum = self.ticks(turns.quantum.0, discipline.span).max(1);
        }
        if matches!(group.rule, Rule::Shared { weighted: true }) && group.servers != Some(1) {
            let message = "shares can be weighted only where there is one server";
            let help = "use `servers = 1` with a shorter service time, or `processor-sharing`";
            self.diagnostics.push(Diagnostic::error(discipline.span, message).help(help));
        }
    }

    /// Says that a station lacks the service time that this visit needs, unless its table has
    /// mistakes of its own: the service time may be one of them.
    pub(in crate::model) fn lacks_service_time(&mut self, name: &str, span: Span) {
        if self.scenario.station.entries.get(name).is_none_or(|entry| !entry.complete) {
            return;
        }
        let message = format!("how long a service at `{name}` takes is not said");
        let help = format!("add `service-time` to `[station.{name}]`");
        self.diagnostics.push(Diagnostic::error(span, message).help(help));
    }
}
