//! Which names there are, and what each stands for.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Diagnostic, Diagnostics, Span};
use crate::scenario::Scenario;
use crate::syntax::{At, Named};

/// What a name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Workload,
    Station,
    Service,
    Balancer,
    Lock,
    Pool,
    Queue,
    Cache,
    Database,
    Host,
    Link,
    /// Its table has errors of its own: nothing more is said about it.
    Broken,
}

/// What can be called, and can receive a workload's requests.
pub(super) const CALLABLE: [Kind; 5] = [Kind::Station, Kind::Balancer, Kind::Cache, Kind::Database, Kind::Service];

/// What workloads send to: they may publish as well.
pub(super) const ADDRESSABLE: [Kind; 6] =
    [Kind::Station, Kind::Balancer, Kind::Cache, Kind::Database, Kind::Queue, Kind::Service];

impl Kind {
    /// The operations that every component of this kind has; the first is meant where none is named.
    pub(super) fn operations(self) -> &'static [&'static str] {
        match self {
            Kind::Cache => &["read", "write", "delete"],
            Kind::Database => &["read", "write"],
            _ => &[],
        }
    }

    fn word(self) -> &'static str {
        match self {
            Kind::Workload => "workload",
            Kind::Station => "station",
            Kind::Service => "service",
            Kind::Balancer => "balancer",
            Kind::Lock => "lock",
            Kind::Pool => "pool",
            Kind::Queue => "queue",
            Kind::Cache => "cache",
            Kind::Database => "database",
            Kind::Host => "host",
            Kind::Link => "link",
            Kind::Broken => "component",
        }
    }

    /// How something of this kind is used.
    fn advice(self, name: &str) -> String {
        match self {
            Kind::Workload => "a workload asks, and cannot be asked".to_string(),
            Kind::Station => format!("a station is used by `visit = \"{name}\"` or `call = \"{name}\"`"),
            Kind::Service | Kind::Balancer | Kind::Cache | Kind::Database => {
                format!("a {} is used by `call = \"{name}\"`", self.word())
            }
            Kind::Lock | Kind::Pool => {
                format!("a {} is used by `hold = {{ of = \"{name}\", steps = […] }}`", self.word())
            }
            Kind::Queue => format!("a queue is used by `publish = \"{name}\"`"),
            Kind::Link => "calls between regions cross their link by themselves".to_string(),
            Kind::Host | Kind::Broken => format!("a host is used by a service: `host = \"{name}\"`"),
        }
    }
}

/// The names of a scenario.
#[derive(Debug, Default)]
pub(super) struct Names {
    kinds: BTreeMap<String, (Kind, Span)>,
    machines: BTreeSet<String>,
    regions: BTreeSet<String>,
    zones: BTreeSet<String>,
}

/// What objectives and reports use for themselves.
const RESERVED: [&str; 1] = ["cost"];

impl Names {
    pub(super) fn new(scenario: &Scenario, diagnostics: &mut Diagnostics) -> Names {
        let mut names = Names::default();
        names.add(&scenario.workload, Kind::Workload, diagnostics);
        names.add(&scenario.station, Kind::Station, diagnostics);
        names.add(&scenario.service, Kind::Service, diagnostics);
        names.add(&scenario.balancer, Kind::Balancer, diagnostics);
        names.add(&scenario.cache, Kind::Cache, diagnostics);
        names.add(&scenario.lock, Kind::Lock, diagnostics);
        names.add(&scenario.pool, Kind::Pool, diagnostics);
        names.add(&scenario.database, Kind::Database, diagnostics);
        names.add(&scenario.queue, Kind::Queue, diagnostics);
        names.add(&scenario.host, Kind::Host, diagnostics);
        names.add(&scenario.link, Kind::Link, diagnostics);
        names.machines = known(&scenario.machine);
        names.regions = known(&scenario.region);
        names.zones = known(&scenario.zone);
        names
    }

    fn add<T>(&mut self, table: &Named<T>, kind: Kind, diagnostics: &mut Diagnostics) {
        for (name, entry) in &table.entries {
            if RESERVED.contains(&name.as_str()) {
                let message = format!("`{name}` is a reserved name");
                diagnostics.push(Diagnostic::error(entry.key, message).help("choose another name"));
            }
            if let Some(&(other, span)) = self.kinds.get(name) {
                let message = format!("the name `{name}` is used twice");
                let diagnostic = Diagnostic::error(entry.key, message).label(format!("this {} …", kind.word()));
                let note = format!("… has the name of this {}", other.word());
                let help = "names are unique across workloads and components: rename one of them";
                diagnostics.push(diagnostic.note(span, note).help(help));
            }
            // The first one keeps the name, so that what refers to it is not wrong as well.
            self.kinds.entry(name.clone()).or_insert((kind, entry.key));
        }
        for name in &table.broken {
            self.kinds.entry(name.clone()).or_insert((Kind::Broken, Span::default()));
        }
    }

    /// Every component: its name, and the word for what it is.
    pub(super) fn components(&self) -> impl Iterator<Item = (&str, &'static str)> {
        let known = self.kinds.iter().filter(|(_, (kind, _))| !matches!(kind, Kind::Workload | Kind::Broken));
        known.map(|(name, (kind, _))| (name.as_str(), kind.word()))
    }

    /// What a name stands for.
    pub(super) fn kind(&self, name: &str) -> Option<Kind> {
        self.kinds.get(name).map(|&(kind, _)| kind)
    }

    /// A component that a reference means, of one of these kinds; says what is wrong otherwise.
    pub(super) fn component(
        &self,
        reference: &At<String>,
        name: &str,
        wanted: &[Kind],
        diagnostics: &mut Diagnostics,
    ) -> Option<Kind> {
        match self.kind(name) {
            Some(Kind::Broken) => None,
            Some(kind) if wanted.contains(&kind) => Some(kind),
            Some(kind) => {
                let message = format!("`{name}` is a {}, which cannot be used here", kind.word());
                let diagnostic = Diagnostic::error(reference.span, message);
                diagnostics.push(diagnostic.label(format!("expected {}", list(wanted))).help(kind.advice(name)));
                None
            }
            None => {
                let message = format!("there is no component `{name}`");
                let candidates = self.kinds.iter().filter(|(_, (kind, _))| wanted.contains(kind));
                let diagnostic = Diagnostic::error(reference.span, message).label("not found in this file");
                let diagnostic = diagnostic.did_you_mean(name, candidates.clone().map(|(name, _)| name.as_str()));
                let help = format!("add a table `[{}.{name}]`", wanted.last().map_or("station", |kind| kind.word()));
                diagnostics.push(diagnostic.help(help));
                None
            }
        }
    }

    /// The number of a region, from 1.
    pub(super) fn region(&self, name: &str) -> Option<usize> {
        self.regions.iter().position(|known| known == name).map(|index| index + 1)
    }

    /// The name of a region, from 0.
    pub(super) fn region_name(&self, index: usize) -> Option<&str> {
        self.regions.iter().nth(index).map(String::as_str)
    }

    /// The number of a zone, from 0.
    pub(super) fn zone(&self, name: &str) -> Option<u32> {
        self.zones.iter().position(|known| known == name).map(|index| index as u32)
    }

    /// Whether a zone is there; says so if not.
    pub(super) fn has_zone(&self, reference: &At<String>, diagnostics: &mut Diagnostics) -> bool {
        has(&self.zones, reference, "zone", diagnostics)
    }

    /// How many regions there are.
    pub(super) fn regions(&self) -> usize {
        self.regions.len()
    }

    /// Whether a machine or region is there; says so if not.
    pub(super) fn has_machine(&self, reference: &At<String>, diagnostics: &mut Diagnostics) -> bool {
        has(&self.machines, reference, "machine", diagnostics)
    }

    pub(super) fn has_region(&self, reference: &At<String>, diagnostics: &mut Diagnostics) -> bool {
        has(&self.regions, reference, "region", diagnostics)
    }
}

fn known<T>(table: &Named<T>) -> BTreeSet<String> {
    table.entries.keys().chain(&table.broken).cloned().collect()
}

fn has(names: &BTreeSet<String>, reference: &At<String>, what: &str, diagnostics: &mut Diagnostics) -> bool {
    let name = &reference.value;
    if names.contains(name) {
        return true;
    }
    let diagnostic = Diagnostic::error(reference.span, format!("there is no {what} `{name}`"));
    let diagnostic = diagnostic.label("not found in this file").did_you_mean(name, names.iter().map(String::as_str));
    let help = format!("add a table `[{what}.{name}]`");
    diagnostics.push(diagnostic.help(help));
    false
}

fn list(kinds: &[Kind]) -> String {
    let words: Vec<&str> = kinds.iter().map(|kind| kind.word()).collect();
    format!("a {}", words.join(" or "))
}
