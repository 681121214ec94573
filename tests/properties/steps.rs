//! What requests of random scenarios do, step by step.

use crate::generate::Writer;
use crate::places;
use crate::stores;
use crate::words;

/// Where a step stands.
#[derive(Clone, Copy)]
pub(crate) struct Place {
    pub(crate) service: usize,
    /// Whether there is a CPU.
    pub(crate) cpu: bool,
    /// What is held already: 1 the lock, 2 the pool.
    pub(crate) held: usize,
    pub(crate) depth: usize,
}

impl Writer<'_> {
    pub(crate) fn steps(&mut self, place: Place) -> String {
        let count = self.choices.below(4);
        let steps: Vec<String> = (0..count).map(|_| format!("{{ {} }}", self.step(place))).collect();
        format!("[{}]", steps.join(", "))
    }

    fn step(&mut self, place: Place) -> String {
        let inside = Place { depth: place.depth + 1, ..place };
        let nests = place.depth < 2;
        match self.choices.below(24) {
            1 if place.cpu => format!("cpu = {}", self.law()),
            2 => format!("visit = \"{}\"", self.target_station()),
            3 => format!("visit = {{ station = \"{}\", service-time = {} }}", self.target_station(), self.law()),
            4 | 5 if place.service + 1 < self.services => {
                let index = place.service + 1 + self.choices.below(self.services - place.service - 1);
                let target = self.target_service(index);
                self.call(&target)
            }
            6 => self.call("edge"),
            7 => {
                let target = self.target_station();
                self.call(&target)
            }
            8 if nests => format!("parallel = [{}, {}]", self.steps(inside), self.steps(inside)),
            9 if nests => {
                let (need, losers) = (1 + self.choices.below(2), self.choices.losers());
                let arms = [(); 3].map(|()| self.steps(inside)).join(", ");
                format!("parallel = {{ need = {need}, arms = [{arms}], losers = {losers} }}")
            }
            10 if nests => format!("choose = [[0.7, {}], [\"30%\", {}]]", self.steps(inside), self.steps(inside)),
            11 if nests => {
                format!("repeat = {{ times = {}, steps = {} }}", 1 + self.choices.below(3), self.steps(inside))
            }
            12 if nests => format!("repeat = {{ again = 0.3, steps = {} }}", self.steps(inside)),
            13 if nests && place.held < 2 => {
                let held = place.held + 1 + self.choices.below(2 - place.held);
                let name = ["l", "p"][held - 1];
                let steps = self.steps(Place { held, ..inside });
                format!("hold = {{ of = \"{name}{}\", steps = {steps} }}", place.service)
            }
            14 if place.service + 1 < self.services => "publish = \"letters\"".to_string(),
            15 => "fail = 0.2".to_string(),
            16 => {
                let (need, more) = (1 + self.choices.below(2), self.choices.below(3));
                let (target, losers) = (self.target_station(), self.choices.losers());
                format!("fan-out = {{ to = \"{target}\", count = {}, need = {need}, losers = {losers} }}", need + more)
            }
            17 if nests => {
                const ROWS: [(&str, &str); 4] =
                    [("row", ""), ("l", ""), ("row-key", "by = \"key\", "), ("row-all", "by = \"all\", ")];
                let (name, by) = ROWS[self.choices.below(4)];
                let steps = self.steps(inside);
                format!("optimistic = {{ on = \"{name}{}\", {by}attempts = 3, steps = {steps} }}", place.service)
            }
            18 if nests && !self.wanted.varied => {
                let linger = self.units.milliseconds(5);
                format!("batch = {{ size = 3, linger = {linger}, steps = {} }}", self.steps(inside))
            }
            19 if place.cpu => stores::hardware_step(self),
            20 | 21 if self.stores => {
                let target = stores::target(self);
                self.call(target)
            }
            22 if self.stores && nests => {
                let cache = stores::cache(self);
                format!("look-aside = {{ cache = \"{cache}\", miss = {} }}", self.steps(inside))
            }
            23 if self.stores => {
                let (target, losers) = (stores::target(self), self.choices.losers());
                format!("fan-out = {{ to = \"{target}\", count = 3, need = 2, losers = {losers} }}")
            }
            _ => format!("wait = {}", self.law()),
        }
    }

    fn call(&mut self, target: &str) -> String {
        let mut options = words::call_options(&mut self.choices, self.units);
        if self.choices.one_in(5) {
            let wait = self.law();
            options.push(
                ["fallback = []".to_string(), format!("fallback = [{{ wait = {wait} }}]")][self.choices.below(2)]
                    .clone(),
            );
        }
        options.extend(places::sizes(self));
        let options = options.join(", ");
        if options.is_empty() {
            format!("call = \"{target}\"")
        } else {
            format!("call = {{ to = \"{target}\", {options} }}")
        }
    }
}
