//! What lies between a caller and the targets of its calls: the links between their regions, and the
//! networks that what they say goes through.
//!
//! Where a balancer without a region is depends on who calls it. So call sites are noted while steps are
//! compiled, and settled when all of them are known.

use std::collections::{BTreeMap, BTreeSet};

use super::build::Builder;
use super::network::Hop;
use super::program::{NOWHERE, Place, Region, Way, Wiring};
use super::steps::{Body, Caller};
use crate::diagnostic::Diagnostic;

/// Links by direction.
pub(super) type Wires = BTreeMap<(Region, Region), Wire>;

/// One direction of a link.
#[derive(Debug, Clone)]
pub(super) struct Wire {
    pub(super) link: String,
    /// `eu-us`
    pub(super) direction: String,
    /// Where messages wait until they are sent, and bytes per second; none is no time.
    pub(super) sends: Option<(Place, f64)>,
    /// How long they are under way: a law, and its random stream.
    pub(super) latency: Option<(u32, u32)>,
    /// The mean of that, in seconds.
    pub(super) mean: f64,
    /// The share of packets that get lost.
    pub(super) loss: f64,
    /// The lane of the time until a loss is noticed.
    pub(super) patience: u32,
}

/// How many bytes a call sends, and its answer.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Payload {
    pub(super) request: f64,
    pub(super) response: f64,
}

/// Where a request comes from, and what it sends.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Origin {
    pub(super) place: Region,
    pub(super) payload: Payload,
}

/// A component that a call may go to.
#[derive(Debug, Clone)]
pub(super) struct Destination {
    pub(super) component: String,
    /// What it is asked for.
    pub(super) operation: String,
    /// The component's own balancer picks the replica, beside the caller.
    pub(super) relayed: bool,
    /// Its answers are what copies of data have: which, seen when they have arrived.
    pub(super) shows: Option<u32>,
}

impl Destination {
    pub(super) fn to(component: &str, operation: &str) -> Destination {
        Destination { component: component.to_string(), operation: operation.to_string(), relayed: false, shows: None }
    }
}

/// A call site of which it is not known yet what lies between caller and targets.
#[derive(Debug, Clone)]
pub(super) struct Draft {
    site: u32,
    caller: Caller,
    destinations: Vec<Destination>,
}

impl Draft {
    /// Where the caller's calls come from.
    fn origins(&self, reached: &BTreeMap<String, BTreeSet<Region>>) -> BTreeSet<Region> {
        match self.caller.anywhere {
            true => reached.get(&self.caller.name).cloned().unwrap_or_default(),
            false if self.caller.regions.is_empty() => BTreeSet::from([NOWHERE]),
            false => self.caller.regions.iter().copied().collect(),
        }
    }
}

impl<'a> Builder<'a> {
    /// Notes that something may lie between a caller and these components, one for each routine of the site.
    pub(super) fn wire(&mut self, site: u32, caller: &Caller, destinations: &[Destination]) {
        let placed = caller.anywhere && self.names.regions() > 0 || !caller.regions.is_empty();
        if placed || caller.payload != Payload::default() {
            self.draft(site, caller, destinations.to_vec());
        }
    }

    /// The same where something is to be found out in any case.
    pub(super) fn draft(&mut self, site: u32, caller: &Caller, destinations: Vec<Destination>) {
        self.drafts.push(Draft { site, caller: caller.clone(), destinations });
    }

    /// Whether something may lie between the caller and the targets of a site.
    pub(super) fn is_wired(&self, site: u32) -> bool {
        self.drafts.iter().any(|draft| draft.site == site)
    }

    /// Whether a replica of a component may be in another region than a caller.
    pub(super) fn is_apart(&self, caller: &Caller, component: &str) -> bool {
        let regions = self.lowered.get(component).map_or(&[][..], |lowered| &lowered.regions);
        caller.regions.iter().any(|from| regions.iter().any(|to| from != to))
    }

    /// Finds out what lies between callers and targets, and reports what is missing.
    pub(super) fn settle_wiring(&mut self) {
        let mut missing = BTreeSet::new();
        let mut hops = BTreeMap::new();
        // Databases do something else for callers from each place, and have call sites there.
        while !self.drafts.is_empty() {
            let drafts = std::mem::take(&mut self.drafts);
            let reached = self.reached(&drafts);
            for draft in &drafts {
                let origins = draft.origins(&reached);
                let wiring = self.wiring(draft, &origins, &mut missing, &mut hops);
                if wiring.ways.iter().any(|way| *way != Way::default()) || wiring.matters() {
                    self.sites[draft.site as usize].wiring = Some(self.wirings.len() as u32);
                    self.wirings.push(wiring);
                }
            }
            self.compile_pending();
        }
    }

    /// From where each balancer without a region is called.
    fn reached(&self, drafts: &[Draft]) -> BTreeMap<String, BTreeSet<Region>> {
        let mut reached: BTreeMap<String, BTreeSet<Region>> = BTreeMap::new();
        loop {
            let before = reached.clone();
            for draft in drafts {
                let origins = draft.origins(&reached);
                for destination in draft.destinations.iter().filter(|to| self.is_anywhere(&to.component)) {
                    reached.entry(destination.component.clone()).or_default().extend(&origins);
                }
                // A relay is beside the balancer in front of it.
                if draft.destinations.iter().any(|destination| destination.relayed) {
                    reached.entry(draft.caller.name.clone()).or_default().extend(&origins);
                }
            }
            if reached == before {
                return reached;
            }
        }
    }

    fn wiring(
        &mut self,
        draft: &Draft,
        origins: &BTreeSet<Region>,
        missing: &mut BTreeSet<(Region, Region)>,
        hops: &mut BTreeMap<String, u32>,
    ) -> Wiring {
        let mut wiring = self.places_of(draft);
        let size = draft.destinations.len() as u32 * wiring.places * wiring.places;
        wiring.ways = vec![Way::default(); size as usize];
        for (component, destination) in draft.destinations.iter().enumerate() {
            let places = self.destinations(destination);
            for &from in origins {
                self.add_entry(&mut wiring, draft, component, from);
                let places = places.clone().unwrap_or_else(|| BTreeSet::from([from]));
                for to in places {
                    self.check_link(draft, destination, [from, to], missing);
                    let at = wiring.index(component as u32, from, to);
                    wiring.ways[at] = self.way(draft, destination, [from, to], hops);
                }
            }
        }
        wiring
    }

    /// What a database does for callers from a place.
    fn add_entry(&mut self, wiring: &mut Wiring, draft: &Draft, component: usize, from: Region) {
        let destination = &draft.destinations[component];
        let Some(entry) = self.entry_from(destination, Origin { place: from, payload: draft.caller.payload }) else {
            return;
        };
        wiring.entries.resize(draft.destinations.len() * wiring.places as usize, None);
        wiring.entries[component * wiring.places as usize + usize::from(from)] = Some(entry);
    }

    /// The part of a wiring that says where everything is.
    fn places_of(&self, draft: &Draft) -> Wiring {
        let every = self.every_place();
        let regions = if draft.caller.regions.is_empty() { vec![NOWHERE] } else { draft.caller.regions.clone() };
        let from = if draft.caller.anywhere { every.clone() } else { regions };
        let balancer = self.sites[draft.site as usize].balancer.map(|index| &self.balancers[index as usize]);
        let targets = balancer.map_or(vec![(0, 0)], |balancer| {
            balancer.targets.iter().map(|target| (target.component as usize, target.replica as usize)).collect()
        });
        // Behind a balancer with mistakes there may be fewer.
        let known = |&(component, replica): &(usize, usize)| Some((draft.destinations.get(component)?, replica));
        let targets: Vec<(&Destination, usize)> = targets.iter().filter_map(known).collect();
        let to: Vec<Option<Region>> = targets.iter().map(|&(to, replica)| self.replica_place(to, replica)).collect();
        let mut distances = Vec::new();
        // Balancers may be in a circle where there are errors.
        if balancer.is_some_and(|balancer| balancer.policy.needs_distances()) && !self.diagnostics.has_errors() {
            for &from in &every {
                let far = |(&(destination, _), to): (&(&Destination, usize), &Option<Region>)| match *to {
                    Some(to) => self.distance(from, to),
                    None => self.nearest(from, &destination.component),
                };
                distances.extend(targets.iter().zip(&to).map(far));
            }
        }
        let places = every.len() as u32;
        Wiring { from, anywhere: draft.caller.anywhere, to, places, distances, ..Wiring::default() }
    }

    /// Where a replica is; none is wherever its caller is.
    fn replica_place(&self, destination: &Destination, replica: usize) -> Option<Region> {
        if destination.relayed || self.is_anywhere(&destination.component) {
            return None;
        }
        let lowered = self.lowered.get(&destination.component);
        Some(lowered.and_then(|lowered| lowered.regions.get(replica).copied()).unwrap_or(NOWHERE))
    }

    /// Where the replicas of a component are; none is wherever their caller is.
    fn destinations(&self, destination: &Destination) -> Option<BTreeSet<Region>> {
        self.replica_place(destination, 0)?;
        let regions = self.lowered.get(&destination.component).map_or(&[][..], |lowered| &lowered.regions);
        Some(if regions.is_empty() { BTreeSet::from([NOWHERE]) } else { regions.iter().copied().collect() })
    }

    /// Mean one-way latency between two places, in seconds.
    fn distance(&self, from: Region, to: Region) -> f64 {
        if is_near(from, to) {
            return 0.0;
        }
        self.wires.get(&(from, to)).map_or(f64::INFINITY, |wire| wire.mean)
    }

    /// How far the nearest of a component, or of all that is behind it, is.
    fn nearest(&self, from: Region, component: &str) -> f64 {
        let regions = self.lowered.get(component).map_or(&[][..], |lowered| &lowered.regions);
        let behind = self.scenario.balancer.get(component).filter(|_| regions.is_empty());
        let nearest = match behind {
            Some(balancer) => balancer.to.value.iter().map(|to| self.nearest(from, &to.value)).reduce(f64::min),
            None => regions.iter().map(|&to| self.distance(from, to)).reduce(f64::min),
        };
        nearest.unwrap_or(0.0)
    }

    /// Reports two regions between which calls go and no link is, once.
    fn check_link(
        &mut self,
        draft: &Draft,
        destination: &Destination,
        [from, to]: [Region; 2],
        missing: &mut BTreeSet<(Region, Region)>,
    ) {
        let known = is_near(from, to) || self.wires.contains_key(&(from, to));
        // A link with a mistake may be the one.
        let links = &self.scenario.link;
        let all = links.broken.is_empty() && self.wires.len() == 2 * links.len();
        if known || !all || !missing.insert((from.min(to), from.max(to))) {
            return;
        }
        let (one, other) = (self.place_name(from), self.place_name(to));
        let (caller, component) = (&draft.caller.name, &destination.component);
        let message = format!("no link between `{one}` and `{other}`");
        let label = match component.split_once('.').map(|(database, _)| database) {
            Some(database) if database == caller => {
                format!("callers of `{database}` in `{one}` reach `{component}` in `{other}`")
            }
            _ => format!("`{caller}` in `{one}` calls `{component}` in `{other}`"),
        };
        let help = format!("add a table such as\n[link.NAME]\nbetween = [\"{one}\", \"{other}\"]\nlatency = \"40ms\"");
        let diagnostic = Diagnostic::error(self.written_place(component), message).label(label);
        self.diagnostics.push(diagnostic.help(help));
    }

    /// What a call passes between two places.
    fn way(
        &mut self,
        draft: &Draft,
        to: &Destination,
        [here, there]: [Region; 2],
        hops: &mut BTreeMap<String, u32>,
    ) -> Way {
        let payload = draft.caller.payload;
        let own = draft.caller.hardware.network;
        let theirs = self.lowered.get(&to.component).and_then(|lowered| lowered.hardware.network);
        let theirs = theirs.filter(|_| !to.relayed && own != theirs);
        let own = own.filter(|_| own != self.lowered.get(&to.component).and_then(|lowered| lowered.hardware.network));
        Way {
            request: self.hop([here, there], Hop::of(own, payload.request), hops),
            answer: self.hop([there, here], Hop { shows: to.shows, ..Hop::of(theirs, payload.response) }, hops),
            failure: self.hop([there, here], Hop::of(None, 0.0), hops),
        }
    }

    /// The routine of what is passed in one direction; none if nothing is.
    fn hop(&mut self, [from, to]: [Region; 2], mut hop: Hop, hops: &mut BTreeMap<String, u32>) -> Option<u32> {
        hop.wire = self.wires.get(&(from, to)).filter(|_| !is_near(from, to)).cloned();
        if hop.nic.is_none() && hop.wire.is_none() && hop.shows.is_none() {
            return None;
        }
        let wire = hop.wire.as_ref();
        let name = wire.map_or_else(|| "network".to_string(), |wire| format!("{}.{}", wire.link, wire.direction));
        let key = format!("{name} {} {:?} {:?}", hop.bytes, hop.nic, hop.shows);
        if let Some(&known) = hops.get(&key) {
            return Some(known);
        }
        let routine = self.routine(format!("{name}/{} B", hop.bytes), Body::Hop(Box::new(hop)));
        hops.insert(key, routine);
        Some(routine)
    }
}

impl Wiring {
    /// Whether somebody looks at where things are, or has to hand it on.
    fn matters(&self) -> bool {
        !self.distances.is_empty() || !self.entries.is_empty() || self.to.contains(&None)
    }
}

/// Nothing lies between a place and itself, nor between anything and nowhere in particular.
fn is_near(from: Region, to: Region) -> bool {
    from == to || from == NOWHERE || to == NOWHERE
}
