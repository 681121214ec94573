//! Where things are.

use super::build::Builder;
use super::names::Kind;
use super::program::{NOWHERE, Region};
use crate::diagnostic::{Diagnostic, Span};
use crate::syntax::At;

/// `region = "eu"` or `regions = ["eu", "us"]`, as a table has them.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Written<'a> {
    pub(super) region: Option<&'a At<String>>,
    pub(super) regions: Option<&'a At<Vec<At<String>>>>,
}

impl Builder<'_> {
    /// Where each of so many replicas is: all at one place, or at several in turn. Empty is nowhere in particular.
    pub(super) fn regions(&mut self, written: Written<'_>, replicas: u32) -> Vec<Region> {
        if let (Some(region), Some(regions)) = (written.region, written.regions) {
            let message = "this is said to be at one place and at several";
            let diagnostic = Diagnostic::error(region.span, message).note(regions.span, "the several");
            self.diagnostics.push(diagnostic.help("leave `region` or `regions` out"));
        }
        let list = written.regions.map(|regions| regions.value.as_slice());
        if let (Some([]), Some(regions)) = (list, written.regions) {
            let message = "`regions` needs at least one region";
            self.diagnostics.push(Diagnostic::error(regions.span, message).help("leave it out, or name some"));
        }
        let list = list.unwrap_or_else(|| written.region.map_or(&[], std::slice::from_ref));
        let places: Vec<Region> = list.iter().map(|region| self.place(region)).collect();
        places.iter().copied().cycle().take(if places.is_empty() { 0 } else { replicas as usize }).collect()
    }

    /// Where each replica of a component is that may be on a host: then it is where its host is.
    pub(super) fn hosted_regions(
        &mut self,
        what: &str,
        written: Written<'_>,
        host: Option<&At<String>>,
        replicas: u32,
    ) -> Vec<Region> {
        let regions = self.regions(written, replicas);
        let Some(host) = host else { return regions };
        let place = self.lowered.get(&host.value).and_then(|host| host.regions.first().copied());
        let Some(place) = place else { return regions };
        let span = written.region.map(|region| region.span).or(written.regions.map(|regions| regions.span));
        if let Some(span) = span.filter(|_| regions.iter().any(|&region| region != place)) {
            let message = format!("a {what} is where its host is");
            let diagnostic = Diagnostic::error(span, message).note(host.span, "this host is elsewhere");
            self.diagnostics.push(diagnostic.help("leave it out"));
        }
        vec![place; replicas as usize]
    }

    /// The number of a region.
    pub(super) fn place(&mut self, written: &At<String>) -> Region {
        self.names.has_region(written, self.diagnostics);
        let number = self.names.region(&written.value).unwrap_or(0);
        Region::try_from(number).unwrap_or_else(|_| {
            let message = format!("there are {} regions", self.names.regions());
            let help = format!("use at most {}", Region::MAX);
            self.diagnostics.push(Diagnostic::error(written.span, message).help(help));
            NOWHERE
        })
    }

    /// Whether a component is wherever it is called from.
    pub(super) fn is_anywhere(&self, component: &str) -> bool {
        let nowhere = self.lowered.get(component).is_none_or(|lowered| lowered.regions.is_empty());
        nowhere && self.kind(component) == Some(Kind::Balancer)
    }

    /// Every place, in order.
    pub(super) fn every_place(&self) -> Vec<Region> {
        (0..=Region::try_from(self.names.regions()).unwrap_or(Region::MAX)).collect()
    }

    /// The name of a region.
    pub(super) fn place_name(&self, place: Region) -> &str {
        let name = usize::from(place).checked_sub(1).and_then(|index| self.names.region_name(index));
        name.unwrap_or("nowhere")
    }

    /// Where it is written where a component is.
    pub(super) fn written_place(&self, component: &str) -> Span {
        let scenario = self.scenario;
        let service = scenario.service.get(component).map(|one| (one.region.as_ref(), one.regions.as_ref()));
        let station = scenario.station.get(component).map(|one| (one.region.as_ref(), one.regions.as_ref()));
        let balancer = scenario.balancer.get(component).map(|one| (one.region.as_ref(), None));
        let cache = scenario.cache.get(component).map(|one| (one.region.as_ref(), one.regions.as_ref()));
        let database = component.split_once('.').map_or(component, |(database, _)| database);
        let database = scenario.database.get(database);
        let database = database.map(|one| (one.region.as_ref(), one.regions.as_ref()));
        let queue = scenario.queue.get(component).map(|one| (one.region.as_ref(), None));
        let placed = service.or(station).or(cache).or(balancer).or(database).or(queue);
        let (region, regions) = placed.unwrap_or_default();
        let span = region.map(|region| region.span).or(regions.map(|regions| regions.span));
        let host = scenario.service.get(component).and_then(|service| scenario.host.get(&service.host.as_ref()?.value));
        let host = host.and_then(|host| host.region.as_ref()).map(|region| region.span);
        span.or(host).unwrap_or_default()
    }
}
