//! Routing tables: a service whose requests go from station to station by probability.

use super::build::Builder;
use super::names::Kind;
use super::program::{Choice, Op};
use super::steps::{Caller, cumulative};
use super::wiring::Destination;
use crate::diagnostic::{Diagnostic, Span};
use crate::syntax::{At, Named};
use crate::units::Ratio;

impl<'a> Builder<'a> {
    /// Routing by probability: one visit per station, then a branch to the next.
    pub(super) fn compile_route(&mut self, caller: &Caller, route: &'a Named<At<Named<At<Ratio>>>>) {
        let stream = self.stream(&caller.streams, "route");
        let mut stations: Vec<&At<String>> = Vec::new();
        let mut written: Vec<At<String>> = Vec::new();
        collect_stations(route, &mut written);
        written.iter().for_each(|station| stations.push(station));
        let Some(start) = route.entries.get("start") else {
            let span = route.entries.values().next().map_or(Span::default(), |entry| entry.key);
            let message = format!("the route of `{}` has no `start`", caller.name);
            self.diagnostics.push(Diagnostic::error(span, message).help("add `start = { station = 1.0 }`"));
            return;
        };
        let first = self.route_branch(&start.value.value, stream);
        let mut places = std::collections::BTreeMap::new();
        let mut branches = vec![first];
        for station in &stations {
            if places.contains_key(&station.value) {
                continue;
            }
            places.insert(station.value.clone(), self.here());
            self.compile_route_visit(caller, station);
            branches.extend(route.get(&station.value).map(|next| self.route_branch(&next.value, stream)));
            if !route.contains(&station.value) {
                branches.push((self.choices.len() as u32, vec![]));
                self.choices.push(Choice { cumulative: vec![1.0], targets: vec![] });
                self.emit(Op::Branch { choice: self.choices.len() as u32 - 1, stream });
            }
        }
        let out = self.here();
        for (choice, names) in branches {
            let known = names.iter().map(|name| places.get(name).copied().unwrap_or(out));
            self.choices[choice as usize].targets = known.chain([out]).collect();
        }
    }

    /// A branch to where a row of the table leads; the last alternative leaves.
    fn route_branch(&mut self, row: &Named<At<Ratio>>, stream: u32) -> (u32, Vec<String>) {
        let choice = self.choices.len() as u32;
        let shares: Vec<f64> = row.entries.values().map(|entry| entry.value.value.0).collect();
        let leaves = (1.0 - shares.iter().sum::<f64>()).max(0.0);
        self.choices.push(Choice { cumulative: cumulative(shares.into_iter().chain([leaves])), targets: Vec::new() });
        self.emit(Op::Branch { choice, stream });
        (choice, row.entries.keys().cloned().collect())
    }

    fn compile_route_visit(&mut self, caller: &Caller, station: &At<String>) {
        let Some((name, _)) = self.reference(station, &[Kind::Station]) else { return };
        let lacks = self.scenario.station.get(&name).is_some_and(|station| station.service_time.is_none());
        if lacks {
            self.lacks_service_time(&name, station.span);
        }
        match self.lowered.get(&name).and_then(|lowered| lowered.balancer) {
            None => self.compile_station(&name),
            Some(balancer) => {
                let routine = self.entry(&name, "");
                let site = self.add_site(caller, Some(balancer), vec![routine]);
                self.wire(site, caller, &[Destination::to(&name, "")]);
                self.emit(Op::Enter { site });
            }
        }
    }
}

/// Stations of a routing table, each where it is first written.
fn collect_stations(route: &Named<At<Named<At<Ratio>>>>, stations: &mut Vec<At<String>>) {
    for (name, entry) in &route.entries {
        if name != "start" {
            stations.push(At { span: entry.key, value: name.clone() });
        }
    }
    for entry in route.entries.values() {
        let named = entry.value.value.entries.iter();
        stations.extend(named.map(|(name, entry)| At { span: entry.key, value: name.clone() }));
    }
}
